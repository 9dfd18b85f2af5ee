"""How an agreement, or one level of it, is cut into periods."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from slacheck.language.scalars import Day, Length
from slacheck.language.terms import Terms
from slacheck.timeline.periods import Cycle
from slacheck.timeline.windows import Partial


def every(value: object) -> object:
    """A bare kind of period where a mapping may stand."""
    return {"every": value} if isinstance(value, str) else value


class PeriodTerms(Terms):
    """How the term is cut into periods: a kind, and any day on which one starts.

    ``length`` is a nominal length (730h, 43200m) that stands for the real one. ``partial`` says what becomes of a
    first or last period of which only a part is in force.
    """

    every: Literal["day", "week", "month", "quarter", "year"] = Field(
        default="month", description="The kind of period; month is the default.", examples=["month", "quarter"]
    )
    anchor: Day | None = Field(
        default=None,
        description="Any day on which a period starts, where it is not the first of the calendar's own.",
        examples=["2026-01-15"],
    )
    length: Length | None = Field(
        default=None,
        description="A nominal length that stands for the real one, such as 730h for every month; by default the "
        "real one counts.",
        examples=["730h", "43200m"],
    )
    partial: Partial = Field(
        default="agreed-part",
        description="What becomes of a first or last period of which only a part is in force: agreed-part (the "
        "default) judges that part, absent-is-up counts the rest as up, whole measures all of it as "
        "it was, not-settled judges nothing.",
        examples=["agreed-part", "not-settled"],
    )

    @property
    def cycle(self) -> Cycle:
        return Cycle(self.every, self.anchor)


class OrKind:
    """Beside a mapping of periods in an annotation: its JSON Schema has the bare kind too."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        terms = handler(core)
        kinds = handler.resolve_ref_schema(terms)["properties"]["every"]["enum"]
        return {"anyOf": [{"enum": kinds}, terms]}
