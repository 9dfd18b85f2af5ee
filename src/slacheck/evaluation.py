"""The whole flow on one page: agreements and exports in, statements out. Start reading here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slacheck import rights
from slacheck.agreement.loading import AgreementFile
from slacheck.data_quality import check_periods, rows_of
from slacheck.engine.scratch import Scratch
from slacheck.judging import Judged, lines
from slacheck.measures.tallying import answers
from slacheck.planning import Settling, ask, plan
from slacheck.sources.locating import DataGiven
from slacheck.statement import Statement, overall
from slacheck.stating import statement
from slacheck.verdicts import Verdict


def evaluate(files: Sequence[AgreementFile], period: str, as_of: int, data: DataGiven) -> list[Statement]:
    """Settle every agreement for every period that ``period`` names, seen at ``as_of`` (microseconds UTC).

    ``data`` gives other files, or dataframes, for sources by their name. Raises PeriodError or DataError with
    everything that is wrong; the agreements themselves were checked when they were loaded.
    """
    with Scratch() as scratch:
        # sources, timeline, exclusions: which periods, which exports, what is excused
        settlings = plan(files, period, as_of, data, scratch)
        # what every level of every agreement asks in every period
        asking = [
            (settling, name, level, ask(settling, level))
            for settling in settlings
            for name, level in settling.agreement.service_levels.items()
        ]
        # outages, engine: all of it answered together
        answered = answers(scratch, [each for *_, each in asking], as_of)
        check_periods(asking, answered)
        rows = rows_of(scratch, settlings)
    # measures, verdicts, remedies: one line per level and subject
    judged: dict[int, list[Judged]] = {id(settling): [] for settling in settlings}
    for (settling, name, level, asked), found in zip(asking, answered, strict=True):
        judged[id(settling)] += lines(settling, name, level, asked, found)
    # settlement, rights, statement
    history = _history(settlings, judged)
    return [statement(each, judged[id(each)], history[id(each.file)], rows) for each in settlings]


def _history(settlings: Sequence[Settling], judged: Mapping[int, Sequence[Judged]]) -> dict[int, rights.History]:
    """Per agreement: the gravest verdict of each level in each period of this run."""
    found: dict[int, dict[tuple[str, str], Verdict]] = {}
    for settling in settlings:
        own = found.setdefault(id(settling.file), {})
        for name in settling.agreement.service_levels:
            of_level = tuple(each.line for each in judged[id(settling)] if each.line.level == name)
            own[name, settling.window.period.label] = overall(of_level)
    return dict(found)
