"""One statement of a ledger: which it is, and what it was made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self

from slacheck import past_statements
from slacheck.statement import Part, Statement


@dataclass(frozen=True)
class Key:
    """What a statement is of: an agreement by its id, a period by its label, the days of its part where it has several.

    ``running`` tells what was made while the period ran from what settles it.
    """

    agreement: str
    period: str
    part: str
    running: bool

    @classmethod
    def of(cls, statement: Statement) -> Self:
        """The key of a statement."""
        period, part = statement.period, statement.period.part
        days = f"{part.first_day}..{part.last_day}" if part else ""
        return cls(statement.agreement.id, period.label, days, period.running)


@dataclass(frozen=True)
class Origin:
    """What a statement was made from: digests of the terms, of every export and earlier statement, and the version.

    ``exports`` are the digests of the files of each source, in their order; ``earlier`` those of earlier statements by
    their period.
    """

    terms: str
    exports: dict[str, list[str]]
    earlier: dict[str, str]
    as_of: str
    version: str

    @classmethod
    def of(cls, statement: Statement, version: str) -> Self:
        """The origin of a statement made by ``version``."""
        exports: dict[str, list[str]] = {}
        for each in statement.inputs:
            exports.setdefault(each.source, []).append(each.sha256)
        earlier = {
            f"{each.period} {each.part}" if each.part else each.period: each.sha256 or "" for each in statement.history
        }
        agreement = statement.agreement
        as_of = (statement.period.as_of or "") if statement.period.running else ""
        return cls(agreement.terms or agreement.sha256, exports, earlier, as_of, version)

    @classmethod
    def read(cls, text: str) -> Self:
        """What ``written`` gives, read again."""
        return cls(**json.loads(text))

    def written(self) -> str:
        """As text that is the same for the same origin."""
        return json.dumps(vars(self), sort_keys=True, separators=(",", ":"))

    @property
    def material(self) -> tuple[str, dict[str, list[str]], str]:
        """What must be the same for a statement to be the same one: terms, exports and the instant it is seen at."""
        return self.terms, self.exports, self.as_of

    def differs(self, other: Origin) -> tuple[str, ...]:
        """What ``other`` was made from otherwise, in words: why it is another statement."""
        found: list[str] = []
        if self.terms != other.terms:
            found.append("other terms of the agreement")
        for source in dict.fromkeys((*self.exports, *other.exports)):
            if self.exports.get(source) != other.exports.get(source):
                found.append(f"other data of '{source}'")
        for period in dict.fromkeys((*self.earlier, *other.earlier)):
            if self.earlier.get(period) != other.earlier.get(period):
                found.append(f"another statement of {period}")
        if self.as_of != other.as_of:
            found.append(f"seen at {other.as_of} instead of {self.as_of}")
        if self.version != other.version:
            found.append(f"slacheck {other.version} instead of {self.version}")
        return tuple(found)


@dataclass(frozen=True)
class Entry:
    """What is known of one statement that is kept; ``number`` counts those of its key from 1.

    ``kept_at`` is ISO 8601 UTC, ``reason`` why it was made again (empty for the first one), ``digest`` the SHA-256 of
    its text. The text itself is read when it is asked for: a list of thousands needs none of them.
    """

    id: int
    key: Key
    number: int
    first_day: str
    last_day: str
    verdict: str
    currency: str
    least: str
    most: str
    origin: Origin
    reason: str
    kept_at: str
    digest: str


def text_of(statement: Statement) -> str:
    """A statement as it is kept."""
    return statement.model_dump_json()


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def substance(statement: Statement) -> dict[str, Any]:
    """What later statements may read of it, without the names of files: those may lie elsewhere the next time."""
    return {key: _without_places(value) for key, value in past_statements.substance(statement).items()}


def _without_places(value: Any) -> Any:
    if isinstance(value, Part):
        return _without_places(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {key: _without_places(each) for key, each in value.items() if key != "place"}
    return [_without_places(each) for each in value] if isinstance(value, (list, tuple)) else value
