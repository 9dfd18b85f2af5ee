"""Exports become one table in file order: every value exact, every row accounted for, every trap of the formats."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from slacheck.engine import text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, Reading, header, read
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem

A = Column("a", ("a",), text_rules.text(), required=False)
B = Column("b", ("b",), text_rules.text(), required=False)
AT = Column("at", ("time",), text_rules.instant())
N = Column("n", ("n",), text_rules.count())


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


class Folder:
    """Writes files and reads them."""

    def __init__(self, path: Path, scratch: Scratch) -> None:
        self.path, self.scratch = path, scratch

    def read(self, files: dict[str, bytes], columns: Sequence[Column], **options: Any) -> Reading:
        opened = []
        for name, content in files.items():
            (self.path / name).write_bytes(content)
            opened.append(open_file(self.path / name, name))
        return read(self.scratch, opened, columns, **options)

    def values(
        self, content: bytes, columns: Sequence[Column] = (A, B), name: str = "x.csv", **options: Any
    ) -> list[Any]:
        """The rows without rowid, file and (where all is well) mask."""
        rows = self.rows(self.read({name: content}, columns, **options))
        assert all(row[-1] == 0 for row in rows)
        return [row[2:-1] for row in rows]

    def rows(self, reading: Reading) -> list[tuple[Any, ...]]:
        """The rows, each with the number of its file behind its own."""
        rows = sorted(self.scratch.rows(reading.frame))
        return [(rowid, reading.file_of(rowid), *rest) for rowid, *rest in rows]

    def problems(
        self, content: bytes, columns: Sequence[Column] = (A, B), name: str = "x.csv", **options: Any
    ) -> tuple[Problem, ...]:
        with pytest.raises(DataError) as caught:
            self.read({name: content}, columns, **options)
        assert {problem.path for problem in caught.value.problems} == {name}
        return caught.value.problems


@pytest.fixture
def folder(tmp_path: Path, scratch: Scratch) -> Folder:
    return Folder(tmp_path, scratch)


def packed_zstd(folder: Folder, text: str) -> bytes:
    """``text`` without quotes, one line per row, as zstd."""
    target = folder.path / "made.zst"
    folder.scratch.door.fetch(
        f"COPY (SELECT unnest(?::VARCHAR[])) TO '{target}'"
        " (FORMAT csv, COMPRESSION zstd, HEADER false, DELIMITER '\x01', QUOTE '')",
        [text.splitlines()],
    )
    return target.read_bytes()


def test_columns_become_typed_values(folder: Folder) -> None:
    columns = [AT, N, A, Column("m", ("m",), text_rules.number(2), required=False)]
    reading = folder.read({"x.csv": b"m,a,n,time\n1.5, x y ,12.0,2026-01-01T00:00:00Z\n,,0,2026-01-02\n"}, columns)
    assert reading.frame.collect_schema().names() == ["rowid", "at", "at_kind", "n", "a", "m", "bad"]
    assert folder.rows(reading) == [
        (0, 0, 1_767_225_600_000_000, 0, 12, "x y", 150, 0),
        (1, 0, 1_767_312_000_000_000, 2, 0, None, None, 0),
    ]


def test_each_bad_or_missing_cell_sets_its_bit(folder: Folder) -> None:
    optional = Column("m", ("m",), text_rules.number(2), required=False)
    reading = folder.read({"x.csv": b"time,n,m\nx,1,1\n2026-01-01,,\n2026-01-01,-1,1.234\n"}, [AT, N, optional])
    assert [row[-1] for row in folder.rows(reading)] == [0b001, 0b010, 0b110]
    assert folder.rows(reading)[0][2:-1] == (None, None, 1, 100)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_columns(folder: Folder, delimiter: str) -> None:
    content = 'note; or, this,b,a\n"x, y; z",2,1\n'.replace(",b,a", "\0b\0a").replace(",2,1", "\x002\x001")
    content = content.replace("note; or, this", '"note; or, this"').replace("\0", delimiter)
    assert folder.values(content.encode()) == [("1", "2")]


def test_a_tsv_file_is_separated_by_tabs_alone(folder: Folder) -> None:
    assert folder.values(b"a\tb,c\tb\n1\tx\t2\n", name="x.tsv") == [("1", "2")]


def test_excels_note_of_the_separator_is_understood(folder: Folder) -> None:
    reading = folder.read({"x.csv": b"sep=;\r\na;b\r\n1;2\r\n"}, [A, B])
    assert [row[2:4] for row in folder.rows(reading)] == [("1", "2")]
    assert reading.place(0) == ("x.csv", 3)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\r1,2\r3,4\r",
        b"a,b\n1,2\n3,4",
        b"a,b\r\n1,2\n3,4\r\n",
        b"a,b\n1,2\r\n3,4\n",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a,b\n1,2\n3,4\n\n\n",
        b"a,b\r\n1,2\r\n\r\n3,4\r\n\r\n",
        b"a,b\n1,2\n3,4\n\r\n",
        b"\n\n a ,b\n1,2\n3,4\n",
        b"\xef\xbb\xbf\r\na,b\r\n1,2\r\n3,4\r\n",
        b"a,b,\n1,2,\n3,4,\n",
        b"a,b,\n1,2\n3,4,\n",
        b"a,b\n1,2,\n3,4,\n",
        b'"a","b"\n"1","2"\n"3","4"\n',
    ],
)
def test_line_ends_blank_lines_and_trailing_separators_change_nothing(folder: Folder, content: bytes) -> None:
    assert folder.values(content) == [("1", "2"), ("3", "4")]
    assert folder.values(gzip.compress(content)) == [("1", "2"), ("3", "4")]


def test_quoted_cells_hold_separators_quotes_and_line_ends(folder: Folder) -> None:
    reading = folder.read({"x.csv": b'a,b\n"x\ny","1,2"\n"he said ""no""",z\n'}, [A, B])
    assert [row[2:4] for row in folder.rows(reading)] == [("x\ny", "1,2"), ('he said "no"', "z")]
    assert [reading.place(i) for i in (0, 1)] == [("x.csv", 2), ("x.csv", 3)]


