"""What the verdict rests on: outages, cases, the balance of time, requests, hours, rights, and notes on the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from heapq import nsmallest

from slacheck.language.quantities import DAY, Kind
from slacheck.reports.afterwards import corrections, exclusions
from slacheck.reports.basis import data
from slacheck.reports.figures import instant
from slacheck.reports.layout import Page, Row
from slacheck.reports.remarks import intervals, rates_only
from slacheck.reports.wording import backwards, line_name, more, target, within_level
from slacheck.statement import CalendarShown, CaseShown, Line, Statement, StretchShown
from slacheck.timeline import zones

_OUTAGES = 5
_UNKNOWN = 5
_CASES = 5
_BALANCES = 10
_CALENDARS = 10
_HOLIDAYS = 12
_RIGHTS = 20
_CAUSE = 80
_PLACE = 48


def evidence(page: Page, statement: Statement) -> None:
    """Every section that has something to say."""
    _outages(page, statement)
    _unknown(page, statement)
    _cases(page, statement)
    _balances(page, statement.lines)
    _requests(page, statement.lines)
    hours(page, statement)
    exclusions(page, statement)
    corrections(page, statement)
    _rights(page, statement)
    _earlier(page, statement)
    data(page, statement)
    _notes(page, statement)


# The measures whose evidence is time that was down; that of the others is an interval, or a stretch of values.
DOWN = ("availability", "downtime", "count")


def _merged(lines: Sequence[Line], kind: str) -> list[tuple[StretchShown, list[Line]]]:
    """Stretches, the longest first, each with the lines that count it; every line holds its longest ones.

    Intervals are all of one length: those of breached lines come first, each line's in the order in which it has them.
    """
    found: dict[tuple[str, str, str], tuple[StretchShown, list[Line], tuple[bool, int]]] = {}
    for line in lines:
        stretches = line.worst_outages if kind == "outages" else line.unknown_stretches
        for rank, stretch in enumerate(stretches):
            key = (stretch.start, stretch.end, stretch.place or stretch.cause)
            interval = kind == "outages" and line.measure not in DOWN
            gravity = (line.verdict != "breached", rank) if interval else (False, 0)
            found.setdefault(key, (stretch, [], gravity))[1].append(line)
    shown = nsmallest(_OUTAGES, found.values(), key=lambda each: (-each[0].counted, each[2], _place(each[0])))
    return [(stretch, counting) for stretch, counting, _ in shown]


def _place(stretch: StretchShown) -> tuple[str, str, str]:
    return stretch.start, stretch.end, stretch.place


def _outages(page: Page, statement: Statement) -> None:
    having = [line for line in statement.lines if line.outages or line.worst_outages]
    if not having:
        return
    shown = _merged(having, "outages")
    down = [line for line in having if line.measure in DOWN]
    what = "outages" if len(down) == len(having) else "outages and intervals" if down else "intervals"
    events = all(counts_events(line) for line in having)
    title = "Events" if events else f"Worst {what}"
    page.head(f"{title}{_only(page, statement, having)}{against_allowance(page, having)}")
    _stretches(page, statement, shown, having, whole=events)
    left = sum(max(line.outages, len(line.worst_outages)) for line in having) - sum(len(lines) for _, lines in shown)
    if left > 0:
        page.text(f"and {more(page, left)}", indent=2)
    beyond = sum(line.balance.beyond_allowance for line in having if line.balance)
    if beyond:
        page.text(f"and {page.figures.duration(beyond)} beyond an allowance, which counts as down time", indent=2)


def counts_events(line: Line) -> bool:
    """Whether a line counts what happened, such as an appointment that was missed, and takes no time from a service."""
    return line.measure == "count" and not any(stretch.counted for stretch in line.worst_outages)


def _only(page: Page, statement: Statement, having: Sequence[Line]) -> str:
    """The line that a section is about, where there are others that it is not about."""
    return f" of {line_name(page, having[0], 40)}" if len(having) == 1 < len(statement.lines) else ""


def against_allowance(page: Page, having: Sequence[Line]) -> str:
    """How much of the time that the target allows was used, where one line alone has outages."""
    line = having[0]
    against = target(line)
    plain = against is not None and against.lower_is_worse and len(against.bounds) == 1
    timed = line.margin_in == "time" and line.missing != "down"
    if len(having) > 1 or not plain or not timed or line.margin_best is None or line.balance is None:
        return ""
    allowed = line.balance.down + line.margin_best.fraction
    return f" ({page.figures.duration(line.balance.down)} down, {page.figures.duration(allowed)} allowed)"


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
        page.text(f"and {page.figures.duration(rest)} more", indent=2)


def _stretches(
    page: Page,
    statement: Statement,
    shown: Sequence[tuple[StretchShown, list[Line]]],
    having: Sequence[Line],
    *,
    whole: bool = False,
) -> None:
    """One row for each; ``whole`` shows how long it lasted, where nothing of it is counted."""
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    counted = [page.figures.duration(whole_of(stretch) if whole else stretch.counted) for stretch, _ in shown]
    begun = [page.figures.moment(stretch.start, zone, year) for stretch, _ in shown]
    for (stretch, lines), length, start in zip(shown, counted, begun, strict=True):
        about = [page.name(stretch.cause, _CAUSE)] if stretch.cause.strip() else []
        if not whole and whole_of(stretch) != stretch.counted:
            about.append(f"(lasted {page.figures.duration(whole_of(stretch))})")
        if len(having) > 1:
            about.append(_whose(page, lines, having))
        lead = f"{length:>{max(map(len, counted))}}  {start:<{max(map(len, begun))}}  "
        page.pair(" ".join(about), page.name(stretch.place, _PLACE), indent=2, lead=lead)


def whole_of(stretch: StretchShown) -> int:
    """How long it lasted, whatever of it is counted."""
    return instant(stretch.end) - instant(stretch.start)


def _whose(page: Page, lines: Sequence[Line], having: Sequence[Line]) -> str:
    """The lines that something is about, of those that a section is about."""
    one_level = len({line.level for line in having}) == 1
    name = within_level(page, lines[0], 40) if one_level else line_name(page, lines[0], 40)
    return f"[{name}{f' and {more(page, len(lines) - 1)}' if lines[1:] else ''}]"


def unit_of(case: CaseShown) -> Kind:
    """What the length of a case is given in."""
    return case.unit if case.unit in ("days", "working-days") else "length"


def _cases(page: Page, statement: Statement) -> None:
    having = [line for line in statement.lines if line.worst_cases]
    if not having:
        return
    found: dict[tuple[CaseShown, bool], list[Line]] = {}
    for line in having:
        for case in line.worst_cases:
            # Cases that are counted have no length.
            found.setdefault((case, line.measure != "count"), []).append(line)

    def slowest(each: tuple[tuple[CaseShown, bool], list[Line]]) -> tuple[bool, int, str, str, str]:
        (case, has_length), _ = each
        exact = case.length * (1 if unit_of(case) == "length" else DAY)
        return not has_length, -exact, case.start, case.case, case.place

    shown = nsmallest(_CASES, found.items(), key=slowest)
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    timed = any(has_length for (_, has_length), _ in shown)
    page.head(f"{'Slowest cases' if timed else 'Cases'}{_only(page, statement, having)}")
    lengths = [
        page.figures.span(Fraction(case.length), Fraction(case.length), unit_of(case)) if has_length else ""
        for (case, has_length), _ in shown
    ]
    begun = [page.figures.moment(case.start, zone, year) for (case, _), _ in shown]
    for ((case, _), lines), length, start in zip(shown, lengths, begun, strict=True):
        lead = f"{length:>{max(map(len, lengths))}}  " if timed else ""
        lead += f"{start:<{max(map(len, begun))}}  "
        page.pair(_case(page, case, lines, having), page.name(case.place, _PLACE), indent=2, lead=lead)


def case_told(page: Page, case: CaseShown) -> str:
    """The case's name, and what is odd about its time."""
    about = page.name(case.case, 40) or "-"
    if case.end is None:
        about += ", still open"
    elif backwards(case):
        about += ", ends before it starts"
    return f"{about}, paused {page.figures.duration(case.paused)}" if case.paused else about


