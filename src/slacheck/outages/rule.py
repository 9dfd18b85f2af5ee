"""Down time, by named rules: what an agreement says about an outage. Many measures may read one rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.language import conditions
from slacheck.language.conditions import Condition, Where
from slacheck.language.moments import BetweenTerm
from slacheck.language.quantities import Comparison, Unreadable, length
from slacheck.language.scalars import COMPARISON, Compared, Length, SomeNames, Text, scalar_text
from slacheck.language.terms import Terms, refusal

_QUORUM = re.compile(r"(all|[1-9][0-9]{0,5}) of ([^\s].*)")


@dataclass(frozen=True)
class BadIntervals:
    """Intervals of ``each`` are down where the bad share of at least ``minimum`` requests satisfies ``bad_share``."""

    bad_share: Comparison
    each: int
    minimum: int


@dataclass(frozen=True)
class Quorum:
    """So many (None: all) of the members that ``column`` tells apart must be down."""

    least: int | None
    column: str


class Weight(Terms):
    """How much of a whole an outage affected: two columns, of the log or of a register."""

    affected: Text = Field(
        description="The column that says how much was affected, of the log or of a register.",
        examples=["users_affected"],
    )
    total: Text = Field(description="The column that says how much there is in all.", examples=["users"])


def _when(value: object) -> Condition | BadIntervals:
    if isinstance(value, BadIntervals):
        return value
    if not isinstance(value, Mapping) or "bad_share" not in value:
        return conditions.read(value)
    unknown = [key for key in value if key not in ("bad_share", "each", "minimum")]
    if unknown or "each" not in value:
        message = f"no key '{unknown[0]}' beside 'bad_share'" if unknown else "'bad_share' of which intervals?"
        help = 'write {bad_share: "> 10%", each: 1m, minimum: 2000}'
        raise refusal("when", message, help, inside=unknown[:1], at="key")
    try:
        share = Comparison.read(scalar_text(value["bad_share"], "a comparison"))
        each = length(scalar_text(value["each"], "a length of time"))
    except Unreadable as unreadable:
        raise refusal("when", str(unreadable), unreadable.help) from None
    if share.kind != "share" or len(share.bounds) != 1 or share.lower_is_worse is not True:
        raise refusal("when", "the least bad share of an interval is wanted", 'write "> 10%"', inside=["bad_share"])
    minimum = str(value.get("minimum", "0"))
    if not minimum.isdigit() or len(minimum) > 15:
        raise refusal("when", f"not a count: '{minimum}'", "write a whole number such as 2000", inside=["minimum"])
    if each <= 0:
        raise refusal("when", "an interval of no length", "write each: 1m", inside=["each"])
    return BadIntervals(share, each, int(minimum))


def _quorum(value: object) -> Quorum:
    if isinstance(value, Quorum):
        return value
    found = _QUORUM.fullmatch(scalar_text(value, "a quorum").strip())
    if not found:
        raise refusal("quorum", f"not a quorum: '{value}'", "write 1 of sensor, or all of host")
    return Quorum(None if found[1] == "all" else int(found[1]), found[2].strip())


_QUORUM_TEXT: dict[str, Any] = {"type": "string", "pattern": rf"^\s*{_QUORUM.pattern}"}
_BAD_INTERVALS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "bad_share": {
            "description": "The bad share of the requests of an interval above which the interval is down.",
            "examples": ["> 10%"],
            "type": "string",
            "pattern": COMPARISON,
        },
        "each": {
            "description": "How long an interval is.",
            "examples": ["1m", "5m"],
            "type": "string",
        },
        "minimum": {
            "description": "How many requests an interval must have to be judged; 0 by default.",
            "examples": [2000],
            "type": ["integer", "string"],
            "default": 0,
        },
    },
    "required": ["bad_share", "each"],
    "additionalProperties": False,
}
_WHEN: dict[str, Any] = {
    "description": "Samples: the condition under which time is down. Counts: {bad_share, each, minimum}.",
    "anyOf": [_BAD_INTERVALS, {"$shared": "Condition", "not": {"type": "object", "required": ["bad_share"]}}],
    "examples": [{"celsius": {"not": ">= 22, <= 26"}}, {"bad_share": "> 10%", "each": "1m", "minimum": 2000}],
}

WhenTerm = Annotated[Condition | BadIntervals, PlainValidator(_when), WithJsonSchema(_WHEN)]


class Outage(Terms):
    """When time is down.

    ``from`` names sources: the down states of samples, events, cases (from one instant to another: ``between``), or
    bad intervals of counts (``when: {bad_share, each}``). Several logs are united; with ``overlapping: first`` a record
    that overlaps one of a source named before it, for the same subject, is dropped whole, with ``longest`` all but the
    longest of records that overlap.

    ``grace`` is the first part of every record that does not count, ``part_minutes: drop`` counts whole minutes of
    each record alone. ``quorum`` says how many of the members that a column tells apart must be down together.
    ``lasting`` is the least length of an outage; one that qualifies counts in full. It is judged on the whole outage
    before exclusions and before the period cuts it, or (``judged: after-exclusions``) on what of it counts.
    ``same_cause_within`` makes one outage of several records with one cause that begin within that time of the first.
    ``weight`` counts an outage by the share that it affected.
    """

    from_: SomeNames = Field(
        alias="from",
        description="The source whose time it judges: samples, counts, or one or more logs of events and cases.",
        examples=["probes", ["incidents", "tickets"]],
    )
    where: Where | None = Field(
        None, description="Which records are looked at.", examples=[{"severity": ["hard-outage"]}]
    )
    when: WhenTerm | None = Field(
        None,
        description="When it is down. Samples: a condition on the cells; counts: {bad_share, each, minimum}, the "
        "intervals in which too much failed.",
        examples=[{"celsius": {"not": ">= 18, <= 26"}}, {"bad_share": "> 10%", "each": "5m", "minimum": 2000}],
    )
    between: BetweenTerm | None = Field(
        None, description="Of cases, the two instants between which it is down.", examples=[["opened", "resolved"]]
    )
    lasting: Compared | None = Field(
        None, description="The least length of an outage; one that qualifies counts in full.", examples=[">= 5m"]
    )
    judged: Literal["before-exclusions", "after-exclusions"] = Field(
        "before-exclusions",
        description="Whether 'lasting' looks at the whole outage (before-exclusions, the default) or at what of "
        "it counts (after-exclusions).",
        examples=["after-exclusions"],
    )
    overlapping: Literal["union", "first", "longest", "sum", "highest"] = Field(
        "union",
        description="What becomes of records of logs that overlap: union (the default), the first source or the "
        "longest record alone, or with a weight their sum or the highest.",
        examples=["longest"],
    )
    part_minutes: Literal["count", "drop", "started"] = Field(
        "count",
        description="What becomes of the part of a minute at the end of a record: count (the default), drop, or "
        "started: counted as a whole one.",
        examples=["drop"],
    )
    grace: Length | None = Field(
        None, description="The first part of every record that does not count; by default none.", examples=["5m"]
    )
    same_cause_within: Length | None = Field(
        None,
        description="Records with one cause that start less than so long after the first of them are one outage; "
        "by default each stands alone.",
        examples=["24h"],
    )
    quorum: Annotated[Quorum, PlainValidator(_quorum), WithJsonSchema(_QUORUM_TEXT)] | None = Field(
        None,
        description="How many of the members that a column tells apart must be down together.",
        examples=["2 of sensor", "all of host"],
    )
    weight: Weight | None = Field(
        None,
        description="The share that an outage affected, by which it counts; by default it counts whole.",
        examples=[{"affected": "users_affected", "total": "users"}],
    )

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
        if self.judged == "after-exclusions" and self.lasting is None:
            raise refusal("judged", "'judged' belongs to 'lasting'", "", inside=["judged"], at="key")
        if self.overlapping == "first" and len(self.from_) < 2:
            raise refusal(
                "overlapping", "'overlapping: first' needs two sources or more", inside=["overlapping"], at="key"
            )
        if self.overlapping in ("sum", "highest") and self.weight is None:
            help = "write weight: {affected: users_affected, total: users}"
            raise refusal("overlapping", f"'{self.overlapping}' adds up weights", help, inside=["overlapping"])
        return self

    @property
    def bad_intervals(self) -> BadIntervals | None:
        """What makes an interval of counts bad."""
        return self.when if isinstance(self.when, BadIntervals) else None

    @property
    def condition(self) -> Condition | None:
        """The condition under which samples are down."""
        return self.when if isinstance(self.when, Condition) else None

    @property
    def least(self) -> int:
        """Microseconds from which an outage counts."""
        if self.lasting is None:
            return 0
        bound = self.lasting.bounds[0]
        return int(bound.value) + (bound.operator == ">")
