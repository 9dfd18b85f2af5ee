"""Gauges in base units for a node exporter's textfile directory, and for anything else that reads OpenMetrics text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final, get_args

from slacheck import problem_text
from slacheck.language.quantities import SECOND
from slacheck.money import decimal_text
from slacheck.reports import plain
from slacheck.reports.figures import instant
from slacheck.reports.view import View
from slacheck.statement import Line, LineVerdict, Statement, Statements, Total
from slacheck.timeline import zones
from slacheck.verdicts import Verdict

# Written labels, such as ``agreement="acme-web",period="2026-10"``.
Labels = str

_HELP: Final = {
    "slacheck_statement_verdict": "The verdict of the statement: 1 for the one that holds, 0 for the others.",
    "slacheck_statement_period_start_timestamp_seconds": "When what the statement is for begins.",
    "slacheck_statement_period_end_timestamp_seconds": "When what the statement is for ends.",
    "slacheck_statement_as_of_timestamp_seconds": "Up to when a period that still runs is judged.",
    "slacheck_statement_owed_least": "What the provider owes at least; below zero what the customer owes.",
    "slacheck_statement_owed_most": "What the provider owes at most; absent where nothing bounds it.",
    "slacheck_statement_claim_by_timestamp_seconds": "When the last day ends on which credits can be claimed.",
    "slacheck_level_verdict": "The verdict of a level: 1 for the one that holds, 0 for the others.",
    "slacheck_level_target": "What the value of a level is compared with, by operator.",
    "slacheck_level_best": "The value of a level at best.",
    "slacheck_level_worst": "The value of a level at worst; the same as at best where no data is missing.",
    "slacheck_level_margin_best": "How far the best value is on the right side of the target.",
    "slacheck_level_margin_worst": "How far the worst value is on the right side of the target.",
    "slacheck_level_coverage_ratio": "The share of what should be known that is known.",
    "slacheck_level_time_seconds": "Where the time of the period went, by state.",
    "slacheck_level_outages": "How many outages counted.",
    "slacheck_level_credit_least": "What a level costs at least, before anything that crosses levels.",
    "slacheck_level_credit_most": "What a level costs at most, before anything that crosses levels.",
    "slacheck_level_credit_points_least": "What a level costs at least, in points.",
    "slacheck_level_credit_points_most": "What a level costs at most, in points.",
}
# No suffix stands for a number: everything is one.
_SUFFIXES: Final = {"number": "", "working-days": "working_days"}
NAMES: Final = tuple(_HELP)
_STATES = ("up", "down", "unknown", "excluded", "outside", "not_in_force", "future")


def render(statements: Statements, view: View) -> str:  # noqa: ARG001  (the same on every screen)
    """Every family with its help and type, its series beneath it; ``# EOF`` at the end, and no timestamps."""
    families = _Families()
    for statement in statements.statements:
        _statement(families, statement)
        for line in statement.lines:
            _line(families, statement, line)
    return families.text()


class _Families:
    """The series of each family, no two of one with the same labels; a family is described once for all its units."""

    def __init__(self) -> None:
        self._series: dict[str, dict[str, dict[str, str]]] = {name: {} for name in _HELP}

    def add(self, name: str, labels: Labels, value: str | None, unit: str = "") -> None:
        """One series; ``value`` is a plain decimal, and nothing is added where there is none."""
        if not value:
            return
        series = self._series[name].setdefault(f"_{unit}" if unit else "", {})
        shown, number = labels, 1
        while shown in series:
            # Agreements of one id, or names that only an invisible character tells apart.
            number += 1
            shown = f'{labels},nth="{number}"'
        series[shown] = value

    def text(self) -> str:
        lines: list[str] = []
        for name, units in self._series.items():
            for unit, series in sorted(units.items()):
                lines += [f"# HELP {name}{unit} {_HELP[name]}", f"# TYPE {name}{unit} gauge"]
                lines += [f"{name}{unit}{{{labels}}} {value}" for labels, value in series.items()]
        return "\n".join([*lines, "# EOF"]) + "\n"


