"""The traps of real exports, each on a small file of its shape through a whole run: what must come out, or be refused.

Three samples of one day say up, down from 06:00 and up from 12:00: available for 18 of 24 hours, 3/4. Two values are
1234.5 and 765.5: on average 1000. Two minutes have 4000 requests of which 1 is bad.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from slacheck.problems import DataError
from tests.sources.opener import us
from tests.whole_runs import run

SEEN = us("2027-01-01T00:00")
STATES = {"shape": "samples", "columns": {"at": "time", "state": "status"}, "hold": "until-next"}
VALUES = {"shape": "samples", "columns": {"at": "time", "value": "value"}}
COUNTS = {"shape": "counts", "columns": {"at": "time", "total": "n", "bad": "bad"}, "absent_rows": "empty"}
MEASURES = {
    "state": ({"kind": "availability", "from": "x"}, ">= 50%"),
    "value": ({"kind": "statistic", "from": "x", "statistic": "mean"}, "<= 2000"),
    "total": ({"kind": "error-rate", "from": "x"}, "<= 1%"),
}
AVAILABLE, MEAN, RATE = Fraction(3, 4), Fraction(1000), Fraction(1, 4000)


@dataclass(frozen=True)
class Trap:
    """A file, what the source says of it, and the value that comes out or the code and words of the first problem."""

    name: str
    content: bytes
    out: Fraction | tuple[str, str]
    terms: dict[str, Any] = field(default_factory=dict)
    shape: dict[str, Any] = field(default_factory=lambda: STATES)
    file: str = "x.csv"
    zone: str = "UTC"


def states(times: list[str], separator: str = ",", end: str = "\n", **words: str) -> str:
    said = {"up": "up", "down": "down"} | words
    rows = zip(times, ("up", "down", "up"), strict=True)
    return f"time{separator}status{end}" + "".join(f"{time}{separator}{said[state]}{end}" for time, state in rows)


def values(first: str, second: str, separator: str = ",") -> bytes:
    rows = (f"2026-10-01T00:00:00Z{separator}{first}", f"2026-10-01T12:00:00Z{separator}{second}")
    return "\n".join([f"time{separator}value", *rows, ""]).encode()


ISO = states(["2026-10-01T00:00:00Z", "2026-10-01T06:00:00Z", "2026-10-01T12:00:00Z"])
WINDOWS = states(["2026-10-01T00:00:00Z", "2026-10-01T06:00:00Z", "2026-10-01T12:00:00Z"], down="gestört")
GERMAN = {"states": {"up": ["up"], "down": ["gestört"]}}


def dated(name: str, first: str, second: str, third: str, form: str) -> Trap:
    """Times in one form, in quotes since some hold the separator."""
    text = states([f'"{first}"', f'"{second}"', f'"{third}"'])
    return Trap(name, text.encode(), AVAILABLE, {"time_format": form, "timezone": "UTC"})


def epoch(name: str, form: str, factor: str, quote: str = "", out: Fraction | tuple[str, str] = AVAILABLE) -> Trap:
    """2026-10-01 00:00:00 UTC is 1,790,812,800 seconds since 1970."""
    seconds = (1_790_812_800, 1_790_834_400, 1_790_856_000)
    text = states([f"{quote}{each}{factor}{quote}" for each in seconds])
    return Trap(name, text.encode(), out, {"time_format": form})


TRAPS = [
    # encodings
    Trap("a byte order mark before the first header", b"\xef\xbb\xbf" + ISO.encode(), AVAILABLE),
    Trap("UTF-16, little-endian with its mark", b"\xff\xfe" + ISO.encode("utf-16-le"), AVAILABLE),
    Trap("UTF-16, big-endian with its mark", b"\xfe\xff" + ISO.encode("utf-16-be"), AVAILABLE),
    Trap("UTF-16 without a mark, undeclared", ISO.encode("utf-16-le"), ("encoding", "UTF-16 without a mark")),
    Trap("UTF-16 without a mark, declared", ISO.encode("utf-16-le"), AVAILABLE, {"encoding": "utf-16-le"}),
    Trap("latin-1", WINDOWS.encode("latin-1"), AVAILABLE, {"encoding": "latin-1", **GERMAN}),
    Trap("windows-1252", WINDOWS.encode("windows-1252"), AVAILABLE, {"encoding": "windows-1252", **GERMAN}),
    Trap("windows-1252, undeclared", WINDOWS.encode("windows-1252"), ("encoding", "byte 0xf6"), GERMAN),
    # separators and shapes of rows
    Trap("semicolons", ISO.replace(",", ";").encode(), AVAILABLE),
    Trap("tabs", ISO.replace(",", "\t").encode(), AVAILABLE, file="x.txt"),
    Trap("bars", ISO.replace(",", "|").encode(), AVAILABLE),
    Trap("the separator named above the header", b"sep=;\n" + ISO.replace(",", ";").encode(), AVAILABLE),
    Trap("Windows line ends", ISO.replace("\n", "\r\n").encode(), AVAILABLE),
    Trap("old Mac line ends", ISO.replace("\n", "\r").encode(), AVAILABLE),
    Trap("no line end at the end", ISO.rstrip().encode(), AVAILABLE),
    Trap("a trailing separator in every line", ISO.replace("\n", ",\n").encode(), AVAILABLE),
    Trap(
        "a trailing separator below the header",
        ISO.replace("\n", ",\n").replace("status,", "status").encode(),
        AVAILABLE,
    ),
    Trap("a trailing separator in the header alone", ISO.replace("status", "status,").encode(), AVAILABLE),
    Trap("an empty first header", "".join(f",{line}\n" for line in ISO.splitlines()).encode(), AVAILABLE),
    Trap("an empty last header", ISO.replace("\n", ",7\n").replace("status,7", "status,").encode(), AVAILABLE),
    Trap("blank lines", b"\n\n" + ISO.replace("\n", "\n\n").encode(), AVAILABLE),
    Trap(
        "a quoted line feed in a file of Windows line ends",
        b'time,note,status\r\n2026-10-01T00:00Z,"a\nb",up\r\n2026-10-01T06:00Z,,down\r\n2026-10-01T12:00Z,"c\n",up\r\n',
        AVAILABLE,
    ),
    Trap(
        "a quoted carriage return",
        b'time,note,status\n2026-10-01T00:00Z,"a\rb",up\n2026-10-01T06:00Z,"x,y",down\n2026-10-01T12:00Z,"a\r\nb",up\n',
        AVAILABLE,
    ),
    # times
    dated("DD-MM-YYYY", "01-10-2026 00:00", "01-10-2026 06:00", "01-10-2026 12:00", "%d-%m-%Y %H:%M"),
    dated("DD/MM/YYYY", "01/10/2026 00:00:00", "01/10/2026 06:00:00", "01/10/2026 12:00:00", "%d/%m/%Y %H:%M:%S"),
    dated("AM and PM", "10/01/2026 12:00 AM", "10/1/2026 6:00 AM", "10/01/2026 12:00 PM", "%m/%d/%Y %I:%M %p"),
    dated("names of months", "1 Oct 2026 00:00", "1 oct 2026 06:00", "01 OCT 2026 12:00", "%d %b %Y %H:%M"),
    dated("long names", "October 1, 2026 0:00", "October 1, 2026 6:00", "October 1, 2026 12:00", "%B %d, %Y %H:%M"),
    dated("two-digit years", "01.10.26 00:00", "01.10.26 06:00", "01.10.26 12:00", "%d.%m.%y %H:%M"),
    dated("ISO weeks", "2026-W40-4 00:00", "2026-W40-4 06:00", "2026-W40-4 12:00", "%G-W%V-%u %H:%M"),
    dated("days of the year", "2026-274 00:00", "2026-274 06:00", "2026-274 12:00", "%Y-%j %H:%M"),
    dated(
        "a log",
        "01/Oct/2026:02:00:00 +0200",
        "01/Oct/2026:08:00:00 +0200",
        "01/Oct/2026:12:00:00 +0000",
        "%d/%b/%Y:%H:%M:%S %z",
    ),
    epoch("epoch seconds", "epoch-seconds", ""),
    epoch("epoch seconds in quotes", "epoch-seconds", "", '"'),
    epoch("epoch seconds with a fraction", "epoch-seconds", ".000"),
    epoch("epoch seconds with an exponent", "epoch-seconds", "e0"),
    epoch("epoch milliseconds", "epoch-milliseconds", "000"),
    epoch("epoch milliseconds as floats", "epoch-milliseconds", "000.0"),
    epoch("epoch milliseconds with an exponent", "epoch-milliseconds", "e+3"),
    epoch("epoch microseconds", "epoch-microseconds", "000000"),
    epoch("epoch microseconds with an exponent", "epoch-microseconds", "E6"),
    epoch("epoch nanoseconds", "epoch-nanoseconds", "000000000"),
    epoch("epoch milliseconds read as seconds", "epoch-seconds", "000", out=("bad-time", "check the unit")),
    Trap(
        "epoch numbers in JSON, as an integer, a float and a text",
        b'[{"time": 1790812800, "status": "up"}, {"time": 1790834400.0, "status": "down"},'
        b' {"time": "1.790856e9", "status": "up"}]',
        AVAILABLE,
        {"time_format": "epoch-seconds"},
        file="x.json",
    ),
    Trap(
        "offsets without a colon",
        states(["2026-10-01T02:00:00+0200", "2026-10-01T02:00:00.000-0400", "2026-10-01 14:00+02"]).encode(),
        AVAILABLE,
    ),
    Trap(
        "an undeclared form of time",
        states(["31/10/2026", "1/10/2026", "2/10/2026"]).encode(),
        ("bad-time", '"%d/%m/%Y"'),
    ),
    Trap(
        "days that may be months",
        states(["3/10/2026", "1/10/2026", "2/10/2026"]).encode(),
        ("two-readings", "2026-03-10"),
    ),
    Trap(
        "a spreadsheet has eaten the date",
        states(["03:17.4", "03:18.4", "03:19.4"]).encode(),
        ("bad-time", "dropped the date"),
    ),
    Trap(
        "the hour that a clock change skips",
        states(["2026-03-29 00:00:00", "2026-03-29 01:30:00", "2026-03-29 12:00:00"]).encode(),
        ("unclear-time", "skip"),
        {"timezone": "Europe/London"},
    ),
    Trap("newest first", "\n".join([ISO.splitlines()[0], *ISO.splitlines()[:0:-1]]).encode(), AVAILABLE),
    # numbers
    Trap("a decimal comma", values("1234,5", "765,5", ";"), MEAN, {"decimal": ","}, VALUES),
    Trap("a decimal comma, undeclared", values("1234,5", "765,5", ";"), ("bad-number", 'decimal: ","'), {}, VALUES),
    Trap("thousands commas in a file of semicolons", values("1,234.5", "765.5", ";"), MEAN, {"thousands": ","}, VALUES),
    Trap("thousands points", values("1.234,5", "765,5", ";"), MEAN, {"thousands": ".", "decimal": ","}, VALUES),
    Trap("thousands in narrow blanks", values("1\u202f234.5", "765.5"), MEAN, {"thousands": " "}, VALUES),
    Trap("a number with two readings", values("1,234", "766", ";"), ("two-readings", "1234 or 1.234"), {}, VALUES),
    Trap(
        "thousands that are none",
        values('"3,87,16,91,111"', "1"),
        ("bad-number", "groups of three"),
        {"thousands": ","},
        VALUES,
    ),
    Trap("numbers as strings", values('"1234.5"', '" 765.50 "'), MEAN, {}, VALUES),
    Trap("numbers with an exponent", values("1.2345E+03", "7655e-1"), MEAN, {}, VALUES),
    # units: a length is in microseconds, a percentage a share
    Trap("milliseconds in the cell", values("1234.5 ms", "765.5ms"), MEAN * 1000, {"units": {"value": "ms"}}, VALUES),
    Trap("seconds", values("1.2345", "0.7655"), MEAN * 1000, {"units": {"value": "s"}}, VALUES),
    Trap("minutes", values("3", "1"), Fraction(120_000_000), {"units": {"value": "min"}}, VALUES),
    Trap("hours", values("3 h", "1"), Fraction(7_200_000_000), {"units": {"value": "h"}}, VALUES),
    Trap("percent", values("99.95 %", "99.85%"), Fraction(999, 1000), {"units": {"value": "%"}}, VALUES),
    Trap("a fraction", values("0.9995", "0.9985"), Fraction(999, 1000), {"units": {"value": "fraction"}}, VALUES),
    Trap(
        "percent where a fraction is declared",
        values("99.95 %", "1"),
        ("bad-number", "unit"),
        {"units": {"value": "fraction"}},
        VALUES,
    ),
    Trap("a unit that nobody declared", values("250 ms", "1"), ("bad-number", "units: {WORD: ms}"), {}, VALUES),
    Trap(
        "hours as a clock shows them",
        values("03:00:00", "1:00:00"),
        Fraction(7_200_000_000),
        {"units": {"value": "hours-minutes-seconds"}},
        VALUES,
    ),
    Trap("ISO durations", values("PT3H", "PT60M"), Fraction(7_200_000_000), {"units": {"value": "iso-8601"}}, VALUES),
    # nothing
    Trap(
        "words for nothing",
        b"time,n,bad\n2026-10-01T00:00Z,4000,1\n?,NA,NS\n",
        ("missing-cell", "no value"),
        {"nulls": ["?", "NA", "NS"]},
        COUNTS,
    ),
    Trap(
        "an absent key",
        b'[{"time": "2026-10-01T00:00Z", "n": 4000, "bad": 1, "x": null}, {"time": "2026-10-01T00:01Z", "n": 0}]',
        ("missing-cell", "no value"),
        {},
        COUNTS,
        "x.json",
    ),
    # repetition
    Trap("rows of samples that stand there twice", (ISO + ISO.split("\n", 1)[1]).encode(), AVAILABLE),
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_a_trap(tmp_path: Path, trap: Trap) -> None:
    (tmp_path / trap.file).write_bytes(trap.content)
    role = next(role for role in MEASURES if role in trap.shape["columns"])
    measure, target = MEASURES[role]
    unit = trap.terms.get("units", {}).get("value")
    if unit:
        target = ">= 1%" if unit in ("%", "fraction") else "<= 10h"
    agreement = {
        "timezone": trap.zone,
        "period": "day",
        "sources": {"x": {"path": trap.file, **trap.shape, **trap.terms}},
        "service_levels": {"level": {"measure": measure, "target": target}},
    }
    if isinstance(trap.out, tuple):
        with pytest.raises(DataError) as caught:
            run(tmp_path, agreement, "2026-10-01", SEEN)
        problem = caught.value.problems[0]
        assert problem.code == trap.out[0]
        assert trap.out[1] in f"{problem.message} {problem.help}"
        return
    (statement,) = run(tmp_path, agreement, "2026-10-01", SEEN)
    (line,) = statement.lines
    assert line.best is not None
    assert (line.best.fraction, line.worst) == (trap.out, line.best)
