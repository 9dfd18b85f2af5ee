"""What the columns of an export may be in an agreement: hints of their headers held against what their cells hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slacheck.engine import cell_steps, cell_survey
from slacheck.engine.cells import Cells
from slacheck.inspection import hints
from slacheck.inspection.columns import Column
from slacheck.inspection.findings import Shape, States, StateWord

_MOST_STATES = 20
# Beyond so many rows no columns are searched that tell the subjects apart, where no header names them.
_MOST_SEARCHED = 1_000_000
_MOST_SUBJECTS = 3
_MOST_TRIED = 12


@dataclass(frozen=True)
class Roles:
    """The shape that an export seems to have, and which columns stand for what.

    ``instants`` are all columns of times; ``at`` is the start of events and cases, ``end`` their end; ``values`` are
    all numbers that could be the value of samples, ``value`` the likeliest; ``codes`` are answers of a web server.
    """

    shape: Shape
    instants: tuple[Column, ...] = ()
    at: Column | None = None
    end: Column | None = None
    subject: tuple[Column, ...] = ()
    ids: tuple[Column, ...] = ()
    state: States | None = None
    value: Column | None = None
    values: tuple[Column, ...] = ()
    codes: Column | None = None
    total: Column | None = None
    good: Column | None = None
    bad: Column | None = None
    cause: Column | None = None


def roles(cells: Cells, columns: Sequence[Column]) -> Roles:
    """Guess; every guess is told, and what it rests on is shown beside it."""
    times = tuple(column for column in columns if column.kind == "time" and column.seen.fits)
    ids = _ids(columns)
    counted_from = [each for each in columns if each.kind == "number" and hints.timely(each.name)]
    start, end = _ends(times) if len(times) > 1 else _ends(counted_from) if not times else (None, None)
    if start and end:
        cause = _named([each for each in columns if each.kind == "words" and each not in ids], hints.cause)
        if ids and times and (hints.of_tickets(start.name) or hints.of_tickets(end.name)):
            return Roles("cases", times, start, end, ids=ids)
        return Roles("events", times or (start, end), start, end, _subject(columns, None, ids), ids, cause=cause)
    at = next(iter([each for each in times if hints.timely(each.name)] or times), None)
    if at is None:
        return Roles("register", (), subject=_subject(columns, None, ids), ids=ids)
    state = _states(cells, columns, ids)
    subject = _searched(cells, columns, at, state, _subject(columns, state, ids))
    numbers = [each for each in columns if each.kind == "number" and each not in ids and each not in subject]
    numbers = [each for each in numbers if state is None or each.name != state.column]
    total, good, bad = _counts(numbers)
    if total and (good or bad):
        return Roles("counts", times, at, subject=subject, ids=ids, total=total, good=good, bad=None if good else bad)
    codes = next((each for each in numbers if _is_codes(each)), None)
    values = [each for each in numbers if each is not codes and each.seen.distinct != 1]
    value = _named(values, hints.value) or (values[0] if len(values) == 1 else None)
    if state is None and not values:
        return Roles("cases" if ids else "register", times, at, subject=subject, ids=ids)
    return Roles("samples", times, at, None, subject, ids, state, value, tuple(values), codes)


def _named(columns: Sequence[Column], places: Callable[[str], int | None]) -> Column | None:
    """The column whose header names it best, the first among equals."""
    found = [(place, at) for at, column in enumerate(columns) if (place := places(column.name)) is not None]
    return columns[min(found)[1]] if found else None


def _ends(times: Sequence[Column]) -> tuple[Column | None, Column | None]:
    start = _named(times, hints.starts)
    end = _named([each for each in times if each is not start], hints.ends)
    return (start, end) if start and end else (None, None)


def _whole(column: Column) -> bool:
    return column.kind == "number" and not column.seen.places and column.seen.decimal == "." and not column.seen.unit


def _ids(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns that may tell the records apart: called so, filled throughout, of many different texts; best first."""
    found = []
    for at, column in enumerate(columns):
        seen = column.seen
        plain = (seen.kind == "words" or _whole(column)) and hints.identifies(column.name)
        if not plain or seen.distinct is None or seen.nulls or seen.filled < column.survey.rows:
            continue
        if 10 * seen.distinct >= seen.filled and seen.distinct > 1:
            found.append((seen.distinct != seen.filled, not hints.of_cases(column.name), at))
    return tuple(columns[at] for *_, at in sorted(found))


