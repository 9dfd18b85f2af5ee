"""Before anything is counted: the periods to judge, the exports to open, what is excused, what each promise asks."""

from slacheck.planning.asks import asks, to_the_end
from slacheck.planning.plan import plan
from slacheck.planning.settling import Asking, Settling

__all__ = ["Asking", "Settling", "asks", "plan", "to_the_end"]
