"""An agreement begun from exports: complete it runs, and what is not said yet stands empty where validate points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.language.yaml_text import read_file
from slacheck.problems import AgreementError, DataError
from slacheck.starting.exports import Chosen, begun
from slacheck.statement import Statement
from tests.binary import minutes
from tests.sources.preset_cases import CASES, Case

ALL = Chosen(
    parties={"provider": "Northwind", "customer": "Acme"}, timezone="Europe/London", target=">= 99%", limit="4h"
)
TICKETS = (
    "number,priority,opened_at,resolved_at\n"
    "T-1,P1,2026-10-05 09:00,2026-10-05 12:00\n"
    "T-2,P2,2026-10-06 09:00,2026-10-06 14:30\n"
    "T-3,P2,2026-10-31 09:00,2026-10-31 09:20\n"
)
REQUESTS = "hour,requests,errors\n2026-09-30T23:00:00Z,100,0\n" + "".join(
    f"2026-10-{day:02d}T{hour:02d}:00:00Z,100,{2 if hour == 3 else 0}\n" for day in range(1, 32) for hour in range(24)
)
OUTAGES = "from,to,reason\n2026-10-03T10:00:00Z,2026-10-03T17:27:00Z,power\n"


def written(folder: Path, exports: dict[str, str], chosen: Chosen = ALL) -> tuple[str, str, tuple[str, ...]]:
    """The agreement over some exports, the period it is run for, and what is to be decided."""
    for name, text in exports.items():
        (folder / name).write_text(text)
    found = begun([str(folder / name) for name in exports], replace(chosen, folder=str(folder)))
    (folder / "agreement.yaml").write_text(found.files["agreement.yaml"])
    return found.files["agreement.yaml"], found.period, found.needed


def statement(folder: Path, period: str) -> Statement:
    (found,) = evaluate([load(folder / "agreement.yaml")], period, 1_798_761_600_000_000, {})
    return found


def refused(folder: Path) -> list[tuple[str, str]]:
    """The codes of what is wrong with the agreement, with the key that each stands at."""
    with pytest.raises(AgreementError) as raised:
        load(folder / "agreement.yaml")
    return [(each.code, each.excerpt.strip()) for each in raised.value.problems]


@pytest.mark.parametrize(
    ("name", "text", "period", "level", "verdict"),
    [
        # A day of minutes: 14 of 1,440 down are 99.03 %, 15 of them 98.96 %.
        ("probes.csv", minutes(range(100, 114)), "2026-10", "availability", "indeterminate"),
        # Two of three within four hours.
        ("tickets.csv", TICKETS, "2026-10", "within-limit", "breached"),
        # One hour of each day has 2 % errors: 99.92 % of all requests are good.
        ("requests.csv", REQUESTS, "2026-10", "success", "met"),
        # 7:27 h of 745 are exactly 1 %.
        ("outages.csv", OUTAGES, "2026-10", "availability", "met"),
    ],
    ids=["probes", "tickets", "requests", "outages"],
)
def test_with_every_choice_made_it_validates_and_runs(
    tmp_path: Path, name: str, text: str, period: str, level: str, verdict: str
) -> None:
    _, asked, needed = written(tmp_path, {name: text})
    assert (asked, needed) == (period, ())
    (line,) = statement(tmp_path, asked).lines
    assert (line.level, line.verdict) == (level, verdict)


def test_a_complete_day_of_probes_is_settled(tmp_path: Path) -> None:
    text, _, _ = written(tmp_path, {"probes.csv": minutes(range(100, 115))})
    (tmp_path / "agreement.yaml").write_text(text.replace("period: month", "period: day"))
    (line,) = statement(tmp_path, "2026-10-05").lines
    assert line.verdict == "breached"


def test_several_exports_are_one_agreement_with_a_level_for_each(tmp_path: Path) -> None:
    exports = {"requests.csv": REQUESTS, "tickets.csv": TICKETS, "sites.csv": "site,tier\nA,gold\nB,silver\n"}
    text, _, needed = written(tmp_path, exports)
    assert needed == ()
    assert list(load(tmp_path / "agreement.yaml").agreement.service_levels) == [
        "requests-success",
        "tickets-within-limit",
    ]
    # Nothing reads the register yet, and a source that nothing uses is refused.
    assert "  # sites:\n  #   path: sites.csv\n  #   shape: register\n" in text.replace(f"{tmp_path}/", "")


def test_what_nobody_said_stands_empty_where_validate_points(tmp_path: Path) -> None:
    _, _, needed = written(tmp_path, {"tickets.csv": TICKETS}, Chosen())
    assert [each.partition(":")[0] for each in needed] == [
        "provider",
        "customer",
        "timezone",
        "sources, tickets, timezone",
        "service_levels, within-limit, limit",
        "service_levels, within-limit, target",
    ]
    empty = ["provider:", "customer:", "timezone:", "timezone:", "limit:", "target:"]
    assert refused(tmp_path) == [("empty", each) for each in empty]


@pytest.mark.parametrize(
    ("field", "places"),
    [
        ({"target": None}, [("empty", "target:")]),
        ({"limit": None}, [("empty", "limit:")]),
        ({"timezone": None}, [("empty", "timezone:"), ("empty", "timezone:")]),
        ({"parties": {"provider": "Northwind"}}, [("empty", "customer:")]),
        # A share is no promise for a number, and the other way round.
        ({"target": "<= 20"}, [("empty", "target:")]),
    ],
    ids=["target", "limit", "timezone", "customer", "another unit"],
)
def test_a_choice_that_is_missing_is_what_is_told(
    tmp_path: Path, field: dict[str, object], places: list[tuple[str, str]]
) -> None:
    written(tmp_path, {"tickets.csv": TICKETS}, replace(ALL, **field))  # type: ignore[arg-type]
    assert refused(tmp_path) == places


def test_what_is_given_is_written_as_yaml_reads_it(tmp_path: Path) -> None:
    odd = replace(ALL, target='>= 99% # "', limit="4h: ]", parties={"provider": "a\nb", "customer": "#c"})
    text, _, needed = written(tmp_path, {"tickets.csv": TICKETS}, odd)
    assert needed == ()
    data = read_file(tmp_path / "agreement.yaml").data
    assert (data["provider"], data["customer"]) == ("a\nb", "#c")
    assert 'target: ">= 99% # \\""' in text
    assert 'limit: "4h: ]"' in text


def test_whatever_a_file_is_called_the_agreement_can_be_read(tmp_path: Path) -> None:
    _, _, needed = written(tmp_path, {"a\n: '#\x07.csv": OUTAGES}, replace(ALL, target="\x00\n9"))
    assert [each.partition(":")[0] for each in needed] == ["service_levels, availability, target"]
    assert refused(tmp_path) == [("empty", "target:")]


def test_words_that_say_neither_up_nor_down_are_left_to_a_person(tmp_path: Path) -> None:
    text, _, needed = written(
        tmp_path, {"probes.csv": minutes(range(100, 110)).replace("down", "1").replace("up", "0")}
    )
    assert [each.partition(":")[0] for each in needed] == ["sources, probes, states"]
    assert refused(tmp_path) == [("empty", "states:")]
    (tmp_path / "agreement.yaml").write_text(text.replace("    states:\n", "    states: {up: [0], down: [1]}\n"))
    assert load(tmp_path / "agreement.yaml").agreement.sources["probes"].states.down == ("1",)


def test_a_limit_for_each_priority_is_one_comment_away(tmp_path: Path) -> None:
    text, _, _ = written(tmp_path, {"tickets.csv": TICKETS})
    text = (
        text.replace('      limit: "4h"\n', "")
        .replace("    # by:", "    by:")
        .replace("    # classes:", "    classes:")
    )
    (tmp_path / "agreement.yaml").write_text(text)
    # T-1 took 3 hours, T-2 5:30 and T-3 20 minutes, of at most 4.
    found = {each.of_class: each.verdict for each in statement(tmp_path, "2026-10").lines}
    assert found == {"P1": "met", "P2": "breached"}


def test_a_number_is_promised_a_number(tmp_path: Path) -> None:
    rows = "".join(f"2026-10-{day:02d}T12:00:00Z,{20 + day}\n" for day in range(1, 32))
    _, period, needed = written(tmp_path, {"latency.csv": f"time,latency_ms\n{rows}"}, replace(ALL, target="<= 36"))
    assert (period, needed) == ("2026-10", ())
    # 21 to 51, whose mean is 36.
    (line,) = statement(tmp_path, "2026-10").lines
    assert line.verdict == "met"


def test_subjects_have_a_verdict_each(tmp_path: Path) -> None:
    text = "time,host,state\n" + "".join(
        f"2026-10-05T{hour:02d}:00:00Z,{host},{'down' if host == 'b' and hour == 4 else 'up'}\n"
        for hour in range(24)
        for host in "ab"
    )
    written(tmp_path, {"probes.csv": text})
    level = load(tmp_path / "agreement.yaml").agreement.service_levels["availability"]
    assert level.per is not None
    assert level.per.column == "host"


def test_paths_are_written_from_the_folder_of_the_agreement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agreements").mkdir()
    (tmp_path / "exports of 2026").mkdir()
    for month in range(1, 8):
        (tmp_path / "exports of 2026" / f"requests-{month}.csv").write_text(REQUESTS)
    (tmp_path / "tickets.csv").write_text(TICKETS)
    found = begun(["exports of 2026/requests-*.csv", "tickets.csv"], replace(ALL, folder="agreements"))
    (tmp_path / "agreements" / "a.yaml").write_text(found.files["agreement.yaml"])
    sources = load(tmp_path / "agreements" / "a.yaml").agreement.sources
    assert sources["requests"].path == ("../exports of 2026/requests-*.csv",)
    assert sources["tickets"].path == ("../tickets.csv",)


def test_the_period_is_the_last_whole_month_of_the_data(tmp_path: Path) -> None:
    rows = [f"2026-{month:02d}-{day:02d}T12:00:00Z,10,0" for month in (8, 9, 10) for day in range(1, 29)]
    _, period, _ = written(tmp_path, {"requests.csv": "\n".join(["time,requests,errors", *rows[5:-3]]) + "\n"})
    assert period == "2026-09"
    _, period, _ = written(tmp_path, {"requests.csv": "\n".join(["time,requests,errors", *rows[:20]]) + "\n"})
    assert period == "2026-08"


def test_an_export_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        begun([str(tmp_path / "nowhere.csv")], ALL)
    with pytest.raises(ValueError, match="Mars"):
        begun([], replace(ALL, timezone="Mars/Base"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_export_of_a_known_product_runs_or_says_what_it_needs(case: Case, tmp_path: Path) -> None:
    """It is evaluated, or exactly the choices that are told stand empty; a number wants a target of its own."""
    _, period, needed = written(tmp_path, {case.name: case.written})
    if needed:
        assert {code for code, _ in refused(tmp_path)} == {"empty"}
        states = [each for each in needed if "states" in each]
        number = [each for each in needed if each.startswith("service_levels, mean, target")]
        assert list(needed) == [*states, *number]
    else:
        (line,) = {each.level for each in statement(tmp_path, period).lines}
        assert line in ("availability", "success", "within-limit")
