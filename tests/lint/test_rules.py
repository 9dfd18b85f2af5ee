"""What each rule says beside its page: what it stays silent on, where it points, and what it counts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.exposure import yearly
from slacheck.lint import lint
from slacheck.problems import AgreementError, Problem
from tests.lint.scaffold import loaded


def found(folder: Path, part: str) -> list[Problem]:
    return list(lint(loaded(folder, part)).found)


def codes(folder: Path, part: str) -> list[str]:
    return [problem.code for problem in found(folder, part)]


def level(text: str, **others: str) -> str:
    """One level of these keys, and what else stands beside it."""
    rest = "".join(f"{key}: {value}\n" for key, value in others.items())
    return f"{rest}service_levels: {{it: {{{text}}}}}\n"


UPTIME = "measure: {kind: availability, from: probes}"
SHARE = "measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}"
PROBES = "{probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: %s}}"
COUNTS = "{path: c.csv, shape: counts, columns: {at: t, total: n, bad: b}, interval: 1m}"


@pytest.mark.parametrize(
    ("hold", "target", "period", "tight"),
    [
        # 0.01 % of 28 days are 241.92 s, of a day 8.64 s, of 365 days 52 min 33.6 s.
        ("241s", "99.99%", "month", False),
        ("242s", "99.99%", "month", True),
        ("9s", "99.99%", "day", True),
        ("53m", "99.99%", "year", True),
        ("52m", "99.99%", "year", False),
        # What holds longer than an hour is a log of changes.
        ("61m", "99.99%", "month", False),
        ("until-next", "99.99%", "month", False),
        # 0.1 % of 90 days are 129.6 min.
        ("1h", "99.9%", "quarter", False),
        ("1h", "99.9%", "month", True),
        ("5m", "100%", "month", False),
    ],
)
def test_one_sample_decides_what_the_shortest_period_does_not_allow(
    tmp_path: Path, hold: str, target: str, period: str, tight: bool
) -> None:
    part = level(f'{UPTIME}, target: ">= {target}"', period=period, sources=PROBES % hold)
    assert ("one-sample-decides" in codes(tmp_path, part)) is tight


def test_the_hours_of_a_desk_make_a_period_short(tmp_path: Path) -> None:
    """February 2026 has 20 working days of 8 hours: 0.1 % of 160 h is 9 min 36 s, of 28 days it is 40 min."""
    part = level('measure: {kind: availability, from: probes, hours: desk}, target: ">= 99.9%"', sources=PROBES % "10m")
    (problem,) = found(tmp_path, part)
    assert problem.code == "one-sample-decides"
    assert "up to 10m, and '>= 99.9%' allows 9m36s of down time in the shortest month, February 2026" in problem.message


def test_the_year_looked_at_is_the_first_of_the_agreement_without_a_leap_day(tmp_path: Path) -> None:
    part = level(f'{UPTIME}, target: ">= 99.99%"', effective="2028-01-01", sources=PROBES % "5m")
    assert "February 2029" in found(tmp_path, part)[0].message


def test_a_nominal_and_a_rolling_stretch_are_their_own_length(tmp_path: Path) -> None:
    nominal = level(f'{UPTIME}, target: ">= 99.99%"', period="{every: month, length: 730h}", sources=PROBES % "5m")
    assert "allows 4m22s of down time in a nominal 730h" in found(tmp_path, nominal)[1].message
    rolling = level(f'{UPTIME}, target: ">= 99.99%", period: {{rolling: 7 days}}', sources=PROBES % "2m")
    assert "allows 1m of down time in any 7 days" in found(tmp_path, rolling)[0].message


def test_a_mean_of_intervals_is_decided_by_one_of_them(tmp_path: Path) -> None:
    part = 'measure: {kind: success-rate, from: requests, mean_of_each: 5m}, empty_interval: skip, target: ">= %s"'
    assert codes(tmp_path, level(part % "99.99%")) == ["one-sample-decides"]
    assert codes(tmp_path, level(part % "99.9%")) == []


@pytest.mark.parametrize(
    "text",
    [
        f'{UPTIME}, target: ">= 99.99%", role: kpi',
        'measure: {kind: reported-value, from: latency}, target: "<= 45ms"',
        'measure: {kind: count, from: log}, target: "= 0"',
        'measure: {kind: downtime, from: log}, target: "<= 0m"',
        'measure: {kind: downtime, from: probes, statistic: between}, target: ">= 100h"',
        'measure: {kind: statistic, from: latency, statistic: median}, target: "<= 45ms"',
        'measure: {kind: statistic, from: latency, statistic: p95}, target: "<= 45ms", role: kpi',
        f'{SHARE}, target: ">= 95%"',
        f'{SHARE}, target: ">= 99%", period: year',
        f'{SHARE}, target: ">= 99%", low_volume: {{below: 100, then: not-applicable}}',
        f'{UPTIME}, target: ">= 99.9%", missing: exclude',
        f'{UPTIME}, target: ">= 99.9%", title: Uptime of the whole, clause: "4.1"',
        f'{UPTIME}, target: ">= 99.9%", title: 99.90 % uptime',
        f'{UPTIME}, target: {{expected: ">= 99.9%", minimum: ">= 99.5%"}}, title: 99.9% expected',
        f'{UPTIME}, target: ">= 99.9%", rounded: {{to: 0.1%, mode: down}}',
    ],
)
def test_what_sound_agreements_say_is_left_alone(tmp_path: Path, text: str) -> None:
    kpi_alone = "kind: ola\n" if "role: kpi" in text else ""
    assert codes(tmp_path, kpi_alone + level(text)) == []


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (f'{UPTIME}, target: "= 100%"', "full-target", '"= 100%"'),
        ('measure: {kind: error-rate, from: requests}, target: "<= 0%"', "full-target", '"<= 0%"'),
        (f'{SHARE}, target: "< 5%"', "reversed-target", '"< 5%"'),
        ('measure: {kind: downtime, from: log}, target: ">= 4h"', "reversed-target", '">= 4h"'),
        ('measure: {kind: error-rate, from: requests}, target: "> 1%"', "reversed-target", '"> 1%"'),
        (f'{UPTIME}, target: ">= 99.9%", title: "Uptime 99,95 % to 99.5%"', "title-beside-target", '"Uptime'),
        (
            'measure: {kind: statistic, from: latency, statistic: p99.9}, target: "<= 45ms"',
            "percentile-without-method",
            "p",
        ),
        (f'{SHARE}, target: ">= 98%"', "few-cases-decide", '">= 98%"'),
        (f'{UPTIME}, target: ">= 99.95%", rounded: {{to: 0.1%, mode: down}}', "edge-between-roundings", '">= 99.95%"'),
        (f'{UPTIME}, target: ">= 99.9%", clause: TBD', "left-blank", "TBD"),
    ],
)
def test_a_finding_points_at_the_words_it_is_about(tmp_path: Path, text: str, code: str, at: str) -> None:
    (problem,) = found(tmp_path, level(text))
    assert problem.code == code
    assert problem.excerpt[problem.column - 1 :].startswith(at)


def test_a_least_length_and_a_limit_are_told_beside_the_probes(tmp_path: Path) -> None:
    part = """\
