"""What holds for whole runs whatever the data: order, files and formats say nothing, money only grows with a breach."""

from __future__ import annotations

import csv
import gzip
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import DataError
from slacheck.statement import Statement
from tests.oracle import DAY, HOUR, MINUTE, SECOND, Event, text_of
from tests.test_oracle import (
    LATER,
    MONDAY,
    PROMISES,
    Excuses,
    Looked,
    Probes,
    excuses,
    looks,
    percent,
    probe_source,
    probes,
    run,
    written_level,
)
from tests.whole_runs import Document, examples

Record = dict[str, str]

PARTS = ("not_in_force", "future", "excluded", "unknown", "up", "down")


def agreement(given: Probes, more: Document | None = None) -> Document:
    """Three levels over two outage rules; the last two pay."""
    availability = {"kind": "availability", "from": "probes"}
    long = {"kind": "availability", "from": "long"}
    return {
        "sources": {"probes": probe_source(given.hold)},
        "outages": {"long": {"from": "probes", "lasting": ">= 5m"}},
        "service_levels": {
            "plain": written_level(PROMISES["thin"], availability, per="host"),
            "bounds": written_level(PROMISES["bounds"], long, per="host"),
            "excluded": written_level(PROMISES["exclude"], long, per="host"),
        },
        **(more or {}),
    }


def records(given: Probes) -> list[Record]:
    return [{"at": text_of(at), "host": name, "state": word} for name, at, word in given.rows]


def as_csv(path: Path, found: Sequence[Record], delimiter: str = ",") -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["at", "host", "state"], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(found)


def as_tsv(path: Path, found: Sequence[Record]) -> None:
    as_csv(path, found, "\t")


def as_json(path: Path, found: Sequence[Record]) -> None:
    path.write_text(json.dumps(list(found)), encoding="utf-8")


def as_ndjson(path: Path, found: Sequence[Record]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")


def as_parquet(path: Path, found: Sequence[Record]) -> None:
    """Instants as timestamps with a zone, the rest as text."""
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE t ("at" TIMESTAMPTZ, host VARCHAR, state VARCHAR)')
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [[r["at"], r["host"], r["state"]] for r in found])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def as_gzip(path: Path, found: Sequence[Record]) -> None:
    plain = path.with_suffix("")
    as_csv(plain, found)
    path.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()


WRITERS: dict[str, Callable[[Path, Sequence[Record]], None]] = {
    "probes.csv": as_csv,
    "probes.tsv": as_tsv,
    "probes.json": as_json,
    "probes.ndjson": as_ndjson,
    "probes.parquet": as_parquet,
    "probes.csv.gz": as_gzip,
}


