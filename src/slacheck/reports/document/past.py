"""The periods before a statement's, beside it: how a level went in each, what was credited, and which are missing."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from slacheck.reports.charts.credits import SERIES
from slacheck.reports.charts.values import CreditBar, CreditHistory, History, Point, Range, Share, Squares
from slacheck.reports.crediting import between
from slacheck.reports.layout import Page
from slacheck.reports.remarks import aimed_at
from slacheck.reports.steps import money_of, unreached
from slacheck.reports.wording import compared, target, value
from slacheck.statement import EarlierLine, EarlierShown, Exact, Line, LineVerdict, Statement, Total

_MOST = 12


@dataclass(frozen=True)
class _Slot:
    """A period in the order of time, the statement's own last; ``earlier`` is None for that and for missing ones."""

    label: str
    year: str
    earlier: EarlierShown | None
    now: bool = False


def _slots(page: Page, statement: Statement) -> list[_Slot]:
    """At most twelve periods; one that lies between two and is not known has an empty place."""
    period = statement.period
    days = [(each.period, each.first_day, each.last_day, each) for each in statement.earlier]
    known: list[tuple[str, str, str, EarlierShown | None]] = [
        *days,
        (period.label, period.first_day, period.last_day, None),
    ]
    found: list[_Slot] = []
    year = ""
    before: date | None = None
    for label, first_day, last_day, earlier in known:
        first, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
        if before is not None:
            gap = (first - before).days - 1
            length = (last - first).days + 1
            # Months are not of one length: what lies between is as many periods as it is nearest to.
            found += [_Slot("", "", None)] * min((2 * gap + length) // (2 * length), _MOST)
        before = last
        shown = f"{first.year:04d}"
        whole = first.day == 1 and last == first.replace(day=calendar.monthrange(first.year, first.month)[1])
        text = page.figures.month(first_day) if whole else page.name(label.removeprefix(f"{shown}-"), 12)
        found.append(_Slot(text, shown if shown not in (year, text) else "", earlier, now=earlier is None))
        year = shown
    return found[-_MOST:]


def _of(line: Line, earlier: EarlierShown | None) -> EarlierLine | None:
    if earlier is None:
        return None
    key = (line.level, line.of_class, line.subject)
    # Of a level with shorter periods of its own the last one is nearest.
    lines = [each for each in earlier.lines if (each.level, each.of_class, each.subject) == key]
    return lines[-1] if lines else None


def squares(page: Page, statement: Statement, line: Line) -> Squares | None:
    """The verdicts of a line's periods; None where nothing is known of earlier ones."""
    if not statement.earlier:
        return None
    verdicts: list[LineVerdict | None] = []
    for slot in _slots(page, statement):
        past = _of(line, slot.earlier)
        verdicts.append(line.verdict if slot.now else past.verdict if past else None)
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts) if verdict}
    told = ", ".join(f"{page.figures.count(count)} {verdict.replace('-', ' ')}" for verdict, count in counts.items())
    return Squares(
        f"{page.figures.count(len(verdicts))} periods: {told}", tuple(verdicts), line.role == "service-level"
    )


def history(page: Page, statement: Statement, line: Line) -> History | None:
    """A line's values against its target; None where nothing is known of earlier periods, or nothing was measured."""
    points = [_point(page, line, slot) for slot in _slots(page, statement)]
    if sum(point.best is not None for point in points) < 2:
        return None
    missed = [f"{point.label} {point.text}" for point in points if point.verdict in ("breached", "missed")]
    told = f"not kept in {', '.join(missed)}" if missed else "kept in every period that is known"
    name = page.name(line.title, 60)
    return History(
        f"{name}: {page.figures.count(len(points))} periods",
        told,
        tuple(points),
        _targets(page, line),
        line.role == "service-level",
    )


def _targets(page: Page, line: Line) -> tuple[tuple[Fraction, str], ...]:
    against = target(line)
    if against is None or against.kind != line.unit:
        return ()
    bounds = [bound for bound in against.bounds if not bound.per]
    if len(bounds) == 1:
        return ((bounds[0].value, aimed_at(page, line)),)
    return tuple((bound.value, page.figures.span(bound.value, bound.value, line.unit)) for bound in bounds)


def _point(page: Page, line: Line, slot: _Slot) -> Point:
    past: Line | EarlierLine | None = line if slot.now else _of(line, slot.earlier)
    if past is None or past.best is None or past.worst is None or past.unit != line.unit:
        return Point(slot.label, slot.year, past.verdict if past else None, now=slot.now)
    best, worst = _value(line, past, past.best), _value(line, past, past.worst)
    if slot.now and line.open_above:
        best = worst = min(best, worst)
    text = page.figures.span(best, worst, line.unit, compared(line) if slot.now else ())
    return Point(slot.label, slot.year, past.verdict, best, worst, text, slot.now)


def _value(line: Line, past: Line | EarlierLine, shown: Exact) -> Fraction:
    return value(line, shown) if past is line else shown.fraction


