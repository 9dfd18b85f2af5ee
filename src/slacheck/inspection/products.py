"""An export that slacheck knows by its product: what its preset says of it goes before any guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from slacheck.inspection.columns import Column
from slacheck.inspection.findings import Shape, States, StateWord, Suspicion
from slacheck.inspection.roles import Roles
from slacheck.sources.forms import ROLES
from slacheck.sources.presets import Look, ProductExport


@dataclass(frozen=True)
class Product:
    """An export of a product. ``terms`` are what its preset fills in for its usual ``shape``, nothing where it is one
    that cannot be settled; ``unclear`` is a role for which the file has several columns."""

    preset: str
    shape: str
    others: tuple[str, ...]
    terms: Mapping[str, Any]
    unclear: tuple[str, tuple[str, ...]] | None = None
    caveats: tuple[str, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def times(self) -> frozenset[str]:
        """The columns that hold instants, as far as the preset says their form."""
        mapped = self.terms.get("columns", {}).items() if "time_format" in self.terms else ()
        return frozenset(_header(header) for role, header in mapped if role in ("at", "start", "end"))

    def roles(self, columns: Sequence[Column], guessed: Roles) -> Roles:
        """The columns that the preset maps, in place of what was guessed."""
        by_name = {column.name: column for column in columns}
        named = {role: by_name.get(_header(header)) for role, header in self.terms.get("columns", {}).items()}
        start = named.get("start") or named.get("at")
        at = start if start and start.kind == "time" else None
        ids = named.get("id")
        tellers = [each for word, each in named.items() if word not in ROLES[self.shape] and each is not None]
        whole = [each for each in tellers if each.seen.filled == each.survey.rows and each.kind != "time"]
        return replace(
            guessed,
            shape=cast("Shape", self.shape),
            at=at,
            end=named.get("end"),
            subject=tuple(whole[:1]) or guessed.subject,
            ids=(ids,) if ids else (),
            state=self._states(named.get("state"), guessed),
            value=named.get("value"),
            total=named.get("total"),
            good=named.get("good"),
            bad=named.get("bad"),
            cause=named.get("cause"),
        )

    def _states(self, column: Column | None, guessed: Roles) -> States | None:
        if column is None:
            return None
        meant = {word: reading for reading, words in self.terms.get("states", {}).items() for word in _listed(words)}
        if not meant and guessed.state and guessed.state.column == column.name:
            return guessed.state
        words = [
            StateWord.model_validate({"text": each.text, "rows": each.rows, "reading": meant.get(each.text, "unclear")})
            for each in column.seen.common
        ]
        return States(column=column.name, words=tuple(words))


def known_export(found: tuple[ProductExport, tuple[str, ...]], look: Look) -> Product:
    """What the preset of an export says of a file."""
    export, _ = found
    if export.refused or not export.shapes:
        message = f"an export of {export.preset} ({export.name}) that cannot be settled: {export.refused}"
        odd = Suspicion(code="not-the-export", message=message, count=1)
        return Product(export.preset, "", (), {}, suspicions=(odd,))
    shape, *others = export.shapes
    terms = export.fill(shape, {}, look)
    return Product(export.preset, shape, tuple(others), terms, export.unclear({}, look), export.caveats)


def _header(written: object) -> str:
    return " ".join(_listed(written))


def _listed(written: object) -> list[str]:
    return [written] if isinstance(written, str) else [str(each) for each in cast("Sequence[Any]", written)]
