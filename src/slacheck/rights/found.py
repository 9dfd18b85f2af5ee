"""What a condition of a right comes to: whether it holds, whatever is not known, and on which periods it rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slacheck.timeline.periods import Period

Basis = tuple[Period, ...]


@dataclass(frozen=True)
class Found:
    """One condition at the end of one period, for one subject.

    ``certain`` are the periods it rests on where it holds whatever is not known, else None; ``possible`` those it
    rests on where everything that is not known counts for it, None where it cannot hold at all. ``counted`` says in
    words what was counted, and ``missing`` are the periods that are not known or not decided, each in words.
    """

    certain: Basis | None
    possible: Basis | None
    counted: str
    missing: tuple[str, ...] = ()

    def arises_in(self, period: Period) -> bool | None:
        """Whether it holds and rests on ``period`` too: then ``period`` made it arise anew. None: not known."""
        if self.certain is not None and period in self.certain:
            return True
        return None if self.possible is not None and period in self.possible else False


def any_of(found: Sequence[Found]) -> Found:
    """One of several conditions: it rests on the periods of all that hold."""
    certain = [each.certain for each in found if each.certain is not None]
    possible = [each.possible for each in found if each.possible is not None]
    told = [each for each in found if each.certain is not None] or [each for each in found if each.possible is not None]
    return Found(
        _together(certain) if certain else None,
        _together(possible) if possible else None,
        "; ".join(dict.fromkeys(each.counted for each in told or found)),
        _missing(told),
    )


def all_of(found: Sequence[Found]) -> Found:
    """All of several conditions."""
    certain = [each.certain for each in found if each.certain is not None]
    possible = [each.possible for each in found if each.possible is not None]
    failed = [each for each in found if each.possible is None]
    return Found(
        _together(certain) if len(certain) == len(found) else None,
        _together(possible) if len(possible) == len(found) else None,
        "; ".join(dict.fromkeys(each.counted for each in failed or found)),
        _missing([each for each in found if each.certain is None]),
    )


def _together(bases: Sequence[Basis]) -> Basis:
    return tuple(sorted({period for basis in bases for period in basis}, key=lambda each: each.start))


def _missing(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in found for name in each.missing))
