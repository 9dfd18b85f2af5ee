"""OpenSLO documents become an agreement; what it cannot say is told with its place, and nothing is dropped."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.problems import AgreementError
from slacheck.starting.beginning import Beginning
from slacheck.starting.openslo import begun
from slacheck.statement import Line

FOLDER = Path(__file__).parent / "openslo"
NAMES = ("shop", "old", "proposed")
PARTIES = {"provider": "Web", "customer": "Sales"}
# The start of 2027.
LATER = 1_798_761_600_000_000

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: answers
spec:
  service: api
  indicator:
    spec:
      ratioMetric:
        good: {metricSource: {spec: {query: good}}}
        total: {metricSource: {spec: {query: total}}}
  timeWindow:
    - duration: 1M
      calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}
  budgetingMethod: Occurrences
  objectives:
    - target: 0.99
"""


def converted(folder: Path, text: str, timezone: str | None = None) -> Beginning:
    """What is begun from a file of that text; its agreement is written beside it."""
    (folder / "slos.yaml").write_text(text)
    found = begun([folder / "slos.yaml"], PARTIES, timezone)
    (folder / "agreement.yaml").write_text(found.files["agreement.yaml"])
    return found


def told(found: Beginning) -> list[tuple[int, str]]:
    return [(each.line, each.message) for each in found.left]


def refused(folder: Path, text: str) -> list[tuple[int, str]]:
    """What is wrong with a file of which nothing can be begun."""
    with pytest.raises(AgreementError) as raised:
        converted(folder, text)
    return [(each.line, each.message) for each in raised.value.problems]


