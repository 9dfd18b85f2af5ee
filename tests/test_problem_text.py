"""How problems are printed: place, source line, caret and help, and nothing that a terminal would obey."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problem_text import render, tally
from slacheck.problems import Problem

TAGET = Problem(
    "agreement.yaml",
    31,
    5,
    "unknown-key",
    "unknown key 'taget' in service_levels.availability",
    "did you mean 'target'?",
    '    taget: ">= 99.9%"',
    5,
)
BAD_TIME = Problem(
    "probes.csv",
    code="bad-time",
    message="not a time: '2026-13-01'",
    help="write 2026-01-13",
    row=17,
    field="timestamp",
    cell="2026-13-01",
)


def test_a_problem_of_a_text_shows_its_line_with_a_caret_and_help() -> None:
    assert render([TAGET]) == (
        "agreement.yaml:31:5: error[unknown-key]: unknown key 'taget' in service_levels.availability\n"
        "   |\n"
        '31 |     taget: ">= 99.9%"\n'
        "   |     ^^^^^\n"
        "   = help: did you mean 'target'?"
    )


def test_a_problem_of_an_export_shows_row_and_column() -> None:
    assert render([BAD_TIME]) == (
        "probes.csv, row 17, column 'timestamp': error[bad-time]: not a time: '2026-13-01'\n   = help: write 2026-01-13"
    )


def test_a_cell_that_the_message_does_not_show_is_added_and_a_long_one_is_cut() -> None:
    shown = render([Problem("p.csv", code="c", message="not a time", row=2, cell="x" * 200)])
    assert shown == f"p.csv, row 2: error[c]: not a time: '{'x' * 77}...'"


def test_a_problem_of_a_whole_file_is_one_line() -> None:
    assert render([Problem("a.yaml", code="no-file", message="the file does not exist")]) == (
        "a.yaml: error[no-file]: the file does not exist"
    )


def test_a_blank_line_stands_between_problems_and_none_at_the_end() -> None:
    assert render([TAGET, BAD_TIME]) == f"{render([TAGET])}\n\n{render([BAD_TIME])}"
    assert render([]) == ""


def test_colour_is_only_added_on_request() -> None:
    assert render([TAGET], colour=True) == (
        "agreement.yaml:31:5: \x1b[1;31merror[unknown-key]\x1b[0m: unknown key 'taget' in service_levels.availability\n"
        "   |\n"
        '31 |     taget: ">= 99.9%"\n'
        "   |     \x1b[31m^^^^^\x1b[0m\n"
        "   = \x1b[36mhelp:\x1b[0m did you mean 'target'?"
    )


def shown(line: str, column: int, width: int = 1) -> list[str]:
    """The source line and the line of carets, without the gutter."""
    return [row[4:] for row in render([Problem("a", 7, column, excerpt=line, width=width)]).split("\n")[2:]]


@pytest.mark.parametrize(
    ("line", "column", "width", "expected"),
    [
        ("\ta:\tx", 5, 1, ["    a:    x", "          ^"]),
        ("日本: x", 5, 1, ["日本: x", "      ^"]),
        ("a: 日本", 4, 2, ["a: 日本", "   ^^^^"]),
        ("😀: x", 4, 1, ["😀: x", "    ^"]),
        ("e\u0301: x", 5, 1, ["e\u0301: x", "   ^"]),
        ("a: b", 5, 1, ["a: b", "    ^"]),
        ("a: b", 40, 9, ["a: b", "    ^"]),
        ("a: b", 4, 90, ["a: b", "   ^"]),
        ("a: \x1b[31mb", 4, 1, ["a: \\x1b[31mb", "   ^^^^"]),
        ("\u202ea: b", 5, 1, ["\\u202ea: b", "         ^"]),
        ("a\u200b: b", 5, 1, ["a\\u200b: b", "         ^"]),
        ("a: \udcff", 4, 1, ["a: \\udcff", "   ^^^^^^"]),
        ("", 1, 1, ["", "^"]),
    ],
)
def test_the_caret_stands_under_the_fault_whatever_the_line_holds(
    line: str, column: int, width: int, expected: list[str]
) -> None:
    assert shown(line, column, width) == expected


@pytest.mark.parametrize(
    ("column", "source", "caret"),
    [
        (1, "x" + "a" * 93 + "...", "^"),
        (151, "..." + "b" * 31 + "y" + "b" * 62 + "...", " " * 34 + "^"),
        (300, "..." + "b" * 93 + "z", " " * 96 + "^"),
    ],
)
def test_a_long_line_is_cut_around_the_caret(column: int, source: str, caret: str) -> None:
    line = "x" + "a" * 99 + "b" * 50 + "y" + "b" * 148 + "z"
    assert shown(line, column) == [source, caret]
    assert len(source) <= 100


def test_carets_end_where_a_cut_line_ends() -> None:
    source, caret = shown("k: " + "v" * 500, 4, 500)
    assert source.endswith("v...")
    assert len(caret) == len(source) - 3


def test_a_line_of_megabytes_is_shown_around_the_caret() -> None:
    assert shown("e" + "\u0301" * 900 + "x" * 4_000_000, 2_000_000) == [f"...{'x' * 94}...", " " * 34 + "^"]


def test_a_line_of_a_hundred_columns_is_whole() -> None:
    assert shown("a" * 100, 1)[0] == "a" * 100


def test_nothing_from_a_file_reaches_the_terminal_as_a_control_sequence() -> None:
    found = Problem(
        "a\x1b]0;.csv", code="c\x07", message="m\x9b1m\n", help="h\r\x1b[2J", row=1, field="f\x08", cell="\x1bc"
    )
    assert render([found]) == (
        "a\\x1b]0;.csv, row 1, column 'f\\x08': error[c\\x07]: m\\x9b1m\\n: '\\x1bc'\n   = help: h\\r\\x1b[2J"
    )


def test_a_message_of_endless_length_is_cut() -> None:
    assert render([Problem("a", code="c", message="m" * 5000)]) == f"a: error[c]: {'m' * 997}..."


def columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


@given(st.text(max_size=300), st.integers(1, 310), st.integers(1, 310))
def test_any_line_is_shown_in_printable_characters_and_at_most_a_hundred_columns(
    line: str, column: int, width: int
) -> None:
    text = render([Problem("a", 7, column, excerpt=line, width=width)])
    rows = text.split("\n")
    assert len(rows) == 4
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for row in rows for c in row)
    assert sum(map(columns, rows[2])) <= 4 + 100
    assert 5 <= len(rows[3]) <= 4 + 101
    assert set(rows[3][4:]) <= {" ", "^"}
    assert rows[3].endswith("^")


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        ([], "no errors"),
        (["agreement.yaml"], "agreement.yaml: 1 error; nothing was listed"),
        (["agreement.yaml"] * 2, "agreement.yaml: 2 errors; nothing was listed"),
        (["a.yaml", "b.csv", "a.yaml"], "3 errors in 2 files; nothing was listed"),
        (["a\x1b.yaml"], "a\\x1b.yaml: 1 error; nothing was listed"),
    ],
)
def test_the_last_line_counts_the_errors_and_says_what_was_not_done(paths: list[str], text: str) -> None:
    assert tally([Problem(path) for path in paths], "nothing was listed") == text
