"""An export as a file: what format and compression it has, and why it cannot be read when it cannot."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import shutil
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import IO, BinaryIO, Literal, NoReturn, cast

from slacheck.engine import encodings
from slacheck.engine.encodings import Encoding
from slacheck.engine.text_rules.words import literal
from slacheck.problems import DataError, Problem

Format = Literal["csv", "tsv", "json", "ndjson", "parquet"]
Compression = Literal["none", "gzip", "zstd"]

HEAD = 64 * 1024
CHUNK = encodings.CHUNK
FORMATS: tuple[Format, ...] = ("csv", "tsv", "json", "ndjson", "parquet")
SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ZSTD_FRAME = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class ExportFile:
    """One file somebody exported. ``label`` is what messages call it.

    ``path`` is read: a copy in UTF-8 where ``original``, the file as it was given, is in another encoding, or
    a workbook, whose rows are no lines (``sheet``). Every column that is none of ``wide``, if there are any, holds a
    series of its own.
    """

    path: Path
    label: str
    format: Format
    compression: Compression
    original: Path | None = None
    sheet: bool = False
    wide: tuple[str, ...] = ()

    @property
    def given(self) -> Path:
        """The file as it was given, whose bytes a statement vouches for."""
        return self.original or self.path

    def refuse(
        self, code: str, message: str, help: str = "", *, line: int = 0, column: int = 0, row: int = 0
    ) -> NoReturn:
        """Raise a DataError with one problem about this file."""
        raise DataError([Problem(self.label, line, column, code=code, message=message, help=help, row=row)])


def open_file(
    path: Path,
    label: str,
    format: str | None = None,
    encoding: Encoding | None = None,
    copy: Path | None = None,
    sheet: str | None = None,
) -> ExportFile:
    """Look at the beginning of ``path``. ``format`` overrules the name; compression is told by the first bytes.

    A byte order mark tells the encoding, else ``encoding`` does, else it is UTF-8. Text in another one is written to
    ``copy`` in UTF-8; without a path for it such a file is refused. A workbook is copied as CSV, of several sheets the
    one called ``sheet``.

    Raises DataError when the file is missing, a directory, unreadable, empty, binary, not in its encoding (of UTF-8:
    as far as its beginning goes), or a truncated gzip, zstd or Parquet file; ValueError for a format that does not
    exist.
    """
    if format is not None and format not in FORMATS:
        raise ValueError(f"unknown format {format!r}; one of {', '.join(FORMATS)}")
    start = _start(path, label)
    compression: Compression = "none"
    if start.startswith(b"\x1f\x8b"):
        compression = "gzip"
    elif start.startswith(_ZSTD_FRAME):
        compression = "zstd"
    if format is None and copy is not None and start.startswith(_OFFICE):
        from slacheck.engine import workbooks

        if workbooks.is_workbook(path, start):
            workbooks.write_sheet(path, label, sheet, copy)
            return replace(open_file(copy, label, "csv"), original=path, sheet=True)
    named = format or _by_name(path)
    file = ExportFile(path, label, named or "csv", compression)
    if sheet is not None:
        file.refuse("sheet", "is no workbook, and has no sheets", "leave `sheet` out")
    if compression == "none" and (start.startswith(b"PAR1") or file.format == "parquet"):
        _check_parquet(file, start)
        return ExportFile(path, label, "parquet", compression)
    if compression == "zstd":
        _check_zstd(file)
        if encoding not in (None, "utf-8"):
            file.refuse("encoding", f"is {encoding} packed with zstd", "unpack it with `zstd -d`")
    head = start if compression == "none" else _unpacked_head(file)
    file, head = _in_utf_8(file, head, encoding, copy)
    text = _check_text(file, head)
    return file if format is not None else replace(file, format=_sniffed(named, text))


def _in_utf_8(file: ExportFile, head: bytes, encoding: Encoding | None, copy: Path | None) -> tuple[ExportFile, bytes]:
    """The file itself and its beginning, or those of its copy."""
    codec, skip = encodings.marked(head) or (encoding or "utf-8", 0)
    if codec == "utf-8":
        return file, head
    if codec == "utf-16":
        file.refuse("encoding", "is said to be utf-16, but no mark tells its order", "write utf-16-le or utf-16-be")
    stream = None if copy is None else unpacked(file)
    if copy is None or stream is None:
        file.refuse("encoding", f"is {codec.upper()}, not UTF-8", "export it in UTF-8")
    try:
        encodings.copy(stream, codec, skip, copy)
    except encodings.Undecodable as error:
        _refuse_encoding(file, codec, error)
    except encodings.Damaged as error:
        _refuse_damaged(file, error)
    copied = replace(file, path=copy, compression="none", original=file.path)
    with copy.open("rb") as begun:
        return copied, begun.read(HEAD)


def byte_order_mark(file: ExportFile) -> str:
    """The encoding that the mark of a text export as it was given names; empty where it has none."""
    with file.given.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(file.given, "rb") as stream:
            start = stream.read(4)
    found = encodings.marked(start)
    return found[0] if found else ""


def spool(stream: BinaryIO, scratch_dir: Path, name: str) -> Path:
    """Copy ``stream`` (standard input) to a file of that name in ``scratch_dir`` and return its path."""
    path = scratch_dir / name
    with path.open("wb") as target:
        shutil.copyfileobj(stream, target, CHUNK)
    return path


@dataclass(frozen=True)
class Bytes:
    """The bytes of a file as they stand on disk: their SHA-256 in hexadecimal, how many lines they are and, of the
    marks that may end one, how many line feeds and carriage returns."""

    sha256: str
    lines: int
    feeds: int
    returns: int

    def no_more_than(self, lines: int) -> bool:
        """Whether they are at most so many lines, all ended alike: then none stands between these that is blank."""
        return self.lines <= lines and self.returns in (0, self.feeds)


def digest(path: Path, given_up: Event | None = None) -> Bytes:
    """Look at every byte of a file once; at some of them once it is given up."""
    with path.open("rb") as stream:
        return bytes_of(stream, given_up)


def bytes_of(stream: IO[bytes], given_up: Event | None = None) -> Bytes:
    """Look at every byte of a stream once; at some of them once it is given up."""
    seen, feeds, returns, last = hashlib.sha256(), 0, 0, b""
    while (chunk := stream.read(CHUNK)) and not (given_up and given_up.is_set()):
        seen.update(chunk)
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        last = chunk[-1:]
    return Bytes(seen.hexdigest(), feeds + (last not in (b"", b"\n")), feeds, returns)


def head(file: ExportFile) -> str:
    """The beginning of a text export, without a byte order mark; about 64 KiB. Raises DataError when damaged."""
    with file.path.open("rb") as stream:
        start = stream.read(HEAD) if file.compression == "none" else _unpacked_head(file)
    return codecs.getincrementaldecoder("utf-8-sig")("ignore").decode(start, final=False)


def unpacked(file: ExportFile) -> IO[bytes] | None:
    """The bytes of a text export, decompressed; None for zstd, which Python 3.11 cannot unpack."""
    if file.compression == "gzip":
        return cast("IO[bytes]", gzip.open(file.path, "rb"))
    return file.path.open("rb") if file.compression == "none" else None


def check_encoding(file: ExportFile) -> None:
    """Read the whole file and raise DataError with the line and byte of the first place that is not UTF-8.

    Also raises DataError when a gzip file is damaged. Does nothing for zstd.
    """
    stream = unpacked(file)
    if stream is None:
        return
    try:
        for _ in encodings.decoded(stream, "utf-8"):
            pass
    except encodings.Undecodable as error:
        _refuse_encoding(file, "utf-8", error)
    except encodings.Damaged as error:
        _refuse_damaged(file, error)


def _start(path: Path, label: str) -> bytes:
    def refuse(code: str, message: str, help: str = "") -> NoReturn:
        raise DataError([Problem(label, code=code, message=message, help=help)])

    try:
        if path.is_dir():
            refuse("is-directory", "is a directory, not a file", "name the files in it, or a pattern such as `*.csv`")
        if path.is_char_device() or path.is_block_device():
            refuse("is-device", "is a device, not a file", "name the file that was exported, or - for standard input")
        with path.open("rb") as stream:
            start = stream.read(HEAD)
    except FileNotFoundError:
        refuse("missing-file", "no such file", "check the path; it is taken from the directory you are in")
    except PermissionError:
        refuse("unreadable", "cannot be read: permission denied", "ask for read permission on the file")
    except OSError as error:
        refuse("unreadable", f"cannot be read: {(error.strerror or str(error)).lower()}")
    except ValueError:
        refuse("missing-file", "no such file: a path holds no NUL character", "check the path")
    if not start:
        refuse("empty-file", "is empty (0 bytes)", "an export without records still has its header line")
    return start


def _by_name(path: Path) -> Format | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in (".gz", ".zst"):
        suffixes.pop()
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def _unpacked_head(file: ExportFile) -> bytes:
    if file.compression == "zstd":
        return _zstd_head(file)
    try:
        with gzip.open(file.path, "rb") as stream:
            return stream.read(HEAD)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        _refuse_damaged(file, error)


def _zstd_head(file: ExportFile) -> bytes:
    import duckdb

    # Two hundred lines, each read as one cell: no byte of the file is one of this reader's separators.
    lines = (
        f"SELECT l FROM read_csv([{quoted_path(file.path)}], compression = 'zstd', delim = '\\x01', quote = '',"
        " escape = '', header = false, auto_detect = false, strict_mode = false, null_padding = true,"
        " columns = {'l': 'VARCHAR'}) LIMIT 200"
    )
    connection = duckdb.connect()
    try:
        fetched = connection.execute(lines).fetchall()
    except duckdb.Error as error:
        if "unicode" in str(error):
            file.refuse("encoding", "is not UTF-8", "unpack it with `zstd -d`; then `encoding` on the source can tell")
        _refuse_damaged(file, error)
    finally:
        connection.close()
    return "\n".join(line or "" for (line,) in fetched).encode()


def _check_text(file: ExportFile, head: bytes) -> str:
    if head.startswith(_OFFICE):
        file.refuse("binary-file", "is an office or zip archive, not text", "save the sheet as CSV (UTF-8)")
    if b"\0" in head:
        guess = encodings.guessed_utf_16(head)
        if guess:
            file.refuse("encoding", "looks like UTF-16 without a mark", f"write encoding: {guess} on the source")
        file.refuse(
            "binary-file", "is binary: it holds NUL bytes where text is expected", "export it as CSV, JSON or Parquet"
        )
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=False)
    except UnicodeDecodeError:
        check_encoding(file)
        raise
    if not text.strip() and len(head) < HEAD:
        file.refuse(
            "empty-file", "is empty: it holds nothing but blanks", "an export without records still has its header line"
        )
    return text


def _sniffed(named: Format | None, text: str) -> Format:
    stripped = text.lstrip()
    if named == "json" or (named is None and stripped[:1] in ("[", "{")):
        return "ndjson" if stripped.startswith("{") and _object_per_line(stripped) else "json"
    return named or "csv"


def _object_per_line(text: str) -> bool:
    """Whether the first line is one whole object and a second one follows."""
    first, _, rest = text.partition("\n")
    if not rest.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _check_parquet(file: ExportFile, start: bytes) -> None:
    with file.path.open("rb") as stream:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(0, size - 4))
        end = stream.read(4)
    if not start.startswith(b"PAR1"):
        file.refuse("damaged-file", "is not a Parquet file: it does not begin with PAR1", "check how it was exported")
    if end != b"PAR1" or size < 12:
        file.refuse("damaged-file", "is a truncated Parquet file: its end is missing", "export or download it again")


def _check_zstd(file: ExportFile) -> None:
    """Walk the frames of a zstd file. DuckDB reads a truncated one without a word, as far as it goes."""
    with file.path.open("rb") as stream:
        while magic := stream.read(4):
            if len(magic) == 4 and magic[0] >> 4 == 5 and magic[1:] == b"\x2a\x4d\x18":
                _skip(file, stream, int.from_bytes(_exactly(file, stream, 4), "little"))
                continue
            if magic != _ZSTD_FRAME:
                _refuse_damaged(file, None)
            _walk_frame(file, stream)


def _walk_frame(file: ExportFile, stream: IO[bytes]) -> None:
    """Skip one frame, its magic number already read (RFC 8878, section 3.1.1)."""
    descriptor = _exactly(file, stream, 1)[0]
    single_segment = descriptor >> 5 & 1
    content_size = (single_segment, 2, 4, 8)[descriptor >> 6]
    _skip(file, stream, (1 - single_segment) + (0, 1, 2, 4)[descriptor & 3] + content_size)
    last = False
    while not last:
        block = int.from_bytes(_exactly(file, stream, 3), "little")
        last = bool(block & 1)
        _skip(file, stream, 1 if block >> 1 & 3 == 1 else block >> 3)
    _skip(file, stream, 4 if descriptor >> 2 & 1 else 0)


def _exactly(file: ExportFile, stream: IO[bytes], count: int) -> bytes:
    read = stream.read(count)
    if len(read) < count:
        _refuse_damaged(file, None)
    return read


def _skip(file: ExportFile, stream: IO[bytes], count: int) -> None:
    if count:
        stream.seek(count - 1, 1)
        _exactly(file, stream, 1)


def _refuse_damaged(file: ExportFile, cause: Exception | None) -> NoReturn:
    problem = Problem(
        file.label,
        code="damaged-file",
        message=f"is a truncated or corrupt {file.compression} file",
        help="export or download it again; `gzip -t` and `zstd -t` test a file",
    )
    raise DataError([problem]) from cause


def _refuse_encoding(file: ExportFile, codec: str, error: encodings.Undecodable) -> NoReturn:
    name = "UTF-8" if codec == "utf-8" else codec
    if codec == "utf-8":
        help = "write encoding: windows-1252 on the source, or the encoding that it was saved in"
    elif codec == "latin-1":
        help = "the byte is a control character there; write encoding: windows-1252"
    else:
        help = "was it saved in another encoding? Or it is damaged: export it again"
    file.refuse("encoding", f"is not {name}: {error}", help, line=error.line, column=error.column)


def quoted_path(path: Path) -> str:
    """``path`` as an SQL string that DuckDB takes literally: absolute, no pattern characters, no protocol."""
    return literal("".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path.absolute())))