def test_a_file_with_one_column_drops_blank_lines_too(folder: Folder) -> None:
    reading = folder.read({"x.csv": b"a\n1\n\n2\n\n"}, [Column("a", ("a",), text_rules.count())])
    assert [row[2:] for row in folder.rows(reading)] == [(1, 0), (2, 0)]
    assert [reading.place(i)[1] for i in (0, 1)] == [2, 4]


def test_rows_are_counted_as_a_spreadsheet_does(folder: Folder) -> None:
    reading = folder.read({"x.csv": b"\n\na,b\n1,2\n\n3,4\n\n\n5,6\n", "y.csv": b"a,b\n7,8\n"}, [A, B])
    assert [reading.place(i) for i in range(reading.rows)] == [("x.csv", 4), ("x.csv", 6), ("x.csv", 9), ("y.csv", 2)]
    with pytest.raises(IndexError):
        reading.place(4)


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", 3, "2 cells, but the header has 3"),
        (b"a,b,c\n1,2,3\n\n4,5,6,7\n", 4, "4 cells, but the header has 3"),
        (b"a,b,c\n1\n", 2, "1 cell, but the header has 3"),
        (b"a,b,c\r\n1,2,3\r\n4,5\n", 3, "2 cells, but the header has 3"),
        (b"\na,b,c\n1,2\n", 3, "2 cells, but the header has 3"),
        (b'a,b,c\n"x\ny",2,3\n1,2\n', 3, "2 cells, but the header has 3"),
        (b'a,b,c\n1,"2,3\n4,5,6\n', 2, "opened and never closed"),
        (b'a,b,c\n1,2,3\n1,"2"x,3\n', 3, "text follows a closing double quote"),
    ],
)
def test_a_row_with_too_few_or_too_many_cells_is_named_and_never_shifted(
    folder: Folder, content: bytes, row: int, words: str
) -> None:
    for packed in (content, gzip.compress(content)):
        (problem,) = folder.problems(packed)
        assert problem.row == row
        assert words in problem.message


def test_many_ragged_rows_are_counted(folder: Folder) -> None:
    problems = folder.problems(b"a,b\n" + b"1\n" * 50)
    assert len(problems) == 21
    assert problems[-1].message.startswith("50 rows in all")


def test_a_late_broken_encoding_is_found_exactly(folder: Folder) -> None:
    content = b"a,b\n" + b"1,2\n" * 100_000 + b"M\xfcller,2\n"
    (problem,) = folder.problems(content)
    assert (problem.code, problem.line, problem.column) == ("encoding", 100_002, 2)


