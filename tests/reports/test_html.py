"""The report as one HTML page: agreed documents, nothing of a file obeyed, the same bytes everywhere."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser

import pytest

from slacheck.reports import FORMATS, View
from slacheck.statement import Statement, Statements
from tests.reports import statements as made
from tests.reports.elsewhere import written_elsewhere
from tests.reports.golden_files import FOLDER, HOSTILE, STATEMENTS
from tests.reports.hostile_statements import with_text
from tests.reports.pictured_statements import pictured

# What is pictured is all of "whole", and more.
AGREED = {name: made_by for name, made_by in STATEMENTS.items() if name != "whole"} | {"pictured": pictured}
SCRIPT = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"' onload=x {{7*7}} {% raw %} \udcff"
VOID = frozenset(["meta", "br", "rect", "line", "circle", "polyline", "polygon"])
# What a page may be made of; everything else would come from a file.
TAGS = VOID | {
    *("html", "head", "title", "style", "body", "main", "header", "article", "section", "footer", "div", "span", "p"),
    *("h1", "h2", "h3", "h4", "b", "a", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "details"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "summary", "code"),
    *("svg", "desc", "defs", "pattern", "text"),
}


def page(*statements: Statement) -> str:
    return FORMATS["html"].render(made.document(*statements), View())


class Parts(HTMLParser):
    """What a page is made of: tags, attributes, ids, links, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.named: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.named += (given.get("aria-labelledby") or "").split()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", AGREED)
def test_documents_are_as_agreed(name: str) -> None:
    # The stylesheet is the same in all of them, and is looked at in a browser.
    content = re.sub("(?s)(?<=<style>).*(?=</style>)", "", page(AGREED[name]()), count=1).encode()
    path = FOLDER / f"{name}.html"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        path.write_bytes(content)
    assert content == path.read_bytes()


@pytest.mark.parametrize("name", AGREED)
def test_every_page_is_well_formed(name: str) -> None:
    parts = Parts(page(AGREED[name](), AGREED[name]()))
    assert parts.open == []
    assert parts.tags <= TAGS
    assert len(parts.ids) == len(set(parts.ids))
    assert {link.removeprefix("#") for link in parts.links} <= set(parts.ids)
    assert set(parts.named) <= set(parts.ids)


@pytest.mark.parametrize("text", [SCRIPT, HOSTILE])
def test_nothing_of_a_file_is_markup(text: str) -> None:
    plain, hostile = Parts(page(pictured())), Parts(page(with_text(pictured(), text)))
    assert hostile.tags <= plain.tags | TAGS
    assert not {name for name in hostile.attributes if name.startswith("on") or name in ("src", "style", "srcset")}
    assert all(link.startswith("#s") for link in hostile.links)
    assert "49" not in re.findall(r"\b49\b", hostile.text)
    page(with_text(pictured(), text)).encode()


def test_a_page_asks_for_nothing() -> None:
    html = page(pictured())
    assert "default-src 'none'" in html
    found = set(re.findall(r"https?://[^\"'\s<]+", html))
    assert found == {"http://www.w3.org/2000/svg"}
    assert "@import" not in html
    assert re.findall(r"url\(([^#)][^)]*)\)", html) == []


def test_actions_stand_with_their_days() -> None:
    html = page(pictured())
    text = " ".join(Parts(html).text.split())
    assert "Claim the credit by 30 Nov 2026" in text.replace("creditby", "credit by")
    assert "Send what is missing of requests" in text
    assert "Decide on the right: termination" in text
    assert html.index("What to do") < html.index("Service levels") < html.index("How the credit comes about")


def test_several_statements_are_listed_first_and_linked() -> None:
    parts = Parts(page(made.whole(), made.statement(made.available())))
    assert "2 statements" in parts.text
    assert parts.links[:2] == ["#s1", "#s2"]
    assert "All statements" not in page(made.whole())


def test_nothing_settled_is_a_page_too() -> None:
    parts = Parts(page())
    assert "No agreement was in force." in parts.text


def test_of_many_lines_the_gravest_are_shown_and_the_others_counted() -> None:
    lines = [made.available(f"host-{number}") for number in range(70)] + [made.breached("host-bad")]
    html = page(made.statement(*lines, total=made.total("1200.00", "1200.00", 71)))
    assert html.index("host-bad") < html.index("host-0<")
    assert "and 21 more; every line is in the JSON" in html
    assert "and 51 more; every line is in the JSON" in html
    assert len(html) < 400_000


def test_other_processes_give_the_same_bytes() -> None:
    statements = Statements(statements=(pictured(), made.whole()))
    here = FORMATS["html"].written(statements, View())
    assert written_elsewhere("html", statements) == [here, here]
