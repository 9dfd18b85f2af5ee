"""The flow: both sides planned, settled in one pass, and compared line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from slacheck import past_statements
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.usage import sources_of
from slacheck.engine.beside import PairedStretch, PairedTally
from slacheck.engine.choosing import DUCKDB, Engine
from slacheck.engine.watched import Watched
from slacheck.evaluation import Done, settle_all
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.measures.asking import Ask, HasCourses
from slacheck.past_statements import Given
from slacheck.planning import plan
from slacheck.progress import SILENT, Progress
from slacheck.reconciling.deciding import decided
from slacheck.reconciling.records import records_beside
from slacheck.reconciling.result import (
    Alike,
    Cell,
    LineBeside,
    PeriodBeside,
    Reconciliation,
    Shift,
    Stretch,
    TimeBeside,
    TotalBeside,
)
from slacheck.reconciling.shifting import shift_between
from slacheck.reconciling.sides import Side
from slacheck.sources.locating import DataGiven
from slacheck.statement import MOST_LINES, Credit, Line, Statement
from slacheck.timeline import zones

Span = tuple[Decimal, Decimal | None]

# Of the disagreements of a line so many are shown, each with the records behind it.
MOST_SHOWN = 20


def reconcile(
    file: AgreementFile,
    other: Side,
    period: str,
    as_of: int,
    data: DataGiven,
    names: tuple[str, str] = ("provider", "customer"),
    earlier: Sequence[Given] = (),
    progress: Progress = SILENT,
    engine: Engine = DUCKDB,
) -> Reconciliation:
    """Settle ``file`` for every period that ``period`` names, from ``data`` and as ``other`` reads it, and compare.

    ``earlier`` are statements of earlier periods, the same for both; ``as_of`` is in microseconds UTC. Raises
    PeriodError, DataError or AgreementError with everything that is wrong, EngineError where the engine cannot do it.
    """
    given = past_statements.read(earlier)
    with engine.scratch() as scratch, Watched() as watched:
        progress.begin("reading")
        progress.ask(scratch.door.share_done)
        here = plan([file], period, as_of, data, scratch, watched, progress)
        there = plan([other.file], period, as_of, other.data, scratch, watched, progress)
        progress.ask(None)
        both = [*here, *there]
        done = settle_all(scratch, both, as_of, History(past_statements.accepted(both, given)), progress)
        records = records_beside(scratch, here, there, other.others)
        periods = list(_periods(done, len(here), other.others))
    first = done.statements[0]
    return Reconciliation(
        agreement=first.agreement,
        here=names[0],
        there=names[1],
        sources=tuple(sorted(other.others)),
        records=records,
        outcome=_outcome(periods),
        periods=tuple(periods),
    )


@dataclass(frozen=True)
class _Pair:
    """One line on each side: the line of the statement and how it came about."""

    here: tuple[Line, Judged] | None
    there: tuple[Line, Judged] | None

    @property
    def some(self) -> tuple[Line, Judged]:
        found = self.here or self.there
        assert found is not None
        return found

    @property
    def both(self) -> tuple[tuple[Line, Judged], tuple[Line, Judged]] | None:
        return (self.here, self.there) if self.here and self.there else None


def _periods(done: Done, number: int, others: frozenset[str]) -> Iterator[PeriodBeside]:
    paired = [list(_paired(done, at, number + at)) for at in range(number)]
    times = _times([pair for pairs in paired for pair in pairs], done)
    for at, pairs in enumerate(paired):
        here, there = done.statements[at], done.statements[number + at]
        yield PeriodBeside(
            period=here.period,
            lines=tuple(_line(pair, others, times.get(id(pair))) for pair in pairs),
            total=_total(here, there),
            inputs_here=here.inputs,
            inputs_there=there.inputs,
        )


def _paired(done: Done, here: int, there: int) -> Iterator[_Pair]:
    """The lines of both sides by level, class, period and subject, in the order of this side, then of the other."""
    sides = [
        {_key(line): (line, judged) for line, judged in zip(done.statements[at].lines, done.judged[at], strict=True)}
        for at in (here, there)
    ]
    for key in dict.fromkeys((*sides[0], *sides[1])):
        yield _Pair(sides[0].get(key), sides[1].get(key))


def _key(line: Line) -> tuple[str, ...]:
    return line.level, line.of_class, line.period, line.subject


def _line(pair: _Pair, others: frozenset[str], time: TimeBeside | None) -> LineBeside:
    line, judged = pair.some
    here, there = (each and each[0] for each in (pair.here, pair.there))
    touched = _touched(judged, others)
    amount, least, most = _amounts(here, there)
    return LineBeside(
        level=line.level,
        of_class=line.of_class,
        period=line.period,
        subject=line.subject,
        touched=touched,
        here=_bare(here),
        there=_bare(there),
        value=_value(here, there, touched),
        verdict=_verdict(here, there, touched),
        amount=amount,
        more_least=least,
        more_most=most,
        time=time,
    )


def _bare(line: Line | None) -> Line | None:
    """A line without its picture, which the stretches stand for."""
    return None if line is None else line.model_copy(update={"course": None})


def _touched(judged: Judged, others: frozenset[str]) -> bool:
    """Whether a line reads a source that the sides have apart, itself or in what is excluded from it."""
    asking = judged.asking
    agreement, promise = asking.settling.agreement, asking.promised.promise
    if promise.measure.reads == "levels":
        return True
    logs = {agreement.exclusions[name].from_ for name in promise.excluding}
    registers = {name for name, each in agreement.sources.items() if each.shape == "register"}
    return bool(others & {*sources_of(agreement, asking.promised), *logs, *registers})


def _value(here: Line | None, there: Line | None, touched: bool) -> Alike:
    if here is None or there is None:
        return "differs"
    ours, theirs = _bounds(here), _bounds(there)
    if ours == theirs and (not touched or _certain(ours)):
        return "same"
    if ours is None or theirs is None:
        return "differs"
    apart = ours[1] < theirs[0] or theirs[1] < ours[0]
    return "differs" if apart or (_certain(ours) and _certain(theirs)) else "open"


def _bounds(line: Line) -> tuple[Fraction, Fraction] | None:
    if line.best is None or line.worst is None:
        return None
    low, high = sorted((line.best.fraction, line.worst.fraction))
    return low, high


def _certain(bounds: tuple[Fraction, Fraction] | None) -> bool:
    return bounds is None or bounds[0] == bounds[1]


def _verdict(here: Line | None, there: Line | None, touched: bool) -> Alike:
    verdicts = {each.verdict if each else "not-applicable" for each in (here, there)}
    if "indeterminate" in verdicts:
        return "open" if touched or len(verdicts) > 1 else "same"
    return "same" if len(verdicts) == 1 else "differs"


def _amounts(here: Line | None, there: Line | None) -> tuple[Alike, str | None, str | None]:
    credits = [each.credit if each else None for each in (here, there)]
    if credits == [None, None]:
        return "same", None, None
    return _more(*map(_counted, credits))


def _counted(credit: Credit | None) -> Span:
    """What is left of a credit; of lines that exclude each other it may be less in the worse case."""
    if credit is None:
        return Decimal(0), Decimal(0)
    least = Decimal(credit.counted_least)
    most = None if credit.counted_most is None else Decimal(credit.counted_most)
    return (least, None) if most is None else (min(least, most), max(least, most))


def _more(here: Span, there: Span) -> tuple[Alike, str | None, str | None]:
    """How much more there than here, at least and at most, and whether they differ."""
    least = None if here[1] is None else there[0] - here[1]
    most = None if there[1] is None else there[1] - here[0]
    alike: Alike = "open"
    if least is not None and least == most:
        alike = "same" if least == 0 else "differs"
    elif (least is not None and least > 0) or (most is not None and most < 0):
        alike = "differs"
    return alike, None if least is None else f"{least}", None if most is None else f"{most}"


def _total(here: Statement, there: Statement) -> TotalBeside | None:
    if here.total is None or there.total is None:
        return None
    spans = [
        (Decimal(each.least), None if each.most is None else Decimal(each.most)) for each in (here.total, there.total)
    ]
    alike, least, most = _more(*spans)
    return TotalBeside(
        currency=here.total.currency,
        here_least=here.total.least,
        here_most=here.total.most,
        there_least=there.total.least,
        there_most=there.total.most,
        amount=alike,
        more_least=least,
        more_most=most,
    )


def _outcome(periods: Sequence[PeriodBeside]) -> Literal["agree", "disagree", "open"]:
    told = {each for period in periods for line in period.lines for each in (line.verdict, line.amount)}
    told |= {period.total.amount for period in periods if period.total is not None}
    return "disagree" if "differs" in told else "open" if "open" in told else "agree"


def _times(pairs: Sequence[_Pair], done: Done) -> dict[int, TimeBeside]:
    """The time of every line that has a balance on both sides, looked up for all of them together."""
    courses = next((each.courses for each in done.answered if each.courses is not None), None)
    chosen = [
        (pair, both)
        for pair in pairs
        if (both := pair.both) and all(line.balance is not None and judged.answer is not None for line, judged in both)
    ]
    if courses is None or not chosen:
        return {}
    asked = [(_asked(both[0][1]), _asked(both[1][1])) for _, both in chosen]
    tallies, stretches = courses.beside(asked)
    cells: dict[int, list[PairedTally]] = {}
    longest: dict[int, list[PairedStretch]] = {}
    for tally in tallies:
        cells.setdefault(tally.pair, []).append(tally)
    for stretch in stretches:
        longest.setdefault(stretch.pair, []).append(stretch)
    sought = [
        (*asked[number][side], each.s)
        for number in range(len(chosen))
        for each in longest.get(number, ())[:MOST_SHOWN]
        for side in (0, 1)
    ]
    places = iter(courses.shows(sought))
    shifts = _shifts(courses, asked, longest)
    found: dict[int, TimeBeside] = {}
    for number, (pair, both) in enumerate(chosen):
        shown = [(each, next(places), next(places)) for each in longest.get(number, ())[:MOST_SHOWN]]
        made = _time(both, cells.get(number, ()), longest.get(number, ()), shown, shifts.get(number))
        if made is not None:
            found[id(pair)] = made
    return found


def _asked(judged: Judged) -> tuple[Ask, str]:
    assert judged.answer is not None
    return judged.asking.ask, judged.answer.of


def _shifts(
    courses: HasCourses,
    asked: Sequence[tuple[tuple[Ask, str], tuple[Ask, str]]],
    stretches: Mapping[int, Sequence[PairedStretch]],
) -> dict[int, Shift]:
    """The offsets that explain lines, of the first that disagree on what was down."""
    apart = [n for n, each in stretches.items() if any("down" in (one.here, one.there) for one in each)][:MOST_LINES]
    found = iter(courses.of([side for number in apart for side in asked[number]]))
    shifts: dict[int, Shift] = {}
    for number in apart:
        both = next(found), next(found)
        if any(each is None or each.left_out for each in both):
            continue
        spans = [[(s.start, s.end) for s in each.spans if s.state == "down"] for each in both if each]
        shift = shift_between(*spans)
        if shift is not None:
            shifts[number] = shift
    return shifts


def _time(
    both: tuple[tuple[Line, Judged], tuple[Line, Judged]],
    cells: Sequence[PairedTally],
    stretches: Sequence[PairedStretch],
    shown: Sequence[tuple[PairedStretch, str, str]],
    shift: Shift | None,
) -> TimeBeside | None:
    """None where a nominal length or the like makes the balance another than the time that passed."""
    for side, (line, _) in enumerate(both):
        assert line.balance is not None
        down = sum(each.time for each in cells if (each.here, each.there)[side] == "down")
        unknown = sum(each.time for each in cells if (each.here, each.there)[side] == "unknown")
        if (down, unknown) != (line.balance.down, line.balance.unknown):
            return None
    apart = sum(each.number for each in cells if each.here != each.there)
    whole = apart == len(stretches)

    def lengths(here: str, there: str) -> list[int]:
        return [each.e - each.s for each in stretches if (each.here, each.there) == (here, there)]

    return TimeBeside(
        period=sum(each.time for each in cells),
        cells=tuple(Cell(here=each.here, there=each.there, time=each.time, stretches=each.number) for each in cells),
        disagreements=tuple(_stretch(both, *each) for each in shown),
        left_out=apart - len(shown),
        decided=decided(both[0][1], both[1][1], lengths("up", "down"), lengths("down", "up"), whole),
        shift=shift,
    )


def _stretch(
    both: tuple[tuple[Line, Judged], tuple[Line, Judged]], stretch: PairedStretch, here: str, there: str
) -> Stretch:
    """With the records that show it: nobody shows time of which nothing is known, and no log what is up."""
    known = [
        place if state == "down" or (state == "up" and not _of_log(judged)) else ""
        for place, state, (_, judged) in zip((here, there), (stretch.here, stretch.there), both, strict=True)
    ]
    return Stretch(
        here=stretch.here,
        there=stretch.there,
        start=zones.written(stretch.s),
        end=zones.written(stretch.e),
        time=stretch.e - stretch.s,
        place_here=known[0],
        place_there=known[1],
        exclusions=tuple(dict.fromkeys(each for _, judged in both for each in _touching(judged, stretch))),
    )


def _of_log(judged: Judged) -> bool:
    return judged.asking.ask.exports[0].source.is_log


def _touching(judged: Judged, stretch: PairedStretch) -> Iterator[str]:
    """The records of the line's exclusions that touch a stretch."""
    rulings = judged.asking.settling.rulings
    for name in judged.asking.promised.promise.excluding:
        for ruling in rulings.get(name, ()):
            if any(start < stretch.e and stretch.s < end for start, end in (*ruling.excused, *ruling.excess)):
                yield f"{name} ({ruling.candidate.place})" if ruling.candidate.place else name
