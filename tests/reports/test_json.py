"""The statement as JSON: complete, the same bytes each time, and what its schema says."""

from __future__ import annotations

import json

from slacheck.reports import FORMATS, View
from slacheck.reports.json import statement_schema
from slacheck.statement import Statements
from tests.reports import statements as made
from tests.reports.case_statements import cases
from tests.reports.later_statements import afterwards


def text(document: Statements) -> str:
    return FORMATS["json"].render(document, View())


def test_what_is_read_back_is_what_was_written() -> None:
    document = made.document(made.whole(), cases(), afterwards(), made.statement())
    assert Statements.model_validate_json(text(document)) == document


def test_it_is_indented_by_two_unescaped_and_ends_in_one_newline() -> None:
    whole = made.statement(notes=("5 € – ≥ 99.9 %, Ωμέγα",))
    shown = text(made.document(whole))
    assert shown.startswith('{\n  "slacheck_statements": 1,\n  "statements": [\n    {\n      "format": 1,\n')
    assert '"5 € – ≥ 99.9 %, Ωμέγα"' in shown
    assert shown.endswith("}\n")
    assert not shown.endswith("\n\n")


def test_the_view_changes_nothing() -> None:
    document = made.document(made.whole())
    assert FORMATS["json"].render(document, View(60, colour=True, ascii=True)) == text(document)


def test_a_file_name_that_is_not_utf_8_is_escaped_and_the_rest_stays_as_it_is() -> None:
    odd = made.whole()
    odd = odd.model_copy(update={"agreement": odd.agreement.model_copy(update={"file": "caf\udce9.yaml"})})
    shown = text(made.document(odd))
    assert shown.encode() == text(made.document(made.whole())).replace("agreement.yaml", r"caf\udce9.yaml").encode()
    assert json.loads(shown)["statements"][0]["agreement"]["file"] == "caf\udce9.yaml"


def test_the_schema_names_every_field_and_allows_no_other() -> None:
    schema = statement_schema()
    assert schema["additionalProperties"] is False
    line = schema["$defs"]["Line"]
    written = json.loads(text(made.document(made.whole())))["statements"][0]["lines"][0]
    assert set(line["properties"]) == set(written)
