"""The statement as JUnit XML: what both known schemas allow, and what an independent reader makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.reports import FORMATS, View
from slacheck.statement import Statement, Statements
from tests.reports import statements as made
from tests.reports.golden_files import STATEMENTS, agreed
from tests.reports.hostile_statements import with_text

INT, TEXT = r"-?\d{1,9}", r"(?s).*"
# A token's blanks are taken together before it is looked at; of a name something must be left.
TOKEN, NAME = TEXT, r"(?s).*[^ \t\r\n].*"
# Both schemas together, element by element: the narrower of them wherever they differ.
SUITE = {
    "id": INT,
    "package": TOKEN,
    "name": NAME,
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "hostname": r"\S+",
    "tests": INT,
    "failures": INT,
    "errors": INT,
    "time": r"\d{1,3}(\.\d+)?",
}


@dataclass(frozen=True)
class Allowed:
    """What an element must have, may have, and holds in this order."""

    attributes: dict[str, str]
    optional: dict[str, str]
    holds: str


SCHEMA = {
    "testsuites": Allowed({}, {}, r"(testsuite )*"),
    "testsuite": Allowed(SUITE, {"skipped": INT}, r"properties (testcase )*system-out system-err "),
    "properties": Allowed({}, {}, r"(property )*"),
    "property": Allowed({"name": NAME, "value": TEXT}, {}, ""),
    "testcase": Allowed(
        {"name": TOKEN, "classname": TOKEN, "time": r"\d+(\.\d+)?"}, {}, r"((skipped|error|failure) )?"
    ),
    "failure": Allowed({"type": TEXT}, {"message": TEXT}, ""),
    "error": Allowed({"type": TEXT}, {"message": TEXT}, ""),
    "skipped": Allowed({}, {"message": TEXT, "type": TEXT}, ""),
    "system-out": Allowed({}, {}, ""),
    "system-err": Allowed({}, {}, ""),
}


def rendered(*statements: Statement, view: View | None = None) -> str:
    return FORMATS["junit"].render(made.document(*statements), view or View())


def suites(text: str) -> list[ET.Element]:
    """The suites of a document that both schemas allow."""
    root = ET.fromstring(text.encode())  # noqa: S314  (our own)
    assert root.tag == "testsuites"
    for element in root.iter():
        allowed = SCHEMA[element.tag]
        assert set(allowed.attributes) <= set(element.attrib) <= set(allowed.attributes) | set(allowed.optional)
        for name, value in element.attrib.items():
            assert re.fullmatch((allowed.attributes | allowed.optional)[name], value), (element.tag, name, value)
        assert re.fullmatch(allowed.holds, "".join(f"{child.tag} " for child in element))
    return list(root)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_document_is_the_one_that_was_agreed(name: str) -> None:
    content, golden = agreed(name, "junit", ".xml")
    assert content == golden


@pytest.mark.parametrize("name", STATEMENTS)
def test_both_schemas_allow_it_and_its_counts_are_right(name: str) -> None:
    statement = STATEMENTS[name]()
    one, other = suites(rendered(statement, statement))
    assert (one.attrib["id"], other.attrib["id"]) == ("0", "1")
    found = list(one.iter("testcase"))
    assert one.attrib["tests"] == str(len(found)) == str(len(statement.lines))
    for kind, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert one.attrib[counted] == str(sum(each.find(kind) is not None for each in found))


def test_a_breach_fails_what_is_open_errs_and_what_does_not_bind_is_skipped() -> None:
    lines = [made.available(), made.breached(), made.api_errors(), made.satisfaction(), made.nothing_measured()]
    undecided = made.satisfaction().model_copy(update={"verdict": "indeterminate"})
    met = made.satisfaction().model_copy(update={"verdict": "met"})
    (suite,) = suites(rendered(made.statement(*lines, undecided, met)))
    held = [next((child.tag for child in case), "") for case in suite.iter("testcase")]
    assert held == ["", "failure", "error", "skipped", "skipped", "skipped", ""]


def test_a_failure_says_what_was_measured_and_where_it_was_promised() -> None:
    line = made.breached().model_copy(update={"agreement_line": 14})
    view = View(folder="/builds/acme/terms", repository="/builds/acme")
    (suite,) = suites(rendered(made.statement(line), view=view))
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.attrib == {
        "type": "breached",
        "message": "measured 99.643%, target ≥ 99.9%, margin -1:54:28.8, credit £1,200.00",
    }
    assert (failure.text or "").splitlines()[0] == "terms/agreement.yaml:14"
    assert suite.attrib["timestamp"] == "2026-11-01T00:00:00"


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_independent_reader_counts_the_same(name: str) -> None:
    junitparser = pytest.importorskip("junitparser", reason="junitparser is not installed")
    statement = STATEMENTS[name]()
    (suite,) = junitparser.JUnitXml.fromstring(rendered(statement).encode())
    read = [[type(each).__name__.lower() for each in case.result] for case in suite]
    binding = {"breached": ["failure"], "indeterminate": ["error"], "met": []}
    for line, found in zip(statement.lines, read, strict=True):
        expected = binding if line.role == "service-level" else {"met": []}
        assert found == expected.get(line.verdict, ["skipped"])
    assert (suite.tests, suite.failures, suite.errors) == (
        len(read), read.count(["failure"]), read.count(["error"]),
    )  # fmt: skip


@given(st.text(min_size=1) | st.sampled_from(["]]>", "\x00", "\x1b[2J", "\ufffe", "\ud800", "&#0;", "<a b='", "  a  "]))
def test_no_text_is_markup_and_every_document_can_be_read_again(text: str) -> None:
    (suite,) = suites(rendered(with_text(made.whole(), text)))
    assert len(list(suite.iter("testcase"))) == 4


def test_without_statements_there_are_no_suites() -> None:
    assert suites(FORMATS["junit"].render(Statements(statements=()), View())) == []
