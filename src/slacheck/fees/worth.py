"""What a fee is worth for one line in one period, exactly, with the stretch that it pays for and how it came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from slacheck.derivation import Step
from slacheck.fees.fee import AmountFee, Fee, GreaterFee, PartPeriod, PreviousFee, RegisterFee
from slacheck.fees.lookup import Found, Table, Whose
from slacheck.fees.stretches import Dates, Stretch, is_period, stretch, whole
from slacheck.money import decimal_text
from slacheck.timeline.periods import Period, before, title
from slacheck.timeline.zones import midnight

__all__ = ["Fees", "NotKnown", "Rows", "Whose", "Worth", "rows_of"]

Dating = Literal["at", "valid_from", ""]


class NotKnown(Exception):
    """A fee that cannot be told; ``why`` says it in words that go behind "not known: "."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Worth:
    """An exact amount, and the civil days and microseconds that it pays for. ``steps`` say how it came about.

    ``length`` is the real time of that stretch, or the nominal length; a fraction where a nominal length or an average
    day is shared out.
    """

    exact: Fraction
    days: Fraction
    length: Fraction
    steps: tuple[Step, ...]


class Rows(NamedTuple):
    """Which rows of a register a fee reads: its column, in ``[lo, hi)`` (microseconds UTC; 0 where nothing bounds)."""

    source: str
    column: str
    lo: int
    hi: int


def rows_of(fee: RegisterFee, dating: Dating, period: Period, dates: Dates) -> Rows:
    """The rows that ``fee`` reads in ``period``. An average reads those of the days in force."""
    if not dating:
        return Rows(fee.from_, fee.column, 0, 0)
    if dating == "valid_from":
        end = dates.in_force(period)[1] if dates.part else period.end
        return Rows(fee.from_, fee.column, 0, midnight(end, dates.zone))
    if fee.taking == "mean":
        start, end = dates.in_force(period)
    else:
        found = stretch(fee.for_, period, dates)
        start, end = found.start, found.end
    return Rows(fee.from_, fee.column, midnight(start, dates.zone), midnight(end, dates.zone))


# The fees as they were agreed in a period, and the civil days [start, end) of it for which they were (None: all).
TermsIn = Callable[[Period], Sequence[tuple[Mapping[str, Fee], tuple[date, date] | None]]]


