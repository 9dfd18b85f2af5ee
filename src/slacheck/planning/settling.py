"""One agreement in one period on its way to a statement, and what each of its promises asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.calendars.resolving import Calendars
from slacheck.corrections import Applied, Correction, CorrectionsFile, applied
from slacheck.exclusions import Candidate, Ruling
from slacheck.fees.worth import Fees
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Ask
from slacheck.planning.parts import PeriodPart
from slacheck.sources.opening import Export
from slacheck.timeline.windows import Window


@dataclass(frozen=True)
class Settling:
    """One agreement in one period. ``window`` is that of the period; a level may have a window of its own.

    ``candidates`` are the records of every exclusion that has its own (from a log or a list of spans).
    ``fees`` are those of the period.

    ``file`` is the version of the agreement that settles it. ``part`` is the part of the period that it is for, where
    an amendment splits it; ``amended`` are the amendments within it that do not.
    """

    file: AgreementFile
    window: Window
    exports: Mapping[str, Export]
    candidates: Mapping[str, tuple[Candidate, ...]]
    rulings: Mapping[str, tuple[Ruling, ...]]
    as_of: int
    fees: Fees
    remarks: tuple[str, ...] = ()
    part: PeriodPart | None = None
    amended: tuple[date, ...] = ()

    @property
    def agreement(self) -> Agreement:
        return self.file.agreement

    @property
    def calendars(self) -> Calendars:
        return self.file.calendars

    @property
    def corrections(self) -> CorrectionsFile | None:
        return self.file.corrections

    @property
    def entries(self) -> tuple[Correction, ...]:
        """The corrections that concern it: in a part of a period those whose stretch lies in the part."""
        entries = self.corrections.entries if self.corrections else ()
        if self.part is None:
            return entries
        zone = self.agreement.zone
        lo, hi = self.part.window(zone)
        spans = ((each, each.stretch.window(zone) if each.stretch else (lo, hi)) for each in entries)
        return tuple(each for each, (start, end) in spans if start < hi and end > lo)


@dataclass(frozen=True)
class Asking:
    """What one promise asks in one settling, and the targets of its subjects where a register holds them.

    ``period`` names the level's own period where it is another than the statement's. ``idle`` says why nothing is
    asked at all. Where there are ``corrections``, ``ask`` is made after them and ``before`` without them.
    ``facts`` and ``figures`` are what registers say of each subject in the words that its credit reads.
    """

    settling: Settling
    promised: Promised
    ask: Ask
    period: str = ""
    idle: str = ""
    targets: Mapping[str, Comparison] | None = None
    before: Ask | None = None
    corrections: tuple[Correction, ...] = ()
    figures: Mapping[str, Mapping[str, Fraction | None]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def corrected(self, subject: str) -> Applied | None:
        """What the corrections of one line come to."""
        label, zone = self.settling.window.period.label, self.settling.agreement.zone
        return applied(self.corrections, self.promised.level_name, subject, label, zone)
