"""A right arises on the periods that it rests on, is undecided where one is unknown, and can be used for its time.

The expected states are counted by hand; a plain loop over every way to fill in what is not known is the oracle.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.history import History
from slacheck.rights import states
from slacheck.settlement import Settled
from slacheck.statement import PeriodPartShown, PointsShown, RightState
from tests.rights_world import (
    Month,
    agreement,
    at_the_end,
    level,
    line,
    months,
    of_letters,
    settling,
    statement,
    total,
)

PER_CIRCUIT = {"uptime": level(per="circuit")}


def state(when: dict[str, Any], verdicts: str, effective: str | None = None, **right: Any) -> RightState:
    """Of a right at the end of June 2026, with one letter a month up to June."""
    begun: dict[str, Any] = {"effective": effective} if effective else {}
    file = agreement({"terminate": {"when": {"level": "uptime", **when}, **right}}, **begun)
    (found,) = at_the_end(file, of_letters(verdicts))
    return found


def by_subject(found: tuple[RightState, ...]) -> dict[str, str]:
    assert len({each.subject for each in found}) == len(found)
    return {each.subject: each.state for each in found}


@pytest.mark.parametrize(
    ("when", "verdicts", "expected"),
    [
        ({"breached": 3}, "bbb", "arose"),
        ({"breached": 3}, "bbmb", "not-arisen"),
        ({"breached": 3}, "bib", "undecided"),
        ({"breached": 3}, "-bb", "undecided"),
        ({"breached": 3}, "nbb", "not-arisen"),
        ({"breached": 3}, "bbbm", "not-arisen"),
        ({"breached": 2, "of_last": 4}, "bmmb", "arose"),
        ({"breached": 2, "of_last": 4}, "bmmmb", "not-arisen"),
        ({"breached": 2, "of_last": 4}, "mmib", "undecided"),
        ({"breached": 2, "of_last": 4}, "b--b", "arose"),
        ({"breached": 2, "of_last": 4}, "m--m", "undecided"),
        ({"breached": 2, "of_last": 4}, "mm-m", "not-arisen"),
        ({"breached": 1}, "b", "arose"),
    ],
)
def test_a_right_counts_the_breaches_of_its_window(when: dict[str, Any], verdicts: str, expected: str) -> None:
    assert state(when, verdicts).state == expected


def test_the_state_is_what_every_way_to_fill_in_the_unknown_gives() -> None:
    for letters in product("mbi-", "mbi-", "mbi-", "mbi"):
        known = "".join(letters)
        filled = {
            sum(each == "b" for each in way) >= 2
            for way in product(*("mb" if letter in "i-" else letter for letter in known))
        }
        expected = {frozenset((True,)): "arose", frozenset((False,)): "not-arisen"}.get(frozenset(filled), "undecided")
        assert state({"breached": 2, "of_last": 4}, known).state == expected, known


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
    assert state({"breached": 3}, verdicts, effective).state == expected


@pytest.mark.parametrize(("effective", "expected"), [("2026-05-01", "not-arisen"), ("2026-04-30", "undecided")])
def test_a_window_begins_with_the_level(effective: str, expected: str) -> None:
    levels = {"uptime": level(effective=effective)}
    file = agreement({"terminate": {"when": {"level": "uptime", "breached": 3}}}, levels)
    assert [each.state for each in at_the_end(file, of_letters("-bb"))] == [expected]


def test_a_right_names_the_periods_it_arose_on() -> None:
    found = state({"breached": 2, "of_last": 3}, "bmb", clause="9.2")
    assert found.periods == ("2026-04", "2026-06")
    assert found.reason == "2 of 3 periods breached: April 2026, June 2026"
    assert (found.arose_on, found.clause) == ("2026-06-30", "9.2")


def test_an_undecided_right_names_what_is_missing() -> None:
    assert state({"breached": 2}, "-b").reason == "1 of 2 periods breached; not decided: May 2026"


@pytest.mark.parametrize(
    ("verdicts", "within", "expected", "use_by"),
    [
        ("mbb", "60 days", "arose", "2026-08-29"),
        ("bbm", "60 days", "arose", "2026-07-30"),
        # 30 April and 60 days are 29 June: over a day before the period is.
        ("bbmm", "60 days", "expired", "2026-06-29"),
        ("bbmm", "61 days", "arose", "2026-06-30"),
        ("bbmm", "2 months", "arose", "2026-06-30"),
        ("bbmm", "1 month", "expired", "2026-05-31"),
        # It arose anew in June, whatever became of it before.
        ("bbmb", "1 month", "arose", "2026-07-31"),
        # What made it arise has left the window of its condition, and the time to use it runs on.
        ("bbmmmm", "6 months", "arose", "2026-08-31"),
        ("bbmmmm", "2 months", "not-arisen", None),
        # It arose in May for sure; in June perhaps anew.
        ("bbi", "60 days", "arose", "2026-07-30"),
        ("bmi", "60 days", "undecided", None),
    ],
)
def test_a_right_can_be_used_for_so_long_after_the_period_that_it_arose_in(
    verdicts: str, within: str, expected: str, use_by: str | None
) -> None:
    found = state({"breached": 2, "of_last": 4}, verdicts.rjust(9, "m"), exercise_within=within)
    assert (found.state, found.use_by) == (expected, use_by)


def test_a_right_that_arose_before_says_since_when() -> None:
    found = state({"breached": 2, "of_last": 4}, "mmmbbm", exercise_within="60 days")
    assert found.reason == "since 31 May 2026: 2 of 4 periods breached: April 2026, May 2026"
    assert found.arose_on == "2026-05-31"
    perhaps = state({"breached": 2, "of_last": 4}, "mmmbbi", exercise_within="60 days")
    assert perhaps.reason.endswith("; perhaps anew in June 2026, which is not decided")


def test_a_right_that_expired_says_until_when_it_could_be_used() -> None:
    found = state({"breached": 2, "of_last": 4}, "mmmmbbmm", exercise_within="1 month")
    assert found.reason == "2 of 4 periods breached: March 2026, April 2026; it could be used until 31 May 2026"


def test_working_days_to_use_a_right_are_those_of_a_calendar() -> None:
    hours = {"calendars": {"office": {"hours": {"mon-fri": "09:00-17:00"}}}}
    right = {"when": {"level": "uptime", "breached": 1}, "exercise_within": "5 working days", "hours": "office"}
    (found,) = at_the_end(agreement({"terminate": right}, **hours), of_letters("b"))
    # 30 June 2026 is a Tuesday: 1, 2, 3, 6 and 7 July.
    assert found.use_by == "2026-07-07"


def test_a_right_without_a_term_has_no_last_day_and_one_that_did_not_arise_has_none() -> None:
    assert state({"breached": 1}, "b").use_by is None
    assert state({"breached": 1}, "m", exercise_within="60 days").use_by is None


@pytest.mark.parametrize(
    ("uptime", "response", "expected"),
    [("bm", "mb", "arose"), ("bm", "bm", "not-arisen"), ("im", "mb", "undecided"), ("bm", "mi", "undecided")],
)
def test_of_several_levels_any_breach_counts_the_period_once(uptime: str, response: str, expected: str) -> None:
    file = agreement({"terminate": {"when": {"level": ["uptime", "response"], "breached": 2}}})
    told: list[Month] = [
        ([line("uptime", one), line("response", other)], None) for one, other in zip(uptime, response, strict=True)
    ]
    assert [each.state for each in at_the_end(file, told)] == [expected]


# Each subject by itself.


def circuits(*verdicts: dict[str, str]) -> list[Month]:
    """By circuit its letters, one a month; a blank is a month in which it has no line."""
    (of_each,) = verdicts
    count = max(map(len, of_each.values()))
    return [
        ([line("uptime", letters[at], name) for name, letters in of_each.items() if letters[at] != " "], None)
        for at in range(count)
    ]


def test_each_subject_has_a_right_of_its_own() -> None:
    file = agreement({"cancel": {"when": {"level": "uptime", "breached": 2, "of_last": 3}}}, PER_CIRCUIT)
    told = circuits({"c1": "bmb", "c2": "bmm", "c3": "bim", "c4": "mmb", "c5": " bb"})
    found = at_the_end(file, told)
    assert by_subject(found) == {"c1": "arose", "c3": "undecided", "c5": "arose"}
    assert [each.periods for each in found if each.state == "arose"] == [("2026-04", "2026-06"), ("2026-05", "2026-06")]


def test_breaches_of_different_subjects_are_not_put_together_unless_the_right_says_so() -> None:
    told = circuits({"c1": "bmm", "c2": "mmb"})
    file = agreement({"cancel": {"when": {"level": "uptime", "breached": 2, "of_last": 3}}}, PER_CIRCUIT)
    (nobody,) = at_the_end(file, told)
    assert (nobody.subject, nobody.state, nobody.reason) == ("", "not-arisen", "for no circuit")
    when = {"level": "uptime", "breached": 2, "of_last": 3, "whole": True}
    assert by_subject(at_the_end(agreement({"cancel": {"when": when}}, PER_CIRCUIT), told)) == {"": "arose"}


def test_an_unknown_month_leaves_every_subject_open_that_it_could_turn() -> None:
    file = agreement({"cancel": {"when": {"level": "uptime", "breached": 2, "of_last": 3}}}, PER_CIRCUIT)
    told = [None, *circuits({"c1": "bm", "c2": "mm"})]
    assert by_subject(at_the_end(file, told)) == {"c1": "undecided"}
    told = [None, None, *circuits({"c1": "m", "c2": "m"})]
    assert by_subject(at_the_end(file, told)) == {"c1": "undecided", "c2": "undecided"}
    assert by_subject(at_the_end(file, [None, None, ([], None)])) == {"": "undecided"}


def test_conditions_with_and_without_subjects_are_combined_by_subject() -> None:
    levels = {**PER_CIRCUIT, "response": level()}
    for word, expected in (("any_of", {"": "arose"}), ("all_of", {"c1": "arose"})):
        when = {word: [{"level": "uptime", "breached": 2}, {"level": "response", "breached": 1}]}
        told = circuits({"c1": "bb", "c2": "mb"})
        assert told[-1] is not None
        told[-1] = ([*told[-1][0], line("response", "b")], None)
        assert by_subject(at_the_end(agreement({"cancel": {"when": when}}, levels), told)) == expected


def test_records_are_counted_for_their_subject() -> None:
    outage = {"kind": "downtime", "from": "log"}
    log = {"path": "log.csv", "shape": "events", "columns": {"start": "s", "end": "e"}}
    levels = {"repair": {"measure": outage, "target": "<= 4h", "per": ["circuit", "outage"]}}
    right = {"cancel": {"when": {"level": "repair", "failures": 3, "over": "2 periods"}}}
    file = agreement(right, levels, sources={"log": log})

    def record(subject: str, number: int, letter: str = "b") -> Any:
        return line("repair", letter, f"{subject} {number}", record_of=subject)

    told: list[Month] = [
        ([record("c1", 1), record("c1", 2), record("c2", 3)], None),
        ([record("c1", 4), record("c2", 5), record("c2", 6, "i"), record("c3", 7)], None),
    ]
    assert by_subject(at_the_end(file, told)) == {"c1": "arose", "c2": "undecided"}
    # Nobody knows how many records an unknown month had.
    assert by_subject(at_the_end(file, [None, told[1]])) == {"c1": "undecided", "c2": "undecided", "c3": "undecided"}


@pytest.mark.parametrize(
    ("of_each", "expected"),
    [
        ({"c1": "b", "c2": "m", "c3": "m"}, "arose"),
        ({"c1": "b", "c2": "m", "c3": "m", "c4": "m"}, "not-arisen"),
        ({"c1": "b", "c2": "i", "c3": "m", "c4": "m"}, "undecided"),
        # One that does not apply is no part of the whole.
        ({"c1": "b", "c2": "m", "c3": "m", "c4": "n"}, "arose"),
    ],
)
def test_a_share_of_the_subjects(of_each: dict[str, str], expected: str) -> None:
    when = {"share_of_subjects": ">= 30%", "level": "uptime"}
    (found,) = at_the_end(agreement({"leave": {"when": when}}, PER_CIRCUIT), circuits(of_each))
    assert found.state == expected


# Failures, points, caps, averages.


def failed(count: int, maybe: int = 0) -> Month:
    lines = [line("repair", "b", f"r{number}") for number in range(count)]
    return [*lines, *(line("repair", "i", f"o{number}") for number in range(maybe))], None


RECORDS = {
    "levels": {"repair": {"measure": {"kind": "downtime", "from": "log"}, "target": "<= 4h", "per": "outage"}},
    "sources": {"log": {"path": "log.csv", "shape": "events", "columns": {"start": "s", "end": "e"}}},
}


def failures(counts: list[int], over: str = "12 months", **keys: Any) -> RightState:
    when = {"level": "repair", "failures": 10, "over": over, **keys}
    (found,) = at_the_end(agreement({"step-in": {"when": when}}, **RECORDS), [failed(each) for each in counts])
    return found


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([4, 5], "not-arisen"),
        ([4, 6], "arose"),
        ([10, 3], "not-arisen"),
        ([10, 9], "not-arisen"),
        ([10, 10], "arose"),
        ([15, 5], "arose"),
        ([15, 4], "not-arisen"),
        ([1, 30], "arose"),
        ([10, 0], "not-arisen"),
    ],
)
def test_every_tenth_failure_makes_it_arise_anew(counts: list[int], expected: str) -> None:
    assert failures([0] * 12 + counts, every=True).state == expected


def test_without_every_it_stands_while_there_are_so_many() -> None:
    assert failures([0] * 12 + [10, 3]).state == "arose"
    assert failures([0] * 12 + [10, 0]).state == "arose"
    assert failures([10, *[0] * 12]).state == "not-arisen"
    assert failures([10, *[0] * 11]).state == "arose"


def test_failures_of_an_unknown_month_leave_every_tenth_open() -> None:
    when = {"level": "repair", "failures": 10, "over": "2 months", "every": True}
    file = agreement({"step-in": {"when": when}}, **RECORDS)
    assert [each.state for each in at_the_end(file, [None, failed(1)])] == ["undecided"]
    # Whatever came before, ten in one month pass a multiple of ten.
    assert [each.state for each in at_the_end(file, [None, failed(10)])] == ["arose"]
    assert [each.state for each in at_the_end(file, [None, failed(0)])] == ["not-arisen"]
    assert [each.state for each in at_the_end(file, [failed(8, 1), failed(1)])] == ["undecided"]
    assert [each.state for each in at_the_end(file, [failed(8, 1), failed(2)])] == ["arose"]


def points(*months: str | None) -> tuple[RightState, ...]:
    """By month its points, or the least and the most joined by ``..`` (``x`` is no bound)."""
    credit = {"kind": "fixed", "pays": "2 points"}
    levels = {"uptime": level(credit=credit)}
    table = {"kind": "per-unit", "each": 1, "counting": "full", "pays": "10.00"}
    file = agreement(
        {"step-in": {"when": {"points": ">= 12", "over": "3 months"}}},
        levels,
        currency="EUR",
        settlement={"points": table},
    )
    told: list[Month] = []
    for text in months:
        least, _, most = (text or "").partition("..")
        shown = PointsShown(least=least, most=None if most == "x" else most or least) if text else None
        told.append(None if text is None else ([line("uptime", "m")], total(points=shown)))
    return at_the_end(file, told)


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (("5", "4", "3"), "arose"),
        (("5", "4", "2.5"), "not-arisen"),
        (("9", "5", "4", "2"), "not-arisen"),
        (("5", "4", "2..3"), "undecided"),
        (("5", "4", "2..x"), "undecided"),
        (("5", "4..5", "3..4"), "arose"),
        ((None, "4", "3"), "undecided"),
        ((None, "9", "3"), "arose"),
    ],
)
def test_points_are_added_up_over_a_rolling_stretch(months: tuple[str | None, ...], expected: str) -> None:
    (found,) = points(*months)
    assert found.state == expected


def test_points_say_how_many_there_were() -> None:
    (found,) = points("5", "4", "2..3")
    assert found.reason == "11 to 12 points in 3 months; not decided: June 2026"


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        ([True, False, True, False, True, False], "arose"),
        ([False, False, True, False, True, False], "not-arisen"),
        ([None, False, True, False, True, False], "undecided"),
        (["-", False, True, False, True, False], "undecided"),
    ],
)
def test_periods_whose_credits_reached_their_cap(caps: list[Any], expected: str) -> None:
    credit = {"kind": "fixed", "pays": "100.00"}
    file = agreement(
        {"terminate": {"when": {"credits_at_cap": 3, "of_last": 6}}},
        {"uptime": level(credit=credit)},
        currency="EUR",
        settlement={"cap": "100.00"},
    )
    told: list[Month] = [None if cap == "-" else ([], total(at_cap=cap)) for cap in caps]
    assert [each.state for each in at_the_end(file, told)] == [expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # A mean of exactly 97 % is not below it.
        (["96/100", "97/100", "98/100"], "not-arisen"),
        (["96/100", "97/100", "97/100"], "arose"),
        (["96/100", "97/100", "98/100..97/100"], "undecided"),
        (["96/100", "96/100", "97/100..95/100"], "arose"),
        (["96/100", "96/100", None], "undecided"),
        (["96/100", "96/100", "-"], "arose"),
        (["-", "-", "-"], "not-arisen"),
        ([None, None, "100/100"], "undecided"),
    ],
)
def test_the_mean_of_the_last_periods(values: list[str | None], expected: str) -> None:
    file = agreement({"terminate": {"when": {"average": "uptime", "of_last": 3, "is": "< 97%"}}})
    told: list[Month] = []
    for value in values:
        if value is None:
            told.append(None if len(told) < 2 else ([line("uptime", "i")], None))
        else:
            told.append(([line("uptime", "n") if value == "-" else line("uptime", "m", value=value)], None))
    assert [each.state for each in at_the_end(file, told)] == [expected]


def test_a_mean_is_formed_once_there_are_so_many_periods() -> None:
    when = {"average": "uptime", "of_last": 3, "is": "< 97%"}
    told: list[Month] = [([line("uptime", "b", value="1/2")], None)] * 2
    (found,) = at_the_end(agreement({"terminate": {"when": when}}, effective="2026-05-01"), told)
    assert (found.state, found.reason) == ("not-arisen", "2 of 3 periods so far")


def test_a_value_that_nothing_bounds_decides_what_it_can() -> None:
    for comparison, expected in (("< 97%", "undecided"), ("> 95%", "arose"), ("> 97%", "undecided")):
        file = agreement({"leave": {"when": {"average": "uptime", "of_last": 1, "is": comparison}}})
        told: list[Month] = [([line("uptime", "i", value="96/100", open_above=True)], None)]
        assert [each.state for each in at_the_end(file, told)] == [expected]


# A period in parts.


def test_the_parts_of_a_period_are_one_period_with_the_gravest_verdict() -> None:
    file = agreement({"terminate": {"when": {"level": "uptime", "breached": 2}}})
    may, june = months(2)
    first = PeriodPartShown(title="", first_day="2026-05-01", last_day="2026-05-10", start="", end="")
    second = first.model_copy(update={"first_day": "2026-05-11", "last_day": "2026-05-31"})
    history = History()
    for part, letter in ((first, "b"), (second, "m")):
        history.keep(settling(file, may), statement(may, ([line("uptime", letter)], None), part), {})
    (found,) = states(settling(file, june), Settled((line("uptime", "b"),), None), history)
    assert (found.state, found.periods) == ("arose", ("2026-05", "2026-06"))
    # In the second part of a period the first one counts too.
    cut = SimpleNamespace(start=date(2026, 6, 11), end=date(2026, 7, 1))
    shown = PeriodPartShown(title="", first_day="2026-06-01", last_day="2026-06-10", start="", end="")
    history.keep(settling(file, june), statement(june, ([line("uptime", "b")], None), shown), {})
    (found,) = states(settling(file, june, part=cut), Settled((line("uptime", "m"),), None), history)
    assert (found.state, found.periods) == ("arose", ("2026-05", "2026-06"))


def test_the_mean_of_parts_is_weighted_by_their_days() -> None:
    file = agreement({"terminate": {"when": {"average": "uptime", "of_last": 1, "is": "< 97%"}}})
    (june,) = months(1)
    shown = PeriodPartShown(title="", first_day="2026-06-01", last_day="2026-06-10", start="", end="")
    # 10 days of 95 % and 20 of 98 % are 97 % on average, by which no one is below it.
    for other, expected in (("98/100", "not-arisen"), ("97999/100000", "arose")):
        history = History()
        history.keep(settling(file, june), statement(june, ([line("uptime", "m", value="95/100")], None), shown), {})
        cut = SimpleNamespace(start=date(2026, 6, 11), end=date(2026, 7, 1))
        found = states(settling(file, june, part=cut), Settled((line("uptime", "m", value=other),), None), history)
        assert [each.state for each in found] == [expected]


# Against a plain loop over every way to fill in what is not known.

Condition = dict[str, Any]


def simple(of: str) -> st.SearchStrategy[Condition]:
    breached = st.tuples(st.integers(1, 3), st.integers(0, 3)).map(
        lambda n: {"level": of, "breached": n[0], "of_last": n[0] + n[1]}
    )
    within = st.tuples(st.integers(1, 3), st.integers(1, 4), st.booleans()).map(
        lambda n: {"level": of, "failures": n[0], "over": f"{n[1]} periods", "every": n[2]}
    )
    return breached | within


several = st.lists(simple("uptime") | simple("response"), min_size=1, max_size=3)
conditions = (
    simple("uptime") | several.map(lambda found: {"any_of": found}) | several.map(lambda found: {"all_of": found})
)


def holds(when: Condition, world: dict[str, str], at: int) -> set[int] | None:
    """The months that a condition rests on at the end of one, where everything is known; None where it fails."""
    if "any_of" in when or "all_of" in when:
        parts = [holds(each, world, at) for each in when.get("any_of") or when["all_of"]]
        held = [each for each in parts if each is not None]
        enough = len(held) == len(parts) if "all_of" in when else bool(held)
        return set().union(*held) if enough else None
    span = when.get("of_last") or int(when["over"].split()[0])
    looked = [month for month in range(at - span + 1, at + 1) if month >= 0]
    failed = {month for month in looked if world[when["level"]][month] == "b"}
    if when.get("every"):
        before = len(failed - {at})
        return failed if before // when["failures"] < len(failed) // when["failures"] else None
    return failed if len(failed) >= (when.get("breached") or when["failures"]) else None


def plainly(when: Condition, world: dict[str, str], within: int | None) -> str:
    last = len(world["uptime"]) - 1
    now = holds(when, world, last)
    if within is None:
        return "not-arisen" if now is None else "arose"
    for month in range(max(0, last - within), last + 1):
        then = holds(when, world, month)
        if then is not None and month in then:
            return "arose"
    return "not-arisen" if now is None else "expired"


LENGTH = 6
letters = st.text("mb", min_size=LENGTH, max_size=LENGTH)
holes = st.lists(st.tuples(st.sampled_from(["uptime", "response"]), st.integers(0, LENGTH - 1)), max_size=4)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(conditions, letters, letters, holes, st.integers(0, 2), st.sampled_from([None, 0, 1, 2, 3]))
def test_random_histories_agree_with_a_plain_loop(
    when: Condition, uptime: str, response: str, holes: list[tuple[str, int]], unsettled: int, within: int | None
) -> None:
    """``unsettled`` months have no statement at all, and ``holes`` are verdicts that are open."""
    right: dict[str, Any] = {"when": when}
    if within is not None:
        right["exercise_within"] = f"{within} months" if within else "1 day"
    begun = months(LENGTH)[0].start.isoformat()
    file = agreement({"terminate": right}, effective=begun)
    world = {"uptime": uptime, "response": response}
    open_ones = set(holes) | {(of, month) for of in world for month in range(1, 1 + unsettled)}
    filled = set()
    for way in product("mb", repeat=len(open_ones)):
        cells = dict(zip(sorted(open_ones), way, strict=True))
        full = {of: "".join(cells.get((of, at), text[at]) for at in range(LENGTH)) for of, text in world.items()}
        filled.add(plainly(when, full, within))
    told: list[Month] = [
        ([line(of, "i" if (of, at) in open_ones else text[at]) for of, text in world.items()], None)
        for at in range(LENGTH)
    ]
    for month in range(1, 1 + unsettled):
        told[month] = None
    (found,) = at_the_end(file, told)
    monotone = not any(each.get("every") for each in when.get("any_of") or when.get("all_of") or [when])
    if len(filled) == 1 and (monotone or found.state != "undecided"):
        assert found.state == next(iter(filled))
    elif len(filled) > 1:
        assert found.state == "undecided"


def test_subjects_without_any_failure_are_told_once() -> None:
    file = agreement({"cancel": {"when": {"level": "uptime", "breached": 2, "of_last": 3}}}, PER_CIRCUIT)
    lines = [line("uptime", "m", f"c{number}") for number in range(200)]
    told: list[Month] = [([*lines, line("uptime", "b", "c200")], None)] * 3
    assert by_subject(at_the_end(file, told)) == {"c200": "arose"}
