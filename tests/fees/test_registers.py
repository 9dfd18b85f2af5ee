"""Fees that stand in registers: whose rows count, of which days, and what is not known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from slacheck.fees.worth import Fees, Whose
from slacheck.problems import DataError
from slacheck.sources.opening import Export
from tests.fees.charged import NOBODY, dated, fees, numbers, of, texts, unknown
from tests.sources.opener import Opener, words

# Billing cycles from the 15th; the credit note of row 6 belongs to the cycle from 15 September.
INVOICES = """
    class,area,cycle,amount
    standard,eu,2026-09-15,1000.00
    standard,us,2026-09-15,400.00
    standard-ia,eu,2026-09-15,234.50
    standard,eu,2026-10-15,77
    standard,eu,2026-10-14,-100.25
    glacier,eu,2026-09-15,
    broken,eu,2026-09-20,5
    broken,eu,2026-09-21,-9
"""
INVOICE_TERMS: dict[str, Any] = {
    "shape": "register",
    "key": ["storage_class", "region"],
    "columns": {"storage_class": "class", "region": "area", "at": "cycle", "charges": "amount"},
}
CYCLE = dated(anchor="2026-01-15")
CHARGES = {"class-charges": {"from": "invoices", "column": "charges"}}


def invoices(opener: Opener) -> Export:
    return opener("invoices", INVOICES, INVOICE_TERMS, words(numbers=["charges"]))


@pytest.fixture
def charges(opener: Opener) -> Fees:
    return fees(opener, CHARGES, "2026-10-01", CYCLE, [invoices(opener)])


def test_the_rows_of_a_key_within_the_period_are_added_up(charges: Fees) -> None:
    """15 September to 14 October: 1000 less the credit note of 100.25; the row of 15 October is the next cycle's."""
    found = charges.worth("class-charges", of(storage_class="standard", region="eu"))
    assert numbers(found) == (Fraction("899.75"), 30, 720)
    assert texts(found) == ["class-charges 899.75, the sum of 2 rows (invoices.csv:2, invoices.csv:6)"]
    one = charges.worth("class-charges", of(storage_class="standard-ia", region="eu", host="web-1"))
    assert texts(one) == ["class-charges 234.50 (invoices.csv:4)"]


def test_a_key_that_nobody_constrains_is_summed(charges: Fees) -> None:
    found = charges.worth("class-charges", of(storage_class="standard"))
    assert found.exact == Fraction("1299.75")
    assert texts(found) == [
        "class-charges 1,299.75, the sum of 3 rows (invoices.csv:2, invoices.csv:3, invoices.csv:6)"
    ]


def test_values_without_a_row_are_told(charges: Fees) -> None:
    found = charges.worth("class-charges", of(storage_class=["standard-ia", "intelligent", "standard"], region="eu"))
    assert found.exact == Fraction("1134.25")
    (text,) = texts(found)
    assert text.endswith("(invoices.csv:2, invoices.csv:4, invoices.csv:6); no row for storage_class 'intelligent'")


def test_the_class_of_all_others_has_none_of_their_values(charges: Fees) -> None:
    others = frozenset(["standard-ia", "glacier", "broken"])
    found = charges.worth("class-charges", Whose({"region": frozenset(["eu"])}, {"storage_class": others}))
    assert found.exact == Fraction("899.75")
    # Values that are excluded again are not asked for.
    both = Whose({"storage_class": frozenset(["standard", "glacier"])}, {"storage_class": others})
    assert charges.worth("class-charges", both).exact == Fraction("1299.75")


def test_what_is_not_known_says_why(charges: Fees) -> None:
    nothing = unknown(charges, "class-charges", of(storage_class="standard", region="asia"))
    title = "15 September to 14 October 2026"
    assert nothing == f"no row of 'invoices' for storage_class 'standard', region 'asia' in {title}"
    empty = unknown(charges, "class-charges", of(storage_class="glacier"))
    assert empty == "'charges' is empty in invoices.csv:7"
    below = unknown(charges, "class-charges", of(storage_class="broken"))
    assert below == "class-charges is below zero: -4, the sum of 2 rows (invoices.csv:8, invoices.csv:9)"
    every = Whose({}, {"storage_class": frozenset(["standard", "standard-ia", "glacier", "broken"])})
    assert unknown(charges, "class-charges", every).startswith(
        "no row of 'invoices' for storage_class other than 'broken' and 'glacier' and"
    )


