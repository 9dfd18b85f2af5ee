"""The commands, each in a file of its own that is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing
from slacheck.reports import FORMATS
from slacheck.version import VERSION

app = typer.Typer(
    name="slacheck",
    help="Turn a service level agreement and the exports you have into a verdict and an amount.",
    epilog="Exit codes: 0 all met, 1 breach, 2 usage, 3 agreement or data invalid, 4 indeterminate (data missing), "
    "70 a bug in slacheck.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Agreement files.", show_default=False)]

# Options that evaluate and explain share.
Period = Annotated[
    str,
    typer.Option(
        "--period",
        "-p",
        metavar="PERIOD",
        autocompletion=completing.periods,
        help="2026-10, 2026-Q3, 2026, 2026-W40, 2026-10-05, 2026-01..2026-06, last-month, this-month, last-period.",
    ),
]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", "-d", metavar="NAME=PATH", help="Read source NAME from PATH (file, glob, or - for stdin)."),
]
History = Annotated[
    list[Path] | None,
    typer.Option(
        "--history",
        metavar="FILE",
        help="Statements of earlier periods, as JSON that slacheck wrote: a file, a folder or a glob.",
    ),
]
LedgerFile = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="FILE",
        help="Keep the statements in this file, and read those of earlier periods from it.",
    ),
]
Locale = Annotated[
    str | None,
    typer.Option(
        "--locale",
        metavar="NAME",
        autocompletion=completing.locales,
        help="Write figures and dates as people there do: de, en_GB, fr. The words stay English.",
    ),
]
LedgerRead = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE", help="Read statements of earlier periods from this ledger."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what was read, and how long it took.")]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="INSTANT",
        autocompletion=completing.instants,
        help="Judge a running period up to this instant: 2026-10-15T12:00:00Z, or now.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"slacheck {VERSION}")
        raise typer.Exit


@app.callback(help=app.info.help, epilog=app.info.epilog)
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options that every command knows."""


@app.command()
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


@app.command()
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


@app.command()
def inspect(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Exports: files, globs, or - for stdin.", show_default=False),
    ],
    records: Annotated[
        list[str] | None, typer.Option("--records", metavar="PATH", help="Where the records stand in a JSON document.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Zone of times without an offset.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of text that is not UTF-8.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file; the suffix chooses the format."),
    ] = None,
    format: Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal or json.")] = None,
) -> None:
    """Show what exports hold, and a source to paste into an agreement.

    \b
    slacheck inspect probes.csv
    slacheck inspect 'exports/2026-*.csv.gz' --timezone Europe/London
    """
    from slacheck.cli import inspect as command

    raise typer.Exit(
        command.run(
            files=files, records=records or [], timezone=timezone, encoding=encoding, output=output, format=format
        )
    )


@app.command()
def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="[agreement|statement|inspection]", autocompletion=completing.schemas, help="Which schema."
        ),
    ] = "agreement",
) -> None:
    """Print a JSON Schema, of agreements or of what is printed.

    slacheck schema > slacheck.schema.json
    """
    from slacheck.cli import schema as command

    raise typer.Exit(command.run(of))


@app.command()
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="PAGE|FILE",
            autocompletion=completing.pages,
            help="A page of the manual, such as availability or cap; or an agreement file.",
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
    """Print a page of the manual, or how amounts came about.

    \b
    slacheck explain availability
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


history = typer.Typer(
    name="history",
    help="List, show, compare and export what a ledger keeps.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(history)

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
