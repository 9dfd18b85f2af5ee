"""How an agreement, or one level of it, is cut into periods."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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

    every: Literal["day", "week", "month", "quarter", "year"] = "month"
    anchor: Day | None = None
    length: Annotated[Length | None, Field(description="a nominal length that stands for the real one")] = None
    partial: Partial = "agreed-part"

    @property
    def cycle(self) -> Cycle:
        return Cycle(self.every, self.anchor)
