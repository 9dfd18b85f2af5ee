"""The whole flow on one page: agreements and exports in, statements out. Start reading here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from slacheck import past_statements
from slacheck.agreement.loading import AgreementFile
from slacheck.courses import Drawn, drawn, with_courses
from slacheck.data_quality import check_cases, check_periods, observe
from slacheck.engine.choosing import DUCKDB, Engine
from slacheck.engine.scratch import Scratch
from slacheck.engine.watched import Watched
from slacheck.history import History, More, Past
from slacheck.judging import Asked, Judged, lines
from slacheck.judging.budget import at_best, with_budgets
from slacheck.judging.expected import expected_levels
from slacheck.judging.judged import Levels
from slacheck.measures.asking import Answer, Answered
from slacheck.measures.tallying import answers
from slacheck.past_statements import Earlier, Given, Known, Shelf
from slacheck.planning import Asking, Settling, asks, plan
from slacheck.progress import SILENT, Progress
from slacheck.settlement import Settled, settle
from slacheck.sources.locating import DataGiven
from slacheck.statement import Statement
from slacheck.stating import statement
from slacheck.timeline.periods import Period

__all__ = ["DUCKDB", "Done", "Engine", "evaluate", "settle_all"]


def evaluate(
    files: Sequence[AgreementFile],
    period: str,
    as_of: int,
    data: DataGiven,
    earlier: Sequence[Given] = (),
    progress: Progress = SILENT,
    engine: Engine = DUCKDB,
    shelf: Shelf | None = None,
) -> list[Statement]:
    """Settle every agreement for every period that ``period`` names, seen at ``as_of`` (microseconds UTC).

    ``data`` gives other files, or dataframes, for sources by their name; ``earlier`` are statements of earlier periods,
    or the files that hold them, ``shelf`` is where more of them are kept; ``progress`` is told how far it is. Raises
    PeriodError or DataError with everything that is wrong, EngineError where the engine cannot do it; the agreements
    themselves were checked when they were loaded.
    """
    given = past_statements.read(earlier)
    with engine.scratch() as scratch, Watched() as watched:
        # sources, timeline, exclusions: which periods, which exports, what is excused
        progress.begin("reading")
        progress.ask(scratch.door.share_done)
        settlings = plan(files, period, as_of, data, scratch, watched, progress)
        progress.ask(None)
        more = None if shelf is None else _kept(shelf, settlings, given)
        history = History(past_statements.accepted(settlings, given), more)
        done = settle_all(scratch, settlings, as_of, history, progress)
        # pictures: where the time of the gravest lines went, from the tables that still stand
        return with_courses(done.statements, done.chosen, done.answered)


@dataclass(frozen=True)
class Done:
    """What became of settlings: a statement of each and its lines in their order, and the answers to what they asked.

    The tables behind ``answered`` stand as long as the scratch does; ``chosen`` lines are to have a course.
    """

    statements: list[Statement]
    judged: list[list[Judged]]
    chosen: list[Drawn]
    answered: list[Answered]


def settle_all(
    scratch: Scratch, settlings: Sequence[Settling], as_of: int, history: History, progress: Progress = SILENT
) -> Done:
    """Settle everything that is planned; what all of it asks of its exports is answered together."""
    # what every promise of every agreement asks in every period
    asking = [each for settling in settlings for each in asks(scratch, settling)]
    asked = [each for each in asking if not each.idle and each.ask.measure.reads != "levels"]
    # outages, engine: all of it answered together
    before = [each for each in asked if each.before is not None]
    answered = answers(
        scratch, [*(each.ask for each in asked), *(each.before for each in before if each.before)], as_of, progress
    )
    check_periods(asked, answered[: len(asked)])
    # what there is to say of the data itself
    observed = observe(scratch, settlings, asked, answered[: len(asked)])
    check_cases(settlings, observed)
    found = {id(each): answer.answers for each, answer in zip(asked, answered, strict=False)}
    uncorrected = {id(each): answer.answers for each, answer in zip(before, answered[len(asked) :], strict=True)}
    of: dict[int, list[Asking]] = {id(settling): [] for settling in settlings}
    for each in asking:
        of[id(each.settling)].append(each)
    # verdicts, remedies, settlement, rights, statement: in the order of time, each after those that it may rest on
    done = Done([], [], [], answered)
    progress.begin("settling", len(settlings))
    for settling in settlings:
        progress.step(settling.agreement.id)
        levels = _judged(settling, of[id(settling)], found, uncorrected, history)
        judged = [each for name in settling.agreement.service_levels for each in levels[name]]
        settled = _settled(settling, expected_levels(settling, judged, history), history)
        made = statement(settling, judged, settled, history, observed)
        kept = {name: [Past(each.line, each.measured) for each in of_level] for name, of_level in levels.items()}
        history.keep(settling, made, kept)
        done.chosen.extend(drawn(len(done.statements), made, judged))
        done.judged.append(judged)
        done.statements.append(made)
    return done


def _settled(settling: Settling, judged: Sequence[Judged], history: History) -> Settled:
    """The lines with what they cost; while the period runs with what is left, and what is owed whatever happens."""
    if not settling.window.running:
        return settle(settling, judged, history)
    settled = settle(settling, with_budgets(judged), history)
    if settled.total is None or any(
        each.promise.credit is not None and each.promise.credit.rewards for each in settling.agreement.promised()
    ):
        return settled
    anyway = settle(settling, at_best(judged), history).total
    total = settled.total.model_copy(update={"owed_anyway": anyway.least if anyway else None})
    return replace(settled, total=total)


def _kept(shelf: Shelf, settlings: Sequence[Settling], given: Sequence[Earlier]) -> More:
    """Looks up what the shelf has of a period, and puts it together with what was given of it."""

    def more(settling: Settling, period: Period) -> Known:
        agreement, own = settling.agreement.id, settling.file.first
        found = shelf.earlier(agreement, period.label)
        if not found:
            return Known()
        of = [each for each in settlings if each.file.first is own]
        beside = [
            each
            for each in given
            if (each.statement.agreement.id, each.statement.period.label) == (agreement, period.label)
        ]
        return past_statements.accepted(of, [*beside, *found])[id(own)]

    return more


def _judged(
    settling: Settling,
    asking: Sequence[Asking],
    found: Mapping[int, Sequence[Answer]],
    uncorrected: Mapping[int, Sequence[Answer]],
    history: History,
) -> Levels:
    """The lines of one settling by level; a level made of others is judged after them."""
    by_level: dict[str, list[Asking]] = {}
    for each in asking:
        by_level.setdefault(each.promised.level_name, []).append(each)
    done: dict[str, list[Judged]] = {}
    for name in settling.agreement.resting_order():
        asked = [Asked(each, found.get(id(each), ()), uncorrected.get(id(each), ())) for each in by_level[name]]
        done[name] = lines(asked, done, history)
    return done
