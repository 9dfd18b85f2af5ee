"""What earlier periods say: statements of this run, and those that were given from earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from slacheck.measures.measure import Measured
from slacheck.planning import Settling
from slacheck.statement import Exact, Line, Statement
from slacheck.timeline.periods import Period, leading_to


@dataclass(frozen=True)
class Past:
    """One earlier line, and its value."""

    line: Line
    measured: Measured | None


# The lines of one period, by level.
Levels = Mapping[str, Sequence[Past]]
Agreed = tuple[str, str]


class History:
    """The statements of earlier periods, by agreement and by the label of their period.

    A period that spans an amendment has a statement for each of its parts. A period without a statement is not known.
    """

    def __init__(self) -> None:
        self._statements: dict[tuple[Agreed, str], list[Statement]] = {}
        self._values: dict[tuple[Agreed, str], Levels] = {}
        self._index: dict[tuple[Agreed, str], dict[tuple[str, str, str], list[Line]]] = {}

    def keep(self, settling: Settling, statement: Statement, levels: Levels | None = None) -> None:
        """Remember one statement and, where it was made in this run, the exact values of its lines."""
        key = _of(settling), statement.period.label
        self._statements.setdefault(key, []).append(statement)
        self._index.pop(key, None)
        if levels is not None:
            self._values[key] = levels

    def levels_before(self, settling: Settling, periods: int) -> Iterator[Levels | None]:
        """The lines of so many periods before that of ``settling``, the last first; None where they are not known.

        Periods that end before the agreement begins are none.
        """
        earlier = leading_to(settling.window.period, periods + 1, settling.agreement.effective)
        return (self._levels(settling, period) for period in islice(earlier, 1, None))

    def _levels(self, settling: Settling, period: Period) -> Levels | None:
        key = _of(settling), period.label
        if key in self._values:
            return self._values[key]
        if key not in self._statements:
            return None
        found: dict[str, list[Past]] = {name: [] for name in settling.agreement.service_levels}
        for statement in self._statements[key]:
            for line in statement.lines:
                found.setdefault(line.level, []).append(Past(line, _measured(line)))
        return found

    def statements(self, settling: Settling, period: Period) -> Sequence[Statement] | None:
        """The statements of a period; None where it is not known."""
        return self._statements.get((_of(settling), period.label))

    def lines(self, settling: Settling, period: Period, level: str, of_class: str, subject: str) -> list[Line] | None:
        """The lines of one level, class and subject in a period; None where the period is not known."""
        key = _of(settling), period.label
        if key not in self._statements:
            return None
        if key not in self._index:
            index: dict[tuple[str, str, str], list[Line]] = {}
            for statement in self._statements[key]:
                for line in statement.lines:
                    index.setdefault((line.level, line.of_class, line.subject), []).append(line)
            self._index[key] = index
        return self._index[key].get((level, of_class, subject), [])


def _of(settling: Settling) -> Agreed:
    first = settling.file.first
    return first.label, first.digest


def _measured(line: Line) -> Measured | None:
    """The value of a line as far as its statement holds it exactly."""
    if line.best is None or line.worst is None or line.best.exact is None or line.worst.exact is None:
        return None
    coverage = _fraction(line.coverage)
    best, worst = line.best.fraction, line.worst.fraction
    return Measured(best, worst, coverage, margin_in=line.margin_in, open_above=line.open_above)


def _fraction(shown: Exact | None) -> Fraction:
    return Fraction(1) if shown is None else shown.fraction
