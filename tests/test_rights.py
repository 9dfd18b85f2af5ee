"""A right arises on the periods that breached, is undecided where one is unknown, and lapses counted from the last."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from slacheck.agreement.agreement import Agreement
from slacheck.rights import states
from slacheck.statement import RightState
from slacheck.timeline.periods import Cycle, containing
from slacheck.verdicts import Verdict

LETTERS: dict[str, Verdict] = {"m": "met", "b": "breached", "i": "indeterminate", "n": "not-applicable"}


def state(when: dict[str, Any], verdicts: str, effective: str | None = None, **right: Any) -> RightState:
    """Of a right at the end of June 2026, with one letter a month up to June; ``-`` is a month nobody settled."""
    written: dict[str, Any] = {"slacheck": "1", "id": "a", "provider": "P", "customer": "C", "timezone": "UTC"}
    if effective:
        written["effective"] = effective
    written["rights"] = {"terminate": {"when": {"level": "uptime", **when}, **right}}
    months = [containing(Cycle("month"), date(2026, month, 1)) for month in range(7 - len(verdicts), 7)]
    history = {
        ("uptime", month.label): LETTERS[letter]
        for month, letter in zip(months, verdicts, strict=True)
        if letter != "-"
    }
    (found,) = states(Agreement.model_validate(written), months[-1], history)
    return found


@pytest.mark.parametrize(
    ("when", "verdicts", "expected"),
    [
        ({"breached": "3"}, "bbb", "arose"),
        ({"breached": "3"}, "bbmb", "not-arisen"),
        ({"breached": "3"}, "bib", "undecided"),
        ({"breached": "3"}, "-bb", "undecided"),
        ({"breached": "3"}, "nbb", "not-arisen"),
        ({"breached": "3"}, "bbbm", "not-arisen"),
        ({"breached": "2", "of_last": "4"}, "bmmb", "arose"),
        ({"breached": "2", "of_last": "4"}, "bmmmb", "not-arisen"),
        ({"breached": "2", "of_last": "4"}, "mmib", "undecided"),
        ({"breached": "2", "of_last": "4"}, "b--b", "arose"),
        ({"breached": "2", "of_last": "4"}, "m--m", "undecided"),
        ({"breached": "2", "of_last": "4"}, "mm-m", "not-arisen"),
        ({"breached": "1"}, "b", "arose"),
    ],
)
def test_a_right_counts_the_breaches_of_its_window(when: dict[str, Any], verdicts: str, expected: str) -> None:
    assert state(when, verdicts).state == expected


def test_the_state_is_what_every_way_to_fill_in_the_unknown_gives() -> None:
    for letters in product("mbi-", repeat=4):
        known = "".join(letters)
        filled = {
            sum(each == "b" for each in way) >= 2
            for way in product(*("mb" if letter in "i-" else letter for letter in known))
        }
        expected = {frozenset((True,)): "arose", frozenset((False,)): "not-arisen"}.get(frozenset(filled), "undecided")
        assert state({"breached": "2", "of_last": "4"}, known).state == expected, known


@pytest.mark.parametrize(
    ("effective", "verdicts", "expected"),
    [
        # Periods before the agreement began cannot have been breached; one that it began in the middle of can.
        ("2026-05-01", "bb", "not-arisen"),
        ("2026-04-30", "-bb", "undecided"),
        ("2026-04-30", "bbb", "arose"),
        (None, "bb", "undecided"),
    ],
)
def test_a_window_begins_with_the_agreement(effective: str | None, verdicts: str, expected: str) -> None:
    assert state({"breached": "3"}, verdicts, effective).state == expected


def test_a_right_names_the_periods_it_arose_on() -> None:
    found = state({"breached": "2", "of_last": "3"}, "bmb")
    assert found.periods == ("2026-04", "2026-06")
    assert found.reason == "2 of 3 periods breached: April 2026, June 2026"


def test_an_undecided_right_names_what_is_missing() -> None:
    assert state({"breached": "2"}, "-b").reason == "1 of 2 periods breached; not decided: May 2026"


@pytest.mark.parametrize(
    ("verdicts", "expected"), [("mbb", "2026-08-29"), ("bbm", "2026-07-30"), ("bbmm", "2026-06-29")]
)
def test_a_right_can_be_used_for_so_long_after_the_breach_that_it_arose_with(verdicts: str, expected: str) -> None:
    found = state({"breached": "2", "of_last": "4"}, verdicts.rjust(4, "m"), exercise_within="60 days")
    assert (found.state, found.use_by) == ("arose", expected)


def test_a_right_without_a_term_has_no_last_day_and_one_that_did_not_arise_has_none() -> None:
    assert state({"breached": "1"}, "b").use_by is None
    assert state({"breached": "1"}, "m", exercise_within="60 days").use_by is None
