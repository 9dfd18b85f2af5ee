"""``slacheck explain KIND``: the manual page of a measure or a credit."""

from __future__ import annotations

import difflib
import inspect

from slacheck.agreement.level import kinds
from slacheck.cli import exits
from slacheck.cli.usage import UsageError, reported


@reported
def run(kind: str) -> int:
    """Print the docstring of the class behind ``kind``."""
    pages = kinds()
    if kind not in pages:
        close = difflib.get_close_matches(kind, pages, n=1)
        raise UsageError(
            f"no kind '{kind}'" + (f"; did you mean '{close[0]}'?" if close else f"; there is {', '.join(pages)}")
        )
    exits.show(f"{kind}\n\n{inspect.getdoc(pages[kind])}\n")
    return exits.MET
