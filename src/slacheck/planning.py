"""Before anything is counted: the periods to judge, the exports to open, what is excused, what each level asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import conditions
from slacheck.agreement.level import Level
from slacheck.agreement.loading import AgreementFile
from slacheck.engine.scratch import Scratch
from slacheck.exclusions import Candidate, Ruling, rule
from slacheck.language.conditions import Condition
from slacheck.measures.tallying import Ask
from slacheck.problems import AgreementError, DataError, PeriodError, Problem
from slacheck.sources.locating import DataGiven
from slacheck.sources.opening import Export, Exports, Words
from slacheck.timeline import intervals, zones
from slacheck.timeline.asking import asked
from slacheck.timeline.windows import Window, window


@dataclass(frozen=True)
class Settling:
    """One agreement in one period, on its way to a statement."""

    file: AgreementFile
    window: Window
    exports: Mapping[str, Export]
    rulings: Mapping[str, tuple[Ruling, ...]]
    remarks: tuple[str, ...] = ()

    @property
    def agreement(self) -> Agreement:
        return self.file.agreement


def periods(file: AgreementFile, text: str, as_of: int) -> list[Window]:
    """The windows of the periods that ``text`` names. Raises PeriodError where the agreement is in force in none."""
    agreement = file.agreement
    found: list[Window] = []
    for period in asked(text, agreement.period.cycle, agreement.zone, as_of):
        start, end = agreement.in_force(period.start, period.end)
        if start >= end:
            continue
        agreed = zones.midnight(start, agreement.zone), zones.midnight(end, agreement.zone)
        if agreed[0] < as_of:
            found.append(window(period, period.window(agreement.zone), agreed, as_of))
    if not found:
        said = [
            f"from {agreement.effective}" if agreement.effective else "",
            f"until {agreement.until}" if agreement.until else "",
        ]
        force = " ".join(part for part in said if part)
        raise PeriodError(
            [
                Problem(
                    file.label,
                    code="not-in-force",
                    message=f"the agreement '{agreement.id}' is not in force in {text}",
                    help=f"it is in force {force}" if force else "ask for a period that has begun",
                )
            ]
        )
    return found


def plan(files: Sequence[AgreementFile], text: str, as_of: int, data: DataGiven, scratch: Scratch) -> list[Settling]:
    """Everything that will become a statement, by agreement and period. Raises PeriodError or DataError."""
    windows = [(file, each) for file in files for each in periods(file, text, as_of)]
    _known(files, data)
    exports = Exports(scratch)
    opened: dict[int, dict[str, Export]] = {}
    problems: list[Problem] = []
    for file in files:
        own = opened[id(file)] = {}
        for name, source in file.agreement.sources.items():
            try:
                words = words_of(file.agreement, name)
                own[name] = exports.open(name, source, words, file.directory, data.get(name), file.agreement.zone)
            except DataError as error:
                problems += error.problems
    if problems:
        raise DataError(dict.fromkeys(problems))
    unclear = [problem for file in files for problem in _for_whom(file, opened[id(file)])]
    if unclear:
        raise AgreementError(unclear)
    candidates: dict[tuple[int, str], list[Candidate]] = {}
    settlings: list[Settling] = []
    for file, each in windows:
        own = opened[id(file)]
        rulings: dict[str, tuple[Ruling, ...]] = {}
        for name, exclusion in file.agreement.exclusions.items():
            key = (id(file), name)
            if key not in candidates:
                known = _candidates(scratch, own[exclusion.from_], exclusion.where, as_of)
                candidates[key] = [each for each in known if each.end > _begins(file.agreement)]
            cycle = file.agreement.period.cycle
            ruled = rule(name, exclusion, candidates[key], (each.lo, each.hi), cycle, file.agreement.zone)
            rulings[name] = tuple(ruled)
        remarks = tuple(
            f"{name}: no record of '{exclusion.from_}' satisfies its conditions; nothing is excused"
            for name, exclusion in file.agreement.exclusions.items()
            if exclusion.where is not None and not candidates[id(file), name]
        )
        settlings.append(Settling(file, each, own, rulings, remarks))
    return settlings


def _for_whom(file: AgreementFile, exports: Mapping[str, Export]) -> Iterator[Problem]:
    """Exclusions whose log names the subject of a level that uses them, mapped or not, and do not say for whom."""
    agreement = file.agreement
    for name, level in agreement.service_levels.items():
        if level.per is None:
            continue
        word = level.per.column
        spoken = {word}
        for source in _sources(agreement, level):
            spoken |= set(agreement.sources[source].columns.get(word, ()))
        for index, excluded in enumerate(level.excluding):
            exclusion = agreement.exclusions[excluded]
            headers = {header for part in exports[exclusion.from_].reading.parts for header in part.header.names}
            if exclusion.matching is None and spoken & headers:
                steps = ("service_levels", name, "measure", "excluding", index)
                yield file.document.problem(
                    file.document.place(steps),
                    "matching",
                    f"the log of '{excluded}' carries '{word}', and '{excluded}' does not say for whom it holds",
                    f"write matching: none on '{excluded}' when a record holds for every {word}",
                )


def _begins(agreement: Agreement) -> int:
    """The instant from which the agreement is in force: what lies before it uses up no allowance."""
    return zones.midnight(agreement.effective, agreement.zone) if agreement.effective else -(2**62)


def _known(files: Sequence[AgreementFile], data: DataGiven) -> None:
    names = {name for file in files for name in file.agreement.sources}
    unknown = [name for name in data if name not in names]
    if unknown:
        raise DataError(
            Problem(
                f"--data {name}",
                code="unknown-name",
                message=f"no agreement has a source '{name}'",
                help=f"sources are: {', '.join(sorted(names))}",
            )
            for name in unknown
        )


def words_of(agreement: Agreement, name: str) -> Words:
    """The words that read the source ``name``: as text where they are equal to something, as numbers where compared."""
    text: set[str] = set()
    numbers: set[str] = set()
    for condition, _ in conditions(agreement, name):
        numbers |= set(condition.compared())
        text |= set(condition.equalled())
    for level in agreement.service_levels.values():
        if level.per and name in _sources(agreement, level):
            text.add(level.per.column)
    return Words(frozenset(text), frozenset(numbers))


def _sources(agreement: Agreement, level: Level) -> tuple[str, ...]:
    return agreement.down_rule(level.measure.from_).from_


def _candidates(scratch: Scratch, export: Export, where: Condition | None, as_of: int) -> list[Candidate]:
    announced = nw.col("r_announced") if "announced" in export.source.columns else nw.lit(None).cast(nw.Int64)
    rows = scratch.rows(export.matching(where).select("rowid", "r_start", "r_end", announced=announced))
    return [
        Candidate(start, as_of if end is None else end, told, export.place(row))
        for row, start, end, told in rows
        if start < as_of
    ]


def ask(settling: Settling, level: Level) -> Ask:
    """What ``level`` asks in the settling's period, with its exclusions taken out of the time that counts."""
    measure = level.measure
    exports = tuple(settling.exports[name] for name in _sources(settling.agreement, level))
    rule = settling.agreement.down_rule(measure.from_)
    own = settling.window
    excluded = [ruling for name in level.excluding for ruling in settling.rulings[name]]
    if excluded:
        excused = intervals.union(*(ruling.excused for ruling in excluded))
        excess = [
            ruling.excess for ruling in excluded if settling.agreement.exclusions[ruling.exclusion].excess == "downtime"
        ]
        own = own.excusing(excused, intervals.union(*excess) if excess else ())
    per = level.per.column if level.per else None
    return Ask(measure.reads, exports, rule, measure.where, per, own)
