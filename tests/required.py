"""What tests need that is no library of theirs: where it is absent they are skipped, or fail where it is required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(told: str, variable: str) -> NoReturn:
    """Skip with what is ``told``; fail where the environment's ``variable`` is set, as it is for the whole check."""
    if os.environ.get(variable):
        pytest.fail(told)
    pytest.skip(told)
