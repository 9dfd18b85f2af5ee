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
from slacheck.agreement.period_terms import OrKind, PeriodTerms, every
from slacheck.agreement.right_terms import Right
from slacheck.agreement.settlement_terms import Settlement
from slacheck.agreement.support import Support
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
        description="The version of the language that the file is written in; there is one, 1.", examples=[1]
    )
    id: Name = Field(
        description="A short name of the agreement that never changes; statements, ledgers and histories know it "
        "by this.",
        examples=["acme-web"],
    )
    title: Text | None = Field(
        None,
        description="What people call the agreement; printed above the statement.",
        examples=["Web hosting for Acme"],
    )
    kind: Literal["sla", "ola", "contract"] = Field(
        "sla",
        description="Whether it is a service level agreement with a customer (sla, the default), an operational "
        "level agreement within one house (ola), or the contract of a supplier (contract).",
        examples=["sla", "ola", "contract"],
    )
    provider: Text = Field(description="Who promises, and owes the credits.", examples=["Northwind Hosting"])
    customer: Text = Field(description="To whom it is promised, and who receives the credits.", examples=["Acme Ltd"])
    effective: Day | None = Field(
        None,
        description="The first day on which the agreement is in force; without it, it has always been.",
        examples=["2026-01-01"],
    )
    until: Day | None = Field(
        None,
        description="The last day on which the agreement is in force; without it, it has no end.",
        examples=["2028-12-31"],
    )
    timezone: Annotated[str, PlainValidator(_zone), WithJsonSchema({"type": "string"})] = Field(
        description="The time zone in which days, months and hours of the agreement are counted, by its name in "
        "the tz database.",
        examples=["Europe/London", "UTC"],
    )
    currency: Annotated[str, PlainValidator(_currency), WithJsonSchema({"type": "string"})] | None = Field(
        None,
        description="The currency of every amount in the agreement, by its code of ISO 4217; needed once there "
        "is money.",
        examples=["GBP", "EUR"],
    )
    period: Annotated[PeriodTerms, BeforeValidator(every), OrKind()] = Field(
        PeriodTerms(),
        description="What is settled at once: day, week, month (the default), quarter or year, or a mapping that "
        "also says on which day it starts and how long it counts.",
        examples=["month", {"every": "month", "anchor": "2026-01-15"}],
    )
    fees: dict[Name, FeeTerm] = Field(
        {},
        description="What credits are a share of, each fee with a name: an amount in the agreement's currency, a "
        "column of a register, an earlier fee, or the greater of several.",
        examples=[{"monthly": "12000.00"}],
    )
    sources: dict[Name, Source] = Field(
        {},
        description="The exports that the agreement is measured from, each with a name: where the file lies, its "
        "shape, and what its columns hold.",
        examples=[
            {
                "probes": {
                    "path": "probes.csv",
                    "shape": "samples",
                    "columns": {"at": "time", "state": "status"},
                    "hold": "2m",
                }
            }
        ],
    )
    calendars: dict[Name, Calendar] = Field(
        {},
        description="Civil hours turned into time that counts, each calendar with a name; 'always' is built in.",
        examples=[{"desk": {"hours": {"mon-fri": "09:00-17:30"}}}],
    )
    exclusions: dict[Name, Exclusion] = Field(
        {},
        description="Time that does not count, such as planned maintenance, each exclusion with a name that "
        "measures list under 'excluding'.",
        examples=[{"planned": {"from": "maintenance", "notice": "5 working days", "calendar": "desk"}}],
    )
    outages: dict[Name, Outage] = Field(
        {},
        description="Rules that say when time is down, each with a name that measures read with 'from'.",
        examples=[{"site-down": {"from": "probes", "lasting": ">= 5m"}}],
    )
    service_levels: dict[Name, Level] = Field(
        {},
        description="What is promised, each level with a name: a measure, a target, and perhaps a credit.",
        examples=[{"availability": {"measure": {"kind": "availability", "from": "probes"}, "target": ">= 99.9%"}}],
    )
    settlement: Settlement = Field(
        Settlement(),
        description="What crosses levels: how credits combine, what they are capped at, and when they are "
        "claimed and paid.",
        examples=[{"cap": "20% of monthly"}],
    )
    rights: dict[Name, Right] = Field(
        {},
        description="What repeated failure entitles the customer to, such as to terminate, each right with a name.",
        examples=[{"terminate": {"when": {"level": "availability", "breached": 3, "of_last": 6}}}],
    )
    rests_on: dict[Name, Support] = Field(
        {},
        description="The agreements under this one, each with a name: an internal one of another team, or the contract "
        "of a supplier, and which of our levels it carries.",
        examples=[{"network-team": {"agreement": "network-ola.yaml", "carries": {"resolution": "restore"}}}],
    )
    corrections: Text | None = Field(
        None,
        description="A file of corrections made afterwards, from the directory of the agreement.",
        examples=["corrections.yaml"],
    )
    notes: tuple[Text, ...] = Field(
        (),
        description="What people should read beside the numbers; printed on the statement, and never computed with.",
        examples=[["A degraded site is up."]],
    )

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
