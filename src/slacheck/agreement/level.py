"""One promise: a measure, a target, and perhaps a credit; and the level that makes it, for one class or for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.agreement.level_terms import LevelPeriod, LowVolume, Per, Rounded, ShareOfSubjects, read_per, read_yes
from slacheck.agreement.period_terms import OrKind, every
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

    clause: Text | None = Field(
        None, description="Where the contract says it; shown beside the level.", examples=["4.1"]
    )
    measure: AnyMeasure = Field(
        description="What is measured, by its kind, and of what.",
        examples=[{"kind": "availability", "from": "probes", "excluding": ["planned"]}],
    )
    target: TargetTerm = Field(
        description="The comparison, in quotes, that the value must satisfy: with a value, with a register's "
        "column, or an expected and a minimum level.",
        examples=[
            ">= 99.9%",
            "<= max_latency",
            {"expected": ">= 99.9%", "minimum": ">= 99.5%", "below_expected": "4 of 12"},
        ],
    )
    rounded: Rounded | None = Field(
        None,
        description="How the value is rounded before it is compared, where the contract says so; by default it "
        "is exact.",
        examples=[{"to": "0.01%", "mode": "half-up"}],
    )
    where: Where | None = Field(
        None,
        description="Which records the level is about: columns and what their cells must be. Of classes, a row's "
        "own says which records are of the class.",
        examples=[{"severity": ["hard-outage"]}, {"region": "eu"}],
    )
    of_class: Where | None = Field(
        None,
        alias=" where",
        description="The condition that a row of classes writes as its own 'where'.",
        examples=[{"severity": "P1"}],
    )
    missing: Missing = Field(
        "bounds",
        description="What is assumed where data are missing: bounds (the default) judges only if the best and "
        "the worst case agree, exclude leaves the unknown out, up and down take it for good or bad, "
        "breach fails the level, error refuses to settle.",
        examples=["bounds", "exclude"],
    )
    coverage: Compared | None = Field(
        None,
        description="The least share that must be known: below it the verdict is open, or a breach under "
        "missing: breach. Without it there is none.",
        examples=[">= 99%"],
    )
    empty_interval: EmptyInterval | None = Field(
        None,
        description="What an interval without any request is worth: good, bad, left out (skip), or not known "
        "(missing).",
        examples=["good", "skip"],
    )
    low_volume: LowVolume | None = Field(
        None,
        description="What holds instead of the target while there are few requests, cases or records.",
        examples=[{"below": 40, "then": {"misses": "<= 2"}}],
    )
    credit: AnyRemedy | None = Field(
        None,
        description="What a breach costs, by its kind; without it a breach costs nothing.",
        examples=[{"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%", "< 99.0%": "25%"}}],
    )

    @property
    def excluding(self) -> tuple[str, ...]:
        """The exclusions of the measure; none for a kind that knows none."""
        return tuple(getattr(self.measure, "excluding", ()))


class Level(Terms):
    """One service level, or a KPI: tracked and reported, never a breach, never a credit.

    ``promises`` are what it promises by class; the name of the only one of a level without classes is empty.
    """

    WRITTEN: ClassVar[tuple[str, ...]] = ()

    title: Text | None = Field(
        None,
        description="What people call the level; printed instead of its name.",
        examples=["Availability of the web site"],
    )
    role: Literal["service-level", "kpi"] = Field(
        "service-level",
        description="service-level (the default), or kpi: tracked and reported, never a breach, never a credit.",
        examples=["kpi"],
    )
    per: Annotated[Per, PlainValidator(read_per), WithJsonSchema({"type": ["string", "object", "array"]})] | None = (
        Field(
            None,
            description="Whose verdict it is: a column gives one for each subject, {COLUMN: [...]} also says who "
            "must be there, and case, event or outage gives one for each record.",
            examples=["host", {"host": ["web-1", "web-2"]}, "case", ["server", "outage"]],
        )
    )
    roll_up: Literal["each", "pooled", "worst", "mean"] | ShareOfSubjects = Field(
        "each",
        description="What becomes of the subjects: each (the default) is judged alone, pooled measures them as "
        "one, worst and mean judge one value for all, share_of the share of those that satisfy a "
        "comparison.",
        examples=["pooled", {"share_of": ">= 99%"}],
    )
    by: Text | None = Field(
        None, description="The column that tells the classes of a level apart.", examples=["priority"]
    )
    pooled: Annotated[
        bool, PlainValidator(read_yes), WithJsonSchema({"type": ["boolean", "string"], "$comment": "yes or no"})
    ] = Field(
        False,
        description="Whether all classes together are judged as one, each record by the parameters of its class; "
        "no by default.",
        examples=[True],
    )
    period: Annotated[LevelPeriod, BeforeValidator(every), OrKind()] | None = Field(
        None,
        description="The level's own period, where it is not the agreement's: a cycle of its own, or a rolling "
        "stretch.",
        examples=["quarter", {"rolling": "30 days"}],
    )
    effective: Day | None = Field(
        None,
        description="The first day on which the level is promised; by default the agreement's.",
        examples=["2026-04-01"],
    )
    until: Day | None = Field(
        None,
        description="The last day on which the level is promised; by default the agreement's.",
        examples=["2026-12-31"],
    )
    classes: dict[str, Promise] | None = Field(
        None,
        description="The classes of the level, each with what differs for it; 'else' is for every other record.",
        examples=[{"P1": {"limit": "4h"}, "else": {"limit": "16h"}}],
    )
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