def test_a_missing_column_lists_what_there_is(folder: Folder) -> None:
    (problem,) = folder.problems(b"tine,n\n1,2\n", [AT, N])
    assert (problem.code, problem.message) == ("missing-column", "no column 'time'")
    assert problem.help == "did you mean 'tine'? there are: 'tine', 'n'"
    (problem,) = folder.problems(b"A,b\n1,2\n")
    assert "did you mean 'A'?" in problem.help


def test_a_column_that_stands_there_twice_is_refused_only_where_it_is_needed(folder: Folder) -> None:
    (problem,) = folder.problems(b"a,b,a\n1,2,3\n")
    assert problem.message == "two columns are called 'a'"
    assert folder.values(b"a,b,c,c,,\n1,2,3,4,5,6\n") == [("1", "2")]


def test_hostile_headers_are_only_names(folder: Folder) -> None:
    names = ['say "hi"', "it's; DROP TABLE x", "🙂 up", "rowid", "filename", "a.b", "A", "a", "c0", "f\nbad", "ſ"]
    text = ",".join('"' + name.replace('"', '""') + '"' for name in names) + "\n" + ",".join(map(str, range(11))) + "\n"
    columns = [Column(f"x{i}", (name,), text_rules.count()) for i, name in enumerate(names)]
    assert folder.values(text.encode(), columns) == [tuple(range(11))]
    own = [
        Column('own "word" \'x', ("rowid",), text_rules.count()),
        Column("filename", ("filename",), text_rules.text()),
    ]
    assert folder.values(text.encode(), own) == [(3, "4")]


def test_columns_that_cannot_stand_beside_each_other_are_a_value_error(folder: Folder) -> None:
    text = text_rules.text()
    for names in (["bad"], ["RowId"], ["a", "A"]):
        with pytest.raises(ValueError, match="called"):
            folder.read({"x.csv": b"a\n1\n"}, [Column(name, ("a",), text) for name in names])
    with pytest.raises(ValueError, match="alike"):
        folder.read({"x.csv": b"a\n1\n"}, [Column("t", ("a",), text_rules.instant()), Column("t_kind", ("a",), text)])


@pytest.mark.parametrize(
    "name", ["[a].csv", "st*r.csv", "q?.csv", "it's.csv", "sp ace.csv", "b\\c.csv", "{x}.csv", "ü🙂.csv"]
)
def test_the_name_of_a_file_is_read_literally(folder: Folder, name: str) -> None:
    (folder.path / "a.csv").write_bytes(b"a,b\nwrong,file\n")
    (folder.path / "star.csv").write_bytes(b"a,b\nwrong,file\n")
    assert folder.values(b"a,b\n1,2\n", name=name) == [("1", "2")]


def test_files_differ_in_order_and_delimiter_and_keep_their_order(folder: Folder) -> None:
    files = {"x.csv": b"a,b\n1,2\n", "y.csv": b"b;z;a\n4;0;3\n", "z.json": b'[{"b": 6, "a": 5}]', "w.csv": b"a,b\n"}
    reading = folder.read(files, [A, B])
    assert [row[:4] for row in folder.rows(reading)] == [(0, 0, "1", "2"), (1, 1, "3", "4"), (2, 2, "5", "6")]
    assert [reading.place(i) for i in range(3)] == [("x.csv", 2), ("y.csv", 2), ("z.json", 1)]
    assert [file.label for file in reading.files] == list(files)


def test_a_large_file_keeps_its_order_whatever_the_threads_do(folder: Folder) -> None:
    def content(first: int) -> bytes:
        return b"n\n" + b"".join(b"%d\n" % (first + i) for i in range(300_000))

    reading = folder.read({"x.csv": content(0), "y.csv": content(300_000)}, [N])
    assert reading.rows == 600_000
    assert folder.scratch.door.fetch(f'SELECT count(*) FROM "{reading.table}" WHERE rowid <> n') == [(0,)]


def test_the_problems_of_all_files_are_told_together(folder: Folder) -> None:
    with pytest.raises(DataError) as caught:
        folder.read({"x.csv": b"a,b\n1\n", "y.csv": b"a,c\n", "z.csv": b"a,b\n1,2\n"}, [A, B])
    assert [problem.path for problem in caught.value.problems] == ["x.csv", "y.csv"]


