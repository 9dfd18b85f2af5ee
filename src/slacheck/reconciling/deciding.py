"""Which disagreements decide: how many of the longest one side must take over for its verdict to be the other's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from slacheck.judging.judged import Judged
from slacheck.judging.line import foreseen
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.measures.measure import TimeTally
from slacheck.reconciling.result import Decided


def decided(
    here: Judged, there: Judged, only_there: Sequence[int], only_here: Sequence[int], whole: bool
) -> tuple[Decided, ...]:
    """For each side the least number of the longest disagreements that turn its verdict into the other's.

    ``only_there`` are the lengths (microseconds) of stretches that are down there and up here, ``only_here`` the
    others, longest first; ``whole`` tells that these are all of them. Only for shares and sums of time, where both
    verdicts are certain.
    """
    verdicts = [each.judgement.verdict if each.judgement else "" for each in (here, there)]
    if verdicts[0] == verdicts[1] or not set(verdicts) <= {"met", "breached"}:
        return ()
    found: list[Decided] = []
    for adopts, own, other, more, less in (
        ("here", here, there, only_there, only_here),
        ("there", there, here, only_here, only_there),
    ):
        # Who calls it met has to take over down time, who calls it breached to give it up.
        met = own.judgement is not None and own.judgement.verdict == "met"
        lengths, sign = (more, 1) if met else (less, -1)
        number = _least(own, lengths, sign)
        if number == 0:
            return ()
        if number is None and not whole:
            continue
        found.append(
            Decided(
                adopts="here" if adopts == "here" else "there",
                verdict=other.line.verdict,
                stretches=number,
                time=sum(lengths[:number]) if number is not None else sum(lengths),
            )
        )
    return tuple(found)


def _least(own: Judged, lengths: Sequence[int], sign: int) -> int | None:
    """How many it takes; 0 where the measure cannot tell, None where all of them do not."""
    tally, measure, target = own.answer.tally if own.answer else None, own.asking.promised.promise.measure, own.target
    total = isinstance(measure, Availability) or (isinstance(measure, Downtime) and measure.statistic == "total")
    if not total or not isinstance(tally, TimeTally) or own.asking.ask.sliding or target is None or own.few is not None:
        return 0
    assert own.judgement is not None
    assert own.answer is not None
    for number, moved in enumerate(accumulate(lengths), start=1):
        down, at_worst = (max(0, each + sign * moved) for each in (tally.down, tally.down_at_worst))
        answer = replace(own.answer, tally=replace(tally, down=down, down_at_worst=at_worst))
        if foreseen(own.asking, answer, target).verdict not in (own.judgement.verdict, "indeterminate"):
            return number
    return None
