"""Findings are allowed in place, with a reason, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.lint import Linted, lint
from tests.lint.scaffold import loaded

LEVEL = """\
service_levels:
  availability:
    measure: {{kind: availability, from: probes}}
    {above}
    target: ">= 100%"{beside}
"""


def linted(folder: Path, above: str = "missing: bounds", beside: str = "") -> Linted:
    return lint(loaded(folder, LEVEL.format(above=above, beside=beside)))


def codes(found: Linted) -> list[str]:
    return [problem.code for problem in found.found]


@pytest.mark.parametrize(
    "comment",
    [
        "# slacheck: allow[full-target] clause 2",
        "#slacheck:allow[full-target]clause 2",
        "## slacheck :  allow [ full-target ]  clause 2",
        "# slacheck: allow[full-target]: because of clause 2",
        "# slacheck: allow[full-target] Grund: § 2",
    ],
)
def test_a_comment_with_a_reason_allows_the_finding_of_its_line(tmp_path: Path, comment: str) -> None:
    for found in (linted(tmp_path, beside=f"  {comment}"), linted(tmp_path, above=comment)):
        assert codes(found) == []
        assert found.allowed == 1


def test_comments_that_stand_alone_stack_up(tmp_path: Path) -> None:
    stack = ["# slacheck: allow[full-target] clause 2", "# a word", "# slacheck: allow[title-beside-target] x"]
    found = linted(tmp_path, above="\n    ".join(stack))
    assert codes(found) == ["allow-without-use"]
    assert "title-beside-target" in found.found[0].message


def test_a_comment_behind_another_key_allows_nothing_below_it(tmp_path: Path) -> None:
    found = linted(tmp_path, above="missing: bounds  # slacheck: allow[full-target] clause 2")
    assert codes(found) == ["allow-without-use", "full-target"]


def test_a_blank_line_lies_between_a_comment_and_what_is_below(tmp_path: Path) -> None:
    assert "full-target" in codes(linted(tmp_path, above="# slacheck: allow[full-target] clause 2\n"))


def test_a_sign_inside_a_text_is_no_comment(tmp_path: Path) -> None:
    part = """\
notes:
  - "# slacheck: allow[full-target] clause 2"
  - |
    # slacheck: allow[full-target] clause 2
  - see '# slacheck'
"""
    assert lint(loaded(tmp_path, part)).found == ()


@pytest.mark.parametrize("reason", ["", " ", " -", " ...", " !?"])
def test_a_reason_holds_a_word(tmp_path: Path, reason: str) -> None:
    found = linted(tmp_path, beside=f"  # slacheck: allow[full-target]{reason}")
    assert codes(found) == ["allow-without-reason"]


@pytest.mark.parametrize(
    "said", ["allow", "allow full-target", "allow[] x", "allow[ , ] x", "alow[full-target] x", "allow[full-target", ""]
)
def test_what_cannot_be_read_allows_nothing(tmp_path: Path, said: str) -> None:
    assert codes(linted(tmp_path, beside=f"  # slacheck: {said}")) == ["full-target", "allow-unread"]


def test_an_unknown_code_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    found = linted(tmp_path, beside="  # slacheck: allow[full-target, full-targt] clause 2")
    assert codes(found) == ["allow-unknown-code"]
    (problem,) = found.found
    assert problem.help == "did you mean 'full-target'?"
    assert problem.excerpt[problem.column - 1 : problem.column - 1 + problem.width] == "full-targt"


def test_an_error_of_validation_is_no_code(tmp_path: Path) -> None:
    found = linted(tmp_path, beside="  # slacheck: allow[full-target, band-hole] clause 2")
    assert codes(found) == ["allow-unknown-code"]


def test_what_is_wrong_with_a_reason_cannot_be_allowed(tmp_path: Path) -> None:
    found = linted(tmp_path, beside="  # slacheck: allow[full-target, allow-without-reason]")
    assert sorted(codes(found)) == ["allow-without-reason", "allow-without-use"]


def test_a_warning_of_validation_is_found_and_allowed_like_any_other(tmp_path: Path) -> None:
    credit = "credit: {kind: per-unit, each: 1h, counting: full, pays: 5%, of: monthly}"
    assert codes(linted(tmp_path, above=credit)) == ["no-cap"]
    assert codes(linted(tmp_path, above=f"{credit}  # slacheck: allow[no-cap] the fee is a token")) == []


def test_every_version_is_looked_at_and_a_finding_is_told_once(tmp_path: Path) -> None:
    part = """\
effective: 2026-01-01
service_levels:
  availability:
    measure: {kind: availability, from: probes}
    target: ">= 100%"
  second:
    measure: {kind: availability, from: probes}
    target: ">= 99%"
amendments:
  - effective: 2026-07-01
    title: another
  - effective: 2027-01-01
    service_levels:
      second: {target: ">= 100%"}
"""
    found = lint(loaded(tmp_path, part))
    assert codes(found) == ["full-target", "full-target"]
    assert [problem.excerpt.strip() for problem in found.found] == ['target: ">= 100%"', 'second: {target: ">= 100%"}']
