"""What earlier periods say: statements of this run, and those that were given from earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from slacheck.agreement.loading import AgreementFile
from slacheck.measures.measure import Measured
from slacheck.past_statements import Known
from slacheck.planning import Settling
from slacheck.statement import EarlierLine, Exact, HistoryShown, Line, Note, Statement
from slacheck.timeline.periods import Period, leading_to


@dataclass(frozen=True)
class Past:
    """One earlier line, and its value; ``lost`` where it had one that its statement does not hold exactly."""

    line: Line
    measured: Measured | None
    lost: bool = False


# What else is known of a period of an agreement. Raises DataError where it is not what was given of it.
More = Callable[[Settling, Period], Known]
# The lines of one period, by level.
Levels = Mapping[str, Sequence[Past]]
# Unknown periods that a note names.
_NAMED = 3

_Key = tuple[int, str]
THIS_RUN = "this run"


@dataclass(frozen=True)
class _Kept:
    """One statement, where it came from, and its lines with their exact values where they are known."""

    statement: Statement
    version: AgreementFile
    period: Period
    file: str = THIS_RUN
    digest: str | None = None
    levels: Levels | None = None


class History:
    """The statements of earlier periods, by agreement and by the label of their period.

    A period that spans an amendment has a statement for each of its parts. A period without a statement is not known.
    What is looked up for a settling is remembered: its statement rests on that. ``more`` finds what else is known of
    a period when it is looked up first.
    """

    def __init__(self, given: Mapping[int, Known] | None = None, more: More | None = None) -> None:
        self._given = dict(given or {})
        self._more = more
        self._asked: set[_Key] = set()
        self._kept: dict[_Key, dict[str, _Kept]] = {}
        self._index: dict[int, dict[tuple[str, str, str], list[Line]]] = {}
        self._looked: dict[int, dict[str, Period]] = {}
        self._lost: dict[int, dict[str, None]] = {}
        # A line is shown in the statements of many later periods, and made once.
        self._shown: dict[int, EarlierLine] = {}
        for of, known in self._given.items():
            self._accept(of, known)

    def _accept(self, of: int, known: Known) -> None:
        for each in known.accepted:
            kept = _Kept(each.statement, each.version, each.period, each.file.label, each.file.digest)
            self._keep((of, each.period.label), kept)

    def keep(self, settling: Settling, statement: Statement, levels: Levels) -> None:
        """Remember a statement that was made in this run, and the exact values of its lines."""
        kept = _Kept(statement, settling.file, settling.window.period, levels=levels)
        self._keep(_key(settling, kept.period), kept)

    def _keep(self, key: _Key, kept: _Kept) -> None:
        self._kept.setdefault(key, {})[_begins(kept.statement)] = kept

    def levels_before(self, settling: Settling, periods: int) -> Iterator[Levels | None]:
        """The lines of so many periods before that of ``settling``, the last first; None where they are not known.

        Periods that end before the agreement begins are none.
        """
        earlier = leading_to(settling.window.period, periods + 1, settling.agreement.effective)
        return (self._levels(settling, period) for period in islice(earlier, 1, None))

    def _levels(self, settling: Settling, period: Period) -> Levels | None:
        kept = self._look(settling, period)
        if kept is None:
            return None
        found: dict[str, list[Past]] = {name: [] for name in settling.agreement.service_levels}
        for each in kept:
            of_each = each.levels if each.levels is not None else _read_back(each)
            for name, lines in of_each.items():
                found.setdefault(name, []).extend(lines)
        lost = {past.line.level: None for lines in found.values() for past in lines if past.lost}
        for level in lost:
            text = f"history: the value of '{level}' in {period.label} is too long to be written exactly, and not known"
            self._lost.setdefault(id(settling), {})[text] = None
        return found

    def statements(self, settling: Settling, period: Period) -> Sequence[Statement] | None:
        """The statements of a period, of the settling's own those of the parts before; None where it is not known."""
        kept = self._look(settling, period)
        return None if kept is None else [each.statement for each in kept]

    def before(self, settling: Settling, most: int, lookup: bool) -> list[Statement]:
        """The statements of so many periods before that of ``settling`` that are known, and of its own the parts before
        it, in the order of time. Nothing rests on them: they are for pictures. Where not ``lookup`` they are those that
        the run holds anyway.
        """
        earlier = leading_to(settling.window.period, most + 1, settling.agreement.effective)
        periods = list(earlier)[::-1]
        return [each.statement for period in periods for each in self._standing(settling, period, lookup)]

    def earlier_line(self, line: Line) -> EarlierLine:
        """A line of a statement of this history as later ones show it."""
        if id(line) not in self._shown:
            credit = line.credit if line.credit is not None and line.credit.unit == "money" else None
            self._shown[id(line)] = EarlierLine(
                level=line.level,
                of_class=line.of_class,
                subject=line.subject,
                period=line.period,
                verdict=line.verdict,
                target=line.target,
                unit=line.unit,
                best=line.best,
                worst=line.worst,
                credit_least=credit.counted_least if credit else None,
                credit_most=credit.counted_most if credit else None,
            )
        return self._shown[id(line)]

    def lines(self, settling: Settling, period: Period, level: str, of_class: str, subject: str) -> list[Line] | None:
        """The lines of one level, class and subject in a period; None where the period is not known."""
        statements = self.statements(settling, period)
        return None if statements is None else self.lines_in(statements, level, of_class, subject)

    def lines_in(self, statements: Sequence[Statement], level: str, of_class: str, subject: str) -> list[Line]:
        """The lines of one level, class and subject in statements of this history."""
        found: list[Line] = []
        for statement in statements:
            # Found by what it is: a statement that is kept stays the same object.
            index = self._index.get(id(statement))
            if index is None:
                index = self._index[id(statement)] = {}
                for line in statement.lines:
                    index.setdefault((line.level, line.of_class, line.subject), []).append(line)
            found += index.get((level, of_class, subject), [])
        return found

    def _look(self, settling: Settling, period: Period) -> list[_Kept] | None:
        self._looked.setdefault(id(settling), {})[period.label] = period
        return self._standing(settling, period) or None

    def _standing(self, settling: Settling, period: Period, lookup: bool = True) -> list[_Kept]:
        kept = self._known(settling, period) if lookup else self._kept.get(_key(settling, period), {})
        own = None
        if period == settling.window.period:
            own = settling.part.start.isoformat() if settling.part else ""
        return [kept[begins] for begins in sorted(kept) if own is None or begins < own]

    def _known(self, settling: Settling, period: Period) -> dict[str, _Kept]:
        key = _key(settling, period)
        if self._more is not None and key not in self._asked:
            self._asked.add(key)
            known, of = self._more(settling, period), key[0]
            self._accept(of, known)
            told = self._given.setdefault(of, Known()).told
            for label, texts in known.told.items():
                told[label] = list(dict.fromkeys((*told.get(label, ()), *texts)))
        return self._kept.get(key, {})

    def rests_on(self, settling: Settling) -> tuple[HistoryShown, ...]:
        """The earlier statements that were looked up for a settling, in the order of time."""
        looked = sorted(self._looked.get(id(settling), {}).values(), key=lambda each: each.start)
        return tuple(
            HistoryShown(period=period.label, part=_days(each.statement), file=each.file, sha256=each.digest)
            for period in looked
            for each in self._look(settling, period) or ()
        )

    def notes(self, settling: Settling, undecided: bool) -> tuple[Note, ...]:
        """What was given and does not count: of the period itself, which the run settles, and of those looked up.

        Where something is ``undecided``, also which earlier periods were asked for and are not known.
        """
        known = self._given.get(id(settling.file.first))
        told = known.told if known is not None else {}
        own = settling.window.period.label
        looked = sorted(self._looked.get(id(settling), {}).values(), key=lambda each: each.start)
        found = [Note(weight="info", text=f"history: {text}") for text in told.get(own, ())]
        unknown = [each.label for each in reversed(looked) if each.label != own and self._look(settling, each) is None]
        if undecided and unknown:
            shown = ", ".join(unknown[:_NAMED]) + (" and earlier ones" if len(unknown) > _NAMED else "")
            text = f"history: nothing is known of {shown}; statements of earlier periods are given with --history"
            found.append(Note(weight="warning", text=text))
        for period in looked:
            # What the run settles itself counts after all.
            if period.label != own and self._look(settling, period) is None:
                found += [Note(weight="warning", text=f"history: {text}") for text in told.get(period.label, ())]
        found += [Note(weight="warning", text=text) for text in self._lost.get(id(settling), ())]
        return tuple(found)


