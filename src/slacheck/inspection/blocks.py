"""A source to paste into an agreement: what the export says, and commented choices for what it does not say."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob
from pathlib import PurePath

from slacheck.inspection import hints
from slacheck.inspection.columns import Column
from slacheck.inspection.counts import ISO
from slacheck.inspection.findings import Block, StateWord
from slacheck.inspection.lots import Lot, merged_form
from slacheck.inspection.products import Product
from slacheck.language.quantities import SECOND
from slacheck.language.written import length, scalar

_FEW = 5
_NOTE = textwrap.TextWrapper(width=100, break_long_words=False, break_on_hyphens=False)
# What a dataframe is called: it has no path, and is given beside the agreement.
FRAME = "the dataframe"


@dataclass
class _Writing:
    """The lines of one source, and what somebody has to decide."""

    lines: list[str] = field(default_factory=list)
    choices: dict[str, None] = field(default_factory=dict)
    needed: dict[str, None] = field(default_factory=dict)

    def key(self, key: str, value: str, why: str = "") -> None:
        self.lines.append(f"    {key}: {value}" + (f"  # {why}" if why else ""))

    def note(self, text: str) -> None:
        self.lines += [f"    # {line}" for line in _NOTE.wrap(text)]

    def choice(self, key: str, values: Sequence[str], why: str, *, needed: bool = False) -> None:
        """Commented lines of which a person keeps at most one."""
        self.note(f"{why}:")
        self.lines += [f"    # {key}: {value}" for value in values]
        self.choices[key] = None
        if needed:
            self.needed[key] = None


def block(lot: Lot, timezone: str | None, taken: Collection[str]) -> Block:
    """The source that reads the files of ``lot``. Its name is that of the files, unless it is one of ``taken``."""
    name = _name([look.path for look in lot.looks], taken)
    writing = _Writing()
    roles, of = lot.first.roles, lot.of
    _path(writing, [look.path for look in lot.looks])
    if lot.first.product:
        return _closed(_of_product(writing, lot, lot.first.product, timezone), name, lot)
    if _said(lot):
        writing.key("format", lot.first.file.format)
    if lot.first.encoding:
        writing.key("encoding", lot.first.encoding)
    if lot.first.file.records:
        records = [scalar(path) for path in lot.first.file.records]
        writing.key("records", records[0] if len(records) == 1 else _listed(records))
    writing.key("shape", roles.shape)
    columns, mapped = _columns(lot)
    writing.key("columns", "{" + ", ".join(f"{role}: {_headers(names)}" for role, names in columns.items()) + "}")
    instants = _instants(writing, lot) if roles.shape == "cases" else []
    _unreadable(writing, lot, columns)
    if roles.shape == "register":
        _key(writing, lot)
    mapped += [each.name for each in instants]
    times = [column for each in mapped for column in of.get(each, []) if column.kind == "time"]
    _times(writing, times, timezone)
    _unmarked_instants(writing, lot)
    _numbers(writing, {role: of.get(" ".join(names), []) for role, names in columns.items()})
    _nulls(writing, [column for each in mapped for column in of.get(each, [])])
    if roles.shape == "samples" and roles.state:
        _states(writing, lot)
    if roles.shape == "samples":
        _hold(writing, lot)
    if roles.shape == "counts":
        _interval(writing, lot)
    if roles.shape == "cases":
        _repeats(writing, lot)
    if roles.shape == "samples" and not (roles.value and len(roles.values) == 1):
        _value(writing, lot, columns)
    if roles.codes:
        writing.note(f'where each row is a request: shape: counts, good: {{{scalar(roles.codes.name)}: "< 500"}}')
    if roles.subject:
        writing.note(f"subjects: {', '.join(scalar(each.name) for each in roles.subject)}")
    return _closed(writing, name, lot)


def _closed(writing: _Writing, name: str, lot: Lot) -> Block:
    return Block(
        name=name,
        files=tuple(look.file.file for look in lot.looks),
        text=f"sources:\n  {name}:\n" + "\n".join(writing.lines) + "\n",
        choices=tuple(writing.choices),
        needed=tuple(writing.needed),
    )


def _of_product(writing: _Writing, lot: Lot, product: Product, timezone: str | None) -> _Writing:
    """A source with a preset says no more than where the files are, and what the preset leaves open."""
    writing.key("format", product.preset)
    writing.key("shape", product.shape)
    for other in product.others:
        writing.note(f"shape: {other}  is known as well")
    if product.unclear:
        role, there = product.unclear
        told = [f"{{{role}: {scalar(column)}}}" for column in there] or [f"{{{role}: COLUMN}}"]
        writing.choice("columns", told, f"the export may mean several columns by '{role}'", needed=True)
    roles = lot.first.roles
    if "timezone" not in product.terms:
        # Cases are dated by whichever instants an agreement names.
        mapped = [header for header in product.terms.get("columns", {}).values() if isinstance(header, str)]
        cases = product.shape == "cases"
        times = [each for each in roles.instants if each in (roles.at, roles.end) or (cases and each.name in mapped)]
        _times(writing, [each for each in times if each.seen.zone in ("none", "mixed")], timezone, form=False)
    unclear = [word for word, reading, _ in _merged_words(lot) if reading == "unclear"] if roles.state else []
    if unclear:
        listed = ", ".join(scalar(word) for word in unclear)
        writing.choice(
            "states", ["{up: [...], down: [...]}"], f"words that the preset does not know: {listed}", needed=True
        )
    if product.shape == "samples" and "hold" not in product.terms:
        _hold(writing, lot)
    if product.shape == "counts" and not {"interval", "absent_rows"} & set(product.terms):
        _interval(writing, lot)
    for caveat in product.caveats:
        writing.note(caveat)
    return writing


def _name(paths: Sequence[str], taken: Collection[str]) -> str:
    stem = PurePath(paths[0]).name.split(".")[0]
    if len(paths) > 1:
        stems = [PurePath(path).name.split(".")[0] for path in paths]
        common = re.match(r"(.*)", _shared(stems))
        stem = (common[1] if common else "") or stem
    # Letters with marks lose them: a name of a source is for typing.
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    name = re.sub(r"(-[0-9]+)+$", "", name) if re.match("[a-z]", name) else name
    name = name if re.match("[a-z]", name) else "export"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _shared(stems: Sequence[str]) -> str:
    shared = stems[0]
    for stem in stems[1:]:
        while not stem.startswith(shared):
            shared = shared[:-1]
    return shared


def _said(lot: Lot) -> bool:
    """Whether a format has to be said: the ending of some file does not tell it."""
    endings = (".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet", ".pq", ".txt", ".tab")
    files = [look.path.lower().removesuffix(".gz").removesuffix(".zst") for look in lot.looks]
    return lot.first.file.format not in ("csv", "json") and not all(file.endswith(endings) for file in files)


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(values) + "]"


def _headers(names: Sequence[str]) -> str:
    return scalar(names[0]) if len(names) == 1 else _listed([scalar(name) for name in names])


def _word(header: str) -> str:
    """A word of our own for a header: small letters, joined by underscores."""
    word = "_".join(re.findall(r"[a-z0-9]+", "_".join(hints.tokens(header)))) or "column"
    return word if re.match("[a-z]", word) else f"column_{word}"


def _instants(writing: _Writing, lot: Lot) -> list[Column]:
    """The times of cases that have the form of the first one: an agreement names them by their headers."""
    roles = lot.first.roles
    alike = [each for each in roles.instants if roles.at and set(each.seen.forms) & set(roles.at.seen.forms)]
    others = [each for each in roles.instants if each not in alike]
    plain = [each for each in alike if len(each.names) == 1]
    if plain:
        writing.note(f"instants, to be named as they are: {', '.join(scalar(each.name) for each in plain)}")
    for each in alike:
        if each not in plain:
            writing.note(f"columns: {{id: {_headers(roles.ids[0].names)}, {_word(each.name)}: {_headers(each.names)}}}")
    if others:
        writing.note(f"instants of another form, for a source of their own: {', '.join(each.name for each in others)}")
    return plain


def _columns(lot: Lot) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The roles and words of the source, and the columns that stand behind them."""
    roles = lot.first.roles
    found: dict[str, Column] = {}
    if roles.shape == "cases":
        found["id"] = roles.ids[0]
    elif roles.shape == "events":
        found = {"start": roles.at, "end": roles.end, "cause": roles.cause}  # type: ignore[dict-item]
    elif roles.shape == "counts":
        found = {"at": roles.at, "total": roles.total, "good": roles.good, "bad": roles.bad}  # type: ignore[dict-item]
    elif roles.shape == "samples":
        found = {"at": roles.at, "value": None if roles.state else roles.value}  # type: ignore[dict-item]
        if roles.state:
            state = next(each for each in lot.first.columns if each.name == roles.state.column)
            found = {"at": roles.at, "state": state}  # type: ignore[dict-item]
    else:
        # A word that nothing uses is refused: of a register only the key is mapped, which leads to its rows.
        key = next(iter(roles.ids or roles.subject or lot.first.columns))
        found[_word(key.name)] = key
    present = {role: column for role, column in found.items() if column is not None}
    return {role: column.names for role, column in present.items()}, [column.name for column in present.values()]