def line(folder: Path, level: str, period: str) -> Line:
    (statement,) = evaluate([load(folder / "agreement.yaml")], period, LATER, {})
    (found,) = [each for each in statement.lines if each.level == level]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_file_becomes_the_agreement_that_is_kept(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    found = begun([Path(f"{name}.yaml")], PARTIES).files["agreement.yaml"]
    kept = FOLDER / f"{name}.agreement.yaml"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        kept.write_text(found)
    assert found == kept.read_text()
    (tmp_path / "agreement.yaml").write_text(found)
    load(tmp_path / "agreement.yaml")


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_nobody_knows_is_told_wherever_it_stands(name: str, tmp_path: Path) -> None:
    """Beside every key of every object, but for the words of a query, which stand in a comment."""
    lines = (FOLDER / f"{name}.yaml").read_text().split("\n")
    tried = 0
    for number, text in enumerate(lines):
        key = re.match(r"( +(?:- )?)[A-Za-z]+:", text)
        if key is None:
            continue
        blank = " " * len(key[1])
        added = [*lines[:number], f"{key[1]}x-unknown: 1", text.replace(key[1], blank, 1), *lines[number + 1 :]]
        found = converted(tmp_path, "\n".join(added))
        places = [each for each, message in told(found) if "x-unknown" in message]
        agreement = found.files["agreement.yaml"]
        # Within what is told, or written, as a whole it is no news of its own.
        whole = any("x-unknown" in each for each in agreement.split("\n") if each.startswith("    # "))
        outer = _told_around(told(found), lines, number)
        assert places == [number + 1] or whole or outer, f"line {number + 1}"
        tried += 1
    assert tried > 20


def _told_around(said: list[tuple[int, str]], lines: list[str], number: int) -> bool:
    """Whether a key that holds the line ``number`` is itself told."""
    depth = len(lines[number]) - len(lines[number].lstrip(" -"))
    for above in range(number - 1, -1, -1):
        if lines[above].startswith("kind:"):
            # Of an object that is left over as a whole nothing further is told.
            return any(each == above + 1 and message.startswith("the ") for each, message in said)
        own = len(lines[above]) - len(lines[above].lstrip(" -"))
        if lines[above].strip() and own < depth:
            depth = own
            if any(each == above + 1 for each, _ in said):
                return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_stands_in_the_agreement_too(name: str) -> None:
    found = begun([FOLDER / f"{name}.yaml"], PARTIES)
    comments = [each for each in found.files["agreement.yaml"].split("\n") if each.startswith("#   ")]
    assert len(comments) == len(found.left)
    for each, comment in zip(found.left, comments, strict=True):
        assert comment.startswith(f"#   {each.place}: {each.message}")
        assert each.line
        assert each.column


def test_occurrences_are_counted_over_the_whole_window(tmp_path: Path) -> None:
    converted(tmp_path, SLO)
    rows = ["time,total,good", "2026-10-01T00:00:00Z,900,900", "2026-10-20T00:00:00Z,100,85"]
    (tmp_path / "answers.csv").write_text("\n".join(rows) + "\n")
    agreement = (tmp_path / "agreement.yaml").read_text()
    (tmp_path / "agreement.yaml").write_text(re.sub(r"interval: .*", "absent_rows: empty", agreement))
    found = line(tmp_path, "answers", "2026-10")
    assert found.best is not None
    # 985 of 1,000.
    assert (found.verdict, found.best.fraction) == ("breached", Fraction(985, 1000))


@pytest.mark.parametrize(
    ("good", "verdict"),
    [
        # A slice of exactly 95 % is good: 7 bad slices of the day's 144 leave 95.139 %.
        ((95, 94), "met"),
        # One slice more below 95 %: 8 of 144 leave 94.444 %.
        ((94, 94), "breached"),
    ],
)
def test_timeslices_are_good_or_bad(tmp_path: Path, good: tuple[int, int], verdict: str) -> None:
    text = SLO.replace("Occurrences", "Timeslices").replace("duration: 1M", "duration: 1d")
    text = text.replace("target: 0.99", "target: 0.95\n      timeSliceTarget: 0.95\n      timeSliceWindow: 10")
    converted(tmp_path, text)
    rows = ["time,total,good"]
    for minute in range(0, 1440, 10):
        served = good[0] if minute == 0 else good[1] if minute <= 70 else 100
        rows.append(f"2026-10-05T{minute // 60:02d}:{minute % 60:02d}:00Z,100,{served}")
    (tmp_path / "answers.csv").write_text("\n".join(rows) + "\n")
    assert line(tmp_path, "answers", "2026-10-05").verdict == verdict


def test_ratios_of_slices_are_averaged_without_weights(tmp_path: Path) -> None:
    text = SLO.replace("Occurrences", "RatioTimeslices").replace("duration: 1M", "duration: 1d")
    converted(tmp_path, text.replace("target: 0.99", "target: 0.99\n      timeSliceWindow: 12h"))
    rows = ["time,total,good", "2026-10-05T00:00:00Z,10,9", "2026-10-05T12:00:00Z,100000,100000"]
    (tmp_path / "answers.csv").write_text("\n".join(rows) + "\n")
    found = line(tmp_path, "answers", "2026-10-05")
    assert found.best is not None
    # 90 % and 100 %.
    assert (found.verdict, found.best.fraction) == ("breached", Fraction(95, 100))


@pytest.mark.parametrize(("op", "good"), [("lte", 3), ("lt", 2), ("gte", 2), ("gt", 1)])
def test_a_threshold_counts_the_samples_that_keep_it(tmp_path: Path, op: str, good: int) -> None:
    """Samples of 1, 2, 3 and 4 minutes past midnight are compared with 3: four rows, of which so many are good."""
    text = re.sub(
        r"      ratioMetric:\n.*\n.*\n", "      thresholdMetric: {metricSource: {spec: {query: q}}}\n", SLO
    ).replace("    - target: 0.99", f"    - target: 0.99\n      op: {op}\n      value: 3")
    converted(tmp_path, text)
    rows = ["time,value", *(f"2026-10-05T00:0{value}:00Z,{value}" for value in (1, 2, 3, 4))]
    (tmp_path / "answers.csv").write_text("\n".join(rows) + "\n")
    agreement = (tmp_path / "agreement.yaml").read_text()
    (tmp_path / "agreement.yaml").write_text(re.sub(r"interval: .*", "absent_rows: empty", agreement))
    found = line(tmp_path, "answers", "2026-10")
    assert found.best is not None
    assert found.best.fraction == Fraction(good, 4)


@pytest.mark.parametrize(("kind", "target"), [("success", ">= 0.99"), ("failure", "<= 0.01")])
def test_a_raw_ratio_is_averaged(tmp_path: Path, kind: str, target: str) -> None:
    text = re.sub(
        r"(ratioMetric:\n).*\n.*\n", rf"\1        rawType: {kind}\n        raw: {{metricSource: {{spec: q}}}}\n", SLO
    )
    found = converted(tmp_path, text)
    assert f'target: "{target}"' in found.files["agreement.yaml"]
    assert ["averaged without weights" in message for _, message in told(found)] == [True]
    load(tmp_path / "agreement.yaml")


@pytest.mark.parametrize(("kind", "good"), [("success", ">= 0.9"), ("failure", "<= 0.1")])
def test_a_raw_ratio_may_be_that_of_a_slice(tmp_path: Path, kind: str, good: str) -> None:
    text = re.sub(
        r"(ratioMetric:\n).*\n.*\n", rf"\1        rawType: {kind}\n        raw: {{metricSource: {{spec: q}}}}\n", SLO
    )
    text = text.replace("Occurrences", "Timeslices")
    text = text.replace("target: 0.99", "target: 0.99\n      timeSliceTarget: 0.9\n      timeSliceWindow: 5m")
    agreement = converted(tmp_path, text).files["agreement.yaml"]
    assert f'good: {{value: "{good}"}}' in agreement
    assert "interval: 5m" in agreement
    load(tmp_path / "agreement.yaml")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("target: 0.999", "99.9%"),
        ("target: 0.9995", "99.95%"),
        ("targetPercent: 99.99", "99.99%"),
        ("target: 9.99e-1", "99.9%"),
        ("target: 0.5", "50%"),
        # Longer than a float holds.
        ("target: 0.99999999999", "99.999999999%"),
    ],
)
def test_targets_are_carried_exactly(tmp_path: Path, written: str, read: str) -> None:
    found = converted(tmp_path, SLO.replace("target: 0.99", written))
    assert f'target: ">= {read}"' in found.files["agreement.yaml"]


