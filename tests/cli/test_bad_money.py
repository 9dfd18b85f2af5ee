"""Money that cannot be meant: exit 3, and the line and column of each mistake; what may be meant is a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

MARK = "@@"
CREDIT = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}'
POOLED = AGREEMENT.replace(CREDIT, "credit: {kind: pool, pool: web, allocation: 60%}") + (
    "  mail:\n"
    "    measure: {kind: availability, from: probes}\n"
    '    target: ">= 99%"\n'
    "    credit: {kind: pool, pool: web, allocation: 40%}\n"
    "settlement:\n"
    "  at_risk: {amount: 10% of monthly, pools: {web: 100%}}\n"
)

MISTAKES = [
    ("an unknown fee", AGREEMENT.replace("of: monthly", "of: @@montly"), "unknown-name", "did you mean 'monthly'?"),
    ("a fee of a cap", AGREEMENT + "settlement: {cap: @@20% of yearly}\n", "unknown-name", "there is: monthly"),
    ("a currency behind", AGREEMENT.replace("400.00", "@@400.00 EUR"), "not-an-amount", "the number alone"),
    ("a sign before", AGREEMENT.replace("400.00", "@@£400.00"), "not-an-amount", "the number alone"),
    ("a currency in a row", AGREEMENT.replace("10%", "@@50 EUR"), "not-a-credit", "the number alone"),
    ("a currency in a cap", AGREEMENT + "settlement: {cap: @@$500}\n", "not-a-cap", "the number alone"),
    ("a negative fee", AGREEMENT.replace("400.00", "@@-400.00"), "not-an-amount", "without a sign"),
    ("a negative row", AGREEMENT.replace("10%", "@@-10%"), "not-a-credit", "without a sign"),
    ("a negative cap", AGREEMENT + "settlement: {cap: @@-5.00}\n", "not-a-cap", "without a sign"),
    ("an empty fee", AGREEMENT.replace("monthly: 400.00", "@@monthly: "), "empty", "an amount is wanted"),
    ("an empty row", AGREEMENT.replace('"< 99.9%": 10%', '@@"< 99.9%": '), "empty", ""),
    ("more than the fee", AGREEMENT.replace("25%", "@@125%"), "unit", "write 0% to 100%"),
    ("an allocation beyond one", POOLED.replace("40%}", "@@140%}"), "unit", "write 0% to 100%"),
    ("allocations beyond the pool", POOLED.replace("40%}", "@@41%}"), "pool", "100% or less together"),
    ("pools beyond what is at risk", POOLED.replace("pools: {web", "@@pools: {more: 1%, web"), "pool", "100% or less"),
    (
        "an unknown pool",
        POOLED.replace("pool: web, allocation: 40%", "pool: @@wbe, allocation: 40%"),
        "unknown-name",
        "",
    ),
    ("rows in reverse", AGREEMENT.replace('"< 99.0%": 25%', '@@"< 99.0%": 5%'), "band-unreachable", "reversed order"),
    ("a cap below the least row", AGREEMENT + "settlement: {cap: @@5% of monthly}\n", "cap", "the least credit"),
]


def marked(text: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column where that stood."""
    before = text[: text.index(MARK)]
    return text.replace(MARK, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(("text", "code", "help"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
@pytest.mark.parametrize("command", [["validate"], ["evaluate", "--period", DAY]], ids=["validate", "evaluate"])
def test_money_that_cannot_be_meant_is_refused_at_its_place(
    slacheck: Slacheck, folder: Path, command: list[str], text: str, code: str, help: str
) -> None:
    written, line, column = marked(text)
    (folder / "agreement.yaml").write_text(written, encoding="utf-8")
    ran = slacheck(command[0], "agreement.yaml", *command[1:])
    assert (ran.code, ran.out) == (3, "")
    assert f"agreement.yaml:{line}:{column}: error[{code}]: " in ran.err
    assert help in ran.err
    assert "nothing was evaluated" in ran.err


def test_a_credit_without_any_bound_is_remarked_on_and_fails_nothing(slacheck: Slacheck, folder: Path) -> None:
    text = AGREEMENT.replace(CREDIT, "credit: {kind: lost-time, of: monthly, times: 10}")
    (folder / "agreement.yaml").write_text(text)
    (folder / "probes.csv").write_text(minutes(range(600, 660)))
    checked = slacheck("validate", "agreement.yaml")
    assert checked.code == 0
    assert "agreement.yaml:16:5: warning[no-cap]: nothing bounds this credit" in checked.err
    assert "agreement.yaml: valid, 1 service level" in checked.err
    (folder / "allowed.yaml").write_text(
        text.replace("    credit: {", "    # slacheck: allow[no-cap] the fee is a token\n    credit: {")
    )
    assert slacheck("validate", "allowed.yaml").err == "allowed.yaml: valid, 1 service level\n"
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json")
    assert ran.code == 1
    notes = json.loads(ran.out)["statements"][0]["data"]
    told = [note["text"] for note in notes if note["weight"] == "warning"]
    assert told == ["agreement.yaml:16:5: nothing bounds this credit, which can be more than the whole fee"]
