"""Statements that were made, kept in one SQLite file: never overwritten, each with what it was made from."""

from slacheck.ledger.entry import Entry, Key, Origin
from slacheck.ledger.ledger import Kept, Ledger
from slacheck.ledger.store import LedgerError

__all__ = ["Entry", "Kept", "Key", "Ledger", "LedgerError", "Origin"]