@pytest.mark.parametrize(
    ("window", "period"),
    [
        ("{duration: 1M, calendar: {startTime: 2026-03-01 00:00:00, timeZone: UTC}}", "period: month"),
        ("{duration: 1Q, calendar: {startTime: 2026-04-01 00:00:00, timeZone: UTC}}", "period: quarter"),
        ("{duration: 12M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}}", "period: year"),
        ("{duration: 7d, calendar: {startTime: 2026-10-05 00:00:00, timeZone: UTC}}", "period: week"),
        (
            "{duration: 1w, calendar: {startTime: 2026-10-06 00:00:00, timeZone: UTC}}",
            "    period: {every: week, anchor: 2026-10-06}",
        ),
        (
            "{duration: 1Q, calendar: {startTime: 2026-02-01 00:00:00, timeZone: UTC}}",
            "    period: {every: quarter, anchor: 2026-02-01}",
        ),
        ("{duration: 30d, isRolling: true}", "    period: {rolling: 30 days}"),
        ("{duration: 4w, isRolling: true}", "    period: {rolling: 28 days}"),
        ("{duration: 48h, isRolling: true}", "    period: {rolling: 2 days}"),
        ("{duration: 1Q, isRolling: true}", "    period: {rolling: 3 months}"),
        ("{duration: 1Y, isRolling: true}", "    period: {rolling: 12 months}"),
    ],
)
def test_windows_become_periods(tmp_path: Path, window: str, period: str) -> None:
    text = re.sub(r"    - duration: 1M\n.*\n", f"    - {window}\n", SLO)
    found = converted(tmp_path, text)
    assert period in found.files["agreement.yaml"].split("\n")
    assert found.left == ()
    load(tmp_path / "agreement.yaml")


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("{duration: 90m, isRolling: true}", "shorter than a day"),
        ("{duration: 2M, calendar: {startTime: 2026-03-01 00:00:00, timeZone: UTC}}", "no period here"),
        ("{duration: 1M}", "neither a rolling nor a calendar one"),
        ("{duration: 1x, isRolling: true}", "neither a rolling nor a calendar one"),
        ("{duration: 1M, calendar: {startTime: 2026-03-01 08:00:00, timeZone: UTC}}", "midnight"),
        ("{duration: 1M, calendar: {startTime: soon, timeZone: UTC}}", "'soon' is no instant"),
        ("{duration: 1M, calendar: {startTime: 2026-03-01 00:00:00, timeZone: Mars/Base}}", "Mars/Base"),
    ],
)
def test_windows_without_a_like_are_told(tmp_path: Path, window: str, said: str) -> None:
    text = re.sub(r"    - duration: 1M\n.*\n", f"    - {window}\n", SLO)
    found = converted(tmp_path, text)
    assert [number for number, message in told(found) if said in message] in ([12], [13])
    assert "period: month" in found.files["agreement.yaml"]
    load(tmp_path / "agreement.yaml")


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("target: 0.99", "displayName: none", 17, "it has no target"),
        ("target: 0.99", "target: 99", 17, "99 is no target"),
        ("target: 0.99", "target: most", 17, "'most' is no number"),
        ("target: 0.99", "target: nan", 17, "'nan' is no number"),
        ("Occurrences", "Timeslices", 17, "it has no timeSliceWindow"),
        ("Occurrences", "Weighted", 15, "no budgeting method 'Weighted'"),
        ("  objectives:\n    - target: 0.99\n", "", 15, "it has no objectives"),
        ("        total: {metricSource: {spec: {query: total}}}\n", "", 9, "a ratio needs total"),
        ("  indicator:", "  indicatorRef: other\n  other:", 7, "no SLI 'other'"),
        ("ratioMetric", "otherMetric", 8, "measures nothing"),
    ],
    ids=lambda value: str(value).strip()[:30],
)
def test_an_objective_that_cannot_be_written_is_told(tmp_path: Path, old: str, new: str, place: int, said: str) -> None:
    """Alone nothing is begun; beside another it is left out."""
    broken = SLO.replace(old, new)
    assert any(said in message and number == place for number, message in refused(tmp_path, broken))
    found = converted(tmp_path, f"{SLO.replace('name: answers', 'name: others')}---\n{broken}")
    assert any(said in message and number == place + 18 for number, message in told(found))
    assert list(load(tmp_path / "agreement.yaml").agreement.service_levels) == ["others"]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", 0, "nothing is written"),
        ("# only words\n---\n", 0, "nothing is written"),
        ("a: [1\n", 1, "the bracket that opens here is not closed"),
        ("- apiVersion: openslo/v1\n", 1, "a mapping of keys is wanted at the top level, not a list"),
        ("kind: SLO\nmetadata: {name: a}\n", 1, "no 'apiVersion' at the top level"),
        ("apiVersion: openslo/v9\nkind: SLO\nmetadata: {name: a}\n", 1, "'openslo/v9' is not one that is known"),
        ("apiVersion: openslo/v1\nkind: Pod\nmetadata: {name: a}\n", 2, "'Pod' is not one that is known"),
        ("apiVersion: openslo/v1\nkind: SLO\nspec: {}\n", 1, "no metadata.name"),
        ("apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\n", 2, "no SLO in these files is of this service"),
        (f"{SLO}---\nslacheck: 1\n", 19, "no 'apiVersion'"),
    ],
    ids=range(10),
)
def test_what_is_no_openslo_is_refused(tmp_path: Path, text: str, place: int, said: str) -> None:
    assert any(said in message and number == place for number, message in refused(tmp_path, text))


