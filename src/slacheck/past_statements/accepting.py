"""Which earlier statements an agreement may rest on: those of its own id, made under the terms of their period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from slacheck.agreement.loading import AgreementFile
from slacheck.past_statements.reading import Earlier, File
from slacheck.planning import Settling
from slacheck.planning.parts import Share, shares
from slacheck.problems import DataError, Problem
from slacheck.statement import Part, Statement
from slacheck.timeline.periods import Period, containing

_SHOWN = 5


@dataclass(frozen=True)
class Accepted:
    """An earlier statement, the version of the agreement that it was settled by, and the file it came from."""

    statement: Statement
    version: AgreementFile
    period: Period
    file: File


@dataclass
class Known:
    """What was given of one agreement: statements of periods that are known whole, in the order of time.

    ``told`` are remarks by the label of a period: why what was given of it does not count.
    """

    accepted: list[Accepted] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Fitting:
    earlier: Earlier
    share: Share
    period: Period


def accepted(settlings: Sequence[Settling], earlier: Sequence[Earlier]) -> dict[int, Known]:
    """Earlier statements by the agreement that they belong to (by ``id`` of its first version).

    Left aside are those of periods that the run itself settles, and of later ones. Raises DataError for statements of
    another agreement or of other terms, and for two that differ of one period.
    """
    of: dict[int, list[Settling]] = {}
    for settling in settlings:
        of.setdefault(id(settling.file.first), []).append(settling)
    found = {key: Known() for key in of}
    fitting: dict[int, list[_Fitting]] = {key: [] for key in of}
    problems: list[Problem] = []
    for each in earlier:
        named = [key for key, own in of.items() if own[0].file.agreement.id == each.statement.agreement.id]
        refused: list[Problem] = []
        for key in named:
            fits = _fits(of[key], each)
            if isinstance(fits, Problem) and each.aside:
                _tell(found[key], each.statement.period.label, f"{each.file.label} has {fits.message}")
            elif isinstance(fits, Problem):
                refused.append(fits)
            elif fits is not None:
                fitting[key].append(fits)
        if not named and not each.aside:
            problems.append(_of_another(each, [own[0] for own in of.values()]))
        elif refused and len(refused) == len(named):
            problems.append(refused[0])
    for key, known in found.items():
        problems += _put_together(known, fitting[key])
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _of_another(earlier: Earlier, settlings: Iterable[Settling]) -> Problem:
    ids = list(dict.fromkeys(f"'{each.agreement.id}'" for each in settlings))
    named = ", ".join(ids[:_SHOWN]) + (" ..." if len(ids) > _SHOWN else "")
    message = f"a statement of the agreement '{earlier.statement.agreement.id}', and none of this run has that id"
    help = f"this run settles {named}: keep the statements of each agreement in a folder of their own"
    return earlier.problem(("agreement", "id"), message, help)


def _fits(settlings: Sequence[Settling], earlier: Earlier) -> _Fitting | Problem | None:
    """The share of a period that a statement is of; None where nothing will read it."""
    file, shown = settlings[0].file.first, earlier.statement.period
    period = _period(file, earlier.statement)
    if period is None:
        message = f"'{shown.label}' is not a period of '{file.agreement.id}' as {file.label} cuts them"
        return earlier.problem(("period", "label"), message, "evaluate the periods again with this agreement")
    run = [each.window.period for each in settlings]
    # Nothing is said of it: a job that is run again beside its own statement would else say something else.
    if period in run or period.start > max(each.start for each in run):
        return None
    share = _share(file, period, earlier.statement)
    if share is None:
        message = f"{_whole(earlier.statement)} is settled in other parts by {file.label}, as it is amended now"
        return earlier.problem(("period", "part"), message, f"evaluate {period.label} again with this agreement")
    made = earlier.statement.agreement
    if made.sha256 != file.digest and made.terms != share.version.terms:
        message = (
            f"made of another version of '{made.id}': terms {made.terms[:12] or 'unknown'}, "
            f"and {file.label} has {share.version.terms[:12]} in force in {_whole(earlier.statement)}"
        )
        help = f"evaluate {period.label} again with this agreement; what changed on a date is written as an amendment"
        return earlier.problem(("agreement", "terms"), message, help)
    if earlier.statement.total is not None and earlier.statement.total.currency != file.agreement.currency:
        message = f"amounts in {earlier.statement.total.currency}, and the agreement pays {file.agreement.currency}"
        return earlier.problem(("total", "currency"), message, f"evaluate {period.label} again with this agreement")
    return _Fitting(earlier, share, period)


def _whole(statement: Statement) -> str:
    part = statement.period.part
    return statement.period.label + (f" ({part.first_day} to {part.last_day})" if part else "")


def _period(file: AgreementFile, statement: Statement) -> Period | None:
    """The period of the agreement that a statement names; None where its days are those of no period."""
    shown = statement.period
    try:
        period = containing(file.agreement.period.cycle, date.fromisoformat(shown.first_day))
    except (ValueError, OverflowError):
        return None
    last = (period.end - timedelta(days=1)).isoformat()
    same = (shown.label, shown.first_day, shown.last_day) == (period.label, period.start.isoformat(), last)
    return period if same and shown.timezone == file.agreement.timezone else None


def _days(share: Share) -> tuple[str, str] | None:
    if share.days is None:
        return None
    first, end = share.days
    return first.isoformat(), (end - timedelta(days=1)).isoformat()


def _share(file: AgreementFile, period: Period, statement: Statement) -> Share | None:
    part = statement.period.part
    days = (part.first_day, part.last_day) if part else None
    return next((each for each in shares(file, period) if _days(each) == days), None)


def _tell(known: Known, label: str, text: str) -> None:
    told = known.told.setdefault(label, [])
    if text not in told:
        told.append(text)


def _put_together(known: Known, fitting: Sequence[_Fitting]) -> Iterable[Problem]:
    """Keep the periods that are known whole, each part once."""
    by_period: dict[Period, dict[tuple[str, str] | None, list[_Fitting]]] = {}
    for each in fitting:
        by_period.setdefault(each.period, {}).setdefault(_days(each.share), []).append(each)
    for period in sorted(by_period, key=lambda each: each.start):
        whole: list[Accepted] = []
        for given in by_period[period].values():
            settled = [each for each in given if not each.earlier.statement.period.running]
            if not settled:
                file = given[0].earlier.file.label
                text = f"{file} says how {period.label} stood while it ran, and the period counts as not known"
                _tell(known, period.label, text)
                continue
            first, *others = settled
            for other in others:
                if substance(other.earlier.statement) != substance(first.earlier.statement):
                    message = (
                        f"{_whole(other.earlier.statement)} is also in {first.earlier.file.label}, and they differ"
                    )
                    yield other.earlier.problem(("period", "label"), message, "give one statement of each period")
                    break
            whole.append(Accepted(first.earlier.statement, first.share.version, period, first.earlier.file))
        wanted = list(shares(fitting[0].share.version.first, period))
        if len(whole) == len(wanted):
            known.accepted += sorted(whole, key=lambda each: _start(each.statement))
        elif whole:
            text = (
                f"only {len(whole)} of the {len(wanted)} parts of {period.label} are given, and it counts as not known"
            )
            _tell(known, period.label, text)


def _start(statement: Statement) -> str:
    part = statement.period.part
    return part.first_day if part else ""


def substance(statement: Statement) -> Mapping[str, Part | tuple[Part, ...] | str | None]:
    """What later statements may read of it; pictures are not, nor is where its terms are written."""
    return {
        "verdict": statement.verdict,
        "lines": tuple(line.model_copy(update={"course": None, "agreement_line": 0}) for line in statement.lines),
        "total": statement.total,
        "rights": statement.rights,
    }
