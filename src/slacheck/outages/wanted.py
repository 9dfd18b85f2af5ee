"""What is asked of the outage rules of a run, and what is found: down time, whose it is, and the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw

from slacheck.engine.spells import SampleFacts, SampleSpells
from slacheck.language.conditions import Condition
from slacheck.outages.rule import Outage
from slacheck.sources.exempt import Exempt
from slacheck.sources.opening import Export
from slacheck.timeline.intervals import Intervals

Frame = nw.LazyFrame[Any]
Key = tuple[str, ...]

# Signals of one rule: down, not up, unknown, what is left out of the service time, and what is down and not up alike.
NOT_UP, UNKNOWN, SKIPPED, ALIKE, STRIDE = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class TakenOut:
    """Time taken out of the records that carry the same values in ``columns``, by key."""

    columns: tuple[str, ...]
    stretches: tuple[tuple[Key, Intervals], ...]


@dataclass(frozen=True)
class Wanted:
    """Down time by one rule, of the records that also satisfy ``where``, told apart by ``per``.

    ``apart`` asks for every outage by itself, ``later`` says that the least length is judged on the time that counts:
    then nothing is too short here. ``origin`` is where intervals of counts begin, ``empty`` what one without any
    request is worth.
    """

    exports: tuple[Export, ...]
    rule: Outage
    where: tuple[Condition, ...]
    per: str | None
    cuts: tuple[TakenOut, ...] = ()
    exempt: tuple[Exempt, ...] = ()
    apart: bool = False
    empty: Literal["good", "skip", "bad", "missing"] | None = None
    origin: int = 0

    @property
    def later(self) -> bool:
        return self.rule.judged == "after-exclusions"

    @property
    def as_outages(self) -> bool:
        """Whether outages are needed as such, not the united time that was down."""
        rule = self.rule
        return bool(self.apart or self.later or self.cuts or rule.same_cause_within is not None or rule.weight)


@dataclass(frozen=True)
class Dropped:
    """A record that gave way to another one; instants in microseconds."""

    k: int
    start: int
    end: int
    export: Export
    row: int


@dataclass(frozen=True)
class Seen:
    """The samples behind the down time of a rule, and the subjects, or members of subjects, that they are of.

    Where samples end by themselves ``unknown`` is the signal of what is not known between them. ``only`` are those of
    ``names`` that the rule is for, if not all; the samples are shared with other rules, and of others too.
    """

    samples: SampleSpells
    names: tuple[str, ...]
    unknown: int | None = None
    only: tuple[int, ...] | None = None

    @property
    def count(self) -> int:
        """How many subjects there are."""
        return len(self.names if self.only is None else self.only)


@dataclass(frozen=True)
class Down:
    """Where the down time of one rule is found: signal ids, subjects, and the records to show as evidence.

    ``not_up`` and ``unknown`` are None for logs, where what no record calls down is up; a running period with a least
    length has them, because an outage that is still open may yet last. ``least`` is what is still to be judged on the
    spells themselves. ``records`` have rowid, k, t: what shows the start of a spell. ``names[k]`` are the subjects;
    ``within`` is how many samples of each lie in the stretch that was read. With ``outages`` the outages of the signal
    ``down`` stand in ``Built.outages`` too; of logs, ``members`` (k, o, r) are the records that each is made of: those
    of ``rowid`` in the log at ``position`` of so many ``logs`` have the r from (rowid * logs + position) * PIECES on.
    ``seen`` is what states were made of. ``only`` are the subjects asked for, where others share the signals. Spells of
    ``alike`` are those that both ``down`` and ``not_up`` would have.
    """

    down: int
    not_up: int | None
    unknown: int | None
    names: tuple[str, ...]
    records: tuple[tuple[Export, Frame], ...]
    least: int = 0
    skipped: int | None = None
    outages: bool = False
    members: Frame | None = None
    facts: tuple[SampleFacts, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    remarks: tuple[str, ...] = ()
    seen: Seen | None = None
    only: tuple[int, ...] | None = None
    alike: int | None = None

    @property
    def subjects(self) -> list[tuple[int, str]]:
        """The subjects that are asked for, by number and name."""
        return list(enumerate(self.names)) if self.only is None else [(k, self.names[k]) for k in self.only]

    @property
    def rows(self) -> dict[int, int]:
        """How many samples lie in the stretch that was read, by subject."""
        return {fact.k: fact.within for fact in self.facts}


@dataclass
class Built:
    """The down time of every rule of a run; ``found`` is keyed by position.

    ``frame`` has spells (g, k, s, e), disjoint per (g, k). ``outages`` has the pieces (g, k, o, s, e) of the outages of
    rules that need them as such: the pieces of one o are one outage. ``weights`` has records (g, k, r, o, s, e, w, n).
    """

    spells: list[Frame] = field(default_factory=list)
    pieces: list[Frame] = field(default_factory=list)
    weighed: list[Frame] = field(default_factory=list)
    found: dict[int, Down] = field(default_factory=dict)
    signals: int = 0

    def signal(self) -> int:
        """The first of the signal ids of one more rule."""
        self.signals += STRIDE
        return self.signals - STRIDE

    @property
    def frame(self) -> Frame:
        return nw.concat(self.spells)

    @property
    def outages(self) -> Frame | None:
        return nw.concat(self.pieces) if self.pieces else None

    @property
    def weights(self) -> Frame | None:
        return nw.concat(self.weighed) if self.weighed else None


def columns(frame: Frame, names: Sequence[str]) -> Frame:
    """``names`` of ``frame`` as integers of 64 bits, so that frames can be laid together."""
    return frame.select(*(nw.col(name).cast(nw.Int64) for name in names))
