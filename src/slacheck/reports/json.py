"""The statement as JSON: the model itself, nothing added and nothing left out."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import PydanticSerializationError

from slacheck.reports.view import View
from slacheck.statement import Statements

_SURROGATE = re.compile("[\ud800-\udfff]")


def render(statements: Statements, _view: View) -> str:
    """Indented by two, characters as they are, one newline at the end; a view changes nothing."""
    try:
        return statements.model_dump_json(indent=2) + "\n"
    except PydanticSerializationError:
        # The name of a file need not be UTF-8; Python then holds halves of characters, which JSON can only escape.
        text = json.dumps(statements.model_dump(), indent=2, ensure_ascii=False)
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text) + "\n"


def statement_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    return Statements.model_json_schema(mode="serialization")