def test_words_for_no_value_are_null(folder: Folder) -> None:
    content = b"time,n\n2026-01-01,n/a\nNULL,1\n2026-01-01, it's \n"
    optional = Column("n", ("n",), text_rules.count(), required=False)
    reading = folder.read({"x.csv": content}, [AT, optional], nulls=["n/a", "NULL", "it's"])
    assert [row[-1] for row in folder.rows(reading)] == [0, 1, 0]
    assert [row[-1] for row in folder.rows(folder.read({"x.csv": content}, [AT, optional]))] == [2, 1, 2]


def test_joined_cells_need_all_their_parts(folder: Folder) -> None:
    joined = Column("at", ("day", "hour"), text_rules.instant(), required=False)
    reading = folder.read({"x.csv": b"hour,day\n10:00 ,2026-01-01\n,2026-01-01\n10:00,\n,\n"}, [joined])
    assert [row[2:] for row in folder.rows(reading)] == [
        (1_767_261_600_000_000, 1, 0),
        (None, None, 1),
        (None, None, 1),
        (None, None, 0),
    ]
    words = Column("w", ("a", "b"), text_rules.text(), required=False)
    assert folder.values(b"a,b\nx,y\nx,\n,\n", [words]) == [("x y",), ("x",), (None,)]


def test_the_unicode_spaces_around_a_cell_are_blanks_and_a_tab_is_not(folder: Folder) -> None:
    spaces = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Zs"]
    assert sorted(spaces) == sorted(text_rules.BLANKS)
    content = "a,b\n" + "".join(f"{space}x{space},\tx\n" for space in spaces)
    assert folder.values(content.encode()) == [("x", "\tx")] * len(spaces)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", b'[{"a": 1, "b": "x"}, {"b": null}, {"a": 2.50, "c": [1]}]'),
        ("x.json", b'\xef\xbb\xbf [ {"a":1,"b":"x"},\n{}\n, {"a":2.5} ]\n'),
        ("x.ndjson", b'{"a": 1, "b": "x"}\n\n{"c": 0}\r\n{"a": 2.5}'),
        ("x.ndjson", b'\xef\xbb\xbf{"a": 1, "b": "x"}\n{}\n{"a": 2.5}\n'),
        ("x.json", gzip.compress(b'[{"a": 1, "b": "x"}, {}, {"a": 2.5}]', mtime=0)),
    ],
)
def test_json_records_are_read_key_by_key(folder: Folder, name: str, content: bytes) -> None:
    assert folder.values(content, name=name) == [("1", "x"), (None, None), ("2.5", None)]


def test_json_numbers_keep_their_shortest_text(folder: Folder) -> None:
    at = Column("at", ("t",), text_rules.instant("epoch-seconds"))
    content = (
        b'[{"t": 1664376185.491, "n": 4042.0}, {"t": 1664376185, "n": 1e3}, {"t": "0.000001", "n": 9007199254740993}]'
    )
    assert folder.values(content, [at, N], "x.json") == [
        (1_664_376_185_491_000, 0, 4042),
        (1_664_376_185_000_000, 0, 1000),
        (1, 0, 9_007_199_254_740_993),
    ]


def test_dotted_names_lead_into_nested_records_and_a_literal_key_wins(folder: Folder) -> None:
    columns = [Column("x", ("p.q.r",), text_rules.text()), Column("y", ("p.s",), text_rules.text())]
    content = b'[{"p": {"q": {"r": 1}, "s": 2}}, {"p": {"q": {"r": 3}, "s": 4}, "p.s": 5}]'
    assert folder.values(content, columns, "x.json") == [("1", "2"), ("3", "5")]
    odd = [Column("x", ("~/\"'k.ü",), text_rules.text())]
    assert folder.values(json.dumps([{"~/\"'k": {"ü": "v"}}]).encode(), odd, "x.json") == [("v",)]


