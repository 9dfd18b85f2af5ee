"""Text that is not UTF-8: read as its mark or its declaration says, and copied out in UTF-8 before anything else."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, get_args

Encoding = Literal[
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "cp437",
    "cp850",
    "mac-roman",
    "shift-jis",
    "euc-kr",
    "big5",
    "gb18030",
]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

CHUNK = 1024 * 1024
# UTF-32 before UTF-16: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Latin-1 has control characters there, which no export holds; Windows has quotes, dashes and the euro.
_CONTROLS = re.compile("[\x80-\x9f]")


class Undecodable(Exception):
    """A place that is no text: ``line`` and ``column`` (characters, from 1), ``offset`` in bytes, the ``byte``."""

    def __init__(self, line: int, column: int, offset: int, byte: int) -> None:
        super().__init__(f"byte 0x{byte:02x} at offset {offset}")
        self.line = line
        self.column = column
        self.offset = offset
        self.byte = byte


class Damaged(Exception):
    """The compressed stream under the text is cut off or corrupt."""


def marked(start: bytes) -> tuple[str, int] | None:
    """The codec that a byte order mark at the beginning names, and how long the mark is."""
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec, len(mark)
    return None


def guessed_utf_16(start: bytes) -> Encoding | None:
    """Which UTF-16 without a mark ``start`` looks like: western text has every other byte zero."""
    even, odd = start[0::2], start[1::2]
    if len(start) < 4 or min(len(even), len(odd)) == 0:
        return None
    if odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and odd.count(0) == 0 else None


def decoded(stream: IO[bytes], codec: str, skip: int = 0) -> Iterator[str]:
    """The text of ``stream``, piece by piece, behind a mark of ``skip`` bytes; closes it.

    Raises Undecodable at the first place that is no text, and Damaged.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    offset, line, column = skip, 1, 1
    with stream:
        try:
            stream.read(skip)
            while True:
                chunk = stream.read(CHUNK)
                held = len(decoder.getstate()[0])
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    good = error.object[: error.start].decode(codec)
                    line, column = _after(good, line, column)
                    raise Undecodable(line, column, offset - held + error.start, error.object[error.start]) from error
                if codec == "latin-1" and (control := _CONTROLS.search(text)):
                    line, column = _after(text[: control.start()], line, column)
                    raise Undecodable(line, column, offset + control.start(), ord(control[0]))
                if text:
                    yield text
                    line, column = _after(text, line, column)
                if not chunk:
                    return
                offset += len(chunk)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Damaged from error


def _after(text: str, line: int, column: int) -> tuple[int, int]:
    """Where the text ends that begins at ``line`` and ``column``."""
    ends = text.count("\n")
    return line + ends, len(text) - text.rfind("\n") if ends else column + len(text)


def copy(stream: IO[bytes], codec: str, skip: int, target: Path) -> None:
    """Write the text of ``stream`` to ``target`` in UTF-8. Raises like ``decoded``, and OSError of a full disk."""
    with target.open("w", encoding="utf-8", newline="") as out:
        for text in decoded(stream, codec, skip):
            out.write(text)
