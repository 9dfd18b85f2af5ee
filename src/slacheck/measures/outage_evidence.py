"""What a statement shows of outages: from when to when, how much counted, and the record that shows their start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw

from slacheck.engine.outage_tally import OutageLength
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Ask, Stretch
from slacheck.measures.down_time import WORST_SHOWN, DownTime
from slacheck.outages.building import Down
from slacheck.sources.opening import Export
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]
Place = tuple[str, str]
At = tuple[int, int]


class Evidence:
    """The places of the records that show outages, looked up for all asks of a run together."""

    def __init__(self, scratch: Scratch, asks: Sequence[Ask], found: Sequence[DownTime]) -> None:
        self._scratch = scratch
        self._by_starts: dict[tuple[int, int, int], Place] = {}
        starts: dict[int, set[At]] = {}
        exports: dict[int, tuple[tuple[Export, Frame], ...]] = {}
        for ask, each in zip(asks, found, strict=True):
            key = id(each.down.records)
            exports[key] = each.down.records
            sought = starts.setdefault(key, set())
            sought |= {(spell.k, spell.s) for spell in each.worst}
            grace = ask.rule.grace or 0
            for outages in (each.dated, each.split):
                shown = sorted((o for of in outages.values() for o in of), key=lambda o: (-o.counted, o.start, o.k))
                limit = None if outages is each.dated else WORST_SHOWN
                sought |= {(o.k, o.start) for o in shown[:limit]}
            if grace:
                sought |= {(k, t - grace) for k, t in list(sought)}
        for key, sought in starts.items():
            self._look_up(key, exports[key], sought)

    def _look_up(self, key: int, records: Sequence[tuple[Export, Frame]], sought: Iterable[At]) -> None:
        rows_sought = sorted(sought)
        if not rows_sought:
            return
        table = self._scratch.give("starts", {"k": "INTEGER", "t": "BIGINT"}, rows_sought)
        for export, frame in reversed(records):
            at = frame.join(table, on=["k", "t"], how="inner").group_by("k", "t").agg(row=nw.col("rowid").min())
            rows = self._scratch.rows(at.select("k", "t", "row"))
            causes = _causes(self._scratch, export, [row for _, _, row in rows])
            self._by_starts.update({(key, k, t): (export.place(row), causes.get(row, "")) for k, t, row in rows})

    def place(self, ask: Ask, down: Down, k: int, start: int) -> Place:
        """The first record at a start: its file and row, and its cause where the log carries one."""
        key = id(down.records)
        grace = ask.rule.grace or 0
        return self._by_starts.get((key, k, start - grace), self._by_starts.get((key, k, start), ("", "")))

    def outage(self, ask: Ask, found: DownTime, length: OutageLength, whole: bool) -> Stretch:
        """One outage, whole or the part of it within the window."""
        place, cause = self.place(ask, found.down, length.k, length.start)
        counted = length.whole if whole else length.counted
        return Stretch(length.start, found.end(length.end), counted, place, cause)

    def outages(self, ask: Ask, found: DownTime) -> Mapping[int, tuple[Stretch, ...]]:
        """The longest outages of each subject, longest first."""
        if found.split:
            return {
                k: tuple(
                    self.outage(ask, found, each, whole=False)
                    for each in sorted(own, key=lambda o: (-o.counted, o.start))[:WORST_SHOWN]
                    if each.counted
                )
                for k, own in found.split.items()
            }
        by_subject: dict[int, list[Stretch]] = {}
        for spell in found.worst:
            place, cause = self.place(ask, found.down, spell.k, spell.s)
            shown = Stretch(spell.s, found.end(spell.e), spell.counted, place, cause)
            by_subject.setdefault(spell.k, []).append(shown)
        return {k: tuple(own) for k, own in by_subject.items()}


def last_records(scratch: Scratch, records: Sequence[tuple[Export, Frame]], sought: Sequence[At]) -> dict[At, str]:
    """The place of the last record of a subject at or before an instant, by (k, instant): two passes of each export."""
    best: dict[At, tuple[int, str]] = {}
    if not sought:
        return {}
    k, t, at = nw.col("k"), nw.col("t"), nw.col("at")
    for export, frame in records:
        # A sample that held at an instant is no older than it can hold: only those near it are looked at.
        hold = export.source.hold if export.source.shape == "samples" else None
        near = [(k, at, at // hold - back) for k, at in set(sought) for back in (0, 1)] if hold else []
        if hold:
            table = scratch.give("instants", dict.fromkeys(("k", "at", "near"), "BIGINT"), sorted(near))
            wide = frame.select("rowid", "t", k=k.cast(nw.Int64), near=t // hold)
            met = wide.join(table, on=["k", "near"], how="inner")
        else:
            table = scratch.give("instants", {"k": "BIGINT", "at": "BIGINT"}, sorted(set(sought)))
            wide = frame.select("rowid", "t", k=k.cast(nw.Int64))
            met = wide.join(table, on="k", how="inner")
        last = met.filter(t <= at).group_by("k", "at").agg(t=t.max())
        rows = wide.join(last, on=["k", "t"], how="inner").group_by("k", "at", "t").agg(row=nw.col("rowid").min())
        for number, instant, when, row in sorted(scratch.rows(rows.select("k", "at", "t", "row"))):
            if when > best.get((number, instant), (when - 1, ""))[0]:
                best[number, instant] = (when, export.place(row))
    return {key: place for key, (_, place) in best.items()}


def unknown(found: DownTime) -> Mapping[int, tuple[Stretch, ...]]:
    """The longest unknown stretches of each subject, within the window."""
    by_subject: dict[int, list[Stretch]] = {}
    for spell in found.unknown:
        by_subject.setdefault(spell.k, []).append(Stretch(spell.cs, spell.ce, spell.counted))
    return {k: tuple(own) for k, own in by_subject.items()}


def dropped(down: Down, window: Window) -> Mapping[int, tuple[Stretch, ...]]:
    """The records of each subject that gave way to others and touch the window."""
    by_subject: dict[int, list[Stretch]] = {}
    for each in down.dropped:
        if each.start < window.hi and each.end > window.lo:
            stretch = Stretch(each.start, each.end, 0, each.export.place(each.row))
            by_subject.setdefault(each.k, []).append(stretch)
    return {k: tuple(own) for k, own in by_subject.items()}


def _causes(scratch: Scratch, export: Export, rows: Sequence[int]) -> dict[int, str]:
    if not rows:
        return {}
    if export.source.shape == "events" and "cause" in export.source.columns:
        column = "r_cause"
    elif "cause" in export.words:
        column = export.words["cause"]
    else:
        return {}
    chosen = export.frame.filter(nw.col("rowid").is_in(list(rows))).select("rowid", cause=nw.col(column))
    return {row: cause or "" for row, cause in scratch.rows(chosen)}
