"""Tables of rates, read by a number of units: all of them at the rate reached, or each at its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from slacheck.derivation import Step
from slacheck.language.payments import Pay
from slacheck.language.quantities import Bound, Comparison
from slacheck.money import decimal_text
from slacheck.remedies.edges import Row, table_faults
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices, named, priced
from slacheck.remedies.remedy import Fault
from slacheck.remedies.tables import ELSE

Rows = Sequence[tuple[Comparison | None, Pay]]

# No unit is met; any is not.
_NONE = Comparison("number", (Bound("<=", Fraction(0)),), "<= 0")


def at_rates(rows: Rows, units: Fraction, marginal: bool, whole: bool, of: str | None, prices: Prices) -> Owed:
    """What ``units`` cost by a table of rates; ``whole`` units are counted, others measured. Raises NotKnown."""
    exact, steps = Fraction(0), []
    for compared, paid, count in _marginal(rows, units, whole) if marginal else _slab(rows, units):
        each = priced(paid, of, prices)
        exact += count * each.exact
        steps += [
            Step("band", f"units {compared}"),
            *each.steps[:-1],
            Step("rate", f"{decimal_text(count, 6)} x {named(paid, of)}", exact),
        ]
    return Owed(exact, tuple(steps))


def _slab(rows: Rows, units: Fraction) -> Iterator[tuple[str, Pay, Fraction]]:
    if units == 0:
        return
    matching = [row for row in rows if row[0] is not None and row[0].holds(units)]
    matching = matching or [row for row in rows if row[0] is None]
    compared, paid = max(matching, key=lambda row: row[1].size)
    yield (compared.text if compared else ELSE), paid, units


def _marginal(rows: Rows, units: Fraction, whole: bool) -> Iterator[tuple[str, Pay, Fraction]]:
    """How many of the units lie in each row. Whole units are numbered from one; others are a stretch from zero."""
    left = units
    # What no other row takes is left for 'else', wherever it stands.
    for compared, paid in sorted(rows, key=lambda row: row[0] is None):
        count = left if compared is None else _inside(compared, units, whole)
        left -= count
        if count > 0:
            yield (compared.text if compared else ELSE), paid, count


def _inside(compared: Comparison, units: Fraction, whole: bool) -> Fraction:
    if not whole:
        low, high = Fraction(0), units
        for bound in compared.bounds:
            if bound.operator in (">", ">=", "="):
                low = max(low, bound.value)
            if bound.operator in ("<", "<=", "="):
                high = min(high, bound.value)
        return max(Fraction(0), high - low)
    first, last = 1, int(units)
    for bound in compared.bounds:
        match bound.operator:
            case ">":
                first = max(first, floor(bound.value) + 1)
            case ">=":
                first = max(first, ceil(bound.value))
            case "<":
                last = min(last, ceil(bound.value) - 1)
            case "<=":
                last = min(last, floor(bound.value))
            case "=":
                first, last = max(first, ceil(bound.value)), min(last, floor(bound.value))
    return Fraction(max(0, last - first + 1))


def rate_faults(rows: Rows, marginal: bool) -> Iterator[Fault]:
    """What cannot be meant in a table of rates: units, holes, overlaps, and rates of all units that fall.

    Where each unit has its own rate, later ones may cost less: the credit grows all the same.
    """
    wrong = [compared for compared, _ in rows if compared is not None and compared.kind != "number"]
    for compared in wrong:
        help = 'write a number of units, such as "<= 3"'
        yield Fault("unit", f"'{compared.text}' is no number of units", help, ("pays", compared.text))
    if wrong:
        return
    otherwise = next((paid for compared, paid in rows if compared is None), None)
    # Of no unit nothing is paid, whatever a row such as "<= 3" says of it.
    any_unit = Bound(">", Fraction(0))
    named_rows = [
        Row(replace(compared, bounds=(any_unit, *compared.bounds)), paid)
        for compared, paid in rows
        if compared is not None
    ]
    told: set[str | int] = set()
    for fault in table_faults(named_rows, otherwise, _NONE, "number", ordered=not marginal):
        told |= set(fault.inside)
        yield Fault(fault.code, fault.message, fault.help, ("pays", *fault.inside), fault.at)
    if not marginal:
        return
    edges = sorted({edge for row in named_rows for edge in row.compared.edges})
    spots = [*edges, *((one + other) / 2 for one, other in pairwise(edges)), *(edge + 1 for edge in edges[-1:])]
    for index, row in enumerate(named_rows):
        for other in named_rows[:index]:
            text = row.compared.text
            if text not in told and any(row.compared.holds(spot) and other.compared.holds(spot) for spot in spots):
                message = f"one unit lies in both '{text}' and '{other.compared.text}'"
                yield Fault("band-overlap", message, "let one end where the other begins", ("pays", text))