def test_a_sum_of_a_part_of_a_period_is_what_was_billed(opener: Opener) -> None:
    """The invoice is dated before the agreement begins: it is for the days in force, 1 to 14 October."""
    dates = dated(anchor="2026-01-15", effective="2026-10-01")
    found = fees(opener, CHARGES, "2026-10-01", dates, [invoices(opener)])
    assert numbers(found.worth("class-charges", of(region="us"))) == (400, 14, 336)


def test_the_previous_cycle_is_read_too(opener: Opener) -> None:
    terms = {**CHARGES, "last": {"previous": "class-charges"}}
    found = fees(opener, terms, "2026-10-20", CYCLE, [invoices(opener)])
    assert found.worth("class-charges", of(storage_class="standard")).exact == 77
    last = found.worth("last", of(storage_class="standard", region="us"))
    assert numbers(last) == (400, 30, 720)
    assert texts(last)[-1] == "last: class-charges of the period before, 15 September to 14 October 2026"
    assert "in 15 October to 14 November 2026" in unknown(found, "class-charges", of(region="us"))


DAILY = "day,eur\n" + "\n".join(f"2026-10-{day:02},{day}" for day in range(1, 32)) + "\n2026-09-30,1000\n2026-11-01,1"
DAILY_TERMS: dict[str, Any] = {"shape": "register", "columns": {"at": "day", "credits": "eur"}}


def daily(opener: Opener, civil: str = "UTC") -> Export:
    return opener("consumption", DAILY, DAILY_TERMS, words(numbers=["credits"]), civil)


def test_the_average_day_of_a_month(opener: Opener) -> None:
    """1 + 2 + ... + 31 = 496, by 31 days 16."""
    terms = {"daily": {"from": "consumption", "column": "credits", "for": "day", "taking": "mean"}}
    found = fees(opener, terms, "2026-10-05", None, [daily(opener)]).worth("daily", NOBODY)
    assert numbers(found) == (16, 1, 24)
    rows = "(consumption.csv:2, consumption.csv:3, consumption.csv:4 and 28 more)"
    assert texts(found) == [f"daily 496, the sum of 31 rows {rows}", "496 / 31 days"]


def test_a_day_without_a_row_counts_nothing_and_days_not_in_force_do_not_count(opener: Opener) -> None:
    """9 to 31 October is 23 days with 9 + ... + 31 = 460; November has one row of 1 in 30 days."""
    terms = {"daily": {"from": "consumption", "column": "credits", "for": "day", "taking": "mean"}}
    export = daily(opener)
    part = fees(opener, terms, "2026-10-05", dated(effective="2026-10-09"), [export]).worth("daily", NOBODY)
    assert numbers(part) == (20, 1, 24)
    sparse = fees(opener, terms, "2026-11-05", None, [export]).worth("daily", NOBODY)
    assert numbers(sparse) == (Fraction(1, 30), 1, 24)
    none = fees(opener, terms, "2026-12-05", None, [export])
    assert unknown(none, "daily") == "no row of 'consumption' in December 2026"


def test_thirty_days_end_with_the_period(opener: Opener) -> None:
    """2 to 31 October: 496 - 1. In Berlin they have 721 hours."""
    terms = {"last-30-days": {"from": "consumption", "column": "credits", "for": "30 days"}}
    civil = "Europe/Berlin"
    found = fees(opener, terms, "2026-10-05", dated(civil=civil), [daily(opener, civil)])
    assert numbers(found.worth("last-30-days", NOBODY)) == (495, 30, 721)
    empty = fees(opener, terms, "2027-02-05", None, [daily(opener)])
    assert unknown(empty, "last-30-days") == "no row of 'consumption' in the 30 days to 2027-02-28"


def test_rows_are_placed_by_the_days_of_the_zone(opener: Opener) -> None:
    """22:30 UTC on 30 September is October in Berlin already."""
    csv = "day,eur\n2026-09-30T22:30:00Z,5\n2026-10-31T23:00:00Z,7\n"
    export = opener("consumption", csv, DAILY_TERMS, words(numbers=["credits"]))
    terms = {"a": {"from": "consumption", "column": "credits", "for": "month"}}
    found = fees(opener, terms, "2026-10-05", dated(civil="Europe/Berlin"), [export])
    assert numbers(found.worth("a", NOBODY)) == (5, 31, 745)


