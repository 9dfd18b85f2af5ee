"""What headers and words are called in exports: hints, never proof."""

from __future__ import annotations

import re

UP = frozenset(
    ["up", "ok", "okay", "online", "available", "operational", "passed", "pass", "success", "successful", "healthy"]
)
DOWN = frozenset(
    [
        *("down", "offline", "unavailable", "outage", "major_outage", "failed", "fail", "failure", "unhealthy"),
        *("unreachable", "unconfirmed_down"),
    ]
)
UNKNOWN = frozenset(["unknown", "no_data", "nodata", "not_checked", "paused", "unmonitored", "insufficient_data"])
# What these mean only the header can say.
_YES, _NO = frozenset(["true", "yes", "1", "1_0", "y", "t"]), frozenset(["false", "no", "0", "0_0", "n", "f"])
NULLS = (
    "?",
    "na",
    "n/a",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "ns",
    "nan",
    "undefined",
    "#n/a",
    "(null)",
    "\\n",
    "not set",
)
YES_NO = ("true", "false", "yes", "no", "t", "f", "y", "n", "on", "off")

_TIME = frozenset(
    [
        "time",
        "timestamp",
        "date",
        "datetime",
        "at",
        "ts",
        "when",
        "start",
        "end",
        "begin",
        "stop",
        "since",
        "until",
        "from",
        "to",
        "opened",
        "closed",
        "created",
        "updated",
        "resolved",
        "reported",
        "started",
        "ended",
        "finished",
        "day",
        "timefrom",
        "timeto",
        "dt",
        "moment",
    ]
)
_START = (
    "start",
    "started",
    "begin",
    "began",
    "from",
    "timefrom",
    "opened",
    "open",
    "created",
    "reported",
    "triggered",
)
_END = ("end", "ended", "stop", "stopped", "finish", "finished", "until", "timeto", "to", "resolved", "closed", "close")
_TICKET = frozenset(["opened", "open", "created", "reported", "resolved", "closed", "close", "ordered", "delivered"])
_CODE = frozenset(["status", "code", "http", "response"])
_CASE = frozenset(
    ["ticket", "case", "incident", "issue", "order", "request", "enquiry", "delivery", "change", "problem"]
)
_ID = frozenset(["id", "key", "number", "no", "nr", "ref", "reference", "uuid", "guid"])
_SUBJECT = (
    "service",
    "subject",
    "monitor",
    "system",
    "site",
    "host",
    "hostname",
    "component",
    "instance",
    "server",
    "device",
    "circuit",
    "line",
    "check",
    "target",
    "series",
    "label",
    "metric",
    "region",
    "location",
    "room",
    "name",
    "customer",
    "endpoint",
    "url",
)
_STATE = frozenset(
    [
        "state",
        "status",
        "up",
        "success",
        "successful",
        "ok",
        "available",
        "alive",
        "healthy",
        "result",
        "outcome",
        "health",
    ]
)
_UP_FLAG = frozenset(["up", "success", "successful", "ok", "available", "alive", "healthy"])
_TOTAL = ("total", "requests", "attempts", "count", "calls", "all")
_GOOD = ("good", "success", "successful", "succeeded", "ok", "passed")
_BAD = ("bad", "errors", "error", "failed", "failures", "faults")
_VALUE = (
    "value",
    "average",
    "avg",
    "mean",
    "latency",
    "duration",
    "elapsed",
    "ping",
    "response",
    "maximum",
    "max",
    "p95",
    "p99",
    "percentage",
    "percent",
    "availability",
    "uptime",
    "sum",
    "performance",
)
_CAUSE = ("cause", "reason", "error", "description", "summary", "title")
_PERCENT = frozenset(["percent", "percentage", "pct", "availability", "uptime", "sla"])
_UNITS = {
    "ms": "ms",
    "millis": "ms",
    "milliseconds": "ms",
    "s": "s",
    "sec": "s",
    "secs": "s",
    "seconds": "s",
    "min": "min",
    "mins": "min",
    "minutes": "min",
    "h": "h",
    "hrs": "h",
    "hours": "h",
    "percent": "%",
    "pct": "%",
    "percentage": "%",
}


def tokens(header: str) -> tuple[str, ...]:
    """The words of a header: ``openedAt``, ``opened_at`` and ``Opened at`` are alike."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", header)
    return tuple(token for token in re.split(r"[^a-z0-9%]+", split.lower()) if token)


def _place(header: str, words: tuple[str, ...]) -> int | None:
    found = [words.index(token) for token in tokens(header) if token in words]
    return min(found) if found else None


def timely(header: str) -> bool:
    return bool(_TIME & set(tokens(header))) or header.lower().endswith(("stamp", "time", "date"))


def starts(header: str) -> int | None:
    """How well the header names a start, 0 best; None where it does not."""
    return _place(header, _START)


def ends(header: str) -> int | None:
    """How well the header names an end, 0 best; None where it does not."""
    return None if starts(header) is not None and tokens(header)[0] in _START else _place(header, _END)


def of_cases(header: str) -> bool:
    """Whether the header speaks of tickets, orders and the like."""
    return bool(_CASE & set(tokens(header)))


def identifies(header: str) -> bool:
    """Whether the header names the id of its rows: it ends so, or is nothing but a ticket, an order and the like."""
    said = tokens(header)
    return bool(said) and (said[-1] in _ID or set(said) <= _CASE)


def of_tickets(header: str) -> bool:
    """Whether the header speaks as ticket systems do of the times of a case."""
    return bool(_TICKET & set(tokens(header)))


def tells_code(header: str) -> bool:
    """Whether the header may stand above the answers of a web server: 200, 404, 503."""
    return bool(_CODE & set(tokens(header)))


def subject(header: str) -> int | None:
    """How well the header names what is measured, 0 best; None where it does not."""
    return _place(header, _SUBJECT)


def tells_state(header: str) -> bool:
    return bool(_STATE & set(tokens(header)))


def up_flag(header: str) -> bool:
    """Whether a 1 below the header can only mean up."""
    return bool(_UP_FLAG & set(tokens(header)))


def total(header: str) -> int | None:
    return _place(header, _TOTAL)


def good(header: str) -> int | None:
    return _place(header, _GOOD)


def bad(header: str) -> int | None:
    return _place(header, _BAD)


def value(header: str) -> int | None:
    return _place(header, _VALUE)


def cause(header: str) -> int | None:
    return _place(header, _CAUSE)


def percentage(header: str) -> bool:
    return "%" in header or bool(_PERCENT & set(tokens(header)))


def unit(header: str) -> str | None:
    """The unit that the header names, as a source writes it."""
    if "%" in header:
        return "%"
    return next((_UNITS[token] for token in reversed(tokens(header)) if token in _UNITS), None)


def reading(word: str, header: str) -> str:
    """``up``, ``down``, ``unknown``, or ``unclear``. What yes, true and 1 mean only a header such as ``up`` can say."""
    known = re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")
    if known in _YES | _NO:
        return ("up" if known in _YES else "down") if up_flag(header) else "unclear"
    return "up" if known in UP else "down" if known in DOWN else "unknown" if known in UNKNOWN else "unclear"
