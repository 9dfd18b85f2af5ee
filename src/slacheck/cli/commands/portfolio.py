"""What ``slacheck portfolio`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import AsOf, Locale
from slacheck.reports.scorecards import FORMATS


def portfolio(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Agreement files; none: statements made before.", show_default=False),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            metavar="PERIOD",
            autocompletion=completing.periods,
            help="As of evaluate: 2026-10, 2026-01..2026-06, last-month. By default last-period of agreements, and "
            "everything of statements.",
        ),
    ] = None,
    statements: Annotated[
        list[Path] | None,
        typer.Option(
            "--statements", metavar="FILE", help="Statements as JSON that slacheck wrote: a file, a folder or a glob."
        ),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            metavar="FILE",
            help="The statements that this ledger keeps; with agreements, where those of earlier periods are read.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="WHAT", autocompletion=completing.parties, help="Group by provider, customer or kind."
        ),
    ] = None,
    as_of: AsOf = "now",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the scorecard to a file; its ending chooses the format. May be given several times.",
        ),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"What is printed: {', '.join(FORMATS)}.")
    ] = "terminal",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            autocompletion=completing.fail_on,
            help="What makes the exit code fail: breach, indeterminate, or never.",
        ),
    ] = "breach,indeterminate",
    locale: Locale = None,
) -> None:
    """Many agreements on one scorecard, the worst first.

    An agreement that is invalid, or whose data cannot be read, is a row of its own that says why; the others are
    settled, and the exit code is 3.

    \b
    slacheck portfolio agreements/*.yaml --period last-month
    slacheck portfolio agreements/*.yaml --period 2026-01..2026-06 --by provider -o portfolio.html
    slacheck portfolio --ledger ledger.db --by customer
    """
    from slacheck.cli import portfolio as command

    raise typer.Exit(
        command.run(
            files=files or [],
            period=period,
            statements=statements or [],
            ledger=ledger,
            by=by,
            as_of=as_of,
            outputs=output or [],
            format=format,
            fail_on=fail_on,
            locale=locale,
        )
    )
