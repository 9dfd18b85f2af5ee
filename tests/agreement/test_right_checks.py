"""Rights that can never arise, claims that nobody could make, and what cannot be read there: each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.agreement.right_terms import AllOf, BreachedPeriods
from slacheck.problems import AgreementError, Problem

HEAD = """slacheck: 1
id: a
provider: P
customer: C
timezone: UTC
currency: EUR
calendars: {office: {hours: {mon-fri: "09:00-17:00"}}}
sources:
  log: {path: log.csv, shape: events, columns: {start: s, end: e}}
  requests: {path: r.csv, shape: counts, columns: {at: at, total: all, bad: bad}, interval: 1m}
service_levels:
  uptime: {measure: {kind: availability, from: log, hours: office}, target: ">= 99%"}
  circuits: {per: circuit, measure: {kind: success-rate, from: requests}, target: ">= 99%"}
  hosts: {per: host, measure: {kind: success-rate, from: requests}, target: ">= 99%"}
  repair: {per: outage, measure: {kind: downtime, from: log}, target: "<= 4h", credit: {kind: fixed, pays: "1.00"}}
  kpi: {role: kpi, measure: {kind: success-rate, from: requests}, target: ">= 99%"}
"""
LAST = HEAD.count("\n") + 1


def problems(text: str, folder: Path) -> list[Problem]:
    (folder / "agreement.yaml").write_text(HEAD + text, encoding="utf-8")
    try:
        load(folder / "agreement.yaml")
    except AgreementError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    "when",
    [
        "{level: uptime, breached: 3}",
        "{level: [uptime, circuits], breached: 2, of_last: 6}",
        "{level: circuits, breached: 2, whole: true}",
        "{level: repair, failures: 10, over: 12 months, every: true}",
        "{level: repair, failures: 10, over: 31 days}",
        "{level: repair, failures: 10, over: 1 period}",
        '{average: uptime, of_last: 3, is: "< 97%"}',
        '{average: kpi, of_last: 3, is: "<= 97%"}',
        '{share_of_subjects: ">= 30%", level: circuits}',
        '{share_of_subjects: "> 30%", level: circuits, breached: 2, of_last: 3}',
        "{any_of: [{level: uptime, breached: 1}, {all_of: [{level: circuits, breached: 1}]}]}",
    ],
)
def test_what_a_right_may_say(when: str, tmp_path: Path) -> None:
    assert problems(f"rights: {{leave: {{when: {when}}}}}\n", tmp_path) == []


@pytest.mark.parametrize(
    ("when", "code", "at"),
    [
        ("{level: upime, breached: 3}", "unknown-name", "upime"),
        ("{level: [uptime, upime], breached: 3}", "unknown-name", "upime"),
        ("{level: [], breached: 3}", "empty", "[]"),
        ("{level: kpi, breached: 3}", "kpi-right", "kpi"),
        ("{level: uptime, breached: 3, of_last: 2}", "never", "3,"),
        ("{level: uptime, breached: 0}", "greater-than-equal", "0}"),
        ("{level: uptime, breached: 3, off_last: 2}", "unknown-key", "off_last"),
        ("{level: uptime}", "right", "when"),
        ("{}", "right", "when"),
        ("uptime", "wrong-shape", "uptime"),
        ("{any_of: []}", "empty", "[]"),
        ("{any_of: [{level: uptime, breached: 3}, {level: upime, breached: 3}]}", "unknown-name", "upime"),
        ("{all_of: [{any_of: [{level: uptime, braeched: 3}]}]}", "right", "{level"),
        ("{level: repair, failures: 3, over: 30 days}", "never", "30 days"),
        ("{level: repair, failures: 3, over: 0 months}", "never", "0 months"),
        ("{level: repair, failures: 3, over: 30 working days}", "stretch", "30 working"),
        ("{level: repair, failures: 3}", "missing-key", "when"),
        ("{level: uptime, breached: 2, whole: true}", "no-effect", "whole"),
        ("{level: uptime, breached: 2, claimed: true}", "never", "claimed"),
        ("{level: uptime, breached: 2, claimed: perhaps}", "not-one-of", "perhaps"),
        ('{points: ">= 12", over: 3 months}', "never", '">= 12"'),
        ('{points: ">= 12", over: 3 months, levels: uptime}', "never", "uptime"),
        ("{credits_at_cap: 3, of_last: 6}", "never", "credits_at_cap"),
        ('{average: uptime, of_last: 3, is: "< 4h"}', "unit", '"< 4h"'),
        ('{average: uptime, of_last: 3, is: "< 97"}', "unit", '"< 97"'),
        ('{average: uptime, of_last: 3, is: "> 90%, < 97%"}', "comparison", '"> 90%'),
        ('{average: repair, of_last: 3, is: "> 4h"}', "average", "repair"),
        ('{share_of_subjects: ">= 30%", level: uptime}', "subjects", "uptime"),
        ('{share_of_subjects: "<= 30%", level: circuits}', "comparison", '"<= 30%"'),
        ('{share_of_subjects: "> 100%", level: circuits}', "never", '"> 100%"'),
        ('{share_of_subjects: ">= 30", level: circuits}', "unit", '">= 30"'),
        ("{all_of: [{level: circuits, breached: 1}, {level: hosts, breached: 1}]}", "subjects", "{level: hosts"),
    ],
)
def test_a_right_that_cannot_be_meant(when: str, code: str, at: str, tmp_path: Path) -> None:
    text = f"  leave: {{when: {when}}}"
    found = [each for each in problems(f"rights:\n{text}\n", tmp_path) if each.line > LAST - 1]
    assert [(each.code, each.line, each.column) for each in found] == [(code, LAST + 1, text.index(at) + 1)], found


@pytest.mark.parametrize(
    ("keys", "code", "at"),
    [
        ("exercise_within: 20 working days", "right", "20 working"),
        ("exercise_within: 20 days, hours: office", "right", "hours"),
        ("exercise_within: 0 days", "never", "0 days"),
        ("exercise_within: 20 working days, hours: ofice", "unknown-name", "ofice"),
        ("exercise_within: 20 working days, hours: always", "calendar", "always"),
    ],
)
def test_a_time_to_use_a_right_that_cannot_be_meant(keys: str, code: str, at: str, tmp_path: Path) -> None:
    text = f"  leave: {{when: {{level: uptime, breached: 1}}, {keys}}}"
    found = problems(f"rights:\n{text}\n", tmp_path)
    assert [(each.code, each.line, each.column) for each in found] == [(code, LAST + 1, text.index(at) + 1)], found


@pytest.mark.parametrize(
    ("settlement", "code", "at"),
    [
        ("claim: {within: 0 days, after: incident}", "never", "0 days"),
        ("claim: {within: 0 days, after: period-end}", "never", "0 days"),
        ("claim: {within: 0 periods, after: billing-cycle-end}", "never", "0 periods"),
        ("claim: [{within: 30 days, after: period-end}, {within: 0 days, after: incident}]", "never", "0 days"),
        ("claim: {within: 20 working days, after: period-end}", "claim", "20 working"),
        ("claim: {within: 20 working days, after: period-end, hours: ofice}", "unknown-name", "ofice"),
        ("claim: {within: 20 days, after: period-end, hours: office}", "claim", "hours"),
        ("claim: {within: 20 days, after: period-end, cycle: 2026-01-15}", "claim", "cycle"),
        ("claim: {within: 20 days, after: awareness}", "claim", "after"),
        ("claim: {within: 20 days, after: period-end, known: seen}", "claim", "known"),
        ("claims_made: claims.yaml", "claim", "claims_made"),
        ("pay: {how: automatic, within: 20 working days}", "pay", "20 working"),
        ("pay: {how: automatic, within: 20 days, hours: office}", "pay", "hours"),
        ("pay: {how: automatic, within: 20 working days, hours: ofice}", "unknown-name", "ofice"),
    ],
)
def test_a_claim_that_cannot_be_meant(settlement: str, code: str, at: str, tmp_path: Path) -> None:
    text = f"  {settlement}"
    found = problems(f"settlement:\n{text}\n", tmp_path)
    assert [(each.code, each.line, each.column) for each in found] == [(code, LAST + 1, text.rindex(at) + 1)], found


@pytest.mark.parametrize(
    "claim",
    [
        # The ticket may close, and the incident of the last day be claimed, when there is a statement.
        "{within: 0 days, after: ticket-closed}",
        "{within: 1 day, after: incident}",
        "{within: 0 periods, after: billing-cycle-end, cycle: 2026-01-15}",
        "{within: 20 working days, after: period-end, hours: office}",
    ],
)
def test_a_claim_that_somebody_can_make(claim: str, tmp_path: Path) -> None:
    assert problems(f"settlement: {{claim: {claim}}}\n", tmp_path) == []


def test_awareness_needs_a_level_that_is_judged_record_by_record(tmp_path: Path) -> None:
    text = HEAD.replace("per: outage, ", "")
    text += "settlement:\n  claim: {within: 30 days, after: awareness, known: seen}\n"
    (tmp_path / "agreement.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AgreementError) as found:
        load(tmp_path / "agreement.yaml")
    assert [(each.code, each.line, each.column) for each in found.value.problems] == [("never", LAST + 1, 35)]


def test_a_calendar_that_only_a_right_or_a_payment_uses_is_used(tmp_path: Path) -> None:
    head = HEAD.replace(", hours: office", "")
    right = "rights: {leave: {when: {level: uptime, breached: 1}, exercise_within: 5 working days, hours: office}}\n"
    for text in (right, "settlement: {pay: {how: automatic, within: 5 working days, hours: office}}\n"):
        (tmp_path / "agreement.yaml").write_text(head + text, encoding="utf-8")
        load(tmp_path / "agreement.yaml")


def test_conditions_are_found_with_their_place(tmp_path: Path) -> None:
    inside = "{any_of: [{level: uptime, breached: 1}, {all_of: [{level: circuits, breached: 2}]}]}"
    assert problems(f"rights: {{leave: {{when: {inside}}}}}\n", tmp_path) == []
    right = load(tmp_path / "agreement.yaml").agreement.rights["leave"]
    assert [steps for steps, _ in right.conditions()] == [
        ("when", "any_of", 0),
        ("when", "any_of", 1, "all_of", 0),
    ]
    assert all(isinstance(each, BreachedPeriods) for _, each in right.conditions())
    assert not isinstance(right.when, AllOf)
