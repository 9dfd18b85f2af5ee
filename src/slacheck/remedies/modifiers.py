"""What stands beside any credit: factors of the record, repeated failure, rounding, the least that is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.language.quantities import CivilLength, Comparison, Quantity, Unreadable
from slacheck.language.rounding import Mode
from slacheck.language.scalars import Amount, Text, Whole, listed, scalar_text
from slacheck.language.terms import Terms, refusal

ELSE = "else"
OF = "of"


@dataclass(frozen=True)
class Factor:
    """A number that a credit is multiplied with: the cell of ``word``, or what ``table`` says of its text.

    With ``of`` it is the cell of ``word`` as a share of that of another word, at most the whole.
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


def read_factors(value: object) -> object:
    """A list of factors. Raises what pydantic collects."""
    if isinstance(value, Mapping):
        value = [value]
    value = listed(value)
    if not isinstance(value, (list, tuple)):
        return value
    return tuple(_factor(each, index) for index, each in enumerate(value))


class Minimum(Terms):
    """The least credit that is paid: one that is not ``above`` it is dropped, or raised to it."""

    above: Amount
    else_: Literal["drop", "raise"] = Field(alias="else", description="what becomes of a lesser credit")


class Rounding(Terms):
    """How an amount is rounded: to a multiple of ``to``, by default the minor unit of the currency."""

    to: Amount | None = None
    mode: Mode = "half-up"


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

    Clause: "every tenth failure in twelve months: 5 % of the annual fee" (a hosted directory).
    """

    breaches_in: Annotated[
        Literal["period", "previous-period"] | CivilLength,
        PlainValidator(_breaches_in),
        WithJsonSchema({"type": "string", "examples": ["period", "previous-period", "12 months"]}),
    ]
    same: Annotated[tuple[Text, ...], BeforeValidator(listed), WithJsonSchema({"type": ["string", "array"]})] = ()
    times: Annotated[
        tuple[tuple[Comparison, Fraction], ...],
        PlainValidator(_times),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "number"]}, "minProperties": 1}),
    ] = ()
    only_every: Whole | None = Field(
        None,
        ge=2,
        le=10**6,
        description="one breach in so many costs something: with 10 the tenth, the twentieth and so on",
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
