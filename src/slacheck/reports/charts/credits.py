"""Credits by period: what each level cost, stacked, what is still open dashed on top, and the cap."""

from __future__ import annotations

from fractions import Fraction

from slacheck.reports.charts.drawing import Drawing, scaled, text_width
from slacheck.reports.charts.history import Place, label_axis
from slacheck.reports.charts.values import CreditBar, CreditHistory

WIDTH = 380
SERIES = 5

_HEIGHT, _TOP, _BOTTOM = 170, 22, 130
_SIZE = 11
_FEWEST = 6


def credit_bars(values: CreditHistory, *, width: int = WIDTH, prefix: str = "credits", style: str = "") -> str:
    """The picture; bars below zero, which are bonuses, hang from the axis."""
    drawing = Drawing(width, values.title, values.description, prefix)
    right = width - max((text_width(text, _SIZE) for _, text in values.ticks), default=Fraction(0)) - 12
    top = max([at for at, _ in values.ticks] + [values.cap[0] if values.cap else Fraction(0)], default=Fraction(1))
    foot = min([at for at, _ in values.ticks], default=Fraction(0))
    # A few periods are as far from each other as many would be.
    each = (right - 4) / max(len(values.bars), _FEWEST)
    wide = min(each * Fraction(3, 5), Fraction(26))

    def y(amount: Fraction) -> Fraction:
        return scaled(amount, foot, top, _BOTTOM, _TOP)

    for at, text in values.ticks:
        drawing.line(4, y(at), right, y(at), "axis" if at == 0 else "grid")
        drawing.text(right + 6, y(at) + 4, text, "soft", size=_SIZE)
    places = [4 + each * number + each / 2 for number in range(len(values.bars))]
    for bar, x in zip(values.bars, places, strict=True):
        if not bar.known:
            drawing.line(x - 4, y(Fraction(0)) - 3, x + 4, y(Fraction(0)) - 3, "nothing")
            continue
        _bar(drawing, bar, x, wide, y, top)
    if values.cap:
        at, text = values.cap
        drawing.line(4, y(at), right, y(at), "target")
        drawing.text(4, y(at) - 5, text, "heavy", size=_SIZE)
    label_axis(drawing, [(bar.label, bar.year, bar.now) for bar in values.bars], places, _BOTTOM + 16)
    return drawing.svg(_HEIGHT, style)


def _bar(drawing: Drawing, bar: CreditBar, x: Fraction, wide: Fraction, y: Place, top: Fraction) -> None:
    reached = Fraction(0)
    title = f"{bar.label} {bar.year}".strip() + f": {bar.text}"
    for share in bar.shares:
        ends = sorted((y(reached), y(reached + share.amount)))
        drawing.rect(x - wide / 2, ends[0], wide, ends[1] - ends[0], f"series-{min(share.name, SERIES - 1)}", title)
        reached += share.amount
    above = top if bar.open is None else reached + bar.open
    if above != reached:
        ends = sorted((y(reached), y(above)))
        drawing.rect(x - wide / 2, ends[0], wide, ends[1] - ends[0], "still-open", title)
