"""Every folder of cases/ is settled as its expect.yaml says, to the last digit; SOURCE.md there says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import DUCKDB, Engine, evaluate
from slacheck.language.yaml_text import read_file
from slacheck.problems import SlacheckError
from slacheck.statement import Credit, Exact, Line, RightState, Statement
from slacheck.timeline.zones import instant_of, zone

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir())

# Later than every period of the cases, unless a case says when it is seen.
SEEN = "2027-01-01T00:00:00Z"
_GROUPS = ("seconds", "counted", "cases", "expected")
# What is compared as it is written; `above: yes` says that nothing bounds the value from above.
_WORDS = {"reason", "target", "claimed", "before", "above", "claim_by"}
NEEDED = {"agreement.yaml", "expect.yaml", "SOURCE.md"}


def test_there_are_cases() -> None:
    """An empty folder of cases would agree with anything."""
    assert len(FOLDERS) > 30


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_says_where_its_numbers_come_from(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} > NEEDED
    assert len((folder / "SOURCE.md").read_text(encoding="utf-8").split()) > 25


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_settled_as_it_was_worked_out(folder: Path) -> None:
    """Verdicts, values, credits and totals are compared as exact values, and nothing may be there beside them."""
    expected: Any = read_file(folder / "expect.yaml", "expect.yaml").data
    if "refused" in expected:
        with pytest.raises(SlacheckError) as refused:
            settled(folder, expected)
        assert [problem.code for problem in refused.value.problems] == expected["refused"]
        return
    shown = settled(folder, expected)
    statements = {label(statement): statement for statement in shown}
    assert len(statements) == len(shown)
    assert list(statements) == list(expected["statements"])
    found = {name: dict(_found(statements[name], wanted)) for name, wanted in expected["statements"].items()}
    assert found == {name: dict(_wanted(wanted)) for name, wanted in expected["statements"].items()}


def settled(folder: Path, expected: Mapping[str, Any], engine: Engine = DUCKDB) -> list[Statement]:
    return together([folder], expected["period"], expected.get("as_of", SEEN), engine)


def together(folders: Sequence[Path], period: str, as_of: str, engine: Engine = DUCKDB) -> list[Statement]:
    """The agreements of several folders in one run."""
    seen = datetime.fromisoformat(as_of).replace(tzinfo=None)
    files, moment = [load(folder / "agreement.yaml") for folder in folders], instant_of(seen, zone("UTC"))
    return evaluate(files, period, moment, {}, engine=engine)


def companies(largest: int = 8) -> Iterator[tuple[str, str, list[Path]]]:
    """Cases of one period that are seen at one instant, a few at a time; one that is refused is by itself."""
    found: dict[tuple[str, ...], list[Path]] = {}
    for folder in FOLDERS:
        expected: Any = read_file(folder / "expect.yaml", "expect.yaml").data
        alone = (folder.name,) if "refused" in expected else ()
        found.setdefault((expected["period"], expected.get("as_of", SEEN), *alone), []).append(folder)
    for (period, as_of, *_), folders in found.items():
        for first in range(0, len(folders), largest):
            yield period, as_of, folders[first : first + largest]


COMPANIES = [
    pytest.param(*each, id=f"{each[0]} {each[2][0].name}{f' and {len(each[2]) - 1} more' if len(each[2]) > 1 else ''}")
    for each in companies()
]


@pytest.mark.parametrize(("period", "as_of", "folders"), [each for each in COMPANIES if " more" in str(each.id)])
def test_a_statement_does_not_depend_on_what_is_settled_beside_it(period: str, as_of: str, folders: list[Path]) -> None:
    alone = [statement for folder in folders for statement in together([folder], period, as_of)]
    beside = together(folders, period, as_of)
    assert sorted(map(repr, beside)) == sorted(map(repr, alone))


def label(statement: Statement) -> str:
    """The period, and behind ``from`` the first day of the part of it that the statement is for."""
    part = statement.period.part
    return f"{statement.period.label} from {part.first_day}" if part else statement.period.label


def _wanted(statement: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """What is expected of one statement, flat: a name for each thing, values as exact numbers."""
    yield "verdict", statement["verdict"]
    yield "total", _range(statement.get("total", "none"), Fraction)
    yield "running", statement.get("running", "no") == "yes"
    for key in ("claim_by", "pay_by", "rights", "use_by", "part", "notes"):
        if key in statement:
            yield key, statement[key]
    if "points" in statement:
        yield "points", _range(statement["points"], Fraction)
    for name, line in statement["lines"].items():
        yield f"{name} verdict", line["verdict"]
        worst = line.get("value", line.get("worst"))
        yield f"{name} value", (_number(line.get("value", line.get("best"))), _number(worst))
        yield f"{name} credit", _range(line.get("credit", "none"), str)
        if "paid" in line:
            yield f"{name} paid", _range(line["paid"], Fraction)
        for key in line.keys() - {"verdict", "value", "best", "worst", "credit", "paid", *_WORDS, *_GROUPS}:
            yield f"{name} {key}", _number(line[key])
        for key in line.keys() & _WORDS:
            yield f"{name} {key}", line[key]
        for group in _GROUPS:
            for key, number in line.get(group, {}).items():
                yield f"{name} {group} {key}", int(number)


def _found(statement: Statement, wanted: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The same of a statement: every line with verdict, value and credit, and what else ``wanted`` names."""
    total = statement.total
    yield "verdict", statement.verdict
    yield "total", (Fraction(total.least), _bound(total.most)) if total else None
    yield "running", statement.period.running
    if "claim_by" in wanted:
        yield "claim_by", total and total.claim_by
    if "pay_by" in wanted:
        yield "pay_by", total and total.pay_by
    if "points" in wanted:
        points = total.points if total else None
        yield "points", points and (Fraction(points.least), _bound(points.most))
    if "rights" in wanted:
        yield "rights", {_of_subject(right): right.state for right in statement.rights}
    if "use_by" in wanted:
        yield "use_by", {_of_subject(right): right.use_by for right in statement.rights if right.use_by}
    if "part" in wanted:
        yield "part", statement.period.part and statement.period.part.title
    if "notes" in wanted:
        yield "notes", list(statement.notes)
    for line in statement.lines:
        name = named(line)
        yield f"{name} verdict", line.verdict
        yield f"{name} value", (_exact(line.best), _exact(line.worst))
        yield f"{name} credit", _credit(line.credit)
        yield from _details(name, line, wanted["lines"].get(name, {}))


