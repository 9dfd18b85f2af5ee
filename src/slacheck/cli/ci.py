"""Runs in continuous integration: files named from the root of the repository, and marks beside their lines."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import exits
from slacheck.problems import Problem
from slacheck.reports.view import View

if TYPE_CHECKING:
    from slacheck.statement import Statements

_COMMAND = re.compile(r"^[ \t]*::(?=[a-z-]+[ :])|##\[", re.IGNORECASE | re.MULTILINE)
_LARGEST_SUMMARY = 1024 * 1024
_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def on_github() -> bool:
    """Whether this is a step of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def view(locale: str = "") -> View:
    """How files are written here: wherever a job stands, files are named from the root of what was checked out."""
    root = next((os.environ[name] for name in _ROOTS if os.environ.get(name)), "")
    return View(folder=os.getcwd(), repository=root, locale=locale) if root else View(locale=locale)


def inert(text: str) -> str:
    """Lines for people, none of them a command to GitHub's runner, whose commands stand at the start of a line."""
    return (
        _COMMAND.sub(lambda found: found[0].replace("::", ": :").replace("##[", "## ["), text) if on_github() else text
    )


def annotate(statements: Statements) -> None:
    """Mark what is not met beside its level, on stderr, where the runner reads it too and no output is disturbed."""
    from slacheck.reports.github import render

    _tell(render(statements, view()))


def annotate_problems(problems: Sequence[Problem]) -> None:
    """Mark every problem beside its line, as ``annotate`` does."""
    from slacheck.reports.annotations import of_problems
    from slacheck.reports.github import commands

    _tell(commands(of_problems(problems, view())))


def _tell(commands: str) -> None:
    if commands:
        exits.tell(commands.removesuffix("\n"))


def added(summary: Path, content: bytes) -> bytes:
    """``content`` below what a step has told in its summary so far, which stays; by itself for any other file."""
    told = _already_in(summary)
    whole = told + (b"\n" if told else b"") + content
    if _is_summary(summary) and len(whole) > _LARGEST_SUMMARY:
        exits.tell(f"'{summary}' is larger than the 1 MiB that GitHub shows of a summary; name fewer agreements")
    return whole


def _is_summary(path: Path) -> bool:
    told = os.environ.get("GITHUB_STEP_SUMMARY")
    return bool(told) and os.path.realpath(told or "") == os.path.realpath(path)


def _already_in(summary: Path) -> bytes:
    if not _is_summary(summary):
        return b""
    try:
        return summary.read_bytes()
    except OSError:
        # Where it cannot be read it will not be written either, and that is said then.
        return b""
