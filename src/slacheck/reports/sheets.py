"""Sheets of a workbook, row by row: each cell of the type that its column has, and text that stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from slacheck.language.quantities import SECOND, Kind
from slacheck.money import minor_digits, places
from slacheck.reports.figures import instant
from slacheck.reports.layout import harmless
from slacheck.timeline import zones

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# What a sheet and a cell of it can hold.
_ROWS, _CHARACTERS = 1_048_576, 32_767
_DAY = 86_400 * SECOND
# Characters beside each other that can be read on a page of A4 turned sideways.
_READABLE = 200

Type = Literal["text", "whole", "number", "share", "length", "money", "date", "time"]


@dataclass(frozen=True)
class Column:
    """A heading, what the cells under it are, and how wide it is, in characters."""

    name: str
    type: Type
    width: int = 14


@dataclass(frozen=True)
class Money:
    """An amount with its currency, or points where that is empty."""

    amount: str
    currency: str


@dataclass(frozen=True)
class Value:
    """A number of a unit: lengths in microseconds, a share of 1."""

    exact: Fraction
    unit: Kind


@dataclass(frozen=True)
class Local:
    """An instant, ISO 8601 UTC, to be shown on the clock of a zone: a workbook knows no zones."""

    instant: str
    zone: ZoneInfo


Cell = str | int | Money | Value | Local | date | None


class Workbook:
    """A workbook that is the same bytes for the same cells; ``made`` (UTC) is the instant that stands in it."""

    def __init__(self, title: str, made: str) -> None:
        import xlsxwriter

        self._bytes = BytesIO()
        # Nothing becomes a formula, a link or a number because of how it is spelt.
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": True,
        }
        self._book: Any = xlsxwriter.Workbook(self._bytes, options)
        created = datetime.fromisoformat(made).replace(tzinfo=None)
        self._book.set_properties({"title": _fitting(title), "author": "slacheck", "created": created})
        self._formats: dict[str, Any] = {}

    def sheet(self, name: str, columns: Sequence[Column]) -> Sheet:
        """A new sheet with its headings, which stay in view."""
        return Sheet(self, self._book.add_worksheet(name), columns)

    def format(self, number: str, *, bold: bool = False) -> Any:
        """How a cell is shown."""
        key = f"{number} {bold}"
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"num_format": number, "bold": bold, "valign": "top"})
        return self._formats[key]

    def bytes(self) -> bytes:
        """The whole file; nothing can be written after it."""
        self._book.close()
        return self._bytes.getvalue()


class Sheet:
    """One sheet. Rows that do not fit are counted, and the last one says how many they are."""

    def __init__(self, book: Workbook, sheet: Any, columns: Sequence[Column]) -> None:
        self._book, self._sheet, self._columns = book, sheet, columns
        self._next, self._left_out = 1, 0
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        # All columns on one page would be too small to read: each has as many as can be, and whose they are.
        across = -(-sum(column.width for column in columns) // _READABLE)
        sheet.fit_to_pages(across, 0)
        sheet.repeat_rows(0)
        if across > 1:
            sheet.repeat_columns(0, 2)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        for at, column in enumerate(columns):
            _written(sheet.write_string(0, at, column.name, book.format("@", bold=True)))

    def row(self, cells: Sequence[Cell]) -> None:
        """One row, a cell under each heading."""
        # One row is kept for saying what does not fit.
        if self._next >= _ROWS - 1:
            self._left_out += 1
            return
        for at, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if cell is not None and cell != "":
                _written(self._cell(at, column, cell))
        self._next += 1

    def end(self) -> None:
        """Say what is left out, and let people filter what is there."""
        if self._left_out:
            text = f"and {self._left_out:,} more, which no sheet holds: they are in the JSON"
            _written(self._sheet.write_string(self._next, 0, text, self._book.format("@")))
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), len(self._columns) - 1)

    def _cell(self, at: int, column: Column, cell: str | int | Money | Value | Local | date) -> int:
        sheet, row, form = self._sheet, self._next, self._book.format
        match cell:
            case str():
                return int(sheet.write_string(row, at, _fitting(cell), form("@")))
            case int():
                return int(sheet.write_number(row, at, cell, form("#,##0")))
            case Money(amount, currency):
                return int(sheet.write_number(row, at, float(Decimal(amount)), form(_money(amount, currency))))
            case Value(exact, unit):
                shown, number = _value(exact, unit)
                return int(sheet.write_number(row, at, float(shown), form(number)))
            case Local(text, zone):
                local = zones.local(instant(text), zone).replace(tzinfo=None)
                return int(sheet.write_datetime(row, at, local, form("yyyy-mm-dd hh:mm:ss")))
        return int(sheet.write_datetime(row, at, cell, form("yyyy-mm-dd")))


def _written(code: int) -> None:
    # It answers with a number below zero where a cell cannot be, and leaves it empty.
    if code < 0:
        raise ValueError(f"a cell was not written: {code}")


def _fitting(text: str) -> str:
    """Text without what no cell can hold, its end left out where it is too long."""
    shown = harmless(text)
    # Characters beyond the first 65,536 count twice.
    while len(shown.encode("utf-16-le")) // 2 > _CHARACTERS:
        shown = shown[: min(len(shown) - 2, _CHARACTERS // 2)] + "…"
    return shown


def _money(amount: str, currency: str) -> str:
    digits = max(minor_digits(currency), places(amount)) if currency else places(amount)
    number = "#,##0" + ("." + "0" * digits if digits > 0 else "")
    return f'{number} "{currency or "points"}"'


def _value(exact: Fraction, unit: Kind) -> tuple[Fraction, str]:
    """The number of a cell and how it is shown: time is a part of a day."""
    if unit == "share":
        return exact, "0.000%"
    if unit == "length":
        # Time below zero is shown by no program, so it stays seconds.
        return (exact / _DAY, "[h]:mm:ss.000") if exact >= 0 else (exact / SECOND, '0.000 "s"')
    return exact, "#,##0.######"
