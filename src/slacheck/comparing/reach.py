"""How much more, or less, would have had to go wrong for a level of a settled period to reach its target and bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promise
from slacheck.agreement.loading import AgreementFile
from slacheck.judging.budget import greatest
from slacheck.language.payments import Pay
from slacheck.language.quantities import Bound, Comparison
from slacheck.measures.availability import Availability
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.error_rate import ErrorRate
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.success_rate import SuccessRate
from slacheck.money import decimal_text
from slacheck.remedies.bands import Bands
from slacheck.remedies.prices import named
from slacheck.statement import Line, NumberText, Part, Statement

Unit = Literal["time", "requests", "cases", "records"]
# No export has as many.
_ENDLESS = 2**62


class Reached(Part):
    """The target, or one row of the table of credits.

    ``by`` is the least number of microseconds or pieces by which what went wrong must change for the row to be reached
    where it is not (above zero), or not to be reached any more where it is (below zero); null where nothing does.
    A target is reached where it is broken. ``pays`` is what the row pays as it is written, ``amount`` that of the whole
    fee before anything that stands beside it; null where it is not a plain fee.
    """

    what: Literal["target", "band"]
    compares: str
    reached: bool
    by: int | None
    pays: str = ""
    amount: NumberText | None = None


class Reach(Part):
    """One line of a settled period. ``refused`` says why nothing can be told; then there are no rows."""

    period: str
    level: str
    title: str
    of_class: str
    subject: str
    unit: Unit | None
    rows: tuple[Reached, ...] = ()
    refused: str = ""


class Reaches(Part):
    """The JSON document of the reach of every level, for every period."""

    slacheck_reach: Literal[1] = 1
    currency: str | None
    lines: tuple[Reach, ...]


@dataclass(frozen=True)
class Course:
    """What a value is when ``more`` goes wrong (below zero: less); from ``least`` to ``most`` of it can."""

    unit: Unit
    value: Callable[[int], Fraction]
    least: int
    most: int


class Untold(Exception):
    """Why the reach of a line cannot be told."""


def reaches(file: AgreementFile, statements: list[Statement]) -> Reaches:
    """The reach of every line, each by the terms that it was settled by."""
    lines = []
    for statement in statements:
        version = next((each for each in file.versions if each.terms == statement.agreement.terms), file)
        lines += [_reach(version.agreement, statement, line) for line in statement.lines]
    return Reaches(currency=file.agreement.currency, lines=tuple(lines))


def _reach(agreement: Agreement, statement: Statement, line: Line) -> Reach:
    shown = statement.period.part or statement.period
    found = Reach(
        period=shown.title,
        level=line.level,
        title=line.title,
        of_class=line.of_class,
        subject=line.subject,
        unit=None,
    )
    if statement.period.running:
        return found.model_copy(update={"refused": "the period runs; evaluate tells what is left of it"})
    promise = agreement.service_levels[line.level].promises[line.of_class]
    try:
        course = course_of(promise, line)
        rows = tuple(_rows(agreement, promise, course))
    except Untold as why:
        return found.model_copy(update={"refused": str(why)})
    return found.model_copy(update={"unit": course.unit, "rows": rows})


def course_of(promise: Promise, line: Line) -> Course:
    """How the value of a line depends on what goes wrong. Raises Untold.

    Whatever it is made of, the value that was measured must come out of it for nothing more and nothing less.
    """
    if line.verdict == "not-applicable":
        raise Untold("nothing was measured")
    if line.best is None or line.worst is None or line.open_above or line.best.exact is None:
        raise Untold("no one value was measured")
    if line.best != line.worst:
        raise Untold("data are missing: the value is not one")
    if line.record_of or line.subjects or promise.low_volume is not None:
        raise Untold("it is of single records, rolled up, or under a rule for few records")
    course = _course(promise, line)
    if course is None or course.value(0) != line.best.fraction:
        raise Untold(f"a value of {promise.measure.kind} is more than a number of things that went wrong")
    return course


def _course(promise: Promise, line: Line) -> Course | None:
    """The things that are counted are those of the period: of as many, more go wrong."""
    balance, counted, cases = line.balance, line.counted, line.cases
    match promise.measure:
        case Availability() if balance is not None and (service := balance.up + balance.down + balance.unknown):
            down = balance.down
            return Course("time", lambda more: 1 - Fraction(down + more, service), -down, service - down)
        case Downtime(statistic="total") if balance is not None:
            down = balance.down
            return Course("time", lambda more: Fraction(down + more), -down, balance.up)
        case SuccessRate() | ShareWithin() if counted is not None and counted.total:
            good, total = counted.good, counted.total
            return Course("requests", lambda more: Fraction(good - more, total), good - total, good)
        case ErrorRate() if counted is not None and counted.total:
            bad, total = counted.total - counted.good, counted.total
            return Course("requests", lambda more: Fraction(bad + more, total), -bad, total - bad)
        case ShareWithin() if cases is not None and cases.total and cases.within is not None:
            within, total = cases.within, cases.total
            return Course("cases", lambda more: Fraction(within - more, total), within - total, within)
        case Count() if counted is not None:
            count = counted.total
            return Course("records", lambda more: Fraction(count + more), -count, _ENDLESS)
    return None


def _rows(agreement: Agreement, promise: Promise, course: Course) -> Iterator[Reached]:
    target = promise.target.binding
    if target is None or len(target.bounds) != 1 or target.lower_is_worse is None:
        raise Untold("the target is not one bound that is written in the agreement")
    falls = course.value(1) < course.value(0) if course.most else course.value(-1) > course.value(0)
    if target.lower_is_worse != falls:
        raise Untold("what goes wrong makes the value better")
    bound = target.bounds[0]
    yield _row(promise, course, "target", promise.target.text, lambda value: not bound.holds(value))
    if not isinstance(promise.credit, Bands) or promise.credit.reads != "value":
        return
    for compared, pay in promise.credit.bands:
        worse = _worse(compared, falls)
        if compared is None or worse is None or pay.bonus:
            continue
        row = _row(promise, course, "band", compared.text, worse.holds)
        paid = {"pays": named(pay, promise.credit.of), "amount": _amount(agreement, pay, promise.credit.of)}
        yield row.model_copy(update=paid)


def _worse(compared: Comparison | None, falls: bool) -> Bound | None:
    """The bound of a row that a value passes when it becomes worse."""
    sign = "<" if falls else ">"
    return next((each for each in compared.bounds if each.operator[0] == sign), None) if compared else None


def _row(
    promise: Promise, course: Course, what: Literal["target", "band"], text: str, holds: Callable[[Fraction], bool]
) -> Reached:
    def reached(more: int) -> bool:
        value = course.value(more)
        return holds(promise.rounded.value(value) if promise.rounded else value)

    now = reached(0)
    # The greatest change for which it is not reached yet; one more reaches it.
    last = greatest(lambda more: not reached(more), course.least - 1, course.most, 0)
    there = last >= course.least if now else last < course.most
    by = (last if now else last + 1) if there else None
    return Reached(what=what, compares=text, reached=now, by=by)


def _amount(agreement: Agreement, pay: Pay, of: str | None) -> str | None:
    if pay.amount is not None:
        return f"{pay.amount:f}"
    fee = agreement.fees.get(pay.fee or of or "")
    if pay.share is None or not isinstance(fee, Decimal):
        return None
    return decimal_text(pay.share * Fraction(fee), 12)
