"""Statistics of values are what a plain loop over the records finds, in whole numbers, on the clock that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measures.world import DAY, HOUR, MINUTE, MONDAY, Span, Taken, inside, settled, written

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOSTS = {"a": "eu", "b": "us"}
OFFICE = [(MONDAY + 9 * HOUR, MONDAY + 17 * HOUR)]
WHOLE = [(MONDAY, MONDAY + DAY)]
PLAIN = ("mean", "sum", "min", "max")
METHODS = ("nearest-rank", "r6", "r7")
EXCLUDING = {"none": (), "host": ("works",), "region": ("storm",)}


@dataclass(frozen=True)
class Row:
    host: str
    at: int
    thousandths: int | None

    @property
    def microseconds(self) -> Fraction:
        """What the agreement reads: the column is in milliseconds."""
        assert self.thousandths is not None
        return Fraction(self.thousandths)


def cell(thousandths: int | None) -> str:
    return "" if thousandths is None else f"{thousandths // 1000}.{thousandths % 1000:03}"


rows = st.lists(
    st.builds(
        Row,
        st.sampled_from(list(HOSTS)),
        st.integers(-12, 24 * 12 + 12).map(lambda n: MONDAY + n * 5 * MINUTE),
        st.one_of(st.none(), st.integers(0, 50).map(lambda n: n * 777), st.integers(0, 10**12)),
    ),
    min_size=5,
    max_size=60,
).filter(lambda found: {row.host for row in found} == set(HOSTS))
stretches = st.lists(
    st.tuples(
        st.integers(0, 280).map(lambda n: MONDAY + n * 5 * MINUTE), st.sampled_from([HOUR, 20 * MINUTE, 6 * HOUR])
    ),
    min_size=1,
    max_size=3,
)


def quantile(values: Sequence[Fraction], share: Fraction, method: str) -> Fraction:
    """By the definition: x[j] is the j-th of n values in order."""
    x, n = sorted(values), len(values)
    if method == "nearest-rank":
        return next(x[j - 1] for j in range(1, n + 1) if j >= n * share)
    h = min(max((n + 1) * share if method == "r6" else (n - 1) * share + 1, Fraction(1)), Fraction(n))
    j = h.numerator // h.denominator
    return x[j - 1] if j == h else x[j - 1] + (h - j) * (x[j] - x[j - 1])


def worst(values: Sequence[tuple[int, Fraction]], width: int, least: int, lower: bool) -> Fraction | None:
    """The worst mean of all windows that begin where what they hold changes, or at either end."""
    lo, hi = MONDAY, MONDAY + DAY
    starts = {lo, hi - width} | {t + d for t, _ in values for d in (0, 1, -width, 1 - width)}
    means = []
    for x in sorted(starts):
        held = [v for t, v in values if x <= t < x + width]
        if lo <= x <= hi - width and len(held) >= least:
            means.append(sum(held, Fraction(0)) / len(held))
    return (min if lower else max)(means, default=None)


@FEW
@given(rows=rows, works=stretches, storms=stretches, hours=st.booleans(), lower=st.booleans())
def test_statistics_are_what_plain_loops_find(
    rows: list[Row], works: list[Span], storms: list[Span], hours: bool, lower: bool
) -> None:
    taken = Taken(tuple((start, start + length, "a") for start, length in works))
    stormy = Taken(tuple((start, start + length, "us") for start, length in storms))
    shares = {"p90": Fraction(9, 10), "median": Fraction(1, 2), "p62.5": Fraction(5, 8)}
    measures: dict[str, dict[str, Any]] = {each: {"statistic": each} for each in PLAIN}
    measures |= {
        f"{each.replace('.', '')}-{how}": {"statistic": each, "method": how} for each in shares for how in METHODS
    }
    measures["any"] = {"statistic": "mean", "over_any": "15m", "least_samples": 2}
    clock = {"hours": "office"} if hours else {}
    log = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    found = settled(
        {
            "x.csv": [
                ("at", "ms", "host", "region"),
                *((written(row.at), cell(row.thousandths), row.host, HOSTS[row.host]) for row in rows),
            ],
            "works.csv": taken.file("host"),
            "storms.csv": stormy.file("region"),
        },
        {
            "sources": {
                "x": {
                    "path": "x.csv",
                    "shape": "samples",
                    "columns": {"at": "at", "took": "ms", "host": "host", "region": "region"},
                    "units": {"took": "ms"},
                },
                "works": {"path": "works.csv", **log},
                "storms": {"path": "storms.csv", **log},
            },
            **({"calendars": {"office": {"hours": {"mon-fri": "09:00-17:00"}}}} if hours else {}),
            "exclusions": {
                "works": {"from": "works", "matching": "host"},
                "storm": {"from": "storms", "matching": "region"},
            },
            "service_levels": {
                f"{level}-{name}": {
                    "per": "host",
                    "measure": {"kind": "statistic", "from": "x", "value": "took", **measure, **clock}
                    | {"excluding": list(excluding)},
                    "target": ">= 1s" if lower else "<= 1s",
                }
                for level, measure in measures.items()
                for name, excluding in EXCLUDING.items()
            },
        },
    )
    for name, excluding in EXCLUDING.items():
        for host, region in HOSTS.items():
            out = taken.of(host) if "works" in excluding else []
            out += stormy.of(region) if "storm" in excluding else []
            own = [
                (row.at, row.microseconds)
                for row in rows
                if row.host == host
                and row.thousandths is not None
                and inside(row.at, OFFICE if hours else WHOLE)
                and not inside(row.at, out)
            ]
            values = [value for _, value in own]
            expected: dict[str, Fraction | None] = {}
            if values:
                expected = {"sum": sum(values, Fraction(0)), "min": min(values), "max": max(values)}
                expected["mean"] = sum(values, Fraction(0)) / len(values)
                for each, share in shares.items():
                    expected |= {f"{each.replace('.', '')}-{how}": quantile(values, share, how) for how in METHODS}
                expected["any"] = worst(own, 15 * MINUTE, 2, lower)
            for level in measures:
                line = found[f"{level}-{name}", host]
                assert line.best == line.worst
                assert (line.best and line.best.fraction) == expected.get(level), (level, name, host)


def test_a_record_without_a_number_is_left_out_and_told() -> None:
    """The mean of 1 and 3 is 2; the third has no number, and the fourth no instant of delivery."""
    columns = {"id": "order", "delivered": "delivered", "score": "score"}
    files = {
        "orders.csv": [
            ("order", "delivered", "score"),
            ("o1", written(MONDAY), "1"),
            ("o2", written(MONDAY), "3"),
            ("o3", written(MONDAY), ""),
            ("o4", "", "100"),
        ]
    }
    measure = {"kind": "statistic", "from": "orders", "value": "score", "statistic": "mean", "dated_by": "delivered"}
    line = settled(
        files,
        {
            "sources": {"orders": {"path": "orders.csv", "shape": "cases", "columns": columns}},
            "service_levels": {"score": {"measure": measure, "target": ">= 2"}},
        },
    )["score", ""]
    assert line.best is not None
    assert line.best.fraction == 2


def test_the_worst_stretch_is_the_evidence() -> None:
    """90 at 00:10 and 30 at 00:20: any 15 minutes that hold both have 60, those with one alone say nothing."""
    rows = [("at", "ms"), *((written(MONDAY + n * 10 * MINUTE), v) for n, v in ((0, 10), (1, 90), (2, 30)))]
    source = {"path": "x.csv", "shape": "samples", "columns": {"at": "at", "value": "ms"}, "units": {"value": "ms"}}
    measure = {"kind": "statistic", "from": "x", "statistic": "mean", "over_any": "15m", "least_samples": 2}
    line = settled(
        {"x.csv": rows},
        {"sources": {"x": source}, "service_levels": {"any": {"measure": measure, "target": "<= 50ms"}}},
    )["any", ""]
    assert line.best is not None
    assert line.best.fraction == 60_000
    (stretch,) = line.worst_outages
    assert stretch.cause == "2 values"
    assert stretch.counted == 15 * MINUTE
    assert stretch.start <= "2026-09-07T00:10:00Z" < "2026-09-07T00:20:00Z" < stretch.end
