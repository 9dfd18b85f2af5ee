"""What was seen in exports, for a terminal: facts first, then what deserves a look, then the source to paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slacheck.inspection.findings import (
    Block,
    ColumnSeen,
    FileSeen,
    Inspection,
    Repeated,
    States,
    Suspicion,
    Together,
)
from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND
from slacheck.reports.figures import Figures
from slacheck.reports.layout import Page, Row
from slacheck.reports.view import View

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_KINDS = {"yes-no": "yes or no", "clock": "time of day", "unread": "not looked at"}
_ZONES = {
    "offset": "with an offset",
    "none": "without an offset",
    "day": "days without a time",
    "mixed": "some with an offset, some without",
}
_ORDERS = {
    "oldest-first": "oldest first",
    "newest-first": "newest first",
    "one-instant": "all at one instant",
    "unsorted": "unsorted",
}
_SHOWN_TEXT = 40
_TELLING = 20
_MOST_SUSPICIONS = 60


def render(inspection: Inspection, view: View) -> str:
    """Every file, which of them go together, and the sources; one newline at the end. The lines of a source are as
    long as they are, so that they can be pasted."""
    page = Page(view)
    for number, file in enumerate(inspection.files):
        if number:
            page.blank()
            page.rule("═")
            page.blank()
        _file(page, file, inspection.timezone)
    for together in inspection.together:
        _together(page, together)
    for block in inspection.sources:
        _block(page, block, len(inspection.sources) > 1)
    return "\n".join(page.lines) + "\n"


def _file(page: Page, file: FileSeen, timezone: str | None) -> None:
    page.pair(page.name(file.file), _count(file.rows, "row"), style="bold")
    page.text(page.glyphs(" · ").join(_written(page, file)), style="dim")
    page.blank()
    rows = [_column(page, column, file.rows) for column in file.columns]
    page.table(("Column", "Filled", "Different", "Kind"), rows, indent=4, rule=True)
    page.head("Rows")
    for line in _rows(page, file):
        page.text(line, indent=2, hang=2)
    if file.states:
        page.head("States")
        for line in _states(page, file.states):
            page.text(line, indent=2, hang=2)
    page.head("Suspicious")
    for suspicion in file.suspicions[:_MOST_SUSPICIONS]:
        page.text(_suspicion(page, suspicion), indent=2, hang=2)
    if len(file.suspicions) > _MOST_SUSPICIONS:
        page.text(f"and {len(file.suspicions) - _MOST_SUSPICIONS} more; all are in the JSON", indent=2)
    if not file.suspicions:
        page.text("nothing; every cell of every row was looked at", indent=2)
    if timezone is None and any(column.zone in ("none", "mixed") for column in file.columns):
        help = "with --timezone NAME the hours that a change of the clocks skips or repeats are looked for too"
        page.text(help, indent=2, hang=2, style="dim")


def _written(page: Page, file: FileSeen) -> Iterator[str]:
    yield f"{page.clean(file.format)}{f' ({file.compression})' if file.compression != 'none' else ''}"
    if file.preset:
        yield f"preset {page.clean(file.preset)}"
    if file.encoding:
        yield page.clean(file.encoding)
    if file.separator:
        yield f"separator {_SEPARATORS.get(file.separator) or page.clean(file.separator)}"
    if file.header_row:
        yield f"header in row {file.header_row}"
    if file.records:
        yield f"records at {page.clean(', '.join(file.records))}"
    yield _count(len(file.columns), "column")


def _column(page: Page, column: ColumnSeen, rows: int) -> Row:
    filled = f"{column.filled:,}" if column.filled != rows else "all"
    different = f"{column.distinct:,}" if column.distinct is not None else f"about {column.distinct_estimate:,}"
    kind = _KINDS.get(column.kind, column.kind)
    if column.kind not in ("empty", "unread") and column.fits < column.filled - _nulls(column):
        kind += f", {column.fits:,} of them"
    name = page.name(column.name) or f"(column {column.position})"
    if column.kind == "unread":
        return Row((name, "-", "-", kind))
    return Row((name, filled, different, kind), notes=tuple(page.glyphs(note) for note in _notes(page, column)))


def _nulls(column: ColumnSeen) -> int:
    return sum(null.rows for null in column.nulls)


def _notes(page: Page, column: ColumnSeen) -> Iterator[str]:
    if column.kind == "time":
        form = page.clean(" or ".join(column.forms))
        zone = "" if column.form.startswith("epoch") else f", {_ZONES[column.zone]}"
        yield form + zone + (f"; {column.first} .. {column.last}" if column.first else "")
    if column.kind == "number" and column.least is not None:
        told = [f"{column.least} .. {column.greatest}{column.unit and f' {column.unit}'}"]
        told += [_count(column.places, "decimal place")] * bool(column.places)
        told += ["decimal comma"] * (column.decimal == ",")
        told += [f"thousands grouped by {_quoted(page, column.thousands)}"] * bool(column.thousands)
        yield ", ".join(told)
    if column.kind == "number" and not column.decimal:
        yield "decimals or thousands? the data does not say"
    # A word that stands in one of twenty cells says something; of a measured value hardly any does.
    often = column.common[0].rows if column.common else 0
    if column.kind in ("words", "yes-no", "number", "clock") and often > 1 and _TELLING * often >= column.filled:
        shown = [f"{_quoted(page, value.text)} {value.rows:,}" for value in column.common[:4]]
        more = " .." if column.distinct is None or column.distinct > len(shown) else ""
        yield ", ".join(shown) + more


def _quoted(page: Page, text: str) -> str:
    return f"'{page.name(text, _SHOWN_TEXT)}'"


def _named(page: Page, columns: Sequence[str]) -> str:
    return " + ".join(page.name(column, _SHOWN_TEXT) for column in columns)


def _rows(page: Page, file: FileSeen) -> Iterator[str]:
    looks = f"Look like {'a register' if file.shape == 'register' else file.shape}"
    parts = [("", file.at), (" to ", file.end)]
    said = "".join(lead + _named(page, columns) for lead, columns in parts if columns)
    if said:
        looks += f", dated by {said}"
    if file.subject:
        looks += f"; subjects: {_named(page, file.subject)}"
    if file.ids:
        looks += f"; ids: {', '.join(page.name(each, _SHOWN_TEXT) for each in file.ids)}"
    yield looks
    if file.ragged:
        yield f"{_count(file.ragged, 'row')} with another number of cells than the header, left out here"
    if file.order:
        order = f"Order: {_ORDERS[file.order.kind]}"
        if file.order.kind == "unsorted":
            order += f"; {_count(file.order.earlier, 'row')} earlier than the row before, {file.order.later:,} later"
        yield order
    if file.steps:
        yield from _steps(file)
    duplicates = [_repeated(page, each) for each in file.duplicates]
    yield from duplicates or ["Duplicates: none"]


def _steps(file: FileSeen) -> Iterator[str]:
    steps = file.steps
    assert steps is not None
    if not steps.distances:
        return
    each = " of one subject" if file.subject else ""
    if steps.common is None:
        yield f"Distances{each}: none is common; the longest is {length(steps.longest)}, before row {steps.longest_row}"
        return
    about = "" if steps.grain == 1 else "about "
    share = "all" if steps.times == steps.distances else f"{steps.times:,} of {steps.distances:,}"
    yield f"Distances{each}: {about}{length(steps.common)} ({share})"
    if steps.gaps:
        longest = f"the longest {length(steps.longest)}, before row {steps.longest_row}"
        yield f"Gaps: {steps.gaps:,} longer than {length(steps.common * 3 // 2)}, {longest}"
    else:
        yield f"Gaps: none longer than {length(steps.common * 3 // 2)}"


def _repeated(page: Page, repeated: Repeated) -> str:
    of = _named(page, repeated.columns) if repeated.columns else "every cell"
    return f"Duplicates: {_count(repeated.count, 'row')} with {of} as in an earlier row{_places(repeated.rows)}"


def _places(rows: Sequence[int]) -> str:
    return f" (row {', '.join(f'{row}' for row in rows)})" if rows else ""


def _states(page: Page, states: States) -> Iterator[str]:
    for reading in ("up", "down", "unknown", "unclear"):
        words = [f"{_quoted(page, word.text)} {word.rows:,}" for word in states.words if word.reading == reading]
        if words:
            lead = "for you to say" if reading == "unclear" else f"read as {reading}"
            yield f"{page.name(states.column, _SHOWN_TEXT)}, {lead}: {', '.join(words)}"


def _suspicion(page: Page, suspicion: Suspicion) -> str:
    column = f"{page.name(suspicion.column, _SHOWN_TEXT)}: " if suspicion.column else ""
    example = f", such as {_quoted(page, suspicion.example)}" if suspicion.example else ""
    message = page.clean(suspicion.message)
    return f"{suspicion.count:,} × {column}{message}{_places(suspicion.rows)}{example}"


def _together(page: Page, together: Together) -> None:
    page.head("Together")
    page.text(f"{_count(len(together.files), 'file')} of the same columns, {_count(together.rows, 'row')}", indent=2)
    for between in together.between:
        if between.kind != "joins":
            names = f"{page.name(between.earlier, _SHOWN_TEXT)} and {page.name(between.later, _SHOWN_TEXT)}"
            what = "overlap by" if between.kind == "overlaps" else "leave a hole of"
            page.text(f"{names} {what} {length(between.length)}", indent=2, hang=2)
    if together.between and all(between.kind == "joins" for between in together.between):
        page.text("each begins where the one before ends", indent=2)


def _block(page: Page, block: Block, several: bool) -> None:
    page.head(f"Source to paste{f': {page.name(block.name)}' if several else ''}")
    needed = ", ".join(block.needed)
    if needed:
        page.text(f"it cannot be evaluated before somebody decides: {needed}", indent=2, hang=2)
    page.blank()
    page.lines += block.text.rstrip("\n").split("\n")


def _count(number: int, noun: str) -> str:
    return Figures().counted(number, noun)


def length(microseconds: int) -> str:
    """A length of time in its units, the largest first: 1 h 4 min."""
    parts, left = [], microseconds
    for unit, worth in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if left >= worth:
            parts.append(f"{left // worth:,} {unit}")
            left %= worth
    if left or not parts:
        seconds, rest = divmod(left, SECOND)
        parts.append(f"{seconds}.{rest:06d}".rstrip("0") + " s" if rest else f"{seconds} s")
    return " ".join(parts)
