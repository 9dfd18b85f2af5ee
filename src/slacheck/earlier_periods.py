"""What a statement shows of the periods before it, for pictures: nothing in it rests on that."""

from __future__ import annotations

from collections.abc import Sequence

from slacheck.history import History
from slacheck.planning import Settling
from slacheck.statement import EarlierShown, Line, Statement

# With its own period a year of months.
PERIODS = 11
# Of statements of more lines only the periods themselves are shown.
MOST_LINES = 200

_Key = tuple[str, str, str]


def earlier_periods(settling: Settling, lines: Sequence[Line], history: History) -> tuple[EarlierShown, ...]:
    """The periods directly before that are known, in the order of time, with the lines that ``lines`` has too."""
    few = len(lines) <= MOST_LINES
    keys = {_key(line) for line in lines} if few else set()
    return tuple(_shown(each, keys, history) for each in history.before(settling, PERIODS, lookup=few))


def _key(line: Line) -> _Key:
    return line.level, line.of_class, line.subject


def _shown(statement: Statement, keys: set[_Key], history: History) -> EarlierShown:
    whole, part, total = statement.period, statement.period.part, statement.total
    days = part or whole
    return EarlierShown(
        period=whole.label,
        title=days.title,
        first_day=days.first_day,
        last_day=days.last_day,
        verdict=statement.verdict,
        least=total.least if total else None,
        most=total.most if total else None,
        lines=tuple(history.earlier_line(each) for each in statement.lines if _key(each) in keys),
    )