sources:
  probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: 10m}
  faults: {path: f.csv, shape: cases, columns: {id: n, alarm: a, reported: o, attended: b}}
outages:
  down: {from: probes, lasting: "> 9m"}
service_levels:
  uptime:
    measure: {kind: availability, from: down}
    target: ">= 99%"
  longest:
    measure: {kind: downtime, from: probes, statistic: longest}
    target: "<= 5m"
  reaction:
    measure: {kind: share-within, from: faults, between: [alarm, attended], limit: 5m}
    target: ">= 90%"
  answer:
    measure: {kind: share-within, from: faults, between: [reported, attended], limit: 5m}
    target: ">= 90%"
"""
    problems = found(tmp_path, part)
    assert {problem.code for problem in problems} == {"shorter-than-a-sample"}
    said = [problem.excerpt[problem.column - 1 :] for problem in problems]
    assert [each.split("}")[0] for each in said] == ['"> 9m"', '"<= 5m"', "5m"]


def test_bad_intervals_of_an_hour_and_rules_of_kpis_need_no_least_traffic(tmp_path: Path) -> None:
    for each, role, expected in (("1h", "", []), ("59m", "", ["no-least-traffic"]), ("1m", "role: kpi, ", [])):
        part = level(
            f'{role}measure: {{kind: availability, from: bad}}, target: ">= 99%", empty_interval: skip',
            kind="ola",
            sources=f"{{requests: {COUNTS}}}",
            outages=f'{{bad: {{from: requests, when: {{bad_share: "> 5%", each: {each}}}}}}}',
        )
        assert codes(tmp_path, part) == expected


@pytest.mark.parametrize(
    ("terms", "bounded"),
    [
        ("from: maintenance", False),
        ("from: maintenance, notice: 5 days", False),
        ("from: maintenance, allowance: 4h per month", True),
        ("from: maintenance, notice: 24h, longest: 4h", True),
        ("from: maintenance, within: desk", True),
        ("from: incidents, where: {cause: [customer]}", True),
        ('spans: [{start: "2026-10-03 02:00", end: "2026-10-03 04:00"}]', True),
        ("during: desk", True),
    ],
)
def test_an_exclusion_is_bounded_by_amount_window_cause_or_its_own_dates(
    tmp_path: Path, terms: str, bounded: bool
) -> None:
    part = level(
        'measure: {kind: availability, from: probes, excluding: [out]}, target: ">= 99%"',
        exclusions=f"{{out: {{{terms}}}}}",
    )
    if "incidents" in terms:
        part += "sources:\n  incidents: {path: i.csv, shape: events, columns: {start: a, end: b, cause: c}}\n"
    assert codes(tmp_path, part) == ([] if bounded else ["boundless-exclusion"])


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ('{"< 99%": 10%, else: 0}', []),  # between the target and the first row a breach may cost nothing
        ('{"< 99.9%, > 99%": 10%, "< 99%": 25%, else: 0}', ["unclear-edge"]),
        ('{"< 99.9%, >= 99%": 10%, "< 98%": 25%, else: 0}', ["unpaid-gap"]),
        ('{"< 99.9%, >= 99%": 10%, "< 99%, >= 95%": 25%, else: 0}', ["unpaid-gap"]),  # the worst month is free
        ('{"< 99.9%, >= 99%": 10%, else: 25%}', []),
        ('{"< 99.9%": 10%, "< 99%": 25%}', []),
    ],
)
def test_a_gap_is_a_fault_where_milder_breaches_pay(tmp_path: Path, bands: str, expected: list[str]) -> None:
    part = level(f'{UPTIME}, target: ">= 99.9%", credit: {{kind: bands, of: monthly, bands: {bands}}}')
    assert codes(tmp_path, part) == expected


def test_of_a_ceiling_worse_is_above(tmp_path: Path) -> None:
    bands = '{"> 1h, < 2h": 10%, "> 2h": 25%, else: 0}'
    measure = 'measure: {kind: downtime, from: log}, target: "<= 1h"'
    part = level(f"{measure}, credit: {{kind: bands, of: monthly, bands: {bands}}}")
    (problem,) = found(tmp_path, part)
    assert (problem.code, problem.message.split(" pays")[0]) == ("unclear-edge", "exactly 2h")


def test_a_cap_of_the_settlement_levels_the_rows_of_the_only_credit(tmp_path: Path) -> None:
    bands = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99%": 30%, "< 95%": 100%}}'
    one = f'{UPTIME}, target: ">= 99.9%", {bands}'
    assert codes(tmp_path, level(one, settlement="{cap: 20% of monthly}")) == ["cap-levels-rows"]
    assert codes(tmp_path, level(one, settlement="{cap: 50% of monthly}")) == []
    assert codes(tmp_path, level(one, settlement="{cap: 30% of monthly per year}")) == []
    two = f"service_levels: {{it: {{{one}}}, other: {{{one}}}}}\nsettlement: {{cap: 20% of monthly, combine: sum}}\n"
    assert codes(tmp_path, two) == []


@pytest.mark.parametrize(
    ("name", "blank"),
    [
        *(
            (each, True)
            for each in ("Customer", "the customer", "[Client]", "<name>", "TBD", "tbc", "xxx", "N/A", "...")
        ),
        *((each, True) for each in ("Your company", "Customer name", "To be determined", "TODO", "___")),
        *((each, False) for each in ("Acme Ltd", "Every residential customer", "State agencies", "Company House")),
        *(
            (each, False)
            for each in ("Naming Ltd", "Test & Measure GmbH", "TBD Architects", "Customer Services", "XX1")
        ),
    ],
)
def test_a_blank_is_told_from_a_name(tmp_path: Path, name: str, blank: bool) -> None:
    assert codes(tmp_path, f"customer: {name!r}\n") == (["left-blank"] if blank else [])


def test_priorities_are_ordered_by_their_number(tmp_path: Path) -> None:
    tickets = "{path: t.csv, shape: cases, columns: {id: n, opened: o, resolved: r, priority: p}}"
    measure = "measure: {kind: share-within, from: tickets, between: [opened, resolved]}, by: priority"
    for classes, expected in (
        ("{P10: {limit: 8h}, P2: {limit: 4h}}", []),
        ("{P1: {limit: 4h}, P2: {limit: 4h}}", []),
        ("{gold: {limit: 8h}, silver: {limit: 4h}}", []),
        ("{P1: {limit: 8h}, P2: {limit: 4h, hours: desk}}", []),
        ("{P1: {limit: 8h}, P2: {limit: 4h}, P3: {limit: 2h}}", ["priorities-out-of-order"] * 2),
    ):
        part = level(f'{measure}, classes: {classes}, target: ">= 90%"', sources=f"{{tickets: {tickets}}}")
        assert [code for code in codes(tmp_path, part) if code != "promise-beyond-desk"] == expected


def test_a_promise_beyond_the_desk_points_at_its_hours(tmp_path: Path) -> None:
    part = """\
