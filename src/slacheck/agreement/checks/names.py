"""Names that lead nowhere or to two things, and what is named and never used."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.agreement.usage import credit_uses, divisions, register_targets
from slacheck.calendars.calendar import ALWAYS
from slacheck.calendars.references import faults, resting_on
from slacheck.fees.fee import RegisterFee
from slacheck.measures.composite import Composite
from slacheck.measures.measure import OfRecords

# Where things are named that levels use.
_ROOMS = ("sources", "outages", "exclusions", "calendars")


def findings(agreement: Agreement) -> Iterator[Finding]:
    """Dates out of order, unknown names, names without a use."""
    if agreement.effective and agreement.until and agreement.until < agreement.effective:
        yield Finding(("until",), "dates", "the agreement ends before it begins", "'until' is its last day")
    for name, level in agreement.service_levels.items():
        if level.effective and level.until and level.until < level.effective:
            yield Finding(("service_levels", name, "until"), "dates", "the level ends before it begins", "")
    for steps, code, message, help in faults(agreement.calendars):
        yield Finding(steps, code, message, help, "key" if code == "reserved-name" else "value")
    yield from _outages(agreement)
    yield from _exclusions(agreement)
    yield from _levels(agreement)
    yield from _unused(agreement)
    try:
        agreement.resting_order()
    except ValueError as circle:
        first = str(circle).split(" -> ")[0]
        message = f"levels that are made of each other: {circle}"
        yield Finding(("service_levels", first), "circle", message, "a level is made of others, never of itself", "key")


def _outages(agreement: Agreement) -> Iterator[Finding]:
    for name in agreement.outages:
        if name in agreement.sources:
            yield Finding(("outages", name), "two-meanings", f"'{name}' is a source and an outage", "rename one", "key")
    for name, outage in agreement.outages.items():
        for index, source in enumerate(outage.from_):
            if source not in agreement.sources:
                steps: Steps = ("outages", name, "from") + ((index,) if len(outage.from_) > 1 else ())
                yield Finding(steps, "unknown-name", f"no source '{source}'", meant(source, agreement.sources))


def _exclusions(agreement: Agreement) -> Iterator[Finding]:
    for name, exclusion in agreement.exclusions.items():
        for key, calendar in exclusion.calendars():
            yield from _calendar(agreement, ("exclusions", name, key), calendar)
        for fault in exclusion.faults(agreement.zone):
            yield Finding(("exclusions", name, *fault.steps), fault.code, fault.message, fault.help)
        if exclusion.from_ is None:
            continue
        steps: Steps = ("exclusions", name, "from")
        log = agreement.sources.get(exclusion.from_)
        if log is None:
            help = meant(exclusion.from_, agreement.sources)
            yield Finding(steps, "unknown-name", f"no source '{exclusion.from_}'", help)
        elif log.shape == "register" and exclusion.columns:
            # A register of granted exemptions: what it names does not count at all.
            if exclusion.notice is not None or exclusion.allowance is not None:
                yield Finding(steps, "shape", "a register has no times that notice and allowance could read", "")
        elif log.shape == "samples" and exclusion.columns and exclusion.plain_log:
            # A history of status changes: each state holds until the next one of the same ticket.
            pass
        elif log.shape != "events":
            yield Finding(steps, "shape", f"an exclusion reads events; '{exclusion.from_}' holds {log.shape}")
        elif exclusion.notice is not None and "announced" not in log.columns:
            steps = ("sources", exclusion.from_, "columns")
            yield Finding(steps, "missing-role", f"the notice of '{name}' needs a column for 'announced'", "", "key")


def _calendar(agreement: Agreement, steps: Steps, name: str) -> Iterator[Finding]:
    if name != ALWAYS and name not in agreement.calendars:
        yield Finding(steps, "unknown-name", f"no calendar '{name}'", meant(name, [*agreement.calendars, ALWAYS]))


def _levels(agreement: Agreement) -> Iterator[Finding]:
    known = [*agreement.sources, *agreement.outages]
    for promised in agreement.promised():
        steps: Steps = (*promised.steps, "measure")
        measure = promised.promise.measure
        if isinstance(measure, OfRecords):
            if measure.from_ not in known:
                help = meant(measure.from_, known)
                yield Finding((*steps, "from"), "unknown-name", f"no source or outage '{measure.from_}'", help)
            if measure.hours is not None:
                yield from _calendar(agreement, (*steps, "hours"), measure.hours)
        if isinstance(measure, Composite):
            for index, name in enumerate(measure.of):
                if name not in agreement.service_levels or name == promised.level_name:
                    others = [level for level in agreement.service_levels if level != promised.level_name]
                    message = f"no other service level '{name}'"
                    yield Finding((*steps, "of", index), "unknown-name", message, meant(name, others))
        for index, excluded in enumerate(promised.promise.excluding):
            if excluded not in agreement.exclusions:
                help = meant(excluded, agreement.exclusions)
                yield Finding((*steps, "excluding", index), "unknown-name", f"no exclusion '{excluded}'", help)
    for word, promised in register_targets(agreement):
        holding = [
            name for name, each in agreement.sources.items() if each.shape == "register" and word in each.columns
        ]
        if len(holding) != 1:
            message = f"no register has a column '{word}'" if not holding else f"two registers have a column '{word}'"
            yield Finding((*promised.steps, "target"), "unknown-name", message, "map it in one register's columns")
        elif "at" in agreement.sources[holding[0]].columns:
            message = f"'{holding[0]}' holds facts of a period ('at'), and a target is one value"
            yield Finding((*promised.steps, "target"), "shape", message, "map valid_from, or leave 'at' out")


def unused(finding: Finding) -> bool:
    """Whether it only says that nothing uses what is named there."""
    return finding.code in ("unused", "unused-column") and finding.steps[0] in (*_ROOMS, "fees", "settlement")


def used_only(agreement: Agreement) -> Agreement:
    """``agreement`` without what nothing in it uses: one version may name what only another one needs."""
    rooms = {
        room: {name: each for name, each in getattr(agreement, room).items() if name not in names}
        for room, (names, _) in _without_use(agreement).items()
        if names
    }
    return agreement.model_copy(update=rooms) if rooms else agreement


def _unused(agreement: Agreement) -> Iterator[Finding]:
    for room, (names, word) in _without_use(agreement).items():
        for name in names:
            help = "use it in a level, or leave it out"
            yield Finding((room, name), "unused", f"nothing uses the {word} '{name}'", help, "key")


def _without_use(agreement: Agreement) -> dict[str, tuple[set[str], str]]:
    """By room the names that nothing uses, and what such a name is."""
    measured = {
        promised.promise.measure.from_
        for promised in agreement.promised()
        if isinstance(promised.promise.measure, OfRecords)
    }
    excluded = {name for level in agreement.service_levels.values() for name in level.excluding}
    used = set(measured)
    for name in measured & set(agreement.outages):
        used |= set(agreement.outages[name].from_)
    for name in excluded & set(agreement.exclusions):
        used.add(agreement.exclusions[name].from_ or "")
    for division in divisions(agreement, {}).values():
        used |= set(division.registers)
    used |= {fee.from_ for fee in agreement.fees.values() if isinstance(fee, RegisterFee)}
    used |= {use.source for use in credit_uses(agreement)}
    for word, _ in register_targets(agreement):
        used |= {name for name, each in agreement.sources.items() if each.shape == "register" and word in each.columns}
    return {
        "sources": (set(agreement.sources) - used, "source"),
        "outages": (set(agreement.outages) - measured, "outage"),
        "exclusions": (set(agreement.exclusions) - excluded, "exclusion"),
        "calendars": (set(agreement.calendars) - set(_calendars_used(agreement)), "calendar"),
    }


def _calendars_used(agreement: Agreement) -> Iterator[str]:
    named = [calendar for exclusion in agreement.exclusions.values() for _, calendar in exclusion.calendars()]
    for promised in agreement.promised():
        measure = promised.promise.measure
        if isinstance(measure, OfRecords) and measure.hours is not None:
            named.append(measure.hours)
    terms = agreement.settlement
    counted = [*(claim.hours for claim in terms.claim), *(right.hours for right in agreement.rights.values())]
    named += [hours for hours in (*counted, terms.pay.hours if terms.pay else None) if hours is not None]
    for name in named:
        yield name
        if name in agreement.calendars:
            yield from resting_on(agreement.calendars, name)
