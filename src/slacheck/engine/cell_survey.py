"""What the cells of an export can be read as, counted over every row: few passes, each over all columns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from slacheck.engine import text_rules
from slacheck.engine.cells import Cells
from slacheck.engine.duck import DuckScratch
from slacheck.engine.text_rules import EARLIEST, LATEST, TextRule

# Up to so many different texts (as estimated) they are counted exactly, and looked at once each.
MOST_DISTINCT = 50_000
SCALE = 18
# Numbers are kept as integers of 10**-18; the short way of the rule takes those with up to six places.
_SHORT = 6
_BUCKET = 30 * text_rules.DAY
_EXAMPLES = 3
_ISO = text_rules.instant()
_IN_RANGE = f"m >= {EARLIEST} AND m < {LATEST}"


@dataclass(frozen=True)
class Survey:
    """One column, or several joined by a blank: ``key`` is its number. Blanks around a text are counted in ``blanks``.

    ``distinct`` is exact; where it is None there are too many to count, about ``estimate`` (HyperLogLog, a few
    percent). ``relation`` is SQL of its filled cells: the trimmed text ``t``, how often it stands there (``n``), the
    first record that holds it (``r``), and the key (``c``).
    """

    key: int
    names: tuple[str, ...]
    rows: int
    filled: int
    blanks: int
    distinct: int | None
    estimate: int
    relation: str


@dataclass(frozen=True)
class Found:
    """How many cells hold what was asked, the first records of the first three texts, and the first text."""

    count: int = 0
    records: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Numbers:
    """Cells that are plain numbers with a decimal point: ``least`` and ``greatest`` are integers of 10**-18.

    ``pointed`` have a point, ``places`` are the most digits behind one.
    """

    count: int = 0
    pointed: int = 0
    places: int = 0
    least: int = 0
    greatest: int = 0


@dataclass(frozen=True)
class Moments:
    """Times of one kind (0 absolute, 1 naive, 2 a date) within one stretch of thirty days, in microseconds."""

    kind: int
    count: int
    first: int
    last: int
    record: int


def surveys(cells: Cells, columns: Sequence[tuple[str, ...]], first: int = 0) -> list[Survey]:
    """How full each of some columns is and how many different texts it has; keys are counted from ``first``."""
    if not columns:
        return []
    asked = []
    for names in columns:
        text, raw = cells.text(*names), cells.places[names[0]]
        around = f"count(*) FILTER ({raw} <> trim({raw}) AND trim({raw}) <> '')" if len(names) == 1 else "0"
        asked += [f"count({text})", around, f"approx_count_distinct({text})"]
    ((*answers,),) = cells.scratch.fetch(f'SELECT {", ".join(asked)} FROM "{cells.table}"')
    estimates = {key: answers[3 * (key - first) + 2] for key in range(first, first + len(columns))}
    texts = {key: cells.text(*names) for key, names in enumerate(columns, first)}
    counted = [key for key in texts if estimates[key] <= MOST_DISTINCT]
    table = cells.scratch.begin("texts", {"c": "SMALLINT", "t": "VARCHAR", "n": "BIGINT", "r": "BIGINT"})
    for key in counted:
        filled = f'SELECT {texts[key]} AS t, rowid AS r FROM "{cells.table}"'
        grouped = f"SELECT {key}, t, count(*), min(r) FROM ({filled}) WHERE t IS NOT NULL GROUP BY t"
        cells.scratch.append(table, grouped)
    distinct: dict[int, int] = dict(cells.scratch.fetch(f'SELECT c, count(*) FROM "{table}" GROUP BY c'))
    found = []
    for at, (key, names) in enumerate(zip(texts, columns, strict=True)):
        filled, blanks, estimate = answers[3 * at : 3 * at + 3]
        if key in counted:
            relation = f'(SELECT c, t, n, r FROM "{table}" WHERE c = {key})'
        else:
            every = f'SELECT {key}::SMALLINT AS c, {texts[key]} AS t, 1::BIGINT AS n, rowid AS r FROM "{cells.table}"'
            relation = f"(SELECT * FROM ({every}) WHERE t IS NOT NULL)"
        exact = distinct.get(key, 0) if key in counted else None
        found.append(Survey(key, names, cells.rows, filled, blanks, exact, estimate, relation))
    return found


def counted_exactly(scratch: DuckScratch, survey: Survey) -> int:
    """How many different texts there are, whatever it costs: for a column that may be the id of its rows."""
    if survey.distinct is not None:
        return survey.distinct
    ((distinct,),) = scratch.fetch(f"SELECT count(DISTINCT t) FROM {survey.relation}")
    return int(distinct)


def common(scratch: DuckScratch, columns: Sequence[Survey], most: int) -> dict[int, list[tuple[str, int]]]:
    """The most common texts of the columns whose texts were counted; among equals the first in the file."""
    of = _all([survey for survey in columns if survey.distinct is not None])
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if of:
        ranked = f"SELECT c, t, n, row_number() OVER (PARTITION BY c ORDER BY n DESC, r) AS place FROM {of}"
        for key, text, count in scratch.fetch(
            f"SELECT c, t, n FROM ({ranked}) WHERE place <= {most} ORDER BY c, place"
        ):
            found[key].append((text, count))
    return found


def iso_times(scratch: DuckScratch, columns: Sequence[Survey]) -> dict[int, int]:
    """How many cells are times of ISO 8601."""
    if not columns:
        return {}
    found = scratch.fetch(f"SELECT c, sum(n) FROM {_read(_all(columns), _ISO)} WHERE {_IN_RANGE} GROUP BY c")
    of = {key: int(count) for key, count in found}
    return {survey.key: of.get(survey.key, 0) for survey in columns}


def numbers(scratch: DuckScratch, columns: Sequence[Survey]) -> dict[int, Numbers]:
    """The plain numbers among the cells."""
    if not columns:
        return {}
    places = "CASE WHEN contains(t, '.') THEN length(regexp_extract(t, '[.]([0-9]*)', 1)) ELSE 0 END"
    found = scratch.fetch(
        f"SELECT c, sum(n), coalesce(sum(n) FILTER (contains(t, '.')), 0), max({places}), min(v), max(v)"
        f" FROM {_numbered(_all(columns))} WHERE v IS NOT NULL GROUP BY c"
    )
    of = {key: Numbers(*map(int, row)) for key, *row in found}
    return {survey.key: of.get(survey.key, Numbers()) for survey in columns}


def moments(scratch: DuckScratch, columns: Sequence[Survey], rule: TextRule) -> dict[int, list[Moments]]:
    """Every time that ``rule`` reads, by its kind and by stretches of thirty days, the earliest first."""
    found: dict[int, list[Moments]] = defaultdict(list)
    bucket = f"m - (m % {_BUCKET} + {_BUCKET}) % {_BUCKET}"
    for key, kind, _, *row in scratch.fetch(
        f"SELECT c, k, {bucket} AS bucket, sum(n), min(m), max(m), min(r)"
        f" FROM {_read(_all(columns), rule)} WHERE {_IN_RANGE} GROUP BY ALL ORDER BY c, bucket, k"
    ):
        found[key].append(Moments(int(kind), *map(int, row)))
    return found


def among_moments(
    scratch: DuckScratch,
    survey: Survey,
    rule: TextRule,
    ranges: Mapping[str, Sequence[tuple[int, int]]],
    kind: int | None,
) -> dict[str, Found]:
    """How many times lie in any of the half-open ranges of each name; only those of one ``kind`` where it is given."""
    tests = {
        name: " OR ".join(f"(m >= {lo} AND m < {hi})" for lo, hi in spans) or "false" for name, spans in ranges.items()
    }
    only = "" if kind is None else f" AND k = {kind}"
    relation = f"(SELECT * FROM {_read(survey.relation, rule)} WHERE {_IN_RANGE}{only})"
    return _tested(scratch, relation, tests).get(survey.key, dict.fromkeys(tests, Found()))


def among_numbers(
    scratch: DuckScratch, columns: Sequence[Survey], tests: Mapping[str, tuple[int, int]]
) -> dict[int, dict[str, Found]]:
    """How many numbers of each column lie in the closed range of each name, in integers of 10**-18."""
    if not columns or not tests:
        return {}
    conditions = {name: f"v >= {lo}::HUGEINT AND v <= {hi}::HUGEINT" for name, (lo, hi) in tests.items()}
    return _tested(scratch, f"(SELECT * FROM {_numbered(_all(columns))} WHERE v IS NOT NULL)", conditions)


def leftover(scratch: DuckScratch, columns: Sequence[Survey]) -> str:
    """SQL of the cells of some columns that are neither times of ISO 8601 nor plain numbers: c, t, n, r."""
    table = scratch.fresh("leftover")
    scratch.store(
        table,
        f"SELECT c, t, n, r FROM {_numbered(_read(_all(columns), _ISO))}"
        f" WHERE v IS NULL AND NOT coalesce({_IN_RANGE}, false)",
    )
    return f'"{table}"'


def first_texts(scratch: DuckScratch, relation: str, most: int) -> dict[int, list[str]]:
    """The texts of the first records of every column in ``relation``."""
    found: dict[int, list[str]] = defaultdict(list)
    first = f"SELECT c, unnest(arg_min(t, r, {most})) AS t FROM {relation} GROUP BY c"
    for key, text in scratch.fetch(first):
        found[key].append(text)
    return found


def among_texts(
    scratch: DuckScratch,
    relation: str,
    shapes: Mapping[str, str],
    rules: Mapping[str, TextRule],
    words: Mapping[str, Sequence[str]],
) -> dict[int, dict[str, Found]]:
    """How many texts of each column in ``relation`` have a shape (a regular expression for the whole text), are read
    by a rule, or are one of some words, in whatever case."""
    tests = {name: "regexp_full_match(t, '{}')".format(shape.replace("'", "''")) for name, shape in shapes.items()}
    tests |= {name: rule.accepted(f"({rule.values('t')[0]})") for name, rule in rules.items()}
    tests |= {name: f"lower(t) IN ({_listed(each)})" for name, each in words.items()}
    return _tested(scratch, relation, tests)


def among_cells(
    scratch: DuckScratch, columns: Sequence[Survey], rules: Mapping[str, TextRule]
) -> dict[int, dict[str, Found]]:
    """How many cells of each column every rule reads."""
    if not columns:
        return {}
    return _tested(
        scratch, _all(columns), {name: rule.accepted(f"({rule.values('t')[0]})") for name, rule in rules.items()}
    )


def among_words(scratch: DuckScratch, relation: str, words: Sequence[str]) -> dict[int, list[tuple[str, int]]]:
    """The texts of ``relation`` that are one of ``words``, in whatever case, and how many cells have each."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for key, text, count, _ in scratch.fetch(
        f"SELECT c, t, sum(n) AS s, min(r) AS r FROM {relation} WHERE lower(t) IN ({_listed(words)})"
        " GROUP BY c, t ORDER BY c, s DESC, r"
    ):
        found[key].append((text, int(count)))
    return found


