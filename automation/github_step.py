"""The step of action.yml: evaluates what the inputs say, and tells the runner what came of it."""

from __future__ import annotations

import glob
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

_GRAVEST_FIRST = ("breached", "indeterminate", "met", "not-applicable")


def main() -> int:
    """Run ``slacheck evaluate`` and return its exit code."""
    told = Path(os.environ["RUNNER_TEMP"]) / "slacheck-statements.json"
    text = told.with_suffix(".txt")
    for left in (told, text):
        left.unlink(missing_ok=True)
    command = [sys.executable, "-I", "-m", "slacheck", "evaluate", *_options(os.environ)]
    summary = f"markdown={os.environ['GITHUB_STEP_SUMMARY']}"
    command += [f"--output={each}" for each in (told, text, summary)] + ["--", *_agreements(os.environ["AGREEMENTS"])]
    code = subprocess.run(command, check=False).returncode  # noqa: S603
    outputs = {"exit-code": str(code)}
    if text.exists():
        _show(text.read_text(encoding="utf-8"))
        outputs |= {"statements": str(told), **_told(json.loads(told.read_bytes())["statements"])}
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in outputs.items())
    return code


def _options(inputs: Mapping[str, str]) -> Iterator[str]:
    yield f"--period={inputs['PERIOD']}"
    yield f"--as-of={inputs['AS_OF']}"
    yield f"--fail-on={inputs['FAIL_ON']}"
    for option in ("data", "history", "output"):
        for line in _lines(inputs[option.upper()]):
            yield f"--{option}={line}"


def _agreements(text: str) -> Iterator[str]:
    """The files that each line means. One that means none stays, for slacheck to say so."""
    for line in _lines(text):
        found = [] if os.path.exists(line) else sorted(glob.glob(line, recursive=True))
        yield from found or [line]


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def _show(statement: str) -> None:
    """Print it where the runner takes no line of it for a command: a title or a cell may look like one."""
    token = secrets.token_hex(16)
    text = f"::stop-commands::{token}\n{statement}::{token}::\n"
    sys.stdout.buffer.write(text.encode())


def _told(statements: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    verdicts = {each["verdict"] for each in statements}
    totals = [each["total"] for each in statements if each["total"]]
    currencies = {each["currency"] for each in totals}
    certain = len(currencies) == 1 and all(each["least"] == each["most"] for each in totals)
    return {
        "verdict": next(each for each in _GRAVEST_FIRST if each in verdicts),
        "amount": str(sum(Decimal(each["most"]) for each in totals)) if certain else "",
        "currency": "".join(currencies) if certain else "",
    }


if __name__ == "__main__":
    sys.exit(main())
