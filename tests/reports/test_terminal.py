"""The statement on a terminal: what it says, in which order, and that nothing in a file changes its layout."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.reports import FORMATS, View
from slacheck.statement import HolidayShown, Line, Note, Statement, Statements
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import later_statements as later
from tests.reports import statements as made

GOLDEN_TEXTS = Path(__file__).parent / "golden"
HOSTILE = "\x1b[2J[red]Bob[/red]\n\x9b31m\u202e:smile:\u200b\x07\r\x00界"


def shown(statement: Statement, view: View | None = None) -> str:
    return FORMATS["terminal"].render(made.document(statement), view or View())


def met() -> Statement:
    return made.statement(made.available(clause="4.1.2"))


def breached() -> Statement:
    return made.statement(made.breached(), total=made.total("1200.00", "1200.00", 1))


def indeterminate() -> Statement:
    total = made.total("0.00", "600.00", 2, claim_by="2026-11-30")
    return made.statement(made.available(), made.api_errors(), total=total)


def not_applicable() -> Statement:
    return made.statement(made.nothing_measured())


def without_money() -> Statement:
    return made.statement(made.breached().model_copy(update={"credit": None}), total=None)


def running() -> Statement:
    line = made.available().model_copy(update={"balance": made.balance(future=442 * made.HOUR)})
    period = {"as_of": "2026-10-13T14:00:00Z", "running": True}
    whole = made.statement(line)
    return whole.model_copy(update={"period": whole.period.model_copy(update=period)})


def kpis_only() -> Statement:
    return made.statement(made.satisfaction(), total=None)


def subjects() -> Statement:
    lines = [made.available(f"web-{number}") for number in range(1, 60)]
    lines[40] = made.breached("web-41")
    return made.statement(*lines, total=made.total("1200.00", "1200.00", 59))


def hostile() -> Statement:
    line = made.breached(HOSTILE)
    outages = tuple(each.model_copy(update={"cause": HOSTILE, "place": HOSTILE}) for each in line.worst_outages[:1])
    line = line.model_copy(update={"title": HOSTILE, "clause": HOSTILE, "worst_outages": outages, "outages": 1})
    whole = made.statement(
        line,
        total=made.total("1200.00", "1200.00", 1),
        data=(Note(weight="warning", text=HOSTILE * 99),),
        notes=(HOSTILE,),
    )
    parties = {"title": HOSTILE * 50, "provider": HOSTILE, "customer": "x" * 5000}
    return whole.model_copy(update={"agreement": whole.agreement.model_copy(update=parties)})


def hostile_all_over() -> Statement:
    """Every text of the wider statements is hostile but those that a calendar or a clock must read."""
    whole = cases.cases()
    other = later.afterwards()
    lines = [_hostile_line(line) for line in (*whole.lines, *other.lines)]
    holidays = (HolidayShown(day="2026-10-12", name=HOSTILE),)
    calendar = {"name": HOSTILE, "text": HOSTILE * 30, "levels": (HOSTILE,), "holidays": holidays}
    record = {"exclusion": HOSTILE, "place": HOSTILE, "partly": (HOSTILE,), "holds_for": (HOSTILE,), "reason": HOSTILE}
    allowance = {"exclusion": HOSTILE, "allowance": HOSTILE, "stretch": HOSTILE, "holds_for": (HOSTILE,)}
    steps = (made.step("fee", HOSTILE, "1"), made.step("rate", HOSTILE, "1"), made.step("cap", HOSTILE, "1", HOSTILE))
    credit = made.between(
        made.amount("1.00", *steps), None, open_because=HOSTILE, counted_because=HOSTILE
    )  # fmt: skip
    lines += [_hostile_line(made.breached()).model_copy(update={"credit": credit})]
    return made.statement(
        *lines,
        total=made.total(
            "1.00", None, 9, claim_by="2026-11-30", claim_conditions=(HOSTILE,), claim_evidence=(HOSTILE,)
        ),
        calendars=tuple(each.model_copy(update=calendar) for each in whole.calendars),
        exclusions=tuple(each.model_copy(update=record) for each in other.exclusions),
        allowances=tuple(each.model_copy(update=allowance) for each in other.allowances),
    )


def _hostile_line(line: Line) -> Line:
    texts = {"title": HOSTILE, "of_class": HOSTILE, "period": HOSTILE, "subject": HOSTILE, "reason": HOSTILE}
    slowest = tuple(each.model_copy(update={"case": HOSTILE, "place": HOSTILE}) for each in line.worst_cases)
    author = {"author": HOSTILE, "reason": HOSTILE, "value": HOSTILE}
    corrections = tuple(each.model_copy(update=author) for each in line.corrections)
    expected = line.expected and line.expected.model_copy(update={"target": HOSTILE})
    return line.model_copy(update={**texts, "worst_cases": slowest, "corrections": corrections, "expected": expected})


def every_digit() -> Statement:
    value = Fraction("0.999") - Fraction(1, 10**17)
    nearer = Fraction("0.999") - Fraction(1, 10**40)
    close = made.line("Availability", ">= 99.9%", "breached", value, value, (-1, Fraction(-1)))
    closer = made.line("Latency", ">= 99.9%", "breached", nearer, nearer, (-1, -2))
    return made.statement(close, closer, total=None)


GOLDEN: dict[str, tuple[Callable[[], Statement], View]] = {
    "met": (met, View()),
    "breached": (breached, View()),
    "indeterminate": (indeterminate, View()),
    "not-applicable": (not_applicable, View()),
    "without-money": (without_money, View()),
    "running": (running, View()),
    "kpis-only": (kpis_only, View()),
    "subjects": (subjects, View()),
    "hostile": (hostile, View()),
    "every-digit": (every_digit, View()),
    "cases-60": (cases.cases, View(60)),
    "cases-80": (cases.cases, View(80)),
    "cases-100": (cases.cases, View(100)),
    "cases-ascii": (cases.cases, View(80, ascii=True)),
    "afterwards-60": (later.afterwards, View(60)),
    "afterwards-80": (later.afterwards, View(80)),
    "afterwards-100": (later.afterwards, View(100)),
    "afterwards-ascii": (later.afterwards, View(80, ascii=True)),
    "credit-crossing-60": (costs.crossing, View(60)),
    "credit-crossing-80": (costs.crossing, View(80)),
    "credit-crossing-100": (costs.crossing, View(100)),
    "credit-crossing-ascii": (costs.crossing, View(80, ascii=True)),
    "credit-bonus": (costs.bonus, View()),
    "credit-either-way": (costs.either_way, View()),
    "credit-points": (costs.points, View()),
    "credit-no-bound": (costs.no_bound, View()),
    "credit-no-bound-60": (costs.no_bound, View(60)),
    "credit-many": (costs.many, View()),
    "whole-80": (made.whole, View(80)),
    "whole-100": (made.whole, View(120)),
    "whole-60": (made.whole, View(10)),
    "whole-ascii": (made.whole, View(80, ascii=True)),
    "whole-colour": (made.whole, View(80, colour=True)),
}


SHOWN = {name: make for name, (make, _) in GOLDEN.items()} | {"hostile-all-over": hostile_all_over}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_text_is_the_one_that_was_agreed(name: str) -> None:
    make, view = GOLDEN[name]
    assert shown(make(), view) == (GOLDEN_TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def _uncoloured(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("width", [60, 80, 93, 100])
def test_no_line_is_wider_than_the_view_or_ends_in_blanks(name: str, width: int) -> None:
    for line in shown(SHOWN[name](), View(width)).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("name", SHOWN)
def test_colour_adds_escape_sequences_and_nothing_else(name: str) -> None:
    coloured = shown(SHOWN[name](), View(colour=True))
    assert "\x1b[" in coloured
    assert _uncoloured(coloured) == shown(SHOWN[name](), View())


@pytest.mark.parametrize("name", SHOWN)
def test_ascii_is_ascii(name: str) -> None:
    assert shown(SHOWN[name](), View(ascii=True)).isascii()


def test_a_screen_narrower_than_60_or_wider_than_100_columns_changes_nothing_more() -> None:
    assert shown(made.whole(), View(10)) == shown(made.whole(), View(60))
    assert shown(made.whole(), View(1000)) == shown(made.whole(), View(100))


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown(made.whole())
    for name, value in {"COLUMNS": "30", "NO_COLOR": "1", "FORCE_COLOR": "1", "LC_ALL": "de_DE.UTF-8"}.items():
        monkeypatch.setitem(os.environ, name, value)
    assert shown(made.whole()) == before


@given(st.text(max_size=60), st.text(max_size=60), st.integers(80, 100))
def test_no_text_from_a_file_reaches_the_terminal_as_a_control(title: str, cause: str, width: int) -> None:
    line = made.breached(title)
    outages = tuple(each.model_copy(update={"cause": cause}) for each in line.worst_outages)
    line = line.model_copy(update={"title": title, "worst_outages": outages})
    whole = made.statement(line, data=(Note(weight="info", text=cause),), notes=(title,))
    text = shown(whole, View(width))
    assert text.replace("\n", "").isprintable() or "\u200c" in text or "\u200d" in text or _unassigned(text)
    assert all(cell_len(shown_line) <= width for shown_line in text.splitlines())
    assert "99.643%  -1:54:28.8" in text


def _unassigned(text: str) -> bool:
    """Blanks of other scripts, and characters that Unicode has not given out: harmless, but not printable to Python."""
    import unicodedata

    return {unicodedata.category(each) for each in text if not each.isprintable()} <= {"Cc", "Cn", "Co", "Zs"} and not (
        re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    )


def test_values_keep_their_columns_where_a_name_is_endless() -> None:
    line = made.breached("x" * 5000)
    text = shown(made.statement(line, made.available("short")))
    rows = [row for row in text.splitlines() if "≥ 99.9%" in row]
    assert len({row.index("≥") for row in rows}) == 1
    assert "…" in text


def test_where_lines_are_too_many_the_breached_and_the_undecided_come_first() -> None:
    lines = [made.available(f"web-{number:03}") for number in range(200)]
    lines[150] = made.api_errors().model_copy(update={"subject": "open"})
    lines[180] = made.breached("down")
    rows = [row for row in shown(made.statement(*lines)).splitlines() if row[:1] in "✗✓?" and row[1:4] == "   "]
    assert [row.split()[0] for row in rows[:3]] == ["✗", "?", "✓"]
    assert len(rows) == 50
    assert "and 150 more; every line is in the JSON" in shown(made.statement(*lines))


def test_a_breached_kpi_does_not_come_before_levels_that_bind() -> None:
    lines = [made.satisfaction().model_copy(update={"subject": f"{number}"}) for number in range(60)]
    text = shown(made.statement(*lines, made.breached()))
    assert text.index("✗   Availability") < text.index("·   Satisfaction: 0")


def test_a_level_that_mixes_up_digits_of_a_band_is_shown_with_more_of_them() -> None:
    """98.9996 % would round to 99.000 %, in whose band it does not lie."""
    value = Fraction("0.989996")
    line = made.line("Up", ">= 99.9%", "breached", value, value, (-1, -1), credit=made.band("< 99%", "25%", "100.00"))
    text = shown(made.statement(line, total=made.total("100.00", "100.00", 1)))
    assert "Up 98.9996%: band < 99%" in text


def test_missing_data_that_cannot_be_seen_in_the_digits_is_told_as_time() -> None:
    best, worst = Fraction("0.9995000001"), Fraction("0.9995")
    line = made.line("Up", ">= 99.9%", "met", best, worst, (10, 5), balance=made.balance(unknown=3 * made.SECOND))
    text = shown(made.statement(line))
    assert "99.950%" in text
    assert "99.950..99.950%" not in text
    assert "0:00:03 unknown" in text


def test_nothing_known_at_all_reads_as_such() -> None:
    line = made.line("Up", ">= 99%", "indeterminate", 1, 0, (1, -1), balance=made.balance(unknown=made.MONTH))
    text = shown(made.statement(line, total=None))
    assert "0..100%" in text
    assert "nothing is known of the period" in text


def test_time_beyond_an_allowance_is_named_beside_the_outages() -> None:
    whole = made.whole()
    line = made.breached()
    outages = line.worst_outages[:1]
    down = outages[0].counted + made.HOUR
    balance = made.balance(down=down).model_copy(update={"beyond_allowance": made.HOUR})
    line = line.model_copy(update={"worst_outages": outages, "outages": 1, "balance": balance})
    text = shown(whole.model_copy(update={"lines": (line,)}))
    assert "and 1:00:00 beyond an allowance, which counts as down time" in text


def test_an_outage_that_several_lines_count_is_listed_once() -> None:
    text = shown(made.statement(made.breached("a"), made.breached("b")))
    assert text.count("probes-10.csv:17943") == 1
    assert "[a and 1 more]" in text
    # Seven outages for each of two subjects, five of them shown for both.
    assert "  and 4 more\n" in text


def test_rows_that_leave_the_name_no_room_stand_under_it() -> None:
    line = made.available().model_copy(update={"target": f">= 99.{'9' * 40}%"})
    assert f"✓   Availability\n      Target ≥ 99.{'9' * 40}%\n" in shown(made.statement(line), View(80))


def test_statements_are_parted_and_none_reads_as_none() -> None:
    both = FORMATS["terminal"].render(made.document(met(), breached()), View())
    assert both == f"{shown(met())}\n{'═' * 80}\n\n{shown(breached())}"
    assert FORMATS["terminal"].render(Statements(statements=()), View()) == "No statement: no agreement was in force.\n"


AGREEMENT = """\
slacheck: 1
id: acme-web
title: Web hosting for Acme
provider: Northwind Hosting
customer: Acme Ltd
timezone: Europe/London
currency: GBP
fees: {monthly: 400.00}
sources:
  probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}
