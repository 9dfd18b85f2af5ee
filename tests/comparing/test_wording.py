"""What a change is in words, and who gains where that is certain; figures are worked out beside each."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.comparing import TermChange, compared, versions_compared

BASE = """\
slacheck: 1
id: hosting
provider: Northwind
customer: Acme
effective: 2026-01-01
timezone: Europe/London
currency: GBP
fees: {monthly: 12000.00}
sources:
  probes:
    path: probes.csv
    shape: samples
    columns: {at: at, state: state}
    states: {up: [up], down: [down]}
    hold: 2m
  log: {path: log.csv, shape: events, columns: {start: from, end: to, announced: told}}
  cases: {path: cases.csv, shape: cases, columns: {id: id, start: opened, end: closed}}
calendars:
  desk: {hours: {mon-fri: "09:00-17:00"}}
exclusions:
  planned: {from: log, notice: 5 days, allowance: 4h per month}
service_levels:
  availability:
    clause: "4.1"
    measure: {kind: availability, from: probes, excluding: [planned]}
    target: ">= 99.9%"
    credit: {kind: bands, of: monthly, cap: 20%, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}
  response:
    by: priority
    measure: {kind: share-within, from: cases, between: [start, end], limit: "<= 4h", hours: desk}
    target: ">= 95%"
    classes: {P1: {measure: {limit: "<= 1h"}}, P2: {}, P3: {}}
  tracked: {role: kpi, measure: {kind: downtime, from: probes, statistic: total}, target: "<= 1h"}
settlement:
  claim: {within: 30 days, after: period-end}
