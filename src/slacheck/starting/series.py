"""Sample exports written out from a few lines: a row for each step of some stretches of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from slacheck.language.quantities import length


def _instant(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).astimezone(UTC)


def _step(value: object) -> timedelta:
    return timedelta(microseconds=length(str(value)))


class Part(BaseModel):
    """``row`` once for each step of ``[since, until)``; ``{time}`` in it is the instant in UTC, ``{day}`` its day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Annotated[datetime, BeforeValidator(_instant)]
    until: Annotated[datetime, BeforeValidator(_instant)]
    each: Annotated[timedelta, BeforeValidator(_step)]
    row: str


class Series(BaseModel):
    """One export: its header and the parts of its rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str
    parts: tuple[Part, ...]

    def text(self) -> str:
        """The export as CSV."""
        return "\n".join([self.header, *self._rows()]) + "\n"

    def _rows(self) -> Iterator[str]:
        for part in self.parts:
            at = part.since
            while at < part.until:
                yield part.row.format(time=f"{at:%Y-%m-%dT%H:%M:%SZ}", day=f"{at:%Y-%m-%d}")
                at += part.each
