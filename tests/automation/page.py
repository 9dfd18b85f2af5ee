"""What docs/automation.md gives to copy and paste, and small agreements to try it on."""

from __future__ import annotations

import os
from pathlib import Path

from tests.binary import AGREEMENT, BINARY
from tests.fenced import fenced

ROOT = Path(__file__).parents[2]
AUTOMATION = ROOT / "automation"

# As of this instant the day of tests.binary is the last that is over in London.
AS_OF = "2026-10-06T04:30:00Z"

MONTHLY = """\
slacheck: 1
id: {id}
provider: Northwind Hosting
customer: Acme Ltd
timezone: {zone}
currency: GBP
fees: {{monthly: 400.00}}
sources:
  outages: {{path: outages.csv, shape: events, columns: {{start: from, end: to}}}}
service_levels:
  availability:
    measure: {{kind: availability, from: outages}}
    target: ">= 99.9%"
    credit: {{kind: bands, of: monthly, bands: {{"< 99.9%": 10%}}}}
"""
"""An agreement by the month over outages.csv, of an ``id`` and a ``zone``."""

BROKEN = AGREEMENT.replace("acme-web", "broken").replace("from: probes}", "from: prbes}")


def blocks(language: str, heading: str) -> list[str]:
    """The fenced blocks of ``language`` below a heading of the page, in order."""
    text = (ROOT / "docs" / "automation.md").read_text()
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return fenced(section, language)


def bare(home: Path, *first: Path) -> dict[str, str]:
    """The environment that cron gives, with folders of programs before its own and slacheck among them."""
    programs = home / "programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "slacheck").exists():
        (programs / "slacheck").symlink_to(BINARY)
    kept = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    path = ":".join(str(each) for each in (*first, programs, "/usr/bin", "/bin"))
    return {"HOME": str(home), "LOGNAME": "sla", "SHELL": "/bin/sh", "PATH": path, **kept}


def program(path: Path, text: str) -> Path:
    """A shell script of the test's own at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return path


def has(*modules: str) -> bool:
    """Whether libraries that only checks need are there; the run with the oldest releases has none of them."""
    from importlib.util import find_spec

    return all(find_spec(each) for each in modules)
