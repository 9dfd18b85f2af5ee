"""A second evaluator, slow and plain: every stretch of time is looked at by itself, and nothing of the package is used.

Instants and lengths are integer microseconds. A moment is a stretch [start, end) within which nothing changes: one
second, or what lies between two instants that the data or the agreement name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Moment = tuple[int, int]
Sample = tuple[int, str]
Least = tuple[str, int]
"""An operator (``>=`` or ``>``) and the length that an outage is compared with."""


def text_of(instant: int) -> str:
    """ISO 8601 in UTC."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    finest = "microseconds" if instant % SECOND else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=finest) + "Z"


def moments(instants: Iterable[int], lo: int, hi: int) -> list[Moment]:
    """[lo, hi) cut at ``instants``."""
    edges = sorted({lo, hi, *(instant for instant in instants if lo < instant < hi)})
    return [(edges[i], edges[i + 1]) for i in range(len(edges) - 1)]


def seconds(lo: int, hi: int) -> list[Moment]:
    """[lo, hi) cut at every second."""
    return [(second, second + SECOND) for second in range(lo, hi, SECOND)]


def compared(left: Fraction | int, operator: str, right: Fraction | int) -> bool:
    if operator == ">=":
        return left >= right
    if operator == ">":
        return left > right
    if operator == "<=":
        return left <= right
    assert operator == "<"
    return left < right


def inside(instant: int, stretches: Iterable[Moment]) -> bool:
    return any(start <= instant < end for start, end in stretches)


def state_at(samples: Sequence[Sample], hold: int | None, instant: int) -> str:
    """The state that the newest sample by ``instant`` left; ``unknown`` where none holds."""
    newest: Sample | None = None
    for sample in samples:
        if sample[0] <= instant and (newest is None or sample[0] > newest[0]):
            newest = sample
    if newest is None or (hold is not None and instant >= newest[0] + hold):
        return "unknown"
    return newest[1]


@dataclass(frozen=True)
class Event:
    """One record of a log; without an end it still runs."""

    start: int
    end: int | None
    announced: int | None = None

    def seen(self, as_of: int) -> Moment:
        return self.start, as_of if self.end is None else min(self.end, as_of)


def overlap(one: Event, other: Event) -> bool:
    """Each begins before the other ends; a record without any length is no time and overlaps nothing."""
    if one.start == one.end or other.start == other.end:
        return False
    ends_after = other.end is None or one.start < other.end
    return ends_after and (one.end is None or other.start < one.end)


def first_of(logs: Sequence[Sequence[Event]]) -> list[Event]:
    """The records of several logs, without those that overlap a standing record of a log named before theirs."""
    standing: list[tuple[int, Event]] = []
    for number, log in enumerate(logs):
        for event in log:
            if not any(earlier < number and overlap(event, other) for earlier, other in standing):
                standing.append((number, event))
    return [event for _, event in standing]


@dataclass(frozen=True)
class Excuse:
    """An exclusion: its records, the notice it asks for, and how much of each stretch it may excuse."""

    records: tuple[Event, ...]
    notice: int | None = None
    allowance: int | None = None
    stretch: str = "day"
    excess_is_down: bool = True


def stretch_of(instant: int, kind: str) -> object:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    if kind == "day":
        return moment.date()
    if kind == "week":
        return moment.date().isocalendar()[:2]
    assert kind == "month"
    return moment.year, moment.month


