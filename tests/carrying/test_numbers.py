"""Shares that multiply and limits that add up, each number worked out by hand beside it."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.carrying import carried, stretches
from slacheck.carrying.reach import share_of
from tests.carrying.beside import chain, codes, found

UPTIME = 'measure: {kind: availability, from: probes}, target: "%s"'


def uptimes(**levels: str) -> str:
    return "service_levels:\n" + "".join(f"  {name}: {{{UPTIME % target}}}\n" for name, target in levels.items())


def resting(target: str, carries: str) -> str:
    return uptimes(site=target) + f"rests_on:\n  below: {{agreement: below.yaml, carries: {{site: {carries}}}}}\n"


@pytest.mark.parametrize(
    ("target", "carries", "below", "said"),
    [
        # 99.9 % x 99.95 % = 0.999 x 0.9995 = 0.9985005
        (">= 99.85%", "[a, b]", {"a": ">= 99.9%", "b": ">= 99.95%"}, None),
        (">= 99.8501%", "[a, b]", {"a": ">= 99.9%", "b": ">= 99.95%"}, "99.9% x 99.95% = 99.85005%"),
        (">= 99.85005%", "[a, b]", {"a": ">= 99.9%", "b": ">= 99.95%"}, None),
        ("> 99.85005%", "[a, b]", {"a": ">= 99.9%", "b": ">= 99.95%"}, "99.9% x 99.95% = 99.85005%"),
        ("> 99.85005%", "[a, b]", {"a": "> 99.9%", "b": ">= 99.95%"}, None),
        # 1 - 1 % x 2 % = 1 - 0.0002 = 99.98 %
        (">= 99.98%", "{any_of: [a, b]}", {"a": ">= 99%", "b": ">= 98%"}, None),
        (">= 99.99%", "{any_of: [a, b]}", {"a": ">= 99%", "b": ">= 98%"}, "1 - 1% x 2% = 99.98%"),
        # One: equality is the operator's.
        (">= 99.9%", "a", {"a": ">= 99.9%"}, None),
        ("> 99.9%", "a", {"a": ">= 99.9%"}, "keeps 99.9%, and ours promises > 99.9%"),
        (">= 99.9%", "a", {"a": "> 99.9%"}, None),
    ],
)
def test_shares_of_time(tmp_path: Path, target: str, carries: str, below: dict[str, str], said: str | None) -> None:
    findings = found(tmp_path, above=resting(target, carries), below=uptimes(**below))
    if said is None:
        assert findings == ()
    else:
        (finding,) = findings
        assert finding.code == "target-not-carried"
        assert said in finding.problem.message
        assert len(finding.theirs) == len(below)


def test_agreements_that_stand_in_for_each_other_and_one_that_both_need(tmp_path: Path) -> None:
    # (1 - 1 % x 1 %) x 99.9 % = 0.9999 x 0.999 = 0.9989001
    above = uptimes(site=">= 99.8901%") + (
        "rests_on:\n"
        "  line-a: {agreement: a.yaml, carries: {site: line}}\n"
        "  power: {agreement: p.yaml, carries: {site: line}}\n"
        "  line-b: {agreement: b.yaml, carries: {site: line}, backs_up: line-a}\n"
    )
    below = {"a": uptimes(line=">= 99%"), "b": uptimes(line=">= 99%"), "p": uptimes(line=">= 99.9%")}
    (finding,) = found(tmp_path, above=above, **below)
    assert "keep (1 - 1% x 1%) x 99.9% = 99.89001%, and ours promises >= 99.8901%" in finding.problem.message
    assert finding.on == ("line-a", "line-b", "power")
    assert codes(tmp_path, above=above.replace("99.8901", "99.89001"), **below) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.booleans())
def test_a_share_is_the_product_whatever_the_numbers(
    tmp_path_factory: pytest.TempPathFactory, parts: list[int], any_of: bool
) -> None:
    folder = tmp_path_factory.mktemp("chain")
    levels = {f"l{n}": f">= {part // 100}.{part % 100:02d}%" for n, part in enumerate(parts)}
    several = f"[{', '.join(levels)}]"
    carries = f"{{any_of: {several}}}" if any_of and len(parts) > 1 else several
    whole = chain(folder, {"above": resting(">= 1%", carries), "below": uptimes(**levels)})
    (stretch,) = stretches(whole)
    (each,) = carried(stretch)
    shares = [Fraction(part, 10_000) for part in parts]
    expected = 1 - prod(1 - share for share in shares) if any_of and len(parts) > 1 else prod(shares)
    assert share_of(each.by).value == expected


CASES = """\
service_levels:
  repair:
    measure: {{kind: share-within, from: tickets, between: [opened, resolved]}}
    by: priority
    classes: {classes}
    target: "{target}"
