"""What the promises of a run ask for, answered in few passes: one room for each way of reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from slacheck.engine.scratch import Scratch
from slacheck.measures import case_answers, count_answers, record_answers, time_answers, value_answers
from slacheck.measures.asking import Answer, Answered, Ask
from slacheck.measures.measure import Reading
from slacheck.progress import SILENT, Progress

_ROOMS: Mapping[Reading, Callable[[Scratch, Sequence[Ask], int], list[list[Answer]]]] = {
    "counts": count_answers.answer,
    "values": value_answers.answer,
    "cases": case_answers.answer,
    "records": record_answers.answer,
}


def answers(scratch: Scratch, asks: Sequence[Ask], until: int, progress: Progress = SILENT) -> list[Answered]:
    """Answer every ask, in their order, each with one answer per subject in the order of names."""
    progress.begin("answering", len(asks))
    found: dict[int, Answered] = {}
    timed = [index for index, ask in enumerate(asks) if ask.measure.reads == "time"]
    if timed:
        progress.step("time", len(timed))
        found.update(zip(timed, time_answers.answer(scratch, [asks[index] for index in timed], until), strict=True))
    for reads, answer in _ROOMS.items():
        chosen = [index for index, ask in enumerate(asks) if ask.measure.reads == reads]
        if chosen:
            progress.step(reads, len(chosen))
            of_room = answer(scratch, [asks[index] for index in chosen], until)
            found.update((index, Answered(tuple(each))) for index, each in zip(chosen, of_room, strict=True))
    return [found[index] for index in range(len(asks))]
