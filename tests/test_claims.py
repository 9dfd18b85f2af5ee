"""By when a credit must be claimed, whether it was, and what follows from that; the days are counted on a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from slacheck import claims_made
from slacheck.agreement.loading import load
from slacheck.language.quantities import CivilLength
from slacheck.problems import AgreementError
from slacheck.settlement.claims import civil_after, day_after
from slacheck.statement import Credit, Line, Statement
from slacheck.timeline.periods import Cycle, containing
from slacheck.timeline.zones import instant_of, zone
from tests.rights_world import Month, agreement, at_the_end, level, line
from tests.whole_runs import run, write

OFFICE = {"office": {"hours": {"mon-fri": "09:00-17:00"}, "holidays": {"plus": ["2026-11-04"]}}}
OUTAGES = [
    ("2026-10-20T22:30:00Z", "2026-10-21T02:00:00Z", "2026-10-22T08:00:00Z", "c1"),
    ("2026-10-05T10:00:00Z", "2026-10-06T10:00:00Z", "2026-10-07T08:00:00Z", "c2"),
]
HEADER = ("start", "end", "seen", "circuit")


def _claim(within: str, after: str = "period-end", **keys: Any) -> dict[str, Any]:
    return {"claim": {"within": within, "after": after, **keys}}


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        ("2026-10-31", "0 days", "2026-10-31"),
        ("2026-10-31", "30 days", "2026-11-30"),
        ("2026-10-31", "2 weeks", "2026-11-14"),
        # From the last day of a month to the last day of a month; from another day to the same one, or the last.
        ("2026-10-31", "1 month", "2026-11-30"),
        ("2026-11-30", "1 month", "2026-12-31"),
        ("2026-01-30", "1 month", "2026-02-28"),
        ("2026-10-15", "1 month", "2026-11-15"),
        ("2024-02-29", "1 year", "2025-02-28"),
        # Monday 2 November, Tuesday 3; Wednesday 4 is a holiday, Thursday 5.
        ("2026-10-31", "1 working day", "2026-11-02"),
        ("2026-10-31", "3 working days", "2026-11-05"),
        ("2026-10-30", "1 working day", "2026-11-02"),
        ("2026-10-31", "0 working days", "2026-10-31"),
        # Periods are counted from that of the statement, October.
        ("2026-10-31", "1 period", "2026-11-30"),
        ("2026-10-31", "2 periods", "2026-12-31"),
    ],
)
def test_so_long_after_a_day(day: str, length: str, expected: str) -> None:
    file = agreement(
        {},
        {"uptime": level(credit={"kind": "fixed", "pays": "1.00"})},
        currency="EUR",
        calendars=OFFICE,
        settlement=_claim("1 working day", hours="office"),
    )
    period = containing(Cycle("month"), date(2026, 10, 1))
    found = day_after(date.fromisoformat(day), CivilLength.read(length), period, file.calendars, "office")
    assert found == date.fromisoformat(expected)


def test_a_period_with_an_anchor_ends_where_it_does() -> None:
    file = agreement({})
    period = containing(Cycle("month", date(2026, 1, 15)), date(2026, 10, 20))
    assert civil_after(period, CivilLength.read("30 days"), file.calendars, None) == date(2026, 12, 14)
    assert civil_after(period, CivilLength.read("1 month"), file.calendars, None) == date(2026, 12, 14)
    assert civil_after(period, CivilLength.read("2 periods"), file.calendars, None) == date(2027, 1, 14)


def settled(
    folder: Path,
    settlement: dict[str, Any],
    claims: str | None = None,
    per: Any = ("circuit", "outage"),
    seen: str = "2027-06-01",
    **keys: Any,
) -> Statement:
    """October 2026 of an agreement that credits 10.00 for each outage longer than two hours."""
    write(folder, "log.csv", HEADER, OUTAGES)
    if claims is not None:
        (folder / "claims.yaml").write_text(claims, encoding="utf-8")
        settlement = settlement | {"claims_made": "claims.yaml"}
    promised = {"measure": {"kind": "downtime", "from": "log"}, "target": "<= 2h"}
    credit = {"kind": "fixed", "pays": "10.00"}
    whole = {
        "timezone": "UTC",
        "currency": "EUR",
        "sources": {
            "log": {
                "path": "log.csv",
                "shape": "events",
                "columns": {"start": "start", "end": "end", "seen": "seen", "circuit": "circuit"},
            }
        },
        "service_levels": {"repair": promised | ({"per": list(per)} if per else {}) | {"credit": credit}},
        "settlement": settlement,
        **keys,
    }
    if not per:
        del whole["sources"]["log"]["columns"]["circuit"]
    if "awareness" not in str(settlement):
        del whole["sources"]["log"]["columns"]["seen"]
    as_of = instant_of(datetime.fromisoformat(seen), zone("UTC"))
    (found,) = run(folder, whole, "2026-10", as_of)
    return found


def credits(statement: Statement) -> dict[str, Credit]:
    return {line.record_of or line.subject: _credit(line) for line in statement.lines}


def _credit(of: Line) -> Credit:
    assert of.credit is not None
    return of.credit


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (_claim("30 days"), {"c1": "2026-11-30", "c2": "2026-11-30"}),
        (_claim("30 days", "eligibility"), {"c1": "2026-11-30", "c2": "2026-11-30"}),
        (_claim("7 days", "incident"), {"c1": "2026-10-27", "c2": "2026-10-12"}),
        (_claim("7 days", "ticket-closed"), {"c1": "2026-10-28", "c2": "2026-10-13"}),
        (_claim("7 days", "awareness", known="seen"), {"c1": "2026-10-29", "c2": "2026-10-14"}),
        (_claim("1 month", "incident"), {"c1": "2026-11-20", "c2": "2026-11-05"}),
        # Of October the end of the second billing cycle after it is that of December.
        (_claim("2 periods", "billing-cycle-end"), {"c1": "2026-12-31", "c2": "2026-12-31"}),
        # Billed on the 15th: October ends in the cycle up to 14 November, the second after it ends on 14 January.
        (_claim("2 periods", "billing-cycle-end", cycle="2026-01-15"), {"c1": "2027-01-14", "c2": "2027-01-14"}),
        (_claim("3 working days", hours="office"), {"c1": "2026-11-05", "c2": "2026-11-05"}),
    ],
)
def test_every_anchor(tmp_path: Path, claim: dict[str, Any], expected: dict[str, str]) -> None:
    more: dict[str, Any] = {"calendars": OFFICE} if "hours" in claim["claim"] else {}
    statement = settled(tmp_path, claim, **more)
    assert {subject: credit.claim_by for subject, credit in credits(statement).items()} == expected
    assert statement.total is not None
    assert statement.total.claim_by == min(expected.values())


def test_the_days_of_an_incident_are_those_of_the_agreement(tmp_path: Path) -> None:
    # 20 October 22:30 in UTC is 21 October in Berlin.
    statement = settled(tmp_path, _claim("7 days", "incident"), timezone="Europe/Berlin")
    assert credits(statement)["c1"].claim_by == "2026-10-28"


def test_of_a_whole_period_the_first_outage_is_the_incident(tmp_path: Path) -> None:
    statement = settled(tmp_path, _claim("7 days", "incident"), per=None)
    assert [_credit(line).claim_by for line in statement.lines] == ["2026-10-12"]


def test_of_two_stages_the_earliest_counts_and_both_are_shown(tmp_path: Path) -> None:
    stages = [{"within": "7 days", "after": "incident"}, {"within": "30 days", "after": "period-end"}]
    found = credits(settled(tmp_path, {"claim": stages}))
    assert {subject: (each.claim_by, each.claim_stages) for subject, each in found.items()} == {
        "c1": ("2026-10-27", ("2026-10-27", "2026-11-30")),
        "c2": ("2026-10-12", ("2026-10-12", "2026-11-30")),
    }


def test_what_costs_nothing_has_no_day_to_claim_it(tmp_path: Path) -> None:
    # Both outages are over when the agreement begins.
    statement = settled(tmp_path, _claim("30 days"), claims(), per=None, effective="2026-10-25")
    (credit,) = map(_credit, statement.lines)
    assert (credit.claim_by, credit.claimed) == (None, None)


def claims(*entries: str) -> str:
    return "claims:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries) if entries else "claims: []\n"


def test_a_claim_is_in_time_late_or_not_made(tmp_path: Path) -> None:
    file = claims(
        "period: 2026-10, level: repair, subject: c1, on: 2026-10-27, reference: letter 1",
        "period: 2026-10, level: repair, subject: c2, on: 2026-10-13",
    )
    found = credits(settled(tmp_path, _claim("7 days", "incident"), file))
    assert {subject: each.claimed for subject, each in found.items()} == {"c1": "in-time", "c2": "late"}
    found = credits(settled(tmp_path, _claim("7 days", "incident"), claims()))
    assert {each.claimed for each in found.values()} == {"not-claimed"}
    assert {each.claimed for each in credits(settled(tmp_path, _claim("7 days", "incident"))).values()} == {None}


def test_a_claim_without_a_subject_is_for_every_line_of_the_level(tmp_path: Path) -> None:
    file = claims("period: 2026-10, level: repair, on: 2026-11-02", "period: 2026-09, level: repair, on: 2026-10-02")
    found = credits(settled(tmp_path, _claim("30 days"), file))
    assert {each.claimed for each in found.values()} == {"in-time"}


def test_a_claim_of_another_period_is_none_of_this_one(tmp_path: Path) -> None:
    file = claims("period: 2026-09, level: repair, on: 2026-10-02")
    assert {each.claimed for each in credits(settled(tmp_path, _claim("30 days"), file)).values()} == {"not-claimed"}


def test_a_claim_that_was_not_made_yet_when_the_statement_is_seen_is_none(tmp_path: Path) -> None:
    file = claims("period: 2026-10, level: repair, on: 2026-11-20")
    found = credits(settled(tmp_path, _claim("30 days"), file, seen="2026-11-19"))
    assert {each.claimed for each in found.values()} == {"not-claimed"}
    found = credits(settled(tmp_path, _claim("30 days"), file, seen="2026-11-20"))
    assert {each.claimed for each in found.values()} == {"in-time"}


ON_CLAIM = {"pay": {"how": "on-claim"}}


def remarks(statement: Statement) -> list[str]:
    return [note.text for note in statement.data if "claimed" in note.text]


def test_what_was_not_claimed_in_time_is_shown_and_counted_and_said_to_be(tmp_path: Path) -> None:
    terms = _claim("30 days") | ON_CLAIM
    late = settled(tmp_path, terms, claims(), seen="2026-12-01")
    assert remarks(late) == [
        "repair: the credit of " + late.lines[0].subject + " and 1 more was not claimed, it could be claimed until "
        "2026-11-30; it is shown and counted all the same"
    ]
    assert late.total is not None
    assert late.total.least == "20.00"
    # While it can still be claimed, without a file, or where nobody has to claim, nothing is said.
    assert remarks(settled(tmp_path, terms, claims(), seen="2026-11-30")) == []
    assert remarks(settled(tmp_path, terms, seen="2026-12-01")) == []
    assert remarks(settled(tmp_path, _claim("30 days"), claims(), seen="2026-12-01")) == []


def test_a_late_claim_is_said_to_be_late(tmp_path: Path) -> None:
    file = claims("period: 2026-10, level: repair, on: 2026-12-01")
    (remark,) = remarks(settled(tmp_path, _claim("30 days") | ON_CLAIM, file))
    assert "claimed late" in remark


def test_the_file_of_claims_is_one_of_the_inputs(tmp_path: Path) -> None:
    statement = settled(tmp_path, _claim("30 days"), claims("period: 2026-10, level: repair, on: 2026-11-02"))
    assert [(each.source, each.file, each.rows) for each in statement.inputs][-1] == ("claims", "claims.yaml", 1)


# A file of claims that cannot be meant.


def refused(folder: Path, text: str, settlement: dict[str, Any] | None = None) -> list[tuple[int, int, str]]:
    with pytest.raises(AgreementError) as found:
        settled(folder, settlement or _claim("30 days"), text)
    return [(each.line, each.column, each.code) for each in found.value.problems]


TWICE = """claims:
  - {period: 2026-10, level: repair, subject: c1, on: 2026-11-02}
  - {period: 2026-10, level: repair, subject: c2, on: 2026-11-02}
  - {period: 2026-10, level: repair, subject: c1, on: 2026-11-03}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claims:\n  - {period: 2026-10, level: repairs, on: 2026-11-02}\n", [(2, 30, "unknown-name")]),
        ("claims:\n  - {period: 2026-13, level: repair, on: 2026-11-02}\n", [(2, 14, "period")]),
        ("claims:\n  - {period: 2026-Q4, level: repair, on: 2026-11-02}\n", [(2, 14, "period")]),
        ("claims:\n  - {period: last-month, level: repair, on: 2026-11-02}\n", [(2, 14, "period")]),
        ("claims:\n  - {period: 2026-10, level: repair, on: 2026-09-30}\n", [(2, 42, "dates")]),
        ("claims:\n  - {period: 2026-10, level: repair, on: 02/11/2026}\n", [(2, 42, "not-a-date")]),
        ("claims:\n  - {period: 2026-10, level: repair}\n", [(2, 5, "missing-key")]),
        ("claims:\n  - {period: 2026-10, level: repair, on: 2026-11-02, by: me}\n", [(2, 54, "unknown-key")]),
        (TWICE, [(4, 30, "twice")]),
        ("claim:\n  - {period: 2026-10, level: repair, on: 2026-11-02}\n", [(1, 1, "unknown-key")]),
    ],
)
def test_a_wrong_claim_is_told_at_its_place(tmp_path: Path, text: str, expected: list[Any]) -> None:
    assert refused(tmp_path, text) == expected