"""
RESTS = "rests_on:\n  team: {agreement: team.yaml, carries: {repair: %s}}\n"
TEAM = """\
service_levels:
  accept:
    measure: {kind: share-within, from: tickets, between: [opened, accepted]}
    by: priority
    classes: {P1: {limit: 10m}, P2: {limit: 30m}, else: {limit: 4h}}
    target: ">= 98%"
  restore:
    measure: {kind: share-within, from: tickets, between: [accepted, resolved]}
    by: priority
    classes: {P1: {limit: 3h}, P2: {limit: 6h}, else: {limit: 20h}}
    target: ">= 97%"
"""


def test_limits_add_up_by_class(tmp_path: Path) -> None:
    # P1: 10m + 3h = 3h10m against 4h; P2: 30m + 6h = 6h30m against 6h; P3 is in 'else': 4h + 20h = 24h against 24h.
    # 98 % x 97 % = 95.06 %
    above = CASES.format(classes="{P1: {limit: 4h}, P2: {limit: 6h}, P3: {limit: 24h}}", target=">= 95%")
    (finding,) = found(tmp_path, above=above + RESTS % "[accept, restore]", team=TEAM)
    assert (finding.code, finding.of_class) == ("limit-not-carried", "P2")
    assert "take up to 30m + 6h = 6h30m, and ours promises 6h" in finding.problem.message
    lines = (tmp_path / "team.yaml").read_text().splitlines()
    classes = [number for number, line in enumerate(lines, start=1) if "P2: " in line]
    assert finding.theirs == tuple(f"{tmp_path}/team.yaml:{line}" for line in classes)


def test_the_share_that_is_kept_within_the_limits_multiplies(tmp_path: Path) -> None:
    above = CASES.format(classes="{P1: {limit: 4h}}", target=">= 95.1%")
    (finding,) = found(tmp_path, above=above + RESTS % "[accept, restore]", team=TEAM)
    assert finding.code == "target-not-carried"
    assert "98% x 97% = 95.06%" in finding.problem.message


def test_of_two_teams_of_which_one_suffices_the_faster_one_counts(tmp_path: Path) -> None:
    above = CASES.format(classes="{P1: {limit: 1h}}", target=">= 97%")
    assert codes(tmp_path, above=above + RESTS % "{any_of: [accept, restore]}", team=TEAM) == []
    (finding,) = found(tmp_path, above=above.replace("1h", "5m") + RESTS % "{any_of: [accept, restore]}", team=TEAM)
    assert "takes up to 10m, and ours promises 5m" in finding.problem.message


def test_a_level_without_classes_rests_on_every_class_below(tmp_path: Path) -> None:
    above = (
        "service_levels:\n  repair:\n"
        "    measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 8h}\n"
        '    target: ">= 90%"\n' + RESTS % "restore"
    )
    (finding,) = found(tmp_path, above=above, team=TEAM)
    # The slowest class, all others: 20h.
    assert finding.code == "limit-not-carried"
    assert "take up to 20h, and ours promises 8h" in finding.problem.message


def test_a_class_that_nobody_below_knows(tmp_path: Path) -> None:
    above = CASES.format(classes="{P1: {limit: 4h}, P4: {limit: 40h}}", target=">= 90%")
    team = TEAM.replace(", else: {limit: 20h}", "").replace(", else: {limit: 4h}", "")
    findings = found(tmp_path, above=above + RESTS % "restore", team=team)
    assert [(each.code, each.of_class) for each in findings] == [("class-not-carried", "P4")]
    assert "'team.restore' has no class for 'P4'" in findings[0].problem.message


ONE = "service_levels:\n  a: {measure: %s, target: '%s'}\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "code"),
    [
        # A percentile by nearest rank is a share of cases: p95 <= 4h keeps 95 % within 4h, and no more.
        (("share-within, limit: 4h", ">= 95%"), ("elapsed, statistic: p95", "<= 4h"), None),
        (("share-within, limit: 4h", ">= 96%"), ("elapsed, statistic: p95", "<= 4h"), "target-not-carried"),
        (("elapsed, statistic: p90", "<= 4h"), ("share-within, limit: 4h", ">= 90%"), None),
        # What holds for each case holds for their mean; a mean says nothing of each.
        (("elapsed, statistic: mean", "<= 4h"), ("share-within, limit: 4h", ">= 100%"), None),
        (("elapsed, statistic: mean", "<= 4h"), ("share-within, limit: 4h", ">= 99%"), "not-comparable"),
        (("share-within, limit: 4h", ">= 90%"), ("elapsed, statistic: mean", "<= 1h"), "not-comparable"),
        (("elapsed, statistic: mean", "<= 4h"), ("elapsed, statistic: mean", "<= 4h"), None),
        (("elapsed, statistic: mean", "< 4h"), ("elapsed, statistic: mean", "<= 4h"), "limit-not-carried"),
        # Days beside hours.
        (("share-within, limit: 2 days", ">= 90%"), ("share-within, limit: 4h", ">= 95%"), "not-comparable"),
        (("share-within, limit: 2 days", ">= 90%"), ("share-within, limit: 3 days", ">= 95%"), "limit-not-carried"),
    ],
)
def test_cases_by_their_statistic(
    tmp_path: Path, ours: tuple[str, str], theirs: tuple[str, str], code: str | None
) -> None:
    measures = [
        (f"{{kind: {kind}, from: tickets, between: [opened, resolved]}}", target) for kind, target in (ours, theirs)
    ]
    above = ONE % measures[0] + "rests_on: {b: {agreement: below.yaml, carries: {a: a}}}\n"
    assert codes(tmp_path, above=above, below=ONE % measures[1]) == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("kind", "target", "below", "period", "said"),
    [
        # Two parts of at most 20 and 30 minutes down are at most 50 minutes down.
        ("downtime", "<= 50m", ("<= 20m", "<= 30m"), "month", None),
        ("downtime", "<= 49m", ("<= 20m", "<= 30m"), "month", "may be down for 20m + 30m = 50m"),
        ("downtime, statistic: longest", "<= 50m", ("<= 20m", "<= 30m"), "month", None),
        # What is allowed each month is allowed three times in a quarter: 3 x 20m + 3 x 30m = 2h30m.
        ("downtime", "<= 2h", ("<= 20m", "<= 30m"), "quarter", "3 x 20m + 3 x 30m = 2h30m"),
        ("downtime", "<= 2h30m", ("<= 20m", "<= 30m"), "quarter", None),
        ("count", "<= 5", ("<= 2", "<= 3"), "month", None),
        ("count", "<= 4", ("<= 2", "<= 3"), "month", "may have 2 + 3 = 5"),
        ("count", "<= 14", ("<= 2", "<= 3"), "quarter", "3 x 2 + 3 x 3 = 15"),
    ],
)
def test_down_time_and_numbers_add_up(
    tmp_path: Path, kind: str, target: str, below: tuple[str, str], period: str, said: str | None
) -> None:
    measure = f"{{kind: {kind}, from: probes}}"
    above = (
        ONE % (measure, target) + f"period: {period}\nrests_on: {{b: {{agreement: b.yaml, carries: {{a: [x, y]}}}}}}\n"
    )
    theirs = "service_levels:\n" + "".join(
        f"  {name}: {{measure: {measure}, target: '{each}'}}\n" for name, each in zip("xy", below, strict=True)
    )
    findings = found(tmp_path, above=above, b=theirs)
    assert [each.code for each in findings] == ([] if said is None else ["limit-not-carried"])
    assert said is None or said in findings[0].problem.message


def test_what_is_rounded_below_may_be_less(tmp_path: Path) -> None:
    # 99.895 % is rounded to 99.90 %, so that >= 99.9 % below keeps 99.895 %.
    below = uptimes(a=">= 99.9%").replace("}\n", ', rounded: {to: "0.01%", mode: half-up}}\n')
    (finding,) = found(tmp_path, above=resting(">= 99.9%", "a"), below=below)
    assert "keeps 99.895%" in finding.problem.message
    assert codes(tmp_path, above=resting(">= 99.895%", "a"), below=below) == []


def test_error_rates_are_success_rates_turned_round(tmp_path: Path) -> None:
    calls = "sources: {calls: {path: c.csv, shape: counts, columns: {at: at, total: all, bad: bad}, interval: 1m}}\n"
    level = "{kind: %s, from: calls}"
    above = calls + ONE % (level % "success-rate", ">= 99%")
    above += "rests_on: {b: {agreement: b.yaml, carries: {a: a}}}\n"
    assert codes(tmp_path, above=above, b=calls + ONE % (level % "error-rate", "<= 1%")) == []
    assert codes(tmp_path, above=above, b=calls + ONE % (level % "error-rate", "< 1.1%")) == ["target-not-carried"]


def test_a_kpi_of_ours_needs_nothing_and_one_of_theirs_gives_nothing(tmp_path: Path) -> None:
    kpi = uptimes(a=">= 10%").replace("{measure", "{role: kpi, measure")
    assert codes(tmp_path, above=resting(">= 99%", "a").replace("{measure", "{role: kpi, measure"), below=kpi) == []
    (finding,) = found(tmp_path, above=resting(">= 10%", "a"), below=kpi)
    assert finding.code == "target-not-carried"
    assert "'below.a' is a KPI" in finding.problem.message


def test_a_target_for_all_subjects_does_not_carry_one_for_each(tmp_path: Path) -> None:
    above = resting(">= 99%", "a").replace("{measure", "{per: branch, measure")
    below = uptimes(a=">= 99.9%").replace("{measure", "{per: branch, roll_up: HOW, measure")
    assert codes(tmp_path, above=above, below=below.replace("HOW", "mean")) == ["target-not-carried"]
    assert codes(tmp_path, above=above, below=below.replace("HOW", "worst")) == []


def test_a_milder_rule_for_few_cases(tmp_path: Path) -> None:
    few = 'low_volume: {below: 20, then: {misses: "<= 1"}}, '
    level = "service_levels:\n  a: {%smeasure: {kind: share-within, from: tickets, between: [opened, resolved], "
    level += "limit: 4h}, target: '>= 95%%'}\n"
    rests = "rests_on: {b: {agreement: b.yaml, carries: {a: a}}}\n"
    assert codes(tmp_path, above=level % "" + rests, b=level % few) == ["target-not-carried"]
    assert codes(tmp_path, above=level % few + rests, b=level % few) == []
    fewer = few.replace("20", "10")
    assert codes(tmp_path, above=level % few + rests, b=level % fewer) == []
    assert codes(tmp_path, above=level % fewer + rests, b=level % few) == ["target-not-carried"]
