"""A picture as SVG text, written by hand.

Six fixed pictures do not need a grammar of graphics. The library that would do (Altair) installs 98 MB, takes half a
second for its first chart, writes neither a title nor a description, scales its letters down to four pixels on a phone
and lays the hours of a day on which the clocks change beside the clock. Others need a browser, change their bytes from
run to run, or fetch a script.

Colours are classes (``palette``), so that a page can be light, dark or printed with one picture; coordinates have two
digits at most, so that the same values give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Literal

Length = int | Fraction
Anchor = Literal["start", "middle", "end"]

# How wide a letter is of the size one, on average, in the fonts that pages are shown in.
_LETTER = Fraction(57, 100)

_PATTERNS = {
    "hatch": '<pattern id="{id}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="4" height="4"/><rect class="hatch-line" width="1.4" height="4"/></pattern>',
    "dots": '<pattern id="{id}" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect class="dots-ground" width="4" height="4"/><circle class="dots-dot" cx="2" cy="2" r="1"/></pattern>',
}


def digits(value: Length) -> str:
    """A coordinate with at most two digits behind the point."""
    scaled = (abs(Fraction(value)) * 100 + Fraction(1, 2)).__floor__()
    whole, rest = divmod(scaled, 100)
    shown = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"-{shown}" if value < 0 and scaled else shown


def text_width(text: str, size: int, *, heavy: bool = False) -> Fraction:
    """About how wide a text is; heavy letters are wider."""
    return _LETTER * size * len(text) * (Fraction(9, 8) if heavy else 1)


def scaled(value: Length, low: Length, high: Length, start: Length, end: Length) -> Fraction:
    """Where a value between ``low`` and ``high`` lies between ``start`` and ``end``; in the middle where they agree."""
    if low == high:
        return Fraction(start + end) / 2
    return Fraction(start) + Fraction(value - low) / Fraction(high - low) * Fraction(end - start)


class Drawing:
    """The marks of one picture in the order in which they cover each other.

    ``prefix`` begins every id, since a page has several pictures; ``title`` and ``description`` are what people hear
    who do not see it.
    """

    def __init__(self, width: Length, title: str, description: str, prefix: str) -> None:
        self.width = width
        self._title, self._description, self._prefix = title, description, prefix
        self._marks: list[str] = []
        self._used: set[str] = set()

    def rect(
        self, x: Length, y: Length, width: Length, height: Length, style: str, title: str = "", pattern: str = ""
    ) -> None:
        """A box; ``pattern`` (``hatch`` or ``dots``) fills it."""
        fill = ""
        if pattern:
            self._used.add(pattern)
            fill = f' fill="url(#{self._prefix}-{pattern})"'
        at = f'x="{digits(x)}" y="{digits(y)}" width="{digits(width)}" height="{digits(height)}"'
        self._mark("rect", f'{at} class="{style}"{fill}', title)

    def line(self, x1: Length, y1: Length, x2: Length, y2: Length, style: str) -> None:
        at = f'x1="{digits(x1)}" y1="{digits(y1)}" x2="{digits(x2)}" y2="{digits(y2)}"'
        self._mark("line", f'{at} class="{style}"')

    def polyline(self, points: Sequence[tuple[Length, Length]], style: str) -> None:
        self._mark("polyline", f'points="{_points(points)}" class="{style}"')

    def polygon(self, points: Sequence[tuple[Length, Length]], style: str, title: str = "") -> None:
        self._mark("polygon", f'points="{_points(points)}" class="{style}"', title)

    def circle(self, x: Length, y: Length, radius: Length, style: str, title: str = "") -> None:
        self._mark("circle", f'cx="{digits(x)}" cy="{digits(y)}" r="{digits(radius)}" class="{style}"', title)

    def text(self, x: Length, y: Length, text: str, style: str = "", anchor: Anchor = "start", size: int = 11) -> None:
        if text:
            at = f'x="{digits(x)}" y="{digits(y)}"'
            placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
            styled = f' class="{style}"' if style else ""
            self._marks.append(f'<text {at} font-size="{size}"{placed}{styled}>{escape(text)}</text>')

    def svg(self, height: Length, style: str = "") -> str:
        """The whole picture; ``style`` is a stylesheet of its own, for where no page colours it."""
        size = f"{digits(self.width)} {digits(height)}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{digits(self.width)}"'
            f' height="{digits(height)}" class="chart"{self._named()}'
        )
        patterns = "".join(_PATTERNS[name].format(id=f"{self._prefix}-{name}") for name in sorted(self._used))
        defs = f"<defs>{patterns}</defs>" if patterns else ""
        own = f"<style>{style}</style>" if style else ""
        return f"{head}{own}{defs}{''.join(self._marks)}</svg>"

    def _named(self) -> str:
        """What the picture is called; one without a title says nothing that does not stand beside it as text."""
        if not self._title:
            return ' aria-hidden="true">'
        told = {"t": ("title", self._title), "d": ("desc", self._description)}
        told = {key: each for key, each in told.items() if each[1]}
        ids = " ".join(f"{self._prefix}-{key}" for key in told)
        inner = "".join(f'<{tag} id="{self._prefix}-{key}">{escape(text)}</{tag}>' for key, (tag, text) in told.items())
        return f' role="img" aria-labelledby="{ids}">{inner}'

    def _mark(self, name: str, given: str, title: str = "") -> None:
        inner = f"<title>{escape(title)}</title>" if title else ""
        self._marks.append(f"<{name} {given}>{inner}</{name}>" if inner else f"<{name} {given}/>")


def _points(points: Sequence[tuple[Length, Length]]) -> str:
    return " ".join(f"{digits(x)},{digits(y)}" for x, y in points)
