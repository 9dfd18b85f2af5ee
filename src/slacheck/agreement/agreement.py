"""The agreement: who promises what to whom, from when on, measured from which exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from slacheck.agreement.level import Level, Promised
from slacheck.agreement.period_terms import PeriodTerms, every
from slacheck.agreement.right_terms import Right
from slacheck.agreement.settlement_terms import Settlement
from slacheck.calendars.calendar import Calendar
from slacheck.exclusions import Exclusion
from slacheck.fees.fee import FeeTerm
from slacheck.language.scalars import Day, Name, Text
from slacheck.language.terms import Terms, refusal
from slacheck.money import known_currencies
from slacheck.outages.rule import Outage
from slacheck.sources.source import Source
from slacheck.timeline import zones

LANGUAGE = "1"


def _version(value: object) -> str:
    if value != LANGUAGE:
        raise refusal("language", f"this version reads language 1, not '{value}'", "write slacheck: 1")
    return LANGUAGE


def _zone(value: object) -> str:
    try:
        zones.zone(str(value))
    except ValueError as unknown:
        raise refusal("timezone", str(unknown), "zones are named like Europe/London or UTC") from None
    return str(value)


def _currency(value: object) -> str:
    if str(value) not in known_currencies():
        raise refusal("currency", f"'{value}' is no currency of ISO 4217", "write a code such as EUR, GBP or USD")
    return str(value)


class Agreement(Terms):
    """One agreement. Sources, calendars, outages, exclusions and fees are named once and used by the levels.

    Where there are ``amendments`` it is one version of what is written.
    """

    WRITTEN: ClassVar[tuple[str, ...]] = ()

    slacheck: Annotated[str, PlainValidator(_version), WithJsonSchema({"enum": [1, "1"]})] = Field(
        description="version of the language"
    )
    id: Name
    title: Text | None = None
    kind: Literal["sla", "ola", "contract"] = "sla"
    provider: Text
    customer: Text
    effective: Day | None = None
    until: Day | None = Field(None, description="the last day the agreement is in force")
    timezone: Annotated[str, PlainValidator(_zone), WithJsonSchema({"type": "string"})]
    currency: Annotated[str, PlainValidator(_currency), WithJsonSchema({"type": "string"})] | None = None
    period: Annotated[PeriodTerms, BeforeValidator(every), WithJsonSchema({"type": ["string", "object"]})] = (
        PeriodTerms()
    )
    fees: dict[Name, FeeTerm] = {}
    sources: dict[Name, Source] = {}
    calendars: dict[Name, Calendar] = {}
    exclusions: dict[Name, Exclusion] = {}
    outages: dict[Name, Outage] = {}
    service_levels: dict[Name, Level] = {}
    settlement: Settlement = Settlement()
    rights: dict[Name, Right] = {}
    corrections: Text | None = Field(None, description="a file of corrections made afterwards")
    notes: tuple[Text, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return zones.zone(self.timezone)

    def promised(self) -> Iterator[Promised]:
        """Every promise of every level, in the order they stand."""
        for level_name, level in self.service_levels.items():
            for of_class, promise in level.promises.items():
                yield Promised(level_name, level, of_class, promise)

    def resting_order(self) -> list[str]:
        """The levels, each after those that it is made of. Raises ValueError where they go round in a circle."""
        order: list[str] = []
        open_ones: list[str] = []

        def visit(name: str) -> None:
            if name in order or name not in self.service_levels:
                return
            if name in open_ones:
                raise ValueError(" -> ".join([*open_ones[open_ones.index(name) :], name]))
            open_ones.append(name)
            for promise in self.service_levels[name].promises.values():
                for other in getattr(promise.measure, "of", ()):
                    visit(other)
            open_ones.pop()
            order.append(name)

        for name in self.service_levels:
            visit(name)
        return order

    def down_rule(self, name: str) -> Outage:
        """The outage rule behind ``name``: a rule, or a source that is an outage as it stands."""
        return self.outages.get(name) or Outage.model_validate({"from": name})

    def exact_fees(self) -> dict[str, Fraction]:
        """The fees that are plain amounts, as the fractions that credits are worked out with."""
        return {name: Fraction(fee) for name, fee in self.fees.items() if isinstance(fee, Decimal)}

    def in_force(self, start: date, end: date) -> tuple[date, date]:
        """The part of ``[start, end)`` in which the agreement is in force; empty when its dates are not ordered."""
        last = self.until + timedelta(days=1) if self.until and self.until < end else end
        return max(start, self.effective or start), last


Agreement.WRITTEN = (*Agreement.model_fields, "amendments")
