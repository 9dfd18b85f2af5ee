"""What ``slacheck init`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing


def init(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEMPLATE] [FOLDER]",
            autocompletion=completing.templates,
            help="A template, and the folder that is made of it: by default one of its name. With --from or "
            "--from-openslo: more files.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--list", help="List the templates.")] = False,
    exports: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="EXPORT", help="Begin with exports: files or globs.", show_default=False),
    ] = None,
    openslo: Annotated[
        list[Path] | None,
        typer.Option("--from-openslo", metavar="FILE", help="Begin with OpenSLO documents.", show_default=False),
    ] = None,
    provider: Annotated[str | None, typer.Option("--provider", metavar="NAME", help="Who promises.")] = None,
    customer: Annotated[str | None, typer.Option("--customer", metavar="NAME", help="To whom.")] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone", metavar="ZONE", help="With --from or --from-openslo: whose months and days are meant."
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="TARGET", help="With --from: the promise, such as '>= 99.9%'.")
    ] = None,
    limit: Annotated[
        str | None, typer.Option("--limit", metavar="LENGTH", help="With --from: what cases have to keep, such as 4h.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="With --from or --from-openslo: what is written, by default agreement.yaml; - for stdout.",
        ),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="With --list: terminal or json.")
    ] = None,
) -> None:
    """Begin an agreement: from a template, exports or OpenSLO.

    \b
    slacheck init
    slacheck init --list
    slacheck init aws-s3 storage --customer 'Acme Ltd'
    slacheck init --from probes.csv --timezone Europe/London --target '>= 99.9%'
    slacheck init --from-openslo slos/*.yaml
    """
    from slacheck.cli import init as command

    asked = command.Asked(
        names=names or [],
        exports=exports or [],
        openslo=openslo or [],
        provider=provider,
        customer=customer,
        timezone=timezone,
        target=target,
        limit=limit,
        output=output,
    )
    raise typer.Exit(command.list_all(asked, format) if every else command.run(asked, format))
