"""From statements to the scorecard: pure, and the same whatever order they come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final, Literal

from slacheck.portfolio.gathering import Gathered, Unsettled
from slacheck.portfolio.scorecard import (
    VERDICTS,
    Arose,
    By,
    Counts,
    Group,
    Owed,
    PeriodScore,
    Row,
    Scorecard,
    Tally,
    Worst,
    Wrong,
)
from slacheck.statement import Line, Statement, overall
from slacheck.verdicts import Verdict

_MOST_PROBLEMS: Final = 5
_DIGITS: Final = 1000  # more than any amount of a statement has
_GRAVE: Final[tuple[Verdict, ...]] = ("breached", "indeterminate", "met", "not-applicable")


def scorecard(gathered: Gathered, by: By | None = None) -> Scorecard:
    """One row for each agreement, worst first.

    Rows stand in the order breached, not settled, indeterminate, met, not applicable, not in force. Amounts of two
    currencies are not compared: rows of one verdict stand by currency, in each the most that may be owed first (what
    nothing bounds before any amount), then the least, then by title, id and file.
    """
    of: dict[str, list[Statement]] = {}
    for statement in gathered.statements:
        of.setdefault(statement.agreement.id, []).append(statement)
    rows = [_row(each) for each in of.values()] + [_unsettled(each) for each in gathered.unsettled]
    rows.sort(key=_rank)
    days = [day for row in rows for each in row.periods for day in (each.first_day, each.last_day)]
    return Scorecard(
        by=by,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        agreements=_counts(rows),
        owed=_sum(row.owed for row in rows),
        rows=tuple(rows),
        groups=_groups(rows, by) if by else (),
    )


def _rank(row: Row) -> tuple[object, ...]:
    first = row.owed[0] if row.owed else None
    most = -Fraction(first.most) if first and first.most is not None else Fraction(0)
    return (
        VERDICTS.index(row.verdict),
        (first is None, first.currency if first else ""),
        (first is not None and first.most is not None, most),
        -Fraction(first.least) if first else Fraction(0),
        (row.title, row.agreement, row.file),
    )


def _row(statements: Sequence[Statement]) -> Row:
    ordered = sorted(statements, key=lambda each: (each.period.first_day, (each.period.part or each.period).first_day))
    lines = [line for each in ordered for line in each.lines]
    binding = [line for line in lines if line.role == "service-level"]
    latest = ordered[-1].agreement
    return Row(
        agreement=latest.id,
        title=latest.title,
        kind=latest.kind,
        provider=latest.provider,
        customer=latest.customer,
        file=latest.file,
        verdict=_gravest(ordered),
        levels=_tally(binding),
        kpis=len(lines) - len(binding),
        kpis_missed=sum(line.verdict == "missed" for line in lines if line.role == "kpi"),
        owed=_owed(ordered),
        claim_by=_claim_by(ordered),
        rights=tuple(
            Arose(name=right.name, subject=right.subject, period=each.period.label, use_by=right.use_by)
            for each in ordered
            for right in each.rights
            if right.state == "arose"
        ),
        worst=_worst(ordered),
        periods=_periods(ordered),
    )


def _unsettled(each: Unsettled) -> Row:
    agreement = each.file.agreement if each.file else None
    return Row(
        agreement=agreement.id if agreement else "",
        title=(agreement.title or agreement.id) if agreement else each.label,
        kind=agreement.kind if agreement else "",
        provider=(agreement.provider or "") if agreement else "",
        customer=(agreement.customer or "") if agreement else "",
        file=each.label,
        verdict="not-in-force" if each.idle else "not-settled",
        problems=tuple(
            Wrong(code=problem.code, place=problem.place, message=problem.message, help=problem.help)
            for problem in each.problems[:_MOST_PROBLEMS]
        ),
    )


def _gravest(statements: Iterable[Statement]) -> Verdict:
    verdicts = {each.verdict for each in statements}
    return next(verdict for verdict in _GRAVE if verdict in verdicts)


def _tally(lines: Iterable[Line]) -> Tally:
    count = Counter(line.verdict for line in lines)
    return Tally(
        met=count["met"],
        breached=count["breached"],
        indeterminate=count["indeterminate"],
        not_applicable=count["not-applicable"],
    )


def _counts(rows: Iterable[Row]) -> Counts:
    return Counts(**Counter(row.verdict.replace("-", "_") for row in rows))


def _claim_by(statements: Iterable[Statement]) -> str | None:
    return min((each.total.claim_by for each in statements if each.total and each.total.claim_by), default=None)


def _owed(statements: Iterable[Statement]) -> tuple[Owed, ...]:
    totals = [each.total for each in statements if each.total is not None]
    return _sum((Owed(currency=each.currency, least=each.least, most=each.most),) for each in totals)


def _sum(amounts: Iterable[tuple[Owed, ...]]) -> tuple[Owed, ...]:
    """The amounts of each currency together, in the order of the currencies' codes."""
    of: dict[str, list[Owed]] = {}
    for each in amounts:
        for owed in each:
            of.setdefault(owed.currency, []).append(owed)
    return tuple(
        Owed(
            currency=currency,
            least=_added([each.least for each in of[currency]]),
            most=None
            if any(each.most is None for each in of[currency])
            else _added([e.most or "" for e in of[currency]]),
        )
        for currency in sorted(of)
    )


