"""A real headless Chromium; where it cannot be had, the tests are skipped and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.required import missing


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of all tests of a worker; SLACHECK_REQUIRE_BROWSER=1 turns a skip into a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("no page is looked at: there is no Chromium on the path", "SLACHECK_REQUIRE_BROWSER")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no page is looked at: playwright is not installed", "SLACHECK_REQUIRE_BROWSER")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