def _key(settling: Settling, period: Period) -> _Key:
    return id(settling.file.first), period.label


def _begins(statement: Statement) -> str:
    part = statement.period.part
    return part.first_day if part else ""


def _days(statement: Statement) -> str | None:
    part = statement.period.part
    return f"{part.first_day}..{part.last_day}" if part else None


def _read_back(kept: _Kept) -> Levels:
    """The lines of a statement with their values as far as it holds them exactly, rounded as they were compared."""
    found: dict[str, list[Past]] = {}
    for line in kept.statement.lines:
        found.setdefault(line.level, []).append(_past(line, kept.version))
    return found


def _past(line: Line, version: AgreementFile) -> Past:
    if line.best is None or line.worst is None:
        return Past(line, None)
    numbers = [_fraction(each) for each in (line.best, line.worst, line.coverage)]
    best, worst, coverage = numbers
    if best is None or worst is None or coverage is None:
        return Past(line, None, lost=True)
    measured = Measured(best, worst, coverage, margin_in=line.margin_in, open_above=line.open_above)
    level = version.agreement.service_levels.get(line.level)
    if level is None:
        return Past(line, measured)
    promise = level.promises.get(line.of_class) or next(iter(level.promises.values()))
    if promise.rounded is not None:
        measured = replace(measured, best=promise.rounded.value(best), worst=promise.rounded.value(worst))
    return Past(line, measured)


def _fraction(shown: Exact | None) -> Fraction | None:
    """What is shown, or nothing where it is too long to be shown exactly; without coverage all is known."""
    if shown is None:
        return Fraction(1)
    return None if shown.exact is None else shown.fraction
