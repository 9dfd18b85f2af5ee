"""What is left of a running period: how much more may go wrong in the rest of it with the target still kept."""

from __future__ import annotations

from typing import Literal

from slacheck.statement.parts import Exact, Part

BudgetUnit = Literal["time", "requests", "intervals", "cases", "records"]


class LeftShown(Part):
    """How much is left, in microseconds that count or in pieces: exactly so much more keeps the target, one more breaks
    it. Below zero it is broken by so much: of time and of records for good, of shares of requests, intervals and cases
    until enough others come in that go well.

    Of time: an outage that begins now and has ended at ``ends_by`` keeps the target, one that lasts longer breaks it
    (null: none is left, or it may last to the end). From ``safe_from`` on it may be down to the end of the period; null
    where nothing is left.
    """

    left: int
    ends_by: str | None = None
    safe_from: str | None = None


class BudgetShown(Part):
    """What may still go wrong: ``best`` where what is missing turns out well, ``worst`` where it does not.

    Of time it is measured against the whole period: the time that has passed, and the ``rest`` of service time in
    microseconds with the exclusions that the agreement itself states; records of an exclusion's log that begin later
    are not known yet. Of requests, intervals and cases no later volume is known: so many may fail though nothing else
    comes in, and of all that comes in beyond that the share ``rate`` may fail. Of records so many may come.
    """

    unit: BudgetUnit
    best: LeftShown
    worst: LeftShown
    rest: int | None = None
    rate: Exact | None = None
