"""The statement as OpenMetrics text, read by both parsers of the Prometheus client where that is installed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.reports import FORMATS, View
from slacheck.statement import Statements
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import statements as made
from tests.reports.golden_files import STATEMENTS, agreed
from tests.reports.hostile_statements import with_text

_SERIES = re.compile(r'([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (-?\d+(?:\.\d+)?)')
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\[\\"n])*)"')


def rendered(*statements: Any) -> str:
    return FORMATS["openmetrics"].render(made.document(*statements), View())


def series(text: str) -> list[tuple[str, frozenset[tuple[str, str]], str]]:
    """Every series: its name, its labels as they are written, its value; a line of no known form fails."""
    found = []
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        matched = _SERIES.fullmatch(line)
        assert matched, line
        found.append((matched[1], frozenset(_LABEL.findall(matched[2])), matched[3]))
    return found


def value(text: str, name: str, **labels: str) -> str:
    """The value of the one series of a name that has these labels."""
    found = [number for each, has, number in series(text) if each == name and has >= set(labels.items())]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_text_is_the_one_that_was_agreed(name: str) -> None:
    content, golden = agreed(name, "openmetrics", ".prom")
    assert content == golden


@pytest.mark.parametrize("name", STATEMENTS)
def test_both_parsers_read_it(name: str) -> None:
    pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict
    from prometheus_client.parser import text_string_to_metric_families as plain

    text = rendered(STATEMENTS[name]())
    families = list(strict(text))
    assert {family.type for family in families} == {"gauge"}
    assert [family.name for family in families] == [family.name for family in plain(text)]
    assert sum(len(family.samples) for family in families) == len(series(text))
    assert all(sample.timestamp is None for family in families for sample in family.samples)
    assert all(family.documentation for family in families)


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_series_stands_twice(name: str) -> None:
    text = rendered(STATEMENTS[name](), STATEMENTS[name]())
    keys = [(each, labels) for each, labels, _ in series(text)]
    assert len(keys) == len(set(keys))


def test_a_family_is_described_once_and_stands_together() -> None:
    text = rendered(made.whole(), cases.cases(), costs.points())
    helped = re.findall(r"^# HELP (\S+) ", text, re.MULTILINE)
    assert helped == re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE)
    assert len(helped) == len(set(helped))
    assert list(dict.fromkeys(name for name, _, _ in series(text))) == helped
    names = [name for name, _, _ in series(text)]
    assert sum(one != other for one, other in pairwise(names)) == len(helped) - 1
    assert text.endswith("\n# EOF\n")


def test_one_verdict_holds() -> None:
    text = rendered(made.whole())
    for level, verdict in (("availability", "breached"), ("api-errors", "indeterminate"), ("satisfaction", "missed")):
        found = {
            dict(labels)["verdict"]: number
            for name, labels, number in series(text)
            if name == "slacheck_level_verdict" and ("level", level) in labels
        }
        assert len(found) == 5
        assert [each for each, number in found.items() if number == "1"] == [verdict]


def test_values_are_in_base_units() -> None:
    """2:39:00 down are 9,540 s; 44:31.2 were allowed; 3 hours were excluded. 200 minutes are 12,000 s."""
    text = rendered(made.whole(), cases.cases())
    assert value(text, "slacheck_level_best_ratio", level="availability") == "0.996428571428571429"
    assert value(text, "slacheck_level_target_ratio", level="availability", operator=">=") == "0.999"
    assert value(text, "slacheck_level_margin_worst_seconds", level="availability") == "-6868.8"
    assert value(text, "slacheck_level_time_seconds", level="availability", state="down") == "9540"
    assert value(text, "slacheck_level_time_seconds", level="availability", state="excluded") == "10800"
    assert value(text, "slacheck_level_margin_worst_requests", level="api-errors") == "-1561.95"
    assert value(text, "slacheck_level_best", level="satisfaction") == "4.05"
    assert value(text, "slacheck_level_best_seconds", level="restoration") == "12000"
    assert value(text, "slacheck_level_target_working_days", level="repair", subject="F-17") == "2"
    of_restoration = [name for name, labels, _ in series(text) if ("level", "restoration") in labels]
    assert "slacheck_level_worst_seconds" not in of_restoration


def test_money_has_its_currency_and_no_bound_is_no_series() -> None:
    text = rendered(made.whole())
    assert value(text, "slacheck_statement_owed_least", currency="GBP") == "1200.00"
    assert value(text, "slacheck_statement_owed_most", currency="GBP") == "1800.00"
    assert value(text, "slacheck_level_credit_most", level="api-errors", currency="GBP") == "600.00"
    assert not [name for name, _, _ in series(rendered(costs.no_bound())) if name == "slacheck_statement_owed_most"]
    assert value(rendered(costs.points()), "slacheck_level_credit_points_least", subject="a") == "6"


def test_the_last_day_of_a_claim_ends_at_midnight_in_the_agreement_s_zone() -> None:
    text = rendered(made.whole())
    ends = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())
    assert value(text, "slacheck_statement_claim_by_timestamp_seconds") == str(ends)
    started = int(datetime(2026, 9, 30, 23, tzinfo=UTC).timestamp())
    assert value(text, "slacheck_statement_period_start_timestamp_seconds") == str(started)


@given(st.text(), st.text())
def test_no_text_ends_a_label_or_a_line(one: str, other: str) -> None:
    line = made.breached()
    lines = [line.model_copy(update={"subject": each}) for each in (one, other)]
    found = series(rendered(with_text(made.whole(), one), made.statement(*lines)))
    keys = [(name, labels) for name, labels, _ in found]
    assert len(keys) == len(set(keys))
    assert not [label for _, labels, _ in found for _, label in labels if re.search("[\x00-\x1f\x7f-\x9f]", label)]


def test_a_label_is_read_back_as_the_name_that_it_is() -> None:
    pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    name = 'C:\\x "web" {a="b"} ü # EOF'
    families = text_string_to_metric_families(rendered(made.statement(made.breached(name))))
    subjects = {sample.labels.get("subject") for family in families for sample in family.samples}
    assert subjects == {None, name}


def test_without_statements_it_is_an_end() -> None:
    assert FORMATS["openmetrics"].render(Statements(statements=()), View()) == "# EOF\n"
