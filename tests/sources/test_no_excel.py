"""Without the extra a workbook is refused with what would read it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from slacheck.engine.files import open_file
from slacheck.problems import DataError
from tests.sources.workbook import workbook


def test_a_workbook_without_a_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(tmp_path / "t.xlsx", {"Tickets": {1: ["id"]}})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DataError) as caught:
        open_file(tmp_path / "t.xlsx", "t.xlsx", copy=tmp_path / "copy")
    (problem,) = caught.value.problems
    assert problem.code == "excel"
    assert problem.help == "pip install 'slacheck[excel]', or save the sheet as CSV (UTF-8)"
