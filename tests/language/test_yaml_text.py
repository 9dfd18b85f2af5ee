"""What can be read from YAML, what is refused, and at which line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language import yaml_text
from slacheck.language.yaml_syntax import Place
from slacheck.language.yaml_text import MAX_BYTES, Document, read, read_file
from slacheck.problems import AgreementError, Problem


@pytest.fixture(params=["libyaml", "python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: the one in C, and the one where that is missing."""
    monkeypatch.setattr(yaml_text, "Loader", yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader)


pytestmark = pytest.mark.usefixtures("loader")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(AgreementError) as caught:
        read(text, "a.yaml")
    return caught.value.problems


def problem(text: str) -> Problem:
    """The only problem of a text."""
    (found,) = problems(text)
    return found


def at(found: Problem) -> tuple[int, int, int]:
    return found.line, found.column, found.width


@pytest.mark.parametrize(
    "written",
    [
        "22:00",
        "1:30:00",
        "010",
        "no",
        "1e3",
        "99.9500000000000000001",
        "2026-01-01",
        "0x1F",
        "=",
        ".inf",
        "Null",
        "< 5",
    ],
)
def test_a_plain_scalar_is_the_text_that_is_written(written: str) -> None:
    assert read(f"a: {written}\n", "a.yaml").data == {"a": written}


@pytest.mark.parametrize("written", ["", "null", "~", "&anchor", "# nothing"])
def test_only_nothing_null_and_the_tilde_are_none(written: str) -> None:
    assert read(f"a: {written}\n", "a.yaml").data == {"a": None}


@pytest.mark.parametrize(("written", "text"), [('"null"', "null"), ("''", ""), ("'~'", "~"), ('"10"', "10")])
def test_a_quoted_scalar_is_always_text(written: str, text: str) -> None:
    assert read(f"a: {written}\n", "a.yaml").data == {"a": text}


def test_mappings_and_lists_nest_and_a_byte_order_mark_and_other_line_ends_are_read() -> None:
    document = read("\ufeffa: {b: [1, {c: 2}]}\r\nd:\r  - x\r\n  - y: z\n", "a.yaml")
    assert document.data == {"a": {"b": ["1", {"c": "2"}]}, "d": ["x", {"y": "z"}]}
    assert document.place(("d", 1, "y")) == Place(4, 8, 1)
    assert document.lines == ("a: {b: [1, {c: 2}]}", "d:", "  - x", "  - y: z", "")


def test_an_alias_repeats_the_value_and_stands_where_the_anchor_stands() -> None:
    document = read("a: &x {k: 1}\nb: *x\nc: &x 2\nd: [*x, *x]\n", "a.yaml")
    assert document.data == {"a": {"k": "1"}, "b": {"k": "1"}, "c": "2", "d": ["2", "2"]}
    assert document.place(("b", "k")) == Place(1, 11, 1)
    assert document.place(("b",), "key") == Place(2, 1, 1)


PLACES = """\
sla: 1
levels:
  uptime:
    measure: {kind: availability, from: [a, "b c"]}
    empty:
    text: |
      two
      lines
    long: some words
      and more
  "quoted key": x
rights:
  - when: y
  -
"""


@pytest.mark.parametrize(
    ("loc", "key", "value"),
    [
        ((), (1, 1, 3), (1, 1, 3)),
        (("sla",), (1, 1, 3), (1, 6, 1)),
        (("levels",), (2, 1, 6), (3, 3, 6)),
        (("levels", "uptime", "measure"), (4, 5, 7), (4, 14, 38)),
        (("levels", "uptime", "measure", "kind"), (4, 15, 4), (4, 21, 12)),
        (("levels", "uptime", "measure", "from"), (4, 35, 4), (4, 41, 10)),
        (("levels", "uptime", "measure", "from", 1), (4, 45, 5), (4, 45, 5)),
        (("levels", "uptime", "empty"), (5, 5, 5), (5, 5, 5)),
        (("levels", "uptime", "text"), (6, 5, 4), (6, 11, 1)),
        (("levels", "uptime", "long"), (9, 5, 4), (9, 11, 10)),
        (("levels", "quoted key"), (11, 3, 12), (11, 17, 1)),
        (("rights", 0, "when"), (13, 5, 4), (13, 11, 1)),
        (("rights", 1), (14, 3, 1), (14, 3, 1)),
    ],
)
def test_every_key_and_every_value_has_its_place(
    loc: tuple[str | int, ...], key: tuple[int, int, int], value: tuple[int, int, int]
) -> None:
    document = read(PLACES, "a.yaml")
    assert document.place(loc, "key") == Place(*key)
    assert document.place(loc) == Place(*value)


