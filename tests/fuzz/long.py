"""``make fuzz SECONDS=...``: damage agreements and exports for a while, tell how many, and keep what breaks slacheck.

Each fault is kept once, with the shortest input that shows it, in ``tests/fuzz/corpus``, which the tests replay.
"""

from __future__ import annotations

import faulthandler
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.attempts import Attempt, Fuzzing, attempts

_BATCH = 2_000
_PROGRESS = 60.0


class Finds:
    """The faults found, each kept as a file with the shortest input."""

    def __init__(self, keep: Path) -> None:
        self._keep = keep
        self._lengths: dict[str, int] = {}
        self._files: dict[str, Path] = {}

    def add(self, attempt: Attempt, signature: str, told: str) -> None:
        known = self._lengths.get(signature)
        if known is not None and known <= len(attempt.content):
            return
        self._lengths[signature] = len(attempt.content)
        if signature in self._files:
            self._files[signature].unlink()
        else:
            print(f"\nFOUND {signature} with {attempt.kind} {attempt.base}\n{told}\n", flush=True)
        self._files[signature] = attempt.kept(self._keep)

    def __len__(self) -> int:
        return len(self._files)

    def __str__(self) -> str:
        return "\n".join(f"  {signature}: {path}" for signature, path in self._files.items())


def main(seconds: float, keep: Path) -> int:
    """Fuzz for ``seconds``; 1 where anything was found."""
    tried: Counter[str] = Counter()
    finds = Finds(keep)
    begun = told = time.monotonic()
    with Fuzzing() as fuzzing:
        while time.monotonic() - begun < seconds:
            number = random.randrange(2**32)
            _batch(number, lambda attempt: _try(fuzzing, attempt, tried, finds))()
            if time.monotonic() - told > _PROGRESS:
                told = time.monotonic()
                print(f"{tried.total():,} inputs tried, {len(finds)} faults found; seed {number}", flush=True)
    print(
        f"{tried.total():,} inputs tried in {time.monotonic() - begun:.0f} s: {dict(tried)}; {len(finds)} faults found"
    )
    if len(finds):
        print(finds)
    return 1 if len(finds) else 0


def _try(fuzzing: Fuzzing, attempt: Attempt, tried: Counter[str], finds: Finds) -> None:
    # Where even the watchdog cannot end it: where it hangs is printed, and the input is there to be looked at.
    faulthandler.dump_traceback_later(180, exit=True)
    (fuzzing.folder / "tried-last").write_bytes(attempt.content)
    tried[attempt.kind] += 1
    found = fuzzing.fault(attempt)
    faulthandler.cancel_dump_traceback_later()
    if found:
        finds.add(attempt, found.signature, found.told)


def _batch(number: int, run: Callable[[Attempt], None]) -> Callable[[], None]:
    @seed(number)
    @settings(
        max_examples=_BATCH,
        phases=[Phase.generate],
        database=None,
        derandomize=False,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(attempts())
    def batch(attempt: Attempt) -> None:
        run(attempt)

    return batch


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), Path(__file__).parent / "corpus"))
