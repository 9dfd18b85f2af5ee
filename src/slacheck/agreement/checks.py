"""Checks on meaning: what an agreement says that its models alone cannot see to be wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Level
from slacheck.language.conditions import Condition
from slacheck.language.quantities import Comparison, as_percentages
from slacheck.language.scalars import ShareOf
from slacheck.outages.rule import Outage
from slacheck.remedies.per_unit import PerUnit
from slacheck.sources.source import ROLES, Source
from slacheck.timeline import zones

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something that cannot be meant, and the keys that lead to it."""

    steps: Steps
    code: str
    message: str
    help: str = ""
    at: str = "value"


def findings(agreement: Agreement) -> Iterator[Finding]:
    """Everything wrong with the meaning of ``agreement``, in no particular order."""
    yield from _dates(agreement)
    yield from _names(agreement)
    yield from _unused(agreement)
    for name, source in agreement.sources.items():
        yield from _source(agreement, name, source)
    for name, level in agreement.service_levels.items():
        yield from _level(agreement, name, level)
    yield from _money(agreement)
    yield from _rights(agreement)


def _dates(agreement: Agreement) -> Iterator[Finding]:
    if agreement.effective and agreement.until and agreement.until < agreement.effective:
        yield Finding(("until",), "dates", "the agreement ends before it begins", "'until' is its last day")


def _meant(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(known) or 'nothing'}"


def _names(agreement: Agreement) -> Iterator[Finding]:
    """Names that lead nowhere, or to two things."""
    for name in agreement.outages:
        if name in agreement.sources:
            yield Finding(("outages", name), "two-meanings", f"'{name}' is a source and an outage", "rename one", "key")
    for name, outage in agreement.outages.items():
        for index, source in enumerate(outage.from_):
            if source not in agreement.sources:
                steps: Steps = ("outages", name, "from") + ((index,) if len(outage.from_) > 1 else ())
                yield Finding(steps, "unknown-name", f"no source '{source}'", _meant(source, agreement.sources))
    for name, exclusion in agreement.exclusions.items():
        if exclusion.from_ not in agreement.sources:
            help = _meant(exclusion.from_, agreement.sources)
            yield Finding(("exclusions", name, "from"), "unknown-name", f"no source '{exclusion.from_}'", help)
            continue
        log = agreement.sources[exclusion.from_]
        if log.shape != "events":
            steps = ("exclusions", name, "from")
            yield Finding(steps, "shape", f"an exclusion reads events; '{exclusion.from_}' holds {log.shape}")
        elif exclusion.notice is not None and "announced" not in log.columns:
            steps = ("sources", exclusion.from_, "columns")
            yield Finding(steps, "missing-role", f"the notice of '{name}' needs a column for 'announced'", "", "key")
    for name, level in agreement.service_levels.items():
        steps = ("service_levels", name, "measure")
        known = [*agreement.sources, *agreement.outages]
        if level.measure.from_ not in known:
            help = _meant(level.measure.from_, known)
            yield Finding((*steps, "from"), "unknown-name", f"no source or outage '{level.measure.from_}'", help)
        for index, excluded in enumerate(level.excluding):
            if excluded not in agreement.exclusions:
                help = _meant(excluded, agreement.exclusions)
                yield Finding((*steps, "excluding", index), "unknown-name", f"no exclusion '{excluded}'", help)


def _unused(agreement: Agreement) -> Iterator[Finding]:
    measured = {level.measure.from_ for level in agreement.service_levels.values()}
    excluded = {name for level in agreement.service_levels.values() for name in level.excluding}
    used = set(measured)
    for name in measured & set(agreement.outages):
        used |= set(agreement.outages[name].from_)
    for name in excluded & set(agreement.exclusions):
        used.add(agreement.exclusions[name].from_)
    for room, names, word in (
        ("sources", set(agreement.sources) - used, "source"),
        ("outages", set(agreement.outages) - measured, "outage"),
        ("exclusions", set(agreement.exclusions) - excluded, "exclusion"),
    ):
        for name in names:
            yield Finding(
                (room, name), "unused", f"nothing uses the {word} '{name}'", "use it in a level, or leave it out", "key"
            )


