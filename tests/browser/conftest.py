"""A real headless Chromium; where it cannot be had, the tests are skipped and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


def _unavailable(told: str) -> None:
    if os.environ.get("SLACHECK_REQUIRE_BROWSER"):
        pytest.fail(told)
    pytest.skip(told)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of all tests of a worker; SLACHECK_REQUIRE_BROWSER=1 turns a skip into a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        _unavailable("no page is looked at: there is no Chromium on the path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _unavailable("no page is looked at: playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
