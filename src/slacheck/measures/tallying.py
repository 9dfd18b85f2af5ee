"""What the promises of a run ask for, answered in few passes: one room for each way of reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer, Answered, Ask
from slacheck.measures.measure import Reading
from slacheck.progress import SILENT, Progress

_ROOMS: tuple[Reading, ...] = ("counts", "values", "cases", "records")
_Room = Callable[[Scratch, Sequence[Ask], int], list[list[Answer]]]


def answers(scratch: Scratch, asks: Sequence[Ask], until: int, progress: Progress = SILENT) -> list[Answered]:
    """Answer every ask, in their order, each with one answer per subject in the order of names."""
    progress.begin("answering", len(asks))
    found: dict[int, Answered] = {}
    timed = [index for index, ask in enumerate(asks) if ask.measure.reads == "time"]
    if timed:
        from slacheck.measures import time_answers

        progress.step("time", len(timed))
        found.update(zip(timed, time_answers.answer(scratch, [asks[index] for index in timed], until), strict=True))
    for reads in _ROOMS:
        chosen = [index for index, ask in enumerate(asks) if ask.measure.reads == reads]
        if chosen:
            progress.step(reads, len(chosen))
            of_room = _room(reads)(scratch, [asks[index] for index in chosen], until)
            found.update((index, Answered(tuple(each))) for index, each in zip(chosen, of_room, strict=True))
    return [found[index] for index in range(len(asks))]


def _room(reads: Reading) -> _Room:
    """The room that is asked for; those that no promise needs are not loaded."""
    if reads == "counts":
        from slacheck.measures import count_answers

        return count_answers.answer
    if reads == "values":
        from slacheck.measures import value_answers

        return value_answers.answer
    if reads == "cases":
        from slacheck.measures import case_answers

        return case_answers.answer
    from slacheck.measures import record_answers

    return record_answers.answer
