"""The JSON Schema of agreement files, as editors use it."""

from __future__ import annotations

from typing import Any

from slacheck.agreement.agreement import Agreement


def agreement_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. Scalars may be written with or without quotes."""
    found = Agreement.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "slacheck agreement"}
