"""Calendars that rest on calendars: names that lead nowhere or round in a circle."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from slacheck.calendars.calendar import ALWAYS, Calendar

Fault = tuple[tuple[str | int, ...], str, str, str]
"""The keys that lead to it from the top of the agreement, its code, what is wrong, and what to write."""


def faults(terms: Mapping[str, Calendar]) -> Iterator[Fault]:
    """What no calendar can see of itself. Those of code ``reserved-name`` are about a key."""
    if ALWAYS in terms:
        message = f"the calendar '{ALWAYS}' is built in"
        yield ("calendars", ALWAYS), "reserved-name", message, "give yours another name"
    for name, calendar in terms.items():
        for key, others in calendar.names:
            for index, other in enumerate(others):
                if other != ALWAYS and other not in terms:
                    steps: tuple[str | int, ...] = ("calendars", name, key)
                    if len(others) > 1:
                        steps += (index,)
                    yield steps, "unknown-name", f"no calendar '{other}'", _meant(other, [*terms, ALWAYS])
    yield from _circles(terms)


def resting_on(terms: Mapping[str, Calendar], name: str) -> frozenset[str]:
    """The calendars that one is made of, and those that they are made of; never ``always``."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        calendar = terms.get(waiting.pop())
        named = {other for _, names in calendar.names for other in names} if calendar else set()
        waiting += named - found
        found |= named
    return frozenset(found - {ALWAYS})


def _circles(terms: Mapping[str, Calendar]) -> Iterator[Fault]:
    reported: set[str] = set()
    for name in terms:
        circle = _circle(terms, name)
        if circle and not reported & set(circle):
            reported |= set(circle)
            key = next(key for key, names in terms[name].names if circle[1] in names)
            message = f"the calendar '{name}' rests on itself: {', '.join(circle)}"
            yield ("calendars", name, key), "circle", message, "take one of these names away"


def _circle(terms: Mapping[str, Calendar], name: str) -> list[str]:
    """A shortest way from a calendar back to it, or nothing."""
    ways = [[name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        calendar = terms.get(way[-1])
        for other in dict.fromkeys(other for _, names in calendar.names for other in names) if calendar else ():
            if other == name:
                return [*way, name]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _meant(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(known)}"
