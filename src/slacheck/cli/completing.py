"""What a shell completes: values that are known, and those that stand in the files that are named already.

Nothing here may fail or print: a shell asks while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import typer

from slacheck.reports import FORMATS

PERIODS = ("last-month", "this-month", "last-period")


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def periods(incomplete: str) -> list[str]:
    """Words for periods; dates are typed."""
    return _beginning(PERIODS, incomplete)


def formats(incomplete: str) -> list[str]:
    """Every format of a statement."""
    return _beginning(FORMATS, incomplete)


def fail_on(incomplete: str) -> list[str]:
    """What makes an exit code fail."""
    return _beginning(("breach", "breach,indeterminate", "indeterminate", "never"), incomplete)


def parties(incomplete: str) -> list[str]:
    """What a portfolio is grouped by."""
    return _beginning(("provider", "customer", "kind"), incomplete)


def engines(incomplete: str) -> list[str]:
    """The engines."""
    return _beginning(("duckdb", "spark"), incomplete)


def instants(incomplete: str) -> list[str]:
    """The one instant that is a word."""
    return _beginning(("now",), incomplete)


def locales(incomplete: str) -> list[str]:
    """The names of all locales."""
    from slacheck.reports import local

    return _beginning(local.names(), incomplete)


def schemas(incomplete: str) -> list[str]:
    """The schemas."""
    from slacheck.cli.schema import SCHEMAS

    return _beginning(SCHEMAS, incomplete)


def templates(incomplete: str) -> list[str]:
    """The templates of ``init``."""
    from slacheck.starting.catalogue import names

    return _beginning(names(), incomplete)


def pages(incomplete: str) -> list[str]:
    """The pages of the manual and of lint, the keys by their paths, and the agreements of the folder that is typed."""
    from slacheck.agreement.keys import keys
    from slacheck.agreement.manual import pages as all_pages

    known = dict.fromkeys([*all_pages(), *(key.dotted for key in keys())])
    return _beginning(known, incomplete) + codes(incomplete) + _files(incomplete)


def codes(incomplete: str) -> list[str]:
    """The codes of lint."""
    from slacheck.lint import pages as all_codes

    return _beginning(all_codes(), incomplete)


def _files(incomplete: str) -> list[str]:
    folder = Path(incomplete).parent if incomplete else Path()
    with suppress(OSError):
        found = [str(each) for each in sorted(folder.iterdir()) if each.suffix.lower() in (".yaml", ".yml")]
        return _beginning(found, incomplete)
    return []


def levels(ctx: typer.Context, incomplete: str) -> list[str]:
    """The levels of the agreement that ``explain`` was given."""
    from slacheck.agreement.loading import load
    from slacheck.problems import SlacheckError

    # Before an option has its value, what stands before it is not parsed yet.
    what = ctx.params.get("what") or next(iter(ctx.args), None)
    if what is not None:
        with suppress(SlacheckError, OSError):
            return _beginning(load(Path(str(what))).agreement.service_levels, incomplete)
    return []


def kept(ctx: typer.Context, incomplete: str) -> list[str]:
    """The agreements of the ledger that was named."""
    return _beginning(dict.fromkeys(agreement for agreement, _ in _entries(ctx)), incomplete)


def kept_periods(ctx: typer.Context, incomplete: str) -> list[str]:
    """The periods of the agreement in the ledger that was named."""
    whose = ctx.params.get("agreement")
    found = dict.fromkeys(period for agreement, period in _entries(ctx) if whose in (None, agreement))
    return _beginning(found, incomplete)


def _entries(ctx: typer.Context) -> list[tuple[str, str]]:
    from slacheck.ledger import Ledger, LedgerError

    path = ctx.params.get("ledger")
    if path is None:
        return []
    with suppress(LedgerError), Ledger(path) as ledger:
        return [(each.key.agreement, each.key.period) for each in ledger.entries()]
    return []
