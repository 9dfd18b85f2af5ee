"""What ``slacheck diff`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import AsOf, Data, History

OnePeriod = Annotated[
    str | None,
    typer.Option(
        "--period",
        "-p",
        metavar="PERIOD",
        autocompletion=completing.periods,
        help="Settle these periods under both, and show them side by side: 2026-10, 2026-Q3, 2026-01..2026-06.",
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json or markdown.")]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Exit with 1 where terms or the reading of data differ, as git diff does.")
]


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The agreement as it was.", show_default=False)],
    new: Annotated[
        Path | None,
        typer.Argument(
            metavar="NEW", help="As it is; without it what the amendments of OLD change.", show_default=False
        ),
    ] = None,
    period: OnePeriod = None,
    data: Data = None,
    history: History = None,
    as_of: AsOf = "now",
    format: Format = "terminal",
    exit_code: ExitCode = False,
) -> None:
    """Tell in words what changed between two agreements.

    With --period also what it would have changed.

    \b
    slacheck diff old.yaml new.yaml
    slacheck diff old.yaml new.yaml --period 2026-01..2026-06 --format markdown
    slacheck diff agreement.yaml
    """
    from slacheck.cli import diff as command

    code = command.run(
        old,
        new,
        format=format,
        exit_code=exit_code,
        period=period,
        data=data or [],
        history=history or [],
        as_of=as_of,
    )
    raise typer.Exit(code)
