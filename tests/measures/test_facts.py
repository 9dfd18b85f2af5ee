"""What single cases, events and outages say in the words that credits read: by hand, and against a plain loop."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.agreement import usage
from slacheck.agreement.loading import load
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer, Ask
from slacheck.measures.tallying import answers
from slacheck.planning import asks, plan
from slacheck.problems import AgreementError, DataError
from slacheck.sources.registers import figures
from slacheck.sources.words import Words
from tests.measures.world import DAY, HOUR, LATER, MINUTE, MONDAY, written

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = {"slacheck": 1, "id": "x", "provider": "P", "customer": "C", "timezone": "UTC", "period": "day"}
File = Sequence[Sequence[object]]
Found = dict[str, list[Answer]]


def words(*text: str, numbers: Sequence[str] = ()) -> Words:
    return Words(frozenset(text), frozenset(numbers))


def answered(
    files: Mapping[str, File],
    terms: Mapping[str, Any],
    read: Words,
    crossing: Sequence[str] = (),
    as_of: int = LATER,
    looked_up: Callable[[Scratch, Mapping[str, Any]], None] | None = None,
) -> Found:
    """The answers by level, where every credit reads ``read`` and the settlement ``crossing``."""
    found: dict[str, Ask] = {}
    with tempfile.TemporaryDirectory() as name, DuckScratch() as scratch:
        folder = Path(name)
        for file, rows in files.items():
            with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows(rows)
        (folder / "agreement.yaml").write_text(json.dumps({**HEAD, **terms}), encoding="utf-8")
        with (
            patch.object(usage, "_credit_words", lambda _: read),
            patch.object(usage, "settlement_words", lambda _: Words(text=frozenset(crossing))),
        ):
            for settling in plan([load(folder / "agreement.yaml")], "2026-09-07", as_of, {}, scratch):
                found.update({each.promised.level_name: each.ask for each in asks(scratch, settling)})
                if looked_up:
                    looked_up(scratch, settling.exports)
        results = answers(scratch, list(found.values()), as_of)
        return {name: list(each.answers) for name, each in zip(found, results, strict=True)}


def source(file: str, shape: str, *columns: str, **others: object) -> dict[str, object]:
    return {"path": f"{file}.csv", "shape": shape, "columns": {column: column for column in columns}, **others}


def level(per: object, target: str, **measure: object) -> dict[str, object]:
    return {"per": per, "measure": measure, "target": target}


def outage(per: object, **measure: object) -> dict[str, object]:
    return level(per, "<= 0m", kind="downtime", **measure)


AREAS = source("areas", "register", "area", "weight", "share", "owner", key="area", units={"share": "%"})
AREA_ROWS: File = [("area", "weight", "share", "owner"), ("a", "1.5", "12.5", "Ann"), ("b", "", "0.1", "")]


def test_a_case_says_its_own_columns_and_those_of_its_register() -> None:
    """C2's area has a row with two empty cells, C3's area has none, C4 has no area; half an hour is 1800 s."""
    columns = ("id", "opened", "closed", "area", "kind", "lost")
    tickets = source("tickets", "cases", *columns, units={"lost": "h"})
    rows: File = [
        columns,
        ("C1", written(MONDAY), written(MONDAY + HOUR), "a", "urgent", "0.5"),
        ("C2", written(MONDAY), "", "b", "", ""),
        ("C3", written(MONDAY + HOUR), written(MONDAY + 3 * HOUR), "c", "routine", "2"),
        ("C4", written(MONDAY + HOUR), written(MONDAY + 2 * HOUR), "", "routine", "0"),
    ]
    terms = {
        "sources": {"tickets": tickets, "areas": AREAS},
        "service_levels": {
            "repair": level("case", "<= 1h", kind="elapsed", **{"from": "tickets"}, between=["opened", "closed"]),
            "none": level("case", "= 0", kind="count", **{"from": "tickets"}, dated_by="closed"),
        },
    }
    read = words("area", "kind", "owner", numbers=("weight", "share", "lost"))
    found = answered({"tickets": rows, "areas": AREA_ROWS}, terms, read)
    assert [each.facts for each in found["repair"]] == [
        {"area": "a", "kind": "urgent", "owner": "Ann"},
        {"area": "b", "kind": None, "owner": None},
        {"area": "c", "kind": "routine", "owner": None},
        {"area": None, "kind": "routine", "owner": None},
    ]
    assert [each.figures for each in found["repair"]] == [
        {"weight": Fraction(3, 2), "share": Fraction(1, 8), "lost": 1_800_000_000},
        {"weight": None, "share": Fraction(1, 1000), "lost": None},
        {"weight": None, "share": None, "lost": 2 * HOUR},
        {"weight": None, "share": None, "lost": 0},
    ]
    assert [(each.record, each.of, each.began, each.ended) for each in found["repair"]] == [
        ("C1", "", MONDAY, MONDAY + HOUR),
        ("C2", "", MONDAY, None),
        ("C3", "", MONDAY + HOUR, MONDAY + 3 * HOUR),
        ("C4", "", MONDAY + HOUR, MONDAY + 2 * HOUR),
    ]
    by_id = {each.record: each for each in found["repair"]}
    assert {each.record for each in found["none"]} == {"C1", "C3", "C4"}
    for each in found["none"]:
        assert (each.facts, each.figures) == (by_id[each.record].facts, by_id[each.record].figures)
        assert each.began == each.ended == by_id[each.record].ended


def test_the_row_of_a_dated_register_is_that_in_force_when_the_record_began() -> None:
    columns = ("start", "end", "area")
    rows: File = [columns, (written(MONDAY), "", "a"), (written(MONDAY + HOUR), "", "a")]
    dated: File = [("area", "valid_from", "weight"), ("a", written(MONDAY + 1), 2), ("a", written(MONDAY - DAY), 1)]
    terms = {
        "sources": {
            "visits": source("visits", "events", *columns),
            "weights": source("weights", "register", "area", "valid_from", "weight", key="area"),
        },
        "service_levels": {"visit": level(["area", "event"], "= 0", kind="count", **{"from": "visits"})},
    }
    found = answered({"visits": rows, "weights": dated}, terms, words(numbers=("weight",)))["visit"]
    assert [each.figures for each in found] == [{"weight": 1}, {"weight": 2}]
    assert [(each.subject, each.of, each.record) for each in found] == [
        ("a visits.csv:2", "a", "visits.csv:2"),
        ("a visits.csv:3", "a", "visits.csv:3"),
    ]


def test_an_event_has_its_own_instants_whatever_dates_it_and_no_end_that_is_not_known_yet() -> None:
    columns = ("start", "end", "area", "told")
    now = MONDAY + 5 * HOUR
    rows: File = [
        columns,
        (written(MONDAY), written(MONDAY + HOUR), "a", written(MONDAY + 2 * HOUR)),
        (written(MONDAY), "", "b", written(MONDAY + 3 * HOUR)),
        (written(MONDAY - DAY), written(now + HOUR), "", written(MONDAY + 4 * HOUR)),
    ]
    terms = {
        "sources": {"visits": source("visits", "events", *columns)},
        "service_levels": {
            "told": level("event", "= 0", kind="count", **{"from": "visits"}, dated_by="told"),
            "all": level("area", "= 0", kind="count", **{"from": "visits"}, where={"area": ["a", "b"]}),
        },
    }
    found = answered({"visits": rows}, terms, words("area"), as_of=now)
    assert [(each.facts["area"], each.began, each.ended) for each in found["told"]] == [
        ("a", MONDAY, MONDAY + HOUR),
        ("b", MONDAY, None),
        (None, MONDAY - DAY, None),
    ]
    assert [(each.of, each.facts, each.record) for each in found["all"]] == [("a", {}, ""), ("b", {}, "")]


FAILED = ("start", "end", "server", "area", "kind", "points")


def failures(*rows: tuple[int, int | None, str, str, str, str]) -> File:
    """Records of the Monday: from and to in minutes, then the columns."""
    at = [MONDAY + start * MINUTE for start, *_ in rows]
    ends = ["" if end is None else written(MONDAY + end * MINUTE) for _, end, *_ in rows]
    return [FAILED, *((written(lo), hi, *row[2:]) for lo, hi, row in zip(at, ends, rows, strict=True))]


def test_records_that_are_one_outage_say_what_all_of_them_say() -> None:
    """On s: 0-10 and 5-20 of one area, two kinds, 1 and 1.0 points; 60-70 and 70-80 of a and of no area; 120 alone."""
    rows = failures(
        (5, 20, "s", "a", "y", "1.0"),
        (0, 10, "s", "a", "x", "1"),
        (60, 70, "s", "a", "x", "1"),
        (70, 80, "s", "", "x", "2"),
        (120, None, "s", "c", "z", ""),
        (0, 30, "t", "b", "x", "3"),
    )
    terms = {
        "sources": {"failed": source("failed", "events", "start", "end")},
        "service_levels": {"up": outage(["server", "outage"], **{"from": "failed"})},
    }
    found = answered({"failed": rows}, terms, words("area", "kind", "server", numbers=("points",)))["up"]
    assert [(each.of, each.facts["area"], each.facts["kind"], each.figures["points"]) for each in found] == [
        ("s", "a", None, 1),
        ("s", None, "x", None),
        ("s", "c", "z", None),
        ("t", "b", "x", 3),
    ]
    assert [each.facts["server"] for each in found] == ["s", "s", "s", "t"]
    assert [each.remarks for each in found] == [
        ("the records of this outage differ in 'kind', which is taken as not said",),
        ("the records of this outage differ in 'area' and 'points', which is taken as not said",),
        (),
        (),
    ]
    at = [0, 60, 120, 0]
    assert [each.began for each in found] == [MONDAY + minute * MINUTE for minute in at]
    assert [each.ended for each in found] == [MONDAY + 20 * MINUTE, MONDAY + 80 * MINUTE, None, MONDAY + 30 * MINUTE]
    assert [each.record for each in found] == ["failed.csv:3", "failed.csv:4", "failed.csv:6", "failed.csv:7"]


def test_a_record_that_gave_way_or_is_taken_out_is_no_part_of_an_outage() -> None:
    """Of 0-10 and 0-20 only the longest counts. What exclusions match leaves of 60-70 and 65-90 is of kind y alone."""
    rows = failures(
        (0, 10, "s", "a", "x", "1"),
        (0, 20, "s", "b", "y", "2"),
        (60, 70, "t", "a", "x", "1"),
        (65, 90, "t", "b", "y", "2"),
    )
    works: File = [("start", "end", "kind"), (written(MONDAY + 30 * MINUTE), written(MONDAY + 80 * MINUTE), "x")]
    terms = {
        "sources": {
            "failed": source("failed", "events", "start", "end"),
            "works": source("works", "events", "start", "end", "kind"),
        },
        "outages": {"longest": {"from": "failed", "overlapping": "longest"}},
        "exclusions": {"works": {"from": "works", "matching": "kind"}},
        "service_levels": {
            "long": outage(["server", "outage"], **{"from": "longest"}),
            "less": outage(["server", "outage"], **{"from": "failed"}, excluding=["works"]),
        },
    }
    found = answered({"failed": rows, "works": works}, terms, words("kind", numbers=("points",)))
    assert [(each.of, each.facts, each.figures) for each in found["long"]] == [
        ("s", {"kind": "y"}, {"points": 2}),
        ("t", {"kind": "y"}, {"points": 2}),
    ]
    assert [(each.of, each.facts, each.figures) for each in found["less"]] == [
        ("s", {"kind": None}, {"points": None}),
        ("t", {"kind": "y"}, {"points": 2}),
    ]
    assert [each.began for each in found["less"]] == [MONDAY, MONDAY + 65 * MINUTE]


def test_outages_judged_by_what_counts_of_them_keep_their_records() -> None:
    """Of 0-60 half an hour is excused: 30 minutes are not more than 40."""
    rows = failures((0, 60, "s", "a", "x", "1"), (90, 150, "s", "b", "y", "2"))
    works: File = [("start", "end"), (written(MONDAY), written(MONDAY + 30 * MINUTE))]
    terms = {
        "sources": {
            "failed": source("failed", "events", "start", "end"),
            "works": source("works", "events", "start", "end"),
        },
        "outages": {"long": {"from": "failed", "lasting": "> 40m", "judged": "after-exclusions"}},
        "exclusions": {"works": {"from": "works"}},
        "service_levels": {"up": outage("outage", **{"from": "long"}, excluding=["works"])},
    }
    (only,) = answered({"failed": rows, "works": works}, terms, words("kind", numbers=("points",)))["up"]
    assert (only.facts, only.figures, only.of) == ({"kind": "y"}, {"points": 2}, "")


def test_of_two_logs_each_says_its_own_and_what_only_one_has_differs() -> None:
    """Points are read as hours in one log and minutes in the other; the second log has no kind, and none is needed."""
    first = failures((0, 10, "s", "a", "x", "1"), (60, 70, "s", "a", "x", "1"), (120, 130, "s", "a", "x", "1"))
    second = [
        ("start", "end", "server", "area", "points"),
        *(
            (row[0], row[1], row[2], row[3], row[5])
            for row in failures(
                (5, 20, "s", "a", "", "60"), (65, 80, "s", "a", "", "61"), (180, 190, "s", "b", "", "")
            )[1:]
        ),
    ]
    terms = {
        "sources": {
            "one": source("one", "events", "start", "end", units={"points": "h"}),
            "two": source("two", "events", "start", "end", units={"points": "min"}),
        },
        "outages": {"failed": {"from": ["one", "two"]}},
        "service_levels": {"up": outage(["server", "outage"], **{"from": "failed"})},
    }
    found = answered({"one": first, "two": second}, terms, words("area", numbers=("points",)), ["kind"])["up"]
    assert [(each.facts, each.figures) for each in found] == [
        ({"area": "a", "kind": None}, {"points": HOUR}),
        ({"area": "a", "kind": None}, {"points": None}),
        ({"area": "a", "kind": "x"}, {"points": HOUR}),
        ({"area": "b", "kind": None}, {"points": None}),
    ]
    assert found[0].remarks == ("the records of this outage differ in 'kind', which is taken as not said",)


def test_levels_of_different_logs_are_answered_from_their_own() -> None:
    """Both first rows are an outage of the same minutes, and so is the second of the second log."""
    first = failures((0, 10, "s", "a", "x", "1"))
    second = failures((0, 10, "s", "b", "y", "2"), (30, 40, "s", "c", "z", "3"))
    terms = {
        "sources": {name: source(name, "events", "start", "end") for name in ("one", "two")},
        "service_levels": {name: outage(["server", "outage"], **{"from": name}) for name in ("one", "two")},
    }
    found = answered({"one": first, "two": second}, terms, words("area", numbers=("points",)))
    assert [(each.facts, each.figures) for each in found["one"]] == [({"area": "a"}, {"points": 1})]
    assert [(each.facts, each.figures) for each in found["two"]] == [
        ({"area": "b"}, {"points": 2}),
        ({"area": "c"}, {"points": 3}),
    ]


def test_samples_say_whose_an_outage_is_and_nothing_else() -> None:
    columns = ("at", "state", "server", "area")
    rows: File = [
        columns,
        (written(MONDAY), "up", "s", "a"),
        (written(MONDAY + HOUR), "down", "s", "a"),
        (written(MONDAY + 2 * HOUR), "up", "s", "a"),
        (written(MONDAY + DAY), "up", "s", "a"),
    ]
    terms = {
        "sources": {"probe": source("probe", "samples", *columns, hold="until-next")},
        "service_levels": {"up": outage(["server", "outage"], **{"from": "probe"})},
    }
    (only,) = answered({"probe": rows}, terms, words("server", "area"))["up"]
    assert (only.of, only.facts) == ("s", {"server": "s", "area": None})
    assert (only.began, only.ended, only.record) == (MONDAY + HOUR, MONDAY + 2 * HOUR, "probe.csv:3")


def test_what_the_settlement_reads_is_read_where_there_is_such_a_column() -> None:
    """``incident`` is a header of one log, a register gives ``owner`` to the other, and nobody has ``nothing``."""
    tickets: File = [
        ("id", "opened", "closed", "incident"),
        ("C1", written(MONDAY), written(MONDAY + HOUR), "I-1"),
    ]
    visits: File = [("start", "end", "area"), (written(MONDAY), "", "a")]
    terms = {
        "sources": {
            "tickets": source("tickets", "cases", "id", "opened", "closed"),
            "visits": source("visits", "events", "start", "end", "area"),
            "areas": source("areas", "register", "area", "owner", key="area"),
        },
        "service_levels": {
            "repair": level("case", "<= 1h", kind="elapsed", **{"from": "tickets"}, between=["opened", "closed"]),
            "visit": level("event", "= 0", kind="count", **{"from": "visits"}),
            "visits": level("area", "= 0", kind="count", **{"from": "visits"}),
        },
    }
    files = {"tickets": tickets, "visits": visits, "areas": AREA_ROWS}
    found = answered(files, terms, words(), ["incident", "owner", "nothing"])
    assert [(each.facts, each.figures) for each in found["repair"]] == [({"incident": "I-1"}, {})]
    assert [(each.facts, each.figures) for each in found["visit"]] == [({"owner": "Ann"}, {})]
    assert [each.facts for each in found["visits"]] == [{}]


def test_a_word_of_a_credit_that_no_record_has_is_missing() -> None:
    visits: File = [("start", "end"), (written(MONDAY), "")]
    terms = {
        "sources": {"visits": source("visits", "events", "start", "end")},
        "service_levels": {"visit": level("event", "= 0", kind="count", **{"from": "visits"})},
    }
    with pytest.raises(DataError) as raised:
        answered({"visits": visits}, terms, words("criterion"))
    assert "criterion" in str(raised.value.problems[0])


def test_the_credit_of_a_subject_reads_the_register_of_subjects() -> None:
    """The register is opened with the word although no record is asked for it; a column of records is no fact of b."""
    visits: File = [("start", "end", "area"), (written(MONDAY), "", "a"), (written(MONDAY), "", "b")]
    terms = {
        "sources": {"visits": source("visits", "events", "start", "end", "area"), "areas": AREAS},
        "service_levels": {"visits": level("area", "= 0", kind="count", **{"from": "visits"})},
    }
    read = words("owner", numbers=("weight", "share"))
    looked: dict[tuple[str, ...], Mapping[str, Fraction | None]] = {}

    def looked_up(scratch: Scratch, exports: Mapping[str, Any]) -> None:
        looked.update(figures(scratch, exports["areas"], ["weight"]))

    found = answered({"visits": visits, "areas": AREA_ROWS}, terms, read, looked_up=looked_up)["visits"]
    assert looked == {("a",): {"weight": Fraction(3, 2)}, ("b",): {"weight": None}}
    assert [each.of for each in found] == ["a", "b"]


def test_a_column_that_no_credit_reads_is_still_one_that_nothing_uses() -> None:
    terms = {
        "sources": {"visits": source("visits", "events", "start", "end", "area")},
        "service_levels": {"visit": level("event", "= 0", kind="count", **{"from": "visits"})},
    }
    with pytest.raises(AgreementError) as raised:
        answered({}, terms, words())
    assert [each.code for each in raised.value.problems] == ["unused-column"]


@dataclass(frozen=True)
class Record:
    """One row of a log, in minutes of the Monday."""

    start: int
    length: int
    server: str
    area: str
    cause: str
    points: str

    def said(self, weights: Mapping[str, str]) -> tuple[str | None, Fraction | None, Fraction | None]:
        weight = weights.get(self.area, "") if self.area else ""
        return (
            self.area or None,
            Fraction(self.points) if self.points else None,
            Fraction(weight) if weight else None,
        )


RECORDS = st.builds(
    Record,
    st.integers(0, 40).map(lambda each: 5 * each),
    st.sampled_from([5, 10, 30]),
    st.sampled_from("st"),
    st.sampled_from(["a", "a", "b", ""]),
    st.sampled_from(["x", "y", ""]),
    st.sampled_from(["1", "1.0", "2.5", ""]),
)


def of_touching(records: Sequence[Record]) -> list[list[Record]]:
    """Records of one server that overlap or touch are one outage."""
    found: list[list[Record]] = []
    for each in sorted(records, key=lambda record: record.start):
        if found and each.start <= max(other.start + other.length for other in found[-1]):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def of_one_cause(records: Sequence[Record]) -> list[list[Record]]:
    """Records of one cause that begin within an hour of the first; those without a cause stand alone."""
    found = [[each] for each in records if not each.cause]
    for cause in sorted({each.cause for each in records} - {""}):
        of_cause: list[list[Record]] = []
        for each in sorted((each for each in records if each.cause == cause), key=lambda record: record.start):
            if of_cause and each.start - of_cause[-1][0].start < 60:
                of_cause[-1].append(each)
            else:
                of_cause.append([each])
        found += of_cause
    return found


@FEW
@given(
    logs=st.tuples(st.lists(RECORDS, min_size=1, max_size=7), st.lists(RECORDS, min_size=1, max_size=7)),
    weights=st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "0.25", ""]), min_size=1),
)
def test_outages_of_random_logs_say_what_a_walk_through_their_records_finds(
    logs: tuple[list[Record], list[Record]], weights: Mapping[str, str]
) -> None:
    columns = ("start", "end", "server", "area", "cause", "points")
    files: dict[str, File] = {
        name: [
            columns,
            *(
                (
                    written(MONDAY + each.start * MINUTE),
                    written(MONDAY + (each.start + each.length) * MINUTE),
                    *(each.server, each.area, each.cause, each.points),
                )
                for each in records
            ),
        ]
        for name, records in zip(("one", "two"), logs, strict=True)
    }
    files["areas"] = [("area", "weight"), *weights.items()]
    of_server = ["server", "outage"]
    terms = {
        "sources": {
            **{name: source(name, "events", *columns) for name in ("one", "two")},
            "areas": source("areas", "register", "area", "weight", key="area"),
        },
        "outages": {
            "touching": {"from": ["one", "two"], "lasting": ">= 10m"},
            "caused": {"from": ["one", "two"], "same_cause_within": "1h"},
        },
        "service_levels": {
            "touching": outage(of_server, **{"from": "touching"}),
            "caused": outage(of_server, **{"from": "caused"}),
            "events": level(["server", "event"], "= 0", kind="count", **{"from": "one"}),
        },
    }
    found = answered(files, terms, words("area", numbers=("points", "weight")))

    def shown(name: str) -> list[tuple[object, ...]]:
        return sorted(
            (
                (each.of, each.began, each.facts["area"], each.figures["points"], each.figures["weight"])
                for each in found[name]
            ),
            key=str,
        )

    def expected(outages: Sequence[Sequence[Record]]) -> list[tuple[object, ...]]:
        rows = []
        for records in outages:
            said = [each.said(weights) for each in records]
            agreed = [each[0] if len(set(each)) == 1 else None for each in zip(*said, strict=True)]
            rows.append((records[0].server, MONDAY + min(each.start for each in records) * MINUTE, *agreed))
        return sorted(rows, key=str)

    everything = [*logs[0], *logs[1]]
    of = {name: [each for each in everything if each.server == name] for name in "st"}
    touching = [each for own in of.values() for each in of_touching(own)]
    long = [each for each in touching if max(r.start + r.length for r in each) - each[0].start >= 10]
    assert shown("touching") == expected(long)
    assert shown("caused") == expected([each for own in of.values() for each in of_one_cause(own)])
    assert shown("events") == expected([[each] for each in logs[0]])


@FEW
@given(
    records=st.lists(RECORDS, min_size=1, max_size=8),
    weights=st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "0.25", ""]), min_size=1),
)
def test_random_cases_say_what_stands_in_their_rows(records: list[Record], weights: Mapping[str, str]) -> None:
    columns = ("id", "opened", "closed", "server", "area", "points")
    rows: File = [
        columns,
        *(
            (
                f"C{index}",
                written(MONDAY + each.start * MINUTE),
                written(MONDAY + (each.start + each.length) * MINUTE) if each.cause else "",
                *(each.server, each.area, each.points),
            )
            for index, each in enumerate(records)
        ),
    ]
    between = {"from": "tickets", "between": ["opened", "closed"]}
    terms = {
        "sources": {
            "tickets": source("tickets", "cases", *columns),
            "areas": source("areas", "register", "area", "weight", key="area"),
        },
        "service_levels": {
            "repair": level(["server", "case"], "<= 1h", kind="elapsed", **between),
            "early": {**level("case", "<= 1h", kind="elapsed", **between), "where": {"server": ["s"]}},
        },
    }
    files: dict[str, File] = {"tickets": rows, "areas": [("area", "weight"), *weights.items()]}
    found = answered(files, terms, words("area", numbers=("points", "weight")))
    for name, of_level in found.items():
        expected = {
            f"C{index}": (
                each.server if name == "repair" else "",
                MONDAY + each.start * MINUTE,
                MONDAY + (each.start + each.length) * MINUTE if each.cause else None,
                *each.said(weights),
            )
            for index, each in enumerate(records)
            if name == "repair" or each.server == "s"
        }
        assert {
            each.record: (
                *(each.of, each.began, each.ended),
                *(each.facts["area"], each.figures["points"], each.figures["weight"]),
            )
            for each in of_level
            if each.rows
        } == expected
