"""The door of the reports: formats by name and by the ending of a file, imported when they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from slacheck.reports import FORMATS, View, by_suffix
from tests.reports import statements as made


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("out/report.json", "json"),
        ("REPORT.JSON", "json"),
        ("a.txt", "terminal"),
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.csv", "csv"),
        ("a.md", "markdown"),
        ("a.xml", "junit"),
        ("a.prom", "openmetrics"),
        ("a.doc", None),
        ("json", None),
    ],
)
def test_a_file_s_ending_names_the_format(path: str, name: str | None) -> None:
    assert by_suffix(path) == name
    assert by_suffix(Path(path)) == name


@pytest.mark.parametrize("name", [name for name, report in FORMATS.items() if not report.binary])
def test_every_format_renders_and_ends_in_one_newline(name: str) -> None:
    text = FORMATS[name].render(made.document(made.whole()), View())
    assert FORMATS[name].name == name
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_no_format_is_imported_before_it_is_used() -> None:
    loaded = "import sys, slacheck.reports; print([n for n in sys.modules if n.startswith('slacheck.reports.')])"
    command = [sys.executable, "-c", loaded]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert shown.strip() == "['slacheck.reports.view']"


def test_every_format_column_and_metric_is_described() -> None:
    from slacheck.reports.csv import COLUMNS
    from slacheck.reports.openmetrics import NAMES

    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    assert not [name for name in FORMATS if f"| `{name}` |" not in page]
    columns = page[page.index("## CSV") : page.index("## Markdown")]
    assert not [name for name in COLUMNS if f"`{name}`" not in columns]
    metrics = page[page.index("## Metrics") :]
    assert not [name for name in NAMES if name not in metrics]
