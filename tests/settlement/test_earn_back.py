"""What is returned of earlier credits: paid back at once, or kept against later ones."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from slacheck.planning.parts import PeriodPart
from tests.settlement.hand import Contract, Value, total, total_of

LEVELS = {name: {"target": "<= 5", "credit": {"kind": "fixed", "pays": "60.00"}} for name in "ab"}
BACK = {"met": 2, "of_last": 2, "returns": "50%"}


def contract(earn_back: dict[str, Any], **settlement: Any) -> Contract:
    return Contract(LEVELS, settlement={"earn_back": earn_back, **settlement}, effective="2026-01-01")


def run(level: Contract, *values: Any, first: int = 1) -> list[tuple[str, str | None]]:
    """Settle month after month; each value is that of 'a', or of both."""
    found = []
    for month, value in enumerate(values, first):
        both = value if isinstance(value, tuple) else (value, 1)
        found.append(total(level.settle(f"2026-{month:02}-01", Value("a", both[0]), Value("b", both[1]))))
    return found


def test_a_credit_is_paid_back_in_part_once_after_two_months_that_were_met() -> None:
    found = run(contract(BACK), 6, 1, 1, 1)
    assert found == [("60.00",) * 2, ("0.00",) * 2, ("-30.00",) * 2, ("0.00",) * 2]


def test_the_steps_say_what_is_left_after_it() -> None:
    level = contract(BACK)
    run(level, 6, 1)
    found = level.settle("2026-03-01", Value("a", 1), Value("b", 6))
    assert total(found) == ("30.00", "30.00")
    steps = [(step.kind, step.text, step.exact) for step in total_of(found).steps_most]
    assert steps == [("combined", "sum of 2 lines", "60/1"), ("returned", "less 30 that was earned back", "30/1")]


def test_what_an_open_month_may_have_earned_back_is_open() -> None:
    level = contract(BACK)
    run(level, 6, 1)
    assert total(level.settle("2026-03-01", Value("a", 4, 6), Value("b", 1))) == ("-30.00", "60.00")


def test_no_more_is_returned_than_the_total_credited() -> None:
    """Two lines of 60 under a cap of 100: half of 100 is returned, not of 120."""
    found = run(contract(BACK, cap="100.00"), (6, 6), 1, 1)
    assert found == [("100.00",) * 2, ("0.00",) * 2, ("-50.00",) * 2]


def test_what_is_kept_reduces_later_credits_the_oldest_first_until_it_expires() -> None:
    terms = BACK | {"used": "against-credits", "expires": "2 months"}
    level = contract(terms)
    # January is returned in March (30, until 31 May) and reduces what is owed in May: 60 - 30.
    assert run(level, 6, 1, 1, 1, 6) == [("60.00",) * 2, *[("0.00",) * 2] * 3, ("30.00",) * 2]
    level = contract(terms)
    assert run(level, 6, 1, 1, 1, 1, 6)[-1] == ("60.00", "60.00")


def test_what_is_left_of_the_bank_is_kept() -> None:
    level = contract(BACK | {"used": "against-credits", "returns": "100%"})
    run(level, (6, 6), 1, 1)
    found = level.settle("2026-04-01", Value("a", 6), Value("b", 1))
    assert total(found) == ("0.00", "0.00")
    assert [(each.earned, each.left_least, each.left_most) for each in total_of(found).bank] == [
        ("2026-03", "60.00", "60.00")
    ]


def test_a_period_that_is_not_known_returns_nothing_and_is_named() -> None:
    level = Contract(LEVELS, settlement={"earn_back": BACK | {"within": "4 months"}}, effective="2026-01-01")
    level.settle("2026-03-01", Value("a", 1), Value("b", 1))
    found = level.settle("2026-04-01", Value("a", 1), Value("b", 1))
    assert total(found) == ("0.00", "0.00")
    assert found.remarks == (
        "earn-back: the credits of 2026-02, 2026-01 are not known, and nothing of them is returned",
    )


def test_of_open_lines_that_excluded_each_other_what_is_returned_lies_between_nothing_and_all() -> None:
    """'a' costs 0 or 60, 'b' 50: either is paid, and it is not known which."""
    levels = {"a": LEVELS["a"], "b": {"target": "<= 5", "credit": {"kind": "fixed", "pays": "50.00"}}}
    terms = {"earn_back": BACK | {"not_for": "a"}, "exclusive": [{"either": "a", "or": "b"}]}
    level = Contract(levels, settlement=terms, effective="2026-01-01")
    assert total(level.settle("2026-01-01", Value("a", 4, 6), Value("b", 6))) == ("50.00", "60.00")
    run(level, 1, first=2)
    # 'b' was paid 50, or nothing.
    assert total(level.settle("2026-03-01", Value("a", 1), Value("b", 1))) == ("-25.00", "0.00")


def test_the_parts_of_a_period_return_a_credit_once_and_use_the_bank_once() -> None:
    edges = [date(2026, 3, 1), date(2026, 3, 11), date(2026, 4, 1)]
    parts = [PeriodPart(start, end) for start, end in pairwise(edges)]
    level = contract(BACK)
    run(level, 6, 1)
    found = [total(level.settle("2026-03-01", Value("a", 1), Value("b", 1), part=part)) for part in parts]
    # Whether March was met shows at its end.
    assert found == [("0.00",) * 2, ("-30.00",) * 2]
    level = contract(BACK | {"used": "against-credits", "returns": "100%"})
    run(level, 6, 1)
    level.settle("2026-03-01", Value("a", 1), Value("b", 1))
    edges = [date(2026, 4, 1), date(2026, 4, 11), date(2026, 5, 1)]
    parts = [PeriodPart(start, end) for start, end in pairwise(edges)]
    found = [total(level.settle("2026-04-01", Value("a", 1), Value("b", 6), part=part)) for part in parts]
    assert found == [("0.00",) * 2, ("60.00",) * 2]


def test_records_of_a_subject_earn_back_together() -> None:
    """Two late cases of January are returned in March; a month in which a case is late again earns nothing back."""
    levels = {"a": {"target": "<= 5", "credit": LEVELS["a"]["credit"], "per": "case"}}

    def cases(*values: int) -> list[Value]:
        return [Value("a", value, record=f"c{index}", began=index) for index, value in enumerate(values)]

    for second, third, expected in ((cases(1), cases(2, 1), "-60.00"), (cases(1), cases(1, 6), "60.00")):
        level = Contract(levels, settlement={"earn_back": BACK}, effective="2026-01-01")
        assert total(level.settle("2026-01-01", *cases(6, 6, 1))) == ("120.00",) * 2
        assert total(level.settle("2026-02-01", *second)) == ("0.00",) * 2
        assert total(level.settle("2026-03-01", *third)) == (expected,) * 2


def test_what_an_unknown_later_period_may_have_returned_is_open() -> None:
    """March is not known: in March the credit of January may have been returned already, that of April was not."""
    level = contract(BACK)
    run(level, 6, 1)
    assert run(level, 6, 1, 1, first=4) == [("60.00",) * 2, ("0.00",) * 2, ("-60.00", "-30.00")]