def _source(agreement: Agreement, name: str, source: Source) -> Iterator[Finding]:
    steps: Steps = ("sources", name)
    if source.timezone is not None:
        try:
            zones.zone(source.timezone)
        except ValueError as unknown:
            yield Finding((*steps, "timezone"), "timezone", str(unknown), "zones are named like Europe/London or UTC")
    used = set(_columns_used(agreement, name)) | set(ROLES[source.shape])
    for word in source.columns:
        if word not in used:
            roles = ROLES[source.shape]
            close = difflib.get_close_matches(word, roles, n=1)
            help = f"did you mean '{close[0]}'?" if close else f"{source.shape} have the roles {', '.join(roles)}"
            yield Finding((*steps, "columns", word), "unused-column", f"nothing uses the column '{word}'", help, "key")
    for word in source.units:
        if word not in used:
            yield Finding((*steps, "units", word), "unused-column", f"nothing uses the column '{word}'", "", "key")
    for condition, where in conditions(agreement, name):
        yield from _compared(source, condition, where)


def conditions(agreement: Agreement, source: str) -> Iterator[tuple[Condition, Steps]]:
    """Every condition that reads records of ``source``, with the keys that lead to it."""
    own = agreement.sources[source]
    for key in ("where", "good", "bad"):
        condition = getattr(own, key)
        if condition is not None:
            yield condition, ("sources", source, key)
    for name, exclusion in agreement.exclusions.items():
        if exclusion.from_ == source and exclusion.where is not None:
            yield exclusion.where, ("exclusions", name, "where")
    rules = {source}
    for name, outage in agreement.outages.items():
        if source in outage.from_:
            rules.add(name)
            for key in ("where", "when"):
                condition = getattr(outage, key)
                if condition is not None:
                    yield condition, ("outages", name, key)
    for name, level in agreement.service_levels.items():
        if level.measure.from_ in rules and level.measure.where is not None:
            yield level.measure.where, ("service_levels", name, "measure", "where")


def _columns_used(agreement: Agreement, source: str) -> Iterator[str]:
    for condition, _ in conditions(agreement, source):
        yield from condition.columns()
    rules = {source, *(name for name, outage in agreement.outages.items() if source in outage.from_)}
    for level in agreement.service_levels.values():
        if level.per and level.measure.from_ in rules:
            yield level.per.column
    logs = {name for name, exclusion in agreement.exclusions.items() if exclusion.from_ == source}
    if logs:
        yield from ("announced", "cause")
    for level in agreement.service_levels.values():
        # The log of an exclusion may carry the subject: whether it matches is asked for elsewhere.
        if level.per and logs & set(level.excluding):
            yield level.per.column


def _compared(source: Source, condition: Condition, steps: Steps) -> Iterator[Finding]:
    for test in condition.tests:
        if test.comparison is None:
            continue
        unit = source.units.get(test.column)
        text = test.comparison.text
        if test.comparison.kind == "share":
            yield Finding(
                (*steps, test.column), "unit", f"'{text}' compares a cell with a share", "write a plain number"
            )
        elif test.comparison.kind == "length" and unit is None:
            help = f"write units: {{{test.column}: ms}} on the source"
            yield Finding((*steps, test.column), "unit", f"the unit of '{test.column}' is not said", help)
        elif test.comparison.kind == "number" and unit is not None:
            yield Finding(
                (*steps, test.column), "unit", f"'{text}' has no unit, '{test.column}' has", f"write {text}{unit}"
            )
    for index, alternative in enumerate(condition.any_of):
        yield from _compared(source, alternative, (*steps, "any_of", index))


