"""``slacheck portfolio`` through the real binary: what it prints and writes, how it ends, and bad input."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.binary import Slacheck

GOLDEN = Path(__file__).parent / "golden"
EXAMPLE = Path(__file__).parents[2] / "examples" / "portfolio"
SETTLED = ("mail.yaml", "search.yaml", "web.yaml")
MONTHS = ("--period", "2026-09..2026-10")


@pytest.fixture(autouse=True)
def portfolio(tmp_path: Path) -> None:
    for path in EXAMPLE.iterdir():
        shutil.copy(path, tmp_path)


def golden(name: str, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
    return (GOLDEN / name).read_bytes().decode()


def test_one_bad_agreement_among_many_is_a_row_and_an_exit_code(slacheck: Slacheck) -> None:
    # Shop: 1 h of 720 h is 99.861 %, 10 % of £1,000; 10 h of 745 h 98.658 %, 25 %.
    # Mail: 5 h of 720 h is 99.306 %, 4 h of 745 h 99.463 %: 5 % of €400 each.
    ran = slacheck("portfolio", "archive.yaml", *SETTLED, *MONTHS, "--by", "provider")
    assert ran.code == 3
    assert ran.out == golden("portfolio.txt", ran.out)
    assert "archive-incidents.csv, row 3, column 'to'" in ran.err
    assert ran.err.endswith("1 error; 1 of 4 agreements not settled\n")


@pytest.mark.parametrize("format", ["csv", "markdown", "html", "json"])
def test_every_format_is_what_was_agreed(slacheck: Slacheck, format: str, tmp_path: Path) -> None:
    ending = {"markdown": "md"}.get(format, format)
    ran = slacheck("portfolio", *SETTLED, *MONTHS, "-o", f"card.{ending}")
    assert (ran.code, ran.out, ran.err) == (1, "", f"wrote card.{ending}\n")
    text = (tmp_path / f"card.{ending}").read_bytes().decode()
    assert text == golden(f"portfolio.{ending}", text)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("search.yaml",), 0),
        (("web.yaml", "--fail-on", "never"), 0),
        (("web.yaml", "--fail-on", "indeterminate"), 0),
        (("archive.yaml", "--fail-on", "never"), 3),
    ],
)
def test_exit_codes_are_those_of_evaluate(slacheck: Slacheck, arguments: tuple[str, ...], code: int) -> None:
    assert slacheck("portfolio", *arguments, "--period", "2026-10").code == code


def test_kept_statements_give_the_same_scorecard_and_nothing_kept_is_no_success(slacheck: Slacheck) -> None:
    slacheck("evaluate", *SETTLED, *MONTHS, "--ledger", "ledger.db", "-o", "kept.json", "-q")
    made = slacheck("portfolio", *SETTLED, *MONTHS, "--format", "json")
    for source in (("--ledger", "ledger.db"), ("--statements", "kept.json")):
        ran = slacheck("portfolio", *source, "--format", "json")
        assert (ran.code, ran.out) == (1, made.out)
    nothing = slacheck("portfolio", "--ledger", "ledger.db", "--period", "2020")
    assert (nothing.code, nothing.out) == (4, "Portfolio\nno agreement, or no statement of the period\n")


def test_the_schema_fits_the_document(slacheck: Slacheck) -> None:
    schema = json.loads(slacheck("schema", "portfolio").out)
    document = json.loads(slacheck("portfolio", *SETTLED, *MONTHS, "-f", "json").out)
    assert document["slacheck_portfolio"] == 1
    assert set(document) == set(schema["properties"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name agreement files, or --ledger or --statements"),
        (("web.yaml", "--by", "colour"), "--by takes provider, customer, kind; not 'colour'"),
        (("web.yaml", "-f", "pdf"), "--format takes terminal, json, csv, markdown, html; not 'pdf'"),
        (("web.yaml", "-o", "card.pdf"), "no format is known for 'card.pdf'"),
        (("web.yaml", "-o", "web.yaml"), "no format is known for 'web.yaml'"),
        (("--statements", "kept.json", "-o", "kept.json"), "'kept.json' is read or written by this run already"),
        (("web.yaml", "--statements", "kept.json"), "name one or the other"),
    ],
)
def test_what_cannot_be_asked_is_a_line_and_code_2(slacheck: Slacheck, arguments: tuple[str, ...], said: str) -> None:
    ran = slacheck("portfolio", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("web.yaml", "--period", "octobre"), "'octobre' names no period"),
        (("--ledger", "nowhere.db"), "no scorecard was made"),
        (("--statements", "web.yaml"), "no scorecard was made"),
        (("nowhere.yaml", "--period", "2026-10"), "the file does not exist"),
    ],
)
def test_what_cannot_be_read_is_told_and_code_3(slacheck: Slacheck, arguments: tuple[str, ...], said: str) -> None:
    ran = slacheck("portfolio", *arguments)
    assert ran.code == 3
    assert said in ran.err
