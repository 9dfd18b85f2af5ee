"""One promise: a measure, a target, and perhaps a credit; and the level that makes it, for one class or for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import CoreSchema

from slacheck.agreement.level_terms import LevelPeriod, LowVolume, Per, Rounded, ShareOfSubjects, read_per, read_yes
from slacheck.agreement.period_terms import every
from slacheck.language.conditions import Condition, Test, Where
from slacheck.language.scalars import Compared, Day, Text
from slacheck.language.targets import TargetTerm
from slacheck.language.terms import Terms, refusal
from slacheck.measures.availability import Availability
from slacheck.measures.composite import Composite
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.error_rate import ErrorRate
from slacheck.measures.measure import EmptyInterval, Missing
from slacheck.measures.reported_value import ReportedValue
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistic import ValueStatistic
from slacheck.measures.success_rate import SuccessRate
from slacheck.remedies.bands import Bands
from slacheck.remedies.fixed import Fixed
from slacheck.remedies.lost_time import LostTime
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.pool import Pool

# One line a kind: a new file in its room is added here and nowhere else.
AnyMeasure = Annotated[
    Availability
    | Downtime
    | SuccessRate
    | ErrorRate
    | ShareWithin
    | Elapsed
    | ValueStatistic
    | Count
    | ReportedValue
    | Composite,
    Field(discriminator="kind"),
]
AnyRemedy = Annotated[Bands | PerUnit | LostTime | Fixed | Pool, Field(discriminator="kind")]

ELSE = "else"
# The 'where' of a row of classes, beside that of its level; nobody can write it.
OF_CLASS = " where"


def kinds() -> dict[str, type[Terms]]:
    """Every kind of measure and credit by its name in YAML; the class docstring is its manual page."""
    found: dict[str, type[Terms]] = {}
    for union in (AnyMeasure, AnyRemedy):
        for kind in get_args(get_args(union)[0]):
            (name,) = get_args(kind.model_fields["kind"].annotation)
            found[name] = kind
    return found


class Promise(Terms):
    """What one level promises for one class of records, or for all: every key that a row of ``classes`` may change."""

    WRITTEN: ClassVar[tuple[str, ...]] = ()

    clause: Text | None = None
    measure: AnyMeasure
    target: TargetTerm
    rounded: Rounded | None = None
    where: Where | None = None
    of_class: Where | None = Field(None, alias=" where")
    missing: Missing = "bounds"
    coverage: Compared | None = None
    empty_interval: EmptyInterval | None = None
    low_volume: LowVolume | None = None
    credit: AnyRemedy | None = None

    @property
    def excluding(self) -> tuple[str, ...]:
        """The exclusions of the measure; none for a kind that knows none."""
        return tuple(getattr(self.measure, "excluding", ()))


class Level(Terms):
    """One service level, or a KPI: tracked and reported, never a breach, never a credit.

    ``promises`` are what it promises by class; the name of the only one of a level without classes is empty.
    """

    WRITTEN: ClassVar[tuple[str, ...]] = ()

    title: Text | None = None
    role: Literal["service-level", "kpi"] = "service-level"
    per: Annotated[Per, PlainValidator(read_per), WithJsonSchema({"type": ["string", "object", "array"]})] | None = None
    roll_up: Literal["each", "pooled", "worst", "mean"] | ShareOfSubjects = "each"
    by: Text | None = None
    pooled: Annotated[bool, PlainValidator(read_yes), WithJsonSchema({"type": ["boolean", "string"]})] = False
    period: Annotated[LevelPeriod, BeforeValidator(every), WithJsonSchema({"type": ["string", "object"]})] | None = None
    effective: Day | None = None
    until: Day | None = None
    classes: dict[str, Promise] | None = None
    promises: dict[str, Promise]

    @model_validator(mode="after")
    def _by(self) -> Level:
        if self.classes is not None:
            raise refusal("classes", "no class is named", "write classes: {P1: {target: ...}}", inside=["classes"])
        named = [name for name, promise in self.promises.items() if name and name != ELSE and promise.of_class is None]
        if named and self.by is None:
            raise refusal(
                "by",
                f"nothing says which records are of the class '{named[0]}'",
                "write by: COLUMN beside 'classes', or 'where' in the class",
                inside=["promises", named[0]],
                at="key",
            )
        if self.by is not None and not named and "" not in self.promises:
            help = "leave it out, or a 'where' in a class"
            raise refusal(
                "by",
                "every class says its records with 'where', so that 'by' reads nothing",
                help,
                inside=["by"],
                at="key",
            )
        if self.by is not None and "" in self.promises:
            raise refusal(
                "by", "'by' stands without 'classes'", "write classes, or leave 'by' out", inside=["by"], at="key"
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema of what people write: the keys of the promise beside those of the level."""
        own = handler.resolve_ref_schema(handler(core))
        shown: dict[str, Any] = dict(own["properties"])
        promise = handler.resolve_ref_schema(shown.pop("promises")["additionalProperties"])
        of_promise = {key: value for key, value in promise["properties"].items() if key != OF_CLASS}
        row = {
            "type": "object",
            "description": "What differs for this class: any key of the measure, target, credit, where, clause.",
            "properties": {**of_promise, "credit": {"type": "object"}, "measure": {"type": "object"}},
        }
        shown["classes"] = {"type": "object", "additionalProperties": row}
        of_promise["credit"] = {"anyOf": [*of_promise["credit"]["anyOf"], _open_credit(of_promise["credit"], handler)]}
        own["properties"] = {**shown, **of_promise}
        own["required"] = ["measure"]
        own["anyOf"] = [{"required": ["target"]}, {"required": ["classes"]}]
        return own

    @property
    def excluding(self) -> tuple[str, ...]:
        """Every exclusion that one of its promises uses."""
        return tuple(dict.fromkeys(name for promise in self.promises.values() for name in promise.excluding))

    @property
    def by_subject(self) -> bool:
        """Whether there are lines of several subjects."""
        return self.per is not None and self.per.column is not None and self.roll_up == "each"

    def of_class(self, name: str) -> Condition | None:
        """The condition that a record of the class ``name`` satisfies; None where there are no classes."""
        promise = self.promises[name]
        if promise.of_class is not None:
            return promise.of_class
        if name == ELSE:
            others = tuple(
                condition for other in self.promises if other != ELSE and (condition := self.of_class(other))
            )
            return Condition((), (), others)
        if not name:
            return None
        assert self.by is not None
        return Condition((Test(self.by, (name,), None, False),))


