"""Workbooks (.xlsx, .xls, .ods): one sheet becomes text like any other export, row by row as it stands.

The reader is python-calamine, imported only here. It evaluates nothing: of a formula the value counts that was saved
with it. What it does not tell apart from an empty cell (errors, formulas without a value) is looked for in the file.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any, NoReturn
from xml.etree import ElementTree as ET

from slacheck.problems import DataError, Problem

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A sheet that unpacks to more is no sheet, or belongs into a CSV file; cells are all held at once.
_MOST_BYTES, _MOST_CELLS = 512 * 1024 * 1024, 40_000_000
_OVERLAP = 64 * 1024
_AS_CSV = "save the sheet as CSV (UTF-8)"
_N = rb"(?:\w+:)?"
_FORMULA = rb"<%bf\b[^>]*(?:/>|>[^<]*</%bf>)" % (_N, _N)
_ERROR = re.compile(rb'<%bc\b([^>]*\bt="e"[^>]*)>(?:%b)?<%bv>([^<]*)<' % (_N, _FORMULA, _N))
_NO_VALUE = re.compile(rb"<%bc\b([^>]*)>%b(?:<%bv\s*/>|<%bv></%bv>)?</%bc>" % (_N, _FORMULA, _N, _N, _N, _N))
_FAR = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{2,3}\d+|[A-Z]\d{6,7})"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def is_workbook(path: Path, start: bytes) -> bool:
    """Whether a file that begins with ``start`` is a workbook: one of the old format, or a zip archive of the new."""
    if start.startswith(_OLE):
        return True
    if not start.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() in (".xlsx", ".xlsm", ".ods")
    return "xl/workbook.xml" in names or ("content.xml" in names and "mimetype" in names)


def write_sheet(path: Path, label: str, sheet: str | None, target: Path) -> None:
    """Write one sheet of the workbook at ``path`` to ``target`` as CSV, a line for each of its rows, blank ones too.

    ``sheet`` is its name, or its number from 1; a workbook of one sheet needs none. Dates are written without an
    offset, numbers as the shortest text that is theirs, errors as the cell shows them. Raises DataError where the
    reader is not installed, for a workbook that is damaged, locked or too large, a sheet that is not there, and
    a formula that was saved without its value.
    """
    book = _Book(path, label)
    chosen = book.sheet(sheet)
    errors = book.checked(chosen)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, cells in enumerate(book.rows(chosen), 1):
            row = [errors.get((number, column)) or _text(cell) for column, cell in enumerate(cells, 1)]
            if any(row):
                writer.writerow(row)
            else:
                out.write("\n")


class _Book:
    def __init__(self, path: Path, label: str) -> None:
        self._path, self._label = path, label
        try:
            import python_calamine
        except ImportError:
            self._refuse(
                "excel",
                "is a workbook, and what reads workbooks is not installed",
                f"pip install 'slacheck[excel]', or {_AS_CSV}",
            )
        self._zipped = zipfile.is_zipfile(path)
        if self._zipped:
            self._check_size()
        try:
            self._book = python_calamine.CalamineWorkbook.from_path(str(path))
        except python_calamine.PasswordError:
            self._refuse("damaged-file", "is a workbook locked with a password", "save it without one")
        except python_calamine.CalamineError as error:
            self._refuse(
                "damaged-file", f"is a workbook that cannot be read: {error}", "save it again, or as CSV (UTF-8)"
            )

    def sheet(self, wanted: str | None) -> str:
        names: list[str] = list(self._book.sheet_names)
        if wanted is None and len(names) == 1:
            return names[0]
        if wanted in names:
            return str(wanted)
        if wanted is not None and wanted.isdecimal() and 0 < int(wanted) <= len(names):
            return names[int(wanted) - 1]
        shown = ", ".join(f"'{name}'" for name in names)
        message = f"has {len(names)} sheets" if wanted is None else f"has no sheet '{wanted}'"
        raise DataError([self._problem("sheet", message, f"write sheet: NAME on the source; there are: {shown}")])

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        found = self._book.get_sheet_by_name(sheet)
        if found.total_height * found.total_width > _MOST_CELLS:
            self._refuse_large()
        return iter(found.iter_rows())

    def checked(self, sheet: str) -> dict[tuple[int, int], str]:
        """The errors of a sheet by row and column, each as its cell shows it."""
        if not self._zipped:
            return {}
        with zipfile.ZipFile(self._path) as archive:
            part = _part(archive, sheet)
            if part is None:
                with archive.open("content.xml") as stream:
                    if any(b'value-type="error"' in piece for piece in _pieces(stream)):
                        self._refuse(
                            "bad-cell", "has cells with an error", "mend them, or save the sheet as CSV (UTF-8)"
                        )
                return {}
            errors: dict[tuple[int, int], str] = {}
            with archive.open(part) as stream:
                for piece in _pieces(stream):
                    self._check_reach(piece)
                    empty = _NO_VALUE.search(piece)
                    if empty is not None:
                        self._refuse_formula(empty[1])
                    for error in _ERROR.finditer(piece):
                        errors[_place(error[1])] = error[2].decode()
            return errors

    def _check_size(self) -> None:
        try:
            with zipfile.ZipFile(self._path) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except zipfile.BadZipFile:
            self._refuse("damaged-file", "is a truncated or corrupt workbook", "save or download it again")
        if size > _MOST_BYTES:
            self._refuse_large()

    def _check_reach(self, piece: bytes) -> None:
        """A single cell far away would have the whole area up to it held in memory."""
        for found in _FAR.finditer(piece):
            row, column = _place(b' r="' + found[1] + b'"')
            if row * column > _MOST_CELLS:
                self._refuse_large()

    def _refuse_formula(self, attributes: bytes) -> NoReturn:
        place = _PLACE.search(attributes)
        where = f" in {place[1].decode()}{place[2].decode()}" if place else ""
        problem = Problem(
            self._label,
            code="bad-cell",
            message=f"a formula without its value{where}: the program that saved it did not calculate",
            help="open the workbook in a spreadsheet program and save it again",
            row=int(place[2]) if place else 0,
        )
        raise DataError([problem])

    def _refuse_large(self) -> NoReturn:
        self._refuse("too-large", "is a workbook too large to be read as one", _AS_CSV)

    def _refuse(self, code: str, message: str, help: str) -> NoReturn:
        raise DataError([self._problem(code, message, help)])

    def _problem(self, code: str, message: str, help: str) -> Problem:
        return Problem(self._label, code=code, message=message, help=help)


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an .xlsx that holds a sheet; None for another kind of archive."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat bounds what entities expand to
    wanted = next((each.get(_RELATION) for each in book.iter(_SHEETS) if each.get("name") == sheet), None)
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next((each.get("Target", "") for each in relations if each.get("Id") == wanted), "")
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return path if path in archive.namelist() else None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a part in pieces that overlap, so that no cell is cut in all of them."""
    kept = b""
    while chunk := stream.read(1024 * 1024):
        yield kept + chunk
        kept = (kept + chunk)[-_OVERLAP:]


def _place(attributes: bytes) -> tuple[int, int]:
    found = _PLACE.search(attributes)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]), column


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds, rest = divmod(cell // timedelta(microseconds=1), 1_000_000)
        fraction = f".{rest:06d}".rstrip("0") if rest else ""
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"
    return str(cell)
