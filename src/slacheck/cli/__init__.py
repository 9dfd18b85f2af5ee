"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import zoneinfo
from typing import NoReturn

from slacheck.cli import exits


def main() -> NoReturn:
    """Run ``slacheck`` and exit with one of the documented codes; a user never meets a traceback."""
    # The tz database is the one installed with slacheck, so that two machines give the same bytes.
    zoneinfo.reset_tzpath(to=())
    # What refers to itself in circles is rare here: to look for it over and over takes an eighth of a long run.
    gc.set_threshold(200_000, 50, 50)
    code = exits.guarded(_run)
    if "pyspark" in sys.modules:
        # Its Java is told of the end on the way out.
        sys.exit(code)
    # All is written and tidied up; to take apart what the libraries hold takes a tenth of a short run.
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _run() -> None:
    from slacheck.cli.app import app

    app()
