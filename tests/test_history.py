"""A month settled alone, with the statements of the months before it, is the month of a run over all of them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck import api
from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.problems import DataError
from slacheck.reports import json as written_as
from slacheck.reports.view import View
from slacheck.statement import Amount, Statement, Statements
from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import Document, examples, write

PASSED = instant_of(datetime(2027, 6, 1), zone("UTC"))
MONTHS = [f"2026-{month:02}" for month in range(1, 8)]
ALL = f"{MONTHS[0]}..{MONTHS[-1]}"
HEAD: Document = {"slacheck": 1, "id": "hosting", "provider": "Northwind", "customer": "Acme", "timezone": "UTC"}

# Every way in which earlier periods count: an expected level, a composite of several periods, repeated failure of
# subjects and of records, caps over months and over the term, what is earned back, a right.
BODY: Document = {
    **HEAD,
    "currency": "EUR",
    "effective": "2026-01-01",
    "fees": {"monthly": "100.00"},
    "sources": {
        "survey": {"path": "survey.csv", "shape": "samples", "columns": {"at": "month", "value": "score", "site": "s"}},
        "log": {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to", "site": "s"}},
    },
    "service_levels": {
        "score": {
            "measure": {"kind": "reported-value", "from": "survey"},
            "per": "site",
            "target": {"expected": ">= 8", "minimum": ">= 5", "below_expected": "2 of 4"},
            "rounded": {"to": "1", "mode": "half-up"},
            "credit": {
                "kind": "bands",
                "of": "monthly",
                "bands": {"< 3": "37.5%", "< 5": "20%"},
                "repeat": {"breaches_in": "3 months", "times": {">= 2": "1.5", ">= 3": "2"}},
                "cap": "60% of monthly per 4 months",
            },
        },
        "mean": {
            "measure": {"kind": "composite", "of": ["score"], "combine": "mean", "periods": 3},
            "target": ">= 6",
            "credit": {"kind": "per-unit", "each": "1", "counting": "linear", "pays": "7.77", "cap": "20.00"},
        },
        "repair": {
            "measure": {"kind": "downtime", "from": "log"},
            "per": ["site", "outage"],
            "target": "<= 2h",
            "credit": {
                "kind": "per-unit",
                "each": "1h",
                "counting": "started",
                "pays": "3.33",
                "repeat": {"breaches_in": "3 periods", "times": {">= 2": "2"}},
                "cap": "40.00 per 3 months",
            },
        },
    },
    "settlement": {
        "cap": ["150.00 per 12 months"],
        "earn_back": {"met": 2, "of_last": 2, "returns": "50%", "within": "5 months"},
    },
    "rights": {"terminate": {"when": {"level": "score", "breached": 2, "of_last": 4}, "exercise_within": "30 days"}},
}
BANKED = {"met": 1, "of_last": 2, "returns": "40%", "used": "against-credits", "expires": "3 months"}
CHANGED: Document = {
    "effective": "2026-04-11",
    "fees": {"monthly": "130.00"},
    "service_levels": {"score": {"rounded": None}, "mean": {"target": ">= 7"}},
}


def exports(folder: Path, seed: int) -> None:
    drawn = random.Random(seed)
    scores = [
        (f"{month}-01T00:00:00Z", f"{drawn.randint(10, 100) / 10:.1f}", site)
        for month in MONTHS
        for site in "ab"
        # A month without a value leaves its line open.
        if drawn.random() < 0.93
    ]
    outages = []
    for month in MONTHS:
        for site in "ab":
            for day in sorted(drawn.sample(range(1, 28), drawn.randint(0, 2))):
                end = f"{month}-{day:02}T{drawn.randint(1, 9):02}:00:00Z"
                outages.append((f"{month}-{day:02}T00:00:00Z", end, site))
    write(folder, "survey.csv", ("month", "score", "s"), [*scores, ("2025-12-01T00:00:00Z", "9", "a")])
    write(folder, "log.csv", ("from", "to", "s"), [*outages, ("2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z", "a")])


def agreement(folder: Path, **changed: Any) -> Path:
    path = folder / "agreement.yaml"
    path.write_text(json.dumps({**BODY, **changed}), encoding="utf-8")
    return path


def save(path: Path, statements: Sequence[Statement]) -> Path:
    shown = Statements(slacheck_statements=1, statements=tuple(statements))
    path.write_text(written_as.render(shown, View()), encoding="utf-8")
    return path


def run(path: Path, period: str, *history: Path | Statement, as_of: int = PASSED) -> list[Statement]:
    return evaluate([load(path)], period, as_of, {}, history)


def of(statements: Sequence[Statement], month: str) -> list[Statement]:
    return [each for each in statements if each.period.label == month]


def apart_from_history(statements: Sequence[Statement]) -> list[Statement]:
    return [each.model_copy(update={"history": ()}) for each in statements]


worlds = st.fixed_dictionaries(
    {"seed": st.integers(0, 10**6), **{key: st.booleans() for key in ("banked", "amended", "term")}}
)


def world(folder: Path, seed: int, banked: bool, amended: bool, term: bool, returns: bool = True) -> Path:
    exports(folder, seed)
    changed: Document = {}
    settlement = dict(BODY["settlement"])
    if not returns:
        del settlement["earn_back"]
    elif banked:
        settlement["earn_back"] = BANKED
    if term:
        settlement["cap"] = ["90.00 per term", "35.00 per quarter"]
    changed["settlement"] = settlement
    if amended:
        changed["amendments"] = [CHANGED]
    return agreement(folder, **changed)


@given(worlds, st.integers(1, len(MONTHS) - 1))
@examples(5)
def test_with_the_whole_history_a_month_alone_is_that_of_the_whole_run(drawn: dict[str, Any], at: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = world(folder, **drawn)
        whole = run(path, ALL)
        before = [each for month in MONTHS[:at] for each in of(whole, month)]
        given = save(folder / "earlier.json", before)
        alone = run(path, MONTHS[at], given)
        together = of(whole, MONTHS[at])
        assert apart_from_history(alone) == apart_from_history(together)
        for one, other in zip(alone, together, strict=True):
            assert [(each.period, each.part) for each in one.history] == [
                (each.period, each.part) for each in other.history
            ]
            files = {each.file for each in one.history if each.period != MONTHS[at]}
            assert files <= {str(given)}
            assert {each.file for each in other.history} <= {"this run"}


@given(worlds)
@examples(1)
def test_month_after_month_each_with_the_statements_before_it_is_the_whole_run(drawn: dict[str, Any]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = world(folder, **drawn)
        kept = folder / "statements"
        kept.mkdir()
        whole = run(path, ALL)
        for month in MONTHS:
            alone = run(path, month, kept)
            assert apart_from_history(alone) == apart_from_history(of(whole, month))
            save(kept / f"{month}.json", alone)


@given(worlds, st.sets(st.integers(0, 4), max_size=4))
@examples(4)
def test_what_is_not_known_leaves_open_what_the_whole_history_decides(drawn: dict[str, Any], known: set[int]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        # Nothing bounds what might be earned back of credits that nobody knows; a remark says so.
        path = world(folder, **{**drawn, "returns": False})
        whole = run(path, ALL)
        given = [each for at in sorted(known) for each in of(whole, MONTHS[at])]
        for some, all_known in zip(run(path, MONTHS[5], *given), of(whole, MONTHS[5]), strict=True):
            for part, full in zip(some.lines, all_known.lines, strict=True):
                assert part.verdict in (full.verdict, "indeterminate")
                if full.credit is not None:
                    assert part.credit is not None
                    assert Fraction(part.credit.least.amount) <= Fraction(full.credit.least.amount)
                    assert at_most(full.credit.most.amount if full.credit.most else None, part.credit.most)
            assert some.total is not None
            assert all_known.total is not None
            assert Fraction(some.total.least) <= Fraction(all_known.total.least)
            assert some.total.most is None or at_most(all_known.total.most, Amount(amount=some.total.most, exact=None))
            for right, decided in zip(some.rights, all_known.rights, strict=True):
                assert right.state in (decided.state, "undecided")


def at_most(amount: str | None, bound: Amount | None) -> bool:
    return bound is None or (amount is not None and Fraction(amount) <= Fraction(bound.amount))


def test_without_any_history_nothing_that_rests_on_it_is_denied(tmp_path: Path) -> None:
    exports(tmp_path, 1)
    (alone,) = run(agreement(tmp_path), MONTHS[4])
    assert alone.history == ()
    (mean,) = [line for line in alone.lines if line.level == "mean"]
    assert mean.verdict == "indeterminate"
    assert "of the values that it is made of are not known" in mean.reason
    assert alone.rights[0].state in ("arose", "undecided")


def told(statement: Statement) -> list[str]:
    return [note.text for note in statement.data if note.text.startswith("history: ")]


def test_a_period_that_the_run_settles_is_left_aside_without_a_word(tmp_path: Path) -> None:
    exports(tmp_path, 2)
    path = agreement(tmp_path)
    first, second = run(path, f"{MONTHS[0]}..{MONTHS[1]}")
    # Of another version, of which nothing is read.
    other = first.model_copy(update={"agreement": first.agreement.model_copy(update={"terms": "x", "sha256": "x"})})
    given = save(tmp_path / "earlier.json", [other, second])
    again = run(path, f"{MONTHS[0]}..{MONTHS[1]}", given)
    assert again == [first, second]


def test_a_statement_of_a_period_that_still_ran_is_not_the_period(tmp_path: Path) -> None:
    exports(tmp_path, 3)
    path = agreement(tmp_path)
    (running,) = run(path, MONTHS[0], as_of=instant_of(datetime(2026, 1, 20), zone("UTC")))
    assert running.period.running
    given = save(tmp_path / "earlier.json", [running])
    (alone,) = run(path, MONTHS[1], given)
    assert alone.history == ()
    assert f"history: {given} says how {MONTHS[0]} stood while it ran, and the period counts as not known" in told(
        alone
    )
    (whole,) = run(path, MONTHS[0])
    (alone,) = run(path, MONTHS[1], given, whole)
    assert told(alone) == []
    assert [(each.period, each.file, each.sha256) for each in alone.history] == [(MONTHS[0], "history[1]", None)]


def test_one_part_of_a_period_is_not_the_period(tmp_path: Path) -> None:
    exports(tmp_path, 4)
    path = agreement(tmp_path, amendments=[CHANGED])
    parts = run(path, MONTHS[3])
    (alone,) = run(path, MONTHS[4], parts[1])
    assert alone.history == ()
    assert f"history: only 1 of the 2 parts of {MONTHS[3]} are given, and it counts as not known" in told(alone)
    (alone,) = run(path, MONTHS[4], *reversed(parts))
    assert [each.part for each in alone.history] == ["2026-04-01..2026-04-10", "2026-04-11..2026-04-30"]


def test_an_amendment_added_later_leaves_earlier_statements_valid(tmp_path: Path) -> None:
    exports(tmp_path, 5)
    earlier = run(agreement(tmp_path), f"{MONTHS[0]}..{MONTHS[2]}")
    path = agreement(tmp_path, amendments=[CHANGED])
    assert earlier[0].agreement.sha256 != load(path).digest
    alone = run(path, MONTHS[3], *earlier)
    assert apart_from_history(alone) == apart_from_history(of(run(path, ALL), MONTHS[3]))


def problem(path: Path, *history: Path | Statement) -> str:
    with pytest.raises(DataError) as raised:
        run(path, MONTHS[4], *history)
    (found,) = raised.value.problems
    return found.message


def test_a_statement_of_other_terms_is_refused(tmp_path: Path) -> None:
    exports(tmp_path, 6)
    earlier = run(agreement(tmp_path), MONTHS[3])
    changed = agreement(tmp_path, fees={"monthly": "101.00"})
    assert problem(changed, *earlier).startswith("made of another version of 'hosting': terms ")
    weekly = agreement(tmp_path, period="quarter", settlement={}, rights={})
    with pytest.raises(DataError, match="'2026-04' is not a period of 'hosting'"):
        run(weekly, "2026-Q3", *earlier)
    amended = agreement(tmp_path, amendments=[CHANGED])
    assert "is settled in other parts" in problem(amended, *earlier)
    # The note says something of nobody's terms.
    assert run(agreement(tmp_path, notes=["read again"]), MONTHS[4], *earlier)


def test_a_statement_of_another_agreement_is_refused(tmp_path: Path) -> None:
    exports(tmp_path, 7)
    earlier = run(agreement(tmp_path), MONTHS[3])
    other = agreement(tmp_path, id="housing")
    assert problem(other, *earlier) == "a statement of the agreement 'hosting', and none of this run has that id"


def test_two_statements_of_one_period_are_refused_where_they_differ(tmp_path: Path) -> None:
    exports(tmp_path, 8)
    path = agreement(tmp_path)
    (one,) = run(path, MONTHS[3])
    (same,) = run(path, MONTHS[3])
    first, second = save(tmp_path / "1.json", [one]), save(tmp_path / "2.json", [same])
    (alone,) = run(path, MONTHS[4], first, second, first)
    assert {each.file for each in alone.history} == {str(first)}
    differs = one.model_copy(update={"lines": one.lines[:1]})
    second = save(tmp_path / "2.json", [differs])
    assert problem(path, first, second) == f"2026-04 is also in {first}, and they differ"


def test_the_same_agreement_twice_in_one_run_is_settled_twice(tmp_path: Path) -> None:
    exports(tmp_path, 9)
    path = agreement(tmp_path, amendments=[CHANGED])
    whole = run(path, ALL)
    loaded = load(path)
    assert evaluate([loaded, loaded], ALL, PASSED, {}) == [*whole, *whole]
    assert evaluate([load(path), load(path)], ALL, PASSED, {}) == [*whole, *whole]


def test_a_value_too_long_to_be_written_is_not_known(tmp_path: Path) -> None:
    exports(tmp_path, 10)
    path = agreement(tmp_path)
    earlier = run(path, f"{MONTHS[0]}..{MONTHS[3]}")

    def shortened(statement: Statement) -> Statement:
        lines = [
            line.model_copy(update={"best": line.best.model_copy(update={"exact": None})})
            if line.level == "score" and line.best is not None
            else line
            for line in statement.lines
        ]
        return statement.model_copy(update={"lines": tuple(lines)})

    (alone,) = run(path, MONTHS[4], *map(shortened, earlier))
    (mean,) = [line for line in alone.lines if line.level == "mean"]
    assert mean.verdict == "indeterminate"
    assert [text for text in told(alone) if "too long" in text] == [
        f"history: the value of 'score' in {month} is too long to be written exactly, and not known"
        for month in (MONTHS[3], MONTHS[2])
    ]


def test_from_python_statements_and_paths_are_given(tmp_path: Path) -> None:
    exports(tmp_path, 11)
    path = agreement(tmp_path)
    whole = api.evaluate_all([path], period=ALL)
    (tmp_path / "kept").mkdir()
    save(tmp_path / "kept" / "early.json", whole[:2])
    alone = api.evaluate(path, period=MONTHS[4], history=[tmp_path / "kept", *whole[2:4]])
    assert apart_from_history([alone]) == apart_from_history(whole[4:5])
    assert api.evaluate(path, period=MONTHS[1], history=whole[0]).history[0].file == "history[0]"
