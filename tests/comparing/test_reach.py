"""The reach of the target and of bands: adding exactly so much reaches them, and one unit less does not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.agreement.agreement import Agreement
from slacheck.comparing.reach import Course, Untold, _rows
from slacheck.language.quantities import Comparison

BANDS = {"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}


def agreement(target: str, bands: dict[str, str], measure: dict[str, Any] | None = None, **more: Any) -> Agreement:
    promise = {
        "measure": measure or {"kind": "availability", "from": "probes"},
        "target": target,
        "credit": {"kind": "bands", "of": "monthly", "bands": bands},
        **more,
    }
    return Agreement.model_validate(
        {
            "slacheck": "1",
            "id": "a",
            "provider": "p",
            "customer": "c",
            "timezone": "UTC",
            "currency": "GBP",
            "fees": {"monthly": "12000.00"},
            "service_levels": {"availability": {"promises": {"": promise}}},
        }
    )


def rows(terms: Agreement, course: Course) -> list[tuple[str, bool, int | None, str | None]]:
    promise = terms.service_levels["availability"].promises[""]
    return [(row.compares, row.reached, row.by, row.amount) for row in _rows(terms, promise, course)]


def time(down: int, service: int) -> Course:
    return Course("time", lambda more: 1 - Fraction(down + more, service), -down, service - down)


def test_of_a_hundred_thousand_units_a_thousand_and_one_are_below_99_per_cent() -> None:
    """99.9 % of 100,000 leaves 100: with 100 down the target is kept, the 101st breaks it. 99 % leaves 1,000."""
    assert rows(agreement(">= 99.9%", BANDS), time(40, 100_000)) == [
        (">= 99.9%", False, 61, None),
        ("< 99.9%", False, 61, "1200"),
        ("< 99.0%", False, 961, "3000"),
        ("< 95.0%", False, 4961, "12000"),
    ]
    assert rows(agreement(">= 99.9%", BANDS), time(1_500, 100_000))[:3] == [
        (">= 99.9%", True, -1400, None),
        ("< 99.9%", True, -1400, "1200"),
        ("< 99.0%", True, -500, "3000"),
    ]


def test_a_value_is_rounded_as_agreed_before_it_is_compared() -> None:
    """To 0.1 % half up 99.85 % is 99.9 %: 150 of 100,000 are kept, the 151st breaks it."""
    terms = agreement(">= 99.9%", BANDS, rounded={"to": "0.1%", "mode": "half-up"})
    assert rows(terms, time(0, 100_000))[0] == (">= 99.9%", False, 151, None)


def test_what_cannot_be_reached_has_no_number() -> None:
    terms = agreement(">= 50%", {"< 50%": "10%"})
    assert rows(terms, Course("requests", lambda more: Fraction(60 - more, 100), -40, 5)) == [
        (">= 50%", False, None, None),
        ("< 50%", False, None, "1200"),
    ]


def test_a_target_that_what_goes_wrong_helps_is_refused() -> None:
    with pytest.raises(Untold, match="makes the value better"):
        rows(agreement("<= 50%", {"> 50%": "10%"}), time(10, 100))


@given(st.integers(1, 10**13), st.data())
def test_exactly_so_much_reaches_a_row_and_one_less_does_not(service: int, data: st.DataObject) -> None:
    down = data.draw(st.integers(0, service))
    course = time(down, service)
    for compares, reached, by, _ in rows(agreement(">= 99.9%", BANDS), course):
        compared = Comparison.read(compares)

        def holds(more: int, compared: Comparison = compared, compares: str = compares) -> bool:
            holds = compared.holds(1 - Fraction(down + more, service))
            return not holds if compares.startswith(">=") else holds

        assert reached == holds(0)
        if by is None:
            assert holds(course.least) if reached else not holds(course.most)
        elif reached:
            assert by < 0
            assert (holds(by), holds(by + 1)) == (False, True)
        else:
            assert by > 0
            assert (holds(by), holds(by - 1)) == (True, False)
