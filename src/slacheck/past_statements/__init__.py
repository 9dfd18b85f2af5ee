"""Statements of earlier periods that were given to a run: read from files, and put to the agreements they are of."""

from slacheck.past_statements.accepting import Accepted, Known, accepted
from slacheck.past_statements.reading import Earlier, Given, read

__all__ = ["Accepted", "Earlier", "Given", "Known", "accepted", "read"]
