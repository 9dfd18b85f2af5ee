"""A change in plain words, and who is better off by it where that is certain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Level, Promise
from slacheck.calendars.hours import Week
from slacheck.comparing.parts import Gains
from slacheck.comparing.walking import Found, Steps
from slacheck.exclusions import Exclusion
from slacheck.exclusions.limits import Allowance, Notice
from slacheck.language.payments import Cap, Pay
from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND, CivilLength, Comparison
from slacheck.language.targets import Target
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.measures.measure import Measure
from slacheck.money import decimal_text

ROOMS: Final = {
    "service_levels": "level",
    "exclusions": "exclusion",
    "fees": "fee",
    "calendars": "calendar",
    "outages": "outage rule",
    "sources": "source",
    "rights": "right",
}
_WORDS = frozenset(("title", "clause", "notes", "reason"))
_MONTH = 30 * DAY
_LONGEST = 120
_OPPOSITE: dict[Gains, Gains] = {"customer": "provider", "provider": "customer"}


@dataclass(frozen=True)
class Said:
    """What a change is in words; ``gains`` holds when nothing else changes."""

    text: str
    gains: Gains = "depends"


@dataclass(frozen=True)
class Change:
    """A change with both agreements, and what is written in them of it (None: nothing)."""

    found: Found
    old: Agreement
    new: Agreement
    before: str | None
    after: str | None

    @property
    def key(self) -> str:
        """The last step that is a key."""
        return next((str(step) for step in reversed(self.found.steps) if isinstance(step, str)), "")

    def promises(self) -> tuple[Promise, Promise] | None:
        """The promises of both sides in which the change is."""
        here, there = _promise(self.old, self.found.old_steps), _promise(self.new, self.found.new_steps)
        return (here, there) if here is not None and there is not None else None

    def levels(self) -> tuple[Level, Level] | None:
        """The levels of both sides in which the change is."""
        here, there = (
            agreement.service_levels.get(str(steps[1])) if len(steps) > 1 and steps[0] == "service_levels" else None
            for agreement, steps in ((self.old, self.found.old_steps), (self.new, self.found.new_steps))
        )
        return (here, there) if here is not None and there is not None else None


def only_words(steps: Steps) -> bool:
    """Whether a key is only printed, so that it never makes a verdict or an amount another."""
    keys = [step for step in steps if isinstance(step, str)]
    return bool(keys) and (keys[-1] in _WORDS or keys[0] == "notes") and keys[:1] != ["sources"]


def said(change: Change) -> Said:
    """The wording of the key where there is one; otherwise that it changed, and from what to what."""
    if only_words(change.found.steps):
        return Said(_plain(change), "neither")
    found = change.found
    if found.how == "renamed":
        return Said(f"is called {found.new_steps[-1]} now; all it says is the same", "neither")
    if len(found.steps) == 2 and found.steps[0] in ROOMS and found.how in ("added", "removed"):
        return _part(change)
    for of, wording in _WORDINGS:
        if of(change):
            told = wording(change)
            if told is not None:
                return _binding(change, told)
    return _binding(change, Said(_plain(change)))


def _binding(change: Change, told: Said) -> Said:
    """Nobody gains or loses by what is said of a KPI, which costs nothing whatever it measures."""
    levels = change.levels()
    tracked = levels is not None and all(level.role == "kpi" for level in levels)
    return Said(told.text, "neither") if tracked else told


def _promise(agreement: Agreement, steps: Steps) -> Promise | None:
    if len(steps) < 4 or steps[0] != "service_levels" or steps[2] != "promises":
        return None
    level = agreement.service_levels.get(str(steps[1]))
    return level.promises.get(str(steps[3])) if level is not None else None


def _plain(change: Change) -> str:
    """What is always true, whatever the key."""
    name, item = _name(change), isinstance(change.found.steps[-1], int)
    before, after = _short(change.before or ""), _short(change.after or "")
    if change.before is None or change.found.how == "added":
        return f"{name}: {after} is added".removeprefix(": ") if item else f"{name} added: {after}".lstrip()
    if change.after is None or change.found.how == "removed":
        return (
            f"{name}: {before} is removed".removeprefix(": ") if item else f"{name} removed: it was {before}".lstrip()
        )
    if change.before == change.after:
        return f"{name} changed by what it names: {after}".lstrip()
    return f"{name} changed from {before} to {after}".lstrip()


def _name(change: Change) -> str:
    """The key as people would call it beside its subject; empty where it is the subject."""
    steps = change.found.steps
    keys = [str(step) for step in steps if isinstance(step, str) and step not in ("promises", "")]
    if _promise(change.new, steps) is not None or _promise(change.old, steps) is not None:
        return ".".join(keys[3 if steps[3] else 2 :]) or "class"
    return ".".join(keys[2 if keys[0] in ROOMS else 1 :])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _part(change: Change) -> Said:
    """A level, an exclusion and the like that only one of the two has."""
    found = change.found
    come = found.how == "added"
    name = ROOMS[str(found.steps[0])]
    text = f"a new {name}: {_short(change.after or '')}" if come else f"the {name} is gone"
    match found.new if come else found.old:
        case Level() as level:
            if level.role == "kpi":
                return Said(text, "neither")
            gains: Gains = "depends" if any(_rewards(each) for each in level.promises.values()) else "customer"
        case Exclusion() as exclusion:
            gains = "provider" if exclusion.effect != "service-time" else "depends"
        case _:
            gains = "depends"
    return Said(text, gains if come else _OPPOSITE.get(gains, gains))


def _rewards(promise: Promise) -> bool:
    return promise.credit is not None and promise.credit.rewards


def _target(change: Change) -> Said | None:
    old, new, promises = change.found.old, change.found.new, change.promises()
    if not (isinstance(old, Target) and isinstance(new, Target) and promises):
        return None
    was, now = old.binding, new.binding
    if was is None or now is None or old.expected or new.expected or not _one_way(was, now):
        return None
    by = now.bounds[0].value - was.bounds[0].value
    if by == 0:
        return Said(f"target changed from {was.text} to {now.text}: equality alone is otherwise", _stricter(was, now))
    moved = f"target {'rises' if by > 0 else 'falls'} from {was.text} to {now.text}"
    easier = (by < 0) == bool(was.lower_is_worse)
    allowed = _allowed(promises[1], was, abs(by), easier)
    gains: Gains = "provider" if easier else "customer"
    if any(map(_rewards, promises)):
        gains = "depends"
    return Said(f"{moved}: {allowed}" if allowed else moved, gains)


def _one_way(was: Comparison, now: Comparison) -> bool:
    """Whether both bound one value of one unit from the same side."""
    same = was.kind == now.kind and len(was.bounds) == len(now.bounds) == 1 and not (was.columns or now.columns)
    return same and was.lower_is_worse is not None and was.lower_is_worse == now.lower_is_worse


def _stricter(was: Comparison, now: Comparison) -> Gains:
    return "customer" if len(now.bounds[0].operator) < len(was.bounds[0].operator) else "provider"


def _allowed(promise: Promise, was: Comparison, by: Fraction, easier: bool) -> str:
    """What the difference is in things that people count: exact, and of a stretch that is said."""
    more = "more" if easier else "less"
    match promise.measure:
        case Availability():
            return f"{length(by * _MONTH)} {more} down time in 30 days of service time is allowed"
        case Downtime():
            return f"{length(by)} {more} is allowed" if was.kind == "length" else ""
        case Measure(kind="success-rate" | "error-rate") if was.kind == "share":
            return f"{decimal_text(by * 10_000, 6)} {'more' if easier else 'fewer'} of 10,000 requests may fail"
        case Measure(kind="share-within") if was.kind == "share":
            return f"{decimal_text(by * 1_000, 6)} {'more' if easier else 'fewer'} of 1,000 may be outside the limit"
    return ""


def length(microseconds: Fraction | int) -> str:
    """``43m12s``; what is finer than a microsecond is left out and said."""
    whole = int(microseconds)
    parts = []
    for name, worth in (("h", HOUR), ("m", MINUTE)):
        number, whole = divmod(whole, worth)
        if number:
            parts.append(f"{number}{name}")
    if whole or not parts:
        parts.append(f"{decimal_text(Fraction(whole, SECOND), 6)}s")
    return ("" if microseconds == int(microseconds) else "about ") + "".join(parts)


def _role(change: Change) -> Said | None:
    levels = change.levels()
    if levels is None or change.found.steps[2:] != ("role",):
        return None
    if any(_rewards(each) for level in levels for each in level.promises.values()):
        return None
    if levels[1].role == "kpi":
        return Said("tracked only from now on: a KPI is never a breach and never a credit", "provider")
    return Said("binding from now on: a miss of this KPI becomes a breach", "customer")


def _row(change: Change) -> Said | None:
    """A row of a table of credits, where the table has no other rows that a change of this one would uncover."""
    old, new = change.found.old, change.found.new
    if not any(isinstance(each, tuple) and len(each) == 2 and isinstance(each[1], Pay) for each in (old, new)):
        return None
    if old is None or new is None:
        row = new if old is None else old
        text = f"band {'added' if old is None else 'removed'}: {row_text(row)}"
        if _elsewhere(change) or row[0] is None or row[1].bonus:
            return Said(text)
        return Said(text, "customer" if old is None else "provider")
    text = f"band changed from {row_text(old)} to {row_text(new)}"
    (was, paid), (now, pays) = old, new
    if paid.bonus or pays.bonus:
        return Said(text)
    if was is not None and now is not None and was.text != now.text:
        if _elsewhere(change) or not _one_way(was, now):
            return Said(text)
        wider = now.bounds[0].value > was.bounds[0].value
        if now.bounds[0].value == was.bounds[0].value:
            return Said(text, _OPPOSITE[_stricter(was, now)])
        return Said(text, "customer" if wider != bool(was.lower_is_worse) else "provider")
    if paid.form == pays.form and paid.size != pays.size:
        return Said(text, "customer" if pays.size > paid.size else "provider")
    return Said(text)


def _elsewhere(change: Change) -> bool:
    """Whether the table has a row for the rest, which is paid where no other row is: then more rows may pay less."""
    promises = change.promises()
    tables = [getattr(each.credit, "bands", None) for each in promises or ()]
    return not tables or any(table is None or any(row[0] is None for row in table) for table in tables)


def row_text(row: tuple[Comparison | None, Pay]) -> str:
    """A row as it is written."""
    return f"{row[0].text if row[0] is not None else 'else'}: {row[1].text}"


def _credit(change: Change) -> Said | None:
    promises = change.promises()
    if promises is None or change.found.steps[4:] != ("credit",):
        return None
    if change.found.how == "changed":
        return None
    come = change.found.how == "added"
    gains: Gains = "customer" if come else "provider"
    text = f"a breach costs something: {_short(change.after or '')}" if come else "a breach costs nothing any more"
    return Said(text, "depends" if any(map(_rewards, promises)) else gains)


def _cap(change: Change) -> Said | None:
    old, new = change.found.old, change.found.new
    if not all(isinstance(each, tuple) and all(isinstance(cap, Cap) for cap in each) for each in (old, new)):
        return None
    if not old or not new:
        return Said(_plain(change), "customer" if old else "provider")
    (was, *more), (now, *others) = old, new
    alike = (was.pay.form, was.per, was.rolling) == (now.pay.form, now.per, now.rolling)
    if more or others or not alike or was.pay.size == now.pay.size:
        return None
    up = now.pay.size > was.pay.size
    return Said(f"cap {'rises' if up else 'falls'} from {was.text} to {now.text}", "customer" if up else "provider")


def _fee(change: Change) -> Said | None:
    old, new = change.found.old, change.found.new
    if not (isinstance(old, Decimal) and isinstance(new, Decimal) and change.found.steps[0] == "fees"):
        return None
    up, by = new > old, abs(new - old)
    text = f"{'rises' if up else 'falls'} from {old:,f} to {new:,f}, by {by:,f}; credits that are shares of it follow"
    return Said(text)


def _limit(change: Change) -> Said | None:
    """How much an exclusion excuses at most."""
    steps = change.found.steps
    if steps[0] != "exclusions" or change.key not in ("allowance", "longest"):
        return None
    old, new = change.found.old, change.found.new
    here, there = change.old.exclusions.get(str(change.found.old_steps[1])), change.new.exclusions.get(str(steps[1]))
    if here is None or there is None:
        return None
    certain = _only_time(change.new, str(steps[1])) and (
        (here.excess, there.excess) == ("downtime", "downtime") or "service-time" not in (here.effect, there.effect)
    )
    if old is None or new is None:
        text = f"{change.key} added: at most {change.after} is excused" if old is None else f"{_plain(change)}"
        return Said(text, ("customer" if old is None else "provider") if certain else "depends")
    sizes = [_size(each) for each in (old, new)]
    if sizes[0][0] != sizes[1][0] or sizes[0][1] == sizes[1][1]:
        return None
    wider = sizes[1][1] > sizes[0][1]
    text = f"{change.key} {'rises' if wider else 'falls'} from {change.before} to {change.after}: "
    text += f"{'more' if wider else 'less'} is excused"
    return Said(text, ("provider" if wider else "customer") if certain else "depends")


def _size(limit: Any) -> tuple[str, int]:
    if isinstance(limit, Allowance):
        return (f"time per {limit.per}", limit.length) if limit.length is not None else (limit.per, limit.count or 0)
    return "time", int(limit)


def _only_time(agreement: Agreement, exclusion: str) -> bool:
    """Whether it only excuses levels of down time, which more excused time can only help."""
    measures = [each.promise.measure for each in agreement.promised() if exclusion in each.promise.excluding]
    return bool(measures) and all(
        isinstance(measure, Availability) or (isinstance(measure, Downtime) and measure.statistic == "total")
        for measure in measures
    )


def _notice(change: Change) -> Said | None:
    old, new = change.found.old, change.found.new
    if not (isinstance(old, Notice) and isinstance(new, Notice)):
        return None
    sizes = [(each.civil.unit, each.civil.count) if each.civil else ("exact", each.exact or 0) for each in (old, new)]
    if sizes[0][0] != sizes[1][0]:
        return None
    word = "longer" if sizes[1][1] > sizes[0][1] else "shorter"
    return Said(f"notice is {word}: {new.text} instead of {old.text} before the start")


def _claim(change: Change) -> Said | None:
    steps, old, new = change.found.steps, change.found.old, change.found.new
    if steps[:2] != ("settlement", "claim"):
        return None
    if change.key == "within" and isinstance(old, CivilLength) and isinstance(new, CivilLength):
        if old.unit != new.unit:
            return None
        longer = new.count > old.count
        text = f"a credit must be claimed within {new} instead of {old}"
        return Said(text, "customer" if longer else "provider")
    return None


def _week(change: Change) -> Said | None:
    old, new = change.found.old, change.found.new
    if not (isinstance(old, Week) and isinstance(new, Week)):
        return None
    sums = [sum(span.end - span.start for day in week.days for span in day) for week in (old, new)]
    hours = f"{length(sums[0])} a week become {length(sums[1])}"
    if sums[0] != sums[1]:
        hours += f", {length(abs(sums[1] - sums[0]))} {'more' if sums[1] > sums[0] else 'less'}"
    elif old.days != new.days:
        hours = f"{length(sums[0])} a week, as before, at other times"
    else:
        hours = "other hours on holidays"
    return Said(f"hours changed from {_short(change.before or '')} to {_short(change.after or '')}: {hours}")


def _of_key(key: str) -> Callable[[Change], bool]:
    return lambda change: change.key == key


_WORDINGS: tuple[tuple[Callable[[Change], bool], Callable[[Change], Said | None]], ...] = (
    (_of_key("target"), _target),
    (_of_key("role"), _role),
    (_of_key("credit"), _credit),
    (_of_key("cap"), _cap),
    (_of_key("notice"), _notice),
    (_of_key("hours"), _week),
    (lambda change: change.found.steps[0] == "fees", _fee),
    (lambda change: change.found.steps[0] == "exclusions", _limit),
    (lambda change: change.found.steps[0] == "settlement", _claim),
    (lambda change: isinstance(change.found.old or change.found.new, tuple), _row),
)
