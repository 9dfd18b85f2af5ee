"""The PDF: read by other programs, every amount and verdict there, no markup in text, the same bytes everywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from slacheck.reports import FORMATS, View
from slacheck.reports.charts.values import CreditHistory, History, Range, Squares, Strip
from slacheck.reports.document import document
from slacheck.reports.document.shapes import VerdictBox
from slacheck.reports.pdf import pages
from slacheck.statement import Statement, Statements
from tests.reports import statements as made
from tests.reports.elsewhere import written_elsewhere
from tests.reports.golden_files import FOLDER, STATEMENTS
from tests.reports.hostile_statements import with_text
from tests.reports.pictured_statements import pictured
from tests.required import missing

pytest.importorskip("typst", reason="the extra 'pdf' is not installed")


def poppler(program: str) -> str:
    """The path of a program of poppler; SLACHECK_REQUIRE_BROWSER=1 turns a skip into a failure."""
    found = shutil.which(program)
    if found is None:
        missing(f"{program} of poppler-utils is not installed", "SLACHECK_REQUIRE_BROWSER")
    return found


def written(*statements: Statement) -> bytes:
    return FORMATS["pdf"].written(made.document(*statements), View())


def read(content: bytes, folder: Path, *options: str) -> str:
    """The text of all pages, each line as it stands."""
    path = folder / "read.pdf"
    path.write_bytes(content)
    command = [poppler("pdftotext"), "-layout", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()  # noqa: S603


def words(text: str) -> str:
    """Text without its line breaks and columns."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", [name for name in STATEMENTS if name != "hostile"])
def test_every_level_amount_and_verdict_is_on_the_pages(name: str, tmp_path: Path) -> None:
    statement = STATEMENTS[name]()
    shown = words(read(written(statement), tmp_path))
    told = document(statement, View())
    for text in (told.heading.title, told.verdict.headline, *(row.measured for row in told.levels.rows)):
        assert words(text) in shown
    for row in told.levels.rows:
        assert all(part in shown for part in row.name.split())
        assert row.badge.word in shown
    if told.account is not None:
        assert told.account.settled in shown
        assert told.account.still_open in shown


@pytest.mark.parametrize("name", ["whole", "cases", "afterwards", "points", "no-bound"])
def test_the_first_page_alone_is_the_statement(name: str, tmp_path: Path) -> None:
    statement = STATEMENTS[name]()
    told = document(statement, View())
    first = words(read(written(statement), tmp_path, "-f", "1", "-l", "1"))
    for text in (told.verdict.headline, "Service levels", *("What to do" for _ in told.actions[:1])):
        assert words(text) in first
    if told.account is not None:
        assert told.account.owed_name in first
        assert told.account.settled in first
    assert "How it was worked out" not in first
    second = words(read(written(statement), tmp_path, "-f", "2", "-l", "2"))
    assert "How it was worked out" in second


def test_where_the_statement_needs_more_than_a_page_none_is_left_half_empty(tmp_path: Path) -> None:
    statement = STATEMENTS["crossing"]()
    first, second = (read(written(statement), tmp_path, "-f", page, "-l", page) for page in "12")
    assert "by 30 Nov 2026: Availability" not in words(first)
    assert words(second).index("by 30 Nov 2026: Availability") < words(second).index("How it was worked out")


STATES = ("bad", "good", "open", "idle", "kpi")
# Not for the eye are places to go to, how it stands (a sign and a colour), and what another field says as well.


def marked(value: Any, marks: list[str]) -> Any:
    """A document with a word of its own in place of every text that is not what a picture draws, noted in ``marks``."""
    match value:
        case str() if value and value not in STATES:
            marks.append(f"word{len(marks)}")
            return marks[-1]
        case tuple():
            return tuple(marked(each, marks) for each in value)
        case VerdictBox():
            kept = {"badge", "still_open"}
        case Strip():
            kept = {"description", "axis", "ticks", "rows", "states"}
        case CreditHistory():
            kept = {"description", "bars", "ticks", "cap"}
        case History() | Range() | Squares():
            return value
        case _:
            kept = {"anchor", "section", "state", "kind"}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {each.name: marked(getattr(value, each.name), marks) for each in fields(value) if each.name not in kept}
    return replace(value, **changed)


@pytest.mark.parametrize("name", [*(name for name in STATEMENTS if name != "hostile"), "pictured"])
def test_all_that_the_document_says_is_on_the_pages(name: str, tmp_path: Path) -> None:
    statement = pictured() if name == "pictured" else STATEMENTS[name]()
    marks: list[str] = []
    told = marked(document(statement, View()), marks)
    assert len(marks) > 50
    content = pages([told], datetime(2026, 11, 1, tzinfo=UTC), "{}")
    assert set(marks) - set(re.findall(r"word\d+", read(content, tmp_path))) == set()


def test_pictures_are_told_to_those_who_do_not_see_them() -> None:
    content = written(pictured())
    assert content.count(b"/Figure") >= 8
    assert content.count(b"/Figure") <= content.count(b"/Alt")


