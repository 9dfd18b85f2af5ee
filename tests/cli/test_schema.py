"""``slacheck schema``: what editors are given."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from slacheck.agreement.schema import agreement_schema
from tests.binary import Slacheck

GOLDEN = Path(__file__).parent / "golden"
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


@pytest.mark.skipif(
    f"pydantic=={version('pydantic')}\n" not in CONSTRAINTS.read_text("utf-8"),
    reason="other releases of pydantic word schemas otherwise",
)
@pytest.mark.parametrize("name", ["corrections", "claims"])
def test_the_files_beside_an_agreement_have_schemas(slacheck: Slacheck, tmp_path: Path, name: str) -> None:
    ran = slacheck("schema", name)
    assert (ran.code, ran.err) == (0, "")
    file = GOLDEN / f"schema-{name}.json"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        file.write_text(ran.out, encoding="utf-8")
    assert ran.out == file.read_text(encoding="utf-8")


def test_the_schema_of_agreements_is_what_is_said_of_the_models_in_their_order(
    slacheck: Slacheck, tmp_path: Path
) -> None:
    """Another process, with another seed of hashes, writes the same bytes."""
    ran = slacheck("schema")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == json.dumps(agreement_schema(), indent=2, ensure_ascii=False) + "\n"
    assert len(ran.out) < 600_000


def test_a_schema_that_is_mistyped_is_guessed(slacheck: Slacheck, tmp_path: Path) -> None:
    ran = slacheck("schema", "agreemnt")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no schema of 'agreemnt'; did you mean 'agreement'?" in ran.err
