"""Attempts to break slacheck: a damaged agreement, a damaged file beside one, or a damaged export of some format."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from hypothesis import strategies as st

from tests.fuzz.exports import Reader, exports
from tests.fuzz.folders import Folder, folder, folders, words
from tests.fuzz.invariants import Fault
from tests.fuzz.mutations import Mutation, mutated, mutated_bytes, mutations
from tests.fuzz.trees import rewritten
from tests.sources.preset_cases import CASES, Case

Kind = Literal["agreement", "settled", "beside", "reading", "export", "preset"]

_SIGN = "--"


@dataclass(frozen=True)
class Attempt:
    """``content`` in the place of a file of ``base``: loaded or settled as an agreement, or read as an export."""

    kind: Kind
    base: str
    file: str
    content: bytes

    def kept(self, corpus: Path) -> Path:
        """Write it to the corpus, under a name that says all of it."""
        digest = hashlib.sha256(self.content).hexdigest()[:10]
        path = corpus / _SIGN.join((self.kind, self.base, digest, self.file.replace("/", "+")))
        path.write_bytes(self.content)
        return path

    @classmethod
    def of(cls, path: Path) -> Attempt:
        """One that was kept."""
        kind, base, _, file = path.name.split(_SIGN)
        return cls(kind, base, file.replace("+", "/"), path.read_bytes())  # type: ignore[arg-type]


class Fuzzing:
    """Where attempts are made. Use as a context manager."""

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="slacheck-fuzz-")
        self.folder = Path(self._temporary.name)
        self._reader = Reader()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.close()
        self._temporary.cleanup()

    def fault(self, attempt: Attempt) -> Fault | None:
        """What of all that must hold does not."""
        match attempt.kind:
            case "agreement":
                return folder(attempt.base).attempt("agreement.yaml", attempt.content, settle=False)
            case "settled" | "beside":
                return folder(attempt.base).attempt(attempt.file, attempt.content, settle=True)
            case "reading":
                return self._reader.read(attempt.file, attempt.content)
            case "preset":
                return self._reader.preset(attempt.base, attempt.content)
            case _:
                return self._reader.settled(attempt.file, attempt.content)


# Of a thousand, mostly what is quick: an agreement is loaded in milliseconds and settled in a hundred times that.
_SHARES: tuple[tuple[Kind, int], ...] = (
    ("agreement", 800),
    ("reading", 183),
    ("settled", 4),
    ("beside", 4),
    ("export", 3),
    ("preset", 6),
)


@cache
def attempts() -> st.SearchStrategy[Attempt]:
    """Attempts of every kind."""
    kinds = [kind for kind, share in _SHARES for _ in range(share)]
    return st.sampled_from(kinds).flatmap(attempts_of)


@cache
def attempts_of(kind: Kind) -> st.SearchStrategy[Attempt]:
    """Attempts of one kind."""
    if kind == "agreement" or kind == "settled":
        return damaged_agreements(kind)
    if kind == "preset":
        return damaged_presets()
    return files_beside() if kind == "beside" else damaged_exports(kind)


@cache
def damaged_agreements(kind: Literal["agreement", "settled"]) -> st.SearchStrategy[Attempt]:
    known = [each for each in folders() if kind == "agreement" or each.settles_quickly]

    def damaged(base: Folder, damages: Sequence[Mutation], other: Folder, syntax: bool) -> Attempt:
        if syntax:
            text = mutated(base.agreement, damages, other.agreement)
        else:
            text = rewritten(base.tree, damages, other.tree)
        return Attempt(kind, base.name, "agreement.yaml", text.encode("utf-8", "surrogatepass"))

    return st.builds(damaged, st.sampled_from(known), mutations(words()), st.sampled_from(known), st.booleans())


@cache
def files_beside() -> st.SearchStrategy[Attempt]:
    """Exports, registers, calendars, claims and corrections of the cases and examples."""
    known = [
        (each.name, export.relative_to(each.source).as_posix(), export)
        for each in folders()
        if each.settles_quickly
        for export in each.exports
    ]

    def damaged(base: tuple[str, str, Path], damages: Sequence[Mutation], other: tuple[str, str, Path]) -> Attempt:
        content = _damaged(base[2].read_bytes(), damages, other[2].read_bytes())
        return Attempt("beside", base[0], base[1], content)

    return st.builds(damaged, st.sampled_from(known), mutations(words()), st.sampled_from(known))


@cache
def damaged_exports(kind: Literal["reading", "export"]) -> st.SearchStrategy[Attempt]:
    """One of each format, damaged as text (also inside its packing) or byte by byte."""
    known = list(exports().items())

    def damaged(
        base: tuple[str, bytes], damages: Sequence[Mutation], other: tuple[str, bytes], inside: bool
    ) -> Attempt:
        name, content = base
        if inside and name.endswith(".gz"):
            text = gzip.decompress(content).decode()
            content = gzip.compress(mutated(text, damages).encode("utf-8", "surrogatepass"), 1, mtime=0)
        elif inside:
            content = _damaged(content, damages, other[1])
        else:
            content = mutated_bytes(content, damages, other[1])
        return Attempt(kind, "format", name, content)

    return st.builds(
        damaged, st.sampled_from(known), mutations(tuple(exports())), st.sampled_from(known), st.booleans()
    )


@cache
def damaged_presets() -> st.SearchStrategy[Attempt]:
    """An export as its product writes it, damaged as text; of JSON also what it says."""

    def damaged(base: Case, damages: Sequence[Mutation], other: Case, syntax: bool) -> Attempt:
        if syntax or isinstance(base.export, str) or isinstance(other.export, str):
            text = mutated(base.written, damages, other.written)
        else:
            text = rewritten(base.export, damages, other.export)
        name = next(name for name, case in CASES.items() if case is base)
        return Attempt("preset", name, base.name, text.encode("utf-8", "surrogatepass"))

    known = list(CASES.values())
    return st.builds(damaged, st.sampled_from(known), mutations(words()), st.sampled_from(known), st.booleans())


def _damaged(content: bytes, damages: Sequence[Mutation], other: bytes) -> bytes:
    """As text where it is text, otherwise byte by byte."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return mutated_bytes(content, damages, other)
    return mutated(text, damages, other.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")
