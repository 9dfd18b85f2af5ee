"""The data behind a statement as its model shows it: files, rows, and what is known of what levels read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from slacheck.data_quality.observing import Data
from slacheck.data_quality.rows import Rows, exemptions
from slacheck.data_quality.streams import Known, Stream
from slacheck.engine.sample_quality import Gaps
from slacheck.fees.fee import RegisterFee
from slacheck.planning import Settling
from slacheck.problems import Problem
from slacheck.sources.opening import Export
from slacheck.statement import (
    BadRowShown,
    Exact,
    GapShown,
    GapsShown,
    Input,
    RowsShown,
    SourceShown,
    StreamShown,
    SubjectKnown,
)
from slacheck.timeline import zones


def inputs(settling: Settling) -> tuple[Input, ...]:
    """Every file behind the statement, with the digest of its bytes."""
    claims = settling.file.claims
    made = [Input(source="claims", file=claims.label, sha256=claims.digest, rows=len(claims.entries))] if claims else []
    exports = (
        Input(source=name, file=file.label, sha256=digest, rows=part.rows + part.dropped.rows)
        for name, export in settling.exports.items()
        for file, digest, part in zip(export.files, export.digests, export.reading.parts, strict=True)
    )
    return (*exports, *made)


def sources(settling: Settling, data: Data) -> tuple[SourceShown, ...]:
    """Every source of the agreement, in its order."""
    return tuple(_source(settling, name, export, data) for name, export in settling.exports.items())


def _source(settling: Settling, name: str, export: Export, data: Data) -> SourceShown:
    rows = data.rows[id(export)]
    steps = rows.steps.get(id(settling))
    order: Literal["oldest-first", "newest-first"] | None = None
    if steps is not None and steps.later + steps.earlier:
        order = "newest-first" if steps.newest_first else "oldest-first"
    endless = [start for _, start in rows.open_ended if start < settling.window.hi]
    return SourceShown(
        source=name,
        shape=export.source.shape,
        rows=_rows(settling, name, export, rows),
        first=None if rows.first is None else zones.written(rows.first),
        last=None if rows.last is None else zones.written(rows.last),
        order=order,
        out_of_order=steps.against if steps is not None else None,
        open_ended=len(endless) if export.source.shape == "events" else None,
        serves=tuple(_serves(settling, name, export)),
        streams=tuple(_stream(stream, known) for stream, known in data.of(settling, export)),
        bad_rows=tuple(map(_bad, export.bad)),
    )


def _bad(problem: Problem) -> BadRowShown:
    return BadRowShown(
        file=problem.path,
        row=problem.row,
        line=problem.line or None,
        column=problem.field or None,
        cell=problem.cell,
        reason=problem.message,
    )


def _rows(settling: Settling, name: str, export: Export, rows: Rows) -> RowsShown:
    span = settling.window.lo, settling.window.hi
    read = export.rows
    named = [rows.exempt[id(settling.file), each][0] for each, of in exemptions(settling.agreement) if of == name]
    return RowsShown(
        read=read,
        bad=export.skipped,
        replaced=export.replaced,
        filtered=read - export.skipped - export.replaced - rows.matching,
        undated=rows.matching - rows.dated,
        before=rows.dated - rows.within[span] - rows.after[span],
        within=rows.within[span],
        after=rows.after[span],
        exempt=sum(named),
        used=rows.used.get(id(settling)),
    )


def _serves(settling: Settling, name: str, export: Export) -> Iterator[str]:
    """What reads a source beside levels."""
    agreement = settling.agreement
    for exclusion, terms in agreement.exclusions.items():
        if terms.from_ == name:
            yield f"exclusion {exclusion}"
    for fee, priced in agreement.fees.items():
        if isinstance(priced, RegisterFee) and priced.from_ == name:
            yield f"fee {fee}"
    key = export.source.key
    if export.source.shape == "register" and key:
        yield f"facts by {', '.join(key)}"


def _stream(stream: Stream, known: Known) -> StreamShown:
    window, gaps = stream.window, known.gaps
    coverage = None
    if known.expected and gaps is not None:
        coverage = Exact.of(1 - Fraction(gaps.length, known.expected))
    return StreamShown(
        levels=stream.levels,
        start=zones.written(window.lo),
        end=zones.written(window.hi),
        per=stream.per,
        subjects=known.subjects,
        rows=known.rows,
        matching=known.matching,
        duplicates=known.duplicates,
        conflicts=known.conflicts,
        cadence=Exact.of(Fraction(*known.mean)) if known.mean else None,
        distances=known.distances,
        beyond_hold=known.far,
        expected=known.expected,
        coverage=coverage,
        gaps=None if gaps is None else _gaps(gaps, known),
        least_known=tuple(_least_known(gaps, known)),
    )


def _gaps(gaps: Gaps, known: Known) -> GapsShown:
    longest, shown = gaps.longest, None
    if longest is not None:
        start, end = zones.written(longest.start), zones.written(longest.end)
        shown = GapShown(subject=known.names[longest.k], start=start, end=end, length=longest.length)
    return GapsShown(number=gaps.number, length=gaps.length, subjects=gaps.subjects, longest=shown)


def _least_known(gaps: Gaps | None, known: Known) -> Iterator[SubjectKnown]:
    """The subjects of which least is known, where there are several."""
    if gaps is None or not known.each or known.subjects in (None, 0, 1):
        return
    for k, number, length, longest in gaps.worst:
        coverage = Exact.of(1 - Fraction(length, known.each))
        yield SubjectKnown(subject=known.names[k], coverage=coverage, gaps=number, length=length, longest=longest)
