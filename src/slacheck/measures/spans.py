"""Stretches of a period in which one thing holds, and how they make up the course of a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

SpanState = Literal["down", "excluded", "unknown", "outside", "not-in-force", "future"]


class Span(NamedTuple):
    """A stretch of time ``[start, end)`` in which one thing holds, in microseconds UTC."""

    state: SpanState
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Course:
    """What of the window ``[start, end)`` was not up, in order; the shortest are ``left_out``.

    These are so many of ``left_out_time`` together. ``down``, ``unknown`` and ``excluded`` are all of each, in
    microseconds.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    left_out: int
    left_out_time: int
    down: int
    unknown: int
    excluded: int
