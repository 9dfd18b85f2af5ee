"""Two sides beside each other: for a terminal, as JSON, and the stretches in which they differ as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from slacheck.reconciling.result import (
    Alike,
    Decided,
    LineBeside,
    PeriodBeside,
    Reconciliation,
    RecordsBeside,
    Shift,
    TimeBeside,
    WordBeside,
)
from slacheck.reports import json
from slacheck.reports.consequences import period_name
from slacheck.reports.csv import inert
from slacheck.reports.layout import Page, Row
from slacheck.reports.view import View
from slacheck.reports.wording import line_name, measured
from slacheck.statement import Line
from slacheck.timeline import zones

_BADGES = {"agree": ("AGREE", "good"), "disagree": ("DISAGREE", "bad"), "open": ("OPEN", "open")}
_MARKS: dict[Alike, tuple[str, str]] = {"same": ("✓", "good"), "differs": ("✗", "bad"), "open": ("?", "open")}
_WORDS = {"not-counted": "not counted"}
# Of a long list only the first are shown on a screen; all that are kept stand in the JSON.
_LINES_SHOWN, _DETAILED, _STRETCHES = 50, 10, 8
_SIDE = 24


def render(found: Reconciliation, view: View) -> str:
    """Every period, 60 to 100 columns wide, one newline at the end."""
    page = Page(view)
    for number, period in enumerate(found.periods):
        if number:
            page.blank()
            page.rule("═")
            page.blank()
        _period(page, found, period)
    for records in found.records:
        _records(page, found, records)
    return "\n".join(page.lines) + "\n"


def _records(page: Page, found: Reconciliation, records: RecordsBeside) -> None:
    """Who lacks which records of a source, and what they say differently of the same one."""
    sides = _sides(page, found)
    page.head(f"Records of {page.name(records.source, 60)}")
    keys = " and ".join(page.name(word, 40) for word in records.matched_by)
    how = "matched by " + (f"shared time{f' and {keys}' if keys else ''}" if records.overlap else keys or "nothing")
    rows = [("on both sides", records.both)]
    rows += [(f"with {sides[0]} alone", records.only_here), (f"with {sides[1]} alone", records.only_there)]
    page.text(how, indent=2, style="dim")
    for words, number in rows:
        page.pair(words, page.figures.count(number), indent=2)
    for word in records.words:
        more = _apart(page, sides[1], word)
        page.pair(f"{page.name(word.word, 40)} differs{more}", page.figures.count(word.differ), indent=2)
    for each in records.shown[:_STRETCHES]:
        key = page.name(", ".join(each.key), 60)
        if each.word:
            ours, theirs = (
                page.name(value if value is not None else "nothing", 40) for value in (each.here, each.there)
            )
            page.text(f"{key}: {page.name(each.word, 40)} {ours} / {theirs}", indent=4, hang=2)
        else:
            page.text(f"{key}: with {sides[0] if each.place_here else sides[1]} alone", indent=4, hang=2)
        places = ", ".join(page.name(place, 60) for place in (each.place_here, each.place_there) if place)
        page.text(places, indent=6, style="dim")
    if len(records.shown) > _STRETCHES:
        page.text(f"and {page.figures.count(len(records.shown) - _STRETCHES)} more in the JSON", indent=4)


def _apart(page: Page, there: str, word: WordBeside) -> str:
    """How much more there has of a word in sum, and the greatest distance."""
    if word.more is None or word.most is None:
        return ""
    more = Decimal(word.more)
    if word.kind == "instant":
        return f", by up to {page.figures.duration(int(word.most))}"
    size = page.figures.local(f"{abs(more):,f}")
    sum_text = f"{size} {'more' if more > 0 else 'less'} with {there}" if more else "the same in sum"
    return f", {sum_text}, by up to {page.figures.local(f'{Decimal(word.most):,f}')}"


def _period(page: Page, found: Reconciliation, period: PeriodBeside) -> None:
    sides = _sides(page, found)
    page.pair(page.name(found.agreement.title), period_name(page, period.period), style="bold")
    shown = period.period.part or period.period
    hours = page.figures.length_of_period(shown.start, shown.end)
    sources = ", ".join(page.name(name, 40) for name in found.sources)
    page.pair(f"{sides[0]} against {sides[1]}: {sources}", f"{page.clean(period.period.timezone)}, {hours}")
    page.blank()
    told = _alike(period)
    word, style = _BADGES["disagree" if told == "differs" else "open" if told == "open" else "agree"]
    page.marked(f" {word} ", _summary(page, found, period), style, badge=True)
    page.blank()
    _levels(page, found, period)
    _owed(page, found, period)
    apart = [line for line in period.lines if line.time and any(each.here != each.there for each in line.time.cells)]
    apart.sort(key=_gravity)
    for line in apart[:_DETAILED]:
        assert line.time is not None
        _time(page, found, period, line, line.time)
    if len(apart) > _DETAILED:
        page.blank()
        page.text(f"and {page.figures.counted(len(apart) - _DETAILED, 'line')} more that differ; all are in the JSON")


def _sides(page: Page, found: Reconciliation) -> tuple[str, str]:
    return page.name(found.here, _SIDE), page.name(found.there, _SIDE)


def _line_alike(line: LineBeside) -> Alike:
    return "differs" if "differs" in (line.verdict, line.amount) else "open" if _any_open(line) else "same"


def _gravity(line: LineBeside) -> int:
    """The less, the more it matters."""
    return ("differs", "open", "same").index(_line_alike(line))


def _any_open(line: LineBeside) -> bool:
    return "open" in (line.verdict, line.amount)


def _alike(period: PeriodBeside) -> Alike:
    told = {_line_alike(line) for line in period.lines} | ({period.total.amount} if period.total else set())
    return "differs" if "differs" in told else "open" if "open" in told else "same"


def _summary(page: Page, found: Reconciliation, period: PeriodBeside) -> str:
    verdicts = sum(line.verdict == "differs" for line in period.lines)
    opened = sum(line.verdict == "open" for line in period.lines)
    values = sum(line.value == "differs" for line in period.lines)
    said = [f"{page.figures.counted(verdicts, 'verdict')} of {page.figures.count(len(period.lines))} differ"]
    if not verdicts:
        said = ["no verdict differs"] if opened else ["every verdict is the same"]
    if verdicts == 1:
        said[0] = said[0].removesuffix("differ") + "differs"
    if opened:
        said.append(f"{page.figures.count(opened)} cannot be told, because data is missing")
    if period.total is not None:
        said.append(_more(page, found, period.total.amount, period.total, period.total.currency))
    elif not verdicts and values:
        said.append(f"{page.figures.counted(values, 'value')} differ")
    return "; ".join(said)


def _more(page: Page, found: Reconciliation, alike: Alike, of: object, currency: str) -> str:
    """What the other side's data makes of the amount, in words."""
    least, most = getattr(of, "more_least", None), getattr(of, "more_most", None)
    if alike == "same":
        return "the amount is the same"
    there = _sides(page, found)[1]
    if least is not None and most is not None:
        low, high = Decimal(least), Decimal(most)
        if low >= 0:
            return f"by the data of {there} {page.figures.money_span(least, most, currency)} more is owed"
        if high <= 0:
            span = page.figures.money_span(f"{-high}", f"{-low}", currency)
            return f"by the data of {there} {span} less is owed"
        less, more = page.figures.money(f"{-low}", currency), page.figures.money(most, currency)
        return f"by the data of {there} from {less} less to {more} more is owed"
    if least is not None:
        return f"by the data of {there} at least {page.figures.money(least, currency)} more is owed"
    if most is not None:
        return f"by the data of {there} at most {page.figures.money(most, currency)} more is owed"
    return "how much the amounts differ is not known"


