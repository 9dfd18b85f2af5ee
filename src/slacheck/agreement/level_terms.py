"""What a level says beside its measure and target: for whom, how rounded, and what holds where there is little."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, get_args

from pydantic import Field, model_validator

from slacheck.agreement.period_terms import PeriodTerms
from slacheck.language.rounding import Mode, rounded_to
from slacheck.language.scalars import Civil, Compared, QuantityTerm, Whole
from slacheck.language.terms import Terms, refusal

Record = Literal["case", "event", "outage"]

_RECORDS: tuple[Record, ...] = get_args(Record)


class Per(Terms):
    """One verdict per subject: the column that tells subjects apart and, where they are listed, who must be there.

    With ``record`` one verdict for each case, event or outage (of each subject, where there is a column too).
    """

    column: str | None = None
    subjects: tuple[str, ...] = ()
    record: Record | None = None

    @property
    def word(self) -> str:
        """What tells the lines apart, as messages name it."""
        return self.column or self.record or ""


def read_yes(value: object) -> bool:
    if isinstance(value, bool) or value in ("true", "false", "yes", "no"):
        return value in (True, "true", "yes")
    raise refusal("not-one-of", "this is said with true or false")


def read_per(value: object) -> Per:
    match value:
        case Per():
            return value
        case "case" | "event" | "outage":
            return Per(record=value)
        case str() if value.strip():
            return Per(column=value)
        case [str() as column, ("case" | "event" | "outage") as record] if column not in _RECORDS and column.strip():
            return Per(column=column, record=record)
        case Mapping() if len(value) == 1:
            ((column, subjects),) = value.items()
            if isinstance(subjects, list) and subjects and all(isinstance(item, str) for item in subjects):
                if len(set(subjects)) < len(subjects):
                    raise refusal("per", f"a subject of '{column}' is listed twice", inside=[column])
                return Per(column=column, subjects=tuple(subjects))
    help = "write host, {host: [web-1, web-2]} to say who must be there, or case, event, outage, [server, outage]"
    raise refusal("per", "a column or a kind of record is wanted here", help)


class Misses(Terms):
    """How many records may miss where there are few."""

    misses: Compared = Field(description="How many records may miss, in place of the target.", examples=["<= 2"])

    @model_validator(mode="after")
    def _number(self) -> Misses:
        if self.misses.kind != "number" or self.misses.lower_is_worse is not False:
            raise refusal("low-volume", "a number of misses is wanted here", 'write "<= 2"', inside=["misses"])
        return self


class LowVolume(Terms):
    """What holds instead of the target while there are fewer than ``below`` requests, cases or records."""

    below: Whole = Field(
        ge=1,
        le=10**15,
        description="The number of requests, cases or records below which there are few.",
        examples=[40],
    )
    then: Literal["not-applicable"] | Misses = Field(
        description="What holds where there are few: not-applicable judges nothing, {misses: ...} lets so many miss.",
        examples=["not-applicable", {"misses": "<= 2"}],
    )


class Rounded(Terms):
    """How a value is rounded before it is compared, for agreements that say so."""

    to: QuantityTerm = Field(
        description="The multiple to which the value is rounded, in the unit of the target.", examples=["0.01%", "1m"]
    )
    mode: Mode = Field(
        description="How it is rounded: half-up takes halves away from zero, half-even to the even multiple, "
        "down is towards zero, up away from it.",
        examples=["half-up", "down"],
    )

    def value(self, exact: Fraction) -> Fraction:
        """``exact`` at the nearest multiple of ``to``; ``down`` is towards zero, ``up`` away from it."""
        return rounded_to(exact, self.to.value, self.mode)


class ShareOfSubjects(Terms):
    """The share of subjects whose own value satisfies a comparison."""

    share_of: Compared = Field(
        description="What the value of a subject must satisfy to count; the level's target is compared with the "
        "share of those that do.",
        examples=[">= 99.9%"],
    )


class LevelPeriod(PeriodTerms):
    """A level's own period: a cycle of its own, or ``rolling`` days or months that end with the statement's period."""

    rolling: Civil | None = Field(
        None,
        description="A stretch of days or months that ends with the statement's period.",
        examples=["30 days", "12 months"],
    )
    judged: Literal["period-end", "continuously"] = Field(
        "period-end",
        description="When a rolling stretch is judged: as the one that ends with the period (period-end, the "
        "default), or as the worst of all stretches so long (continuously).",
        examples=["continuously"],
    )

    @model_validator(mode="after")
    def _one_kind(self) -> LevelPeriod:
        for key in ("every", "anchor"):
            if self.rolling is not None and key in self.model_fields_set:
                help = "a rolling stretch ends with the statement's period"
                raise refusal("period", f"'{key}' and 'rolling' stand in one period", help, inside=[key], at="key")
        if self.judged == "continuously" and self.rolling is None:
            raise refusal(
                "period",
                "'continuously' looks at every stretch of so many days",
                "write rolling: 30 days",
                inside=["judged"],
            )
        return self
