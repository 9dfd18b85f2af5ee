"""Case lengths: how long each case took on the clock of its request, less its pauses, in days, and past its deadline.

All requests of a run (levels, agreements, periods) travel as rows of one table through a few queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from slacheck.engine.clock import Clock, Segments, read, segments, spans_of, with_readings
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

# Cases are few per hour and last for days, so that buckets of an hour would only make the tables longer.
DAY = 86_400_000_000

_CASE = ("q", "k", "r")
# What a request says of all its cases.
_TERMS = ("c", "p", "day_table", "same_time", "deadlines")


@dataclass(frozen=True)
class DayRule:
    """Lengths are counted in days of the day table ``table`` (id) too.

    A case takes n days when it ends by the end of the n-th counting day after the day of its start; with
    ``same_time``, by the wall time of its start on that day.
    """

    table: int
    same_time: bool


class DayRow(NamedTuple):
    """The instants [lo, hi) of the local day number ``day``, or of a part of it with one offset from UTC.

    ``before`` is the number of counting days before this day, ``counts`` is 1 when the day itself counts, ``wall``
    is the local time at lo. Microseconds; wall since local midnight.
    """

    day: int
    lo: int
    hi: int
    before: int
    counts: int
    wall: int


@dataclass(frozen=True)
class CaseRequest:
    """The cases of ``stream`` that are dated within [lo, hi), seen at ``as_of``, in microseconds.

    ``clock``, ``pauses`` (a pause stream), ``days.table`` and ``deadlines`` are ids; None = there are none.
    """

    id: int
    stream: int
    lo: int
    hi: int
    clock: int
    as_of: int
    pauses: int | None = None
    days: DayRule | None = None
    deadlines: int | None = None


def case_lengths(
    scratch: Scratch,
    cases: Frame,
    pauses: Frame | None,
    requests: Sequence[CaseRequest],
    clock_of: Callable[[int, int, int], Clock],
    day_tables: Callable[[int, int, int], Sequence[DayRow]],
    deadline_tables: Callable[[int, int, int], Sequence[tuple[int, int, int]]],
) -> Frame:
    """Measure each case of each request: q (request), k, r, d, s, e, open, elapsed, paused, days, late_by; stored.

    ``cases`` has g (stream), k (subject), r (number of the case, once per g and k), d (the instant that dates it), s
    and e (start, end; null = open), and may have x, microseconds that the case itself says it stood still.
    ``pauses`` has p (pause stream), r, s and e (null = goes on), and may hold those of more cases; pauses of one
    case may overlap, touch and stick out of the case; without length, or ending before it begins, it is none.
    Instants are integer microseconds.

    What happens after ``as_of`` is not known yet: a case dated at or after it is left out, one that ends after it is
    open, and an open one (``open`` = 1) lasts to it. ``elapsed`` is the counted time from s to e less ``paused``: the
    counted time of the union of its pauses and x, at most all of it. It is negative, and nothing is paused, when e is
    before s.

    A case that was paused is over at the earliest instant, not before s, at which its clock shows as much less: that
    end is what ``days`` (null without ``DayRule``) and ``late_by`` (null without deadlines) are measured to.
    ``late_by`` is that end less ``at``, where (lo, hi, at) of the deadline table holds s; ``days`` is negative when
    the end is before s: minus the days of the swapped pair.

    ``clock_of``, ``day_tables`` and ``deadline_tables`` are asked once per id, for every instant of [lo, hi), and
    answer with counted intervals, day rows and deadline rows. Raises ValueError for requests that cannot be and for
    rows of a table that overlap, LookupError when a table does not hold an instant of a case.
    """
    _check(pauses, requests)
    asked = _asked(scratch, requests)
    known = _known(cases, asked)
    count, clock_spans, day_spans, deadline_spans = _spans(scratch, known)
    cut = segments({c: clock_of(c, lo, hi) for c, (lo, hi) in clock_spans.items()}, clock_spans, DAY)
    lengths = _read(scratch, known, cut, count).join(asked.select("q", *_TERMS), on="q", how="inner")
    paused = nw.lit(0, nw.Int64)
    if pauses is not None:
        lengths = lengths.join(_paused(scratch, lengths, pauses, cut), on=list(_CASE), how="left")
        paused = nw.col("paused").fill_null(0)
    # No case stands still for longer than it takes.
    taken = nw.max_horizontal(nw.col("to_reading") - nw.col("from_reading"), nw.lit(0, nw.Int64))
    lengths = lengths.with_columns(paused=nw.min_horizontal(paused + nw.col("x"), taken))
    days, late_by = nw.lit(None, nw.Int64), nw.lit(None, nw.Int64)
    if day_spans or deadline_spans:
        lengths = _ended(scratch, lengths, cut)
    if day_spans:
        rows = {number: day_tables(number, lo, hi) for number, (lo, hi) in day_spans.items()}
        table = _table(
            scratch,
            "day_table",
            ("day", "before", "counts", "wall"),
            {
                number: [(row.lo, row.hi, row.day, row.before, row.counts, row.wall) for row in days_of]
                for number, days_of in rows.items()
            },
            day_spans,
        )
        lengths = _placed(_placed(lengths, table, "day_table", "a", "from"), table, "day_table", "ended", "to")
        days = _days()
    if deadline_spans:
        due = {number: deadline_tables(number, lo, hi) for number, (lo, hi) in deadline_spans.items()}
        lengths = _placed(lengths, _table(scratch, "deadlines", ("at",), due, deadline_spans), "deadlines", "s", "due")
        late_by = nw.col("ended") - nw.col("at_due")
    elapsed = nw.col("to_reading") - nw.col("from_reading") - nw.col("paused")
    named = lengths.select(*_CASE, "d", "s", "e", "open", elapsed=elapsed, paused="paused", days=days, late_by=late_by)
    return _whole(scratch, count, scratch.keep(named, "lengths"))


def day_rows(parts: Iterable[tuple[int, int, int, int, int]]) -> list[DayRow]:
    """Number the counting days: (day, lo, hi, counts, wall), in order of time, to rows with ``before``.

    The parts of a day that the clocks change on stand one after the other with the same ``day``. Raises ValueError
    when one of them counts and another does not, or the days are not in order.
    """
    rows: list[DayRow] = []
    for day, lo, hi, counts, wall in parts:
        if not rows or day > rows[-1].day:
            before = rows[-1].before + rows[-1].counts if rows else 0
        elif day < rows[-1].day or counts != rows[-1].counts:
            raise ValueError(f"day {day} stands twice or after a later one")
        rows.append(DayRow(day, lo, hi, before, counts, wall))
    return rows


def _check(pauses: Frame | None, requests: Sequence[CaseRequest]) -> None:
    if len({request.id for request in requests}) < len(requests):
        raise ValueError("two requests have one id")
    for request in requests:
        if request.lo >= request.hi:
            raise ValueError(f"no time between {request.lo} and {request.hi}")
        if request.pauses is not None and pauses is None:
            raise ValueError(f"request {request.id} asks for pauses, and there are none")


def _asked(scratch: Scratch, requests: Sequence[CaseRequest]) -> Frame:
    return scratch.give(
        "requests",
        dict.fromkeys(("q", "g", "lo", "hi", "as_of", *_TERMS), "BIGINT"),
        [
            (
                *(each.id, each.stream, each.lo, each.hi, each.as_of, each.clock, each.pauses),
                *((each.days.table, int(each.days.same_time)) if each.days else (None, None)),
                each.deadlines,
            )
            for each in requests
        ],
    )


def _known(cases: Frame, asked: Frame) -> Frame:
    """The cases of each request: e is the end or as_of, a is s or, for an open case that begins later, as_of."""
    d, s, e, as_of, open_ = (nw.col(name) for name in ("d", "s", "e", "as_of", "open"))
    return (
        cases.select(*(nw.col(name).cast(nw.Int64) for name in ("g", "k", "r", "d", "s", "e")), x=_said(cases))
        .join(asked, on="g", how="inner")
        .filter(d >= nw.col("lo"), d < nw.col("hi"), d < as_of)
        .with_columns(open=nw.when(e <= as_of).then(nw.lit(0, nw.Int64)).otherwise(nw.lit(1, nw.Int64)))
        .select(
            *_CASE,
            *("d", "s", "x", "open", "c", "day_table", "deadlines"),
            e=nw.min_horizontal(e, as_of),
            a=nw.when(open_ == 1).then(nw.min_horizontal(s, as_of)).otherwise(s),
        )
    )


def _read(scratch: Scratch, known: Frame, cut: Segments, count: int) -> Frame:
    # What the request says is joined again where it is used: a table that is stored is the faster the fewer columns.
    names = (*_CASE, "c", *("d", "s", "x", "open", "e", "a"))
    return read(scratch, known.select(*names), cut, {"a": "from_reading", "e": "to_reading"}, count).drop("c")


def _said(cases: Frame) -> nw.Expr:
    """What the cases themselves say that they stood still, in microseconds."""
    said = "x" in cases.collect_schema().names()
    return (nw.col("x") if said else nw.lit(0)).cast(nw.Int64)


_Spans = dict[int, tuple[int, int]]


def _spans(scratch: Scratch, known: Frame) -> tuple[int, _Spans, _Spans, _Spans]:
    """How many cases there are, and the instants that each clock, day table and deadline table must hold, half-open."""
    a, s, e = nw.col("a"), nw.col("s"), nw.col("e")
    found = scratch.rows(
        known.group_by("c", "day_table", "deadlines")
        .agg(
            first=nw.min_horizontal(a, e).min(),
            last=nw.max_horizontal(a, e).max(),
            least=s.min(),
            most=s.max(),
            n=nw.len(),
        )
        .select("c", "day_table", "deadlines", "first", "last", "least", "most", "n")
    )
    return (
        sum(n for *_, n in found),
        spans_of([(c, first, last + 1) for c, _, _, first, last, *_ in found]),
        spans_of([(days, first, last + 1) for _, days, _, first, last, *_ in found if days is not None]),
        spans_of([(due, least, most + 1) for _, _, due, _, _, least, most, _ in found if due is not None]),
    )


def _paused(scratch: Scratch, lengths: Frame, pauses: Frame, cut: Segments) -> Frame:
    """The counted time of the united pauses of each case, for the cases that have any."""
    s, e, a, on, off = (nw.col(name) for name in ("s", "e", "a", "on", "off"))
    held = pauses.select("p", "r", on=s.cast(nw.Int64), off=e.cast(nw.Int64))
    clipped = (
        lengths.filter(nw.col("from_reading") < nw.col("to_reading"))
        .select(*_CASE, "p", "c", "a", "e")
        .join(held, on=["p", "r"], how="inner")
        # A pause without an end is null, which min_horizontal ignores.
        .select(*_CASE, "c", on=nw.max_horizontal(on, a), off=nw.min_horizontal(off, e))
        .filter(on < off)
    )
    # They lie between a and e, which were read: none can be lost.
    timed = with_readings(clipped, cut.table(scratch), cut.width, {"on": "on_reading", "off": "off_reading"})
    begun, over = nw.col("on_reading"), nw.col("off_reading")
    timed = scratch.keep(timed.filter(begun < over).select(*_CASE, "on_reading", "off_reading"), "pauses")
    # What lies between the first and the last of them is paused, less the gaps. One or two need no order for that, and
    # neither do those that have an instant in common.
    least, most = nw.col("least"), nw.col("most")
    ends = timed.group_by(*_CASE).agg(
        first=begun.min(), last=over.max(), most=begun.max(), least=over.min(), n=nw.len()
    )
    several = (nw.col("n") > 2) & (most > least)
    gap = nw.max_horizontal(most - least, nw.lit(0, nw.Int64))
    plain = ends.filter(~several).select(*_CASE, paused=nw.col("last") - nw.col("first") - gap)
    if not scratch.rows(ends.filter(several).select("q").head(1)):
        return plain
    ordered = timed.join(ends.filter(several).select(*_CASE), on=list(_CASE), how="semi")
    return nw.concat([plain, _less_gaps(ordered)])


def _less_gaps(timed: Frame) -> Frame:
    # Readings never go back, so pauses in order of time are in order of readings. The gaps need one window, where the
    # united pauses would need two.
    begun, over, follows, reach = (nw.col(name) for name in ("on_reading", "off_reading", "follows", "reach"))
    order = ["on_reading", "off_reading"]
    gap = nw.when(follows > reach).then(follows - reach).otherwise(nw.lit(0, nw.Int64))
    return (
        timed.with_columns(
            reach=over.cum_max().over(*_CASE, order_by=order), follows=begun.shift(-1).over(*_CASE, order_by=order)
        )
        .with_columns(gap=gap)
        .group_by(*_CASE)
        .agg(first=begun.min(), last=over.max(), gaps=nw.col("gap").cast(nw.Decimal(38, 0)).sum().cast(nw.Int64))
        .select(*_CASE, paused=nw.col("last") - nw.col("first") - nw.col("gaps"))
    )


def _ended(scratch: Scratch, lengths: Frame, cut: Segments) -> Frame:
    """Add ``ended``: e, or where something was paused the earliest instant from a on that shows the reading less it."""
    table = scratch.give("inverse", dict.fromkeys(("c", "bucket_back", "cum", "top", "lo"), "BIGINT"), _inverse(cut))
    paused, bucket, left = nw.col("paused"), nw.col("bucket_back"), nw.col("left")
    needed = (paused > 0) & (~nw.col("day_table").is_null() | ~nw.col("deadlines").is_null())
    return (
        lengths.with_columns(left=nw.col("to_reading") - paused)
        .with_columns(
            bucket_back=nw.when(needed & (left > nw.col("from_reading"))).then(left - 1 - (left - 1) % cut.width)
        )
        .join(table, on=["c", "bucket_back"], how="left")
        .filter(bucket.is_null() | ((left > nw.col("cum")) & (left <= nw.col("top"))))
        .with_columns(
            ended=nw.when(~bucket.is_null())
            .then(nw.col("lo") + left - nw.col("cum"))
            .otherwise(nw.when(needed).then(nw.col("a")).otherwise(nw.col("e")))
        )
        .drop("bucket_back", "cum", "top", "lo", "left")
    )


def _inverse(cut: Segments) -> Iterator[tuple[int, int, int, int, int]]:
    """Rows (c, bucket, cum, top, lo): a reading v of (cum, top] is first shown at lo + v - cum.

    Keyed by the bucket of v - 1, so that a reading that two counted intervals share belongs to the end of the earlier.
    """
    for c, _, lo, hi, cum, inside in cut.rows:
        at, top = cum, cum + (hi - lo) * inside
        while at < top:
            bucket = at - at % cut.width
            edge = min(top, bucket + cut.width)
            yield c, bucket, at, edge, lo + at - cum
            at = edge


def _table(
    scratch: Scratch,
    key: str,
    facts: Sequence[str],
    tables: Mapping[int, Iterable[tuple[int, ...]]],
    spans: _Spans,
) -> Frame:
    """Hand in rows (lo, hi, *facts) of each table, cut at the buckets of its span. Raises ValueError on overlap."""
    rows: list[tuple[int, ...]] = []
    for number, table in tables.items():
        start, end = spans[number]
        reach = None
        for lo, hi, *values in sorted(table):
            if lo >= hi or (reach is not None and lo < reach):
                raise ValueError(f"the row [{lo}, {hi}) of table {number} is empty or overlaps another")
            reach = hi
            first = max(lo, start)
            rows.extend((number, at, lo, hi, *values) for at in range(first - first % DAY, min(hi, end), DAY))
    return scratch.give(key, dict.fromkeys((key, "bucket", "lo", "hi", *facts), "BIGINT"), rows)


def _placed(frame: Frame, table: Frame, key: str, instant: str, suffix: str) -> Frame:
    """Join the row of ``table`` that holds ``instant``, its columns with a suffix; nulls where ``key`` is null.

    A case whose instant no row holds is lost: ``_whole`` counts.
    """
    t, bucket = nw.col(instant), f"bucket_{suffix}"
    columns = [name for name in table.collect_schema().names() if name != key]
    named = table.select(key, *(nw.col(name).alias(f"{name}_{suffix}") for name in columns))
    return (
        frame.with_columns((t - t % DAY).alias(bucket))
        .join(named, on=[key, bucket], how="left")
        .filter(nw.col(key).is_null() | ((t >= nw.col(f"lo_{suffix}")) & (t < nw.col(f"hi_{suffix}"))))
    )


def _days() -> nw.Expr:
    """Days from a to ``ended``, of the day rows of both."""
    back = nw.col("ended") < nw.col("a")
    return (
        nw.when(back)
        .then(_days_from("to", "ended", "from", "a") * -1)
        .otherwise(_days_from("from", "a", "to", "ended"))
    )


def _days_from(start: str, start_at: str, end: str, end_at: str) -> nw.Expr:
    def of(name: str, side: str) -> nw.Expr:
        return nw.col(f"{name}_{side}")

    wall_start = of("wall", start) + nw.col(start_at) - of("lo", start)
    wall_end = of("wall", end) + nw.col(end_at) - of("lo", end)
    one, none = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    same_day = of("day", start) == of("day", end)
    past = nw.when((nw.col("same_time") == 1) & (wall_end > wall_start) & (same_day | (of("counts", end) == 1)))
    # An end on a day that does not count belongs to the next counting day.
    whole = of("before", end) + 1 - of("before", start) - of("counts", start)
    days = nw.when(same_day).then(none).otherwise(whole) + past.then(one).otherwise(none)
    return nw.when(nw.col("day_table").is_null()).then(nw.lit(None, nw.Int64)).otherwise(days)


def _whole(scratch: Scratch, count: int, lengths: Frame) -> Frame:
    ((kept,),) = scratch.rows(lengths.select(n=nw.len()))
    lost = count - kept
    if lost:
        raise LookupError(f"{lost} of the cases lie outside their day table or deadline table")
    return lengths
