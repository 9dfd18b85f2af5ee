"""Named instants of a record: one word, or the first or the last of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import PlainValidator

from slacheck.language.json_schema import shared
from slacheck.language.terms import refusal


@dataclass(frozen=True)
class Moment:
    """``words`` are columns of the record; ``first`` needs one of several, ``last`` all of them."""

    words: tuple[str, ...]
    pick: Literal["first", "last"] = "first"

    def __str__(self) -> str:
        return self.words[0] if len(self.words) == 1 else f"{self.pick} of {', '.join(self.words)}"


@dataclass(frozen=True)
class Between:
    """From one moment of a record to another."""

    start: Moment
    end: Moment

    def words(self) -> Iterator[str]:
        """Every column that is read as an instant."""
        yield from self.start.words
        yield from self.end.words


def _moment(value: object, inside: tuple[str | int, ...]) -> Moment:
    match value:
        case Moment():
            return value
        case str() if value.strip():
            return Moment((value,))
        case Mapping() if len(value) == 1:
            ((pick, words),) = value.items()
            named = isinstance(words, list) and len(words) > 1 and all(isinstance(word, str) for word in words)
            if pick in ("first_of", "last_of") and named:
                return Moment(tuple(words), "first" if pick == "first_of" else "last")
    raise refusal(
        "moment",
        "an instant of the record is wanted here",
        "write a column, or {first_of: [alarm, opened]}",
        inside=inside,
    )


def _between(value: object) -> Between:
    if isinstance(value, Between):
        return value
    if not isinstance(value, list) or len(value) != 2:
        raise refusal("between", "two instants are wanted here", "write between: [opened, resolved]")
    return Between(_moment(value[0], (0,)), _moment(value[1], (1,)))


_MOMENT: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                name: {
                    "description": description,
                    "examples": [example],
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 2,
                }
                for name, description, example in (
                    ("first_of", "The first of these instants; one of them is enough.", ["alarm", "opened"]),
                    ("last_of", "The last of these instants; all of them are needed.", ["fixed", "confirmed"]),
                )
            },
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
        },
    ]
}

BetweenTerm = Annotated[
    Between,
    PlainValidator(_between),
    shared(
        "Between",
        {
            "type": "array",
            "$comment": "two instants",
            "items": _MOMENT,
            "minItems": 2,
            "maxItems": 2,
            "description": "From one instant of a record to another; each a column, the first or the last of several.",
            "examples": [["opened", "resolved"]],
        },
    ),
]
