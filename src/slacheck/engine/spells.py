"""Spells: the stretches [s, e) during which a signal is on, from samples and from events.

A signal is one boolean per sample, carried as one bit of an integer column. Every frame here is keyed by
``g`` (signal id) and ``k`` (subject id); instants are integer microseconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

FOREVER = 2**62


@dataclass(frozen=True)
class Signal:
    """One bit of the samples' ``b``: weight 2**i, and whether the signal is on while the state is unknown."""

    id: int
    weight: int
    when_unknown: bool


class Alike(NamedTuple):
    """Signals by their ids: ``inner`` is on only while ``outer`` is, and ``rest`` while ``outer`` is on alone.

    A spell that inner and outer have, and that ends before ``until``, is given once, as one of ``id`` and of neither.
    """

    id: int
    inner: int
    outer: int
    rest: int


@dataclass(frozen=True)
class SampleSpells:
    """What one pass over the samples found.

    ``spells`` has g, k, s, e: maximal, disjoint per (g, k), all with e > ``floor`` and e <= ``until``; a spell
    that the samples show to have begun before ``floor`` keeps its beginning. ``changes`` has k, t, b and the
    instant and bits of the sample before (p, q), for samples that change, follow a gap or repeat an instant.
    ``subjects`` has k and the counts of ``SampleFacts``; ``stretches`` has k, w, n, first, last: how many samples of
    each subject lie from ``edges[w - 1]`` on and before ``edges[w]``, and their first and last instant. All are stored.
    """

    spells: Frame
    changes: Frame
    subjects: Frame
    stretches: Frame
    edges: tuple[int, ...]
    hold: int | None
    floor: int
    until: int


@dataclass(frozen=True)
class SampleFacts:
    """What stands in the samples of one subject, counted in rows.

    ``within`` [floor, until), ``before`` it and ``after`` it; ``first`` and ``last`` instant of all of them.
    Among the samples before ``until``: ``duplicates`` are rows equal to an earlier one, ``conflicts`` are
    instants with more than one state, ``conflict_at`` is the least of these.
    """

    k: int
    within: int
    before: int
    after: int
    first: int
    last: int
    duplicates: int
    conflicts: int
    conflict_at: int | None


def sample_spells(
    scratch: Scratch,
    samples: Frame,
    signals: Sequence[Signal],
    hold: int | None,
    floor: int,
    until: int,
    ends: Frame | None = None,
    edges: Sequence[int] = (),
    alike: Sequence[Alike] = (),
) -> SampleSpells:
    """Turn samples (k, t, b; any order; read twice) into spells of each signal within [floor, until).

    No bit of ``b`` is above those of the signals.

    A sample's state holds from t to the next sample, at most ``hold`` microseconds (None: without limit, the
    last one to ``until``). Where no state holds, from ``floor`` on or after a sample, the state is unknown. Of
    several states at one instant the one with the greatest b holds. Samples at or after ``until`` say nothing
    but that the subject exists. ``ends`` (k, t, b) are instants at which the state changes without a sample; no sample
    of the subject stands there. ``edges`` are instants between which samples are to be counted too. ``alike`` are
    pairs of ``signals``, none in two pairs: most of their spells are the same, and half the rows.

    Raises ValueError when ``floor`` is not before ``until``, ``hold`` is not positive, a weight is not a power of
    two up to 2**61, or two signals read one bit and disagree on the unknown.
    """
    if floor >= until:
        raise ValueError(f"no time between {floor} and {until}")
    if hold is not None and hold <= 0:
        raise ValueError(f"a state cannot hold for {hold} microseconds")
    _check(signals)
    narrow = _narrowest(max((signal.weight for signal in signals), default=1) * 2 - 1)
    points = samples if ends is None else nw.concat([each.select("k", "t", "b") for each in (samples, ends)])
    # Stored as narrow as it was put in order, and widened whenever it is read.
    wide = [nw.col(name).cast(nw.Int64) for name in "ktbpq"]
    changes = scratch.keep(_changes(points, narrow, hold, until), "changes").select(*wide)
    cuts = tuple(sorted({*edges, floor, until}))
    stretches = scratch.keep(stretched(samples, cuts), "stretches")
    subjects = scratch.keep(_subjects(stretches, bisect_left(cuts, floor), bisect_left(cuts, until)), "subjects")
    found = SampleSpells(changes, changes, subjects, stretches, cuts, hold, floor, until)
    return replace(found, spells=_signal_spells(scratch, found, signals, alike))


