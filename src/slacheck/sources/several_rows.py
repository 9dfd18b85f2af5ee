"""What an agreement says of several rows that are of one thing: a case in many rows, a row in two files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from slacheck.language.scalars import Text, listed
from slacheck.language.terms import Terms, refusal

Repeats = Literal["refuse", "last", "latest", "events", "once", "all"]


class Happening(Terms):
    """Words of the event column that set one instant of a case: where it has one such event, its first or its last."""

    only: Annotated[tuple[Text, ...], BeforeValidator(listed)] = ()
    first: Annotated[tuple[Text, ...], BeforeValidator(listed)] = ()
    last: Annotated[tuple[Text, ...], BeforeValidator(listed)] = ()

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


Event = Annotated[Happening, BeforeValidator(_happening)]


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
