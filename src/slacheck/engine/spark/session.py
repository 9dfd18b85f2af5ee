"""A Spark session: the one that is there, or one started here; its settings, and what its errors mean."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from slacheck.problems import EngineError, Problem

JAVA = 17
# What decides about answers is set for every session; a cluster's own settings stay as they are.
_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.caseSensitive": "false",
}
_STARTING = {
    "spark.app.name": "slacheck",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

# Within one machine: nobody else is spoken to, and a table is parted for its cores, not for those of a cluster.
_ALONE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}


def session(master: str | None, settings: Mapping[str, str] | None = None) -> Any:
    """A session at ``master``, or the Spark that is there already, or one of this machine.

    It is not stopped: a later run in the same process finds it warm. ``settings`` are for one that is started here.
    Raises EngineError.
    """
    try:
        with warnings.catch_warnings():
            # PySpark warns of releases of pandas, which is not used here.
            warnings.simplefilter("ignore")
            sql = _pyspark()
            found = _there(sql) if master is None else None
            ours = found.newSession() if found is not None else _started(sql, master, settings or {})
        for name, value in _MEANING.items():
            ours.conf.set(name, value)
    except EngineError:
        raise
    except Exception as error:
        refuse(error, f"Spark did not start at '{master}'" if master else "Spark did not start")
    _teach_narwhals()
    return ours


def told(error: BaseException | None) -> bool:
    """Whether ``error`` comes out of Spark or the bridge to it."""
    return error is not None and type(error).__module__.partition(".")[0] in ("pyspark", "py4j", "grpc")


def refuse(error: BaseException, message: str) -> NoReturn:
    """Raise an EngineError with Spark's own first words, and without the Java behind them."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    help = "is the address right, and does a Spark answer there? its log says more"
    problem = Problem("spark", code="engine", message=f"{message}: {_readable(first)}", help=help)
    raise EngineError([problem]) from error


def _readable(text: str) -> str:
    # Names of Java classes without their packages.
    text = re.sub(r"\b(?:[a-z]\w*\.){2,}([A-Z]\w*)", r"\1", text)
    return text if len(text) <= 300 else text[:297] + "..."


def _pyspark() -> Any:
    try:
        from pyspark import sql
    except ImportError as error:
        help = "pip install 'slacheck[spark]'; it needs Java 17 as well"
        raise EngineError(
            [Problem("spark", code="no-engine", message="nothing was evaluated: PySpark is not installed", help=help)]
        ) from error
    return sql


def _there(sql: Any) -> Any | None:
    """The session of this process, as a notebook has one."""
    found = sql.SparkSession.getActiveSession()
    if found is None and "SPARK_REMOTE" in os.environ:
        found = sql.SparkSession.builder.getOrCreate()
    return found


def _started(sql: Any, master: str | None, settings: Mapping[str, str]) -> Any:
    builder = sql.SparkSession.builder
    if master is not None and master.startswith("sc://"):
        return builder.remote(master).getOrCreate()
    # spark-submit has started a Java already and says where.
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return builder.getOrCreate()
    _check_java()
    address = master or os.environ.get("MASTER") or "local[*]"
    alone = _ALONE if address.startswith("local") else {}
    for name, value in {**_STARTING, **alone, **settings}.items():
        builder = builder.config(name, value)
    with _quiet():
        return builder.master(address).getOrCreate()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    found = ""
    if java and Path(java).exists():
        done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
        found = done.stderr + done.stdout
    version = re.search(r'version "(\d+)', found)
    if version and int(version[1]) >= JAVA:
        return
    there = f"Java {version[1]} is too old" if version else "there is no Java"
    where = f" in JAVA_HOME, {home}" if home else ""
    help = f"install Java {JAVA} (Debian: openjdk-{JAVA}-jre-headless), or set JAVA_HOME to one"
    problem = Problem("spark", code="no-java", message=f"nothing was evaluated: {there}{where}", help=help)
    raise EngineError([problem])


@contextmanager
def _quiet() -> Iterator[None]:
    """Java inherits the standard error of this moment and keeps it: what it has to say is no part of ours."""
    if os.environ.get("SLACHECK_DEBUG"):
        yield
        return
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _teach_narwhals() -> None:
    """narwhals knows no wide whole number on Spark: there it is a decimal of 38 digits without a fraction."""
    import narwhals as nw
    from narwhals._spark_like import utils

    def wide(types: Any) -> Any:
        return lambda: types.DecimalType(38, 0)

    types: Any = utils.NW_TO_SPARK_DTYPES
    types.setdefault(nw.Int128, wide)
