"""The money of a statement: credits with their steps, and the total."""

from __future__ import annotations

from typing import Literal

from slacheck.derivation import StepKind
from slacheck.statement.parts import DayText, FractionText, NumberText, Part


class StepShown(Part):
    """One step of a derivation: what was applied and why, and the exact value after it where it has one."""

    kind: StepKind
    text: str
    exact: str | None = None
    clause: str | None = None


class Amount(Part):
    """An amount in minor units of the currency (or points), the exact value before rounding and caps, and its steps.

    As of every value, ``exact`` of an amount and of a step is null above 2,000 bits.
    """

    amount: NumberText
    exact: FractionText | None
    steps: tuple[StepShown, ...] = ()


class Credit(Part):
    """What a level costs: ``least`` and ``most`` differ while missing data could change it; below zero it is a bonus.

    ``most`` is null where nothing bounds it, or where something that it depends on is not known; ``open_because`` says
    what. ``counted_least`` and ``counted_most`` are what is left of it when lines that exclude each other have been
    compared, with ``counted_because``. ``at_cap`` tells whether a cap was reached (null: not known).
    ``claim_by`` is the last day on which it can be claimed; of a claim in several stages ``claim_stages`` are the last
    days of each (null: not known) and ``claim_by`` is the earliest. ``claimed`` is null where no file tells claims.
    """

    unit: Literal["money", "points"] = "money"
    least: Amount
    most: Amount | None
    open_because: str = ""
    counted_least: NumberText
    counted_most: NumberText | None
    counted_because: str = ""
    at_cap: bool | None = False
    paid_as: Literal["money", "service-extension", "service-units"] = "money"
    claim_by: str | None = None
    claim_stages: tuple[str | None, ...] = ()
    claimed: Literal["in-time", "late", "not-claimed"] | None = None

    @property
    def certain(self) -> bool:
        """Whether it is one amount."""
        return self.most is not None and self.least.amount == self.most.amount


class PointsShown(Part):
    """The points of all lines; ``most`` is null where nothing bounds them."""

    least: NumberText
    most: NumberText | None


class ReturnedShown(Part):
    """A part of an earlier credit that is returned because its level was met again."""

    level: str
    of_class: str
    subject: str
    period: str
    least: NumberText
    most: NumberText | None


class BankShown(Part):
    """What was earned back and waits for later credits: when it was earned, how much is left, and until when."""

    earned: str
    left_least: NumberText
    left_most: NumberText | None
    until: DayText | None


class Total(Part):
    """The settled amounts of all lines, after everything that crosses lines; below zero the customer owes a bonus.

    ``most`` is null where nothing bounds it or where it is not known. ``credited_least`` and ``credited_most`` are the
    total before anything of earlier credits was returned. ``at_cap`` tells whether a cap of the settlement
    was reached. ``pay_by`` is the last day on which it must be paid. ``claim_conditions`` and ``claim_evidence`` are
    the agreement's words on what a claim needs, where something may be owed. While a period runs ``owed_anyway`` is the
    least that will be owed at its end if nothing more goes wrong: breaches that nothing can heal (null: not known).
    """

    currency: str
    least: NumberText
    most: NumberText | None
    credited_least: NumberText
    credited_most: NumberText | None
    steps_least: tuple[StepShown, ...]
    steps_most: tuple[StepShown, ...]
    points: PointsShown | None = None
    returned: tuple[ReturnedShown, ...] = ()
    bank: tuple[BankShown, ...] = ()
    at_cap: bool | None = False
    claim_by: str | None = None
    claim_conditions: tuple[str, ...] = ()
    claim_evidence: tuple[str, ...] = ()
    pay_by: str | None = None
    owed_anyway: NumberText | None = None

    @property
    def certain(self) -> bool:
        """Whether it is one amount."""
        return self.least == self.most
