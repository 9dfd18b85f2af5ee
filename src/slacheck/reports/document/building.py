"""A statement as a document: the wording of every report, in the order in which people read it."""

from __future__ import annotations

import shlex
from decimal import Decimal

from slacheck.reports.afterwards import corrections
from slacheck.reports.consequences import PARTY, claim_by, consequences, period_name, reaching
from slacheck.reports.crediting import is_bonus, paid, payable
from slacheck.reports.document.account import account, open_amount
from slacheck.reports.document.actions import actions
from slacheck.reports.document.past import credit_history, squares
from slacheck.reports.document.quality import exclusions, quality
from slacheck.reports.document.sections import badge, section
from slacheck.reports.document.shapes import (
    Badge,
    Document,
    Fact,
    Footer,
    Heading,
    LevelRow,
    Levels,
    Right,
    State,
    VerdictBox,
)
from slacheck.reports.document.telling import Telling
from slacheck.reports.evidence import hours
from slacheck.reports.remarks import aimed_at, under
from slacheck.reports.view import View
from slacheck.reports.wording import gravest, line_name, margin, measured, more
from slacheck.statement import Line, RightState, Statement, Total
from slacheck.timeline import zones
from slacheck.verdicts import Verdict
from slacheck.version import VERSION

LEVELS = 50
SECTIONS = 20
_RIGHTS = 50

_VERDICTS: dict[Verdict, Badge] = {
    "breached": Badge("bad", "breached"),
    "met": Badge("good", "met"),
    "indeterminate": Badge("open", "indeterminate"),
    "not-applicable": Badge("idle", "not applicable"),
}
_RIGHT_STATES: dict[str, Badge] = {
    "arose": Badge("bad", "arose"),
    "undecided": Badge("open", "undecided"),
    "not-arisen": Badge("idle", "not arisen"),
    "expired": Badge("idle", "expired"),
}


def document(statement: Statement, view: View, anchor: str = "s1") -> Document:
    """The document of one statement; ``anchor`` begins the anchors of its parts, which are unlike those of others."""
    page = Telling(view)
    shown = gravest(statement.lines, LEVELS)
    detailed = gravest(shown, SECTIONS)
    anchors = {id(line): f"{anchor}-{number}" for number, line in enumerate(detailed, 1)}
    sections_left = len(statement.lines) - len(detailed)
    rights_left = len(statement.rights) - _RIGHTS
    return Document(
        anchor=anchor,
        heading=_heading(page, statement),
        verdict=_verdict(page, statement),
        actions=actions(page, statement),
        levels=_levels(page, statement, shown, anchors),
        account=account(page, statement, anchors),
        credits=credit_history(page, statement),
        rights=tuple(_right(page, right) for right in statement.rights[:_RIGHTS]),
        rights_left_out=f"and {more(page, rights_left)}; every right is in the JSON" if rights_left > 0 else "",
        sections=tuple(section(page, statement, line, anchors[id(line)]) for line in detailed),
        sections_left_out=f"and {more(page, sections_left)}; every line is in the JSON" if sections_left else "",
        exclusions=exclusions(page, statement),
        corrections=page.told_in_words(lambda told: corrections(told, statement)),
        hours=page.told_in_words(lambda told: hours(told, statement)),
        quality=quality(page, statement),
        notes=tuple(page.clean(note) for note in statement.notes),
        footer=_footer(page, statement),
    )


def _heading(page: Telling, statement: Statement) -> Heading:
    agreement, period = statement.agreement, statement.period
    shown = period.part or period
    zone = zones.zone(period.timezone)
    begun, ended = (page.figures.moment(each, zone) for each in (shown.start, shown.end))
    length = page.figures.length_of_period(shown.start, shown.end)
    changes = page.figures.clock_changes(shown.start, shown.end, zone)
    return Heading(
        title=page.name(agreement.title),
        period=period_name(page, period),
        part=page.name(period.part.title) if period.part else "",
        provider=page.name(agreement.provider, PARTY),
        customer=page.name(agreement.customer, PARTY),
        bounds=f"{begun} to {ended}, {page.clean(period.timezone)}",
        length=f"{length}: clocks {', '.join(changes)}" if changes else length,
        reference=f"{page.name(agreement.id, PARTY)}/{page.name(period.label, 40)}",
    )


def _verdict(page: Telling, statement: Statement) -> VerdictBox:
    total = statement.total
    found = _VERDICTS[statement.verdict]
    so_far = " so far" if statement.period.running else ""
    sentence = "; ".join(consequences(page, statement))
    return VerdictBox(
        badge=Badge(found.state, found.word + so_far),
        headline=_headline(page, statement) + so_far,
        sentence=f"{sentence[:1].upper()}{sentence[1:]}.",
        amount=_amount(page, statement, total) if total else None,
        still_open=_still_open(page, total) if total else "",
        facts=tuple(_facts(page, statement, total)),
        tally=_tally(page, statement.lines),
    )