def _level(agreement: Agreement, name: str, level: Level) -> Iterator[Finding]:
    steps: Steps = ("service_levels", name)
    measure = level.measure
    if level.target.kind != measure.unit:
        text = level.target.text
        bare = measure.unit == "share" and level.target.kind == "number"
        help = f'write "{as_percentages(text)}"' if bare else ""
        yield Finding((*steps, "target"), "unit", f"'{text}' is not what {measure.kind} measures", help)
    elif measure.unit == "share" and any(not 0 <= edge <= 1 for edge in level.target.edges):
        yield Finding(
            (*steps, "target"), "unit", f"no share can be '{level.target.text}'", "shares lie between 0% and 100%"
        )
    elif measure.unit == "share" and not any(level.target.holds(value) for value in _shares(level.target)):
        yield Finding((*steps, "target"), "never", f"no share is '{level.target.text}'", "write >= 100% or <= 0%")
    if level.coverage is not None:
        yield from _coverage((*steps, "coverage"), level.coverage)
    if level.missing not in measure.policies:
        help = f"one of {', '.join(sorted(measure.policies))}"
        yield Finding(
            (*steps, "missing"), "missing", f"{measure.kind} cannot count missing data as '{level.missing}'", help
        )
    yield from _readable(agreement, steps, level)
    yield from _matching(agreement, steps, level)
    if level.credit is None:
        return
    if level.role == "kpi":
        yield Finding(
            (*steps, "credit"), "kpi-credit", "a KPI never earns a credit", "leave the credit out, or the role", "key"
        )
    if isinstance(level.credit, PerUnit):
        yield from _per_unit((*steps, "credit"), level, level.credit)
    if level.target.kind == measure.unit:
        for fault in level.credit.faults(level.target, measure.unit):
            yield Finding((*steps, "credit", *fault.inside), fault.code, fault.message, fault.help, fault.at)


def _shares(target: Comparison) -> Iterator[Fraction]:
    """Shares of which one satisfies ``target`` if any does."""
    marks = sorted({Fraction(0), Fraction(1), *target.edges})
    yield from marks
    yield from ((low + high) / 2 for low, high in pairwise(marks))


def _coverage(steps: Steps, coverage: Comparison) -> Iterator[Finding]:
    if coverage.kind != "share":
        yield Finding(steps, "unit", "coverage is a share", 'write coverage: ">= 95%"')
    elif coverage.lower_is_worse is not True or any(not 0 <= edge <= 1 for edge in coverage.edges):
        message = f"'{coverage.text}' is no least coverage"
        yield Finding(steps, "coverage", message, 'coverage is the known share that is needed: ">= 95%"')


def _per_unit(steps: Steps, level: Level, credit: PerUnit) -> Iterator[Finding]:
    measure = level.measure
    if credit.each.kind == "length" and measure.unit == "share" and measure.reads != "time":
        message = f"{measure.kind} counts no time, so that no '{credit.each.text}' can be missed"
        yield Finding((*steps, "each"), "unit", message, "write points of shortfall, such as 0.1%")
    if measure.reads == "values" and level.missing == "bounds" and credit.cap is None:
        message = "a value that is not delivered could cost any amount"
        yield Finding(steps, "no-bound", message, "write a cap, or missing: exclude on the level", "key")


def _readable(agreement: Agreement, steps: Steps, level: Level) -> Iterator[Finding]:
    """Whether the sources of a level have the shape its measure reads."""
    measure = level.measure
    where: Steps = (*steps, "measure", "from")
    rule = agreement.outages.get(measure.from_)
    source = agreement.sources.get(measure.from_)
    if measure.reads == "time":
        names = rule.from_ if rule else (measure.from_,)
        at: Steps = ("outages", measure.from_, "from") if rule else where
        for name in names:
            if name in agreement.sources:
                yield from _down(name, agreement.sources[name], rule, at)
        shapes = [agreement.sources[name].shape for name in names if name in agreement.sources]
        if len(names) > 1 and set(shapes) != {"events"}:
            yield Finding(at, "shape", "only logs of events can be united", "name one source of samples")
    elif rule is not None:
        yield Finding(
            where, "shape", f"{measure.kind} reads records, not the outage '{measure.from_}'", "name a source"
        )
    elif source is not None and measure.reads == "counts" and source.shape != "counts":
        yield Finding(where, "shape", f"{measure.kind} reads counts; '{measure.from_}' holds {source.shape}")
    elif (
        source is not None
        and measure.reads == "values"
        and (source.shape != "samples" or "value" not in source.columns)
    ):
        yield Finding(where, "shape", f"{measure.kind} reads samples with a 'value' column; '{measure.from_}' has none")


