"""The scenarios beside the examples: every expected number was worked out by hand, in the comment beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.scenarios import found, load_tests, run

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("path", found([EXAMPLES]), ids=lambda path: path.parent.name)
def test_the_scenarios_of_the_examples_hold(path: Path) -> None:
    (file,) = load_tests([path])
    came = {outcome.scenario.name: [*outcome.differences, *outcome.problems] for outcome in run(file)}
    assert came == {scenario.name: [] for scenario in file.tests.scenarios}
