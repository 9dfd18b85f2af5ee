"""Equality is the operator's business, and what is missing is never read as a number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison
from slacheck.measures.measure import Measured, Missing
from slacheck.verdicts import Judgement, Verdict, judge, oriented

EDGE = Fraction(999, 1000)
HAIR = Fraction(1, 10**15)
VALUES = st.integers(0, 20).map(lambda tenths: Fraction(tenths, 10))
TARGETS = st.one_of(
    st.tuples(st.sampled_from((">=", ">", "<=", "<", "=")), st.integers(0, 20)).map(lambda t: f"{t[0]} {t[1] / 10}"),
    st.tuples(st.sampled_from((">=", ">")), st.integers(0, 9), st.sampled_from(("<=", "<")), st.integers(10, 20)).map(
        lambda t: f"{t[0]} {t[1] / 10}, {t[2]} {t[3] / 10}"
    ),
)


def verdict(target: str, *values: Fraction, missing: Missing = "bounds", coverage: str = "") -> Judgement:
    measured = Measured(values[0], values[-1], Fraction(9, 10) if len(values) > 1 else Fraction(1))
    wanted = Comparison.read(coverage) if coverage else None
    return judge(measured, Comparison.read(target), missing, wanted, "nothing")


@pytest.mark.parametrize(
    ("target", "value", "expected"),
    [
        (">= 99.9%", EDGE, "met"),
        (">= 99.9%", EDGE - HAIR, "breached"),
        ("> 99.9%", EDGE, "breached"),
        ("> 99.9%", EDGE + HAIR, "met"),
        ("<= 99.9%", EDGE, "met"),
        ("<= 99.9%", EDGE + HAIR, "breached"),
        ("< 99.9%", EDGE, "breached"),
        ("= 99.9%", EDGE, "met"),
        ("= 99.9%", EDGE + HAIR, "breached"),
        (">= 99%, < 99.9%", EDGE, "breached"),
        (">= 99.9%, < 100%", EDGE, "met"),
    ],
)
def test_equality_is_decided_by_the_operator_and_nothing_is_rounded(
    target: str, value: Fraction, expected: Verdict
) -> None:
    assert verdict(target, value).verdict == expected


@given(TARGETS, VALUES, VALUES)
def test_a_range_is_judged_as_every_value_in_it_is(text: str, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    target = Comparison.read(text)
    fine = [low + (high - low) * Fraction(step, 400) for step in range(401)] + [
        edge for edge in target.edges if low <= edge <= high
    ]
    held = {target.holds(value) for value in fine}
    expected = {frozenset((True,)): "met", frozenset((False,)): "breached"}.get(frozenset(held), "indeterminate")
    for measured in (Measured(low, high, Fraction(1)), Measured(high, low, Fraction(1))):
        assert judge(measured, target, "bounds", None, "").verdict == expected


@given(TARGETS, VALUES, VALUES)
def test_best_is_never_farther_from_the_target_than_worst_and_both_are_reachable(
    text: str, one: Fraction, other: Fraction
) -> None:
    target = Comparison.read(text)
    seen = oriented(Measured(one, other, Fraction(1)), target)
    low, high = sorted((one, other))
    assert low <= seen.best <= high
    assert seen.worst in (low, high)
    assert target.holds(seen.best) or not target.holds(seen.worst)
    if target.lower_is_worse is True:
        assert (seen.best, seen.worst) == (high, low)
    elif target.lower_is_worse is False:
        assert (seen.best, seen.worst) == (low, high)


def test_a_two_sided_target_between_the_bounds_is_not_decided() -> None:
    found = verdict(">= 5, <= 7", Fraction(4), Fraction(8))
    assert found.verdict == "indeterminate"
    assert Comparison.read(">= 5, <= 7").holds(found.best or Fraction(0))


def test_beside_a_two_sided_target_the_nearer_end_is_the_best() -> None:
    below, above = verdict(">= 5, <= 7", Fraction(1), Fraction(3)), verdict(">= 5, <= 7", Fraction(8), Fraction(11))
    assert (below.verdict, below.best, below.worst) == ("breached", 3, 1)
    assert (above.verdict, above.best, above.worst) == ("breached", 8, 11)


def test_without_a_value_a_level_does_not_apply() -> None:
    found = judge(None, Comparison.read(">= 99.9%"), "bounds", None, "no requests in the period")
    assert found == Judgement("not-applicable", None, None, "no requests in the period")


def test_less_coverage_than_agreed_leaves_the_verdict_open_and_equality_is_enough() -> None:
    assert verdict(">= 50%", Fraction(1), Fraction(9, 10), coverage=">= 90%").verdict == "met"
    thin = verdict(">= 50%", Fraction(1), Fraction(9, 10), coverage="> 90%")
    assert (thin.verdict, thin.reason) == ("indeterminate", "less is known than the agreement asks for")


@pytest.mark.parametrize(
    ("coverage", "expected", "deemed"), [("", "breached", True), (">= 90%", "met", False), (">= 95%", "breached", True)]
)
def test_missing_data_is_a_breach_where_it_is_deemed_one_within_the_coverage_agreed(
    coverage: str, expected: Verdict, deemed: bool
) -> None:
    found = verdict(">= 50%", Fraction(1), Fraction(9, 10), missing="breach", coverage=coverage)
    assert (found.verdict, found.deemed) == (expected, deemed)


def test_a_deemed_breach_is_settled_at_the_worst_value() -> None:
    found = verdict("<= 5", Fraction(1), Fraction(3), missing="breach")
    assert (found.best, found.worst, found.deemed) == (3, 3, True)


def test_complete_data_are_never_a_deemed_breach() -> None:
    found = verdict(">= 50%", Fraction(1), missing="breach")
    assert (found.verdict, found.deemed) == ("met", False)
