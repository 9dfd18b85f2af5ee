"""Which form of time an export uses is told from its cells; where two would read them all, neither is chosen."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.engine import bad_cells, date_forms, text_rules
from slacheck.engine.date_forms import Forms, candidates
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, read
from slacheck.problems import Problem


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["31/10/2026 14:05"], ["%d/%m/%Y %H:%M"]),
        (["10/31/2026 02:05:01 PM", "01/02/2026 12:00:00 AM"], ["%m/%d/%Y %I:%M:%S %p"]),
        (["31-10-2026 14:05:59"], ["%d-%m-%Y %H:%M:%S"]),
        (["1.10.2026, 9:05", "31.10.2026, 14:05"], ["%d.%m.%Y, %H:%M"]),
        (["01-Oct-26 14:05"], ["%d-%b-%y %H:%M"]),
        (["October 1, 2026", "May 3, 2026"], ["%B %d, %Y"]),
        (["Thu, 01 Oct 2026 00:00:00 +0000"], ["%a, %d %b %Y %H:%M:%S %z"]),
        (["01/Oct/2026:10:00:00 +0200"], ["%d/%b/%Y:%H:%M:%S %z"]),
        (["2026-10-01 10:00:00,123"], ["%Y-%m-%d %H:%M:%S,%f"]),
        (["20261001120000"], ["%Y%m%d%H%M%S"]),
        (["2026-275"], ["%Y-%j"]),
        (["2026-W40-4"], ["%G-W%V-%u"]),
        (["2026-10-01T00:00:00Z", "2026-10-02"], [None]),
        (["1790812800", "1790812860.5"], ["epoch-seconds"]),
        (["1.7908128e12"], ["epoch-milliseconds"]),
        (["1790812800000000"], ["epoch-microseconds"]),
        (["1790812800000000000"], ["epoch-nanoseconds"]),
    ],
)
def test_one_form_fits(texts: list[str], forms: list[str | None]) -> None:
    assert candidates(texts) == Forms(tuple(forms), decided=True)


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["03/04/2026", "05/06/2026"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["03/03/2026"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["01/02/03"], ("%d/%m/%y", "%m/%d/%y", "%y/%m/%d")),
    ],
)
def test_two_forms_fit_and_nothing_is_decided(texts: list[str], forms: tuple[str, ...]) -> None:
    assert candidates(texts) == Forms(forms, decided=False)


@pytest.mark.parametrize("texts", [[], ["03:17.4"], ["31/10/2026", "2026-10-01"], ["soon"], ["12345"], ["99/99/2026"]])
def test_no_form_fits(texts: list[str]) -> None:
    assert candidates(texts).fitting == ()


def test_may_is_a_short_name_and_a_long_one() -> None:
    assert candidates(["3 May 2026"]) == Forms(("%d %b %Y", "%d %B %Y"), decided=True)


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2060, 1, 1)), min_size=1, max_size=5),
    form=st.sampled_from([date + tail for date in date_forms._DATES for tail in ("", " %H:%M", ", %I:%M:%S %p")]),
)
def test_the_form_that_wrote_the_cells_is_among_those_that_fit(moments: list[datetime], form: str) -> None:
    texts = [moment.strftime(form) for moment in moments]
    found = candidates(texts).fitting
    assert form in found or found == (None,) or found[0] in text_rules.EPOCHS


def problems(tmp_path_factory: pytest.TempPathFactory, cells: list[str], form: str | None = None) -> list[Problem]:
    folder = tmp_path_factory.mktemp("dates")
    (folder / "x.csv").write_text("time\n" + "".join(f"{cell}\n" for cell in cells[:2]))
    (folder / "y.csv").write_text("time\n" + "".join(f"{cell}\n" for cell in cells[2:]))
    with DuckScratch() as scratch:
        files = [open_file(folder / name, name) for name in ("x.csv", "y.csv")]
        return bad_cells.problems(scratch, read(scratch, files, [Column("at", ("time",), text_rules.instant(form))]))


def test_an_undeclared_form_is_named_with_the_cell_that_decides(tmp_path_factory: pytest.TempPathFactory) -> None:
    (problem,) = problems(tmp_path_factory, ["03/04/2026", "04/04/2026", "12/04/2026", "13/04/2026"])
    assert (problem.code, problem.row, problem.message) == (
        "bad-time",
        2,
        "times without a declared form, such as '03/04/2026'",
    )
    assert problem.help == (
        'write time_format: "%d/%m/%Y" on the source: it reads all 4 cells;'
        " '13/04/2026' in y.csv, row 3, is not \"%m/%d/%Y\""
    )


def test_what_the_data_does_not_decide_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    (problem,) = problems(tmp_path_factory, ["04/04/2026", "05/05/2026", "03/04/2026"])
    assert (problem.code, problem.path, problem.row) == ("two-readings", "y.csv", 2)
    assert problem.message == "'03/04/2026' is 2026-04-03 or 2026-03-04"
    assert problem.help == (
        '"%d/%m/%Y" and "%m/%d/%Y" read all 3 cells: the data does not decide; '
        "write the one that the export uses as time_format"
    )
    (problem,) = problems(tmp_path_factory, ["04/04/2026"])
    assert problem.message == "'04/04/2026' is 2026-04-04"


def test_a_column_in_two_forms_names_the_cell_that_no_one_form_reads(tmp_path_factory: pytest.TempPathFactory) -> None:
    (problem,) = problems(tmp_path_factory, ["13/04/2026", "14/04/2026", "04/15/2026"])
    assert (problem.path, problem.row) == ("y.csv", 2)
    assert problem.message == "not a time: '04/15/2026', where others are written as '13/04/2026'"
    assert problem.help == 'time_format: "%d/%m/%Y" reads 2 of 3 cells, not this one'


def test_a_declared_form_that_a_cell_contradicts_names_the_cell(tmp_path_factory: pytest.TempPathFactory) -> None:
    (problem,) = problems(tmp_path_factory, ["03/04/2026", "04/04/2026", "04/25/2026"], "%d/%m/%Y")
    assert (problem.path, problem.row, problem.cell) == ("y.csv", 2, "04/25/2026")
    assert problem.help == (
        'the column is declared with `time_format: "%d/%m/%Y"`; time_format: "%m/%d/%Y" reads this one'
    )
