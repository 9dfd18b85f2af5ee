"""The terminal's lines of cases, days, expected levels, exclusions and corrections: what is said, and what is not."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from slacheck.reports import View
from slacheck.statement import CasesCounted, Exact, ExpectedShown
from tests.reports import case_statements as cases
from tests.reports import later_statements as later
from tests.reports import statements as made
from tests.reports.test_terminal import hostile_all_over, shown


def test_nothing_controls_the_terminal_in_the_wider_statements_either() -> None:
    for view in (View(60), View(80), View(100), View(80, ascii=True)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]", shown(hostile_all_over(), view))


def test_days_that_miss_the_target_by_a_hair_are_not_shown_as_days_that_meet_it() -> None:
    mean = Fraction(2) + Fraction(1, 10**9)
    line = cases.repair("F-1", 3).model_copy(update={"best": Exact.of(mean), "worst": Exact.of(mean)})
    assert "2.000000001 working days" in shown(made.statement(line))


def test_cases_left_are_rounded_toward_the_breach() -> None:
    """95 % of 39 cases are 37.05: with 37 within, a fraction of a case is missing."""
    line = cases.response("P1", ">= 95%", CasesCounted(total=39, open=0, within=37, late=2, early=0))
    text = shown(made.statement(line, total=made.total("600.00", "600.00", 1)))
    assert re.search(r"✗   Response, P1 +≥ 95% +94\.872% +-1 case +£600\.00\n", text)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("value", "text"), [("0.9994996", "99.94996%"), ("0.9989996", "99.89996%")])
def test_a_share_is_not_shown_as_the_expected_level_or_the_minimum_that_it_misses(
    value: str, text: str, told: bool
) -> None:
    """99.95 % are expected and 99.9 % are the minimum; the target names both where nothing is told of the first."""
    line = later.corrected()
    update = {"best": made.exact(value), "worst": made.exact(value), "expected": line.expected if told else None}
    assert text in shown(made.statement(line.model_copy(update=update)))


@pytest.mark.parametrize(("verdict", "text"), [("breached", "just under 99.9%"), ("met", "99.900%")])
def test_a_value_known_to_18_places_only_is_shown_on_the_side_of_its_verdict(verdict: str, text: str) -> None:
    rounded = Exact(exact=None, decimal="0.999")
    line = made.line("Up", ">= 99.9%", verdict, 1, 1, (0, 0)).model_copy(update={"best": rounded, "worst": rounded})
    assert re.search(rf"Up +≥ 99\.9% +{text}", shown(made.statement(line, total=None)))


def test_a_kpi_is_below_its_minimum_whether_or_not_an_expected_level_stands_behind_it() -> None:
    line = later.corrected().model_copy(update={"role": "kpi", "verdict": "missed"})
    assert "below target, not binding" in shown(made.statement(line, total=None))


def test_an_expected_level_that_the_target_does_not_name_counts_too() -> None:
    value = made.exact("0.9994996")
    line = later.corrected().model_copy(update={"target": ">= 99.9%", "best": value, "worst": value})
    assert "99.94996%" in shown(made.statement(line))


def test_a_target_of_misses_compares_with_no_value() -> None:
    """Few cases: what binds is the number that missed, not the share."""
    line = cases.response("P1", "<= 1 misses", CasesCounted(total=4, open=0, within=3, late=1, early=0))
    text = shown(made.statement(line.model_copy(update={"role": "kpi", "verdict": "missed"}), total=None))
    assert re.search(r"Response, P1 \(KPI\) +≤ 1 misses +75\.000%", text)
    assert "off target, not binding" in text


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({"met": True}, "expected ≥ 99.95% met corrected;"),
        ({"met": None}, "expected ≥ 99.95% undecided corrected;"),
        ({"met": True, "default_at": 4, "of": 12}, "expected ≥ 99.95% met corrected;"),
        (
            {"met": False, "missed": 3, "default_at": 3, "of": 6},
            "expected ≥ 99.95% missed; missed in 3 of the last 6 periods; from the 3rd on it is a breach",
        ),
    ],
)
def test_the_expected_level_is_told_with_what_follows_from_it(expected: dict[str, Any], text: str) -> None:
    shown_expected = ExpectedShown(target=">= 99.95%", **expected)
    line = later.corrected().model_copy(update={"expected": shown_expected})
    assert text in " ".join(shown(made.statement(line)).split())


def test_a_correction_of_several_lines_is_told_once_and_one_that_changed_nothing_as_such() -> None:
    first = later.corrected()
    same = first.before and first.before.model_copy(
        update={"verdict": first.verdict, "best": first.best, "worst": first.worst}
    )
    others = [first.model_copy(update={"subject": name, "before": same}) for name in ("web-2", "web-3")]
    text = shown(made.statement(first, *others, total=None))
    assert text.count("ticket 4711") == 1
    assert "[Availability: web-1 and 2 more]" in " ".join(text.split())
    assert text.count("corrected, which changes nothing") == 2


def test_an_unused_allowance_has_nothing_to_say_and_the_fullest_come_first() -> None:
    unused = later.afterwards().allowances[1]
    many = [unused.model_copy(update={"holds_for": (f"web-{n}",), "used": n * made.MINUTE}) for n in range(9)]
    text = shown(made.statement(made.available(), allowances=tuple(many)))
    used = [line for line in text.splitlines() if "used in" in line]
    assert used[0] == "  planned for web-8: 0:08:00 of 4h per month used in 2026-10"
    assert len(used) == 5
    assert "and 3 more; every allowance is in the JSON" in text
    assert "Exclusions" not in shown(made.statement(made.available(), allowances=(unused,)))


def test_what_went_beyond_an_allowance_stays_named_so_where_nothing_else_is_said() -> None:
    refused = later.excused(excused=0, excess=4 * made.HOUR, refused="beyond the allowance of 2 per month")
    text = shown(made.statement(made.available(), exclusions=(refused,)))
    assert "planned: 0:00:00 excused, 4:00:00 beyond the allowance, 1 of 1 refused\n" in text


def test_lines_of_one_case_and_of_periods_of_their_own_are_told_apart() -> None:
    weeks = [made.breached("web-1").model_copy(update={"period": f"week {week} of 2026"}) for week in (41, 42)]
    outages = weeks[0].worst_outages
    weeks = [
        week.model_copy(update={"worst_outages": outages[at : at + 1], "outages": 1}) for at, week in enumerate(weeks)
    ]
    text = shown(made.statement(*weeks, total=None), View(100))
    assert "Database failover failed [web-1, week 41 of 2026]" in text
    assert "Availability: web-1 (week 42 of 2026)" in text


def test_a_count_with_an_allowance_says_how_many_there_were() -> None:
    line = cases.visits().model_copy(update={"best": made.exact(3), "worst": made.exact(3), "open_above": False})
    assert "5 counted, the allowance taken off" in shown(made.statement(line))
    assert "counted" not in shown(made.statement(cases.visits()))
    assert "Where the requests went" not in shown(made.statement(cases.visits(), cases.batches()))


def _claiming(*credits: dict[str, Any]) -> str:
    lines = [made.breached(f"web-{at}") for at in range(len(credits))]
    lines = [
        line.model_copy(update={"credit": line.credit and line.credit.model_copy(update=each)})
        for line, each in zip(lines, credits, strict=True)
    ]
    owed = made.total("1200.00", "1200.00", len(lines), claim_by="2026-11-10")
    return " ".join(shown(made.statement(*lines, total=owed)).split())


def test_a_claim_in_stages_has_all_their_days_and_one_that_was_made_has_none() -> None:
    staged = {"claim_by": "2026-11-10", "claim_stages": ("2026-11-30", "2026-11-10", None)}
    assert "claim by 10 Nov 2026 Level" in _claiming(staged)
    assert "Claim by 10 Nov 2026 and then by 30 Nov 2026: Availability: web-0 " in _claiming(staged)
    made_one = {"claim_by": "2026-11-10", "claimed": "in-time"}
    assert "claimed in time Level" in _claiming(made_one)
    assert "claim by 30 Nov 2026 Level" in _claiming(made_one, {"claim_by": "2026-11-30", "claimed": "not-claimed"})


@pytest.mark.parametrize(
    ("claim_by", "text"),
    [
        (["2026-11-30", "2026-11-30"], "claim by 30 Nov 2026 Level"),
        (["2026-11-30", "2026-11-25"], "claim by 25 Nov 2026, the last of them by 30 Nov 2026 Level"),
    ],
)
def test_a_claim_names_the_first_of_its_days_and_the_last(claim_by: list[str], text: str) -> None:
    assert text in _claiming(*({"claim_by": day} for day in claim_by))


def test_what_a_cap_of_a_line_took_off_and_what_is_left_of_it_are_told() -> None:
    steps = (
        made.step("rate", "3 x 200.00", "600"),
        made.step("cap", "cap 500.00 per quarter: 120.00 GBP left of 500.00 GBP", "120"),
    )
    credit = made.between(made.amount("120.00", *steps), made.amount("120.00", *steps))
    text = shown(made.statement(made.breached().model_copy(update={"credit": credit}), total=made.total("120", "120")))
    said = "3 x £200.00, cap £500.00 per quarter: £120.00 left of £500.00 instead of £600.00 £120.00"
    assert said in " ".join(text.split())


def test_a_cap_that_is_met_exactly_is_not_said_to_be_missed() -> None:
    owed = made.total("1200.00", "1200.00", 1, made.cap("10% of monthly", "1200", "1200", "1200"))
    assert "Cap 10% of monthly = £1,200.00, just reached" in shown(made.statement(made.breached(), total=owed))


def test_what_cannot_be_decided_because_cases_run_says_so() -> None:
    line = cases.restoration().model_copy(update={"credit": None})
    text = shown(made.statement(line, total=None))
    assert " INDETERMINATE  Restoration cannot be decided yet, cases still run; no credit\n" in text
