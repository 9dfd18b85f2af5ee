"""slacheck from Python: load an agreement, evaluate it on files or dataframes, get statements."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slacheck import evaluation
from slacheck.agreement.loading import AgreementFile, load, load_all
from slacheck.engine.choosing import Engine, Name
from slacheck.inspection import looking
from slacheck.inspection.findings import Inspection
from slacheck.ledger import Ledger
from slacheck.problems import PeriodError, Problem
from slacheck.sources.locating import DataGiven, Given
from slacheck.statement import Statement
from slacheck.timeline import zones
from slacheck.version import VERSION

__all__ = ["evaluate", "evaluate_all", "inspect", "load"]

# With no as-of instant everything that is asked for has passed: the end of the year 2199.
_ALL_PASSED = 7_258_118_400_000_000


def evaluate(
    agreement: AgreementFile | str | Path,
    *,
    period: str,
    as_of: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    history: Sequence[str | Path | Statement] | str | Path | Statement = (),
    ledger: str | Path | None = None,
    reason: str = "",
    engine: Name = "duckdb",
    spark_master: str | None = None,
) -> Statement:
    """Evaluate one agreement for one period, such as ``2026-10`` or ``2026-Q3``.

    ``data`` gives other exports for sources by their name: a path, a dataframe that narwhals accepts (pandas,
    Polars, PyArrow, DuckDB ...), or a list of these. ``as_of`` is the instant up to which a running period is judged
    (aware); without it the period has passed. ``history`` are statements of earlier periods, or the JSON files, folders
    and globs that hold them: what looks back on periods that are neither there nor in the run stays open.

    ``ledger`` is a file in which statements are kept: earlier ones are read from it, and this one is added to it, with
    the ``reason`` for making it again where it says something else than the one that is there.

    ``engine`` is ``duckdb``, or ``spark`` at the address ``spark_master`` (``local[4]``, ``spark://host:7077``,
    ``sc://host``); without one it is the Spark session of this process, else one of this machine.

    Raises AgreementError, DataError, PeriodError or EngineError (all are SlacheckError) with every problem found.
    """
    found = evaluate_all(
        [agreement],
        period=period,
        as_of=as_of,
        data=data,
        history=history,
        ledger=ledger,
        reason=reason,
        engine=engine,
        spark_master=spark_master,
    )
    if len(found) != 1:
        message, help = f"'{period}' names {len(found)} periods, not one", "use evaluate_all for several periods"
        if all(each.period.part for each in found):
            message = f"'{period}' is settled in {len(found)} parts, since the agreement is amended within it"
            help = "use evaluate_all: each part has a statement"
        raise PeriodError([Problem("period", code="period", message=message, help=help)])
    return found[0]


def evaluate_all(
    agreements: Sequence[AgreementFile | str | Path],
    *,
    period: str,
    as_of: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    history: Sequence[str | Path | Statement] | str | Path | Statement = (),
    ledger: str | Path | None = None,
    reason: str = "",
    engine: Name = "duckdb",
    spark_master: str | None = None,
) -> list[Statement]:
    """Evaluate several agreements, or several periods (``2026-01..2026-06``), in one run: one statement each.

    A period that an amendment splits has one statement for each of its parts. In a ledger all of them
    are kept, or none.
    """
    loaded: list[AgreementFile] = [each for each in agreements if isinstance(each, AgreementFile)]
    read = iter(load_all([each for each in agreements if not isinstance(each, AgreementFile)]))
    if len(loaded) < len(agreements):
        loaded = [each if isinstance(each, AgreementFile) else next(read) for each in agreements]
    given: DataGiven = {name: _listed(value) for name, value in (data or {}).items()}
    chosen, instant, earlier = Engine(engine, spark_master), _instant(period, as_of), _several(history)
    if ledger is None:
        return evaluation.evaluate(loaded, period, instant, given, earlier, engine=chosen)
    with Ledger(ledger, write=True) as kept:
        made = evaluation.evaluate(loaded, period, instant, given, earlier, engine=chosen, shelf=kept)
        kept.keep(made, VERSION, time.time_ns() // 1_000, reason)
    return made


def inspect(
    files: Any, *, records: str | Sequence[str] = (), timezone: str | None = None, encoding: str | None = None
) -> Inspection:
    """Look at exports before there is an agreement: a path, a glob, a dataframe, or a list of these.

    ``records`` is where the records stand in a JSON document, ``timezone`` the zone of times without an offset,
    ``encoding`` that of text that is not UTF-8. The sources to paste are ``Inspection.sources``. Raises DataError with
    everything that cannot be read, ValueError for a zone or an encoding that does not exist.
    """
    return looking.inspect(_listed(files), [records] if isinstance(records, str) else records, timezone, encoding)


def _several(history: object) -> Sequence[Any]:
    return [history] if isinstance(history, (str, Path, Statement)) else list(history)  # type: ignore[call-overload]


def _listed(value: Any) -> Sequence[Given]:
    return value if isinstance(value, (list, tuple)) else [value]


def _instant(period: str, as_of: datetime | None) -> int:
    if as_of is None:
        if period.startswith(("last-", "this-")):
            message = f"'{period}' is relative to an instant, and none is given"
            raise PeriodError([Problem("period", code="period", message=message, help="give as_of")])
        return _ALL_PASSED
    if as_of.tzinfo is None:
        raise PeriodError(
            [Problem("as_of", code="period", message=f"as_of {as_of} has no zone", help="give an aware datetime")]
        )
    return (as_of - datetime(1970, 1, 1, tzinfo=zones.zone("UTC"))) // timedelta(microseconds=1)
