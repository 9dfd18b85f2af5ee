"""Fees that are amounts: what they pay for, in parts of periods, over clock changes, in leap years."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from slacheck.derivation import Step
from slacheck.fees.stretches import Dates
from tests.fees.charged import HOUR, NOBODY, dated, fees, numbers, texts, unknown
from tests.sources.opener import Opener

# Worked by hand from the calendar; hours are those of the local days.
WHOLE: list[tuple[Any, str, Dates, tuple[int, int, int]]] = [
    ("12000.00", "2026-10-05", dated(), (12000, 31, 744)),
    # London puts the clocks back on 25 October 2026 and forward on 29 March.
    ("12000.00", "2026-10-05", dated(civil="Europe/London"), (12000, 31, 745)),
    ("12000.00", "2026-03-05", dated(civil="Europe/London"), (12000, 31, 743)),
    # A day of 25 hours is one day.
    ("24.00", "2026-10-25", dated("day", civil="Europe/London"), (24, 1, 25)),
    ("24.00", "2026-03-29", dated("day", civil="Europe/London"), (24, 1, 23)),
    # The billing cycle from the 15th: 15 February to 14 March is 28 days, 29 in a leap year.
    ("100", "2026-03-01", dated(anchor="2026-01-15"), (100, 28, 672)),
    ("100", "2028-03-01", dated(anchor="2026-01-15"), (100, 29, 696)),
    ({"amount": "100", "for": "month"}, "2026-03-01", dated(anchor="2026-01-15"), (100, 28, 672)),
    # From the 31st: 28 February to 30 March.
    ("100", "2026-03-01", dated(anchor="2026-01-31"), (100, 31, 744)),
    ({"amount": "12000", "for": "year"}, "2026-10-05", dated(), (12000, 365, 8760)),
    ({"amount": "12000", "for": "year"}, "2028-01-05", dated(), (12000, 366, 8784)),
    # The contract year from 1 March 2027 holds 29 February 2028, the one from 1 March 2028 does not.
    ({"amount": "12000", "for": "year"}, "2027-10-05", dated(effective="2026-03-01"), (12000, 366, 8784)),
    ({"amount": "12000", "for": "year"}, "2028-10-05", dated(effective="2026-03-01"), (12000, 365, 8760)),
    # The year that holds the first day of the period: of the period from 15 December the old one.
    ({"amount": "12000", "for": "year"}, "2029-01-05", dated(anchor="2026-01-15"), (12000, 366, 8784)),
    ({"amount": "300", "for": "quarter"}, "2026-02-05", dated(), (300, 90, 2160)),
    # Quarters from the 15th: 15 January to 14 April 2026.
    ({"amount": "300", "for": "quarter"}, "2026-03-05", dated(anchor="2026-01-15"), (300, 90, 2160)),
    ({"amount": "100", "for": "month"}, "2026-02-05", dated("quarter"), (100, 31, 744)),
    ({"amount": "70", "for": "week"}, "2026-10-05", dated(anchor="2026-01-15"), (70, 7, 168)),
    ({"amount": "10", "for": "day"}, "2026-10-05", dated(), (10, 1, 24)),
    ({"amount": "100", "for": "30 days"}, "2026-10-05", dated(civil="Europe/London"), (100, 30, 721)),
    ({"amount": "100", "for": "2 weeks"}, "2026-10-05", dated(), (100, 14, 336)),
    # Three months that end with February begin on 1 December.
    ({"amount": "100", "for": "3 months"}, "2026-02-05", dated(), (100, 90, 2160)),
    (
        {"amount": "12000", "for": "term"},
        "2026-10-05",
        dated(effective="2026-03-10", until="2027-03-09"),
        (12000, 365, 8760),
    ),
    # Every month counts as 730 hours.
    ("1000", "2026-02-05", dated(nominal=730 * HOUR), (1000, 28, 730)),
    ({"amount": "1000", "for": "year"}, "2026-02-05", dated(nominal=730 * HOUR), (1000, 365, 8760)),
]


@pytest.mark.parametrize(("fee", "day", "dates", "expected"), WHOLE, ids=range(len(WHOLE)))
def test_an_amount_pays_for_its_stretch(
    opener: Opener, fee: Any, day: str, dates: Dates, expected: tuple[int, int, int]
) -> None:
    assert numbers(fees(opener, {"monthly": fee}, day, dates).worth("monthly", NOBODY)) == expected


def test_a_plain_amount_is_one_step(opener: Opener) -> None:
    found = fees(opener, {"monthly": "12000.00"}, "2026-10-05").worth("monthly", NOBODY)
    assert found.steps == (Step("fee", "monthly 12,000.00", Fraction(12000)),)


def test_an_average_day_of_a_month_with_a_clock_change_is_a_little_longer(opener: Opener) -> None:
    daily = fees(opener, {"daily": {"amount": "10", "for": "day"}}, "2026-10-05", dated(civil="Europe/London"))
    assert numbers(daily.worth("daily", NOBODY)) == (10, 1, Fraction(745, 31))


def test_a_part_of_a_period_costs_its_share_by_civil_days(opener: Opener) -> None:
    """19 to 30 November is 12 of 30 days; up to 10 March 10 of 31."""
    starts = fees(opener, {"zonal": "900.00"}, "2026-11-01", dated(effective="2026-11-19")).worth("zonal", NOBODY)
    assert numbers(starts) == (360, 12, 288)
    assert texts(starts) == ["zonal 900.00 x 12/30 days in force"]
    assert starts.steps[0].exact == 360
    ends = fees(opener, {"zonal": "900.00"}, "2026-03-01", dated(until="2026-03-10")).worth("zonal", NOBODY)
    assert numbers(ends) == (Fraction(9000, 31), 10, 240)
    both = fees(opener, {"zonal": "900"}, "2026-11-01", dated(effective="2026-11-19", until="2026-11-20"))
    assert numbers(both.worth("zonal", NOBODY)) == (60, 2, 48)


def test_a_part_counts_civil_days_though_one_of_them_has_25_hours(opener: Opener) -> None:
    """22 to 31 October is 10 of 31 days and 241 hours in London."""
    dates = dated(effective="2026-10-22", civil="Europe/London")
    assert numbers(fees(opener, {"a": "310"}, "2026-10-22", dates).worth("a", NOBODY)) == (100, 10, 241)


def test_a_part_may_be_paid_whole(opener: Opener) -> None:
    terms = {"zonal": {"amount": "900.00", "part_period": "whole"}}
    found = fees(opener, terms, "2026-11-01", dated(effective="2026-11-19")).worth("zonal", NOBODY)
    assert numbers(found) == (900, 30, 720)
    assert texts(found) == ["zonal 900.00"]


def test_a_nominal_length_is_shared_out_with_the_amount(opener: Opener) -> None:
    """12 of 30 days of 730 hours are 292: an hour costs what it costs in a whole month."""
    dates = dated(effective="2026-11-19", nominal=730 * HOUR)
    found = fees(opener, {"a": "730", "day": {"amount": "1", "for": "day"}}, "2026-11-01", dates)
    assert numbers(found.worth("a", NOBODY)) == (292, 12, 292)
    assert numbers(found.worth("day", NOBODY)) == (1, 1, Fraction(730, 30))


def test_an_amount_for_another_stretch_is_taken_whole_in_a_part_of_a_period(opener: Opener) -> None:
    dates = dated(effective="2026-11-19", until="2027-11-18")
    terms = {"year": {"amount": "12000", "for": "year"}, "term": {"amount": "12000", "for": "term"}}
    found = fees(opener, terms, "2026-11-01", dates)
    assert numbers(found.worth("term", NOBODY)) == (12000, 365, 8760)
    # The first contract year, though the period begins before it: that of 2027 to 2028 has 366 days.
    assert numbers(found.worth("year", NOBODY)) == (12000, 365, 8760)
    leap = fees(opener, terms, "2027-11-01", dated(effective="2027-11-19", until="2028-11-18"))
    assert numbers(leap.worth("year", NOBODY)) == (12000, 366, 8784)


def test_the_previous_period_has_its_own_days(opener: Opener) -> None:
    terms = {"monthly": "900.00", "last": {"previous": "monthly"}, "before-last": {"previous": "last"}}
    found = fees(opener, terms, "2027-01-01", dated(effective="2026-11-19"))
    assert numbers(found.worth("last", NOBODY)) == (900, 31, 744)
    earlier = found.worth("before-last", NOBODY)
    assert numbers(earlier) == (360, 12, 288)
    assert texts(earlier) == [
        "monthly 900.00 x 12/30 days in force",
        "last: monthly of the period before, November 2026",
        "before-last: last of the period before, December 2026",
    ]


def test_the_first_period_has_none_before_it(opener: Opener) -> None:
    terms = {"monthly": "900.00", "last": {"previous": "monthly"}}
    found = fees(opener, terms, "2026-11-01", dated(effective="2026-11-01"))
    assert unknown(found, "last") == "the agreement is not in force in October 2026"
    assert found.worth("monthly", NOBODY).exact == 900


def test_the_greatest_of_several_fees_counts(opener: Opener) -> None:
    terms = {
        "monthly": "900.00",
        "yearly": {"amount": "1200", "for": "year"},
        "base": {"greater_of": ["monthly", "500.00"]},
        "most": {"greater_of": ["base", "yearly", "1200"]},
    }
    found = fees(opener, terms, "2026-11-01")
    assert texts(found.worth("base", NOBODY)) == ["monthly 900.00", "500.00", "base: the greater of monthly, 500.00"]
    # Of equal ones the first.
    assert numbers(found.worth("most", NOBODY)) == (1200, 365, 8760)
    # A least amount for the period is shared out in a part of it like any other.
    part = fees(opener, {"a": "10", "b": {"greater_of": ["a", "600"]}}, "2026-11-01", dated(effective="2026-11-19"))
    assert numbers(part.worth("b", NOBODY)) == (240, 12, 288)


def test_what_is_not_known_has_no_greatest(opener: Opener) -> None:
    terms = {"monthly": "1", "last": {"previous": "monthly"}, "base": {"greater_of": ["500", "last"]}}
    found = fees(opener, terms, "2026-11-01", dated(effective="2026-11-01"))
    assert unknown(found, "base") == "the agreement is not in force in October 2026"
