"""From the texts of a record to its values and the mask of what is bad, in the SQL that both engines share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from slacheck.engine.text_rules import Text

if TYPE_CHECKING:
    from slacheck.engine.reading import Column

# How a result is cast and named: its expression, its kind, its name.
Named = Callable[[str, str, str], str]


def marked(
    columns: Sequence[Column], values: Sequence[Sequence[str]], named: Named, no_record: str = ""
) -> tuple[list[str], list[str]]:
    """Two steps over texts ``t0``, ``t1`` ..: the values ``v0_0`` .., then the columns of a reading with ``bad``.

    ``values`` are the expressions of each column's rule, ``no_record`` a condition that there is no record at all.
    """
    found, results, bits = [], [], []
    for i, (column, expressions) in enumerate(zip(columns, values, strict=True)):
        good = column.rule.accepted(f"v{i}_0")
        for j, ((ending, kind), value) in enumerate(zip(column.rule.endings, expressions, strict=True)):
            found.append(f"{value} AS v{i}_{j}")
            kept = f"v{i}_{j}" if good == f"v{i}_{j} IS NOT NULL" else f"CASE WHEN {good} THEN v{i}_{j} END"
            results.append(named(kept, kind, column.name + ending))
        wanted = "" if column.required else f" AND t{i} IS NOT NULL"
        if wanted and isinstance(column.rule, Text):
            continue
        bits.append(f"CASE WHEN NOT coalesce({good}, false){wanted} THEN {1 << i} ELSE 0 END")
    bad = " + ".join(bits) or "0"
    if no_record:
        bad = f"CASE WHEN {no_record} THEN {1 << len(columns)} ELSE {bad} END"
    return found, [*results, named(bad, "BIGINT", "bad")]