def settled(document: Document, look: Looked, *files: tuple[str, Sequence[Record]]) -> Any:
    """The statements as plain values, or the codes of what was refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, found in files:
            WRITERS["probes." + path.partition(".")[2]](folder / path, found)
        source = {**document["sources"]["probes"], "path": [path for path, _ in files]}
        whole = {**document, "sources": {**document["sources"], "probes": source}}
        try:
            statements = run(folder, whole, look.asked, look.as_of)
        except DataError as error:
            return sorted(problem.code for problem in error.problems)
        return [json.loads(statement.model_dump_json()) for statement in statements]


def without_places(found: Any) -> Any:
    """Everything but where a thing stands: file, row and digest, and in which order."""
    if isinstance(found, dict):
        hidden = ("place", "sha256", "terms", "file", "inputs", "data", "order", "out_of_order", "agreement_line")
        return {key: without_places(value) for key, value in found.items() if key not in hidden}
    return [without_places(each) for each in found] if isinstance(found, list) else found


@examples(8)
@given(given=probes(), look=looks(), seed=st.integers(0, 1000))
def test_the_order_of_rows_and_a_file_cut_in_two_change_no_statement(given: Probes, look: Looked, seed: int) -> None:
    found = records(given)
    document = agreement(given, look.terms)
    whole = without_places(settled(document, look, ("a.csv", found)))
    shuffled = random.Random(seed).sample(found, len(found))
    assert without_places(settled(document, look, ("a.csv", shuffled))) == whole
    half = 1 + seed % len(found)
    # Files of the same bytes are refused: one of them would be a file that was named twice.
    if half < len(found) and sorted(map(str, shuffled[half:])) != sorted(map(str, shuffled[:half])):
        parts = ("a.csv", shuffled[half:]), ("b.csv", shuffled[:half])
        assert without_places(settled(document, look, *parts)) == whole


@examples(5)
@given(given=probes(), look=looks())
def test_the_same_records_in_any_format_give_the_same_lines(given: Probes, look: Looked) -> None:
    found = records(given)
    document = agreement(given, look.terms)
    settlements = {name: without_places(settled(document, look, (name, found))) for name in WRITERS}
    assert {name for name, each in settlements.items() if each != settlements["probes.csv"]} == set()


@examples(6)
@given(given=probes(), look=looks(), seed=st.integers(0, 1000))
def test_the_order_of_levels_in_the_agreement_says_nothing(given: Probes, look: Looked, seed: int) -> None:
    document = agreement(given, look.terms)
    levels = list(document["service_levels"].items())
    mixed = {**document, "service_levels": dict(random.Random(seed).sample(levels, len(levels)))}
    first, second = (settled(each, look, ("a.csv", records(given))) for each in (document, mixed))
    if isinstance(first[0], str):
        assert first == second
        return
    for one, other in zip(first, second, strict=True):
        ours, theirs = (sorted(without_places(each["lines"]), key=str) for each in (one, other))
        assert ours == theirs
        assert (one["verdict"], one["total"]) == (other["verdict"], other["total"])


@examples(4)
@given(given=probes(), look=looks())
def test_two_runs_give_the_same_bytes(given: Probes, look: Looked) -> None:
    found = records(given)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        as_csv(folder / "probes.csv", found)

        def text() -> list[str]:
            try:
                statements = run(folder, agreement(given, look.terms), look.asked, look.as_of)
            except DataError as error:
                return [str(error)]
            return [statement.model_dump_json() for statement in statements]

        assert text() == text()


@examples(8)
@given(given=probes(), excused=excuses(), look=looks())
def test_every_instant_of_a_period_lies_in_one_part_of_the_balance(
    given: Probes, excused: Excuses, look: Looked
) -> None:
    document = agreement(given, {**look.terms, "exclusions": excused.document})
    document["sources"] |= excused.source
    for level in document["service_levels"].values():
        level["measure"] = {**level["measure"], "excluding": ["planned", "weather"]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        as_csv(folder / "probes.csv", records(given))
        excused.write(folder)
        try:
            statements = run(folder, document, look.asked, look.as_of)
        except DataError as error:
            assert {problem.code for problem in error.problems} == {"no-row-of-period"}
            return
    for statement, (_, (start, end), _) in zip(statements, look.windows, strict=True):
        for line in statement.lines:
            assert line.balance is not None
            parts = [getattr(line.balance, part) for part in PARTS]
            assert line.balance.period == end - start == sum(parts)
            assert min(parts) >= 0


@examples(6)
@given(given=probes(), days=st.integers(3, 14))
def test_the_down_time_of_a_month_is_the_sum_of_its_days(given: Probes, days: int) -> None:
    """With a least length too: an outage is judged whole, and the period only cuts it."""
    found = [{**each, "at": each["at"]} for each in records(given)]
    as_of = MONDAY + days * DAY + 3 * HOUR
    every_day = Looked("2026-03", as_of, {"period": "day"}, ())
    whole_month = Looked("2026-03", as_of, {"period": "month"}, ())
    by_day, by_month = (
        settled(agreement(given, look.terms), look, ("a.csv", found)) for look in (every_day, whole_month)
    )
    if isinstance(by_day[0], str):
        assert by_day == by_month
        return
    assert len(by_month) == 1
    for line in by_month[0]["lines"]:
        same = [
            each
            for statement in by_day
            for each in statement["lines"]
            if (each["level"], each["subject"]) == (line["level"], line["subject"])
        ]
        for part in ("down", "unknown", "excluded"):
            assert line["balance"][part] == sum(each["balance"][part] for each in same), part
        if line["missing"] == "bounds":
            lost = [(1 - Fraction(each["worst"]["exact"])) * measured(each) for each in (line, *same)]
            assert lost[0] == sum(lost[1:])


def measured(line: Document) -> int:
    return int(sum(line["balance"][part] for part in ("up", "down", "unknown")))


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, Document]:
    """A target and bands that pay more for less, nested or one beside the other, each edge open or closed."""
    edges = sorted(draw(st.sets(st.integers(1, 999), min_size=1, max_size=5)), reverse=True)
    pays = sorted(draw(st.sets(st.integers(1, 1000), min_size=len(edges), max_size=len(edges))))
    closed = [draw(st.booleans()) for _ in edges]
    nested = draw(st.booleans())
    texts = [f"{Decimal(edge) / 10}%" for edge in edges]
    bands: Document = {}
    for index, text in enumerate(texts):
        row = f"{'<=' if closed[index] else '<'} {text}"
        if not nested and index + 1 < len(texts):
            row += f", {'>' if closed[index + 1] else '>='} {texts[index + 1]}"
        bands[row] = f"{Decimal(pays[index]) / 10}%"
    shuffled = draw(st.permutations(list(bands.items())))
    return f"{'>' if closed[0] else '>='} {texts[0]}", {"kind": "bands", "of": "monthly", "bands": dict(shuffled)}


@st.composite
def units(draw: st.DrawFn) -> tuple[str, Document]:
    counting = draw(st.sampled_from(["full", "started", "linear"]))
    each = percent(Fraction(draw(st.integers(1, 200)), 1000))
    credit = {"kind": "per-unit", "of": "monthly", "each": each, "counting": counting, "pays": "0.7%"}
    return f">= {percent(Fraction(draw(st.integers(500, 1000)), 1000))}", credit


@examples(8)
@given(
    promised=st.lists(tables() | units(), min_size=4, max_size=8),
    good=st.lists(st.integers(0, 1000), min_size=20, max_size=31, unique=True),
    line_cap=st.sampled_from([None, "12.345", "655.00"]),
    caps=st.sampled_from([[], ["1234.567"], ["150% of monthly", "777.77"]]),
)
def test_a_worse_value_never_earns_less_and_no_sum_exceeds_its_cap(
    promised: list[tuple[str, Document]], good: list[int], line_cap: str | None, caps: list[str]
) -> None:
    capped = {} if line_cap is None else {"cap": line_cap}
    document: Document = {
        "sources": {
            "requests": {
                "path": "requests.csv",
                "shape": "counts",
                "columns": {"at": "at", "total": "total", "good": "good"},
                "absent_rows": "empty",
            }
        },
        "service_levels": {
            f"level-{number}": {
                "measure": {"kind": "success-rate", "from": "requests"},
                "target": target,
                "credit": {**credit, **capped},
            }
            for number, (target, credit) in enumerate(promised)
        },
        "settlement": {"cap": caps},
    }
    worse = sorted(good, reverse=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [f"{text_of(MONDAY + day * DAY)},1000,{count}\n" for day, count in enumerate(worse)]
        (folder / "requests.csv").write_text("at,total,good\n" + "".join(lines), encoding="utf-8")
        last = text_of(MONDAY + (len(worse) - 1) * DAY)[:10]
        statements = run(folder, document, f"2026-03-02..{last}", LATER)
    assert len(statements) == len(worse)
    dearest = {f"level-{number}": Decimal(0) for number in range(len(promised))}
    for statement in statements:
        check_sum(statement, caps)
        for line in statement.lines:
            assert line.credit is not None
            assert line.credit.most is not None
            amount = Decimal(line.credit.most.amount)
            assert amount == Decimal(line.credit.least.amount) >= dearest[line.level]
            assert amount <= {None: amount, "12.345": Decimal("12.34"), "655.00": Decimal("655.00")}[line_cap]
            assert amount == 0 or line.verdict == "breached"
            dearest[line.level] = amount


def check_sum(statement: Statement, caps: Sequence[str]) -> None:
    """Without a cap the total is the sum of its lines; with caps it is that or the least cap."""
    credits = [line.credit for line in statement.lines if line.credit is not None]
    assert statement.total is not None
    limits = {"1234.567": Decimal("1234.56"), "150% of monthly": Decimal("1500.00"), "777.77": Decimal("777.77")}
    for total, amounts in (
        (statement.total.least, [credit.least.amount for credit in credits]),
        (statement.total.most or "", [credit.most.amount if credit.most else "" for credit in credits]),
    ):
        assert Decimal(total) == min([sum(map(Decimal, amounts), Decimal(0)), *(limits[cap] for cap in caps)])


def availability(folder: Path, document: Document, as_of: int) -> Statement:
    (statement,) = run(folder, document, "2026-03-02", as_of)
    return statement


def test_unknown_time_before_a_period_can_make_an_outage_long_enough(tmp_path: Path) -> None:
    """Two minutes down at the start of the first export: nobody knows how long it was down before."""
    as_csv(
        tmp_path / "probes.csv",
        [
            {"at": text_of(MONDAY), "host": "web", "state": "down"},
            {"at": text_of(MONDAY + 2 * MINUTE), "host": "web", "state": "up"},
        ],
    )
    given = Probes((("web", MONDAY, "down"),), None)
    line = next(each for each in availability(tmp_path, agreement(given), LATER).lines if each.level == "bounds")
    assert line.best is not None
    assert line.worst is not None
    assert (line.best.fraction, line.worst.fraction) == (Fraction(1), 1 - Fraction(2 * MINUTE, DAY))
    assert line.verdict == "indeterminate"


@pytest.mark.parametrize("later", ["web", "db"])
def test_a_record_that_begins_after_the_instant_of_looking_drops_no_other(tmp_path: Path, later: str) -> None:
    ranked: list[tuple[str, str, Event]] = [
        ("first", later, Event(MONDAY + 15 * HOUR, MONDAY + 16 * HOUR)),
        ("second", "web", Event(MONDAY + 10 * HOUR, MONDAY + 20 * HOUR)),
    ]
    shape = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    for name, host, event in ranked:
        assert event.end is not None
        cells = f"{text_of(event.start)},{text_of(event.end)},{host}\n"
        (tmp_path / f"{name}.csv").write_text(f"from,to,host\n{cells}", encoding="utf-8")
    document: Document = {
        "sources": {name: {"path": f"{name}.csv", **shape} for name, _, _ in ranked},
        "outages": {"ranked": {"from": ["first", "second"], "overlapping": "first"}},
        "service_levels": {
            "up": written_level(PROMISES["bounds"], {"kind": "availability", "from": "ranked"}, per="host")
        },
    }
    found = {each.subject: each for each in availability(tmp_path, document, MONDAY + 12 * HOUR + SECOND).lines}
    assert found["web"].balance is not None
    assert found["web"].balance.down == 2 * HOUR + SECOND
