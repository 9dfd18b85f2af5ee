"""The ledger by itself: what is new, what is there already, what is a restatement, and what is no ledger."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from slacheck.ledger import Kept, Ledger, LedgerError
from slacheck.statement import Input, Statement
from slacheck.statement.changes import Change
from tests.reports import statements as made

# 2026-11-02T06:00:00Z and what a clock has beside it.
NOW = 1_793_599_200_123_456


def met() -> Statement:
    return made.statement(made.available())


def breached() -> Statement:
    return made.statement(made.breached(), total=made.total("1200.00", "1200.00", 1))


def keep(path: Path, *statements: Statement, reason: str = "", version: str = "1.0") -> list[Kept]:
    with Ledger(path, write=True) as ledger:
        return ledger.keep(statements, version, NOW, reason)


def fed(statement: Statement, digest: str) -> Statement:
    """The statement as if its export had been another."""
    given = Input(source="probes", file="probes.csv", sha256=digest * 64, rows=3)
    return statement.model_copy(update={"inputs": (given,)})


def test_the_same_again_is_there_already(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    (first,) = keep(path, breached())
    (again,) = keep(path, breached())
    assert (first.new, first.entry.number, first.entry.reason, first.against) == (True, 1, "", None)
    assert (again.new, again.entry) == (False, first.entry)


def test_other_data_is_a_restatement_with_its_reason_and_its_difference(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    before, after = fed(met(), "a"), fed(breached(), "b")
    assert before.agreement.id == after.agreement.id
    keep(path, before)
    (kept,) = keep(path, after, reason="two probes were lost")
    assert (kept.new, kept.entry.number) == (True, 2)
    assert kept.entry.reason == "two probes were lost; other data of 'probes'"
    assert kept.against is not None
    assert Change("verdict", "met", "breached") in kept.against.changes
    with Ledger(path) as ledger:
        first, last = ledger.entries(every=True)
        assert [ledger.statement(first), ledger.statement(last)] == [before, after]
        assert ledger.entries() == [last]


def test_what_was_so_before_the_last_is_said_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for statement in (fed(met(), "a"), fed(breached(), "b"), fed(met(), "a")):
        (kept,) = keep(path, statement)
    assert (kept.new, kept.entry.number) == (True, 3)


def test_other_data_that_says_the_same_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    keep(path, fed(met(), "a"))
    (kept,) = keep(path, fed(met(), "b"))
    assert kept.new
    assert kept.against is not None
    assert kept.against.same


def test_a_newer_version_that_says_the_same_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    keep(path, met())
    (kept,) = keep(path, met(), version="2.0")
    assert not kept.new
    (kept,) = keep(path, breached(), version="2.0")
    assert "slacheck 2.0 instead of 1.0" in kept.entry.reason


def test_where_the_files_lie_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    statement = breached()
    keep(path, statement)
    moved = statement.agreement.model_copy(update={"file": "elsewhere/agreement.yaml"})
    (kept,) = keep(path, statement.model_copy(update={"agreement": moved}))
    assert not kept.new


def test_while_a_period_runs_it_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    statement = met()
    for day in ("10", "11"):
        so_far = {"running": True, "as_of": f"2026-10-{day}T00:00:00Z"}
        keep(path, statement.model_copy(update={"period": statement.period.model_copy(update=so_far)}))
    (final,) = keep(path, statement)
    assert (final.entry.number, final.against) == (1, None)
    with Ledger(path) as ledger:
        assert [(each.key.running, each.number) for each in ledger.entries(every=True)] == [
            (True, 1),
            (True, 2),
            (False, 1),
        ]
        assert [each.statement for each in ledger.earlier(statement.agreement.id, statement.period.label)] == [
            statement
        ]


def test_of_a_run_that_fails_nothing_is_kept(tmp_path: Path) -> None:
    """The second of the two cannot be compared with what is there: the first, which could be kept, is not."""
    path = tmp_path / "ledger.db"
    keep(path, met())
    database(path, "DROP TRIGGER statements_stay", "UPDATE statements SET statement = '{}'")
    other = breached().agreement.model_copy(update={"id": "of-another"})
    with pytest.raises(LedgerError, match="is not what was kept"):
        keep(path, breached().model_copy(update={"agreement": other}), breached())
    with Ledger(path) as ledger:
        assert [each.key.agreement for each in ledger.entries(every=True)] == [met().agreement.id]


def test_a_kept_statement_is_neither_changed_nor_deleted(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    keep(path, met())
    with sqlite3.connect(path) as connection:
        for query in ("UPDATE statements SET verdict = 'met'", "DELETE FROM statements"):
            with pytest.raises(sqlite3.IntegrityError, match="a statement that is kept is never"):
                connection.execute(query)
    connection.close()


def test_what_others_wrote_into_it_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    keep(path, met())
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER statements_stay")
        connection.execute("UPDATE statements SET statement = replace(statement, 'met', 'breached')")
    connection.close()
    with Ledger(path) as ledger:
        (entry,) = ledger.entries()
        with pytest.raises(LedgerError, match="is not what was kept"):
            ledger.statement(entry)


def database(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_another_database_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    database(path, "CREATE TABLE of_others (a INTEGER)")
    with pytest.raises(LedgerError, match="no ledger of slacheck"), Ledger(path, write=True):
        pass


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    keep(path, met())
    database(path, "PRAGMA user_version = 7")
    with pytest.raises(LedgerError, match="format 7, and this version of slacheck knows format 1"), Ledger(path):
        pass


@pytest.mark.parametrize("content", [b"no database at all, but text", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="the file is damaged, or no ledger"), Ledger(path, write=True):
        pass
    assert path.read_bytes() == content


_CUT_OFF = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("DROP TRIGGER statements_are_kept")
connection.execute("DELETE FROM statements")
connection.execute("CREATE TABLE large (text)")
connection.executemany("INSERT INTO large VALUES (?)", [("x" * 4000,)] * 200)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="a process is killed")
def test_who_only_reads_takes_back_what_a_killed_run_has_left(tmp_path: Path) -> None:
    """Pages of a write that was cut off are in the file, and how it was before in the journal beside it."""
    path = tmp_path / "ledger.db"
    keep(path, met())
    done = subprocess.run([sys.executable, "-c", _CUT_OFF, str(path)], check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "ledger.db-journal").exists()
    with Ledger(path) as ledger:
        (entry,) = ledger.entries(every=True)
        assert ledger.statement(entry) == met()
    assert not (tmp_path / "ledger.db-journal").exists()


def test_one_that_was_made_again_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    statement = fed(met(), "a")
    of = statement.agreement.id, statement.period.label
    for each, label in ((statement, str(path)), (fed(breached(), "b"), f"{path} #2")):
        keep(path, each)
        with Ledger(path) as ledger:
            assert [(found.statement, found.file.label) for found in ledger.earlier(*of)] == [(each, label)]
