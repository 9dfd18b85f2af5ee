"""The columns of an export looked at: what each holds, over all rows, and what among it deserves a look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from slacheck.engine import cell_survey
from slacheck.engine.cell_survey import Found, Moments, Survey
from slacheck.engine.cells import Cells
from slacheck.engine.text_rules import ABSOLUTE, CIVIL, NAIVE, TextRule
from slacheck.inspection import hints
from slacheck.inspection.counts import ONE, Counted, counted, rule_of
from slacheck.inspection.dates import odd_times, shown
from slacheck.inspection.findings import ColumnSeen, Kind, Suspicion, Value

_COMMON = 5


@dataclass(frozen=True)
class Column:
    """What is known of a column: the model that is shown, the rule that reads its cells, and its times.

    ``twice`` counts times without an offset that the zone asked about shows twice.
    """

    seen: ColumnSeen
    survey: Survey
    rule: TextRule | None = None
    times: Sequence[Moments] = ()
    suspicions: Sequence[Suspicion] = ()
    twice: int = 0

    @property
    def kind(self) -> Kind:
        return self.seen.kind

    @property
    def name(self) -> str:
        return self.seen.name

    @property
    def names(self) -> tuple[str, ...]:
        return self.survey.names


def look(
    cells: Cells,
    columns: Sequence[tuple[str, ...]],
    zone: ZoneInfo | None,
    *,
    first: int = 0,
    times: Collection[str] = (),
) -> list[Column]:
    """Look at some columns of an export, or at several joined. ``zone`` is that of times without an offset, where it is
    known; ``first`` is a number that no column looked at before has; numbers in columns called like one of ``times``
    are instants."""
    found = counted(cells.scratch, cell_survey.surveys(cells, columns, first), times)
    common = cell_survey.common(cells.scratch, [each.survey for each in found], _COMMON)
    return [_column(cells, each, common.get(each.survey.key, ()), zone) for each in found]


def _column(cells: Cells, each: Counted, common: Sequence[tuple[str, int]], zone: ZoneInfo | None) -> Column:
    survey = each.survey
    distinct = survey.distinct
    if distinct is None and each.kind in ("words", "number") and hints.identifies(each.name):
        distinct = cell_survey.counted_exactly(cells.scratch, survey)
    fits = {"yes-no": each.text("yes-no").count, "clock": each.text("clock").count, "words": each.readable}
    seen = ColumnSeen(
        name=each.name,
        position=cells.header.names.index(survey.names[0]) + 1,
        kind=each.kind,
        filled=survey.filled,
        fits=fits.get(each.kind, 0),
        nulls=each.nulls,
        distinct=distinct,
        distinct_estimate=survey.estimate if distinct is None else distinct,
        common=tuple(Value(text=text, rows=rows) for text, rows in common),
    )
    column = Column(seen, survey, suspicions=tuple(_texts(cells, each)))
    if each.kind == "time":
        return _time(cells, each, column, zone)
    return _number(cells, each, column) if each.kind == "number" else column


def _time(cells: Cells, each: Counted, column: Column, zone: ZoneInfo | None) -> Column:
    # Where two forms read all cells the first stands in for both: the rows that none of them reads are the same.
    rule, times, name = rule_of(each.forms[0]), each.times, each.name
    decided = len(each.forms) == 1
    kinds = {moments.kind for moments in times}
    latest = max(times, key=lambda moments: moments.last)
    seen = column.seen.model_copy(
        update={
            "form": each.forms[0] if decided else "",
            "forms": each.forms,
            "zone": "mixed" if len(kinds) > 1 else {ABSOLUTE: "offset", NAIVE: "none", CIVIL: "day"}[min(kinds)],
            "fits": sum(moments.count for moments in times),
            "first": shown(times[0].first, times[0].kind) if decided else None,
            "last": shown(latest.last, latest.kind) if decided else None,
        }
    )
    suspicions = [*column.suspicions, *_unread(cells, each, rule, seen.fits, "time")]
    twice = 0
    if decided:
        odd, twice = odd_times(cells, each.survey, rule, name, times, zone)
        suspicions += odd
    else:
        message = f"every date reads as {' and as '.join(each.forms)}: the data does not say which is meant"
        suspicions.append(suspicion(cells, "ambiguous-date", name, message, each.patterns[each.forms[0]]))
    if len(kinds) > 1:
        suspicions.append(_mixed(cells, name, times))
    return replace(column, seen=seen, rule=rule, times=times, suspicions=tuple(suspicions), twice=twice)


def _mixed(cells: Cells, name: str, times: Sequence[Moments]) -> Suspicion:
    words = {ABSOLUTE: "with an offset", NAIVE: "without one", CIVIL: "days without a time"}
    of = {kind: sum(each.count for each in times if each.kind == kind) for kind in words}
    parts = [f"{count:,} {words[kind]}" for kind, count in of.items() if count]
    rarest = min((kind for kind in of if of[kind]), key=lambda kind: (of[kind], kind))
    rows = sorted(cells.row(each.record) for each in times if each.kind == rarest)
    message = f"times of several kinds: {', '.join(parts)}"
    return Suspicion(code="mixed-times", column=name, message=message, count=of[rarest], rows=tuple(rows[:3]))


def _number(cells: Cells, each: Counted, column: Column) -> Column:
    way = each.ways[0]
    plain = (way.decimal, way.thousands, way.unit) == (".", None, None)
    numbers = each.numbers if plain else cell_survey.read_numbers(cells.scratch, each.survey, way.rule, way.decimal)
    # What two ways read as two numbers has no least and no greatest.
    unsure = len(each.ways) > 1
    seen = column.seen.model_copy(
        update={
            "decimal": "" if unsure else way.decimal,
            "thousands": "" if unsure else way.thousands or "",
            "unit": way.unit or "",
            "places": 0 if unsure else numbers.places,
            "fits": numbers.count,
            "least": decimal_text(numbers.least) if numbers.count and not unsure else None,
            "greatest": decimal_text(numbers.greatest) if numbers.count and not unsure else None,
        }
    )
    suspicions = [*column.suspicions, *_unread(cells, each, way.rule, seen.fits, "number")]
    if unsure:
        message = "a comma before three digits: thousands, or decimals? the data does not say"
        if each.ways[0].thousands == "." or each.ways[1].thousands == ".":
            message = "a point before three digits: thousands, or decimals? the data does not say"
        found = each.text("one-comma")
        suspicions.append(suspicion(cells, "ambiguous-number", each.name, message, found))
    if numbers.count and plain:
        suspicions += _odd_numbers(cells, each)
    return replace(column, seen=seen, rule=way.rule, suspicions=tuple(suspicions))


def _odd_numbers(cells: Cells, each: Counted) -> Iterator[Suspicion]:
    numbers, name = each.numbers, each.name
    asked: dict[str, tuple[int, int]] = {}
    wide = 10**38 - 1
    if numbers.least < 0:
        asked = {"minus-one": (-ONE, -ONE), "negative": (-wide, -1)}
    for sentinel in (-999, -9999, 9999, 99999, 999999, 9999999):
        if sentinel * ONE in (numbers.least, numbers.greatest):
            asked[str(sentinel)] = (sentinel * ONE, sentinel * ONE)
    if hints.percentage(name) and numbers.greatest > 100 * ONE:
        asked["over-hundred"] = (100 * ONE + 1, wide)
    found = cell_survey.among_numbers(cells.scratch, [each.survey], asked).get(each.survey.key, {})
    for key, of in found.items():
        if not of.count:
            continue
        if key == "minus-one":
            if found["negative"].count == of.count:
                yield suspicion(cells, "sentinel", name, "-1 is the only number below 0: a mark for no value?", of)
        elif key == "negative":
            length = hints.unit(name) in ("ms", "s", "min", "h")
            # Where many are below 0 they are what is measured, unless it is a length of time.
            if of.count != found["minus-one"].count and (length or 10 * of.count < numbers.count):
                what = "negative lengths of time" if length else "numbers below 0"
                yield suspicion(cells, "negative", name, what, of)
        elif key == "over-hundred":
            yield suspicion(cells, "over-hundred", name, "percentages above 100", of)
        else:
            yield suspicion(cells, "sentinel", name, f"{key}: a mark for no value?", of)


def _texts(cells: Cells, each: Counted) -> Iterator[Suspicion]:
    """What the shape of the cells gives away."""
    name, kind = each.name, each.kind
    if each.survey.blanks:
        message = "blanks around the text; slacheck takes them away"
        yield Suspicion(code="blanks", column=name, message=message, count=each.survey.blanks)
    if each.nulls:
        words = ", ".join(f"'{null.text}'" for null in each.nulls)
        yield suspicion(cells, "null-words", name, f"words that may stand for no value: {words}", each.text("null"))
    message = "minutes and seconds without a date: a spreadsheet has eaten the rest"
    tests = [
        ("eaten", "eaten-date", message),
        ("control", "control-characters", "tabs, line breaks or control characters inside the cell"),
    ]
    if kind == "time":
        tests.append(("clock", "clock", "a time of day without a date"))
    if kind == "number":
        tests += [("percent", "with-unit", "numbers with a percent sign"), ("unit", "with-unit", "numbers with a unit")]
    if kind == "number" and len(each.ways) == 1:
        tests += _grouped(each)
    if kind == "number" or 10 * (each.numbers.count + each.text("commas").count) > each.survey.filled:
        tests.append(("odd-commas", "odd-commas", "commas where neither thousands nor decimals have one"))
    for shape, code, message in tests:
        if each.text(shape).count:
            yield suspicion(cells, code, name, message, each.text(shape))


def _grouped(each: Counted) -> Iterator[tuple[str, str, str]]:
    if each.ways[0].decimal == ".":
        yield "thousands-comma", "thousands", "thousands marks (commas)"
    else:
        yield "thousands-point", "thousands", "thousands marks (points)"
    yield "thousands-other", "thousands", "thousands marks"


def _unread(cells: Cells, each: Counted, rule: TextRule, fits: int, what: str) -> Iterator[Suspicion]:
    if fits < each.readable:
        found = cell_survey.unread(cells.scratch, each.survey, rule, [null.text for null in each.nulls])
        yield suspicion(cells, "unread", each.name, f"no {what} like the others", found)


def suspicion(cells: Cells, code: str, name: str, message: str, found: Found) -> Suspicion:
    """What was found, with the rows of the first examples."""
    rows = tuple(cells.row(record) for record in found.records)
    return Suspicion(code=code, column=name, message=message, count=found.count, rows=rows, example=found.text)


def decimal_text(value: int) -> str:
    """An integer of 10**-18 as a plain decimal."""
    written = format(Decimal(value).scaleb(-cell_survey.SCALE), "f") if value else "0"
    return written.rstrip("0").rstrip(".") if "." in written else written
