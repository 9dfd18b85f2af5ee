"""The periods before a statement's own, as it shows them: a picture, on which nothing in it rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from slacheck import earlier_periods
from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import Statement
from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import Document, run, write

PASSED = instant_of(datetime(2027, 6, 1), zone("UTC"))
MONTHS = [f"2025-{month:02}" for month in (10, 11, 12)] + [f"2026-{month:02}" for month in range(1, 13)]
LEVEL: Document = {
    "measure": {"kind": "reported-value", "from": "survey"},
    "per": "site",
    "target": ">= 5",
    "credit": {"kind": "bands", "of": "monthly", "bands": {"< 5": "20%"}},
}
BODY: Document = {
    "timezone": "UTC",
    "currency": "EUR",
    "fees": {"monthly": "100.00"},
    "sources": {
        "survey": {"path": "survey.csv", "shape": "samples", "columns": {"at": "t", "value": "score", "site": "s"}},
    },
    "service_levels": {"score": LEVEL},
}


def survey(folder: Path, months: Sequence[str] = MONTHS) -> None:
    """Site a has its month as its score, site b five."""
    rows = [(f"{month}-01T00:00:00Z", int(month[5:]), "a") for month in months]
    rows += [(f"{month}-02T00:00:00Z", 5, "b") for month in months]
    write(folder, "survey.csv", ("t", "score", "s"), rows)


def seen(statement: Statement) -> list[tuple[str, str, str | None]]:
    return [(each.period, each.verdict, each.least) for each in statement.earlier]


def test_eleven_periods_directly_before_are_shown_in_the_order_of_time(tmp_path: Path) -> None:
    survey(tmp_path)
    found = run(tmp_path, BODY, "2025-10..2026-12", PASSED)
    for number, statement in enumerate(found):
        before = found[max(0, number - 11) : number]
        assert seen(statement) == [
            (each.period.label, each.verdict, each.total.least if each.total else None) for each in before
        ]
        assert statement.history == ()
    last = found[-1].earlier
    assert [each.period for each in last] == MONTHS[-12:-1]
    assert (last[0].title, last[0].first_day, last[0].last_day) == ("January 2026", "2026-01-01", "2026-01-31")
    # 20 % of 100.00 below a score of 5; site b is at the target.
    lines = {line.subject: line for line in last[0].lines}
    assert {name: (line.verdict, line.credit_least, line.credit_most) for name, line in lines.items()} == {
        "a": ("breached", "20.00", "20.00"),
        "b": ("met", "0.00", "0.00"),
    }
    assert lines["a"].best is not None
    assert (lines["a"].best.exact, lines["a"].target) == ("1/1", ">= 5")


def test_what_was_given_is_shown_as_what_the_run_made_and_gaps_stay_gaps(tmp_path: Path) -> None:
    survey(tmp_path)
    found = run(tmp_path, BODY, "2025-10..2026-12", PASSED)
    file = load(tmp_path / "agreement.yaml")
    (alone,) = evaluate([file], "2026-12", PASSED, {}, found[:-1])
    assert alone == found[-1]
    (between,) = evaluate([file], "2026-12", PASSED, {}, [found[4], found[12]])
    assert [each.period for each in between.earlier] == ["2026-02", "2026-10"]
    (nothing,) = evaluate([file], "2026-12", PASSED, {})
    assert nothing.earlier == ()
    for other in (between, nothing):
        assert (other.verdict, other.lines, other.total, other.data) == (
            alone.verdict,
            alone.lines,
            alone.total,
            alone.data,
        )


def test_lines_are_those_that_the_statement_has_too_and_of_many_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(tmp_path)
    changed = {
        **BODY,
        "service_levels": {"score": LEVEL, "other": LEVEL},
        "amendments": [{"effective": "2026-12-01", "service_levels": {"other": None}}],
    }
    first, last = run(tmp_path, changed, "2026-11..2026-12", PASSED)
    assert [(line.level, line.subject) for line in first.lines] == [
        ("score", "a"),
        ("score", "b"),
        ("other", "a"),
        ("other", "b"),
    ]
    assert [[(line.level, line.subject) for line in each.lines] for each in last.earlier] == [
        [("score", "a"), ("score", "b")]
    ]
    monkeypatch.setattr(earlier_periods, "MOST_LINES", 1)
    _, last = run(tmp_path, BODY, "2026-11..2026-12", PASSED)
    assert seen(last) == [("2026-11", "met", "0.00")]
    assert last.earlier[0].lines == ()


def test_the_parts_of_a_period_come_before_it_and_before_each_other(tmp_path: Path) -> None:
    survey(tmp_path)
    changed = {**BODY, "amendments": [{"effective": "2026-11-11", "fees": {"monthly": "200.00"}}]}
    _, first, second, last = run(tmp_path, changed, "2026-10..2026-12", PASSED)
    days = [[(each.first_day, each.last_day) for each in of.earlier] for of in (first, second, last)]
    october, parts = ("2026-10-01", "2026-10-31"), [("2026-11-01", "2026-11-10"), ("2026-11-11", "2026-11-30")]
    assert days == [[october], [october, parts[0]], [october, *parts]]
    assert last.earlier[1].title == "1 November to 10 November 2026, before the amendment of 11 November 2026"


def test_what_ended_before_the_agreement_began_is_no_period_of_it(tmp_path: Path) -> None:
    survey(tmp_path)
    found = run(tmp_path, {**BODY, "effective": "2026-11-01"}, "2026-11..2026-12", PASSED)
    assert [seen(each) for each in found] == [[], [("2026-11", "met", "0.00")]]
