"""Everything that will become a statement: periods found, exports opened, registers joined, exclusions ruled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.usage import dating_word, divisions, sources_of, words_of, words_read
from slacheck.engine.scratch import Scratch
from slacheck.engine.watched import Watched
from slacheck.fees.worth import Fees
from slacheck.planning.charging import fees_of
from slacheck.planning.classified import unclassified
from slacheck.planning.excusing import candidates, ruled
from slacheck.planning.settling import Settling
from slacheck.planning.windows import periods
from slacheck.problems import AgreementError, DataError, Problem
from slacheck.progress import SILENT, Progress
from slacheck.sources.locating import DataGiven
from slacheck.sources.opening import Export, Exports
from slacheck.sources.registers import Lacking, enriched

_DATED = {"samples": "r_at", "counts": "r_at", "events": "r_start"}


@dataclass
class _Opened:
    exports: dict[str, Export] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def plan(
    agreements: Sequence[AgreementFile],
    text: str,
    as_of: int,
    data: DataGiven,
    scratch: Scratch,
    watched: Watched | None = None,
    progress: Progress = SILENT,
) -> list[Settling]:
    """Everything that will become a statement, by agreement and period, or part of one that an amendment splits.

    Raises PeriodError, DataError for exports, and AgreementError for what only shows beside them.
    """
    windows = [each for file in agreements for each in periods(file, text, as_of)]
    # Versions of which no period was asked for need no exports.
    files = list({id(share.version): share.version for share, _ in windows}.values())
    _known([version for file in agreements for version in file.versions], data)
    exports = Exports(scratch, watched, progress)
    opened: dict[int, _Opened] = {}
    problems: list[Problem] = []
    for file in files:
        opened[id(file)], found = _open(file, exports, data)
        problems += found
    if problems:
        raise DataError(dict.fromkeys(problems))
    unclear = [problem for file in files for problem in _for_whom(file, opened[id(file)].exports)]
    if unclear:
        raise AgreementError(dict.fromkeys(unclear))
    for file in files:
        opened[id(file)].remarks += unclassified(scratch, file.agreement, opened[id(file)].exports)
    records = {
        id(file): {
            name: candidates(scratch, file.agreement, name, opened[id(file)].exports, as_of)
            for name in file.agreement.exclusions
        }
        for file in files
    }
    charged: dict[int, Fees] = {}
    for file in files:
        own_windows = [index for index, (share, _) in enumerate(windows) if share.version is file]
        stretches = [(windows[index][1].period, windows[index][0].days) for index in own_windows]
        fees = fees_of(scratch, file, stretches, opened[id(file)].exports)
        charged |= dict(zip(own_windows, fees, strict=True))
    settlings: list[Settling] = []
    for index, (share, each) in enumerate(windows):
        file = share.version
        own = opened[id(file)]
        rulings = {
            name: ruled(file.agreement, name, records[id(file)][name], (each.lo, each.hi), file.calendars)
            for name in file.agreement.exclusions
        }
        remarks = [
            f"{name}: no record of '{exclusion.from_}' satisfies its conditions; nothing is excused"
            for name, exclusion in file.agreement.exclusions.items()
            if exclusion.where is not None and not records[id(file)][name]
        ]
        settlings.append(
            Settling(
                file,
                each,
                own.exports,
                records[id(file)],
                rulings,
                as_of,
                charged[index],
                (*remarks, *own.remarks),
                share.part,
                share.amended,
            )
        )
    return settlings


def _open(file: AgreementFile, exports: Exports, data: DataGiven) -> tuple[_Opened, list[Problem]]:
    agreement = file.agreement
    problems: list[Problem] = []
    headers: dict[str, frozenset[str]] = {}
    for name, source in agreement.sources.items():
        try:
            headers[name] = exports.headers(name, source, file.directory, data.get(name))
        except DataError as error:
            problems += error.problems
    if problems:
        return _Opened(), problems
    wanted = words_of(agreement, divisions(agreement, headers))
    found = _Opened()
    for name, source in agreement.sources.items():
        try:
            opened = exports.open(name, source, wanted[name], file.directory, data.get(name), agreement.zone)
            found.exports[name] = opened
        except DataError as error:
            problems += error.problems
    if not problems:
        problems += _joined(agreement, exports, found, headers)
    return found, problems


def _joined(
    agreement: Agreement, exports: Exports, found: _Opened, headers: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """Put the facts of registers beside the records that lead to them."""
    registers = {name: each for name, each in found.exports.items() if each.source.shape == "register"}
    if not registers:
        return []
    asked = words_read(agreement, headers)
    problems: list[Problem] = []
    for name, export in list(found.exports.items()):
        if name in registers:
            continue
        by = dated(agreement, name, export)
        try:
            found.exports[name], lacking = enriched(exports.scratch, export, registers, asked[name], by)
        except DataError as error:
            problems += error.problems
            continue
        found.remarks += [_lacking(name, each) for each in lacking]
    return problems


def dated(agreement: Agreement, name: str, export: Export) -> str | None:
    """The column with the instant that dates the records of an export; None where nothing does."""
    if export.source.shape in _DATED:
        return _DATED[export.source.shape]
    word = dating_word(agreement, name)
    return export.instants.get(word) if word else None


def _lacking(name: str, lacking: Lacking) -> str:
    key = ", ".join("nothing" if part is None else f"'{part}'" for part in lacking.key)
    return f"{name}: {lacking.records:,} records have no row in '{lacking.register}', first {lacking.place} ({key})"


def _for_whom(file: AgreementFile, exports: Mapping[str, Export]) -> Iterator[Problem]:
    """Exclusions whose log names the subject of a level that uses them, mapped or not, and do not say for whom."""
    agreement = file.agreement
    for promised in agreement.promised():
        if promised.level.per is None or promised.level.per.column is None:
            continue
        word = promised.level.per.column
        spoken = {word}
        for source in sources_of(agreement, promised):
            spoken |= set(agreement.sources[source].columns.get(word, ()))
        for index, excluded in enumerate(promised.promise.excluding):
            exclusion = agreement.exclusions[excluded]
            if exclusion.from_ is None or exclusion.matching is not None:
                continue
            headers = {header for part in exports[exclusion.from_].reading.parts for header in part.header.names}
            if spoken & headers:
                steps = (*promised.steps, "measure", "excluding", index)
                yield file.document.problem(
                    file.document.place(steps),
                    "matching",
                    f"the log of '{excluded}' carries '{word}', and '{excluded}' does not say for whom it holds",
                    f"write matching: none on '{excluded}' when a record holds for every {word}, or matching: {word}",
                )


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
