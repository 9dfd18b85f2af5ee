"""What ``slacheck what-if`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli.options import AsOf, Data, History, Period

SetTo = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a key of the agreement by its path; several times for more."),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="KEY", help="Take a key out by its path, such as exclusions.planned."),
]


def what_if(
    agreement: Annotated[Path, typer.Argument(metavar="FILE", help="An agreement file.", show_default=False)],
    period: Period,
    set_to: SetTo = None,
    without: Without = None,
    data: Data = None,
    history: History = None,
    as_of: AsOf = "now",
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal or json; of changed terms also markdown.")
    ] = "terminal",
) -> None:
    """Settle the same periods under other terms.

    Without any other term: how much more, or less, would have reached the target and each band of every level.

    \b
    slacheck what-if agreement.yaml -p 2026-10
    slacheck what-if agreement.yaml -p 2026-10 --set service_levels.availability.target=">= 99.95%"
    slacheck what-if agreement.yaml -p 2026-Q3 --set fees.monthly=14000 --without exclusions.planned
    """
    from slacheck.cli import what_if as command

    code = command.run(
        agreement,
        period=period,
        set_to=set_to or [],
        without=without or [],
        data=data or [],
        history=history or [],
        as_of=as_of,
        format=format,
    )
    raise typer.Exit(code)
