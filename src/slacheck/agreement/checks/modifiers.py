"""What stands beside a credit: factors of the record, multipliers of repeated failure, the least that is paid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.checks.payable import fact, size_of
from slacheck.agreement.level import Promised
from slacheck.language.quantities import CivilLength
from slacheck.money import decimal_text
from slacheck.remedies.bands import Bands
from slacheck.remedies.fixed import Fixed
from slacheck.remedies.modifiers import Minimum, Repeat
from slacheck.remedies.remedy import Remedy

# How many periods a stretch holds, where all hold the same number.
_PERIODS = {
    **{(every, every): 1 for every in ("day", "week", "month", "year")},
    ("week", "day"): 7,
    ("year", "month"): 12,
    ("year", "quarter"): 4,
}


def findings(agreement: Agreement, promised: Promised, credit: Remedy) -> Iterator[Finding]:
    """What is wrong with the modifiers of one level's credit."""
    steps: Steps = (*promised.steps, "credit")
    for index, factor in enumerate(credit.factors):
        place: Steps = (*steps, "factors", index)
        yield from fact(agreement, promised, factor.word, place)
        if factor.table is not None and all(number == 0 for _, number in factor.table):
            message = f"whatever '{factor.word}' says, nothing is paid"
            yield Finding(place, "factor", message, "write a factor above 0, or leave the credit out")
    if credit.repeat is not None:
        yield from _repeat(agreement, promised, credit.repeat, (*steps, "repeat"))
    if credit.minimum is not None and not credit.in_points:
        yield from _minimum(credit, credit.minimum, (*steps, "minimum", "above"))


def _repeat(agreement: Agreement, promised: Promised, repeat: Repeat, steps: Steps) -> Iterator[Finding]:
    of_records = promised.level.per is not None and promised.level.per.record is not None
    if repeat.same and not of_records:
        message = "'same' reads the words of a record, and the level has no line for each"
        yield Finding((*steps, "same"), "unused", message, "write per: case on the level, or leave it out", "key")
    low, high = _breaches(agreement, promised, repeat)
    if low == high:
        message = f"a level with one line in a period is breached once in {_named(repeat)}, never more often"
        help = "write breaches_in: previous-period or 12 months, or per: case on the level"
        yield Finding((*steps, "breaches_in"), "never", message, help)
        return
    if repeat.only_every is not None and high is not None and high < repeat.only_every:
        message = f"no breach is ever number {repeat.only_every}: {low} to {high} can be counted in {_named(repeat)}"
        yield Finding((*steps, "only_every"), "never", message, "count them in a longer stretch")
    edges = [edge for row, _ in repeat.times for edge in row.edges]
    around = {number for edge in edges for number in (floor(edge) - 1, floor(edge), ceil(edge), ceil(edge) + 1)}
    counts = sorted({low, *(each for each in around if each >= low and (high is None or each <= high))})
    for row, number in repeat.times:
        place: Steps = (*steps, "times", row.text)
        matched = [count for count in counts if row.holds(Fraction(count))]
        if number < 1:
            message = f"repeated failure would cost less: times {decimal_text(number)}"
            yield Finding(place, "repeat", message, "write a multiplier of 1 or more")
        elif not matched:
            often = f"{low} to {high}" if high is not None else f"{low} or more"
            message = f"'{row.text}' is never reached: {often} breaches can be counted in {_named(repeat)}"
            yield Finding(place, "band-unreachable", message, "leave the row out", "key")
        elif all(repeat.row(count)[0] > number for count in matched):
            message = f"'{row.text}' never counts: a row with a greater multiplier matches wherever it does"
            yield Finding(place, "band-unreachable", message, "leave the row out", "key")
    if any(number < 1 for _, number in repeat.times):
        return
    for before, after in pairwise(counts):
        less, more = repeat.row(after)[0], repeat.row(before)[0]
        if less < more:
            message = (
                f"more breaches cost less: {before} times {decimal_text(more)}, {after} times {decimal_text(less)}"
            )
            yield Finding((*steps, "times"), "band-order", message, "write multipliers that grow", "key")
            return


def _named(repeat: Repeat) -> str:
    stretch = str(repeat.breaches_in)
    return f"the {stretch.replace('-', ' ')}" if stretch in ("period", "previous-period") else stretch


def _breaches(agreement: Agreement, promised: Promised, repeat: Repeat) -> tuple[int, int | None]:
    """How many breaches can be counted, at least and at most; None where nothing bounds them."""
    level, within = promised.level, repeat.breaches_in
    low = 0 if within == "previous-period" else 1
    if (level.per is not None and level.per.record is not None) or level.period is not None:
        return low, None
    if not isinstance(within, CivilLength):
        return low, 1
    if within.unit == "period":
        return low, within.count
    each = _PERIODS.get((within.unit, agreement.period.every))
    return low, None if each is None else each * within.count


def _minimum(credit: Remedy, minimum: Minimum, steps: Steps) -> Iterator[Finding]:
    above, dropped = Fraction(minimum.above), minimum.else_ == "drop"
    for cap in credit.cap:
        size = size_of(cap.pay, credit.of)
        if size.kind != ("amount", "") or size.number > above or (size.number == above and not dropped):
            continue
        message = f"no credit is above {minimum.above}, since the cap is '{cap.text}'"
        if not dropped:
            message = f"a credit would be raised to {minimum.above}, above its cap '{cap.text}'"
        yield Finding(steps, "minimum", message, "write a minimum below the cap")
        return
    if not dropped or credit.factors or credit.repeat is not None or not isinstance(credit, (Bands, Fixed)):
        return
    paid = [size_of(pay, credit.of) for _, pay in credit.rates() if pay.size > 0]
    if paid and all(size.kind == ("amount", "") and size.number <= above for size in paid):
        greatest = decimal_text(max(size.number for size in paid))
        message = f"every credit is dropped: none is above {minimum.above}, the greatest is {greatest}"
        yield Finding(steps, "minimum", message, "write a lesser minimum, or no credit")
