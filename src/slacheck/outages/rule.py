"""Down time, by named rules: what an agreement says about an outage. Many measures may read one rule."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from slacheck.language.conditions import Where
from slacheck.language.scalars import Compared, Name, listed
from slacheck.language.terms import Terms, refusal

Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(listed),
    Field(min_length=1),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]


class Outage(Terms):
    """When time is down.

    ``from`` names sources: the down states of samples, or events. Several logs are united; with
    ``overlapping: first`` a record that overlaps one of a source named before it, for the same subject, is dropped
    whole. ``lasting`` is the least length of an outage, judged on the whole outage before exclusions and before the
    period cuts it; an outage that qualifies counts in full.
    """

    from_: Names = Field(alias="from")
    where: Where | None = None
    when: Where | None = Field(None, description="samples: the condition under which time is down")
    lasting: Compared | None = None
    overlapping: Literal["union", "first"] = "union"

    @model_validator(mode="after")
    def _length(self) -> Outage:
        if self.lasting is not None and (
            self.lasting.kind != "length"
            or len(self.lasting.bounds) != 1
            or self.lasting.bounds[0].operator not in (">=", ">")
        ):
            raise refusal(
                "lasting", "the least length of an outage is wanted here", 'write ">= 5m" or "> 5m"', inside=["lasting"]
            )
        if self.overlapping == "first" and len(self.from_) < 2:
            raise refusal(
                "overlapping", "'overlapping: first' needs two sources or more", inside=["overlapping"], at="key"
            )
        return self

    @property
    def least(self) -> int:
        """Microseconds from which an outage counts."""
        if self.lasting is None:
            return 0
        bound = self.lasting.bounds[0]
        return int(bound.value) + (bound.operator == ">")