def test_several_files_are_one_agreement(tmp_path: Path) -> None:
    """An indicator may stand in another file."""
    sli, slo = (FOLDER / "shop.yaml").read_text().split("---\n")[2:4]
    (tmp_path / "slis.yaml").write_text(sli)
    (tmp_path / "slos.yaml").write_text(slo)
    agreement = begun([tmp_path / "slos.yaml", tmp_path / "slis.yaml"], PARTIES).files["agreement.yaml"]
    assert "from: checkout-requests" in agreement


def test_one_query_has_one_export_however_often_it_is_read(tmp_path: Path) -> None:
    """A threshold with two objectives, which the proposal allows."""
    text = re.sub(r"      ratioMetric:\n.*\n.*\n", "      thresholdMetric: {metricSource: {spec: {query: q}}}\n", SLO)
    two = "    - {target: 0.9, op: lt, value: 1}\n    - {target: 0.99, op: lt, value: 2}\n"
    found = converted(tmp_path, text.replace("    - target: 0.99\n", two))
    assert dict(found.lacking) == {"answers.csv": ("time", "value")}
    sources = load(tmp_path / "agreement.yaml").agreement.sources
    assert {name: source.path for name, source in sources.items()} == {
        "answers": ("answers.csv",),
        "answers-2": ("answers.csv",),
    }