def _headline(page: Telling, statement: Statement) -> str:
    binding = [line for line in statement.lines if line.role == "service-level"]
    reached = [line for line in binding if line.verdict == statement.verdict]
    names = reaching(page, statement)
    is_one, running = len(reached) == 1, statement.period.running
    were = ("is" if is_one else "are") if running else ("was" if is_one else "were")
    match statement.verdict:
        case "breached":
            return f"{names} {were} breached"
        case "indeterminate":
            return f"{names} cannot be decided"
        case "met":
            return f"{names} {were} met"
        case _:
            return "Nothing was measured" if binding else "No service level is binding"


def _amount(page: Telling, statement: Statement, total: Total) -> Fact:
    payee = statement.agreement.provider if is_bonus(total) else statement.agreement.customer
    least, _ = payable(total)
    return Fact(f"Owed to {page.name(payee, PARTY)}", page.figures.money(least, total.currency))


def _still_open(page: Telling, total: Total) -> str:
    return open_amount(page, *payable(total), "money", total.currency)


def _facts(page: Telling, statement: Statement, total: Total | None) -> list[Fact]:
    found = []
    if total and not total.certain:
        found.append(Fact("Once settled", _still_open(page, total), "open"))
    if total and total.owed_anyway is not None and Decimal(total.owed_anyway) > 0:
        found.append(Fact("Owed whatever happens", page.figures.money(total.owed_anyway, total.currency)))
    if total and total.points:
        points = total.points
        same = points.least == points.most
        shown = (
            points.least if same else f"{points.least} to {points.most}" if points.most else f"at least {points.least}"
        )
        found.append(Fact("Points", shown))
    if total and total.claim_by and not (total.certain and Decimal(total.least) == 0):
        text = claim_by(page, statement, total.claim_by)
        claimed = text.removeprefix("claim by ")
        found.append(Fact("Claim by", claimed) if claimed != text else Fact("Claim", text))
    if total and total.pay_by:
        found.append(Fact("Pay by", page.figures.day(total.pay_by)))
    arisen = [page.name(right.name, 40) for right in statement.rights if right.state == "arose"]
    if arisen:
        names = list(dict.fromkeys(arisen))
        text = ", ".join(names[:2]) + (f" and {more(page, len(names) - 2)}" if len(names) > 2 else "")
        found.append(Fact("Right that arose" if len(names) == 1 else "Rights that arose", text, "bad"))
    if statement.period.running and statement.period.as_of:
        zone = zones.zone(statement.period.timezone)
        found.append(Fact("As of", page.figures.moment(statement.period.as_of, zone)))
    return found


def _tally(page: Telling, lines: tuple[Line, ...]) -> tuple[tuple[Badge, str], ...]:
    counts: dict[Badge, int] = {}
    for line in lines:
        counted = Badge("kpi", "tracked only") if line.role == "kpi" else badge(line)
        counts[counted] = counts.get(counted, 0) + 1
    order: tuple[State, ...] = ("bad", "open", "good", "kpi", "idle")
    found = sorted(counts.items(), key=lambda each: order.index(each[0].state))
    return tuple((each, page.figures.count(count)) for each, count in found)


def _levels(page: Telling, statement: Statement, shown: list[Line], anchors: dict[int, str]) -> Levels:
    currency = statement.total.currency if statement.total else ""
    rows = tuple(_level(page, statement, line, currency, anchors.get(id(line), "")) for line in shown)
    left = len(statement.lines) - len(shown)
    return Levels(
        rows=rows,
        left_out=f"and {more(page, left)}; every line is in the JSON" if left else "",
        with_credit=any(row.credit for row in rows),
        with_history=any(row.history for row in rows),
    )


def _level(page: Telling, statement: Statement, line: Line, currency: str, anchor: str) -> LevelRow:
    shown = margin(page, line)
    return LevelRow(
        name=line_name(page, line),
        clause=page.name(line.clause, 40) if line.clause else "",
        target=aimed_at(page, line),
        measured=measured(page, line),
        margin="" if shown == "-" else shown,
        badge=badge(line),
        credit=paid(page, line, currency) or ("not binding" if line.role == "kpi" and currency else ""),
        notes=under(page, line, None, statement.period),
        history=squares(page, statement, line),
        section=anchor,
    )


def _right(page: Telling, right: RightState) -> Right:
    of = f" ({page.name(right.subject, 60)})" if right.subject else ""
    return Right(
        name=page.name(right.name, 60) + of,
        badge=_RIGHT_STATES[right.state],
        reason=page.name(right.reason, 600),
        clause=page.name(right.clause, 40) if right.clause else "",
        use_by=page.figures.day(right.use_by) if right.use_by and right.state == "arose" else "",
    )


def _footer(page: Telling, statement: Statement) -> Footer:
    agreement, period = statement.agreement, statement.period
    words = ["slacheck", "evaluate", agreement.file, "--period", period.label]
    words += ["--as-of", period.as_of] if period.as_of else []
    words += ["--locale", page.figures.locale] if page.figures.locale else []
    read = {each.file: each for each in statement.history if each.sha256 is not None}
    words += [word for file in read for word in ("--history", file)]
    return Footer(
        agreement=page.name(agreement.file, 200),
        sha256=agreement.sha256,
        command=page.clean(" ".join(shlex.quote(word) for word in words)),
        history=tuple(
            (page.name(each.file, 200), each.sha256 or "", page.name(each.period, 40)) for each in read.values()
        ),
        version=VERSION,
    )
