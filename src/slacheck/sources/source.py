"""What an agreement says about one export: where it lies, its shape, and which columns hold what."""

from __future__ import annotations

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

from slacheck.engine.encodings import Encoding
from slacheck.language.conditions import Where
from slacheck.language.quantities import CivilLength, Kind
from slacheck.language.scalars import Interval, Length, OneOrMore, Text, Texts, listed
from slacheck.language.terms import Terms, refusal
from slacheck.sources import presets, several_rows
from slacheck.sources.budget import OnBadRow
from slacheck.sources.forms import (
    HOLD,
    NEEDED,
    ROLES,
    UNITS,
    Headers,
    Preset,
    States,
    Unit,
    read_hold,
    read_records,
    read_time_format,
)


def _needed_keys(schema: dict[str, Any]) -> None:
    """A preset fills in what is needed otherwise. No length at all is what a state holds where nothing is said."""
    schema["properties"]["hold"].pop("default", None)
    schema["if"] = {
        "type": "object",
        "properties": {"format": {"enum": list(get_args(Preset))}},
        "required": ["format"],
    }
    schema["then"] = {"type": "object", "required": ["path"]}
    schema["else"] = {"type": "object", "required": schema.pop("required")}


class Source(Terms):
    """One export. ``columns`` maps the roles of the shape, or words of your own, to the headers of the file."""

    model_config = ConfigDict(json_schema_extra=_needed_keys)

    path: Annotated[
        tuple[Text, ...],
        Field(min_length=1),
        BeforeValidator(listed),
        OneOrMore(),
    ] = Field(
        description="Where the export lies: a file, a glob, a list of these, or - for standard input; from the "
        "directory of the agreement.",
        examples=["probes-*.csv", ["2026-09.csv", "2026-10.csv"]],
    )
    shape: Literal["samples", "counts", "events", "cases", "register"] = Field(
        description="What its records are: samples (probes, gauges, changes of state), counts of requests by "
        "interval, events with a start and an end, cases such as tickets, or a register of facts "
        "found by a key.",
        examples=["samples", "cases"],
    )
    columns: dict[str, Headers] = Field(
        description="Left the role of the shape, or a word of your own; right the header of the column, or a "
        "list of headers that are joined by a blank.",
        examples=[{"at": "timestamp", "state": "status"}, {"id": "number", "opened": ["date", "time"]}],
    )
    key: Texts = Field(
        (),
        description="Of a register, the columns that lead from a record to its row; record and register both map them.",
        examples=["circuit", ["site", "service"]],
    )
    format: Literal["csv", "tsv", "json", "ndjson", "parquet"] | Preset | None = Field(
        None,
        description="The product whose export it is, which fills in the rest, or how the file is written where "
        "its name does not tell.",
        examples=["prometheus", "csv"],
    )
    encoding: Encoding | None = Field(
        None,
        description="The encoding of text that is not UTF-8; a byte order mark tells it too.",
        examples=["windows-1252"],
    )
    records: Annotated[
        tuple[Annotated[Text, AfterValidator(read_records)], ...],
        BeforeValidator(listed),
        OneOrMore(),
    ] = Field(
        (),
        description="The path to the records inside a JSON document, or several of them; $ is the whole document.",
        examples=["data.items", ["completed[]", "ongoing"]],
    )
    wide: Texts = Field(
        (),
        description="Of a table with a series in each column: the columns that are no series, such as the time.",
        examples=["Time", ["Time", "Region"]],
    )
    sheet: Text | None = Field(
        None, description="Of a workbook with several sheets: the name of one, or its number.", examples=["Probes", 2]
    )
    timezone: Text | None = Field(
        None,
        description="The zone of times that carry no offset; without it such times are refused.",
        examples=["Europe/London"],
    )
    ambiguous_times: Literal["refuse", "earlier", "later"] = Field(
        "refuse",
        description="What a local time means in the hour that a change of the clocks repeats: refuse (the "
        "default), earlier or later.",
        examples=["earlier"],
    )
    time_format: Annotated[str, PlainValidator(read_time_format), WithJsonSchema({"type": "string"})] | None = Field(
        None,
        description="How times are written where they are not ISO 8601: an epoch, or a pattern of strptime.",
        examples=["epoch-seconds", "%d/%m/%Y %H:%M"],
    )
    decimal: Literal[".", ","] = Field(
        ".", description="The decimal mark of numbers; a point by default.", examples=[","]
    )
    thousands: Literal[",", ".", "'", " "] | None = Field(
        None, description="What groups the digits of numbers in threes; by default nothing does.", examples=["."]
    )
    nulls: tuple[Text, ...] = Field(
        (), description="Words that mean: no value. An empty cell always does.", examples=[["n/a", "-"]]
    )
    empty_values: Literal["refuse", "unknown"] = Field(
        "refuse",
        description="What a sample without a state or value says: nothing may lack one (refuse, the default), or "
        "it is not known.",
        examples=["unknown"],
    )
    states: States = Field(
        States(),
        description="Which words of the state column mean up, down and unknown; a word in no list is an error in "
        "the data.",
        examples=[{"up": ["up", "degraded"], "down": ["down", "timeout"]}],
    )
    hold: Annotated[Length | None, BeforeValidator(read_hold), WithJsonSchema(HOLD)] = Field(
        0,
        validate_default=False,
        description="How long the state of a sample holds at most, a little over the probe's interval, or "
        "until-next for a log of changes. After it the state is unknown.",
        examples=["2m", "until-next"],
    )
    interval: Interval | None = Field(
        None,
        description="Of counts, the length of one interval, so that a missing row shows; 1 day is a civil day.",
        examples=["5m", "1 day"],
    )
    absent_rows: Literal["unknown", "empty"] = Field(
        "unknown",
        description="What no row means: unknown (the default), or empty: no traffic in an interval of counts, "
        "nothing that happened in a log.",
        examples=["empty"],
    )
    repeats: several_rows.Repeats = Field(
        "refuse",
        description="What several rows of one case mean (last, latest, events), or a row that stands in two "
        "files (once, all); refuse is the default.",
        examples=["latest", "once"],
    )
    events: dict[str, several_rows.Event] = Field(
        {},
        description="With repeats: events, which words of the column event set which instant of a case.",
        examples=[{"opened": "created", "resolved": {"last": "closed"}}],
    )
    on_bad_row: OnBadRow = Field(
        None,
        description="What becomes of a row that cannot be read: fail (the default), or so many are left out at "
        "most and told.",
        examples=["fail", "skip at most 0.1%"],
    )
    good: Where | None = Field(
        None,
        description="Of counts in which each row is one request: the condition that makes it a good one.",
        examples=[{"status": ["2xx", "3xx"]}],
    )
    bad: Where | None = Field(
        None,
        description="Of counts in which each row is one request: the condition that makes it a bad one.",
        examples=[{"status": ["5xx"]}],
    )
    units: dict[str, Unit] = Field(
        {},
        description="The unit of columns whose numbers are lengths of time or shares; without it they are plain "
        "numbers.",
        examples=[{"latency": "ms"}, {"uptime": "%"}],
    )
    where: Where | None = Field(
        None,
        description="Which records are read at all; the statement counts those that are left out.",
        examples=[{"environment": "production"}],
    )

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
