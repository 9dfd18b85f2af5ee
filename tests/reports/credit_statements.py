"""Statements of what a breach costs, made by hand: what crosses lines, bonuses, points, what is earned back."""

from __future__ import annotations

from typing import Any

from slacheck.statement import (
    Amount,
    BankShown,
    Credit,
    Line,
    PointsShown,
    ReturnedShown,
    Statement,
    StepShown,
    Total,
)
from tests.reports.statements import (
    amount,
    available,
    band,
    between,
    breached,
    in_band,
    line,
    statement,
    step,
    total,
)

MONTHLY = step("fee", "monthly 12,000.00", "12000")


def number(title: str, target: str, verdict: str, value: str, margin: str, credit: Credit, **other: Any) -> Line:
    """A reported number; ``other`` are further fields of the model."""
    given: dict[str, Any] = {
        "measure": "reported-value",
        "unit": "number",
        "margin_in": "value",
        "credit": credit,
    }
    return line(title, target, verdict, value, value, (margin, margin), **(given | other))


def _steps(most: bool, *steps: tuple[StepShown, StepShown]) -> tuple[StepShown, ...]:
    return tuple(each[most] for each in steps)


def _dearer(credit: Credit, by: str, counted: str = "0.00", why: str = "") -> Credit:
    because = why or f"not paid beside {by}, which is dearer"
    return credit.model_copy(update={"counted_least": counted, "counted_most": counted, "counted_because": because})


def crossing() -> Statement:
    """A line that another excludes, one that a cap cuts, one that repeats; and a cap that reaches over all of them.

    The fee is 12,000.00: 10 % are 1,200.00; 3 x 1 % twice, and 300.00, are 1,020.00, of which 6 % are 720.00 at most.
    """
    response = amount(
        "720.00",
        step("units", "the first 1", "1"),
        step("rate", "300.00", "300"),
        step("units", "1.8 units of 1, started: 2", "2"),
        MONTHLY,
        step("rate", "2 x 1% of monthly", "240"),
        step("combined", "together", "540"),
        step("repeat", "x 2: 1 breach in the previous period (>= 1)", "1080"),
        MONTHLY,
        step("cap", "cap 6% of monthly", "720"),
    )
    third = step("rate", "2.333333 x 40.00 per hour", "280/3")
    lost = amount("93.33", step("units", "2.333333 units of 1h", "7/3"), third, step("rounding", "rounded", "93.33"))
    lost = lost.model_copy(update={"exact": "280/3"})
    used = step("cap", "cap 10% of monthly per 12 months: 900.00 GBP left of 1200.00 GBP", "900")
    return statement(
        breached().model_copy(update={"credit": band("< 99.9%", "10%", "1200.00").model_copy(update=_until(30))}),
        number("Response", ">= 95", "breached", "92.2", "-2.8", _dearer(between(response, response), "availability")),
        number(
            "Repair",
            ">= 95",
            "breached",
            "90",
            "-5",
            _dearer(between(lost, lost), "", "50.00", "cap 50.00 per region").model_copy(update=_until(25)),
        ),
        available("web-2"),
        total=total(
            "900.00",
            "900.00",
            4,
            (MONTHLY, MONTHLY),
            (used, used),
            at_cap=True,
            claim_by="2026-11-25",
            claim_conditions=("the account is paid", "in writing, to sla@northwind.example"),
            claim_evidence=("dates and times of each incident",),
            steps_least=(step("combined", "sum of 4 lines", "1250"), MONTHLY, used),
            steps_most=(step("combined", "sum of 4 lines", "1250"), MONTHLY, used),
        ),
    )


def _until(day: int) -> dict[str, str]:
    return {"claim_by": f"2026-11-{day}"}


def bonus() -> Statement:
    """The customer owes 3 % of 12,000.00, and 600.00 that an earlier credit gives back."""
    earned = amount("-360.00", step("band", "band >= 99"), MONTHLY, step("rate", "bonus 3% of monthly", "-360"))
    summed = (step("combined", "sum of 1 line", "-360"), step("returned", "less 600 that was earned back", "-960"))
    back = ReturnedShown(
        level="satisfaction", of_class="", subject="", period="2026-08", least="600.00", most="600.00"
    )  # fmt: skip
    return statement(
        number("Satisfaction", ">= 95", "met", "99.5", "4.5", between(earned, earned)),
        total=total(
            "-960.00",
            "-960.00",
            steps_least=summed,
            steps_most=summed,
            returned=(back,),
            credited_least="-360.00",
            credited_most="-360.00",
        ),
    )


