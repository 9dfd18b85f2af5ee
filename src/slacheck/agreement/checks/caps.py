"""Caps: of nothing, below what they bound, beyond one another, of columns, records and stretches that there are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.checks.payable import Size, fact, paying, share, size_of
from slacheck.agreement.level import Promised
from slacheck.language.payments import Cap
from slacheck.remedies.bands import Bands
from slacheck.remedies.fixed import Fixed
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.remedy import Remedy
from slacheck.timeline.periods import FEWEST_DAYS, MOST_DAYS

_RECORDS = ("case", "event", "outage")


def of_level(agreement: Agreement, promised: Promised, credit: Remedy) -> Iterator[Finding]:
    """What is wrong with the caps of one level's credit."""
    steps: Steps = (*promised.steps, "credit", "cap")
    if credit.in_points:
        # The credit itself is told that points have no cap of money.
        return
    least = _least(credit)
    for place, cap in _places(steps, credit.cap):
        yield from _cap(agreement, place, cap, credit.of)
        yield from _for_whom(agreement, promised, place, cap)
        if least is not None and not credit.factors:
            yield from _below(place, cap, credit.of, least)
    yield from _nested(steps, credit.cap, credit.of)


def of_settlement(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with the caps of all levels together."""
    steps: Steps = ("settlement", "cap")
    caps = agreement.settlement.cap
    credits = paying(agreement)
    leasts = [_least(each.promise.credit) for each in credits if each.promise.credit is not None]
    for place, cap in _places(steps, caps):
        yield from _cap(agreement, place, cap, None)
        if cap.per in _RECORDS:
            message = f"a cap of all levels bounds no single {cap.per}"
            yield Finding(place, "cap", message, f"write cap: {cap.text} in the credit of the level")
        elif cap.per and not cap.of_stretch:
            yield from column(credits, place, cap.per)
        if leasts and all(least is not None for least in leasts):
            kinds = {least[0].kind for least in leasts if least is not None}
            lowest = min((least for least in leasts if least is not None), key=lambda each: each[0].number)
            if len(kinds) == 1:
                yield from _below(place, cap, None, lowest)
    yield from _nested(steps, caps, None)


def of_points(agreement: Agreement, steps: Steps, caps: tuple[Cap, ...], of: str | None) -> Iterator[Finding]:
    """What is wrong with the caps of the table of points: they bound what the points of one period come to."""
    for place, cap in _places(steps, caps):
        yield from _cap(agreement, place, cap, of)
        if cap.per or cap.rolling is not None:
            message = f"'{cap.text}' bounds more or less than the points of the period"
            yield Finding(place, "cap", message, "write it as a cap of the settlement, beside 'points'")


def column(credits: Iterable[Promised], steps: Steps, word: str) -> Iterator[Finding]:
    """A column of the lines that no level has. Of records it only shows when their files are opened."""
    pers = [each.level.per for each in credits if each.level.per is not None]
    if not any(per.record is not None or per.column == word for per in pers):
        columns = ", ".join(sorted({per.column for per in pers if per.column}))
        help = f"levels have lines per {columns}" if columns else f"write per: {word}, or per: case, on a level"
        yield Finding(steps, "unknown-name", f"no level that earns a credit has lines with a '{word}'", help)


def _places(steps: Steps, caps: tuple[Cap, ...]) -> list[tuple[Steps, Cap]]:
    # The index leads nowhere where a single cap stands without a list.
    return [((*steps, index), cap) for index, cap in enumerate(caps)]


def _cap(agreement: Agreement, steps: Steps, cap: Cap, of: str | None) -> Iterator[Finding]:
    if cap.pay.size == 0:
        yield Finding(steps, "cap", f"'{cap.text}' allows no credit at all", "write what may be paid, or no credit")
    yield from share(steps, cap.pay, of, bounds=True)
    if cap.per == "term" and agreement.effective is None:
        message = "the beginning of the term is not said, so that no history is ever whole"
        yield Finding(steps, "dates", message, "write effective: 2026-01-31 in the agreement")
    if cap.rolling is not None and (cap.rolling.unit == "working day" or cap.rolling.count == 0):
        yield Finding(steps, "cap", f"nothing is bounded over {cap.rolling}", "write per 12 months, or per 4 periods")
        return
    stretch = _days(cap)
    if stretch is not None and stretch < FEWEST_DAYS[agreement.period.every]:
        message = f"'{cap.text}' bounds less than the period, which is a {agreement.period.every}"
        yield Finding(steps, "cap", message, "write it without 'per', or of a longer stretch")


def _days(cap: Cap) -> int | None:
    """The days that a cap bounds together; None where these are periods, the term, or none."""
    if cap.rolling is not None:
        each = MOST_DAYS.get(cap.rolling.unit)
        return None if each is None else each * cap.rolling.count
    return MOST_DAYS.get(cap.per)


def _for_whom(agreement: Agreement, promised: Promised, steps: Steps, cap: Cap) -> Iterator[Finding]:
    if not cap.per or cap.of_stretch:
        return
    per = promised.level.per
    if cap.per in _RECORDS:
        if per is None or per.record != cap.per:
            help = f"write per: {cap.per} on the level, or the cap without 'per {cap.per}'"
            yield Finding(steps, "cap", f"the level has no line for each {cap.per}", help)
    elif per is None or per.column != cap.per:
        yield from fact(agreement, promised, cap.per, steps)


def _least(credit: Remedy | None) -> tuple[Size, str] | None:
    """The least that a breach costs, above nothing, and how it is written; None where that is not clear."""
    if not isinstance(credit, (Bands, Fixed, PerUnit)) or (isinstance(credit, PerUnit) and credit.counting == "linear"):
        return None
    paid = [(size_of(pay, credit.of), pay.text) for _, pay in credit.rates() if pay.size > 0]
    if len({size.kind for size, _ in paid}) != 1:
        return None
    return min(paid, key=lambda each: each[0].number)


def _below(steps: Steps, cap: Cap, of: str | None, least: tuple[Size, str]) -> Iterator[Finding]:
    bound = size_of(cap.pay, of)
    size, text = least
    if Fraction(0) < bound.number < size.number and bound.kind == size.kind:
        message = f"the cap '{cap.text}' is below the least credit, '{text}', which is then never paid"
        yield Finding(steps, "cap", message, "write a cap that the least credit does not reach")


def _nested(steps: Steps, caps: tuple[Cap, ...], of: str | None) -> Iterator[Finding]:
    """Of two caps for the same only the lower one is ever reached."""
    sizes = [size_of(cap.pay, of) for cap in caps]
    for index, (place, cap) in enumerate(_places(steps, caps)):
        for other, beside in enumerate(caps):
            same = (cap.per, cap.rolling, sizes[index].kind) == (beside.per, beside.rolling, sizes[other].kind)
            higher = sizes[index].number > sizes[other].number
            if sizes[other].number == 0:
                continue
            if other != index and same and (higher or (sizes[index].number == sizes[other].number and other < index)):
                message = f"'{cap.text}' is never reached beside '{beside.text}'"
                yield Finding(place, "cap", message, "leave it out, or say of what else it is the cap")
                break
