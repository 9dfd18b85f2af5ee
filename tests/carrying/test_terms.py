"""Hours, exclusions, dates, periods, missing data, currencies and credits of two agreements beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carrying.beside import codes, found

LEVEL = "service_levels:\n  a:\n    measure: {kind: availability, from: probes%s}\n    target: '>= 99%%'\n"
RESTS = "rests_on: {b: {agreement: below.yaml, carries: {a: a}}}\n"
YEAR = "effective: 2026-01-01\nuntil: 2026-12-31\n"
DESK = "calendars: {desk: {hours: {mon-fri: '%s'}%s}}\n"


def desk(hours: str, more: str = "", zone: str = "Europe/London", rests: bool = False) -> str:
    text = YEAR + f"timezone: {zone}\n" + DESK % (hours, more) + LEVEL % ", hours: desk"
    return text + RESTS * rests


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (desk("08:00-18:00"), None),
        # Ten to six in Berlin is nine to five in London all year: both change their clocks in the same night.
        (desk("10:00-18:00", zone="Europe/Berlin"), None),
        # Half an hour late, first on the first working day of 2026, a Thursday; the year has 261 of them.
        (desk("09:30-17:00"), "Thu 1 January 2026, 09:00 to 09:30, 130h30m of 2088h"),
        # New York changes on 8 March and 1 November, London on 29 March and 25 October: for three weeks and one more
        # the noon of New York is 16:00 in London, an hour short on 15 + 5 working days.
        (desk("04:00-12:00", zone="America/New_York"), "Mon 9 March 2026, 16:00 to 17:00, 20h of 2088h"),
        # One holiday, a Friday.
        (desk("09:00-17:00", ", holidays: {plus: [2026-06-05]}"), "Fri 5 June 2026, 09:00 to 17:00, 8h of 2088h"),
    ],
)
def test_the_first_hour_that_is_not_covered(tmp_path: Path, below: str, said: str | None) -> None:
    findings = found(tmp_path, above=desk("09:00-17:00", rests=True), below=below)
    assert [each.code for each in findings] == ([] if said is None else ["hours-not-carried"])
    assert said is None or said in findings[0].problem.message


def test_round_the_clock_on_the_back_of_a_desk(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, above=YEAR + LEVEL % "" + RESTS, below=desk("00:00-24:00", zone="UTC"))
    # 1 January 2026 is a Thursday; the first weekend begins on the 3rd. 104 days of it in the year.
    assert "Sat 3 January 2026, 00:00 to Mon 5 January 2026, 00:00, 2496h of 8760h" in finding.problem.message
    assert "ours counts round the clock" in finding.problem.message


def test_hours_that_two_serve_together_are_covered_where_one_suffices(tmp_path: Path) -> None:
    shifts = YEAR + (
        "calendars:\n  early: {hours: {mon-fri: '06:00-14:00'}}\n  late: {hours: {mon-fri: '14:00-22:00'}}\n"
        "service_levels:\n"
        "  early: {measure: {kind: availability, from: probes, hours: early}, target: '>= 99%'}\n"
        "  late: {measure: {kind: availability, from: probes, hours: late}, target: '>= 99%'}\n"
    )
    above = desk("09:00-17:00", zone="UTC", rests=True)
    assert codes(tmp_path, above=above.replace("{a: a}", "{a: {any_of: [early, late]}}"), below=shifts) == []
    both = above.replace("{a: a}", "{a: [early, late]}")
    assert codes(tmp_path, above=both, below=shifts).count("hours-not-carried") == 2


def test_time_that_ours_excludes_need_not_be_served(tmp_path: Path) -> None:
    nights = (
        YEAR
        + "calendars: {night: {hours: {mon-sun: '00:00-06:00'}}, day: {hours: {mon-sun: '06:00-24:00'}}}\n"
        + "exclusions: {closed: {during: night%s}}\n"
    )
    below = YEAR + "calendars: {day: {hours: {mon-sun: '06:00-24:00'}}}\n" + LEVEL % ", hours: day"
    above = nights.replace(", day: {hours: {mon-sun: '06:00-24:00'}}", "") + LEVEL % ", excluding: [closed]" + RESTS
    assert codes(tmp_path, above=above.replace("%s", ""), below=below) == []
    # With an allowance the rest of each night counts.
    bounded = above.replace("%s", ", allowance: 4h per month")
    assert codes(tmp_path, above=bounded, below=below) == ["hours-not-carried"]


def test_holidays_that_nobody_knows_are_told(tmp_path: Path) -> None:
    dates = "effective: 1950-01-01\nuntil: 1950-12-31\n"
    above = desk("09:00-17:00", rests=True).replace(YEAR, dates)
    below = desk("09:00-17:00", ", holidays: {country: DE, subdivision: HE}").replace(YEAR, dates)
    (finding,) = found(tmp_path, above=above, below=below)
    assert finding.code == "hours-not-carried"
    assert "cannot be compared" in finding.problem.message


EXCLUDED = "exclusions: {works: {from: works%s}}\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ("", "", None),
        (", allowance: 4h per month", ", allowance: 4h per month", None),
        (", allowance: 4h per month", "", "excuses any amount of 'works', ours 4h per month"),
        ("", ", allowance: 4h per month", None),
        # Three months of 4 h are 12 h in a quarter; 12 h of a quarter may all fall into one month.
        (", allowance: 12h per quarter", ", allowance: 4h per month", None),
        (", allowance: 11h per quarter", ", allowance: 4h per month", "4h per month of 'works', ours 11h per quarter"),
        (", allowance: 4h per month", ", allowance: 12h per quarter", "12h per quarter of 'works', ours 4h per month"),
        # A month of 31 days touches six weeks.
        (", allowance: 6h per month", ", allowance: 1h per week", None),
        (", allowance: 5h per month", ", allowance: 1h per week", "1h per week"),
        (", allowance: 4h per month", ", allowance: 2 per month", "2 per month"),
        (", notice: 5 days", ", notice: 1 week", None),
        (", notice: 5 days", ", notice: 120h", None),
        (", notice: 5 days", ", notice: 4 days", "gives notice of 'works' 4 days before, ours needs 5 days"),
        (", notice: 5 days", "", "excuses 'works' without notice, ours needs 5 days"),
        (", longest: 2h", ", longest: 3h", "excuses 3h of each record of 'works', ours 2h"),
        (", longest: 2h", "", "excuses any length of each record"),
    ],
)
def test_exclusions_of_one_name(tmp_path: Path, ours: str, theirs: str, said: str | None) -> None:
    above = YEAR + EXCLUDED % ours + LEVEL % ", excluding: [works]" + RESTS
    below = YEAR + EXCLUDED % theirs + LEVEL % ", excluding: [works]"
    findings = found(tmp_path, above=above, below=below)
    assert [each.code for each in findings] == ([] if said is None else ["exclusion-not-carried"])
    assert said is None or said in findings[0].problem.message


def test_exclusions_that_ours_has_not(tmp_path: Path) -> None:
    below = YEAR + EXCLUDED % "" + LEVEL % ", excluding: [works]"
    (finding,) = found(tmp_path, above=YEAR + LEVEL % "" + RESTS, below=below)
    assert finding.code == "exclusion-not-carried"
    assert "'b.a' excludes 'works', and 'a' excludes nothing of that name" in finding.problem.message


def test_a_calendar_that_is_excluded_below_is_compared_hour_by_hour(tmp_path: Path) -> None:
    patches = "calendars: {patch: {every: first sunday, hours: '%s'}}\nexclusions: {%s: {during: patch}}\n"
    below = YEAR + patches % ("02:00-06:00", "patching") + LEVEL % ", excluding: [patching]"
    wide = YEAR + patches % ("01:00-07:00", "closed") + LEVEL % ", excluding: [closed]" + RESTS
    assert codes(tmp_path, above=wide, below=below) == []
    narrow = YEAR + patches % ("02:00-05:00", "closed") + LEVEL % ", excluding: [closed]" + RESTS
    (finding,) = found(tmp_path, above=narrow, below=below)
    # The first Sunday of 2026 is the 4th of January.
    assert "first on Sun 4 January 2026, 05:00 to 06:00" in finding.problem.message


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ("effective: 2026-01-01\n", "effective: 2025-07-01\n", None),
        ("effective: 2026-01-01\n", "effective: 2026-03-01\n", "begins on 1 March 2026, 59 days after ours"),
        ("", "effective: 2026-03-01\n", None),
        ("until: 2027-12-31\n", "until: 2028-06-30\n", None),
        ("until: 2027-12-31\n", "until: 2027-06-30\n", "ends on 30 June 2027, and ours ends on 31 December 2027"),
        ("", "until: 2027-06-30\n", "ends on 30 June 2027, and ours has no last day"),
    ],
)
def test_dates(tmp_path: Path, ours: str, theirs: str, said: str | None) -> None:
    findings = found(tmp_path, above=ours + LEVEL % "" + RESTS, below=theirs + LEVEL % "")
    assert [each.code for each in findings] == ([] if said is None else ["dates-not-carried"])
    assert said is None or said in findings[0].problem.message


def test_dates_of_a_level_alone(tmp_path: Path) -> None:
    below = LEVEL % "" + "    until: 2027-06-30\n"
    (finding,) = found(tmp_path, above="until: 2027-12-31\n" + LEVEL % "" + RESTS, below=below)
    assert finding.code == "dates-not-carried"
    assert finding.theirs == (f"{tmp_path}/below.yaml:{below.count(chr(10)) + 7}",)


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ("month", "month", None),
        ("quarter", "month", None),
        ("month", "quarter", "1 February 2025, in the middle of a quarter"),
        ("{every: month, anchor: 2026-01-15}", "month", "15 December 2024, in the middle of a month"),
        ("{every: quarter, anchor: 2026-02-01}", "{every: month, anchor: 2026-03-01}", None),
        ("week", "month", "in the middle of a month"),
        ("{every: month, length: 730h}", "month", "a month counts as 730h with us"),
    ],
)
def test_periods(tmp_path: Path, ours: str, theirs: str, said: str | None) -> None:
    above = YEAR + f"period: {ours}\n" + LEVEL % "" + RESTS
    findings = found(tmp_path, above=above, below=YEAR + f"period: {theirs}\n" + LEVEL % "")
    assert [each.code for each in findings] == ([] if said is None else ["period-not-carried"])
    assert said is None or said in findings[0].problem.message


def test_months_of_two_zones_begin_at_two_instants(tmp_path: Path) -> None:
    above = YEAR + "timezone: Europe/London\n" + LEVEL % "" + RESTS
    (finding,) = found(tmp_path, above=above, below=YEAR + "timezone: Europe/Berlin\n" + LEVEL % "")
    assert finding.code == "period-not-carried"
    assert "00:00, which is" in finding.problem.message
    assert "01:00 in the zone of 'b.a'" in finding.problem.message


def test_rolling_periods(tmp_path: Path) -> None:
    rolling = LEVEL % "" + "    period: {rolling: 30 days}\n"
    assert codes(tmp_path, above=YEAR + rolling + RESTS, below=YEAR + rolling) == []
    assert codes(tmp_path, above=YEAR + LEVEL % "" + RESTS, below=YEAR + rolling) == ["period-not-carried"]
    assert codes(tmp_path, above=YEAR + rolling + RESTS, below=YEAR + LEVEL % "") == ["period-not-carried"]


@pytest.mark.parametrize(
    ("ours", "theirs", "carried"),
    [
        ("bounds", "bounds", True),
        ("bounds", "up", False),
        ("bounds", "exclude", False),
        ("bounds", "down", True),
        ("exclude", "up", False),
        ("up", "bounds", True),
        ("down", "bounds", False),
        ("breach", "down", True),
    ],
)
def test_missing_data(tmp_path: Path, ours: str, theirs: str, carried: bool) -> None:
    above, below = (YEAR + LEVEL % "" + f"    missing: {each}\n" for each in (ours, theirs))
    assert codes(tmp_path, above=above + RESTS, below=below) == ([] if carried else ["missing-not-carried"])


PAID = (
    "currency: %s\nfees: {monthly: %s}\n"
    + LEVEL.replace("%s", "")
    + "    credit: {kind: bands, of: monthly, bands: {'< 99%%': 10%%, '< 95%%': %s}}\n"
)


def test_credits_that_can_and_cannot_be_recovered(tmp_path: Path) -> None:
    # 25 % of 1,000.00 a month are 3,000.00 a year; 50 % of 400.00 a month are 2,400.00.
    above = YEAR + PAID % ("EUR", "1000.00", "25%") + RESTS
    below = YEAR + "kind: contract\n" + PAID % ("EUR", "400.00", "50%")
    (finding,) = found(tmp_path, above=above, below=below)
    assert finding.code == "credit-not-carried"
    assert "3,000.00 EUR at most" in finding.problem.message
    assert "2,400.00 EUR can be recovered" in finding.problem.message
    assert codes(tmp_path, above=above, below=below.replace("50%", "62.5%")) == []
    # A contract that pays nothing recovers nothing; of a team of one's own house nothing is expected.
    free = YEAR + "kind: contract\n" + LEVEL % ""
    assert codes(tmp_path, above=above, below=free) == ["credit-not-carried"]
    assert codes(tmp_path, above=above, below=free.replace("contract", "ola")) == []


def test_two_currencies_are_told_and_not_added(tmp_path: Path) -> None:
    above = YEAR + PAID % ("EUR", "1000.00", "25%") + RESTS
    below = YEAR + "kind: contract\n" + PAID % ("USD", "400.00", "50%")
    (finding,) = found(tmp_path, above=above, below=below)
    assert (finding.code, finding.level) == ("currency-not-carried", "")
    assert "'b' pays in USD, ours in EUR" in finding.problem.message


def test_each_stretch_between_amendments_is_looked_at_by_its_own_terms(tmp_path: Path) -> None:
    below = YEAR + LEVEL % "" + "amendments: [{effective: 2026-07-01, service_levels: {a: {target: '>= 98%'}}}]\n"
    (finding,) = found(tmp_path, above=YEAR + LEVEL % "" + RESTS, below=below)
    assert finding.code == "target-not-carried"
    assert "keeps 98%" in finding.problem.message
    # Ours follows on the same day.
    above = (
        YEAR + LEVEL % "" + RESTS + "amendments: [{effective: 2026-07-01, service_levels: {a: {target: '>= 98%'}}}]\n"
    )
    assert codes(tmp_path, above=above, below=below) == []
    # From then on ours rests on nothing.
    without = YEAR + LEVEL % "" + RESTS + "amendments: [{effective: 2026-07-01, rests_on: null}]\n"
    assert codes(tmp_path, above=without, below=below) == []