def _down(name: str, source: Source, rule: Outage | None, at: Steps) -> Iterator[Finding]:
    if source.shape == "counts":
        yield Finding(at, "shape", f"down time cannot be read from the counts '{name}'", "name samples or events")
    when = rule.when if rule else None
    if source.shape == "events" and when is not None:
        yield Finding((*at[:-1], "when"), "shape", "'when' reads samples; for events write 'where'", "", "key")
    if source.shape == "samples":
        if when is None and "state" not in source.columns:
            yield Finding(
                at, "shape", f"the samples '{name}' have no column for 'state'", "map one, or say 'when' time is down"
            )
        if not source.holds:
            yield Finding(
                ("sources", name),
                "hold",
                f"the samples '{name}' do not say how long a state holds",
                "write hold: 2m for probes (a little over their interval), or hold: until-next for a log of changes",
                "key",
            )


def _matching(agreement: Agreement, steps: Steps, level: Level) -> Iterator[Finding]:
    if level.per is None:
        return
    for index, name in enumerate(level.excluding):
        exclusion = agreement.exclusions.get(name)
        log = agreement.sources.get(exclusion.from_) if exclusion else None
        if exclusion and log and level.per.column in log.columns and exclusion.matching is None:
            yield Finding(
                (*steps, "measure", "excluding", index),
                "matching",
                f"the log of '{name}' carries '{level.per.column}', and '{name}' does not say for whom it holds",
                f"write matching: none on '{name}' when a record holds for every {level.per.column}",
            )


def _money(agreement: Agreement) -> Iterator[Finding]:
    shares: list[tuple[Steps, ShareOf, str | None]] = []
    for name, level in agreement.service_levels.items():
        credit = level.credit
        if credit is None:
            continue
        steps: Steps = ("service_levels", name, "credit")
        shares += [((*steps, *inside), share, credit.of) for inside, share in credit.shares()]
        if credit.of is not None and credit.of not in agreement.fees:
            yield Finding((*steps, "of"), "unknown-name", f"no fee '{credit.of}'", _meant(credit.of, agreement.fees))
    for index, cap in enumerate(agreement.settlement.cap):
        place: Steps = ("settlement", "cap") + ((index,) if len(agreement.settlement.cap) > 1 else ())
        shares.append((place, cap, None))
    for place, share, base in shares:
        yield from _share(agreement, place, share, base)
    if (shares or agreement.fees) and agreement.currency is None:
        yield Finding(
            ("fees",) if agreement.fees else shares[0][0],
            "currency",
            "there is money and no currency",
            "write currency: EUR",
            "key",
        )


def _share(agreement: Agreement, place: Steps, share: ShareOf, base: str | None) -> Iterator[Finding]:
    if share.share is None:
        return
    fee = share.fee or base
    if fee is None:
        yield Finding(place, "no-base", f"'{share.text}' of what?", f"write of: FEE beside it, or {share.text} of FEE")
    elif share.fee is not None and fee not in agreement.fees:
        yield Finding(place, "unknown-name", f"no fee '{fee}'", _meant(fee, agreement.fees))
    if not Fraction(0) <= share.share <= 1 or share.text.startswith("-"):
        yield Finding(
            place, "unit", f"'{share.text}' is more than the whole fee or less than nothing", "write 0% to 100%"
        )


def _rights(agreement: Agreement) -> Iterator[Finding]:
    for name, right in agreement.rights.items():
        steps: Steps = ("rights", name, "when")
        level = agreement.service_levels.get(right.when.level)
        if level is None:
            help = _meant(right.when.level, agreement.service_levels)
            yield Finding((*steps, "level"), "unknown-name", f"no service level '{right.when.level}'", help)
        elif level.role == "kpi":
            yield Finding((*steps, "level"), "kpi-right", f"'{right.when.level}' is a KPI: it is never breached", "")
        if right.exercise_within is not None and right.exercise_within.unit == "working day":
            help = "write calendar days, such as 60 days"
            yield Finding(("rights", name, "exercise_within"), "right", "working days need a calendar", help)
        if right.when.of_last is not None and right.when.breached > right.when.of_last:
            yield Finding(
                (*steps, "breached"),
                "never",
                f"{right.when.breached} of {right.when.of_last} periods can never be breached",
                "",
            )
