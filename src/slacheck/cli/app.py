"""The commands. What each takes stands in ``commands``; what it does is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from slacheck.cli.commands import (
    diff,
    evaluate,
    explain,
    history,
    init,
    inspect,
    lint,
    portfolio,
    reconcile,
    schema,
    test,
    validate,
    what_if,
)
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


# In the order in which they are listed.
for _command in (
    init.init,
    evaluate.evaluate,
    portfolio.portfolio,
    validate.validate,
    lint.lint,
    diff.diff,
    what_if.what_if,
    test.test,
    inspect.inspect,
    reconcile.reconcile,
    schema.schema,
    explain.explain,
):
    app.command()(_command)
app.add_typer(history.history)
