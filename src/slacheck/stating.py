"""The last step: everything that is known of one agreement in one period, put into its statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from slacheck import rights
from slacheck.data_quality import Rows, inputs, notes
from slacheck.judging import Judged
from slacheck.planning import Settling
from slacheck.settlement import total
from slacheck.statement import AgreementShown, ExclusionShown, PeriodShown, Statement, overall
from slacheck.timeline import zones
from slacheck.timeline.periods import title


def statement(
    settling: Settling, judged: Sequence[Judged], history: rights.History, rows: Mapping[int, Rows]
) -> Statement:
    """The statement of one agreement for one period: its lines, settled, with rights, exclusions and data quality."""
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
            start=zones.written(window.start),
            end=zones.written(window.end),
            timezone=agreement.timezone,
            as_of=zones.written(window.hi) if window.running else None,
            running=window.running,
        ),
        verdict=overall(shown),
        lines=shown,
        total=total(agreement, settled, window.period),
        rights=rights.states(agreement, window.period, history),
        exclusions=_exclusions(settling),
        inputs=inputs(settling),
        data=notes(settling, rows, shown, [remark for each in judged for remark in each.remarks]),
        notes=agreement.notes,
    )


def _exclusions(settling: Settling) -> tuple[ExclusionShown, ...]:
    users = {
        name: tuple(level for level, each in settling.agreement.service_levels.items() if name in each.excluding)
        for name in settling.agreement.exclusions
    }
    return tuple(
        ExclusionShown(
            exclusion=ruling.exclusion,
            levels=users[ruling.exclusion],
            start=zones.written(ruling.candidate.start),
            end=zones.written(ruling.candidate.end),
            place=ruling.candidate.place,
            refused=ruling.refused,
            excused=sum(end - start for start, end in ruling.excused),
            excess=sum(end - start for start, end in ruling.excess),
        )
        for rulings in settling.rulings.values()
        for ruling in rulings
    )