def _path(writing: _Writing, paths: Sequence[str]) -> None:
    if paths == [FRAME]:
        writing.key("path", "export.csv", "the file, or the dataframe that is given for this source")
        return
    pattern = _pattern(paths) if len(paths) > _FEW else None
    listed = [scalar(path) for path in paths]
    writing.key("path", scalar(pattern) if pattern else listed[0] if len(listed) == 1 else _listed(listed))


def _pattern(paths: Sequence[str]) -> str | None:
    """A glob that matches these files and no other, where there is one of the simplest kind."""
    front, back = _shared(paths), _shared([path[::-1] for path in paths])[::-1]
    if "/" in "".join(path[len(front) : len(path) - len(back)] for path in paths) or set(front + back) & set("*?["):
        return None
    pattern = f"{front}*{back}"
    return pattern if sorted(glob(pattern)) == sorted(paths) else None


def _value(writing: _Writing, lot: Lot, columns: Mapping[str, tuple[str, ...]]) -> None:
    """The numbers that are not mapped: any of them may be the value."""
    roles = lot.first.roles
    others = [each for each in roles.values if each is not roles.value or roles.state]
    if not others:
        return
    mapped = ", ".join(f"{role}: {_headers(names)}" for role, names in columns.items() if role != "value")
    told = [f"{{{mapped}, value: {_headers(each.names)}}}" for each in others[:_FEW]]
    more = f", one of {len(others)}" if len(others) > _FEW else ""
    writing.choice("columns", told, f"a number that may be the value{more}")


