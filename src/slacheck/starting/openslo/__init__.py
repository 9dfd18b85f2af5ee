"""An agreement begun from OpenSLO documents. What an agreement cannot say is told with its place, never dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from slacheck.language.written import commented, scalar
from slacheck.problems import AgreementError, Problem
from slacheck.starting.beginning import Beginning
from slacheck.starting.openslo.documents import Object, Part, objects
from slacheck.starting.openslo.indicators import Sources
from slacheck.starting.openslo.objectives import METHODS, Objective, Written, named
from slacheck.starting.openslo.windows import Window, window
from slacheck.starting.parties import party_lines
from slacheck.timeline import zones

_UTC = "UTC"
_TOLD = {
    "alertPolicies": "alert policies warn while there is time; an agreement settles what was",
    "labels": "labels are not carried over",
    "annotations": "annotations are not carried over",
    "connectionDetails": "an export needs no connection; its details are not carried over",
    "dataSourceSpec": "an export needs no connection; its details are not carried over",
    "dataSource": "an export needs no connection; its details are not carried over",
    "timeSliceTarget": "a slice has no target of its own unless the budgeting method is Timeslices",
    "timeSliceWindow": "events are counted without slices; the budgeting method is Occurrences",
    "op": "a ratio is compared with nothing",
    "value": "a ratio is compared with nothing",
    "bad": "good events are read, so that bad ones are the rest",
}
_KINDS = {
    "AlertPolicy": _TOLD["alertPolicies"],
    "AlertCondition": _TOLD["alertPolicies"],
    "AlertNotificationTarget": _TOLD["alertPolicies"],
    "BudgetAdjustment": "a stretch that does not count is written as an exclusion, by hand",
    "Service": "no SLO in these files is of this service",
    "SLI": "no SLO in these files reads it",
    "DataSource": "no SLO in these files reads it",
}


def begun(paths: Sequence[Path], parties: Mapping[str, str], timezone: str | None = None) -> Beginning:
    """The agreement of all SLOs of the files.

    Raises AgreementError for what is no OpenSLO, and where no objective at all can be written; ValueError for a zone
    that does not exist.
    """
    if timezone is not None:
        zones.zone(timezone)
    found = objects(paths)
    slos = [each for each in found if each.kind == "SLO"]
    sources, written = Sources(found), Written()
    windows = [window(slo.spec, written.left) for slo in slos]
    usual = next((each.every for each in windows if each.every), "month")
    levels = [_levels(slo, of, sources, written, usual) for slo, of in zip(slos, windows, strict=True)]
    zone, zone_told = _zone(slos, windows, timezone, written)
    services = _services(found, slos)
    if not written.levels:
        told = [replace(each, weight="error") for each in _told_of(found, services, sources, written)]
        raise AgreementError(
            told or [Problem(str(path), code="openslo", message="there is no SLO in this file") for path in paths]
        )
    needed: list[str] = []
    lines = _head(paths, services, slos, parties, needed)
    lines += [f"timezone: {zone}{zone_told}", f"period: {usual}", "", "sources:"]
    for source in written.sources.values():
        lines += source.lines()
    if written.outages:
        lines += ["", "outages:", *written.outages]
    lines += ["", "service_levels:"]
    for slo, own in zip(slos, levels, strict=True):
        if own:
            lines += [*_about(slo), *(line for name in own for line in written.levels[name])]
    lines += ["", "notes:", *_notes(windows, zone_told)]
    # Only what is not in these lines is left over.
    left = _told_of(found, services, sources, written)
    if left:
        lines += ["", "# Not carried over:", *(f"#   {_placed(each)}" for each in left)]
    return Beginning(
        files={"agreement.yaml": "\n".join(lines) + "\n"},
        needed=tuple(needed),
        lacking={each.file: each.columns for each in written.sources.values()},
        left=tuple(left),
    )


def _told_of(found: Sequence[Object], services: Sequence[Object], sources: Sources, written: Written) -> list[Problem]:
    """All that an agreement cannot say, by place."""
    left = dict.fromkeys([*written.left, *_unread(found, services, sources)])
    return sorted(left, key=lambda each: (each.path, each.line, each.column))


def _head(
    paths: Sequence[Path],
    services: Sequence[Object],
    slos: Sequence[Object],
    parties: Mapping[str, str],
    needed: list[str],
) -> list[str]:
    named_service = services[0] if len(services) == 1 else None
    service = named_service.name if named_service else next((name for slo in slos if (name := _service(slo))), "slos")
    files = commented(", ".join(path.name for path in paths))
    lines = [f"# Begun from {files} (OpenSLO). A key that stands empty is yours to say."]
    lines += ["slacheck: 1", f"id: {named(service, ())}"]
    for each in services:
        lines += [
            f"# {commented(each.name)}: {commented(line)}"
            for line in each.spec.text("description").splitlines()
            if line.strip()
        ]
    if named_service and named_service.title != named_service.name:
        lines.append(f"title: {scalar(named_service.title)}")
    lines.append("kind: ola  # objectives within an organisation; sla or contract where they are promised to others")
    return lines + party_lines(parties, needed)


def _levels(slo: Object, of: Window, sources: Sources, written: Written, usual: str) -> list[str]:
    """Write the objectives of an SLO; the names of their levels."""
    spec = slo.spec
    method = spec.text("budgetingMethod") or "Occurrences"
    listed = spec.get("objectives")
    objectives = list(listed.items()) if listed else []
    if method not in METHODS or not objectives:
        said = "it has no objectives" if method in METHODS else f"no budgeting method '{method}': {', '.join(METHODS)}"
        written.left.append((spec.get("budgetingMethod") or spec).problem(f"'{slo.name}' is left out: {said}"))
        slo.whole.read()
        return []
    shared = sources.of(spec, slo, written.left)
    names: list[str] = []
    weights: list[tuple[str, str]] = []
    for number, each in enumerate(objectives, start=1):
        own = each.get("sli", "indicator", "sliRef", "indicatorRef")
        ratio = each.get("ratioMetrics")
        indicator = sources.of(each, slo, written.left) if own is not None else shared
        title = each.text("displayName")
        if ratio is not None:
            several = f"{slo.name}-{number}" if len(objectives) > 1 else slo.name
            indicator = sources.ratio(several, "", ratio, "", written.left)
        weight = each.text("compositeWeight")
        if indicator is None:
            written.left.append(each.problem(f"an objective of '{slo.name}' is left out: it has no indicator to read"))
            each.read()
            continue
        lone = len(objectives) == 1
        name = named(
            slo.name if lone else f"{slo.name}-{title or indicator.title or number}".lower(), written.levels.keys()
        )
        shown = title or (slo.title if slo.title != slo.name else indicator.title)
        level = Objective(slo, each, indicator, method, of, name, shown).write(written, usual)
        names += [level] * bool(level)
        if level and (weight or own is not None):
            weights.append((level, weight or "1"))
    if len(weights) > 1:
        told = ", ".join(f"{name} {weight}" for name, weight in weights)
        message = f"the weights of a composite ({told}) have no target of their own, and each objective is a level"
        help = "a level of kind composite with combine: weighted puts them together, once somebody says its target"
        written.left.append((listed or spec).problem(message, help))
    return names


def _zone(slos: Sequence[Object], windows: Sequence[Window], given: str | None, written: Written) -> tuple[str, str]:
    """The zone of the agreement, and what is told of it where nobody said one."""
    zone = given
    for slo, of in zip(slos, windows, strict=True):
        if not of.zone:
            continue
        place = slo.spec.get("timeWindow", "timeWindows") or slo.spec
        try:
            zones.zone(of.zone)
        except ValueError as unknown:
            written.left.append(place.problem(str(unknown)))
            continue
        zone = zone or of.zone
        if of.zone != zone:
            written.left.append(place.problem(f"an agreement has one time zone: {of.zone} is read as {zone}"))
    return (zone, "") if zone else (_UTC, "  # no document names a zone")


def _service(slo: Object) -> str:
    return slo.spec.text("service")


def _services(found: Sequence[Object], slos: Sequence[Object]) -> list[Object]:
    """The services that the SLOs are of, where the files describe them."""
    wanted = [_service(slo) for slo in slos]
    return [each for each in found if each.kind == "Service" and each.name in wanted]


def _about(slo: Object) -> Iterator[str]:
    """What an SLO says in words, as a comment above its levels."""
    service = _service(slo)
    title = f": {slo.title}" if slo.title != slo.name else ""
    yield f"  # {commented(slo.name + title)}" + (f" (of {commented(service)})" if service else "")
    for line in slo.spec.text("description").splitlines():
        if line.strip():
            yield f"  #   {commented(line)}"


def _notes(windows: Sequence[Window], zone_told: str) -> Iterator[str]:
    yield "  - Begun from OpenSLO documents; their objectives are read as promises."
    if any("rolling" in each.period for each in windows):
        yield "  - A rolling window is judged at the end of each period."
    if zone_told:
        yield "  - No document names a time zone; days begin at midnight UTC."


def _unread(found: Sequence[Object], services: Sequence[Object], sources: Sources) -> Iterator[Problem]:
    """Everything that nothing was made of."""
    read = {id(each) for each in (*services, *sources.read(found))} | {id(each) for each in found if each.kind == "SLO"}
    for each in found:
        if id(each) in read:
            yield from (_told(part) for part in each.whole.unread())
        else:
            kind = each.whole.get("kind") or each.whole
            yield kind.problem(f"the {each.kind} '{each.name}': {_KINDS[each.kind]}")


def _told(part: Part) -> Problem:
    key = next((str(step) for step in reversed(part.steps) if isinstance(step, str)), "")
    return part.problem(f"{key}: {_TOLD[key]}" if key in _TOLD else f"'{key}' is not carried over")


def _placed(problem: Problem) -> str:
    help = f" ({problem.help})" if problem.help else ""
    return commented(f"{problem.place}: {problem.message}{help}")
