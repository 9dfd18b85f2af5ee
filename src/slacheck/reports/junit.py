"""JUnit XML: a suite per statement and a case per line, in the one form that both of the known schemas accept."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from slacheck.reports.annotations import currency_of, gist, in_repository
from slacheck.reports.consequences import consequences
from slacheck.reports.layout import Page, harmless
from slacheck.reports.view import View
from slacheck.reports.wording import line_name
from slacheck.statement import Line, LineVerdict, Statement, Statements

# A breach fails; what is open is an error, since nothing was found out; what does not bind is skipped.
_OUTCOMES: Final[dict[LineVerdict, str]] = {
    "breached": "failure",
    "indeterminate": "error",
    "missed": "skipped",
    "not-applicable": "skipped",
}

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(statements: Statements, view: View) -> str:
    """The whole document, indented; nothing of it is read from a clock or the machine."""
    root = ET.Element("testsuites")
    for number, statement in enumerate(statements.statements):
        _suite(root, number, statement, view)
    return as_document(root)


def as_document(root: ET.Element) -> str:
    """An element as a whole document, indented."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, number: int, statement: Statement, view: View) -> None:
    page, agreement, period = Page(view), statement.agreement, statement.period
    outcomes = [_outcome(line) for line in statement.lines]
    shown = period.part or period
    suite = ET.SubElement(
        root,
        "testsuite",
        # The stricter schema wants all of these, and counts a host and a time of which there are none.
        id=str(number),
        package=xml(agreement.id),
        name=xml(f"{harmless(agreement.title)}, {harmless(shown.title)}"),
        timestamp=shown.end[:19],
        hostname="localhost",
        tests=str(len(outcomes)),
        failures=str(outcomes.count("failure")),
        errors=str(outcomes.count("error")),
        skipped=str(outcomes.count("skipped")),
        time="0",
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(statement, view).items():
        ET.SubElement(properties, "property", name=name, value=value)
    for line in statement.lines:
        _case(suite, page, statement, line, view)
    said = ET.SubElement(suite, "system-out")
    said.text = "\n".join(xml(sentence) for sentence in consequences(page, statement))
    ET.SubElement(suite, "system-err").text = ""


def _properties(statement: Statement, view: View) -> dict[str, str]:
    agreement, period, total = statement.agreement, statement.period, statement.total
    found = {
        "agreement": harmless(agreement.id),
        "provider": harmless(agreement.provider),
        "customer": harmless(agreement.customer),
        "period": harmless(period.label),
        "verdict": statement.verdict,
        "file": harmless(in_repository(agreement.file, view)),
        "sha256": agreement.sha256,
    }
    if total:
        found |= {"currency": total.currency, "owed_least": total.least, "owed_most": total.most or ""}
    return {name: xml(value) for name, value in found.items()}


def _case(suite: ET.Element, page: Page, statement: Statement, line: Line, view: View) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=xml(f"{harmless(statement.agreement.id)}.{harmless(line.level)}"),
        name=xml(line_name(page, line)), time="0",
    )  # fmt: skip
    outcome = _outcome(line)
    if not outcome:
        return
    said = xml(gist(page, line, currency_of(statement)))
    told = ET.SubElement(case, outcome, message=said, type=line.verdict)
    told.text = xml(f"{_place(page, statement, line, view)}{said}")


def _outcome(line: Line) -> str:
    """The name of the element that a case holds, empty where it passed; what does not bind never fails."""
    if line.role == "kpi" and line.verdict != "met":
        return "skipped"
    return _OUTCOMES.get(line.verdict, "")


def _place(page: Page, statement: Statement, line: Line, view: View) -> str:
    path = page.clean(in_repository(statement.agreement.file, view))
    return f"{path}:{line.agreement_line}\n" if line.agreement_line else f"{path}\n"


def xml(text: str) -> str:
    """Text in which every character may stand in XML; the standard library writes others, and cannot read them."""
    return _ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