def _unreadable(writing: _Writing, lot: Lot, mapped: Mapping[str, tuple[str, ...]]) -> None:
    """Cells of the mapped columns that are refused as they stand: empty where a value is needed, or unlike the rest."""
    needed = set(mapped) - {"end", "cause"}
    for role, names in mapped.items():
        bad = empty = 0
        for column in lot.of.get(" ".join(names), []):
            seen = column.seen
            empty += column.survey.rows - seen.filled + sum(null.rows for null in seen.nulls)
            bad += seen.filled - sum(null.rows for null in seen.nulls) - seen.fits if seen.kind != "words" else 0
        of_cases = lot.first.roles.shape in ("cases", "register") and role != "id"
        if bad or (empty and role in needed and not of_cases):
            what = [f"unreadable in {bad:,}"] * bool(bad) + [f"empty in {empty:,}"] * bool(empty)
            rows = "row" if bad + empty == 1 else "rows"
            writing.note(f"{role}: {' and '.join(what)} {rows}; mend the export, or leave the rows out with where")
            writing.needed["data"] = None


def _key(writing: _Writing, lot: Lot) -> None:
    roles = lot.first.roles
    keys = roles.ids or roles.subject
    unique = [column for column in keys if column.seen.distinct == lot.first.file.rows]
    if len(lot.looks) == 1 and unique:
        writing.key("key", _word(unique[0].name))
    else:
        keys = keys or lot.first.columns[:_FEW]
        writing.choice("key", [_word(each.name) for each in keys], "what leads from a record to a row", needed=True)


def _times(writing: _Writing, times: Sequence[Column], timezone: str | None, *, form: bool = True) -> None:
    if not times:
        return
    forms = merged_form(times) if form else ()
    if len(forms) > 1:
        writing.choice(
            "time_format", [scalar(form) for form in forms], "every date reads in more than one way", needed=True
        )
    elif forms and forms[0] != ISO:
        writing.key("time_format", scalar(forms[0]))
    zones = {column.seen.zone for column in times}
    if not zones & {"none", "mixed"}:
        return
    if timezone:
        writing.key("timezone", scalar(timezone))
        if any(column.twice for column in times):
            writing.choice(
                "ambiguous_times", ["earlier", "later"], "some times stand in the hour that is shown twice", needed=True
            )
    else:
        writing.choice(
            "timezone",
            ["Europe/London", "UTC"],
            "the times carry no offset: name the zone they were written in",
            needed=True,
        )


def _unmarked_instants(writing: _Writing, lot: Lot) -> None:
    """Times that are numbers and count from no instant that the data names."""
    roles = lot.first.roles
    if roles.shape == "events" and roles.at and roles.at.kind == "number":
        writing.choice(
            "time_format",
            ["seconds since 2020-01-01T00:00:00Z", "epoch-seconds", "epoch-milliseconds"],
            "the times are numbers, and nothing tells from which instant they count",
            needed=True,
        )


