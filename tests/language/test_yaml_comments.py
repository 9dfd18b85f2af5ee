"""Comments of YAML are told from a '#' inside a value."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.language.yaml_comments import comments

TEXT = """\
# at the top
a: "quoted # not"  # one
b: plain  # two
c: plain#not
d: 'single ''# not'
e: | # three
  # not
  text

# four
f: >-
  folded # not
  more
g: [x, # five
  "over
  # not
  lines", 'y # no'] # six
h: over
  lines # seven
i: &anchor ü # eight
j:
  - *anchor # nine
  # ten
"k # not": z#
l: !!str x # eleven
m: {}#
"""


def test_every_comment_and_nothing_else_is_found() -> None:
    lines = TEXT.splitlines()
    found = {comment.line: comment.text for comment in comments(lines[:-2])}
    words = ("at the top", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    assert list(found.values()) == [f"# {word}" for word in words]
    assert all(lines[number - 1].endswith(text) for number, text in found.items())


@pytest.mark.parametrize(
    ("text", "column", "alone"),
    [("a: 1  # x", 7, False), ("  # x", 3, True), ("#x", 1, True), ("a: ü # x", 6, False), ("a:\t1 # x", 6, False)],
)
def test_a_comment_says_where_it_begins(text: str, column: int, alone: bool) -> None:
    (found,) = comments(["z: 0", text])
    assert (found.line, found.column, found.alone) == (2, column, alone)


def test_a_comment_ends_with_its_line_and_has_no_blanks_behind_it() -> None:
    (found,) = comments(["a: 1 # x # y  "])
    assert found.text == "# x # y"


WORDS = st.text(st.sampled_from("ab #'\"\\:-|>&*!%{}[],\n\tü"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(WORDS, WORDS | st.lists(WORDS, max_size=3), max_size=4), st.booleans(), st.sampled_from("'\"|>"))
def test_no_value_is_taken_for_a_comment(data: dict[str, object], flow: bool, style: str) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style=style, allow_unicode=True, width=20)
    assert comments(text.split("\n")) == []
    (found,) = comments(["# above", *text.split("\n")])
    assert (found.line, found.text) == (1, "# above")
