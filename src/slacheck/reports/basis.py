"""The data behind a statement: of each source how many rows there are, which of them count, and what is not known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from slacheck.language.quantities import MINUTE, SECOND
from slacheck.reports.figures import instant
from slacheck.reports.layout import Page
from slacheck.reports.wording import more
from slacheck.statement import BadRowShown, GapsShown, SourceShown, Statement, StreamShown
from slacheck.timeline import zones

_SOURCES = 20
_STREAMS = 4
_PARTS = 4
_NAMES = 3
_BAD_ROWS = 5
_NOTES = 20


def data(page: Page, statement: Statement) -> None:
    """Sources, each with what some levels read of it, then what is odd about them."""
    if not statement.sources and not statement.data:
        return
    page.head("Data")
    for source in statement.sources[:_SOURCES]:
        page.marked(
            page.glyphs("·"), f"{page.name(source.source, 60)}: {rows_told(page, statement, source)}", "dim", indent=2
        )
        streams(page, statement, source)
        for bad in source.bad_rows[:_BAD_ROWS]:
            page.text(f"skipped {page.name(bad_told(page, bad), 400)}", indent=6, hang=2)
    if len(statement.sources) > _SOURCES:
        page.text(f"and {more(page, len(statement.sources) - _SOURCES)}; every source is in the JSON", indent=2)
    order = sorted(range(len(statement.data)), key=lambda at: (statement.data[at].weight == "info", at))
    for at in sorted(order[:_NOTES]):
        note = statement.data[at]
        mark, style = ("!", "open") if note.weight == "warning" else ("·", "dim")
        page.marked(page.glyphs(mark), page.name(note.text, 400), style, indent=2)
    if len(statement.data) > _NOTES:
        page.text(f"and {more(page, len(statement.data) - _NOTES)}; every note is in the JSON", indent=2)


def rows_told(page: Page, statement: Statement, source: SourceShown) -> str:
    """How many rows, and what became of them; what is none is not told."""
    rows, dated = source.rows, source.first is not None
    parts = [page.figures.counted(rows.read, "row")]
    if dated:
        within = "all" if rows.within == rows.read > 1 else page.figures.count(rows.within)
        parts.append(f"{within} of the {'part' if statement.period.part else 'period'}")
    if rows.used is not None and rows.used != rows.within:
        parts.append(
            f"{page.figures.count(rows.used)} used" + (", some of earlier time" if rows.used > rows.within else "")
        )
    told = (
        (rows.bad, "bad and skipped"),
        (rows.filtered, "dropped by 'where'"),
        (rows.replaced, "of the same case as another row"),
        (rows.undated if dated else 0, "without a date"),
        (0 if source.is_log else source.out_of_order or 0, "out of order"),
    )
    parts += [f"{page.figures.count(count)} {what}" for count, what in told if count]
    if source.order == "newest-first" and not source.is_log:
        parts.append("newest first")
    return ", ".join(parts)


def bad_told(page: Page, bad: BadRowShown) -> str:
    """Where a row stands that was skipped, and why it was."""
    line = f", line {page.figures.count(bad.line)}" if bad.line is not None else ""
    column = f", column {bad.column}" if bad.column else ""
    cell = f" ({bad.cell})" if bad.cell and bad.cell not in bad.reason else ""
    return f"{bad.file}:{bad.row}{line}{column}: {bad.reason}{cell}"


def streams(page: Page, statement: Statement, source: SourceShown) -> None:
    """What levels read of it: how much of it is known where that can be said, and how many rows where they differ."""
    timed = [(stream, known(page, statement, stream)) for stream in source.streams if not source.is_log]
    timed = [(stream, text) for stream, text in timed if text]
    # Those with most missing first; the others in the order of the agreement.
    timed.sort(key=lambda each: each[0].coverage.fraction if each[0].coverage else 1)
    for stream, text in timed[:_STREAMS]:
        whose = f"{_levels(page, statement, stream)}: " if len(source.streams) > 1 else ""
        page.text(whose + text, indent=4, hang=2, style="dim")
    if len(timed) > _STREAMS:
        page.text(f"and {more(page, len(timed) - _STREAMS)}; all of them are in the JSON", indent=4, style="dim")
    if source.is_log:
        _read_by(page, statement, source)


def _read_by(page: Page, statement: Statement, source: SourceShown) -> None:
    """How many rows of a log each level reads, where that is not the same for all."""
    titles = _titles(statement)
    read: dict[str, int] = {}
    for stream in source.streams:
        for level in dict.fromkeys(name.partition(", ")[0] for name in stream.levels):
            read[level] = read.get(level, 0) + stream.rows
    of: dict[int, list[str]] = {}
    for level, rows in read.items():
        of.setdefault(rows, []).append(page.name(titles.get(level, level), 40))
    if len(of) < 2:
        return
    shown = [f"{page.figures.count(rows)} by {_together(page, names)}" for rows, names in list(of.items())[:_PARTS]]
    left = f"; and {more(page, len(of) - _PARTS)}" if len(of) > _PARTS else ""
    page.text(f"read: {'; '.join(shown)}{left}", indent=4, hang=2, style="dim")


def _titles(statement: Statement) -> dict[str, str]:
    return {line.level: line.title for line in statement.lines}


def _together(page: Page, names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and 2 more``."""
    shown = names if len(names) <= _NAMES else [*names[: _NAMES - 1], more(page, len(names) - _NAMES + 1)]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def _levels(page: Page, statement: Statement, stream: StreamShown) -> str:
    """The levels that read a stream by their titles, and since when where that is before the statement's period."""
    titles = _titles(statement)
    names = []
    for level in stream.levels:
        name, comma, of_class = level.partition(", ")
        names.append(page.name(f"{titles.get(name, name)}{comma}{of_class}", 40))
    period = statement.period.part or statement.period
    since = ""
    if instant(stream.start) < instant(period.start):
        since = f" (from {page.figures.moment(stream.start, zones.zone(statement.period.timezone))})"
    return _together(page, names) + since


