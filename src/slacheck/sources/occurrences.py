"""One case in many rows: the row that is the latest by its instant, and instants that events set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw

from slacheck.engine.reading import Reading
from slacheck.engine.scratch import Scratch
from slacheck.problems import Problem
from slacheck.sources.several_rows import Happening

Frame = nw.LazyFrame[Any]

_SHOWN = 5


def latest_of_each(scratch: Scratch, frame: Frame) -> Frame:
    """The row of each ``r_id`` with the greatest ``r_at``; of several the last in the order of the files."""
    at, rowid = nw.col("r_at"), nw.col("rowid")
    newest = frame.group_by("r_id").agg(newest=at.max())
    met = frame.join(newest, on="r_id", how="inner").filter(at == nw.col("newest"))
    last = met.group_by("r_id").agg(last=rowid.max()).select("last")
    return scratch.keep(frame.join(last, left_on="rowid", right_on="last", how="semi"), "latest")


def put_together(
    scratch: Scratch, frame: Frame, events: Mapping[str, Happening]
) -> tuple[Frame, dict[str, str], list[tuple[str, Frame]]]:
    """One row for each case: its latest one, with the instant of every word of ``events``, null where none happened.

    Also which column holds which word, and per word the rows that say it again at another instant.
    """
    event, at = nw.col("r_event"), nw.col("r_at")
    columns = {word: f"e_{index}" for index, word in enumerate(events)}
    set_at = {}
    for word, column in columns.items():
        when = nw.when(event.is_in(list(events[word].words))).then(at)
        set_at[column] = when.max() if events[word].last else when.min()
    instants = scratch.keep(frame.group_by("r_id").agg(**set_at), "instants")
    again = []
    for word, column in columns.items():
        if events[word].only:
            said = frame.filter(event.is_in(list(events[word].words)))
            met = said.join(instants.select("r_id", first=nw.col(column)), on="r_id", how="inner")
            again.append((word, met.filter(at > nw.col("first")).select("rowid")))
    whole = latest_of_each(scratch, frame).join(instants, on="r_id", how="inner")
    return scratch.keep(whole, "cases"), columns, again


def told_twice(scratch: Scratch, reading: Reading, field: str, again: list[tuple[str, Frame]]) -> Iterator[Problem]:
    """A problem per row that says an event again that sets its word only once."""
    for word, rows in again:
        for (row,) in scratch.rows(rows.sort("rowid").head(_SHOWN)):
            message = f"sets '{word}' of a case that has it already, at another instant"
            help = f"say which counts: events: {{{word}: {{first: WORD}}}} or {{last: WORD}}"
            yield reading.problem(row, "event-twice", message, help, field)
