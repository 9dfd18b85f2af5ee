"""Every key of the language is found by its path, by the end of it, and by a part of it."""

from __future__ import annotations

import pytest

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.keys import called, close, keys, parts
from slacheck.agreement.level import kinds
from slacheck.reports.keys import render


def test_every_key_of_every_kind_and_every_file_is_known() -> None:
    known = {key.dotted for key in keys()}
    assert set(Agreement.WRITTEN) <= known
    assert {"corrections.remove_outage", "claims.reference", "amendments.settled", "conditions.not"} <= known
    for name, kind in kinds().items():
        where = next(key for key in ("measure", "credit") if f"service_levels.{key}.{name}.kind" in known)
        fields = {field.alias or key for key, field in kind.model_fields.items()}
        assert {f"service_levels.{where}.{name}.{key}" for key in fields} <= known


def test_every_key_says_what_it_is_and_what_stands_behind_it() -> None:
    for key in keys():
        assert key.description.endswith(".")
        assert key.kind
        assert key.examples
        assert all(inside in parts() for inside in key.inside)


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("target", ["service_levels.target"]),
        ("sources.columns", ["sources.columns"]),
        ("columns", ["sources.columns"]),
        ("settlement.cap", ["settlement.cap"]),
        ("states.up", ["sources.states.up"]),
        ("bands.bands", ["service_levels.credit.bands.bands"]),
        ("credit.per-unit.counting", ["service_levels.credit.per-unit.counting"]),
        ("clause", ["service_levels.clause", "settlement.clause", "rights.clause"]),
        ("corrections", ["corrections"]),
        ("corrections.value", ["corrections.value"]),
        ("service_levels.uptime.credit.bands.of", ["service_levels.credit.bands.of"]),
        ("sources.probes.states.up", ["sources.states.up"]),
        ("settlement.exclusive.0.either", ["settlement.exclusive.either"]),
        ("uptime.target", []),
        ("kinds", []),
        ("columns.sources", []),
        ("", []),
    ],
)
def test_a_key_is_called_by_its_path_or_a_part_of_it(name: str, paths: list[str]) -> None:
    assert [key.dotted for key in called(name)] == paths


def test_what_is_the_same_in_every_kind_is_told_once() -> None:
    assert [key.dotted for key in called("excluding")] == ["service_levels.measure.availability.excluding"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("targt", "target"), ("source.columns", "sources.columns"), ("SOURCES.Columns", "sources.columns"), ("@@@", "")],
)
def test_what_was_meant_is_named(name: str, meant: str) -> None:
    assert close(name) == meant


def test_needed_keys_and_defaults_are_those_of_the_models() -> None:
    by_path = {key.dotted: key for key in keys()}
    assert by_path["service_levels.target"].needed
    assert by_path["service_levels.measure"].needed
    assert not by_path["service_levels.credit"].needed
    assert by_path["service_levels.missing"].default == "bounds"
    assert by_path["sources.states.up"].default == "[up]"
    assert by_path["sources.hold"].default == ""


def test_every_key_can_be_printed_within_a_terminal() -> None:
    """Examples alone may be longer, since they are there to be copied."""
    for key in keys():
        for line in render([key], parts()).splitlines():
            assert len(line) <= 80 or f"{key.name}: " in line