def test_one_zone_is_taken_and_the_others_told(tmp_path: Path) -> None:
    second = SLO.replace("name: answers", "name: others").replace("timeZone: UTC", "timeZone: Asia/Tokyo")
    found = converted(tmp_path, f"{SLO}---\n{second}")
    assert "timezone: UTC\n" in found.files["agreement.yaml"]
    assert told(found) == [(30, "an agreement has one time zone: Asia/Tokyo is read as UTC")]
    found = converted(tmp_path, SLO, "Asia/Tokyo")
    assert "timezone: Asia/Tokyo\n" in found.files["agreement.yaml"]
    with pytest.raises(ValueError, match="Mars"):
        converted(tmp_path, SLO, "Mars/Base")


def test_parties_that_nobody_named_stand_empty(tmp_path: Path) -> None:
    (tmp_path / "slos.yaml").write_text(SLO)
    found = begun([tmp_path / "slos.yaml"], {})
    assert [each.partition(":")[0] for each in found.needed] == ["provider", "customer"]
    (tmp_path / "agreement.yaml").write_text(found.files["agreement.yaml"])
    with pytest.raises(AgreementError) as raised:
        load(tmp_path / "agreement.yaml")
    assert [each.excerpt for each in raised.value.problems] == ["provider:", "customer:"]


def test_names_that_the_language_does_not_know_are_made_to_fit(tmp_path: Path) -> None:
    text = SLO.replace("name: answers", "name: 99.answers/eu").replace("service: api", 'service: "Ünter: # api"')
    converted(tmp_path, f"{text}---\n{text}")
    agreement = load(tmp_path / "agreement.yaml").agreement
    assert list(agreement.service_levels) == ["slo-99-answers-eu", "slo-99-answers-eu-2"]
    assert agreement.id == "nter-api"


NASTY = r'"a\n: [\" # \u2028\uffff\U0001F600\x07\x1b[31m\t}"'


@pytest.mark.parametrize(
    "place",
    [
        ("name: answers", f"name: {NASTY}"),
        ("name: answers", f"name: answers\n  displayName: {NASTY}"),
        ("service: api", f"service: {NASTY}"),
        ("service: api", f"service: api\n  description: {NASTY}"),
        ("query: good", f"query: {NASTY}"),
        ("query: good", f"{NASTY}: {NASTY}"),
        ("spec: {query: good}", f"type: {NASTY}, metricSourceRef: {NASTY}"),
        ("target: 0.99", f"target: 0.99\n      displayName: {NASTY}"),
        ("target: 0.99", f"target: 0.99\n      {NASTY}: {NASTY}"),
        ("startTime: 2026-01-01 00:00:00", f"startTime: {NASTY}"),
        ("timeZone: UTC", f"timeZone: {NASTY}"),
        ("duration: 1M", f"duration: {NASTY}"),
    ],
    ids=range(12),
)
def test_whatever_a_text_holds_the_agreement_can_be_read(place: tuple[str, str], tmp_path: Path) -> None:
    converted(tmp_path, SLO.replace(*place))
    assert len(load(tmp_path / "agreement.yaml").agreement.service_levels) == 1
