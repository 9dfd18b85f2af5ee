"""What ``slacheck lint`` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import Files

Codes = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", autocompletion=completing.codes, help="Leave this code out; several times for more."),
]


def lint(
    files: Files,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json, github or gitlab.")
    ] = "terminal",
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="WHAT", help="finding: exit with 1 where there is one; or never.")
    ] = "finding",
    ignore: Codes = None,
) -> None:
    """Look for what an agreement says that people come to regret.

    A finding is allowed in place by a comment on its line, or alone on the line above:
    # slacheck: allow[CODE] the reason. The page of a code: slacheck explain CODE.

    \b
    slacheck lint agreements/*.yaml
    slacheck lint agreement.yaml --ignore no-least-traffic
    slacheck lint agreements/*.yaml --format gitlab > gl-code-quality-report.json
    """
    from slacheck.cli import lint as command

    raise typer.Exit(command.run(files, format=format, fail_on=fail_on, ignore=ignore or []))
