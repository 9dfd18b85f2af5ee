"""Time that does not count: which records are excused, which are refused and why, and how much is used.

Everything here is exact work on the few records of an exclusion: no dataframe and no engine.
"""

from slacheck.exclusions.exclusion import Exclusion
from slacheck.exclusions.limits import Allowance, Notice
from slacheck.exclusions.notice import notice_given
from slacheck.exclusions.origins import Calendars, Candidate, stated
from slacheck.exclusions.ruling import AllowanceUse, Ruling, rule, use
from slacheck.exclusions.spans import Fault, Point, Span, Stretch

__all__ = [
    "Allowance",
    "AllowanceUse",
    "Calendars",
    "Candidate",
    "Exclusion",
    "Fault",
    "Notice",
    "Point",
    "Ruling",
    "Span",
    "Stretch",
    "notice_given",
    "rule",
    "stated",
    "use",
]
