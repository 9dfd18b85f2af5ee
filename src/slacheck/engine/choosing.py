"""Which engine does the work: DuckDB within the program, or Apache Spark beside it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, get_args

from slacheck.engine.scratch import Scratch

Name = Literal["duckdb", "spark"]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True)
class Engine:
    """``spark_master`` is where Spark runs: ``local[4]``, ``spark://host:7077``, ``yarn``, ``sc://host`` for Connect.

    None is the Spark that is there already (of spark-submit, of SPARK_REMOTE, of this process), else ``local[*]``.
    """

    name: Name = "duckdb"
    spark_master: str | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no engine is called '{self.name}'; one of {', '.join(NAMES)}")
        if self.spark_master is not None and self.name != "spark":
            raise ValueError("spark_master is an address of Spark, and the engine is not spark")

    def scratch(self) -> AbstractContextManager[Scratch]:
        """A place for the tables of one run. Raises EngineError where Spark is not installed or does not start."""
        if self.name == "spark":
            from slacheck.engine.spark.scratch import SparkScratch
            from slacheck.engine.spark.session import session

            return SparkScratch(session(self.spark_master))
        from slacheck.engine.duck import DuckScratch

        return DuckScratch()


DUCKDB = Engine()
