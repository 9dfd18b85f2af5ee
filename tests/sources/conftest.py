"""A scratch database and a way to open exports for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slacheck.engine.duck import DuckScratch
from tests.sources.opener import Opener


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    with DuckScratch() as scratch:
        yield Opener(scratch, tmp_path)
