"""Bands: a table from comparisons on the measured value to credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from slacheck.language.quantities import Comparison, Kind, Unreadable, as_percentages
from slacheck.language.scalars import ShareOf, scalar_text
from slacheck.language.terms import refusal
from slacheck.remedies.edges import Row, table_faults
from slacheck.remedies.remedy import Fault, Miss, Owed, Remedy


def _table(value: object) -> tuple[tuple[Comparison | None, ShareOf], ...]:
    """Rows in the order they stand; ``else`` has no comparison."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping) or not value:
        raise refusal("wrong-shape", "a mapping of comparisons to credits is wanted here", 'write {"< 99.9%": 10%}')
    rows: list[tuple[Comparison | None, ShareOf]] = []
    for key, paid in value.items():
        try:
            compared = None if key == "else" else Comparison.read(key)
        except Unreadable as unreadable:
            raise refusal("not-a-comparison", str(unreadable), unreadable.help, inside=[key], at="key") from None
        try:
            rows.append((compared, ShareOf.read(scalar_text(paid, "a credit"))))
        except Unreadable as unreadable:
            raise refusal("not-a-share", str(unreadable), unreadable.help, inside=[key]) from None
        except PydanticCustomError as refused:
            raise refusal(refused.type, refused.message(), inside=[key]) from None
    return tuple(rows)


class Bands(Remedy):
    """A table from comparisons on the measured value to credits.

    Formula: the row that costs most among those that match is paid; rows never add. So nested tables ("below 99.9:
    10 %, below 99: 25 %") and disjoint ones are written as they stand.

    Clause: "less than 99.99 %: 10 %, less than 99 %: 25 %, less than 95 %: 100 %" (cloud compute, regional).

    Example:

        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%, "< 95.0%": 100%}}

    Edge cases: each edge is open or closed as its operator says. A breach that no row covers, a row that nothing can
    reach, two rows that contradict, a row that pays although the target is met and a worse value that earns less are
    refused; ``else: 0`` says that a gap is meant.
    """

    kind: Literal["bands"]
    bands: Annotated[
        tuple[tuple[Comparison | None, ShareOf], ...],
        PlainValidator(_table),
        WithJsonSchema(
            {
                "type": "object",
                "description": "Comparisons on the measured value, in quotes, and what each costs. The row that costs "
                "most among those that match is paid; 'else' is for the rest of the breaches.",
                "additionalProperties": {
                    "type": ["string", "number"],
                    "description": "A share of the fee that 'of' names, a share of another fee, or an amount.",
                },
                "minProperties": 1,
                "examples": [{"< 99.9%": "10%", "< 99.0%": "25%"}],
            }
        ),
    ]

    def owed(self, miss: Miss, fees: Mapping[str, Fraction]) -> Owed:
        def cost(row: tuple[Comparison | None, ShareOf]) -> Fraction:
            return row[1].resolve(dict(fees), self.of)

        matching = [row for row in self.bands if row[0] is not None and row[0].holds(miss.value)]
        matching = matching or [row for row in self.bands if row[0] is None]
        if miss.target.holds(miss.value):
            # A breach that is deemed, whatever was measured: no row speaks of it, and it costs the mildest of them.
            matching = [min(self.bands, key=lambda row: (cost(row) == 0, cost(row)))]
        compared, paid = max(matching, key=cost)
        bare = paid.share is not None and paid.fee is None
        text = f"{paid.text} of {self.of}" if bare else paid.text
        return Owed(
            paid.resolve(dict(fees), self.of),
            (f"band {compared.text if compared else 'else'}", text),
        )

    def turns(self, low: Fraction, high: Fraction, target: Comparison) -> Iterable[Fraction]:
        compared = [target, *(row[0] for row in self.bands if row[0] is not None)]
        edges = {edge for each in compared for edge in each.edges}
        marks = sorted({low, high, *(edge for edge in edges if low < edge < high)})
        return (*marks, *((one + other) / 2 for one, other in pairwise(marks)))

    def most(self, fees: Mapping[str, Fraction]) -> Fraction | None:
        return max(paid.resolve(dict(fees), self.of) for _, paid in self.bands)

    def shares(self) -> Iterator[tuple[tuple[str | int, ...], ShareOf]]:
        for compared, paid in self.bands:
            yield ("bands", compared.text if compared else "else"), paid
        if self.cap:
            yield ("cap",), self.cap

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        wrong = [compared for compared, _ in self.bands if compared is not None and compared.kind != unit]
        for compared in wrong:
            shown = compared.text
            bare = unit == "share" and compared.kind == "number"
            help = f"write {as_percentages(shown)}" if bare else f"the target is a {unit}"
            yield Fault("unit", f"'{shown}' is not in the unit of the target", help, ("bands", shown))
        if wrong:
            return
        for fault in table_faults(
            [Row(compared, paid) for compared, paid in self.bands if compared is not None],
            next((paid for compared, paid in self.bands if compared is None), None),
            target,
            unit,
        ):
            yield Fault(fault.code, fault.message, fault.help, ("bands", *fault.inside), fault.at)