def _numbers(writing: _Writing, mapped: Mapping[str, Sequence[Column]]) -> None:
    """How the numbers of the mapped columns are written; they are of one way, or one source cannot read them."""
    numbers = {role: [each for each in columns if each.kind == "number"] for role, columns in mapped.items()}
    every = [each.seen for columns in numbers.values() for each in columns]
    decimals, grouped = {each.decimal for each in every}, {each.thousands for each in every} - {""}
    if "" in decimals:
        writing.choice("decimal", ['","'], "a comma or point before three digits: decimals, or thousands", needed=True)
        writing.lines.append('    # thousands: ","')
    elif len({each.decimal for each in every if each.places}) > 1 or len(grouped) > 1:
        writing.note("the numbers are written in several ways, and one source reads one of them")
        writing.needed["decimal"] = None
    else:
        if "," in decimals:
            writing.key("decimal", '","')
        for mark in grouped:
            writing.key("thousands", json.dumps(mark))
    units = {role: columns[0].seen.unit for role, columns in numbers.items() if columns and columns[0].seen.unit}
    if units:
        said = ", ".join(f"{role}: {scalar(unit)}" for role, unit in units.items())
        writing.key("units", f"{{{said}}}", "as the cells say")
    for role, columns in numbers.items():
        unit = hints.unit(columns[0].name) if columns and role not in units else None
        if unit:
            header = scalar(columns[0].name)
            writing.choice("units", [f"{{{role}: {scalar(unit)}}}"], f"the header {header} may name the unit")


def _nulls(writing: _Writing, columns: Sequence[Column]) -> None:
    words = dict.fromkeys(null.text for column in columns if column.kind != "words" for null in column.seen.nulls)
    if words:
        writing.key("nulls", _listed([json.dumps(word, ensure_ascii=False) for word in words]), "no value")


def _merged_words(lot: Lot) -> Iterator[tuple[str, str, int]]:
    """(word, reading, rows) of the state column in all files, the most common first."""
    found: dict[str, StateWord] = {}
    column = lot.first.roles.state
    for look in lot.looks:
        states = look.roles.state
        if states is None or column is None or states.column != column.column:
            continue
        for word in states.words:
            before = found[word.text].rows if word.text in found else 0
            found[word.text] = word.model_copy(update={"rows": word.rows + before})
    for word in sorted(found.values(), key=lambda word: (-word.rows, word.text)):
        yield word.text, word.reading, word.rows


def _states(writing: _Writing, lot: Lot) -> None:
    words = list(_merged_words(lot))
    of = {reading: [text for text, each, _ in words if each == reading] for reading in ("up", "down", "unknown")}
    unclear = [text for text, reading, _ in words if reading == "unclear"]
    if not unclear:
        writing.key("states", _meaning(of))
        return
    if len(unclear) == 1:
        ways = [{**of, reading: [*listed, *unclear]} for reading, listed in of.items()]
    elif len(unclear) == 2 and not any(of.values()):
        one, other = sorted(unclear, reverse=True)
        ways = [{"up": [one], "down": [other]}, {"up": [other], "down": [one]}]
    else:
        ways = [{**of, "unknown": [*of["unknown"], *unclear]}]
    shown = ", ".join(scalar(word) for word in unclear)
    told = [_meaning(way) for way in ways]
    more = "" if len(ways) > 1 else "; put each where it belongs"
    writing.choice("states", told, f"what these words mean is for you to say: {shown}{more}", needed=True)


def _meaning(of: Mapping[str, Sequence[str]]) -> str:
    # A list that is left away is not empty: it has the word of its own name.
    kept = {reading: listed for reading, listed in of.items() if listed or reading != "unknown"}
    return "{" + ", ".join(f"{reading}: {_listed([scalar(word) for word in kept[reading]])}" for reading in kept) + "}"


def _hold(writing: _Writing, lot: Lot) -> None:
    steps = lot.first.file.steps
    if steps is None or steps.common is None:
        why = "how long a state holds at most: the data has no common distance"
        writing.choice("hold", ["2m", "until-next"], why)
        return
    common = steps.common
    longer = common * 2
    why = f"how long a sample holds at most; most stand {length(common)} apart, a probe holds a little longer"
    writing.choice("hold", [length(longer), "until-next"], why)


def _interval(writing: _Writing, lot: Lot) -> None:
    steps = lot.first.file.steps
    if steps is not None and steps.common is not None and steps.common >= SECOND:
        writing.key("interval", length(steps.common), "the most common distance of its rows")
    else:
        writing.key("absent_rows", "empty", "the rows have no common distance")


def _repeats(writing: _Writing, lot: Lot) -> None:
    name = lot.first.roles.ids[0].name
    repeated = sum(each.count for look in lot.looks for each in look.file.duplicates if each.columns == (name,))
    if repeated or len(lot.looks) > 1:
        rows = f"{repeated:,} {'row repeats' if repeated == 1 else 'rows repeat'}" if repeated else "rows may repeat"
        why = f"{rows} the id of an earlier one; where the last row of a case counts"
        writing.choice("repeats", ["last"], why, needed=bool(repeated))
