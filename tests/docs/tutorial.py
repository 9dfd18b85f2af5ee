"""The steps of ``docs/tutorial.md`` in their order. ``python -m tests.docs.tutorial`` writes the answers anew."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests.binary import BINARY

PAGE: Final = Path(__file__).parents[2] / "docs" / "tutorial.md"
_STEP: Final = re.compile(
    r'^```(?:(?:csv|yaml) title="(?P<file>[^"]+)"|console)\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)


def followed(page: str, folder: Path) -> str:
    """The page with what its commands print in an empty folder in which each file is saved when the page says so."""

    def step(found: re.Match[str]) -> str:
        if found["file"]:
            (folder / found["file"]).write_text(found["text"], encoding="utf-8")
            return found[0]
        command = found["text"].partition("\n")[0]
        return f"```console\n{command}\n{_printed(command.removeprefix('$ '), folder)}```"

    return _STEP.sub(step, page)


def _printed(command: str, folder: Path) -> str:
    kept = {key: os.environ[key] for key in ("HOME", "PYTHONPATH") if key in os.environ}
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**kept, "PATH": f"{BINARY.parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        PAGE.write_text(followed(PAGE.read_text(encoding="utf-8"), Path(empty)), encoding="utf-8")
