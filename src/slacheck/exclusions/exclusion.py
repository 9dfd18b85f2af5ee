"""What an agreement says about time that does not count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.exclusions.limits import Allowed, Announced
from slacheck.exclusions.spans import Fault, Span
from slacheck.language.conditions import Where
from slacheck.language.scalars import Length, Name
from slacheck.language.terms import Terms, refusal


def _matching(value: object) -> object:
    match value:
        case "none" | tuple():
            return value
        case str() if value.strip():
            return (value,)
        case list() if value and all(isinstance(item, str) and item.strip() for item in value):
            if len(set(value)) < len(value):
                raise refusal("matching", "a column stands here twice")
            return tuple(value)
    raise refusal("matching", "a column is wanted here", "write none, a column, or a list of columns")


Matching = Annotated[
    Literal["none"] | tuple[str, ...],
    PlainValidator(_matching),
    WithJsonSchema(
        {
            "description": "none: a record holds for everything. A column: it holds for what has the same value.",
            "type": ["string", "array"],
            "items": {"type": "string"},
            "examples": ["none", "circuit"],
        }
    ),
]


class Exclusion(Terms):
    """Time excused from a measure.

    It comes from exactly one place: ``from`` names an events source, ``during`` a calendar (its time recurs), ``spans``
    lists it. Records of a source may be conditioned (``where``) and must, with ``notice``, have been announced so long
    before they started (the source maps ``announced``); a notice in working days counts those of ``calendar``.

    ``within`` names a calendar: of records and spans only what lies inside it is excused, and what sticks out is
    ``outside: measured`` (default) or ``downtime``. ``longest`` bounds what is excused of each record, ``allowance``
    what is excused in each civil stretch, in order of time: so much time, or so many records. What goes beyond either
    is ``excess: downtime`` (default: contracts that cap maintenance count the rest against the provider) or
    ``measured`` (what the probes saw stands). ``matching: COLUMN`` ties a record to the subject or record with the
    same value, and then every value has an allowance of its own; ``matching: none`` says that a record holds for
    every subject, and must be written where the log carries the level's subject. ``effect`` says whether excused time
    leaves the service time (default), only is not counted as down (``downtime``), or counts as good (``good``).
    """

    from_: Name | None = Field(
        None,
        alias="from",
        description="The source, a log of events or a register, whose records are excused.",
        examples=["maintenance"],
    )
    during: Name | None = Field(
        None, description="A calendar whose time is excused, again and again.", examples=["nights"]
    )
    spans: tuple[Span, ...] = Field(
        (),
        description="Stretches that are excused as they stand, with their reason.",
        examples=[[{"start": "2026-10-03 02:00", "end": "2026-10-03 06:00", "reason": "move of the data centre"}]],
    )
    where: Where | None = Field(
        None, description="Which records of the source are excused.", examples=[{"kind": "planned"}]
    )
    notice: Announced | None = Field(
        None,
        description="How long before its start a record must have been announced, in the column 'announced' of "
        "the source: exact hours, days, or working days of 'calendar'.",
        examples=["5 working days", "24h"],
    )
    calendar: Name | None = Field(
        None, description="The calendar that counts the working days of the notice.", examples=["desk"]
    )
    within: Name | None = Field(
        None, description="A calendar: of a record only what lies inside it is excused.", examples=["nights"]
    )
    outside: Literal["downtime", "measured"] = Field(
        "measured",
        description="What the rest of a record is that lies outside 'within': measured as it was (the default), "
        "or downtime.",
        examples=["downtime"],
    )
    longest: Length | None = Field(None, description="At most so much of each record is excused.", examples=["4h"])
    allowance: Allowed | None = Field(
        None,
        description="At most so much time, or so many records, are excused in each day, week, month, quarter, "
        "year or period, in order of time.",
        examples=["4h per month", "12 per year"],
    )
    excess: Literal["downtime", "measured"] = Field(
        "downtime",
        description="What goes beyond 'longest' or 'allowance': downtime whatever was measured (the default), or "
        "measured as it was.",
        examples=["measured"],
    )
    matching: Matching | None = Field(
        None,
        description="A column, or several: a record is excused for the subject, case or record with the same "
        "value. none: it holds for all.",
        examples=["circuit", "none"],
    )
    effect: Literal["service-time", "downtime", "good"] = Field(
        "service-time",
        description="What excused time is: it leaves the service time (service-time, the default), is only never "
        "down (downtime), or counts as good (good).",
        examples=["downtime"],
    )

    @model_validator(mode="after")
    def _one_origin(self) -> Exclusion:
        origins = [
            key for key, field in (("from", "from_"), ("during", "during"), ("spans", "spans")) if self._has(field)
        ]
        if not origins:
            help = "write from: SOURCE, during: CALENDAR, or spans: [{start: ..., end: ...}]"
            raise refusal("origin", "nothing says which time is excused", help, at="key")
        if len(origins) > 1:
            message = f"'{origins[0]}' and '{origins[1]}' stand in one exclusion"
            raise refusal("origin", message, "write two exclusions, and name both", inside=[origins[1]], at="key")
        if self._has("spans") and not self.spans:
            raise refusal("origin", "no span stands here", "write [{start: ..., end: ...}]", inside=["spans"])
        if self.from_ is None:
            for key in ("where", "notice", *(("matching",) if self.columns else ())):
                if self._has(key):
                    message = f"'{key}' reads the records of a source; '{origins[0]}' has none"
                    raise refusal("origin", message, "it goes with from: SOURCE", inside=[key], at="key")
        return self

    @model_validator(mode="after")
    def _nothing_without_effect(self) -> Exclusion:
        working = self.notice is not None and self.notice.counts_working_days
        if working and self.calendar is None:
            help = "write calendar: NAME beside it, or calendar days such as 5 days"
            raise refusal("notice", "working days need a calendar", help, inside=["notice"])
        if self.calendar is not None and not working:
            help = "it counts the working days of a notice such as 5 working days"
            raise refusal("unused", "nothing uses 'calendar'", help, inside=["calendar"], at="key")
        if self.within is not None and self.during is not None:
            help = f"name one calendar that is all_of '{self.during}' and '{self.within}'"
            raise refusal("origin", "'within' bounds records; 'during' is a calendar itself", help, inside=["within"])
        if self._has("outside") and self.within is None:
            help = "write within: CALENDAR beside it, or leave it out"
            raise refusal("unused", "'outside' of what?", help, inside=["outside"], at="key")
        if self._has("excess") and self.allowance is None and self.longest is None:
            help = "write allowance: 4h per month or longest: 2h beside it, or leave it out"
            raise refusal("unused", "'excess' of what?", help, inside=["excess"], at="key")
        return self

    def _has(self, field: str) -> bool:
        return field in self.model_fields_set

    @property
    def plain_log(self) -> bool:
        """Whether every record of its source that it is about is excused as it stands."""
        conditions = (self.notice, self.within, self.longest, self.allowance)
        return self.from_ is not None and all(condition is None for condition in conditions)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in which a record and what it holds for must agree; none where it holds for everything."""
        return self.matching if isinstance(self.matching, tuple) else ()

    def calendars(self) -> Iterator[tuple[str, str]]:
        """Every key that names a calendar, with the name."""
        for key in ("during", "calendar", "within"):
            name = getattr(self, key)
            if name is not None:
                yield key, name

    def faults(self, zone: ZoneInfo) -> Iterator[Fault]:
        """What cannot be meant by the spans in the zone of the agreement; the steps lead from the exclusion."""
        for index, span in enumerate(self.spans):
            for fault in span.faults(zone):
                yield Fault(("spans", index, *fault.steps), fault.code, fault.message, fault.help)
