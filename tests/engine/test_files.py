"""An export is recognised by its bytes and its name, and a file that cannot be read says why."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from pathlib import Path

import duckdb
import pytest

from slacheck.engine.files import ExportFile, check_encoding, digest, head, open_file, spool
from slacheck.problems import DataError, Problem

CSV = b"time,up\n2026-01-01T00:00:00Z,1\n"


def opened(folder: Path, name: str, content: bytes, format: str | None = None) -> ExportFile:
    path = folder / name
    path.write_bytes(content)
    return open_file(path, name, format)


def refused(folder: Path, name: str, content: bytes, format: str | None = None) -> Problem:
    with pytest.raises(DataError) as caught:
        opened(folder, name, content, format)
    (problem,) = caught.value.problems
    assert problem.path == name
    return problem


def parquet(folder: Path) -> bytes:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{folder / 'made.parquet'}' (FORMAT parquet)")
    return (folder / "made.parquet").read_bytes()


def zstd(folder: Path, rows: int = 50_000) -> bytes:
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i AS a, hash(i) AS b FROM range({rows}) t(i)) TO '{folder / 'made.csv'}'"
            " (FORMAT csv, COMPRESSION zstd)"
        )
    return (folder / "made.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.csv", CSV, "csv"),
        ("a.txt", CSV, "csv"),
        ("a.tsv", CSV, "tsv"),
        ("a.TAB", CSV, "tsv"),
        ("a.json", b"[]", "json"),
        ("a.json", b'{"data": [1]}', "json"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "ndjson"),
        ("a.json", b'{"a": 1,\n"b": 2}\n', "json"),
        ("a.jsonl", b'{"a": 1}', "ndjson"),
        ("a.export", CSV, "csv"),
        ("a", b'\n [{"a": 1}]', "json"),
        ("stdin", b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}', "ndjson"),
        ("v1.2.csv.gz", gzip.compress(CSV, mtime=0), "csv"),
        ("a.json.gz", gzip.compress(b"[]", mtime=0), "json"),
    ],
)
def test_the_format_is_told_by_the_name_or_else_by_the_text(
    tmp_path: Path, name: str, content: bytes, format: str
) -> None:
    assert opened(tmp_path, name, content).format == format


def test_an_explicit_format_overrules_the_name(tmp_path: Path) -> None:
    assert opened(tmp_path, "a.json", b'{"a": 1}', "ndjson").format == "ndjson"
    with pytest.raises(ValueError, match="unknown format 'xml'"):
        opened(tmp_path, "a.csv", CSV, "xml")


def test_compression_is_told_by_the_bytes_and_never_by_the_name(tmp_path: Path) -> None:
    assert opened(tmp_path, "a.csv.gz", CSV).compression == "none"
    assert opened(tmp_path, "a.csv", gzip.compress(CSV, mtime=0)).compression == "gzip"
    packed = opened(tmp_path, "b.csv", zstd(tmp_path))
    assert (packed.compression, packed.format) == ("zstd", "csv")
    assert head(packed).startswith("a,b\n0,")


def test_parquet_is_known_by_its_magic(tmp_path: Path) -> None:
    assert opened(tmp_path, "a.bin", parquet(tmp_path)).format == "parquet"


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a directory, not a file")):
        with pytest.raises(DataError) as caught:
            open_file(path, "label")
        assert caught.value.problems[0].message == message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(DataError) as caught:
        open_file(tmp_path / "a.csv", "a.csv")
    assert "permission denied" in caught.value.problems[0].message


def test_a_denied_read_is_a_problem_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError

    (tmp_path / "a.csv").write_bytes(CSV)
    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(DataError, match="permission denied"):
        open_file(tmp_path / "a.csv", "a.csv")


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0), gzip.compress(b"\n \n", mtime=0)]
)
def test_an_empty_or_blank_file_is_refused_packed_or_not(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, "a.csv", content).code == "empty-file"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,\0\n", "NUL bytes"),
        (b"PK\x03\x04 sheet", "office"),
        (gzip.compress(b"a\0b", mtime=0), "NUL bytes"),
    ],
)
def test_binary_files_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    problem = refused(tmp_path, "a.csv", content)
    assert (problem.code, words in problem.message) == ("binary-file", True)


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_a_mark_is_believed_where_there_is_room_for_a_copy(tmp_path: Path, codec: str) -> None:
    content = CSV.decode().encode(codec)
    assert refused(tmp_path, "a.csv", content).message == f"is {codec.upper()}-LE, not UTF-8"
    file = open_file(tmp_path / "a.csv", "a.csv", copy=tmp_path / "copy")
    assert (file.path, file.given) == (tmp_path / "copy", tmp_path / "a.csv")
    assert file.path.read_bytes() == CSV


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_invalid_utf_8_is_named_by_line_and_byte(tmp_path: Path, pack: type[bytes]) -> None:
    problem = refused(tmp_path, "a.csv", pack(b"name\r\nok\r\nM\xfcller,1\r\n"))
    assert (problem.code, problem.line, problem.column) == ("encoding", 3, 2)
    assert problem.message == "is not UTF-8: byte 0xfc at offset 11"
    assert problem.help.startswith("write encoding: windows-1252 on the source")


@pytest.mark.parametrize("before", [1024 * 1024 - 1, 1024 * 1024, 3 * 1024 * 1024 + 7])
def test_the_place_is_exact_far_behind_the_beginning_and_across_chunks(tmp_path: Path, before: int) -> None:
    text = ("ä" * 31 + "\n").encode()
    content = (text * (before // len(text) + 1))[:before].rpartition(b"\n")[0] + b"\n"
    content += b"x" * (before - len(content)) + b"\xc3("
    file = opened(tmp_path, "a.csv", content)
    with pytest.raises(DataError) as caught:
        check_encoding(file)
    (problem,) = caught.value.problems
    assert problem.line == content.count(b"\n") + 1
    assert problem.column == before - content.rindex(b"\n")
    assert problem.message == f"is not UTF-8: byte 0xc3 at offset {before}"


def test_a_letter_cut_off_at_the_end_is_not_utf_8(tmp_path: Path) -> None:
    file = opened(tmp_path, "a.csv", b"a\nb\xc3")
    with pytest.raises(DataError) as caught:
        check_encoding(file)
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 2)


@pytest.mark.parametrize("cut", [1, 8, 30])
def test_truncated_gzip_is_refused(tmp_path: Path, cut: int) -> None:
    problem = refused(tmp_path, "a.csv", gzip.compress(CSV)[:-cut])
    assert problem.message == "is a truncated or corrupt gzip file"


def test_truncated_zstd_is_refused_wherever_it_was_cut(tmp_path: Path) -> None:
    """DuckDB reads such a file without a word, as far as it goes."""
    whole = zstd(tmp_path)
    for cut in (1, 3, 1000, len(whole) // 2, len(whole) - 5, len(whole) - 9):
        assert refused(tmp_path, "a.csv", whole[:-cut]).message == "is a truncated or corrupt zstd file"
    assert refused(tmp_path, "a.csv", whole + b"rest").code == "damaged-file"
    assert opened(tmp_path, "a.csv", whole + b"\x50\x2a\x4d\x18\x03\0\0\0abc" + whole).compression == "zstd"


def test_truncated_parquet_is_refused(tmp_path: Path) -> None:
    assert "truncated Parquet" in refused(tmp_path, "a.parquet", parquet(tmp_path)[:-3]).message
    assert "does not begin with PAR1" in refused(tmp_path, "a.parquet", CSV).message


def test_spooled_input_keeps_its_bytes_and_its_digest(tmp_path: Path) -> None:
    path = spool(io.BytesIO(CSV), tmp_path, "stdin")
    assert path.read_bytes() == CSV
    assert digest(path).sha256 == hashlib.sha256(CSV).hexdigest()


def test_lines_that_end_alike_and_are_no_more_than_the_records_leave_no_room_for_a_blank_one(tmp_path: Path) -> None:
    def held(content: bytes, lines: int) -> bool:
        path = tmp_path / "bytes"
        path.write_bytes(content)
        return digest(path).no_more_than(lines)

    assert held(b"a\n1\n2\n", 3)
    assert held(b"a\n1\n2", 3)
    assert held(b"a\r\n1\r\n2\r\n", 3)
    assert not held(b"a\n1\n\n2", 3)
    assert not held(b"a\n1\n\n2\n", 3)
    assert not held(b"a\r\n1\r\n\r\n2\r\n", 3)
    # Lines that a carriage return alone ends: the blank one among them is not counted by line feeds.
    assert not held(b"a\r1\r\r2", 3)
    assert not held(b"a\r1\n\n2\n", 3)
