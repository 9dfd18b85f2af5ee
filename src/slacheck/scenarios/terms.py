"""A file of scenarios as people write it: what happens to an agreement in a few lines, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from slacheck.exclusions.spans import Written
from slacheck.language.quantities import Unreadable
from slacheck.language.scalars import Name, Text, Texts, reader
from slacheck.language.terms import Terms, refusal
from slacheck.scenarios.wanted import Wanted
from slacheck.statement import LineVerdict
from slacheck.verdicts import Verdict

TESTS = "1"


def _version(value: object) -> str:
    if value != TESTS:
        raise refusal("language", f"this version reads scenarios of form 1, not '{value}'", "write slacheck_test: 1")
    return TESTS


def _money(text: str) -> Decimal:
    plain = text.strip()
    sign, digits = plain[:1], plain.removeprefix("-")
    if not digits.replace(".", "", 1).isdigit() or not digits[0].isdigit() or digits.endswith("."):
        help = "write the number alone, such as 120.00; below zero it is a bonus"
        raise Unreadable(f"not an amount: '{text}'", help)
    return Decimal(digits) if sign != "-" else -Decimal(digits)


def _said(value: object, kinds: tuple[type, ...], wanted: str) -> object:
    if isinstance(value, kinds):
        return value
    raise refusal("wrong-shape", f"this stands here; {wanted} is wanted")


def _told(value: object) -> object:
    return _said(value, (dict, list), "a mapping or a list of what the source tells")


Money = Annotated[
    Decimal,
    reader("an amount", "not-an-amount", _money),
    WithJsonSchema({"type": ["number", "string"], "description": "An exact amount.", "examples": ["120.00"]}),
]
Measured = Annotated[
    Wanted,
    reader("a value", "not-a-value", Wanted.read),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "description": "A value, which must be equal exactly; behind ~ equal when it is rounded to the places that "
            "are written; or a comparison.",
            "examples": ["99.5%", "~99.73%", "2h", ">= 99%, < 99.9%"],
        }
    ),
]
Told = Annotated[
    Any,
    PlainValidator(_told),
    WithJsonSchema({"type": ["object", "array"], "description": "What the source tells, see docs/testing.md."}),
]


class Between(Terms):
    """An amount that missing data leaves open."""

    least: Money | None = Field(None, description="The least that may be owed.", examples=["0.00"])
    most: Money | None = Field(None, description="The most that may be owed.", examples=["1200.00"])

    @model_validator(mode="after")
    def _one_at_least(self) -> Between:
        if self.least is None and self.most is None:
            raise refusal("expects-nothing", "nothing is expected here", "write least, most, or both", at="key")
        return self


def _either(value: object) -> object:
    """An amount alone is the least and the most."""
    return {"least": value, "most": value} if isinstance(value, str) else value


def _credited(value: object) -> object:
    if not isinstance(value, str):
        return value
    number, blank, word = value.strip().partition(" ")
    unit = "points" if blank and word in ("point", "points") else "money"
    amount = number if unit == "points" else value
    return {"least": amount, "most": amount, "unit": unit}


Owed = Annotated[Between, BeforeValidator(_either)]


class Credited(Between):
    """The credit of a line: money, or points."""

    unit: Literal["money", "points"] = Field("money", description="money or points.", examples=["points"])


class LineExpected(Terms):
    """What is expected of a level: of every line of it, or of those of a class and a subject."""

    of_class: Text | None = Field(None, alias="class", description="Of this class alone.", examples=["P1"])
    subject: Text | None = Field(None, description="Of this subject, or record, alone.", examples=["web-1"])
    verdict: LineVerdict | None = Field(None, description="The verdict.", examples=["met"])
    measured: Measured | None = Field(None, description="The measured value.", examples=["99.5%", "~99.73%"])
    margin: Measured | None = Field(
        None, description="How far it is from the target, below zero where it is missed.", examples=["-0.5%"]
    )
    credit: Annotated[Credited, BeforeValidator(_credited)] | None = Field(
        None, description="Its credit before what crosses levels; 0 where there is none.", examples=["120.00"]
    )
    outages: Measured | None = Field(None, description="How many outages it has.", examples=[1])
    reason: Text | None = Field(None, description="Words that its reason has.", examples=["coverage"])

    @model_validator(mode="after")
    def _something(self) -> LineExpected:
        if not self.said:
            help = "write verdict, measured, margin, credit, outages or reason"
            raise refusal("expects-nothing", "nothing is expected here", help, at="key")
        return self

    @property
    def said(self) -> tuple[str, ...]:
        """The keys of what is expected."""
        keys = ("verdict", "measured", "margin", "credit", "outages", "reason")
        return tuple(key for key in keys if getattr(self, key) is not None)


def _some(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise refusal("expects-nothing", "an empty list tests nothing", "write one, or leave the key out")
    return value


def _lines(value: object) -> object:
    """A word is the verdict of every line."""
    if isinstance(value, str):
        return [{"verdict": value}]
    return [value] if isinstance(value, Mapping) else value


class Expected(Terms):
    """What must come of a scenario. What is not written is not compared."""

    verdict: Verdict | None = Field(None, description="The verdict of the statement.", examples=["breached"])
    owed: Owed | None = Field(None, description="What is owed in all.", examples=["120.00"])
    points: Owed | None = Field(None, description="The points of all levels.", examples=[4])
    levels: dict[Name, Annotated[tuple[LineExpected, ...], AfterValidator(_some), BeforeValidator(_lines)]] = Field(
        {}, description="What is expected of each level.", examples=[{"availability": "met"}]
    )
    rights: dict[Name, Literal["arose", "not-arisen", "undecided", "expired"]] = Field(
        {}, description="The state of each right.", examples=[{"terminate": "arose"}]
    )
    remarks: Texts = Field((), description="Words that a remark on the data has.", examples=[["no rows"]])

    @model_validator(mode="after")
    def _something(self) -> Expected:
        if not (self.verdict or self.owed or self.points or self.levels or self.rights or self.remarks):
            message = "the scenario expects nothing, so that it cannot fail"
            raise refusal(
                "expects-nothing", message, "write verdict, owed, points, levels, rights or remarks", at="key"
            )
        return self


class Scenario(Terms):
    """One scenario. With several periods what is expected is of the last."""

    name: Text = Field(description="What the scenario is called, once in its file.", examples=["a bad afternoon"])
    period: Text = Field(
        description="The period, or several of them, as for evaluate; what is expected is of the last.",
        examples=["2026-03", "2026-01..2026-03"],
    )
    as_of: Written | None = Field(
        None, description="The instant at which it is seen, where the period runs.", examples=["2026-03-20 12:00"]
    )
    data: dict[Name, Told] = Field({}, description="What each source tells.", examples=[{"probes": {"down": []}}])
    expect: Expected = Field(description="What must come of it.", examples=[{"verdict": "met"}])


class Tests(Terms):
    """A file of scenarios."""

    slacheck_test: Annotated[str, PlainValidator(_version), WithJsonSchema({"enum": [1, "1"]})] = Field(
        description="The version of the form of the file; there is one, 1.", examples=[1]
    )
    agreement: Text = Field(description="The agreement, from the folder of this file.", examples=["agreement.yaml"])
    data: dict[Name, Told] = Field(
        {}, description="What sources tell in every scenario that says nothing of them.", examples=[{"survey": {}}]
    )
    scenarios: Annotated[tuple[Scenario, ...], AfterValidator(_some)] = Field(
        description="The scenarios.",
        examples=[[{"name": "a month without an outage", "period": "2026-03", "expect": {"owed": 0}}]],
    )
