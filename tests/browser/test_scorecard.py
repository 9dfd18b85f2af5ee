"""The scorecard as a page in a real browser: nothing wider than the screen, nothing asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from slacheck.portfolio import Gathered, Unsettled, scorecard
from slacheck.problems import Problem
from slacheck.reports import View
from slacheck.reports.scorecards import render
from tests.portfolio.cards import line, statement, total
from tests.reports.golden_files import HOSTILE


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_overflows_and_nothing_is_fetched(chromium: Any, tmp_path: Path, width: int, colours: str) -> None:
    long = "A-name-without-any-blank-" * 8
    names = {"title": long, "provider": HOSTILE, "customer": long}
    months = [
        statement(
            "a",
            "breached",
            total("GBP", "1000000.00", "9000000.00"),
            month=month,
            lines=(line("breached").model_copy(update={"title": long}),),
            **names,
        )
        for month in range(1, 13)
    ]
    wrong = Unsettled("x.yaml", (Problem("x.yaml", message=HOSTILE + long),))
    page_text = render(scorecard(Gathered(tuple(months), (wrong,)), "provider"), "html", View())
    (tmp_path / "page.html").write_text(page_text, encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=colours)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert len(asked) == 1
    assert "£12,000,000.00..£108,000,000.00" in page.inner_text("main")
    context.close()
