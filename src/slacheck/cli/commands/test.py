"""What ``slacheck test`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def test(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Files of scenarios, agreements with one beside them (agreement.test.yaml), or folders.",
            show_default=False,
        ),
    ],
    filter: Annotated[
        str, typer.Option("--filter", metavar="TEXT", help="Only scenarios with this in their name.")
    ] = "",  # noqa: PT028  (a command, no test of pytest)
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json, junit or github.")
    ] = "terminal",  # noqa: PT028
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print the statement of every scenario that fails.")
    ] = False,  # noqa: PT028
) -> None:
    """Try an agreement: what happens, and what must come of it.

    \b
    slacheck test agreement.yaml
    slacheck test agreements --format junit > scenarios.xml
    slacheck test agreement.test.yaml --filter 'second band' -v
    """
    from slacheck.cli import test as command

    raise typer.Exit(command.run(files, filter=filter, format=format, verbose=verbose))
