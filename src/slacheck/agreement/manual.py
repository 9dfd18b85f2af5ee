"""The manual: a page for every kind of measure and credit, and for what stands beside, across and after credits.

A page says the formula, the order of operations, a clause of a real contract, an example that loads, and edge cases. It
is written where the thing lives: in the docstring of its terms, or here where a key has none of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from slacheck.agreement.amendments import Amendment
from slacheck.agreement.level import kinds
from slacheck.agreement.right_terms import Right
from slacheck.agreement.settlement_terms import AtRisk, Claim, EarnBack, Pair, Payment
from slacheck.agreement.support import Support
from slacheck.fees.fee import AmountFee, GreaterFee, PreviousFee, RegisterFee
from slacheck.language.payments import Cap
from slacheck.remedies.modifiers import Factor, Minimum, Repeat, Rounding

COMBINE: Final = """\
How the credits of several lines become one amount.

Formula: ``sum`` (default) adds every line; ``highest`` pays the dearest line alone; ``{one_per: COLUMN}`` pays of all
lines with the same value in a column (an incident, a circuit) the dearest, and adds these.

Order: after ``critical`` and ``exclusive``, on rounded lines under their own caps; before caps for each value of a
column, the sum and the caps of the settlement.

Clause: "where several rows apply the highest credit counts" (cloud hosting); "one incident that breaches several
levels is credited once" (cloud platform, state portal); "uptime and response credits are added" (startup software).

Example:

    settlement:
      combine: {one_per: number}

Edge cases: of lines that cost the same the first is paid. A bonus is added in any case and beats nothing. A line that
has no value in the column stands for itself. Where amounts are open the least and the most are worked out side by
side. What is not paid stays in the statement, with what beat it. Unless all is added up, credits in points beside
credits in money are refused, since neither is dearer.
"""

CRITICAL: Final = """\
Levels whose breach replaces the credits of all others.

Formula: where a level of ``critical`` is breached, total = sum of the credits of the critical levels; otherwise every
line counts.

Order: first of what crosses levels, before ``exclusive`` and ``combine``. The caps of the settlement bound what is
left.

Clause: "after 48 hours of outage in twelve months ordinary credits no longer accrue, and compensation takes their
place" (government call-off).

Example:

    settlement:
      critical: [long-outage]

Edge cases: the critical level need not earn a credit: then nothing is paid where it fails, and a right says what
follows. Bonuses of other levels stay. Where it is open whether it failed the total is worked out both ways, and spans
both. A KPI, which is never breached, and a level that is paid out of a pool are refused.
"""

POINTS: Final = """\
How points of all lines become money: credits that pay points are added up, and a table says what the sum costs.

Formula: money = table(points of all lines). The table is a credit of the kind ``bands``, whose rows compare with the
number of points, or ``per-unit`` with ``each: 1 point``.

Order: lines in points pass ``factors`` and ``repeat``, and what crosses levels, as points. Their sum is turned into
money once, rounded and put under the caps of the table, and added to the sum of the lines in money; then come
``at_risk`` and ``cap``.

Clause: "5 points: nothing, 10: 2 %, 15: 4 %, 20: 6 %, 25: 8 %, 30 or more: 10 % of the charge" (telephone menus);
"severity 1 to 4 for each indicator" (government digital service).

Example:

    settlement:
      points: {kind: bands, of: monthly, bands: {">= 10": 2%, ">= 15": 4%, ">= 30": 10%, else: 0}}

Edge cases: points are never rounded. No points cost nothing, whatever the table says. A table without a level that pays
points, points without a table, a table that pays points and a bonus in it are refused; ``factors``, ``repeat`` and
``minimum`` belong to the credits of levels. Repeats and rights can count points over several periods.
"""

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
    "rests_on": Support,
    "amendments": Amendment,
}


def pages() -> dict[str, str]:
    """Every page by the name that people write in an agreement: kinds first, then keys in the order of their use."""
    found = {name: _page(kind) for name, kind in kinds().items()}
    found["fees"] = "\n\n".join(_page(fee) for fee in _FEES)
    return found | {name: _page(what) for name, what in _WRITTEN.items()}


def _page(what: type | str) -> str:
    return what.strip() if isinstance(what, str) else inspect.getdoc(what) or ""