def _check(signals: Sequence[Signal]) -> None:
    when_unknown: dict[int, bool] = {}
    for signal in signals:
        # Beyond 2**61 the remainder by twice the weight overflows.
        if not 0 < signal.weight <= 2**61 or signal.weight & (signal.weight - 1):
            raise ValueError(f"weight {signal.weight} of signal {signal.id} is not a power of two up to 2**61")
        if when_unknown.setdefault(signal.weight, signal.when_unknown) != signal.when_unknown:
            raise ValueError(f"the bit {signal.weight} cannot be both on and off while the state is unknown")


def _narrowest(most: int) -> type[nw.Int8 | nw.Int16 | nw.Int32 | nw.Int64]:
    """The integers that hold 0 to ``most``."""
    return next(kind for kind, bits in ((nw.Int8, 7), (nw.Int16, 15), (nw.Int32, 31), (nw.Int64, 63)) if most < 2**bits)


def _changes(
    samples: Frame, bits: type[nw.Int8 | nw.Int16 | nw.Int32 | nw.Int64], hold: int | None, until: int
) -> Frame:
    k, t, b, p, q = (nw.col(name) for name in "ktbpq")
    # Narrow: half the time and two thirds of the memory of putting wide ones in order.
    narrow = samples.filter(t < until).select(k=k.cast(nw.Int32), t=t, b=b.cast(bits))
    lagged = narrow.with_columns(
        p=t.shift(1).over("k", order_by=["t", "b"]), q=b.shift(1).over("k", order_by=["t", "b"])
    )
    told = p.is_null() | (b != q) | (t == p)
    if hold is not None:
        told = told | (t - p > hold)
    return lagged.filter(told).select("k", "t", "b", "p", "q")


def stretched(samples: Frame, edges: Sequence[int]) -> Frame:
    """Count samples (k, t) between ``edges`` in one pass: rows k, w, n, first, last as in ``SampleSpells``."""
    t = nw.col("t")
    return (
        samples.select(t=t, k=nw.col("k").cast(nw.Int64), w=placed(t, edges))
        .group_by("k", "w")
        .agg(n=nw.len(), first=t.min(), last=t.max())
        .select("k", "w", n=nw.col("n").cast(nw.Int64), first="first", last="last")
    )


def placed(t: nw.Expr, edges: Sequence[int], passed: int = 0) -> nw.Expr:
    """How many of ``edges``, which are in order, and of ``passed`` more are not after ``t``: by halves."""
    if not edges:
        return nw.lit(passed, nw.Int64)
    middle = len(edges) // 2
    before, after = placed(t, edges[:middle], passed), placed(t, edges[middle + 1 :], passed + middle + 1)
    return nw.when(t < edges[middle]).then(before).otherwise(after)


