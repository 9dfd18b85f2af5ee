"""The amount at risk and its pools: what is shared out beyond them, and what nobody takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.agreement.checks.payable import share
from slacheck.agreement.level import Promised
from slacheck.agreement.settlement_terms import AtRisk
from slacheck.money import decimal_text
from slacheck.remedies.pool import Pool

_STEPS: Steps = ("settlement", "at_risk")


def allocated(credits: Sequence[Promised]) -> list[tuple[Promised, Pool]]:
    """Every allocation of a pool. Classes that are pooled have one line, and take it once."""
    found: list[tuple[Promised, Pool]] = []
    for promised in credits:
        credit, first = promised.promise.credit, next(iter(promised.level.promises))
        if isinstance(credit, Pool) and (not promised.level.pooled or promised.of_class == first):
            found.append((promised, credit))
    return found


def findings(agreement: Agreement, credits: Sequence[Promised]) -> Iterator[Finding]:
    """What is wrong with the amount at risk, its pools and the allocations of levels."""
    terms, taking = agreement.settlement.at_risk, allocated(credits)
    for promised, pool in taking:
        at: Steps = (*promised.steps, "credit", "pool")
        if terms is None:
            help = f"write at_risk: {{amount: 10% of FEE, pools: {{{pool.pool}: 100%}}}} in the settlement"
            yield Finding(at, "pool", "there is no amount at risk that pools could be part of", help)
        elif pool.pool not in terms.pools:
            yield Finding(at, "unknown-name", f"no pool '{pool.pool}'", meant(pool.pool, terms.pools))
        yield from _takers(promised, pool)
    if terms is None:
        return
    yield from _amount(terms)
    yield from _shares(terms)
    for name in terms.pools:
        own = [(promised, pool) for promised, pool in taking if pool.pool == name]
        if not own and credits:
            message = f"no level takes anything of the pool '{name}'"
            help = f"write credit: {{kind: pool, pool: {name}, allocation: 100%}}, or leave it out"
            yield Finding((*_STEPS, "pools", name), "unused", message, help, "key")
        yield from _together(name, own)


def _amount(terms: AtRisk) -> Iterator[Finding]:
    at: Steps = (*_STEPS, "amount")
    yield from share(at, terms.amount, None)
    if terms.amount.points is not None:
        yield Finding(at, "points", "an amount at risk is money, not points", "write 10% of FEE, or an amount")
    elif terms.amount.size <= 0:
        yield Finding(at, "pool", f"'{terms.amount.text}' puts nothing at risk", "write 10% of FEE, or an amount")


def _shares(terms: AtRisk) -> Iterator[Finding]:
    wrong = {name for name, part in terms.pools.items() if not 0 < part <= 1}
    for name in wrong:
        message = f"a pool is a share of the amount at risk, not {decimal_text(terms.pools[name] * 100)}%"
        yield Finding((*_STEPS, "pools", name), "unit", message, "write 1% to 100%")
    whole = sum(terms.pools.values(), Fraction(0))
    if whole > 1 and not wrong:
        message = f"the pools are {decimal_text(whole * 100)}% of the amount at risk together"
        yield Finding((*_STEPS, "pools"), "pool", message, "write shares that are 100% or less together", "key")


def _takers(promised: Promised, pool: Pool) -> Iterator[Finding]:
    """A level with many lines, each of which would take the allocation."""
    level, steps = promised.level, (*promised.steps, "credit", "allocation")
    if pool.allocation == 0:
        return
    if level.per is not None and level.per.record is not None:
        message = f"each {level.per.record} would take the allocation"
        yield Finding(steps, "pool", message, "leave 'per' out, so that one line takes it")
    elif level.per is not None and level.roll_up == "each" and not level.per.subjects:
        message = f"each {level.per.column} would take the allocation"
        yield Finding(steps, "pool", message, "write roll_up: pooled or worst on the level, so that one line takes it")


def _lines(promised: Promised) -> int:
    per = promised.level.per
    return len(per.subjects) if per is not None and per.subjects and promised.level.roll_up == "each" else 1


def _together(name: str, own: Sequence[tuple[Promised, Pool]]) -> Iterator[Finding]:
    """The first allocation with which a pool is exceeded."""
    whole = Fraction(0)
    for promised, pool in own:
        if not 0 <= pool.allocation <= 1:
            # Told by itself.
            return
        whole += pool.allocation * _lines(promised)
        if whole > 1:
            lines = _lines(promised)
            each = f", since each of {lines} subjects takes it" if lines > 1 else ""
            message = f"with this allocation {decimal_text(whole * 100)}% of the pool '{name}' are taken{each}"
            help = "write allocations that are 100% or less together"
            yield Finding((*promised.steps, "credit", "allocation"), "pool", message, help)
            return