def test_a_step_that_is_no_key_is_passed_over_and_a_route_that_ends_early_means_its_end() -> None:
    document = read(PLACES, "a.yaml")
    assert document.place(("levels", "Level", "uptime", "measure", "availability", "kind")) == Place(4, 21, 12)
    assert document.place(("levels", "uptime", "target"), "key") == Place(3, 3, 6)
    assert document.place(("rights", 7), "key") == Place(12, 1, 6)
    assert document.route(("levels", "L", "uptime", "tag", "no")) == (("levels", "uptime"), ("tag", "no"))
    assert document.value(("levels", "uptime", "tag", "measure", "kind")) == "availability"


def test_columns_count_characters_whatever_their_width() -> None:
    document = read("k: {é: 1, 日本: 2, 😀: 3, z: 4}\n", "a.yaml")
    assert document.place(("k", "z")) == Place(1, 27, 1)
    assert document.place(("k", "日本"), "key") == Place(1, 11, 2)


def test_a_document_makes_problems_with_their_source_line() -> None:
    document = read("a: 1\nb: xyz\n", "a.yaml")
    found = document.problem(document.place(("b",)), "code", "message", "help")
    assert found == Problem("a.yaml", 2, 4, "code", "message", "help", "b: xyz", 3)


@pytest.mark.parametrize(
    ("text", "place", "help"),
    [
        ("id: x\ntarget: >= 99.9%\nb: 1\n", (2, 9, 8), 'write target: ">= 99.9%"'),
        ("target: >= 99.9% # promised\n", (1, 9, 8), 'write target: ">= 99.9%"'),
        ("target: > 5m\n", (1, 9, 4), 'write target: "> 5m"'),
        ("target: >5m\n", (1, 9, 3), 'write target: ">5m"'),
        ("target: >5\nb: 1\n", (1, 9, 2), 'write target: ">5"'),
        ("target: >5\n      text\nb: 1\n", (1, 9, 2), 'write target: ">5"'),
        ("target: >\nb: 1\n", (1, 9, 1), 'write target: ">"'),
        ("{target: >= 5, b: 1}\n", (1, 10, 4), 'write target: ">= 5"'),
        ("l:\n  u: {a: 1, target: >= 5}\n", (2, 21, 4), 'write target: ">= 5"'),
        ("l:\n  - >= 5\n", (2, 5, 4), 'write ">= 5"'),
        ("l:\n  - limit: > 5\n", (2, 12, 3), 'write limit: "> 5"'),
        ("a: [>= 5, < 6]\n", (1, 5, 4), 'write ">= 5"'),
        ("t: | text\n", (1, 4, 6), 'write t: "| text"'),
        ("t: %5\n", (1, 4, 2), 'write t: "%5"'),
        ("t: @x\n", (1, 4, 2), 'write t: "@x"'),
        ("t: `x`\n", (1, 4, 3), 'write t: "`x`"'),
        ("t: *.csv\n", (1, 4, 5), 'write t: "*.csv"'),
        ("t: *probes\n", (1, 4, 7), 'write t: "*probes"'),
        ("t: & y\n", (1, 4, 3), 'write t: "& y"'),
        ("t: != 5\n", (1, 4, 4), 'write t: "!= 5"'),
        ("t: !\n", (1, 4, 1), 'write t: "!"'),
        ("t: , b\n", (1, 4, 3), 'write t: ", b"'),
        ("t: ? b\n", (1, 4, 3), 'write t: "? b"'),
        ("t: ]\n", (1, 4, 1), 'write t: "]"'),
        ('t: @"x"\n', (1, 4, 4), "write t: '@\"x\"'"),
    ],
)
def test_a_value_that_starts_with_a_sign_of_yaml_is_named_as_such(
    text: str, place: tuple[int, int, int], help: str
) -> None:
    found = problem(text)
    sign = found.excerpt[found.column - 1]
    assert found.message == f"the value starts with '{sign}', which YAML reads as its own sign"
    assert (at(found), found.help, found.code) == (place, help, "yaml")


