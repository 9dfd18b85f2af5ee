"""What every test runs under: the same random cases each time, and no clock that fails a slow machine."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

# How many examples a property is tried on: fewer where the same tests were run with other releases before.
_EXAMPLES = int(os.environ.get("SLACHECK_EXAMPLES", "100"))

settings.register_profile(
    "slacheck", derandomize=True, deadline=None, database=None, print_blob=True, max_examples=_EXAMPLES
)
settings.load_profile("slacheck")

# slacheck says more where it runs in continuous integration, which is where its own tests run too.
for _name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"):
    os.environ.pop(_name, None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many damaged inputs were tried, where any were."""
    reports = [each for outcome in terminalreporter.stats.values() for each in outcome]
    properties = [pair for each in reports if getattr(each, "when", "") == "call" for pair in each.user_properties]
    tried = sum(int(value) for name, value in properties if name == "inputs tried")
    if tried:
        terminalreporter.write_line(f"fuzzing: {tried:,} damaged agreements and exports tried")