def either_way() -> Statement:
    """From a bonus of 360.00 to a credit of 1,200.00, as a service extension."""
    earned = amount("-360.00", step("band", "band >= 99%"), MONTHLY, step("rate", "bonus 3% of monthly", "-360"))
    credit = between(earned, in_band("< 99.9%", "10%", "1200.00"), paid_as="service-extension")
    open_line = line("Availability", ">= 99.9%", "indeterminate", 1, "0.99", ("0.001", "-0.009"), credit=credit)
    return statement(open_line, total=total("-360.00", "1200.00"))


def points() -> Statement:
    """14 points are 5 % of 12,000.00, and 4 % are the most that is paid."""
    lines = [
        number(
            f"Desk {name}", ">= 95", "breached", value, margin, _points(each), clause="3.1", subject=name
        )
        for name, value, margin, each in (("a", "92.5", "-2.5", "6"), ("b", "91", "-4", "8"))
    ]  # fmt: skip
    met = between(amount("0", step("measured", "target met")), amount("0", step("measured", "target met")))
    lines.append(number("Desk c", ">= 95", "met", "99", "4", met.model_copy(update={"unit": "points"}), subject="c"))
    steps = (
        step("points", "points of all lines", "14", "7"),
        step("band", "band >= 10", None, "7"),
        MONTHLY,
        step("rate", "5% of monthly", "600", "7"),
        step("combined", "with the points", "600", "7"),
        MONTHLY,
        step("cap", "cap 4% of monthly", "480", "7"),
    )
    counted = PointsShown(least="14", most="14")
    return statement(
        *lines,
        total=total("480.00", "480.00", steps_least=steps, steps_most=steps, points=counted, pay_by="2026-12-15"),
    )


def _points(each: str) -> Credit:
    units = f"{int(each) // 2}"
    steps = (step("units", f"{units} units of 1", units), step("rate", f"{units} x 2 points", each))
    return between(amount(each, *steps), amount(each, *steps), unit="points")


def no_bound() -> Statement:
    """A fee that is not known, beside a credit that is; and credits that were kept for later ones."""
    why = "no row of 'invoices' for circuit 'c-7' in October 2026"
    unknown = Credit(
        least=amount("0.00", step("unknown", why, "0")),
        most=None,
        open_because=why,
        counted_least="0.00",
        counted_most=None,
        at_cap=None,
    )
    circuit = line("Circuit", ">= 99%", "breached", "0.98", "0.98", ("-0.01", "-0.01"), subject="c-7", credit=unknown)
    low = step("cap", "cap 20% of monthly, 2400, not reached", "1200")
    kept = [BankShown(earned=label, left_least="100.00", left_most="250.00", until=until)
            for label, until in (("2026-09", "2027-03-31"), ("2026-10", None))]  # fmt: skip
    back = [
        ReturnedShown(level="circuit", of_class="", subject=f"c-{n}", period="2026-08", least="0.00", most="250.00")
        for n in range(1, 8)
    ]
    least = (step("combined", "sum of 2 lines", "1200"), low)
    most = (step("combined", "sum of 2 lines"), step("unknown", "cap 20% of monthly is not known"))
    return statement(
        breached(),
        circuit,
        total=total(
            "1200.00", None, steps_least=least, steps_most=most, returned=tuple(back), bank=tuple(kept), at_cap=None
        ),
    )


def many() -> Statement:
    """Fifty circuits of 10.00 and one whose credit is open; the cap bounds the dearer end alone."""
    lines = [breached(f"c-{at:02}").model_copy(update={"credit": _fixed("10.00")}) for at in range(50)]
    credit = between(amount("0.00", step("measured", "target met")), _paid("40.00"))
    lines.append(
        line("Availability", ">= 99.9%", "indeterminate", 1, "0.99", (1, -1), subject="open", credit=credit)
    )  # fmt: skip
    steps = (
        (step("combined", "sum of 51 lines", "500"), step("combined", "sum of 51 lines", "540")),
        (step("cap", "cap 520.00, 520, not reached", "500"), step("cap", "cap 520.00", "520")),
    )
    owed: Total = total("500.00", "520.00", steps_least=_steps(False, *steps), steps_most=_steps(True, *steps))
    return statement(*lines, total=owed)


def _fixed(text: str) -> Credit:
    return between(_paid(text), _paid(text))


def _paid(text: str) -> Amount:
    return amount(text, step("band", "band < 99.9%"), step("rate", text, text))