def _levels(page: Page, found: Reconciliation, period: PeriodBeside) -> None:
    rows = []
    lines = period.lines if len(period.lines) <= _LINES_SHOWN else sorted(period.lines, key=_gravity)[:_LINES_SHOWN]
    for line in lines:
        mark, style = _MARKS[_line_alike(line)]
        some = line.here or line.there
        assert some is not None
        cells = (line_name(page, some), *(_cell(page, each) for each in (line.here, line.there)))
        rows.append(Row(cells, page.glyphs(mark), style, notes=(page.glyphs(_effect(page, found, period, line)),)))
    page.table(("Level", *_sides(page, found)), rows, indent=2, rule=True)
    if len(period.lines) > _LINES_SHOWN:
        page.text(f"and {page.figures.counted(len(period.lines) - _LINES_SHOWN, 'line')} more; all are in the JSON")


def _cell(page: Page, line: Line | None) -> str:
    return "not there" if line is None else f"{measured(page, line)} {line.verdict.replace('-', ' ')}"


def _effect(page: Page, found: Reconciliation, period: PeriodBeside, line: LineBeside) -> str:
    """Whether the difference matters."""
    if (line.value, line.verdict, line.amount) == ("same", "same", "same"):
        reads = "" if line.touched else "; it reads nothing that the sides have apart"
        return f"the same{reads}"
    said = []
    if line.verdict != "same":
        said.append("changes the verdict" if line.verdict == "differs" else "may change the verdict: data is missing")
    if line.amount != "same":
        points = any(each and each.credit and each.credit.unit == "points" for each in (line.here, line.there))
        if points or period.total is None:
            said.append("changes the points" if points else "changes the amount")
        else:
            verb = "changes the amount" if line.amount == "differs" else "may change the amount"
            said.append(f"{verb}: {_more(page, found, line.amount, line, period.total.currency)}")
    return "; ".join(said) or "changes no verdict and no amount"


def _owed(page: Page, found: Reconciliation, period: PeriodBeside) -> None:
    total = period.total
    if total is None:
        return
    page.head("Owed")
    sides = ((found.here, total.here_least, total.here_most), (found.there, total.there_least, total.there_most))
    for name, least, most in sides:
        amount = page.figures.money(least, total.currency)
        if most is None:
            amount = f"at least {amount}, not bounded"
        elif most != least:
            amount = page.figures.money_span(least, most, total.currency)
        page.pair(f"by the data of {page.name(name, _SIDE)}", amount, indent=2)


