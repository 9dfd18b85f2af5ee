"""Conditions of the agreement as expressions over the columns of an export."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from operator import and_, or_

import narwhals as nw

from slacheck.engine.wide import WIDE, floored, wide
from slacheck.language.conditions import Condition, Test
from slacheck.language.quantities import Bound, Comparison
from slacheck.sources.source import Source

# Numbers of binary origin are printed with up to seventeen digits: 0.30000000000000004.
SCALE = 18

# A cell has at most 37 digits, its parts at most 22 and 15: times a factor of 15 digits they fit 38.
_LIMB = 10**22
_MOST_PARTS = 10**15


def matches(condition: Condition, source: Source, words: Mapping[str, str], numbers: Mapping[str, str]) -> nw.Expr:
    """A boolean that is never null: an empty cell equals nothing and satisfies no comparison.

    ``words`` and ``numbers`` map the words of the condition to columns: text, and integers of 10**-SCALE.
    """
    parts = [_test(test, source, words, numbers) for test in condition.tests]
    if condition.any_of:
        parts.append(reduce(or_, [matches(each, source, words, numbers) for each in condition.any_of]))
    parts += [~matches(each, source, words, numbers) for each in condition.none_of]
    return reduce(and_, parts)


def _test(test: Test, source: Source, words: Mapping[str, str], numbers: Mapping[str, str]) -> nw.Expr:
    if test.comparison is not None:
        scale = 10**SCALE / source.worth(test.column)
        holds = compared(nw.col(numbers[test.column]), test.comparison, scale, numbers)
    else:
        holds = nw.col(words[test.column]).is_in(list(test.among))
    certain = nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0))
    return certain == (0 if test.negated else 1)


def compared(
    column: nw.Expr, comparison: Comparison, scale: Fraction, numbers: Mapping[str, str] | None = None
) -> nw.Expr:
    """``comparison`` over an integer column that holds values times ``scale``: the thresholds become integers too.

    A bound ``per`` a word is times the cell of that word, one of ``numbers``; null where either cell is empty.
    """
    return reduce(and_, [_bound(column, bound, scale, numbers or {}) for bound in comparison.bounds])


def _bound(column: nw.Expr, bound: Bound, scale: Fraction, numbers: Mapping[str, str]) -> nw.Expr:
    if not bound.per:
        return _side(column, bound, bound.value * scale)
    # Both cells are times 10**SCALE, which cancels out: column * denominator against cell * numerator.
    factor = bound.value * scale / 10**SCALE
    left = _product(column, factor.denominator)
    right = _product(nw.col(numbers[bound.per]), factor.numerator)
    over = left[0] > right[0]
    level = left[0] == right[0]
    match bound.operator:
        case ">=":
            return over | (level & (left[1] >= right[1]))
        case ">":
            return over | (level & (left[1] > right[1]))
        case "<=":
            return ~over & (~level | (left[1] <= right[1]))
        case "<":
            return ~over & (~level | (left[1] < right[1]))
        case "=":
            return level & (left[1] == right[1])


def _product(column: nw.Expr, factor: int) -> tuple[nw.Expr, nw.Expr]:
    """``column * factor`` as two digits in base _LIMB, the lower one never negative: the product may not fit."""
    if abs(factor) > _MOST_PARTS:
        raise ValueError(f"a cell cannot be multiplied with {factor}")
    whole = column.cast(WIDE)
    lower = whole % wide(_LIMB) * factor
    return floored(whole, _LIMB, 15) * factor + floored(lower, _LIMB, 15), lower % wide(_LIMB)


def _side(column: nw.Expr, bound: Bound, threshold: Fraction) -> nw.Expr:
    match bound.operator:
        case ">=":
            return column >= wide(ceil(threshold))
        case ">":
            return column > wide(floor(threshold))
        case "<=":
            return column <= wide(floor(threshold))
        case "<":
            return column < wide(ceil(threshold))
        case "=":
            # Between two integers nothing is equal to the threshold.
            return column == wide(threshold.numerator) if threshold.denominator == 1 else column != column
