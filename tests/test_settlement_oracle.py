"""Random agreements settled by slacheck and by plain loops, bounds beside every filling-in, and steps replayed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from slacheck.planning.parts import PeriodPart
from slacheck.settlement import Settled
from slacheck.statement import StepShown, Total
from tests import oracle_settlement as oracle
from tests.settlement.hand import Contract, Document, Value, credit_of, total_of

DAY = "2026-10-01"
NAMES = "abcd"


def many(most: int) -> settings:
    suppressed = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=most, derandomize=True, deadline=None, database=None, suppress_health_check=suppressed)


def cents(draw: st.DrawFn, least: int = 1, most: int = 20_000) -> str:
    """An amount with up to three places, often few of them."""
    scale = draw(st.sampled_from([1, 10, 100, 1000]))
    return f"{draw(st.integers(least, most)) / scale:.3f}".rstrip("0").rstrip(".")


@st.composite
def credits(draw: st.DrawFn, of_records: bool, points: bool) -> Document:
    """A credit for a ceiling of five that never falls as the value rises."""
    kind = draw(st.sampled_from(["fixed", "bands", "per-unit"]))
    unit = " points" if points else ""

    def pays(least: int = 1) -> str:
        return f"{draw(st.integers(least, 30))}{unit}" if points else cents(draw, least)

    terms: Document = {"kind": kind, "of": "monthly"}
    if kind == "fixed":
        terms["pays"] = pays() if points or draw(st.booleans()) else f"{draw(st.integers(1, 300)) / 10}%"
    elif kind == "bands":
        edges = sorted(draw(st.sets(st.integers(6, 12), min_size=0, max_size=3)))
        paid = sorted((pays() for _ in range(len(edges) + 1)), key=lambda text: Fraction(text.split(" ")[0]))
        rows = {f"> {edge}": each for edge, each in zip([5, *edges], paid, strict=True)}
        if not points and draw(st.booleans()):
            rows["<= 2"] = f"bonus {cents(draw)}"
        terms["bands"] = dict(draw(st.permutations(list(rows.items()))))
    else:
        terms |= {"each": draw(st.sampled_from(["1", "0.7", "3"])), "pays": pays()}
        terms["counting"] = draw(st.sampled_from(["full", "started", "linear"]))
    if of_records and draw(st.booleans()):
        terms["factors"] = ["weight"]
    if of_records and draw(st.booleans()):
        times = draw(st.sampled_from([{"> 1": "2"}, {">= 2": "1.5", "> 3": "3"}]))
        terms["repeat"] = {"breaches_in": "period", "same": ["area"], "times": times}
    if not points:
        if draw(st.booleans()):
            mode = draw(st.sampled_from(["half-up", "half-even", "down", "up"]))
            terms["rounding"] = {"mode": mode} | draw(st.sampled_from([{}, {"to": "0.05"}, {"to": "5"}]))
        if draw(st.integers(0, 2)) == 0:
            terms["minimum"] = {"above": cents(draw), "else": draw(st.sampled_from(["drop", "raise"]))}
        bare = draw(st.sampled_from(["", "25%"])) or cents(draw, 10)
        options = ["", " per case", " per area"] if of_records else [""]
        terms["cap"] = [bare + per for per in draw(st.lists(st.sampled_from(options), unique=True, max_size=2))]
    return terms


@st.composite
def agreements(draw: st.DrawFn, interplay: bool = True) -> Document:
    names = NAMES[: draw(st.integers(1, 4))]
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    with_points = draw(st.integers(0, 3)) == 0
    levels: Document = {}
    for name in names:
        of_records = draw(st.booleans())
        # A level of points beside others that pay money: never compared with each other.
        points = with_points and name == names[-1]
        terms = draw(credits(of_records=of_records, points=points))
        levels[name] = {"target": "<= 5", "per": ["circuit", "case"] if of_records else "circuit", "credit": terms}
    settlement: Document = {}
    if with_points:
        settlement["points"] = draw(st.sampled_from([
            {"kind": "per-unit", "each": "1 point", "counting": "full", "pays": "1.005"},
            {"kind": "bands", "of": "monthly", "bands": {"> 0, <= 9": "0.1%", "> 9": "15%"}, "cap": ["100"]},
        ]))  # fmt: skip
        if "each" in settlement["points"]:
            settlement["points"]["each"] = "1"
    elif interplay:
        combine = draw(st.sampled_from(["sum", "sum", "highest", {"one_per": "incident"}]))
        settlement["combine"] = combine
        if len(names) > 1 and draw(st.booleans()):
            pairs = [{"either": [names[0]], "or": [names[1]]}]
            if len(names) > 2 and draw(st.booleans()):
                pairs.append({"either": [names[1]], "or": [names[2]]})
            settlement["exclusive"] = pairs
        if draw(st.integers(0, 3)) == 0:
            settlement["critical"] = [names[-1]]
    if draw(st.booleans()):
        settlement["cap"] = draw(
            st.lists(
                st.sampled_from(["20% of monthly", "150.555", "30 per area", "60 per circuit"]), unique=True, max_size=3
            )
        )
    if draw(st.integers(0, 3)) == 0:
        settlement["at_risk"] = {"amount": "33.3% of monthly", "pools": {}}
    if draw(st.booleans()):
        settlement["rounding"] = {"at": draw(st.sampled_from(["line", "total"]))} | draw(
            st.sampled_from([{}, {"mode": "down"}, {"to": "0.5", "mode": "half-even"}])
        )
    fee = {"monthly": cents(draw, 100, 1_000_000)}
    return {"currency": currency, "fees": fee, "service_levels": levels, "settlement": settlement}


@st.composite
def rows(draw: st.DrawFn, document: Document) -> list[oracle.Row]:
    found = []
    for name, level in document["service_levels"].items():
        of_records = isinstance(level["per"], list)
        subjects = draw(st.lists(st.sampled_from("xyz"), max_size=4, unique=not of_records))
        for number, subject in enumerate(subjects):
            value = Fraction(draw(st.integers(0, 30)), 2)
            row = oracle.Row(name, value, subject)
            if of_records:
                facts = {
                    word: draw(st.sampled_from([*some, None])) for word, some in (("area", "ns"), ("incident", "ij"))
                }
                if "repeat" in level["credit"]:
                    facts["area"] = draw(st.sampled_from("ns"))
                row = replace(
                    row,
                    began=number,
                    name=f"{subject}/{number}",
                    facts=facts,
                    weight=Fraction(draw(st.integers(1, 5)), 4),
                )
            found.append(row)
    return found


def values(some: Sequence[oracle.Row], spread: Sequence[int] = ()) -> list[Value]:
    """The lines of rows; ``spread`` makes each open by so many halves above."""
    return [
        Value(
            row.level,
            row.value,
            row.value + Fraction(spread[index], 2) if spread and spread[index] else None,
            subject=row.subject,
            facts=row.facts,
            figures={"weight": row.weight} if row.name else {},
            began=row.began,
            record=row.name.partition("/")[2],
        )
        for index, row in enumerate(some)
    ]


def settled(document: Document, lines: Sequence[Value]) -> Settled:
    return Contract(**{"levels" if key == "service_levels" else key: each for key, each in document.items()}).settle(
        DAY, *lines
    )


def numbers(found: Settled) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Amounts, counted amounts and the total of certain lines."""
    credits = [credit_of(line) for line in found.lines]
    assert all(each.certain for each in credits)
    assert all(each.counted_least == each.counted_most for each in credits)
    assert total_of(found).certain
    amounts = [Fraction(each.least.amount) for each in credits]
    return amounts, [Fraction(each.counted_least) for each in credits], Fraction(total_of(found).least)


