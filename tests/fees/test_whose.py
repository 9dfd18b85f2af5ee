"""What is known about a line, and the fees of whole agreements: from the file to the amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promised
from slacheck.agreement.loading import load
from slacheck.agreement.usage import fee_facts
from slacheck.engine.duck import DuckScratch
from slacheck.fees.worth import NotKnown, Whose
from slacheck.planning import Settling, plan
from slacheck.planning.charging import whose
from slacheck.timeline.zones import instant_of, zone

HEAD = """\
slacheck: 1
id: storage
provider: P
customer: C
timezone: UTC
currency: USD
period: {every: month, anchor: 2026-01-15}
fees:
  class-charges: {from: invoices, column: charges}
  last: {previous: class-charges}
sources:
  requests:
    path: requests.csv
    shape: counts
    columns: {at: at, total: n, bad: bad, storage_class: class, region: region, live: live}
    absent_rows: empty
    where: {live: ["yes"], region: {not: [test, lab]}}
  invoices:
    path: invoices.csv
    shape: register
    key: [storage_class, region]
    columns: {storage_class: class, region: region, at: cycle, charges: amount}
service_levels:
  uptime:
    measure: {kind: success-rate, from: requests}
"""
CREDIT = '    credit: {kind: bands, of: class-charges, bands: {"< 99%": 10%}, cap: 50% of last}\n'
TARGET = '    target: ">= 99%"\n'
CLASSES = f"""\
    per: region
    by: storage_class
    classes:
      standard: {{}}
      infrequent: {{where: {{storage_class: [standard-ia, glacier-ir]}}}}
      mixed: {{where: {{storage_class: [hot], live: ["yes"]}}}}
      else: {{}}
{TARGET}{CREDIT}"""


def told(
    tmp_path: Path, rest: str, of_class: str = "", subject: str = "", facts: Mapping[str, str] | None = None
) -> Whose:
    agreement = loaded(tmp_path, rest)
    promised = next(each for each in agreement.promised() if each.of_class == of_class)
    return whose(agreement, promised, subject, facts)


def loaded(tmp_path: Path, rest: str) -> Agreement:
    (tmp_path / "agreement.yaml").write_text(HEAD + rest, encoding="utf-8")
    return load(tmp_path / "agreement.yaml").agreement


def plain(found: Whose) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    return {word: sorted(each) for word, each in found.of.items()}, {w: sorted(each) for w, each in found.but.items()}


def test_a_class_is_its_name_in_the_column_that_tells_classes_apart(tmp_path: Path) -> None:
    of, but = plain(told(tmp_path, CLASSES, "standard", "eu"))
    assert of == {"region": ["eu"], "live": ["yes"], "storage_class": ["standard"]}
    assert but == {}


def test_a_class_with_conditions_has_their_values(tmp_path: Path) -> None:
    of, _ = plain(told(tmp_path, CLASSES, "infrequent", "eu"))
    assert of["storage_class"] == ["glacier-ir", "standard-ia"]


def test_the_rest_has_the_values_of_no_other_class_as_far_as_they_are_known(tmp_path: Path) -> None:
    """Of a class of two conditions either may fail: its value may be in the rest too."""
    of, but = plain(told(tmp_path, CLASSES, "else", "eu"))
    assert of == {"region": ["eu"], "live": ["yes"]}
    assert but == {"storage_class": ["glacier-ir", "standard", "standard-ia"]}


def test_conditions_of_source_level_and_measure_meet(tmp_path: Path) -> None:
    level = "    where: {region: [eu, us, test], storage_class: {not: [tape]}}\n"
    of, but = plain(told(tmp_path, level + TARGET + CREDIT, facts={"storage_class": "hot"}))
    assert of == {"live": ["yes"], "region": ["eu", "us"], "storage_class": ["hot"]}
    assert but == {}
    measure = HEAD.replace("from: requests}", "from: requests, where: {region: [us, asia]}}").removeprefix(HEAD)
    assert measure
    (tmp_path / "agreement.yaml").write_text(measure + level + TARGET + CREDIT, encoding="utf-8")
    agreement = load(tmp_path / "agreement.yaml").agreement
    (promised,) = agreement.promised()
    assert plain(whose(agreement, promised)) == ({"live": ["yes"], "region": ["us"]}, {"storage_class": ["tape"]})


def test_alternatives_and_comparisons_say_nothing(tmp_path: Path) -> None:
    level = "    where: {any_of: [{region: eu}, {storage_class: hot}]}\n"
    assert plain(told(tmp_path, level + TARGET + CREDIT)) == ({"live": ["yes"]}, {"region": ["lab", "test"]})


def test_subjects_that_are_listed_are_those_of_all_of_them_together(tmp_path: Path) -> None:
    level = "    per: {region: [eu, us]}\n    roll_up: worst\n    where: {storage_class: hot}\n"
    assert plain(told(tmp_path, level + TARGET + CREDIT))[0]["region"] == ["eu", "us"]
    assert plain(told(tmp_path, level + TARGET + CREDIT, subject="eu"))[0]["region"] == ["eu"]


def test_pooled_classes_have_the_values_of_all(tmp_path: Path) -> None:
    rest = f"    by: storage_class\n    pooled: true\n    classes: {{hot: {{}}, cool: {{}}}}\n{TARGET}{CREDIT}"
    agreement = loaded(tmp_path, rest)
    first = next(agreement.promised())
    pooled: Promised = replace(first, of_class="")
    assert plain(whose(agreement, pooled))[0]["storage_class"] == ["cool", "hot"]
    with_rest = loaded(tmp_path, rest.replace("cool: {}", "else: {}"))
    first = next(with_rest.promised())
    assert "storage_class" not in whose(with_rest, replace(first, of_class="")).of


def test_only_words_that_tell_records_apart_are_read_beside_the_key(tmp_path: Path) -> None:
    agreement = loaded(tmp_path, CLASSES)
    assert fee_facts(agreement, "invoices") == ()
    open_key = HEAD.replace("key: [storage_class, region]", "key: region")
    (tmp_path / "agreement.yaml").write_text(open_key + CLASSES, encoding="utf-8")
    assert fee_facts(load(tmp_path / "agreement.yaml").agreement, "invoices") == ("storage_class",)


REQUESTS = """\
at,n,bad,class,region,live
2026-10-16T00:00:00Z,1000,50,standard,eu,yes
2026-10-16T00:05:00Z,1000,50,glacier-ir,eu,yes
2026-10-16T00:10:00Z,1000,50,cold,eu,yes
"""
INVOICES = """\
class,region,cycle,amount
standard,eu,2026-10-15,1234.50
standard-ia,eu,2026-10-15,100
cold,eu,2026-10-15,7
hot,eu,2026-10-15,9
standard,eu,2026-09-15,1000
"""


def settled(tmp_path: Path, invoices: str = INVOICES, period: str = "2026-10") -> Settling:
    (tmp_path / "agreement.yaml").write_text(HEAD + CLASSES, encoding="utf-8")
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "invoices.csv").write_text(invoices, encoding="utf-8")
    as_of = instant_of(datetime(2027, 1, 1), zone("UTC"))
    with DuckScratch() as scratch:
        *_, last = plan([load(tmp_path / "agreement.yaml")], period, as_of, {}, scratch)
    return last


def worth(settling: Settling, of_class: str, name: str = "class-charges") -> Fraction:
    promised = next(each for each in settling.agreement.promised() if each.of_class == of_class)
    return settling.fees.worth(name, whose(settling.agreement, promised, "eu")).exact


def test_an_agreement_is_settled_by_the_charges_of_each_class(tmp_path: Path) -> None:
    """The billing cycle from 15 October. The class of two conditions takes 9, and the rest what may be of none."""
    found = settled(tmp_path)
    assert worth(found, "standard") == Fraction("1234.5")
    assert worth(found, "infrequent") == 100
    assert worth(found, "mixed") == 9
    assert worth(found, "else") == 7 + 9
    assert worth(found, "standard", "last") == 1000
    with pytest.raises(NotKnown, match="no row of 'invoices' for storage_class 'hot', region 'eu'"):
        worth(found, "mixed", "last")


def test_several_periods_are_read_together(tmp_path: Path) -> None:
    found = settled(tmp_path, period="2026-09..2026-11")
    assert found.window.period.label == "2026-11-15..2026-12-14"
    assert worth(found, "standard", "last") == Fraction("1234.5")


def test_blank_lines_of_a_register_do_not_shift_its_places(tmp_path: Path) -> None:
    found = settled(tmp_path, INVOICES.replace("standard-ia,", "\n\nstandard-ia,"))
    promised = next(each for each in found.agreement.promised() if each.of_class == "infrequent")
    steps = found.fees.worth("class-charges", whose(found.agreement, promised, "eu")).steps
    assert [step.text for step in steps] == [
        "class-charges 100 (invoices.csv:5); no row for storage_class 'glacier-ir'"
    ]
