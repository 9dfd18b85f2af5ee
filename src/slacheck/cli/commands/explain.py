"""What ``slacheck explain`` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import AsOf, Data, History, LedgerRead, Locale, Period, Verbose


def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="PAGE|KEY|FILE",
            autocompletion=completing.pages,
            help="A page of the manual, such as availability; a key, such as sources.columns; a code of lint; or an "
            "agreement file.",
        ),
    ],
    period: Period = "last-period",
    level: Annotated[
        str | None,
        typer.Option(
            "--level", "-l", metavar="LEVEL", autocompletion=completing.levels, help="Only this level of the agreement."
        ),
    ] = None,
    data: Data = None,
    history: History = None,
    ledger: LedgerRead = None,
    as_of: AsOf = "now",
    locale: Locale = None,
    verbose: Verbose = False,
) -> None:
    """Print a page of the manual, a key, or how amounts came about.

    \b
    slacheck explain availability
    slacheck explain sources.columns
    slacheck explain agreement.yaml --period last-month
    slacheck explain agreement.yaml --period 2026-10 --level availability
    """
    from slacheck.cli import explain as command

    raise typer.Exit(
        command.run(
            what,
            period=period,
            level=level,
            data=data or [],
            history=history or [],
            ledger=ledger,
            as_of=as_of,
            locale=locale,
            verbose=verbose,
        )
    )
