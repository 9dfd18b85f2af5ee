"""Which files one source can read together, and how their times meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from slacheck.inspection.columns import Column
from slacheck.inspection.dates import shown
from slacheck.inspection.findings import Between, FileSeen, Together
from slacheck.inspection.products import Product
from slacheck.inspection.roles import Roles


@dataclass(frozen=True)
class Look:
    """One file as it was looked at: what is shown, what its columns may be, and the columns themselves.

    ``path`` is what a source writes to read it.
    """

    path: str
    file: FileSeen
    roles: Roles
    columns: tuple[Column, ...]
    encoding: str = ""
    product: Product | None = None


@dataclass(frozen=True)
class Lot:
    """Files of the same columns; ``together`` where there are several."""

    looks: tuple[Look, ...]
    together: Together | None = None

    @property
    def first(self) -> Look:
        """The look that has the most rows: the fullest columns tell most."""
        return max(self.looks, key=lambda look: look.file.rows)

    @property
    def of(self) -> dict[str, list[Column]]:
        """The columns of all files by their headers."""
        found: dict[str, list[Column]] = {}
        for look in self.looks:
            for column in look.columns:
                found.setdefault(column.name, []).append(column)
        return found


def lots(looks: Sequence[Look]) -> list[Lot]:
    """The files in lots that one source can read, in the order in which they were named."""
    found: list[list[Look]] = []
    for look in looks:
        for lot in found:
            if all(_alike(look, other) for other in lot):
                lot.append(look)
                break
        else:
            found.append([look])
    return [_lot(each) for each in found]


def _alike(one: Look, other: Look) -> bool:
    """Whether two files have the same headers, and nothing that one source would have to read in two ways."""

    def family(look: Look) -> tuple[object, ...]:
        kind = "csv" if look.file.format == "tsv" else look.file.format
        return (
            kind,
            look.file.preset,
            look.file.records,
            look.encoding,
            frozenset(column.name for column in look.file.columns),
        )

    if family(one) != family(other):
        return False
    mine = {column.name: column.seen for column in one.columns}
    for column in other.columns:
        a, b = mine.get(column.name), column.seen
        if a is None or "empty" in (a.kind, b.kind):
            continue
        if a.kind != b.kind or (a.kind == "time" and not set(a.forms) & set(b.forms)):
            return False
        if a.decimal and b.decimal and a.decimal != b.decimal:
            return False
    return True


def _lot(looks: Sequence[Look]) -> Lot:
    lot = Lot(tuple(looks))
    if len(looks) == 1:
        return lot
    spans = sorted(
        (
            (min(each.first for each in at.times), max(each.last for each in at.times), look.file)
            for look in looks
            if (at := look.roles.at) is not None and at.times and at.seen.form
        ),
        key=lambda span: (span[0], span[1], span[2].file),
    )
    between = [_between(earlier, later) for earlier, later in pairwise(spans)]
    return replace(
        lot,
        together=Together(
            files=tuple(look.file.file for look in looks),
            rows=sum(look.file.rows for look in looks),
            between=tuple(between),
        ),
    )


def _between(earlier: tuple[int, int, FileSeen], later: tuple[int, int, FileSeen]) -> Between:
    steps = earlier[2].steps
    apart = later[0] - earlier[1]
    if apart <= 0:
        overlap = min(earlier[1], later[1]) - later[0]
        return Between(earlier=earlier[2].file, later=later[2].file, kind="overlaps", length=overlap)
    joins = steps is not None and steps.common is not None and 2 * apart <= 3 * steps.common
    return Between(earlier=earlier[2].file, later=later[2].file, kind="joins" if joins else "hole", length=apart)


def merged_form(columns: Sequence[Column]) -> tuple[str, ...]:
    """The forms that read the times of all files; the first is the form where there is one."""
    forms: list[str] | None = None
    for column in columns:
        if column.kind == "time":
            mine = list(column.seen.forms)
            forms = mine if forms is None else [form for form in forms if form in mine]
    return tuple(forms or ())


__all__ = ["Look", "Lot", "lots", "merged_form", "shown"]
