"""What ``slacheck evaluate`` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.cli.options import AsOf, Data, Files, History, LedgerFile, Locale, Period, Verbose
from slacheck.reports import FORMATS


def evaluate(
    files: Files,
    period: Period = "last-period",
    data: Data = None,
    history: History = None,
    ledger: LedgerFile = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why a statement that the ledger has is made again.")
    ] = "",
    as_of: AsOf = "now",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="[FORMAT=]FILE",
            help="Write the statement to a file; its ending chooses the format. {agreement} and {period} in its name "
            "are filled in, with a file for each. May be given several times.",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            autocompletion=completing.formats,
            help=f"{', '.join(FORMATS)}: of what is printed, and of files whose ending says nothing.",
        ),
    ] = None,
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
    verbose: Verbose = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no statement; the exit code tells.")] = False,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            autocompletion=completing.engines,
            help="duckdb, or spark where one machine is not enough.",
        ),
    ] = "duckdb",
    spark_master: Annotated[
        str | None,
        typer.Option(
            "--spark-master",
            metavar="ADDRESS",
            help="Where Spark runs: local[4], spark://host:7077, yarn, or sc://host for Spark Connect.",
        ),
    ] = None,
) -> None:
    """Settle agreements for a period and print the statement.

    \b
    slacheck evaluate agreement.yaml --period last-month
    slacheck evaluate agreements/*.yaml --period 2026-Q3 -o statement.json
    slacheck evaluate agreement.yaml -d probes=export.csv.gz --fail-on breach
    slacheck evaluate agreement.yaml --history statements -o 'statements/{period}.json'
    """
    from slacheck.cli import evaluate as command

    raise typer.Exit(
        command.run(
            files=files,
            period=period,
            data=data or [],
            history=history or [],
            ledger=ledger,
            reason=reason,
            as_of=as_of,
            outputs=output or [],
            format=format,
            fail_on=fail_on,
            locale=locale,
            verbose=verbose,
            quiet=quiet,
            engine=engine,
            spark_master=spark_master,
        )
    )
