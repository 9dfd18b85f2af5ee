"""From the answers of a level to the lines of a statement: measured, compared, and what a breach costs."""

from slacheck.judging.judged import Judged
from slacheck.judging.levels import Asked, lines

__all__ = ["Asked", "Judged", "lines"]
