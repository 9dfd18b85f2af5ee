"""The streams of a run: the records of an export that several asks read alike, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_

import narwhals as nw

from slacheck.engine.sample_quality import Gaps
from slacheck.language.conditions import Condition
from slacheck.measures.asking import Answered, Ask
from slacheck.measures.measure import Dated
from slacheck.planning import Asking
from slacheck.sources.exempt import Exempt
from slacheck.sources.opening import Export
from slacheck.timeline.windows import Window

Key = tuple[object, ...]


@dataclass(frozen=True)
class Stream:
    """The records of ``export`` that satisfy ``conditions`` and are not ``exempt``, told apart by ``per``, in a window.

    ``dated`` is the column of the instant that places them in a period, if they have one. ``asked`` are the asks that
    read them, with their answers, and ``levels`` whose they are.
    """

    export: Export
    conditions: tuple[Condition, ...]
    exempt: tuple[Exempt, ...]
    per: tuple[str, ...]
    window: Window
    dated: str | None
    levels: tuple[str, ...] = ()
    asked: tuple[tuple[Ask, Answered], ...] = ()

    @property
    def key(self) -> Key:
        """What streams have in common of which the same is known; the asks are not among it."""
        exempt = tuple((each.columns, tuple(sorted(each.keys))) for each in self.exempt)
        window = self.window
        alike = (self.per, window.lo, window.hi, window.service, window.running, self.dated)
        return (id(self.export), str(self.conditions), exempt, *alike)

    @property
    def matches(self) -> nw.Expr | None:
        """Whether a record satisfies the conditions; None where there are none."""
        if not self.conditions:
            return None
        return reduce(and_, map(self.export.matches, self.conditions))


@dataclass(frozen=True)
class Known:
    """What is known of a stream: rows in its window and at any time; the others are None where they say nothing.

    ``far`` are distances longer than a state holds, ``mean`` are the sum and number of those that the cadence is the
    mean of. ``expected`` is the time of all subjects together that should be known. ``names`` are those of the subjects
    of ``gaps``.
    """

    rows: int = 0
    matching: int = 0
    subjects: int | None = None
    duplicates: int | None = None
    conflicts: int | None = None
    distances: int | None = None
    far: int | None = None
    mean: tuple[int, int] | None = None
    each: int | None = None
    expected: int | None = None
    gaps: Gaps | None = None
    names: Mapping[int, str] = field(default_factory=dict)


def streams(asked: Sequence[tuple[Asking, Answered]], dated: Mapping[int, str | None]) -> dict[int, list[Stream]]:
    """The streams of every settling, by its id; ``dated`` is the column that dates the records of an export, by id."""
    found: dict[int, dict[Key, Stream]] = {}
    for asking, answered in asked:
        ask = asking.ask
        of_settling = found.setdefault(id(asking.settling), {})
        if ask.window.lo >= ask.window.hi:
            continue
        for export in {id(each): each for each in ask.exports}.values():
            stream = _stream(ask, export, dated.get(id(export)))
            known = of_settling.setdefault(stream.key, stream)
            levels = tuple(dict.fromkeys((*known.levels, _named(asking))))
            of_settling[stream.key] = replace(known, levels=levels, asked=(*known.asked, (ask, answered)))
    return {key: list(each.values()) for key, each in found.items()}


def _named(asking: Asking) -> str:
    """A level, and its class where it has classes."""
    promised = asking.promised
    return f"{promised.level_name}, {promised.of_class}" if promised.of_class else promised.level_name


def _stream(ask: Ask, export: Export, dated: str | None) -> Stream:
    timed = ask.measure.reads == "time"
    conditions = [each for each in (ask.rule.where if timed else None, *ask.where) if each is not None]
    quorum = ask.rule.quorum.column if timed and ask.rule.quorum is not None else None
    per = tuple(word for word in (ask.per, quorum) if word is not None)
    word = ask.measure.dated_by if isinstance(ask.measure, Dated) else None
    if export.source.shape == "cases" and word is not None and word in export.instants:
        dated = export.instants[word]
    return Stream(export, tuple(conditions), ask.exempt, per, ask.window, dated)
