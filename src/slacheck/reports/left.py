"""What is left of a period that runs, in words."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.reports.layout import Page
from slacheck.statement import BudgetShown, BudgetUnit, LeftShown, PeriodShown
from slacheck.timeline import zones

_NOUNS: dict[BudgetUnit, tuple[str, str]] = {
    "time": ("", ""),
    "requests": ("failed request", "failed requests"),
    "intervals": ("bad interval", "bad intervals"),
    "cases": ("late case", "late cases"),
    "records": ("", ""),
}


def left(page: Page, budget: BudgetShown, period: PeriodShown) -> str:
    """What may still go wrong, in a sentence."""
    best, worst = budget.best, budget.worst
    if best.left < 0:
        over = f"{_much(page, budget, -best.left)} too {'much' if budget.unit == 'time' else 'many'}"
        heals = budget.rate is not None and budget.rate.fraction > 0
        return f"{over} as it stands; what comes in later may make up for it" if heals else f"lost: {over}"
    told = f"{_much(page, budget, best.left)} left"
    if worst.left < 0:
        told += "; none where what is missing turns out badly"
    elif worst.left != best.left:
        told = f"{_much(page, budget, worst.left)} left for certain, {_much(page, budget, best.left)} at best"
    # What is promised must hold whatever is missing turns out to be.
    until = _until(page, budget, worst, period) if worst.left >= 0 else ()
    return "; ".join((told + _beyond(page, budget), *until))


def _much(page: Page, budget: BudgetShown, amount: int) -> str:
    if budget.unit == "time":
        return page.figures.duration(amount)
    one, many = _NOUNS[budget.unit]
    return f"{page.figures.count(amount)} {one if amount == 1 else many}".rstrip()


def _until(page: Page, budget: BudgetShown, sure: LeftShown, period: PeriodShown) -> Iterator[str]:
    if budget.unit != "time":
        return
    zone, year = zones.zone(period.timezone), int(period.first_day[:4])
    if sure.ends_by:
        yield f"an outage that begins now must end by {page.figures.moment(sure.ends_by, zone, year)}"
        if sure.safe_from:
            yield f"from {page.figures.moment(sure.safe_from, zone, year)} on it may last to the end"
    elif sure.safe_from:
        yield "an outage may last to the end of the period"


def _beyond(page: Page, budget: BudgetShown) -> str:
    if budget.rate is None or budget.rate.fraction == 0:
        return ""
    rate = page.figures.span(budget.rate.fraction, budget.rate.fraction, "share")
    return f", and {rate} of whatever else comes in"
