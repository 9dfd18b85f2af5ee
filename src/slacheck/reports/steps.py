"""Steps of a derivation as people read them: fees beside the rates that are of them, amounts as money."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from slacheck.money import decimal_text, rounded
from slacheck.reports.layout import Page
from slacheck.reports.remarks import signs
from slacheck.statement import StepShown

# An amount that stands alone, behind a number of units, or behind the words that lead to one; never a percentage.
_AMOUNT = re.compile(r"^((?:.* x |cap |at risk |not above )?(?:bonus )?)(\d+(?:\.\d+)?)(?= per [^ ]|:|$)")
_UNREACHED = re.compile(r"(.*), (-?\d+(?:\.\d+)?), not reached")
_NAME = re.compile(r"[^ :]+")
# What a step's exact value is where it is no amount.
_NO_AMOUNT = ("fee", "units", "measured", "points")
# What belongs to one amount; a fee belongs to the rate that names it.
_JOINED = ("fee", "measured", "band", "units")

Money = Callable[[Fraction], str]


@dataclass(frozen=True)
class Told:
    """One step or several that belong together: the words, and the amount after them where there is one."""

    kind: str
    text: str
    exact: Fraction | None = None
    reached: bool = True


def money_of(page: Page, currency: str) -> Money:
    """Writes an exact amount as money, rounded to what can be paid."""
    return lambda exact: page.figures.money(str(rounded(exact, currency)), currency)


def told(page: Page, steps: Sequence[StepShown], currency: str) -> Iterator[Told]:
    """The steps in their order; fees stand inside the steps that name them, and roundings of a line are left out."""
    money = money_of(page, currency)
    fees: list[StepShown] = []
    for step in steps:
        if step.kind == "fee":
            fees.append(step)
            continue
        exact = Fraction(step.exact) if step.exact is not None else None
        words, left = unreached(step)
        text = _with_money(page, _with_fee(words, fees, money), step, currency)
        if left is not None:
            allows = "" if money(left) in text else f" = {money(left)}"
            text += f"{allows}, {'just' if exact == left else 'not'} reached"
        yield Told(step.kind, page.glyphs(signs(page.clean(text))), exact, reached=left is None)
        if step.kind not in _JOINED:
            fees.clear()


def unreached(step: StepShown) -> tuple[str, Fraction | None]:
    """The words of a cap that takes nothing off, and what it allows; None for every other step."""
    found = _UNREACHED.fullmatch(step.text) if step.kind == "cap" else None
    return (found[1], Fraction(found[2])) if found else (step.text, None)


def _with_fee(text: str, fees: Sequence[StepShown], money: Money) -> str:
    """``10% of monthly`` with what the fee comes to behind its name."""
    worth = fees[-1].exact if fees else None
    if worth is None:
        return text
    for fee in reversed(fees):
        name = _NAME.match(fee.text)
        if name is None:
            continue
        found = re.search(rf"(?:of|x) {re.escape(name[0])}(?![\w-])", text)
        if found:
            return f"{text[: found.end()]} {money(Fraction(worth))}{text[found.end() :]}"
    return text


def _with_money(page: Page, text: str, step: StepShown, currency: str) -> str:
    if step.kind not in ("rate", "cap", "minimum"):
        return text
    amount = _AMOUNT.sub(lambda found: f"{found[1]}{page.figures.money(found[2], currency)}", text)
    return page.figures.with_money(amount, currency)


def gathered(steps: Sequence[Told]) -> list[Told]:
    """Steps that lead to one amount as one, their words joined."""
    found: list[Told] = []
    words: list[str] = []
    for step in steps:
        words.append(step.text)
        if step.kind not in _JOINED:
            found.append(Told(step.kind, ", ".join(words), step.exact, step.reached))
            words = []
    return [*found, Told("band", ", ".join(words))] if words else found


def amounts(steps: Sequence[StepShown]) -> Iterator[tuple[StepShown, Fraction | None]]:
    """Every step with the amount before it, None where there is none yet."""
    before: Fraction | None = None
    for step in steps:
        yield step, before
        if step.exact is not None and step.kind not in _NO_AMOUNT:
            before = Fraction(step.exact)


def exactly(value: Fraction, least: int = 0) -> str:
    """A number as decimal with ``least`` digits; where it does not end, twelve digits, and the fraction behind them."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator == 1:
        digits = next(digits for digits in range(least, 10_000) if (value * 10**digits).denominator == 1)
        return _grouped(value, digits)
    whole = abs(value.numerator) * 10**12 // value.denominator
    cut = Fraction(-whole if value < 0 else whole, 10**12)
    sign = "-" if value < 0 and not whole else ""
    fraction = f"{value.numerator}/{value.denominator}"
    return f"{sign}{_grouped(cut, 12)}..." + (f" = {fraction}" if len(fraction) <= 40 else "")


def _grouped(value: Fraction, digits: int) -> str:
    whole, _, rest = decimal_text(abs(value), digits).partition(".")
    shown = f"{int(whole):,}" + (f".{rest:0<{digits}}" if digits else "")
    return f"-{shown}" if value < 0 else shown
