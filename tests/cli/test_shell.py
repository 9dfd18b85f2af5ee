"""What a shell sees: completion by its own protocol, help with examples that fits a screen, what is told of reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.binary import DAY, Slacheck

COMMANDS = [
    ("evaluate",),
    ("validate",),
    ("init",),
    ("inspect",),
    ("schema",),
    ("explain",),
    ("history", "list"),
    ("history", "show"),
    ("history", "diff"),
    ("history", "export"),
]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("slacheck eval", ["evaluate"]),
        ("slacheck evaluate agreement.yaml --fo", ["--format"]),
        ("slacheck evaluate agreement.yaml --format m", ["markdown"]),
        ("slacheck evaluate agreement.yaml --period last", ["last-month", "last-period"]),
        ("slacheck evaluate agreement.yaml --fail-on n", ["never"]),
        ("slacheck evaluate agreement.yaml --engine ", ["duckdb", "spark"]),
        ("slacheck evaluate agreement.yaml --as-of ", ["now"]),
        ("slacheck evaluate agreement.yaml --locale pt_B", ["pt_BR"]),
        ("slacheck explain availa", ["availability"]),
        ("slacheck explain agree", ["agreement.yaml"]),
        ("slacheck explain agreement.yaml --level ", ["availability"]),
        ("slacheck explain nothing.yaml --level ", []),
        ("slacheck schema st", ["statement"]),
        ("slacheck history ", ["list", "show", "diff", "export"]),
        ("slacheck history show --ledger ledger.db ", ["acme-web"]),
        ("slacheck history show --ledger ledger.db acme-web ", [DAY]),
        ("slacheck history show --ledger nothing.db ", []),
        ("slacheck history list --ledger ledger.db --period 20", [DAY]),
    ],
)
def test_a_shell_is_offered_what_fits(slacheck: Slacheck, folder: Path, line: str, offered: list[str]) -> None:
    if "ledger.db" in line:
        slacheck("evaluate", "agreement.yaml", "--period", DAY, "--ledger", "ledger.db", "--quiet")
    words = str(len(line.split()) - (0 if line.endswith(" ") else 1))
    ran = slacheck(_SLACHECK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=words)
    assert ran.err == ""
    assert ran.out.split() == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_for_each_shell(slacheck: Slacheck, folder: Path, shell: str) -> None:
    ran = slacheck("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert ran.code == 0
    assert "_SLACHECK_COMPLETE=complete_" in ran.out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_examples_and_fits_a_screen(slacheck: Slacheck, folder: Path, command: tuple[str, ...]) -> None:
    ran = slacheck(*command, "--help", COLUMNS="80")
    assert ran.code == 0
    assert re.search(rf"^  slacheck {' '.join(command)} ", ran.out, re.MULTILINE)
    assert all(len(line) <= 100 for line in ran.out.splitlines())


def test_every_command_is_named_in_full(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("--help")
    assert ran.code == 0
    assert "..." not in ran.out.partition("Commands:")[2]
    assert all(f"\n  {command[0]} " in ran.out for command in COMMANDS)


def test_what_was_read_is_told_where_it_is_asked_for(slacheck: Slacheck, folder: Path) -> None:
    plain = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    told = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--verbose")
    assert (told.code, told.out) == (plain.code, plain.out)
    assert re.fullmatch(
        r"read agreement agreement\.yaml, sha256 [0-9a-f]{12}\n"
        r"read probes: probes\.csv, 1,500 rows, sha256 [0-9a-f]{12}\n"
        r"1 statement in \d+\.\d\d s\n",
        told.err,
    )
    explained = slacheck("explain", "agreement.yaml", "--period", DAY, "-v")
    assert explained.err.startswith("read agreement agreement.yaml, sha256 ")


def test_nothing_is_told_of_a_run_that_fails(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").unlink()
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--verbose")
    assert ran.code == 3
    assert "read " not in ran.err.partition("error")[0]
