"""``slacheck inspect``: what exports hold, before there is an agreement."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from slacheck import reports
from slacheck.cli import exits, screen
from slacheck.cli.output import write_all
from slacheck.cli.usage import UsageError, reported

_FORMATS = ("terminal", "json")


@reported("nothing was inspected")
def run(
    *,
    files: Sequence[str],
    records: Sequence[str],
    timezone: str | None,
    encoding: str | None,
    output: Path | None,
    format: str | None,
) -> int:
    """Look at the files and print what was seen. Raises SlacheckError, with nothing printed or written."""
    if format is not None and format not in _FORMATS:
        raise UsageError(f"--format takes {', '.join(_FORMATS)}; not '{format}'")
    name = format or (reports.by_suffix(output) if output else "terminal")
    if name not in _FORMATS:
        raise UsageError(f"no format is known for '{output}': end it in .json or .txt, or say --format")
    if files.count("-") > 1:
        raise UsageError("standard input can be read once: only one FILE may be '-'")
    if output is not None and output.resolve() in {Path(file).resolve() for file in files}:
        raise UsageError(f"'{output}' is a file that is looked at; choose another --output")

    from slacheck.inspection.looking import inspect

    try:
        found = inspect(files, records, timezone, encoding)
    except ValueError as error:
        raise UsageError(str(error)) from None
    view = reports.View() if output else screen.view(sys.stdout)
    if name == "json":
        from slacheck.reports.json import document

        text = document(found, view)
    else:
        from slacheck.reports.inspection import render

        text = render(found, view)
    if output is None:
        exits.show(text)
        return exits.MET
    write_all([(output, text.encode())])
    exits.tell(f"wrote {output}")
    return exits.MET
