"""What a reader must know of the data: which files, how many rows were used, what was missing and what was odd."""

from slacheck.data_quality.checks import check_cases, check_periods
from slacheck.data_quality.notes import notes
from slacheck.data_quality.observing import Data, observe
from slacheck.data_quality.shown import inputs, sources

__all__ = ["Data", "check_cases", "check_periods", "inputs", "notes", "observe", "sources"]