def unread(scratch: DuckScratch, survey: Survey, rule: TextRule, nulls: Collection[str]) -> Found:
    """The filled cells that ``rule`` does not read, less those that are one of ``nulls``."""
    value = rule.values("t")[0]
    known = f" AND t NOT IN ({_listed(nulls)})" if nulls else ""
    tests = {"": f"NOT coalesce({rule.accepted(f'({value})')}, false){known}"}
    return _tested(scratch, survey.relation, tests).get(survey.key, {"": Found()})[""]


def read_numbers(scratch: DuckScratch, survey: Survey, rule: TextRule, decimal: str) -> Numbers:
    """The numbers that a rule with the decimal mark ``decimal`` reads."""
    behind = f"regexp_extract(t, '[{decimal}]([0-9]+)[^0-9]*$', 1)"
    ((count, least, greatest, places),) = scratch.fetch(
        f"SELECT coalesce(sum(n), 0), coalesce(min(v), 0), coalesce(max(v), 0), coalesce(max(length({behind})), 0)"
        f" FROM (SELECT *, {rule.values('t')[0]} AS v FROM {survey.relation}) WHERE v IS NOT NULL"
    )
    return Numbers(int(count), 0, int(places), int(least), int(greatest))


def _all(columns: Sequence[Survey]) -> str:
    relations = [f"SELECT c, t, n, r FROM {survey.relation}" for survey in columns]
    return f"({' UNION ALL '.join(relations)})" if relations else ""


