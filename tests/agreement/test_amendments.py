"""Amendments: how they are merged, what of them is refused and where, and which version an agreement is read as."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from slacheck.agreement.amendments import FIXED
from slacheck.agreement.loading import AgreementFile, load
from slacheck.agreement.schema import agreement_schema
from slacheck.problems import AgreementError, Problem
from tests.agreement.test_schema import accepts

BODY = """\
slacheck: 1
id: hosting
provider: Northwind
customer: Acme
timezone: Europe/London
currency: GBP
effective: 2026-01-01
until: 2027-12-31
fees: {monthly: 12000.00, yearly: 100.00}
sources:
  probes: {path: probes.csv, shape: samples, columns: {at: t, state: s}, hold: 2m}
  works: {path: works.csv, shape: events, columns: {start: from, end: to}}
exclusions:
  planned: {from: works}
service_levels:
  uptime:
    clause: "4.1"
    measure: {kind: availability, from: probes, excluding: [planned]}
    target: ">= 99.9%"
    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}
settlement: {cap: [100% of monthly, 100% of yearly]}
"""
LINES = BODY.count("\n")


TWO = """\
amendments:
  - {effective: 2026-04-01, fees: {monthly: 1.00}}
  - {effective: 2026-05-01, fees: {monthly: 2.00}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(amendments: str, body: str = BODY) -> Path:
        path = tmp_path / "agreement.yaml"
        path.write_text(body + amendments, encoding="utf-8")
        return path

    return written


def problems(path: Path) -> list[Problem]:
    with pytest.raises(AgreementError) as refused:
        load(path)
    return list(refused.value.problems)


def told(path: Path) -> list[tuple[int, int, str]]:
    """Line (from the first one after the body), column and code of every problem."""
    return [(each.line - LINES, each.column, each.code) for each in problems(path)]


# --- versions ----------------------------------------------------------------------------------------------------


def test_without_amendments_an_agreement_is_its_only_version(write: Any) -> None:
    found = load(write(""))
    assert [each is found for each in found.versions] == [True]
    assert (found.since, found.before, found.settled) == (None, None, "apart")


def test_amendments_build_on_each_other_in_the_order_of_their_dates(write: Any) -> None:
    """The second in the file is the first in time; each replaces the amount that stood before it."""
    found = load(
        write("""\
amendments:
  - effective: 2026-07-01
    settled: period-end
    fees: {setup: 1.00}
    settlement: {cap: 100% of setup}
    service_levels: {uptime: {target: ">= 99.9%", clause: null}}
  - effective: 2026-04-01
    fees: {monthly: 13000.00, yearly: null}
    settlement: {cap: null}
    service_levels: {uptime: {clause: "4.2"}}
""")
    )
    first, second, third = found.versions
    assert first is found
    assert all(each.versions is found.versions or each.versions == found.versions for each in found.versions)
    spans = [(each.since, each.before, each.settled) for each in found.versions]
    april, july = date(2026, 4, 1), date(2026, 7, 1)
    assert spans == [(None, april, "apart"), (april, july, "apart"), (july, None, "period-end")]
    fees = [{name: str(fee) for name, fee in each.agreement.fees.items()} for each in found.versions]
    assert fees == [
        {"monthly": "12000.00", "yearly": "100.00"},
        {"monthly": "13000.00"},
        {"monthly": "13000.00", "setup": "1.00"},
    ]
    assert [clause(each) for each in (first, second, third)] == ["4.1", "4.2", None]


def clause(version: AgreementFile) -> str | None:
    return version.agreement.service_levels["uptime"].promises[""].clause


def test_lists_and_scalars_are_replaced_and_mappings_merged(write: Any) -> None:
    found = load(
        write("""\
amendments:
  - effective: 2026-04-01
    notes: [two, three]
    exclusions: {urgent: {spans: [{start: 2026-05-01, end: 2026-05-01}]}}
    service_levels: {uptime: {measure: {excluding: [urgent]}, credit: {bands: {"< 99.9%": 12%}}}}
""").parent
        / "agreement.yaml"
    )
    amended = found.versions[1].agreement
    promise = amended.service_levels["uptime"].promises[""]
    assert promise.excluding == ("urgent",)
    assert promise.measure.kind == "availability"
    assert amended.notes == ("two", "three")
    data: Any = found.versions[1].document.data
    credit = data["service_levels"]["uptime"]["promises"][""]["credit"]
    assert credit["bands"] == {"< 99.9%": "12%", "< 99.0%": "25%"}


def test_classes_are_written_out_after_the_merge(write: Any) -> None:
    body = BODY.replace(
        '    target: ">= 99.9%"\n', '    by: site\n    classes: {a: {target: ">= 99.9%"}, b: {target: ">= 99%"}}\n'
    )
    body = body.replace("state: s}", "state: s, site: site}").replace(
        '    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}\n',
        "    credit: {kind: fixed, of: monthly, pays: 10%}\n",
    )
    found = load(
        write(
            """\
amendments:
  - effective: 2026-04-01
    service_levels: {uptime: {classes: {b: {target: ">= 98%"}, a: null}}}
""",
            body,
        )
    )
    promises = [each.agreement.service_levels["uptime"].promises for each in found.versions]
    assert [{name: each.target.text for name, each in own.items()} for own in promises] == [
        {"a": ">= 99.9%", "b": ">= 99%"},
        {"b": ">= 98%"},
    ]


# --- what one version alone uses ---------------------------------------------------------------------------------


def test_what_only_one_version_uses_is_used_and_absent_from_the_others(write: Any) -> None:
    body = BODY.replace("service_levels:", "calendars:\n  desk: {hours: {mon-fri: '09:00-17:00'}}\nservice_levels:")
    found = load(
        write(
            """\
amendments:
  - effective: 2026-04-01
    service_levels: {uptime: {measure: {hours: desk, excluding: []}}}
""",
            body,
        )
    )
    assert [set(each.agreement.calendars) for each in found.versions] == [set(), {"desk"}]
    assert [set(each.agreement.exclusions) for each in found.versions] == [{"planned"}, set()]
    assert [set(each.agreement.sources) for each in found.versions] == [{"probes", "works"}, {"probes"}]


def test_what_no_version_uses_is_told_once(write: Any) -> None:
    body = BODY.replace("service_levels:", "calendars:\n  desk: {hours: {mon-fri: '09:00-17:00'}}\nservice_levels:")
    path = write("amendments:\n  - {effective: 2026-04-01, fees: {monthly: 1.00}}\n", body)
    assert [(each.code, each.message) for each in problems(path)] == [("unused", "nothing uses the calendar 'desk'")]


def test_a_column_that_only_an_amendment_reads_is_used(write: Any) -> None:
    body = BODY.replace("state: s}", "state: s, site: site}")
    assert [each.code for each in problems(write("", body))] == ["unused-column"]
    found = load(write("amendments:\n  - {effective: 2026-04-01, service_levels: {uptime: {per: site}}}\n", body))
    assert len(found.versions) == 2


# --- problems ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amendments", "expected", "says"),
    [
        ("amendments: []\n", (1, 1, "amendment"), "no amendment is written"),
        ("amendments:\n", (1, 1, "empty"), "nothing stands behind 'amendments'"),
        ("amendments: {effective: 2026-04-01}\n", (1, 13, "wrong-shape"), "a list is wanted here"),
        ("amendments: [2026-04-01]\n", (1, 14, "wrong-shape"), "a mapping is wanted here"),
        ("amendments:\n  - fees: {monthly: 1.00}\n", (2, 5, "missing-key"), "no 'effective' in amendments, item 1"),
        ("amendments:\n  - {effective: April, fees: {monthly: 1.00}}\n", (2, 17, "not-a-date"), "April"),
        (
            "amendments:\n  - {effective: 2026-04-01, settled: half, fees: {monthly: 1.00}}\n",
            (2, 38, "not-one-of"),
            "'half' is not one of apart, period-end",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, fee: {monthly: 1.00}}\n",
            (2, 29, "amendment"),
            "unknown key 'fee' in an amendment",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, period: week}\n",
            (2, 29, "amendment"),
            "'period' cannot be amended",
        ),
        (
            TWO.replace("05-01", "04-01"),
            (3, 17, "amendment"),
            "two amendments take effect on 2026-04-01",
        ),
        (
            "amendments:\n  - {effective: 2026-01-01, fees: {monthly: 1.00}}\n",
            (2, 17, "amendment"),
            "the agreement itself begins on 2026-01-01",
        ),
        (
            "amendments:\n  - {effective: 2025-12-31, fees: {monthly: 1.00}}\n",
            (2, 17, "amendment"),
            "the amendment of 2025-12-31 precedes the agreement",
        ),
        (
            "amendments:\n  - {effective: 2028-01-01, fees: {monthly: 1.00}}\n",
            (2, 17, "amendment"),
            "the agreement has ended when it is amended on 2028-01-01",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, until: 2026-03-31}\n",
            (2, 36, "amendment"),
            "'until' is before 2026-04-01",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, fees: {monthly: 12000.00}}\n",
            (2, 5, "amendment"),
            "the amendment of 2026-04-01 changes nothing",
        ),
        ("amendments:\n  - effective: 2026-04-01\n", (2, 5, "amendment"), "changes nothing"),
        (
            "amendments:\n  - {effective: 2026-04-01, fees: {montly: null}}\n",
            (2, 36, "amendment"),
            "there is no 'montly' in fees that could be removed",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, rights: null}\n",
            (2, 29, "amendment"),
            "there is no 'rights' that could be removed",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, service_levels: {uptime: {credit: }}}\n",
            (2, 55, "empty"),
            "nothing stands behind 'credit'",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, service_levels: {uptimes: {target: '>= 99%'}}}\n",
            (2, 46, "missing-key"),
            "no 'measure' in service_levels.uptimes",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, service_levels: {uptime: {taget: '>= 99%'}}}\n",
            (2, 55, "unknown-key"),
            "unknown key 'taget' in service_levels.uptime",
        ),
        (
            "amendments:\n  - {effective: 2026-04-01, service_levels: {uptime: {measure: {from: probe}}}}\n",
            (2, 71, "unknown-name"),
            "no source or outage 'probe'",
        ),
    ],
)
def test_a_mistake_is_pointed_at_in_the_amendment(
    write: Any, amendments: str, expected: tuple[int, int, str], says: str
) -> None:
    path = write(amendments)
    assert told(path)[0] == expected
    first = problems(path)[0]
    assert says in first.message or says in first.help
    assert first.excerpt


