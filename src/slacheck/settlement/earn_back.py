"""What is returned of earlier credits because their level was met again, at once or against later credits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from slacheck.agreement.settlement_terms import EarnBack
from slacheck.derivation import Step
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.language.quantities import CivilLength
from slacheck.money import decimal_text, written
from slacheck.planning import Settling
from slacheck.remedies.owed import Owed
from slacheck.settlement.bounds import Value, summed
from slacheck.settlement.charge import rounded_owed
from slacheck.settlement.claims import day_after
from slacheck.settlement.earlier import counted_range, earlier_in, parts_before, since_the_beginning, unsettled
from slacheck.statement import BankShown, Line, ReturnedShown, Statement
from slacheck.timeline.periods import Period, leading_to

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class EarnedBack:
    """What reduces the total: ``least`` where the total is most, ``most`` where it is least; and what is kept."""

    least: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    returned: tuple[ReturnedShown, ...] = ()
    bank: tuple[BankShown, ...] = ()
    remarks: tuple[str, ...] = ()

    def steps(self, before: Value, taken: Fraction) -> tuple[Step, ...]:
        """How ``taken`` is shown, and what it leaves."""
        said = f"less {decimal_text(taken)} that was earned back"
        return (Step("returned", said, None if before is None else before - taken),) if taken else ()


def earned_back(
    settling: Settling, judged: Sequence[Judged], credited: tuple[Fraction, Value], history: History
) -> EarnedBack:
    """What is earned back in this period, and what of it is used now. ``credited`` are the credits of this period.

    Only credits that a statement shows can be returned: of periods that are not known nothing is, and a remark says so.
    """
    terms = settling.agreement.settlement.earn_back
    if terms is None:
        return EarnedBack()
    periods = earlier_in(settling, terms.within) if terms.within else since_the_beginning(settling)
    window = list(leading_to(settling.window.period, terms.of_last, settling.agreement.effective))
    before = [each for each in periods if each.start < window[-1].start] if len(window) == terms.of_last else []
    missing = [each.label for each in before if history.statements(settling, each) is None]
    remarks = []
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        remarks.append(f"earn-back: the credits of {shown} are not known, and nothing of them is returned")
    # Whether a period was met shows at its end: an earlier part of one that an amendment splits returns nothing.
    ended = settling.part is None or settling.part.end >= settling.window.period.end
    returned = _returned(settling, terms, judged, window, before, history) if ended else []
    remarks += _unclaimed(settling, returned, before, history)
    least = sum((Fraction(each.least) for each in returned), Fraction(0))
    most = sum((Fraction(each.most or each.least) for each in returned), Fraction(0))
    if terms.used == "paid-back":
        return EarnedBack(least, most, tuple(returned), (), tuple(remarks))
    kept, unknown = _bank(settling, history)
    if unknown:
        remarks.append(f"earn-back: what was kept before {settling.window.period.label} is not known")
    used_least, used_most, left = _used(kept, credited)
    if most:
        currency = settling.agreement.currency or ""
        until = _until(settling, terms)
        left.append(_kept(settling.window.period.label, least, most, until, currency))
    return EarnedBack(used_least, used_most, tuple(returned), tuple(left), tuple(remarks))


def _unclaimed(
    settling: Settling, returned: Sequence[ReturnedShown], before: Sequence[Period], history: History
) -> list[str]:
    """What is returned of credits that were not claimed in time, and perhaps never paid."""
    periods = {period.label: period for period in before}
    found: dict[str, None] = {}
    for each in returned:
        lines = history.lines(settling, periods[each.period], each.level, each.of_class, each.subject) or ()
        if any(line.credit is not None and line.credit.claimed in ("late", "not-claimed") for line in lines):
            text = f"earn-back: the credit of '{each.level}' in {each.period} was not claimed in time"
            found[f"{text}; what is returned of it supposes that it was paid"] = None
    return list(found)


def _returned(
    settling: Settling,
    terms: EarnBack,
    judged: Sequence[Judged],
    window: Sequence[Period],
    before: Sequence[Period],
    history: History,
) -> list[ReturnedShown]:
    """Every earlier credit whose level was met often enough since, and that was not returned yet."""
    currency = settling.agreement.currency or ""
    before_this = parts_before(settling, history)
    for period in since_the_beginning(settling):
        before_this += history.statements(settling, period) or ()
    gone: dict[str, list[ReturnedShown]] = {}
    for statement in before_this:
        for each in statement.total.returned if statement.total is not None else ():
            gone.setdefault(each.period, []).append(each)
    done = {
        (each.level, each.of_class, each.subject, each.period)
        for statement in before_this
        if statement.total is not None
        for each in statement.total.returned
        # What was open when it was returned counts as returned.
    }
    of_parts = [line for statement in parts_before(settling, history) for line in statement.lines]
    since = _Since(settling, window, [*of_parts, *(each.line for each in judged)], history)
    # In a later period that is not known a credit may have been returned already.
    unseen = max((each.start for each in _unknown(settling, history)), default=None)
    rounding = settling.agreement.settlement.rounding
    found: list[ReturnedShown] = []
    for period in reversed(before):
        statements = history.statements(settling, period) or ()
        of_period = gone.get(period.label, [])
        room = _returnable(statements, terms, of_period)
        for statement in statements:
            open_pairs = unsettled(statement)
            for line in statement.lines:
                key = line.level, line.of_class, line.subject
                credit = line.credit
                if line.level in terms.not_for or credit is None or (*key, period.label) in done:
                    continue
                counted = counted_range(credit, open_pairs)
                if credit.unit == "points" or counted[1] is None or counted[1] <= 0:
                    continue
                met = since.met(line, terms.met)
                if met is False:
                    continue
                share = [
                    rounded_owed(
                        Owed(max(Fraction(0), amount or Fraction(0)) * terms.returns), currency, rounding
                    ).exact
                    for amount in counted
                ]
                sure = met and (unseen is None or unseen <= period.start)
                least = min(share[0], room[0]) if sure else Fraction(0)
                most = share[1] if room[1] is None else min(share[1], room[1])
                room = max(Fraction(0), room[0] - most), None if room[1] is None else room[1] - least
                found.append(
                    ReturnedShown(
                        level=line.level,
                        of_class=line.of_class,
                        subject=line.subject,
                        period=period.label,
                        least=written(least, currency),
                        most=written(most, currency),
                    )
                )
    return [each for each in found if Fraction(each.most or "0") > 0]


def _returnable(
    statements: Sequence[Statement], terms: EarnBack, gone: Sequence[ReturnedShown]
) -> tuple[Fraction, Value]:
    """What of the credits of one period can still be returned: never more than what its total credited."""
    totals = [statement.total for statement in statements if statement.total is not None]
    least = sum((max(Fraction(0), Fraction(total.credited_least)) for total in totals), Fraction(0)) * terms.returns
    least -= sum((Fraction(each.most or each.least) for each in gone), Fraction(0))
    most = summed(
        None if total.credited_most is None else max(Fraction(0), Fraction(total.credited_most)) for total in totals
    )
    if most is not None:
        most = most * terms.returns - sum((Fraction(each.least) for each in gone), Fraction(0))
        most = max(Fraction(0), most)
    return max(Fraction(0), least), most


def _unknown(settling: Settling, history: History) -> Iterator[Period]:
    """The earlier periods that are not known, back to the first that is: before it nothing could be returned."""
    gap: list[Period] = []
    for period in since_the_beginning(settling):
        if history.statements(settling, period) is None:
            gap.append(period)
            continue
        yield from gap
        gap = []


class _Since:
    """Whether levels were met in the periods of ``window``, of which the first is that of ``now``."""

    def __init__(self, settling: Settling, window: Sequence[Period], now: Sequence[Line], history: History) -> None:
        self._settling, self._window, self._history = settling, window, history
        self._known: dict[_Key, tuple[int, int]] = {}
        self._indexed: dict[str, dict[_Key, list[Line]]] = {window[0].label: _indexed(now)} if window else {}

    def met(self, line: Line, least: int) -> bool | None:
        """Whether the level of a line was met in so many of the periods; None where what is not known could decide it.

        Records of a subject are taken together: none of them may be breached, and there must be some.
        """
        level = self._settling.agreement.service_levels.get(line.level)
        if level is None:
            # An amendment took the level away: it is met no more.
            return False
        per = level.per
        of_record = per is not None and per.record is not None
        key = (line.level, "", line.record_of) if of_record else (line.level, line.of_class, line.subject)
        if key not in self._known:
            self._known[key] = self._counted(key, of_record)
        sure, unknown = self._known[key]
        return True if sure >= least else None if sure + unknown >= least else False

    def _counted(self, key: _Key, of_record: bool) -> tuple[int, int]:
        sure = unknown = 0
        for period in self._window:
            lines = self._lines(period, key, of_record)
            if lines is None:
                unknown += 1
                continue
            verdicts = {line.verdict for line in lines}
            sure += verdicts == {"met"}
            unknown += verdicts <= {"met", "indeterminate"} and "indeterminate" in verdicts
        return sure, unknown

    def _lines(self, period: Period, key: _Key, of_record: bool) -> Sequence[Line] | None:
        if period.label not in self._indexed:
            if not of_record:
                return self._history.lines(self._settling, period, *key)
            statements = self._history.statements(self._settling, period)
            if statements is None:
                return None
            self._indexed[period.label] = _indexed([line for statement in statements for line in statement.lines])
        return self._indexed[period.label].get(key, [])


def _indexed(lines: Sequence[Line]) -> dict[_Key, list[Line]]:
    """Lines by level, class and subject; those of records also by their subject, whatever their class."""
    found: dict[_Key, list[Line]] = {}
    for line in lines:
        own, of_record = (line.level, line.of_class, line.subject), (line.level, "", line.record_of)
        for key in {own, of_record}:
            found.setdefault(key, []).append(line)
    return found


def _bank(settling: Settling, history: History) -> tuple[list[BankShown], bool]:
    """What the statement before this one kept, as far as it has not expired; and whether that is not known."""
    # The part of the period before this one used and kept some of it already.
    statements: Sequence[Statement] | None = parts_before(settling, history)
    if not statements:
        earlier = islice(leading_to(settling.window.period, 2, settling.agreement.effective), 1, None)
        for period in earlier:
            statements = history.statements(settling, period)
    if statements is None:
        return [], True
    total = statements[-1].total if statements else None
    first = settling.window.period.start.isoformat()
    kept = total.bank if total is not None else ()
    return [each for each in kept if each.until is None or each.until >= first], False


def _used(kept: Sequence[BankShown], credited: tuple[Fraction, Value]) -> tuple[Fraction, Fraction, list[BankShown]]:
    """What of the bank is used where the total is most, and where it is least; and what is left, the oldest first."""
    least, most = max(Fraction(0), credited[0]), credited[1]
    in_least = in_most = Fraction(0)
    left: list[BankShown] = []
    for each in kept:
        low, high = Fraction(each.left_least), Fraction(each.left_most or each.left_least)
        # The total is least where the bank is full and the credits are few, and most the other way round.
        of_least = min(high, least - in_least)
        of_most = low if most is None else min(low, max(Fraction(0), most - in_most))
        in_least, in_most = in_least + of_least, in_most + of_most
        rest = low - of_most, high - of_least
        if rest[1] > 0:
            digits = len(each.left_least.partition(".")[2])
            left.append(
                each.model_copy(update={"left_least": _plain(rest[0], digits), "left_most": _plain(rest[1], digits)})
            )
    return in_most, in_least, left


def _plain(amount: Fraction, digits: int) -> str:
    units = int(amount * 10**digits)
    return f"{units // 10**digits}.{units % 10**digits:0{digits}d}" if digits else str(units)


def _kept(label: str, least: Fraction, most: Fraction, until: date | None, currency: str) -> BankShown:
    return BankShown(
        earned=label,
        left_least=written(least, currency),
        left_most=written(most, currency),
        until=until.isoformat() if until else None,
    )


def _until(settling: Settling, terms: EarnBack) -> date | None:
    if isinstance(terms.expires, CivilLength):
        last = settling.window.period.end - timedelta(days=1)
        return day_after(last, terms.expires, settling.window.period, settling.calendars, None)
    return settling.agreement.until if terms.expires == "term-end" else None