def _subjects(stretches: Frame, floor: int, until: int) -> Frame:
    """What ``sample_facts`` counts, from stretches; ``floor`` and ``until`` are positions among their edges."""
    w, n = nw.col("w"), nw.col("n")

    def rows(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(n).otherwise(nw.lit(0, nw.Int64)).sum().cast(nw.Int64)

    return stretches.group_by("k").agg(
        within=rows((w > floor) & (w <= until)),
        before=rows(w <= floor),
        after=rows(w > until),
        first=nw.col("first").min(),
        last=nw.col("last").max(),
        latest=nw.when(w <= until).then(nw.col("last")).max(),
    )


def unknown_time(found: SampleSpells) -> Frame:
    """The stretches (k, s, e) in which no sample's state holds, with e > floor not yet asked for.

    ``q`` are the bits before; null for those of the last sample.
    """
    t, p, q, first, latest = (nw.col(name) for name in ("t", "p", "q", "first", "latest"))
    floor, until, nothing = (nw.lit(number, nw.Int64) for number in (found.floor, found.until, 0))
    begun = found.subjects.filter(first > found.floor)
    stretches = [begun.select("k", s=floor, e=nw.min_horizontal(first, until), q=nothing)]
    if found.hold is not None:
        stretches += [
            found.changes.filter(t - p > found.hold).select("k", s=p + found.hold, e=t, q=q),
            _ended(found).select("k", s=latest + found.hold, e=until, q=nw.lit(None, nw.Int64)),
        ]
    return nw.concat(stretches)


def _ended(found: SampleSpells) -> Frame:
    """The subjects of which nothing is known any more at the end."""
    assert found.hold is not None
    return found.subjects.filter(nw.col("latest") + found.hold < found.until)


def _points(found: SampleSpells, bits_unknown: int) -> Frame:
    """The instants (k, t, b, q) from which on a state holds: its bits and those before it, 0 where nothing was."""
    t, b, p, q = (nw.col(name) for name in "tbpq")
    unknown, nothing = nw.lit(bits_unknown, nw.Int64), nw.lit(0, nw.Int64)
    begun = nw.when(t > found.floor).then(unknown).otherwise(nothing)
    held = q if found.hold is None else nw.when(t - p > found.hold).then(unknown).otherwise(q)
    changes = found.changes.with_columns(q=nw.when(p.is_null()).then(begun).otherwise(held))
    # Of several states at one instant only the last may stay: one of no length would cut a spell in two.
    repeated = distinct(found.changes.filter(t == p), "k", "t")
    again = (
        changes.join(repeated, on=["k", "t"], how="semi")
        .with_columns(before=nw.when(p.is_null() | (p < t)).then(q))
        .group_by("k", "t")
        # Where the first of them is no change it has the least bits, which are those before it.
        .agg(b=b.max(), before=nw.col("before").max(), q=q.min())
    )
    dark = unknown_time(found)
    if found.hold is not None:
        of_ended = found.changes.join(_ended(found), on="k", how="semi")
        last = of_ended.group_by("k").agg(t=t.max()).join(of_ended, on=["k", "t"], how="inner")
        dark = dark.join(last.group_by("k").agg(b=b.max()), on="k", how="left").with_columns(q=nw.coalesce("q", "b"))
    return nw.concat(
        [
            changes.select("k", "t", "b", "q").join(repeated, on=["k", "t"], how="anti"),
            again.select("k", "t", "b", q=nw.coalesce("before", "q")),
            dark.select("k", t=nw.col("s"), b=unknown, q=q),
        ]
    )


# What is known of a point, in one number: of the outer signal whether it was on and is on, then of the inner.
_WAS, _ON, _WITHIN, _ALONE = 1, 2, 4, 8


def _signal_spells(scratch: Scratch, found: SampleSpells, signals: Sequence[Signal], alike: Sequence[Alike]) -> Frame:
    t, e, m, inner, outer, off, one = (nw.col(name) for name in ("t", "e", "m", "inner", "outer", "off", "one"))
    weight = {signal.id: signal.weight for signal in signals}
    paired = {number for pair in alike for number in pair[1:]}
    # A signal by itself is one with itself: all its spells are those of both.
    pairs = [*alike, *(Alike(*[number] * 4) for number in weight if number not in paired)]
    asked = scratch.give(
        "signals",
        dict.fromkeys(("g", "inner", "outer", "rest", "v", "w"), "BIGINT"),
        [(*pair, weight[pair.inner], weight[pair.outer]) for pair in pairs],
    )

    def bit(bits: str, of: str) -> nw.Expr:
        return nw.col(bits) % (nw.col(of) * 2) >= nw.col(of)

    points = _points(found, sum({signal.weight for signal in signals if signal.when_unknown}))
    turned = (bit("b", "w") != bit("q", "w")) | (bit("b", "v") != bit("q", "v"))
    # Narrow: k and g of 32 bits and one byte for what was and is on take three quarters of the time to put in order.
    marks = nw.lit(0, nw.Int8)
    for worth, holds in (
        (_WAS, bit("q", "w")),
        (_ON, bit("b", "w")),
        (_WITHIN, bit("b", "v")),
        (_ALONE, inner == outer),
    ):
        marks = marks + nw.when(holds).then(nw.lit(worth, nw.Int8)).otherwise(nw.lit(0, nw.Int8))
    was, on, within, alone = (m % (2 * each) >= each for each in (_WAS, _ON, _WITHIN, _ALONE))
    stretches = (
        points.join(asked, how="cross")
        .filter(turned)
        .select("t", g=nw.col("g").cast(nw.Int32), k=nw.col("k").cast(nw.Int32), m=marks.cast(nw.Int8))
        .with_columns(
            e=t.shift(-1).over("g", "k", order_by="t").fill_null(found.until),
            then=m.shift(-1).over("g", "k", order_by="t"),
        )
        .filter(on)
        .with_columns(off=nw.col("then") % (2 * _ON) < _ON)
        .with_columns(one=within & ~was & off.fill_null(alone))
        .filter(~one | (e > found.floor))
        .select(
            "g",
            "k",
            "one",
            s=t,
            e=e,
            within=within,
            begins=~was,
            ends=off.fill_null(True),
        )
    )
    stretches = scratch.keep(stretches, "spells")
    # The others touch time in which only the outer signal is on: it joins those that touch.
    others = stretches.filter(~one).join(asked, on="g", how="inner")
    begins, ends = nw.col("begins"), nw.col("ends")
    joined = (
        others.filter(begins | ends)
        .with_columns(last=e.shift(-1).over("g", "k", order_by="s"))
        .filter(begins)
        .select("k", "s", g=outer, e=nw.when(ends).then(e).otherwise(nw.col("last")))
    )
    single = others.select("k", "s", g=nw.when("within").then(inner).otherwise(nw.col("rest")), e=e)
    apart = scratch.keep(nw.concat([single, joined]).filter(e > found.floor), "spells")
    columns = [nw.col(name).cast(nw.Int64) for name in "gkse"]
    return nw.concat([each.select(*columns) for each in (stretches.filter(one), apart)])


def sample_facts(scratch: Scratch, found: SampleSpells) -> list[SampleFacts]:
    """Count what stands in the samples of each subject, by k."""
    t, b, p, q = (nw.col(name) for name in "tbpq")
    same = (
        found.changes.filter(t == p)
        .with_columns(conflict=nw.when(b != q).then(t))
        .group_by("k")
        .agg(
            duplicates=nw.when(b == q).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64),
            # n_unique counts null as a value, and a duplicate is null here.
            distinct=nw.col("conflict").n_unique(),
            conflict_at=nw.col("conflict").min(),
        )
    )
    repeats = {
        k: (duplicates, distinct - (1 if duplicates else 0), conflict_at)
        for k, duplicates, distinct, conflict_at in scratch.rows(same)
    }
    counts = scratch.rows(found.subjects.select("k", "within", "before", "after", "first", "last"))
    facts = []
    for k, within, before, after, first, last in sorted(counts):
        duplicates, conflicts, conflict_at = repeats.get(k, (0, 0, None))
        facts.append(SampleFacts(k, within, before, after, first, last, duplicates, conflicts, conflict_at))
    return facts


