"""How an export may be written: products, shapes and their roles, units, words of state, and forms of time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from slacheck.engine import record_paths, text_rules
from slacheck.language.quantities import HOUR, MINUTE, SECOND, Kind
from slacheck.language.scalars import EXACT, Text, Texts
from slacheck.language.terms import Terms, refusal

Headers = Texts
UNTIL_NEXT = "until-next"
HOLD = {"type": "string", "$comment": "an exact length or until-next", "pattern": rf"^(\s*{EXACT}\s*|{UNTIL_NEXT})$"}

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


def read_hold(value: object) -> object:
    return None if value == UNTIL_NEXT else value


def read_time_format(value: object) -> str:
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


def read_records(value: str) -> str:
    try:
        record_paths.records_path(value)
    except record_paths.PathFault as fault:
        help = "write keys and what is opened: data.items, data.result[].values[], heartbeats{}[] or $ for one document"
        raise refusal("records-path", f"not a path to records: {fault}", help, offset=fault.at) from None
    return value


class States(Terms):
    """Which words of the state column mean up, down and unknown. A word in no list is an error in the data."""

    up: tuple[Text, ...] = Field(
        default=("up",),
        description="The words of the state column that mean up; by default up.",
        examples=[["up", "degraded"]],
    )
    down: tuple[Text, ...] = Field(
        default=("down",),
        description="The words of the state column that mean down; by default down.",
        examples=[["down", "timeout"]],
    )
    unknown: tuple[Text, ...] = Field(
        default=(),
        description="The words of the state column that mean that nothing is known; by default none.",
        examples=[["paused"]],
    )

    @model_validator(mode="after")
    def _once(self) -> States:
        words = [*self.up, *self.down, *self.unknown]
        for word in words:
            if words.count(word) > 1:
                raise refusal("states", f"the state '{word}' means two things", "list each word once")
        return self
