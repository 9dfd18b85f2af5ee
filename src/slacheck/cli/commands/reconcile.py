"""What ``slacheck reconcile`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli.options import AsOf, Data, History, Locale, Period

Agreement = Annotated[Path, typer.Argument(metavar="FILE", help="An agreement file.", show_default=False)]


def reconcile(
    file: Agreement,
    period: Period = "last-period",
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            "-a",
            metavar="NAME=PATH",
            help="The other side's export of source NAME, of the same columns. What is not named is shared.",
        ),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources",
            metavar="FILE",
            help="The other side's sources, in YAML as in an agreement, where their exports look different.",
        ),
    ] = None,
    data: Data = None,
    history: History = None,
    sides: Annotated[
        str, typer.Option("--sides", metavar="HERE,THERE", help="What the two sides are called.")
    ] = "provider,customer",
    as_of: AsOf = "now",
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json or csv.")
    ] = "terminal",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="What makes the exit code fail: disagreement (1), indeterminate (4: data is missing), or never.",
        ),
    ] = "disagreement,indeterminate",
    locale: Locale = None,
) -> None:
    """Compare two sides' exports, and what their difference changes.

    \b
    slacheck reconcile agreement.yaml --period 2026-10 --against probes=customer.csv
    slacheck reconcile agreement.yaml -p 2026-10 --sources customer.yaml
    slacheck reconcile agreement.yaml -p 2026-10 -a probes=theirs.csv --format csv
    """
    from slacheck.cli import reconcile as command

    raise typer.Exit(
        command.run(
            file=file,
            period=period,
            against=against or [],
            sources=sources,
            data=data or [],
            history=history or [],
            sides=sides,
            as_of=as_of,
            format=format,
            fail_on=fail_on,
            locale=locale,
        )
    )
