"""What a user is told where Spark is not there: one message, and nothing of Java."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, minutes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "probes.csv").write_text(minutes())
    return tmp_path


def told(folder: Path, *arguments: str, **variables: str) -> str:
    """What stands on standard error of a run that fails."""
    command = [sys.executable, "-m", "slacheck", "evaluate", "agreement.yaml", "--period", DAY, *arguments]
    environment = {**os.environ, **variables}
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (2, 3)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "\tat " not in done.stderr
    return done.stderr


def test_an_engine_that_nobody_knows(folder: Path) -> None:
    assert "--engine takes duckdb or spark; not 'polars'" in told(folder, "--engine", "polars")


def test_an_address_without_spark(folder: Path) -> None:
    assert "add --engine spark" in told(folder, "--spark-master", "local[1]")


def test_without_java(folder: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    shown = told(folder, "--engine", "spark", JAVA_HOME=str(folder))
    assert f"error[no-java]: nothing was evaluated: there is no Java in JAVA_HOME, {folder}" in shown
    assert "install Java 17" in shown


def test_an_address_that_is_none(folder: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    shown = told(folder, "--engine", "spark", "--spark-master", "quark://x")
    assert "error[engine]: Spark did not start at 'quark://x'" in shown


def test_without_pyspark(folder: Path) -> None:
    """Hidden by a module of that name which cannot be imported."""
    (folder / "pyspark.py").write_text("raise ImportError('hidden')")
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    shown = told(folder, "--engine", "spark", PYTHONPATH=path)
    assert "error[no-engine]: nothing was evaluated: PySpark is not installed" in shown
    assert "pip install 'slacheck[spark]'; it needs Java 17 as well" in shown
