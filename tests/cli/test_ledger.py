"""The ledger through the real binary: what is kept, what is told, what is refused."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes
from tests.disks import small_disk

EXAMPLE = Path(__file__).parents[2] / "examples/web-hosting"
EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY, "--ledger", "ledger.db", "--quiet")


def rows(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM statements").fetchone()
    connection.close()
    return int(count)


def test_a_statement_is_kept_once(slacheck: Slacheck, folder: Path) -> None:
    first, again = slacheck(*EVALUATE), slacheck(*EVALUATE)
    assert (first.code, first.err) == (0, f"kept acme-web {DAY} in ledger.db\n")
    assert (again.code, again.err) == (0, f"ledger.db has acme-web {DAY} already\n")
    assert rows(folder / "ledger.db") == 1


def test_a_restatement_tells_what_is_otherwise(slacheck: Slacheck, folder: Path) -> None:
    """Two of 1,440 minutes down: 1438/1440 is 99.861 %, below 99.9 %: 10 % of 400.00 is 40.00."""
    slacheck(*EVALUATE)
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    ran = slacheck(*EVALUATE, "--reason", "two probes were late")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        f"kept acme-web {DAY} in ledger.db as number 2: two probes were late; other data of 'probes'",
        "  verdict: met -> breached",
        "  owed at least: £0.00 -> £40.00",
        "  owed at most: £0.00 -> £40.00",
        "  Availability: met -> breached, measured 100% -> 99.861%, credit £0.00 -> £40.00",
    ]
    shown = slacheck("history", "diff", "acme-web", DAY, "--ledger", "ledger.db")
    assert shown.out.splitlines()[1:] == [
        "  because: two probes were late; other data of 'probes'",
        *ran.err.splitlines()[1:],
    ]
    listed = json.loads(slacheck("history", "list", "--ledger", "ledger.db", "--all", "--format", "json").out)
    assert [(each["number"], each["verdict"], each["least"]) for each in listed] == [
        (1, "met", "0.00"),
        (2, "breached", "40.00"),
    ]


def test_a_file_that_cannot_be_written_keeps_nothing(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck(*EVALUATE, "--output", "nowhere/statement.json")
    assert ran.code == 3
    assert not (folder / "ledger.db").exists() or rows(folder / "ledger.db") == 0


def test_a_run_that_fails_makes_no_ledger(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").unlink()
    assert slacheck(*EVALUATE).code == 3
    assert not (folder / "ledger.db").exists()


def test_eight_runs_at_once_all_keep_theirs(slacheck: Slacheck, folder: Path) -> None:
    def run(number: int) -> int:
        name = f"agreement-{number}.yaml"
        (folder / name).write_text(AGREEMENT.replace("id: acme-web", f"id: acme-{number}"))
        return slacheck("evaluate", name, "--period", DAY, "--ledger", "ledger.db", "--quiet").code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(8))) == [0] * 8
    assert rows(folder / "ledger.db") == 8


def test_two_runs_of_the_same_at_once_keep_it_once(slacheck: Slacheck, folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(lambda _: slacheck(*EVALUATE), range(4)))
    assert [each.code for each in ran] == [0] * 4
    assert sorted(each.err.split()[0] for each in ran) == ["kept"] + ["ledger.db"] * 3
    assert rows(folder / "ledger.db") == 1


def test_rights_rest_on_the_ledger_as_on_files(slacheck: Slacheck, tmp_path: Path) -> None:
    """The right to terminate of the example arises by October alone where August and September are known."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    for period in ("2026-08", "2026-09"):
        slacheck("evaluate", "agreement.yaml", "--period", period, "--ledger", "ledger.db", "--quiet")
    slacheck("history", "export", "--ledger", "ledger.db", "--output", "earlier.json")
    october = ("evaluate", "agreement.yaml", "--period", "2026-10", "--format", "json")
    (by_ledger,) = json.loads(slacheck(*october, "--ledger", "ledger.db").out)["statements"]
    (by_files,) = json.loads(slacheck(*october, "--history", "earlier.json").out)["statements"]
    (by_none,) = json.loads(slacheck(*october).out)["statements"]
    assert [right["state"] for right in by_ledger["rights"]] == ["arose"]
    assert [right["state"] for right in by_none["rights"]] != ["arose"]
    assert {each["file"] for each in by_ledger.pop("history")} == {"ledger.db"}
    assert {each["file"] for each in by_files.pop("history")} == {"earlier.json"}
    assert by_ledger == by_files


