"""``slacheck schema``: the JSON Schemas."""

from __future__ import annotations

import difflib
import json

from slacheck.cli import exits
from slacheck.cli.usage import UsageError, reported

SCHEMAS = (
    "agreement",
    "corrections",
    "claims",
    "statement",
    "inspection",
    "templates",
    "portfolio",
    "reconciliation",
    "test",
    "tests",
    "diff",
    "what-if",
)


@reported()
def run(of: str) -> int:
    """Print the schema of one of ``SCHEMAS``."""
    if of in ("agreement", "corrections", "claims"):
        from slacheck.agreement.schema import FILES

        found = FILES[of]()
    elif of == "statement":
        from slacheck.reports.json import statement_schema

        found = statement_schema()
    elif of == "inspection":
        from slacheck.reports.json import inspection_schema

        found = inspection_schema()
    elif of == "templates":
        from slacheck.starting.catalogue import Templates

        found = Templates.model_json_schema(mode="serialization")
    elif of == "portfolio":
        from slacheck.portfolio import Scorecard

        found = Scorecard.model_json_schema(mode="serialization")
    elif of == "test":
        from slacheck.language.json_schema import for_editors
        from slacheck.scenarios.terms import Tests

        found = for_editors(Tests.model_json_schema(by_alias=True), "slacheck test")
    elif of == "tests":
        from slacheck.reports.scenarios import TestsShown

        found = TestsShown.model_json_schema(mode="serialization")
    elif of == "reconciliation":
        from slacheck.reconciling import Reconciliation

        found = Reconciliation.model_json_schema(mode="serialization")
    elif of in ("diff", "what-if"):
        from slacheck.comparing import Difference, Reaches

        found = (Difference if of == "diff" else Reaches).model_json_schema(mode="serialization")
    else:
        close = difflib.get_close_matches(of, SCHEMAS, n=1)
        there = f"did you mean '{close[0]}'?" if close else f"there is {', '.join(SCHEMAS)}"
        raise UsageError(f"there is no schema of '{of}'; {there}")
    exits.show(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return exits.MET
