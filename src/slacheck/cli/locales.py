"""``--locale``: which conventions figures and dates follow in what people read."""

from __future__ import annotations

import difflib

from slacheck.cli.usage import UsageError


def chosen(name: str | None) -> str:
    """The locale that was asked for, empty where none was. Raises UsageError where there is no such locale."""
    if name is None:
        return ""
    from slacheck.reports import local

    try:
        return str(local.known(name))
    except ValueError:
        names = local.names()
        language = name.replace("-", "_").partition("_")[0]
        close = [language] if language in names else difflib.get_close_matches(name.replace("-", "_"), names, n=1)
        there = f"did you mean '{close[0]}'?" if close else "it is a name such as de, en_GB or pt_BR"
        raise UsageError(f"no locale is called '{name}'; {there}") from None
