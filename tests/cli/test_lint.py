"""``slacheck lint`` through the real binary: what it prints, how it ends, and what is wrong with what it is given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, Slacheck

GOLDEN = Path(__file__).parent / "golden"
CLEAN = AGREEMENT.replace("period: day", "period: month")
REGRETS = CLEAN.replace(
    'target: ">= 99.9%"\n', 'target: ">= 99.99%"  # slacheck: allow[title-beside-target] no title\n'
).replace('{"< 99.9%": 10%, "< 99.0%": 25%}', '{"< 99.99%": 10%, "< 99.0%": 25%, "< 95.0%": 40%}, cap: 20%')
REGRETS = REGRETS.replace("hold: 2m", "hold: 5m")
INVALID = CLEAN.replace("Europe/London", "Europe/Londn")


@pytest.fixture(autouse=True)
def agreements(folder: Path) -> None:
    for name, text in (("clean.yaml", CLEAN), ("regrets.yaml", REGRETS), ("invalid.yaml", INVALID)):
        (folder / name).write_text(text, encoding="utf-8")


def golden(name: str, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_findings_are_printed_with_their_line_their_page_and_what_a_year_can_cost(slacheck: Slacheck) -> None:
    ran = slacheck("lint", "regrets.yaml", "clean.yaml")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == golden("lint.txt", ran.out)


def test_no_finding_is_a_success(slacheck: Slacheck) -> None:
    ran = slacheck("lint", "clean.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "clean.yaml: no finding; a year can cost at most £1,200.00\n"


def test_an_invalid_agreement_is_told_as_validation_tells_it_and_the_others_are_linted(slacheck: Slacheck) -> None:
    ran = slacheck("lint", "invalid.yaml", "regrets.yaml", "nowhere.yaml")
    assert ran.code == 3
    assert "regrets.yaml: 3 findings" in ran.out
    assert "invalid.yaml:6:11: error[timezone]: unknown time zone 'Europe/Londn'" in ran.err
    assert "nowhere.yaml: error[no-file]: the file does not exist" in ran.err
    assert ran.err.endswith("2 errors in 2 files; not linted\n")


@pytest.mark.parametrize(("arguments", "code"), [(("regrets.yaml",), 0), (("regrets.yaml", "invalid.yaml"), 3)])
def test_never_lets_findings_pass_and_no_error(slacheck: Slacheck, arguments: tuple[str, ...], code: int) -> None:
    assert slacheck("lint", *arguments, "--fail-on", "never").code == code


def test_a_stream_without_letters_of_its_own_shows_them_escaped(slacheck: Slacheck, folder: Path) -> None:
    (folder / "ü.yaml").write_text(REGRETS.replace("Acme Ltd", '"[Kunde Müller]"'), encoding="utf-8")
    ran = slacheck("lint", "ü.yaml", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert ran.code == 1
    assert '5 | customer: "[Kunde M\\xfcller]"' in ran.out
    assert ran.out.endswith("\\xfc.yaml: 4 findings; a year can cost at most GBP 960.00\n")


def test_a_code_is_left_out_everywhere(slacheck: Slacheck) -> None:
    codes = "one-sample-decides,cap-levels-rows"
    ran = slacheck("lint", "regrets.yaml", "--ignore", codes, "--ignore", "allow-without-use")
    assert (ran.code, ran.out.startswith("regrets.yaml: no finding")) == (0, True)


def test_json_holds_findings_and_errors_in_ascii(slacheck: Slacheck) -> None:
    ran = slacheck("lint", "regrets.yaml", "invalid.yaml", "--format", "json")
    assert (ran.code, ran.err) == (3, "")
    assert ran.out.isascii()
    document = json.loads(ran.out)
    assert document["slacheck_problems"] == 1
    told = [(each["path"], each["line"], each["code"], each["weight"]) for each in document["problems"]]
    assert told == [
        ("regrets.yaml", 15, "one-sample-decides", "warning"),
        ("regrets.yaml", 15, "allow-without-use", "warning"),
        ("regrets.yaml", 16, "cap-levels-rows", "warning"),
        ("invalid.yaml", 6, "timezone", "error"),
    ]


def test_annotations_of_github_and_issues_of_gitlab(slacheck: Slacheck) -> None:
    ran = slacheck("lint", "regrets.yaml", "--format", "github")
    assert (ran.code, len(ran.out.splitlines())) == (1, 3)
    assert ran.out.startswith("::warning file=regrets.yaml,line=15,col=13,title=one-sample-decides::one sample counts")
    ran = slacheck("lint", "regrets.yaml", "--format", "gitlab")
    issues = json.loads(ran.out)
    assert [each["severity"] for each in issues] == ["minor"] * 3
    assert len({each["fingerprint"] for each in issues}) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("clean.yaml", "--format", "xml"), "--format takes terminal, json, github, gitlab; not 'xml'"),
        (("clean.yaml", "--fail-on", "breach"), "--fail-on takes finding or never; not 'breach'"),
        (("clean.yaml", "--ignore", "full-targt"), "lint finds no 'full-targt'; did you mean 'full-target'?"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(slacheck: Slacheck, arguments: tuple[str, ...], said: str) -> None:
    ran = slacheck("lint", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_the_page_of_a_code_is_printed(slacheck: Slacheck) -> None:
    ran = slacheck("explain", "one-sample-decides")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("one-sample-decides\n\nOne failed sample")
    assert all(f"\n{section}:" in ran.out for section in ("Why", "Fix", "Silent", "Before", "After"))
    ran = slacheck("explain", "one-sampel-decides")
    assert (ran.code, "did you mean 'one-sample-decides'?" in ran.err) == (2, True)
