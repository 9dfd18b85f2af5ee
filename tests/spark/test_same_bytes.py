"""Every case and every example gives the same bytes on Spark, with its data in other processes, as on DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from slacheck import reports
from slacheck.cli.app import app
from slacheck.engine.spark import scratch as spark_scratch
from slacheck.evaluation import DUCKDB, Engine
from slacheck.language.yaml_text import read_file
from slacheck.problems import SlacheckError
from slacheck.statement import Statements
from tests.test_cases import FOLDERS, settled
from tests.test_examples import EXAMPLES

SPARK = Engine("spark")


def shown(folder: Path, engine: Engine) -> str:
    """The statements as JSON, or what was refused."""
    expected: Any = read_file(folder / "expect.yaml", "expect.yaml").data
    try:
        statements = Statements(slacheck_statements=1, statements=tuple(settled(folder, expected, engine)))
    except SlacheckError as error:
        return repr(error.problems)
    return reports.FORMATS["json"].render(statements, reports.View())


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_gives_the_same_bytes_on_both_engines(folder: Path) -> None:
    assert shown(folder, SPARK) == shown(folder, DUCKDB)


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
    folder = next(folder for folder in FOLDERS if folder.name == "outage-same-cause")
    assert shown(folder, SPARK) == shown(folder, SPARK)
