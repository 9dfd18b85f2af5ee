"""Time windows of OpenSLO as periods of an agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from slacheck.problems import Problem
from slacheck.starting.openslo.documents import Part
from slacheck.timeline.periods import Cycle, Every

_SHORT = re.compile(r"([1-9][0-9]{0,5})([mhdwMQY])")
_UNITS = {"Minute": "m", "Hour": "h", "Day": "d", "Week": "w", "Month": "M", "Quarter": "Q", "Year": "Y"}
_CYCLES: dict[tuple[int, str], Every] = {
    (1, "d"): "day",
    (24, "h"): "day",
    (1, "w"): "week",
    (7, "d"): "week",
    (1, "M"): "month",
    (1, "Q"): "quarter",
    (3, "M"): "quarter",
    (1, "Y"): "year",
    (4, "Q"): "year",
    (12, "M"): "year",
}
_DAYS, _MONTHS = {"d": 1, "w": 7}, {"M": 1, "Q": 3, "Y": 12}
_LETTERS = {"m": "m", "h": "h", "d": "d"}


@dataclass(frozen=True)
class Window:
    """A period as an agreement writes it, empty where there is none that says the same; ``every`` is a bare cycle.

    ``zone`` is the one that the document names, empty where it names none.
    """

    period: str = ""
    every: str = ""
    zone: str = ""


def window(spec: Part, left: list[Problem]) -> Window:
    """The window of an SLO. What of it has no like is added to ``left``."""
    listed = spec.get("timeWindow", "timeWindows")
    found = list(listed.items()) if listed else []
    if listed is not None and not found:
        found = [listed]
    for more in found[1:]:
        more.read()
        left.append(more.problem("a second time window: only the first is taken"))
    return _read(found[0], left) if found else Window()


def _read(part: Part, left: list[Problem]) -> Window:
    count, unit = _length(part)
    calendar = part.get("calendar")
    rolling = part.text("isRolling").lower() == "true"
    zone = calendar.text("timeZone") if calendar else ""
    start = calendar.get("startTime") if calendar else None
    if unit == "" or (calendar is None and not rolling):
        part.read()
        left.append(part.problem("a time window that is neither a rolling nor a calendar one of a known length"))
        return Window(zone=zone)
    if rolling:
        return _rolling(part, count, unit, zone, left)
    every = _CYCLES.get((count, unit))
    if every is None:
        left.append(
            part.problem(
                f"a calendar window of {count}{unit} is no period here, and is judged as the agreement's period",
                "periods are days, weeks, months, quarters and years with any first day",
            )
        )
        if start is not None:
            start.read()
        return Window(zone=zone)
    return _calendar(every, start, zone, left)


def _length(part: Part) -> tuple[int, str]:
    """How long it is, in a unit; no unit where that cannot be read."""
    if part.get("unit") is not None:
        count = part.text("count")
        return (int(count), _UNITS.get(part.text("unit"), "")) if count.isdecimal() else (0, "")
    matched = _SHORT.fullmatch(part.text("duration"))
    return (int(matched[1]), matched[2]) if matched else (0, "")


def _rolling(part: Part, count: int, unit: str, zone: str, left: list[Problem]) -> Window:
    if unit == "h" and count % 24 == 0:
        count, unit = count // 24, "d"
    if unit in _DAYS:
        days = count * _DAYS[unit]
        return Window(f"{{rolling: {days} day{'' if days == 1 else 's'}}}", "", zone)
    if unit in _MONTHS:
        months = count * _MONTHS[unit]
        return Window(f"{{rolling: {months} month{'' if months == 1 else 's'}}}", "", zone)
    left.append(
        part.problem(
            f"a rolling window of {count}{unit} is shorter than a day, and is judged as the agreement's period",
            "rolling stretches are whole days or months",
        )
    )
    return Window(zone=zone)


def _calendar(every: Every, start: Part | None, zone: str, left: list[Problem]) -> Window:
    if start is None:
        return Window(every, every, zone)
    text = start.data if isinstance(start.data, str) else ""
    start.read()
    try:
        begun = datetime.fromisoformat(text)
    except ValueError:
        left.append(start.problem(f"'{text}' is no instant, and periods are those of the calendar"))
        return Window(every, every, zone)
    if (begun.hour, begun.minute, begun.second) != (0, 0, 0):
        left.append(start.problem("a period starts at midnight, and not at a time of day"))
    day: date = begun.date()
    if Cycle(every, day).calendar:
        return Window(every, every, zone)
    return Window(f"{{every: {every}, anchor: {day}}}", "", zone)


def slice_length(text: str) -> str | None:
    """The length of a time slice as an agreement writes it: a bare number is of minutes. None where it is none."""
    if text.isdecimal() and int(text):
        return f"{int(text)}m"
    matched = _SHORT.fullmatch(text)
    if matched is None:
        return None
    count, unit = int(matched[1]), matched[2]
    if unit == "w":
        count, unit = 7 * count, "d"
    return f"{count}{_LETTERS[unit]}" if unit in _LETTERS else None
