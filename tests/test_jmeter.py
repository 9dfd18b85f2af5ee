"""Load tests settled from their raw results give the counts, errors and percentiles of Apache JMeter's own report.

JMeter interpolates at position (n + 1) p: type 6 of Hyndman and Fan (1996). Its report is in floating point, so what is
exact here is compared with it to a millionth of a millisecond.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import Line

RESULTS = Path(__file__).parents[2] / "shared" / "data" / "jmeter"
SEEN = 1_795_478_400_000_000  # 24 November 2026
STATISTICS = {
    "meanResTime": "mean",
    "medianResTime": "median",
    "minResTime": "min",
    "maxResTime": "max",
    "pct1ResTime": "p90",
    "pct2ResTime": "p95",
    "pct3ResTime": "p99",
}
AGREEMENT = """\
slacheck: 1
id: load-test
provider: Provider
customer: Customer
timezone: UTC
sources:
  requests:
    path: {path}
    format: csv
    shape: counts
    columns: {{at: timeStamp}}
    time_format: epoch-milliseconds
    absent_rows: empty
    bad: {{success: ["false"]}}
  times:
    path: {path}
    format: csv
    shape: samples
    columns: {{at: timeStamp, value: elapsed}}
    time_format: epoch-milliseconds
    units: {{value: ms}}
service_levels:
  errors: {{{per}measure: {{kind: error-rate, from: requests}}, target: "<= 1%"}}
"""

pytestmark = pytest.mark.skipif(not RESULTS.is_dir(), reason=f"the load tests are not in {RESULTS}")


def lines(folder: Path, results: str, per: str, period: str) -> dict[tuple[str, str], Line]:
    text = AGREEMENT.format(path=RESULTS / results, per=per)
    for name in STATISTICS.values():
        method = "" if name in ("mean", "min", "max") else ", method: r6"
        measure = f"{{kind: statistic, from: times, statistic: {name}{method}}}"
        text += f'  {name}: {{{per}measure: {measure}, target: "<= 1s"}}\n'
    (folder / "agreement.yaml").write_text(text, encoding="utf-8")
    (statement,) = evaluate([load(folder / "agreement.yaml")], period, SEEN, {})
    return {(line.level, line.subject): line for line in statement.lines}


def of_report(name: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((RESULTS / name).read_text(encoding="utf-8"))
    return report


def same(line: Line, milliseconds: float) -> bool:
    assert line.best is not None
    assert line.best == line.worst
    return abs(line.best.fraction / 1000 - Fraction(milliseconds)) < Fraction(1, 10**6)


def test_counts_errors_and_percentiles_per_label_are_those_of_the_report(tmp_path: Path) -> None:
    """Its "Total" over more than 20,000 results rests on the last 20,000 alone and is left out."""
    found = lines(tmp_path, "run1_results.jtl", "per: label, ", "2026-04")
    report = of_report("run1_statistics.json")
    del report["Total"]
    assert {subject for _, subject in found} == set(report)
    for label, told in report.items():
        counted = found["errors", label].counted
        assert counted is not None
        assert (counted.total, counted.total - counted.good) == (told["sampleCount"], told["errorCount"])
        for key, level in STATISTICS.items():
            assert same(found[level, label], told[key]), (label, key)


def test_a_small_run_as_a_whole_is_that_of_the_report(tmp_path: Path) -> None:
    found = lines(tmp_path, "jmeter_daraz_20samples.jtl", "", "2024-11")
    told = of_report("jmeter_daraz_20samples_statistics.json")["Total"]
    counted = found["errors", ""].counted
    assert counted is not None
    assert (counted.total, counted.total - counted.good) == (told["sampleCount"], told["errorCount"])
    for key, level in STATISTICS.items():
        assert same(found[level, ""], told[key]), key