def test_records_inside_a_document_are_found_by_their_path(folder: Folder) -> None:
    document = b'{"meta": {"n": 1}, "data": {"items": [{"a": 1, "b": 2}, {"a": 3}], "other": []}}'
    for content in (document, gzip.compress(document), packed_zstd(folder, document.decode())):
        assert folder.values(content, name="x.json", records=("data.items",)) == [("1", "2"), ("3", None)]
    (problem,) = folder.problems(document, name="x.json")
    assert problem.message == "one document, not a list of records"
    assert problem.help == "name the list with `records`; there are: data.items, data.other"
    (problem,) = folder.problems(document, name="x.json", records=("data.itms",))
    assert problem.message == "no list of records at 'data.itms': nothing stands there"
    assert problem.help == "there are: data.items, data.other"
    (problem,) = folder.problems(document, name="x.json", records=("meta[]",))
    assert problem.message == "no list of records at 'meta[]': it is an object"


def test_a_document_larger_than_duckdbs_own_limit_is_read(folder: Folder) -> None:
    filler = json.dumps([{"a": i, "b": "x" * 200} for i in range(200_000)])
    content = gzip.compress(f'{{"d": {filler}}}'.encode(), 1)
    reading = folder.read({"x.json": content}, [A], records=("d",))
    assert reading.rows == 200_000


def test_the_path_to_the_records_is_not_led_astray_by_texts(folder: Folder) -> None:
    content = rb"""{"x": "]}\\", "\"d": "{[", "e": [{"d": [1]}], "\u0064": {"n": -1e5, "d": [{"a": "]\"}["}]}}"""
    assert folder.values(content, [A], "x.json", records=("d.d",)) == [(']"}[',)]
    (problem,) = folder.problems(content, [A], "x.json", records=("d.n",))
    assert problem.message == "no list of records at 'd.n': it is a number"
    (problem,) = folder.problems(content + b"}", [A], "x.json", records=("d.d",))
    assert problem.code == "broken-json"


def test_a_key_that_no_record_has_is_a_missing_column(folder: Folder) -> None:
    late = b'{"a": 1}\n' * 5000 + b'{"b": 2}\n'
    assert folder.read({"x.ndjson": late}, [A, B]).rows == 5001
    (problem,) = folder.problems(b'{"a": 1}\n' * 5000, name="x.ndjson")
    assert (problem.message, problem.help) == ("no column 'b'", "there are: 'a'")
    assert folder.values(b"[]", name="x.json") == []


def test_an_element_that_is_no_record_is_marked(folder: Folder) -> None:
    reading = folder.read({"x.json": b'[{"a": 1}, 7, null, [{"a": 2}]]'}, [A])
    assert [row[2:] for row in folder.rows(reading)] == [("1", 0), (None, 2), (None, 2), (None, 2)]


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("x.ndjson", b'{"a": 1, "b": 2}\n{"a":\n{"a": 3}\n', 2, "not JSON"),
        ("x.ndjson", b'{"a": 1, "b": 2}\n\n{"a": 3} x\n', 3, "not JSON: Extra data"),
        ("x.ndjson", b'{"a": 1, "b": 2}\n{"a": 3', 2, "cut off"),
        ("x.json", b'[{"a": 1, "b": 2},\n{"a": 2', 2, "cut off"),
        ("x.json", b'[{"a": 1, "b": 2},\n{"a" 2}]', 2, "not JSON"),
        ("x.json", b'[{"a": 1, "b": 2}]\nx', 2, "Extra data"),
    ],
)
def test_broken_json_is_named_by_its_line(folder: Folder, name: str, content: bytes, line: int, words: str) -> None:
    for packed in (content, gzip.compress(content)):
        (problem,) = folder.problems(packed, name=name)
        assert (problem.code, problem.line) == ("broken-json", line)
        assert words in problem.message


def test_a_broken_document_is_named_by_its_line(folder: Folder) -> None:
    for records in ((), ("d",)):
        (problem,) = folder.problems(b'{"d": [\n{"a": 1}', name="x.json", records=records)
        assert (problem.code, problem.line) == ("broken-json", 2)


def parquet(folder: Folder, select: str) -> bytes:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({select}) TO '{folder.path / 'made'}' (FORMAT parquet)")
    return (folder.path / "made").read_bytes()


