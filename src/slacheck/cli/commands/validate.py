"""What ``slacheck validate`` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli.options import Files


def validate(
    files: Files,
    format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="terminal, or on standard output json, github or gitlab."
        ),
    ] = "terminal",
) -> None:
    """Check agreement files without any data.

    \b
    slacheck validate agreements/*.yaml
    slacheck validate agreements/*.yaml --format gitlab > gl-code-quality-report.json
    """
    from slacheck.cli import validate as command

    raise typer.Exit(command.run(files, format))
