"""What the promises of a run ask for, answered in few passes: one room for each way of reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from slacheck.engine.scratch import Scratch
from slacheck.measures import case_answers, count_answers, record_answers, time_answers, value_answers
from slacheck.measures.asking import Answer, Ask
from slacheck.measures.measure import Reading
from slacheck.progress import SILENT, Progress

_ROOMS: Mapping[Reading, Callable[[Scratch, Sequence[Ask], int], list[list[Answer]]]] = {
    "time": time_answers.answer,
    "counts": count_answers.answer,
    "values": value_answers.answer,
    "cases": case_answers.answer,
    "records": record_answers.answer,
}


def answers(scratch: Scratch, asks: Sequence[Ask], until: int, progress: Progress = SILENT) -> list[list[Answer]]:
    """Answer every ask, in their order, each with one answer per subject in the order of names."""
    progress.begin("answering", len(asks))
    found: dict[int, list[Answer]] = {}
    for reads, answer in _ROOMS.items():
        chosen = [index for index, ask in enumerate(asks) if ask.measure.reads == reads]
        if chosen:
            progress.step(reads, len(chosen))
            found.update(zip(chosen, answer(scratch, [asks[index] for index in chosen], until), strict=True))
    return [found[index] for index in range(len(asks))]
