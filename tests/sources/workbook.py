"""Workbooks written by hand: the few parts of the format that a reader needs."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DATE = 1

# A cell: text, a number as it is stored, or the XML of one.
Cell = str | int | float | None


class Raw(str):
    """A cell as its XML, behind the reference: ``t="e"><v>#N/A</v>``."""


class Date(float):
    """A number that is shown as a date and time: days since 1899-12-30."""


def workbook(path: Path, sheets: Mapping[str, Mapping[int, Sequence[Cell]]]) -> None:
    """Write an .xlsx with ``sheets``: by name their rows by number, from 1."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", _types(len(names)))
        target = f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"'
        out.writestr("_rels/.rels", _relations([f'<Relationship Id="rId1" {target}/>']))
        listed = "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
        )
        out.writestr(
            "xl/workbook.xml", f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        to = [
            f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(names) + 1)
        ]
        to.append(f'<Relationship Id="rId99" Type="{_RELATIONS}/styles" Target="styles.xml"/>')
        out.writestr("xl/_rels/workbook.xml.rels", _relations(to))
        out.writestr("xl/styles.xml", _STYLES)
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(_row(row, cells) for row, cells in sorted(rows.items()))
            out.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f"{_HEAD}<worksheet {_MAIN}><sheetData>{body}</sheetData></worksheet>",
            )


def _row(row: int, cells: Sequence[Cell]) -> str:
    written = (_cell(f"{chr(65 + column)}{row}", cell) for column, cell in enumerate(cells) if cell is not None)
    return f'<row r="{row}">{"".join(written)}</row>'


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, Raw):
        return f'<c r="{place}" {cell}</c>'
    if isinstance(cell, Date):
        return f'<c r="{place}" s="{_DATE}"><v>{float(cell)!r}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, (int, float)):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    text = str(cell).replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _relations(each: Sequence[str]) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>'
    )


_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
