"""The conditions of rights, each judged at the end of a period with everything that is not known left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from slacheck.agreement.right_terms import (
    AllOf,
    AnyOf,
    AverageOf,
    BreachedPeriods,
    CreditsAtCap,
    FailuresWithin,
    PointsWithin,
    ShareOfFailing,
    Simple,
)
from slacheck.language.quantities import CivilLength, Comparison, Kind
from slacheck.money import decimal_text
from slacheck.rights.found import Found, all_of, any_of
from slacheck.rights.seen import Past, Seen
from slacheck.settlement import claimed_in_time
from slacheck.statement import Exact, Line
from slacheck.timeline.periods import Period, before_by, title
from slacheck.verdicts import any_of as either

# A least and a most; None: nothing bounds it there.
Range = tuple[Fraction | None, Fraction | None]

_NOTHING = Fraction(0)
# What a decimal of 18 places may be off, where a fraction is too long to be written.
_UNWRITTEN = Fraction(1, 10**18)


def found(when: Simple | AnyOf | AllOf, past: Past, at: Period, subject: str) -> Found:
    """What a condition comes to at the end of ``at`` for one subject, the empty one where nothing tells them apart.

    A condition whose level has no subjects is the same for all of them.
    """
    match when:
        case AnyOf(any_of=several):
            return any_of([found(each, past, at, subject) for each in several])
        case AllOf(all_of=several):
            return all_of([found(each, past, at, subject) for each in several])
        case BreachedPeriods():
            return _breached(when, past, at, None if when.whole else subject)
        case FailuresWithin():
            return _failures(when, past, at, subject)
        case PointsWithin():
            return _points(when, past, at)
        case CreditsAtCap():
            return _at_cap(when, past, at)
        case AverageOf():
            return _average(when, past, at, subject)
        case ShareOfFailing():
            return _share(when, past, at)


def _breached(when: BreachedPeriods | ShareOfFailing, past: Past, at: Period, subject: str | None) -> Found:
    periods = past.last(at, when.span)
    told = [(each, _failed(past, when.level, each, subject, when.claimed)) for each in periods]
    claimed = " and claimed in time" if when.claimed else ""
    return _so_many(told, when.breached, when.span, f"breached{claimed}")


def _at_cap(when: CreditsAtCap, past: Past, at: Period) -> Found:
    told: list[tuple[Period, bool | None]] = []
    for period in past.last(at, when.span):
        seen = past.of(period)
        caps = [None] if seen is None else [each.total.at_cap if each.total else False for each in seen.told]
        told.append((period, either(caps)))
    return _so_many(told, when.credits_at_cap, when.span, "with credits at their cap")


def _so_many(told: Sequence[tuple[Period, bool | None]], wanted: int, span: int, what: str) -> Found:
    """So many of a number of periods, of which each counts, does not, or may."""
    sure = tuple(period for period, counts in told if counts)
    maybe = tuple(period for period, counts in told if counts is not False)
    return Found(
        sure if len(sure) >= wanted else None,
        maybe if len(maybe) >= wanted else None,
        f"{len(sure)} of {span} periods {what}",
        tuple(title(period) for period, counts in told if counts is None),
    )


def _failed(past: Past, levels: Sequence[str], period: Period, subject: str | None, claimed: bool) -> bool | None:
    """Whether any line of the levels failed in a period; None where that is not known. All subjects for None."""
    levels = [level for level in levels if past.in_force(level, period)]
    seen = past.of(period)
    if seen is None:
        return None if levels else False
    return either(_line_failed(past, line, period, claimed) for line in _lines(seen, levels, subject))


def _line_failed(past: Past, line: Line, period: Period, claimed: bool) -> bool | None:
    """Whether a line that is breached or may be counts; with ``claimed``, whether it was claimed in time too."""
    made = claimed_in_time(past.settling, line, period) if claimed else True
    if made is False:
        return False
    return True if line.verdict == "breached" and made else None


def _lines(seen: Seen, levels: Sequence[str], subject: str | None) -> Iterator[Line]:
    for level in levels:
        troubled = seen.troubled(level)
        if subject is None:
            yield from (line for of_subject in troubled.values() for line in of_subject)
            continue
        yield from troubled.get("", ())
        if subject:
            yield from troubled.get(subject, ())


def _failures(when: FailuresWithin, past: Past, at: Period, subject: str) -> Found:
    periods = inside(past, at, when.over)
    counts = [_count(when, past, each, None if when.whole else subject) for each in periods]
    low = sum(least for least, _ in counts)
    high = None if any(most is None for _, most in counts) else sum(most or 0 for _, most in counts)
    told = list(zip(periods, counts, strict=True))
    sure = tuple(period for period, (least, _) in told if least)
    maybe = tuple(period for period, (_, most) in told if most is None or most)
    certain, possible = low >= when.failures, high is None or high >= when.failures
    if when.every:
        certain, possible = _passes(counts, when.failures)
    missing = tuple(title(period) for period, (least, most) in told if most is None or most > least)
    said = f"{low:,}" if high == low else f"at least {low:,}" if high is None else f"{low:,} to {high:,}"
    words = "failure" if said == "1" else "failures"
    kind = f"{words} claimed in time" if when.claimed else words
    return Found(sure if certain else None, maybe if possible else None, f"{said} {kind} in {when.over}", missing)


def _passes(counts: Sequence[tuple[int, int | None]], step: int) -> tuple[bool, bool]:
    """Whether the last count takes the sum past a multiple of ``step``: for sure, and at all."""
    if not counts:
        return False, False
    now_least, now_most = counts[-1]
    low = sum(least for least, _ in counts[:-1])
    unbounded = any(most is None for _, most in counts[:-1])
    high = low + step if unbounded else sum(most or 0 for _, most in counts[:-1])
    # How many more failures lead to the next multiple, from each count that there may have been before.
    left = [step - before % step for before in range(low, min(high, low + step - 1) + 1)]
    return now_least >= max(left), now_most is None or now_most >= min(left)


def _count(when: FailuresWithin, past: Past, period: Period, subject: str | None) -> tuple[int, int | None]:
    """The least and the most lines that failed in a period; a line in two parts of it is one."""
    levels = [level for level in when.level if past.in_force(level, period)]
    seen = past.of(period)
    if seen is None:
        most = [_most_lines(past, level, subject) for level in levels]
        return 0, None if None in most else sum(each or 0 for each in most)
    told: dict[tuple[str, str, str, str], set[bool | None]] = {}
    for line in _lines(seen, levels, subject):
        key = line.level, line.of_class, line.subject, line.period
        told.setdefault(key, set()).add(_line_failed(past, line, period, when.claimed))
    sure = sum(1 for verdicts in told.values() if True in verdicts)
    return sure, sure + sum(1 for verdicts in told.values() if True not in verdicts and None in verdicts)


def _most_lines(past: Past, name: str, subject: str | None) -> int | None:
    """How many lines of a level a period may have, where nothing is known of it; None where nothing bounds them."""
    level = past.agreement.service_levels[name]
    if level.per is not None and level.per.record is not None:
        return None
    if level.period is not None and level.period.rolling is None:
        return None
    classes = 1 if level.pooled else len(level.promises)
    if subject is not None or level.per is None or level.roll_up != "each":
        return classes
    return classes * len(level.per.subjects) if level.per.subjects else None


def inside(past: Past, at: Period, over: CivilLength) -> list[Period]:
    """The periods inside a stretch that ends with ``at``, the earliest first."""
    if over.unit == "period":
        return past.last(at, over.count)
    return past.since(at, before_by(at.end, over.count, over.unit))


def _points(when: PointsWithin, past: Past, at: Period) -> Found:
    periods = inside(past, at, when.over)
    counts = [_points_in(when, past, each) for each in periods]
    low, high = _sum(least for least, _ in counts), _sum(most for _, most in counts)
    told = list(zip(periods, counts, strict=True))
    sure = tuple(period for period, (least, _) in told if least is not None and least > 0)
    maybe = tuple(period for period, (_, most) in told if most is None or most > 0)
    missing = tuple(title(period) for period, (least, most) in told if least is None or least != most)
    return Found(
        sure if low is not None and when.points.holds(low) else None,
        maybe if high is None or when.points.holds(high) else None,
        f"{_range((low, high), 'number')} points in {when.over}",
        missing,
    )


def _points_in(when: PointsWithin, past: Past, period: Period) -> Range:
    """The least and the most points of a period."""
    seen = past.of(period)
    if seen is None:
        credits = [each.promise.credit for each in past.agreement.promised()]
        bonus = any(credit is not None and credit.in_points and credit.rewards for credit in credits)
        return (None if bonus else _NOTHING), None
    if not when.levels:
        totals = [each.total.points for each in seen.told if each.total is not None and each.total.points is not None]
        least = _sum(Fraction(each.least) for each in totals)
        return least, _sum(None if each.most is None else Fraction(each.most) for each in totals)
    lines = [line for level in when.levels for line in seen.lines(level)]
    paid = [line.credit for line in lines if line.credit is not None and line.credit.unit == "points"]
    least = _sum(Fraction(each.counted_least) for each in paid)
    return least, _sum(None if each.counted_most is None else Fraction(each.counted_most) for each in paid)


def _sum(values: Iterator[Fraction | None]) -> Fraction | None:
    total = _NOTHING
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _average(when: AverageOf, past: Past, at: Period, subject: str) -> Found:
    periods = past.last(at, when.of_last)
    in_force = [period for period in periods if past.in_force(when.average, period)]
    if len(in_force) < when.of_last:
        return Found(None, None, f"{len(in_force)} of {when.of_last} periods so far")
    told = [(period, _value(when, past, period, subject)) for period in periods]
    values = [(period, value) for period, value in told if value is not None]
    if not values:
        return Found(None, None, f"nothing was measured in {when.of_last} periods")
    mean = _mean([(value, 1) for _, value in values])
    basis = tuple(period for period, _ in values)
    certain, possible = _holds(when.is_, *mean)
    return Found(
        basis if certain else None,
        basis if possible else None,
        f"{_range(mean, when.is_.kind)} on average of {when.of_last} periods",
        tuple(title(period) for period, (least, most) in values if least is None or least != most),
    )


def _holds(comparison: Comparison, low: Fraction | None, high: Fraction | None) -> tuple[bool, bool]:
    """Whether a comparison to one side holds for every value between two, and for any."""
    easiest, hardest = (low, high) if comparison.lower_is_worse is False else (high, low)
    return (
        hardest is not None and comparison.holds(hardest),
        easiest is None or comparison.holds(easiest),
    )


def _value(when: AverageOf, past: Past, period: Period, subject: str) -> Range | None:
    """The value of a level in a period, the mean of its parts by their days; None where it has none."""
    seen = past.of(period)
    if seen is None:
        return (None, None)
    measured = seen.measured(when.average)
    if when.whole:
        lines = [each for of_subject in measured.values() for each in of_subject]
    else:
        lines = [*measured.get("", ()), *(measured.get(subject, ()) if subject else ())]
    return _mean([(_between(line), days) for line, days in lines]) if lines else None


def _mean(values: Sequence[tuple[Range, int]]) -> Range:
    """The least and the most that the mean of values may be, each with its weight."""
    weight = sum(each for _, each in values)
    low = _sum(None if least is None else least * each for (least, _), each in values)
    high = _sum(None if most is None else most * each for (_, most), each in values)
    return (None if low is None else low / weight, None if high is None else high / weight)


def _between(line: Line) -> Range:
    if line.best is None or line.worst is None:
        return None, None
    ends = sorted([_edges(line.best), _edges(line.worst)])
    return ends[0][0], None if line.open_above else ends[1][1]


def _edges(value: Exact) -> tuple[Fraction, Fraction]:
    exact = value.fraction
    return (exact, exact) if value.exact is not None else (exact - _UNWRITTEN, exact + _UNWRITTEN)


def _share(when: ShareOfFailing, past: Past, at: Period) -> Found:
    periods = past.last(at, when.span)
    known = [seen for seen in map(past.of, periods) if seen is not None]
    subjects = {name for seen in known for level in when.level for name in seen.measured(level) if name}
    declared = {
        name for level in when.level if (per := past.agreement.service_levels[level].per) for name in per.subjects
    }
    alone = [_breached(when, past, at, name) for name in sorted(subjects | declared)]
    sure, maybe = sum(each.certain is not None for each in alone), sum(each.possible is not None for each in alone)
    # Who the others are that a period without a statement may have had, nobody knows.
    others = len(known) < len(periods) and not declared
    missing = tuple(title(period) for period in periods if past.of(period) is None)
    open_ones = tuple(dict.fromkeys((*missing, *(name for each in alone for name in each.missing))))
    failed = [(period, _failed(past, when.level, period, None, when.claimed)) for period in periods]
    surely = tuple(period for period, of_any in failed if of_any)
    basis = tuple(period for period, of_any in failed if of_any is not False)
    said = f"{sure}" if sure == maybe else f"{sure} to {maybe}"
    text = f"{said} of {len(alone)} subjects breached in {when.breached} of {when.span} periods"
    if not alone:
        return Found(None, basis if others else None, "no subject is known", missing)
    certain = when.share_of_subjects.holds(Fraction(sure, len(alone))) and not others
    possible = when.share_of_subjects.holds(Fraction(maybe, len(alone))) or others
    return Found(surely if certain else None, basis if possible else None, text, open_ones)


def _range(ends: Range, kind: Kind) -> str:
    """A value, or two with what may lie between them, as people read it."""
    low, high = (None if each is None else _shown(each, kind) for each in ends)
    if low is None and high is None:
        return "an unknown value"
    if low == high:
        return f"{low}"
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"


def _shown(value: Fraction, kind: Kind) -> str:
    if kind == "share":
        return f"{decimal_text(value * 100, 6)}%"
    return f"{decimal_text(value / 1_000_000, 6)}s" if kind == "length" else decimal_text(value, 6)
