"""Whatever a line says about its keys, the lookup finds what a walk over all rows finds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.fees.worth import NotKnown, Whose
from slacheck.timeline.periods import containing
from tests.fees.charged import dated, fees
from tests.sources.opener import Opener, words

WORDS = ("storage_class", "region")
VALUES = ("a", "b", "c", "d")
TERMS = {
    "shape": "register",
    "key": list(WORDS),
    "columns": {"at": "day", "charges": "amount", **{word: word for word in WORDS}},
}
FEES = {
    "month": {"from": "invoices", "column": "charges"},
    "30-days": {"from": "invoices", "column": "charges", "for": "30 days"},
    "last": {"previous": "month"},
}
# The days that each fee of March 2026 reads.
READ = {
    "month": (date(2026, 3, 1), date(2026, 4, 1)),
    "30-days": (date(2026, 3, 2), date(2026, 4, 1)),
    "last": (date(2026, 2, 1), date(2026, 3, 1)),
}

some = st.frozensets(st.sampled_from((*VALUES, "z")), min_size=1, max_size=4)
asked = st.builds(
    Whose, st.dictionaries(st.sampled_from((*WORDS, "host")), some), st.dictionaries(st.sampled_from(WORDS), some)
)
row = st.tuples(
    st.sampled_from(VALUES),
    st.sampled_from(VALUES),
    st.dates(date(2026, 1, 28), date(2026, 4, 3)),
    st.one_of(st.none(), st.decimals(-50, 1000, places=2)),
)


def naive(rows: list[tuple[str, str, date, object]], name: str, whose: Whose) -> Fraction | None:
    start, end = READ[name]
    total, matched = Fraction(0), False
    for storage_class, region, day, amount in rows:
        cells = {"storage_class": storage_class, "region": region}
        if not start <= day < end:
            continue
        if any(cells[word] not in values for word, values in whose.of.items() if word in cells):
            continue
        if any(cells[word] in values for word, values in whose.but.items()):
            continue
        if amount is None:
            return None
        matched, total = True, total + Fraction(str(amount))
    return total if matched and total >= 0 else None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row, min_size=1, max_size=25), lines=st.lists(asked, min_size=1, max_size=12))
def test_the_lookup_agrees_with_a_walk_over_all_rows(
    tmp_path_factory: object, rows: list[tuple[str, str, date, object]], lines: list[Whose]
) -> None:
    folder = tmp_path_factory.mktemp("rows")  # type: ignore[attr-defined]
    csv = "\n".join(
        [
            "storage_class,region,day,amount",
            *(",".join("" if cell is None else str(cell) for cell in each) for each in rows),
        ]
    )
    with DuckScratch() as scratch:
        opener = Opener(scratch, folder)
        export = opener("invoices", csv, TERMS, words(numbers=["charges"]))
        found = fees(opener, FEES, "2026-03-05", None, [export])
    # The engine is closed.
    for whose in lines:
        for name in FEES:
            try:
                exact = found.worth(name, whose).exact
            except NotKnown:
                exact = None
            assert exact == naive(rows, name, whose), (name, whose)


def test_the_days_that_the_walk_reads_are_those_of_march() -> None:
    march = containing(dated().cycle, date(2026, 3, 5))
    assert (march.start, march.end) == READ["month"]