def test_folded_and_literal_text_below_its_key_is_read() -> None:
    data = read("a: >\n  folded\n  text\nb: |2\n   literal\nc: >-\n  x\n", "a.yaml").data
    assert data == {"a": "folded text\n", "b": " literal\n", "c": "x"}


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        ('t: "a\nb: 1\n', (1, 4), "the quote that opens here is not closed", "close it with a double quote"),
        ("t: 'a\nb: 1\n", (1, 4), "the quote that opens here is not closed", "close it with a single quote"),
        (
            't: "a\nb: "c"\nd: 1\n',
            (1, 4),
            "the quote that opens here is not closed; it ends at the next one, on line 2",
            "close it with a double quote",
        ),
        (
            'a: {b: "c, d: 1}\ne: "x"\n',
            (1, 8),
            "the quote that opens here is not closed; it ends at the next one, on line 2",
            "close it with a double quote",
        ),
        ("t: [a, b\ny: 1\n", (1, 4), "the bracket that opens here is not closed", "close it with ']'"),
        ("t: {a: 1\ny: 1\n", (1, 4), "the bracket that opens here is not closed", "close it with '}'"),
        ("t:\n  - [b\n", (2, 5), "the bracket that opens here is not closed", "close it with ']'"),
        ("t: [it's, ']', b\n", (1, 4), "the bracket that opens here is not closed", "close it with ']'"),
        (
            "t: {a: 1 b: 2}\n",
            (1, 11),
            "a ',' or '}' is wanted here",
            "separate the entries with ',' and put text that holds ':' in quotes",
        ),
        ("t: [a] b\n", (1, 8), "more text after the closing bracket", "put the whole value in quotes"),
        ('t: "a" b\n', (1, 8), "more text after the closing quote", "write '\"a\" b'"),
        (
            "t: 'it's'\n",
            (1, 8),
            "more text after the closing quote",
            "double a quote inside single quotes, or use double quotes",
        ),
        ("a: {b: 1}}\n", (1, 10), "this '}' closes nothing", "delete it"),
        ("]\n", (1, 1), "this ']' closes nothing", "delete it, or write what it should close"),
        ("id:acme\nb: 1\n", (1, 3), "no blank after the ':' of 'id'", "write id: acme"),
        ("id:acme\n", (1, 3), "no blank after the ':' of 'id'", "write id: acme"),
        ("a: 1\nid:acme\nb: 1\n", (2, 3), "no blank after the ':' of 'id'", "write id: acme"),
        ("a:\n  b:2\n  c: 3\n", (2, 4), "no blank after the ':' of 'b'", "write b: 2"),
        ("a: {limit:5, x: 1}\n", (1, 10), "no blank after the ':' of 'limit'", "write limit: 5"),
        ("t:\u00a0x\nb: 1\n", (1, 2), "what follows 't:' is the character U+00A0, not a blank", "write t: x"),
        ("t: Web: hosting\n", (1, 7), "a second ':' in a value without quotes", 'write t: "Web: hosting"'),
        ("l:\n  - t: a: b # c\n", (2, 9), "a second ':' in a value without quotes", 'write t: "a: b"'),
        (
            "a: 1\n  bc: 2\n",
            (2, 3),
            "this line is indented deeper than line 1, where a value stands already",
            "give it the indentation of its neighbours",
        ),
        (
            "a:\n    b: 1\n  c: 2\n",
            (3, 3),
            "the indentation of this line fits none of the lines above",
            "give it the indentation of its neighbours",
        ),
        ("a: 1\n- b\n", (2, 1), "a list item stands among keys", "indent the list under its key, or write a key"),
        ("- a\nb: 1\n", (2, 1), "a key stands among list items", "start the line with '- '"),
        (
            "a: - b\n",
            (1, 4),
            "a list cannot begin on the line of its key",
            'put the list on its own lines, or write "- b"',
        ),
        ("a: 1\nfoo\nb: 2\n", (2, 1), "no ':' after 'foo'", "write foo: and its value"),
        ("a:\n  uptime\n    b: 1\n", (2, 3), "no ':' after 'uptime'", "write uptime: and its value"),
        (": 1\n", (1, 1), "a key is missing before this ':'", "write the key before it"),
        ("a:\n\tb: 1\n", (2, 1), "a tab in the indentation", "indent with spaces only"),
        ("a:\n  b: 1\n \tc: 1\n", (3, 2), "a tab in the indentation", "indent with spaces only"),
        ("a: b\n\tc\n", (2, 1), "a tab in the indentation", "indent with spaces only"),
        (
            "a: 1\n...\nb: 2\n",
            (3, 1),
            "this line belongs to nothing above it",
            "check the indentation, and that no line '...' or '---' stands above",
        ),
    ],
)
def test_an_error_of_yaml_is_explained_at_its_cause(text: str, place: tuple[int, int], message: str, help: str) -> None:
    found = problem(text)
    assert ((found.line, found.column), found.message, found.help) == (place, message, help)
    assert (found.code, found.excerpt) == ("yaml", text.split("\n")[found.line - 1])


