"""No change is ever missed: every key of every model of the language, when it is another, is reported."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.loading import AgreementFile, load
from slacheck.comparing import compared
from slacheck.comparing.walking import renamed, walked
from slacheck.language.written import flow
from slacheck.language.yaml_text import read_file
from slacheck.problems import AgreementError

ROOT = Path(__file__).parents[2]
EXAMPLES = ["ai-search-api", "bus-incentive", "government-points", "outsourcing-pool", "wan-circuit", "web-hosting"]


def models(annotation: Any, found: dict[type[BaseModel], None]) -> None:
    """Every model that an annotation leads to."""
    if hasattr(annotation, "__value__"):
        models(annotation.__value__, found)
    elif isinstance(annotation, type) and typing.get_origin(annotation) is None and issubclass(annotation, BaseModel):
        inside = {} if annotation in found else annotation.model_fields
        found[annotation] = None
        for field in inside.values():
            models(field.annotation, found)
    for argument in typing.get_args(annotation):
        models(argument, found)


def every_model() -> dict[type[BaseModel], None]:
    found: dict[type[BaseModel], None] = {}
    models(Agreement, found)
    return found


EVERY_FIELD = [(model, name) for model in every_model() for name in model.model_fields]


def test_the_language_is_walked_as_a_whole() -> None:
    assert len(every_model()) > 40
    assert len(EVERY_FIELD) > 200


@pytest.mark.parametrize(("model", "name"), EVERY_FIELD, ids=lambda each: getattr(each, "__name__", each))
def test_a_key_that_is_another_is_reported_by_its_name(model: type[BaseModel], name: str) -> None:
    alike: dict[str, Any] = {field: f"same {field}" for field in model.model_fields}
    old, new = (model.model_construct(**{**alike, name: value}) for value in ("one", "other"))
    key = model.model_fields[name].alias or name
    assert [(found.how, found.new_steps) for found in walked(old, new)] == [("changed", (key,))]
    assert list(walked(old, old)) == []


def leaves(data: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The steps to every key of a document and to every item of its lists."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*steps, key)
        yield from leaves(value, (*steps, key))


def without(data: Any, steps: tuple[str | int, ...]) -> Any:
    first, *rest = steps
    if isinstance(data, list):
        kept = [(at, each) for at, each in enumerate(data) if rest or at != first]
        return [without(each, tuple(rest)) if at == first else each for at, each in kept]
    if not rest:
        return {key: each for key, each in data.items() if key != first}
    return {key: without(each, tuple(rest)) if key == first else each for key, each in data.items()}


def written(data: Any, path: Path) -> AgreementFile | None:
    path.write_text("\n".join(f"{key}: {flow(value)}" for key, value in data.items()), encoding="utf-8")
    try:
        return load(path)
    except AgreementError:
        return None


@pytest.mark.parametrize("name", EXAMPLES)
def test_whatever_can_be_left_out_of_an_example_is_missed(name: str, tmp_path: Path) -> None:
    """Each key and item of the examples that may go: where the typed agreement is another, something is told."""
    for file in (ROOT / "examples" / name).iterdir():
        (tmp_path / file.name).symlink_to(file)
    original = load(tmp_path / "agreement.yaml")
    document = read_file(tmp_path / "agreement.yaml")
    tried = 0
    for steps in leaves(document.data):
        changed = written(without(document.data, steps), tmp_path / "changed.yaml")
        if changed is not None:
            tried += 1
            same = [repr(each.agreement) for each in original.versions] == [
                repr(each.agreement) for each in changed.versions
            ]
            assert bool(compared(original, changed).changes) != same, steps
            assert bool(compared(changed, original).changes) != same, steps
    assert tried > 0


def test_how_a_value_is_spelt_is_no_change(tmp_path: Path) -> None:
    text = (ROOT / "examples/web-hosting/agreement.yaml").read_text()
    (tmp_path / "old.yaml").write_text(text)
    spelt = text.replace('">= 99.9%"', "'>=99.90%'").replace("10%", "10.0%").replace("hold: 2m", "hold: 120s # two")
    assert spelt.count("99.90%") == 1
    (tmp_path / "new.yaml").write_text(f"# a comment\n{spelt.replace('12000.00', '12000')}")
    assert compared(load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")).changes == ()


def test_a_name_that_is_used_for_something_else_is_no_new_name() -> None:
    text = (ROOT / "examples/web-hosting/agreement.yaml").read_text()
    assert "planned" in text
    old = load(ROOT / "examples/web-hosting/agreement.yaml").agreement
    exclusions = {"maintenance": old.exclusions["planned"]}
    assert renamed(old, old.model_copy(update={"exclusions": exclusions})) == {}
    exclusions = {"upkeep": old.exclusions["planned"]}
    assert renamed(old, old.model_copy(update={"exclusions": exclusions})) == {"exclusions": {"planned": "upkeep"}}
