"""A newcomer who follows the tutorial in an empty folder reads what it prints, step by step."""

from __future__ import annotations

from pathlib import Path

from tests.docs.tutorial import PAGE, followed


def test_every_step_prints_what_the_page_shows(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert followed(page, tmp_path) == page
    assert {path.name for path in tmp_path.iterdir()} == {
        *("outages.csv", "planned.csv", "agreement.yaml", "mistake.yaml", "report.html", "junit.xml")
    }
