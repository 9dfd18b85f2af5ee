"""Money that crosses parts of a period, periods, classes and columns, from agreement to total, worked by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import run

LATER = instant_of(datetime(2026, 12, 1), zone("UTC"))
HEAD: dict[str, Any] = {"effective": "2026-01-01", "timezone": "Europe/London", "currency": "GBP"}
DOWN = {"down": {"path": "log.csv", "shape": "events", "columns": {"start": "s", "end": "e"}, "timezone": "UTC"}}
UP = {"measure": {"kind": "availability", "from": "down"}, "target": ">= 99.5%"}
FAULTS = {
    "faults": {
        "path": "log.csv",
        "shape": "cases",
        "timezone": "UTC",
        "columns": {"id": "id", "opened": "o", "closed": "c"},
    }
}
REPAIR = {"per": "case", "measure": {"kind": "elapsed", "from": "faults", "between": ["opened", "closed"]}}


def outages(*days: str) -> str:
    """One whole day down for each day; the day after is never in another month."""
    return "s,e\n" + "".join(f"2026-{day}T00:00:00,2026-{day}T20:00:00\n" for day in days)


def faults(*rows: tuple[str, ...], more: str = "") -> str:
    """Cases of ten hours that begin at midnight; further cells stand behind."""
    return f"id,o,c{more}\n" + "".join(
        ",".join((f"{number}", f"2026-{day}T00:00:00", f"2026-{day}T10:00:00", *cells)) + "\n"
        for number, (day, *cells) in enumerate(rows)
    )


def with_columns(*words: str) -> dict[str, Any]:
    source = FAULTS["faults"]
    return {"faults": source | {"columns": {**source["columns"], **{word: word for word in words}}}}  # type: ignore[dict-item]


def amended(day: str, **changes: Any) -> list[dict[str, Any]]:
    return [{"effective": f"2026-{day}", **(changes or {"title": "changed"})}]


def level(promise: dict[str, Any], **credit: Any) -> dict[str, Any]:
    return {"one": promise | {"credit": credit}}


CASES: dict[str, tuple[dict[str, Any], str, str, list[str]]] = {
    # 60 % of 1,000 in January; of the 1,000 in twelve months 400 are left for 60 % of 10/31 of March: 193.55.
    "a cap over a stretch is a share of the whole fee": (
        {
            "sources": DOWN,
            "until": "2026-03-10",
            "fees": {"monthly": "1000.00"},
            "service_levels": level(UP, kind="fixed", of="monthly", pays="60%"),
            "settlement": {"cap": "100% of monthly per 12 months"},
        },
        outages("01-15", "03-05"),
        "2026-01..2026-03",
        ["600.00", "0.00", "193.55"],
    ),
    # The same in a month that an amendment splits at the 11th: the second part has no outage.
    "a split month leaves the cap whole": (
        {
            "sources": DOWN,
            "fees": {"monthly": "1000.00"},
            "service_levels": level(UP, kind="fixed", of="monthly", pays="60%"),
            "settlement": {"cap": "100% of monthly per 12 months"},
            "amendments": amended("03-11"),
        },
        outages("01-15", "03-05"),
        "2026-01..2026-03",
        ["600.00", "0.00", "193.55", "0.00"],
    ),
    # February was 1,000: 10 % are 100, of which the parts of March have 15/31 and 16/31. March was 1,000 x 15/31 +
    # 2,000 x 16/31 = 1,516.13: 151.61 in April.
    "the fee of the period before is that of its own terms": (
        {
            "sources": DOWN,
            "fees": {"monthly": "1000.00", "last": {"previous": "monthly"}},
            "service_levels": level(UP, kind="fixed", of="last", pays="10%"),
            "amendments": amended("03-16", fees={"monthly": "2000.00"}),
        },
        outages("03-05", "03-20", "04-20"),
        "2026-03..2026-04",
        ["48.39", "51.61", "151.61"],
    ),
    "an amount at risk is one for both parts": (
        {
            "sources": DOWN,
            "service_levels": level(UP, kind="pool", pool="all", allocation="100%"),
            "settlement": {"at_risk": {"amount": "500.00", "pools": {"all": "100%"}}},
            "amendments": amended("01-16"),
        },
        outages("01-05", "01-20"),
        "2026-01",
        ["500.00", "0.00"],
    ),
    "a cap of a column is one for both parts": (
        {
            "sources": with_columns("area"),
            "service_levels": level(REPAIR | {"target": "<= 4h"}, kind="fixed", pays="100.00", cap="150.00 per area"),
            "amendments": amended("01-16"),
        },
        faults(("01-02", "north"), ("01-20", "north"), ("01-21", "south"), more=",area"),
        "2026-01",
        ["100.00", "150.00"],
    ),
    "a cap of a column at settlement is one for both parts": (
        {
            "sources": with_columns("area"),
            "service_levels": level(REPAIR | {"target": "<= 4h"}, kind="fixed", pays="100.00"),
            "settlement": {"cap": "150.00 per area"},
            "amendments": amended("01-16"),
        },
        faults(("01-02", "north"), ("01-20", "north"), ("01-21", "south"), more=",area"),
        "2026-01",
        ["100.00", "150.00"],
    ),
    # 5 % of 12,000 a year are 600, whatever the part; 4 % are 480.
    "a cap of a yearly fee is one for both parts": (
        {
            "sources": DOWN,
            "fees": {"sub": {"amount": "12000.00", "for": "year"}},
            "service_levels": level(UP, kind="fixed", of="sub", pays="4%"),
            "settlement": {"cap": "5% of sub"},
            "amendments": amended("03-16"),
        },
        outages("03-05", "03-20"),
        "2026-03",
        ["480.00", "120.00"],
    ),
    "breaches of the part before are repeated": (
        {
            "sources": FAULTS,
            "service_levels": level(
                REPAIR | {"target": "<= 4h"},
                kind="fixed",
                pays="100.00",
                repeat={"breaches_in": "period", "times": {"> 1": 2}},
            ),
            "amendments": amended("01-16"),
        },
        faults(("01-02",), ("01-20",)),
        "2026-01",
        ["100.00", "200.00"],
    ),
    # January earns the provider 200; February 900 and March 100 are the 1,000.
    "an earlier bonus makes no room under a cap": (
        {
            "sources": DOWN,
            "service_levels": level(
                UP, kind="bands", bands={">= 99.9%": "bonus 200.00", ">= 99.5%, < 99.9%": "0", "< 99.5%": "900.00"}
            ),
            "settlement": {"cap": "1000.00 per 12 months"},
        },
        outages("02-05", "03-05"),
        "2026-01..2026-03",
        ["-200.00", "900.00", "100.00"],
    ),
    # P1 takes nothing of the 120 of P2, of which 20 went in January.
    "a cap of one class is not used by another": (
        {
            "sources": with_columns("prio"),
            "service_levels": {
                "one": REPAIR
                | {
                    "by": "prio",
                    "target": "<= 4h",
                    "classes": {
                        "P1": {"credit": {"kind": "fixed", "pays": "130.00"}},
                        "P2": {"credit": {"kind": "fixed", "pays": "20.00", "cap": "120.00 per 12 months"}},
                    },
                }
            },
        },
        faults(("01-02", "P1"), ("01-03", "P2"), ("02-04", "P2"), more=",prio"),
        "2026-01..2026-02",
        ["150.00", "20.00"],
    ),
    # February is split at the 16th and breached after it: nothing of January is returned until March, then both.
    "a part that was met is no period that was met": (
        {
            "sources": DOWN,
            "service_levels": level(UP, kind="fixed", pays="100.00"),
            "settlement": {"earn_back": {"met": 1, "of_last": 1, "returns": "100%"}},
            "amendments": amended("02-16"),
        },
        outages("01-02", "02-20"),
        "2026-01..2026-03",
        ["100.00", "0.00", "100.00", "-200.00"],
    ),
    # Six hours beyond, half of the users affected: 6 x 10 x 5/10.
    "a factor may be one column as a share of another": (
        {
            "sources": with_columns("users", "hit"),
            "service_levels": level(
                REPAIR | {"target": "<= 4h"},
                kind="per-unit",
                each="1h",
                counting="linear",
                pays="10.00",
                factors=[{"hit": {"of": "users"}}],
            ),
        },
        faults(("01-02", "10", "5"), more=",users,hit"),
        "2026-01",
        ["30.00"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_money_that_crosses_parts_and_periods(name: str, tmp_path: Path) -> None:
    agreement, log, period, expected = CASES[name]
    (tmp_path / "log.csv").write_text(log, encoding="utf-8")
    statements = run(tmp_path, HEAD | agreement, period, LATER)
    assert [each.total and each.total.least for each in statements] == expected
    assert all(each.total is not None and each.total.certain for each in statements)


def test_a_cap_of_a_column_whose_fee_differs_is_the_same_in_every_order(tmp_path: Path) -> None:
    """60 % of the charge of an area: of circuit A 60, of B 600. Which of them is meant is not known."""
    charge = {
        "path": "bill.csv",
        "shape": "register",
        "key": "circuit",
        "columns": {"circuit": "circuit", "fee": "fee"},
    }
    (tmp_path / "bill.csv").write_text("circuit,fee\nA,100\nB,1000\n", encoding="utf-8")
    agreement = {
        "sources": with_columns("area", "circuit") | {"bill": charge},
        "fees": {"charge": {"from": "bill", "column": "fee"}},
        "service_levels": level(
            REPAIR | {"target": "<= 4h"}, kind="fixed", of="charge", pays="50%", cap="60% of charge per area"
        ),
    }
    for first, second in (("A", "B"), ("B", "A")):
        log = faults(("01-02", "n", first), ("01-03", "n", second), more=",area,circuit")
        (tmp_path / "log.csv").write_text(log, encoding="utf-8")
        (found,) = run(tmp_path, HEAD | agreement, "2026-01", LATER)
        assert found.total is not None
        assert (found.total.least, found.total.most) == ("0.00", "550.00")


def test_a_level_that_an_amendment_takes_away_earns_nothing_back(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(outages("01-02"), encoding="utf-8")
    promised = UP | {"credit": {"kind": "fixed", "pays": "100.00"}}
    agreement = {
        "sources": DOWN,
        "service_levels": {"one": promised, "two": promised},
        "settlement": {"earn_back": {"met": 1, "of_last": 1, "returns": "50%"}},
        "amendments": amended("02-01", service_levels={"two": None}),
    }
    january, february = run(tmp_path, HEAD | agreement, "2026-01..2026-02", LATER)
    assert january.total is not None
    assert february.total is not None
    assert (january.total.least, february.total.least) == ("200.00", "-50.00")
    assert [each.level for each in february.total.returned] == ["one"]
