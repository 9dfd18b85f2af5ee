"""What an agreement may say of cases and registers, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from slacheck.sources.source import Source

CASES = {"path": "a.csv", "shape": "cases", "columns": {"id": "number", "opened": "opened_at"}}
REGISTER = {"path": "a.csv", "shape": "register", "key": "circuit", "columns": {"mrc": "charge"}}


def refused(terms: dict[str, Any]) -> tuple[str, list[object]]:
    """The code and the place inside the source of the only thing that is refused."""
    with pytest.raises(ValidationError) as raised:
        Source.model_validate(terms)
    (error,) = raised.value.errors()
    return error["type"], error["ctx"]["inside"]


def test_a_key_is_one_word_or_a_list() -> None:
    assert Source.model_validate(REGISTER).key == ("circuit",)
    assert Source.model_validate({**REGISTER, "key": ["class", "region"]}).key == ("class", "region")
    assert Source.model_validate({**REGISTER, "key": ()}).key == ()


def test_cases_need_an_id_and_a_register_needs_nothing() -> None:
    assert refused({**CASES, "columns": {"number": "id"}}) == ("missing-role", ["columns"])
    assert Source.model_validate(REGISTER).columns == {"mrc": ("charge",)}


@pytest.mark.parametrize("shape", ["samples", "counts", "events", "cases"])
def test_a_key_belongs_to_a_register_only(shape: str) -> None:
    columns = {"at": "t", "total": "n", "bad": "b", "start": "s", "end": "e", "id": "i"}
    terms = {"path": "a.csv", "shape": shape, "columns": columns, "key": "host", "absent_rows": "empty"}
    assert refused(terms) == ("shape", ["key"])


@pytest.mark.parametrize("key", [["circuit", "circuit"], "valid_from", ["circuit", "at"]])
def test_a_key_names_each_column_once_and_no_date(key: object) -> None:
    assert refused({**REGISTER, "key": key}) == ("key", ["key"])


def test_a_register_is_dated_in_one_way() -> None:
    terms = {**REGISTER, "columns": {"valid_from": "since", "at": "month"}}
    assert refused(terms) == ("register", ["columns", "at"])


def test_repeats_belong_to_cases_and_intervals_do_not() -> None:
    assert Source.model_validate({**CASES, "repeats": "last"}).repeats == "last"
    assert refused({**REGISTER, "repeats": "last"}) == ("shape", ["repeats"])
    assert refused({**CASES, "interval": "5m"}) == ("shape", ["interval"])
    assert refused({**CASES, "hold": "5m"}) == ("shape", ["hold"])
    assert refused({**CASES, "bad": {"x": "y"}}) == ("shape", ["bad"])


def test_units_say_what_a_cell_is_worth() -> None:
    source = Source.model_validate({**CASES, "units": {"rate": "%", "part": "fraction", "wait": "ms", "held": "min"}})
    assert [source.kind(word) for word in ("rate", "part", "wait", "other")] == ["share", "share", "length", "number"]
    assert source.worth("rate") * Fraction("99.9") == Fraction(999, 1000)
    assert [source.worth(word) for word in ("part", "wait", "held", "other")] == [1, 1000, 60_000_000, 1]


def test_a_records_path_that_cannot_be_meant_is_told_at_its_character() -> None:
    source = Source.model_validate({**CASES, "records": ["completed[]", "ongoing"]})
    assert source.records == ("completed[]", "ongoing")
    with pytest.raises(ValidationError) as raised:
        Source.model_validate({**CASES, "records": "data[0].items"})
    (error,) = raised.value.errors()
    assert (error["type"], error["ctx"]["offset"]) == ("records-path", 4)