def test_the_end_that_an_amendment_moves_is_the_end_for_those_after_it(write: Any) -> None:
    found = load(
        write(
            """\
amendments:
  - {effective: 2027-12-31, until: 2028-12-31}
  - {effective: 2028-05-01, fees: {monthly: 1.00}}
"""
        )
    )
    assert found.until == date(2028, 12, 31)
    assert len(found.versions) == 3


@pytest.mark.parametrize("key", sorted(FIXED))
def test_what_would_move_the_history_cannot_be_amended(write: Any, key: str) -> None:
    path = write(f"amendments:\n  - effective: 2026-04-01\n    {key}: x\n")
    assert told(path) == [(3, 5, "amendment")]
    assert problems(path)[0].help == FIXED[key]


def test_parties_end_and_notes_can_be_amended(write: Any) -> None:
    found = load(
        write("""\
amendments:
  - {effective: 2026-04-01, provider: Southwind, customer: Acme Holding, until: 2029-12-31, title: New, notes: [a]}
""")
    )
    amended = found.versions[1].agreement
    assert (amended.provider, amended.customer, amended.until) == ("Southwind", "Acme Holding", date(2029, 12, 31))


def test_a_problem_of_the_body_is_not_repeated_for_its_versions(write: Any) -> None:
    body = BODY.replace("GBP", "GBX").replace("from: works", "from: work")
    assert [each.code for each in problems(write(TWO, body))] == ["currency"]
    body = BODY.replace("from: works", "from: work")
    assert [each.code for each in problems(write(TWO, body))] == ["unused", "unknown-name"]


