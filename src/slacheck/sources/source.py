"""What an agreement says about one export: where it lies, its shape, and which columns hold what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler

from slacheck.engine import record_paths, text_rules
from slacheck.engine.encodings import Encoding
from slacheck.language.conditions import Where
from slacheck.language.quantities import HOUR, MINUTE, SECOND, CivilLength, Kind
from slacheck.language.scalars import Interval, Length, Text, listed
from slacheck.language.terms import Terms, refusal
from slacheck.sources import presets, several_rows
from slacheck.sources.budget import OnBadRow

Headers = Annotated[
    tuple[Text, ...],
    BeforeValidator(listed),
    WithJsonSchema({"type": ["string", "number", "boolean", "array"], "description": "a header, or several joined"}),
]

UNTIL_NEXT = "until-next"

_EPOCHS = ("epoch-seconds", "epoch-milliseconds", "epoch-microseconds", "epoch-nanoseconds")
_SINCE = re.compile(r"seconds since (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})Z")

Preset = Literal[
    "azure-monitor",
    "cloudwatch",
    "datadog",
    "gatus",
    "grafana",
    "jira-sm",
    "jmeter",
    "pagerduty",
    "pingdom",
    "prometheus",
    "servicenow",
    "statuscake",
    "statuspage",
    "uptime-kuma",
    "uptimerobot",
    "zendesk",
]

Unit = Literal[
    "ns",
    "us",
    "ms",
    "s",
    "min",
    "h",
    "%",
    "fraction",
    "hours-minutes-seconds",
    "hours-minutes",
    "minutes-seconds",
    "iso-8601",
]

# What a cell of one holds, as an agreement compares it: microseconds, or a share.
UNITS: Mapping[Unit, tuple[Kind, Fraction]] = {
    "ns": ("length", Fraction(1, 1_000)),
    "us": ("length", Fraction(1)),
    "ms": ("length", Fraction(1_000)),
    "s": ("length", Fraction(SECOND)),
    "min": ("length", Fraction(MINUTE)),
    "h": ("length", Fraction(HOUR)),
    "%": ("share", Fraction(1, 100)),
    "fraction": ("share", Fraction(1)),
    # What a clock shows is read as seconds.
    "hours-minutes-seconds": ("length", Fraction(SECOND)),
    "hours-minutes": ("length", Fraction(SECOND)),
    "minutes-seconds": ("length", Fraction(SECOND)),
    "iso-8601": ("length", Fraction(SECOND)),
}

ROLES = {
    "samples": ("at", "until", "state", "value"),
    "counts": ("at", "total", "good", "bad"),
    "events": ("start", "end", "cause"),
    "cases": ("id", "event", "at"),
    "register": ("valid_from", "at"),
}
NEEDED = {"samples": ("at",), "counts": ("at",), "events": ("start", "end"), "cases": ("id",), "register": ()}


def _hold(value: object) -> object:
    return None if value == UNTIL_NEXT else value


def _time_format(value: object) -> str:
    if isinstance(value, str):
        if value in _EPOCHS or _SINCE.fullmatch(value):
            return value
        if "%" in value:
            try:
                text_rules.instant(value)
            except ValueError as unfit:
                help = "a pattern says year, month and day, each once, such as '%d/%m/%Y %H:%M:%S'"
                raise refusal("time-format", str(unfit), help) from None
            return value
    raise refusal(
        "time-format",
        f"not a form of time: '{value}'",
        "write epoch-seconds, epoch-milliseconds, 'seconds since 2020-01-01T00:00:00Z', "
        "or a pattern such as '%d/%m/%Y %H:%M:%S'",
    )


def _records(value: str) -> str:
    try:
        record_paths.records_path(value)
    except record_paths.PathFault as fault:
        help = "write keys and what is opened: data.items, data.result[].values[], heartbeats{}[] or $ for one document"
        raise refusal("records-path", f"not a path to records: {fault}", help, offset=fault.at) from None
    return value


class States(Terms):
    """Which words of the state column mean up, down and unknown. A word in no list is an error in the data."""

    up: tuple[Text, ...] = ("up",)
    down: tuple[Text, ...] = ("down",)
    unknown: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> States:
        words = [*self.up, *self.down, *self.unknown]
        for word in words:
            if words.count(word) > 1:
                raise refusal("states", f"the state '{word}' means two things", "list each word once")
        return self


def _needed_keys(schema: dict[str, Any]) -> None:
    """A preset fills in what is needed otherwise."""
    schema["if"] = {"properties": {"format": {"enum": list(get_args(Preset))}}, "required": ["format"]}
    schema["then"] = {"required": ["path"]}
    schema["else"] = {"required": schema.pop("required")}


class Source(Terms):
    """One export. ``columns`` maps the roles of the shape, or words of your own, to the headers of the file."""

    model_config = ConfigDict(json_schema_extra=_needed_keys)

    path: Annotated[
        tuple[Text, ...],
        BeforeValidator(listed),
        Field(min_length=1, description="a file, a glob, a list of these, or - for standard input"),
        WithJsonSchema({"type": ["string", "array"]}),
    ]
    shape: Literal["samples", "counts", "events", "cases", "register"]
    columns: dict[str, Headers]
    key: Annotated[
        tuple[Text, ...],
        BeforeValidator(listed),
        Field(description="the columns that lead from a record to the row of a register"),
        WithJsonSchema({"type": ["string", "array"]}),
    ] = ()
    format: Literal["csv", "tsv", "json", "ndjson", "parquet"] | Preset | None = Field(
        None, description="how the file is written, or the product whose export it is"
    )
    encoding: Encoding | None = Field(None, description="of text that is not UTF-8; a byte order mark tells it too")
    records: Annotated[
        tuple[Annotated[Text, AfterValidator(_records)], ...],
        BeforeValidator(listed),
        Field(description="the path to the records inside a JSON document, or several of them"),
        WithJsonSchema({"type": ["string", "array"]}),
    ] = ()
    wide: Annotated[
        tuple[Text, ...],
        BeforeValidator(listed),
        Field(description="the columns of a table beside which every other one is a series"),
        WithJsonSchema({"type": ["string", "array"]}),
    ] = ()
    sheet: Text | None = Field(None, description="of a workbook with several sheets: the name of one, or its number")
    timezone: Text | None = Field(None, description="zone of times that carry no offset")
    ambiguous_times: Literal["refuse", "earlier", "later"] = "refuse"
    time_format: Annotated[str, PlainValidator(_time_format), WithJsonSchema({"type": "string"})] | None = None
    decimal: Literal[".", ","] = Field(".", description="the decimal mark of numbers")
    thousands: Literal[",", ".", "'", " "] | None = Field(None, description="what groups their digits in threes")
    nulls: tuple[Text, ...] = ()
    empty_values: Literal["refuse", "unknown"] = Field(
        "refuse", description="what a sample without a state or value says: nothing may lack one, or it is not known"
    )
    states: States = States()
    hold: Annotated[Length | None, BeforeValidator(_hold), WithJsonSchema({"type": "string"})] = Field(
        0, validate_default=False, description="how long a sample's state holds at most, or until-next"
    )
    interval: Interval | None = Field(None, description="length of one interval of counts")
    absent_rows: Literal["unknown", "empty"] = "unknown"
    repeats: several_rows.Repeats = Field(
        "refuse", description="what several rows of one case mean, or a row in two files"
    )
    events: dict[str, several_rows.Event] = Field(
        {}, description="which words of the column event set which instant of a case"
    )
    on_bad_row: OnBadRow = None
    good: Where | None = None
    bad: Where | None = None
    units: dict[str, Unit] = {}
    where: Where | None = None

    _said: Mapping[str, Any] | None = PrivateAttr(None)
    _may_lack: frozenset[str] = PrivateAttr(frozenset())

    @model_validator(mode="wrap")
    @classmethod
    def _filled_in(cls, data: Any, handler: ModelWrapValidatorHandler[Source]) -> Source:
        """Fill in what a preset knows. What the source says itself stays what is refused where it stands."""
        if not isinstance(data, Mapping) or data.get("format") not in presets.names():
            return handler(data)
        known = presets.preset(str(data["format"]))
        if data.get("shape", known.shapes[0]) not in known.shapes:
            shapes = " or ".join(known.shapes)
            message = f"exports of {known.product} are read as {shapes}, not as {data['shape']}"
            raise refusal("shape", message, "leave the preset out to map the columns yourself", inside=["shape"])
        source = handler({**known.view(data), "format": data["format"]})
        source._said = dict(data)
        return source

    @property
    def preset(self) -> presets.Preset | None:
        """The product whose export it is, where the source names one and the export was not looked at yet."""
        return presets.preset(self.format or "") if self._said is not None else None

    @property
    def written_as(self) -> str | None:
        """The format of its files, where the source says it."""
        return None if self._said is not None else self.format

    @property
    def said(self) -> Mapping[str, Any]:
        """What the agreement says itself of a source with a preset."""
        return self._said or {}

    @property
    def filled(self) -> frozenset[str]:
        """The words of ``columns`` that a preset mapped."""
        own = self.said.get("columns", {})
        return frozenset(self.columns.keys() - own.keys()) if self._said is not None else frozenset()

    @property
    def may_lack(self) -> frozenset[str]:
        """The headers that its files may lack; a cell of one is empty then."""
        return self._may_lack

    def of_export(self, terms: Mapping[str, Any]) -> Source:
        """This source as one export of its preset has it: ``terms`` are all of its keys."""
        exact = Source.model_validate(terms)
        mapped = (headers for word, headers in exact.columns.items() if word in self.filled)
        # Of several headers that are joined one is enough.
        needed = {exact.headers(role)[0] for role in NEEDED[exact.shape]}
        exact._may_lack = frozenset(header for headers in mapped for header in headers) - needed
        return exact

    @property
    def holds(self) -> bool:
        """Whether the source says how long a state holds (zero is what the default leaves)."""
        return self.hold != 0 or "until" in self.columns

    @property
    def held(self) -> int | None:
        """How long a state holds at most in microseconds; None where the next sample or its own end alone ends it."""
        return None if self.hold == 0 and "until" in self.columns else self.hold

    def headers(self, word: str) -> tuple[str, ...]:
        """The headers behind a role or word; a word that ``columns`` does not map is a header itself."""
        return self.columns.get(word, (word,))

    def kind(self, word: str) -> Kind:
        """What the cells of ``word`` can be compared with: lengths and shares where ``units`` says so, numbers else."""
        return UNITS[self.units[word]][0] if word in self.units else "number"

    @property
    def is_log(self) -> bool:
        """Whether its records are things that happened, so that a stretch without any is an ordinary one."""
        return self.shape in ("events", "cases")

    @property
    def width(self) -> int | None:
        """The exact length of an interval of counts in microseconds; None where it is not said, or is a civil day."""
        return self.interval if isinstance(self.interval, int) else None

    @property
    def daily(self) -> bool:
        """Whether a row of counts stands for a civil day."""
        return isinstance(self.interval, CivilLength)

    def worth(self, word: str) -> Fraction:
        """What a cell of 1 is worth: microseconds of a length, the share of a percentage, 1 of a plain number."""
        return UNITS[self.units[word]][1] if word in self.units else Fraction(1)

    @field_validator("columns")
    @classmethod
    def _some(cls, columns: dict[str, Headers]) -> dict[str, Headers]:
        if not columns:
            raise refusal("columns", "no column is named", "write {role: header}")
        return columns

    @model_validator(mode="after")
    def _roles(self) -> Source:
        for role in NEEDED[self.shape]:
            if role not in self.columns:
                raise refusal(
                    "missing-role",
                    f"{self.shape} need a column for '{role}'",
                    f"write columns: {{{role}: HEADER}}",
                    inside=["columns"],
                    at="key",
                )
        if self.shape == "counts":
            self._counts()
        for key in ("good", "bad"):
            if getattr(self, key) is not None and self.shape != "counts":
                raise refusal("shape", f"'{key}' belongs to counts, not to {self.shape}", inside=[key], at="key")
        if self.interval is not None and self.shape != "counts":
            raise refusal("shape", "'interval' belongs to counts", inside=["interval"], at="key")
        if self.hold != 0 and self.shape != "samples":
            raise refusal("shape", "'hold' belongs to samples", inside=["hold"], at="key")
        if self.empty_values != "refuse" and self.shape != "samples":
            raise refusal("shape", "'empty_values' belongs to samples", inside=["empty_values"], at="key")
        if self.on_bad_row is not None and self.shape == "samples" and self.held is None:
            raise refusal(
                "on-bad-row",
                "of a log of changes no row can be skipped: the state before it would run on",
                "write how long a state holds at most, such as hold: 1d, or mend the row",
                inside=["on_bad_row"],
                at="key",
            )
        several_rows.check(self.shape, self.repeats, self.columns, self.events)
        if self.thousands == self.decimal:
            other = "," if self.decimal == "." else "."
            raise refusal(
                "thousands",
                f"'{self.thousands}' is the decimal mark too",
                f'write decimal: "{other}" where numbers look like 1{self.decimal}234{other}5',
                inside=["thousands"],
            )
        self._register()
        return self

    def _register(self) -> None:
        if self.shape != "register":
            if self.key:
                raise refusal("shape", f"'key' belongs to a register, not to {self.shape}", inside=["key"], at="key")
            return
        for word in self.key:
            if self.key.count(word) > 1:
                raise refusal("key", f"'{word}' stands twice in the key", "name each column once", inside=["key"])
            if word in ROLES["register"]:
                raise refusal(
                    "key",
                    f"'{word}' says when a row holds, not whose it is",
                    "name the columns that records have too, such as key: circuit",
                    inside=["key"],
                )
        if "valid_from" in self.columns and "at" in self.columns:
            raise refusal(
                "register",
                "'valid_from' and 'at' both date the rows",
                "write valid_from for facts that hold until the next row, at for amounts that are summed over a period",
                inside=["columns", "at"],
                at="key",
            )

    def _counts(self) -> None:
        said = [
            word
            for word, stands in (
                ("good", self.good is not None or "good" in self.columns),
                ("bad", self.bad is not None or "bad" in self.columns),
            )
            if stands
        ]
        if len(said) != 1:
            raise refusal(
                "counts",
                "counts need one of 'good' and 'bad'" if not said else "'good' and 'bad' both stand here",
                "map one of them in columns, or give one as a condition",
                inside=["columns"],
                at="key",
            )
        conditional = self.good is not None or self.bad is not None
        if not conditional and "total" not in self.columns:
            raise refusal("counts", f"'{said[0]}' is counted but not 'total'", inside=["columns"], at="key")
        if conditional and "total" in self.columns:
            raise refusal(
                "counts",
                "a condition counts rows, so there is no 'total' column",
                "leave 'total' out, or map a column of good or bad counts",
                inside=["columns", "total"],
                at="key",
            )
        if self.interval is None and self.absent_rows == "unknown":
            raise refusal(
                "interval",
                "counts without 'interval' cannot show that a row is missing",
                "write interval: 5m, or absent_rows: empty when no row means no traffic",
                inside=["shape"],
            )
