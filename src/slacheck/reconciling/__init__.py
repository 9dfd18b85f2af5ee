"""Two exports of one thing side by side: where provider and customer disagree, for how long, and what it changes."""

from slacheck.reconciling.reconcile import reconcile
from slacheck.reconciling.result import Reconciliation
from slacheck.reconciling.sides import Side, other_side

__all__ = ["Reconciliation", "Side", "other_side", "reconcile"]
