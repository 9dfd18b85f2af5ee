"""The whole flow on one page: agreements and exports in, statements out. Start reading here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from slacheck import rights
from slacheck.agreement.loading import AgreementFile
from slacheck.data_quality import check_periods, inputs, notes
from slacheck.engine.scratch import Scratch
from slacheck.judging import Judged, instant, lines
from slacheck.measures.tallying import answers
from slacheck.planning import Settling, ask, plan
from slacheck.settlement import total
from slacheck.sources.locating import DataGiven
from slacheck.statement import AgreementShown, ExclusionShown, PeriodShown, Statement, overall
from slacheck.timeline.periods import title
from slacheck.verdicts import Verdict


def evaluate(files: Sequence[AgreementFile], period: str, as_of: int, data: DataGiven) -> list[Statement]:
    """Settle every agreement for every period that ``period`` names, seen at ``as_of`` (microseconds UTC).

    ``data`` gives other files, or dataframes, for sources by their name. Raises PeriodError or DataError with
    everything that is wrong; the agreements themselves were checked when they were loaded.
    """
    with Scratch() as scratch:
        settlings = plan(files, period, as_of, data, scratch)
        asking = [
            (settling, name, level, ask(settling, level))
            for settling in settlings
            for name, level in settling.agreement.service_levels.items()
        ]
        answered = answers(scratch, [each for *_, each in asking], as_of)
        check_periods(asking, answered)
        judged: dict[int, list[Judged]] = {id(settling): [] for settling in settlings}
        for (settling, name, level, asked), found in zip(asking, answered, strict=True):
            judged[id(settling)] += lines(settling, name, level, asked, found)
        history = _history(settlings, judged)
        return [
            _statement(scratch, settling, judged[id(settling)], history[id(settling.file)]) for settling in settlings
        ]


def _history(settlings: Sequence[Settling], judged: dict[int, list[Judged]]) -> dict[int, rights.History]:
    """Per agreement: the gravest verdict of each level in each period of this run."""
    found: dict[int, dict[tuple[str, str], Verdict]] = {}
    for settling in settlings:
        own = found.setdefault(id(settling.file), {})
        for name in settling.agreement.service_levels:
            of_level = tuple(each.line for each in judged[id(settling)] if each.line.level == name)
            own[name, settling.window.period.label] = overall(of_level)
    return dict(found)


def _statement(scratch: Scratch, settling: Settling, judged: Sequence[Judged], history: rights.History) -> Statement:
    agreement, window = settling.agreement, settling.window
    shown = tuple(each.line for each in judged)
    settled = [(each.line.level, each.settled) for each in judged if each.settled is not None]
    return Statement(
        agreement=AgreementShown(
            id=agreement.id,
            title=agreement.title or agreement.id,
            kind=agreement.kind,
            provider=agreement.provider,
            customer=agreement.customer,
            file=settling.file.label,
            sha256=settling.file.digest,
        ),
        period=PeriodShown(
            label=window.period.label,
            title=title(window.period),
            first_day=window.period.start.isoformat(),
            last_day=(window.period.end - timedelta(days=1)).isoformat(),
            start=instant(window.start),
            end=instant(window.end),
            timezone=agreement.timezone,
            as_of=instant(window.hi) if window.running else None,
            running=window.running,
        ),
        verdict=overall(shown),
        lines=shown,
        total=total(agreement, settled, window.period),
        rights=rights.states(agreement, window.period, history),
        exclusions=_exclusions(settling),
        inputs=inputs(settling),
        data=notes(scratch, settling, shown),
        notes=agreement.notes,
    )


def _exclusions(settling: Settling) -> tuple[ExclusionShown, ...]:
    users = {
        name: tuple(
            level
            for level, each in settling.agreement.service_levels.items()
            if name in getattr(each.measure, "excluding", ())
        )
        for name in settling.agreement.exclusions
    }
    return tuple(
        ExclusionShown(
            exclusion=ruling.exclusion,
            levels=users[ruling.exclusion],
            start=instant(ruling.candidate.start),
            end=instant(ruling.candidate.end),
            place=ruling.candidate.place,
            refused=ruling.refused,
            excused=sum(end - start for start, end in ruling.excused),
            excess=sum(end - start for start, end in ruling.excess),
        )
        for rulings in settling.rulings.values()
        for ruling in rulings
    )
