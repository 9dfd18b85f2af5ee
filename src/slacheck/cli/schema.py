"""``slacheck schema``: the JSON Schemas."""

from __future__ import annotations

import json

from slacheck.cli import exits
from slacheck.cli.usage import UsageError, reported


@reported()
def run(of: str) -> int:
    """Print the schema of ``agreement``, ``statement`` or ``inspection``."""
    if of == "agreement":
        from slacheck.agreement.schema import agreement_schema

        found = agreement_schema()
    elif of == "statement":
        from slacheck.reports.json import statement_schema

        found = statement_schema()
    elif of == "inspection":
        from slacheck.reports.json import inspection_schema

        found = inspection_schema()
    else:
        raise UsageError(f"there is a schema of 'agreement', of 'statement' and of 'inspection', not of '{of}'")
    exits.show(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return exits.MET
