"""Earlier statements through the binary: a folder that grows day by day, and everything that is no history."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

TERMS = AGREEMENT + "rights:\n  terminate: {when: {level: availability, breached: 2}}\n"
BEFORE = "2026-10-04"
Json = dict[str, Any]


@pytest.fixture
def days(folder: Path) -> Path:
    """Two days with an hour of outage each, and a right that arises on both."""
    (folder / "agreement.yaml").write_text(TERMS)
    rows = minutes(range(60, 120), day=BEFORE) + minutes(range(60, 120)).partition("\n")[2]
    (folder / "probes.csv").write_text(rows)
    return folder


@pytest.fixture
def earlier(slacheck: Slacheck, days: Path) -> Path:
    """The statement of the first day."""
    ran = slacheck("evaluate", "agreement.yaml", "--period", BEFORE, "-o", "earlier.json")
    assert ran.code == 1
    return days / "earlier.json"


def right(out: str) -> str:
    (statement,) = json.loads(out)["statements"]
    return str(statement["rights"][0]["state"])


def evaluate(slacheck: Slacheck, *arguments: str) -> Any:
    return slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json", *arguments)


def test_without_history_a_right_is_undecided_and_with_it_arises(slacheck: Slacheck, earlier: Path) -> None:
    assert right(evaluate(slacheck).out) == "undecided"
    ran = evaluate(slacheck, "--history", "earlier.json")
    assert ran.code == 1
    assert right(ran.out) == "arose"
    (shown,) = json.loads(ran.out)["statements"][0]["history"]
    assert (shown["period"], shown["part"], shown["file"]) == (BEFORE, None, "earlier.json")
    assert len(shown["sha256"]) == 64


def test_a_folder_is_the_history_of_a_job_that_writes_into_it(slacheck: Slacheck, days: Path) -> None:
    (days / "kept").mkdir()
    written: list[bytes] = []
    for day in (BEFORE, DAY, DAY):
        ran = slacheck(
            "evaluate", "agreement.yaml", "--period", day, "--history", "kept", "--output", "kept/{period}.json"
        )
        assert ran.code == 1
        written.append((days / "kept" / f"{day}.json").read_bytes())
    assert right(written[1].decode()) == "arose"
    assert written[2] == written[1]
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--history", "kept")
    assert "Earlier statements\n  1 period, 2026-10-04, from 1 file\n" in ran.out
    ran = evaluate(slacheck, "--history", "kept/*-04.json", "--history", "kept")
    assert right(ran.out) == "arose"


def changed(path: Path, change: Callable[[Json], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, indent=2))


def refused(slacheck: Slacheck, *said: str) -> None:
    ran = evaluate(slacheck, "--history", "earlier.json")
    assert (ran.code, ran.out) == (3, "")
    for each in said:
        assert each in ran.err


def test_every_file_that_cannot_be_read_is_told_at_once(slacheck: Slacheck, days: Path) -> None:
    (days / "kept").mkdir()
    for name in ("a", "b"):
        (days / "kept" / f"{name}.json").write_text("{")
    (days / "kept" / "folder.json").mkdir()
    given = [word for path in ("kept", "absent.json", "no/*.json", "x" * 300) for word in ("--history", path)]
    ran = evaluate(slacheck, *given)
    assert (ran.code, ran.out) == (3, "")
    for place in ("kept/a.json:1:2", "kept/b.json:1:2", "kept/folder.json", "absent.json", "no/*.json"):
        assert f"{place}: error[" in ran.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser reads every file")
def test_a_file_that_may_not_be_read_is_told(slacheck: Slacheck, earlier: Path) -> None:
    earlier.chmod(0)
    refused(slacheck, "earlier.json: error[not-read]: the earlier statements were not read: permission denied")


def test_an_empty_folder_is_a_history_that_has_not_begun(slacheck: Slacheck, days: Path) -> None:
    (days / "kept").mkdir()
    ran = evaluate(slacheck, "--history", "kept")
    assert right(ran.out) == "undecided"


def statement(document: Json) -> Json:
    found: Json = document["statements"][0]
    return found


def test_the_line_of_a_wrong_amount_is_told(slacheck: Slacheck, earlier: Path) -> None:
    def change(document: Json) -> None:
        statement(document)["total"]["credited_least"] = "abc"

    changed(earlier, change)
    lines = earlier.read_text().splitlines()
    number = next(at for at, line in enumerate(lines, start=1) if '"credited_least": "abc"' in line)
    column = lines[number - 1].index('"abc"') + 1
    refused(slacheck, f"earlier.json:{number}:{column}: error[history]: ", '"credited_least": "abc"')


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: acme-web", "id: acme-mail", "a statement of the agreement 'acme-web', and none of this run has that id"),
        ("monthly: 400.00", "monthly: 401.00", "made of another version of 'acme-web': terms "),
        ("timezone: Europe/London", "timezone: UTC", f"'{BEFORE}' is not a period of 'acme-web'"),
        ("period: day", "period: week", f"'{BEFORE}' is not a period of 'acme-web'"),
    ],
)
def test_a_statement_of_another_agreement_or_version_exits_3(
    slacheck: Slacheck, earlier: Path, old: str, new: str, said: str
) -> None:
    (earlier.parent / "agreement.yaml").write_text(TERMS.replace(old, new))
    period = "2026-W41" if "week" in new else DAY
    ran = slacheck("evaluate", "agreement.yaml", "--period", period, "--history", "earlier.json")
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert "earlier.json:" in ran.err
    assert "help: " in ran.err


def test_a_change_in_words_only_leaves_history_valid(slacheck: Slacheck, earlier: Path) -> None:
    text = TERMS.replace("fees: {monthly: 400.00}", "fees:\n  monthly: 400.00  # as agreed")
    (earlier.parent / "agreement.yaml").write_text(f"# read again\n{text}notes: [read again]\n")
    assert right(evaluate(slacheck, "--history", "earlier.json").out) == "arose"


def test_two_statements_of_one_period_that_differ_exit_3(slacheck: Slacheck, earlier: Path) -> None:
    other = earlier.with_name("other.json")
    other.write_bytes(earlier.read_bytes())
    ran = evaluate(slacheck, "--history", "earlier.json", "--history", "other.json")
    assert right(ran.out) == "arose"

    def change(document: Json) -> None:
        statement(document)["lines"][0]["verdict"] = "met"

    changed(other, change)
    ran = evaluate(slacheck, "--history", "earlier.json", "--history", "other.json")
    assert (ran.code, ran.out) == (3, "")
    assert f"{BEFORE} is also in earlier.json, and they differ" in ran.err


@pytest.mark.parametrize("day", ["", "2026-13-01", "9999-12-31", "0001-01-01", "20261004", "2026-W40-7"])
def test_days_that_are_no_period_exit_3(slacheck: Slacheck, earlier: Path, day: str) -> None:
    changed(earlier, lambda document: statement(document)["period"].update(first_day=day))
    refused(slacheck, "is not a period of 'acme-web'")
