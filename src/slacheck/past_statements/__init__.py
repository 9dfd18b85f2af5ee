"""Statements of earlier periods that were given to a run: read from files, and put to the agreements they are of."""

from typing import Protocol

from slacheck.past_statements.accepting import Accepted, Known, accepted, substance
from slacheck.past_statements.reading import Earlier, File, Given, read

__all__ = ["Accepted", "Earlier", "File", "Given", "Known", "Shelf", "accepted", "read", "substance"]


class Shelf(Protocol):
    """Where earlier statements are kept and looked up when they are asked for."""

    def earlier(self, agreement: str, period: str) -> list[Earlier]:
        """What settles a period of the agreement with that id: a statement for each part of it that is there."""
        ...