def _open_credit(credit: dict[str, Any], handler: GetJsonSchemaHandler) -> dict[str, Any]:
    """A credit of which the classes say the rest: any key of any kind, and none that must be there."""
    found: dict[str, list[Any]] = {}
    for kind in (kind for choice in credit["anyOf"] for kind in choice.get("oneOf", ())):
        for key, value in handler.resolve_ref_schema(kind)["properties"].items():
            if value not in found.setdefault(key, []):
                found[key].append(value)
    keys = {key: values[0] if len(values) == 1 else {"anyOf": values} for key, values in found.items()}
    return {"type": "object", "additionalProperties": False, "properties": keys}


@dataclass(frozen=True)
class Promised:
    """One promise with the names that lead to it; ``of_class`` is empty where its level has no classes."""

    level_name: str
    level: Level
    of_class: str
    promise: Promise

    @property
    def steps(self) -> tuple[str | int, ...]:
        """The keys that lead to the promise in the document of its agreement, classes written out."""
        return ("service_levels", self.level_name, "promises", self.of_class)

    @property
    def named(self) -> str:
        """The level, and its class where there is one, as messages name them."""
        return f"{self.level_name}, {self.of_class}" if self.of_class else self.level_name


OF_PROMISE = tuple(key for key in Promise.model_fields if key != "of_class")
OF_LEVEL = tuple(key for key in Level.model_fields if key not in ("promises", "classes"))
Level.WRITTEN = (*OF_LEVEL, *OF_PROMISE, "classes")
Promise.WRITTEN = Level.WRITTEN
