"""``python -m slacheck`` is ``slacheck``."""

from slacheck.cli import main

main()