service_levels:
  answer:
    measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 4h}
    target: ">= 90%"
  repair:
    measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: mean}
    target: "<= 8h"
  tracked:
    role: kpi
    measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: mean}
    target: "<= 8h"
  in-days:
    measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 3 days}
    target: ">= 90%"
"""
    (problem,) = found(tmp_path, part)
    assert problem.code == "promise-beyond-desk"
    assert problem.excerpt.strip().startswith("measure: {kind: elapsed")
    assert "only in 'desk' (mon-fri 09:00-17:00)" in problem.message


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("effective: 2026-03-01\nuntil: 2027-02-28\n", []),
        ("effective: 2026-03-01\nuntil: 2027-02-27\n", ["part-period-unsaid"]),
        ("effective: 2026-03-10\nperiod: {every: month, anchor: 2026-01-10}\n", []),
        ("effective: 2026-03-10\nperiod: {every: month, partial: whole}\n", []),
        ("until: 9999-12-31\n", []),
    ],
)
def test_a_part_of_a_period_is_one_where_the_cycle_says_so(tmp_path: Path, part: str, expected: list[str]) -> None:
    assert codes(tmp_path, part) == expected


@pytest.mark.parametrize(
    ("zone", "calendar", "expected"),
    [
        ("Etc/GMT+5", "{}", ["zone-without-clock-changes"]),
        ("EST", "{}", ["zone-without-clock-changes"]),
        ("UTC", "holidays: {country: DE}", ["zone-without-clock-changes"]),
        ("UTC", "holidays: {country: DE}, timezone: Europe/Berlin", []),
        ("UTC", "holidays: {plus: [2026-12-24]}", []),
        ("Europe/Berlin", "holidays: {country: DE}", []),
    ],
)
def test_a_zone_that_keeps_its_offset_is_told_where_civil_hours_count(
    tmp_path: Path, zone: str, calendar: str, expected: list[str]
) -> None:
    part = level(
        'measure: {kind: availability, from: probes, hours: office}, target: ">= 95%"',
        timezone=zone,
        calendars=f'{{office: {{hours: {{mon-fri: "09:00-17:00"}}, {calendar}}}}}'.replace(", {}", ""),
    )
    assert codes(tmp_path, part) == expected


def test_events_of_a_file_may_lie_in_another_year(tmp_path: Path) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20300101T000000Z"]
    lines += ["DTSTART:20300105T090000Z", "DTEND:20300105T170000Z", "END:VEVENT", "END:VCALENDAR", ""]
    (tmp_path / "shifts.ics").write_text("\r\n".join(lines))
    part = level(
        'measure: {kind: availability, from: probes, hours: shifts}, target: ">= 95%"',
        calendars="{shifts: {file: shifts.ics}}",
    )
    assert codes(tmp_path, part) == []


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("confirmed", True),
        ("Acknowledged_at", True),
        ("opened", False),
        ("assigned", False),
        ("{first_of: [opened, confirmed]}", False),
        ("{last_of: [confirmed, accepted]}", True),
    ],
)
def test_the_clock_of_the_provider_is_one_whose_every_instant_he_sets(
    tmp_path: Path, start: str, expected: bool
) -> None:
    words = ("opened", "confirmed", "Acknowledged_at", "assigned", "accepted", "restored")
    columns = ", ".join(f"{word}: {word}" for word in words if word in start or word == "restored")
    faults = f"{{path: f.csv, shape: cases, columns: {{id: n, {columns}}}}}"
    part = level(
        'measure: {kind: availability, from: down}, target: ">= 99%"',
        sources=f"{{faults: {faults}}}",
        outages=f"{{down: {{from: faults, between: [{start}, restored]}}}}",
    )
    assert codes(tmp_path, part) == (["provider-starts-clock"] if expected else [])


def test_a_calendar_that_only_counts_days_may_be_read_in_any_zone(tmp_path: Path) -> None:
    credit = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}'
    part = level(
        f'{UPTIME}, target: ">= 99.9%", {credit}',
        timezone="UTC",
        calendars='{days: {hours: {mon-fri: "00:00-24:00"}, holidays: {country: US}}}',
        settlement="{claim: {within: 20 working days, after: period-end, hours: days}}",
    )
    assert codes(tmp_path, part) == []


@pytest.mark.parametrize(
    ("settlement", "expected"),
    [
        ("{claim: {within: 27 days, after: incident}}", ["claim-before-statement"]),
        ("{claim: {within: 28 days, after: incident}}", []),
        (
            "{claim: [{within: 2 days, after: incident}, {within: 30 days, after: period-end}]}",
            ["claim-before-statement"],
        ),
        ("{claim: {within: 1 month, after: incident}}", []),
    ],
)
def test_a_claim_is_too_early_where_the_period_still_runs(tmp_path: Path, settlement: str, expected: list[str]) -> None:
    credit = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}'
    assert codes(tmp_path, level(f'{UPTIME}, target: ">= 99.9%", {credit}', settlement=settlement)) == expected


@pytest.mark.parametrize(
    ("limit", "hours", "expected"),
    [
        ("24h", "desk", True),
        ("48h", "desk", True),
        ("23h", "desk", False),
        ("16h", "desk", False),
        ("24h", "always", False),
        ("24h", "week", False),  # Monday 00:00 to Friday 24:00 has days without a night
    ],
)
def test_a_day_of_hours_on_the_clock_of_a_desk(tmp_path: Path, limit: str, hours: str, expected: bool) -> None:
    part = level(
        f"measure: {{kind: share-within, from: tickets, between: [opened, resolved], hours: {hours}, limit: {limit}}}, "
        'target: ">= 90%"'
    )
    week = 'calendars: {week: {hours: {mon-fri: "00:00-24:00"}}}\n' if hours == "week" else ""
    assert codes(tmp_path, week + part) == (["days-in-desk-hours"] if expected else [])


@pytest.mark.parametrize(
    ("currency", "effective", "expected"),
    [
        ("DEM", "2026-01-01", True),
        ("DEM", "2001-01-01", False),
        ("XXX", "2026-01-01", True),
        ("XDR", "2026-01-01", False),
        ("CLF", "2026-01-01", False),
        ("JPY", "2026-01-01", False),
    ],
)
def test_a_currency_is_out_of_use_from_the_day_it_is_no_money(
    tmp_path: Path, currency: str, effective: str, expected: bool
) -> None:
    part = f"currency: {currency}\neffective: {effective}\n"
    assert codes(tmp_path, part) == (["currency-out-of-use"] if expected else [])


@pytest.mark.parametrize(
    ("path", "blank"),
    [
        *((each, True) for each in ("TBD.csv", "exports/todo.csv", "<file>", "path/to/file.csv", "xxx.csv.gz")),
        *((each, False) for each in ("test.csv", "customer.csv", "probes-*.csv", "todo-list.csv", "[ab].csv", "-")),
    ],
)
def test_an_export_is_a_blank_where_its_name_is(tmp_path: Path, path: str, blank: bool) -> None:
    source = f'{{path: "{path}", shape: samples, columns: {{at: t, state: s}}, hold: 1m}}'
    part = level(f'{UPTIME}, target: ">= 99%"', sources=f"{{probes: {source}}}")
    assert codes(tmp_path, part) == (["left-blank"] if blank else [])


def test_what_validation_refuses_is_no_matter_of_lint(tmp_path: Path) -> None:
    """Faults of drafting that are errors: each has its own code and place there."""
    for text, code in (
        (f'{UPTIME}, target: ">= 99.9%", role: kpi, {BANDS}', "kpi-credit"),
        (f'{UPTIME}, target: ">= 99.9%", {BANDS.replace("50%", "5%")}', "band-unreachable"),
        (f'{UPTIME}, target: ">= 99.9%", {BANDS.replace("}}", "}, cap: 5%}")}', "cap"),
        (f'{UPTIME}, target: ">= 99.99%", {BANDS}', "band-hole"),
        (f'{UPTIME}, target: "<= 99.9%", {BANDS}', "band-target"),
    ):
        with pytest.raises(AgreementError) as refused:
            loaded(tmp_path, level(text))
        assert code in {problem.code for problem in refused.value.problems}


BANDS = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 95%": 50%}}'
FAULT = 'per: case, measure: {kind: elapsed, from: tickets, between: [opened, resolved]}, target: "<= 4h"'


@pytest.mark.parametrize(
    ("part", "kind", "amount"),
    [
        # The fee is 400.00 a month.
        (level(f'{UPTIME}, target: ">= 99.9%"'), "nothing", 0),
        (level(f'{UPTIME}, target: ">= 99.9%", {BANDS}'), "bounded", 12 * 200),
        (level(f'{UPTIME}, target: ">= 99.9%", {BANDS}', settlement="{cap: 20% of monthly}"), "bounded", 12 * 80),
        (level(f'{UPTIME}, target: ">= 99.9%", {BANDS}', settlement="{cap: 150.00 per year}"), "bounded", 150),
        (
            level(f'{UPTIME}, target: ">= 99.9%", {BANDS}', settlement="{cap: 50% of monthly per 12 months}"),
            "bounded",
            200,
        ),
        (level(f'{UPTIME}, target: ">= 99.9%", period: quarter, {BANDS}'), "bounded", 4 * 200),
        (level(f'{UPTIME}, target: ">= 99.9%", per: {{host: [a, b]}}, {BANDS}'), "bounded", 12 * 400),
        (level(f'{UPTIME}, target: ">= 99.9%", per: host, {BANDS}'), "unknown", 0),
        (level(f'{UPTIME}, target: ">= 99.9%", credit: {{kind: fixed, pays: 7.50}}'), "bounded", 90),
        # Down time beyond the allowed 0.1 % of 745 h, an October: 744 h 15 m 18 s, 745 begun hours of 1.00.
        (
            level(f'{UPTIME}, target: ">= 99.9%", credit: {{kind: per-unit, each: 1h, counting: started, pays: 1.00}}'),
            "bounded",
            12 * 745,
        ),
        # Of a quarter of its own, 92 days and an hour: 99.9 % of 2,209 h are 2,206.791 h, 2,207 begun ones.
        (
            level(
                f'{UPTIME}, target: ">= 99.9%", period: quarter, '
                "credit: {kind: per-unit, each: 1h, counting: started, pays: 1.00}"
            ),
            "bounded",
            4 * 2207,
        ),
        (level(f"{FAULT}, credit: {{kind: fixed, pays: 25.00}}"), "unbounded", 0),
        (level(f"{FAULT}, credit: {{kind: fixed, pays: 25.00, cap: 100.00}}"), "bounded", 1200),
        (level(f"{FAULT}, credit: {{kind: fixed, pays: 25.00}}", settlement="{cap: 1000.00}"), "bounded", 12000),
        # Lost time: 10 x 400.00 at most, bounded by 75 %. Three days of 400.00 for 28 days: 42.857.., up to 42.86.
        (
            level(f'{UPTIME}, target: ">= 99.9%", credit: {{kind: lost-time, times: 10, of: monthly, cap: 75%}}'),
            "bounded",
            12 * 300,
        ),
        (
            level(f'{UPTIME}, target: ">= 99.9%", credit: {{kind: fixed, pays: 3 days, of: monthly}}'),
            "bounded",
            12 * Fraction("42.86"),
        ),
        # Doubled for a repeat; in points by the dearest row of their table; at most the amount at risk.
        (
            level(
                f'{UPTIME}, target: ">= 99.9%", credit: {{kind: fixed, pays: 10.00, '
                'repeat: {breaches_in: previous-period, times: {">= 1": 2}}}'
            ),
            "bounded",
            12 * 20,
        ),
        (
            level(
                f'{UPTIME}, target: ">= 99.9%", credit: {{kind: fixed, pays: 5 points}}',
                settlement='{points: {kind: bands, of: monthly, bands: {">= 1": 1%, ">= 5": 2%, else: 0}}}',
            ),
            "bounded",
            12 * 8,
        ),
        (
            level(
                f'{UPTIME}, target: ">= 99.9%", credit: {{kind: pool, pool: all, allocation: 100%}}',
                settlement="{at_risk: {amount: 10% of monthly, pools: {all: 100%}}}",
            ),
            "bounded",
            12 * 40,
        ),
        # A fee that stands in a register.
        (
            level(
                f'{UPTIME}, target: ">= 99.9%", per: circuit, credit: {{kind: fixed, pays: 10%, of: circuit-charge}}'
            ),
            "unknown",
            0,
        ),
    ],
)
def test_what_a_year_can_cost_is_worked_out_by_hand(
    tmp_path: Path, part: str, kind: str, amount: int | Fraction
) -> None:
    part = part.replace('probes}, target: ">= 99.9%", per: ', 'hosts}, target: ">= 99.9%", per: ')
    if "hosts" in part:
        columns = "{at: t, state: s, circuit: c}" if "circuit" in part else "{at: t, state: s, host: h}"
        part += f"sources:\n  hosts: {{path: h.csv, shape: samples, columns: {columns}, hold: 1m}}\n"
    exposure = yearly(loaded(tmp_path, part).agreement)
    assert (exposure.kind, exposure.amount) == (kind, Fraction(amount))


def test_the_highest_of_two_lines_and_classes_that_are_judged_together(tmp_path: Path) -> None:
    one = f'{UPTIME}, target: ">= 99.9%", {BANDS}'
    for combine, times in (("sum", 2), ("highest", 1)):
        part = f"service_levels: {{it: {{{one}}}, other: {{{one}}}}}\nsettlement: {{combine: {combine}}}\n"
        assert yearly(loaded(tmp_path, part).agreement).amount == 12 * 200 * times
    tickets = "{path: t.csv, shape: cases, columns: {id: n, opened: o, resolved: r, priority: p}}"
    classes = "by: priority, classes: {P1: {limit: 4h}, P2: {limit: 8h}}"
    for pooled, times in (("", 2), ("pooled: true, ", 1)):
        text = f"{pooled}{classes}, measure: {{kind: share-within, from: tickets, between: [opened, resolved]}}"
        credit = 'credit: {kind: bands, of: monthly, bands: {"< 90%": 10%}}'
        part = level(f'{text}, target: ">= 90%", {credit}', sources=f"{{tickets: {tickets}}}")
        assert yearly(loaded(tmp_path, part).agreement).amount == 12 * 40 * times


@pytest.mark.parametrize(
    ("quorum", "roll_up", "expected"),
    [("", "", True), ("quorum: 1 of host", "", False), ("", "roll_up: pooled", False), ("", "roll_up: worst", True)],
)
def test_of_several_members_one_sample_does_not_decide(
    tmp_path: Path, quorum: str, roll_up: str, expected: bool
) -> None:
    hosts = "{path: h.csv, shape: samples, columns: {at: t, state: s, host: h}, hold: 10m}"
    rule, measured = (f"outages: {{down: {{from: hosts, {quorum}}}}}\n", "down") if quorum else ("", "hosts")
    per = f"per: host, {roll_up}, " if roll_up else "" if quorum else "per: host, "
    text = f'{per}measure: {{kind: availability, from: {measured}}}, target: ">= 99.99%"'
    part = rule + level(text, sources=f"{{hosts: {hosts}}}")
    assert codes(tmp_path, part) == (["one-sample-decides"] if expected else [])


def test_counts_have_no_halves_between_their_rows(tmp_path: Path) -> None:
    bands = '{"= 1": 5%, "= 2": 10%, ">= 3": 20%, else: 0}'
    part = level(
        f'measure: {{kind: count, from: log}}, target: "<= 0", credit: {{kind: bands, of: monthly, bands: {bands}}}'
    )
    assert codes(tmp_path, part) == []


def test_two_lines_that_together_exceed_their_fee(tmp_path: Path) -> None:
    more = BANDS.replace("50%", "51%")
    one, other = (f'{UPTIME}, target: ">= 99.9%", {credit}' for credit in (BANDS, more))
    two = f"service_levels: {{it: {{{one}}}, other: {{{one}}}}}\n"
    above = f"service_levels: {{it: {{{one}}}, other: {{{other}}}}}\n"
    assert codes(tmp_path, two + "settlement: {combine: sum}\n") == []
    (problem,) = found(tmp_path, above + "settlement: {combine: sum}\n")
    assert (problem.code, "101% of 'monthly'" in problem.message) == ("exposure-above-fee", True)
    assert codes(tmp_path, above + "settlement: {combine: highest}\n") == []
    assert codes(tmp_path, above) == ["exposure-above-fee", "paid-twice"]