def as_shown(exact: Fraction, points: bool, unit: Fraction) -> Fraction:
    """Points have twelve places; money that is rounded in total only is shown in minor units all the same."""
    return oracle.rounded(exact, Fraction(1, 10**12) if points else unit, "half-up")


@many(350)
@given(st.data())
def test_a_whole_settlement_is_that_of_plain_loops(data: st.DataObject) -> None:
    document = data.draw(agreements())
    some = data.draw(rows(document))
    if not some:
        return
    found = settled(document, values(some))
    expected = oracle.settle(document, some)
    amounts, counted, total = numbers(found)
    unit = Fraction(1, 10 ** oracle.DIGITS[document["currency"]])
    in_points = [oracle.in_points(document["service_levels"][row.level]["credit"]) for row in some]

    def shown(exact: Sequence[Fraction]) -> list[Fraction]:
        return [as_shown(*each, unit) for each in zip(exact, in_points, strict=True)]

    assert amounts == shown(expected.amounts)
    assert counted == shown(expected.counted)
    assert total == oracle.rounded(expected.total, unit, "half-up")
    for steps in (total_of(found).steps_least, total_of(found).steps_most):
        replayed(steps, Fraction(total_of(found).least), document["currency"])
    exact = sum((each for each, points in zip(expected.counted, in_points, strict=True) if not points), Fraction(0))
    sums = [step for step in total_of(found).steps_least if step.text.startswith("sum of")]
    assert [step.exact for step in sums] in ([], [f"{exact.numerator}/{exact.denominator}"])