def _added(amounts: Sequence[str]) -> str:
    with localcontext(prec=_DIGITS):
        return f"{sum((Decimal(each) for each in amounts), Decimal(0)):f}"


def _worst(statements: Sequence[Statement]) -> Worst | None:
    """The gravest binding line; of several the one that may cost most, then the one furthest beyond its target.

    Distances are compared only where they are of one unit: that of the first, the latest period's lines before
    earlier ones and those of a period as the agreement lists them.
    """
    lines = [
        (line, each.period.label)
        for each in reversed(statements)
        for line in each.lines
        if line.role == "service-level" and line.verdict != "not-applicable"
    ]
    if not lines:
        return None
    gravest = overall(tuple(line for line, _ in lines))
    lines = [each for each in lines if each[0].verdict == gravest]
    dearest = min(_cost(line) for line, _ in lines)
    lines = [each for each in lines if _cost(each[0]) == dearest]
    unit = (lines[0][0].margin_in, lines[0][0].unit)
    measured = [each for each in lines if each[0].margin_worst and (each[0].margin_in, each[0].unit) == unit]
    line, label = min(measured, key=lambda each: _margin(each[0]), default=lines[0])
    return Worst(
        level=line.level,
        title=line.title,
        of_class=line.of_class,
        subject=line.subject,
        period=line.period or label,
        verdict=line.verdict,
        target=line.target,
        unit=line.unit,
        best=line.best,
        worst=line.worst,
        margin_in=line.margin_in,
        margin_best=line.margin_best,
        margin_worst=line.margin_worst,
    )


def _margin(line: Line) -> Fraction:
    return line.margin_worst.fraction if line.margin_worst else Fraction(0)


def _cost(line: Line) -> tuple[bool, Fraction]:
    """Smallest for what costs most; what nothing bounds comes first."""
    if line.credit is None or line.credit.unit != "money":
        return True, Fraction(0)
    most = line.credit.counted_most
    return (False, Fraction(0)) if most is None else (True, -Fraction(most))


def _periods(statements: Sequence[Statement]) -> tuple[PeriodScore, ...]:
    of: dict[str, list[Statement]] = {}
    for statement in statements:
        of.setdefault(statement.period.label, []).append(statement)
    found: list[PeriodScore] = []
    for parts in of.values():
        period = parts[0].period
        score = PeriodScore(
            label=period.label,
            title=period.title,
            first_day=period.first_day,
            last_day=period.last_day,
            running=any(each.period.running for each in parts),
            verdict=_gravest(parts),
            breached=_tally(line for each in parts for line in each.lines if line.role == "service-level").breached,
            owed=_owed(parts),
            claim_by=_claim_by(parts),
        )
        found.append(score.model_copy(update={"change": _change(found[-1], score)}) if found else score)
    return tuple(found)


def _change(before: PeriodScore, now: PeriodScore) -> Literal["better", "same", "worse"] | None:
    """Met is better than breached. Of two breached periods the one that owes less is better; without money, the one
    with fewer breached lines. None where missing data, two currencies or nothing to judge leave it open."""
    verdicts = (before.verdict, now.verdict)
    if not set(verdicts) <= {"met", "breached"}:
        return None
    if verdicts[0] != verdicts[1]:
        return "better" if now.verdict == "met" else "worse"
    if now.verdict == "met":
        return "same"
    if not before.owed and not now.owed:
        fewer, more = now.breached < before.breached, now.breached > before.breached
        return "better" if fewer else "worse" if more else "same"
    if [each.currency for each in before.owed] != [each.currency for each in now.owed] or len(now.owed) != 1:
        return None
    return _dearer(before.owed[0], now.owed[0])


def _dearer(before: Owed, now: Owed) -> Literal["better", "same", "worse"] | None:
    if before.most is not None and Fraction(now.least) > Fraction(before.most):
        return "worse"
    if now.most is not None and Fraction(now.most) < Fraction(before.least):
        return "better"
    certain = before.most == before.least and now.most == now.least
    return "same" if certain and Fraction(before.least) == Fraction(now.least) else None


def _groups(rows: Sequence[Row], by: By) -> tuple[Group, ...]:
    """In the order of their worst rows."""
    of: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        of.setdefault(str(getattr(row, by)), []).append(at)
    return tuple(
        Group(
            name=name,
            agreements=_counts(rows[at] for at in found),
            owed=_sum(rows[at].owed for at in found),
            rows=tuple(found),
        )
        for name, found in of.items()
    )