def _time(page: Page, found: Reconciliation, period: PeriodBeside, line: LineBeside, time: TimeBeside) -> None:
    some = line.here or line.there
    assert some is not None
    sides = _sides(page, found)
    page.head(f"{line_name(page, some)}: where the time went")
    rows = [
        Row(
            (
                f"{_word(cell.here)} / {_word(cell.there)}",
                page.figures.count(cell.stretches),
                page.figures.duration(cell.time),
            ),
            style="" if cell.here == cell.there else "bold",
        )
        for cell in time.cells
    ]
    rows.append(Row(("together", "", page.figures.duration(time.period))))
    page.table((f"{sides[0]} / {sides[1]}", "Stretches", "Time"), rows, indent=2)
    zone = zones.zone(period.period.timezone)
    year = int(period.period.first_day[:4])
    page.blank()
    for each in time.disagreements[:_STRETCHES]:
        start, end = (page.figures.moment(text, zone, year) for text in (each.start, each.end))
        page.pair(
            f"{start} to {end}: {_word(each.here)} / {_word(each.there)}", page.figures.duration(each.time), indent=2
        )
        places = [
            f"{side} {page.name(at, 60)}"
            for side, at in zip(sides, (each.place_here, each.place_there), strict=True)
            if at
        ]
        if places:
            page.text(", ".join(places), indent=4, style="dim")
        if each.exclusions:
            page.text(f"touched by {page.clean(', '.join(each.exclusions))}", indent=4, style="dim")
    left = max(0, len(time.disagreements) - _STRETCHES) + time.left_out
    if left:
        page.text(f"and {page.figures.counted(left, 'shorter stretch').replace('stretchs', 'stretches')}", indent=2)
    for decided in time.decided:
        page.text(_deciding(page, sides, decided), indent=2, hang=2)
    if time.shift is not None:
        page.text(_shifted(page, sides, time.shift), indent=2, hang=2, style="open")


def _word(state: str) -> str:
    return _WORDS.get(state, state)


def _deciding(page: Page, sides: tuple[str, str], decided: Decided) -> str:
    own, other = sides if decided.adopts == "here" else sides[::-1]
    verdict = decided.verdict.replace("-", " ")
    here = decided.adopts == "here"
    gives_up = decided.verdict == "met"
    states = ("down", "up") if here == gives_up else ("up", "down")
    what = f"{states[0]} / {states[1]}"
    length = page.figures.duration(decided.time)
    if decided.stretches is None:
        return (
            f"Even with all that is {what} taken over from {other} ({length}), {own} would not be {verdict} for sure."
        )
    taken = f"taken over from {other}, {own} has {verdict} too."
    if decided.stretches == 1:
        return f"The longest stretch that is {what} decides ({length}): {taken}"
    count = page.figures.count(decided.stretches)
    return f"The {count} longest stretches that are {what} decide ({length}): {taken}"


def _shifted(page: Page, sides: tuple[str, str], shift: Shift) -> str:
    when = "later" if shift.by > 0 else "earlier"
    shares = [page.figures.span(each.fraction, each.fraction, "share") for each in (shift.alike, shift.as_is)]
    return (
        f"The outages of {sides[1]} are those of {sides[0]}, {page.figures.duration(abs(shift.by))} {when}: moved by "
        f"that the two share {shares[0]} of their down time, as they stand {shares[1]}. Look at the time zone and the "
        "clock of both exports; nothing was moved."
    )


def as_json(found: Reconciliation, view: View) -> str:
    """The model itself, nothing added and nothing left out."""
    return json.document(found, view)


COLUMNS: Final = (
    "agreement", "period", "level", "class", "level_period", "subject", "here", "there", "state_here", "state_there",
    "start", "end", "seconds", "place_here", "place_there", "exclusions",
)  # fmt: skip


def as_csv(found: Reconciliation, view: View) -> str:  # noqa: ARG001  (the same on every screen)
    """A header, and a row for every stretch that is kept in which the sides differ, every one ended by CR LF."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(_rows(found))
    return written.getvalue()


def _rows(found: Reconciliation) -> Iterator[list[str]]:
    for period in found.periods:
        for line in period.lines:
            for each in line.time.disagreements if line.time else ():
                seconds = f"{Decimal(each.time) / 1_000_000:f}"
                cells = (
                    found.agreement.id, period.period.label, line.level, line.of_class, line.period, line.subject,
                    found.here, found.there, each.here, each.there, each.start, each.end, seconds,
                    each.place_here, each.place_there, "; ".join(each.exclusions),
                )  # fmt: skip
                yield [inert(cell) for cell in cells]


DOCUMENTS: Final[dict[str, Callable[[Reconciliation, View], str]]] = {"json": as_json, "csv": as_csv}
