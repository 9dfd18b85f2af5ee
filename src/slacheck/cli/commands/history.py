"""What ``slacheck history`` and its own commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import Locale

history = typer.Typer(
    name="history",
    help="List, show, compare and export what a ledger keeps.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Kept = Annotated[Path, typer.Option("--ledger", metavar="FILE", help="The ledger.", show_default=False)]
Whose = Annotated[
    str,
    typer.Argument(
        metavar="AGREEMENT", autocompletion=completing.kept, help="The id of an agreement.", show_default=False
    ),
]
WhoseOrAll = Annotated[
    str | None,
    typer.Argument(metavar="[AGREEMENT]", autocompletion=completing.kept, help="The id of an agreement; else all."),
]
Of = Annotated[
    str,
    typer.Argument(
        metavar="PERIOD",
        autocompletion=completing.kept_periods,
        help="A period, as the list names it.",
        show_default=False,
    ),
]
Every = Annotated[bool, typer.Option("--all", "-a", help="Also those that were made again since.")]


@history.command("list")
def history_list(
    ledger: Kept,
    agreement: WhoseOrAll = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", "-p", metavar="PERIOD", autocompletion=completing.kept_periods, help="Only this period."
        ),
    ] = None,
    every: Every = False,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json or csv.")
    ] = "terminal",
) -> None:
    """List the statements that are kept.

    \b
    slacheck history list --ledger ledger.db
    slacheck history list web-hosting --ledger ledger.db --all
    """
    from slacheck.cli import history as command

    raise typer.Exit(command.list_(ledger, agreement, period, every=every, format=format))


@history.command("show")
def history_show(
    agreement: Whose,
    period: Of,
    ledger: Kept,
    number: Annotated[
        int | None, typer.Option("--number", "-n", metavar="N", help="Which of them; else the last.")
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", autocompletion=completing.formats, help="Any format that is text."
        ),
    ] = "terminal",
    locale: Locale = None,
) -> None:
    """Print a statement as it was kept.

    \b
    slacheck history show web-hosting 2026-10 --ledger ledger.db
    slacheck history show web-hosting 2026-10 --ledger ledger.db --number 1 --format json
    """
    from slacheck.cli import history as command

    raise typer.Exit(command.show(ledger, agreement, period, number, format, locale))


@history.command("diff")
def history_diff(
    agreement: Whose,
    period: Of,
    ledger: Kept,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[PERIOD]", autocompletion=completing.kept_periods, help="Another period to compare with."
        ),
    ] = None,
    number: Annotated[
        list[int] | None, typer.Option("--number", "-n", metavar="N", help="Which two of them; else the last two.")
    ] = None,
) -> None:
    """Print how two statements differ: those of one period that was restated, or those of two periods.

    \b
    slacheck history diff web-hosting 2026-10 --ledger ledger.db
    slacheck history diff web-hosting 2026-09 2026-10 --ledger ledger.db
    slacheck history diff web-hosting 2026-10 --ledger ledger.db -n 1 -n 3
    """
    from slacheck.cli import history as command

    raise typer.Exit(command.diff(ledger, agreement, period, other, number or []))


@history.command("export")
def history_export(
    ledger: Kept,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE|FOLDER", help="A .json file, or a folder.", show_default=False),
    ],
    agreement: WhoseOrAll = None,
    every: Every = False,
) -> None:
    """Write statements as JSON that --history reads.

    \b
    slacheck history export --ledger ledger.db --output statements
    slacheck history export web-hosting --ledger ledger.db --output web-hosting.json
    """
    from slacheck.cli import history as command

    raise typer.Exit(command.export(ledger, agreement, output, every=every))