def _of_subject(right: RightState) -> str:
    return f"{right.name}/{right.subject}" if right.subject else right.name


def named(line: Line) -> str:
    """``level``, ``level, class``, ``level/subject``, ``level, class/subject``, then ``@ period`` of its own."""
    name = f"{line.level}, {line.of_class}" if line.of_class else line.level
    name = f"{name}/{line.subject}" if line.subject else name
    return f"{name} @ {line.period}" if line.period else name


def _details(name: str, line: Line, wanted: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    if "coverage" in wanted:
        yield f"{name} coverage", _exact(line.coverage)
    if "outages" in wanted:
        yield f"{name} outages", line.outages
    if "paid" in wanted:
        yield f"{name} paid", line.credit and (Fraction(line.credit.counted_least), _bound(line.credit.counted_most))
    if "exact_credit" in wanted:
        yield f"{name} exact_credit", _exact_credit(line.credit)
    for key in ("reason", "target"):
        if key in wanted:
            yield f"{name} {key}", getattr(line, key)
    if "claim_by" in wanted:
        yield f"{name} claim_by", (line.credit and line.credit.claim_by) or "none"
    if "claimed" in wanted:
        yield f"{name} claimed", line.credit and line.credit.claimed
    if "above" in wanted:
        yield f"{name} above", "yes" if line.open_above else "no"
    if "before" in wanted:
        yield f"{name} before", line.before.verdict if line.before else "none"
    for key in wanted.get("cases", {}):
        yield f"{name} cases {key}", getattr(line.cases, key)
    for key in wanted.get("expected", {}):
        yield f"{name} expected {key}", getattr(line.expected, key)
    for key in wanted.get("seconds", {}):
        yield f"{name} seconds {key}", Fraction(getattr(line.balance, key), 1_000_000)
    for key in wanted.get("counted", {}):
        yield f"{name} counted {key}", getattr(line.counted, key)


def _range(value: Any, read: Any) -> tuple[Any, Any] | None:
    """``100.00`` is least and most at once, ``{least, most}`` says both (most ``none``: without bound), ``none`` is no
    amount at all."""
    if value == "none":
        return None
    if not isinstance(value, dict):
        return read(value), read(value)
    return read(value["least"]), None if value["most"] == "none" else read(value["most"])


def _bound(amount: str | None) -> Fraction | None:
    """An amount that may have no bound."""
    return None if amount is None else Fraction(amount)


def _credit(credit: Credit | None) -> tuple[str, str | None] | None:
    """Least and most, without a bound None; of points ``3 points``."""
    if credit is None:
        return None
    unit = " points" if credit.unit == "points" else ""
    return f"{credit.least.amount}{unit}", f"{credit.most.amount}{unit}" if credit.most else None


def _number(text: str) -> Fraction | None:
    return None if text == "none" else Fraction(text)


def _exact(value: Exact | None) -> Fraction | None:
    return value.fraction if value else None


def _exact_credit(credit: Credit | None) -> Fraction | None:
    """The exact amount before rounding and caps, where it is certain."""
    assert credit is not None
    assert credit.most is not None
    assert credit.certain
    assert credit.most.exact is not None
    return Fraction(credit.most.exact)