class Fees:
    """The fees of one agreement in one period, read already: usable after the engine is closed."""

    def __init__(
        self,
        terms: Mapping[str, Fee],
        dates: Dates,
        period: Period,
        dating: Mapping[str, Dating],
        tables: Mapping[Rows, Table],
        whole: bool = False,
        terms_in: TermsIn | None = None,
    ) -> None:
        self._terms, self._dates, self._period = terms, dates, period
        self._dating, self._tables = dating, tables
        self._fixed: dict[str, Worth] = {}
        self._whole, self._of_whole = whole, self if whole else None
        self._terms_in: TermsIn = terms_in or (lambda _: [(terms, None)])
        # Asked for every line, and the same for all of them.
        self._read: dict[tuple[str, date], tuple[Table, Stretch]] = {}

    def of_whole_periods(self) -> Fees:
        """The same fees as if all of the period were in force: what bounds several periods is a share of these."""
        if self._of_whole is None:
            self._of_whole = Fees(
                self._terms, self._dates, self._period, self._dating, self._tables, True, self._terms_in
            )
        return self._of_whole

    def for_the_period(self, name: str) -> bool:
        """Whether a fee is one for the period, of which a part of the period has a share by days."""
        fee = self._terms[name]
        match fee:
            case PreviousFee():
                return self.for_the_period(fee.previous)
            case GreaterFee():
                return all(isinstance(each, Decimal) or self.for_the_period(each) for each in fee.greater_of)
            case AmountFee() | RegisterFee():
                return is_period(fee.for_, self._dates)
        return True

    def worth(self, name: str, whose: Whose) -> Worth:
        """The fee ``name`` for a line. Raises NotKnown where it cannot be told, KeyError for a name of none."""
        if name in self._fixed:
            return self._fixed[name]
        found = self._worth(name, self._terms[name], whose, self._period)
        if isinstance(self._terms[name], (Decimal, AmountFee)):
            self._fixed[name] = found
        return found

    def _worth(self, name: str, fee: Fee, whose: Whose, period: Period) -> Worth:
        match fee:
            case Decimal():
                return self._for_period(name, fee, period)
            case AmountFee():
                paid = stretch(fee.for_, period, self._dates)
                return self._priced(f"{name} {fee.amount:,}", Fraction(fee.amount), paid, fee.part_period, period)
            case RegisterFee():
                return self._of_register(name, fee, whose, period)
            case PreviousFee():
                return self._previous(name, fee.previous, whose, period)
            case GreaterFee():
                return self._greatest(name, fee, whose, period)

    def _previous(self, name: str, named: str, whose: Whose, period: Period) -> Worth:
        """The fee of the period before, by the terms that were in force then; a part of a split period has its share.

        Terms in force on some of its days count for these. Of a register the rows say what was paid.
        """
        earlier = before(period)
        pieces = self._terms_in(earlier)
        if not all(isinstance(terms.get(named), (Decimal, AmountFee)) for terms, _ in pieces):
            pieces = [(self._terms, None)]
        each = [
            Fees(terms, replace(self._dates, part=part), earlier, self._dating, self._tables).worth(named, whose)
            for terms, part in pieces
        ]
        exact = sum((worth.exact for worth in each), Fraction(0))
        steps = [step for worth in each for step in worth.steps]
        steps.append(Step("fee", f"{name}: {named} of the period before, {title(earlier)}", exact))
        part = Fraction(1) if self._whole else self._dates.of_part(period)
        if part != 1:
            exact *= part
            steps.append(Step("fee", f"x {part}, the share of the part by days", exact))
        days = sum((worth.days for worth in each), Fraction(0)) * part
        return Worth(exact, days, sum((worth.length for worth in each), Fraction(0)) * part, tuple(steps))

    def _for_period(self, name: str, amount: Decimal, period: Period) -> Worth:
        paid = stretch(None, period, self._dates)
        return self._priced(f"{name} {amount:,}".lstrip(), Fraction(amount), paid, "pro-rata", period)

    def _priced(self, text: str, amount: Fraction, paid: Stretch, part_period: PartPeriod, period: Period) -> Worth:
        """A price of a stretch; of a period that is in force in part a share by days, unless it is paid whole."""
        if paid.part is None:
            return self._paying(text, amount, paid)
        in_force, days = paid.part
        if not in_force:
            raise NotKnown(f"the agreement is not in force in {paid.named}")
        # The parts of a period that an amendment splits add up, whatever is agreed for the first and the last period.
        if self._whole or (part_period == "whole" and self._dates.part is None):
            return self._paying(text, amount, whole(paid, period, self._dates))
        return self._paying(f"{text} x {in_force}/{days} days in force", amount * Fraction(in_force, days), paid)

    def _paying(self, text: str, exact: Fraction, paid: Stretch) -> Worth:
        return Worth(exact, paid.days, paid.length, (Step("fee", text, exact),))

    def _of_register(self, name: str, fee: RegisterFee, whose: Whose, period: Period) -> Worth:
        dating = self._dating[fee.from_]
        if (name, period.start) not in self._read:
            rows = rows_of(fee, dating, period, self._dates)
            self._read[name, period.start] = self._tables[rows], stretch(fee.for_, period, self._dates)
        table, paid = self._read[name, period.start]
        found = table.found(whose)
        if found is None:
            raise NotKnown(self._without(fee, table, whose, paid, dating))
        if found.empty is not None:
            raise NotKnown(f"'{fee.column}' is empty in {table.place(found.empty)}")
        if found.total < 0:
            raise NotKnown(f"{name} is below zero: {_money(found.total)}{_places(found, table)}")
        text = f"{name} {_money(found.total)}{_places(found, table)}{_absent(found)}"
        if dating != "at":
            return self._priced(text, found.total, paid, fee.part_period, period)
        if fee.taking == "mean":
            start, end = self._dates.in_force(period)
            days = (end - start).days
            mean = found.total / days
            steps = Step("fee", text, found.total), Step("fee", f"{_money(found.total)} / {days} days", mean)
            return Worth(mean, paid.days, paid.length, steps)
        # What was billed is billed for all days, where none of the period was in force.
        if not paid.days:
            paid = whole(paid, period, self._dates)
        shared = is_period(fee.for_, self._dates) and not self._whole
        part = self._dates.of_part(period) if shared else Fraction(1)
        if part != 1:
            text += f" x {part}, the share of the part by days"
        return self._paying(text, found.total * part, paid)

    def _without(self, fee: RegisterFee, table: Table, whose: Whose, paid: Stretch, dating: Dating) -> str:
        of, but = table.asked(whose)
        said = [f"{word} {' or '.join(repr(value) for value in sorted(of[word])) or 'without a value'}" for word in of]
        said += [f"{word} other than {' and '.join(repr(value) for value in sorted(but[word]))}" for word in but]
        lines = f" for {', '.join(said)}" if said else ""
        when = "" if not dating else f" in {'force in ' if dating == 'valid_from' else ''}{paid.named}"
        return f"no row of '{fee.from_}'{lines}{when}"

    def _greatest(self, name: str, fee: GreaterFee, whose: Whose, period: Period) -> Worth:
        every: list[tuple[str, Worth]] = []
        for each in fee.greater_of:
            if isinstance(each, Decimal):
                every.append((f"{each:,}", self._for_period("", each, period)))
            else:
                every.append((each, self._worth(each, self._terms[each], whose, period)))
        greatest = max((worth for _, worth in every), key=lambda worth: worth.exact)
        shown = ", ".join(said for said, _ in every)
        steps = [step for _, worth in every for step in worth.steps]
        steps.append(Step("fee", f"{name}: the greater of {shown}", greatest.exact))
        return Worth(greatest.exact, greatest.days, greatest.length, tuple(steps))


def _money(exact: Fraction) -> str:
    text = decimal_text(exact)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    units, _, parts = digits.partition(".")
    return f"{sign}{int(units):,}{f'.{parts:0<2}' if parts else ''}"


def _places(found: Found, table: Table) -> str:
    more = f" and {found.rows - len(found.first):,} more" if found.rows > len(found.first) else ""
    summed = f", the sum of {found.rows:,} rows" if found.rows > 1 else ""
    return f"{summed} ({', '.join(map(table.place, found.first))}{more})"


def _absent(found: Found) -> str:
    return "".join(f"; no row for {word} {', '.join(map(repr, values))}" for word, values in found.absent)