def _tellers(columns: Sequence[Column], state: States | None, ids: Sequence[Column]) -> list[Column]:
    """Columns whose texts come again and again, so that they may tell subjects apart."""
    return [
        column
        for column in columns
        if (column.kind in ("words", "yes-no") or _whole(column))
        and column not in ids
        and (state is None or column.name != state.column)
        and column.seen.filled == column.survey.rows
        and not column.seen.nulls
        and column.seen.distinct is not None
        and 2 <= column.seen.distinct <= column.survey.rows // 2
    ]


def _subject(columns: Sequence[Column], state: States | None, ids: Sequence[Column]) -> tuple[Column, ...]:
    found = _named(_tellers(columns, state, ids), hints.subject)
    return (found,) if found else ()


def _searched(
    cells: Cells, columns: Sequence[Column], at: Column, state: States | None, hinted: tuple[Column, ...]
) -> tuple[Column, ...]:
    """The subject that headers name, unless most of its instants come again: then the fewest columns, each taking away
    most of the repeats, with which nearly none does."""
    if not 1 < cells.rows <= _MOST_SEARCHED:
        return hinted
    likely = [each for each in _tellers(columns, state, ()) if each.kind == "words"][:_MOST_TRIED]
    subject = list(hinted)
    (repeats,) = cell_steps.repeats_with(cells, at.names, [[each.name for each in subject]])
    if 2 * repeats <= cells.rows:
        return hinted
    while len(subject) < _MOST_SUBJECTS:
        left = [each for each in likely if each not in subject]
        tried = [[*(each.name for each in subject), more.name] for more in left]
        found = cell_steps.repeats_with(cells, at.names, tried)
        if not found or min(found) >= repeats:
            break
        repeats = min(found)
        subject.append(left[found.index(repeats)])
        if 100 * repeats <= cells.rows:
            return tuple(subject)
    return hinted


def _counts(numbers: Sequence[Column]) -> tuple[Column | None, Column | None, Column | None]:
    """Whole numbers of 0 or more that are called total, good and bad; none of these is above the greatest total."""
    whole = [each for each in numbers if _whole(each) and each.seen.least and not each.seen.least.startswith("-")]
    total = _named(whole, hints.total)
    rest = [each for each in whole if each is not total]
    good, bad = _named(rest, hints.good), _named(rest, hints.bad)

    def within(part: Column | None) -> Column | None:
        fits = part is not None and total is not None and int(part.seen.greatest or 0) <= int(total.seen.greatest or 0)
        return part if fits else None

    return total, within(good), within(bad)


def _is_codes(column: Column) -> bool:
    seen = column.seen
    coded = _whole(column) and hints.tells_code(column.name) and seen.least and seen.greatest
    return bool(coded) and int(seen.least or 0) >= 100 and int(seen.greatest or 0) < 600


def _states(cells: Cells, columns: Sequence[Column], ids: Sequence[Column]) -> States | None:
    few = [
        column
        for column in columns
        if column.kind in ("words", "yes-no", "number")
        and column not in ids
        and column.seen.distinct is not None
        and 1 <= column.seen.distinct <= _MOST_STATES
        and not _is_codes(column)
    ]
    texts = cell_survey.common(cells.scratch, [column.survey for column in few], _MOST_STATES)
    best: tuple[bool, int] | None = None
    found: States | None = None
    for at, column in enumerate(few):
        words = tuple(
            StateWord.model_validate({"text": text, "rows": rows, "reading": hints.reading(text, column.name)})
            for text, rows in texts[column.survey.key]
        )
        known = sum(word.reading in ("up", "down") for word in words)
        # Digits, yes and no say nothing by themselves: only below a header that speaks of a state are they one.
        named = hints.tells_state(column.name)
        digits = {word.text for word in words} <= set("0123456789") or column.kind == "yes-no"
        spoken = column.kind == "words" and 2 * known >= len(words) and known
        rank = (not named, at)
        if ((digits and named) or spoken) and (best is None or rank < best):
            best, found = rank, States(column=column.name, words=words)
    return found
