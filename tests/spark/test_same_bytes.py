"""Every case and every example gives the same bytes on Spark, with its data in other processes, as on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slacheck import reports
from slacheck.cli.app import app
from slacheck.engine.spark import scratch as spark_scratch
from slacheck.evaluation import DUCKDB, Engine
from slacheck.problems import SlacheckError
from slacheck.statement import Statements
from tests.test_cases import COMPANIES, FOLDERS, SEEN, together
from tests.test_examples import EXAMPLES

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