def known(page: Page, statement: Statement, stream: StreamShown) -> str:
    """How often something was measured, of how many subjects, and how much of the time is known."""
    parts = []
    if stream.cadence is not None:
        what = "a row" if stream.distances is None else "a sample"
        parts.append(f"{what} every {_about(page, stream.cadence.fraction)}")
    if stream.subjects is not None and stream.per:
        parts.append(f"of {page.figures.counted(stream.subjects, 'subject')}")
    text = " ".join(parts)
    if stream.coverage is None or stream.gaps is None:
        return text if stream.cadence is not None else ""
    if not stream.gaps.number:
        return f"{text}, no gap" if text else ""
    share = page.figures.span(stream.coverage.fraction, stream.coverage.fraction, "share")
    return f"{text}{', ' if text else ''}{share} known: {_gaps(page, statement, stream, stream.gaps)}"


def _about(page: Page, cadence: Fraction) -> str:
    """A mean distance to the second, or exactly where it is shorter than a minute."""
    if cadence < MINUTE or (cadence / SECOND).denominator == 1:
        return page.figures.duration(cadence)
    return f"about {page.figures.duration(round(cadence / SECOND) * SECOND)}"


def _gaps(page: Page, statement: Statement, stream: StreamShown, gaps: GapsShown) -> str:
    """How many stretches are missing, and the longest."""
    longest = gaps.longest
    if longest is None:
        return ""
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    begun = page.figures.moment(longest.start, zone, year)
    of = f"of {page.name(longest.subject, 40)} " if longest.subject else ""
    where = f"{of}from {begun}"
    if gaps.number == 1:
        return f"1 gap of {page.figures.duration(longest.length)} {where}"
    together = f"{page.figures.count(gaps.number)} gaps, {page.figures.duration(gaps.length)} together"
    return f"{together}, the longest {page.figures.duration(longest.length)} {where}{_least(page, stream)}"


def _least(page: Page, stream: StreamShown) -> str:
    """The subject of which least is known, where it is one of several."""
    if len(stream.least_known) < 2:
        return ""
    worst = stream.least_known[0]
    share = page.figures.span(worst.coverage.fraction, worst.coverage.fraction, "share")
    return f"; least known is {page.name(worst.subject, 40)} with {share}"