def _read(relation: str, rule: TextRule) -> str:
    """The relation with the moment ``m`` and the kind ``k`` that a rule for times gives."""
    moment, kind = rule.values("t")
    return f"(SELECT *, {moment} AS m, {kind} AS k FROM {relation})"


def _numbered(relation: str) -> str:
    """The relation with ``v``: the number as an integer of 10**-18."""
    short = text_rules.number(_SHORT).values("t")[0]
    long = text_rules.number(SCALE, wide=True).values("s")[0]
    near = f"(SELECT *, {short} AS v0 FROM {relation})"
    far = f"(SELECT *, CASE WHEN v0 IS NULL THEN t END AS s FROM {near})"
    widened = f"v0::HUGEINT * {10 ** (SCALE - _SHORT)}"
    return f"(SELECT *, CASE WHEN s IS NULL THEN {widened} ELSE {long} END AS v FROM {far})"


def _listed(words: Collection[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def _tested(scratch: DuckScratch, relation: str, tests: Mapping[str, str]) -> dict[int, dict[str, Found]]:
    """Per column what each condition finds; a column without any cell in ``relation`` is not there."""
    if not tests:
        return {}
    names = list(tests)
    asked = [
        f"sum(n) FILTER (h{at}), min(r, {_EXAMPLES}) FILTER (h{at}), arg_min(t, r) FILTER (h{at})"
        for at in range(len(names))
    ]
    held = [f"coalesce({tests[name]}, false) AS h{at}" for at, name in enumerate(names)]
    looked_at = f"(SELECT c, t, n, r, {', '.join(held)} FROM {relation})"
    found: dict[int, dict[str, Found]] = {}
    for key, *answers in scratch.fetch(f"SELECT c, {', '.join(asked)} FROM {looked_at} GROUP BY c"):
        found[key] = {}
        for at, name in enumerate(names):
            count, records, text = answers[3 * at : 3 * at + 3]
            found[key][name] = Found(int(count), tuple(records), text) if count else Found()
    return found
