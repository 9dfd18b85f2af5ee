"""Scenarios beside an agreement: a few lines of what happens, and what is expected of it."""

from slacheck.scenarios.loading import TestFile, found, load_tests
from slacheck.scenarios.outcome import Difference, Outcome
from slacheck.scenarios.running import run

__all__ = ["Difference", "Outcome", "TestFile", "found", "load_tests", "run"]