def replayed(steps: Sequence[StepShown], total: Fraction, currency: str) -> None:
    """Each amount follows from the one before by the kind of its step, and the last is the total."""
    now: Fraction | None = None
    points: Fraction | None = None
    within = False
    for step in steps:
        exact = None if step.exact is None else Fraction(step.exact)
        if step.kind == "combined":
            assert exact is not None
            if within:
                assert points is not None
                assert exact == (now or 0) + points
            now, within, points = exact, False, None
        elif step.kind == "points":
            within, points = True, Fraction(0)
        elif within:
            if step.kind in ("cap", "rate", "rounding", "minimum"):
                assert exact is not None
                assert step.kind != "cap" or exact <= (points or exact)
                points = exact
        elif step.kind == "cap":
            assert exact is not None
            assert now is not None
            assert exact == now if "not reached" in step.text else exact < now
            now = exact
        elif step.kind == "rounding":
            assert exact is not None
            assert now is not None
            assert abs(exact - now) < 1
            now = exact
        elif step.kind == "returned":
            assert exact is not None
            assert now is not None
            assert exact < now
            now = exact
    unit = Fraction(1, 10 ** oracle.DIGITS[currency])
    assert oracle.rounded(now or Fraction(0), unit, "half-up") == total


@many(250)
@given(st.data())
def test_every_filling_in_of_open_values_lies_between_the_least_and_the_most(data: st.DataObject) -> None:
    document = data.draw(agreements())
    some = data.draw(rows(document))
    if not some:
        return
    spread = [data.draw(st.sampled_from([0, 0, 3, 12])) for _ in some]
    found = settled(document, values(some, spread))
    credits, whole = [credit_of(line) for line in found.lines], total_of(found)
    assert whole.most is not None
    ranges = [(Fraction(each.least.amount), Fraction(each.most.amount)) for each in credits if each.most]
    assert all(least <= most for least, most in ranges)
    assert Fraction(whole.least) <= Fraction(whole.most)
    unit = Fraction(1, 10 ** oracle.DIGITS[document["currency"]])
    seeds = random.Random(data.draw(st.integers(0, 1000)))
    event(f"open: {sum(map(bool, spread))}")
    for fill in range(12):
        # Both ends first, then anything between.
        moved = [extent if fill == 0 else 0 if fill == 1 else seeds.randint(0, extent) for extent in spread]
        filled = [replace(row, value=row.value + Fraction(more, 2)) for row, more in zip(some, moved, strict=True)]
        expected = oracle.settle(document, filled)
        for index, (least, most) in enumerate(ranges):
            points = oracle.in_points(document["service_levels"][some[index].level]["credit"])
            amount = as_shown(expected.amounts[index], points, unit)
            assert least <= amount <= most, (index, moved)
        total = oracle.rounded(expected.total, unit, "half-up")
        assert Fraction(whole.least) <= total <= Fraction(whole.most), moved


