"""Which earlier periods count beside that of a statement, and what they credited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice

from slacheck.history import History
from slacheck.language.payments import Cap
from slacheck.language.quantities import CivilLength
from slacheck.planning import Settling
from slacheck.settlement.bounds import Value, greater, lesser, summed
from slacheck.statement import Credit, Statement
from slacheck.timeline.periods import Cycle, Every, Period, before_by, containing, leading_to

_STRETCHES: dict[str, Every] = {"month": "month", "quarter": "quarter", "year": "year"}


def earlier_in(settling: Settling, length: CivilLength) -> Iterator[Period]:
    """The periods before that of the statement inside a stretch that ends with it, the latest first.

    None of them ends before the agreement begins.
    """
    period = settling.window.period
    if length.unit == "period":
        return islice(leading_to(period, length.count, settling.agreement.effective), 1, None)
    return _since(settling, before_by(period.end, length.count, length.unit))


def _earlier_under(settling: Settling, cap: Cap) -> Iterator[Period]:
    """The earlier periods that a cap bounds together with this one: of its rolling stretch, of the same month, quarter
    or year of the calendar, or of the term."""
    if cap.rolling is not None:
        return earlier_in(settling, cap.rolling)
    if not cap.of_stretch:
        return iter(())
    if cap.per == "term":
        return since_the_beginning(settling)
    stretch = containing(Cycle(_STRETCHES[cap.per]), settling.window.period.start)
    return _since(settling, stretch.start)


def under_the_cap(
    settling: Settling,
    cap: Cap,
    history: History,
    credited: Callable[[Statement], tuple[Value, Value]],
    shared_out: bool,
) -> tuple[Value, Value]:
    """What earlier statements took of a cap, at least and at most; there is no most where one of them is not known.

    A cap that is a share of a fee for the period is ``shared_out`` over the parts of a period with that fee. Anything
    else is one for all of them. An earlier bonus leaves no more room than there was.
    """
    found: list[Statement] = []
    if cap.of_stretch or not shared_out:
        found += parts_before(settling, history)
    missing = False
    for period in _earlier_under(settling, cap):
        statements = history.statements(settling, period)
        if statements is None:
            missing = True
        else:
            found += statements
    ranges = [credited(statement) for statement in found]
    none = Fraction(0)
    least = summed(greater(none, least) for least, _ in ranges)
    return least, None if missing else summed(greater(none, most) for _, most in ranges)


def parts_before(settling: Settling, history: History) -> list[Statement]:
    """The statements of the earlier parts of the period, where an amendment splits it."""
    if settling.part is None:
        return []
    return [
        each
        for each in history.statements(settling, settling.window.period) or ()
        if each.period.part is not None and each.period.part.last_day < settling.part.start.isoformat()
    ]


def since_the_beginning(settling: Settling) -> Iterator[Period]:
    """All periods of the agreement before that of the statement, the latest first."""
    return _since(settling, None)


def _since(settling: Settling, first: date | None) -> Iterator[Period]:
    return islice(leading_to(settling.window.period, None, settling.agreement.effective, first), 1, None)


class CountedBefore:
    """What lines of earlier statements came to, looked up by level, subject (that of the line or of its record) and
    class, or by what a record says in one word."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[bool, dict[tuple[str, ...], list[Credit]]]] = {}

    def of(self, statement: Statement, key: tuple[str, ...]) -> tuple[Value, Value]:
        """What the lines came to together, at least and at most."""
        if id(statement) not in self._of:
            index: dict[tuple[str, ...], list[Credit]] = {}
            for line in statement.lines:
                if line.credit is not None:
                    index.setdefault(("line", line.level, line.subject, line.of_class), []).append(line.credit)
                    index.setdefault(("record", line.level, line.record_of, line.of_class), []).append(line.credit)
                    for word, value in line.facts.items():
                        index.setdefault(("fact", line.level, word, value or ""), []).append(line.credit)
            self._of[id(statement)] = unsettled(statement), index
        crossed, credits = self._of[id(statement)]
        return counted(credits.get(key, ()), crossed)


def counted(credits: Sequence[Credit], unsettled: bool) -> tuple[Value, Value]:
    """What some credits of an earlier statement came to together, at least and at most.

    What is counted of a line where all are at their least, or at their most, adds up. But where open lines exclude each
    other any of them may yet be the one that gives way, or that is paid.
    """
    if unsettled:
        ranges = [counted_range(each, unsettled=True) for each in credits]
        return summed(least for least, _ in ranges), summed(most for _, most in ranges)
    least = summed(value_of(each.counted_least) for each in credits)
    most = summed(value_of(each.counted_most) for each in credits)
    return lesser(least, most), greater(least, most)


def unsettled(statement: Statement) -> bool:
    """Whether open lines of a statement exclude each other, so that which of them are paid is not known."""
    credits = [each.credit for each in statement.lines if each.credit is not None]
    return any(each.counted_because for each in credits) and not all(each.certain for each in credits)


def counted_range(credit: Credit, unsettled: bool) -> tuple[Value, Value]:
    """What may yet be counted of one earlier credit."""
    least, most = value_of(credit.counted_least), value_of(credit.counted_most)
    if unsettled:
        # A bonus is never dropped.
        return lesser(Fraction(0), least), value_of(credit.most.amount if credit.most else None)
    return lesser(least, most), greater(least, most)


def value_of(text: str | None) -> Value:
    """An amount as a statement holds it."""
    return None if text is None else Fraction(text)
