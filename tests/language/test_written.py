"""What slacheck writes into an agreement is what is read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language import quantities
from slacheck.language.written import commented, flow, length, scalar
from slacheck.language.yaml_text import read


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_is_read_again_as_it_was(text: str) -> None:
    assert read(f"key: {scalar(text)}\n", "here").data == {"key": text}


@given(st.text(max_size=20))
def test_a_comment_is_one_line_and_holds_nothing(text: str) -> None:
    assert read(f"key: value\n# {commented(text)}\n  # {commented(text)}\n", "here").data == {"key": "value"}


@given(st.integers(1, 10**12))
def test_a_length_is_read_again_as_it_was(milliseconds: int) -> None:
    assert quantities.length(length(1_000 * milliseconds)) == 1_000 * milliseconds


@pytest.mark.parametrize(
    ("text", "written"),
    [("Acme Ltd", "Acme Ltd"), ("no", '"no"'), ("5", '"5"'), ("a: b", '"a: b"'), ("", '""'), ("Null", '"Null"')],
)
def test_only_what_could_be_taken_for_something_else_is_quoted(text: str, written: str) -> None:
    assert scalar(text) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_what_is_written_in_one_line_is_read_as_the_same(text: str) -> None:
    document = read(f"key: {flow({'inner': [text, {text: text}]})}\n", "example.yaml")
    assert document.data == {"key": {"inner": [text, {text: text}]}}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"bands": {"< 99.9%": "10%", "else": 0}}, '{bands: {"< 99.9%": 10%, else: 0}}'),
        (["12000.00", "no", True, "null", "a: b"], '[12000.00, no, true, "null", "a: b"]'),
    ],
)
def test_inside_brackets_numbers_and_words_stand_as_people_write_them(value: object, written: str) -> None:
    assert flow(value) == written
