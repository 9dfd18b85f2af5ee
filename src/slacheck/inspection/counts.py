"""The cells of all columns counted by what they can be read as, and what is made of each column."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from slacheck.engine import cell_survey, date_forms, text_rules
from slacheck.engine.cell_survey import Found, Moments, Numbers, Survey
from slacheck.engine.duck import DuckScratch
from slacheck.engine.text_rules import TextRule
from slacheck.inspection import hints
from slacheck.inspection.findings import Kind, Value

ISO = "ISO 8601"
ONE = 10**cell_survey.SCALE
_SAMPLE = 1_000
_LONGEST_DATE, _MOST_SHAPES, _OF_ONE_SHAPE = 50, 50, 10
# 2000-01-01 and 2100-01-01 in seconds: numbers between them, in a unit, are taken for times counted from 1970.
_FROM, _TO = 946_684_800, 4_102_444_800
_PER_SECOND = {
    "epoch-seconds": 1,
    "epoch-milliseconds": 10**3,
    "epoch-microseconds": 10**6,
    "epoch-nanoseconds": 10**9,
}
# How numbers may be written: the decimal mark and what groups the digits, the plainest first.
_MARKS: tuple[tuple[str, str | None], ...] = (
    *((".", None), (",", None), (".", ","), (",", ".")),
    *((decimal, mark) for mark in "' " for decimal in ".,"),
)
_UNITS = ("%", "ms", "s", "min", "h")
_NONE, _NO_NUMBERS = Found(), Numbers()
_THOUSANDS_COMMA = "[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?"
_THOUSANDS_POINT = "[+-]?[0-9]{1,3}([.][0-9]{3})+(,[0-9]+)?"
_SHAPES = {
    "one-comma": "[+-]?[0-9]{1,3},[0-9]{3}",
    "thousands-comma": _THOUSANDS_COMMA,
    "thousands-point": _THOUSANDS_POINT,
    "thousands-other": "[+-]?[0-9]{1,3}([ \u00a0\u202f'\u2019_][0-9]{3})+([.,][0-9]+)?",
    "commas": "[+-]?[0-9]+(,[0-9]+)+([.][0-9]+)?",
    # Something other than three digits stands between two commas, or behind the last of several.
    "odd-commas": "[+-]?[0-9]+(,[0-9]+)*,([0-9]{1,2}|[0-9]{4,}),[0-9]+(,[0-9]+)*",
    "eaten": "[0-9]{1,3}:[0-9]{2}[.][0-9]+",
    "clock": "[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[AaPp][Mm])?",
    "percent": "[+-]?[0-9]+([.,][0-9]+)? ?%",
    "control": "(?s).*[\\x00-\\x1f\\x7f].*",
    "unit": "[+-]?[0-9]+([.,][0-9]+)? ?(ns|us|\u00b5s|ms|s|sec|secs|seconds|m|min|mins|minutes|h|hrs|hours|d|days)",
}


@dataclass(frozen=True)
class Way:
    """How numbers are written, and how many cells are read so."""

    decimal: str
    thousands: str | None
    unit: str | None
    count: int

    @property
    def rule(self) -> TextRule:
        return _number_rule(self.decimal, self.thousands, self.unit)


def _number_rule(decimal: str, thousands: str | None, unit: str | None) -> TextRule:
    return text_rules.number(cell_survey.SCALE, decimal, wide=True, thousands=thousands, unit=unit)


@dataclass(frozen=True)
class Counted:
    """The counts of one column and what follows from them: its kind, and the forms of its times.

    ``forms`` are those that read as many cells as any; more than one where the data does not decide. ``ways`` are
    likewise those of its numbers.
    """

    survey: Survey
    iso: int = 0
    numbers: Numbers = _NO_NUMBERS
    patterns: Mapping[str, Found] = field(default_factory=dict)
    texts: Mapping[str, Found] = field(default_factory=dict)
    nulls: tuple[Value, ...] = ()
    kind: Kind = "empty"
    forms: tuple[str, ...] = ()
    times: Sequence[Moments] = ()
    ways: tuple[Way, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(self.survey.names)

    @property
    def readable(self) -> int:
        """The filled cells that are no word for no value."""
        return self.survey.filled - sum(null.rows for null in self.nulls)

    def text(self, shape: str) -> Found:
        """The cells, neither times of ISO 8601 nor plain numbers, that have a shape or are such words."""
        return self.texts.get(shape, _NONE)


def rule_of(form: str) -> TextRule:
    """The rule that reads times of a form."""
    return text_rules.instant(None if form == ISO else form)


def counted(scratch: DuckScratch, columns: Sequence[Survey], times: Collection[str] = ()) -> list[Counted]:
    """Count the cells of all columns together: every cell is tried as a time of ISO 8601 and as a number, what is left
    as every shape and as every pattern that the first thousand cells of some column suggest. Columns of numbers that
    are called like one of ``times`` need no other hint that they are instants."""
    filled = [survey for survey in columns if survey.filled]
    iso = cell_survey.iso_times(scratch, filled)
    numbers = cell_survey.numbers(scratch, [survey for survey in filled if iso[survey.key] < survey.filled])
    found = {survey.key: Counted(survey) for survey in columns}
    for survey in filled:
        found[survey.key] = Counted(survey, iso[survey.key], numbers.get(survey.key, _NO_NUMBERS))
    mixed = [each.survey for each in found.values() if each.iso + each.numbers.count < each.survey.filled]
    if mixed:
        _leftover(scratch, mixed, found)
    _ways(scratch, found)
    epochs = _epochs(scratch, [each for each in found.values() if each.numbers.count], times)
    for key, each in found.items():
        kind, forms = _decided(each, epochs.get(key, ""))
        found[key] = _with(each, kind=kind, forms=forms)
    for form in dict.fromkeys(each.forms[0] for each in found.values() if each.kind == "time"):
        of = [each.survey for each in found.values() if each.kind == "time" and each.forms[0] == form]
        for key, moments in cell_survey.moments(scratch, of, rule_of(form)).items():
            found[key] = _with(found[key], times=moments)
    return list(found.values())


def _with(each: Counted, **changes: object) -> Counted:
    return replace(each, **changes)  # type: ignore[arg-type]


def _leftover(scratch: DuckScratch, mixed: Sequence[Survey], found: dict[int, Counted]) -> None:
    rest = cell_survey.leftover(scratch, mixed)
    first = cell_survey.first_texts(scratch, rest, _SAMPLE).values()
    patterns = {form: date_forms.rule(form) for texts in first for form in _suggested(texts)}
    words = {"null": hints.NULLS, "yes-no": hints.YES_NO}
    tested = cell_survey.among_texts(scratch, rest, _SHAPES, patterns, words)
    nulls = cell_survey.among_words(scratch, rest, hints.NULLS)
    for key, texts_of in tested.items():
        found[key] = _with(
            found[key],
            texts=texts_of,
            patterns={pattern: texts_of[pattern] for pattern in patterns if texts_of[pattern].count},
            nulls=tuple(Value(text=text, rows=rows) for text, rows in nulls.get(key, ())),
        )


def _suggested(texts: Sequence[str]) -> list[str]:
    """Forms of dates that some of the texts have; texts of one shape suggest the same ones, but for days beyond 12."""
    asked: dict[str, list[str]] = {}
    for text in texts:
        if any(letter.isdigit() for letter in text) and len(text) <= _LONGEST_DATE:
            asked.setdefault(re.sub("[A-Za-z]", "a", re.sub("[0-9]", "0", text)), []).append(text)
    found: dict[str, None] = {}
    for alike in list(asked.values())[:_MOST_SHAPES]:
        for text in alike[:_OF_ONE_SHAPE]:
            found |= dict.fromkeys(form for form in date_forms.forms_of(text) if form and "%" in form)
    # May is the short name of a month and the long one: the same form.
    return [form for form in found if "%B" not in form or form.replace("%B", "%b") not in found]


def _ways(scratch: DuckScratch, found: dict[int, Counted]) -> None:
    """How the numbers of every column are written: plainly, unless marks or units stand in what is left."""
    marked = ("commas", "thousands-comma", "thousands-point", "thousands-other")
    asked: dict[str, tuple[str, str | None, str | None]] = {}
    tried: list[Survey] = []
    for key, each in found.items():
        found[key] = replace(each, ways=(Way(".", None, None, each.numbers.count),) if each.numbers.count else ())
        units = [unit for unit in _UNITS if each.text("percent" if unit == "%" else "unit").count]
        if units or any(each.text(shape).count for shape in marked):
            tried.append(each.survey)
            ways = [(decimal, mark, unit) for decimal, mark in _MARKS for unit in (None, *units)]
            asked |= {f"{decimal} {mark} {unit}": (decimal, mark, unit) for decimal, mark, unit in ways}
    rules = {name: _number_rule(*way) for name, way in asked.items()}
    for key, counts in cell_survey.among_cells(scratch, tried, rules).items():
        most = max(each.count for each in counts.values())
        best = [Way(*asked[name], each.count) for name, each in counts.items() if each.count == most]
        if most:
            # Two numbers only where what groups the digits of one way is the decimal mark of another.
            others = [way for way in best if way.thousands == best[0].decimal]
            found[key] = replace(found[key], ways=(best[0], *others[:1]))


def _epochs(scratch: DuckScratch, columns: Sequence[Counted], times: Collection[str]) -> dict[int, str]:
    """Per column the unit in which nine of ten numbers are times between 2000 and 2100, where there is one."""
    likely = [
        each for each in columns if 2 * each.numbers.count >= each.readable and each.numbers.greatest >= _FROM * ONE
    ]
    windows = {unit: (_FROM * per * ONE, _TO * per * ONE) for unit, per in _PER_SECOND.items()}
    tested = cell_survey.among_numbers(scratch, [each.survey for each in likely], windows)
    found: dict[int, str] = {}
    for each in likely:
        for unit, seen in tested[each.survey.key].items():
            named = (
                each.name in times
                or hints.timely(each.name)
                or (unit != "epoch-seconds" and not hints.identifies(each.name))
            )
            if named and 10 * seen.count >= 9 * each.numbers.count:
                found.setdefault(each.survey.key, unit)
    return found


def _decided(each: Counted, epoch: str) -> tuple[Kind, tuple[str, ...]]:
    """What half of the cells that hold a value are, and the forms of times that all read as many cells as any."""
    if not each.survey.filled:
        return "empty", ()
    half = each.readable
    most = max((found.count for found in each.patterns.values()), default=0)
    if each.iso and 2 * each.iso >= half and each.iso >= most:
        return "time", (ISO,)
    if most and 2 * most >= half:
        return "time", tuple(pattern for pattern, found in each.patterns.items() if found.count == most)
    if epoch:
        return "time", (epoch,)
    if each.text("clock").count and 2 * each.text("clock").count >= half:
        return "clock", ()
    if 2 * each.text("yes-no").count > half:
        return "yes-no", ()
    if each.ways and 2 * each.ways[0].count > half:
        return "number", ()
    return "words", ()