def _case(page: Page, case: CaseShown, lines: Sequence[Line], having: Sequence[Line]) -> str:
    about = case_told(page, case)
    if len(having) == 1:
        return about
    if lines[1:] or lines[0].subject != case.case:
        return f"{about} {_whose(page, lines, having)}"
    several = len({line.level for line in having}) > 1
    level = line_name(page, lines[0].model_copy(update={"subject": ""}), 40)
    return f"{about} [{level}]" if several else about


_CLASSES = ("up", "down", "unknown", "excluded", "outside", "future", "not_in_force")
TITLES = {"outside": "outside hours", "not_in_force": "not in force"}


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
    plus = [TITLES.get(name, name) for name in used]
    heads = ("Where the time went", plus[0], *(f"+ {name}" for name in plus[1:]), "= period")
    rows = [
        Row(
            (
                line_name(page, line, 60),
                *(page.figures.duration(getattr(line.balance, each)) for each in (*used, "period")),
            )
        )
        for line in shown
    ]
    page.blank()
    page.table(heads, rows, indent=2)
    if len(having) > len(shown):
        page.text(f"and {more(page, len(having) - len(shown))}; every balance is in the JSON", indent=2)


def _requests(page: Page, lines: Sequence[Line]) -> None:
    # What a count counts is its value, and a mean of rates has no sum.
    having = [line for line in lines if line.counted and line.measure != "count" and not rates_only(line)]
    shown = _gravest(having)
    if not shown:
        return
    rows = []
    for line in shown:
        assert line.counted is not None
        counted = line.counted
        numbers = (counted.good, counted.total - counted.good, counted.total)
        cells = (line_name(page, line, 60), *(page.figures.count(number) for number in numbers))
        rows.append(Row(cells, notes=tuple(intervals(page, line))))
    page.blank()
    page.table(("Where the requests went", "good", "+ failed", "= requests"), rows, indent=2)
    if len(having) > len(shown):
        page.text(f"and {more(page, len(having) - len(shown))}; every count is in the JSON", indent=2)


