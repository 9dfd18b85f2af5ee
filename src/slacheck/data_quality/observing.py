"""Everything that is observed of the exports of a run, beside the answers that levels read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slacheck.data_quality.knowing import known
from slacheck.data_quality.rows import Rows, dating, rows_of
from slacheck.data_quality.streams import Known, Stream, streams
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answered
from slacheck.planning import Asking, Settling
from slacheck.sources.opening import Export


@dataclass(frozen=True)
class Data:
    """The rows of every export, by its id, and what is known of the streams of every settling, by its id."""

    rows: Mapping[int, Rows]
    streams: Mapping[int, Sequence[tuple[Stream, Known]]]

    def of(self, settling: Settling, export: Export) -> list[tuple[Stream, Known]]:
        """The streams of one export in one settling."""
        return [each for each in self.streams.get(id(settling), ()) if each[0].export is export]


def observe(
    scratch: Scratch, settlings: Sequence[Settling], asking: Sequence[Asking], answered: Sequence[Answered]
) -> Data:
    """Observe the exports of a run in few passes over each; ``asking`` and ``answered`` go together."""
    dated: dict[int, str | None] = {}
    for settling in settlings:
        for name, export in settling.exports.items():
            dated.setdefault(id(export), dating(settling, name, export))
    found = streams(list(zip(asking, answered, strict=True)), dated)
    rows = rows_of(scratch, settlings, dated, found)
    distinct = {stream.key: stream for mine in found.values() for stream in mine}
    read = {key: each for counted in rows.values() for key, each in counted.read.items()}
    told = known(scratch, distinct, read)
    return Data(rows, {key: [(stream, told[stream.key]) for stream in mine] for key, mine in found.items()})
