"""Sources and their columns: what nothing reads, zones that do not exist, cells compared in the wrong unit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.usage import conditions, divisions, register_targets, words_read
from slacheck.language.conditions import Condition, Test
from slacheck.language.quantities import Comparison
from slacheck.sources.forms import ROLES
from slacheck.sources.source import Source
from slacheck.timeline import zones


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with the sources and the conditions on their records."""
    used = _words_used(agreement)
    for name, source in agreement.sources.items():
        yield from _source(name, source, used[name])
    for name in agreement.sources:
        for condition, steps in conditions(agreement, name):
            yield from _compared(agreement, name, condition, steps)


def _words_used(agreement: Agreement) -> dict[str, set[str]]:
    """Every word that reads a source, asked of it by itself or by another whose register it is."""
    found: dict[str, set[str]] = {}
    for name, words in words_read(agreement).items():
        source = agreement.sources[name]
        found[name] = {*ROLES[source.shape], *source.key, *words.text, *words.numbers, *words.instants}
    for name, division in divisions(agreement, {}).items():
        # The key by which records lead to a register is read too.
        found[name] |= division.own.text
        for register, words in division.registers.items():
            found[register] |= {*words.text, *words.numbers, *words.instants}
    for word, _ in register_targets(agreement):
        for name, source in agreement.sources.items():
            if source.shape == "register" and word in source.columns:
                found[name].add(word)
    logs = {exclusion.from_ for exclusion in agreement.exclusions.values() if exclusion.from_ in found}
    for log in logs:
        # The log of an exclusion may carry the subject: whether it matches is asked for elsewhere.
        found[str(log)] |= {"announced", "cause"} | {
            level.per.column for level in agreement.service_levels.values() if level.per and level.per.column
        }
    return found


def _source(name: str, source: Source, used: set[str]) -> Iterator[Finding]:
    steps: Steps = ("sources", name)
    if source.timezone is not None:
        try:
            zones.zone(source.timezone)
        except ValueError as unknown:
            yield Finding((*steps, "timezone"), "timezone", str(unknown), "zones are named like Europe/London or UTC")
    for word in source.columns:
        if word not in used and word not in source.filled:
            roles = ROLES[source.shape]
            close = difflib.get_close_matches(word, roles, n=1)
            help = f"did you mean '{close[0]}'?" if close else _roles_of(source, roles)
            yield Finding((*steps, "columns", word), "unused-column", f"nothing uses the column '{word}'", help, "key")
    for word in source.units:
        if word not in used and word not in source.filled:
            yield Finding((*steps, "units", word), "unused-column", f"nothing uses the column '{word}'", "", "key")


def _roles_of(source: Source, roles: tuple[str, ...]) -> str:
    if source.shape in ("cases", "register"):
        return "leave it out: no condition, 'between', 'dated_by', 'per', 'by' or credit names it"
    return f"{source.shape} have the roles {', '.join(roles)}"


def _compared(agreement: Agreement, source: str, condition: Condition, steps: Steps) -> Iterator[Finding]:
    for test in condition.tests:
        if test.comparison is not None:
            yield from _in_unit(_holding(agreement, source, test.column), test, (*steps, test.column))
            yield from _scaled(agreement, source, test.comparison, (*steps, test.column))
    for index, alternative in enumerate(condition.any_of):
        yield from _compared(agreement, source, alternative, (*steps, "any_of", index))


def _scaled(agreement: Agreement, source: str, comparison: Comparison, steps: Steps) -> Iterator[Finding]:
    """A bound is multiplied with a plain number: of a cell with a unit it would not be said which number is meant."""
    for word in comparison.columns:
        unit = _holding(agreement, source, word).units.get(word)
        if unit is not None:
            message = f"'{comparison.text}' multiplies with '{word}', which is {unit}"
            yield Finding(steps, "unit", message, "multiply with a column without a unit")


def _holding(agreement: Agreement, source: str, word: str) -> Source:
    """The source whose cells a word reads: the records', or a register's."""
    division = divisions(agreement, {}).get(source)
    for register, words in division.registers.items() if division else ():
        if word in words.numbers:
            return agreement.sources[register]
    return agreement.sources[source]


def _in_unit(source: Source, test: Test, steps: Steps) -> Iterator[Finding]:
    assert test.comparison is not None
    text, kind = test.comparison.text, test.comparison.kind
    unit = source.units.get(test.column)
    if kind == source.kind(test.column):
        return
    if kind == "share":
        help = f"write a plain number, or units: {{{test.column}: '%'}} on the source"
        yield Finding(steps, "unit", f"'{text}' compares a cell with a share", help)
    elif unit is None:
        help = f"write units: {{{test.column}: ms}} on the source"
        yield Finding(steps, "unit", f"the unit of '{test.column}' is not said", help)
    elif kind == "number":
        yield Finding(steps, "unit", f"'{text}' has no unit, '{test.column}' has", f"write {text}{unit}")
    else:
        yield Finding(steps, "unit", f"'{text}' is not in the unit of '{test.column}', which is {unit}", "")
