"""Values: mean, sum, extremes, percentiles and the worst stretch of each subject, and values delivered as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.engine.order_statistics import Basic, Quantile, basic, quantiles
from slacheck.engine.scratch import Scratch
from slacheck.engine.sliding import SlidingRequest, Statistic, Worse, WorstWindow, worst_windows
from slacheck.engine.value_tally import ValueRequest, counted_values, lacking
from slacheck.measures.asking import Answer, Ask, Stretch
from slacheck.measures.measure import ValueTally
from slacheck.measures.statistic import ValueStatistic
from slacheck.measures.streams import Laid, laid
from slacheck.sources.matching import SCALE
from slacheck.timeline import intervals

_Key = tuple[int, int]


@dataclass
class _Found:
    """What the engine found, by part and subject."""

    basic: Mapping[_Key, Basic] = field(default_factory=dict)
    lacking: Mapping[_Key, int] = field(default_factory=dict)
    quantiles: Mapping[_Key, Fraction | None] = field(default_factory=dict)
    worst: Mapping[_Key, WorstWindow] = field(default_factory=dict)


def answer(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    """Values in the unit of their source: microseconds of lengths, shares, plain numbers.

    A value counts when its instant lies in time that counts; one without a number is left out and told. What an
    exclusion makes good is left out: no value is good by itself.
    """
    values = laid(scratch, asks, lambda ask, export: {"v": nw.col(export.figures(_word(ask)))}, _word)
    found = _found(scratch, asks, values)
    return [list(_answers(ask, index, values, found)) for index, ask in enumerate(asks)]


def _word(ask: Ask) -> str:
    return ask.measure.value if isinstance(ask.measure, ValueStatistic) else "value"


def _found(scratch: Scratch, asks: Sequence[Ask], values: Laid) -> _Found:
    live = {index: part for index, part in enumerate(values.parts) if part.window.lo < part.window.hi}
    if not live:
        return _Found()
    requests = [ValueRequest(q, part.stream, part.window.lo, part.window.hi, q) for q, part in live.items()]
    clocks = {q: intervals.difference(part.window.counted, part.window.forgiven) for q, part in live.items()}
    counted = counted_values(scratch, values.frame, requests, clocks)
    empty = lacking(scratch, counted)
    known = scratch.keep(counted.filter(~nw.col("v").is_null()), "known_values") if empty else counted
    wanted: list[Quantile] = []
    sliding: list[SlidingRequest] = []
    for q, part in live.items():
        ask = asks[part.ask]
        if not isinstance(ask.measure, ValueStatistic):
            continue
        if ask.measure.over_any is not None:
            if part.window.hi - part.window.lo >= ask.measure.over_any:
                sliding.append(_sliding(q, ask, ask.measure, ask.measure.over_any, part.window.lo, part.window.hi))
        elif ask.measure.statistic.share is not None:
            wanted.append(Quantile(q, q, ask.measure.statistic.share, ask.measure.statistic.by(ask.measure.method)))
    return _Found(
        {(each.q, each.k): each for each in basic(scratch, known)},
        empty,
        quantiles(scratch, _of(known, [each.request for each in wanted]), wanted) if wanted else {},
        {(each.request, each.k): each for each in worst_windows(scratch, known, sliding)} if sliding else {},
    )


def _of(known: nw.LazyFrame[Any], requests: Sequence[int]) -> nw.LazyFrame[Any]:
    return known.filter(nw.col("q").is_in(list(requests))).select("q", "k", "v")


def _sliding(q: int, ask: Ask, measure: ValueStatistic, width: int, lo: int, hi: int) -> SlidingRequest:
    worse: Worse = "least" if ask.lower_is_worse else "greatest"
    statistic: Statistic = "sum" if measure.statistic.plain == "sum" else "mean"
    return SlidingRequest(q, lo, hi, width, statistic, worse, measure.least_samples)


def _answers(ask: Ask, index: int, values: Laid, found: _Found) -> Iterator[Answer]:
    worth = ask.exports[0].source.worth(_word(ask))
    for k, name, part in values.answering(index):
        key = part, k
        own = values.parts[part].window if values.parts[part].k is not None else None
        remarks = (*values.undated[index], *_lacking(_word(ask), name, found.lacking.get(key, 0)))
        every = found.basic.get(key)
        if every is None:
            yield Answer(name, ValueTally(0, None, None), remarks=remarks, rows=0, window=own, of=name)
            continue
        worst = found.worst.get(key)
        asked = found.quantiles.get(key) if worst is None else worst.value
        yield Answer(
            name,
            ValueTally(
                every.count,
                _in_unit(every.least, worth),
                _in_unit(every.greatest, worth),
                _in_unit(every.total, worth),
                None if asked is None else _in_unit(asked, worth),
            ),
            outages=_stretch(worst),
            remarks=remarks,
            rows=every.count + found.lacking.get(key, 0),
            window=own,
            of=name,
        )


def _in_unit(value: int | Fraction, worth: Fraction) -> Fraction:
    return Fraction(value) * worth / Fraction(10**SCALE)


def _lacking(word: str, subject: str, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    of = f" of {subject}" if subject else ""
    return (f"{count:,} {'record' if count == 1 else 'records'}{of} without '{word}' left out",)


def _stretch(worst: WorstWindow | None) -> tuple[Stretch, ...]:
    """The worst stretch, as evidence."""
    if worst is None or worst.start is None or worst.end is None:
        return ()
    values = f"{worst.samples:,} {'value' if worst.samples == 1 else 'values'}"
    return (Stretch(worst.start, worst.end, worst.end - worst.start, cause=values),)
