"""What an exclusion may say, and what is refused because it could not be meant."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from slacheck.exclusions import Allowance, Exclusion, Notice
from slacheck.language.quantities import HOUR, CivilLength, Unreadable

SPAN = {"start": "2026-10-03", "end": "2026-10-03"}


def refused(**keys: Any) -> tuple[str, list[Any]]:
    """The code of the one refusal, and the steps to what is meant."""
    with pytest.raises(ValidationError) as error:
        Exclusion.model_validate({key.rstrip("_"): value for key, value in keys.items()})
    (details,) = error.value.errors()
    context = details.get("ctx", {})
    return details["type"], [*details["loc"], *context.get("inside", [])]


def test_every_key_of_an_exclusion_from_a_log_is_read() -> None:
    terms = Exclusion.model_validate(
        {
            "from": "changes",
            "where": {"kind": "planned"},
            "notice": "5 working days",
            "calendar": "office",
            "within": "patch-window",
            "outside": "downtime",
            "longest": "2h",
            "allowance": "12 per year",
            "excess": "measured",
            "matching": ["circuit", "site"],
            "effect": "good",
        }
    )
    assert terms.from_ == "changes"
    assert terms.notice == Notice(None, CivilLength(5, "working day"), "5 working days")
    assert terms.allowance == Allowance(None, 12, "year", "12 per year")
    assert terms.longest == 2 * HOUR
    assert terms.columns == ("circuit", "site")
    assert list(terms.calendars()) == [("calendar", "office"), ("within", "patch-window")]
    assert (terms.outside, terms.excess, terms.effect) == ("downtime", "measured", "good")


def test_what_is_not_said() -> None:
    terms = Exclusion.model_validate({"during": "patch-window"})
    assert (terms.outside, terms.excess, terms.effect) == ("measured", "downtime", "service-time")
    assert (terms.columns, list(terms.calendars())) == ((), [("during", "patch-window")])


@pytest.mark.parametrize(
    ("written", "columns"),
    [("none", ()), ("circuit", ("circuit",)), (["none"], ("none",)), (["circuit", "site"], ("circuit", "site"))],
)
def test_what_a_record_matches(written: object, columns: tuple[str, ...]) -> None:
    assert Exclusion.model_validate({"from": "log", "matching": written}).columns == columns


@pytest.mark.parametrize("bad", [[], ["circuit", "circuit"], "", {"a": "b"}, [["a"]]])
def test_what_nothing_can_match(bad: object) -> None:
    assert refused(from_="log", matching=bad) == ("matching", ["matching"])


@pytest.mark.parametrize(
    ("keys", "code", "inside"),
    [
        ({}, "origin", []),
        ({"where": {"kind": "planned"}}, "origin", []),
        ({"from_": "log", "during": "night"}, "origin", ["during"]),
        ({"during": "night", "spans": [SPAN]}, "origin", ["spans"]),
        ({"spans": []}, "origin", ["spans"]),
        ({"during": "night", "where": {"kind": "planned"}}, "origin", ["where"]),
        ({"spans": [SPAN], "notice": "5 days"}, "origin", ["notice"]),
        ({"spans": [SPAN], "matching": "circuit"}, "origin", ["matching"]),
        ({"during": "night", "within": "window"}, "origin", ["within"]),
        ({"from_": "log", "notice": "5 working days"}, "notice", ["notice"]),
        ({"from_": "log", "notice": "5 days", "calendar": "office"}, "unused", ["calendar"]),
        ({"from_": "log", "calendar": "office"}, "unused", ["calendar"]),
        ({"from_": "log", "outside": "downtime"}, "unused", ["outside"]),
        ({"from_": "log", "excess": "measured"}, "unused", ["excess"]),
        ({"from_": "log", "longest": "2 hours"}, "not-a-length", ["longest"]),
        ({"from_": "log", "effect": "none"}, "literal_error", ["effect"]),
    ],
)
def test_what_cannot_be_meant(keys: dict[str, Any], code: str, inside: list[str]) -> None:
    assert refused(**keys) == (code, inside)


def test_what_may_stand_beside_a_calendar_or_a_list() -> None:
    Exclusion.model_validate({"during": "night", "matching": "none", "allowance": "4h per month", "longest": "1h"})
    Exclusion.model_validate({"spans": [SPAN], "within": "window", "outside": "measured"})
    Exclusion.model_validate({"from": "log", "longest": "2h", "excess": "measured"})


@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        ("4h per month", Allowance(4 * HOUR, None, "month", "4h per month")),
        (" 10h  per year ", Allowance(10 * HOUR, None, "year", "10h  per year")),
        ("12 per year", Allowance(None, 12, "year", "12 per year")),
        ("1 per period", Allowance(None, 1, "period", "1 per period")),
        ("90m per period", Allowance(90 * HOUR // 60, None, "period", "90m per period")),
    ],
)
def test_allowances(text: str, allowance: Allowance) -> None:
    assert Allowance.read(text) == allowance


@pytest.mark.parametrize(
    "text",
    [
        "4h per sprint",
        "4h",
        "per month",
        "0h per month",
        "0 per year",
        "-1 per year",
        "1.5 per year",
        "2 days per year",
    ],
)
def test_what_is_no_allowance(text: str) -> None:
    with pytest.raises(Unreadable):
        Allowance.read(text)


@pytest.mark.parametrize("text", ["5", "0h", "2 months", "1 year", "2 periods", "soon", ""])
def test_what_is_no_notice(text: str) -> None:
    with pytest.raises(Unreadable):
        Notice.read(text)
