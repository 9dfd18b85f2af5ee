"""Conditions of the agreement as expressions over the columns of an export."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from operator import and_, or_

import narwhals as nw

from slacheck.language.conditions import Condition, Test
from slacheck.language.quantities import Bound, Comparison
from slacheck.sources.source import UNITS, Source

# Numbers of binary origin are printed with up to seventeen digits: 0.30000000000000004.
SCALE = 18


def matches(condition: Condition, source: Source, words: Mapping[str, str], numbers: Mapping[str, str]) -> nw.Expr:
    """A boolean that is never null: an empty cell equals nothing and satisfies no comparison.

    ``words`` and ``numbers`` map the words of the condition to columns: text, and integers of 10**-SCALE.
    """
    parts = [_test(test, source, words, numbers) for test in condition.tests]
    if condition.any_of:
        parts.append(reduce(or_, [matches(each, source, words, numbers) for each in condition.any_of]))
    return reduce(and_, parts)


def _test(test: Test, source: Source, words: Mapping[str, str], numbers: Mapping[str, str]) -> nw.Expr:
    if test.comparison is not None:
        unit = UNITS[source.units[test.column]] if test.column in source.units else 1
        holds = compared(nw.col(numbers[test.column]), test.comparison, Fraction(10**SCALE, unit))
    else:
        holds = nw.col(words[test.column]).is_in(list(test.among))
    certain = nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0))
    return certain == (0 if test.negated else 1)


def compared(column: nw.Expr, comparison: Comparison, scale: Fraction) -> nw.Expr:
    """``comparison`` over an integer column that holds values times ``scale``: the thresholds become integers too."""
    return reduce(and_, [_side(column, bound, bound.value * scale) for bound in comparison.bounds])


def _side(column: nw.Expr, bound: Bound, threshold: Fraction) -> nw.Expr:
    match bound.operator:
        case ">=":
            return column >= ceil(threshold)
        case ">":
            return column > floor(threshold)
        case "<=":
            return column <= floor(threshold)
        case "<":
            return column < ceil(threshold)
        case "=":
            # Between two integers nothing is equal to the threshold.
            return column == threshold.numerator if threshold.denominator == 1 else column != column
