"""The HTML page in a real browser: nothing asked for, said or cut off, and every number there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from slacheck.reports import FORMATS, View
from slacheck.reports.figures import Figures
from slacheck.statement import Line, Statement, Statements
from tests.reports import credit_statements as costs
from tests.reports import statements as made
from tests.reports.golden_files import HOSTILE, STATEMENTS
from tests.reports.hostile_statements import with_text
from tests.reports.pictured_statements import pictured
from tests.reports.test_html import SCRIPT

EXAMPLES = Path(__file__).parents[2] / "examples"
PHONE, DESKTOP = 390, 1280

Opened = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Opened]:
    """Opens some statements as a page; what it asks for and says is kept and must be nothing but the page."""
    contexts, asked, said = [], [], []

    def open_page(*statements: Statement, width: int = DESKTOP, colours: str = "light") -> Any:
        file = tmp_path / "page.html"
        file.write_bytes(FORMATS["html"].written(Statements(statements=statements), View()))
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=colours, bypass_csp=False, java_script_enabled=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

        def dismiss(dialog: Any) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert len(asked) == len(contexts)
    assert all(url.startswith("file:") for url in asked)


def sideways(page: Any) -> int:
    """How much wider than the screen the page is."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def all_text(page: Any) -> str:
    """Every word of the page, with all that opens open."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    text = page.evaluate("document.querySelector('main').innerText")
    return " ".join(str(text).split())


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("name", ["pictured", "hostile", "cases", "afterwards", "crossing", "no-bound"])
def test_nothing_overflows_sideways(opened: Opened, name: str, width: int, colours: str) -> None:
    statement = pictured() if name == "pictured" else STATEMENTS[name]()
    page = opened(statement, width=width, colours=colours)
    all_text(page)
    assert sideways(page) <= 0
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (colours == "dark")


def test_words_without_blanks_and_long_ones_wrap(opened: Opened) -> None:
    for width in (PHONE, DESKTOP):
        page = opened(with_text(pictured(), "Donaudampfschifffahrtsgesellschaft" * 12), width=width)
        all_text(page)
        assert sideways(page) <= 0


@pytest.mark.parametrize("text", [SCRIPT.replace("\udcff", ""), HOSTILE])
def test_nothing_of_a_file_is_obeyed(opened: Opened, text: str) -> None:
    page = opened(with_text(pictured(), text))
    assert page.evaluate("document.querySelectorAll('script, img, iframe, object, form, link, base').length") == 0
    found = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).map(a => a.name)"
        ".filter(name => name.startsWith('on') || name === 'style' || name === 'src').length"
    )
    assert found == 0


def test_a_page_is_read_alike_by_another_parser() -> None:
    html5lib = pytest.importorskip("html5lib")
    parser = html5lib.HTMLParser(strict=True)
    for statement in (pictured(), with_text(pictured(), SCRIPT)):
        parser.parse(FORMATS["html"].render(made.document(statement, statement), View()))


def numbers(statement: Statement) -> Iterator[str]:
    """Every figure of a statement that a reader could turn to, as it is written."""
    figures = Figures()
    if statement.total:
        for amount in (statement.total.least, statement.total.most):
            if amount is not None:
                yield figures.money(amount.removeprefix("-"), statement.total.currency)
    for line in statement.lines:
        yield from _of_line(figures, statement, line)
    for each in statement.exclusions:
        yield figures.duration(each.excused)
        yield each.place
    for source in statement.sources:
        yield f"{source.rows.read:,}"
    for given in statement.inputs:
        yield given.sha256
    for right in statement.rights:
        if right.use_by and right.state == "arose":
            yield figures.day(right.use_by)
    yield statement.agreement.sha256


def _of_line(figures: Figures, statement: Statement, line: Line) -> Iterator[str]:
    if line.balance:
        for time in (line.balance.period, line.balance.up, line.balance.down, line.balance.unknown,
                     line.balance.excluded, line.balance.outside):  # fmt: skip
            if time:
                yield figures.duration(time)
    if line.counted and line.measure != "count" and line.counted.rows is not None:
        yield f"{line.counted.total:,}"
        yield f"{line.counted.good:,}"
    if line.cases:
        yield f"{line.cases.total:,}"
    for stretch in (*line.worst_outages, *line.unknown_stretches):
        yield stretch.place
        if line.measure != "count":
            yield figures.duration(stretch.counted)
    for case in line.worst_cases:
        yield case.place
    if line.credit and line.credit.unit == "money" and statement.total and line.role == "service-level":
        steps = (*line.credit.least.steps, *(line.credit.most.steps if line.credit.most else ()))
        if steps:
            yield figures.money(line.credit.least.amount, statement.total.currency).removeprefix("-")
    if line.credit and line.credit.claim_by and line.credit.claimed is None and Fraction(line.credit.least.amount) > 0:
        yield figures.day(line.credit.claim_by)


def examples() -> list[str]:
    return sorted(folder.name for folder in EXAMPLES.iterdir() if (folder / "statement.json").exists())


@pytest.mark.parametrize("name", examples())
def test_every_number_of_an_example_is_on_its_page(opened: Opened, name: str) -> None:
    document = json.loads((EXAMPLES / name / "statement.json").read_text(encoding="utf-8"))
    statement = Statements.model_validate(document).statements[-1]
    text = all_text(opened(statement))
    # Of many lines the gravest alone are shown in full.
    few = statement if len(statement.lines) <= 20 else statement.model_copy(update={"lines": ()})
    missing = {each for each in numbers(few) if each and each not in text}
    assert not missing


@pytest.mark.parametrize("made_by", [pictured, made.whole, costs.crossing])
def test_every_number_of_a_sample_is_on_its_page(opened: Opened, made_by: Callable[[], Statement]) -> None:
    statement = made_by()
    text = all_text(opened(statement))
    assert not {each for each in numbers(statement) if each and each not in text}


def test_a_link_leads_to_how_its_number_came_about(opened: Opened) -> None:
    page = opened(pictured())
    page.click("table.levels a >> nth=0")
    assert page.evaluate("document.querySelector(location.hash).innerText").startswith("Availability")
    page.click("text=How Availability was worked out")
    shown = page.inner_text(f"{page.evaluate('location.hash')} details[open] .told >> nth=0")
    assert "exactly 99.642857142857" in shown


def test_a_phone_sees_the_narrow_strip_and_a_screen_the_wide_one(opened: Opened) -> None:
    seen = "[...document.querySelectorAll('.wide, .narrow')].filter(e => e.offsetParent).map(e => e.className)"
    assert opened(pictured(), width=PHONE).evaluate(seen) == ["narrow"]
    assert opened(pictured(), width=DESKTOP).evaluate(seen) == ["wide"]


def test_paper_shows_what_is_folded_up_and_is_never_dark(opened: Opened) -> None:
    page = opened(pictured(), colours="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.querySelector('.told').getClientRects().length") > 0
    assert page.evaluate("document.querySelector('.told').checkVisibility({contentVisibilityAuto: true})")
    assert len(page.pdf(format="A4", print_background=True, prefer_css_page_size=True)) > 10_000


def test_two_hundred_statements_open(opened: Opened) -> None:
    page = opened(*[pictured() for _ in range(200)])
    assert page.evaluate("document.querySelectorAll('article').length") == 200
    page.click("table.overview a >> nth=199")
    assert page.evaluate("document.querySelector('#s200-title').getBoundingClientRect().top < window.innerHeight")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("several", [False, True])
def test_axe_finds_nothing(chromium: Any, tmp_path: Path, width: int, colours: str, several: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    file = tmp_path / "page.html"
    shown = (pictured(), STATEMENTS["cases"](), costs.no_bound()) if several else (pictured(),)
    file.write_bytes(FORMATS["html"].written(Statements(statements=shown), View()))
    # What looks at the page is a script, which the page itself forbids.
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=colours, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    all_text(page)
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in found] == []
