"""What differs in the terms of two agreement files, or of one between its amendments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from slacheck.agreement.classes import PROMISES, WHOLE
from slacheck.agreement.loading import AgreementFile
from slacheck.claims_made import ClaimsFile
from slacheck.comparing.parts import Compared, Difference, Sort, Stands, TermChange
from slacheck.comparing.saying import ROOMS, Change, only_words, row_text, said
from slacheck.comparing.walking import Found, Steps, absent, meaning, renamed, walked
from slacheck.corrections import CorrectionsFile
from slacheck.language.payments import Pay
from slacheck.language.written import flow
from slacheck.language.yaml_text import Data


def compared(old: AgreementFile, new: AgreementFile) -> Difference:
    """Two files, each with what its amendments change: what differs at first, and what from which day on."""
    changes = list(_terms(old.first, new.first))
    seen = {(change.key, change.text) for change in changes}
    days = [{each.since: each for each in file.versions if each.since} for file in (old, new)]
    for day in sorted({*days[0], *days[1]}):
        changes += _amendment(day, days[0].get(day), days[1].get(day), old, new)
        for change in _terms(_in_force(old, day), _in_force(new, day), day):
            if (change.key, change.text) not in seen:
                seen.add((change.key, change.text))
                changes.append(change)
    return Difference(old=_side(old), new=_side(new), changes=tuple(changes))


def set_compared(old: AgreementFile, new: AgreementFile, arguments: Sequence[str]) -> Difference:
    """A file, and as it would be with some keys set by ``arguments``, which are the last lines of its document."""
    found = compared(old, new)
    written = len(new.document.lines) - len(arguments)

    def stands(change: TermChange) -> Stands | None:
        at = change.new
        return Stands(file=arguments[at.line - written - 1], line=0) if at and at.line > written else at

    changes = tuple(each.model_copy(update={"new": stands(each)}) for each in found.changes)
    return found.model_copy(update={"changes": changes, "settings": tuple(arguments)})


def versions_compared(file: AgreementFile) -> Difference:
    """What each amendment of one file changes, in the order of their dates."""
    changes = [change for before, after in pairwise(file.versions) for change in _terms(before, after, after.since)]
    last = file.versions[-1]
    return Difference(old=_side(file.first), new=_side(last, last.since), changes=tuple(changes))


def _side(file: AgreementFile, as_of: date | None = None) -> Compared:
    agreement = file.agreement
    return Compared(
        id=agreement.id,
        title=agreement.title or agreement.id,
        file=file.label,
        sha256=file.digest,
        as_of=as_of.isoformat() if as_of else None,
    )


def _in_force(file: AgreementFile, day: date) -> AgreementFile:
    return [each for each in file.versions if each.since is None or each.since <= day][-1]


def _amendment(
    day: date, before: AgreementFile | None, after: AgreementFile | None, old: AgreementFile, new: AgreementFile
) -> Iterator[TermChange]:
    """An amendment that only one has, or that settles the period it lies in otherwise."""
    if before is not None and after is not None and before.settled == after.settled:
        return
    word = "settled" if before and after else "added" if after else "removed"
    texts = {
        "added": f"an amendment of {day} is new",
        "removed": f"the amendment of {day} is gone",
        "settled": f"the period in which {day} lies is settled otherwise: "
        f"{before.settled if before else ''} before, {after.settled if after else ''} now",
    }
    steps = ("amendments",)
    yield TermChange(
        key="amendments",
        subject="amendments",
        text=texts[word],
        sort="terms",
        gains="depends",
        before=before.settled if before else None,
        after=after.settled if after else None,
        old=_stands(old, steps) if before else None,
        new=_stands(new, steps) if after else None,
        since=day.isoformat(),
    )


def _terms(old: AgreementFile, new: AgreementFile, since: date | None = None) -> Iterator[TermChange]:
    names = renamed(old.agreement, new.agreement)
    founds = _classes_together(list(walked(old.agreement, new.agreement, names)), old, new)
    for found, shared in founds:
        named = (*found.steps[:3], WHOLE, *found.steps[4:]) if shared else found.steps
        before, after = _written(old, found.old_steps, found.old), _written(new, found.new_steps, found.new)
        told = said(Change(found, old.agreement, new.agreement, before, after))
        yield TermChange(
            key=_key(named),
            subject=_subject(named),
            text=told.text,
            sort=_sort(found.steps),
            gains=told.gains,
            before=before,
            after=after,
            old=_stands(old, found.old_steps) if not absent(found.old) else None,
            new=_stands(new, found.new_steps) if not absent(found.new) else None,
            since=since.isoformat() if since else None,
        )
    for steps, name, text in _files(old, new):
        yield TermChange(
            key=_key(steps),
            subject=_subject(steps),
            text=text,
            sort="data",
            gains="depends",
            before=name,
            after=name,
            old=_stands(old, steps),
            new=_stands(new, steps),
            since=since.isoformat() if since else None,
        )


def _classes_together(founds: Sequence[Found], old: AgreementFile, new: AgreementFile) -> Iterator[tuple[Found, bool]]:
    """What classes of a level take from it was written once, and is told once (beside it: whether it was)."""
    groups: dict[str, list[Found]] = {}
    for found in founds:
        groups.setdefault(_alike(found), []).append(found)
    told: set[str] = set()
    for found in founds:
        alike = _alike(found)
        group = groups[alike]
        if len(group) == 1 or not _at_one_place(group, old, new):
            yield found, False
        elif alike not in told:
            told.add(alike)
            yield found, True


def _alike(found: Found) -> str:
    steps = found.steps
    if len(steps) > 4 and steps[0] == "service_levels" and steps[2] == PROMISES:
        return repr((steps[1], steps[4:], found.how, meaning(found.old), meaning(found.new)))
    return repr((found.old_steps, found.new_steps, found.how))


def _at_one_place(group: Sequence[Found], old: AgreementFile, new: AgreementFile) -> bool:
    """Whether all stand at one place: what a class says of its own has a place of its own."""
    here = {_at(old, each.old_steps) for each in group}
    there = {_at(new, each.new_steps) for each in group}
    return len(here) == len(there) == 1


def _at(file: AgreementFile, steps: Steps) -> tuple[int, int]:
    place = file.document.place(steps, "key")
    return place.line, place.column


def _key(steps: Steps) -> str:
    if len(steps) > 3 and steps[0] == "service_levels" and steps[2] == PROMISES:
        steps = (*steps[:2], *(("classes", steps[3]) if steps[3] else ()), *steps[4:])
    return ".".join(str(step) for step in steps)


def _subject(steps: Steps) -> str:
    if len(steps) < 2 or steps[0] not in ROOMS:
        return str(steps[0])
    name = f"{ROOMS[str(steps[0])]} {steps[1]}"
    return f"{name}, {steps[3]}" if len(steps) > 3 and steps[2] == PROMISES and steps[3] else name


def _sort(steps: Steps) -> Sort:
    if only_words(steps):
        return "words"
    return "data" if steps[0] in ("sources", "corrections") or steps[:2] == ("settlement", "claims_made") else "terms"


def _stands(file: AgreementFile, steps: Steps) -> Stands:
    return Stands(file=file.label, line=file.document.place(steps, "key").line)


def _written(file: AgreementFile, steps: Steps, value: Any) -> str | None:
    """A value as it is written, or what stands by default."""
    if value is None:
        return None
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Pay):
        return row_text(value)
    route, rest = file.document.route(steps)
    if not rest and len(route) == len(steps):
        data = _as_written(file.document.value(steps))
        return flow(data) if isinstance(data, (dict, list)) else str(data)
    shown = _plain(value)
    return shown if _stands_for(file, route) else f"{shown} (by default)"


def _as_written(data: Data) -> Data:
    """A level with the promises that it was written out into: its only one as part of it."""
    promises = data.get(PROMISES) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(promises, dict):
        return data
    own: dict[str, Data] = {key: each for key, each in data.items() if key != PROMISES}
    only = promises.get(WHOLE)
    return {**own, **only} if isinstance(only, dict) else {**own, "classes": promises}


def _stands_for(file: AgreementFile, route: Steps) -> bool:
    """Whether one scalar is written where the keys could be."""
    return bool(route) and isinstance(file.document.value(route), str)


def _plain(value: Any) -> str:
    if isinstance(value, BaseModel):
        fields = ((terms.alias or name, getattr(value, name)) for name, terms in type(value).model_fields.items())
        return "{" + ", ".join(f"{key}: {_plain(each)}" for key, each in fields if each not in (None, (), {})) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "none" if not value else ", ".join(map(_plain, value))
    return str(getattr(value, "text", value))


def _files(old: AgreementFile, new: AgreementFile) -> Iterator[tuple[Steps, str, str]]:
    """The files that both name alike and that hold something else."""
    pairs: list[tuple[Steps, str, object, object]] = []
    named: tuple[tuple[Steps, CorrectionsFile | ClaimsFile | None, CorrectionsFile | ClaimsFile | None], ...] = (
        (("corrections",), old.corrections, new.corrections),
        (("settlement", "claims_made"), old.claims, new.claims),
    )
    for steps, here, there in named:
        if here is not None and there is not None and here.label == there.label:
            pairs.append((steps, here.label, here.digest, there.digest))
    for name, terms in old.agreement.calendars.items():
        other = new.agreement.calendars.get(name)
        if terms.file is not None and other is not None and other.file == terms.file:
            contents = [(each.directory / terms.file).read_bytes() for each in (old, new)]
            pairs.append((("calendars", name, "file"), terms.file, contents[0], contents[1]))
    for steps, name, one, two in pairs:
        if one != two:
            yield steps, name, f"what stands in {name} is otherwise"
