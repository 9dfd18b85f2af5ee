"""Who promises to whom, at the head of an agreement that is begun."""

from __future__ import annotations

from collections.abc import Mapping

from slacheck.language.written import scalar

PARTIES = {"provider": "who promises", "customer": "to whom"}


def party_lines(parties: Mapping[str, str], needed: list[str]) -> list[str]:
    """The lines of both; one that nobody named stands empty below a comment, and is added to ``needed``."""
    lines: list[str] = []
    for party, wanted in PARTIES.items():
        name = parties.get(party)
        if name is None:
            lines += [f"# {wanted}:", f"{party}:"]
            needed.append(f"{party}: {wanted}")
        else:
            lines.append(f"{party}: {scalar(name)}")
    return lines