def test_a_file_of_claims_that_is_not_there_is_told(tmp_path: Path) -> None:
    settled(tmp_path, _claim("30 days"), claims())
    (tmp_path / "claims.yaml").unlink()
    with pytest.raises(AgreementError) as found:
        load(tmp_path / "agreement.yaml")
    assert "claims.yaml" in str(found.value.problems[0])


# Rights that count breaches claimed in time.


def right(told: list[Month], entries: str | None, tmp_path: Path, seen: date = date(2027, 6, 1)) -> str:
    """Two of three months breached and claimed within 30 days of their end, at the end of June 2026."""
    when = {"level": "uptime", "breached": 2, "of_last": 3, "claimed": True}
    file = agreement({"terminate": {"when": when}}, settlement=_claim("30 days"))
    if entries is not None:
        (tmp_path / "claims.yaml").write_text(entries, encoding="utf-8")
        file = replace(file, claims=claims_made.load(tmp_path / "claims.yaml", "claims.yaml"))
    (found,) = at_the_end(file, told, seen)
    return found.state


def month(letter: str) -> Month:
    return [line("uptime", letter)], None


APRIL, APRIL_LATE, JUNE = (
    f"period: {label}, level: uptime, on: {day}"
    for label, day in (("2026-04", "2026-05-30"), ("2026-04", "2026-05-31"), ("2026-06", "2026-07-01"))
)