def event_spells(scratch: Scratch, events: Frame, until: int) -> Frame:
    """Unite events (g, k, s, e; e null = still open) into maximal spells that end by ``until``; a stored table.

    Overlapping and touching events of one (g, k) become one spell. Events without length, or that begin at or
    after ``until``, are dropped.
    """
    s, e, reach = nw.col("s"), nw.col("e"), nw.col("reach")
    clipped = events.select(
        "g", "k", s=s.cast(nw.Int64), e=nw.min_horizontal(e.cast(nw.Int64), nw.lit(until, nw.Int64))
    ).filter(s < e)
    united = (
        clipped.with_columns(reach=e.cum_max().over("g", "k", order_by=["s", "e"]), end=e.max().over("g", "k"))
        .with_columns(reach=reach.shift(1).over("g", "k", order_by=["s", "e"]))
        .filter(reach.is_null() | (s > reach))
        .with_columns(e=nw.coalesce(reach.shift(-1).over("g", "k", order_by="s"), nw.col("end")))
        .select("g", "k", "s", "e")
    )
    return scratch.keep(united, "event_spells")


def events_standing(scratch: Scratch, events: Frame) -> Frame:
    """Drop each event that overlaps a standing one of an earlier source; a stored table of the same columns.

    Events have r, g, k, p, s, e: row, signal, subject, precedence (0 = first source), begin, end (null = open).
    Two events overlap when each begins before the other ends.
    """
    columns = [nw.col(name) for name in ("r", "g", "k", "p", "s", "e")]
    s, e, p, reach = (nw.col(name) for name in ("s", "e", "p", "reach"))
    end = e.fill_null(FOREVER)
    # Not null: cum_max answers null in a row that is null itself.
    nothing = nw.lit(-FOREVER, nw.Int64)
    levels = sorted(level for (level,) in scratch.rows(events.select("p").unique()))
    standing = scratch.keep(events.filter(p == (levels[0] if levels else 0)).select(*columns), "standing")
    for level in levels[1:]:
        # An event falls when, of the standing ones that begin before its end, the last to end ends after its
        # begin: a running maximum answers that without comparing pairs.
        marks = nw.concat(
            [
                standing.select(*columns, at=s, asks=nw.lit(1), reach=end),
                events.filter(p == level).select(*columns, at=end, asks=nw.lit(0), reach=nothing),
            ]
        )
        left = (
            marks.with_columns(reach=reach.cum_max().over("g", "k", order_by=["at", "asks"]))
            .filter(nw.col("asks") == 0, reach <= s)
            .select(*columns)
        )
        standing = scratch.keep(nw.concat([standing.select(*columns), left]), "standing")
    return standing
