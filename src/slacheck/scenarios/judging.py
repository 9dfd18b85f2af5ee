"""What a scenario expects beside what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from slacheck.language.quantities import Kind
from slacheck.scenarios.loading import TestFile
from slacheck.scenarios.outcome import Difference
from slacheck.scenarios.terms import Between, LineExpected
from slacheck.scenarios.wanted import Wanted, shown
from slacheck.statement import Exact, Line, Statement

Steps = tuple[str | int, ...]


def differences(file: TestFile, number: int, statement: Statement) -> list[Difference]:
    """Everything that came out otherwise than scenario ``number`` expects, in the order of what is expected."""
    return list(_Judge(file, number, statement).all())


class _Judge:
    def __init__(self, file: TestFile, number: int, statement: Statement) -> None:
        self.file, self.statement = file, statement
        self.expected = file.tests.scenarios[number].expect
        self.steps: Steps = ("scenarios", number, "expect")

    def all(self) -> Iterator[Difference]:
        expected, statement = self.expected, self.statement
        if expected.verdict is not None and expected.verdict != statement.verdict:
            yield self._difference("verdict", expected.verdict, statement.verdict, ("verdict",))
        if expected.owed is not None:
            total = statement.total
            amounts = (total.least, total.most) if total else ("0", "0")
            yield from self._between("owed", expected.owed, *amounts, ("owed",), None)
        if expected.points is not None:
            points = statement.total.points if statement.total else None
            amounts = (points.least, points.most) if points else ("0", "0")
            yield from self._between("points", expected.points, *amounts, ("points",), None)
        for name, lines in expected.levels.items():
            for index, line in enumerate(lines):
                yield from self._level(name, line, ("levels", name, index))
        for name, state in expected.rights.items():
            yield from self._right(name, state)
        told = [*(note.text for note in statement.data), *statement.notes]
        for index, words in enumerate(expected.remarks):
            if not any(words in each for each in told):
                came = "; ".join(note.text for note in statement.data) or "no remark"
                yield self._difference("remarks", words, came, ("remarks", index))

    def _level(self, name: str, wanted: LineExpected, steps: Steps) -> Iterator[Difference]:
        lines = [
            line
            for line in self.statement.lines
            if line.level == name
            and (wanted.of_class is None or line.of_class == wanted.of_class)
            and (wanted.subject is None or wanted.subject in (line.subject, line.record_of))
        ]
        if not lines:
            of = ", ".join(each for each in (wanted.of_class, wanted.subject) if each)
            there = sorted({f"{each.of_class} {each.subject}".strip() for each in self.statement.lines} - {""})
            came = f"lines of {', '.join(there)}" if there else "no such line"
            yield self._difference(name, f"a line{f' of {of}' if of else ''}", came, steps)
        for line in lines:
            yield from self._line(wanted, line, steps)

    def _line(self, wanted: LineExpected, line: Line, steps: Steps) -> Iterator[Difference]:
        what = ", ".join(each for each in (line.level, line.of_class, line.subject) if each)

        def differs(key: str, expected: str, came: str) -> Difference:
            return self._difference(f"{what}: {key}", expected, came, (*steps, key), line)

        if wanted.verdict is not None and wanted.verdict != line.verdict:
            yield differs("verdict", wanted.verdict, line.verdict)
        if wanted.measured is not None and (
            came := _value(wanted.measured, line.unit, line.best, line.worst, line.open_above)
        ):
            yield differs("measured", wanted.measured.text, came)
        if wanted.margin is not None and (
            came := _value(wanted.margin, _margin_unit(line), line.margin_best, line.margin_worst, line.open_above)
        ):
            yield differs("margin", wanted.margin.text, came)
        if wanted.credit is not None:
            credit = line.credit
            unit = credit.unit if credit else wanted.credit.unit
            if unit != wanted.credit.unit:
                yield differs("credit", wanted.credit.unit, unit)
            else:
                most = (credit.most.amount if credit.most else None) if credit else "0"
                amounts = (credit.least.amount if credit else "0", most)
                yield from self._between(f"{what}: credit", wanted.credit, *amounts, (*steps, "credit"), line)
        if wanted.outages is not None and not wanted.outages.holds(Fraction(line.outages)):
            yield differs("outages", wanted.outages.text, str(line.outages))
        if wanted.reason is not None and wanted.reason not in line.reason:
            yield differs("reason", wanted.reason, line.reason or "no reason")

    def _right(self, name: str, state: str) -> Iterator[Difference]:
        states = [each for each in self.statement.rights if each.name == name]
        order = ("arose", "undecided", "expired", "not-arisen")
        came = next((each for each in order if any(right.state == each for right in states)), "not-arisen")
        if came != state:
            reason = next((f": {each.reason}" for each in states if each.state == came and each.reason), "")
            yield self._difference(f"right {name}", state, came + reason, ("rights", name))

    def _between(
        self, what: str, wanted: Between, least: str, most: str | None, steps: Steps, line: Line | None
    ) -> Iterator[Difference]:
        came = least if least == most else f"{least} to {'an open end' if most is None else most}"
        wrong = (wanted.least is not None and Fraction(wanted.least) != Fraction(least)) or (
            wanted.most is not None and (most is None or Fraction(wanted.most) != Fraction(most))
        )
        if wrong:
            said = [str(each) for each in (wanted.least, wanted.most) if each is not None]
            expected = " to ".join(dict.fromkeys(said)) if len(said) == 2 else (
                f"at least {said[0]}" if wanted.least is not None else f"at most {said[0]}"
            )  # fmt: skip
            yield self._difference(what, expected, came, steps, line)

    def _difference(self, what: str, expected: str, came: str, steps: Steps, line: Line | None = None) -> Difference:
        document = self.file.document
        place = document.place((*self.steps, *steps))
        message = f"{what}: expected {expected}, came {came}"
        return Difference(what, expected, came, document.problem(place, "scenario", message), line)


def _margin_unit(line: Line) -> Kind:
    if line.margin_in == "value":
        return line.unit
    return "length" if line.margin_in == "time" else "days" if line.margin_in == "days" else "number"


def _value(wanted: Wanted, unit: Kind, best: Exact | None, worst: Exact | None, open_above: bool) -> str:
    """What came, where it is not what is wanted; else nothing."""
    if best is None or worst is None:
        return "not measured"
    values: Sequence[Fraction] = sorted({best.fraction, worst.fraction})
    if wanted.kind == unit and not open_above and all(wanted.holds(each) for each in values):
        return ""
    told = [shown(each, unit) for each in values]
    return f"at least {told[0]}" if open_above else " to ".join(told)
