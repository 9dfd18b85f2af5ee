"""A level's periods against its target: a thin line, the target dashed, and the values where it was not kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from slacheck.reports.charts.drawing import Drawing, scaled, text_width
from slacheck.reports.charts.values import History, Point

WIDTH = 380

_HEIGHT, _TOP, _BOTTOM, _LEFT = 150, 14, 112, 14
_SIZE = 11
_RADIUS = 3
_FEWEST = 6

Place = Callable[[Fraction], Fraction]


def history(values: History, *, width: int = WIDTH, prefix: str = "history", style: str = "") -> str:
    """The picture; a period of which nothing is known is a dash at the foot, and the line breaks there."""
    drawing = Drawing(width, values.title, values.description, prefix)
    right = width - max((text_width(text, _SIZE, heavy=True) for _, text in values.targets), default=Fraction(0)) - 16
    known = [value for point in values.points for value in (point.best, point.worst) if value is not None]
    known += [value for value, _ in values.targets]
    low, high = min(known, default=Fraction(0)), max(known, default=Fraction(1))
    # A few periods are as far from each other as many would be.
    last = max(len(values.points) - 1, _FEWEST - 1)

    def x(number: int) -> Fraction:
        return scaled(number, 0, last, _LEFT, right - 10)

    def y(value: Fraction) -> Fraction:
        return scaled(value, low, high, _BOTTOM - 20, _TOP + 12)

    _targets(drawing, right, [(y(value), text) for value, text in values.targets])
    _course(drawing, [(x(number), _middle(point, y)) for number, point in enumerate(values.points)])
    for number, point in enumerate(values.points):
        _point(drawing, point, x(number), y, binding=values.binding)
    _values(drawing, values, x, y)
    _labels(drawing, values.points, [x(number) for number in range(len(values.points))])
    return drawing.svg(_HEIGHT, style)


def _targets(drawing: Drawing, right: Fraction, targets: Sequence[tuple[Fraction, str]]) -> None:
    placed = Fraction(-100)
    for y, text in sorted(targets):
        drawing.line(_LEFT - 6, y, right, y, "target")
        # Two targets close to each other have their words below each other.
        placed = max(y + 4, placed + 11)
        drawing.text(right + 6, placed, text, "heavy", size=_SIZE)


def _middle(point: Point, y: Place) -> Fraction | None:
    if point.best is None or point.worst is None:
        return None
    return y((point.best + point.worst) / 2)


def _course(drawing: Drawing, places: Sequence[tuple[Fraction, Fraction | None]]) -> None:
    run: list[tuple[Fraction, Fraction]] = []
    for x, y in [*places, (Fraction(0), None)]:
        if y is not None:
            run.append((x, y))
            continue
        if len(run) > 1:
            drawing.polyline(run, "course")
        run = []


def _point(drawing: Drawing, point: Point, x: Fraction, y: Place, *, binding: bool) -> None:
    middle = _middle(point, y)
    title = f"{point.label} {point.year}".strip() + (f": {point.text}" if point.text else "")
    if middle is None or point.best is None or point.worst is None:
        drawing.line(x - 4, _BOTTOM, x + 4, _BOTTOM, "nothing")
        return
    if point.best != point.worst:
        ends = sorted((y(point.best), y(point.worst)))
        drawing.rect(x - 3, ends[0], 6, max(ends[1] - ends[0], Fraction(2)), "between")
    shape = (point.verdict or "not-applicable") if binding else "tracked"
    mark(drawing, shape, x, middle, title, size=4 if point.now else _RADIUS)


def _values(drawing: Drawing, values: History, x: Callable[[int], Fraction], y: Place) -> None:
    """The values that were not as wanted, and the last one, the latest first; one that would cover another is left."""
    placed: list[tuple[Fraction, Fraction, Fraction]] = []
    for number in reversed(range(len(values.points))):
        point = values.points[number]
        wanted = point.verdict in ("breached", "indeterminate", "missed") or point.now
        if not wanted or not point.text or point.best is None or point.worst is None:
            continue
        half = text_width(point.text, _SIZE, heavy=True) / 2
        centre = min(max(x(number), half), drawing.width - half)
        top, foot = sorted((y(point.best), y(point.worst)))
        # Words stand on the side of the target on which their value lies, clear of the line.
        over = bool(values.targets) and all(top + foot <= 2 * y(at) for at, _ in values.targets)
        at = top - 8 if over else foot + 15
        if any(centre - half < right and left < centre + half and abs(at - row) < _SIZE for left, right, row in placed):
            continue
        placed.append((centre - half, centre + half, at))
        style = {"breached": "bad-ink", "indeterminate": "open-ink"}.get(point.verdict or "", "heavy")
        drawing.text(centre, at, point.text, style, "middle", _SIZE)


def mark(drawing: Drawing, verdict: str, x: Fraction, y: Fraction, title: str, size: int = _RADIUS) -> None:
    """The sign of a verdict: a triangle, a circle, a diamond, or a hollow circle where nothing is binding."""
    if verdict == "breached":
        wide = size + 1
        drawing.polygon([(x - wide, y + size), (x + wide, y + size), (x, y - size - 1)], verdict, title)
    elif verdict == "indeterminate":
        wide = size + 1
        drawing.polygon([(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)], verdict, title)
    else:
        drawing.circle(x, y, size, verdict, title)


def _labels(drawing: Drawing, points: Sequence[Point], places: Sequence[Fraction]) -> None:
    label_axis(drawing, [(point.label, point.year, point.now) for point in points], places, _BOTTOM + 16)


def label_axis(drawing: Drawing, labels: Sequence[tuple[str, str, bool]], places: Sequence[Fraction], top: int) -> None:
    """The labels of periods, as many as have room, the last among them; years stand below those that begin one."""
    apart = places[1] - places[0] if len(places) > 1 else Fraction(drawing.width)
    widest = max((text_width(label, _SIZE) for label, _, _ in labels), default=Fraction(0)) + 5
    every = max(1, -(-widest // apart)) if apart else 1
    for number, ((label, year, now), x) in enumerate(zip(labels, places, strict=True)):
        if (len(labels) - 1 - number) % every:
            continue
        half = text_width(label, _SIZE) / 2
        centre = min(max(x, half), drawing.width - half)
        drawing.text(centre, top, label, "heavy" if now else "soft", "middle", _SIZE)
        drawing.text(centre, top + 12, year, "soft", "middle", _SIZE)
