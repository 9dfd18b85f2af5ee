"""What a reader sees of a statement: what to do, the invoice, the periods before, and what is left out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from slacheck.reports import View
from slacheck.reports.document import Document, document
from slacheck.statement import (
    BudgetShown,
    CasesCounted,
    CourseShown,
    EarlierLine,
    EarlierShown,
    Exact,
    LeftShown,
    Line,
    RightState,
    SpanShown,
    Statement,
    Total,
)
from tests.reports import statements as made
from tests.reports.pictured_statements import pictured


def shown(statement: Statement) -> Document:
    return document(statement, View())


def actions(statement: Statement) -> list[tuple[str, str]]:
    return [(each.title, each.when) for each in shown(statement).actions]


def owing(line: Line, **credit: Any) -> Line:
    """The line with fields of its credit changed."""
    assert line.credit is not None
    return line.model_copy(update={"credit": line.credit.model_copy(update=credit)})


def owed(**other: Any) -> Total:
    return made.total("1200.00", "1200.00", **other)


def test_a_claim_has_its_days_and_what_it_needs() -> None:
    total = owed(claim_by="2026-11-15", claim_conditions=("account in good standing",), claim_evidence=("a log",))
    line = owing(made.breached(), claim_by="2026-11-15", claim_stages=("2026-11-15", "2026-12-15"))
    (action,) = shown(made.statement(line, total=total)).actions
    assert (action.title, action.when) == ("Claim the credit", "by 15 Nov 2026 and then by 15 Dec 2026")
    assert action.why == "Availability: £1,200.00; account in good standing; evidence: a log"
    assert action.urgent


def test_lines_with_days_of_their_own_are_claimed_by_themselves() -> None:
    lines = [owing(made.breached(host), claim_by=f"2026-11-{day}") for host, day in (("a", 20), ("b", 10), ("c", 20))]
    claims = shown(made.statement(*lines, total=owed(claim_by="2026-11-10"))).actions
    assert [(each.when, each.why) for each in claims] == [
        ("by 10 Nov 2026", "Availability: b: £1,200.00"),
        ("by 20 Nov 2026", "Availability: a and Availability: c: £2,400.00"),
    ]


@pytest.mark.parametrize("claimed", ["in-time", None])
def test_what_was_claimed_in_time_is_not_claimed_again(claimed: str | None) -> None:
    line = owing(made.breached(), claim_by="2026-11-15", claimed=claimed)
    found = actions(made.statement(line, total=owed(claim_by="2026-11-15")))
    assert found == ([] if claimed else [("Claim the credit", "by 15 Nov 2026")])


def test_nothing_owed_is_not_claimed_and_not_paid() -> None:
    total = made.total("0.00", "0.00", claim_by="2026-11-15", pay_by="2026-12-01")
    assert actions(made.statement(made.available(), total=total)) == []


def test_a_payment_names_who_pays_whom() -> None:
    (action,) = shown(made.statement(made.breached(), total=owed(pay_by="2026-12-01"))).actions
    assert (action.title, action.when, action.why) == (
        "Pay", "by 1 Dec 2026", "£1,200.00, Northwind Hosting to Acme Ltd",
    )  # fmt: skip
    bonus = made.total("-300.00", "-200.00", pay_by="2026-12-01")
    (action,) = shown(made.statement(made.available(), total=bonus)).actions
    assert action.why == "£200.00..£300.00, Acme Ltd to Northwind Hosting"


def test_what_is_missing_is_asked_for_where_it_leaves_something_open() -> None:
    whole = made.statement(made.api_errors(), sources=(made.requests(), made.probes()))
    (action,) = shown(whole).actions
    assert (action.title, action.when) == ("Send what is missing of requests", "Mon 19 Oct 02:00 to Mon 19 Oct 16:00")
    assert action.why.endswith("open until then: API errors £0.00..£600.00")


def test_cases_that_run_are_waited_for() -> None:
    cases = CasesCounted(total=9, open=2, within=5, late=2)
    line = made.api_errors().model_copy(update={"cases": cases, "counted": None})
    assert actions(made.statement(line)) == [("Evaluate again", "when the cases have ended")]


def test_rights_that_arose_are_decided_on_and_others_are_not() -> None:
    states: tuple[Any, ...] = ("arose", "undecided", "not-arisen", "expired")
    rights = tuple(
        RightState(name=state, state=state, reason="r", use_by="2026-12-30", clause="9.2") for state in states
    )  # fmt: skip
    (action,) = shown(made.statement(made.available(), rights=rights)).actions
    assert (action.title, action.when, action.clause) == ("Decide on the right: arose", "by 30 Dec 2026", "9.2")


def test_the_invoice_keeps_what_is_settled_from_what_is_open() -> None:
    account = shown(made.whole()).account
    assert account is not None
    assert [(line.name, line.settled, line.still_open) for line in account.lines] == [
        ("Availability", "£1,200.00", ""),
        ("API errors", "£0.00", "up to £600.00"),
    ]
    assert [[(step.text, step.value) for step in case.steps] for case in account.lines[1].cases] == [
        [("target met", "")],
        [("band > 1%", ""), ("5% of monthly £12,000.00", "£600.00")],
    ]
    assert (account.owed_name, account.settled, account.still_open) == (
        "Owed to Acme Ltd",
        "£1,200.00",
        "up to £1,800.00",
    )


def test_what_nothing_bounds_says_so() -> None:
    credit = made.between(
        made.amount("100.00", made.step("minimum", "minimum 100.00", "100")), None, open_because="the fee is not known"
    )
    line = made.breached().model_copy(update={"credit": credit})
    found = shown(made.statement(line, total=made.total("100.00", None)))
    assert found.verdict.still_open == "no upper bound"
    assert found.account is not None
    assert found.account.lines[0].still_open == "no upper bound"
    assert found.account.lines[0].cases[-1].steps[0].text == "the fee is not known"


def test_a_bonus_is_owed_to_the_provider() -> None:
    found = shown(made.statement(made.available(), total=made.total("-300.00", "-300.00")))
    assert found.verdict.amount is not None
    assert (found.verdict.amount.name, found.verdict.amount.value) == ("Owed to Northwind Hosting", "£300.00")


def test_months_that_nobody_knows_leave_their_place() -> None:
    found = shown(pictured())
    squares = found.levels.rows[0].history
    assert squares is not None
    # November to September without March, then October.
    assert squares.verdicts == ("met", "met", "met", "breached", None, *["met"] * 4, "breached", "met", "breached")
    history = found.sections[0].history
    assert history is not None
    assert [point.label for point in history.points] == [
        "Nov", "Dec", "Jan", "Feb", "", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
    ]  # fmt: skip
    assert [point.year for point in history.points][:3] == ["2025", "", "2026"]
    assert history.targets == ((Fraction(999, 1000), "≥ 99.9%"),)
    assert history.points[-1].now


def earlier(label: str, first: str, last: str) -> EarlierShown:
    value = Exact.of(Fraction(999, 1000))
    line = EarlierLine(level="availability", verdict="met", target=">= 99.9%", unit="share", best=value, worst=value)
    return EarlierShown(period=label, title=label, first_day=first, last_day=last, verdict="met", lines=(line,))


def test_quarters_are_called_by_their_label_and_a_missing_one_is_empty() -> None:
    whole = made.statement(
        made.breached(),
        earlier=(earlier("2025-Q4", "2025-10-01", "2025-12-31"), earlier("2026-Q2", "2026-04-01", "2026-06-30")),
    )
    days = {"label": "2026-Q3", "first_day": "2026-07-01", "last_day": "2026-09-30"}
    whole = whole.model_copy(update={"period": whole.period.model_copy(update=days)})
    history = shown(whole).sections[0].history
    assert history is not None
    assert [(point.label, point.year) for point in history.points] == [
        ("Q4", "2025"), ("", ""), ("Q2", "2026"), ("Q3", ""),
    ]  # fmt: skip


def test_credits_of_months_are_stacked_by_level_to_what_was_owed() -> None:
    credits = shown(pictured()).credits
    assert credits is not None
    assert credits.names == ("Availability", "API errors")
    by_label = {bar.label: bar for bar in credits.bars}
    assert [(share.name, share.amount) for share in by_label["Jun"].shares] == [(1, 600)]
    assert not by_label[""].known
    last = credits.bars[-1]
    assert (last.open, last.text, last.now) == (600, "£1,200.00..£1,800.00", True)
    assert credits.cap == (2400, "cap £2,400.00")
    assert [at for at, _ in credits.ticks] == [0, 1000, 2000, 3000]


def test_a_cap_takes_from_each_level_by_its_share() -> None:
    month = earlier("2026-09", "2026-09-01", "2026-09-30")
    lines = tuple(
        month.lines[0].model_copy(update={"level": level, "credit_least": amount, "credit_most": amount})
        for level, amount in (("availability", "300.00"), ("api-errors", "100.00"))
    )
    month = month.model_copy(update={"lines": lines, "least": "200.00", "most": "200.00"})
    whole = made.statement(made.available(), made.api_errors(), earlier=(month,))
    credits = shown(whole).credits
    assert credits is not None
    assert [(share.name, share.amount) for share in credits.bars[0].shares] == [(0, 150), (1, 50)]


def test_what_was_ruled_on_for_a_level_stands_with_it() -> None:
    first, second, *_ = shown(made.whole()).sections
    assert [(row.badge.word, row.excused, row.why) for row in first.exclusions] == [
        ("in part", "3:00:00", "1:00:00 beyond the allowance"),
        ("refused", "0:00:00", "announced too late; 5 days needed"),
    ]
    assert second.exclusions == ()


def test_a_balance_adds_up_row_by_row() -> None:
    (sheet,) = shown(made.whole()).sections[0].balances
    assert [(row.name, row.value) for row in sheet.rows] == [
        ("period", "745:00:00"),
        ("excluded", "3:00:00"),
        ("service time", "742:00:00"),
        ("up", "739:21:00"),
        ("down", "2:39:00"),
    ]


def test_of_many_lines_the_gravest_have_sections_and_the_rest_is_counted() -> None:
    lines = [made.available(f"host-{number}") for number in range(60)] + [made.breached("host-bad")]
    found = shown(made.statement(*lines, total=owed()))
    assert len(found.levels.rows) == 50
    assert found.levels.left_out == "and 11 more; every line is in the JSON"
    assert len(found.sections) == 20
    assert found.sections_left_out == "and 41 more; every line is in the JSON"
    assert [row.name for row in found.levels.rows if row.section][:2] == [
        "Availability: host-bad",
        "Availability: host-0",
    ]


def test_the_command_of_the_footer_can_be_pasted_into_a_shell() -> None:
    whole = made.statement(made.available())
    agreement = whole.agreement.model_copy(update={"file": "our agreement.yaml"})
    period = whole.period.model_copy(update={"as_of": "2026-11-02T00:00:00Z"})
    found = shown(whole.model_copy(update={"agreement": agreement, "period": period}))
    assert found.footer.command == (
        "slacheck evaluate 'our agreement.yaml' --period 2026-10 --as-of 2026-11-02T00:00:00Z"
    )  # fmt: skip


def test_a_strip_says_what_it_leaves_out_and_what_it_draws_twice() -> None:
    whole = pictured()
    strip = shown(whole).sections[0].strip
    assert strip is not None
    assert strip.description == (
        "2:39:00 down, 3:00:00 excluded; 3 shorter stretches of 0:01:30 together are not drawn"
    )  # fmt: skip
    again = SpanShown(state="down", start="2026-10-25T01:10:00Z", end="2026-10-25T01:20:00Z")
    line = whole.lines[0].model_copy(update={"course": CourseShown(spans=(again,))})
    strip = shown(whole.model_copy(update={"lines": (line,)})).sections[0].strip
    assert strip is not None
    assert strip.description.endswith("; the time that the clocks ran twice is drawn one above the other")


def test_a_period_that_runs_is_told_as_it_stands() -> None:
    whole = made.statement(made.breached(), total=owed())
    running = {"running": True, "as_of": "2026-10-20T11:00:00Z"}
    whole = whole.model_copy(update={"period": whole.period.model_copy(update=running)})
    found = shown(whole).verdict
    assert (found.headline, found.badge.word) == ("Availability is breached so far", "breached so far")
    assert [(fact.name, fact.value) for fact in found.facts] == [("As of", "Tue 20 Oct 2026 12:00")]


def test_what_is_left_of_a_period_that_runs_is_kept_to_and_what_is_lost_is_not() -> None:
    kept = BudgetShown(unit="cases", best=LeftShown(left=2), worst=LeftShown(left=2))
    lost = BudgetShown(unit="records", best=LeftShown(left=-1), worst=LeftShown(left=-1))
    lines = [made.available(host).model_copy(update={"budget": each}) for host, each in (("a", kept), ("b", lost))]
    whole = made.statement(*lines, total=owed(owed_anyway="700.00"))
    running = {"running": True, "as_of": "2026-10-20T11:00:00Z"}
    found = shown(whole.model_copy(update={"period": whole.period.model_copy(update=running)}))
    (action,) = found.actions
    assert action.title == "Keep Availability: a within what is left"
    assert (action.when, action.why) == ("until 31 Oct 2026", "2 late cases left")
    assert ("Owed whatever happens", "£700.00") in [(fact.name, fact.value) for fact in found.verdict.facts]


def test_the_command_says_the_locale_of_the_page() -> None:
    assert document(made.whole(), View(locale="de")).footer.command.endswith("--locale de")
