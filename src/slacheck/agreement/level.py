"""One promise: a measure, a target, and perhaps a credit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, PlainValidator, WithJsonSchema

from slacheck.language.scalars import Compared, Text
from slacheck.language.terms import Terms, refusal
from slacheck.measures.availability import Availability
from slacheck.measures.measure import Missing
from slacheck.measures.reported_value import ReportedValue
from slacheck.measures.success_rate import SuccessRate
from slacheck.remedies.bands import Bands
from slacheck.remedies.per_unit import PerUnit

# One line a kind: a new file in its room is added here and nowhere else.
AnyMeasure = Annotated[Availability | SuccessRate | ReportedValue, Field(discriminator="kind")]
AnyRemedy = Annotated[Bands | PerUnit, Field(discriminator="kind")]


def kinds() -> dict[str, type[Terms]]:
    """Every kind of measure and credit by its name in YAML; the class docstring is its manual page."""
    found: dict[str, type[Terms]] = {}
    for union in (AnyMeasure, AnyRemedy):
        for kind in get_args(get_args(union)[0]):
            (name,) = get_args(kind.model_fields["kind"].annotation)
            found[name] = kind
    return found


class Per(Terms):
    """One verdict per subject: the column that tells subjects apart and, where they are listed, who must be there."""

    column: str
    subjects: tuple[str, ...] = ()


def _per(value: object) -> Per:
    match value:
        case Per():
            return value
        case str() if value.strip():
            return Per(column=value)
        case Mapping() if len(value) == 1:
            ((column, subjects),) = value.items()
            if isinstance(subjects, list) and subjects and all(isinstance(item, str) for item in subjects):
                if len(set(subjects)) < len(subjects):
                    raise refusal("per", f"a subject of '{column}' is listed twice", inside=[column])
                return Per(column=column, subjects=tuple(subjects))
    raise refusal("per", "a column is wanted here", "write host, or {host: [web-1, web-2]} to say who must be there")


class Level(Terms):
    """One service level, or a KPI: tracked and reported, never a breach, never a credit."""

    title: Text | None = None
    clause: Text | None = None
    role: Literal["service-level", "kpi"] = "service-level"
    measure: AnyMeasure
    per: Annotated[Per, PlainValidator(_per), WithJsonSchema({"type": ["string", "object"]})] | None = None
    target: Compared
    missing: Missing = "bounds"
    coverage: Compared | None = None
    credit: AnyRemedy | None = None

    @property
    def excluding(self) -> tuple[str, ...]:
        """The exclusions of the measure; none for a kind that knows none."""
        return tuple(getattr(self.measure, "excluding", ()))
