"""Examples that published agreements work out themselves, and the limits that their percentages come to exactly.

Each has a folder in cases/ whose expect.yaml holds the published numbers; SOURCE.md there says the publication, the
inputs, what was published and the exact value where the document rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate

CASES = Path(__file__).parent / "cases"

# What each works out: its publisher, as SOURCE.md names it, what was published, and the folders that settle it.
WORKED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "360 of 44,640 minutes down": ("IBM Cloud", "25 %", ("ibm-high-availability",)),
    "an agreement that starts on 19 November": ("Stakater", "19 to 30 November", ("first-month-begins-on-the-19th",)),
    "five days of 50,000 a year": ("Zentera", "$684.93", ("worked-zentera-five-days",)),
    "48 of 744 hours down": ("lawinsider", "6.45 %", ("licensor-hundred-less-uptime",)),
    "five misses on a fee of 5,000": ("LetsFlo", "£250", ("worked-letsflo-five-misses",)),
    "credits above the fee": ("LetsFlo", "£5,000", ("letsflo-cap-at-the-fee",)),
    "an allocation of a pool": ("Texas Department of Information Resources", "$2,000", ("worked-texas-pool",)),
    "3 % of a bill of 1,000": ("credits and rewards clause", "$30", ("bill-at-most-six-percent",)),
    "every tenth failure": (
        "Crossref",
        "$6,300",
        ("worked-csi-tenth-failure", "worked-csi-tenth-failure-rolling"),
    ),
    "98.5, then 96.5, then 96.5": (
        "United Kingdom, model services contract",
        "1 point, then 6 (3 x 2), then 6",
        ("worked-msa-repeated-failure",),
    ),
    "50 issues at 90 %": ("lawinsider", "45", ("fifty-issues-ninety-percent",)),
    "an appointment on working day 15": ("Openreach", "£6", ("worked-openreach-appointment",)),
    "120 points": ("fire and police stations", "£312", ("worked-pfi-points-ratchet",)),
    "the rate of an area": ("fire and police stations", "£2.0", ("worked-pfi-area-rate",)),
    "three deduction periods": ("fire and police stations", "£180", ("worked-pfi-unavailability",)),
    "the minutes of July": ("lawinsider", "44,640 minutes", ("worked-july-minutes",)),
}
FOLDERS = [(name, folder) for name, (_, _, folders) in WORKED.items() for folder in folders]


@pytest.mark.parametrize(("name", "folder"), FOLDERS, ids=[folder for _, folder in FOLDERS])
def test_a_worked_example_has_a_case_that_says_who_published_it(name: str, folder: str) -> None:
    """The folder is settled with all the others; here only what its source must say."""
    publisher, published, _ = WORKED[name]
    source = " ".join((CASES / folder / "SOURCE.md").read_text(encoding="utf-8").split())
    assert publisher in source
    assert published in source
    assert "Published" in source
    # A reader of the repository can follow no path out of it.
    assert not re.search(r"(^|[\s(`])\.{0,2}/[A-Za-z.]", source)


def test_every_worked_case_is_one_of_the_examples() -> None:
    listed = {folder for _, folder in FOLDERS}
    assert len(listed) == len(FOLDERS)
    assert {path.name for path in CASES.glob("worked-*")} <= listed


def test_the_rate_of_an_area_is_rounded_in_print_and_exact_in_the_source() -> None:
    """10 stations: 18 areas of weight 30, 18 of 20, 10 of 15, 10 of 10; 5,000,000 a year; half of 12 periods a day."""
    weighted = 18 * 30 + 18 * 20 + 10 * 15 + 10 * 10
    rate = Fraction(5_000_000, weighted * 365 * 12 // 2)
    assert weighted == 1_150
    assert rate == Fraction(10_000, 5_037)
    assert round(rate, 6) == Fraction("1.985309")
    assert round(rate, 1) == 2
    assert 30 * rate * 3 == Fraction(300_000, 1_679)
    assert round(30 * rate * 3, 2) == Fraction("178.68")


AGREEMENT = """
slacheck: 1
id: allowed
provider: Provider
customer: Customer
timezone: UTC
sources:
  log: {path: log.csv, shape: events, columns: {start: start, end: end, side: side}}
service_levels:
  uptime:
    per: {side: [allowed, beyond]}
    measure: {kind: availability, from: log}
    target: ">= TARGET"
"""
# The first day of a month with so many days.
MONTHS = {28: (2027, 2), 29: (2028, 2), 30: (2027, 4), 31: (2027, 7)}
ALLOWED = [
    *(("99.9%", days, minutes) for days, minutes in ((28, "40.32"), (29, "41.76"), (30, "43.2"), (31, "44.64"))),
    *(("99.95%", days, minutes) for days, minutes in ((28, "20.16"), (29, "20.88"), (30, "21.6"), (31, "22.32"))),
    *(("99.99%", days, minutes) for days, minutes in ((28, "4.032"), (29, "4.176"), (30, "4.32"), (31, "4.464"))),
    ("99.0%", 30, "432"),
    ("99.5%", 30, "216"),
]


@pytest.mark.parametrize(("target", "days", "minutes"), ALLOWED)
def test_the_down_time_that_a_percentage_allows_is_exact(tmp_path: Path, target: str, days: int, minutes: str) -> None:
    """So many minutes meet the target, a microsecond more does not."""
    year, month = MONTHS[days]
    start, allowed = datetime(year, month, 1, 8, tzinfo=UTC), Fraction(minutes) * 60_000_000
    assert allowed.denominator == 1
    ends = [start + timedelta(microseconds=int(allowed) + more) for more in (0, 1)]
    rows = [f"{side},{start:%FT%T}Z,{end:%FT%T.%f}Z" for side, end in zip(("allowed", "beyond"), ends, strict=True)]
    (tmp_path / "log.csv").write_text("\n".join(["side,start,end", *rows, ""]), encoding="utf-8")
    (tmp_path / "agreement.yaml").write_text(AGREEMENT.replace("TARGET", target), encoding="utf-8")
    seen = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    (shown,) = evaluate([load(tmp_path / "agreement.yaml")], f"{year}-{month:02}", seen, {})
    lines = {line.subject: line for line in shown.lines}
    promised = Fraction(target.removesuffix("%")) / 100
    month_length = days * 86_400_000_000
    assert lines["allowed"].verdict == "met"
    assert lines["allowed"].best is not None
    assert lines["allowed"].best.fraction == promised
    assert lines["beyond"].verdict == "breached"
    assert lines["beyond"].best is not None
    assert lines["beyond"].best.fraction == promised - Fraction(1, month_length)