service_levels:
  availability:
    measure: {kind: availability, from: probes}
    target: ">= 99.9%"
    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}
"""


@pytest.fixture
def evaluated(tmp_path: Path) -> Callable[[str, int], str]:
    """The text for 24 hours of probes, one a minute in London's winter, of which 11 from noon on were down."""

    def text(every: str, missing_minutes: int) -> str:
        rows = ["timestamp,status"]
        for minute in range(24 * 60):
            if 60 <= minute < 60 + missing_minutes:
                continue
            state = "down" if 720 <= minute < 731 else "up"
            rows.append(f"2026-01-15T{minute // 60:02}:{minute % 60:02}:00Z,{state}")
        (tmp_path / "probes.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        (tmp_path / "agreement.yaml").write_text(AGREEMENT + f"period: {every}\n", encoding="utf-8")
        found = evaluate([load(tmp_path / "agreement.yaml")], "2026-01-15", 1_800_000_000_000_000, {})
        return FORMATS["terminal"].render(Statements(statements=tuple(found)), View())

    return text


def test_an_evaluated_day_is_told_from_the_amount_to_the_row(evaluated: Callable[[str, int], str]) -> None:
    text = evaluated("day", 0)
    assert " BREACHED  Northwind Hosting owes Acme Ltd £40.00\n" in text
    assert "Europe/London, 24 h\n" in text
    assert "clocks" not in text
    assert re.search(r"✗   Availability +≥ 99.9% +99\.236% +-0:09:33\.6 +£40\.00\n", text)
    assert re.search(r"  0:11:00  Thu 15 Jan 12:00 +probes\.csv:722\n", text)
    assert re.search(r"  Availability +23:49:00  0:11:00  24:00:00\n", text)


def test_an_evaluated_hole_in_the_data_gives_a_range(evaluated: Callable[[str, int], str]) -> None:
    text = evaluated("day", 60)
    assert "owes Acme Ltd at least £40.00\n           up to £100.00 once Availability is settled\n" in text
    assert re.search(r"95\.139\.\.99\.236%", text)
    assert "0:59:00 unknown" in text
