"""Pictures that stand in a line or a cell: the best and the worst case, the verdicts of periods, and a length."""

from __future__ import annotations

from fractions import Fraction

from slacheck.reports.charts.drawing import Drawing, scaled, text_width
from slacheck.reports.charts.values import Range, Squares

_SIZE = 11
_SQUARE, _BETWEEN, _LOW, _HIGH = 6, 2, 6, 12


def between(values: Range, *, width: int = 380, prefix: str = "range", style: str = "") -> str:
    """The best and the worst case as a bar, the targets as ticks above it."""
    drawing = Drawing(width, values.title, values.description, prefix)
    known = [values.best[0], values.worst[0], *(at for at, _ in values.targets)]
    low, high = min(known), max(known)

    def x(value: Fraction) -> Fraction:
        return scaled(value, low, high, 30, width - 30)

    drawing.rect(0, 24, width, 12, "bar-ground")
    ends = sorted((values.best, values.worst))
    drawing.rect(x(ends[0][0]), 24, max(x(ends[1][0]) - x(ends[0][0]), Fraction(2)), 12, "between")
    drawing.line(x(ends[0][0]), 24, x(ends[0][0]), 36, "course")
    drawing.line(x(ends[1][0]), 24, x(ends[1][0]), 36, "course")
    for at, text in values.targets:
        half = text_width(text, _SIZE) / 2
        drawing.line(x(at), 16, x(at), 42, "target")
        drawing.text(min(max(x(at), half), width - half), 12, text, "heavy", "middle", _SIZE)
    # The two words keep clear of each other where the values are close.
    first = text_width(ends[0][1], _SIZE)
    left = min(x(ends[0][0]), width - first - text_width(ends[1][1], _SIZE) - 12)
    left = max(left - 30, Fraction(0))
    right = max(min(x(ends[1][0]) + 30, Fraction(width)), left + first + 12 + text_width(ends[1][1], _SIZE))
    drawing.text(left, 50, ends[0][1], "soft", "start", _SIZE)
    drawing.text(right, 50, ends[1][1], "soft", "end", _SIZE)
    return drawing.svg(56, style)


def squares(values: Squares, *, prefix: str = "squares", style: str = "") -> str:
    """A square for each period: low and green where the target was met, high in another colour where it was not."""
    apart = _SQUARE + _BETWEEN
    drawing = Drawing(len(values.verdicts) * apart, values.title, "", prefix)
    for number, verdict in enumerate(values.verdicts):
        x = number * apart
        if verdict is None or verdict == "not-applicable":
            drawing.line(x, _HIGH - 1, x + _SQUARE, _HIGH - 1, "nothing")
            continue
        high = _LOW if verdict == "met" else _HIGH
        style_of = verdict if values.binding else "kpi-square"
        drawing.rect(x, _HIGH - high, _SQUARE, high, style_of)
    return drawing.svg(_HIGH, style)


def bar(share: Fraction, *, width: int = 96, prefix: str = "bar", style: str = "", kind: str = "bar") -> str:
    """A length beside the longest one (``share`` is 1); ``kind`` is a class, of which ``used`` has a ground."""
    drawing = Drawing(width, "", "", prefix)
    if kind == "used":
        drawing.rect(0, 0, width, 8, "bar-ground")
    drawing.rect(0, 0, max(min(share, Fraction(1)) * width, Fraction(2)), 8, kind)
    return drawing.svg(8, style)
