"""The rules for text, in Spark's SQL and in Python: the same for every text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from slacheck.engine.spark.scratch import SparkScratch
from slacheck.engine.spark.text_rules import values
from slacheck.engine.text_rules import BLANKS, length, number
from tests.engine.test_text_rules import RULES, TEXTS

# A job has its price: hundreds of texts go into each, and nothing is shrunk.
FEW = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)


@FEW
@given(texts=st.lists(TEXTS, min_size=100, max_size=400))
def test_the_sql_of_spark_and_the_python_of_a_rule_agree(spark: Any, texts: list[str]) -> None:
    trimmed = sorted({text.strip(BLANKS) for text in texts} - {""})
    asked = ["t"]
    wanted: dict[str, list[int | str | None]] = {text: [text] for text in trimmed}
    for rule in RULES.values():
        expressions = values(rule, "t")
        if expressions is None:
            continue
        good = rule.accepted(expressions[0])
        asked += [f"CASE WHEN {good} THEN {each} END AS c{len(asked) + i}" for i, each in enumerate(expressions)]
        for text in trimmed:
            wanted[text] += rule.read(text) or [None] * len(expressions)
    assert len(asked) > 12
    with SparkScratch(spark) as scratch:
        given = scratch.give("texts", {"t": "VARCHAR"}, [(text,) for text in trimmed])
        rows = given.to_native().selectExpr(*asked).collect()
    assert len(rows) == len(trimmed)
    for text, *found in rows:
        assert [text, *(None if cell is None else cell if isinstance(cell, str) else int(cell) for cell in found)] == (
            wanted[text]
        )


@pytest.mark.parametrize("rule", [number(3, thousands=","), number(3, unit="ms"), length("iso-8601", 18)])
def test_what_spark_has_no_words_for_is_left_to_the_driver(rule: Any) -> None:
    assert values(rule, "t") is None
