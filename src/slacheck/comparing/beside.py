"""The same periods under two agreements: verdicts, values and amounts side by side, and what the new one adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from slacheck.agreement.loading import AgreementFile
from slacheck.comparing.parts import Difference, LineBeside, PeriodBeside, Side, Sum
from slacheck.comparing.walking import renamed
from slacheck.statement import Line, Statement

_Key = tuple[str, str, str, str]


def with_periods(
    difference: Difference,
    old: AgreementFile,
    new: AgreementFile,
    before: Sequence[Statement],
    after: Sequence[Statement],
) -> Difference:
    """``difference`` with the statements of both for the same periods, a renamed level beside itself."""
    names = renamed(old.agreement, new.agreement).get("service_levels", {})
    here, there = ({_period(each): each for each in statements} for statements in (before, after))
    periods = tuple(
        _beside(here.get(key), there.get(key), names, difference.differs) for key in sorted({*here, *there})
    )
    totals = _totals([one for period in periods for one in period.sums])
    return difference.model_copy(update={"periods": periods, "totals": totals})


def _period(statement: Statement) -> tuple[str, str, str]:
    shown = statement.period.part or statement.period
    return shown.first_day, shown.last_day, statement.period.label


def _beside(before: Statement | None, after: Statement | None, names: Mapping[str, str], differs: bool) -> PeriodBeside:
    either = after or before
    assert either is not None
    shown = either.period.part or either.period
    old = {_name(line, names): line for line in before.lines} if before else {}
    new = {_name(line, {}): line for line in after.lines} if after else {}
    lines = [_line(key, old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old))]
    return PeriodBeside(
        label=either.period.label,
        title=shown.title,
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        lines=tuple(lines),
        sums=tuple(_sums(before, after, differs)),
    )


def _name(line: Line, names: Mapping[str, str]) -> _Key:
    return names.get(line.level, line.level), line.of_class, line.subject, line.period


def _line(key: _Key, before: Line | None, after: Line | None) -> LineBeside:
    either = after or before
    assert either is not None
    return LineBeside(
        level=key[0],
        of_class=key[1],
        subject=key[2],
        title=either.title,
        before=_side(before),
        after=_side(after),
    )


def _side(line: Line | None) -> Side | None:
    if line is None:
        return None
    credit = line.credit
    return Side(
        verdict=line.verdict,
        target=line.target,
        unit=line.unit,
        best=line.best,
        worst=line.worst,
        open_above=line.open_above,
        points=credit is not None and credit.unit == "points",
        owed_least=credit.least.amount if credit else "0",
        owed_most=(credit.most.amount if credit.most else None) if credit else "0",
    )


def _sums(before: Statement | None, after: Statement | None, differs: bool) -> Iterator[Sum]:
    totals = [each.total if each else None for each in (before, after)]
    for currency in dict.fromkeys(total.currency for total in totals if total):
        old, new = (total if total and total.currency == currency else None for total in totals)
        yield _sum(
            currency,
            (old.least, old.most) if old else ("0", "0"),
            (new.least, new.most) if new else ("0", "0"),
            differs,
        )


def _sum(currency: str, before: tuple[str, str | None], after: tuple[str, str | None], differs: bool) -> Sum:
    """What one agreement adds is at least its least less the other's most: what is missing may differ in either."""
    more_least, more_most = _less(after[0], before[1]), _less(after[1], before[0])
    if not differs and before == after:
        # Terms alone make a difference, whatever is missing.
        more_least = more_most = "0"
    return Sum(
        currency=currency,
        before_least=before[0],
        before_most=before[1],
        after_least=after[0],
        after_most=after[1],
        more_least=more_least,
        more_most=more_most,
    )


def _less(one: str | None, other: str | None) -> str | None:
    return None if one is None or other is None else f"{Decimal(one) - Decimal(other):f}"


def _totals(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    of: dict[str, list[Sum]] = {}
    for each in sums:
        of.setdefault(each.currency, []).append(each)
    fields = ("before_least", "before_most", "after_least", "after_most", "more_least", "more_most")
    return tuple(
        Sum.model_validate(
            {"currency": currency} | {field: _added([getattr(each, field) for each in found]) for field in fields}
        )
        for currency, found in of.items()
    )


def _added(amounts: Sequence[str | None]) -> str | None:
    known = [Decimal(each) for each in amounts if each is not None]
    return f"{sum(known, Decimal(0)):f}" if len(known) == len(amounts) else None
