"""``slacheck test``: scenarios beside agreements, run through the evaluation."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from slacheck.cli import ci, exits, screen
from slacheck.cli.usage import UsageError, reported

_FORMATS = ("terminal", "json", "junit", "github")


@reported("nothing was tested")
def run(files: Sequence[Path], *, filter: str, format: str, verbose: bool) -> int:
    """Run the scenarios and print what came. Raises AgreementError where nothing can be run."""
    if format not in _FORMATS:
        raise UsageError(f"--format takes {', '.join(_FORMATS)}; not '{format}'")
    if verbose and format != "terminal":
        raise UsageError("--verbose prints statements for people; leave --format out")

    from slacheck import scenarios
    from slacheck.reports import scenarios as reports

    loaded = scenarios.load_tests(scenarios.found(files))
    outcomes = [outcome for file in loaded for outcome in scenarios.run(file, filter)]
    if not outcomes:
        raise UsageError(f"no scenario has '{filter}' in its name")
    match format:
        case "terminal":
            exits.show(ci.inert(reports.render(outcomes, screen.view(sys.stdout), statements=verbose)))
        case "json":
            exits.show(reports.as_json(outcomes, ci.view()))
        case "junit":
            exits.show_bytes(reports.as_junit(outcomes, ci.view()).encode())
        case "github":
            exits.show_bytes(reports.as_github(outcomes, ci.view()).encode())
    if ci.on_github() and format != "github":
        ci.annotate_problems([problem for outcome in outcomes for problem in reports.problems(outcome)])
    states = {outcome.state for outcome in outcomes}
    return exits.INVALID if "invalid" in states else exits.BREACH if "failed" in states else exits.MET
