"""Fees read as an agreement would have them read, for one test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from slacheck.fees import reading
from slacheck.fees.fee import Fee, FeeTerm
from slacheck.fees.stretches import Dates
from slacheck.fees.worth import Fees, NotKnown, Whose, Worth
from slacheck.sources.opening import Export
from slacheck.timeline.periods import Cycle, Every, Period, containing
from slacheck.timeline.zones import zone
from tests.sources.opener import Opener

HOUR = 3_600_000_000
NOBODY = Whose({})

_FEES: TypeAdapter[dict[str, Fee]] = TypeAdapter(dict[str, FeeTerm])


def dated(
    every: Every = "month",
    anchor: str = "",
    effective: str = "",
    until: str = "",
    civil: str = "UTC",
    nominal: int | None = None,
) -> Dates:
    days = [date.fromisoformat(text) if text else None for text in (anchor, effective, until)]
    return Dates(zone(civil), Cycle(every, days[0]), days[1], days[2], nominal)


def period(dates: Dates, day: str) -> Period:
    return containing(dates.cycle, date.fromisoformat(day))


def fees(
    opener: Opener,
    terms: Mapping[str, Any],
    day: str,
    dates: Dates | None = None,
    registers: Sequence[Export] = (),
    facts: Mapping[str, Sequence[str]] | None = None,
) -> Fees:
    """The fees ``terms`` of the period that holds ``day``."""
    when = dates or dated()
    read = _FEES.validate_python(terms)
    opened = {each.name: each for each in registers}
    (found,) = reading.fees(opener.scratch, read, when, [period(when, day)], opened, facts or {})
    return found


def numbers(worth: Worth) -> tuple[Fraction, Fraction, Fraction]:
    """The amount, the days, and the hours that it pays for."""
    return worth.exact, worth.days, worth.length / HOUR


def texts(worth: Worth) -> list[str]:
    return [step.text for step in worth.steps]


def unknown(found: Fees, name: str, whose: Whose = NOBODY) -> str:
    with pytest.raises(NotKnown) as raised:
        found.worth(name, whose)
    return raised.value.why


def of(**values: str | Sequence[str]) -> Whose:
    return Whose({word: frozenset([each] if isinstance(each, str) else each) for word, each in values.items()})
