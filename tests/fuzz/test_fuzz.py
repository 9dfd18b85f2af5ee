"""Whatever is damaged: problems and no errors, inside the file, printable, in bounded time and memory.

The same attempts each time; ``make fuzz SECONDS=600`` makes others, and keeps what it finds where this replays it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.attempts import Attempt, Fuzzing, Kind, attempts_of

CORPUS = Path(__file__).parent / "corpus"
# How many of each kind: about twenty seconds in all.
MOST: dict[Kind, int] = {"agreement": 500, "settled": 10, "beside": 6, "reading": 300, "export": 12, "preset": 15}


@pytest.fixture(scope="module")
def fuzzing() -> Iterator[Fuzzing]:
    with Fuzzing() as opened:
        yield opened


@pytest.mark.parametrize("kind", MOST)
def test_what_is_damaged_is_refused_or_read(
    fuzzing: Fuzzing, kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    tried = []

    @settings(
        max_examples=MOST[kind],
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(attempts_of(kind))
    def attempted(attempt: Attempt) -> None:
        tried.append(attempt)
        found = fuzzing.fault(attempt)
        assert found is None, f"{attempt.kind} {attempt.base} {attempt.file}: {found.signature}\n{found.told}"

    attempted()
    assert len(tried) >= MOST[kind]
    record_property("inputs tried", len(tried))


@pytest.mark.parametrize("kept", sorted(CORPUS.iterdir()), ids=lambda kept: kept.name)
def test_what_was_found_once_stays_repaired(
    fuzzing: Fuzzing, kept: Path, record_property: Callable[[str, object], None]
) -> None:
    found = fuzzing.fault(Attempt.of(kept))
    assert found is None, f"{found.signature}\n{found.told}"
    record_property("inputs tried", 1)