def excused(excuse: Excuse, as_of: int, since: int | None = None) -> tuple[list[Moment], list[Moment]]:
    """What is excused and what goes beyond the allowance, one moment after the other in order of time.

    A record that ends before the agreement begins (``since``) uses up no allowance.
    """
    accepted: list[Moment] = []
    for record in excuse.records:
        told = excuse.notice is None or (
            record.announced is not None and record.announced + excuse.notice <= record.start
        )
        ends = as_of if record.end is None else record.end
        if told and record.start < as_of and (since is None or ends > since):
            accepted.append((record.start, ends))
    if not accepted:
        return [], []
    lo, hi = min(start for start, _ in accepted), max(end for _, end in accepted)
    midnights = range(lo - lo % DAY, hi, DAY)
    used: dict[object, int] = {}
    within: list[Moment] = []
    beyond: list[Moment] = []
    for start, end in moments([*midnights, *(edge for record in accepted for edge in record)], lo, hi):
        if not inside(start, accepted):
            continue
        if excuse.allowance is None:
            within.append((start, end))
            continue
        key = stretch_of(start, excuse.stretch)
        spent = start + min(end - start, excuse.allowance - used.get(key, 0))
        used[key] = used.get(key, 0) + spent - start
        within.append((start, spent))
        beyond.append((spent, end))
    return within, beyond


@dataclass(frozen=True)
class Time:
    """What became of one subject's time in one window."""

    service: int
    down: int
    worst: int
    unknown: int
    excluded: int
    outages: int
    longest: int


def time_of(
    cut: Sequence[Moment],
    state: Callable[[int], str],
    window: Moment,
    excuses: Sequence[tuple[Excuse, list[Moment], list[Moment]]],
    least: Least,
) -> Time:
    """Look at every moment of ``cut``, which reaches from before the window to the instant of looking."""
    lo, hi = window
    out = [part for _, within, _ in excuses for part in within]
    forced = [part for excuse, _, beyond in excuses if excuse.excess_is_down for part in beyond]
    states = [state(start) for start, _ in cut]
    excluded = unknown = service = surely = 0
    counts: list[int] = []
    for (start, end), is_now in zip(cut, states, strict=True):
        counts.append(0)
        if not lo <= start < hi:
            continue
        if inside(start, out):
            excluded += end - start
            continue
        service += end - start
        if inside(start, forced):
            surely += end - start
            continue
        counts[-1] = end - start
        if is_now == "unknown":
            unknown += end - start
    down, outages, longest = _long_enough(cut, [each == "down" for each in states], counts, least)
    # What still goes on when the record ends may yet last: at worst it is long enough.
    worst, _, _ = _long_enough(cut, [each in ("down", "unknown") for each in states], counts, least, still_open=True)
    return Time(service, down + surely, worst + surely, unknown, excluded, outages, longest)


def _long_enough(
    cut: Sequence[Moment], on: Sequence[bool], counts: Sequence[int], least: Least, still_open: bool = False
) -> tuple[int, int, int]:
    """Counted time of the runs of ``on`` whose whole length suffices, their number, and the longest."""
    total = number = longest = 0
    whole = counted = 0
    for index in range(len(cut) + 1):
        if index < len(cut) and on[index]:
            whole += cut[index][1] - cut[index][0]
            counted += counts[index]
            continue
        if whole and (compared(whole, *least) or (still_open and index == len(cut))):
            total += counted
            number += counted > 0
            longest = max(longest, counted)
        whole = counted = 0
    return total, number, longest


@dataclass(frozen=True)
class Count:
    """One interval: its start, how many requests, how many of them good."""

    at: int
    total: int
    good: int


@dataclass(frozen=True)
class Counts:
    """What was counted in one window; without a grid nothing is expected."""

    total: int
    good: int
    expected: int
    present: int


def counts_of(
    rows: Sequence[Count], window: Moment, width: int | None, out: Sequence[Moment], running: int | None = None
) -> Counts:
    """Walk the grid of the window, one interval after the other.

    ``running`` is the length of an interval while the period runs: the one under way is not looked at.
    """
    lo, hi = window
    if running is not None:
        hi -= (hi - lo) % running
    used = [row for row in rows if lo <= row.at < hi and not inside(row.at, out)]
    expected = present = 0
    if width is not None:
        for slot in range(lo, hi, width):
            if inside(slot, out):
                continue
            expected += 1
            present += any(slot <= row.at < slot + width for row in used)
    return Counts(sum(row.total for row in used), sum(row.good for row in used), expected, present)


