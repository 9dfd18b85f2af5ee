"""What the verdict rests on: outages, the balance of time, requests, exclusions, rights, and notes on the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from heapq import nsmallest

from slacheck.language.quantities import Comparison
from slacheck.reports import figures
from slacheck.reports.layout import Page, Row
from slacheck.statement import ExclusionShown, Line, Statement, StretchShown
from slacheck.timeline import zones

_OUTAGES = 5
_UNKNOWN = 5
_BALANCES = 10
_EXCLUSIONS = 10
_NOTES = 20
_RIGHTS = 20
_CAUSE = 80
_PLACE = 48


def more(count: int) -> str:
    """``1 more``, ``1,250 more``."""
    return f"{count:,} more"


def line_name(page: Page, line: Line, longest: int = 120) -> str:
    """The level's title, and its subject where it has one."""
    title = page.name(line.title, longest)
    return f"{title}: {page.name(line.subject, longest)}" if line.subject else title


def evidence(page: Page, statement: Statement) -> None:
    """Every section that has something to say."""
    _outages(page, statement)
    _unknown(page, statement)
    _balances(page, statement.lines)
    _requests(page, statement.lines)
    _exclusions(page, statement)
    _rights(page, statement)
    _data(page, statement)
    _notes(page, statement)


def _merged(lines: Sequence[Line], kind: str) -> list[tuple[StretchShown, list[Line]]]:
    """Stretches, the longest first, each with the lines that count it; every line holds its longest ones."""
    found: dict[tuple[str, str, str], tuple[StretchShown, list[Line]]] = {}
    for line in lines:
        stretches = line.worst_outages if kind == "outages" else line.unknown_stretches
        for stretch in stretches:
            key = (stretch.start, stretch.end, stretch.place)
            found.setdefault(key, (stretch, []))[1].append(line)
    return nsmallest(
        _OUTAGES, found.values(), key=lambda each: (-each[0].counted, each[0].start, each[0].end, each[0].place)
    )


def _outages(page: Page, statement: Statement) -> None:
    having = [line for line in statement.lines if line.outages or line.worst_outages]
    if not having:
        return
    shown = _merged(having, "outages")
    page.head(f"Worst outages{_only(page, statement, having)}{_against_allowance(having)}")
    _stretches(page, statement, shown, having)
    left = sum(max(line.outages, len(line.worst_outages)) for line in having) - sum(len(lines) for _, lines in shown)
    if left > 0:
        page.text(f"and {more(left)}", indent=2)
    beyond = sum(line.balance.beyond_allowance for line in having if line.balance)
    if beyond:
        page.text(f"and {figures.duration(beyond)} beyond an allowance, which counts as down time", indent=2)


def _only(page: Page, statement: Statement, having: Sequence[Line]) -> str:
    """The line that a section is about, where there are others that it is not about."""
    return f" of {line_name(page, having[0], 40)}" if len(having) == 1 < len(statement.lines) else ""


def _against_allowance(having: Sequence[Line]) -> str:
    """How much of the time that the target allows was used, where one line alone has outages."""
    line = having[0]
    target = Comparison.read(line.target)
    plain = line.margin_in == "time" and line.missing != "down" and target.lower_is_worse and len(target.bounds) == 1
    if len(having) > 1 or not plain or line.margin_best is None or line.balance is None:
        return ""
    allowed = line.balance.down + line.margin_best.fraction
    return f" ({figures.duration(line.balance.down)} down, {figures.duration(allowed)} allowed)"


def _unknown(page: Page, statement: Statement) -> None:
    having = [line for line in statement.lines if line.unknown_stretches and line.verdict == "indeterminate"]
    if not having:
        return
    shown = _merged(having, "unknown")
    page.head(f"Longest unknown time{_only(page, statement, having)}")
    _stretches(page, statement, shown, having)
    known = sum(stretch.counted * len(lines) for stretch, lines in shown)
    rest = sum(line.balance.unknown for line in having if line.balance) - known
    if rest > 0:
        page.text(f"and {figures.duration(rest)} more", indent=2)


def _stretches(
    page: Page, statement: Statement, shown: Sequence[tuple[StretchShown, list[Line]]], having: Sequence[Line]
) -> None:
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    one_level = len({line.level for line in having}) == 1
    counted = [figures.duration(stretch.counted) for stretch, _ in shown]
    begun = [figures.moment(stretch.start, zone, year) for stretch, _ in shown]
    for (stretch, lines), length, start in zip(shown, counted, begun, strict=True):
        about = [page.name(stretch.cause, _CAUSE)] if stretch.cause.strip() else []
        whole = figures.instant(stretch.end) - figures.instant(stretch.start)
        if whole != stretch.counted:
            about.append(f"(lasted {figures.duration(whole)})")
        if len(having) > 1:
            name = page.name(lines[0].subject, 40) if one_level and lines[0].subject else line_name(page, lines[0], 40)
            about.append(f"[{name}{f' and {more(len(lines) - 1)}' if lines[1:] else ''}]")
        lead = f"{length:>{max(map(len, counted))}}  {start:<{max(map(len, begun))}}  "
        page.pair(" ".join(about), page.name(stretch.place, _PLACE), indent=2, lead=lead)


_CLASSES = ("up", "down", "unknown", "excluded", "future", "not_in_force")


def _gravest(lines: Sequence[Line]) -> list[Line]:
    """All lines where they are few; otherwise those that are not in order, and only so many of them."""
    if len(lines) <= _BALANCES:
        return list(lines)
    return [line for line in lines if line.verdict in ("breached", "indeterminate")][:_BALANCES]


