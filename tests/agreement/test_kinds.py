"""Every kind of measure and credit is called like its file, and its docstring is a manual page whose example loads."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path

import pytest

from slacheck.agreement.level import kinds
from slacheck.agreement.loading import load
from slacheck.language.terms import Terms
from slacheck.measures.measure import Measure
from slacheck.remedies.remedy import Remedy

KINDS = kinds()
ROOMS: dict[type[Terms], str] = {Measure: "measures", Remedy: "remedies"}

# What a level beside an example needs: sources under the names that the examples use.
OTHERS = """\
  web: {measure: {kind: availability, from: probes}, target: ">= 99%"}
  mail: {measure: {kind: availability, from: probes}, target: ">= 99%"}
"""
AROUND = """\
slacheck: 1
id: example
provider: P
customer: C
timezone: UTC
currency: EUR
"""
FEES = {"monthly": "fees: {monthly: 1000.00}\n", "circuit-charge": "fees: {circuit-charge: 100.00}\n"}
AT_RISK = "settlement: {at_risk: {amount: 1000.00, pools: {availability: 100%}}}\n"
# What the example of a credit is measured with, where that is no availability.
MEASURES = {"<= 45": "reported-value, from: survey"}
SOURCES = {
    "probes": "  probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: 2m}\n",
    "maintenance": "  maintenance: {path: m.csv, shape: events, columns: {start: from, end: to}}\n",
    "requests": "  requests: {path: r.csv, shape: counts, columns: {at: t, total: n, bad: b}, interval: 5m}\n",
    "tickets": "  tickets: {path: t.csv, shape: cases, columns: {id: n, opened: o, resolved: r}}\n",
    "survey": "  survey: {path: s.csv, shape: samples, columns: {at: t, value: score}}\n",
}


def page(name: str) -> str:
    found = inspect.getdoc(KINDS[name])
    assert found
    return found


def example(name: str) -> str:
    """The indented lines after ``Example:``."""
    found = re.search(r"^Example:\n\n((?: {4}.*\n|\n)+)", page(name), re.MULTILINE)
    assert found, f"the page of {name} has no example"
    return textwrap.dedent(found[1]).strip()


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_the_name_of_its_file_in_its_room(name: str) -> None:
    (room,) = (room for base, room in ROOMS.items() if issubclass(KINDS[name], base))
    assert KINDS[name].__module__ == f"slacheck.{room}.{name.replace('-', '_')}"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("section", ["Formula:", "Clause:", "Example:", "Edge cases:"])
def test_the_page_of_a_kind_has_every_section(name: str, section: str) -> None:
    assert re.search(rf"^{section}", page(name), re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in KINDS if issubclass(KINDS[name], Measure)])
def test_the_page_of_a_measure_tells_its_units(name: str) -> None:
    assert re.search(r"^Units:", page(name), re.MULTILINE)


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_kind_loads_and_is_of_that_kind(name: str, tmp_path: Path) -> None:
    text = example(name)
    if not re.search(r"^measure:", text, re.MULTILINE):
        measure = next((each for key, each in MEASURES.items() if key in text), "availability, from: probes")
        text = f"measure: {{kind: {measure}}}\n{text}"
    used = [source for source in SOURCES if re.search(rf"from: {source}\b", text)]
    exclusions = ""
    if "excluding: [planned]" in text:
        exclusions = "exclusions:\n  planned: {from: maintenance}\n"
        used.append("maintenance")
    level = textwrap.indent(text, "    ")
    path = tmp_path / "agreement.yaml"
    others = OTHERS if "of: [web, mail]" in text else ""
    used += ["probes"] if others else []
    fees = "".join(each for fee, each in FEES.items() if fee in text)
    path.write_text(
        f"{AROUND}{fees}sources:\n{''.join(SOURCES[each] for each in used)}{exclusions}"
        f"service_levels:\n{others}  level:\n{level}\n{AT_RISK if 'kind: pool' in text else ''}",
        encoding="utf-8",
    )
    found = load(path).agreement.service_levels["level"].promises[""]
    assert name in (found.measure.kind, found.credit.kind if found.credit else None)


@pytest.mark.parametrize("name", KINDS)
def test_no_key_of_a_kind_but_its_table_bears_its_name(name: str) -> None:
    keys = {field.alias or key for key, field in KINDS[name].model_fields.items()}
    assert name not in keys - ({name} if name in ("bands", "statistic", "pool") else set())


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_names_itself_first_and_keeps_its_keys_in_words(name: str) -> None:
    for key, field in KINDS[name].model_fields.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", field.alias or key)
    assert page(name).splitlines()[0].endswith(".")