def _labels(labels: Mapping[str, str]) -> Labels:
    """The labels that say something; an empty one is to every reader the same as none."""
    return ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items() if text)


@lru_cache(maxsize=10_000)
def _escaped(text: str) -> str:
    shown = "".join(problem_text.harmless(character) for character in text)
    return shown.replace("\\", "\\\\").replace('"', '\\"')


def _statement(families: _Families, statement: Statement) -> None:
    labels, period = _of_statement(statement), statement.period
    name = "slacheck_statement"
    for verdict in get_args(Verdict):
        families.add(f"{name}_verdict", f'{labels},verdict="{verdict}"', _truth(verdict == statement.verdict))
    shown = period.part or period
    families.add(f"{name}_period_start_timestamp_seconds", labels, _seconds(instant(shown.start)))
    families.add(f"{name}_period_end_timestamp_seconds", labels, _seconds(instant(shown.end)))
    if period.as_of:
        families.add(f"{name}_as_of_timestamp_seconds", labels, _seconds(instant(period.as_of)))
    total = statement.total
    if total is None:
        return
    money = f'{labels},currency="{total.currency}"'
    families.add(f"{name}_owed_least", money, total.least)
    families.add(f"{name}_owed_most", money, total.most)
    if total.claim_by:
        ends = zones.midnight(date.fromisoformat(total.claim_by) + timedelta(days=1), zones.zone(period.timezone))
        families.add(f"{name}_claim_by_timestamp_seconds", labels, _seconds(ends))


def _line(families: _Families, statement: Statement, line: Line) -> None:
    own = {
        "level": line.level,
        "class": line.of_class,
        "subject": line.subject,
        "level_period": line.period,
        "role": line.role,
    }
    labels = f"{_of_statement(statement)},{_labels(own)}"
    name, unit, margin = "slacheck_level", _suffix(plain.UNITS[line.unit]), plain.margin_unit(line)
    for verdict in get_args(LineVerdict):
        families.add(f"{name}_verdict", f'{labels},verdict="{verdict}"', _truth(verdict == line.verdict))
    for operator, bound in plain.targets(line):
        families.add(f"{name}_target", f'{labels},operator="{operator}"', bound, unit)
    for end, value, far in zip(("best", "worst"), plain.measured(line), plain.margins(line), strict=True):
        families.add(f"{name}_{end}", labels, value, unit)
        families.add(f"{name}_margin_{end}", labels, far, _suffix(margin))
    if line.coverage:
        families.add(f"{name}_coverage_ratio", labels, line.coverage.decimal)
    if line.balance:
        for state in _STATES:
            families.add(f"{name}_time_seconds", f'{labels},state="{state}"', _seconds(getattr(line.balance, state)))
        families.add(f"{name}_outages", labels, str(line.outages))
    _credit(families, statement.total, line, labels)


def _credit(families: _Families, total: Total | None, line: Line, labels: Labels) -> None:
    credit = line.credit
    if credit is None or total is None:
        return
    points = credit.unit == "points"
    name = "slacheck_level_credit" + ("_points" if points else "")
    counted = labels if points else f'{labels},currency="{total.currency}"'
    families.add(f"{name}_least", counted, credit.least.amount)
    families.add(f"{name}_most", counted, credit.most.amount if credit.most else None)


def _of_statement(statement: Statement) -> Labels:
    part = statement.period.part
    own = _labels({"period": statement.period.label, "part": part.first_day if part else ""})
    return f'agreement="{_escaped(statement.agreement.id)}",{own}'.removesuffix(",")


def _suffix(unit: str) -> str:
    return _SUFFIXES.get(unit, unit)


def _truth(holds: bool) -> str:
    return "1" if holds else "0"


def _seconds(microseconds: int) -> str:
    return decimal_text(Fraction(microseconds, SECOND))
