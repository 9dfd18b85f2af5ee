"""Whether the sources of a level have the shape that its measure reads, and say what it needs to know."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.level import Promised
from slacheck.agreement.usage import sources_of
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.measure import Dated, Measure, OfRecords
from slacheck.measures.rates import Rate
from slacheck.measures.reported_value import ReportedValue
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistic import ValueStatistic
from slacheck.outages.rule import Outage
from slacheck.sources.source import Source


def findings(agreement: Agreement) -> Iterator[Finding]:
    """Shapes that do not fit, and what only shows when rule, source and measure are seen together."""
    for name, rule in agreement.outages.items():
        yield from _rule(agreement, rule, ("outages", name))
    for promised in agreement.promised():
        measure = promised.promise.measure
        if isinstance(measure, OfRecords):
            yield from _measure(agreement, promised, measure)


def _rule(agreement: Agreement, rule: Outage, steps: Steps) -> Iterator[Finding]:
    sources = [agreement.sources[name] for name in rule.from_ if name in agreement.sources]
    at: Steps = (*steps, "from")
    for name in rule.from_:
        if name in agreement.sources:
            yield from _down(name, agreement.sources[name], rule, at)
    shapes = {source.shape for source in sources}
    if len(rule.from_) > 1 and not shapes <= {"events", "cases"}:
        yield Finding(at, "shape", "only logs of events and cases can be united", "name one source of samples")
    logs = shapes <= {"events", "cases"}
    for key, stands in (
        ("grace", rule.grace is not None),
        ("same_cause_within", rule.same_cause_within is not None),
        ("weight", rule.weight is not None),
        ("part_minutes", rule.part_minutes != "count"),
        ("overlapping", rule.overlapping in ("first", "longest")),
    ):
        if stands and not logs:
            message = f"'{key}' reads records with a start and an end, not {', '.join(sorted(shapes))}"
            yield Finding((*steps, key), "shape", message, "", "key")
    if rule.quorum is not None and logs:
        message = "'quorum' reads what several members see, not a log of records"
        yield Finding((*steps, "quorum"), "shape", message, "name a source of samples", "key")
    if rule.same_cause_within is not None and any("cause" not in source.columns for source in sources):
        yield Finding(
            (*steps, "same_cause_within"), "missing-role", "a source of this rule has no column 'cause'", "", "key"
        )


def _down(name: str, source: Source, rule: Outage, at: Steps) -> Iterator[Finding]:
    when = rule.condition
    if source.shape == "register":
        yield Finding(at, "shape", f"the register '{name}' holds facts, not down time", "name a log or samples")
    if source.shape == "counts" and rule.bad_intervals is None:
        help = 'name samples or events, or say which intervals are bad: when: {bad_share: "> 10%", each: 1m}'
        yield Finding(at, "shape", f"down time cannot be read from the counts '{name}'", help)
    if source.shape != "counts" and rule.bad_intervals is not None:
        message = f"'bad_share' reads counts; '{name}' holds {source.shape}"
        yield Finding((*at[:-1], "when"), "shape", message, "", "key")
    if source.shape == "cases" and rule.between is None:
        help = "write between: [opened, restored]"
        yield Finding(at, "shape", f"the cases '{name}' do not say from when to when they are down", help)
    if source.shape != "cases" and rule.between is not None:
        message = f"'between' reads cases; '{name}' holds {source.shape}"
        yield Finding((*at[:-1], "between"), "shape", message, "", "key")
    if source.is_log and when is not None:
        message = f"'when' reads samples; for {source.shape} write 'where'"
        yield Finding((*at[:-1], "when"), "shape", message, "", "key")
    if source.shape == "counts" and rule.bad_intervals is not None:
        yield from _filled(name, source, rule.bad_intervals.each, (*at[:-1], "when", "each"))
    if source.shape == "samples":
        if when is None and "state" not in source.columns:
            help = "map one, or say 'when' time is down"
            yield Finding(at, "shape", f"the samples '{name}' have no column for 'state'", help)
        if not source.holds:
            help = "write hold: 2m for probes (a little over their interval), or hold: until-next for a log of changes"
            yield Finding(
                ("sources", name), "hold", f"the samples '{name}' do not say how long a state holds", help, "key"
            )


def _filled(name: str, source: Source, each: int, steps: Steps) -> Iterator[Finding]:
    if source.daily or (source.width is not None and each % source.width):
        help = "an interval is as long as a row's, or a multiple of it"
        yield Finding(steps, "interval", f"the rows of '{name}' do not fill such intervals", help)


def _measure(agreement: Agreement, promised: Promised, measure: OfRecords) -> Iterator[Finding]:
    steps: Steps = (*promised.steps, "measure")
    at: Steps = (*steps, "from")
    names = sources_of(agreement, promised)
    rule = agreement.outages.get(measure.from_)
    if measure.reads == "time" or (isinstance(measure, Count) and rule is not None):
        if rule is None:
            for name in names:
                yield from _down(name, agreement.sources[name], agreement.down_rule(name), at)
        yield from _intervals(promised, agreement.down_rule(measure.from_))
    elif rule is not None:
        message = f"{measure.kind} reads records, not the outage '{measure.from_}'"
        yield Finding(at, "shape", message, "name a source")
    else:
        for name in names:
            yield from _records(agreement.sources[name], name, measure, steps)
    if isinstance(measure, Rate) and measure.mean_of_each is not None:
        yield from _empty_interval(promised)
        for name in names:
            yield from _filled(name, agreement.sources[name], measure.mean_of_each, (*steps, "mean_of_each"))
    if rule is not None and rule.weight is not None:
        yield from _weighted(promised, measure, steps)
    per = promised.level.per
    if per is not None and per.record is not None:
        yield from _per_record(agreement, promised, measure, names)


def _weighted(promised: Promised, measure: OfRecords, steps: Steps) -> Iterator[Finding]:
    """Weighted time has neither a longest outage nor single ones."""
    per = promised.level.per
    if isinstance(measure, Downtime) and measure.statistic != "total":
        message = f"weighted down time has no '{measure.statistic}'"
        yield Finding((*steps, "statistic"), "weight", message, "name a rule without 'weight'", "key")
    terms = promised.level.period
    if terms is not None and terms.judged == "continuously":
        yield Finding(
            (*steps, "from"),
            "weight",
            "weighted down time is not looked at over every stretch",
            "name a rule without 'weight'",
        )
    if isinstance(measure, Count) or (per is not None and per.record is not None):
        message = "outages of a rule with a weight are added up, not told apart"
        yield Finding((*steps, "from"), "weight", message, "name a rule without 'weight'")


def _intervals(promised: Promised, rule: Outage) -> Iterator[Finding]:
    if rule.bad_intervals is not None:
        yield from _empty_interval(promised)
    elif promised.promise.empty_interval is not None and not isinstance(promised.promise.measure, Rate):
        message = "'empty_interval' says what an interval of counts is worth; here there are none"
        yield Finding((*promised.steps, "empty_interval"), "unused", message, "", "key")


def _empty_interval(promised: Promised) -> Iterator[Finding]:
    if promised.promise.empty_interval is None:
        message = "nothing says what an interval without any request is worth"
        help = "write empty_interval: good, skip, bad or missing on the level"
        yield Finding((*promised.steps, "measure"), "empty-interval", message, help, "key")


def _records(source: Source, name: str, measure: Measure, steps: Steps) -> Iterator[Finding]:
    shapes: tuple[str, ...] = ("samples", "counts", "events", "cases")
    if isinstance(measure, ReportedValue):
        if source.shape != "samples" or "value" not in source.columns:
            message = f"{measure.kind} reads samples with a 'value' column; '{name}' has none"
            yield Finding((*steps, "from"), "shape", message)
        return
    if measure.reads == "cases":
        shapes = ("cases",)
    elif isinstance(measure, Count):
        shapes = ("events", "cases", "samples")
    elif isinstance(measure, ValueStatistic):
        shapes = ("samples", "cases", "events")
    elif isinstance(measure, Rate) and measure.good is None and measure.bad is None:
        shapes = ("counts",)
    if source.shape not in shapes:
        hold = f"'{name}' holds {source.shape}" if source.shape != "register" else f"'{name}' is a register"
        message = f"{measure.kind} reads {' or '.join(shapes)}; {hold}"
        help = "say which records are bad: bad: {outcome: [failed]}" if isinstance(measure, Rate) else ""
        yield Finding((*steps, "from"), "shape", message, help)
        return
    if isinstance(measure, Rate) and source.shape == "counts" and (measure.good or measure.bad):
        key = "good" if measure.good else "bad"
        yield Finding((*steps, key), "counts", f"'{key}' of counts is said on the source '{name}'", "", "key")
    word = measure.value if isinstance(measure, ValueStatistic) else ""
    if word == "value" and source.shape == "samples" and "value" not in source.columns:
        help = "map one, or name another: value: X"
        yield Finding((*steps, "from"), "shape", f"'{name}' has no 'value' column", help)
    if source.shape == "cases" and isinstance(measure, Dated) and measure.dated_by is None:
        between = getattr(measure, "between", None)
        if between is None:
            help = "write dated_by: opened"
            yield Finding(steps, "dated-by", "nothing says which instant places a case in a period", help, "key")


def _per_record(
    agreement: Agreement, promised: Promised, measure: OfRecords, names: tuple[str, ...]
) -> Iterator[Finding]:
    per = promised.level.per
    assert per is not None
    steps: Steps = ("service_levels", promised.level_name, "per")
    shapes = {agreement.sources[name].shape for name in names}
    fits = {
        "case": measure.reads in ("cases", "records") and shapes <= {"cases"},
        "event": measure.reads == "records" and shapes <= {"events"},
        "outage": measure.reads == "time" and measure.kind == "downtime",
    }[per.record or "case"]
    if not fits:
        message = f"{measure.kind} of '{measure.from_}' has no value for each {per.record}"
        help = "elapsed and count go with case, count with event, downtime with outage"
        yield Finding(steps, "per", message, help)
    if isinstance(measure, ShareWithin):
        yield Finding(steps, "per", "one case has no share", "write kind: elapsed with a target")