@many(200)
@given(st.data())
def test_a_worse_value_never_earns_less_and_no_total_exceeds_a_cap(data: st.DataObject) -> None:
    """Without pairs, the dearest alone and dropped least credits, beside which less may be owed for more."""
    document = data.draw(agreements(interplay=False))
    for level in document["service_levels"].values():
        if level["credit"].get("minimum", {}).get("else") == "drop":
            del level["credit"]["minimum"]
        # One shared cap: two of them that do not lie inside each other may pay less for more.
        level["credit"]["cap"] = level["credit"].get("cap", [])[:1]
    caps = document["settlement"].get("cap", [])
    document["settlement"]["cap"] = [cap for cap in caps if " per " not in cap]
    some = data.draw(rows(document))
    if not some:
        return
    worse = [replace(row, value=row.value + Fraction(data.draw(st.integers(0, 8)), 2)) for row in some]
    first, second = (total_of(settled(document, values(each))) for each in (some, worse))
    assert Fraction(first.least) <= Fraction(second.least)
    fee, unit = Fraction(document["fees"]["monthly"]), Fraction(1, 10 ** oracle.DIGITS[document["currency"]])
    for total in (first, second):
        for cap in document["settlement"]["cap"]:
            assert Fraction(total.least) <= oracle.floor_to(oracle.price(cap, fee), unit)
        if "at_risk" in document["settlement"]:
            assert Fraction(total.least) <= fee * Fraction(333, 1000)


def everything(total: Total) -> Any:
    return total.model_dump(exclude={"steps_least", "steps_most"})


@many(120)
@given(st.data())
def test_the_order_of_levels_and_of_rows_changes_nothing(data: st.DataObject) -> None:
    """But for which of equal lines is counted, and where caps by column are used up by lines in their order."""
    document = data.draw(agreements())
    settlement = document["settlement"]
    settlement["cap"] = [cap for cap in settlement.get("cap", []) if " per " not in cap]
    some = data.draw(rows(document))
    if not some:
        return
    spread = [data.draw(st.sampled_from([0, 3])) for _ in some]
    lines = values(some, spread)
    whole = settled(document, lines)
    turned = {**document, "service_levels": dict(reversed(document["service_levels"].items()))}
    order = list(range(len(lines)))
    random.Random(data.draw(st.integers(0, 99))).shuffle(order)
    other = settled(turned, [lines[index] for index in order])
    assert everything(total_of(other)) == everything(total_of(whole))
    for place, index in enumerate(order):
        one, two = credit_of(whole.lines[index]), credit_of(other.lines[place])
        assert (one.least, one.most, one.at_cap) == (two.least, two.most, two.at_cap)


KINDS: list[tuple[str, Document]] = [
    ("<= 5", {"kind": "fixed", "pays": "7.00"}),
    ("<= 5", {"kind": "bands", "bands": {"> 5": "1.00", "> 7": "2.00", "> 9": "4.00", "<= 2": "bonus 3.00"}}),
    ("<= 5", {"kind": "bands", "reads": "overshoot", "bands": {"> 0%": "1.00", "> 50%": "3.00"}}),
    *(
        ("<= 5", {"kind": "per-unit", "each": "0.7", "counting": counting, "pays": "0.333"})
        for counting in ("full", "started", "linear")
    ),
    ("<= 5", {"kind": "per-unit", "each": "1", "counting": "full", "pays": "2", "first": {"each": "3", "pays": "5"}}),
    ("<= 5", {"kind": "per-unit", "each": "1", "counting": "started", "pays": "2", "at_most": "4 per period"}),
    ("<= 5", {"kind": "per-unit", "each": "1", "counting": "linear", "pays": "2", "beyond": "3"}),
    *(
        (
            "<= 5",
            {"kind": "per-unit", "each": "1", "counting": how, "scale": scale, "pays": {"<= 2.5": "1", "> 2.5": "3"}},
        )
        for how in ("full", "linear")
        for scale in ("slab", "marginal")
    ),
    (">= 90%", {"kind": "bands", "bands": {"< 90%": "1.00", "<= 40%": "2.00", ">= 98%": "bonus 1.00"}}),
    (">= 90%", {"kind": "per-unit", "each": "3%", "counting": "started", "pays": "1.5"}),
    (">= 90%", {"kind": "lost-time", "of": "monthly", "times": "3"}),
    (">= 90%", {"kind": "lost-time", "of": "monthly", "beyond": "target"}),
    ("<= 2h", {"kind": "lost-time", "of": "monthly", "times": "50", "cap": "100%"}),
]


