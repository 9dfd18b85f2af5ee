"""Which export of its product a file is: what a preset fills in is known once the file was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from slacheck.engine.csv_records import first_record
from slacheck.engine.files import ExportFile, head
from slacheck.engine.reading import header
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources import presets
from slacheck.sources.source import Source


def look(file: ExportFile, scratch: Scratch) -> presets.Look:
    """What the beginning of ``file`` shows. Raises DataError where it cannot be read at all."""
    if file.format in ("json", "ndjson"):
        return presets.Look(presets.outline(head(file)), table=False, lines=file.format == "ndjson")
    found = header(file, scratch, ())
    cells = first_record(file, found.delimiter, found.row - 1) if found.row else []
    return presets.Look(frozenset(found.names), table=True, first=dict(zip(found.names, cells, strict=False)))


def exact(name: str, source: Source, files: Sequence[ExportFile], scratch: Scratch) -> Source:
    """``source`` as the export says that its files are; itself where it names no preset.

    Raises DataError for files that are no such export, or not all the same one.
    """
    preset = source.preset
    if preset is None:
        return source
    looked = [look(file, scratch) for file in files]
    found = [_recognised(file, each, preset, source) for file, each in zip(files, looked, strict=True)]
    for file, each in zip(files, found, strict=True):
        if each != found[0]:
            message = f"is {_named(each)} of {preset.product}, and '{files[0].label}' is {_named(found[0])}"
            raise _refusal(file, "two-exports", message, "make a source of each kind")
    export, records = found[0]
    for file, seen in zip(files, looked, strict=True):
        unclear = export.unclear(source.said, seen)
        if unclear is not None:
            role, there = unclear
            message = f"has {' and '.join(there)}" if there else f"has none of {', '.join(export.choose[role])}"
            help = f"say which is meant: columns: {{{role}: {there[0] if there else 'COLUMN'}}}"
            raise _refusal(file, "unclear-column", f"{message} for '{role}'", help)
    terms = export.fill(source.shape, source.said, looked[0])
    if records and "records" not in source.said:
        terms["records"] = list(records)
    try:
        return source.of_export(terms)
    except ValidationError as error:
        reasons = "; ".join(str(each["msg"]) for each in error.errors())
        message = f"is {_named(found[0])} of {preset.product}, which does not go with the source '{name}': {reasons}"
        raise _refusal(files[0], "preset", message, "say it on the source") from None


def _recognised(
    file: ExportFile, seen: presets.Look, preset: presets.Preset, source: Source
) -> tuple[presets.ProductExport, tuple[str, ...]]:
    found = presets.recognised(seen, (preset.name,))
    fitting = list(preset.fitting(source.shape))
    if found is None:
        calls = "; ".join(f"{each.name} ({each.call})" for each in fitting)
        message = f"is no export of {preset.product} that holds {source.shape}"
        raise _refusal(file, "not-the-export", message, f"known are: {calls}")
    export, records = found
    if export.refused:
        raise _refusal(file, "not-the-export", f"is {_named(found)} of {preset.product}: {export.refused}", "")
    if source.shape not in export.shapes:
        message = f"is {_named(found)} of {preset.product}, which is read as {' or '.join(export.shapes)}"
        raise _refusal(file, "not-the-export", message, f"write shape: {next(iter(export.shapes))} on the source")
    return export, records


def _named(found: tuple[presets.ProductExport, tuple[str, ...]]) -> str:
    export, records = found
    return f"the export '{export.name}'" + (f" ({', '.join(records)})" if records else "")


def _refusal(file: ExportFile, code: str, message: str, help: str) -> DataError:
    return DataError([Problem(file.label, code=code, message=message, help=help)])
