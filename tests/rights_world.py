"""Agreements with rights, and histories of hand-made statements, for the tests of rights."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from slacheck.agreement.loading import AgreementFile, load
from slacheck.history import History
from slacheck.planning import Settling
from slacheck.rights import states
from slacheck.settlement import Settled
from slacheck.statement import Exact, Line, PeriodShown, RightState, Statement, Total
from slacheck.timeline.periods import Cycle, Period, containing
from slacheck.timeline.zones import midnight

LETTERS = {"m": "met", "b": "breached", "i": "indeterminate", "n": "not-applicable", "k": "missed"}
REQUESTS: dict[str, Any] = {
    "path": "requests.csv",
    "shape": "counts",
    "columns": {"at": "at", "total": "all", "bad": "bad"},
    "interval": "1m",
}
LATE = date(2027, 6, 1)

Lines = Sequence[Line]
# What is known of a month: its lines, and perhaps its total. None: no statement of it.
Month = tuple[Lines, Total | None] | None


def level(**keys: Any) -> dict[str, Any]:
    return {"measure": {"kind": "success-rate", "from": "requests"}, "target": ">= 97%", **keys}


def agreement(rights: Mapping[str, Any], levels: Mapping[str, Any] | None = None, **keys: Any) -> AgreementFile:
    """A loaded agreement with the levels ``uptime`` and ``response``, or others."""
    written = {
        "slacheck": 1,
        "id": "a",
        "provider": "P",
        "customer": "C",
        "timezone": "UTC",
        "sources": {"requests": REQUESTS},
        "service_levels": dict(levels or {"uptime": level(), "response": level()}),
        "rights": dict(rights),
        **keys,
    }
    return _loaded(json.dumps(written, indent=1))


@cache
def _loaded(text: str) -> AgreementFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "agreement.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)


def line(of: str, letter: str, subject: str = "", value: str | None = None, **keys: Any) -> Line:
    """One line; ``value`` is a fraction, or two joined by ``..``."""
    ends = [None, None] if value is None else [*value.split(".."), value][:2] if ".." in value else [value, value]
    best, worst = (None if each is None else Exact(exact=_whole(each), decimal="0") for each in ends)
    fixed: dict[str, Any] = {"title": of, "clause": None, "role": "service-level", "measure": "x", "unit": "share"}
    fixed |= {"target": ">= 97%", "reason": "", "margin_in": "value", "margin_best": None, "margin_worst": None}
    fixed |= {"coverage": None, "missing": "bounds", "best": best, "worst": worst}
    return Line.model_validate(fixed | {"level": of, "subject": subject, "verdict": LETTERS[letter]} | keys)


def _whole(text: str) -> str:
    return text if "/" in text else f"{text}/1"


def total(**keys: Any) -> Total:
    fixed = {"currency": "EUR", "least": "0.00", "most": "0.00", "credited_least": "0.00", "credited_most": "0.00"}
    return Total(**{**fixed, "steps_least": (), "steps_most": (), **keys})


def months(count: int, last: date = date(2026, 6, 1)) -> list[Period]:
    """So many months up to June 2026, the earliest first."""
    found = [containing(Cycle("month"), last)]
    while len(found) < count:
        found.insert(0, containing(Cycle("month"), found[0].start - timedelta(days=1)))
    return found


def settling(file: AgreementFile, period: Period, seen: date = LATE, part: Any = None) -> Settling:
    window = SimpleNamespace(period=period)
    return Settling(
        file, cast(Any, window), {}, {}, {}, midnight(seen, file.agreement.zone), cast(Any, None), part=part
    )


def statement(period: Period, month: tuple[Lines, Total | None], part: Any = None) -> Statement:
    shown = PeriodShown(
        label=period.label,
        title="",
        first_day=period.start.isoformat(),
        last_day=(period.end - timedelta(days=1)).isoformat(),
        start="",
        end="",
        timezone="UTC",
        as_of=None,
        running=False,
        part=part,
    )
    return Statement.model_construct(period=shown, lines=tuple(month[0]), total=month[1], verdict="met", inputs=())


def at_the_end(file: AgreementFile, told: Sequence[Month], seen: date = LATE) -> tuple[RightState, ...]:
    """The rights at the end of June 2026, of whose months the last are told."""
    *earlier, own = zip(months(len(told)), told, strict=True)
    history = History()
    for period, month in earlier:
        if month is not None:
            history.keep(settling(file, period, seen), statement(period, month), {})
    period, month = own
    assert month is not None
    return states(settling(file, period, seen), Settled(tuple(month[0]), month[1]), history)


def of_letters(verdicts: str, of: str = "uptime") -> list[Month]:
    """One letter a month; ``-`` is a month that nobody settled."""
    return [None if letter == "-" else ([line(of, letter)], None) for letter in verdicts]