@pytest.mark.parametrize(
    ("cell", "moment", "kind"),
    [
        ("TIMESTAMPTZ '2026-01-01 02:00:00+02'", 1_767_225_600_000_000, 0),
        ("TIMESTAMP '2026-01-01'", 1_767_225_600_000_000, 1),
        ("TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", -1, 1),
        ("TIMESTAMP_MS '2026-01-01 00:00:00.5'", 1_767_225_600_500_000, 1),
        ("DATE '2026-01-01'", 1_767_225_600_000_000, 2),
        ("'2026-01-01T00:00Z'", 1_767_225_600_000_000, 0),
    ],
)
def test_parquet_times_keep_their_kind(folder: Folder, cell: str, moment: int, kind: int) -> None:
    content = parquet(folder, f"SELECT {cell} AS time")
    assert folder.values(content, [AT], "x.parquet") == [(moment, kind)]


def test_parquet_numbers_go_through_their_text(folder: Folder) -> None:
    columns = [Column(name, (name,), text_rules.number(3)) for name in ("i", "d", "x")]
    content = parquet(folder, "SELECT 7::HUGEINT AS i, 1.250::DECIMAL(9,3) AS d, 0.1::DOUBLE AS x")
    assert folder.values(content, columns, "x.parquet") == [(7000, 1250, 100)]
    odd = parquet(folder, "SELECT 1 AS i, 2 AS d, unnest(['nan'::DOUBLE, 'inf'::DOUBLE, NULL]) AS x")
    assert [row[-1] for row in folder.rows(folder.read({"x.parquet": odd}, columns))] == [4, 4, 4]


def test_parquet_times_without_end_are_bad(folder: Folder) -> None:
    content = parquet(folder, "SELECT 'infinity'::TIMESTAMP AS time")
    assert folder.rows(folder.read({"x.parquet": content}, [AT]))[0][2:] == (None, None, 1)


def test_parquet_records_may_be_nested_and_their_names_hostile(folder: Folder) -> None:
    content = parquet(folder, """SELECT {'q "x"': {'r': 5}} AS p, 6 AS "p.q", 7 AS "rowid" """)
    columns = [Column(f"c{i}", (name,), text_rules.count()) for i, name in enumerate(['p.q "x".r', "p.q", "rowid"])]
    assert folder.values(content, columns, "x.parquet") == [(5, 6, 7)]
    (problem,) = folder.problems(content, [Column("c", ("p.nope",), text_rules.count())], "x.parquet")
    assert problem.code == "missing-column"


def test_damaged_parquet_is_a_data_error(folder: Folder) -> None:
    content = bytearray(parquet(folder, "SELECT 1 AS a, 2 AS b"))
    content[4:-8] = bytes(len(content) - 12)
    (problem,) = folder.problems(bytes(content), name="x.parquet")
    assert (problem.code, problem.message.startswith("cannot be read: ")) == ("damaged-file", True)


def test_gzip_cut_off_far_behind_its_beginning_is_a_data_error(folder: Folder) -> None:
    content = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(200_000)))
    (problem,) = folder.problems(content[:-100])
    assert problem.message == "is a truncated or corrupt gzip file"


def test_zstd_is_read_and_its_ragged_rows_are_named(folder: Folder) -> None:
    assert folder.values(packed_zstd(folder, "a,b\n1,2\n3,4")) == [("1", "2"), ("3", "4")]
    (problem,) = folder.problems(packed_zstd(folder, "a,b\n1,2\n3"))
    assert (problem.row, problem.message) == (3, "1 cell, but the header has 2")
    (problem,) = folder.problems(packed_zstd(folder, 'a,b\n1,"2"x\n3,4'))
    assert problem.code == "broken-row"


def test_a_header_alone_is_no_record_and_no_error(folder: Folder) -> None:
    assert folder.values(b"a,b") == []
    assert folder.values(b"a,b\r\n") == []


def test_a_header_can_be_asked_for_alone(folder: Folder) -> None:
    (folder.path / "x.csv").write_bytes(b"time;n \n")
    found = header(open_file(folder.path / "x.csv", "x.csv"), folder.scratch, [])
    assert (found.names, found.delimiter, found.row) == (("time", "n"), ";", 1)
    (folder.path / "x.json").write_bytes(b'[{"a": {"b": 1}}, {"c": 2}]')
    assert header(open_file(folder.path / "x.json", "x.json"), folder.scratch, []).names == ("a.b", "c")


def test_an_unclosed_header_is_refused(folder: Folder) -> None:
    (problem,) = folder.problems(b'a,"b\n1,2\n')
    assert (problem.code, problem.row) == ("broken-row", 1)
