"""What an agreement says of several rows that are of one thing: a case in many rows, a row in two files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from slacheck.language.scalars import Texts
from slacheck.language.terms import Terms, refusal

Repeats = Literal["refuse", "last", "latest", "events", "once", "all"]


class Happening(Terms):
    """Words of the event column that set one instant of a case: where it has one such event, its first or its last."""

    only: Texts = Field(
        (), description="The word of the one event of a case that sets the instant.", examples=["created"]
    )
    first: Texts = Field(
        (), description="The words of events of which the first of a case sets the instant.", examples=["assigned"]
    )
    last: Texts = Field(
        (),
        description="The words of events of which the last of a case sets the instant.",
        examples=[["closed", "resolved"]],
    )

    @model_validator(mode="after")
    def _one(self) -> Happening:
        if sum(map(bool, (self.only, self.first, self.last))) != 1:
            raise refusal("events", "an instant is that of one event", "write a word, {first: WORD} or {last: WORD}")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        return self.only or self.first or self.last


def _happening(value: object) -> object:
    return {"only": value} if isinstance(value, (str, list)) else value


class _OrWord:
    """In the JSON Schema, a word or a list of them where an event is not said to be the first or the last."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        happening = handler(core)
        words = handler.resolve_ref_schema(happening)["properties"]["only"]["anyOf"]
        return {"anyOf": [*words, happening]}


Event = Annotated[Happening, BeforeValidator(_happening), _OrWord()]


def adds_up(shape: str, columns: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a row that stands there twice would count twice: counts, events, values, and amounts of a register."""
    adding = {"samples": "value", "register": "at"}
    return shape in ("counts", "events") or adding.get(shape) in columns


def check(
    shape: str, repeats: Repeats, columns: Mapping[str, tuple[str, ...]], events: Mapping[str, Happening]
) -> None:
    """Refuse events without what reads them, and rows that cannot be put together."""
    if shape != "cases" and events:
        raise refusal("shape", "'events' belongs to cases", inside=["events"], at="key")
    allowed = ("last", "latest", "events") if shape == "cases" else ("once", "all") if adds_up(shape, columns) else ()
    if repeats not in ("refuse", *allowed):
        of = f"{shape} may be {' or '.join(('refuse', *allowed))}" if allowed else f"{shape} have none"
        raise refusal("shape", f"'repeats: {repeats}' belongs to another shape", of, inside=["repeats"], at="key")
    if shape != "cases":
        return
    if bool(events) != (repeats == "events"):
        help = "write both repeats: events and events: {opened: WORD, resolved: WORD}"
        raise refusal("events", "events and what they set go together", help, inside=["repeats"], at="key")
    if "event" in columns and not events:
        help = "write repeats: events and what each of its words sets, or give the column another word"
        raise refusal("events", "'event' is mapped, but no events are named", help, inside=["columns", "event"])
    needed = {"events": ("event", "at"), "latest": ("at",)}.get(repeats, ())
    for role in needed:
        if role not in columns:
            help = f"write columns: {{{role}: HEADER}}"
            raise refusal("missing-role", f"'{repeats}' needs '{role}'", help, inside=["columns"], at="key")
    for word in events:
        if word in columns:
            help = "an instant is set by events, or it has a column"
            raise refusal("events", f"'{word}' has a column too", help, inside=["events", word], at="key")