def test_a_colon_glued_to_a_bracket_is_refused_by_libyaml_and_read_as_meant_by_python() -> None:
    text = "a: {b: 1,\n  c:[1]}\n"
    if vars(yaml_text)["Loader"] is yaml.SafeLoader:
        assert read(text, "a.yaml").data == {"a": {"b": "1", "c": ["1"]}}
    else:
        found = problem(text)
        assert (found.line, found.column) == (2, 4)
        assert (found.message, found.help) == ("this ':' has a sign after it, not a blank", "write ': '")


def test_an_unknown_escape_is_explained() -> None:
    found = problem('path: "C:\\data"\n')
    assert found.message == "an unknown escape after the backslash"
    assert found.line == 1
    assert found.help == "write the text in single quotes, where a backslash is just a backslash"


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", (3, 1, 1), "the key 'a' stands twice"),
        ("x: {ab: 1, 'ab': 2}\n", "duplicate-key", (1, 12, 4), "the key 'ab' stands twice"),
        ("a:\n  <<: 1\n", "merge-key", (2, 3, 2), "merge keys are not accepted"),
        ("a:\n  <<: *b\n", "merge-key", (2, 3, 2), "merge keys are not accepted"),
        ("a: {<<: 1}\n", "merge-key", (1, 5, 2), "merge keys are not accepted"),
        ("? [a]\n: b\n", "key-not-text", (1, 3, 3), "a key must be text, not a list or a mapping"),
        ("a: {{ x }}/y\n", "key-not-text", (1, 5, 5), "a key must be text, not a list or a mapping"),
        ("a: 1\n~: 1\n", "key-not-text", (2, 1, 1), "a key is missing here"),
        ("null: 1\n", "key-not-text", (1, 1, 4), "a key is missing here"),
        (
            "a: !!python/object:os.system x\n",
            "yaml-tag",
            (1, 4, 25),
            "the tag '!!python/object:os.system' is not accepted",
        ),
        ("a: &b !foo {x: 1}\n", "yaml-tag", (1, 7, 4), "the tag '!foo' is not accepted"),
        ("a: !!str 5\n", "yaml-tag", (1, 4, 5), "the tag '!!str' is not accepted"),
        ("a: 1\n---\nb: 2\n", "second-document", (2, 1, 3), "a second document starts here"),
        ("", "empty-file", (1, 1, 1), "nothing is written in this file"),
        ("# only\n", "empty-file", (1, 1, 1), "nothing is written in this file"),
        ("---\n", "empty-file", (1, 1, 1), "nothing is written in this file"),
        ("- a\n", "wrong-shape", (1, 1, 1), "a mapping of keys is wanted at the top level, not a list"),
        ("some text\n", "wrong-shape", (1, 1, 9), "a mapping of keys is wanted at the top level, not text"),
        ("a: &x [*x]\n", "endless-alias", (1, 8, 2), "the anchor 'x' contains itself"),
        ("a: &x {b: {c: *x}}\n", "endless-alias", (1, 15, 2), "the anchor 'x' contains itself"),
        ("a: &x 1\nb: *y\n", "unknown-anchor", (2, 4, 2), "no anchor '&y' stands above"),
        ("a: \x1b[31m\n", "control-character", (1, 4, 1), "the character U+001B may not stand in an agreement"),
        ("a: 1\nb\x00: 1\n", "control-character", (2, 2, 1), "the character U+0000 may not stand in an agreement"),
        ("a: x\u2028b: 1\n", "control-character", (1, 5, 1), "the character U+2028 may not stand in an agreement"),
        ("a: x\ud800\n", "control-character", (1, 5, 1), "the character U+D800 may not stand in an agreement"),
    ],
)
def test_what_yaml_allows_and_an_agreement_does_not_is_refused(
    text: str, code: str, place: tuple[int, int, int], message: str
) -> None:
    found = problem(text)
    assert (found.code, at(found), found.message) == (code, place, message)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("a: 1\nb: 2\na: 3\n", "the first stands on line 1; keep one of the two"),
        ("a: {<<: 1}\n", "write the keys out, or alias one whole value: name: *anchor"),
        (
            "a: {{ x }}\n",
            "write text before the ':', or put the whole value in quotes; templates are not filled in",
        ),
        ("~: 1\n", "write text before the ':', 'null' in quotes"),
        ("a: !!str 5\n", "leave it out: every value is text until it is read"),
        ("a: 1\n---\nb: 2\n", "write one agreement per file, without '---'"),
        ("# only\n", "an agreement starts with 'slacheck: 1'"),
        ("- a\n", "start with 'slacheck: 1'"),
        ("a: &x [*x]\n", "write out what is meant here"),
        ("a: &x 1\nb: *y\n", "those above are: *x"),
        ("a: \x07\n", "delete it: it cannot be seen"),
    ],
)
def test_the_help_of_a_refusal_says_what_to_write_instead(text: str, help: str) -> None:
    assert problem(text).help == help