"""


def changes(tmp_path: Path, *replaced: tuple[str, str], base: str = BASE) -> list[TermChange]:
    """What ``compared`` tells of the base and of it with texts replaced, each of which must stand there."""
    text = base
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    for name, each in (("old.yaml", base), ("new.yaml", text)):
        (tmp_path / name).write_text(each, encoding="utf-8")
    return list(compared(load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")).changes)


# 0.4 points of 30 days are 0.004 x 43,200 min = 172.8 min; 0.05 points of a thousand records are half a one.
ONE_CHANGE = [
    (
        [('">= 99.9%"', '">= 99.5%"'), ('"< 99.9%": 10%', '"< 99.5%": 10%')],
        "target falls from >= 99.9% to >= 99.5%: 2h52m48s more down time in 30 days of service time is allowed",
        "provider",
    ),
    ([('">= 99.9%"', '"> 99.9%"'), ('"< 99.9%": 10%', '"<= 99.9%": 10%')], "equality alone is otherwise", "customer"),
    ([('">= 95%"', '">= 94.95%"')], "0.5 more of 1,000 may be outside the limit", "provider"),
    ([('"<= 1h"}', '"<= 90m"}')], "target rises from <= 1h to <= 90m: 30m more is allowed", "neither"),
    ([('"< 99.0%": 25%', '"< 99.0%": 15%')], "band changed from < 99.0%: 25% to < 99.0%: 15%", "provider"),
    ([('"< 99.0%": 25%', '"< 99.0%": 25%, "< 95.0%": 100%')], "band added: < 95.0%: 100%", "customer"),
    ([(', "< 99.0%": 25%', "")], "band removed: < 99.0%: 25%", "provider"),
    ([('"< 99.0%"', '"< 98.0%"')], "band changed from < 99.0%: 25% to < 98.0%: 25%", "provider"),
    ([("cap: 20%", "cap: 15%")], "cap falls from 20% to 15%", "provider"),
    ([("cap: 20%, ", "")], "cap removed: it was 20%", "customer"),
    ([("4h per month", "8h per month")], "allowance rises from 4h per month to 8h per month", "provider"),
    ([("4h per month", "4h per quarter")], "allowance changed from 4h per month to 4h per quarter", "depends"),
    ([("5 days", "2 days")], "notice is shorter: 2 days instead of 5 days before the start", "depends"),
    ([("monthly: 12000.00", "monthly: 14000.00")], "rises from 12,000.00 to 14,000.00, by 2,000.00", "depends"),
    ([("09:00-17:00", "08:00-18:00")], "40h a week become 50h, 10h more", "depends"),
    ([("within: 30 days", "within: 14 days")], "must be claimed within 14 days instead of 30 days", "provider"),
    ([("role: kpi, ", "")], "binding from now on", "customer"),
    ([('    clause: "4.1"\n', "")], "clause removed: it was 4.1", "neither"),
    ([("hold: 2m", "hold: 3m")], "hold changed from 2m to 3m", "depends"),
    ([("P3: {}", "P3: {}, P4: {}")], "added", "depends"),
]


@pytest.mark.parametrize(("replaced", "text", "gains"), ONE_CHANGE, ids=[each[1][:30] for each in ONE_CHANGE])
def test_each_change_is_told_with_who_gains(
    tmp_path: Path, replaced: list[tuple[str, str]], text: str, gains: str
) -> None:
    found = changes(tmp_path, *replaced)
    assert [each.gains for each in found if text in each.text] == [gains]
    backwards = {"customer": "provider", "provider": "customer"}
    (tmp_path / "back").mkdir()
    base = (tmp_path / "new.yaml").read_text()
    (tmp_path / "back/old.yaml").write_text(base)
    (tmp_path / "back/new.yaml").write_text(BASE)
    back = compared(load(tmp_path / "back/old.yaml"), load(tmp_path / "back/new.yaml")).changes
    told = next(each.key for each in found if text in each.text)
    if "< " not in told:
        assert backwards.get(gains, gains) in [each.gains for each in back if each.key.startswith(told)]


def test_an_exclusion_that_comes_is_certain_only_where_it_cannot_hurt(tmp_path: Path) -> None:
    """Excused time that was up leaves the service time: what is down is then a greater share of the rest."""
    for effect, gains in (("service-time", "depends"), ("downtime", "provider"), ("good", "provider")):
        come = ("exclusions:\n", f"exclusions:\n  nights: {{during: desk, effect: {effect}}}\n")
        found = changes(tmp_path, come, ("excluding: [planned]", "excluding: [planned, nights]"))
        assert [each.gains for each in found if each.subject == "exclusion nights"] == [gains]


def test_what_all_classes_take_from_their_level_is_told_once(tmp_path: Path) -> None:
    found = changes(tmp_path, ('">= 95%"', '">= 90%"'))
    assert [(each.key, each.old.line if each.old else 0, each.subject) for each in found] == [
        ("service_levels.response.target", 31, "level response")
    ]


def test_what_one_class_says_is_told_of_it(tmp_path: Path) -> None:
    found = changes(tmp_path, ('limit: "<= 1h"', 'limit: "<= 2h"'))
    assert [(each.key, each.subject) for each in found] == [
        ("service_levels.response.classes.P1.measure.limit", "level response, P1")
    ]


def test_a_level_and_an_exclusion_with_another_name_are_recognised(tmp_path: Path) -> None:
    found = changes(tmp_path, ("availability:\n", "uptime:\n"), ("planned", "upkeep"))
    assert [(each.subject, each.text, each.gains) for each in found] == [
        ("exclusion upkeep", "is called upkeep now; all it says is the same", "neither"),
        ("level uptime", "is called uptime now; all it says is the same", "neither"),
    ]


def test_places_are_those_of_both_files(tmp_path: Path) -> None:
    found = changes(tmp_path, ("id: hosting", "id: hosting\n# a comment\ntitle: Hosting"), ("hold: 2m", "hold: 3m"))
    places = [(each.key, each.old and each.old.line, each.new and each.new.line) for each in found]
    assert places == [("title", None, 4), ("sources.probes.hold", 15, 17)]


def test_amendments_are_told_with_their_day(tmp_path: Path) -> None:
    amended = BASE + "amendments:\n  - effective: 2027-01-01\n    fees: {monthly: 13000.00}\n"
    (tmp_path / "old.yaml").write_text(BASE)
    (tmp_path / "new.yaml").write_text(amended)
    found = compared(load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")).changes
    assert [(each.key, each.since) for each in found] == [("amendments", "2027-01-01"), ("fees.monthly", "2027-01-01")]
    alone = versions_compared(load(tmp_path / "new.yaml")).changes
    assert [(each.key, each.since, each.before, each.after) for each in alone] == [
        ("fees.monthly", "2027-01-01", "12000.00", "13000.00")
    ]
