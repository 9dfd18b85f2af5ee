"""The manual: a page for every kind of measure and credit, and for what stands beside, across and after credits.

A page says the formula, the order of operations, a clause of a real contract, an example that loads, and edge cases. It
is written where the thing lives: in the docstring of its terms, or beside them where a key has none of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from slacheck.agreement.amendments import Amendment
from slacheck.agreement.level import kinds
from slacheck.agreement.right_terms import Right
from slacheck.agreement.settlement_terms import COMBINE, CRITICAL, POINTS, AtRisk, Claim, EarnBack, Pair, Payment
from slacheck.fees.fee import AmountFee, GreaterFee, PreviousFee, RegisterFee
from slacheck.language.payments import Cap
from slacheck.remedies.modifiers import Factor, Minimum, Repeat, Rounding

_FEES: Final = (AmountFee, RegisterFee, PreviousFee, GreaterFee)
_WRITTEN: Final[Mapping[str, type | str]] = {
    "factors": Factor,
    "repeat": Repeat,
    "rounding": Rounding,
    "cap": Cap,
    "minimum": Minimum,
    "critical": CRITICAL,
    "exclusive": Pair,
    "combine": COMBINE,
    "points": POINTS,
    "at_risk": AtRisk,
    "earn_back": EarnBack,
    "claim": Claim,
    "pay": Payment,
    "rights": Right,
    "amendments": Amendment,
}


def pages() -> dict[str, str]:
    """Every page by the name that people write in an agreement: kinds first, then keys in the order of their use."""
    found = {name: _page(kind) for name, kind in kinds().items()}
    found["fees"] = "\n\n".join(_page(fee) for fee in _FEES)
    return found | {name: _page(what) for name, what in _WRITTEN.items()}


def _page(what: type | str) -> str:
    return what.strip() if isinstance(what, str) else inspect.getdoc(what) or ""
