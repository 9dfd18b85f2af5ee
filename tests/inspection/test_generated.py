"""Exports made at random: what is seen is what a plain loop counts, and the source settles as one written by hand."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.inspection.looking import inspect
from tests.inspection.looks import chosen, only, settled
from tests.whole_runs import lines_of, wherever_written

MINUTE = 60_000_000
SEPARATORS = st.sampled_from(",;\t|")
FORMS = {
    "%Y-%m-%dT%H:%M:%SZ": "",
    "%Y-%m-%d %H:%M:%S": "timezone: UTC",
    "%d/%m/%Y %H:%M": 'time_format: "%d/%m/%Y %H:%M", timezone: UTC',
}
# (minutes since the one before, host, state)
ROWS = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from(["web", "db"]), st.sampled_from(["up", "down"])),
    min_size=2,
    max_size=40,
)


def written(minutes: int, form: str) -> str:
    day, rest = divmod(minutes, 1_440)
    parts = {"%Y": "2026", "%m": "10", "%d": f"{13 + day:02d}", "%H": f"{rest // 60:02d}", "%M": f"{rest % 60:02d}"}
    for sign, text in {**parts, "%S": "00"}.items():
        form = form.replace(sign, text)
    return form


@settings(max_examples=10)
@given(rows=ROWS, separator=SEPARATORS, form=st.sampled_from(list(FORMS)), backwards=st.booleans())
def test_a_source_settles_as_one_written_by_hand(
    rows: list[tuple[int, str, str]], separator: str, form: str, backwards: bool
) -> None:
    at, lines, instants = 0, [], []
    for step, host, state in rows:
        at += step
        instants.append((at, host))
        lines.append(separator.join([written(at, form), host, state]))
    if backwards:
        lines.reverse()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probes.csv"
        path.write_text("\n".join([separator.join(["at", "host", "state"]), *lines]) + "\n")
        found = inspect([path], timezone="UTC")
        file = only(found)
        assert (file.rows, file.separator) == (len(rows), separator)
        words = {word.text: word.rows for word in file.states.words} if file.states else {}
        assert words == Counter(state for *_, state in rows)
        assert file.order is not None
        assert file.order.kind == ("newest-first" if backwards else "oldest-first")
        assert file.steps is not None
        if file.subject == ("host",):
            distances = [
                (later - earlier) * MINUTE
                for name in ("web", "db")
                for earlier, later in pairwise(minute for minute, host in instants if host == name)
            ]
            assert file.steps.distances == len(distances)
        (block,) = found.sources
        level = "{kind: availability, from: NAME}, missing: exclude, target: '>= 0%'"
        pasted = chosen(block, hold=-1)
        more = f", {FORMS[form]}" if FORMS[form] else ""
        by_hand = (
            f"sources:\n  {block.name}: {{path: {path}, shape: samples, "
            f"columns: {{at: at, state: state}}, hold: until-next{more}}}\n"
        )
        ours = settled(Path(folder), block, "2026-10", pasted, level)
        theirs = settled(Path(folder), block, "2026-10", by_hand, level)
        assert wherever_written(lines_of([ours])) == wherever_written(lines_of([theirs]))
        assert ours.lines[0].best is not None
