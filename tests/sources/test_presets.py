"""Each preset on an export of its product as the product writes it, in the shortest form an agreement can have."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from slacheck.agreement.loading import load
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.problems import AgreementError, DataError
from slacheck.sources import presets
from slacheck.sources.forms import Preset
from slacheck.sources.opening import Exports
from slacheck.sources.source import Source
from slacheck.sources.telling import look
from slacheck.sources.words import Words
from slacheck.timeline.zones import zone
from tests.products_page import PAGE, page
from tests.sources.opener import us
from tests.sources.preset_cases import AVAILABLE, CASES, UP, Case, iso
from tests.whole_runs import lines_of, run

SHAPES = Path(__file__).parents[3] / "shared" / "data" / "export-shapes"


def settled(folder: Path, case: Case) -> dict[tuple[str, str, str], Any]:
    (folder / case.name).write_text(case.written, encoding="utf-8")
    return lines_of(run(folder, case.agreement, "2026-10-01", us("2026-10-02T00:00")))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_export_is_settled_as_its_product_writes_it(tmp_path: Path, case: Case) -> None:
    found = {subject: line for (_, _, subject), line in settled(tmp_path, case).items()}
    assert {name: (line.best.fraction, line.worst.fraction) for name, line in found.items()} == {
        name: (Fraction(value), Fraction(value)) for name, value in case.values.items()
    }
    for name, coverage in case.coverage.items():
        assert found[name].coverage.fraction == Fraction(coverage)


def test_the_page_of_products_says_what_the_presets_do() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.products_page"


def test_every_preset_is_tried_and_named_in_the_language() -> None:
    assert {case.preset for case in CASES.values()} == set(presets.names()) == set(get_args(Preset))


SHARED = [
    ("prometheus", "prometheus_query_range_gaps.json", "range", 3, {}),
    ("prometheus", "prometheus_query_range_excerpt.json", "range", 16, {}),
    ("cloudwatch", "cloudwatch_get-metric-statistics.json", "statistics", 23, {}),
    ("cloudwatch", "cloudwatch_get-metric-data.json", "data", 1, {}),
    ("cloudwatch", "cloudwatch_describe-alarm-history.json", "alarm-history", 2, {}),
    ("azure-monitor", "azure_monitor_metrics_list.json", "metrics", 8, {"columns": {"value": "average"}}),
    ("uptimerobot", "uptimerobot_getMonitors.json", "logs", 3, {}),
    ("uptime-kuma", "uptime_kuma_heartbeat.json", "heartbeats", 5, {}),
    ("gatus", "gatus_statuses.json", "statuses", 1, {}),
    ("statuspage", "statuspage_incident.json", "incidents", 1, {}),
    ("pagerduty", "pagerduty_incident.json", "incidents", 1, {}),
    ("jira-sm", "jira_sm_sla_ongoing.json", "sla", 1, {}),
    ("servicenow", "servicenow_task_sla.json", "task-sla", 1, {}),
    ("zendesk", "zendesk_ticket_metric.json", "ticket-metrics", 1, {}),
    ("grafana", "grafana_export_series_as_columns.csv", "series-as-columns", 8, {}),
    ("grafana", "grafana_export_series_as_rows.csv", "series-as-rows", 4, {"thousands": ","}),
    ("grafana", "grafana_table_export_epoch_ms_trailing_semicolon.csv", "series-as-columns-epoch", 5, {}),
]


@pytest.mark.skipif(not SHAPES.exists(), reason=f"no collected exports at {SHAPES}")
@pytest.mark.parametrize(("preset", "file", "export", "rows", "terms"), SHARED, ids=[each[1] for each in SHARED])
def test_a_collected_export_is_recognised_and_read(
    preset: str, file: str, export: str, rows: int, terms: dict[str, Any]
) -> None:
    with DuckScratch() as scratch:
        found = presets.recognised(look(open_file(SHAPES / file, file), scratch))
        assert found is not None
        assert (found[0].preset, found[0].name) == (preset, export)
        source = Source.model_validate({"path": file, "format": preset, **terms})
        opened = Exports(scratch).open("export", source, Words(), SHAPES, None, zone("UTC"))
        assert opened.reading.rows == rows


def refused(folder: Path, case: Case) -> str:
    with pytest.raises((AgreementError, DataError)) as caught:
        settled(folder, case)
    (problem,) = caught.value.problems
    return f"{problem.place} | {problem.message} | {problem.help}".replace(str(folder), "")


def changed(name: str, export: Any = None, **other: Any) -> Case:
    case = CASES[name]
    values = {
        field: getattr(case, field) for field in ("preset", "of", "export", "measure", "values", "terms", "rest", "per")
    }
    return Case(**{**values, "kind": case.kind, "export": export or case.export, **other})


def test_a_file_that_is_no_such_export_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    assert refused(tmp_path, changed("gatus", CASES["zendesk"].export)) == (
        "export.json | is no export of Gatus that holds samples | known are: statuses (GET /api/v1/endpoints/statuses)"
    )
    average = {"summary": {"status": {"totalup": 86000, "totaldown": 400, "totalunknown": 0}}}
    assert "totals of a stretch say nothing of when it was down" in refused(tmp_path, changed("pingdom", average))


def test_one_of_several_statistics_must_be_chosen(tmp_path: Path) -> None:
    both = {"Datapoints": [{"Timestamp": iso(1), "Maximum": 60.0, "Average": 50.0}], "Label": "x"}
    told = refused(tmp_path, changed("cloudwatch, statistics", both))
    assert told == ("export.json | has Average and Maximum for 'value' | say which is meant: columns: {value: Average}")
    chosen = changed("cloudwatch, statistics", both, terms={"columns": {"value": "Maximum"}})
    (line,) = settled(tmp_path, chosen).values()
    assert line.best.fraction == 60


def test_what_an_export_turns_out_not_to_have_is_told(tmp_path: Path) -> None:
    no_state = changed("cloudwatch, statistics", measure=AVAILABLE, rest=UP, kind="share")
    assert "the samples 'export' have no column for 'state'" in refused(tmp_path, no_state)
    unheld = {"outages": {"down": {"from": "export", "when": {"value": "> 50"}}}}
    no_hold = changed("cloudwatch, statistics", measure=AVAILABLE, rest=unheld, kind="share")
    assert "do not say how long a state holds" in refused(tmp_path, no_hold)
    measure = {"kind": "statistic", "from": "export", "statistic": "mean"}
    no_value = changed("cloudwatch, alarm history", measure=measure, rest={}, kind="number")
    assert "have no column for 'value'" in refused(tmp_path, no_value)


def test_a_shape_that_no_export_has_is_refused_where_it_is_said(tmp_path: Path) -> None:
    told = refused(tmp_path, changed("gatus", terms={"shape": "cases", "hold": "6h"}))
    assert "exports of Gatus are read as samples, not as cases" in told
    measure = {"kind": "statistic", "from": "export", "statistic": "mean"}
    told = refused(tmp_path, changed("datadog, counts", terms={}, measure=measure, kind="number"))
    assert "is the export 'slo-counts'" in told
    assert told.endswith("write shape: counts on the source")


def test_what_is_filled_in_is_refused_at_the_source_and_never_at_another_line(tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(
        "slacheck: 1\nid: a\nprovider: p\ncustomer: c\ntimezone: UTC\nsources:\n  probes:\n    path: a.json\n"
        "    format: datadog\n    shape: counts\nservice_levels:\n"
        "  s: {measure: {kind: success-rate, from: probes}, target: '>= 99%'}\n"
    )
    with pytest.raises(AgreementError) as caught:
        load(tmp_path / "agreement.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("interval", 10)


def test_what_the_source_says_wins_and_its_columns_are_added(tmp_path: Path) -> None:
    source = Source.model_validate(
        {
            "path": "a.json",
            "format": "uptime-kuma",
            "columns": {"note": "msg"},
            "states": {"up": ["1", "3"], "down": "0"},
        }
        | {"states": {"up": ["1", "3"], "down": ["0"], "unknown": ["2"]}}
    )
    assert source.columns["note"] == ("msg",)
    assert source.columns["at"] == ("time",)
    assert source.states.up == ("1", "3")
    assert source.filled == {"at", "state", "value", "monitor"}
    with pytest.raises(ValidationError):
        Source.model_validate({"path": "a.json", "format": "uptime-kumma"})


def test_the_outline_of_a_text_that_is_cut_off_holds_what_was_seen() -> None:
    text = '{"a": {"b": [{"c": 1, "d": [[1, "x"], [2'
    assert presets.outline(text) == {"", "a", "a.b", "a.b[]", "a.b[].c", "a.b[].d", "a.b[].d[]", "a.b[].d[][]"}
