"""What ``slacheck inspect`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def inspect(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Exports: files, globs, or - for stdin.", show_default=False),
    ],
    records: Annotated[
        list[str] | None, typer.Option("--records", metavar="PATH", help="Where the records stand in a JSON document.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Zone of times without an offset.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of text that is not UTF-8.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file; the suffix chooses the format."),
    ] = None,
    format: Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal or json.")] = None,
) -> None:
    """Show what exports hold, and a source to paste.

    \b
    slacheck inspect probes.csv
    slacheck inspect 'exports/2026-*.csv.gz' --timezone Europe/London
    """
    from slacheck.cli import inspect as command

    raise typer.Exit(
        command.run(
            files=files, records=records or [], timezone=timezone, encoding=encoding, output=output, format=format
        )
    )
