"""The fees of an agreement in its periods, and what is known about a line that one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.usage import fee_facts, sources_of
from slacheck.engine.scratch import Scratch
from slacheck.fees import reading
from slacheck.fees.fee import Fee, RegisterFee
from slacheck.fees.stretches import Dates
from slacheck.fees.worth import Fees, Whose
from slacheck.language.conditions import Condition, Test
from slacheck.measures.measure import OfRecords
from slacheck.planning.parts import shares
from slacheck.sources.opening import Export
from slacheck.timeline.periods import Period

Part = tuple[date, date] | None


def fees_of(
    scratch: Scratch, file: AgreementFile, periods: Sequence[tuple[Period, Part]], exports: Mapping[str, Export]
) -> list[Fees]:
    """The fees of each period, or of a part of it; every register is read once for all of them. Raises DataError."""
    agreement = file.agreement

    def terms_in(period: Period) -> list[tuple[Mapping[str, Fee], Part]]:
        return [(share.version.agreement.fees, share.days) for share in shares(file, period)]

    names = [fee.from_ for fee in agreement.fees.values() if isinstance(fee, RegisterFee)]
    dates = Dates(agreement.zone, agreement.period.cycle, agreement.effective, agreement.until, agreement.period.length)
    registers = {name: exports[name] for name in names}
    facts = {name: fee_facts(agreement, name) for name in registers}
    found: dict[int, Fees] = {}
    for part in dict.fromkeys(part for _, part in periods):
        own = [index for index, (_, other) in enumerate(periods) if other == part]
        of_part, dated = [periods[index][0] for index in own], replace(dates, part=part)
        read = reading.fees(scratch, agreement.fees, dated, of_part, registers, facts, terms_in)
        found |= dict(zip(own, read, strict=True))
    return [found[index] for index in range(len(periods))]


class _Told:
    """What conditions say about the words of records, one condition after the other."""

    def __init__(self) -> None:
        self.of: dict[str, frozenset[str]] = {}
        self.but: dict[str, frozenset[str]] = {}

    def among(self, word: str, values: Iterable[str]) -> None:
        some = frozenset(values)
        self.of[word] = self.of.get(word, some) & some

    def not_among(self, word: str, values: Iterable[str]) -> None:
        self.but[word] = self.but.get(word, frozenset()) | frozenset(values)

    def condition(self, condition: Condition) -> None:
        for test in condition.tests:
            self._test(test, holds=True)
        if len(condition.any_of) == 1:
            self.condition(condition.any_of[0])
        for none in condition.none_of:
            # Of several tests that do not all hold nothing is known about each.
            if len(none.tests) == 1 and not none.parts:
                self._test(none.tests[0], holds=False)

    def _test(self, test: Test, holds: bool) -> None:
        if test.comparison is None:
            (self.among if holds != test.negated else self.not_among)(test.column, test.among)

    def whose(self) -> Whose:
        of = {word: values - self.but.get(word, frozenset()) for word, values in self.of.items()}
        return Whose(of, {word: values for word, values in self.but.items() if word not in of})


def whose(agreement: Agreement, promised: Promised, subject: str = "", facts: Mapping[str, str] | None = None) -> Whose:
    """What is known about a line: its ``subject`` (a value of the ``per`` column), its class, what the conditions on
    its records say about single columns, and ``facts`` of its record by word.

    Without a subject a level whose subjects are listed is about all of these. Of several sources a word is told where
    each of them tells it. Pooled classes are about the values of all of them.
    """
    told = _Told()
    level, promise = promised.level, promised.promise
    if level.per is not None and level.per.column is not None:
        subjects = (subject,) if subject else level.per.subjects
        if subjects:
            told.among(level.per.column, subjects)
    source = _of_sources(agreement, promised)
    for word, values in source.of.items():
        told.among(word, values)
    for word, values in source.but.items():
        told.not_among(word, values)
    measure = promise.measure
    conditions = [promise.where, _class(promised)]
    if isinstance(measure, OfRecords):
        rule = agreement.outages.get(measure.from_)
        conditions += [measure.where, rule.where if rule is not None else None]
    for condition in conditions:
        if condition is not None:
            told.condition(condition)
    for word, value in (facts or {}).items():
        told.among(word, (value,))
    return told.whose()


def _class(promised: Promised) -> Condition | None:
    level = promised.level
    if promised.of_class in level.promises:
        return level.of_class(promised.of_class)
    # One verdict for all classes.
    told: list[Test] = []
    for name in level.promises:
        condition = level.of_class(name)
        if condition is None or len(condition.tests) != 1 or condition.parts or condition.tests[0].negated:
            return None
        told.append(condition.tests[0])
    if len({test.column for test in told}) != 1 or any(test.comparison is not None for test in told):
        return None
    return Condition((Test(told[0].column, tuple(value for test in told for value in test.among), None, False),))


def _of_sources(agreement: Agreement, promised: Promised) -> Whose:
    """What the sources of a level say by themselves, as far as all of them do."""
    each: list[Whose] = []
    for name in sources_of(agreement, promised):
        own = _Told()
        where = agreement.sources[name].where
        if where is not None:
            own.condition(where)
        each.append(own.whose())
    if not each:
        return Whose({})
    of = {
        word: frozenset[str]().union(*(one.of[word] for one in each))
        for word in each[0].of
        if all(word in one.of for one in each)
    }
    but = {
        word: frozenset.intersection(*(one.but[word] for one in each))
        for word in each[0].but
        if all(word in one.but for one in each)
    }
    return Whose(of, but)