@pytest.mark.parametrize(
    ("verdicts", "entries", "seen", "expected"),
    [
        ("bmb", (APRIL, JUNE), "2027-06-01", "arose"),
        ("bmb", (APRIL_LATE, JUNE), "2027-06-01", "not-arisen"),
        ("bmb", (JUNE,), "2027-06-01", "not-arisen"),
        # Until 30 July June can still be claimed.
        ("bmb", (APRIL,), "2026-07-30", "undecided"),
        ("bmb", (APRIL,), "2026-07-31", "not-arisen"),
        ("bbb", (APRIL,), "2026-07-31", "not-arisen"),
        # Without a file nobody knows what was claimed; what is no breach need not be known.
        ("bmb", None, "2027-06-01", "undecided"),
        ("bmm", None, "2027-06-01", "not-arisen"),
        # Claimed, and a breach perhaps; a breach perhaps, and never claimed.
        ("bmi", (APRIL, JUNE), "2027-06-01", "undecided"),
        ("bmi", (APRIL,), "2027-06-01", "not-arisen"),
    ],
)
def test_only_breaches_claimed_in_time_count(
    verdicts: str, entries: tuple[str, ...] | None, seen: str, expected: str, tmp_path: Path
) -> None:
    told = [month(letter) for letter in verdicts]
    text = None if entries is None else claims(*entries)
    assert right(told, text, tmp_path, date.fromisoformat(seen)) == expected
