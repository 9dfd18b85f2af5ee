"""Slots: counts per fixed interval, as bad intervals that make down time and as the mean of the intervals' rates.

A slot is one interval [origin + n * each, origin + (n + 1) * each) for any whole n; several rows of counts may fall
into one slot and add up. Counts have g (stream), k (subject), t (instant at which the row's interval begins), total
and good; instants are integer microseconds. A slot is judged by all its rows, also by those before or after the
stretch that is asked for: hand in whole slots, and no row that is not known yet.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import narwhals as nw

from slacheck.engine.clock import Clocks, joined, segments, spans_of
from slacheck.engine.count_tally import expected_slots
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import event_spells
from slacheck.engine.wide import WIDE, floored

Frame = nw.LazyFrame[Any]
Operator = Literal[">", ">=", "<", "<="]
Empty = Literal["up", "down", "unknown", "skip"]
Absent = Literal["unknown", "empty"]

# Sums of a slot stay below 10**26 (ten million rows of 2**63), so that a product with this fits 38 digits.
MOST_PARTS = 10**12

_OPERATORS: tuple[Operator, ...] = (">", ">=", "<", "<=")
_COMPARED = (operator.gt, operator.ge, operator.lt, operator.le)
_UP, _DOWN, _UNKNOWN, _SKIPPED = range(4)
_STATES: dict[Empty, int] = {"up": _UP, "down": _DOWN, "unknown": _UNKNOWN, "skip": _SKIPPED}
_TRAFFIC, _BELOW, _EMPTY, _INCOMPLETE = range(4)
_WHOLE = nw.Decimal(38, 0)


@dataclass(frozen=True)
class SlotRule:
    """When a slot is down, and the signal ids of the spells that come of it.

    ``each`` is the length of a slot, ``row_width`` that of one row's interval: a slot is complete when each of its
    ``each / row_width`` parts has a row. None: rows are transactions, a slot without one is empty. A slot is down when
    the share of ``measured`` requests stands in ``operator`` to ``share``; ``all_fail`` stands for a share of bad ones
    of at least 1. With fewer than ``minimum`` requests it is up; without any it is what ``empty`` says, whatever the
    minimum. A slot without a row is what ``absent`` says. An incomplete slot is unknown, however bad its rows are (the
    missing ones may hold any number of requests), unless ``absent`` is "empty": then its rows are all there was.

    Raises ValueError for a length that is not positive or no multiple of ``row_width``, a share outside 0 to 1 or of
    more than ``MOST_PARTS`` parts, or a negative minimum.
    """

    stream: int
    each: int
    origin: int
    row_width: int | None
    share: Fraction
    operator: Operator
    empty: Empty
    absent: Absent
    down: int
    not_up: int
    unknown: int
    skipped: int
    measured: Literal["bad", "good"] = "bad"
    minimum: int = 0
    all_fail: bool = False

    def __post_init__(self) -> None:
        _check_grid(self.each, self.row_width)
        if not 0 <= self.share <= 1 or self.share.denominator > MOST_PARTS:
            raise ValueError(f"{self.share} is no share of at most {MOST_PARTS} parts")
        if self.minimum < 0:
            raise ValueError(f"a slot cannot have {self.minimum} requests")


@dataclass(frozen=True)
class MeanRequest:
    """One window [lo, hi) over the slots of one stream; ``each``, ``row_width`` and ``absent`` as in ``SlotRule``.

    A slot counts when it begins in the window and in counted time of ``clock``; its rate enters the mean when it has
    at least ``least_total`` requests. Raises ValueError for a length as in ``SlotRule`` or a least total below 1.
    """

    id: int
    stream: int
    lo: int
    hi: int
    clock: int
    each: int
    origin: int
    row_width: int | None
    absent: Absent
    least_total: int = 1

    def __post_init__(self) -> None:
        _check_grid(self.each, self.row_width)
        if self.least_total < 1:
            raise ValueError(f"a rate needs a request, not {self.least_total}")


@dataclass(frozen=True)
class SlotMean:
    """The slots of one subject that count in one request's window; every one is in exactly one of four numbers.

    ``groups`` are (total, sum of good, number of slots) of the slots with traffic, by total: the sum of their rates is
    ``exact_sum(groups)``, its mean over ``slots``. ``below`` have requests, but fewer than the least total; ``empty``
    have rows without a request; ``absent`` have no row, or are incomplete (``incomplete`` of them) where absent rows
    are unknown.
    """

    request: int
    k: int
    groups: tuple[tuple[int, int, int], ...]
    slots: int
    below: int
    empty: int
    absent: int
    incomplete: int


@dataclass(frozen=True)
class WorstSlot:
    """One slot [s, e) with its requests."""

    request: int
    k: int
    s: int
    e: int
    total: int
    good: int


@dataclass(frozen=True)
class CountedSlots:
    """The slots with a row that count in a window of ``requests``: what means and evidence read.

    ``frame`` is a stored table: r (request), k, slot, e, total, good, kind. ``expected`` maps a request to the number
    of its slots, with and without a row.
    """

    frame: Frame
    expected: Mapping[int, int]


class _Grid(NamedTuple):
    """Slots that several ask for: they begin at ``phase`` of ``each``; a row is needed in each of ``parts``."""

    stream: int
    each: int
    phase: int
    parts: int


def _check_grid(each: int, row_width: int | None) -> None:
    if each <= 0:
        raise ValueError(f"a slot cannot last {each} microseconds")
    if row_width is not None and (row_width <= 0 or each % row_width):
        raise ValueError(f"slots of {each} microseconds are not made of rows of {row_width}")


def _grid(asked: SlotRule | MeanRequest) -> _Grid:
    row_width = asked.row_width if asked.absent == "unknown" else None
    parts = 1 if row_width is None else asked.each // row_width
    return _Grid(asked.stream, asked.each, asked.origin % asked.each, parts)


def _whole(name: str) -> nw.Expr:
    return nw.col(name).cast(_WHOLE).sum()


def _slots(scratch: Scratch, counts: Frame, grids: Mapping[_Grid, tuple[int, int]]) -> Frame:
    """Add the rows up per slot that begins in [first, last) of its grid; a stored table q, k, slot, e, total, good,
    present. ``q`` is the grid's position, ``present`` the number of its parts that have a row."""
    columns = dict.fromkeys(("q", "g", "each", "phase", "part", "first", "last"), "BIGINT")
    numbered = [(q, *grid, *bounds) for q, (grid, bounds) in enumerate(grids.items())]
    t, each, part, slot = (nw.col(name) for name in ("t", "each", "part", "slot"))
    frames = []
    # A row a part is the common case, and needs no second grouping of every row.
    for simple in (True, False):
        rows = [
            (q, stream, each, phase, each // parts, first, last)
            for q, stream, each, phase, parts, first, last in numbered
            if (parts == 1) == simple
        ]
        if not rows:
            continue
        met = (
            counts.select("g", nw.col("k").cast(nw.Int64), t=t.cast(nw.Int64), total="total", good="good")
            .join(scratch.give("grids", columns, rows), on="g", how="inner")
            .with_columns(slot=t - (t - nw.col("phase")) % each)
            .filter(slot >= nw.col("first"), slot < nw.col("last"))
            .select("q", "k", "slot", "total", "good", e=slot + each, at=(t - slot) - (t - slot) % part)
        )
        keys = ("q", "k", "slot", "e")
        if not simple:
            met = met.group_by(*keys, "at").agg(total=_whole("total"), good=_whole("good"))
        present = nw.lit(1, nw.Int64) if simple else nw.col("present")
        added = met.group_by(*keys).agg(total=_whole("total"), good=_whole("good"), present=nw.len())
        frames.append(added.select(*keys, "total", "good", present=present.cast(nw.Int64)))
    return scratch.keep(nw.concat(frames), "slots")


def slot_spells(
    scratch: Scratch,
    counts: Frame,
    rules: Sequence[SlotRule],
    floor: int,
    until: int,
    subjects: Mapping[int, int],
) -> Frame:
    """Turn counts into maximal spells (g = signal, k, s, e) of each rule within [floor, until); a stored table.

    ``down`` is on in slots that are down, ``unknown`` in unknown ones, ``not_up`` in both, ``skipped`` in those
    that are to be left out of the service time. Slots that touch and agree are one spell; a skipped slot between two
    that are down parts them. A slot that reaches beyond ``floor`` or ``until`` is clipped. ``subjects`` maps a stream
    to the number of its subjects, 0 to n - 1: one without a row is absent throughout.

    Raises ValueError when ``floor`` is not before ``until`` or there is no rule, KeyError for a stream that
    ``subjects`` does not have.
    """
    if floor >= until:
        raise ValueError(f"no time between {floor} and {until}")
    if not rules:
        raise ValueError("no rule says which slots are down")
    grids = {grid: (floor - grid.each + 1, until) for grid in map(_grid, rules)}
    places = {grid: q for q, grid in enumerate(grids)}
    slots = _slots(scratch, counts, grids)
    stretches = [_judged(scratch, slots, rules, places)]
    missing = {r: state for r, rule in enumerate(rules) if (state := _when_absent(rule)) != _UP}
    if missing:
        asked = [(r, places[_grid(rules[r])], state) for r, state in missing.items()]
        seen = {_grid(rules[r]) for r in missing}
        gaps = _gaps(scratch, slots, {places[grid]: grid for grid in seen}, floor, until, subjects)
        of_rule = scratch.give("absent", dict.fromkeys(("r", "q", "state"), "BIGINT"), asked)
        stretches.append(gaps.join(of_rule, on="q", how="inner").select("r", "state", "k", "s", "e"))
    signals = scratch.give(
        "slot_signals",
        dict.fromkeys(("r", "state", "g"), "BIGINT"),
        [
            (r, state, signal)
            for r, rule in enumerate(rules)
            for state, signal in (
                (_DOWN, rule.down),
                (_DOWN, rule.not_up),
                (_UNKNOWN, rule.unknown),
                (_UNKNOWN, rule.not_up),
                (_SKIPPED, rule.skipped),
            )
        ],
    )
    spells = nw.concat(stretches).join(signals, on=["r", "state"], how="inner")
    clipped = spells.select("g", "k", s=nw.max_horizontal(nw.col("s"), nw.lit(floor, nw.Int64)), e="e")
    return event_spells(scratch, clipped, until)


def _when_absent(rule: SlotRule) -> int:
    return _UNKNOWN if rule.absent == "unknown" and rule.row_width is not None else _STATES[rule.empty]


def _judged(scratch: Scratch, slots: Frame, rules: Sequence[SlotRule], places: Mapping[_Grid, int]) -> Frame:
    """The slots (r, state, k, s, e) that some rule calls anything but up."""
    names = ("r", "q", "parts", "good_ones", "num", "den", "op", "least", "empty")
    asked = scratch.give(
        "slot_rules", dict.fromkeys(names, "BIGINT"), [_terms(r, places, rules[r]) for r in range(len(rules))]
    )
    total, good = nw.col("total"), nw.col("good")
    amount = nw.when(nw.col("good_ones") == 1).then(good).otherwise(total - good)
    # Cross-multiplied: a quotient would be rounded.
    left, right = amount * nw.col("den").cast(_WHOLE), total * nw.col("num").cast(_WHOLE)
    hit = nw.any_horizontal(
        *((nw.col("op") == op) & compared(left, right) for op, compared in enumerate(_COMPARED)), ignore_nulls=False
    )
    up, down, unknown = (nw.lit(state, nw.Int64) for state in (_UP, _DOWN, _UNKNOWN))
    bad = nw.when(hit & (total >= nw.col("least"))).then(down).otherwise(up)
    told = nw.when(total == 0).then(nw.col("empty")).otherwise(bad)
    return (
        slots.join(asked, on="q", how="inner")
        .with_columns(state=nw.when(nw.col("present") < nw.col("parts")).then(unknown).otherwise(told))
        .filter(nw.col("state") != _UP)
        .select("r", "state", "k", s="slot", e="e")
    )


def _terms(r: int, places: Mapping[_Grid, int], rule: SlotRule) -> tuple[int, ...]:
    grid = _grid(rule)
    share, sign, measured = (Fraction(1), ">=", "bad") if rule.all_fail else (rule.share, rule.operator, rule.measured)
    test = int(measured == "good"), share.numerator, share.denominator, _OPERATORS.index(sign)
    return r, places[grid], grid.parts, *test, rule.minimum, _STATES[rule.empty]


def _gaps(
    scratch: Scratch, slots: Frame, grids: Mapping[int, _Grid], floor: int, until: int, subjects: Mapping[int, int]
) -> Frame:
    """The stretches (q, k, s, e) of [floor, until) without a slot that has a row."""
    # One slot that ends at the floor stands before those of every subject: what follows it is a gap like any other.
    before = scratch.give(
        "before",
        dict.fromkeys(("q", "k", "slot", "e"), "BIGINT"),
        [(q, k, floor - grid.each, floor) for q, grid in sorted(grids.items()) for k in range(subjects[grid.stream])],
    )
    present = slots.filter(nw.col("q").is_in(sorted(grids))).select("q", "k", "slot", "e")
    following = nw.col("slot").shift(-1).over("q", "k", order_by="slot").fill_null(until)
    return (
        nw.concat([before.select("q", "k", "slot", "e"), present])
        .with_columns(following=following)
        .filter(nw.col("following") > nw.col("e"))
        .select("q", "k", s="e", e="following")
    )


def counted_slots(scratch: Scratch, counts: Frame, requests: Sequence[MeanRequest], clocks: Clocks) -> CountedSlots:
    """Add counts up per slot and find those that count in each request's window, once.

    Raises ValueError for a window without time or when nothing is requested.
    """
    cut = segments(clocks, spans_of([(request.clock, request.lo, request.hi) for request in requests]))
    if not requests:
        raise ValueError("no window is asked for")
    grids: dict[_Grid, tuple[int, int]] = {}
    for each, grid in zip(requests, map(_grid, requests), strict=True):
        first, last = grids.get(grid, (each.lo, each.hi))
        grids[grid] = min(first, each.lo), max(last, each.hi)
    places = {grid: q for q, grid in enumerate(grids)}
    asked = scratch.give(
        "slot_requests",
        dict.fromkeys(("r", "q", "lo", "hi", "c", "parts", "least"), "BIGINT"),
        [
            (each.id, places[grid], each.lo, each.hi, each.clock, grid.parts, each.least_total)
            for each, grid in zip(requests, map(_grid, requests), strict=True)
        ],
    )
    slot, total = nw.col("slot"), nw.col("total")
    traffic, below, empty, incomplete = (nw.lit(kind, nw.Int64) for kind in (_TRAFFIC, _BELOW, _EMPTY, _INCOMPLETE))
    busy = nw.when(total >= nw.col("least")).then(traffic).otherwise(below)
    kind = nw.when(total == 0).then(empty).otherwise(busy)
    met = (
        _slots(scratch, counts, grids)
        .join(asked, on="q", how="inner")
        .filter(slot >= nw.col("lo"), slot < nw.col("hi"))
    )
    counted = (
        joined(met, cut.table(scratch), cut.width, "slot")
        .filter(nw.col("inside_clock") == 1)
        .with_columns(kind=nw.when(nw.col("present") < nw.col("parts")).then(incomplete).otherwise(kind))
        .select("r", "k", "slot", "e", "total", "good", "kind")
    )
    expected = {
        each.id: expected_slots(clocks[each.clock], each.lo + (each.origin - each.lo) % each.each, each.hi, each.each)
        for each in requests
    }
    return CountedSlots(scratch.keep(counted, "counted_slots"), expected)


def slot_means(scratch: Scratch, slots: CountedSlots) -> list[SlotMean]:
    """Sum the slots per request and subject, by (request, k). A subject without a row in slots that count has none."""
    busy = nw.col("kind") == _TRAFFIC
    nothing = nw.lit(0).cast(_WHOLE)
    sums = (
        slots.frame.with_columns(total=nw.when(busy).then(nw.col("total")).otherwise(nothing))
        .group_by("r", "k", "kind", "total")
        .agg(good=_whole("good"), slots=nw.len())
        # Decimals are slow to fetch: 3.3 s for 1.6 million groups, against 1.9 s.
        .select("r", "k", "kind", nw.col("total").cast(WIDE), nw.col("good").cast(WIDE), "slots")
    )
    groups: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    numbers: dict[tuple[int, int], list[int]] = {}
    for r, k, kind, total, good, number in scratch.rows(sums):
        numbers.setdefault((r, k), [0, 0, 0, 0])[kind] += number
        if kind == _TRAFFIC:
            groups.setdefault((r, k), []).append((total, good, number))
    return [
        SlotMean(
            r,
            k,
            tuple(sorted(groups.get((r, k), ()))),
            busy,
            below,
            empty,
            slots.expected[r] - busy - below - empty,
            partial,
        )
        for (r, k), (busy, below, empty, partial) in sorted(numbers.items())
    ]


def exact_sum(groups: Iterable[tuple[int, int, int]]) -> Fraction:
    """The sum of good / total over (total, sum of good, number of slots), exact; 0 of none.

    Sums pairs, pairs of pairs and so on, and reduces once: denominators of equal size are quick to multiply, and their
    common divisors are not worth finding on the way.
    """
    terms = [(good, total) for total, good, _ in groups] or [(0, 1)]
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        terms = [(a * d + c * b, b * d) for (a, b), (c, d) in zip(terms[::2], terms[1::2], strict=False)] + odd
    return Fraction(*terms[0])


def worst_slots(scratch: Scratch, slots: CountedSlots, limit: int) -> list[WorstSlot]:
    """The ``limit`` slots of each request and k with the greatest share of bad requests, of those with traffic.

    Slots without a bad request are none of them. In order of request, then greatest share first, then slot, then k.
    Shares are compared by their first twelve digits, bad * 10**12 // total: they order evidence and enter no result.
    """
    # Whole numbers of 128 bits: a quotient of decimals would be a float.
    total, good = nw.col("total").cast(WIDE), nw.col("good").cast(WIDE)
    worst = (
        slots.frame.filter(nw.col("kind") == _TRAFFIC, nw.col("good") < nw.col("total"))
        .with_columns(less=floored((total - good) * 10**12, total, 13) * -1)
        .with_columns(place=nw.col("slot").cum_count().over("r", "k", order_by=["less", "slot"]))
        .filter(nw.col("place") <= limit)
        .select("r", "less", "slot", "k", "e", "total", "good")
    )
    return [
        WorstSlot(r, k, slot, e, int(total), int(good)) for r, _, slot, k, e, total, good in sorted(scratch.rows(worst))
    ]
