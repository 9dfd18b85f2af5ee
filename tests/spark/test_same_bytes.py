"""Every case and every example gives the same bytes on Spark, with its data in other processes, as on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slacheck import reports
from slacheck.agreement.loading import load
from slacheck.cli.app import app
from slacheck.engine.spark import scratch as spark_scratch
from slacheck.evaluation import DUCKDB, Engine
from slacheck.problems import SlacheckError
from slacheck.reconciling import other_side, reconcile
from slacheck.statement import Statements
from slacheck.timeline.zones import instant_of, zone
from tests.test_cases import COMPANIES, FOLDERS, SEEN, together
from tests.test_examples import EXAMPLES, ROOT

SPARK = Engine("spark")


def shown(folders: Sequence[Path], period: str, as_of: str, engine: Engine) -> str:
    """The statements as JSON, or what was refused."""
    try:
        statements = Statements(slacheck_statements=1, statements=tuple(together(folders, period, as_of, engine)))
    except SlacheckError as error:
        return repr(error.problems)
    return reports.FORMATS["json"].render(statements, reports.View())


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize(("period", "as_of", "folders"), COMPANIES)
def test_cases_give_the_same_bytes_on_both_engines(period: str, as_of: str, folders: list[Path]) -> None:
    """A few in one run, which share what Spark reads and asks; each by itself gives the same on DuckDB."""
    assert shown(folders, period, as_of, SPARK) == shown(folders, period, as_of, DUCKDB)


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_gives_its_committed_statement_on_spark(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every export read by Spark that it can read."""
    monkeypatch.setattr(spark_scratch, "NATIVE_FROM", 0)
    monkeypatch.chdir(example)
    arguments = (example / "run.txt").read_text().split()
    asked = ["evaluate", *arguments, "--format", "json", "--fail-on", "never", "--engine", "spark"]
    done = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stdout == (example / "statement.json").read_text()


@pytest.mark.usefixtures("spark")
def test_the_same_bytes_come_twice() -> None:
    folders = [folder for folder in FOLDERS if folder.name == "outage-same-cause"]
    assert shown(folders, "2026-09", SEEN, SPARK) == shown(folders, "2026-09", SEEN, SPARK)


@pytest.mark.usefixtures("spark")
def test_two_sides_are_the_same_on_both_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "docs" / "reconcile")
    file = load("agreement.yaml")
    other = other_side(file, {}, {}, Path("acme.yaml"))
    both = [
        reconcile(
            file, other, "2026-10", instant_of(datetime(2026, 11, 2), zone("UTC")), {}, engine=engine
        ).model_dump_json()
        for engine in (SPARK, DUCKDB)
    ]
    assert both[0] == both[1]
