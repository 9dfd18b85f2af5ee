"""What ``slacheck init`` writes: an agreement, the exports beside it, and what a person has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from slacheck.problems import Problem


@dataclass(frozen=True)
class Beginning:
    """``files`` by name, the agreement first. ``period`` is one that their exports hold, empty where none is known.

    ``says`` is what comes of that period, ``needed`` what somebody has to decide before it validates, ``lacking`` the
    exports that the agreement wants and that are not there, each with its columns; ``left`` is what the documents that
    it was made from say and an agreement cannot.
    """

    files: Mapping[str, str]
    period: str = ""
    says: str = ""
    needed: tuple[str, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: tuple[Problem, ...] = ()
