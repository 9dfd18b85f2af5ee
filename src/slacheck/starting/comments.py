"""Text from files and from the command line as a comment of YAML: one line that nothing in it can end."""

from __future__ import annotations


def commented(text: str) -> str:
    """``text`` in one line, with whatever cannot be printed as its escape: YAML refuses some of it even there."""
    line = " ".join(text.split())
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode() for letter in line
    )
