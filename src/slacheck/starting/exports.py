"""An agreement begun from exports: their sources, and for each a level that its shape can carry."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePath

from slacheck.inspection import hints
from slacheck.inspection.findings import Block, FileSeen
from slacheck.inspection.looking import inspect
from slacheck.language.written import commented, scalar
from slacheck.language.yaml_text import Data, read
from slacheck.sources import presets
from slacheck.starting.beginning import Beginning
from slacheck.starting.parties import party_lines
from slacheck.timeline.periods import Cycle, Period, before, containing

_ZONE = "whose months and days are meant, such as Europe/London"
# The words of presets for the instant that ends a case.
_ENDS = ("resolved", "solved", "stopped", "ended", "closed")
_PRIORITY = frozenset(("priority", "severity", "urgency", "impact"))
_SHARE = 'the promise, such as ">= 99.9%"'


@dataclass(frozen=True)
class Chosen:
    """What a person has said already. ``folder`` is where the agreement will lie: paths are written from there."""

    parties: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    target: str | None = None
    limit: str | None = None
    folder: str = "."


@dataclass
class _Text:
    """The lines of an agreement, and what in them somebody has to decide."""

    lines: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)

    def key(self, indent: int, key: str, value: str | None, wanted: str, where: str = "") -> None:
        """A key with its value; without one it stands empty below a comment, where ``validate`` points."""
        blank = " " * indent
        if value is not None:
            self.lines.append(f"{blank}{key}: {value}")
            return
        self.lines += [f"{blank}# {commented(wanted)}:", f"{blank}{key}:"]
        self.needed.append(f"{where}{key}: {wanted}")


def begun(exports: Sequence[str], chosen: Chosen) -> Beginning:
    """An agreement over ``exports`` (paths and globs). Whatever neither they nor a person say is left open in it.

    Raises DataError with everything that cannot be read, ValueError for a zone that does not exist.
    """
    found = inspect(exports, timezone=chosen.timezone)
    seen = {each.file: each for each in found.files}
    names = commented(", ".join(PurePath(each).name for each in seen))
    text = _Text([f"# Begun from {names}. A key that stands empty is yours to say."])
    text.lines += ["slacheck: 1", f"id: {next((block.name for block in found.sources), 'agreement')}"]
    text.lines += party_lines(chosen.parties, text.needed)
    text.key(0, "timezone", chosen.timezone and scalar(chosen.timezone), _ZONE)
    text.lines += ["# currency: EUR  # once there are fees and credits", "period: month", "", "sources:"]
    levels: list[list[str]] = []
    several = len([block for block in found.sources if seen[block.files[0]].shape != "register"]) > 1
    for block in found.sources:
        file = max((seen[each] for each in block.files), key=lambda each: each.rows)
        of = _Level(block, file, chosen, several)
        if of.shape == "register":
            text.lines += _register(block, chosen)
            continue
        text.lines += _source(block, of, chosen, text.needed)
        own = _Text()
        of.write(own)
        levels.append(own.lines)
        text.needed += own.needed
    if not levels:
        # A key that holds nothing but comments would be an empty one.
        text.lines[text.lines.index("sources:")] = "# sources:"
        text.needed.append("service_levels: these exports alone tell nothing that can be measured; see the comments")
    else:
        text.lines += ["", "service_levels:", *(line for level in levels for line in level)]
    return Beginning(
        files={"agreement.yaml": "\n".join(text.lines) + "\n"},
        period=_period(found.files),
        needed=tuple(text.needed),
    )


def _source(block: Block, level: _Level, chosen: Chosen, needed: list[str]) -> Iterator[str]:
    """The lines of a source below ``sources:``. A choice that it needs stands empty above its comments."""
    waiting = [*block.needed, *(["hold"] if level.holds and "hold" in block.choices else [])]
    for line in block.text.rstrip("\n").split("\n")[1:]:
        if line.startswith("    path: "):
            line = f"    path: {_path(block, chosen)}"
        commented = re.match(r"    # ([a-z_]+): (.*)", line)
        if commented and commented[1] in waiting:
            key = commented[1]
            waiting.remove(key)
            if key == "hold" and level.common:
                # Twice their distance: what is missing then shows, and the comment above says whose choice it is.
                line = f"    hold: {commented[2]}"
            else:
                needed.append(f"sources, {block.name}, {key}: one of the lines below it")
                yield f"    {key}:"
        yield line
    if "data" in block.needed:
        needed.append(f"sources, {block.name}: cells that cannot be read; the comment in it counts them")


def _register(block: Block, chosen: Chosen) -> Iterator[str]:
    """A register by itself measures nothing, and a source that nothing uses is refused: it waits as a comment."""
    yield "  # facts about subjects, for a fee ({from: NAME, column: COLUMN}) or a level that reads one of its columns"
    for line in block.text.rstrip("\n").split("\n")[1:]:
        if line.startswith("    path: "):
            line = f"    path: {_path(block, chosen)}"
        yield f"  # {line.removeprefix('  ')}"


def _written(block: Block) -> dict[str, Data]:
    """The keys of the source that a block holds."""
    sources = read(block.text, block.name).data["sources"]
    assert isinstance(sources, dict)
    source = sources[block.name]
    assert isinstance(source, dict)
    return source


def _path(block: Block, chosen: Chosen) -> str:
    """The path of a source, seen from the folder of the agreement."""
    paths = _written(block)["path"]
    listed = [str(each) for each in (paths if isinstance(paths, list) else [paths])]
    if os.path.realpath(chosen.folder) != os.path.realpath("."):
        listed = [each if os.path.isabs(each) else os.path.relpath(each, chosen.folder) for each in listed]
    written = [scalar(each) for each in listed]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


class _Level:
    """The level that fits the shape of a source."""

    def __init__(self, block: Block, file: FileSeen, chosen: Chosen, several: bool) -> None:
        self.block, self.file, self.chosen = block, file, chosen
        self._lead = f"{block.name}-" if several else ""

    @property
    def shape(self) -> str:
        return self.file.shape

    @property
    def holds(self) -> bool:
        """Whether it reads states that hold for a while."""
        return self.shape == "samples" and self._states

    @property
    def common(self) -> bool:
        """Whether most of its samples stand equally far apart."""
        return self.file.steps is not None and self.file.steps.common is not None

    @property
    def _states(self) -> bool:
        return self.file.states is not None

    def write(self, text: _Text) -> None:
        """Its lines."""
        if self.shape == "counts":
            self._level(text, "success", "success-rate")
        elif self.shape == "cases":
            self._cases(text)
        elif self.shape == "events" or self._states:
            self._level(text, "availability", "availability")
        else:
            self._level(text, "mean", "statistic", ", statistic: mean", 'the promise, such as "<= 200"')

    def _level(self, text: _Text, name: str, kind: str, more: str = "", wanted: str = _SHARE) -> None:
        text.lines.append(f"  {self._lead}{name}:")
        if len(self.file.subject) == 1:
            text.lines.append(f"    per: {scalar(self.file.subject[0])}  # one verdict for each")
        text.lines.append(f"    measure: {{kind: {kind}, from: {self.block.name}{more}}}")
        self._target(text, name, wanted)

    def _target(self, text: _Text, name: str, wanted: str) -> None:
        target = self.chosen.target
        fits = target is not None and ("%" in target) == ("%" in wanted)
        where = f"service_levels, {self._lead}{name}, "
        if target is not None and not fits:
            wanted += f"; {target} is of another unit"
        text.key(4, "target", scalar(target) if target is not None and fits else None, wanted, where)

    def _cases(self, text: _Text) -> None:
        name = "within-limit"
        where = f"service_levels, {self._lead}{name}, "
        instants = self._instants()
        text.lines += [f"  {self._lead}{name}:", "    measure:", "      kind: share-within"]
        text.lines.append(f"      from: {self.block.name}")
        between = f"[{', '.join(map(scalar, instants))}]" if len(instants) == 2 else None
        text.key(6, "between", between, "from which instant of a case to which, such as [opened, resolved]", where)
        limit = None if self.chosen.limit is None else scalar(self.chosen.limit)
        text.key(6, "limit", limit, "how long a case may take, such as 4h or 2 working days", where)
        self._target(text, name, _SHARE)
        told = self._told_apart()
        if told:
            text.lines += ["    # a limit for each instead of the one above, and a target where it differs:", *told]

    def _told_apart(self) -> list[str]:
        """How a limit for each priority is written, where a column looks like one; nothing where none does."""
        for column in self.file.columns:
            few = column.kind == "words" and column.distinct is not None and 2 <= column.distinct <= len(column.common)
            if few and _PRIORITY.intersection(hints.tokens(column.name)):
                words = sorted(value.text for value in column.common)
                each = ", ".join(f"{scalar(word)}: {{limit: 4h}}" for word in words)
                return [f"    # by: {scalar(column.name)}", f"    # classes: {{{each}}}"]
        return []

    def _instants(self) -> list[str]:
        """The first instant of a case, and the one that most likely ends it."""
        if self.file.preset:
            words = _words(self.file)
            begin = [word for word in ("opened",) if word in words]
            return begin + [word for word in _ENDS if word in words][:1]
        joined = _joined(self.file)
        times = [each.name for each in self.file.columns if each.kind == "time" and each.name not in joined]
        begin = [each for each in times if hints.starts(each) is not None] or times
        ends = [each for each in times if hints.ends(each) is not None and each not in begin[:1]]
        ends = ends or [each for each in times if each not in begin[:1]][-1:]
        return [*begin[:1], *ends[:1]]


def _joined(file: FileSeen) -> frozenset[str]:
    """What a day and a time of day in two columns are called together: no header, so that nothing can name it."""
    return frozenset(f"{day.name} {clock.name}" for day, clock in pairwise(file.columns))


def _words(file: FileSeen) -> frozenset[str]:
    """The words of its preset for which the file has the columns: a product may have exports of several kinds."""
    there = {column.name for column in file.columns}
    return frozenset(
        word
        for export in presets.preset(file.preset).fitting(file.shape)
        for word, headers in export.fill(file.shape, {})["columns"].items()
        if there.issuperset([headers] if isinstance(headers, str) else headers)
    )


def _period(files: Sequence[FileSeen]) -> str:
    """The last whole month that all times lie around, else the month in which they begin; empty without times."""
    dating = {name for file in files for name in (" ".join(file.at), *file.at)}
    seen = [each for file in files for each in file.columns if each.kind == "time"]
    times = [each for each in seen if each.name in dating] or seen
    firsts = [date.fromisoformat(each.first[:10]) for each in times if each.first]
    lasts = [date.fromisoformat(each.last[:10]) for each in times if each.last]
    if not firsts or not lasts:
        return ""
    month = Cycle("month")
    last: Period = containing(month, max(lasts))
    if max(lasts) < last.end - timedelta(days=1) and before(last).start >= min(firsts):
        last = before(last)
    return last.label
