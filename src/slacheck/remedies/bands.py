"""Bands: a table from comparisons on the measured value to credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from pydantic import Field

from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.language.payments import Pay
from slacheck.language.quantities import Bound, Comparison, Kind, as_percentages
from slacheck.money import decimal_text
from slacheck.remedies.edges import Row, table_faults, written
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices, priced
from slacheck.remedies.remedy import Fault, Miss, Remedy, Steps
from slacheck.remedies.tables import ELSE, Table


class Bands(Remedy):
    """A table from comparisons on the measured value to credits.

    Formula: the row that costs most among those that match is paid; rows never add. So nested tables ("below 99.9:
    10 %, below 99: 25 %") and disjoint ones are written as they stand. With ``reads: overshoot`` the rows compare with
    the share of the target's bound by which the value lies beyond it: (value - bound) / bound. A row may pay a
    ``bonus``, which the customer owes when the target is met.

    Clause: "less than 99.99 %: 10 %, less than 99 %: 25 %, less than 95 %: 100 %" (cloud compute, regional).

    Example:

        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%, "< 95.0%": 100%}}

    Edge cases: each edge is open or closed as its operator says. A breach that no row covers, a row that nothing can
    reach, two rows that contradict, a row that pays although the target is met and a worse value that earns less are
    refused; ``else: 0`` says that a gap is meant. Bonus rows may not
    overlap, nor reach beyond the target.
    """

    kind: Literal["bands"]
    reads: Literal["value", "overshoot"] = Field(
        "value",
        description="What the rows compare: the value (the default), or the overshoot, the share of the target's "
        "bound by which it lies beyond.",
        examples=["overshoot"],
    )
    bands: Table = Field(
        description="Comparisons, in quotes, and what each costs; of those that match the dearest is paid. "
        "'else' is for breaches that no row covers.",
        examples=[{"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}, {"<= 10%": "1000.00", "else": 0}],
    )

    def owed(self, miss: Miss, prices: Prices) -> Owed:
        value = self._read(miss.value, miss.target)
        if miss.target.holds(miss.value):
            # A breach that is deemed, whatever was measured: no row speaks of it, and it costs the mildest of them.
            rows = [row for row in self._credits() if row[1].size > 0] or self._credits()
            matching = [min(rows, key=lambda row: row[1].size)]
        else:
            matching = [row for row in self._credits() if row[0] is not None and row[0].holds(value)]
            matching = matching or [row for row in self._credits() if row[0] is None]
            if not matching:
                # A target that a register holds for each subject: nobody could check the rows beside it.
                raise NotKnown(f"no band covers a breach of {miss.target.text} at {written(value, miss.target.kind)}")
        compared, paid = max(matching, key=lambda row: row[1].size)
        owed = priced(paid, self.of, prices)
        steps = [Step("band", f"band {compared.text if compared else ELSE}")]
        if self.reads == "overshoot":
            steps.insert(0, Step("measured", f"{decimal_text(value * 100, 6)}% beyond {miss.target.text}"))
        return Owed(owed.exact, (*steps, *owed.steps))

    def earned(self, miss: Miss, prices: Prices) -> Owed | None:
        value = self._read(miss.value, miss.target)
        for compared, paid in self.bands:
            if paid.bonus and compared is not None and compared.holds(value):
                owed = priced(paid, self.of, prices)
                return Owed(owed.exact, (Step("band", f"band {compared.text}"), *owed.steps))
        return None

    def _credits(self) -> Sequence[tuple[Comparison | None, Pay]]:
        return [row for row in self.bands if not row[1].bonus]

    def _read(self, value: Fraction, target: Comparison) -> Fraction:
        """What the rows compare with: the value, or by what share of the target's bound it lies beyond it."""
        if self.reads == "value":
            return value
        bound = target.bounds[0].value
        return (bound - value if target.lower_is_worse else value - bound) / abs(bound)

    def turns(self, low: Fraction, high: Fraction, target: Comparison) -> Iterable[Fraction]:
        edges = {edge for row in self.bands if row[0] is not None for edge in row[0].edges}
        if self.reads == "overshoot":
            bound = target.bounds[0].value
            edges = {bound + (-edge if target.lower_is_worse else edge) * abs(bound) for edge in edges}
        edges |= set(target.edges)
        marks = sorted({low, high, *(edge for edge in edges if low < edge < high)})
        return (*marks, *((one + other) / 2 for one, other in pairwise(marks)))

    def least(self, prices: Prices) -> Owed:
        bonuses = [row[1] for row in self.bands if row[1].bonus]
        return priced(min(bonuses, key=lambda paid: paid.size), self.of, prices) if bonuses else Owed(Fraction(0))

    def most(self, prices: Prices) -> Owed | None:
        return priced(max((row[1] for row in self._credits()), key=lambda paid: paid.size), self.of, prices)

    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        for compared, paid in self.bands:
            yield ("bands", compared.text if compared else ELSE), paid

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if self.reads == "overshoot":
            bound = target.bounds[0]
            if len(target.bounds) != 1 or target.lower_is_worse is None or bound.value == 0:
                help = 'such as "<= 2ms"; or let the rows read the value'
                yield Fault("target-shape", "an overshoot needs a target with one bound, not zero", help, ("reads",))
                return
            # Beyond the bound by nothing is a breach where the bound itself is one.
            strict = bound.operator in (">", "<")
            target = Comparison("share", (Bound("<" if strict else "<=", Fraction(0)),), target.text)
            unit = "share"
        wrong = [compared for compared, _ in self.bands if compared is not None and compared.kind != unit]
        for compared in wrong:
            shown = compared.text
            bare = unit == "share" and compared.kind == "number"
            help = f"write {as_percentages(shown)}" if bare else f"the target is a {unit}"
            if self.reads == "overshoot" and not bare:
                help = "an overshoot is a share of the target"
            yield Fault("unit", f"'{shown}' is not in the unit of the target", help, ("bands", shown))
        if wrong:
            return
        if not self._credits():
            help = "write what a breach costs, or else: 0"
            yield Fault("band-hole", "every row is a bonus, and a breach costs nothing", help, ("bands",))
            return
        for fault in table_faults(
            [Row(compared, paid) for compared, paid in self.bands if compared is not None],
            next((paid for compared, paid in self.bands if compared is None), None),
            target,
            unit,
            Fraction(1) if unit == "share" and self.reads == "value" else None,
        ):
            yield Fault(fault.code, fault.message, fault.help, ("bands", *fault.inside), fault.at)
