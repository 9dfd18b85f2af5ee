"""Text in another encoding is copied out in UTF-8, and what is no text in it is told by line, column and byte."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from slacheck.engine import encodings
from slacheck.engine.encodings import ENCODINGS
from slacheck.engine.files import open_file
from slacheck.problems import DataError, Problem

# A letter of its own for each: the byte differs from one code page to the next.
LETTERS = {
    **dict.fromkeys(("latin-1", "cp437", "cp850", "mac-roman"), "é"),
    **dict.fromkeys(("iso-8859-2", "windows-1250"), "ł"),
    **dict.fromkeys(("iso-8859-15", "windows-1252"), "€"),
    **dict.fromkeys(("shift-jis", "big5", "gb18030"), "障"),
    "windows-1251": "д",
    "windows-1253": "λ",
    "windows-1254": "ş",
    "windows-1257": "ė",
    "euc-kr": "장",
}


def copied(folder: Path, content: bytes, encoding: Any = None) -> str:
    (folder / "a.csv").write_bytes(content)
    file = open_file(folder / "a.csv", "a.csv", None, encoding, folder / "copy")
    return file.path.read_bytes().decode()


def refused(folder: Path, content: bytes, encoding: Any = None) -> Problem:
    with pytest.raises(DataError) as caught:
        copied(folder, content, encoding)
    (problem,) = caught.value.problems
    assert problem.code == "encoding"
    return problem


@pytest.mark.parametrize("encoding", [each for each in ENCODINGS if each not in ("utf-8", "utf-16")])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_declared_encoding_is_read(tmp_path: Path, encoding: str, pack: Any) -> None:
    text = f"host,note\r\na,{LETTERS.get(encoding, 'ü')}\r\n"
    assert copied(tmp_path, pack(text.encode(encoding)), encoding) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
@pytest.mark.parametrize("encoding", [None, "utf-16", "windows-1252"])
def test_a_mark_overrules_what_is_declared(tmp_path: Path, codec: str, encoding: str | None) -> None:
    text = "host,note\na,ü\n"
    assert copied(tmp_path, ("\ufeff" + text).encode(codec), encoding).removeprefix("\ufeff") == text


def test_utf_16_without_a_mark_is_read_only_where_its_order_is_said(tmp_path: Path) -> None:
    content = "host,note\na,ü\n".encode("utf-16-be")
    problem = refused(tmp_path, content)
    assert (problem.message, problem.help) == (
        "looks like UTF-16 without a mark",
        "write encoding: utf-16-be on the source",
    )
    assert refused(tmp_path, content, "utf-16").help == "write utf-16-le or utf-16-be"


def test_a_byte_that_the_encoding_does_not_have_is_told_by_its_place(tmp_path: Path) -> None:
    problem = refused(tmp_path, b"host,note\na,\xfc\nb,\xfc\x81\n", "windows-1252")
    assert (problem.line, problem.column) == (3, 4)
    assert problem.message == "is not windows-1252: byte 0x81 at offset 17"


def test_a_windows_quote_in_latin_1_is_a_control_character_and_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, b"host,note\na,\x93down\x94\n", "latin-1")
    assert (problem.line, problem.column) == (2, 3)
    assert problem.help == "the byte is a control character there; write encoding: windows-1252"


@pytest.mark.parametrize("before", [encodings.CHUNK - 1, encodings.CHUNK, encodings.CHUNK + 1])
def test_half_a_letter_at_the_edge_of_a_piece_and_at_the_end(tmp_path: Path, before: int) -> None:
    text = "x" * (before // 2) + "\U0001f525\n"
    assert copied(tmp_path, text.encode("utf-16-le"), "utf-16-le") == text
    problem = refused(tmp_path, text.encode("utf-16-le") + b"\x3d", "utf-16-le")
    assert (problem.line, problem.column) == (2, 1)


def test_a_truncated_archive_is_no_encoding(tmp_path: Path) -> None:
    packed = gzip.compress(("\ufeff" + "ab" * 100_000).encode("utf-16-le"))
    with pytest.raises(DataError) as caught:
        copied(tmp_path, packed[:-40])
    assert caught.value.problems[0].code == "damaged-file"
