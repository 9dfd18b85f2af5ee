"""What an agreement rests on: the agreements under it, and which of its levels they carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from slacheck.language.quantities import Unreadable
from slacheck.language.scalars import Name, Text, read_name
from slacheck.language.terms import Terms, refusal

ANY_OF = "any_of"
_HELP = "write a level of theirs, a list of levels that are all needed, or any_of: [..] of which one suffices"


@dataclass(frozen=True)
class Carriers:
    """Levels of one agreement that carry a level together: all of them are needed, or ``any`` one suffices."""

    levels: tuple[str, ...]
    any: bool = False

    def steps(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Each level with the keys that lead to it from what is written."""
        for index, name in enumerate(self.levels):
            under = (ANY_OF,) if self.any else ()
            yield name, (*under, index)


def _carriers(value: object) -> Carriers:
    match value:
        case Carriers():
            return value
        case None:
            raise refusal("empty", "nothing stands here; a level of the agreement below is wanted", _HELP)
        case str():
            return Carriers((_level(value, ()),))
        case list():
            return Carriers(_levels(value, ()))
        case Mapping() if set(value) == {ANY_OF}:
            several = value[ANY_OF]
            if not isinstance(several, list) or len(several) < 2:
                message = "one of several suffices: at least two levels are wanted here"
                raise refusal("carries", message, "write any_of: [line-a, line-b]", inside=[ANY_OF])
            return Carriers(_levels(several, (ANY_OF,)), any=True)
        case Mapping():
            wrong = next((key for key in value if key != ANY_OF), "")
            raise refusal("carries", f"no key '{wrong}' here", _HELP, inside=[wrong] if wrong else [], at="key")
    raise refusal("carries", "a level of the agreement below is wanted here", _HELP)


def _levels(values: list[object], inside: tuple[str | int, ...]) -> tuple[str, ...]:
    if not values:
        raise refusal("carries", "no level stands here", _HELP, inside=inside)
    found: list[str] = []
    for index, value in enumerate(values):
        name = _level(value, (*inside, index))
        if name in found:
            raise refusal("carries", f"'{name}' stands here twice", "name every level once", inside=(*inside, index))
        found.append(name)
    return tuple(found)


def _level(value: object, inside: tuple[str | int, ...]) -> str:
    if not isinstance(value, str):
        raise refusal("carries", "the name of a level is wanted here", _HELP, inside=inside)
    try:
        return read_name(value)
    except Unreadable as unreadable:
        raise refusal("not-a-name", str(unreadable), unreadable.help, inside=inside) from None


_NAME_SCHEMA: dict[str, Any] = {"type": "string", "$comment": "a name"}
CarriersTerm = Annotated[
    Carriers,
    PlainValidator(_carriers),
    WithJsonSchema(
        {
            "anyOf": [
                _NAME_SCHEMA,
                {"type": "array", "items": _NAME_SCHEMA, "minItems": 1, "uniqueItems": True},
                {
                    "type": "object",
                    "$comment": "any_of: a list of names",
                    "properties": {
                        ANY_OF: {
                            "type": "array",
                            "items": _NAME_SCHEMA,
                            "minItems": 2,
                            "uniqueItems": True,
                            "description": "Levels of the agreement below of which one suffices.",
                            "examples": [["line-a", "line-b"]],
                        }
                    },
                    "required": [ANY_OF],
                    "additionalProperties": False,
                },
            ],
            "description": "A level of theirs, several that are all needed, or any_of several of which one suffices.",
            "examples": ["restore", ["accept", "restore"], {ANY_OF: ["line-a", "line-b"]}],
        }
    ),
]


class Support(Terms):
    """An agreement that this one rests on: an internal one of another team, or the contract of a supplier.

    ``carries`` says which levels: ours on the left, on the right theirs. A list of theirs is needed as a whole, of
    ``any_of`` one suffices. Where several agreements carry the same level all of them are needed, unless one
    ``backs_up`` another: then one of the two suffices. A chain may go deeper: what an agreement below rests on stands
    in its own file.

    Formula: limits of what is all needed add up, shares multiply: 99.9 % of the network and 99.95 % of the power carry
    99.9 % x 99.95 % = 99.85005 %. Of what stands in for each other only what they all miss is missed:
    1 - 1 % x 1 % = 99.99 %.

    Order: nothing here changes a verdict or an amount. ``slacheck chain`` says whether the promises below carry those
    above, and with a period what is owed above and recoverable below for the same outages; ``slacheck lint`` finds
    what is not carried.

    Clause: "the service desk agreement is supported by the operational level agreement of the network team and by the
    contract for the replacement of devices" (ITIL practice).

    Example:

        rests_on:
          network-team: {agreement: network-ola.yaml, carries: {repair: [accept, restore]}}
          line-a: {agreement: carrier-a.yaml, carries: {availability: uptime}}
          line-b: {agreement: carrier-b.yaml, carries: {availability: uptime}, backs_up: line-a}

    Edge cases: a class of ours rests on the class of theirs with the same name, else on their ``else``, else on all of
    their level. A path is read from the folder of the agreement that it stands in. A file that is not there, one that
    is no valid agreement, a level that it has not, and agreements that rest on each other in a circle are refused by
    ``validate``, ``lint`` and ``chain``; ``evaluate`` does not read the agreements below.
    """

    agreement: Text = Field(
        description="The file of the agreement below, from the folder of this one.", examples=["network-ola.yaml"]
    )
    carries: dict[Name, CarriersTerm] = Field(
        min_length=1,
        description="Which levels it carries: ours on the left, theirs on the right: one, a list of levels that are "
        "all needed, or any_of several of which one suffices.",
        examples=[{"resolution": "restore"}, {"resolution": ["accept", "restore"]}],
    )
    backs_up: Name | None = Field(
        None,
        description="Another agreement that this one rests on, for which it stands in: of the levels that both carry "
        "one suffices. By default all are needed.",
        examples=["line-a"],
    )
