"""From statements to the scorecard: its order, its sums, and what became better or worse."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.portfolio import Gathered, Owed, PeriodScore, Row, Unsettled, scorecard
from slacheck.problems import Problem
from slacheck.statement import RightState, Statement
from slacheck.verdicts import Verdict
from tests.portfolio.cards import line, statement, total
from tests.reports import statements as made

GRAVE = ["breached", "not-settled", "indeterminate", "met", "not-applicable", "not-in-force"]


def ids(*statements: Statement, unsettled: tuple[Unsettled, ...] = ()) -> list[str]:
    return [row.agreement or row.file for row in scorecard(Gathered(statements, unsettled)).rows]


def only(*statements: Statement) -> Row:
    (row,) = scorecard(Gathered(statements)).rows
    return row


def test_rows_stand_by_verdict_then_within_one_currency_by_what_is_owed_then_by_name() -> None:
    failed = Unsettled("failed.yaml", (Problem("failed.yaml", message="nothing was read"),))
    idle = Unsettled("idle.yaml", (), idle=True)
    assert ids(
        statement("met", "met", total("GBP", "0.00", "0.00")),
        statement("gbp-small", "breached", total("GBP", "9.00", "9.00")),
        statement("eur", "breached", total("EUR", "10.00", "10.00")),
        statement("gbp-large", "breached", total("GBP", "10.00", "10.00")),
        statement("gbp-open", "breached", total("GBP", "0.00", None)),
        statement("no-money", "breached"),
        statement("open", "indeterminate", total("GBP", "0.00", "99.00")),
        statement("b", "not-applicable"),
        statement("a", "not-applicable"),
        unsettled=(idle, failed),
    ) == [
        *("eur", "gbp-open", "gbp-large", "gbp-small", "no-money"),
        *("failed.yaml", "open", "met", "a", "b", "idle.yaml"),
    ]


def test_currencies_are_never_added_and_bounds_are_kept() -> None:
    card = scorecard(
        Gathered(
            (
                statement("a", "breached", total("GBP", "100.10", "200.20")),
                statement("b", "breached", total("GBP", "-0.30", "5.00")),
                statement("c", "breached", total("JPY", "1200", None)),
                statement("d", "breached", total("JPY", "1", "1")),
            )
        )
    )
    assert card.owed == (
        Owed(currency="GBP", least="99.80", most="205.20"),
        Owed(currency="JPY", least="1201", most=None),
    )


def test_a_row_is_the_gravest_of_its_periods_and_the_sum_of_them() -> None:
    october = statement(
        "a",
        "met",
        total("GBP", "0.00", "0.00"),
        lines=(line("met"), line("met", role="kpi"), line("missed", role="kpi")),
    )
    september = statement(
        "a",
        "breached",
        total("GBP", "12.50", "12.50", claim_by="2026-10-31"),
        month=9,
        lines=(line("breached"), line("met")),
    )
    arose = RightState(name="terminate", state="arose", reason="", use_by="2026-12-01")
    row = only(
        october.model_copy(update={"rights": (arose, arose.model_copy(update={"state": "undecided"}))}), september
    )
    assert (row.verdict, row.claim_by, row.kpis, row.kpis_missed) == ("breached", "2026-10-31", 2, 1)
    assert (row.levels.met, row.levels.breached, row.levels.all) == (2, 1, 3)
    assert row.owed == (Owed(currency="GBP", least="12.50", most="12.50"),)
    assert [(right.name, right.period, right.use_by) for right in row.rights] == [
        ("terminate", "2026-10", "2026-12-01")
    ]
    assert [(each.label, each.verdict, each.change) for each in row.periods] == [
        ("2026-09", "breached", None),
        ("2026-10", "met", "better"),
    ]


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (("met", None), ("met", None), "same"),
        (("met", None), ("breached", None), "worse"),
        (("indeterminate", None), ("met", None), None),
        (("not-applicable", None), ("met", None), None),
        (("breached", None), ("breached", None), "same"),
        (("breached", ("1.00", "2.00")), ("breached", ("3.00", None)), "worse"),
        (("breached", ("2.00", "2.00")), ("breached", ("1.00", "1.50")), "better"),
        (("breached", ("2.00", "2.00")), ("breached", ("2.00", "2.00")), "same"),
        (("breached", ("1.00", "2.00")), ("breached", ("1.00", "2.00")), None),
        (("breached", ("1.00", None)), ("breached", ("3.00", "3.00")), None),
    ],
)
def test_better_and_worse_are_said_only_where_the_data_leave_no_doubt(
    before: Any, now: Any, change: str | None
) -> None:
    def month(number: int, what: Any) -> Statement:
        verdict, owed = what
        return statement("a", verdict, total("GBP", *owed) if owed else None, month=number)

    last: PeriodScore = only(month(10, now), month(9, before)).periods[-1]
    assert last.change == change


def test_two_currencies_are_no_better_and_no_worse() -> None:
    pounds = statement("a", "breached", total("GBP", "1.00", "1.00"), month=9)
    euros = statement("a", "breached", total("EUR", "9.00", "9.00"))
    row = only(pounds, euros)
    assert row.periods[-1].change is None
    assert [each.currency for each in row.owed] == ["EUR", "GBP"]


def test_the_worst_level_is_the_gravest_then_the_dearest_then_the_furthest_beyond_its_target() -> None:
    met = made.available()
    cheap = line("breached", level="cheap", credit=made.band("< 99.9%", "1%", "10.00"))
    dear = line("breached", level="dear", credit=made.band("< 99.9%", "5%", "50.00"))
    further = dear.model_copy(update={"level": "further", "margin_worst": made.exact(-9)})
    found = only(statement("a", "breached", lines=(met, cheap, dear, further))).worst
    assert found is not None
    assert (found.level, found.period) == ("further", "2026-10")
    kpi = line("missed", role="kpi")
    assert only(statement("a", "not-applicable", lines=(kpi,))).worst is None


@pytest.mark.parametrize(("by", "names"), [("provider", ["Bold", "Able"]), ("customer", ["C", "D"]), ("kind", ["sla"])])
def test_groups_stand_by_their_worst_row_and_add_up(by: Any, names: list[str]) -> None:
    card = scorecard(
        Gathered(
            (
                statement("a", "met", total("GBP", "1.00", "1.00"), provider="Able", customer="C"),
                statement("b", "breached", total("GBP", "2.00", "2.00"), provider="Bold", customer="C"),
                statement("c", "indeterminate", total("GBP", "4.00", "4.00"), provider="Bold", customer="D"),
            )
        ),
        by,
    )
    assert [group.name for group in card.groups] == names
    assert sorted(at for group in card.groups for at in group.rows) == [0, 1, 2]
    assert sum(Fraction(group.owed[0].least) for group in card.groups) == 7
    assert sum(group.agreements.all for group in card.groups) == 3


AMOUNTS = st.integers(-500, 100_000).map(
    lambda pence: f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"
)


@st.composite
def portfolios(draw: st.DrawFn) -> list[Statement]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        for month in draw(st.sets(st.integers(1, 9), min_size=1, max_size=3)):
            verdict: Verdict = draw(st.sampled_from(get_args(Verdict)))
            low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)), key=Fraction)
            owed = total(draw(st.sampled_from(["GBP", "EUR"])), low, draw(st.sampled_from([high, None])))
            found.append(statement(f"a{number}", verdict, draw(st.sampled_from([owed, None])), month=month))
    return found


@given(portfolios(), st.integers(), st.sampled_from(["provider", "kind", None]))
@settings(max_examples=60, deadline=None)
def test_the_order_of_statements_changes_nothing_and_totals_are_their_sums(
    statements: list[Statement], seed: int, by: Any
) -> None:
    card = scorecard(Gathered(tuple(statements)), by)
    shuffled = list(statements)
    random.Random(seed).shuffle(shuffled)
    assert scorecard(Gathered(tuple(shuffled)), by) == card
    for owed in card.owed:
        of = [each.total for each in statements if each.total and each.total.currency == owed.currency]
        assert Fraction(owed.least) == sum(Fraction(each.least) for each in of)
        bounded = all(each.most is not None for each in of)
        assert (Fraction(owed.most) if owed.most else None) == (
            sum(Fraction(e.most or 0) for e in of) if bounded else None
        )
    assert {owed.currency for owed in card.owed} == {each.total.currency for each in statements if each.total}
    ranks = [GRAVE.index(row.verdict) for row in card.rows]
    assert ranks == sorted(ranks)
    assert sum(len(row.periods) for row in card.rows) == len(statements)
