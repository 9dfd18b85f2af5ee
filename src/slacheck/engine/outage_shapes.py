"""What an outage rule does to spells and records between built and counted: quorum, longest only, grace, one cause.

Spells are (g, k, s, e): rule, subject, [s, e) in integer microseconds. Records are spells with r, which tells the
records of one (g, k) apart; other columns are carried along. Every record has an end after its start: one that is
still open is cut at the instant up to which the log is known, before it comes here. All rules of a run go through one
call; a rule that a mapping does not name keeps its records as they are, unless said otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import FOREVER

Frame = nw.LazyFrame[Any]
PartMinutes = Literal["drop", "count", "started"]

MINUTE = 60_000_000

_g, _k, _r, _s, _e, _o = (nw.col(name) for name in "gkrseo")


class Longest(NamedTuple):
    """Records that count and records that gave way to a longer one, with the columns they came with."""

    kept: Frame
    dropped: Frame


def quorum(scratch: Scratch, spells: Frame, groups: Frame, least: Mapping[int, int | None]) -> Frame:
    """Spells (g, k, s, e) of members as spells of their groups: maximal, k is the group; a stored table.

    ``groups`` has (k, m), or (g, k, m) where rules number their subjects apart; a member may be in several groups. A
    group is on while at least ``least[g]`` of its members are; None = all of its members in ``groups``. A group with
    fewer members than that is never on. Spells of one (g, k) must not overlap; those of a rule that ``least`` does
    not name are left out. Raises ValueError for a least below 1.
    """
    for rule, number in least.items():
        if number is not None and number < 1:
            raise ValueError(f"rule {rule} cannot ask for {number} members")
    by_rule = ["g"] if "g" in groups.collect_schema().names() else []
    asked = scratch.give("quorum", {"g": "BIGINT", "least": "BIGINT"}, least.items())
    members = distinct(groups, *by_rule, "k", "m")
    sizes = members.group_by(*by_rule, "m").agg(size=nw.len())
    joined = (
        spells.join(asked, on="g", how="inner")
        .join(members, on=[*by_rule, "k"], how="inner")
        .join(sizes, on=[*by_rule, "m"], how="inner")
        .select("g", "s", "e", k=nw.col("m"), need=nw.coalesce("least", "size").cast(nw.Int64))
    )
    keys = ("g", "k", "need")
    levels = swept(edges(scratch.keep(joined, "members"), keys, nw.lit(1)), keys)
    on = while_on(levels, keys, nw.col("level") >= nw.col("need"))
    return scratch.keep(on.select("g", "k", "s", "e"), "quorum_spells")


def difference(scratch: Scratch, a: Frame, b: Frame) -> Frame:
    """The time of ``a`` that is not in ``b``, per (g, k), as maximal spells; a stored table.

    Spells of one (g, k) must not overlap within ``a`` nor within ``b``.
    """
    keys = ("g", "k")
    marks = nw.concat([edges(a, keys, nw.lit(1)), edges(b, keys, nw.lit(2))])
    # 1 = only a, 2 = only b, 3 = both.
    return scratch.keep(while_on(swept(marks, keys), keys, nw.col("level") == 1), "difference")


def edges(spells: Frame, keys: Sequence[str], rise: nw.Expr) -> Frame:
    """Marks (keys, t, d): ``rise`` at each start, less ``rise`` at each end. Reads ``spells`` twice."""
    named = [nw.col(key).cast(nw.Int64) for key in keys]
    # Wide from the start: weights of many records at once may not fit 64 bits.
    d = rise.cast(nw.Decimal(38, 0))
    up = spells.select(*named, t=_s.cast(nw.Int64), d=d)
    return nw.concat([up, spells.select(*named, t=_e.cast(nw.Int64), d=d * -1)])


def swept(marks: Frame, keys: Sequence[str]) -> Frame:
    """Rows (keys, t, level): the sum of all marks up to t, t included, one row per instant with a mark."""
    level = nw.col("d").cum_sum().over(*keys, order_by="t")
    return marks.group_by(*keys, "t").agg(d=nw.col("d").sum()).select(*keys, "t", level=level)


def while_on(levels: Frame, keys: Sequence[str], on: nw.Expr) -> Frame:
    """Maximal spells (keys, s, e) of the stretches between instants of ``levels`` during which ``on`` holds."""
    is_on, t = nw.col("is_on"), nw.col("t")
    return (
        levels.with_columns(is_on=nw.when(on).then(nw.lit(1)).otherwise(nw.lit(0)))
        .with_columns(was=is_on.shift(1).over(*keys, order_by="t").fill_null(0))
        .filter(is_on != nw.col("was"))
        .with_columns(e=t.shift(-1).over(*keys, order_by="t"))
        .filter(is_on == 1)
        .select(*keys, s=t, e=_e)
    )


def with_runs(records: Frame) -> Frame:
    """Add ``run``: the first start of the unbroken run of overlapping records of one (g, k) that a record is in.

    Records that only touch do not overlap: the one ends before the other begins.
    """
    order, reach, run = ["s", "e", "r"], nw.col("reach"), nw.col("run")
    # Not null: cum_max answers null in a row that is null itself.
    nothing = nw.lit(-FOREVER, nw.Int64)
    return (
        records.with_columns(reach=_e.cum_max().over("g", "k", order_by=order))
        .with_columns(reach=reach.shift(1).over("g", "k", order_by=order).fill_null(-FOREVER))
        .with_columns(run=nw.when(_s >= reach).then(_s).otherwise(nothing))
        .with_columns(run=run.cum_max().over("g", "k", order_by=order))
        .drop("reach")
    )


def refuse_improper(scratch: Scratch, records: Frame) -> None:
    """Raise ValueError when a record (g, k, r, s, e) has no end, no length, or the number of another of its (g, k)."""
    untimed = nw.when(_s < _e).then(nw.lit(0)).otherwise(nw.lit(1)).sum()
    improper = (
        records.group_by("g", "k", "r")
        .agg(rows=nw.len(), untimed=untimed)
        .filter((nw.col("rows") > 1) | (nw.col("untimed") > 0))
    )
    count: int = scratch.rows(improper.select(n=nw.len()))[0][0]
    if count:
        raise ValueError(f"{count} records have no end, no length, or the number of another record")


def longest_only(scratch: Scratch, records: Frame) -> Longest:
    """Of overlapping records (g, k, r, s, e) of one (g, k) keep the longest; two stored tables.

    Longest first (of equals the earlier start, then the lesser r), a record is dropped when it overlaps one that was
    kept before it. Of a chain A-B-C whose ends do not meet, A and C both count when A is longer than B: a record
    counts unless a simultaneous one that is at least as long counts in its place, and B counts nowhere. Dropping all
    of the chain but its longest record would drop C for a record that was over before C began. The reading is ours;
    the contract (S14 in Stakater's terms: of simultaneous events the longest only) says nothing of chains.

    Raises ValueError like ``refuse_improper``.
    """
    refuse_improper(scratch, records)
    names = records.collect_schema().names()
    run, less, place = ("g", "k", "run"), nw.col("less"), nw.col("place")
    best = place == 1
    ranked = scratch.keep(
        with_runs(records)
        .with_columns(less=_s - _e)
        .with_columns(place=_s.cum_count().over(*run, order_by=["less", "s", "r"]))
        .with_columns(
            best_s=nw.when(best).then(_s).max().over(*run),
            best_e=nw.when(best).then(_e).max().over(*run),
        )
        .with_columns(apart=nw.when((_s < nw.col("best_e")) & (_e > nw.col("best_s"))).then(0).otherwise(1))
        .with_columns(apart=nw.col("apart").max().over(*run)),
        "ranked",
    )
    # Where the longest record overlaps all others of its run, it is the only one kept: nearly every run, and every
    # run of two. What follows from a record that was dropped depends on the ones before it: that is decided here.
    chains = ranked.filter(nw.col("apart") == 1).select("g", "k", "run", less, "s", "r", "e")
    standing = scratch.give(
        "standing", dict.fromkeys(("g", "k", "r", "stands"), "BIGINT"), _standing(sorted(scratch.rows(chains)))
    )
    alone = nw.when(best).then(nw.lit(1)).otherwise(nw.lit(0))
    stands = nw.when(nw.col("apart") == 0).then(alone).otherwise(nw.col("stands").fill_null(0))
    decided = scratch.keep(
        ranked.join(standing, on=["g", "k", "r"], how="left").select(*names, stands=stands), "decided"
    )
    return Longest(*(decided.filter(nw.col("stands") == each).select(*names) for each in (1, 0)))


def _standing(chains: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int, int, int]]:
    """The rows (g, k, r, 1) of those kept among (g, k, run, less, s, r, e), which come in order."""
    for (g, k, _), members in groupby(chains, key=lambda row: row[:3]):
        starts: list[int] = []
        ends: list[int] = []
        for *_, s, r, e in members:
            after = bisect_right(starts, s)
            if (after and ends[after - 1] > s) or (after < len(starts) and starts[after] < e):
                continue
            starts.insert(after, s)
            ends.insert(after, e)
            yield g, k, r, 1


def graced(scratch: Scratch, records: Frame, grace: Mapping[int, int]) -> Frame:
    """Records or spells without the first ``grace[g]`` microseconds of each; dropped where nothing is left.

    Raises ValueError for a grace below 0.
    """
    if any(each < 0 for each in grace.values()):
        raise ValueError("a grace cannot be negative")
    names = records.collect_schema().names()
    given = scratch.give("grace", {"g": "BIGINT", "grace": "BIGINT"}, sorted(grace.items()))
    later = _s + nw.col("grace").fill_null(0)
    return records.join(given, on="g", how="left").with_columns(s=later).filter(_s < _e).select(*names)


def whole_minutes(scratch: Scratch, records: Frame, how: Mapping[int, PartMinutes]) -> Frame:
    """Records or spells whose length is made up of whole minutes from their own start, not from the clock's.

    ``drop`` leaves the part of a minute at the end out, ``started`` counts it as a minute, ``count`` changes nothing.
    What is then shorter than a minute is dropped. ``started`` may let a record reach into the next: unite them after.
    """
    names = records.collect_schema().names()
    given = scratch.give(
        "part_minutes",
        dict.fromkeys(("g", "drops", "starts"), "BIGINT"),
        [(g, int(each == "drop"), int(each == "started")) for g, each in sorted(how.items())],
    )
    drops, starts = (nw.col(name).fill_null(0) for name in ("drops", "starts"))
    # % has the floor's sign: (s - e) % MINUTE is what the last minute lacks.
    end = _e - (_e - _s) % MINUTE * drops + (_s - _e) % MINUTE * starts
    return records.join(given, on="g", how="left").with_columns(e=end).filter(_s < _e).select(*names)


def same_cause(scratch: Scratch, records: Frame, within: Mapping[int, int]) -> Frame:
    """Records (g, k, r, s, e, cause) with o, the outage each belongs to: the r of its first record; a stored table.

    In order of (s, r) a record joins the outage of its (g, k, cause) when it begins less than ``within[g]``
    microseconds after the outage's first record began; otherwise it opens the next one. From the first and not from
    the one before: "one failure in 24 hours" (L1 in Element Critical's terms) holds a failure to a day, while a fault
    that comes back every 23 hours would be one failure for ever. A record without a cause (null or empty) stands
    alone, and so does each of a rule that ``within`` does not name.

    Raises ValueError for a ``within`` below 0 and like ``refuse_improper``.
    """
    if any(each < 0 for each in within.values()):
        raise ValueError("causes cannot be the same within less than no time")
    refuse_improper(scratch, records)
    names = records.collect_schema().names()
    given = scratch.give("within", {"g": "BIGINT", "within": "BIGINT"}, sorted(within.items()))
    of, order = ("g", "k", "cause"), ["s", "r"]
    cause, limit, before, opens = (nw.col(name) for name in ("cause", "within", "before", "opens"))
    nameless = cause.is_null() | (cause == "")
    # A record that far behind the one before it is as far behind the first: it opens an outage for certain.
    chained = scratch.keep(
        records.join(given, on="g", how="left")
        .with_columns(within=nw.when(nameless).then(nw.lit(0)).otherwise(limit.fill_null(0)))
        .with_columns(before=_s.shift(1).over(*of, order_by=order))
        .with_columns(opens=nw.when(before.is_null() | (_s - before >= limit)).then(nw.lit(1)).otherwise(nw.lit(0)))
        .with_columns(chain=opens.cum_sum().over(*of, order_by=order))
        .with_columns(
            o=nw.when(opens == 1).then(_r).max().over(*of, "chain"),
            length=_s.max().over(*of, "chain") - _s.min().over(*of, "chain"),
        )
        .select(*names, "o", "within", "length"),
        "chained",
    )
    # Only a chain longer than the limit holds several outages; where the second begins depends on the first.
    chains = chained.filter(limit > 0, nw.col("length") >= limit).select("g", "k", "o", "s", "r", "within")
    split = scratch.give(
        "split", dict.fromkeys(("g", "k", "r", "opened"), "BIGINT"), _opened(sorted(scratch.rows(chains)))
    )
    outage = nw.coalesce("opened", "o").cast(nw.Int64)
    return scratch.keep(chained.join(split, on=["g", "k", "r"], how="left").select(*names, o=outage), "outages")


def _opened(chains: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int, int, int]]:
    """The rows (g, k, r, outage) of (g, k, chain, s, r, within), which come in order."""
    for (g, k, _), members in groupby(chains, key=lambda row: row[:3]):
        outage = first = None
        for *_, s, r, within in members:
            if first is None or s - first >= within:
                outage, first = r, s
            assert outage is not None
            yield g, k, r, outage
