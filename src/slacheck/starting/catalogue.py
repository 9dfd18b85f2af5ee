"""The templates: agreements on the terms of published ones, each with small exports, so that it runs at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from slacheck.language.written import scalar
from slacheck.language.yaml_text import read
from slacheck.starting.beginning import Beginning
from slacheck.starting.parties import PARTIES
from slacheck.starting.series import Series

FORMAT: Final = 1
FIRST: Final = "web-hosting"

_ABOUT = "about.yaml"


class Template(BaseModel):
    """One template. ``document`` is what it was written from, empty where it is common practice; ``read`` how that
    text was read: whole, an excerpt of it, a third party's summary, or what is remembered of it.

    ``period`` is the one that its exports hold, and ``says`` what comes of it in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    group: Literal["general", "cloud", "saas", "network", "outsourcing", "public", "internal"]
    document: str = ""
    read: Literal["whole", "excerpt", "summary", "memory", "practice"]
    period: str
    says: str


class Templates(BaseModel):
    """All templates, in groups; the first is the one that is taken where none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slacheck_templates: int = FORMAT
    templates: tuple[Template, ...]


_GROUPS = tuple(Template.model_fields["group"].annotation.__args__)  # type: ignore[union-attr]


def templates() -> Templates:
    """Every template, by group and name."""
    found = [template(folder.name) for folder in _folder().iterdir() if folder.is_dir()]
    return Templates(templates=tuple(sorted(found, key=lambda each: (_GROUPS.index(each.group), each.name))))


def names() -> list[str]:
    """The names of all templates, sorted."""
    return sorted(folder.name for folder in _folder().iterdir() if folder.is_dir())


def template(name: str) -> Template:
    """What is known of a template. Raises KeyError where there is none of the name."""
    about = _about(name)
    return Template.model_validate({"name": name, **{key: value or "" for key, value in about.items()}})


def begun(name: str, parties: Mapping[str, str]) -> Beginning:
    """The files of a template, with the names of the ``parties`` that are given (``provider``, ``customer``).

    Raises KeyError where there is no such template.
    """
    about = _about(name, series=True)
    contents = {
        each.name: each.read_text(encoding="utf-8")
        for each in _folder().joinpath(name).iterdir()
        if each.name != _ABOUT
    }
    series = about.get("series")
    if isinstance(series, dict):
        contents |= {file: Series.model_validate(lines).text() for file, lines in series.items()}
    agreement = contents.pop("agreement.yaml")
    for party in PARTIES:
        if party in parties:
            # What is said needs no mark any more; a split leaves the name alone, whatever it holds.
            before, _, after = re.split(rf"(?m)^({party}: .*)$", agreement, maxsplit=1)
            agreement = f"{before}{party}: {scalar(parties[party])}{after}"
    ordered = {"agreement.yaml": agreement, **dict(sorted(contents.items()))}
    return Beginning(files=ordered, period=str(about["period"]), says=str(about["says"]))


def _folder() -> Traversable:
    return files("slacheck.starting").joinpath("templates")


def _about(name: str, *, series: bool = False) -> dict[str, object]:
    if name not in names():
        raise KeyError(name)
    about = read(_folder().joinpath(name, _ABOUT).read_text(encoding="utf-8"), name).data
    return {key: value for key, value in about.items() if series or key != "series"}
