"""Pictures: values in, SVG out; laid out on the clock, escaped, the same bytes every time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from slacheck.reports import View
from slacheck.reports.charts import palette
from slacheck.reports.charts.credits import credit_bars
from slacheck.reports.charts.drawing import digits
from slacheck.reports.charts.history import history
from slacheck.reports.charts.small import bar, between, squares
from slacheck.reports.charts.strip import NARROW, PAPER, WIDE, strip
from slacheck.reports.charts.values import (
    CreditBar,
    CreditHistory,
    History,
    Piece,
    Point,
    Range,
    Share,
    Squares,
    Strip,
    StripRow,
)
from slacheck.reports.document.rows_of_time import strip as laid_out
from slacheck.reports.document.telling import Telling
from slacheck.statement import CourseShown, LineVerdict, SpanShown, Statement
from slacheck.timeline import zones
from tests.reports import statements as made
from tests.reports.pictured_statements import pictured

HOUR = 3600 * 1_000_000
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>\"'&{{7*7}}"


def of_period(first: date, last: date, zone: str, *spans: SpanShown) -> Strip | None:
    """The strip of a line over the civil days from ``first`` to ``last``."""
    place = zones.zone(zone)
    start, end = zones.midnight(first, place), zones.midnight(last + timedelta(days=1), place)
    bounds = {"start": zones.written(start), "end": zones.written(end), "timezone": zone}
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    whole = made.statement(made.breached())
    period = whole.period.model_copy(update=bounds | days)
    line = whole.lines[0].model_copy(update={"course": CourseShown(spans=spans)})
    return laid_out(Telling(View()), whole.model_copy(update={"period": period}), line)


def down(start: str, end: str) -> SpanShown:
    return SpanShown(state="down", start=start, end=end)


def pieces(values: Strip | None, state: str) -> list[tuple[int, Piece]]:
    """The pieces of one state, each with the number of its row."""
    assert values is not None
    return [(at, piece) for at, row in enumerate(values.rows) for piece in row.pieces if piece.state == state]


def test_a_month_has_a_row_for_each_day_on_the_clock() -> None:
    values = of_period(date(2026, 10, 1), date(2026, 10, 31), "Europe/London",
                       down("2026-10-13T13:02:00Z", "2026-10-13T14:31:30Z"))  # fmt: skip
    assert values is not None
    assert [row.label for row in values.rows][::30] == ["Thu 1 Oct", "Sat 31 Oct"]
    (found,) = pieces(values, "down")
    # 13:02 UTC is 14:02 in summer time.
    assert found[0] == 12
    assert (found[1].start, found[1].end) == (14 * HOUR + 2 * HOUR // 60, 15 * HOUR + 31 * HOUR // 60 + HOUR // 120)
    assert values.rows[12].note == "1:29:30"
    assert values.rows[12].heavy
    assert values.rows[24].note == "25 h day"


def test_an_hour_that_happens_twice_has_two_lanes() -> None:
    day = date(2026, 10, 25)
    # 00:10 UTC is the first 01:10, 01:10 UTC the second.
    values = of_period(day, day, "Europe/London", down("2026-10-25T00:10:00Z", "2026-10-25T00:40:00Z"),
                       down("2026-10-25T01:10:00Z", "2026-10-25T02:10:00Z"))  # fmt: skip
    shown = [
        (piece.lane, Fraction(piece.start, HOUR), Fraction(piece.end, HOUR)) for _, piece in pieces(values, "down")
    ]
    assert shown == [
        ("first", Fraction(7, 6), Fraction(5, 3)),
        ("second", Fraction(7, 6), Fraction(2)),
        ("whole", Fraction(2), Fraction(13, 6)),
    ]
    lanes = sorted((piece.lane, piece.start // HOUR, piece.end // HOUR) for _, piece in pieces(values, "up"))
    assert lanes == [("first", 1, 2), ("second", 1, 2), ("whole", 0, 1), ("whole", 2, 24)]


def test_an_hour_that_never_happens_is_empty() -> None:
    day = date(2027, 3, 28)
    values = of_period(day, day, "Europe/London")
    assert [(p.start // HOUR, p.end // HOUR) for _, p in pieces(values, "up")] == [(0, 1), (2, 24)]
    assert values is not None
    assert values.rows[0].note == "23 h day"


def test_a_quarter_has_rows_of_weeks_and_a_year_rows_of_months() -> None:
    quarter = of_period(date(2026, 10, 1), date(2026, 12, 31), "Europe/London",
                        down("2026-10-25T00:10:00Z", "2026-10-25T00:40:00Z"))  # fmt: skip
    assert quarter is not None
    # From the week of Monday 28 September to that of 28 December.
    assert [row.label for row in quarter.rows][::13] == ["Mon 28 Sep", "Mon 28 Dec"]
    assert [text for _, text in quarter.ticks] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    (found,) = pieces(quarter, "down")
    assert (found[0], found[1].start) == (3, 6 * 24 * HOUR + 7 * HOUR // 6)
    year = of_period(date(2026, 1, 1), date(2026, 12, 31), "UTC", down("2026-02-27T12:00:00Z", "2026-03-02T12:00:00Z"))
    assert year is not None
    assert [row.label for row in year.rows][:2] == ["Jan 2026", "Feb 2026"]
    assert len(year.rows) == 12
    # A stretch over the end of a month is in two rows.
    assert [(at, piece.end - piece.start) for at, piece in pieces(year, "down")] == [(1, 36 * HOUR), (2, 36 * HOUR)]


def test_five_years_are_too_long_for_a_strip() -> None:
    assert of_period(date(2020, 1, 1), date(2025, 12, 31), "UTC") is None


@settings(max_examples=60, deadline=None)
@given(
    some.dates(date(1990, 1, 1), date(2030, 1, 1)),
    some.integers(1, 500),
    some.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_nothing_is_lost_between_the_rows(first: date, days: int, zone: str) -> None:
    place, last = zones.zone(zone), first + timedelta(days=days - 1)
    values = of_period(first, last, zone)
    assert values is not None
    length = zones.midnight(last + timedelta(days=1), place) - zones.midnight(first, place)
    found = [piece for _, piece in pieces(values, "up")]
    assert sum(piece.end - piece.start for piece in found) == length
    assert all(0 <= piece.start < piece.end <= values.axis for piece in found)
    for row in values.rows:
        ordered = sorted((each for each in row.pieces if each.lane == "whole"), key=lambda each: each.start)
        assert all(one.end <= other.start for one, other in pairwise(ordered))


def marks(svg: str, style: str) -> list[ET.Element]:
    """The marks of one class."""
    return [each for each in ET.fromstring(svg).iter() if each.get("class") == style]  # noqa: S314


@pytest.mark.parametrize("width", [WIDE, NARROW, PAPER])
def test_no_outage_vanishes_and_none_lies_outside(width: int) -> None:
    last = Piece("down", 24 * HOUR - 1, 24 * HOUR)
    values = Strip("s", "d", 24 * HOUR, ((0, "00"),), (StripRow("Mon", (Piece("up", 0, 24 * HOUR), last)),), ())
    (drawn,) = marks(strip(values, width=width), "down")
    assert Fraction(drawn.get("width") or 0) == 2
    assert Fraction(drawn.get("x") or 0) + 2 <= width


def all_pictures(text: str) -> list[str]:
    """Every picture, with ``text`` wherever words stand."""
    half = Fraction(1, 2)
    rows = (StripRow(text, (Piece("excluded", 0, 5, title=text), Piece("unknown", 5, 7, title=text)), text),)
    points = (Point(text, text, "breached", half, half, text), Point(text), Point(text, "", "met", half, half, text))
    bars = (CreditBar(text, text, (Share(0, half),), None, text), CreditBar(text, known=False))
    return [
        strip(Strip(text, text, 24, ((0, text),), rows, ())),
        history(History(text, text, points, ((half, text),))),
        credit_bars(CreditHistory(text, text, (text,), bars, ((Fraction(0), text), (half, text)), (half, text))),
        between(Range(text, text, (half, text), (Fraction(1), text), ((Fraction(3, 4), text),))),
        squares(Squares(text, ("met", None, "breached"))),
        bar(half),
    ]


def test_text_is_text() -> None:
    for svg in all_pictures(HOSTILE):
        tree = ET.fromstring(svg)  # noqa: S314
        assert {each.tag.removeprefix(SVG) for each in tree.iter()} <= {
            "svg", "title", "desc", "defs", "pattern", "rect", "circle", "line", "polyline", "polygon", "text",
        }  # fmt: skip
        attributes = {name for each in tree.iter() for name in each.attrib}
        assert not {name for name in attributes if name.startswith("on") or "href" in name}


def test_a_picture_says_what_it_is_and_one_of_a_length_says_nothing() -> None:
    for svg in all_pictures("words"):
        tree = ET.fromstring(svg)  # noqa: S314
        ids = (tree.get("aria-labelledby") or "").split()
        named = [each.get("id") for each in tree if each.tag in (f"{SVG}title", f"{SVG}desc")]
        assert ids == named
        assert bool(named) != (tree.get("aria-hidden") == "true")


def test_a_verdict_has_a_shape_of_its_own() -> None:
    half = Fraction(1, 2)
    verdicts: tuple[LineVerdict, ...] = ("met", "breached", "indeterminate")
    points = tuple(Point(str(at), "", verdict, half, half, "v") for at, verdict in enumerate(verdicts))
    drawn = history(History("t", "d", points))
    shapes = {verdict: {each.tag for each in marks(drawn, verdict)} for verdict in verdicts}
    assert shapes == {"met": {f"{SVG}circle"}, "breached": {f"{SVG}polygon"}, "indeterminate": {f"{SVG}polygon"}}
    assert [len((each.get("points") or "").split()) for each in marks(drawn, "breached")] == [3]
    assert [len((each.get("points") or "").split()) for each in marks(drawn, "indeterminate")] == [4]
    tracked = history(History("t", "d", points, binding=False))
    assert len(marks(tracked, "tracked")) == 3
    heights = [mark.get("height") for style in verdicts for mark in marks(squares(Squares("t", verdicts)), style)]
    assert heights == ["6", "12", "12"]


def test_a_line_breaks_where_nothing_is_known() -> None:
    half = Fraction(1, 2)
    known, missing = Point("a", "", "met", half, half, "v"), Point("")
    drawn = history(History("t", "d", (known, known, missing, known, known)))
    assert len(marks(drawn, "course")) == 2
    assert len(marks(drawn, "nothing")) == 1


def test_values_do_not_cover_each_other_and_the_last_is_always_there() -> None:
    bad = [Point(f"m{at}", "", "breached", Fraction(99), Fraction(99), f"99.{at:03d}%", at == 11) for at in range(12)]
    drawn = history(History("t", "d", tuple(bad), ((Fraction(100), "t"),)))
    shown = [each.text for each in marks(drawn, "bad-ink")]
    assert shown[0] == "99.011%"
    assert 3 <= len(shown) < 12
    places = sorted(Fraction(each.get("x") or 0) for each in marks(drawn, "bad-ink"))
    assert all(other - one >= 40 for one, other in pairwise(places))


def test_bars_stack_to_what_is_owed_and_what_may_be_added() -> None:
    bars = (CreditBar("Oct", "", (Share(0, Fraction(600)), Share(1, Fraction(300))), Fraction(300), "x"),)
    drawn = credit_bars(CreditHistory("t", "d", ("a", "b"), bars, ((Fraction(0), "0"), (Fraction(1200), "1200"))))
    heights = [Fraction(marks(drawn, style)[0].get("height") or 0) for style in ("series-0", "series-1", "still-open")]
    assert heights == [54, 27, 27]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction(-1, 3), "-0.33"),
        (Fraction(-1, 1000), "0"),
        (2, "2"),
        (Fraction(5, 2), "2.5"),
    ],
)
def test_coordinates_have_two_digits(value: Fraction, text: str) -> None:
    assert digits(value) == text


def test_every_class_has_a_colour_on_screen_and_on_paper() -> None:
    page, paper = palette.page_rules("svg.chart"), palette.literal_style("serif")
    assert set(palette.LIGHT) == set(palette.DARK)
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", page)) <= set(palette.LIGHT)
    assert "var(" not in paper
    used = {
        style for svg in [*all_pictures("w"), *_drawn(pictured())] for style in re.findall(r'class="([\w-]+)"', svg)
    }
    # What is filled with a pattern has the colours of the pattern.
    for style in used - {"chart", "excluded", "unknown"}:
        assert f".{style}{{" in paper or f".{style}," in paper


def _drawn(statement: Statement) -> list[str]:
    from slacheck.reports.document import document

    found = document(statement, View())
    return [strip(each.strip) for each in found.sections if each.strip] + [
        history(each.history) for each in found.sections if each.history
    ]
