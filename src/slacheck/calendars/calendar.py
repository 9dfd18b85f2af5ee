"""A calendar as people write it: which civil hours count."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.calendars import public_holidays
from slacheck.calendars.hours import Hours, Week, Weekly
from slacheck.calendars.recurring import Recurring, ever
from slacheck.language.quantities import Unreadable
from slacheck.language.scalars import Day, OneOrMore, SomeNames, Text, listed, scalar_text
from slacheck.language.terms import Terms, refusal
from slacheck.timeline import zones

ALWAYS = "always"

_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_A_LEAP_YEAR = 2024
_WAYS = ("hours", "every", "seasons", "file", "all_of", "any_of")


def _month_day(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value
    text = scalar_text(value, "a day of the year")
    found = _MONTH_DAY.fullmatch(text.strip())
    try:
        if found:
            day = date(_A_LEAP_YEAR, int(found[1]), int(found[2]))
            return day.month, day.day
    except ValueError:
        raise refusal("not-a-day", f"'{text}' is no day of the year") from None
    raise refusal("not-a-day", f"not a day of the year: '{text}'", 'write month and day in quotes, as in "04-01"')


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = scalar_text(value, "yes or no")
    if text not in ("yes", "no", "true", "false"):
        raise refusal("not-one-of", f"'{text}' is not one of yes, no", "write yes or no")
    return text in ("yes", "true")


def _zone(value: object) -> str:
    text = scalar_text(value, "a time zone")
    try:
        zones.zone(text)
    except ValueError as unknown:
        raise refusal("timezone", str(unknown), "zones are named like Europe/London or UTC") from None
    return text


MonthDay = Annotated[
    tuple[int, int],
    PlainValidator(_month_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{2}-[0-9]{2}$",
            "$comment": "month and day",
            "description": "A day of every year: month and day.",
            "examples": ["04-01"],
        }
    ),
]
YesOrNo = Annotated[
    bool, PlainValidator(_yes), WithJsonSchema({"enum": ["yes", "no", True, False], "$comment": "yes or no"})
]
Days = Annotated[tuple[Day, ...], BeforeValidator(listed), OneOrMore()]
ZoneName = Annotated[str, PlainValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]})]


class Season(Terms):
    """The hours from one day of the year to another, both included. A season may reach over the end of the year.

    The end of February is ``02-29``, which in most years is the 28th.
    """

    from_: MonthDay = Field(
        alias="from", description="The first day of the season, of every year: month and day.", examples=["04-01"]
    )
    to: MonthDay = Field(
        description="The last day of the season, included; it may lie in the year after.", examples=["09-30"]
    )
    hours: Weekly = Field(description="The hours of the week in this season.", examples=[{"mon-fri": "09:00-17:00"}])

    def holds(self, day: date) -> bool:
        at = (day.month, day.day)
        if self.from_ <= self.to:
            return self.from_ <= at <= self.to
        return at >= self.from_ or at <= self.to

    def __str__(self) -> str:
        (month, day), (last_month, last_day) = self.from_, self.to
        return f"{month:02}-{day:02} to {last_month:02}-{last_day:02}"


class HolidayTerms(Terms):
    """The days on which a calendar keeps its holiday hours, or none.

    ``country`` (and ``subdivision``) are codes of ISO 3166; without a subdivision only what is a holiday in the whole
    country is one. ``plus`` adds days, ``minus`` takes holidays of the country back. With ``observed: no`` a holiday
    on a weekend is not made up for on another day; with the default both days are holidays.
    """

    country: Text | None = Field(
        None, description="The country whose public holidays are kept, by its code of ISO 3166.", examples=["GB"]
    )
    subdivision: Text | None = Field(
        None,
        description="The part of the country, by its code of ISO 3166-2 without the country; by default holidays "
        "of the whole country alone.",
        examples=["ENG"],
    )
    plus: Days = Field((), description="Days that are holidays too.", examples=[["2026-12-24"], "2026-12-24"])
    minus: Days = Field((), description="Holidays of the country that are none here.", examples=[["2026-08-31"]])
    observed: YesOrNo = Field(
        True,
        description="Whether a holiday on a weekend is made up for on another day; yes by default.",
        examples=["no"],
    )

    @model_validator(mode="after")
    def _known(self) -> HolidayTerms:
        if self.country is None:
            self._refuse_country_words()
            return self
        for name in (None, self.subdivision):
            try:
                public_holidays.check(self.country, name)
            except Unreadable as unknown:
                inside = ["country" if name is None else "subdivision"]
                raise refusal("unknown-holidays", str(unknown), unknown.help, inside=inside) from None
        for index, day in enumerate(self.minus):
            self._refuse_no_holiday(index, day)
        return self

    def _refuse_country_words(self) -> None:
        for word in ("subdivision", "minus", "observed"):
            if word in self.model_fields_set:
                raise refusal("holidays", f"'{word}' needs a country", "add country: GB", inside=[word], at="key")
        if not self.plus:
            raise refusal("holidays", "no holidays are named", "write {country: GB}, or {plus: [2026-12-24]}")

    def _refuse_no_holiday(self, index: int, day: date) -> None:
        inside: list[str | int] = ["minus", index]
        if day in self.plus:
            raise refusal("holidays", f"{day} stands behind 'plus' and behind 'minus'", inside=inside)
        assert self.country is not None
        try:
            known = public_holidays.in_year(self.country, self.subdivision, self.observed, day.year)
        except public_holidays.UnknownYear as unknown:
            raise refusal("unknown-holidays", str(unknown), inside=inside) from None
        if day not in dict(known):
            raise refusal("holidays", f"{day} is no holiday of {self.place}", "leave it out", inside=inside)

    @property
    def place(self) -> str:
        """``GB-ENG``, or the country; empty without one."""
        return "-".join(part for part in (self.country, self.subdivision) if part)

    def __str__(self) -> str:
        """``holidays of GB-ENG, 2026-12-24``: every day it means, in words."""
        if self.country is None:
            return ", ".join(map(str, self.plus))
        nationwide = self.subdivision is None and public_holidays.has_subdivisions(self.country)
        text = f"holidays of {'all of ' if nationwide else ''}{self.place}"
        if not self.observed:
            text += " as dated"
        text = ", ".join([text, *map(str, self.plus)])
        return f"{text}, without {', '.join(map(str, self.minus))}" if self.minus else text


class Calendar(Terms):
    """Which civil hours count, said in one of these ways.

    ``hours`` of a week; ``every`` day that comes again, with its ``hours``; ``seasons`` of the year, each with hours
    of a week; the events of an iCalendar ``file``; or other calendars, joined by ``all_of`` (time that is in each) or
    ``any_of`` (time that is in one or more). ``except`` takes the time of other calendars away, alone from all time.
    On ``holidays`` no hours begin, or those behind the day ``holidays``; hours that began the evening before run to
    their end. The calendar ``always`` is built in.

    Hours are those of the wall clock in ``timezone``, by default the agreement's. A span that starts or ends in the
    hour that the clocks skip in spring does so at the instant of the change. Where the clocks are put back it starts
    at the first and ends at the last reading of its time; ``24:00`` is always where the next day starts.
    """

    hours: Hours | None = Field(
        None,
        description="The hours of a week: days or ranges of days and their spans. With 'every' the span alone.",
        examples=[{"mon-fri": "09:00-17:30", "sat": "10:00-14:00"}, "02:00-06:00"],
    )
    every: Recurring | None = Field(
        None,
        description="Days that come again: a weekday, its place in the month, or a rule of iCalendar; 'hours' "
        "says when on them.",
        examples=["first sunday", "FREQ=MONTHLY;BYDAY=1SU"],
    )
    from_: Day | None = Field(
        None,
        alias="from",
        description="The day on which the rule of 'every' starts, where the rule depends on it.",
        examples=["2026-01-04"],
    )
    seasons: tuple[Season, ...] = Field(
        (),
        description="Seasons of the year, each with hours of its own; other days have none.",
        examples=[[{"from": "04-01", "to": "09-30", "hours": {"daily": "08:00-20:00"}}]],
    )
    holidays: HolidayTerms | None = Field(
        None,
        description="Days on which no hours begin, or those behind the day 'holidays'.",
        examples=[{"country": "GB", "subdivision": "ENG"}],
    )
    file: Text | None = Field(
        None,
        description="An iCalendar file whose events are the hours, from the directory of the agreement.",
        examples=["maintenance.ics"],
    )
    all_of: SomeNames | None = Field(
        None, description="Other calendars: time that is in each of them.", examples=[["desk", "summer"]]
    )
    any_of: SomeNames | None = Field(
        None, description="Other calendars: time that is in one or more of them.", examples=[["desk", "weekend-watch"]]
    )
    except_: SomeNames | None = Field(
        None,
        alias="except",
        description="Other calendars whose time is taken away; alone, from all time.",
        examples=[["freeze"]],
    )
    timezone: ZoneName | None = Field(
        None, description="The zone of these hours; by default the agreement's.", examples=["Europe/Berlin"]
    )

    @model_validator(mode="before")
    @classmethod
    def _one_way(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        said = [way for way in _WAYS if way in data and not (way == "hours" and "every" in data)]
        if len(said) > 1:
            message = f"'{said[0]}' and '{said[1]}' both say which hours count"
            help = "write one of them; calendars are put together with all_of, any_of and except"
            raise refusal("two-ways", message, help, inside=[said[1]], at="key")
        if not said and "except" not in data and set(data) <= {"holidays", "timezone", "from"}:
            raise refusal("no-hours", "nothing says which hours count", f"write one of {', '.join(_WAYS)} or except")
        return data

    @model_validator(mode="after")
    def _fits(self) -> Calendar:
        self._refuse_unfit_hours()
        self._refuse_unfit_start()
        self._refuse_seasons()
        own = self.hours is not None or bool(self.seasons)
        if self.holidays is not None and not own:
            help = "write it in the calendars that this one is made of"
            raise refusal("holidays", "'holidays' needs hours or seasons", help, inside=["holidays"], at="key")
        if self.timezone is not None and not own and self.file is None:
            help = "write it in the calendars that this one is made of"
            raise refusal("timezone", "'timezone' needs hours of its own", help, inside=["timezone"], at="key")
        return self

    @property
    def names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The keys that name other calendars, with the names behind them."""
        keys = (("all_of", self.all_of), ("any_of", self.any_of), ("except", self.except_))
        return tuple((key, names) for key, names in keys if names is not None)

    @property
    def weeks(self) -> tuple[tuple[tuple[str | int, ...], Week], ...]:
        """The weeks of hours it holds, with the keys that lead to them."""
        if self.seasons:
            return tuple((("seasons", index, "hours"), season.hours) for index, season in enumerate(self.seasons))
        return ((("hours",), self.hours),) if isinstance(self.hours, Week) else ()

    def _refuse_unfit_hours(self) -> None:
        if self.every is not None and not isinstance(self.hours, tuple):
            if self.hours is None:
                help = 'add hours: "02:00-06:00"'
                raise refusal("no-hours", "'every' has no hours", help, inside=["every"], at="key")
            help = 'write hours: "02:00-06:00"; the days stand behind every'
            raise refusal("hours", "'every' names the days already", help, inside=["hours"])
        if self.every is None and isinstance(self.hours, tuple):
            help = 'write {daily: "09:00-17:00"} or {mon-fri: "09:00-17:00"}'
            raise refusal("hours", "nothing says on which days", help, inside=["hours"])
        if self.holidays is None:
            for steps, week in self.weeks:
                if week.holidays:
                    help = "add holidays: {country: GB}, beside hours"
                    raise refusal("holidays", "nothing says which days are holidays", help, inside=[*steps, "holidays"])

    def _refuse_unfit_start(self) -> None:
        if self.from_ is not None and (self.every is None or not self.every.rule):
            help = "leave it out; 'from' is for a rule of iCalendar"
            raise refusal("every", "'from' has nothing to start", help, inside=["from"], at="key")
        if self.every is None:
            return
        if self.from_ is None and self.every.needs_start:
            help = "add from: 2026-01-04, the first day it happens on"
            raise refusal("every", self.every.needs_start, help, inside=["every"])
        if not ever(self.every, self.from_):
            raise refusal(
                "every", f"no day matches '{self.every.text}'", "look at its parts together", inside=["every"]
            )

    def _refuse_seasons(self) -> None:
        if "seasons" in self.model_fields_set and not self.seasons:
            raise refusal("empty", "there is no season", "write {from, to, hours}", inside=["seasons"])
        year = [date(_A_LEAP_YEAR, 1, 1) + timedelta(days=day) for day in range(366)]
        for (_, earlier), (index, later) in combinations(enumerate(self.seasons), 2):
            shared = [day for day in year if earlier.holds(day) and later.holds(day)]
            if shared:
                message = f"the seasons {earlier} and {later} both hold {shared[0]:%m-%d}"
                help = "both days of a season belong to it; end one the day before the next"
                raise refusal("overlap", message, help, inside=["seasons", index])
