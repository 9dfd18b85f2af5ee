"""Whether the numbers below carry the one above: shares that multiply, limits that add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from slacheck.carrying.carriers import Carried, Leg
from slacheck.carrying.finding import Told, names
from slacheck.carrying.periods import often
from slacheck.carrying.reach import Ceiling, Floor, Reach, Way, reach, share_of, share_text, ways

CLASS = "class-not-carried"
UNLIKE = "not-comparable"
TARGET = "target-not-carried"
LIMIT = "limit-not-carried"

_SORTS = {
    "uptime": "a share of time",
    "requests": "a share of requests",
    "cases": "a limit on cases",
    "downtime": "down time",
    "count": "a number of records",
    "value": "a value",
}


def numbers(carried: Carried) -> Iterator[Told]:
    """Everything that the numbers below do not carry of one promise of ours."""
    promised = carried.promised
    for link, name in carried.missing:
        message = f"'{link.name}.{name}' has no class for '{promised.of_class}'"
        if name not in link.below.file.agreement.service_levels:
            message = f"'{link.name}.{name}' is not promised in this stretch of time"
        elif not promised.of_class:
            message = f"'{link.name}.{name}' promises nothing for every case"
        help = "give their level such a class or an 'else', or let another agreement carry it"
        steps = ("rests_on", link.name, "carries", promised.level_name)
        yield Told(steps, CLASS, message, help, (link.name,), (link.below.file.label,))
    legs = list(carried.by.legs())
    if not legs:
        return
    own = reach(promised)
    unlike = [told for leg in legs if (told := _unlike(carried, own, leg, alone=len(legs) == 1))]
    yield from unlike
    yield from _kpis(carried, legs)
    if unlike or own is None:
        return
    if own.sort in ("uptime", "requests"):
        yield from _shares(carried, own, legs)
    elif own.ceiling is not None and own.sort != "value":
        yield from _limits(carried, own, legs)
    else:
        yield from _values(carried, own, legs)
    for leg in legs:
        yield from _few(carried, leg)
        yield from _subjects(carried, leg)


def _unlike(carried: Carried, own: Reach | None, leg: Leg, alone: bool) -> Told | None:
    """A leg that nothing can be compared with."""
    theirs = reach(leg.promised)
    if own is None or theirs is None:
        side = "ours" if own is None else f"'{leg.named}'"
        message = f"the target of {side} is no single bound that is written here, so that nothing can be compared"
    elif own.sort != theirs.sort:
        message = f"ours is {_SORTS[own.sort]}, '{leg.named}' is {_SORTS[theirs.sort]}"
    elif own.ceiling and theirs.ceiling and own.ceiling.unit != theirs.ceiling.unit:
        message = f"ours counts in {_unit(own.ceiling)}, '{leg.named}' in {_unit(theirs.ceiling)}"
    elif own.statistic != theirs.statistic and not _of_each(own, theirs):
        message = f"ours is {own.statistic or 'of each one'}, '{leg.named}' is {theirs.statistic or 'of each one'}"
    elif not alone and (own.sort == "value" or own.statistic not in ("", "mean nearest-rank", "total", "longest")):
        message = f"values of several levels, such as '{leg.named}', do not add up to {own.statistic or 'ours'}"
    else:
        return None
    help = "write both in the same measure and unit, or say in a reason why it is carried"
    steps = (*carried.promised.steps, "target")
    return Told(steps, UNLIKE, message, help, (leg.link.name,), (leg.place("target"),))


def _of_each(own: Reach, theirs: Reach) -> bool:
    """Whether theirs holds for each single case, which bounds every statistic of them."""
    return own.sort == "cases" and not theirs.statistic and theirs.floor.value == 1


def _unit(ceiling: Ceiling) -> str:
    return {"length": "hours of the clock", "days": "days", "working-days": "working days"}.get(
        ceiling.unit, ceiling.unit
    )


def _kpis(carried: Carried, legs: list[Leg]) -> Iterator[Told]:
    for leg in legs:
        if leg.promised.level.role == "kpi":
            message = f"'{leg.named}' is a KPI: nothing of it is promised"
            help = "make it a service level of theirs, or ours a KPI"
            steps = (*carried.promised.steps, "target")
            yield Told(steps, TARGET, message, help, (leg.link.name,), (leg.place(),))


def _shares(carried: Carried, own: Reach, legs: list[Leg]) -> Iterator[Told]:
    kept = share_of(carried.by)
    if not kept.keeps(own.floor):
        yield _too_low(carried, own, kept, share_text(carried.by), legs)


def _too_low(carried: Carried, own: Reach, kept: Floor, text: str, legs: list[Leg]) -> Told:
    result = "" if text == kept.text else f" = {kept.text}"
    verb = "keeps" if len(legs) == 1 else "keep"
    message = f"{names([leg.named for leg in legs])} {verb} {text}{result}, and ours promises {_wanted(carried, own)}"
    return Told(
        (*carried.promised.steps, "target"),
        TARGET,
        message,
        "promise no more than is kept below, or agree more below",
        tuple(dict.fromkeys(leg.link.name for leg in legs)),
        tuple(leg.place("target") for leg in legs),
    )


def _wanted(carried: Carried, own: Reach) -> str:
    binding = carried.promised.promise.target.binding
    return binding.text if binding is not None and own.key == ("target",) else f">= {own.floor.text}"


def _limits(carried: Carried, own: Reach, legs: list[Leg]) -> Iterator[Told]:
    """The best way through the alternatives: one that keeps all of it, else the shortest."""
    assert own.ceiling is not None
    periods = own.sort in ("downtime", "count") and own.statistic != "mean"
    times = {id(leg): often(carried, leg) if periods else 1 for leg in legs}
    found = ways(carried.by, times)
    if any(way.ceiling.keeps(own.ceiling) and way.floor.keeps(own.floor) for way in found):
        return
    in_time = [way for way in found if way.ceiling.keeps(own.ceiling)]
    if not in_time:
        yield _too_long(carried, own, min(found, key=lambda way: (way.ceiling.value, not way.ceiling.open)))
    else:
        best = max(in_time, key=lambda way: (way.floor.value, way.floor.open))
        text = " x ".join(_floor_of(leg).text for leg in best.legs)
        yield _too_low(carried, replace(own, key=("measure",)), best.floor, text, list(best.legs))


def _floor_of(leg: Leg) -> Floor:
    found = reach(leg.promised)
    assert found is not None
    return found.floor


def _too_long(carried: Carried, own: Reach, way: Way) -> Told:
    assert own.ceiling is not None
    total = way.ceiling.text
    added = " + ".join(way.terms)
    sum_text = total if added == total else f"{added} = {total}"
    verb = "takes" if len(way.legs) == 1 else "take"
    verb = {"cases": f"{verb} up to", "downtime": "may be down for", "count": "may have"}[own.sort]
    over = "ours promises less than" if own.ceiling.open else "ours promises"
    message = f"{names([leg.named for leg in way.legs])} {verb} {sum_text}, and {over} {own.ceiling.text}"
    keys = {id(leg): found.key for leg in way.legs if (found := reach(leg.promised))}
    return Told(
        (*carried.promised.steps, *own.key),
        LIMIT,
        message,
        "lengthen ours, or agree shorter ones below" if own.sort != "count" else "allow more, or agree fewer below",
        tuple(dict.fromkeys(leg.link.name for leg in way.legs)),
        tuple(leg.place(*keys[id(leg)]) for leg in way.legs),
    )


def _values(carried: Carried, own: Reach, legs: list[Leg]) -> Iterator[Told]:
    """A plain value beside the one that carries it."""
    (leg,) = legs
    theirs = reach(leg.promised)
    assert theirs is not None
    if own.least is not None:
        kept = theirs.least is not None and Floor(theirs.least.value, theirs.least.open).keeps(
            Floor(own.least.value, own.least.open)
        )
    else:
        kept = theirs.ceiling is not None and own.ceiling is not None and theirs.ceiling.keeps(own.ceiling)
    if not kept:
        message = (
            f"'{leg.named}' promises {leg.promised.promise.target.text}, ours {carried.promised.promise.target.text}"
        )
        help = "promise no more than is kept below, or agree more below"
        steps = (*carried.promised.steps, "target")
        yield Told(steps, TARGET, message, help, (leg.link.name,), (leg.place("target"),))


def _few(carried: Carried, leg: Leg) -> Iterator[Told]:
    """A rule of theirs for few cases that lets more be missed than ours."""
    ours, theirs = carried.promised.promise.low_volume, leg.promised.promise.low_volume
    if theirs is None:
        return
    if ours is not None and theirs.below <= ours.below:
        same = ours.then == theirs.then or ours.then == "not-applicable"
        if same or (not isinstance(theirs.then, str) and not isinstance(ours.then, str) and _fewer(ours, theirs)):
            return
    then = "is not judged" if isinstance(theirs.then, str) else f"may miss {theirs.then.misses.text}"
    message = f"below {theirs.below} '{leg.named}' {then}, and ours is held to more"
    steps = (*carried.promised.steps, "low_volume" if ours is not None else "target")
    help = "give ours the same rule for few cases, or agree none below"
    yield Told(steps, TARGET, message, help, (leg.link.name,), (leg.place("low_volume"),))


def _fewer(ours: object, theirs: object) -> bool:
    """Whether theirs lets no more be missed."""
    own, their = (each.then.misses for each in (ours, theirs))  # type: ignore[attr-defined]
    return bool(their.edges[0] <= own.edges[0])


def _subjects(carried: Carried, leg: Leg) -> Iterator[Told]:
    """Theirs is judged over all subjects together, ours for each: a bad one hides among good ones."""
    ours, theirs = carried.promised.level, leg.promised.level
    each = ours.per is not None and ours.per.column is not None and ours.roll_up in ("each", "worst")
    together = theirs.per is not None and theirs.per.column is not None and theirs.roll_up not in ("each", "worst")
    if each and together:
        how = theirs.roll_up if isinstance(theirs.roll_up, str) else "a share of all"
        message = f"ours is judged for each {ours.per.word if ours.per else ''}, '{leg.named}' for all ({how})"
        steps = (*carried.promised.steps, "target")
        help = "agree each of them below, or judge ours in the same way"
        yield Told(steps, TARGET, message, help, (leg.link.name,), (leg.place("target"),))
