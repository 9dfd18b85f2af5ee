"""Claims that were made: a file of their own beside the agreement, each entry with its period, its level and its day.

A file of claims is YAML::

    claims:
      - period: 2026-10
        level: availability
        subject: web-1                     # without it: every line of the level
        on: 2026-11-12
        reference: ticket 4711

Whether a claim was in time follows from the agreement, not from this file.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field

from slacheck.corrections import period_named
from slacheck.exclusions.spans import Fault
from slacheck.language.entries_file import read_entries
from slacheck.language.scalars import Day, Name, Text
from slacheck.language.terms import Terms
from slacheck.language.yaml_text import Document
from slacheck.problems import PeriodError, Problem
from slacheck.timeline.periods import Cycle


class ClaimMade(Terms):
    """One claim: for which level in which period (its label), and the day ``on`` which it was made.

    ``subject`` is that of a line, or the record that a line is; without it the claim is for every line of the level.
    """

    period: Text = Field(
        description="The label of the period the claim is for, as the statement shows it.", examples=["2026-10"]
    )
    level: Name = Field(description="The level the claim is for.", examples=["availability"])
    subject: Text | None = Field(
        None, description="The subject or the record it is for; without it every line of the level.", examples=["web-1"]
    )
    on: Day = Field(description="The day on which it was made.", examples=["2026-11-12"])
    reference: Text | None = Field(None, description="Where the claim can be found.", examples=["ticket 4711"])


class ClaimsMade(Terms):
    """A file of claims."""

    claims: tuple[ClaimMade, ...] = Field(
        description="The claims that were made, one entry each.",
        examples=[[{"period": "2026-10", "level": "availability", "on": "2026-11-12", "reference": "ticket 4711"}]],
    )


@dataclass(frozen=True)
class ClaimsFile:
    """Loaded claims with the file they stand in; ``digest`` is the SHA-256 of the file's bytes."""

    entries: tuple[ClaimMade, ...]
    document: Document
    label: str
    digest: str

    def __post_init__(self) -> None:
        by_line: dict[tuple[str, str, str | None], date] = {}
        for each in self.entries:
            key = each.level, each.period, each.subject
            by_line[key] = min(each.on, by_line.get(key, each.on))
        object.__setattr__(self, "_by_line", by_line)

    def made(self, level: str, period: str, subjects: Collection[str], until: date) -> date | None:
        """The day of the first claim for a line known by one of ``subjects``; None where none is made by ``until``."""
        by_line: dict[tuple[str, str, str | None], date] = self.__dict__["_by_line"]
        days = [by_line.get((level, period, subject)) for subject in (None, *subjects)]
        return min((day for day in days if day is not None and day <= until), default=None)


def load(path: str | Path, label: str) -> ClaimsFile:
    """Read a file of claims. Raises AgreementError with every problem of the file that it alone shows."""
    read, document, digest = read_entries(Path(path), label, ClaimsMade, "claims")
    return ClaimsFile(read.claims, document, label, digest)


def problems(file: ClaimsFile, levels: Collection[str], cycle: Cycle, zone: ZoneInfo) -> list[Problem]:
    """Everything that an agreement with these levels and periods finds wrong, in the order of the file."""
    found = [(file.document.place(("claims", *each.steps)), each) for each in _faults(file, levels, cycle, zone)]
    written = [file.document.problem(place, each.code, each.message, each.help) for place, each in found]
    return sorted(written, key=lambda each: (each.line, each.column, each.code, each.message))


def _faults(file: ClaimsFile, levels: Collection[str], cycle: Cycle, zone: ZoneInfo) -> Iterator[Fault]:
    seen: dict[tuple[str, str, str | None], int] = {}
    for index, entry in enumerate(file.entries):
        if entry.level not in levels:
            close = difflib.get_close_matches(entry.level, list(levels), n=1)
            help = f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(levels) or 'nothing'}"
            yield Fault((index, "level"), "unknown-name", f"no service level '{entry.level}'", help)
        try:
            period = period_named(entry.period, cycle, zone, "a claim")
        except PeriodError as error:
            yield Fault((index, "period"), "period", error.problems[0].message, error.problems[0].help)
            continue
        if entry.on < period.start:
            message = f"the claim was made on {entry.on}, before {entry.period} begins on {period.start}"
            yield Fault((index, "on"), "dates", message, "write the day on which it was made")
        first = seen.setdefault((entry.level, entry.period, entry.subject), index)
        if first != index:
            line = file.document.place(("claims", first, "level")).line
            of = f" of '{entry.subject}'" if entry.subject else ""
            message = f"'{entry.level}'{of} is claimed twice for {entry.period}"
            yield Fault((index, "level"), "twice", message, f"the other stands on line {line}; keep the first")
