"""The rest of a running period: what may still go wrong, and what is owed whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from slacheck.judging.judged import Judged
from slacheck.judging.line import Subject, foreseen, judged
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer
from slacheck.measures.availability import Availability
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.error_rate import ErrorRate
from slacheck.measures.measure import CaseTally, CountTally, RateTally, RecordTally, Tally, TimeTally, WeightedTally
from slacheck.planning import Asking, to_the_end
from slacheck.statement import BudgetShown, BudgetUnit, Exact, LeftShown
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.verdicts import Judgement, Verdict

_UNITS: dict[type[Tally], BudgetUnit] = {
    TimeTally: "time",
    WeightedTally: "time",
    CountTally: "requests",
    RateTally: "intervals",
    CaseTally: "cases",
    RecordTally: "records",
}
_SURE: frozenset[Verdict] = frozenset(("met", "not-applicable"))
_OPEN: frozenset[Verdict] = _SURE | {"indeterminate"}
# No export has as many: what may fail so often may fail always.
_ENDLESS = 2**62
# Later volume of which none fails, so much that a share comes as near to one as anything can tell.
_VAST = 10**30


@dataclass(frozen=True)
class _Rest:
    """The rest of a window: how much of it is service time, what of that is down whatever is measured, and the time in
    which an outage counts."""

    service: int
    forced: int
    clock: Intervals


def with_budgets(lines: Sequence[Judged]) -> list[Judged]:
    """The lines of a running period, each with what is left of it; where that cannot be told, as they are."""
    known: dict[tuple[int, Tally], BudgetShown | None] = {}
    rests: dict[int, _Rest] = {}
    return [_with_budget(each, known, rests) for each in lines]


def _with_budget(each: Judged, known: dict[tuple[int, Tally], BudgetShown | None], rests: dict[int, _Rest]) -> Judged:
    answer = each.answer
    if answer is None or not _plain(each):
        return each
    # Of many subjects most have measured the same.
    key = id(each.asking.ask), answer.tally
    if each.asking.targets is not None or key not in known:
        rest = rests.setdefault(id(each.asking.ask), _rest(each.asking))
        known[key] = _budget(each, answer, rest)
    found = known[key]
    return each if found is None else replace(each, line=each.line.model_copy(update={"budget": found}))


def _plain(each: Judged) -> bool:
    """Whether the line is of one window that runs, with one bound that more of what goes wrong can break."""
    asking, answer, target = each.asking, each.answer, each.target
    if answer is None or target is None or each.few is not None:
        return False
    ask, tally, measure = asking.ask, answer.tally, asking.promised.promise.measure
    if not ask.window.running or ask.record is not None or ask.sliding or type(tally) not in _UNITS:
        return False
    timed = isinstance(tally, (TimeTally, WeightedTally))
    rolled = each.line.subjects > 0 and (timed or asking.promised.level.roll_up != "pooled")
    if rolled or (timed and asking.promised.level.pooled):
        return False
    if timed and not (
        isinstance(measure, Availability) or (isinstance(measure, Downtime) and measure.statistic == "total")
    ):
        return False
    falls = not isinstance(measure, (Downtime, Count, ErrorRate))
    value = asking.corrected(answer.subject) if asking.corrections else None
    return len(target.bounds) == 1 and target.lower_is_worse is falls and (value is None or value.value is None)


def _rest(asking: Asking) -> _Rest:
    window = asking.ask.window
    whole = to_the_end(asking)

    def ahead(of: Intervals) -> Intervals:
        return intervals.clip(of, window.hi, window.agreed_end)

    counted = ahead(whole.counted)
    return _Rest(
        intervals.length(counted),
        intervals.length(intervals.intersection(ahead(whole.excess), counted)),
        ahead(whole.measured),
    )


def _budget(each: Judged, answer: Answer, rest: _Rest) -> BudgetShown | None:
    asking, target, tally = each.asking, each.target, answer.tally
    assert target is not None
    timed = isinstance(tally, (TimeTally, WeightedTally))

    def most(sure: bool) -> int:
        """The most that may go wrong; with ``sure`` also where what is missing turns out badly."""

        def then(more: int) -> Judgement:
            return foreseen(asking, replace(answer, tally=_with(tally, rest, more)), target)

        def kept(more: int) -> bool:
            return then(more).verdict in (_SURE if sure else _OPEN)

        first, second = (found.worst if sure else found.best for found in (then(0), then(1)))
        guess = 0
        if first is not None and second is not None and first != second:
            guess = (target.bounds[0].value - first) // (second - first)
        return greatest(kept, -_wrong(tally) - 1, intervals.length(rest.clock) if timed else _ENDLESS, guess)

    best, worst = most(sure=False), most(sure=True)
    if not timed:
        if _ENDLESS in (best, worst):
            return None
        rate = _rate(target) if isinstance(tally, (CountTally, CaseTally, RateTally)) else None
        return BudgetShown(unit=_UNITS[type(tally)], best=LeftShown(left=best), worst=LeftShown(left=worst), rate=rate)
    return BudgetShown(unit="time", best=_left(best, rest), worst=_left(worst, rest), rest=rest.service)


def _with(tally: Tally, rest: _Rest, more: int) -> Tally:
    """What will have been measured at the end when so much more goes wrong: below zero less than did already."""
    match tally:
        case TimeTally():
            lost = rest.forced + more
            service, down = tally.service + rest.service, tally.down + lost
            return replace(tally, service=service, down=down, down_at_worst=tally.down_at_worst + lost)
        case WeightedTally():
            return WeightedTally(tally.service + rest.service, (*tally.groups, (1, rest.forced + more)))
        case CountTally():
            return replace(tally, total=tally.total + more)
        case CaseTally():
            return replace(tally, total=tally.total + more, late=tally.late + more)
        case RateTally():
            return replace(tally, busy=tally.busy + more)
        case RecordTally():
            return replace(tally, count=tally.count + more)
    raise TypeError(f"{type(tally).__name__} has no more of what goes wrong")


def _wrong(tally: Tally) -> int:
    """How much went wrong so far at the worst."""
    match tally:
        case TimeTally():
            return tally.down_at_worst
        case WeightedTally():
            return sum(-(-weighted // n) for n, weighted in tally.groups)
        case CountTally():
            return tally.total - tally.good
        case CaseTally():
            return tally.late + tally.open_within
        case RateTally():
            return int(tally.busy - tally.rates)
        case RecordTally():
            return tally.count
    return 0


def greatest(holds: Callable[[int], bool], low: int, high: int, guess: int) -> int:
    """The greatest of the integers from ``low`` to ``high`` for which something holds that, once it does not, holds for
    none above; ``low`` where it holds for none.
    """
    # By steps that double, from where it is thought to be: there are many lines, and numbers of twelve digits.
    at, step = min(max(guess, low), high), 1
    if holds(at):
        under, over = at, high + 1
        while under + step < over:
            if not holds(under + step):
                over = under + step
                break
            under, step = under + step, 2 * step
    else:
        under, over = low, at
        while over - step > under:
            if holds(over - step):
                under = over - step
                break
            over, step = over - step, 2 * step
    while over - under > 1:
        middle = (under + over) // 2
        under, over = (middle, over) if holds(middle) else (under, middle)
    return under


def _left(left: int, rest: _Rest) -> LeftShown:
    total = intervals.length(rest.clock)
    if left < 0:
        return LeftShown(left=left)
    if not rest.clock:
        return LeftShown(left=left)
    _, beyond = intervals.first(rest.clock, left)
    before, after = intervals.first(rest.clock, max(0, total - left))
    since = after[0][0] if not before else before[-1][1]
    return LeftShown(
        left=left,
        ends_by=zones.written(beyond[0][0]) if beyond else None,
        safe_from=zones.written(since) if left else None,
    )


def _rate(target: Comparison) -> Exact | None:
    bound = target.bounds[0].value
    return Exact.of(1 - bound if target.lower_is_worse else bound) if 0 <= bound <= 1 else None


def at_best(lines: Sequence[Judged]) -> list[Judged]:
    """The lines of a running period when nothing more goes wrong in it: what is owed then is owed whatever happens.

    Lines that may yet turn out in any way cost nothing there.
    """
    rests: dict[int, _Rest] = {}
    return [_at_best(each, rests) for each in lines]


def _at_best(each: Judged, rests: dict[int, _Rest]) -> Judged:
    asking, answer = each.asking, each.answer
    if answer is None or each.judgement is None or not asking.ask.window.running:
        return each
    if asking.ask.record is not None and answer.ended is not None:
        return each
    if _plain(each):
        rest = rests.setdefault(id(asking.ask), _rest(asking))
        return judged(asking, Subject(replace(answer, tally=_all_well(answer.tally, rest)), each.target))
    line = each.line.model_copy(update={"verdict": "not-applicable", "reason": "open until the period ends"})
    return replace(each, line=line, judgement=None, measured=None)


def _all_well(tally: Tally, rest: _Rest) -> Tally:
    match tally:
        case CountTally():
            return replace(tally, total=tally.total + _VAST, good=tally.good + _VAST)
        case CaseTally():
            return replace(tally, total=tally.total + _VAST, within=tally.within + _VAST)
        case RateTally():
            return replace(tally, busy=tally.busy + _VAST, rates=tally.rates + _VAST)
    return _with(tally, rest, 0)