def hours(page: Page, statement: Statement) -> None:
    """The calendars that count, with their hours in the period and their holidays."""
    calendars = statement.calendars
    if not calendars:
        return
    page.head("Service hours")
    year = date.fromisoformat(statement.period.first_day).year
    for each in calendars[:_CALENDARS]:
        text = f"{page.name(each.name, 60)}: {page.name(each.text, 400)}"
        if len(calendars) > 1:
            text += f" [{', '.join(page.name(level, 40) for level in each.levels)}]"
        page.pair(text, f"{page.figures.duration(each.service)} in the period", indent=2, hang=2)
        if each.holidays:
            page.text(_holidays(page, each, year), indent=4, hang=2)
    if len(calendars) > _CALENDARS:
        page.text(f"and {more(page, len(calendars) - _CALENDARS)}; every calendar is in the JSON", indent=2)


def _holidays(page: Page, calendar: CalendarShown, year: int) -> str:
    days = [
        f"{page.figures.weekday(each.day, year)} {page.name(each.name, 40)}" for each in calendar.holidays[:_HOLIDAYS]
    ]
    left = len(calendar.holidays) - len(days)
    return f"holidays: {', '.join(days)}{f', and {more(page, left)}' if left else ''}"


_STATES = {
    "arose": ("!", "arose"),
    "undecided": ("?", "is undecided"),
    "not-arisen": ("·", "has not arisen"),
    "expired": ("·", "can no longer be used"),
}


def _rights(page: Page, statement: Statement) -> None:
    if not statement.rights:
        return
    page.head("Rights")
    for right in statement.rights[:_RIGHTS]:
        mark, state = _STATES[right.state]
        of = f" ({page.name(right.subject, 60)})" if right.subject else ""
        text = f"{page.name(right.name, 60)}{of} {state}: {page.name(right.reason, 600)}"
        if right.use_by and right.state == "arose":
            text += f"; use by {page.figures.day(right.use_by)}"
        style = {"arose": "bad", "undecided": "open"}.get(right.state, "dim")
        page.marked(page.glyphs(mark), text, style, indent=2)
    if len(statement.rights) > _RIGHTS:
        page.text(f"and {more(page, len(statement.rights) - _RIGHTS)}; every right is in the JSON", indent=2)


def _earlier(page: Page, statement: Statement) -> None:
    """What was read of earlier statements; what the run itself settled stands beside this one."""
    read = [each for each in statement.history if each.sha256 is not None]
    if not read:
        return
    periods = list(dict.fromkeys(page.name(each.period, 40) for each in read))
    span = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    files = page.figures.counted(len({each.file for each in read}), "file")
    page.head("Earlier statements")
    page.text(f"{page.figures.counted(len(periods), 'period')}, {span}, from {files}", indent=2)


def _notes(page: Page, statement: Statement) -> None:
    if not statement.notes:
        return
    page.head("Notes of the agreement")
    for note in statement.notes:
        page.text(page.clean(note), indent=2)
