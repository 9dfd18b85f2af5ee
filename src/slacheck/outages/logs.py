"""Down time from logs of events and of cases: records with a start and an end, as a contract counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from slacheck.engine.outage_shapes import graced, longest_only, whole_minutes
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import event_spells, events_standing
from slacheck.engine.wide import WIDE
from slacheck.language.moments import Moment
from slacheck.outages import log_outages
from slacheck.outages.wanted import NOT_UP, UNKNOWN, Built, Down, Dropped, TakenOut, Wanted, columns
from slacheck.problems import DataError
from slacheck.sources.exempt import without
from slacheck.sources.opening import Export, no_match
from slacheck.sources.subjects import subjects

Frame = nw.LazyFrame[Any]

_SPELL = ("g", "k", "s", "e")
_SHOWN = 5


def moment(export: Export, of: Moment) -> nw.Expr:
    """The instant of a record: of several the first that is known, or the last once all are."""
    known = [nw.col(export.instants[word]) for word in of.words]
    if len(known) == 1:
        return known[0]
    if of.pick == "first":
        return nw.min_horizontal(*known)
    missing = known[0].is_null()
    for each in known[1:]:
        missing = missing | each.is_null()
    return nw.when(~missing).then(nw.max_horizontal(*known))


def timed(export: Export, each: Wanted, frame: Frame) -> Frame:
    """``frame`` with the start ``s`` (null: it is not known) and the end ``e`` (null: still open) of every record."""
    between = each.rule.between
    if export.source.shape == "events" or between is None:
        return frame.with_columns(s=nw.col("r_start"), e=nw.col("r_end"))
    return frame.with_columns(s=moment(export, between.start), e=moment(export, between.end))


def build(
    scratch: Scratch, wanted: Sequence[Wanted], chosen: Sequence[int], built: Built, until: int, as_of: int
) -> None:
    """Build the rules ``chosen``, all of them in one pass per step.

    Of one record, in this order: it may give way to another (``overlapping``), its first part may not count
    (``grace``), its last minute may not (``part_minutes``); then its outage is judged (``lasting``), and only then is
    time taken out of it by exclusions that match it. Raises DataError where no record has a subject.
    """
    logs = _Logs(scratch, wanted, built, until, as_of)
    for index in chosen:
        logs.add(index)
    logs.finish(chosen)


class _Logs:
    """The records of every rule over logs on their way to spells."""

    def __init__(self, scratch: Scratch, wanted: Sequence[Wanted], built: Built, until: int, as_of: int) -> None:
        self._scratch, self._wanted, self._built = scratch, wanted, built
        self._until, self._as_of = until, as_of
        self._frames: list[Frame] = []
        self._cuts: list[Frame] = []
        self._of: dict[int, int] = {}

    def add(self, index: int) -> None:
        """Take in the records of one rule."""
        each = self._wanted[index]
        all_of = [
            (export, without(self._scratch, export, export.matching(*each.where), each.exempt))
            for export in each.exports
        ]
        # A subject whose records are all too slight to be outages was up: it is judged, not forgotten.
        named = subjects(self._scratch, each.per, all_of)
        number = self._built.signal()
        self._of[number] = index
        remarks: list[str] = []
        shown: list[tuple[Export, Frame]] = []
        for position, (export, frame) in enumerate(all_of):
            matching = frame if each.rule.where is None else frame.filter(export.matches(each.rule.where))
            if (each.rule.where or each.where) and export.reading.rows and not export.any(matching):
                remarks.append(
                    f"no record of '{export.name}' satisfies the conditions of this level; read as no outage"
                )
            records = timed(export, each, named.numbered(export, matching))
            if export.source.shape == "cases" and (between := each.rule.between) is not None:
                unknown = records.filter(nw.col("s").is_null())
                remarks += self._left_out(export, unknown, f"they have no '{between.start}'")
                records = records.filter(~nw.col("s").is_null())
                backwards = records.filter(nw.col("e") < nw.col("s"))
                remarks += self._left_out(export, backwards, "they end before they start")
            shown.append((export, records.select("rowid", "k", t=nw.col("s"), e=nw.col("e"))))
            self._place(each, export, records, number, position)
        if each.per is not None and not named.names and any(export.reading.rows for export in each.exports):
            help = "check the values; a condition on the outage rule, not on the measure, leaves such subjects up"
            raise DataError([no_match(each.exports[0], help)])
        open_ended = self._until == self._as_of and each.rule.least > 0
        self._built.found[index] = Down(
            number,
            number + NOT_UP if open_ended else None,
            number + UNKNOWN if open_ended else None,
            named.names,
            tuple(shown),
            least=0 if each.later or each.as_outages else each.rule.least,
            outages=each.as_outages,
            remarks=tuple(remarks),
        )

    def _left_out(self, export: Export, wrong: Frame, since: str) -> list[str]:
        ((rows,),) = self._scratch.rows(wrong.select(rows=nw.len()))
        if not rows:
            return []
        first = [row for (row,) in self._scratch.rows(wrong.select("rowid").sort("rowid").head(_SHOWN))]
        return [f"left out, since {since}: {export.places(first, rows)}"]

    def _place(self, each: Wanted, export: Export, records: Frame, number: int, position: int) -> None:
        """The records of one log as (g, k, r, p, s, e, cause, w, n); ``r`` tells those of one rule apart."""
        logs = len(each.exports)
        weight = each.rule.weight
        cause = nw.lit(None).cast(nw.String)
        if each.rule.same_cause_within is not None:
            cause = nw.col("r_cause" if export.source.shape == "events" else export.words["cause"])
        nothing = nw.lit(None).cast(WIDE)
        w, n = (
            (nw.col(export.numbers[weight.affected]), nw.col(export.numbers[weight.total]))
            if weight
            else (nothing, nothing)
        )
        integers = {
            "g": nw.lit(number),
            "k": nw.col("k"),
            "r": nw.col("rowid") * logs + position,
            "p": nw.lit(position),
            "s": nw.col("s"),
            "e": nw.col("e"),
        }
        # A record without any length is no time: it is down for nobody and overlaps nothing.
        known = records.filter(nw.col("s") < self._as_of, nw.col("e").is_null() | (nw.col("e") > nw.col("s")))
        self._frames.append(
            known.select(
                **{name: value.cast(nw.Int64) for name, value in integers.items()},
                cause=cause,
                w=w.cast(WIDE),
                n=n.cast(WIDE),
            )
        )
        for cut in each.cuts:
            self._cuts.append(self._taken_out(export, known, cut, number, logs, position))

    def _taken_out(self, export: Export, known: Frame, cut: TakenOut, number: int, logs: int, position: int) -> Frame:
        """The stretches (g, k, r, s, e) that are taken out of records."""
        names = [f"x{index}" for index in range(len(cut.columns))]
        rows: list[tuple[str | int, ...]] = [(*key, lo, hi) for key, stretches in cut.stretches for lo, hi in stretches]
        table = self._scratch.give("cuts", {**dict.fromkeys(names, "VARCHAR"), "lo": "BIGINT", "hi": "BIGINT"}, rows)
        words = [export.words[column] for column in cut.columns]
        joined = known.join(table, left_on=words, right_on=names, how="inner")
        return joined.select(
            g=nw.lit(number, nw.Int64),
            k=nw.col("k").cast(nw.Int64),
            r=(nw.col("rowid") * logs + position).cast(nw.Int64),
            s=nw.col("lo"),
            e=nw.col("hi"),
        )

    def finish(self, chosen: Sequence[int]) -> None:
        """Everything between the records and their spells."""
        rules = {number: self._wanted[index].rule for number, index in self._of.items()}
        first = [number for number, rule in rules.items() if rule.overlapping == "first"]
        longest = [number for number, rule in rules.items() if rule.overlapping == "longest"]
        frame = nw.concat(self._frames)
        if first:
            frame = self._first(frame, first)
        special = {number for number, index in self._of.items() if self._wanted[index].as_outages}
        special |= {number for number, rule in rules.items() if rule.grace or rule.part_minutes != "count"}
        special |= {*longest}
        if not special:
            self._united(frame.select(*_SPELL), [*rules])
            return
        plain = [number for number in rules if number not in special]
        # What is still open is known up to now.
        end = nw.min_horizontal(nw.col("e").fill_null(self._as_of), nw.lit(self._as_of, nw.Int64))
        closed = frame.filter(nw.col("g").is_in(sorted(special))).with_columns(
            running=nw.when(nw.col("e").is_null() | (nw.col("e") > self._as_of)).then(1).otherwise(0), e=end
        )
        records = self._scratch.keep(closed.filter(nw.col("s") < nw.col("e")), "log_records")
        if longest:
            records = self._longest(records, longest)
        grace = {number: rule.grace for number, rule in rules.items() if rule.grace}
        if grace:
            records = graced(self._scratch, records, grace)
        minutes = {number: rule.part_minutes for number, rule in rules.items() if rule.part_minutes != "count"}
        if minutes:
            records = whole_minutes(self._scratch, records, minutes)
        outages = {number: self._wanted[index] for number, index in self._of.items() if self._wanted[index].as_outages}
        rest = [number for number in special if number not in outages]
        spells = [frame.filter(nw.col("g").is_in(plain)).select(*_SPELL)] if plain else []
        if rest:
            spells.append(records.filter(nw.col("g").is_in(sorted(rest))).select(*_SPELL))
        if spells:
            self._united(nw.concat([columns(each, _SPELL) for each in spells]), [*plain, *rest])
        if outages:
            apart = records.filter(nw.col("g").is_in(sorted(outages)))
            self._apart(apart, outages)

    def _united(self, frame: Frame, numbers: Sequence[int]) -> None:
        spells = event_spells(self._scratch, frame, self._until).select(*_SPELL)
        self._built.spells.append(spells)
        at_worst = [number for number in numbers if self._built.found[self._of[number]].not_up is not None]
        if at_worst:
            copied = spells.filter(nw.col("g").is_in(at_worst))
            self._built.spells.append(copied.select(g=nw.col("g") + NOT_UP, k="k", s="s", e="e"))

    def _apart(self, records: Frame, outages: Mapping[int, Wanted]) -> None:
        """Outages as such: pieces that belong together, and the spells that they make when united."""
        cuts = nw.concat(self._cuts) if self._cuts else None
        parted = log_outages.parted(self._scratch, records, outages, cuts, self._until == self._as_of)
        pieces = self._scratch.keep(parted, "log_pieces")
        for number in outages:
            index, members = self._of[number], pieces.filter(nw.col("g") == number).select("k", "o", "r")
            self._built.found[index] = replace(self._built.found[index], members=members)
        self._built.pieces.append(pieces.select("g", "k", "o", "s", "e"))
        spells = event_spells(self._scratch, pieces.select(*_SPELL), self._until).select(*_SPELL)
        self._built.spells.append(spells)
        weighed = [number for number, each in outages.items() if each.rule.weight]
        if weighed:
            frame = pieces.filter(nw.col("g").is_in(weighed))
            worth = {number: self._worth(outages[number]) for number in weighed}
            self._built.weighed.append(log_outages.in_whole_numbers(self._scratch, frame, worth))

    @staticmethod
    def _worth(each: Wanted) -> tuple[int, int]:
        """What the units of the two columns make of the share affected, as a fraction."""
        weight, source = each.rule.weight, each.exports[0].source
        assert weight is not None
        ratio = source.worth(weight.affected) / source.worth(weight.total)
        return ratio.numerator, ratio.denominator

    def _first(self, frame: Frame, numbers: Sequence[int]) -> Frame:
        """Drop what overlaps a record of a log named before."""
        names = ("r", "g", "k", "p", "s", "e")
        is_first = nw.col("g").is_in(list(numbers))
        candidates = self._scratch.keep(frame.filter(is_first), "candidates")
        standing = events_standing(self._scratch, candidates.select(*names)).select("g", "r")
        kept = candidates.join(standing, on=["g", "r"], how="inner").select(*candidates.collect_schema().names())
        self._note_dropped(candidates.join(standing, on=["g", "r"], how="anti"))
        return nw.concat([frame.filter(~is_first), kept])

    def _longest(self, records: Frame, numbers: Sequence[int]) -> Frame:
        """Of records that overlap keep the longest."""
        is_longest = nw.col("g").is_in(list(numbers))
        found = longest_only(self._scratch, records.filter(is_longest))
        self._note_dropped(found.dropped)
        return nw.concat([records.filter(~is_longest), found.kept])

    def _note_dropped(self, dropped: Frame) -> None:
        """Keep what was dropped: the statement says so, record by record."""
        by_signal: dict[int, list[Dropped]] = {}
        for g, k, r, s, e in sorted(self._scratch.rows(dropped.select("g", "k", "r", "s", "e")), key=str):
            exports = self._wanted[self._of[g]].exports
            row, position = divmod(r, len(exports))
            end = self._until if e is None else e
            by_signal.setdefault(g, []).append(Dropped(k, s, end, exports[position], row))
        for g, own in by_signal.items():
            index = self._of[g]
            own.sort(key=lambda each: (each.start, each.end, each.row))
            self._built.found[index] = replace(self._built.found[index], dropped=tuple(own))
