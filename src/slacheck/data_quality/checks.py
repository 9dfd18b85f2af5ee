"""Exports that are the wrong file sooner than a quiet month: not one row of any period of the run."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.data_quality.observing import Data
from slacheck.data_quality.rows import dating
from slacheck.measures.asking import Answer, Answered
from slacheck.measures.measure import CountTally, RateTally, TimeTally
from slacheck.planning import Asking, Settling
from slacheck.problems import DataError, Problem
from slacheck.timeline import zones


def check_periods(asking: Sequence[Asking], answered: Sequence[Answered]) -> None:
    """Refuse levels for which no period of the run has a single row: the wrong file, not a bad month."""
    known: dict[tuple[object, ...], bool] = {}
    first: dict[tuple[object, ...], Asking] = {}
    for each, answers in zip(asking, answered, strict=True):
        ask = each.ask
        log = ask.exports[0].source.is_log
        if ask.measure.reads == "values" or log or ask.window.lo == ask.window.hi:
            continue
        # Versions of one agreement share their files: a short part of a period may well have no row.
        key = (id(each.settling.file.first), each.promised.named, ask.exports[0].digests)
        first.setdefault(key, each)
        known[key] = known.get(key, False) or any(_something(answer) for answer in answers.answers)
    problems = [_no_row(first[key]) for key, something in known.items() if not something]
    if problems:
        raise DataError(dict.fromkeys(problems))


def _something(answer: Answer) -> bool:
    match answer.tally:
        case TimeTally(service=service, unknown=unknown):
            return unknown < service or service == 0
        case CountTally(expected=expected):
            return bool(answer.rows) or expected == 0
        case RateTally(busy=busy, idle=idle, absent=absent):
            return bool(busy or idle) or absent == 0
    return True


def _no_row(asking: Asking) -> Problem:
    ask = asking.ask
    export = ask.exports[0]
    reading = export.reading
    column = dating(asking.settling, export.name, export) or "rowid"
    ((lo, hi),) = reading.scratch.rows(export.frame.select(lo=nw.col(column).min(), hi=nw.col(column).max()))
    zone = asking.settling.agreement.zone
    held = f"it holds {day(lo, zone)} to {day(hi, zone)}" if lo is not None else "it is empty"
    return Problem(
        export.files[0].label,
        code="no-row-of-period",
        message=f"no row of {ask.window.period.label} for '{asking.promised.named}'",
        help=f"{held}; is it the right export?",
    )


def day(instant: int, zone: ZoneInfo) -> str:
    """The civil day of an instant."""
    return zones.day_of(instant, zone).isoformat()


def check_cases(settlings: Sequence[Settling], data: Data) -> None:
    """Refuse exports of cases of which not one is dated in any period of the run, nor on both sides of one: it is the
    wrong file sooner than a quiet month.

    A source that says ``absent_rows: empty`` may be quiet for as long as it likes. Raises DataError.
    """
    problems: list[Problem] = []
    # The versions of an agreement may read one file in several ways.
    busy = {
        (id(each.file.first), name, export.digests)
        for each in settlings
        for name, export in each.exports.items()
        if any(data.rows[id(export)].within.values())
    }
    for settling in settlings:
        for name, export in settling.exports.items():
            counted = data.rows[id(export)]
            quiet = export.source.shape != "cases" or export.source.absent_rows == "empty" or counted.last is None
            known = (id(settling.file.first), name, export.digests) in busy
            if quiet or known or counted.around(settling.window):
                continue
            last = day(counted.last or 0, settling.agreement.zone)
            held = f"the last one is of {last}; is it the right export? Where it is, write absent_rows: empty"
            message = f"no case of {settling.window.period.label} in '{name}'"
            problems.append(Problem(export.files[0].label, code="no-row-of-period", message=message, help=held))
    if problems:
        raise DataError(dict.fromkeys(problems))
