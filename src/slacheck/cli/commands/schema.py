"""What ``slacheck schema`` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli import completing


def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="[agreement|statement|inspection]", autocompletion=completing.schemas, help="Which schema."
        ),
    ] = "agreement",
) -> None:
    """Print a JSON Schema, of agreements or of what is printed.

    slacheck schema > slacheck.schema.json
    """
    from slacheck.cli import schema as command

    raise typer.Exit(command.run(of))
