"""Corrections: every mistake at its line and column, and what the entries of one line come to."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.corrections import Correctable, CorrectionsFile, applied, load, problems, without_a_line
from slacheck.language.quantities import HOUR, MINUTE
from slacheck.problems import AgreementError, Problem
from slacheck.timeline import intervals
from slacheck.timeline.periods import Cycle
from slacheck.timeline.zones import zone
from tests.exclusions.calendars import at

BERLIN = zone("Europe/Berlin")
UTC = zone("UTC")
LEVELS = {
    "availability": Correctable(Cycle("month"), "share"),
    "billing": Correctable(Cycle("month", date(2026, 1, 15)), "share"),
    "survey": Correctable(Cycle("quarter"), "number", measures_time=False),
}
HEAD = "corrections:\n"


def entry(what: str, level: str = "availability", period: str = "2026-10", **keys: str) -> str:
    """An entry with all its keys, a line each; ``what`` is the last of them."""
    lines = {"level": level, "period": period, "author": "J. Smith", "date": "2026-11-03", "reason": "see 4711", **keys}
    named = [f"{key}: {value}" for key, value in lines.items() if value]
    return "  - " + "\n    ".join([*named, what]) + "\n"


def loaded(folder: Path, text: str) -> CorrectionsFile:
    (folder / "corrections.yaml").write_text(text, encoding="utf-8")
    return load(folder / "corrections.yaml", "corrections.yaml")


def told(folder: Path, marked: str) -> list[Problem]:
    """The problems of a text in which ``@@`` marks, in order, the places that are meant."""
    places, text = [], marked
    while "@@" in text:
        before, _, after = text.partition("@@")
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + after
    try:
        found = problems(loaded(folder, text), LEVELS, BERLIN)
    except AgreementError as error:
        found = list(error.problems)
    assert [(each.line, each.column) for each in found] == places, [(each.place, each.message) for each in found]
    assert all(each.path == "corrections.yaml" and each.message for each in found)
    return found


DAY_LONG = "{start: 2026-10-05 10:00, end: 2026-10-05 10:40}"


def test_a_correction_says_who_when_and_why(tmp_path: Path) -> None:
    file = loaded(
        tmp_path, HEAD + entry(f"remove_outage: {DAY_LONG}", subject="web-1") + entry("value: 99.95%", subject="web-2")
    )
    assert problems(file, LEVELS, BERLIN) == []
    first, second = file.entries
    assert (first.level, first.subject, first.period, first.what) == (
        "availability",
        "web-1",
        "2026-10",
        "remove_outage",
    )
    assert (first.author, first.date, first.reason) == ("J. Smith", date(2026, 11, 3), "see 4711")
    assert second.value is not None
    assert (second.value.value, second.subject, second.stretch) == (Fraction(1999, 2000), "web-2", None)
    assert (file.place(0), file.place(1)) == ("corrections.yaml:2:5", "corrections.yaml:9:5")
    assert len(file.digest) == 64


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (entry("value: 99.95%").replace("reason", "@@reson"), ["unknown-key"]),
        (entry("value: 99.95%", author="").replace("- ", "- @@"), ["missing-key"]),
        (entry("value: 99.95%", reason="").replace("- ", "- @@"), ["missing-key"]),
        (entry("value: 99.95%", date="@@3 November"), ["not-a-date"]),
        (entry("value: @@all of it"), ["not-a-value"]),
        (entry(f"add_outage: {DAY_LONG}\n    @@value: 99.95%"), ["correction"]),
        (entry("").replace("- ", "- @@"), ["correction"]),
        (entry("@@add_outage: {start: 2026-10-05 10:00}"), ["missing-key"]),
        (entry("add_outage: {start: @@soon, end: 2026-10-05}"), ["not-a-time"]),
        (entry("add_outage: {start: 2026-10-05, end: 2026-10-06, @@why: rain}"), ["unknown-key"]),
        # A level that the agreement does not have, in two ways.
        (entry("value: 99.95%", level="@@availabilty"), ["unknown-name"]),
        (entry("value: 99.95%", level="@@response"), ["unknown-name"]),
        # Periods.
        (entry("value: 99.95%", period="@@2026-13"), ["period"]),
        (entry("value: 99.95%", period="@@2026-Q4"), ["period"]),
        (entry("value: 99.95%", period="@@2026-10-05"), ["period"]),
        (entry("value: 99.95%", period="@@2026-10..2026-10"), ["period"]),
        (entry("value: 99.95%", "billing", "@@2026-10"), ["period"]),
        (entry("value: 99.95%", "billing", "2026-09-15..2026-10-14"), []),
        # Dates.
        (entry("value: 99.95%", date="@@2026-09-30"), ["dates"]),
        (entry("value: 99.95%", date="2026-10-01"), []),
        # Kinds.
        (entry("value: @@99.95"), ["unit"]),
        (entry("value: @@99.95%", "survey", "2026-Q3"), ["unit"]),
        (entry("value: 4.2", "survey", "2026-Q3"), []),
        (entry("not_counted: @@{start: 2026-08-05, end: 2026-08-05}", "survey", "2026-Q3"), ["shape"]),
        # Stretches.
        (entry("add_outage: {start: 2026-10-05, end: @@2026-10-04}"), ["dates"]),
        (entry("add_outage: {start: @@2026-10-25 02:30, end: 2026-10-26}"), ["unclear-time"]),
        (entry("add_outage: {start: 2026-10-31 23:00, end: 2026-10-31 24:00}"), []),
        (entry("add_outage: @@{start: 2026-10-31 23:00, end: 2026-11-01 00:00:01}"), ["outside-period"]),
        (entry("add_outage: @@{start: 2026-09-30, end: 2026-10-01}"), ["outside-period"]),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, text: str, codes: list[str]) -> None:
    assert [each.code for each in told(tmp_path, HEAD + text)] == codes


def test_all_of_it_is_told_at_once(tmp_path: Path) -> None:
    text = entry("value: 99.95%", level="@@other") + entry("value: @@99.95", period="@@2026-Q4")
    assert {each.code for each in told(tmp_path, HEAD + text)} == {"unknown-name", "unit", "period"}


def test_what_to_write_instead(tmp_path: Path) -> None:
    def help(text: str) -> str:
        (problem,) = told(tmp_path, HEAD + text)
        return problem.help

    assert help(entry("value: @@99.95")) == "write 99.95%"
    assert help(entry("value: 99.95%", level="@@availabilty")) == "did you mean 'availability'?"
    assert help(entry("value: 99.95%", level="@@x")) == "there is: availability, billing, survey"
    assert help(entry("value: 4.2", "survey", "@@2026-q3")) == "write 2026-Q3"
    assert help(entry("value: 99.95%", period="@@2026")) == "write 2026-01"
    assert help(entry("value: 99.95%", period="@@last-month")) == "write the name of the period, such as 2026-10"


VALUE, OTHER = "value: 99.95%", "value: 99.90%"
ADD = "add_outage: {start: 2026-10-05 10:00, end: 2026-10-05 11:00}"


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        (entry(VALUE), entry("value: @@99.90%"), ["two-values"]),
        (entry(VALUE), entry("value: @@99.90%", subject="web-1"), ["two-values"]),
        (entry(VALUE, subject="web-1"), entry("value: @@99.90%"), ["two-values"]),
        (entry(VALUE, subject="web-1"), entry(OTHER, subject="web-2"), []),
        (entry(VALUE), entry(OTHER, period="2026-09"), []),
        (entry(VALUE), entry(OTHER, "billing", "2026-09-15..2026-10-14"), []),
        (entry(VALUE), entry(ADD.replace("{", "@@{")), ["no-effect"]),
        (entry(ADD), entry("value: @@99.90%"), ["no-effect"]),
        (entry(ADD), entry("remove_outage: @@{start: 2026-10-05 10:59, end: 2026-10-05 12:00}"), ["contradiction"]),
        (entry(ADD), entry("remove_outage: {start: 2026-10-05 11:00, end: 2026-10-05 12:00}"), []),
        (entry(ADD), entry("not_counted: {start: 2026-10-05 10:30, end: 2026-10-05 12:00}"), []),
    ],
)
def test_two_entries_that_cannot_both_be_meant(tmp_path: Path, first: str, second: str, codes: list[str]) -> None:
    found = told(tmp_path, HEAD + first + second)
    assert [each.code for each in found] == codes
    line = 1 + first.count("\n")
    assert all(each.help == f"the other stands on line {line}; keep one of the two" for each in found)


@pytest.mark.parametrize("text", ["", "- level: availability\n", "# nothing yet\n"])
def test_a_file_of_another_shape(tmp_path: Path, text: str) -> None:
    with pytest.raises(AgreementError) as error:
        loaded(tmp_path, text)
    (problem,) = error.value.problems
    assert problem.help == "start with 'corrections:' and a list"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AgreementError) as error:
        load(tmp_path / "corrections.yaml")
    assert error.value.problems[0].code == "no-file"


def test_what_the_entries_of_a_line_come_to(tmp_path: Path) -> None:
    file = loaded(
        tmp_path,
        HEAD
        + entry("remove_outage: {start: 2026-10-05 10:00, end: 2026-10-05 10:40}")
        + entry("remove_outage: {start: 2026-10-05 10:30, end: 2026-10-05 11:00}", subject="web-1")
        + entry("add_outage: {start: 2026-10-06T10:00:00Z, end: 2026-10-06T11:00:00Z}", subject="web-1")
        + entry("not_counted: {start: 2026-10-07, end: 2026-10-07}", subject="web-2")
        + entry("value: 99.5%", period="2026-09"),
    )
    assert problems(file, LEVELS, BERLIN) == []
    one = applied(file.entries, "availability", "web-1", "2026-10", BERLIN)
    assert one is not None
    # 10:00 in Berlin is 08:00 in UTC.
    assert one.entries == file.entries[:3]
    assert one.removed == ((at("2026-10-05 08:00", UTC), at("2026-10-05 09:00", UTC)),)
    assert one.added == ((at("2026-10-06 10:00", UTC), at("2026-10-06 11:00", UTC)),)
    assert (one.not_counted, one.value) == ((), None)
    # Down from 07:50 to 09:10 on the 5th: 20 minutes of it are left, and an hour comes in.
    measured = ((at("2026-10-05 07:50", UTC), at("2026-10-05 09:10", UTC)),)
    assert intervals.length(one.down(measured)) == HOUR + 20 * MINUTE
    two = applied(file.entries, "availability", "web-2", "2026-10", BERLIN)
    assert two is not None
    assert intervals.length(two.removed) == 40 * MINUTE
    assert intervals.length(two.not_counted) == 24 * HOUR
    september = applied(file.entries, "availability", "", "2026-09", BERLIN)
    assert september is not None
    assert september.value is not None
    assert september.value.text == "99.5%"
    assert september.down(measured) == measured


@pytest.mark.parametrize(
    ("level", "subject", "period"),
    [("billing", "", "2026-10"), ("availability", "", "2026-10"), ("availability", "a", "2026-09")],
)
def test_lines_without_a_correction(tmp_path: Path, level: str, subject: str, period: str) -> None:
    file = loaded(tmp_path, HEAD + entry("value: 99.95%", subject="a"))
    assert applied(file.entries, level, subject, period, BERLIN) is None


def test_entries_that_meet_no_line_of_the_periods_that_are_settled(tmp_path: Path) -> None:
    file = loaded(
        tmp_path,
        HEAD
        + entry("value: 99.95%", subject="web-1")
        + entry("value: 99.95%", subject="web-9")
        + entry("value: 99.95%", period="2026-09", subject="web-9"),
    )
    lines = [("availability", "web-1", "2026-10"), ("availability", "web-2", "2026-10"), ("survey", "", "2026-Q3")]
    assert without_a_line(file.entries, lines) == (file.entries[1],)
