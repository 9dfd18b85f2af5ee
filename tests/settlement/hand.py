"""Lines made by hand and settled without any export: what the tests of the settlement are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import OF_LEVEL, Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.calendars.resolving import Calendars
from slacheck.fees.lookup import Table
from slacheck.fees.stretches import Dates
from slacheck.fees.worth import Fees, Rows
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.judging.line import idle
from slacheck.language.yaml_text import read
from slacheck.measures.asking import Answer, Ask, Stretch
from slacheck.measures.measure import LevelTally, Measured
from slacheck.planning import Asking, Settling
from slacheck.planning.parts import PeriodPart
from slacheck.settlement import Settled, settle
from slacheck.sources.amounts import Billed
from slacheck.statement import Credit, Exact, Line, PeriodPartShown, PeriodShown, Statement, Total, overall
from slacheck.timeline.periods import Period, containing
from slacheck.timeline.windows import window
from slacheck.timeline.zones import midnight
from slacheck.verdicts import Judgement, judge, oriented

Document = dict[str, Any]

_LATER = 4_000_000_000_000_000
_DAY = 86_400_000_000
BILL = "bill"


@dataclass(frozen=True)
class Value:
    """One line: the value of a level, best and worst, or none at all; and what its record says."""

    level: str
    best: Fraction | str | int | None
    worst: Fraction | str | int | None = None
    subject: str = ""
    of_class: str = ""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    figures: Mapping[str, Fraction | None] = field(default_factory=dict)
    began: int = 0
    days: int = 1
    record: str = ""
    open_above: bool = False
    scale: Fraction = Fraction(1)
    judgement: Judgement | None = None


class Contract:
    """An agreement whose lines are given; every settled period is kept as history of the next.

    ``bill`` is what a register 'bill' says of each circuit. Fees of the agreement may read it: {from: bill, column:
    charge}.
    """

    def __init__(self, levels: Mapping[str, Document], bill: Mapping[str, str] | None = None, **keys: Any) -> None:
        head: Document = {"slacheck": "1", "id": "a", "provider": "P", "customer": "C", "timezone": "UTC"}
        whole = {**head, "currency": "EUR", "fees": {"monthly": "12000.00"}, **keys}
        whole = {key: value for key, value in whole.items() if value is not None}
        whole["service_levels"] = {name: _level(level) for name, level in levels.items()}
        if bill is not None:
            columns = {"circuit": "circuit", "charge": "charge"}
            whole["sources"] = {BILL: {"path": "b.csv", "shape": "register", "key": "circuit", "columns": columns}}
        self.agreement = Agreement.model_validate(whole)
        self._bill = bill or {}
        calendars = Calendars(self.agreement.calendars, self.agreement.zone, Path())
        # Nothing stands anywhere: the terms are given as such.
        document = read("slacheck: 1", "agreement.yaml")
        self._file = AgreementFile(self.agreement, document, "agreement.yaml", Path(), "0", calendars)
        self.history = History()

    def period(self, day: str) -> Period:
        return containing(self.agreement.period.cycle, date.fromisoformat(day))

    def settling(self, day: str, part: PeriodPart | None = None) -> Settling:
        period, zone = self.period(day), self.agreement.zone
        bounds = period.window(zone)
        own = part.window(zone) if part else bounds
        days = (part.start, part.end) if part else None
        terms = self.agreement
        dates = Dates(zone, terms.period.cycle, terms.effective, terms.until, terms.period.length, days)
        billed = [
            Billed((name,), int(Fraction(amount or 0) * 10**18), 1, (row,), None if amount else row)
            for row, (name, amount) in enumerate(self._bill.items(), 2)
        ]
        tables = {Rows(BILL, "charge", 0, 0): Table(("circuit",), (), billed, lambda row: f"b.csv:{row}")}
        return Settling(
            file=self._file,
            window=window(period, bounds, own, _LATER),
            exports={},
            candidates={},
            rulings={},
            as_of=_LATER,
            fees=Fees(terms.fees, dates, period, {BILL: ""}, tables),
            part=part,
        )

    def settle(self, day: str, *values: Value, part: PeriodPart | None = None) -> Settled:
        """Settle one period, or a part of it, and keep it."""
        settling = self.settling(day, part)
        found = settle(settling, [_judged(settling, each) for each in values], self.history)
        self.keep(settling, found)
        return found

    def keep(self, settling: Settling, found: Settled) -> None:
        part = settling.part
        shown = None
        if part is not None:
            last = date.fromordinal(part.end.toordinal() - 1).isoformat()
            shown = PeriodPartShown.model_construct(first_day=part.start.isoformat(), last_day=last)
        period = PeriodShown.model_construct(label=settling.window.period.label, part=shown)
        statement = Statement.model_construct(
            period=period, lines=found.lines, total=found.total, verdict=overall(found.lines)
        )
        self.history.keep(settling, statement, {})


def _level(level: Document) -> Document:
    own = {key: value for key, value in level.items() if key in OF_LEVEL}
    shared = {key: value for key, value in level.items() if key not in OF_LEVEL and key != "classes"}
    shared = {"measure": {"kind": "availability" if "%" in str(shared["target"]) else "downtime", "from": "x"}} | shared
    if not str(shared["target"]).endswith(("%", "m", "s", "h")):
        shared["measure"] = {"kind": "reported-value", "from": "x"}
    rows = level.get("classes", {"": {}})
    promises = {}
    for name, row in rows.items():
        promises[name] = {**shared, **row}
        if "credit" in row:
            promises[name]["credit"] = {**shared.get("credit", {}), **row["credit"]}
    return {**own, "promises": promises} | ({"by": "class"} if "classes" in level else {})


def _judged(settling: Settling, value: Value) -> Judged:
    level = settling.agreement.service_levels[value.level]
    promise = level.promises[value.of_class]
    per = level.per
    record = per.record if per is not None else None
    ask = Ask(
        measure=promise.measure,
        exports=(),
        rule=settling.agreement.down_rule("x"),
        where=(),
        per=per.column if per is not None else None,
        window=settling.window,
        zone=settling.agreement.zone,
        calendars=settling.calendars,
        as_of=_LATER,
        missing=promise.missing,
        record=record,
    )
    asking = Asking(settling, Promised(value.level, level, value.of_class, promise), ask)
    target = promise.target.binding
    assert target is not None
    measured = None
    if value.best is not None:
        best = Fraction(value.best)
        worst = best if value.worst is None else Fraction(value.worst)
        coverage = Fraction(1) if value.worst is None else Fraction(1, 2)
        measured = Measured(best, worst, coverage, value.scale, open_above=value.open_above)
    judgement = value.judgement
    if judgement is None and measured is None:
        judgement = Judgement("indeterminate", None, None, "no value was delivered")
    elif judgement is None:
        judgement = judge(measured, target, promise.missing, promise.coverage, "")
    assert judgement is not None
    if measured is not None:
        measured = oriented(measured, target)
    name = f"{value.subject}/{value.record}".strip("/") if record else value.subject
    began = midnight(settling.window.period.start, settling.agreement.zone) + value.began * _DAY
    answer = Answer(
        name,
        LevelTally(()),
        of=value.subject,
        facts=value.facts,
        figures=value.figures,
        began=began if record else None,
        cases=(Stretch(began, began + value.days * _DAY, value.days),) if record else (),
    )
    line = idle(asking).line.model_copy(
        update={
            "subject": name,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "best": Exact.of(measured.best) if measured else None,
            "worst": Exact.of(measured.worst) if measured else None,
            "record_of": value.subject if record else "",
            "facts": dict(value.facts) if record else {},
        }
    )
    return Judged(line, asking, answer, target, judgement, measured)


def credit_of(line: Line) -> Credit:
    assert line.credit is not None
    return line.credit


def total_of(found: Settled) -> Total:
    assert found.total is not None
    return found.total


def amounts(found: Settled) -> list[tuple[str, str | None]]:
    """Least and most of each line."""
    credits = [credit_of(line) for line in found.lines]
    return [(each.least.amount, each.most.amount if each.most else None) for each in credits]


def sure(found: Settled) -> list[str]:
    """The amounts of the lines, all of them certain."""
    shown = amounts(found)
    assert all(least == most for least, most in shown), shown
    return [least for least, _ in shown]


def counted(found: Settled) -> list[tuple[str, str | None]]:
    return [(credit_of(line).counted_least, credit_of(line).counted_most) for line in found.lines]


def total(found: Settled) -> tuple[str, str | None]:
    return total_of(found).least, total_of(found).most


def texts(found: Settled, index: int = 0) -> list[str]:
    """The steps of the most that a line costs."""
    most = credit_of(found.lines[index]).most
    assert most is not None
    return [step.text for step in most.steps]


__all__ = ["Contract", "Value", "amounts", "counted", "credit_of", "sure", "texts", "total", "total_of"]