def test_long_names_are_broken_and_stay_whole_for_who_copies_them(tmp_path: Path) -> None:
    place = "exports/2026-10/production/eu-west-1/checkout-service-availability-samples.csv"
    level = "requests_of_the_public_payment_gateway_checkout_service_in_all_regions_of_the_world_and_beyond_it"
    raw = made.whole().model_dump_json().replace("probes-10.csv", place)
    statement = Statement.model_validate_json(raw.replace('"title":"Availability"', f'"title":"{level}"'))
    shown = read(written(statement), tmp_path)
    assert f"{place}:17943" in words(shown)
    assert "\u200b" not in shown
    # As it stands in the table of levels, on lines of its own, which are no wider than the page.
    assert level in re.sub(r"\s+", "", shown)


@pytest.mark.parametrize("name", ["whole", "cases", "hostile"])
def test_the_text_is_that_which_was_agreed(name: str, tmp_path: Path) -> None:
    """Words in the order of reading: where they stand is also the business of the program that reads them."""
    shown = words(read(written(STATEMENTS[name]()), tmp_path)).split(" ")
    path = FOLDER / f"{name}.pdf.txt"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        path.write_text("\n".join(shown) + "\n", encoding="utf-8")
    assert sorted(shown) == sorted(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))


@pytest.mark.parametrize(
    "text",
    ['#panic("x")', "$1/0$ *b* _i_ @x <y>", "\\ #let a = 1", "`raw` // comment", "= Heading", "]] #[", "{{7*7}}"],
)
def test_text_is_never_markup(text: str, tmp_path: Path) -> None:
    shown = words(read(written(with_text(made.whole(), text)), tmp_path))
    assert words(text) in shown


def test_letters_that_no_font_has_are_told_by_their_numbers(tmp_path: Path) -> None:
    agreement = made.whole().agreement.model_copy(update={"customer": "東京 Acme, Łódź, ₹"})
    shown = words(read(written(made.whole().model_copy(update={"agreement": agreement})), tmp_path))
    assert "U+6771U+4EAC Acme, Łódź, ₹" in shown
    assert "Characters that the fonts of this page do not have" in shown
    assert "Characters that" not in words(read(written(made.whole()), tmp_path))


@pytest.mark.parametrize("locale", ["ja", "hi", "ar", "he"])
def test_dates_that_a_page_cannot_write_are_english_and_it_says_so(locale: str, tmp_path: Path) -> None:
    """The letters of Japanese and Hindi are in no font; a date from right to left changes its order among English."""
    shown = words(read(FORMATS["pdf"].written(made.document(made.whole()), View(locale=locale)), tmp_path))
    assert f"Figures and dates are in English: this page cannot write those of '{locale}'." in shown
    assert "by 30 Nov 2026" in shown
    assert f"--locale {locale}" in shown
    assert "U+" not in shown


@pytest.mark.parametrize(("locale", "day"), [("de", "30.11.2026"), ("fr", "30 nov. 2026"), ("ru", "30 нояб. 2026")])
def test_dates_are_those_of_the_locale(locale: str, day: str, tmp_path: Path) -> None:
    shown = words(read(FORMATS["pdf"].written(made.document(made.whole()), View(locale=locale)), tmp_path))
    assert day in shown
    assert "in English" not in shown


def test_the_statement_is_inside_as_json(tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    path.write_bytes(written(made.whole()))
    command = [poppler("pdfdetach"), "-save", "1", "-o", str(tmp_path / "inside.json"), str(path)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    inside = (tmp_path / "inside.json").read_text(encoding="utf-8")
    assert Statements.model_validate_json(inside) == made.document(made.whole())


def test_it_is_tagged_and_archival(tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    path.write_bytes(written(made.whole()))
    done = subprocess.run([poppler("pdfinfo"), str(path)], check=True, capture_output=True, text=True)  # noqa: S603
    assert re.search(r"Tagged: +yes", done.stdout)
    assert re.search(r"JavaScript: +no", done.stdout)
    metadata = subprocess.run(  # noqa: S603
        [poppler("pdfinfo"), "-meta", str(path)], check=True, capture_output=True, text=True
    ).stdout
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    fonts = subprocess.run(  # noqa: S603
        [shutil.which("pdffonts") or "pdffonts", str(path)], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "a font is not embedded"


def test_several_statements_each_begin_a_page_after_a_list_of_them(tmp_path: Path) -> None:
    one = read(written(made.whole()), tmp_path).count("\f")
    both = written(made.whole(), STATEMENTS["cases"]())
    assert read(both, tmp_path).count("\f") == 1 + one + read(written(STATEMENTS["cases"]()), tmp_path).count("\f")
    first = words(read(both, tmp_path, "-f", "1", "-l", "1"))
    for told in (document(made.whole(), View()), document(STATEMENTS["cases"](), View())):
        assert told.verdict.amount is not None
        assert told.verdict.amount.value in first
        assert told.actions[0].title in first
    assert "How the credit comes about" not in first


def test_without_a_statement_there_is_a_page_that_says_so(tmp_path: Path) -> None:
    assert "No statement" in read(written(), tmp_path)


def test_the_same_bytes_come_from_any_process() -> None:
    here = written(pictured())
    assert written_elsewhere("pdf", made.document(pictured())) == [here, here]


def test_the_statement_of_the_json_is_not_changed_by_being_drawn() -> None:
    statement = made.whole()
    before = json.loads(statement.model_dump_json())
    written(statement)
    assert json.loads(statement.model_dump_json()) == before
