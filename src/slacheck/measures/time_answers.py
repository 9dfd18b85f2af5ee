"""Time that was down, up or unknown: the answers of every measure that reads an outage rule, in few passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slacheck.engine.outage_tally import OutageLength
from slacheck.engine.scratch import Scratch
from slacheck.measures import outage_evidence
from slacheck.measures.asking import Answer, Answered, Ask
from slacheck.measures.course import Courses
from slacheck.measures.down_time import DownTime, down_time
from slacheck.measures.facts import OutageFacts, single
from slacheck.measures.measure import TimeTally, WeightedTally
from slacheck.measures.outage_evidence import Evidence
from slacheck.timeline import intervals, zones
from slacheck.timeline.windows import Window


def answer(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[Answered]:
    """One answer per subject of each ask, or one per outage."""
    found = down_time(scratch, asks, until)
    evidence = Evidence(scratch, asks, found)
    facts = OutageFacts(scratch, asks, found)
    courses = Courses(scratch, asks, found)
    return [
        Answered(
            tuple(
                _each_outage(ask, each, evidence, facts, until)
                if ask.record == "outage"
                else _each_subject(ask, each, evidence)
            ),
            each.down.seen,
            courses,
        )
        for ask, each in zip(asks, found, strict=True)
    ]


def _each_subject(ask: Ask, found: DownTime, evidence: Evidence) -> Iterator[Answer]:
    outages, unknown = evidence.outages(ask, found), outage_evidence.unknown(found)
    rows, dropped = found.down.rows, outage_evidence.dropped(found.down, ask.window)
    whole = _Whole.of(ask.window)
    for k, name in found.down.subjects:
        own = ask.own.get(name)
        of_subject = whole if own is None else _Whole.of(own)
        yield Answer(
            name,
            _time(ask, of_subject, found, k) if ask.rule.weight is None else _weighted(of_subject, found, k),
            outages.get(k, ()),
            unknown.get(k, ()),
            dropped.get(k, ()),
            found.down.remarks,
            rows.get(k),
            own,
            of=name,
        )


@dataclass(frozen=True)
class _Whole:
    """How much time of a window counts, and how much of it went beyond an allowance: down whatever was measured."""

    service: int
    forced: int

    @classmethod
    def of(cls, window: Window) -> _Whole:
        return cls(window.length, intervals.length(intervals.intersection(window.excess, window.counted)))


def _weighted(whole: _Whole, found: DownTime, k: int) -> WeightedTally:
    groups = found.weighted.get(k, ())
    return WeightedTally(whole.service, ((1, whole.forced), *groups) if whole.forced else groups)


def _time(ask: Ask, whole: _Whole, found: DownTime, k: int) -> TimeTally:
    forced, service, tally = whole.forced, whole.service, found.tallies.get(k)
    dated = found.dated.get(k, ())
    lengths = tuple(each.whole for each in dated if each.whole)
    running = any(each.end >= ask.as_of for each in dated)
    if ask.sliding:
        most, at_worst = found.slid.get(k, (0, 0))
        return TimeTally(service, most, at_worst, tally.unknown if tally else 0)
    if tally is None:
        return TimeTally(service, min(forced, service), min(forced, service), 0, lengths=lengths, running=running)
    service -= tally.skipped
    # A nominal length may be shorter than the time that was down in a real one.
    down = min(tally.down + forced, service)
    outages, longest = tally.outages, tally.longest
    if found.split:
        counted = [each.counted for each in found.split.get(k, ()) if each.counted]
        outages, longest = len(counted), max(counted, default=0)
    return TimeTally(
        service,
        down,
        min(tally.not_up + forced, service),
        min(tally.unknown, service - down),
        outages,
        longest,
        tally.longest_not_up,
        lengths,
        running,
    )


def _each_outage(ask: Ask, found: DownTime, evidence: Evidence, facts: OutageFacts, until: int) -> Iterator[Answer]:
    """One answer for each outage that belongs to the window, whole."""
    every = single(found)
    names = _names(ask, found, every)
    for each, name in zip(every, names, strict=True):
        worst = max(other.whole for other in (each, *found.may_be(each)))
        subject = found.down.names[each.k]
        shown, said = evidence.outage(ask, found, each, whole=True), facts.of(ask, found.down, each)
        running = each.end >= until
        yield Answer(
            name,
            TimeTally(
                service=worst,
                down=each.whole,
                down_at_worst=worst,
                unknown=worst - each.whole,
                outages=1,
                longest=each.whole,
                longest_at_worst=worst,
                running=running,
            ),
            (shown,),
            remarks=(*found.down.remarks, *said.remarks),
            window=ask.own.get(subject),
            of=subject,
            facts=said.facts,
            figures=said.figures,
            moments=said.moments,
            began=each.start,
            ended=None if running else each.end,
            record=shown.place,
        )


def _names(ask: Ask, found: DownTime, outages: Sequence[OutageLength]) -> list[str]:
    """SUBJECT START, in local time to the minute; to the second and with its offset where two would be the same."""

    def named(each: OutageLength, exactly: bool) -> str:
        local = zones.local(each.start, ask.zone)
        start = (
            local.isoformat(timespec="auto") if exactly else local.replace(tzinfo=None).isoformat(timespec="minutes")
        )
        return f"{found.down.names[each.k]} {start}".strip()

    plain = [named(each, exactly=False) for each in outages]
    exact = [named(each, exactly=True) for each in outages]
    alike = Counter(plain)
    names = [exact[i] if alike[name] > 1 else name for i, name in enumerate(plain)]
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