CIRCUITS = """
    circuit,tier,since,charge
    c-1,on-net,2026-01-01,1200
    c-1,on-net,2026-10-31,1300
    c-1,on-net,2026-11-01,9999
    c-2,off-net,2026-01-01,250.50
    c-3,off-net,2026-01-01,100
    c-4,off-net,2026-12-01,100
"""
CIRCUIT_TERMS: dict[str, Any] = {
    "shape": "register",
    "key": "circuit",
    "columns": {"circuit": "circuit", "tier": "tier", "valid_from": "since", "mrc": "charge"},
}
MRC = {"circuit-charge": {"from": "circuits", "column": "mrc"}}


def circuits(opener: Opener) -> Export:
    return opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"], ["mrc"]))


def test_the_row_in_force_at_the_last_instant_counts(opener: Opener) -> None:
    found = fees(opener, MRC, "2026-10-05", None, [circuits(opener)])
    assert numbers(found.worth("circuit-charge", of(circuit="c-1"))) == (1300, 31, 744)
    assert texts(found.worth("circuit-charge", of(circuit="c-1"))) == ["circuit-charge 1,300 (circuits.csv:3)"]
    assert unknown(found, "circuit-charge", of(circuit="c-4")) == (
        "no row of 'circuits' for circuit 'c-4' in force in October 2026"
    )


def test_a_price_in_force_is_shared_out_in_a_part_of_a_period(opener: Opener) -> None:
    dates = dated(until="2026-10-10")
    found = fees(opener, MRC, "2026-10-05", dates, [circuits(opener)]).worth("circuit-charge", of(circuit="c-3"))
    assert numbers(found) == (Fraction(1000, 31), 10, 240)
    assert texts(found) == ["circuit-charge 100 (circuits.csv:6) x 10/31 days in force"]
    whole = {"a": {**MRC["circuit-charge"], "part_period": "whole"}}
    found = fees(opener, whole, "2026-10-05", dates, [circuits(opener)]).worth("a", of(circuit="c-3"))
    assert numbers(found) == (100, 31, 744)


def test_a_column_decides_where_the_key_is_open_and_only_there(opener: Opener) -> None:
    found = fees(opener, MRC, "2026-10-05", None, [circuits(opener)], {"circuits": ["tier"]})
    assert found.worth("circuit-charge", of(tier="off-net")).exact == Fraction("350.5")
    # Which tier it is of now says nothing about a circuit that is named.
    assert found.worth("circuit-charge", of(circuit="c-1", tier="off-net")).exact == 1300


def test_undated_rows_count_as_they_stand(opener: Opener) -> None:
    terms = {"shape": "register", "key": "host", "columns": {"host": "name", "price": "eur"}}
    export = opener("hosts", "name,eur\nweb-1,10\nweb-2,20.5\n", terms, words(numbers=["price"]))
    found = fees(opener, {"a": {"from": "hosts", "column": "price", "for": "year"}}, "2028-02-01", None, [export])
    assert numbers(found.worth("a", of(host="web-2"))) == (Fraction("20.5"), 366, 8784)
    assert found.worth("a", NOBODY).exact == Fraction("30.5")
    assert unknown(found, "a", of(host="web-3")) == "no row of 'hosts' for host 'web-3'"


def test_two_rows_in_force_at_once_are_refused(opener: Opener) -> None:
    terms = {"shape": "register", "columns": {"valid_from": "since", "price": "eur"}}
    csv = "since,eur\n2026-01-01,1\n2026-05-01,2\n2026-05-01,3\n"
    export = opener("prices", csv, terms, words(numbers=["price"]))
    with pytest.raises(DataError) as raised:
        fees(opener, {"a": {"from": "prices", "column": "price"}}, "2026-10-01", None, [export])
    (problem,) = raised.value.problems
    assert (problem.path, problem.row, problem.code) == ("prices.csv", 4, "two-rows")
    one = fees(opener, {"a": {"from": "prices", "column": "price"}}, "2026-04-01", None, [export])
    assert one.worth("a", NOBODY).exact == 1


def test_amounts_stay_exact(opener: Opener) -> None:
    csv = "day,eur\n2026-10-01,0.1\n2026-10-02,0.2\n2026-10-03,123456789012345.000000000001\n"
    export = opener("consumption", csv, DAILY_TERMS, words(numbers=["credits"]))
    found = fees(opener, {"a": {"from": "consumption", "column": "credits"}}, "2026-10-05", None, [export])
    assert found.worth("a", NOBODY).exact == Fraction("123456789012345.300000000001")
