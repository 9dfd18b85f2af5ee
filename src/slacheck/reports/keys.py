"""Keys of the language for a terminal: what each is, what stands behind it, and examples to copy."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from slacheck.agreement.keys import Key

_WIDTH: Final = 80
_LABEL: Final = 10


def render(keys: Sequence[Key], parts: Mapping[tuple[str, ...], Sequence[Key]]) -> str:
    """One block for each key, with a blank line between them; ``parts`` are the keys by the path of what has them."""
    return "\n".join("".join(f"{line}\n" for line in _key(key, parts)) for key in keys)


def listed(keys: Sequence[Key]) -> str:
    """A line or two for each key: its name, and what it is."""
    width = max((len(key.name) for key in keys), default=0) + 2
    return "".join(f"{_row(key.name, key.description, width)}\n" for key in keys)


def _key(key: Key, parts: Mapping[tuple[str, ...], Sequence[Key]]) -> Iterator[str]:
    yield key.dotted
    yield ""
    yield textwrap.fill(key.description, _WIDTH)
    yield ""
    yield _row("type", key.kind)
    if key.needed:
        yield _row("needed", "yes")
    elif key.default:
        yield _row("default", key.default)
    for number, example in enumerate(key.examples):
        # In one line, however long, so that it can be copied.
        label = "examples" if key.examples[1:] else "example"
        yield _row("" if number else label, f"{key.name}: {example}", whole=True)
    for number, inside in enumerate(key.inside):
        names = ", ".join(dict.fromkeys(each.name for each in parts.get(inside, ())))
        of_kind = f"{inside[-1]}: " if len(key.inside) > 1 else ""
        yield _row("" if number else "keys", f"{of_kind}{names}")


def _row(label: str, text: str, width: int = _LABEL, whole: bool = False) -> str:
    return textwrap.fill(
        text,
        10**6 if whole else _WIDTH,
        initial_indent=f"  {label:<{width}}",
        subsequent_indent=" " * (width + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
