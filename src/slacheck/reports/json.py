"""The statement as JSON: the model itself, nothing added and nothing left out."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from slacheck.inspection.findings import Inspection
from slacheck.reports.view import View
from slacheck.statement import Statements

# All that Unicode calls control, format, surrogate, or separator of lines, and JSON itself leaves as it is.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_BEYOND_ASCII = re.compile("[^\x00-\x7e]")


def render(statements: Statements, view: View) -> str:
    """The document of some statements."""
    return document(statements, view)


def document(model: BaseModel, view: View) -> str:
    """Indented by two, one newline at the end.

    Characters stand as they are, but for those that a terminal obeys or hides, and in ASCII where the view asks for it.
    """
    try:
        text = model.model_dump_json(indent=2)
    except PydanticSerializationError:
        # The name of a file need not be UTF-8; Python then holds halves of characters, which JSON can only escape.
        text = json.dumps(model.model_dump(), indent=2, ensure_ascii=False)
    if text.isascii() and "\x7f" not in text:
        # Nothing to be found, and looking through it takes most of the time of a long document.
        return text + "\n"
    return (_BEYOND_ASCII if view.ascii else _UNSEEN).sub(_escape, text) + "\n"


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def inspection_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what ``inspect`` says as JSON."""
    return Inspection.model_json_schema(mode="serialization")


def statement_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    return Statements.model_json_schema(mode="serialization")
