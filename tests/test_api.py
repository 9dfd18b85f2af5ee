"""slacheck from Python: typed, on paths and on any dataframe that narwhals accepts."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import slacheck
from tests.binary import AGREEMENT, DAY, minutes

DOWN = minutes(down=range(600, 603))


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "probes.csv").write_text(DOWN)
    return tmp_path / "agreement.yaml"


def test_a_path_is_evaluated(agreement: Path) -> None:
    statement = slacheck.evaluate(agreement, period=DAY)
    assert isinstance(statement, slacheck.Statement)
    assert statement.verdict == "breached"
    assert statement.lines[0].best is not None
    assert statement.lines[0].best.exact == "479/480"
    assert statement.total is not None
    assert statement.total.most == "40.00"


def test_a_loaded_agreement_is_evaluated_on_another_file(agreement: Path, tmp_path: Path) -> None:
    loaded = slacheck.load(agreement)
    (tmp_path / "other.csv").write_text(minutes())
    assert slacheck.evaluate(loaded, period=DAY, data={"probes": tmp_path / "other.csv"}).verdict == "met"


def frames(kind: str, path: Path) -> Any:
    """The export as a dataframe of another library."""
    if kind.startswith("polars"):
        polars = pytest.importorskip("polars")
        frame = polars.read_csv(path, try_parse_dates=kind == "polars-typed")
        return frame.lazy() if kind == "polars-lazy" else frame
    if kind.startswith("pandas"):
        pandas = pytest.importorskip("pandas")
        frame = pandas.read_csv(path)
        if kind == "pandas-typed":
            frame["timestamp"] = pandas.to_datetime(frame["timestamp"])
        return frame
    duckdb = pytest.importorskip("duckdb")
    return duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)")


@pytest.mark.parametrize("kind", ["polars", "polars-typed", "polars-lazy", "pandas", "pandas-typed", "duckdb"])
def test_a_dataframe_gives_the_same_numbers_as_its_file(agreement: Path, kind: str) -> None:
    frame = frames(kind, agreement.parent / "probes.csv")
    wanted = slacheck.evaluate(agreement, period=DAY).lines[0]
    found = slacheck.evaluate(agreement, period=DAY, data={"probes": frame}).lines[0]
    assert (found.best, found.balance, found.credit) == (wanted.best, wanted.balance, wanted.credit)


def test_what_is_no_dataframe_is_refused(agreement: Path) -> None:
    with pytest.raises(slacheck.DataError, match="not a dataframe: a dict"):
        slacheck.evaluate(agreement, period=DAY, data={"probes": {"a": 1}})


def test_several_periods_give_one_statement_each(agreement: Path) -> None:
    found = slacheck.evaluate_all([agreement], period="2026-10-04..2026-10-05")
    assert [each.period.label for each in found] == ["2026-10-04", DAY]
    with pytest.raises(slacheck.PeriodError, match="names 2 periods"):
        slacheck.evaluate(agreement, period="2026-10-04..2026-10-05")


def test_a_running_period_is_judged_up_to_the_as_of_instant(agreement: Path) -> None:
    noon = datetime(2026, 10, 5, 11, tzinfo=UTC)
    statement = slacheck.evaluate(agreement, period=DAY, as_of=noon)
    assert statement.period.running
    assert statement.lines[0].balance is not None
    assert statement.lines[0].balance.future == 12 * 3_600_000_000


def test_relative_periods_and_naive_instants_need_more(agreement: Path) -> None:
    with pytest.raises(slacheck.PeriodError, match="relative"):
        slacheck.evaluate(agreement, period="last-month")
    with pytest.raises(slacheck.PeriodError, match="no zone"):
        slacheck.evaluate(agreement, period=DAY, as_of=datetime(2026, 10, 5))


def test_problems_are_collected_with_their_places(agreement: Path) -> None:
    agreement.write_text(AGREEMENT.replace("target:", "taget:").replace("GBP", "GBX"))
    with pytest.raises(slacheck.AgreementError) as raised:
        slacheck.load(agreement)
    assert [(problem.line, problem.code) for problem in raised.value.problems] == [(7, "currency"), (15, "unknown-key")]
    assert isinstance(raised.value, slacheck.SlacheckError)


def test_importing_slacheck_imports_no_engine() -> None:
    code = "import sys, slacheck; sys.exit(any(name in sys.modules for name in ('duckdb', 'pydantic', 'narwhals')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
    with pytest.raises(AttributeError):
        slacheck.nothing  # noqa: B018