def best_and_worst(page: Page, line: Line) -> Range | None:
    """Both ends of a value that is not certain; None where it is, or where one end is open."""
    if line.best is None or line.worst is None or line.best == line.worst or line.open_above:
        return None
    best, worst = value(line, line.best), value(line, line.worst)
    against = compared(line)
    told = [page.figures.span(each, each, line.unit, against) for each in (best, worst)]
    return Range(
        f"{page.name(line.title, 60)}: best and worst case",
        f"at best {told[0]}, at worst {told[1]}, {aimed_at(page, line)} agreed",
        (best, f"best {told[0]}"),
        (worst, f"worst {told[1]}"),
        _targets(page, line),
    )


def credit_history(page: Page, statement: Statement) -> CreditHistory | None:
    """What was credited in each period; None without money, or where nothing is known of earlier periods."""
    total = statement.total
    if total is None or not any(each.least is not None for each in statement.earlier):
        return None
    slots = _slots(page, statement)
    titles = {line.level: page.name(line.title, 40) for line in statement.lines}
    shares = [_levels(statement, slot) for slot in slots]
    together = {level: sum((each.get(level, Decimal(0)) for each in shares), Decimal(0)) for level in titles}
    costly = sorted((level for level, amount in together.items() if amount > 0), key=lambda each: -together[each])
    names = [titles[level] for level in costly[: SERIES - 1]] + (["others"] if len(costly) >= SERIES else [])
    places = {level: min(at, SERIES - 1) for at, level in enumerate(costly)}
    bars = [_bar(page, slot, share, places, total) for slot, share in zip(slots, shares, strict=True)]
    known = [bar for bar in bars if bar.known]
    cap = _cap(total)
    tops = [_owed(bar) + (bar.open or 0) for bar in known] + ([cap] if cap else [])
    told = "; ".join(f"{bar.label} {bar.text}" for bar in known)
    return CreditHistory(
        title=f"Credits of {page.figures.count(len(bars))} periods",
        description=told,
        names=tuple(names) or ("credit",),
        bars=tuple(bars),
        ticks=_ticks(page, min([Fraction(0), *map(_owed, known)]), max(tops, default=Fraction(0)), total.currency),
        cap=(cap, f"cap {money_of(page, total.currency)(cap)}") if cap else None,
    )


def _owed(bar: CreditBar) -> Fraction:
    return sum((share.amount for share in bar.shares), Fraction(0))


def _levels(statement: Statement, slot: _Slot) -> dict[str, Decimal]:
    """What each level costs in a period for certain."""
    found: dict[str, Decimal] = {}
    for level, least in _least(statement, slot):
        found[level] = found.get(level, Decimal(0)) + Decimal(least)
    return found


def _least(statement: Statement, slot: _Slot) -> Iterator[tuple[str, str]]:
    if slot.now:
        for line in statement.lines:
            if line.credit and line.credit.unit == "money":
                yield line.level, line.credit.counted_least
    elif slot.earlier:
        for past in slot.earlier.lines:
            if past.credit_least is not None:
                yield past.level, past.credit_least


def _bar(page: Page, slot: _Slot, share: dict[str, Decimal], places: dict[str, int], total: Total) -> CreditBar:
    least, most = (total.least, total.most) if slot.now else _amounts(slot.earlier)
    if least is None:
        return CreditBar(slot.label, slot.year, now=slot.now, known=False)
    owed = Fraction(least)
    costs = {level: Fraction(amount) for level, amount in share.items() if amount > 0 and level in places}
    of_levels = sum(costs.values(), Fraction(0))
    if owed > 0 and of_levels > 0:
        # What crosses lines, such as a cap, takes from each level by its share.
        shares = [Share(places[level], amount * owed / of_levels) for level, amount in sorted(costs.items())]
    else:
        shares = [Share(0, owed)] if owed else []
    shares.sort(key=lambda each: each.name)
    text = between(page, least, most, "money", total.currency)
    still_open = None if most is None else Fraction(most) - owed
    return CreditBar(slot.label, slot.year, tuple(shares), still_open, text, slot.now)


def _amounts(earlier: EarlierShown | None) -> tuple[str | None, str | None]:
    return (earlier.least, earlier.most) if earlier else (None, None)


def _cap(total: Total) -> Fraction | None:
    """The lowest cap of the total in this period, reached or not."""
    found = []
    for step in (*total.steps_least, *total.steps_most):
        if step.kind == "cap":
            _, left = unreached(step)
            allowed = left if left is not None else Fraction(step.exact) if step.exact is not None else None
            found += [allowed] if allowed else []
    return min(found, default=None)


def _ticks(page: Page, low: Fraction, high: Fraction, currency: str) -> tuple[tuple[Fraction, str], ...]:
    """Round amounts from at most ``low`` to at least ``high``, so few that their words keep apart."""
    reach = max(high, -low, Fraction(1, 100))
    size = Fraction(1, 100)
    while size * 10 < reach:
        size *= 10
    fits: Sequence[Fraction] = [size * each for each in (Fraction(1), Fraction(2), Fraction(5), Fraction(10))]
    by = next(each for each in fits if reach / each <= 3)
    start, end = (low / by).__floor__(), -((-high) / by).__floor__()
    return tuple((by * at, money_of(page, currency)(by * at)) for at in range(start, end + 1))
