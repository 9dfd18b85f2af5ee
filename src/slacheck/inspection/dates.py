"""Times that deserve a look: marks for no value, years away from the rest, hours that a clock change skips."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from slacheck.engine import cell_survey
from slacheck.engine.cell_survey import Moments, Survey
from slacheck.engine.cells import Cells
from slacheck.engine.text_rules import ABSOLUTE, CIVIL, EARLIEST, LATEST, NAIVE, TextRule
from slacheck.inspection.findings import Suspicion
from slacheck.timeline import zones

_DAY = 86_400_000_000
_YEAR = 365 * _DAY
_TAIL = 10
# 1900-01-01, the first days of 1970 and the year 9000: what programs write where there is no time.
_OLD, _FAR = -2_208_988_800_000_000, 221_845_392_000_000_000
_SENTINELS = (
    ("old-mark", "the year 1900 or before: a mark for no time?", ((EARLIEST, _OLD + _YEAR),)),
    ("epoch-mark", "1970-01-01, which is 0: a mark for no time?", ((-_DAY // 2, _DAY),)),
    ("far-mark", "the year 9000 or later: a mark for no time?", ((_FAR, LATEST),)),
)


def shown(moment: int, kind: int) -> str:
    """A moment as far as the file says it."""
    written = zones.written(moment)
    return written if kind == ABSOLUTE else written[:10] if kind == CIVIL else written.removesuffix("Z")


def odd_times(
    cells: Cells, survey: Survey, rule: TextRule, name: str, found: Sequence[Moments], zone: ZoneInfo | None
) -> tuple[list[Suspicion], int]:
    """What is odd among the times of a column, and how many of them ``zone`` shows twice."""
    ranges: dict[str, Sequence[tuple[int, int]]] = {
        code: spans for code, _, spans in _SENTINELS if any(_meet(each, spans[0]) for each in found)
    }
    messages = {code: message for code, message, _ in _SENTINELS}
    lowest, highest = _usual(found)
    if lowest is not None and highest is not None:
        ranges["old"] = _without((EARLIEST, lowest))
        ranges["future"] = _without((highest, LATEST))
        messages["old"] = f"long before the rest, which begins about {zones.written(_low(found))[:10]}"
        messages["future"] = f"long after the rest, which ends about {zones.written(_high(found))[:10]}"
    suspicions = [
        Suspicion(
            code="sentinel" if code.endswith("mark") else code,
            column=name,
            message=messages[code],
            count=each.count,
            rows=tuple(cells.row(record) for record in each.records),
            example=each.text,
        )
        for code, each in cell_survey.among_moments(cells.scratch, survey, rule, ranges, None).items()
        if each.count
    ]
    if zone is None or not any(each.kind == NAIVE for each in found):
        return suspicions, 0
    return _changed(cells, survey, rule, name, found, zone, suspicions)


def _changed(
    cells: Cells,
    survey: Survey,
    rule: TextRule,
    name: str,
    found: Sequence[Moments],
    zone: ZoneInfo,
    suspicions: list[Suspicion],
) -> tuple[list[Suspicion], int]:
    naive = [each for each in found if each.kind == NAIVE and each.first > _OLD and each.last < _FAR]
    if not naive:
        return suspicions, 0
    stretches = zones.offsets(zone, min(each.first for each in naive), max(each.last for each in naive))
    ranges = {kind: [(each.lo, each.hi) for each in stretches if each.kind == kind] for kind in ("gap", "fold")}
    for kind, each in cell_survey.among_moments(cells.scratch, survey, rule, ranges, NAIVE).items():
        if each.count:
            what = "skip" if kind == "gap" else "show twice"
            suspicions.append(
                Suspicion(
                    code="skipped-time" if kind == "gap" else "time-twice",
                    column=name,
                    message=f"local times that the clocks of {zone.key} {what}",
                    count=each.count,
                    rows=tuple(cells.row(record) for record in each.records),
                    example=each.text,
                )
            )
    return suspicions, sum(each.count for each in suspicions if each.code == "time-twice")


def _meet(each: Moments, span: tuple[int, int]) -> bool:
    return each.last >= span[0] and each.first < span[1]


def _ordinary(found: Sequence[Moments]) -> list[Moments]:
    """All times without those that are marks anyway."""
    return [each for each in found if not any(_meet(each, spans[0]) for _, _, spans in _SENTINELS)]


def _nth(found: Sequence[Moments], place: int) -> Moments:
    reached = 0
    for each in found:
        reached += each.count
        if place < reached:
            return each
    return found[-1]


def _low(found: Sequence[Moments]) -> int:
    kept = _ordinary(found)
    return _nth(kept, sum(each.count for each in kept) // _TAIL).first


def _high(found: Sequence[Moments]) -> int:
    kept = _ordinary(found)
    total = sum(each.count for each in kept)
    return _nth(kept, total - 1 - total // _TAIL).last


def _usual(found: Sequence[Moments]) -> tuple[int | None, int | None]:
    """Beyond these lies what is far from the rest: ten times the stretch of the middle eight tenths of all times,
    and a year at least.

    None where there are too few times, or where nothing lies beyond.
    """
    kept = _ordinary(found)
    if sum(each.count for each in kept) < 10:
        return None, None
    low, high = _low(found), _high(found)
    room = max(10 * (high - low), _YEAR)
    if kept[0].first >= low - room and max(each.last for each in kept) < high + room:
        return None, None
    return low - room, high + room


def _without(span: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """A range without the marks in it, which have a line of their own."""
    lo, hi = max(span[0], _OLD + _YEAR), min(span[1], _FAR)
    spans = [(lo, min(hi, -_DAY // 2)), (max(lo, _DAY), hi)]
    return tuple((a, b) for a, b in spans if a < b)
