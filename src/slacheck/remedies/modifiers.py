"""What stands beside any credit: factors of the record, repeated failure, rounding, the least that is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.language.quantities import CivilLength, Comparison, Quantity, Unreadable
from slacheck.language.rounding import Mode
from slacheck.language.scalars import Amount, Texts, Whole, listed, scalar_text
from slacheck.language.terms import Terms, refusal

ELSE = "else"
OF = "of"


@dataclass(frozen=True)
class Factor:
    """A number that a credit is multiplied with: the cell of ``word``, or what ``table`` says of its text.

    With ``of`` it is the cell of ``word`` as a share of that of another word, at most the whole.

    Formula: credit x factor, for each of ``factors``: a number in a column (``weight``), the number that a table gives
    for the text of one (``in_use: {yes: 0.5, else: 1}``), or min(affected / users, 1).

    Order: on the exact amount, before ``repeat``, ``rounding``, ``cap`` and ``minimum``; each factor on what the one
    before it left.

    Clause: "an area that is unusable but still in use costs half" (fire and police stations); "the credit times the
    affected users as a share of all users" (hosted e-mail).

    Example:

        per: case
        measure: {kind: elapsed, from: tickets, between: [opened, resolved]}
        target: "<= 4h"
        credit:
          kind: fixed
          pays: 60.00
          factors: [weight, {in_use: {yes: 0.5, else: 1}}, {affected: {of: users}}]

    Edge cases: where the record has no such cell, several of them, a number below zero or a text that the table does
    not have, nothing is owed at least, and the most is left open. A share of a number that is not above zero is not
    known. ``else`` is every other text. A table of zeros alone is refused. The factors of points give parts of points.
    """

    word: str
    table: tuple[tuple[str, Fraction], ...] | None = None
    of: str = ""

    def read(self, text: str) -> Fraction | None:
        """The number for a text of the record; None where the table has none."""
        assert self.table is not None
        rows = dict(self.table)
        return rows.get(text, rows.get(ELSE))


def _number(value: object, wanted: str, *inside: str | int) -> Fraction:
    try:
        quantity = Quantity.read(scalar_text(value, wanted))
    except Unreadable as unreadable:
        raise refusal("not-a-number", str(unreadable), unreadable.help, inside=inside) from None
    if quantity.kind not in ("number", "share") or quantity.value < 0:
        raise refusal("not-a-number", f"'{quantity.text}' is no factor", "write a number such as 1.5", inside=inside)
    return quantity.value


def _factor(value: object, index: int) -> Factor:
    if isinstance(value, Factor):
        return value
    if isinstance(value, str) and value.strip():
        return Factor(value.strip())
    if isinstance(value, Mapping) and len(value) == 1:
        ((word, table),) = value.items()
        if isinstance(table, Mapping) and list(table) == [OF] and isinstance(table[OF], str):
            return Factor(str(word), of=table[OF])
        if isinstance(table, Mapping) and table:
            rows = ((str(cell), _number(each, "a factor", index, word, cell)) for cell, each in table.items())
            return Factor(str(word), tuple(rows))
    help = "write a column that holds numbers, {COLUMN: {yes: 0.5, else: 1}}, or {affected: {of: users}}"
    raise refusal("factor", "a factor of the record is wanted here", help, inside=[index])


def read_factors(value: object) -> tuple[Factor, ...]:
    """A list of factors. Raises what pydantic collects."""
    value = listed([value] if isinstance(value, Mapping) else value)
    if not isinstance(value, (list, tuple)):
        raise refusal("wrong-shape", "a list of factors is wanted here", "write factors: [weight]")
    return tuple(_factor(each, index) for index, each in enumerate(value))


class Minimum(Terms):
    """The least credit that is paid: one that is not ``above`` it is dropped, or raised to it.

    Formula: a credit that is 0 < credit <= ``above`` becomes 0 (``else: drop``) or ``above`` (``else: raise``).

    Order: ``drop`` is the last step of the line, after its caps; ``raise`` comes after ``rounding`` and before the
    caps, so that no least credit is more than a cap allows.

    Clause: "a credit is issued only if it is more than one dollar" (managed database); "a credit of less than one
    dollar is raised to one dollar" (hosted e-mail).

    Example:

        target: ">= 99.95%"
        credit: {kind: bands, of: monthly, bands: {"< 99.95%": 10%, "< 95%": 100%}, minimum: {above: 1.00, else: drop}}

    Edge cases: a credit of exactly the least one is not above it, and is dropped. Nothing owed stays nothing, and a
    bonus stays what it is. Each line has the least credit for itself, not the total. A least credit that the cap never
    lets any credit exceed is refused, and so is one that drops every row of the table.
    """

    above: Amount = Field(description="The amount that a credit must be above.", examples=["1.00"])
    else_: Literal["drop", "raise"] = Field(
        alias="else",
        description="What becomes of a lesser credit: drop pays nothing, raise pays the amount itself.",
        examples=["drop", "raise"],
    )


class Rounding(Terms):
    """How an amount is rounded: to a multiple of ``to``, by default the minor unit of the currency.

    Formula: the nearest multiple of ``to``. ``half-up`` takes halves away from zero, ``half-even`` to the even
    multiple; ``down`` is towards zero, ``up`` away from it.

    Order: each line after ``factors`` and ``repeat``, before its caps and ``minimum``. With ``at: total`` in the
    settlement lines are added up exactly and the sum, points among it, is rounded once, before the amount at risk and
    the caps.

    Clause: "three periods of an area cost 180 pounds" where the exact rate gives 178.68 (fire and police stations, by
    a worked example; hardly any contract says how amounts are rounded).

    Example:

        settlement:
          rounding: {to: 1.00, mode: half-even, at: total}

    Edge cases: a rounding in a credit holds for its lines in place of that of the settlement, with ``at: total`` too.
    Points are never rounded. Without it lines are rounded half up to the minor unit (ISO 4217: cents of EUR, whole
    JPY). What a cap allows is cut to the minor unit, never above the exact cap. The exact amount stands in the
    statement beside the rounded one.
    """

    to: Amount | None = Field(
        default=None,
        description="The multiple to which an amount is rounded; by default the minor unit of the currency.",
        examples=["1.00"],
    )
    mode: Mode = Field(
        default="half-up",
        description="half-up (the default) takes halves away from zero, half-even to the even multiple, down is "
        "towards zero, up away from it.",
        examples=["half-even"],
    )


def _times(value: object) -> tuple[tuple[Comparison, Fraction], ...]:
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping) or not value:
        raise refusal("wrong-shape", "a table of multipliers is wanted here", 'write {"> 4": 1.5, "> 8": 2}')
    rows = []
    for key, each in value.items():
        try:
            compared = Comparison.read(str(key))
        except Unreadable as unreadable:
            raise refusal("not-a-comparison", str(unreadable), unreadable.help, inside=[key], at="key") from None
        if compared.kind != "number":
            help = 'write a number of breaches, such as "> 4"'
            raise refusal("unit", f"'{compared.text}' counts no breaches", help, inside=[key], at="key")
        rows.append((compared, _number(each, "a multiplier", key)))
    return tuple(rows)


def _breaches_in(value: object) -> Literal["period", "previous-period"] | CivilLength:
    if isinstance(value, CivilLength):
        return value
    text = scalar_text(value, "a stretch")
    if text in ("period", "previous-period"):
        return text  # type: ignore[return-value]
    try:
        length = CivilLength.read(text)
    except Unreadable:
        length = None
    if length is None or length.unit not in ("month", "year", "period") or length.count == 0:
        help = "write period, previous-period, 12 months or 4 periods"
        raise refusal("repeat", f"breaches cannot be counted in '{text}'", help)
    return length


class Repeat(Terms):
    """A multiplier for repeated failure.

    ``breaches_in`` says where the breaches of the level are counted: in the ``period``, this one among them and those
    before it; in the ``previous-period``; or in so many months or periods, this one among them. ``same`` are words
    of the record: only breaches with the same values count. Of the rows of ``times`` that match the number the greatest
    multiplier counts; where none does it is 1. With ``only_every: 10`` the tenth breach costs something, the twentieth
    and so on, and those between cost nothing.

    Formula: credit x the greatest multiplier whose row matches the number of breaches; x 0 where ``only_every`` does
    not divide the number.

    Order: after ``factors``, before ``rounding``. It multiplies the amount without multipliers, so that a doubled
    credit is not doubled again.

    Clause: "every tenth failure in twelve months: 5 % of the annual fee" (a hosted directory); "the same indicator
    failed in two periods running: twice the points" (government digital service); "one criterion failed more than four
    times in a month: one and a half times, more than eight: twice" (fire and police stations).

    Example:

        per: case
        measure: {kind: elapsed, from: tickets, between: [opened, resolved]}
        target: "<= 4h"
        credit:
          kind: fixed
          pays: 60.00
          repeat: {breaches_in: period, same: [area], times: {"> 4": 1.5, "> 8": 2}}

    Edge cases: records count in the order in which they began, each with those before it, so that the fifth is the
    first to cost more. A period that is neither in the run nor given with ``--history`` is unknown: the amount is open
    between the least and the greatest multiplier that is possible. A bonus is not multiplied. A level with one line in
    a period and ``breaches_in: period``, a row that is never reached, a multiplier below 1 and more breaches that cost
    less are refused.
    """

    breaches_in: Annotated[
        Literal["period", "previous-period"] | CivilLength,
        PlainValidator(_breaches_in),
        WithJsonSchema({"type": "string", "examples": ["period", "previous-period", "12 months"]}),
    ] = Field(
        description="Where breaches are counted: in this period, in the previous-period, or in so many months or "
        "periods.",
        examples=["period", "12 months"],
    )
    same: Texts = Field(
        (),
        description="Words of the record: only breaches with the same values count together. By default all of "
        "the level do.",
        examples=[["area"]],
    )
    times: Annotated[
        tuple[tuple[Comparison, Fraction], ...],
        PlainValidator(_times),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "number"]}, "minProperties": 1}),
    ] = Field(
        (),
        description="Comparisons of the number of breaches, in quotes, and what the credit is multiplied with.",
        examples=[{"> 4": "1.5", "> 8": 2}],
    )
    only_every: Whole | None = Field(
        None,
        ge=2,
        le=10**6,
        description="One breach in so many costs something: with 10 the tenth, the twentieth and so on. By "
        "default each does.",
        examples=[10],
    )

    @model_validator(mode="after")
    def _counts(self) -> Repeat:
        if not self.times and self.only_every is None:
            help = 'write times: {"> 4": 1.5}, or only_every: 10'
            raise refusal("repeat", "nothing says what repeated failure costs", help)
        if self.only_every is not None and self.breaches_in == "previous-period":
            message = "the breaches of the previous period say nothing of which breach this one is"
            raise refusal("repeat", message, "write breaches_in: period or 12 months", inside=["breaches_in"])
        return self

    def multiplier(self, breaches: int) -> tuple[Fraction, str]:
        """What so many breaches multiply a credit with, and what says so (empty: nothing does)."""
        number, row = self.row(breaches)
        if self.only_every is None:
            return number, row
        only = f"only every {self.only_every}"
        return (Fraction(0), only) if breaches % self.only_every else (number, row or only)

    def multipliers(self) -> list[tuple[Fraction, str]]:
        """Those that some number of breaches may have, beside that of a number that is known."""
        rows = [(number, row.text) for row, number in self.times]
        only = f"only every {self.only_every}"
        return rows if self.only_every is None else [*rows, (Fraction(0), only), (Fraction(1), only)]

    def row(self, breaches: int) -> tuple[Fraction, str]:
        """What ``times`` says of so many breaches, and the row (empty: none matches)."""
        matching = [(each, row.text) for row, each in self.times if row.holds(Fraction(breaches))]
        return max(matching, default=(Fraction(1), ""))


def above(minimum: Minimum, amount: Fraction) -> Fraction:
    """What is paid where ``minimum`` is agreed: 0 stays 0."""
    least = Fraction(Decimal(minimum.above))
    if amount <= 0 or amount > least:
        return amount
    return least if minimum.else_ == "raise" else Fraction(0)
