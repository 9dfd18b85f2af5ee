"""The statement as Markdown, read by a parser of it: the tables it is to hold, and no text that is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from slacheck.reports import FORMATS, View
from slacheck.reports.markdown import inert
from slacheck.statement import Statement, Statements
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import statements as made
from tests.reports.golden_files import STATEMENTS, agreed
from tests.reports.hostile_statements import with_text

OURS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "hr"}
APART = "\u200b"
# As the two hosts read it, and with raw HTML let through, which neither of them forbids altogether.
_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class _Page(HTMLParser):
    """The tags, the attributes and the text of every block of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._in_cell = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._in_cell = self._in_cell or tag in ("td", "th")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("![")


def rendered(*statements: Statement) -> str:
    return FORMATS["markdown"].render(made.document(*statements), View())


def page(text: str) -> _Page:
    return _Page(_READER.render(text))


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_text_is_the_one_that_was_agreed(name: str) -> None:
    content, golden = agreed(name, "markdown", ".md")
    assert content == golden


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_is_headings_lists_and_whole_tables(name: str) -> None:
    found = page(rendered(STATEMENTS[name]()))
    assert set(found.tags) <= OURS
    assert {attribute for attribute, _ in found.attributes} <= {"style"}
    assert found.tags.count("h1") == 1
    assert "table" in found.tags


def test_the_verdict_the_amount_and_what_to_do_come_first() -> None:
    found = page(rendered(made.whole()))
    order = [
        "Web hosting for Acme",
        "Availability was breached",
        "at least £1,200.00",
        "What to do",
        "Levels",
        "99.643%",
        "Cap 20% of monthly",
        "Database failover failed",
        "89,412 rows",
    ]
    places = [found.text.index(each) for each in order]
    assert places == sorted(places)


def test_a_level_is_a_row_with_its_values() -> None:
    row = next(row for row in page(rendered(made.whole())).rows if row[0] == "❌ breached")
    assert row == ["❌ breached", "Availability (clause 4.1.2)", "≥ 99.9%", "99.643%", "-1:54:28.8", "£1,200.00"]


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for statement in (made.whole(), cases.cases(), costs.crossing(), with_text(made.whole(), "a|b\\|c\\")):
        for table in re.findall(r"(?:^\|.*\n?)+", rendered(statement), re.MULTILINE):
            assert len({len(row) for row in page(table).rows}) == 1
            assert len(page(table).rows) == len(table.splitlines()) - 1


_TEXTS = st.text(min_size=1) | st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](https://x.example)", "![a](https://x.example)",
        "<https://x.example>", "a|b", "\\|", "`code`", "**b** _i_ ~~s~~", "# h", "- item", "1. item", "+ a", "=====",
        "---", "&lt;b&gt;&#64;", "<!-- c -->", "[a]: https://x.example", "    code", "~~~", "> quote", "/close", "\\",
        "$x$ $$y$$", "a\n\n# b", "|---|", "*", "_a_b_", "2) x",
    ]
)  # fmt: skip


@given(_TEXTS)
def test_no_text_is_markup(text: str) -> None:
    found = page(rendered(with_text(made.whole(), text)))
    plain = page(rendered(with_text(made.whole(), "text")))
    assert found.tags == plain.tags or not text.strip()
    assert {attribute for attribute, _ in found.attributes} <= {"style"}


@given(_TEXTS)
def test_text_is_read_as_it_was(text: str) -> None:
    from slacheck.reports.layout import harmless

    shown = harmless(text)
    if shown:
        assert page(f"a {inert(shown)} z").text.replace(APART, "") == f"a {shown.replace(APART, '')} z\n"


@pytest.mark.parametrize(
    "text", ["@team", "a@b.example", "https://x.example", "ftp://x.example", "www.x.example", "WWW.x", "#12", "!12"]
)
def test_no_text_calls_anybody_or_is_made_a_link(text: str) -> None:
    read = page(f"a {inert(text)} z").text
    assert APART in read
    assert not re.search(r"@\w|://|www\.|[#!]\d", read, re.IGNORECASE)
    assert re.search(r"@\w|://|www\.|[#!]\d", text, re.IGNORECASE)


def test_statements_are_parted_by_a_rule() -> None:
    text = rendered(made.whole(), cases.cases())
    assert text == f"{rendered(made.whole())}\n---\n\n{rendered(cases.cases())}"
    assert FORMATS["markdown"].render(Statements(statements=()), View()).startswith("No statement")