@dataclass(frozen=True)
class Promise:
    """A target on a share, and what a breach costs: rows of (operator, edge, share of the fee), a cap in money.

    ``each`` and ``counting`` are those of a credit per unit of shortfall, in points.
    """

    target: tuple[str, Fraction]
    missing: str = "bounds"
    coverage: tuple[str, Fraction] | None = None
    rows: tuple[tuple[str, Fraction, Fraction], ...] = ()
    each: tuple[Fraction, str, Fraction] | None = None
    fee: Fraction = Fraction(1000)
    cap: Decimal | None = None


@dataclass(frozen=True)
class Answer:
    """What a statement says of one line; None for what there is not."""

    verdict: str
    best: Fraction | None
    worst: Fraction | None
    coverage: Fraction | None
    least: Decimal | None
    most: Decimal | None


class Refused(Exception):
    """``missing: error``, and something is missing."""


def judged(promise: Promise, time: Time | Counts) -> Answer:
    """Compare, with the policy for what is missing, and settle. Raises Refused."""
    pays = bool(promise.rows) or promise.each is not None
    nothing = Decimal(0) if pays else None
    values = _values(promise, time)
    if values is None:
        return Answer("not-applicable", None, None, None, nothing, nothing)
    best, worst, coverage = values
    if promise.missing == "error" and coverage < 1:
        raise Refused
    thin = promise.coverage is not None and not compared(coverage, *promise.coverage)
    deemed = promise.missing == "breach" and (thin or (promise.coverage is None and coverage < 1))
    holds = [compared(value, *promise.target) for value in (best, worst)]
    if deemed:
        verdict = "breached"
    elif thin or holds[0] != holds[1]:
        verdict = "indeterminate"
    else:
        verdict = "met" if holds[0] else "breached"
    if not pays or verdict == "met":
        return Answer(verdict, best, worst, coverage, nothing, nothing)
    costs = [_cost(promise, value, deemed) for value in ((worst, worst) if deemed else (best, worst))]
    return Answer(verdict, best, worst, coverage, min(costs), max(costs))


def _values(promise: Promise, time: Time | Counts) -> tuple[Fraction, Fraction, Fraction] | None:
    if isinstance(time, Counts):
        complete = time.present == time.expected
        coverage = Fraction(time.present, time.expected) if time.expected else Fraction(1)
        if time.total and (complete or promise.missing == "exclude"):
            rate = Fraction(time.good, time.total)
            return rate, rate, coverage
        return None if complete else (Fraction(1), Fraction(0), coverage)
    if time.service == 0:
        return None
    known = time.service - time.unknown
    best = Fraction(time.service - time.down, time.service)
    worst = Fraction(time.service - time.worst, time.service)
    if promise.missing == "up":
        worst = best
    elif promise.missing == "down":
        best = worst
    elif promise.missing == "exclude" and known:
        best = worst = Fraction(known - time.down, known)
    return best, worst, Fraction(known, time.service)


def _cost(promise: Promise, value: Fraction, deemed: bool) -> Decimal:
    if compared(value, *promise.target) and not deemed:
        return Decimal(0)
    if promise.each is not None:
        each, counting, pays = promise.each
        units = max(Fraction(0), promise.target[1] - value) / each
        whole = units.numerator // units.denominator
        if counting == "full":
            units = Fraction(whole)
        elif counting == "started":
            units = Fraction(whole + (units > whole))
        exact = units * pays * promise.fee
    else:
        matching = [pays for operator, edge, pays in promise.rows if compared(value, operator, edge)]
        cheapest = min(pays for _, _, pays in promise.rows)
        exact = max(matching, default=cheapest) * promise.fee
    cents = exact * 100
    whole = cents.numerator // cents.denominator
    amount = Decimal(whole + (cents - whole >= Fraction(1, 2))).scaleb(-2)
    return amount if promise.cap is None else min(amount, promise.cap)
