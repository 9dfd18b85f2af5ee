"""What was taken out of the measurement or changed in it afterwards: exclusions, their allowances, and corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from slacheck.reports.figures import instant
from slacheck.reports.layout import Page
from slacheck.reports.wording import line_name, more
from slacheck.statement import AllowanceShown, CorrectionShown, ExclusionShown, Line, Statement
from slacheck.timeline import zones

_EXCLUSIONS = 10
_ALLOWANCES = 5
_CORRECTIONS = 20
_PLACE = 48
_REASON = 80

_EFFECTS = {"service-time": "", "downtime": ", not counted as down time", "good": ", counted as good"}
_CHANGES = {"remove_outage": "outage removed", "add_outage": "outage added", "not_counted": "not counted"}


def exclusions(page: Page, statement: Statement) -> None:
    """What was excused, how much of each allowance it used, and the records, those not excused first."""
    records = statement.exclusions
    # An allowance that nothing used has nothing to say.
    used = [each for each in statement.allowances if each.used]
    if not records and not used:
        return
    page.head("Exclusions")
    for name in dict.fromkeys([*(record.exclusion for record in records), *(each.exclusion for each in used)]):
        text = excused_of(page, name, [record for record in records if record.exclusion == name])
        if text:
            page.text(text, indent=2, hang=2)
        _allowances(page, [each for each in used if each.exclusion == name])
    _records(page, statement, records)


def _records(page: Page, statement: Statement, records: Sequence[ExclusionShown]) -> None:
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    # What was not excused is what is argued about: it is shown before what was.
    order = sorted(range(len(records)), key=lambda at: (not disputed(records[at]), at))
    shown = [records[at] for at in sorted(order[:_EXCLUSIONS])]
    begun = [page.figures.moment(record.start, zone, year) for record in shown]
    lengths = [page.figures.duration(instant(each.end) - instant(each.start)) for each in shown]
    for record, start, length in zip(shown, begun, lengths, strict=True):
        mark = page.glyphs("✗" if record.refused else "✓")
        lead = f"{mark} {length:>{max(map(len, lengths))}}  {start:<{max(map(len, begun))}}  "
        page.pair(_ruling(page, record), page.name(record.place, _PLACE), indent=2, lead=lead)
    if len(records) > len(shown):
        page.text(f"and {more(page, len(records) - len(shown))}; every record is in the JSON", indent=2)


def disputed(record: ExclusionShown) -> bool:
    """Whether a part of the record at least was not excused."""
    return bool(record.refused or record.excess or record.outside or record.partly)


def excused_of(page: Page, name: str, records: Sequence[ExclusionShown]) -> str:
    """How much the records of an exclusion excused, and how many were refused; empty without a record."""
    if not records:
        return ""
    text = f"{page.name(name, 60)}: {page.figures.duration(sum(each.excused for each in records))} excused"
    text += _EFFECTS[records[0].effect]
    excess = sum(each.excess for each in records if not each.partly)
    if excess:
        text += f", {page.figures.duration(excess)} beyond the allowance"
    left = sum(each.excess + each.outside for each in records if each.partly)
    if left:
        text += f", {page.figures.duration(left)} not excused"
    refused = sum(1 for each in records if each.refused)
    if refused:
        text += f", {page.figures.count(refused)} of {page.figures.count(len(records))} refused"
    return text


def _allowances(page: Page, used: Sequence[AllowanceShown]) -> None:
    fullest = sorted(used, key=lambda each: -Fraction(each.used, max(each.allowed, 1)))
    for each in fullest[:_ALLOWANCES]:
        page.text(allowance_used(page, each), indent=2, hang=2)
    if len(used) > _ALLOWANCES:
        page.text(f"and {more(page, len(used) - _ALLOWANCES)}; every allowance is in the JSON", indent=4)


def allowance_used(page: Page, each: AllowanceShown) -> str:
    """How much of an allowance is used, of whom and in which of its stretches."""
    amount = page.figures.duration(each.used) if each.counts == "time" else page.figures.count(each.used)
    name = page.name(each.exclusion, 60) + _holds_for(page, each.holds_for)
    return f"{name}: {amount} of {page.name(each.allowance, 60)} used in {page.name(each.stretch, 60)}"


def _holds_for(page: Page, key: Sequence[str]) -> str:
    return f" for {', '.join(page.name(each, 40) for each in key)}" if key else ""


def _ruling(page: Page, record: ExclusionShown) -> str:
    name = excused_as(page, record)
    if record.reason.strip():
        name += f" ({page.name(record.reason, _REASON)})"
    why = not_excused(page, record)
    if record.refused:
        return f"{name} refused: {why}"
    excused = f"{name}, {page.figures.duration(record.excused)} excused"
    if why:
        return f"{excused}, {why}"
    length = instant(record.end) - instant(record.start)
    return name if record.excused == length else excused


def excused_as(page: Page, record: ExclusionShown) -> str:
    """The exclusion, and whom its record holds for."""
    return page.name(record.exclusion, 40) + _holds_for(page, record.holds_for)


def not_excused(page: Page, record: ExclusionShown) -> str:
    """What of a record was not excused, and why; empty where all of it was."""
    if record.refused:
        return page.name(record.refused)
    if record.partly:
        why = "; ".join(page.name(each) for each in record.partly)
        return f"{page.figures.duration(record.excess + record.outside)} not: {why}"
    return f"{page.figures.duration(record.excess)} beyond the allowance" if record.excess else ""


def corrections(page: Page, statement: Statement) -> None:
    """Every correction once, with its author and day, its reason, what it changes, and the lines that it is about."""
    found: dict[CorrectionShown, list[Line]] = {}
    for line in statement.lines:
        for correction in line.corrections:
            found.setdefault(correction, []).append(line)
    if not found:
        return
    page.head("Corrections")
    shown = list(found.items())[:_CORRECTIONS]
    days = [page.figures.day(correction.date) for correction, _ in shown]
    for (correction, lines), day in zip(shown, days, strict=True):
        about = f"{page.name(correction.author, 60)}: {page.name(correction.reason, 200)}"
        names = line_name(page, lines[0], 40) + (f" and {more(page, len(lines) - 1)}" if lines[1:] else "")
        page.pair(
            f"{about} ({_change(page, statement, correction)}) [{names}]",
            "",
            indent=2,
            lead=f"{day:<{max(map(len, days))}}  ",
        )
    if len(found) > len(shown):
        page.text(f"and {more(page, len(found) - len(shown))}; every correction is in the JSON", indent=2)


def _change(page: Page, statement: Statement, correction: CorrectionShown) -> str:
    if correction.what == "value":
        return f"value set to {page.name(correction.value or '', 40)}"
    what = _CHANGES[correction.what]
    if correction.start is None or correction.end is None:
        return what
    start = page.figures.moment(
        correction.start, zones.zone(statement.period.timezone), date.fromisoformat(statement.period.first_day).year
    )
    length = page.figures.duration(instant(correction.end) - instant(correction.start))
    return f"{what}: {length} from {start}"
