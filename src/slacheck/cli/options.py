"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slacheck.cli import completing

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Agreement files.", show_default=False)]

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
