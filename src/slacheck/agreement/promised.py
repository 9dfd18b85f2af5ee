"""What is read off promises of an agreement: their hours, what they let be missed, and the year to look at them by."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.quantities import Comparison
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.share_within import ShareWithin
from slacheck.timeline.zones import midnight

# Any year that has a February of 28 days: the clock is no part of an agreement.
_A_YEAR = 2026


def allowed_share(promised: Promised) -> Fraction | None:
    """The share that may be missed; None where the target is no floor of a share."""
    target = promised.promise.target.binding
    if target is None or target.kind != "share" or target.lower_is_worse is not True:
        return None
    return 1 - target.edges[0]


def hours_of(promised: Promised) -> str:
    """The calendar in which the promise counts; ``always`` where none is named."""
    measure = promised.promise.measure
    return (measure.hours or ALWAYS) if isinstance(measure, OfRecords) else ALWAYS


def timed_in_hours(measure: object) -> bool:
    """Whether a measure times cases by the hour, which somebody has to work on."""
    if isinstance(measure, ShareWithin):
        return measure.between is not None and isinstance(measure.limit, Comparison) and measure.limit.kind == "length"
    return isinstance(measure, Elapsed)


def year_of(file: AgreementFile) -> int:
    """The first whole year of the agreement with 365 days, by which its periods are looked at."""
    agreement = file.first.agreement
    start = agreement.effective or date(agreement.until.year if agreement.until else _A_YEAR, 1, 1)
    year = min(start.year + (start.month > 2), 9000)
    return year + 1 if year % 4 == 0 else year


def year_window(file: AgreementFile) -> tuple[int, int]:
    """That year from its first instant to before its end, in microseconds UTC."""
    year, zone = year_of(file), file.agreement.zone
    return midnight(date(year, 1, 1), zone), midnight(date(year + 1, 1, 1), zone)
