"""Periods that amendments split: which part is settled by which version of an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from slacheck.agreement.loading import AgreementFile
from slacheck.timeline.periods import Period, day_in_words, title
from slacheck.timeline.zones import midnight


@dataclass(frozen=True)
class PeriodPart:
    """The civil days ``[start, end)`` of a period; ``after`` and ``before`` are the amendments that cut it."""

    start: date
    end: date
    after: date | None = None
    before: date | None = None

    def window(self, zone: ZoneInfo) -> tuple[int, int]:
        """The instants ``[start, end)`` of the part in a zone, in microseconds UTC."""
        return midnight(self.start, zone), midnight(self.end, zone)

    @property
    def title(self) -> str:
        """In words: ``1 October to 14 October 2026, before the amendment of 15 October 2026``."""
        if self.after and self.before:
            cut = f"between the amendments of {day_in_words(self.after)} and {day_in_words(self.before)}"
        elif self.after:
            cut = f"after the amendment of {day_in_words(self.after)}"
        else:
            cut = f"before the amendment of {day_in_words(self.before or self.end)}"
        return f"{title(Period(self.start, self.end, ''))}, {cut}"


@dataclass(frozen=True)
class Share:
    """A period, or a part of it, with the version that settles it and the amendments within it that do not split it."""

    version: AgreementFile
    part: PeriodPart | None
    amended: tuple[date, ...]

    @property
    def days(self) -> tuple[date, date] | None:
        """The civil days ``[start, end)`` of the part."""
        return (self.part.start, self.part.end) if self.part else None


def shares(file: AgreementFile, period: Period) -> Iterator[Share]:
    """The parts of a period in order, or the whole of it, each settled by the version in force on its last day."""
    inside = [each for each in file.versions if each.since and period.start < each.since < period.end]
    cuts = cuts_of(file)
    edges = [period.start, *(each for each in cuts if period.start < each < period.end), period.end]
    for start, end in pairwise(edges):
        part = None
        if len(edges) > 2:
            part = PeriodPart(start, end, start if start > period.start else None, end if end < period.end else None)
        amended = tuple(each.since for each in inside if each.since and start < each.since < end)
        yield Share(_on(file, end - timedelta(days=1)), part, amended)


def cuts_of(file: AgreementFile) -> tuple[date, ...]:
    """The days on which an amendment splits the period that it lies in."""
    return tuple(each.since for each in file.versions if each.since and each.settled == "apart")


def _on(file: AgreementFile, day: date) -> AgreementFile:
    """The version in force on a day."""
    return [each for each in file.versions if each.since is None or each.since <= day][-1]
