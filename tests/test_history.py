"""A month settled alone, with the statements of the months before it, is the month of a run over all of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime
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
from slacheck.statement import Statement, Statements
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
    {"seed": st.integers(0, 10**6), "banked": st.booleans(), "amended": st.booleans(), "term": st.booleans()}
)


def world(folder: Path, seed: int, banked: bool, amended: bool, term: bool) -> Path:
    exports(folder, seed)
    changed: Document = {}
    settlement = dict(BODY["settlement"])
    if banked:
        settlement["earn_back"] = BANKED
    if term:
        settlement["cap"] = ["90.00 per term", "35.00 per quarter"]
    changed["settlement"] = settlement
    if amended:
        changed["amendments"] = [CHANGED]
    return agreement(folder, **changed)


@given(worlds, st.integers(1, len(MONTHS) - 1))
@examples(25)
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
@examples(4)
def test_month_after_month_each_with_the_statements_before_it_is_the_whole_run(drawn: dict[str, Any]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = world(folder, **drawn)
        kept = folder / "statements"
        kept.mkdir()
        for month in MONTHS:
            save(kept / f"{month}.json", run(path, month, kept))
        whole = run(path, ALL)
        for month in MONTHS:
            alone = run(path, month, kept)
            notes = [note for each in alone for note in each.data if "is left aside" in note.text]
            assert len(notes) == len(alone)
            alone = [
                each.model_copy(update={"data": tuple(note for note in each.data if note not in notes)})
                for each in alone
            ]
            assert apart_from_history(alone) == apart_from_history(of(whole, month))
