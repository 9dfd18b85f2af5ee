"""A period as rows of its clock: what of it was up, down, excluded, unknown, or outside the hours of the service."""

from __future__ import annotations

from fractions import Fraction

from slacheck.reports.charts.drawing import Drawing, Length, scaled, text_width
from slacheck.reports.charts.values import Piece, Strip

WIDE, NARROW, PAPER = 936, 356, 700

_ROW, _GAP, _TOP = 11, 3, 18
# No outage vanishes: what is shorter is drawn as wide as this.
_LEAST = 2
_PATTERNS = {"excluded": "hatch", "unknown": "dots"}
_ORDER = ("up", "outside", "not-in-force", "future", "excluded", "unknown", "down")


def strip(values: Strip, *, width: int = WIDE, prefix: str = "strip", style: str = "") -> str:
    """The picture at a width; below 500 its letters are smaller and its ticks fewer."""
    narrow = width < 500
    size = 10 if narrow else 11
    labels = max((text_width(row.label, size, heavy=True) for row in values.rows), default=Fraction(0)) + 8
    notes = max((text_width(row.note, size, heavy=True) for row in values.rows), default=Fraction(0)) + 8
    left, right = Fraction(labels), Fraction(width - max(notes, Fraction(16)))
    drawing = Drawing(width, values.title, values.description, prefix)

    def place(at: Length) -> Fraction:
        return scaled(at, 0, values.axis, left, right)

    bottom = _TOP + len(values.rows) * (_ROW + _GAP)
    for number, (at, text) in enumerate(values.ticks):
        if narrow and number % 2 and len(values.ticks) > 4:
            continue
        drawing.text(place(at), _TOP - 6, text, "soft", "middle", size)
        drawing.line(place(at), _TOP - 3, place(at), bottom - _GAP, "grid")
    for number, row in enumerate(values.rows):
        top = _TOP + number * (_ROW + _GAP)
        drawing.text(left - 6, top + _ROW - 2, row.label, "heavy" if row.heavy else "soft", "end", size)
        for piece in sorted(row.pieces, key=lambda each: _ORDER.index(each.state)):
            _piece(drawing, piece, place(piece.start), place(piece.end), top, right)
        drawing.text(right + 6, top + _ROW - 2, row.note, "heavy" if row.heavy else "soft", "start", size)
    return drawing.svg(bottom, style)


def _piece(drawing: Drawing, piece: Piece, start: Fraction, end: Fraction, top: int, right: Fraction) -> None:
    wide = max(end - start, Fraction(_LEAST))
    start = min(start, right - wide)
    half = Fraction(_ROW, 2)
    y: Length = top + half + Fraction(1, 4) if piece.lane == "second" else top
    height: Length = _ROW if piece.lane == "whole" else half - Fraction(1, 4)
    pattern = _PATTERNS.get(piece.state, "")
    drawing.rect(start, y, wide, height, piece.state, piece.title, pattern)