def test_another_statement_of_a_period_beside_the_ledger_is_refused(slacheck: Slacheck, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    september = ("evaluate", "agreement.yaml", "--period", "2026-09", "--quiet")
    slacheck(*september, "--ledger", "ledger.db")
    slacheck(*september, "--output", "other.json")
    other = (tmp_path / "other.json").read_text().replace('"verdict": "breached"', '"verdict": "met"')
    (tmp_path / "other.json").write_text(other)
    ran = slacheck(
        "evaluate", "agreement.yaml", "--period", "2026-10", "--ledger", "ledger.db", "--history", "other.json"
    )
    assert ran.code == 3
    assert "2026-09 is also in other.json, and they differ" in ran.err


def test_a_statement_of_other_terms_counts_as_not_known(slacheck: Slacheck, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    for period in ("2026-08", "2026-09"):
        slacheck("evaluate", "agreement.yaml", "--period", period, "--ledger", "ledger.db", "--quiet")
    changed = (tmp_path / "agreement.yaml").read_text().replace("monthly: 12000.00", "monthly: 13000.00")
    (tmp_path / "agreement.yaml").write_text(changed)
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--ledger", "ledger.db", "--format", "json")
    (statement,) = json.loads(ran.out)["statements"]
    assert [right["state"] for right in statement["rights"]] != ["arose"]
    assert any("made of another version of 'acme-web'" in note["text"] for note in statement["data"])


@pytest.mark.parametrize("name", ["led ger?.db", "a#b%20c.db", "quo'te\".db", "😀.db"])
def test_a_path_may_hold_any_character(slacheck: Slacheck, folder: Path, name: str) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--ledger", name, "--quiet")
    assert ran.code == 0
    assert rows(folder / name) == 1


def test_a_link_to_a_ledger_is_followed(slacheck: Slacheck, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "ledger.db").symlink_to("elsewhere/kept.db")
    assert slacheck(*EVALUATE).code == 0
    assert rows(folder / "elsewhere/kept.db") == 1
    assert (folder / "ledger.db").is_symlink()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.mkdir(), "it is a directory"),
        (lambda path: path.write_text("no ledger"), "the file is damaged, or no ledger"),
        (lambda path: path.symlink_to("/dev/null"), "it is no file"),
    ],
)
def test_what_is_no_ledger_is_refused_before_anything_is_read(
    slacheck: Slacheck, folder: Path, make: object, told: str
) -> None:
    make(folder / "ledger.db")  # type: ignore[operator]
    (folder / "probes.csv").unlink()
    ran = slacheck(*EVALUATE)
    assert ran.code == 3
    assert told in ran.err
    assert "probes.csv" not in ran.err