def test_a_quoted_merge_sign_is_a_key_and_an_alias_of_text_may_be_one() -> None:
    assert read('"<<": 1\na: <<\nb: &k name\nc: {*k : 1}\n', "a.yaml").data == {
        "<<": "1",
        "a": "<<",
        "b": "name",
        "c": {"name": "1"},
    }


def test_one_document_may_be_marked_as_such() -> None:
    assert read("%YAML 1.1\n---\na: 1\n...\n", "a.yaml").data == {"a": "1"}


def test_every_problem_is_reported_at_once_and_in_the_order_of_the_lines() -> None:
    found = problems("a: !x 1\na: 2\nb: {c: 1, c: 2}\nd: >\ne: @f\n")
    assert [(p.line, p.code) for p in found] == [
        (1, "yaml-tag"),
        (2, "duplicate-key"),
        (3, "duplicate-key"),
        (4, "yaml"),
        (5, "yaml"),
    ]


def test_aliases_may_not_multiply_beyond_a_hundred_thousand_values() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = problem("\n".join(rows))
    assert (found.code, found.line) == ("too-many-values", 5)
    assert found.message == "more than 100,000 values, those that aliases repeat counted each time"


def test_aliases_may_not_nest_beyond_the_depth_that_brackets_may() -> None:
    rows = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 90))]
    assert (problem("\n".join(rows)).code, problem("\n".join(rows)).line) == ("too-deep", 64)


@pytest.mark.parametrize(("levels", "deep"), [(63, False), (64, True)])
def test_sixty_four_levels_may_nest(levels: int, deep: bool) -> None:
    text = "a: " + "[" * levels + "]" * levels
    if deep:
        assert (problem(text).code, at(problem(text))) == ("too-deep", (1, 67, 1))
    else:
        assert read(text, "a.yaml").place(("a",)) == Place(1, 4, 126)


