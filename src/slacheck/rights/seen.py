"""What statements say of one period, put in order for rights: by level, and by subject."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from weakref import WeakKeyDictionary

from slacheck.agreement.agreement import Agreement
from slacheck.history import History
from slacheck.planning import Settling
from slacheck.settlement import Settled
from slacheck.statement import Line, PeriodPartShown, Total
from slacheck.timeline.periods import Period, leading_to

BySubject = Mapping[str, Sequence[Line]]


class Told(NamedTuple):
    """What one statement says of a period, or of ``days`` of it."""

    lines: Sequence[Line]
    total: Total | None
    days: int


class Seen:
    """The statements of one period: one, or one for each part that amendments split it into.

    Lines of ``by_record``, levels that are judged record by record, are about the subject of their record.
    """

    def __init__(self, told: Sequence[Told], by_record: Collection[str]) -> None:
        self.told = told
        self._by_record = by_record
        self._lines: dict[str, list[tuple[Line, int]]] = {}
        self._troubled: dict[str, dict[str, list[Line]]] = {}
        self._measured: dict[str, dict[str, list[tuple[Line, int]]]] = {}
        for each in told:
            for line in each.lines:
                self._lines.setdefault(line.level, []).append((line, each.days))

    def lines(self, level: str) -> Iterator[Line]:
        """Every line of a level."""
        return (line for line, _ in self._lines.get(level, ()))

    def troubled(self, level: str) -> BySubject:
        """The lines of a level that are breached or may be, by subject."""
        if level not in self._troubled:
            found: dict[str, list[Line]] = {}
            for line in self.lines(level):
                if line.verdict in ("breached", "indeterminate"):
                    found.setdefault(self._subject(line), []).append(line)
            self._troubled[level] = found
        return self._troubled[level]

    def measured(self, level: str) -> Mapping[str, Sequence[tuple[Line, int]]]:
        """The lines of a level that have a value or may have one, by subject, each with the days that it is for."""
        if level not in self._measured:
            found: dict[str, list[tuple[Line, int]]] = {}
            for line, days in self._lines.get(level, ()):
                if line.verdict != "not-applicable":
                    found.setdefault(self._subject(line), []).append((line, days))
            self._measured[level] = found
        return self._measured[level]

    def _subject(self, line: Line) -> str:
        return line.record_of if line.level in self._by_record else line.subject


_SEEN: WeakKeyDictionary[History, dict[tuple[object, ...], Seen]] = WeakKeyDictionary()


class Past:
    """The period of a statement that is being made, and those before it, as far as they are known."""

    def __init__(self, settling: Settling, settled: Settled, history: History) -> None:
        self.settling = settling
        self._history = history
        self._known: dict[str, Seen | None] = {}
        levels = settling.agreement.service_levels
        self._by_record = frozenset(name for name, each in levels.items() if each.per and each.per.record)
        self._own = self._with_earlier_parts(settled)

    @property
    def agreement(self) -> Agreement:
        return self.settling.agreement

    @property
    def period(self) -> Period:
        return self.settling.window.period

    def of(self, period: Period) -> Seen | None:
        """What is known of a period; None where nothing is."""
        if period.label not in self._known:
            self._known[period.label] = self._own if period.label == self.period.label else self._earlier(period)
        return self._known[period.label]

    @property
    def looked_at(self) -> Collection[Seen]:
        """Every known period that was looked at so far."""
        return [seen for seen in self._known.values() if seen is not None]

    def last(self, at: Period, count: int) -> list[Period]:
        """``at`` and the periods before it, ``count`` in all, the earliest first; none that ended before the
        agreement began."""
        return list(leading_to(at, count, self.agreement.effective))[::-1]

    def since(self, at: Period, first: date) -> list[Period]:
        """The periods from ``first`` on that lead to ``at``, the earliest first, as ``last`` does."""
        return list(leading_to(at, None, self.agreement.effective, first))[::-1]

    def in_force(self, level: str, period: Period) -> bool:
        """Whether a level has a day in a period."""
        terms = self.agreement.service_levels[level]
        begun = terms.effective is None or period.end > terms.effective
        return begun and (terms.until is None or period.start <= terms.until)

    def _earlier(self, period: Period) -> Seen | None:
        statements = self._history.statements(self.settling, period)
        if statements is None:
            return None
        # A period is looked at from many later ones, and its statements do not change any more.
        key = (self._by_record, *map(id, statements))
        kept = _SEEN.setdefault(self._history, {})
        if key not in kept:
            days = (period.end - period.start).days
            told = [Told(each.lines, each.total, _days(each.period.part, days)) for each in statements]
            kept[key] = Seen(told, self._by_record)
        return kept[key]

    def _with_earlier_parts(self, settled: Settled) -> Seen:
        part, days = self.settling.part, (self.period.end - self.period.start).days
        own = Told(settled.lines, settled.total, (part.end - part.start).days if part else days)
        earlier = self._history.statements(self.settling, self.period) if part else None
        before = [Told(each.lines, each.total, _days(each.period.part, days)) for each in earlier or ()]
        return Seen([*before, own], self._by_record)


def _days(part: PeriodPartShown | None, whole: int) -> int:
    if part is None:
        return whole
    return (date.fromisoformat(part.last_day) - date.fromisoformat(part.first_day)).days + 1