@pytest.mark.parametrize(("target", "terms"), KINDS)
def test_of_every_kind_a_worse_value_never_earns_less_and_a_range_is_bounded_by_its_values(
    target: str, terms: Document
) -> None:
    hour = 3_600_000_000
    ladder = [Fraction(step, 3) for step in range(60)]
    scale = Fraction(744 * hour)
    if "%" in target:
        ladder = [1 - Fraction(step, 60) for step in range(61)]
    elif "h" in target:
        ladder = [step * hour for step in ladder]
    level = {"a": {"target": target, "credit": terms}}
    found = [Contract(level).settle(DAY, Value("a", value, scale=scale)) for value in ladder]
    paid = [Fraction(credit_of(each.lines[0]).least.amount) for each in found]
    assert paid == sorted(paid)
    assert paid[-1] > 0
    for low, high in ((0, 59), (10, 20), (14, 45), (20, 21)):
        one = credit_of(Contract(level).settle(DAY, Value("a", ladder[low], ladder[high], scale=scale)).lines[0])
        assert one.most is not None
        assert Fraction(one.least.amount) <= paid[low]
        assert Fraction(one.most.amount) >= paid[high]
        assert (Fraction(one.least.amount), Fraction(one.most.amount)) == (paid[low], paid[high])


@many(120)
@given(
    cut=st.integers(2, 31),
    fee=st.integers(1, 10_000_000),
    lost=st.tuples(st.integers(1, 100_000), st.integers(1, 100_000)),
    currency=st.sampled_from(sorted(oracle.DIGITS)),
)
def test_the_parts_of_a_period_that_nothing_splits_but_a_day_add_up(
    cut: int, fee: int, lost: tuple[int, int], currency: str
) -> None:
    """Shares of a fee by days, lost time and linear units exactly; rounded lines within half a unit each."""
    second = 1_000_000
    levels: Document = {
        "share": {"target": "<= 0m", "credit": {"kind": "fixed", "of": "monthly", "pays": "7.5%"}},
        "lost": {"target": "<= 0m", "credit": {"kind": "lost-time", "of": "monthly", "times": "10"}},
        "units": {
            "target": "<= 0m",
            "credit": {"kind": "per-unit", "each": "7m", "counting": "linear", "pays": "1.11"},
        },
    }
    contract = Contract(levels, currency=currency, fees={"monthly": f"{fee / 1000:.3f}"}, effective="2026-01-01")

    def exact(seconds: int, part: PeriodPart | None) -> tuple[list[Fraction], list[Fraction]]:
        found = contract.settle(DAY, *(Value(name, seconds * second) for name in levels), part=part)
        credits = [credit_of(line) for line in found.lines]
        return [Fraction(each.least.exact or "") for each in credits], [Fraction(each.least.amount) for each in credits]

    edges = date(2026, 10, 1), date(2026, 10, cut), date(2026, 11, 1)
    parts = [exact(seconds, PeriodPart(*ends)) for seconds, ends in zip(lost, pairwise(edges), strict=True)]
    whole = exact(sum(lost), None)
    assert [sum(each) for each in zip(*(part[0] for part in parts), strict=True)] == whole[0]
    unit = Fraction(1, 10 ** oracle.DIGITS[currency])
    added = [sum(each, Fraction(0)) for each in zip(*(part[1] for part in parts), strict=True)]
    assert all(abs(one - other) <= 3 * unit / 2 for one, other in zip(added, whole[1], strict=True))