def test_what_an_amendment_breaks_elsewhere_says_so(write: Any) -> None:
    """Without the fee the credit and the cap of the body have no base: both are wrong from April on."""
    path = write("amendments:\n  - {effective: 2026-04-01, fees: {monthly: null}}\n")
    found = problems(path)
    assert len(found) == 2
    assert all(each.line <= LINES and each.message.startswith("as amended on 2026-04-01, ") for each in found)


def test_everything_is_told_at_once(write: Any) -> None:
    path = write(
        """\
amendments:
  - effective: 2026-04-01
    currency: EUR
  - effective: 2026-05-01
    feees: {monthly: 1.00}
""",
        BODY.replace("GBP", "GBX"),
    )
    assert [each.line for each in problems(path)] == [6, LINES + 3, LINES + 5]


def test_more_amendments_than_anybody_makes_are_refused(write: Any) -> None:
    rows = "".join(f"  - {{effective: {2026 + n // 300}-01-01, fees: {{monthly: {n}.00}}}}\n" for n in range(501))
    assert [each.message for each in problems(write("amendments:\n" + rows))] == ["more than 500 amendments"]


def test_an_alias_of_the_body_may_be_used(write: Any) -> None:
    body = BODY.replace("fees: {", "fees: &fees {")
    found = load(
        write(
            """\
amendments:
  - {effective: 2026-04-01, fees: {yearly: 1.00}}
  - {effective: 2026-05-01, fees: *fees, title: y}
""",
            body,
        )
    )
    yearly = [str(each.agreement.fees["yearly"]) for each in found.versions]
    assert yearly == ["100.00", "1.00", "100.00"]


# --- corrections -------------------------------------------------------------------------------------------------