def test_a_full_disk_keeps_nothing(slacheck: Slacheck, folder: Path) -> None:
    with small_disk(folder / "tiny", "12k"):
        ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--ledger", "tiny/ledger.db", "--quiet")
    assert ran.code == 3
    assert "no space is left for the ledger" in ran.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_ledger_that_cannot_be_written_is_told(slacheck: Slacheck, folder: Path) -> None:
    slacheck(*EVALUATE)
    (folder / "ledger.db").chmod(0o400)
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    ran = slacheck(*EVALUATE)
    assert ran.code == 3
    assert "cannot be read or written" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--ledger", "nope.db"), "there is no such file"),
        (("show", "acme-web", "2020-01-01", "--ledger", "ledger.db"), "no statement of 'acme-web' for 2020-01-01"),
        (("show", "acme-web", DAY, "--ledger", "ledger.db", "-n", "3"), "with the number 3 is kept"),
        (("diff", "acme-web", DAY, "--ledger", "ledger.db"), "one statement of 'acme-web'"),
        (("export", "nobody", "--ledger", "ledger.db", "-o", "out.json"), "no statement of 'nobody' is kept"),
    ],
)
def test_what_is_not_kept_is_told(slacheck: Slacheck, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    slacheck(*EVALUATE)
    ran = slacheck("history", *arguments)
    assert (ran.code, ran.out) == (3, "")
    assert told in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--ledger", "ledger.db", "--format", "xml"), "--format takes terminal, json or csv"),
        (("diff", "acme-web", DAY, "--ledger", "ledger.db", "-n", "1"), "--number is given twice"),
        (("diff", "acme-web", DAY, DAY, "--ledger", "ledger.db", "-n", "1", "-n", "2"), "leave the second period out"),
        (("export", "--ledger", "ledger.db", "-o", "no-folder"), "neither a folder that is there nor"),
        (("list",), "Missing option '--ledger'"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(
    slacheck: Slacheck, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    slacheck(*EVALUATE)
    ran = slacheck("history", *arguments)
    assert ran.code == 2
    assert told in ran.err


def test_a_reason_without_a_ledger_is_a_usage_error(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--reason", "because")
    assert ran.code == 2


def test_what_is_shown_and_exported_is_what_was_kept(slacheck: Slacheck, folder: Path) -> None:
    slacheck(*EVALUATE, "--output", "statement.json")
    shown = slacheck("history", "show", "acme-web", DAY, "--ledger", "ledger.db", "--format", "json")
    assert shown.out == (folder / "statement.json").read_text()
    (folder / "all").mkdir()
    slacheck("history", "export", "--ledger", "ledger.db", "--output", "all")
    assert (folder / f"all/acme-web-{DAY}.json").read_text() == shown.out
    listed = slacheck("history", "list", "--ledger", "ledger.db", "--format", "csv").out.splitlines()
    assert listed[0].startswith("agreement,period,part,running,number,")
    assert listed[1].startswith(f"acme-web,{DAY},,False,1,{DAY},{DAY},met,GBP,0.00,0.00,")


def test_the_ledger_is_never_written_over(slacheck: Slacheck, folder: Path) -> None:
    slacheck(*EVALUATE)
    (folder / "link.json").symlink_to("ledger.db")
    kept = (folder / "ledger.db").read_bytes()
    for output in ("json=ledger.db", "link.json"):
        ran = slacheck(*EVALUATE, "--output", output)
        assert ran.code == 2
        assert "is the ledger of this run" in ran.err
    ran = slacheck("history", "export", "--ledger", "ledger.db", "--output", "link.json")
    assert (ran.code, "is the ledger itself" in ran.err) == (2, True)
    agreement = (folder / "agreement.yaml").read_bytes()
    assert slacheck("evaluate", "agreement.yaml", "--period", DAY, "--ledger", "agreement.yaml").code == 2
    assert ((folder / "ledger.db").read_bytes(), (folder / "agreement.yaml").read_bytes()) == (kept, agreement)


def test_a_ledger_that_cannot_be_kept_leaves_the_files_as_they_were(slacheck: Slacheck, folder: Path) -> None:
    """Keeping fails after the statement was written beside its place: the text of the last one is not what was kept."""
    slacheck(*EVALUATE, "--output", "statement.json")
    before = (folder / "statement.json").read_bytes()
    with sqlite3.connect(folder / "ledger.db") as connection:
        connection.execute("DROP TRIGGER statements_stay")
        connection.execute("UPDATE statements SET statement = '{}'")
    connection.close()
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    there = sorted(os.listdir(folder))
    ran = slacheck(*EVALUATE, "--output", "statement.json")
    assert (ran.code, "is not what was kept" in ran.err) == (3, True)
    assert ((folder / "statement.json").read_bytes(), sorted(os.listdir(folder))) == (before, there)


@pytest.mark.parametrize(("name", "told"), [("no/ledger.db", "there is no folder"), ("/dev/full", "it is no file")])
def test_where_no_ledger_can_be_is_told_before_anything_is_read(
    slacheck: Slacheck, folder: Path, name: str, told: str
) -> None:
    (folder / "probes.csv").unlink()
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--ledger", name)
    assert ran.code == 3
    assert told in ran.err
    assert "probes.csv" not in ran.err


def test_a_cap_over_days_is_explained_from_the_ledger_as_from_files(slacheck: Slacheck, folder: Path) -> None:
    """An hour of 24 down is 95.83 %: 25 % of 400.00 is 100.00, twice; of 150.00 the first day leaves 50.00."""
    capped = AGREEMENT.replace('"< 99.0%": 25%}}', '"< 99.0%": 25%}, cap: 150.00 per quarter}')
    before = "2026-10-04"
    (folder / "agreement.yaml").write_text(capped.replace("period: day\n", f"period: day\neffective: {before}\n"))
    (folder / "probes.csv").write_text(minutes(range(60), day=before) + minutes(range(60)).partition("\n")[2])
    first = ("evaluate", "agreement.yaml", "--period", before, "--ledger", "ledger.db", "--output", "earlier.json")
    assert slacheck(*first, "--quiet").code == 1
    kept = (folder / "ledger.db").read_bytes()
    explain = ("explain", "agreement.yaml", "--period", DAY)
    by_ledger, by_files = slacheck(*explain, "--ledger", "ledger.db"), slacheck(*explain, "--history", "earlier.json")
    assert by_ledger.code == by_files.code == 0
    assert by_ledger.out == by_files.out
    assert "cap 150.00 per quarter: £50.00 left of £150.00" in by_ledger.out
    assert by_ledger.out.endswith("Northwind Hosting owes Acme Ltd £50.00\n")
    assert slacheck(*explain).out != by_ledger.out
    assert (folder / "ledger.db").read_bytes() == kept


def test_a_comment_in_the_agreement_makes_no_restatement(slacheck: Slacheck, folder: Path) -> None:
    slacheck(*EVALUATE)
    (folder / "agreement.yaml").write_text(f"# Of the customer's own.\n{AGREEMENT}")
    assert slacheck(*EVALUATE).err == f"ledger.db has acme-web {DAY} already\n"
