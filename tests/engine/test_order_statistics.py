"""What order statistics are: hand-worked cases, a naive oracle, and the numbers that other programs print."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, get_args

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.order_statistics import (
    LIMB,
    Basic,
    Method,
    Quantile,
    Unknown,
    basic,
    quantiles,
    sums_fit,
)
from slacheck.engine.scratch import Scratch

Row = tuple[int, int, int]
Report = tuple[list[dict[str, str]], dict[str, dict[str, Any]]]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = 10**38 - 1


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def frame(scratch: Scratch, rows: Sequence[Row], kind: str = "BIGINT") -> nw.LazyFrame[Any]:
    return scratch.give("values", {"q": "BIGINT", "k": "BIGINT", "v": kind}, rows)


def one(scratch: Scratch, values: Sequence[int], share: Fraction, method: Method) -> Fraction | None:
    return quantiles(scratch, frame(scratch, [(0, 0, v) for v in values]), [Quantile(9, 0, share, method)])[9, 0]


def naive(values: Sequence[int | None], share: Fraction, method: Method) -> Fraction | None:
    """The definitions, one value after the other. ``values`` are in order; None is one that is not known."""
    n = len(values)
    if method == "nearest-rank":
        chosen = next(v for j, v in enumerate(values, 1) if j >= share * n)
        return None if chosen is None else Fraction(chosen)
    h = (n + 1) * share if method == "r6" else (n - 1) * share + 1
    h = min(max(h, Fraction(1)), Fraction(n))
    result = Fraction(0)
    for j, v in enumerate(values, 1):
        weight = max(Fraction(0), 1 - abs(h - j))
        if weight and v is None:
            return None
        result += weight * (v or 0)
    return result


shares = st.one_of(
    st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2), Fraction(95, 100), Fraction(9999, 10000)]),
    st.fractions(0, 1, max_denominator=30),
)
values_ = st.one_of(st.integers(-5, 5), st.integers(-LONG, LONG), st.sampled_from([LONG, -LONG, LIMB, -LIMB, -1]))
rows_ = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), values_), max_size=30)


@FEW
@given(rows=rows_)
def test_basic_statistics_are_those_of_a_plain_loop(scratch: Scratch, rows: list[Row]) -> None:
    groups: dict[tuple[int, int], list[int]] = {}
    for q, k, v in rows:
        groups.setdefault((q, k), []).append(v)
    assert basic(scratch, frame(scratch, rows, "HUGEINT")) == [
        Basic(*key, len(values), sum(values), min(values), max(values)) for key, values in sorted(groups.items())
    ]


@FEW
@given(
    rows=rows_,
    wanted=st.lists(st.tuples(st.integers(0, 3), shares, st.sampled_from(get_args(Method))), max_size=6),
    hidden=st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3)), st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6
    ),
)
def test_quantiles_are_those_of_the_definitions(
    scratch: Scratch,
    rows: list[Row],
    wanted: list[tuple[int, Fraction, Method]],
    hidden: dict[tuple[int, int], tuple[int, int]],
) -> None:
    asked = [Quantile(number, *each) for number, each in enumerate(wanted)]
    unknown = {key: Unknown(*counts) for key, counts in hidden.items()}
    expected = {}
    for quantile in asked:
        for k in range(4):
            low, high = hidden.get((quantile.request, k), (0, 0))
            known = sorted(v for q, k_, v in rows if (q, k_) == (quantile.request, k))
            everything = [None] * low + known + [None] * high
            if everything:
                expected[quantile.id, k] = naive(everything, quantile.share, quantile.method)
    assert quantiles(scratch, frame(scratch, rows, "HUGEINT"), asked, unknown) == expected


@settings(FEW, max_examples=10)
@given(rows=rows_, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(scratch: Scratch, rows: list[Row], order: Random) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    wanted = [Quantile(q, q, Fraction(2, 3), "r6") for q in range(3)]
    one_way, other_way = (quantiles(scratch, frame(scratch, each, "HUGEINT"), wanted) for each in (rows, shuffled))
    assert list(one_way.items()) == list(other_way.items())


@pytest.mark.parametrize(
    ("percent", "method", "expected"),
    [
        # 15, 20, 35, 40, 50 is the example of the Wikipedia article "Percentile". By hand, for 40 percent:
        # nearest rank ceil(5 * 0.4) = 2; r7 4 * 0.4 + 1 = 2.6; r6 6 * 0.4 = 2.4.
        (5, "nearest-rank", 15),
        (30, "nearest-rank", 20),
        (40, "nearest-rank", 20),
        (50, "nearest-rank", 35),
        (100, "nearest-rank", 50),
        (40, "r7", 29),
        (40, "r6", 26),
        (0, "nearest-rank", 15),
        (0, "r6", 15),
        (0, "r7", 15),
        (10, "r6", 15),  # 6 * 0.1 = 0.6 is held at 1
        (10, "r7", 17),  # 4 * 0.1 + 1 = 1.4: 15 + 0.4 * 5
        (90, "r6", 50),  # 6 * 0.9 = 5.4 is held at 5
        (100, "r7", 50),
    ],
)
def test_percentiles_of_five_values(scratch: Scratch, percent: int, method: Method, expected: int) -> None:
    assert one(scratch, [40, 15, 50, 20, 35], Fraction(percent, 100), method) == expected


def test_a_share_is_never_a_binary_fraction(scratch: Scratch) -> None:
    # 0.07 * 100 is 7.000000000000001 in doubles, and the nearest rank would be 8.
    assert one(scratch, range(1, 101), Fraction(7, 100), "nearest-rank") == 7


def test_type_6_deciles_are_those_in_the_manual_of_python(scratch: Scratch) -> None:
    # docs.python.org, statistics.quantiles, whose default method is type 6; printed there to one place.
    scores = [105, 129, 87, 86, 111, 111, 89, 81, 108, 92, 110, 100, 75, 105, 103, 109, 76, 119, 99, 91, 103, 129]
    scores += [106, 101, 84, 111, 74, 87, 86, 103, 103, 106, 86, 111, 75, 87, 102, 121, 111, 88, 89, 101, 106, 95]
    scores += [103, 107, 101, 81, 109, 104]
    wanted = [Quantile(tenth, 0, Fraction(tenth, 10), "r6") for tenth in range(1, 10)]
    found = quantiles(scratch, frame(scratch, [(0, 0, score) for score in scores]), wanted)
    printed = ["81.0", "86.2", "89.0", "99.4", "102.5", "103.6", "106.0", "109.8", "111.0"]
    assert found == {(tenth, 0): Fraction(value) for tenth, value in enumerate(printed, 1)}


@pytest.mark.parametrize(("method", "expected"), [("r6", Fraction("95.19807")), ("r7", Fraction("95.19568"))])
def test_the_example_of_the_nist_handbook(scratch: Scratch, method: Method, expected: Fraction) -> None:
    # NIST/SEMATECH e-Handbook 7.2.6.2: the 90th percentile of 12 wafers. Positions 13 * 0.9 = 11.7 and
    # 11 * 0.9 + 1 = 10.9, between 95.1937, 95.1959 and 95.1990, the three greatest.
    wafers = "95.1772 95.1567 95.1937 95.1959 95.1442 95.0610 95.1591 95.1195 95.1065 95.0925 95.1990 95.1682"
    values = [int(Fraction(each) * 10**4) for each in wafers.split()]
    assert one(scratch, values, Fraction(9, 10), method) == expected * 10**4


def test_unknown_values_count_and_are_never_told(scratch: Scratch) -> None:
    values = frame(scratch, [(0, 0, 10), (0, 0, 20), (0, 0, 30)])
    wanted = [Quantile(percent, 0, Fraction(percent, 100), "nearest-rank") for percent in (25, 50, 75, 76)]
    found = quantiles(scratch, values, wanted, {(0, 0): Unknown(high=1), (0, 1): Unknown(low=2)})
    assert found == {
        (25, 0): Fraction(10),
        (50, 0): Fraction(20),
        (75, 0): Fraction(30),
        (76, 0): None,
        **{(percent, 1): None for percent in (25, 50, 75, 76)},
    }
    # Half-way between the last known and the first unknown value nothing is known.
    median = [Quantile(0, 0, Fraction(1, 2), "r7")]
    assert quantiles(scratch, values, median, {(0, 0): Unknown(high=3)}) == {(0, 0): None}
    assert quantiles(scratch, values, median, {(0, 0): Unknown(low=1, high=3)}) == {(0, 0): Fraction(30)}


@pytest.mark.parametrize("kind", ["BIGINT", "HUGEINT"])
def test_sums_beyond_the_type_of_a_value_are_exact(scratch: Scratch, kind: str) -> None:
    v = 2**63 - 1 if kind == "BIGINT" else LONG
    rows = [(0, 0, v), (0, 0, v), (0, 0, v - 1), (0, 1, -v), (0, 1, -v)]
    assert [each.total for each in basic(scratch, frame(scratch, rows, kind))] == [3 * v - 1, -2 * v]


def test_a_sum_fits_while_no_part_of_it_has_39_digits() -> None:
    assert sums_fit([(10, -(10**37) + 1, 0), (10, 0, 10**37 - 1)])
    assert not sums_fit([(10, -(10**37), 0)])
    assert not sums_fit([(10, 0, 10**37)])
    assert sums_fit([])


def test_nothing_asked_nothing_told(scratch: Scratch) -> None:
    assert quantiles(scratch, frame(scratch, [(0, 0, 1)]), []) == {}
    assert quantiles(scratch, frame(scratch, []), [Quantile(0, 0, Fraction(1, 2), "r6")]) == {}
    assert basic(scratch, frame(scratch, [])) == []


@pytest.mark.parametrize(
    ("wanted", "unknown", "message"),
    [
        ([Quantile(0, 0, Fraction(11, 10), "r6")], {}, "share 11/10"),
        ([Quantile(0, 0, Fraction(-1, 10), "r6")], {}, "share -1/10"),
        ([Quantile(0, 0, Fraction(1), "r5")], {}, "'r5'"),  # type: ignore[arg-type]
        ([Quantile(0, 0, Fraction(1), "r6"), Quantile(0, 1, Fraction(1), "r6")], {}, "same id"),
        ([], {(0, 0): Unknown(low=-1)}, "fewer than no"),
    ],
)
def test_what_cannot_be_asked(
    scratch: Scratch, wanted: list[Quantile], unknown: dict[tuple[int, int], Unknown], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        quantiles(scratch, frame(scratch, []), wanted, unknown)


# --- The numbers of JMeter's own report --------------------------------------------------------------------

JMETER = Path(__file__).parents[3] / "shared" / "data" / "jmeter"
REPORTS = {
    "jmeter_daraz_20samples.jtl": "jmeter_daraz_20samples_statistics.json",
    "run1_results.jtl": "run1_statistics.json",
}
PERCENTILES = {"medianResTime": 50, "pct1ResTime": 90, "pct2ResTime": 95, "pct3ResTime": 99}
JMETER_KEEPS = 20_000


@pytest.fixture(scope="module", params=sorted(REPORTS))
def report(request: pytest.FixtureRequest) -> Report:
    if not JMETER.is_dir():
        pytest.skip(f"no JMeter results at {JMETER}")
    with (JMETER / request.param).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    printed = json.loads((JMETER / REPORTS[request.param]).read_text(encoding="utf-8"), parse_float=Fraction)
    return rows, printed


def of_label(rows: list[dict[str, str]], labels: Sequence[str], last: int | None = None) -> list[Row]:
    """(0, number of the label, milliseconds); "Total" is every row, or the ``last`` of them."""
    numbers = {label: k for k, label in enumerate(labels)}
    times = [(0, numbers[row["label"]], int(row["elapsed"])) for row in rows if row["label"] in numbers]
    return times + [(0, numbers["Total"], int(row["elapsed"])) for row in (rows[-last:] if last else rows)]


def jmeter_percentiles(
    scratch: Scratch, report: Report, method: Method, last: int | None
) -> dict[tuple[str, str], bool]:
    """Per (label, percentile) whether ``method`` gives what JMeter printed, but for the noise of its doubles."""
    rows, printed = report
    labels = sorted(printed)
    wanted = [Quantile(percent, 0, Fraction(percent, 100), method) for percent in PERCENTILES.values()]
    found = quantiles(scratch, frame(scratch, of_label(rows, labels, last)), wanted)
    agrees = {}
    for k, label in enumerate(labels):
        for name, percent in PERCENTILES.items():
            exact = found[percent, k]
            assert exact is not None
            agrees[label, name] = abs(printed[label][name] - exact) < Fraction(1, 10**10)
    return agrees


def test_type_6_reproduces_every_percentile_of_jmeter(scratch: Scratch, report: Report) -> None:
    agrees = jmeter_percentiles(scratch, report, "r6", JMETER_KEEPS)
    assert len(agrees) in (4, 16)
    assert all(agrees.values()), agrees


@pytest.mark.parametrize("method", ["nearest-rank", "r7"])
def test_no_other_method_reproduces_the_percentiles_of_jmeter(scratch: Scratch, report: Report, method: Method) -> None:
    assert not all(jmeter_percentiles(scratch, report, method, JMETER_KEEPS).values())


def test_jmeter_forgets_all_but_the_last_samples_of_the_total(scratch: Scratch, report: Report) -> None:
    agrees = jmeter_percentiles(scratch, report, "r6", None)
    wrong = {key for key, right in agrees.items() if not right}
    assert wrong == ({("Total", name) for name in PERCENTILES} if len(report[0]) > JMETER_KEEPS else set())


def test_counts_ends_and_means_are_those_of_jmeter(scratch: Scratch, report: Report) -> None:
    rows, printed = report
    labels = sorted(printed)
    found = basic(scratch, frame(scratch, of_label(rows, labels)))
    for label, each in zip(labels, found, strict=True):
        told = printed[label]
        assert (each.count, each.least, each.greatest) == tuple(
            told[name] for name in ("sampleCount", "minResTime", "maxResTime")
        )
        # JMeter's mean is a running mean of doubles: over 27,000 samples it is wrong in the twelfth decimal place.
        assert abs(told["meanResTime"] - Fraction(each.total, each.count)) < Fraction(1, 10**10)
        failed = sum(row["success"] != "true" for row in rows if label in ("Total", row["label"]))
        assert failed == told["errorCount"]
        assert abs(told["errorPct"] - Fraction(100 * failed, each.count)) < Fraction(1, 10**5)


def test_what_remains_is_the_arithmetic_of_doubles_in_jmeter(report: Report) -> None:
    """Type 6 and the mean, worked out in doubles and in JMeter's order, give every printed digit."""
    rows, printed = report
    for label, told in printed.items():
        times = [int(row["elapsed"]) for row in rows if label in ("Total", row["label"])]
        mean = 0.0
        for n, time in enumerate(times, 1):
            mean += (time - mean) / n
        assert str(mean) == str(float(told["meanResTime"]))
        kept = sorted(times[-JMETER_KEEPS:])
        for name, percent in PERCENTILES.items():
            position = percent / 100 * (len(kept) + 1)
            j = min(int(position), len(kept) - 1)
            value = kept[-1] if position >= len(kept) else kept[j - 1] + (position - j) * (kept[j] - kept[j - 1])
            assert str(float(value)) == str(float(told[name])), (label, name)