def _balances(page: Page, lines: Sequence[Line]) -> None:
    having = [line for line in lines if line.balance]
    shown = _gravest(having)
    if not shown:
        return
    used = [name for name in _CLASSES if name in ("up", "down") or any(getattr(e.balance, name) for e in shown)]
    plus = [name.replace("_", " ") for name in used]
    heads = ("Where the time went", plus[0], *(f"+ {name}" for name in plus[1:]), "= period")
    rows = [
        Row((line_name(page, line, 60), *(figures.duration(getattr(line.balance, each)) for each in (*used, "period"))))
        for line in shown
    ]
    page.blank()
    page.table(heads, rows, indent=2)
    if len(having) > len(shown):
        page.text(f"and {more(len(having) - len(shown))}; every balance is in the JSON", indent=2)


def _requests(page: Page, lines: Sequence[Line]) -> None:
    having = [line for line in lines if line.counted]
    shown = _gravest(having)
    if not shown:
        return
    rows = []
    for line in shown:
        assert line.counted is not None
        counted = line.counted
        numbers = (counted.good, counted.total - counted.good, counted.total)
        note = f"{counted.intervals_present:,} of {counted.intervals_expected:,} intervals present"
        notes = (note,) if counted.intervals_present < counted.intervals_expected else ()
        rows.append(Row((line_name(page, line, 60), *(f"{number:,}" for number in numbers)), notes=notes))
    page.blank()
    page.table(("Where the requests went", "good", "+ failed", "= requests"), rows, indent=2)
    if len(having) > len(shown):
        page.text(f"and {more(len(having) - len(shown))}; every count is in the JSON", indent=2)


def _exclusions(page: Page, statement: Statement) -> None:
    records = statement.exclusions
    if not records:
        return
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    page.head("Exclusions")
    for name in dict.fromkeys(record.exclusion for record in records):
        _excused(page, name, [record for record in records if record.exclusion == name])
    # What was not excused is what is argued about: it is shown before what was.
    order = sorted(range(len(records)), key=lambda at: (not (records[at].refused or records[at].excess), at))
    shown = [records[at] for at in sorted(order[:_EXCLUSIONS])]
    begun = [figures.moment(record.start, zone, year) for record in shown]
    lengths = [figures.duration(figures.instant(each.end) - figures.instant(each.start)) for each in shown]
    for record, start, length in zip(shown, begun, lengths, strict=True):
        mark = page.glyphs("✗" if record.refused else "✓")
        lead = f"{mark} {length:>{max(map(len, lengths))}}  {start:<{max(map(len, begun))}}  "
        page.pair(_ruling(page, record), page.name(record.place, _PLACE), indent=2, lead=lead)
    if len(records) > len(shown):
        page.text(f"and {more(len(records) - len(shown))}; every record is in the JSON", indent=2)


def _excused(page: Page, name: str, records: Sequence[ExclusionShown]) -> None:
    excused, excess = sum(each.excused for each in records), sum(each.excess for each in records)
    refused = sum(1 for each in records if each.refused)
    text = f"{page.name(name, 60)}: {figures.duration(excused)} excused"
    if excess:
        text += f", {figures.duration(excess)} beyond the allowance"
    if refused:
        text += f", {refused:,} of {len(records):,} refused"
    page.text(text, indent=2, hang=2)


def _ruling(page: Page, record: ExclusionShown) -> str:
    name = page.name(record.exclusion, 40)
    if record.refused:
        return f"{name} refused: {page.name(record.refused)}"
    length = figures.instant(record.end) - figures.instant(record.start)
    if record.excess:
        excess = figures.duration(record.excess)
        return f"{name}, {figures.duration(record.excused)} excused, {excess} beyond the allowance"
    return name if record.excused == length else f"{name}, {figures.duration(record.excused)} excused"


_STATES = {"arose": ("!", "arose"), "undecided": ("?", "is undecided"), "not-arisen": ("·", "has not arisen")}


def _rights(page: Page, statement: Statement) -> None:
    if not statement.rights:
        return
    page.head("Rights")
    for right in statement.rights[:_RIGHTS]:
        mark, state = _STATES[right.state]
        text = f"{page.name(right.name, 60)} {state}: {page.name(right.reason, 600)}"
        if right.use_by:
            text += f"; use by {figures.day(right.use_by)}"
        style = {"arose": "bad", "undecided": "open"}.get(right.state, "dim")
        page.marked(page.glyphs(mark), text, style, indent=2)
    if len(statement.rights) > _RIGHTS:
        page.text(f"and {more(len(statement.rights) - _RIGHTS)}; every right is in the JSON", indent=2)


def _data(page: Page, statement: Statement) -> None:
    if not statement.data:
        return
    page.head("Data")
    order = sorted(range(len(statement.data)), key=lambda at: (statement.data[at].weight == "info", at))
    for at in sorted(order[:_NOTES]):
        note = statement.data[at]
        mark, style = ("!", "open") if note.weight == "warning" else ("·", "dim")
        page.marked(page.glyphs(mark), page.name(note.text, 400), style, indent=2)
    if len(statement.data) > _NOTES:
        page.text(f"and {more(len(statement.data) - _NOTES)}; every note is in the JSON", indent=2)


def _notes(page: Page, statement: Statement) -> None:
    if not statement.notes:
        return
    page.head("Notes of the agreement")
    for note in statement.notes:
        page.text(page.clean(note), indent=2)
