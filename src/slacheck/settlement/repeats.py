"""Multipliers for repeated failure: how often the level was breached, here and in earlier periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from slacheck.derivation import Step
from slacheck.history import History
from slacheck.language.quantities import CivilLength
from slacheck.money import decimal_text
from slacheck.planning import Settling
from slacheck.remedies.modifiers import Repeat
from slacheck.remedies.owed import Owed
from slacheck.settlement.bounds import Bounds
from slacheck.settlement.charge import Charge
from slacheck.settlement.earlier import earlier_in, parts_before
from slacheck.statement import Line, Statement
from slacheck.timeline.periods import Period, leading_to

Key = tuple[object, ...]
# Certain breaches, and those that may yet turn out to be some.
Count = tuple[int, int]


def repeated(settling: Settling, charges: Sequence[Charge], history: History) -> list[Charge]:
    """The charges of one level, given in their order, multiplied where breaches repeat."""
    found: list[Charge] = []
    seen: dict[Key, Count] = {}
    before: dict[Key, tuple[int, int, int]] = {}
    for charge in charges:
        repeat = charge.remedy.repeat
        if repeat is None:
            found.append(charge)
            continue
        key = _key(charge, repeat)
        sure, doubtful = 0, 0
        if charge.is_record:
            if key not in seen:
                # Where an amendment splits the period, records of its earlier parts are among those before.
                lines = _alike(parts_before(settling, history), charge, repeat)
                seen[key] = _breaches([line.verdict for line in lines])
            sure, doubtful = seen[key]
        # This one counts: where it is no breach, nothing is multiplied.
        now = (sure + 1, doubtful)
        if charge.is_record and charge.judged.judgement is not None:
            breached = charge.judged.judgement.verdict == "breached"
            open_one = charge.judged.judgement.verdict == "indeterminate"
            seen[key] = (sure + breached, doubtful + open_one)
        earlier = (0, 0, 0)
        if repeat.breaches_in != "period" and not charge.bounds.nothing:
            # Breaches of one kind have the same ones before them.
            kind = (id(repeat), *key)
            if kind not in before:
                before[kind] = _earlier(settling, charge, repeat, history)
            earlier = before[kind]
        found.append(_multiplied(charge, repeat, now, earlier))
    return found


def in_order(charges: Sequence[Charge]) -> list[Charge]:
    """The charges of one level, those of records in the order in which the records began."""
    return sorted(charges, key=_order) if any(charge.is_record for charge in charges) else list(charges)


def _order(charge: Charge) -> tuple[int, str, str]:
    line, answer = charge.judged.line, charge.judged.answer
    began = answer.began if answer is not None and answer.began is not None else 0
    return began, line.of_class, line.subject


def _key(charge: Charge, repeat: Repeat) -> Key:
    """What tells breaches of one kind from others: the words that must be the same, else class and subject."""
    answer = charge.judged.answer
    if not repeat.same:
        return charge.subject, charge.judged.line.of_class
    return tuple(answer.facts.get(word) if answer else None for word in repeat.same)


def _multiplied(charge: Charge, repeat: Repeat, now: Count, earlier: tuple[int, int, int]) -> Charge:
    """``now`` counts this breach and those before it in the period; ``earlier`` is as ``_earlier`` tells it."""
    if charge.bounds.nothing:
        return charge
    where = f"in the {str(repeat.breaches_in).replace('-', ' ')}"
    sure, doubtful, unknown = earlier
    if repeat.breaches_in != "previous-period":
        sure, doubtful = sure + now[0], doubtful + now[1]
    if isinstance(repeat.breaches_in, CivilLength):
        where = f"in {repeat.breaches_in}"
    if unknown and charge.is_record:
        # Nobody knows how many records an unknown period had.
        options = [repeat.multiplier(sure), *repeat.multipliers()]
    else:
        options = [repeat.multiplier(sure + more) for more in range(doubtful + unknown + 1)]
    low, high = min(options), max(options)
    if low == high == (Fraction(1), ""):
        return charge

    def times(owed: Owed, number: Fraction, row: str) -> Owed:
        if owed.exact <= 0:
            # A bonus, or nothing, is for a target that was met.
            return owed
        count = f"{sure}" if not doubtful + unknown else f"{sure} to {sure + doubtful + unknown}"
        plural = "" if count == "1" else "es"
        exact = owed.exact * number
        matched = f" ({row})" if row else ""
        return owed.then(
            exact, Step("repeat", f"x {decimal_text(number, 6)}: {count} breach{plural} {where}{matched}", exact)
        )

    least = times(charge.bounds.least, *low)
    most = None if charge.bounds.most is None else times(charge.bounds.most, *high)
    return replace(charge, bounds=Bounds(least, most, charge.bounds.why))


def _earlier(settling: Settling, charge: Charge, repeat: Repeat, history: History) -> tuple[int, int, int]:
    """Certain breaches in earlier periods, those that may be some, and how many periods are not known."""
    sure = doubtful = unknown = 0
    for period in _periods(settling, repeat):
        lines = _lines(settling, period, charge, repeat, history)
        if lines is None:
            unknown += 1
            continue
        verdicts = [line.verdict for line in lines]
        if charge.is_record:
            breached, open_ones = _breaches(verdicts)
            sure, doubtful = sure + breached, doubtful + open_ones
        else:
            sure += "breached" in verdicts
            doubtful += "breached" not in verdicts and "indeterminate" in verdicts
    return sure, doubtful, unknown


def _breaches(verdicts: Sequence[str]) -> Count:
    return verdicts.count("breached"), verdicts.count("indeterminate")


def _periods(settling: Settling, repeat: Repeat) -> Iterator[Period]:
    if isinstance(repeat.breaches_in, CivilLength):
        return earlier_in(settling, repeat.breaches_in)
    return islice(leading_to(settling.window.period, 2, settling.agreement.effective), 1, None)


def _lines(
    settling: Settling, period: Period, charge: Charge, repeat: Repeat, history: History
) -> Sequence[Line] | None:
    line = charge.judged.line
    if not charge.is_record:
        return history.lines(settling, period, line.level, line.of_class, line.subject)
    statements = history.statements(settling, period)
    return None if statements is None else _alike(statements, charge, repeat)


def _alike(statements: Sequence[Statement], charge: Charge, repeat: Repeat) -> list[Line]:
    """The records of earlier statements that count with that of a charge."""
    line, answer = charge.judged.line, charge.judged.answer
    facts = answer.facts if answer else {}
    of_level = [each for statement in statements for each in statement.lines if each.level == line.level]
    if repeat.same:
        return [each for each in of_level if all(each.facts.get(word) == facts.get(word) for word in repeat.same)]
    return [each for each in of_level if (each.record_of, each.of_class) == (charge.subject, line.of_class)]
