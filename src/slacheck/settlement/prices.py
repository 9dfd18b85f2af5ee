"""What fees and pools are worth for one line of a statement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from slacheck.derivation import Step
from slacheck.fees.worth import Whose, Worth
from slacheck.judging import Judged
from slacheck.language.payments import Pay
from slacheck.money import decimal_text
from slacheck.planning import Settling
from slacheck.planning.charging import whose
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import priced


@dataclass(frozen=True)
class LinePrices:
    """The fees of one settling, for the rows of registers of a line; without one, for the agreement as a whole."""

    settling: Settling
    judged: Judged | None = None
    whole: bool = False
    # A cap asks for the fee that the credit asked for.
    _known: dict[str, Worth] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def whose(self) -> Whose:
        """What tells the rows of registers: subject, class, conditions, facts of a record. A line that is met never
        asks."""
        if self.judged is None:
            return Whose({})
        answer = self.judged.answer
        facts = {word: text for word, text in answer.facts.items() if text is not None} if answer else {}
        return whose(self.settling.agreement, self.judged.asking.promised, answer.of if answer else "", facts)

    def worth(self, fee: str) -> Worth:
        """What a fee is worth for the line. Raises NotKnown."""
        if fee not in self._known:
            fees = self.settling.fees.of_whole_periods() if self.whole else self.settling.fees
            self._known[fee] = fees.worth(fee, self.whose)
        return self._known[fee]

    def over_stretches(self) -> LinePrices:
        """The prices of what bounds several periods together: fees as if all of the period were in force."""
        return replace(self, whole=True, _known={})

    def shared_out(self, pay: Pay, of: str | None) -> bool:
        """Whether the parts of a period that an amendment splits have a share each of what ``pay`` is of."""
        return pay.needs_fee and self.settling.fees.for_the_period(pay.fee or of or "")

    def at_risk(self) -> Owed:
        """The amount at risk, for the agreement as a whole. Raises NotKnown."""
        terms = self.settling.agreement.settlement.at_risk
        assert terms is not None, "validation refuses a pool without an amount at risk"
        owed = priced(terms.amount, None, LinePrices(self.settling))
        # The last step says what this one says itself.
        return Owed(owed.exact, (*owed.steps[:-1], Step("pool", f"at risk {terms.amount.text}", owed.exact)))

    def pool(self, name: str) -> Owed:
        """A pool of the amount at risk. Raises NotKnown."""
        terms = self.settling.agreement.settlement.at_risk
        assert terms is not None
        share: Fraction = terms.pools[name]
        whole = self.at_risk()
        exact = whole.exact * share
        return whole.then(exact, Step("pool", f"pool {name} {decimal_text(share * 100)}%", exact))
