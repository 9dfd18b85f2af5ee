"""Two versions of an agreement: what changed in plain words, and what it would have changed."""

from slacheck.comparing.beside import with_periods
from slacheck.comparing.differing import compared, set_compared, versions_compared
from slacheck.comparing.parts import Compared, Difference, Gains, Sort, TermChange
from slacheck.comparing.reach import Reaches, reaches

__all__ = [
    "Compared",
    "Difference",
    "Gains",
    "Reaches",
    "Sort",
    "TermChange",
    "compared",
    "reaches",
    "set_compared",
    "versions_compared",
    "with_periods",
]
