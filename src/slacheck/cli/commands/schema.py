"""What ``slacheck schema`` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli import completing


def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            autocompletion=completing.schemas,
            help="Of what: agreement, corrections, claims, statement, inspection, templates, portfolio, "
            "reconciliation, test (a file of scenarios) or tests (what came of them).",
        ),
    ] = "agreement",
) -> None:
    """Print a JSON Schema, of agreements or of what is printed.

    \b
    slacheck schema > slacheck.schema.json
    slacheck schema statement
    """
    from slacheck.cli import schema as command

    raise typer.Exit(command.run(of))
