"""Every template validates, is clean of drafting faults, and gives on its exports what it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slacheck.agreement.loading import AgreementFile, load_all
from slacheck.evaluation import evaluate
from slacheck.language.yaml_text import read_file
from slacheck.lint import lint
from slacheck.starting import catalogue

AS_OF = int(datetime(2026, 11, 10, tzinfo=UTC).timestamp()) * 1_000_000

# Worked by hand, as the template says in words: (verdict, amount owed or None without money).
OWED = {
    "atlassian": ("breached", "140.00"),  # 90/44640 = 0.2016 % down; 10 % of 1,400
    "aws-ec2-region": ("breached", "540.00"),  # 44/44640 = 0.0986 %, more than 0.01; 10 % of 5,400
    "aws-rds": ("breached", "64.00"),  # 30/44640 = 0.0672 %, more than 0.05; 10 % of 640
    "aws-s3": ("breached", "248.00"),  # 9.5/8928 = 0.1064 %; 10 % of 2,480
    "azure-sql": ("breached", "260.00"),  # 6/89280 = 0.0067 %, more than 0.005; 10 % of 2,600
    "azure-storage": ("breached", "82.00"),  # (0.5 + 1)/744 = 0.2016 %; 10 % of 820
    "azure-vm": ("breached", "392.00"),  # 10 % of 3,800 and of 120
    "broadband-compensation": ("breached", "63.33"),  # 3 x 10.34 + 32.31
    "cloudflare-business": ("breached", "0.40"),  # 1.2/744 of 250 = 0.4032
    "colocation": ("breached", "3600.00"),  # (1 + 3) x 5 % of 18,000
    "common-paper": ("breached", "50.00"),  # 2/741.5 = 0.27 %; 5 % of 1,000
    "digitalocean-droplet": ("breached", "0.24"),  # 2.4/744 x 74.40
    "fastly": ("breached", None),  # 7:30 is more than 7:12
    "gcp-ai-search": ("breached", "124.00"),  # 50/44640 = 0.112 %; 10 % of 1,240
    "gcp-compute": ("breached", "320.00"),  # 9/44640 = 0.0202 %; 10 % of 3,200
    "gcp-storage": ("breached", "90.00"),  # 30/44640 = 0.0672 %, more than 0.05; 10 % of 900
    "github-enterprise": ("breached", "300.00"),  # 150/132480 = 0.1132 %; 10 % of 3,000
    "gitlab": ("breached", "95.00"),  # 50/44640 = 0.112 %; 5 % of 1,900
    "government-points": ("breached", "7500.00"),  # 4 + 4 points are 3 % of 250,000
    "ibm-cloud": ("breached", "1300.00"),  # 60/44640 = 0.1344 %, more than 0.1; 25 % of 5,200
    "m365": ("breached", "5650.00"),  # 25 % of 21,000 and 10 % of 4,000
    "mongodb-atlas": ("breached", "115.00"),  # 3/44640 = 0.0067 %, more than 0.005; 10 % of 1,150
    "ola": ("met", None),
    "outsourcing-pool": ("breached", "11200.00"),  # 40 % x 70 % x 10 % of 400,000
    "ovh-kms": ("breached", "30.00"),  # 3 x 5 % of 200
    "packetfabric": ("breached", "390.00"),  # 20 % of 1,500 and 10 % of 900
    "service-desk": ("breached", None),
    "slack": ("breached", "31.25"),  # 10 x 0.75/2208 of 9,200 = 31.25
    "snowflake": ("breached", "125.00"),  # one day
    "stakater": ("breached", "105.00"),  # 4/745 = 0.537 %; 5 % of 2,100
    "supplier-contract": ("breached", "50.00"),  # two working days at 25.00
    "twilio": ("breached", "300.00"),  # 31/44640 = 0.0694 %; 10 % of 3,000
    "upcloud": ("breached", "10.00"),  # 50 x 1/745 of 149.00
    "verizon-internet": ("breached", "300.00"),  # 3 days of 31 of 3,100
    "verizon-private-ip": ("breached", "440.00"),  # (15 + 4) % of 2,000 and 5 % of 1,200
    "web-hosting": ("breached", "40.00"),  # 90/44700 = 0.2013 %; 10 % of 400
    "zitadel": ("breached", "60.00"),  # 40/44520 = 0.09 %, more than 0.05; 10 % of 600
}
NAMES = catalogue.names()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a folder for every template."""
    folder = tmp_path_factory.mktemp("begun")
    for name in NAMES:
        (folder / name).mkdir()
        for file, text in catalogue.begun(name, {}).files.items():
            (folder / name / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(begun: Path) -> dict[str, AgreementFile]:
    """Every template, loaded."""
    return dict(zip(NAMES, load_all([begun / name / "agreement.yaml" for name in NAMES]), strict=True))


def test_every_template_has_its_sum_worked_by_hand() -> None:
    assert sorted(OWED) == NAMES
    assert len(NAMES) >= 20


def test_every_template_owes_what_was_worked_by_hand(loaded: dict[str, AgreementFile]) -> None:
    """In one test, so that each is evaluated once, whatever runs beside it."""
    found: dict[str, tuple[str, str | None]] = {}
    for name in NAMES:
        (made,) = evaluate([loaded[name]], catalogue.template(name).period, AS_OF, {})
        if made.total is not None:
            assert made.total.least == made.total.most
        found[name] = (made.verdict, made.total.least if made.total else None)
    assert found == OWED


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_no_drafting_fault_that_is_not_given_a_reason(
    name: str, loaded: dict[str, AgreementFile]
) -> None:
    assert lint(loaded[name]).found == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_known_by_its_own_name(name: str, loaded: dict[str, AgreementFile]) -> None:
    agreement = loaded[name].agreement
    assert agreement.id == name
    assert agreement.title == catalogue.template(name).title


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_in_its_first_note_what_it_was_written_from(
    name: str, loaded: dict[str, AgreementFile]
) -> None:
    known = catalogue.template(name)
    first = loaded[name].agreement.notes[0]
    words = {
        "whole": "the whole text of",
        "excerpt": "an excerpt of",
        "summary": "a third party's summary of",
        "practice": "common practice; no real document stands behind it",
    }
    assert words[known.read] in first
    assert known.document in first
    if known.read != "practice":
        assert known.document
        assert "a starting point, not the document itself" in first


@pytest.mark.parametrize("name", NAMES)
def test_what_a_person_fills_in_is_marked(name: str, begun: Path) -> None:
    lines = (begun / name / "agreement.yaml").read_text().split("\n")
    (customer,) = [line for line in lines if line.startswith("customer:")]
    assert "# <-" in customer
    assert any('"<-" marks what you fill in' in line for line in lines)


@pytest.mark.parametrize("party", ["provider", "customer"])
def test_a_party_that_is_named_is_written_as_yaml_reads_it(party: str, tmp_path: Path) -> None:
    """A name may hold what YAML or a replacement would take for its own."""
    name = r"Foo: \1 & Söhne # 'GmbH'"
    text = catalogue.begun("aws-s3", {party: name}).files["agreement.yaml"]
    (tmp_path / "agreement.yaml").write_text(text)
    document = read_file(tmp_path / "agreement.yaml")
    assert document.data[party] == name
    assert not re.search(rf"^{party}:.*<-", text, re.MULTILINE)


def test_a_series_is_written_in_steps() -> None:
    text = catalogue.begun("snowflake", {}).files["consumption.csv"]
    lines = text.split("\n")
    assert lines[:2] == ["day,usd", "2026-10-01,125.00"]
    assert lines[31:] == ["2026-10-31,125.00", ""]


def test_the_exports_of_a_template_are_small_and_always_the_same() -> None:
    for name in NAMES:
        files = catalogue.begun(name, {}).files
        assert files == catalogue.begun(name, {}).files
        assert sum(len(text) for text in files.values()) < 250_000


def test_there_is_no_template_of_another_name() -> None:
    with pytest.raises(KeyError):
        catalogue.begun("aws-s4", {})
