"""A real Spark with executors in processes of their own; where it cannot be had, the tests are skipped and say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from slacheck.engine.spark.scratch import SparkScratch
from slacheck.engine.spark.session import session
from slacheck.problems import EngineError
from tests.required import missing

# Two executors of one core, each with a Java of its own: what is not sent between them is not there.
CLUSTER = "local-cluster[2,1,1024]"
# The tables of the tests are tiny: plans are interpreted, since to compile them takes longer than to run them.
TINY = {
    "spark.default.parallelism": "2",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """The one session of all tests; SLACHECK_REQUIRE_SPARK=1 turns a skip into a failure."""
    try:
        opened = session(CLUSTER, TINY)
    except EngineError as error:
        told = f"Spark is not tested: {error.problems[0].message}; {error.problems[0].help}"
        missing(told, "SLACHECK_REQUIRE_SPARK")
    yield opened
    opened.stop()


@pytest.fixture
def scratch(spark: Any) -> Iterator[SparkScratch]:
    with SparkScratch(spark) as opened:
        yield opened