CORRECTIONS = """\
corrections:
  - {level: uptime, period: 2026-04, author: A, date: 2026-05-02, reason: r, value: 99%}
"""


def test_a_value_for_a_period_that_is_settled_in_parts_is_refused(write: Any, tmp_path: Path) -> None:
    (tmp_path / "corrections.yaml").write_text(CORRECTIONS)
    body = BODY + "corrections: corrections.yaml\n"
    amendment = "amendments:\n  - {effective: 2026-04-15, fees: {monthly: 1.00}}\n"
    (problem,) = problems(write(amendment, body))
    assert (problem.path, problem.line, problem.column, problem.code) == ("corrections.yaml", 2, 85, "amendment")
    assert "settled in parts" in problem.message
    whole = amendment.replace("15, ", "15, settled: period-end, ")
    assert len(load(write(whole, body)).versions) == 2
    assert len(load(write(amendment.replace("04-15", "04-01"), body)).versions) == 2


def test_a_correction_of_a_level_that_an_amendment_adds_is_read(write: Any, tmp_path: Path) -> None:
    (tmp_path / "corrections.yaml").write_text(CORRECTIONS.replace("uptime", "second"))
    amendment = """\
amendments:
  - {effective: 2026-04-01, service_levels: {second: {measure: {kind: availability, from: probes}, target: ">= 99%"}}}
"""
    assert len(load(write(amendment, BODY + "corrections: corrections.yaml\n")).versions) == 2
    assert [each.code for each in problems(write("", BODY + "corrections: corrections.yaml\n"))] == ["unknown-name"]


# --- terms -------------------------------------------------------------------------------------------------------


def test_the_digest_of_the_terms_is_that_of_their_canonical_json(write: Any) -> None:
    path = write("notes: [x]\n", "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\n")
    written = json.dumps(
        {"customer": "C", "id": "a", "provider": "P", "slacheck": "1", "timezone": "UTC"}, separators=(",", ":")
    )
    assert load(path).terms == hashlib.sha256(written.encode()).hexdigest()


def test_later_amendments_and_notes_leave_the_terms_of_a_version_as_they_were(write: Any) -> None:
    plain = load(write("")).terms
    noted = load(write("notes: [x]\n")).terms
    amended = load(write("amendments:\n  - {effective: 2026-04-01, fees: {monthly: 1.00}}\n"))
    again = load(
        write(
            "amendments:\n  - {effective: 2026-04-01, fees: {monthly: 1.00}}\n  - {effective: 2026-05-01, notes: [x]}\n"
        )
    )
    assert plain == noted == amended.terms == again.terms
    assert amended.versions[1].terms == again.versions[1].terms == again.versions[2].terms != plain


def test_the_same_terms_written_in_the_body_have_the_same_digest(write: Any) -> None:
    amended = load(write("amendments:\n  - {effective: 2026-04-01, fees: {monthly: 1.00}}\n"))
    assert amended.versions[1].terms == load(write("", BODY.replace("12000.00", "1.00"))).terms


# --- schema ------------------------------------------------------------------------------------------------------


def _with(amendment: dict[str, Any]) -> dict[str, Any]:
    return {"slacheck": 1, "id": "a", "provider": "P", "customer": "C", "timezone": "UTC", "amendments": [amendment]}


@pytest.mark.parametrize(
    ("amendment", "fits"),
    [
        (
            {
                "effective": "2027-04-01",
                "settled": "apart",
                "service_levels": {"repair": {"credit": {"pays": 10.65}}},
                "fees": {"monthly": 13000.00},
                "exclusions": {"old": None},
            },
            True,
        ),
        ({"effective": "2027-04-01", "service_levels": {"a": {"classes": {"P1": {"target": ">= 9%"}}}}}, True),
        ({"effective": "2027-04-01", "service_levels": {"a": {"measure": {"excluding": ["x"]}, "credit": None}}}, True),
        ({"effective": "2027-04-01", "calendars": {"desk": {"hours": {"mon": None, "tue": "08:00-16:00"}}}}, True),
        ({"effective": "2027-04-01", "until": "2028-01-01", "notes": ["x"], "corrections": None}, False),
        ({"fees": {"monthly": 1}}, False),
        ({"effective": "2027-04-01", "period": "week"}, False),
        ({"effective": "2027-04-01", "settled": "half"}, False),
        ({"effective": "2027-04-01", "service_levels": {"a": {"taget": ">= 9%"}}}, False),
        ({"effective": "2027-04-01", "service_levels": {"a": {"credit": {"payz": 1}}}}, False),
    ],
)
def test_the_schema_knows_what_an_amendment_may_write(amendment: dict[str, Any], fits: bool) -> None:
    assert accepts(agreement_schema(), _with(amendment)) is fits
