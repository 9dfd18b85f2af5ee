"""Every page of the manual has its sections, and every example is read by the key that it is about."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import kinds
from slacheck.agreement.loading import load
from slacheck.agreement.manual import pages
from slacheck.agreement.settlement_terms import Settlement
from slacheck.remedies.remedy import Remedy

PAGES = pages()
KEYS = [name for name in PAGES if name not in kinds()]
# What decides nothing about an amount, or is no page of its own: the clause, the file of claims, the way it is paid.
WITHOUT_A_PAGE = {"clause", "claims_made", "kind", "of", "paid_as"}
HEAD = """\
slacheck: 1
id: example
provider: P
customer: C
timezone: UTC
currency: EUR
effective: 2026-01-01
until: 2027-12-31
"""
MONTHLY = "fees: {monthly: 1000.00}\n"
OFFICE = "calendars:\n  office: {hours: {mon-fri: '09:00-17:00'}}\n"
SOURCES = """\
sources:
  probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: 2m}
  tickets: {path: t.csv, shape: cases, columns: {id: n, opened: o, resolved: r}}
"""
REGISTER = "  {name}: {{path: r.csv, shape: register, columns: {{at: t, {column}: x}}}}\n"
REPAIR = 'per: case, measure: {kind: elapsed, from: tickets, between: [opened, resolved]}, target: "<= 4h"'
UPTIME = 'measure: {kind: availability, from: probes}, target: ">= 99%"'
BANDS = 'credit: {kind: bands, of: monthly, bands: {"< 99%": 10%}}'


def examples(page: str) -> list[str]:
    """The indented lines after each ``Example:``."""
    return [
        textwrap.dedent(found).strip() + "\n"
        for found in re.findall(r"^Example:\n\n((?: {4}.*\n|\n)+)", page, re.MULTILINE)
    ]


def body(name: str, example: str) -> str:
    """A small agreement around an example, which stands at the top of it or inside a level."""
    top = example.split(":", 1)[0] in {*Agreement.model_fields, "amendments"}
    credit = {
        "points": "credit: {kind: fixed, pays: 10 points}",
        "at_risk": "credit: {kind: pool, pool: POOL, allocation: 100%}",
    }.get(name, BANDS)
    levels = [f"  {level}: {{{UPTIME}, {credit}}}" for level in ("availability", "delay", "long-outage")]
    if name == "at_risk":
        levels = [
            levels[0].replace("POOL", "availability"),
            levels[0].replace("POOL", "service-desk").replace("  availability:", "  desk:"),
        ]
    else:
        pays = "10 points" if name == "points" else "60.00"
        levels.append(f"  repair: {{{REPAIR}, credit: {{kind: fixed, pays: {pays}}}}}")
    sources = SOURCES if name != "at_risk" else SOURCES.replace(SOURCES.splitlines(True)[2], "")
    fees = MONTHLY
    if name == "fees":
        fees = ""
        levels = [
            f"  paid-{fee}: {{{UPTIME}, credit: {{kind: fixed, of: {fee}, pays: 1%}}}}"
            for fee in re.findall(r"^  ([a-z0-9-]+):", example, re.MULTILINE)
        ]
        sources = sources.replace(SOURCES.splitlines(True)[2], "")
        for register, column in (("invoices", "charges"), ("charges", "amount"), ("consumption", "credits")):
            sources += REGISTER.format(name=register, column=column) if f"from: {register}" in example else ""
    if not top:
        text = example if "measure:" in example else f"measure: {{kind: availability, from: probes}}\n{example}"
        levels.append("  level:\n" + textwrap.indent(text, "    "))
    calendars = OFFICE if "hours: office" in example else ""
    return HEAD + fees + calendars + sources + "service_levels:\n" + "\n".join(levels) + "\n" + example * top


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_every_section(name: str) -> None:
    wanted = ["Formula", "Clause", "Example", "Edge cases"]
    wanted += ["Order"] if name in KEYS and name != "fees" else []
    assert [each for each in wanted if not re.search(rf"^{each}:", PAGES[name], re.MULTILINE)] == []
    assert PAGES[name].splitlines()[0].strip()


@pytest.mark.parametrize("name", KEYS)
def test_every_example_is_read_by_the_key_that_it_is_about(name: str, tmp_path: Path) -> None:
    found = examples(PAGES[name])
    assert len(found) == (4 if name == "fees" else 1)
    path = tmp_path / "agreement.yaml"
    for example in found:
        path.write_text(body(name, example), encoding="utf-8")
        loaded = load(path)
        agreement = loaded.agreement
        if example.startswith("settlement:"):
            assert agreement.settlement.model_fields_set == {name}
        elif name == "amendments":
            assert len(loaded.versions) == 2
        elif name in ("fees", "rights", "rests_on"):
            assert getattr(agreement, name)
        else:
            credit = agreement.service_levels["level"].promises[""].credit
            assert credit is not None
            assert name in credit.model_fields_set


def test_every_key_of_a_credit_and_of_the_settlement_has_a_page() -> None:
    assert (set(Remedy.model_fields) | set(Settlement.model_fields)) - WITHOUT_A_PAGE - set(PAGES) == set()


def test_no_page_is_for_a_key_that_there_is_not() -> None:
    known = {*Remedy.model_fields, *Settlement.model_fields, *Agreement.model_fields, "amendments"}
    assert set(KEYS) - known == set()
