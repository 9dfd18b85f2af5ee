"""Fees that cannot be read or meant are refused at their line and column, with advice."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from slacheck.agreement.schema import agreement_schema
from slacheck.fees.fee import AmountFee, GreaterFee, PreviousFee, RegisterFee
from slacheck.language.terms import Terms
from tests.agreement.test_checks import loaded, one, refused
from tests.agreement.test_schema import accepts

HEAD = """\
slacheck: 1
id: acme
provider: P
customer: C
timezone: UTC
currency: EUR
"""
SOURCES = """\
sources:
  probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: 2m}
"""
REGISTERS = {
    "invoices": "  invoices: {path: i.csv, shape: register, key: [host], columns: {host: h, at: m, charges: eur}}\n",
    "circuits": "  circuits: {path: c.csv, shape: register, key: host, columns: {host: h, mrc: eur}}\n",
    "waits": "  waits: {path: w.csv, shape: register, columns: {wait: ms}, units: {wait: ms}}\n",
}
LEVELS = """\
service_levels:
  uptime: {measure: {kind: availability, from: probes}, target: ">= 99.9%"}
  other: {measure: {kind: availability, from: probes}, target: ">= 99%", credit: {kind: fixed, pays: 0.01}}
settlement: {cap: [CAPS]}
"""


def agreement(fees: str, *registers: str, cap: str = "20% of base", head: str = "") -> str:
    """An agreement whose cap uses the fee ``base``."""
    sources = SOURCES + "".join(REGISTERS[each] for each in registers)
    return f"{HEAD}{head}fees: {{{fees}}}\n{sources}{LEVELS.replace('CAPS', cap)}"


READABLE = [
    ("base: 100.00", ""),
    ("base: {amount: 100.00}", ""),
    ("base: {amount: 100.00, for: 30 days}", ""),
    ("base: {amount: 100.00, for: quarter}", ""),
    ("base: {amount: 100.00, part_period: whole}", ""),
    ("base: {amount: 100.00, for: month, part_period: whole}", ""),
    ("base: {from: invoices, column: charges}", "invoices"),
    ("base: {from: invoices, column: charges, for: day, taking: mean}", "invoices"),
    ("base: {from: invoices, column: charges, for: 30 days, taking: sum}", "invoices"),
    ("base: {from: circuits, column: mrc, for: year}", "circuits"),
    ("base: {greater_of: [last, 500.00]}, last: {previous: monthly}, monthly: 100", ""),
]


@pytest.mark.parametrize(("fees", "register"), READABLE)
def test_every_form_of_a_fee_is_read(tmp_path: Path, fees: str, register: str) -> None:
    found = loaded(tmp_path, agreement(fees, *([register] if register else []))).agreement
    assert "base" in found.fees


def test_only_plain_amounts_are_exact_by_themselves(tmp_path: Path) -> None:
    fees = "base: {greater_of: [a, b]}, a: 12.50, b: {amount: 10, for: year}"
    assert loaded(tmp_path, agreement(fees)).agreement.exact_fees() == {"a": 12.5}


UNREADABLE = [
    ("base: @@-5.00", "not-an-amount", "write it without a sign"),
    ("@@base: ", "empty", ""),
    ("base: @@[100.00]", "wrong-shape", ""),
    ("base: {amount: @@1.000.00}", "not-an-amount", "plain decimals"),
    ("base: {@@amonut: 100.00}", "unknown-key", "did you mean 'amount'?"),
    ("@@base: {sum: 100.00}", "fee", "write {amount: 12000.00, for: year}"),
    ("@@base: {}", "fee", "{greater_of: [..]}"),
    ("base: {amount: 100.00, @@form: year}", "unknown-key", "did you mean 'for'?"),
    ("base: {amount: 100.00, @@from: invoices}", "unknown-key", ""),
    ("base: {amount: 100.00, for: @@fortnight}", "not-a-stretch", "write day, week, month"),
    ("base: {amount: 100.00, for: @@30d}", "not-a-stretch", "30 days"),
    ("base: {amount: 100.00, for: @@5 working days}", "not-a-stretch", "30 days"),
    ("base: {amount: 100.00, for: @@0 days}", "not-a-stretch", "30 days"),
    ("base: {amount: 100.00, for: @@200 years}", "not-a-stretch", "write a shorter length"),
    ("base: {amount: 100.00, part_period: @@prorata}", "not-one-of", "did you mean 'pro-rata'?"),
    ("@@base: {from: invoices}", "missing-key", "for example column: charges"),
    ("base: {from: invoices, column: charges, taking: @@average}", "not-one-of", ""),
    ("base: {previous: @@1st}", "not-a-name", "names are letters"),
    ("base: {greater_of: @@monthly}", "wrong-shape", ""),
    ("base: {greater_of: [500.00, @@-1]}", "not-a-fee", "write it without a sign"),
    ("base: {greater_of: [500.00, @@1 month]}", "not-a-fee", "write the name of a fee, or 500.00"),
]


@pytest.mark.parametrize(("fees", "code", "help"), UNREADABLE)
def test_what_no_fee_can_be_is_refused_at_its_place(tmp_path: Path, fees: str, code: str, help: str) -> None:
    found = one(tmp_path, agreement(fees))
    assert found[0] == code
    assert help in found[2]


def test_the_greater_of_one_is_refused(tmp_path: Path) -> None:
    assert one(tmp_path, agreement("base: {greater_of: @@[500.00]}"))[0] == "fee"


MEANT = [
    ("base: {from: @@invoice, column: charges}", ["invoices"], "unknown-name", "did you mean 'invoices'", "@@invoices"),
    ("base: {from: @@probes, column: s}", [], "shape", "write shape: register", ""),
    ("base: {previous: @@montly}, @@monthly: 5", [], "unknown-name", "did you mean 'monthly'?", ""),
    ("base: {greater_of: [5, @@yearly]}", [], "unknown-name", "there is: base", ""),
    ("@@base: {previous: base}", [], "circle", "a fee is an amount", ""),
    ("@@base: {greater_of: [a, 5]}, a: {previous: b}, b: {previous: base}", [], "circle", "a fee is an amount", ""),
    ("base: {from: invoices, column: @@host}", ["invoices"], "no-amount", "did you mean|there is: charges", ""),
    ("base: {from: invoices, column: @@at}", ["invoices"], "no-amount", "there is: charges", ""),
    ("base: {from: waits, column: @@wait}", ["waits"], "unit", "take it out of the units", ""),
    ("base: {from: circuits, column: @@eur}", ["circuits"], "unknown-name", "is called 'mrc'", ""),
    ("base: {amount: 5, for: @@term}", [], "dates", "write both dates", ""),
    ("base: {amount: 5, for: year, @@part_period: whole}", [], "unused", "leave it out", ""),
    ("base: {from: invoices, column: charges, @@part_period: whole}", ["invoices"], "unused", "leave it out", ""),
    ("base: {from: circuits, column: mrc, @@taking: mean, for: day}", ["circuits"], "unused", "map 'at'", ""),
    ("base: {from: invoices, column: charges, taking: @@mean}", ["invoices"], "taking", "write for: day", ""),
    ("base: {from: invoices, column: charges, for: @@day}", ["invoices"], "taking", "write taking: mean", ""),
    ("base: 5, @@other: 6", [], "unused", "such as of: other", ""),
]


@pytest.mark.parametrize(("fees", "registers", "code", "help", "more"), MEANT, ids=range(len(MEANT)))
def test_what_a_fee_cannot_mean_is_refused_at_its_place(
    tmp_path: Path, fees: str, registers: list[str], code: str, help: str, more: str
) -> None:
    text = agreement(fees, *registers)
    for name in registers:
        # The amounts of a register whose fee reads another column are told too.
        word = {"invoices": "charges", "circuits": "mrc", "waits": "wait"}[name]
        if more or not re.search(rf"column: (@@)?{word}\b", fees):
            text = text.replace(f" {word}:", f" @@{word}:")
    if more:
        text = text.replace(f"  {more.removeprefix('@@')}:", f"  {more}:")
    found = refused(tmp_path, text)
    assert code in [each.code for each in found]
    assert any(re.search(help, each.help) for each in found if each.code == code), [each.help for each in found]


def test_the_term_needs_both_dates(tmp_path: Path) -> None:
    fees = "base: {amount: 5, for: term}"
    assert loaded(tmp_path, agreement(fees, head="effective: 2026-01-01\nuntil: 2026-12-31\n")).agreement.fees
    lacking = agreement(fees.replace("term", "@@term"), head="effective: 2026-01-01\n")
    assert one(tmp_path, lacking)[1] == "the term is not said: there is no 'until'"


def test_no_term_has_one_before_it(tmp_path: Path) -> None:
    fees = "base: {previous: @@all}, all: {amount: 5, for: term}"
    text = agreement(fees, head="effective: 2026-01-01\nuntil: 2026-12-31\n")
    assert one(tmp_path, text)[0] == "no-previous"


@pytest.mark.parametrize("cap", ["@@20% of bas", "5.00, @@20% of bas"])
def test_a_mistyped_fee_is_told_once_and_the_one_that_was_meant_is_not_unused(tmp_path: Path, cap: str) -> None:
    code, _, help = one(tmp_path, agreement("base: 5", cap=cap))
    assert (code, help) == ("unknown-name", "did you mean 'base'?")


def test_a_fee_may_be_used_by_a_credit_in_every_way(tmp_path: Path) -> None:
    credits = [
        'kind: bands, of: base, bands: {"< 99.9%": 10%}',
        'kind: bands, bands: {"< 99.9%": 10% of base}',
        'kind: bands, bands: {"< 99.9%": 0.01}, cap: 5% of base',
        "kind: per-unit, each: 1%, counting: full, pays: 1% of base",
    ]
    for credit in credits:
        text = agreement("base: 5", cap="5.00").replace('99.9%"}', f'99.9%", credit: {{{credit}}}}}')
        assert loaded(tmp_path, text).agreement.fees
    assert one(tmp_path, agreement("@@base: 5", cap="5.00"))[0] == "unused"


def test_a_register_that_only_a_fee_reads_is_used(tmp_path: Path) -> None:
    fees = "base: {from: circuits, column: mrc}"
    assert loaded(tmp_path, agreement(fees, "circuits")).agreement.sources.keys() == {"probes", "circuits"}


@pytest.mark.parametrize("model", [AmountFee, RegisterFee, PreviousFee, GreaterFee])
def test_the_page_of_a_fee_is_whole_and_its_example_loads(tmp_path: Path, model: type[Terms]) -> None:
    page = inspect.getdoc(model) or ""
    assert all(re.search(rf"^{section}:", page, re.MULTILINE) for section in ("Formula", "Clause", "Edge cases"))
    found = re.search(r"^Example:\n\n((?: {4}.*\n|\n)+)", page, re.MULTILINE)
    assert found
    text = textwrap.dedent(found[1]).strip()
    names = re.findall(r"^  ([a-z0-9-]+):", text, re.MULTILINE)
    sources = SOURCES
    for source, column in (("invoices", "charges"), ("charges", "amount"), ("consumption", "credits")):
        if f"from: {source}" in text:
            sources += f"  {source}: {{path: r.csv, shape: register, columns: {{at: t, {column}: x}}}}\n"
    # A fee may be called like its amount in words; a source and a fee have names of their own.
    caps = ", ".join(f"1% of {name}" for name in names)
    dates = "effective: 2026-01-01\nuntil: 2026-12-31\n"
    whole = f"{HEAD}{dates}{text}\n{sources}{LEVELS.replace('CAPS', caps)}"
    assert any(type(fee) is model for fee in loaded(tmp_path, whole).agreement.fees.values())


SCHEMA: dict[str, Any] = agreement_schema()["properties"]["fees"]["additionalProperties"]


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        (12000.00, True),
        ("12000.00", True),
        ({"amount": 12000, "for": "term", "part_period": "whole"}, True),
        ({"from": "invoices", "column": "charges", "for": "30 days", "taking": "mean"}, True),
        ({"previous": "monthly"}, True),
        ({"greater_of": ["monthly", 500.00]}, True),
        ({"from": "invoices"}, False),
        ({"amount": 5, "form": "year"}, False),
        ({"greater_of": "monthly"}, False),
        ([5], False),
    ],
)
def test_the_schema_shows_every_form(value: Any, fits: bool) -> None:
    assert accepts(SCHEMA, value) is fits
