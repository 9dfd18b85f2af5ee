"""Targets and policies beside their measure: units that do not fit, promises that nothing can keep or break."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.level import Promise, Promised
from slacheck.agreement.level_terms import Misses
from slacheck.agreement.usage import sources_of
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.limits import Deadlines
from slacheck.language.quantities import DAY, Comparison, as_percentages
from slacheck.measures.composite import Composite
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.rates import Rate
from slacheck.measures.reported_value import ReportedValue
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistic import ValueStatistic


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with the targets, limits and policies of every promise."""
    for promised in agreement.promised():
        yield from _composed(agreement, promised)
        yield from _target(agreement, promised)
        yield from _policies(promised)
        yield from _limits(agreement, promised)
        yield from _paused(agreement, promised)
        yield from _level(agreement, promised)
        yield from _matching(agreement, promised)


def _target(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    promise, measure = promised.promise, promised.promise.measure
    steps: Steps = (*promised.steps, "target")
    target = promise.target.binding
    if target is None:
        if promised.level.roll_up != "each":
            message = "subjects with targets of their own have no one verdict"
            yield Finding(
                ("service_levels", promised.level_name, "roll_up"), "roll-up", message, "write one target", "key"
            )
        if promised.level.per is None or promised.level.per.column is None:
            yield Finding(
                steps, "target", f"'{promise.target.text}' needs subjects that a register knows", "write per: COLUMN"
            )
        return
    text = target.text
    if target.kind not in measure.units or not _fits_value(agreement, promised, target):
        bare = measure.units == {"share"} and target.kind == "number"
        help = f'write "{as_percentages(text)}"' if bare else ""
        yield Finding(steps, "unit", f"'{text}' is not what {measure.kind} measures", help)
    elif target.kind == "share" and any(not 0 <= edge <= 1 for edge in target.edges):
        yield Finding(steps, "unit", f"no share can be '{text}'", "shares lie between 0% and 100%")
    elif target.kind == "share" and not any(target.holds(value) for value in _shares(target)):
        yield Finding(steps, "never", f"no share is '{text}'", "write >= 100% or <= 0%")
    elif target.kind in ("days", "working-days"):
        yield from _in_days(promised, target, steps)
    elif isinstance(measure, Elapsed):
        yield from _letters_of_days(measure.hours, target, steps)
    if target.lower_is_worse is None:
        if promised.level.roll_up == "worst":
            yield Finding(steps, "roll-up", f"of '{text}' no subject is the worst", "bound the value from one side")
        if isinstance(measure, ValueStatistic) and measure.over_any is not None:
            yield Finding(steps, "statistic", f"of '{text}' no stretch is the worst", "bound the value from one side")


def _fits_value(agreement: Agreement, promised: Promised, target: Comparison) -> bool:
    """Whether the target is in the unit of the value that is read."""
    measure = promised.promise.measure
    if isinstance(measure, (ReportedValue, ValueStatistic)):
        word = measure.value if isinstance(measure, ValueStatistic) else "value"
        return all(agreement.sources[name].kind(word) == target.kind for name in sources_of(agreement, promised))
    return True


def _composed(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    """Levels of different units have no common value."""
    measure = promised.promise.measure
    if not isinstance(measure, Composite):
        return
    kinds = {
        promise.target.kind
        for name in measure.of
        if name in agreement.service_levels
        for promise in agreement.service_levels[name].promises.values()
    }
    if kinds - {promised.promise.target.kind}:
        message = f"'{promised.promise.target.text}' and the levels it is made of are not in one unit"
        yield Finding((*promised.steps, "target"), "unit", message, "a composite combines values of one unit")
    own = [name for name in measure.of if name in agreement.service_levels and agreement.service_levels[name].period]
    if measure.periods > 1 and own:
        message = f"'{own[0]}' has periods of its own"
        help = "values of several periods are put together of levels that have the agreement's period"
        yield Finding((*promised.steps, "measure", "periods"), "composite", message, help, "key")
    for key, stands in (("where", promised.promise.where), ("coverage", promised.promise.coverage)):
        if stands is not None:
            yield Finding((*promised.steps, key), "unused", f"a composite level reads no '{key}'", "", "key")


def _in_days(promised: Promised, comparison: Comparison, steps: Steps) -> Iterator[Finding]:
    measure = promised.promise.measure
    hours = measure.hours if isinstance(measure, OfRecords) else None
    if comparison.kind == "working-days" and hours is None:
        yield Finding(steps, "working-days", "working days of which calendar?", "write hours: CALENDAR in the measure")


def _shares(target: Comparison) -> Iterator[Fraction]:
    """Shares of which one satisfies ``target`` if any does."""
    marks = sorted({Fraction(0), Fraction(1), *target.edges})
    yield from marks
    yield from ((low + high) / 2 for low, high in pairwise(marks))


def _policies(promised: Promised) -> Iterator[Finding]:
    promise, steps = promised.promise, promised.steps
    measure = promise.measure
    if promise.coverage is not None:
        yield from _coverage((*steps, "coverage"), promise.coverage)
    if promise.missing not in measure.policies:
        message = f"{measure.kind} cannot count missing data as '{promise.missing}'"
        yield Finding((*steps, "missing"), "missing", message, f"one of {', '.join(sorted(measure.policies))}")
    if promise.rounded is not None:
        yield from _rounded(promise, (*steps, "rounded", "to"))
    yield from _without_use(promised)
    if promise.low_volume is not None and measure.reads not in ("counts", "cases", "values"):
        message = f"{measure.kind} has no volume that could be low"
        yield Finding((*steps, "low_volume"), "low-volume", message, "", "key")
    elif _counts_misses(promise) and not isinstance(measure, (ShareWithin, Rate)):
        message = f"{measure.kind} counts no misses"
        yield Finding((*steps, "low_volume", "then"), "low-volume", message, "write then: not-applicable")
    elif _counts_misses(promise) and getattr(measure, "mean_of_each", None) is not None:
        message = "a mean of rates counts no misses"
        yield Finding((*steps, "low_volume", "then"), "low-volume", message, "write then: not-applicable")


def _without_use(promised: Promised) -> Iterator[Finding]:
    """Keys that say something which this measure never reads."""
    promise, measure = promised.promise, promised.promise.measure
    of_measure: Steps = (*promised.steps, "measure")
    said = measure.model_fields_set
    hours = measure.hours not in (None, ALWAYS) if isinstance(measure, OfRecords) else False
    timed = isinstance(measure, Elapsed) or (isinstance(measure, ShareWithin) and measure.between is not None)
    plain = isinstance(measure, (Elapsed, ValueStatistic)) and (measure.statistic is None or measure.statistic.plain)
    days = promise.target.kind in ("days", "working-days")
    shared = isinstance(measure, ShareWithin) and measure.value is not None
    for key, idle, why in (
        ("received", not (timed and hours), "it moves a case to the next opening of a calendar: write hours"),
        ("until", isinstance(measure, Elapsed) and not days, "it belongs to a target in days"),
        ("method", bool(plain), "it belongs to a median or a percentile"),
        ("least_samples", getattr(measure, "over_any", None) is None, "it belongs to over_any"),
        ("statistic", isinstance(measure, Elapsed) and _per_case(promised), "with per: case each length is judged"),
        ("dated_by", _split(promised), "time is cut at the edge of a period, so that no instant dates it"),
    ):
        if key in said and idle:
            yield Finding((*of_measure, key), "unused", f"nothing reads '{key}' here", why, "key")
    covered = measure.reads in ("values", "records") or shared
    if promise.coverage is not None and covered:
        message = f"{measure.kind} does not know how much is missing"
        yield Finding((*promised.steps, "coverage"), "unused", message, "leave it out", "key")
    no_intervals = shared or (isinstance(measure, Rate) and measure.mean_of_each is None)
    if promise.empty_interval is not None and no_intervals:
        message = "'empty_interval' says what an interval is worth; here there are none"
        yield Finding((*promised.steps, "empty_interval"), "unused", message, "write mean_of_each: 5m", "key")


def _split(promised: Promised) -> bool:
    measure, per = promised.promise.measure, promised.level.per
    whole = per is not None and per.record is not None
    return isinstance(measure, Downtime) and measure.statistic in ("total", "longest") and not whole


def _counts_misses(promise: Promise) -> bool:
    return promise.low_volume is not None and isinstance(promise.low_volume.then, Misses)


def _coverage(steps: Steps, coverage: Comparison) -> Iterator[Finding]:
    if coverage.kind != "share":
        yield Finding(steps, "unit", "coverage is a share", 'write coverage: ">= 95%"')
    elif coverage.lower_is_worse is not True or any(not 0 <= edge <= 1 for edge in coverage.edges):
        message = f"'{coverage.text}' is no least coverage"
        yield Finding(steps, "coverage", message, 'coverage is the known share that is needed: ">= 95%"')


def _rounded(promise: Promise, steps: Steps) -> Iterator[Finding]:
    assert promise.rounded is not None
    to = promise.rounded.to
    if promise.target.kind is not None and to.kind != promise.target.kind:
        yield Finding(steps, "unit", f"'{to.text}' is not in the unit of the target", "")
    elif to.value <= 0:
        yield Finding(steps, "unit", f"nothing can be rounded to '{to.text}'", "write 0.01%")


def _limits(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    measure = promised.promise.measure
    steps: Steps = (*promised.steps, "measure", "limit")
    if isinstance(measure, Elapsed) and measure.statistic is None and not _per_case(promised):
        message = "nothing says what is made of the lengths of the cases"
        help = "write statistic: mean, median or p95, or per: case for a verdict on each"
        yield Finding((*promised.steps, "measure"), "statistic", message, help, "key")
    if not isinstance(measure, ShareWithin):
        return
    limit = measure.limit
    if limit is None:
        of = f" of the class '{promised.of_class}'" if promised.of_class else ""
        yield Finding((*promised.steps, "measure"), "no-limit", f"no limit{of} stands here", "write limit: 4h", "key")
    elif isinstance(limit, Deadlines):
        if any(row.working for row in limit.rows) and measure.hours is None:
            yield Finding(steps, "working-days", "working days of which calendar?", "write hours: CALENDAR")
    elif measure.between is not None:
        if limit.kind not in ("length", "days", "working-days"):
            yield Finding(steps, "unit", f"'{limit.text}' is no length of time", "write limit: 4h or 2 working days")
        yield from _in_days(promised, limit, steps)
        yield from _letters_of_days(measure.hours, limit, steps)
    elif measure.value is not None:
        for name in sources_of(agreement, promised):
            if agreement.sources[name].kind(measure.value) != limit.kind:
                help = f"write units: {{{measure.value}: ms}} on the source" if limit.kind == "length" else ""
                yield Finding(steps, "unit", f"'{limit.text}' is not in the unit of '{measure.value}'", help)


def _letters_of_days(hours: str | None, comparison: Comparison, steps: Steps) -> Iterator[Finding]:
    """``1d`` where time does not run through the night: a working day, or 24 hours of the clock?"""
    letters = comparison.kind == "length" and hours not in (None, ALWAYS) and "d" in comparison.text
    if letters and all(edge % DAY == 0 for edge in comparison.edges):
        help = "write 1 working day, or 24h for 24 counted hours"
        yield Finding(steps, "days", f"'{comparison.text}' on a service-hours clock has two meanings", help)


def _paused(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    measure = promised.promise.measure
    word = measure.paused if isinstance(measure, (Elapsed, ShareWithin)) else None
    if word is None:
        return
    steps: Steps = (*promised.steps, "measure", "paused")
    if getattr(measure, "between", None) is None:
        yield Finding(steps, "unused", "only a case stands still", "leave 'paused' out", "key")
    for name in sources_of(agreement, promised):
        if agreement.sources[name].kind(word) != "length":
            help = f"write units: {{{word}: min}} on the source"
            yield Finding(steps, "unit", f"the unit of '{word}' is not said", help)


def _per_case(promised: Promised) -> bool:
    return promised.level.per is not None and promised.level.per.record == "case"


def _level(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    level = promised.level
    steps: Steps = ("service_levels", promised.level_name)
    first = next(iter(level.promises))
    if promised.of_class != first:
        return
    yield from _period(agreement, promised, (*steps, "period"))
    if level.pooled:
        if len(level.promises) < 2:
            yield Finding((*steps, "pooled"), "pooled", "'pooled' puts classes together; there are none", "", "key")
        kinds = {promise.measure.kind for promise in level.promises.values()}
        if not kinds <= {"share-within", "success-rate", "error-rate", "count"}:
            message = f"{', '.join(sorted(kinds))} of several classes cannot be added up"
            yield Finding((*steps, "pooled"), "pooled", message, "a composite level combines values", "key")
        if len({promise.target for promise in level.promises.values()}) > 1:
            yield Finding((*steps, "pooled"), "pooled", "one verdict for all has one target", "", "key")
    if isinstance(promised.promise.measure, Composite):
        for key, stands in (("per", level.per), ("by", level.by), ("period", level.period)):
            if stands is not None:
                message = f"a composite level is made of other levels: it has no '{key}' of its own"
                yield Finding((*steps, key), "composite", message, "say it on those levels", "key")
    if level.roll_up != "each":
        if level.per is None or level.per.record is not None:
            yield Finding(
                (*steps, "roll_up"),
                "roll-up",
                "'roll_up' puts subjects together; there are none",
                "write per: COLUMN",
                "key",
            )
        measures = [promise.measure for promise in level.promises.values()]
        if level.roll_up == "pooled" and any(
            isinstance(measure, (Elapsed, ValueStatistic, Composite)) for measure in measures
        ):
            yield Finding(
                (*steps, "roll_up"),
                "roll-up",
                "statistics of several subjects cannot be added up",
                "leave 'per' out",
                "key",
            )


def _period(agreement: Agreement, promised: Promised, steps: Steps) -> Iterator[Finding]:
    terms = promised.level.period
    if terms is None:
        return
    if terms.rolling is not None and terms.rolling.unit not in ("day", "week", "month", "year"):
        yield Finding((*steps, "rolling"), "period", f"no stretch of '{terms.rolling}'", "write rolling: 30 days")
    if terms.judged != "continuously":
        return
    if terms.rolling is None or terms.rolling.unit not in ("day", "week"):
        yield Finding(
            (*steps, "judged"),
            "period",
            "'continuously' looks at every stretch of so many days",
            "write rolling: 30 days",
        )
    measure = promised.promise.measure
    sums = isinstance(measure, Count) or (isinstance(measure, Downtime) and measure.statistic == "total")
    if not sums or (promised.level.per is not None and promised.level.per.record is not None):
        message = f"{measure.kind} is not looked at over every stretch"
        yield Finding((*steps, "judged"), "period", message, "downtime in all and counts are; write judged: period-end")
    elif isinstance(measure, Count) and measure.from_ not in agreement.outages:
        message = f"records of '{measure.from_}' are counted in a period, not over every stretch"
        help = f"name an outage rule over them, such as outages: {{each: {{from: {measure.from_}}}}}"
        yield Finding((*promised.steps, "measure", "from"), "period", message, help)


def _matching(agreement: Agreement, promised: Promised) -> Iterator[Finding]:
    level, steps = promised.level, promised.steps
    if level.per is None or level.per.column is None:
        return
    for index, name in enumerate(promised.promise.excluding):
        exclusion = agreement.exclusions.get(name)
        log = agreement.sources.get(exclusion.from_ or "") if exclusion else None
        if exclusion and log and level.per.column in log.columns and exclusion.matching is None:
            yield Finding(
                (*steps, "measure", "excluding", index),
                "matching",
                f"the log of '{name}' carries '{level.per.column}', and '{name}' does not say for whom it holds",
                f"write matching: none on '{name}' when a record holds for every {level.per.column}, or "
                f"matching: {level.per.column} when it holds for its own",
            )
