"""What repeated failure entitles to, as people write it: when a right arises, and how long it can be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator

from slacheck.agreement.level_terms import read_yes
from slacheck.agreement.settlement_terms import WorkingHours, countable
from slacheck.language.scalars import Civil, Compared, Name, Names, OneOrMore, Text, Whole, listed
from slacheck.language.terms import Terms, refusal

Steps = tuple[str | int, ...]


def _some(value: object) -> object:
    """A list that is not empty, or the one that stands for it."""
    if value == []:
        raise refusal("empty", "an empty list stands here", "write at least one")
    return listed(value)


Levels = Annotated[tuple[Name, ...], BeforeValidator(_some), OneOrMore()]
Yes = Annotated[
    bool, PlainValidator(read_yes), WithJsonSchema({"type": ["boolean", "string"], "$comment": "yes or no"})
]
Count = Annotated[Whole, Field(ge=1, le=1000)]
Claimed = Annotated[
    Yes,
    Field(description="Whether a breach counts only where it was claimed in time; no by default.", examples=[True]),
]
Together = Annotated[
    Yes,
    Field(description="Whether all subjects are counted together; by default each counts by itself.", examples=[True]),
]
OfLast = Annotated[
    Count | None,
    Field(description="Of how many last periods; without it they must follow each other.", examples=[6]),
]


class BreachedPeriods(Terms):
    """So many periods in which a level was breached: in a row, or among the last ``of_last``.

    Of several levels any of them breached counts the period once. With ``claimed`` a breach counts where it was
    claimed in time. ``whole`` counts over all subjects together instead of each by itself.
    """

    level: Levels = Field(
        description="The level, or several: any of them breached counts the period.",
        examples=["availability", ["availability", "repair"]],
    )
    breached: Count = Field(description="In how many periods.", examples=[3])
    of_last: OfLast = None
    claimed: Claimed = False
    whole: Together = False

    @property
    def span(self) -> int:
        """How many periods it looks at."""
        return self.of_last or self.breached


class FailuresWithin(Terms):
    """So many lines breached in the periods inside a stretch that ends with the period of the statement.

    A line is a record where a level is judged record by record, otherwise a subject and class in a period (of the
    level's own, where it has one). With ``every`` it arises at each n-th of them: in a period that takes the count
    since the beginning of its stretch past a multiple of ``failures``. The stretch rolls on with each period, so that
    failures that it has left behind are counted no more.
    """

    level: Levels = Field(description="The level, or several, whose breached lines are counted.", examples=["repair"])
    failures: Count = Field(description="How many breached lines.", examples=[10])
    over: Civil = Field(
        description="In the periods inside so long a stretch, which ends with this one.", examples=["12 months"]
    )
    every: Yes = Field(
        False, description="Whether it arises at each multiple of 'failures'; no by default.", examples=[True]
    )
    claimed: Claimed = False
    whole: Together = False


class PointsWithin(Terms):
    """Points of all lines, or of those of ``levels``, added up over the periods inside a stretch."""

    points: Compared = Field(description="What the points of the lines must come to.", examples=[">= 12"])
    over: Civil = Field(
        description="In the periods inside so long a stretch, which ends with this one.", examples=["3 months"]
    )
    levels: Names = Field(
        (), description="The levels whose points count; by default all.", examples=[["availability", "repair"]]
    )


class CreditsAtCap(Terms):
    """So many periods whose total reached a cap of the settlement: in a row, or among the last ``of_last``."""

    credits_at_cap: Count = Field(
        description="In how many periods the total reached a cap of the settlement.", examples=[3]
    )
    of_last: OfLast = None

    @property
    def span(self) -> int:
        """How many periods it looks at."""
        return self.of_last or self.credits_at_cap


class AverageOf(Terms):
    """The mean of a level's values over its last periods, once there are so many; one without a value is left out."""

    average: Name = Field(description="The level whose values are averaged.", examples=["availability"])
    of_last: Count = Field(description="Over how many last periods.", examples=[3])
    is_: Compared = Field(
        alias="is", description="What the mean must satisfy for the right to arise.", examples=["< 97%"]
    )
    whole: Yes = Field(
        False,
        description="Whether all subjects are put together; by default each has a mean by itself.",
        examples=[True],
    )


class ShareOfFailing(Terms):
    """The share of a level's subjects that were breached in ``breached`` of their last ``of_last`` periods."""

    share_of_subjects: Compared = Field(description="What share of the subjects must have failed.", examples=[">= 30%"])
    level: Levels = Field(description="The level, or several, whose subjects are counted.", examples=["availability"])
    breached: Count = Field(
        1, description="In how many periods a subject must have been breached; 1 by default.", examples=[2]
    )
    of_last: Count | None = Field(
        None, description="Of how many last periods; without it they must follow each other.", examples=[3]
    )
    claimed: Claimed = False

    @property
    def span(self) -> int:
        """How many periods it looks at."""
        return self.of_last or self.breached


class AnyOf(Terms):
    """One of the conditions holds."""

    any_of: Annotated[tuple[When, ...], BeforeValidator(_some)] = Field(
        description="Conditions of which one must hold.",
        examples=[
            [
                {"level": "availability", "breached": 2, "of_last": 3},
                {"average": "availability", "of_last": 3, "is": "< 97%"},
            ]
        ],
    )


class AllOf(Terms):
    """All of the conditions hold."""

    all_of: Annotated[tuple[When, ...], BeforeValidator(_some)] = Field(
        description="Conditions of which all must hold.",
        examples=[[{"level": "availability", "breached": 2}, {"level": "repair", "breached": 2}]],
    )


_KINDS: dict[str, str] = {
    "any_of": "AnyOf",
    "all_of": "AllOf",
    "share_of_subjects": "ShareOfFailing",
    "failures": "FailuresWithin",
    "points": "PointsWithin",
    "credits_at_cap": "CreditsAtCap",
    "average": "AverageOf",
    "breached": "BreachedPeriods",
}


def _told(value: object) -> object:
    if isinstance(value, Mapping) and not any(key in value for key in _KINDS):
        help = f"write one of {', '.join(_KINDS)}, such as {{level: availability, breached: 3, of_last: 6}}"
        raise refusal("right", "nothing says when the right arises", help, at="key")
    if not isinstance(value, (Mapping, Terms)):
        raise refusal("wrong-shape", "a mapping is wanted here", "write {level: availability, breached: 3}")
    return value


def _kind(value: Any) -> str:
    if isinstance(value, Terms):
        return type(value).__name__
    # The names of the branches are never keys, so that no place is mistaken for another.
    return next(name for key, name in _KINDS.items() if key in value)


Simple = BreachedPeriods | FailuresWithin | PointsWithin | CreditsAtCap | AverageOf | ShareOfFailing
When = Annotated[
    Annotated[BreachedPeriods, Tag("BreachedPeriods")]
    | Annotated[FailuresWithin, Tag("FailuresWithin")]
    | Annotated[PointsWithin, Tag("PointsWithin")]
    | Annotated[CreditsAtCap, Tag("CreditsAtCap")]
    | Annotated[AverageOf, Tag("AverageOf")]
    | Annotated[ShareOfFailing, Tag("ShareOfFailing")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[AllOf, Tag("AllOf")],
    Discriminator(_kind),
    BeforeValidator(_told),
]


class Right(Terms):
    """What the customer may do after repeated failure, and how long it may be used after it arose.

    ``exercise_within`` counts from the last day of the period that made it arise, working days on the calendar
    ``hours``. Without it the right stands for as long as its condition holds.

    Formula: the right arises in a period at whose end the condition holds and which it rests on. Conditions:
    ``breached`` periods in a row or ``of_last``; ``failures`` or ``points`` ``over`` a stretch, with ``every`` at each
    n-th; ``credits_at_cap``; ``average`` of the last periods; ``share_of_subjects`` that fail; ``any_of`` and
    ``all_of``. Last day to use it = last day of the period + ``exercise_within``.

    Order: after the settlement of the period, whose verdicts, points and caps it reads beside those of earlier periods.

    Clause: "missed in two of any three consecutive months, each claimed in time: the customer may terminate" (startup
    software); "three outages or twelve hours in any 30 days: the circuit may be cancelled" (state network); "a mean of
    three months below 97 %" (hosted software); "to be used within 30 days" (content delivery).

    Example:

        rights:
          terminate:
            when:
              any_of:
                - {level: availability, breached: 2, of_last: 3}
                - {average: availability, of_last: 3, is: "< 97%"}
                - {level: repair, failures: 3, over: 12 months, every: true}
            exercise_within: 60 days

    Edge cases: each subject is counted by itself, unless ``whole: true``. Periods before the agreement or the level
    began do not count. A period that is neither in the run nor given with ``--history`` is unknown, never met: the
    right is undecided where it could turn it. Each period that makes the right arise anew starts its time again. A
    right that can never arise is refused.
    """

    clause: Text | None = Field(
        None, description="Where the contract says it; the statement names it.", examples=["9.2"]
    )
    when: When = Field(
        description="The condition at the end of a period under which the right arises.",
        examples=[{"level": "availability", "breached": 3, "of_last": 6}],
    )
    exercise_within: Civil | None = Field(
        None,
        description="How long it can be used, from the last day of the period that made it arise; by default "
        "while its condition holds.",
        examples=["60 days"],
    )
    hours: WorkingHours = None

    @model_validator(mode="after")
    def _countable(self) -> Right:
        countable("right", "exercise_within", self.exercise_within, self.hours)
        return self

    def conditions(self) -> Iterator[tuple[Steps, Simple]]:
        """Every condition that is made of no others, with the keys that lead to it from the right."""
        yield from _conditions(("when",), self.when)


def _conditions(steps: Steps, when: Simple | AnyOf | AllOf) -> Iterator[tuple[Steps, Simple]]:
    match when:
        case AnyOf(any_of=several):
            for index, each in enumerate(several):
                yield from _conditions((*steps, "any_of", index), each)
        case AllOf(all_of=several):
            for index, each in enumerate(several):
                yield from _conditions((*steps, "all_of", index), each)
        case _:
            yield steps, when


def subjects_apart(condition: Simple) -> bool:
    """Whether each subject of its level is counted by itself."""
    return isinstance(condition, (BreachedPeriods, FailuresWithin, AverageOf)) and not condition.whole


def counts_claims(condition: Simple) -> bool:
    """Whether only breaches claimed in time count."""
    return isinstance(condition, (BreachedPeriods, FailuresWithin, ShareOfFailing)) and condition.claimed


def levels_of(condition: Simple) -> tuple[tuple[str, Steps], ...]:
    """The levels that a condition names, each with the keys that lead to it from the condition."""
    match condition:
        case AverageOf(average=name):
            return ((name, ("average",)),)
        case PointsWithin(levels=names):
            key = "levels"
        case CreditsAtCap():
            return ()
        case _:
            names, key = condition.level, "level"
    return tuple((name, (key, index) if len(names) > 1 else (key,)) for index, name in enumerate(names))