@pytest.mark.parametrize("text", ["[" * 10_000, "a: " + "{a: " * 10_000, "- " * 10_000, "? " * 10_000])
def test_ten_thousand_nested_brackets_are_a_problem_and_no_crash(text: str) -> None:
    assert [p.code for p in problems(text)] == ["too-deep"]


def test_a_file_is_read_and_named_by_its_label(tmp_path: Path) -> None:
    file = tmp_path / "agreement.yaml"
    file.write_bytes("\ufefftitle: Büro\r\n".encode())
    document = read_file(file, "shown.yaml")
    assert isinstance(document, Document)
    assert (document.path, document.data) == ("shown.yaml", {"title": "Büro"})
    assert read_file(file).path == str(file)


def file_problem(path: Path) -> Problem:
    with pytest.raises(AgreementError) as caught:
        read_file(path, "a.yaml")
    (found,) = caught.value.problems
    assert found.path == "a.yaml"
    return found


def test_a_file_that_is_missing_or_a_folder_is_said_to_be_that(tmp_path: Path) -> None:
    assert file_problem(tmp_path / "none.yaml").message == "the file does not exist"
    assert file_problem(tmp_path).message == "this is a folder, not a file"
    assert file_problem(tmp_path / "nul\0.yaml").message.startswith("the file cannot be read: ")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert file_problem(tmp_path / "loop").message.startswith("the file cannot be read: ")


def test_a_file_without_permission_is_said_to_be_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert file_problem(tmp_path / "a.yaml").message == "the file cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        ("a: 1\n".encode("utf-16"), (0, 0), "the text is UTF-16 or UTF-32, not UTF-8"),
        ("a: 1\n".encode("utf-16-le"), (0, 0), "the text is UTF-16 or UTF-32, not UTF-8"),
        ("a: 1\n".encode("utf-32-be"), (0, 0), "the text is UTF-16 or UTF-32, not UTF-8"),
        (b"a: 1\r\nb: caf\xe9 x\n", (2, 7), "byte 0xE9 is not UTF-8 text"),
        ("a: é".encode() + b"\xff", (1, 5), "byte 0xFF is not UTF-8 text"),
    ],
)
def test_a_file_that_is_not_utf8_is_refused_at_the_byte(
    tmp_path: Path, raw: bytes, place: tuple[int, int], message: str
) -> None:
    (tmp_path / "a.yaml").write_bytes(raw)
    found = file_problem(tmp_path / "a.yaml")
    assert (found.code, (found.line, found.column), found.message) == ("encoding", place, message)
    assert found.help == "save the file as UTF-8"


def test_a_file_over_five_mebibytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert file_problem(tmp_path / "a.yaml").code == "too-large"
    assert problem("#" + "é" * (MAX_BYTES // 2)).message == "the file is larger than 5 MiB"


@given(st.text(alphabet=st.sampled_from(list("ab:-[]{}'\"!&*>|%@`?,#<=~. \t\n5é😀\x07")), max_size=60))
def test_any_text_is_read_or_refused_with_places_inside_it(text: str) -> None:
    try:
        document = read(text, "a.yaml")
    except AgreementError as error:
        for found in error.problems:
            lines = text.split("\n")
            assert 1 <= found.line <= len(lines)
            assert 1 <= found.column <= len(lines[found.line - 1]) + 1
            assert found.width >= 1
            assert found.excerpt == lines[found.line - 1]
            assert not found.message.startswith("this cannot be read as YAML: ") or found.message[29:]
    else:
        assert document.data is not None


keys = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"], include_characters=" "), min_size=1)
trees = st.recursive(
    st.none() | keys,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(keys, inner, min_size=1, max_size=3),
)


@given(st.dictionaries(keys, trees, min_size=1, max_size=4), st.booleans())
def test_what_a_dumper_writes_is_read_back(data: dict[str, object], flow: bool) -> None:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    text = yaml.dump(data, Dumper=Plain, default_flow_style=flow, default_style='"').replace('!!null "null"', "null")
    assert read(text, "a.yaml").data == data
