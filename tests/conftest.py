"""What every test runs under: the same random cases each time, and no clock that fails a slow machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("slacheck", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("slacheck")
