"""The pages of the language name every key that there is, and their examples are read by what they document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from slacheck import claims_made, corrections
from slacheck.agreement.agreement import Agreement
from slacheck.agreement.amendments import Amendment
from slacheck.agreement.level import Level, Promise, kinds
from slacheck.agreement.level_terms import LevelPeriod, LowVolume, Rounded, ShareOfSubjects
from slacheck.agreement.loading import load
from slacheck.agreement.right_terms import (
    AllOf,
    AnyOf,
    AverageOf,
    BreachedPeriods,
    CreditsAtCap,
    FailuresWithin,
    PointsWithin,
    Right,
    ShareOfFailing,
)
from slacheck.agreement.settlement_terms import (
    AtRisk,
    Claim,
    EarnBack,
    OnePer,
    Pair,
    Payment,
    SettledRounding,
    Settlement,
)
from slacheck.agreement.support import Support
from slacheck.calendars.calendar import Calendar, HolidayTerms, Season
from slacheck.exclusions.exclusion import Exclusion
from slacheck.exclusions.spans import Span
from slacheck.fees.fee import AmountFee, GreaterFee, PreviousFee, RegisterFee
from slacheck.language.terms import Terms
from slacheck.language.yaml_text import read_file
from slacheck.outages.rule import Outage, Weight
from slacheck.remedies.modifiers import Minimum, Repeat, Rounding
from slacheck.remedies.per_unit import First
from slacheck.sources.forms import ROLES, States
from slacheck.sources.several_rows import Happening
from slacheck.sources.source import Source

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [
    DOCS / name for name in ("language.md", "calendars.md", "measures.md", "credits.md", "rights.md", "exports.md")
]
MODELS: list[type[Terms]] = [
    *(Right, BreachedPeriods, FailuresWithin, PointsWithin, CreditsAtCap, AverageOf, ShareOfFailing, AnyOf, AllOf),
    *(
        Agreement,
        Support,
        Settlement,
        Claim,
        claims_made.ClaimMade,
        Source,
        States,
        Happening,
        Calendar,
        Season,
        HolidayTerms,
        Exclusion,
        Span,
    ),
    *(Outage, Weight, Level, Promise, LevelPeriod, LowVolume, Rounded, ShareOfSubjects, corrections.Correction),
    *(AtRisk, EarnBack, OnePer, Pair, Payment, SettledRounding, First, Minimum, Repeat, Rounding),
    *(AmountFee, RegisterFee, PreviousFee, GreaterFee),
    Amendment,
    *kinds().values(),
]
# Written by no one: classes are written out before an agreement is validated.
INTERNAL = {"promises", "of_class"}


def keys(model: type[Terms]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if name not in INTERNAL]


def choices(annotation: object) -> Iterator[str]:
    """The words that a key may have, punctuation aside; a discriminated kind of measure has its own."""
    for part in get_args(annotation):
        if isinstance(part, str) and part[0].isalnum():
            yield part
        elif get_args(part):
            yield from choices(part)


def words(page: Path) -> set[str]:
    """Everything in the code spans and blocks of a page, cut into words."""
    text = page.read_text()
    blocks = re.findall(r"^```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    return {word for part in (*blocks, *spans) for word in re.findall(r"[A-Za-z0-9_-]+", part)}


def known() -> set[str]:
    return set().union(*(words(page) for page in PAGES))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_stands_on_a_page(model: type[Terms]) -> None:
    assert [key for key in keys(model) if key not in known()] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_word_that_a_key_may_have_stands_on_a_page(model: type[Terms]) -> None:
    there = known()
    missing = [
        f"{name}: {choice}"
        for name, field in model.model_fields.items()
        for choice in choices(field.annotation)
        if choice not in there
    ]
    assert missing == []


def test_every_kind_and_every_role_stands_on_a_page() -> None:
    assert [kind for kind in kinds() if kind not in known()] == []
    assert [role for roles in ROLES.values() for role in roles if role not in known()] == []


def test_the_corrections_on_a_page_are_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```yaml\n(corrections:.*?)^```$", PAGES[1].read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "corrections.yaml").write_text(block)
    found = corrections.load(tmp_path / "corrections.yaml")
    assert [each.what for each in found.entries] == ["remove_outage", "value"]


def test_the_claims_and_the_rights_on_a_page_are_read(tmp_path: Path) -> None:
    page = (DOCS / "rights.md").read_text()
    (block,) = re.findall(r"^```yaml\n(claims:.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "claims.yaml").write_text(block)
    assert [each.subject for each in claims_made.load(tmp_path / "claims.yaml", "claims.yaml").entries] == ["web-1"]
    rights: Any = read_file(
        _written(tmp_path, re.findall(r"^(rights:.*?)^```$", page, re.MULTILINE | re.DOTALL)[0])
    ).data
    assert {name: len(list(Right.model_validate(each).conditions())) for name, each in rights["rights"].items()} == {
        "terminate": 2,
        "step-in": 1,
    }
    conditions = re.findall(r"^\| `(\{[^`]*\})`", page, re.MULTILINE)
    whole = [each for each in conditions if "..." not in each]
    assert len(whole) == 8
    for each in whole:
        Right.model_validate({"when": read_file(_written(tmp_path, each)).data})


def _written(folder: Path, text: str) -> Path:
    (folder / "part.yaml").write_text(text)
    return folder / "part.yaml"


def test_the_amendments_on_a_page_are_those_of_its_agreement(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGES[0].read_text(), re.MULTILINE | re.DOTALL)
    body, amendments = (next(each for each in blocks if each.startswith(key)) for key in ("slacheck:", "amendments:"))
    (tmp_path / "agreement.yaml").write_text(body + amendments)
    before, after = load(tmp_path / "agreement.yaml").versions
    assert set(before.agreement.service_levels) - set(after.agreement.service_levels) == {"satisfaction"}
    assert set(before.agreement.sources) - set(after.agreement.sources) == {"survey"}


def test_a_section_that_is_linked_is_there() -> None:
    for page in PAGES:
        for target, section in re.findall(r"\]\(([a-z]*\.?m?d?)#([^)]+)\)", page.read_text()):
            there = (page.parent / target if target else page).read_text()
            heads = re.findall(r"^#+ (.+)$", there, re.MULTILINE)
            assert section in [re.sub(r"[^a-z -]", "", head.lower()).replace(" ", "-") for head in heads]
