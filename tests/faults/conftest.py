"""The real binary, in a folder of its own, with a disk, a signal or a writer in its way."""

from tests.cli.conftest import folder, slacheck

__all__ = ["folder", "slacheck"]
