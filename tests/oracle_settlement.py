"""The settlement once more in plain loops over fractions: written from the rules, it shares no code with slacheck.

It settles one period of certain values. Terms are the mappings that an agreement is written as; of all that can be
written it knows what ``tests/test_settlement_oracle.py`` writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

DIGITS = {"JPY": 0, "EUR": 2, "KWD": 3}
ZERO = Fraction(0)


@dataclass
class Row:
    """One line: its level, value, subject, when it began, and what its record says."""

    level: str
    value: Fraction
    subject: str = ""
    began: int = 0
    name: str = ""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    weight: Fraction = Fraction(1)


def holds(text: str, value: Fraction) -> bool:
    for part in text.split(","):
        sign, _, number = part.strip().partition(" ")
        bound = Fraction(number)
        fine = {
            "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound, "=": value == bound,
        }[sign]  # fmt: skip
        if not fine:
            return False
    return True


def price(text: str, fee: Fraction) -> Fraction:
    text = text.removesuffix(" of monthly")
    if text.startswith("bonus "):
        return -price(text.removeprefix("bonus "), fee)
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100 * fee
    return Fraction(text.split(" ")[0])


def rounded(exact: Fraction, unit: Fraction, mode: str) -> Fraction:
    if exact < 0:
        return -rounded(-exact, unit, mode)
    low = exact // unit * unit
    over = exact - low
    up = {
        "half-up": over * 2 >= unit,
        "half-even": over * 2 > unit or (over * 2 == unit and low / unit % 2 == 1),
        "down": False,
        "up": over > 0,
    }[mode]
    return low + unit if up else low


def credit(terms: Mapping[str, Any], target: str, value: Fraction, fee: Fraction) -> Fraction:
    """What one value costs before anything that stands beside it."""
    if holds(target, value):
        for row, pays in terms.get("bands", {}).items():
            if pays.startswith("bonus") and row != "else" and holds(row, value):
                return price(pays, fee)
        return ZERO
    if terms["kind"] == "fixed":
        return price(terms["pays"], fee)
    if terms["kind"] == "bands":
        paid = [price(pays, fee) for row, pays in terms["bands"].items() if row != "else" and holds(row, value)]
        paid = [each for each in paid if each >= 0]
        return max(paid) if paid else price(terms["bands"]["else"], fee)
    bound = Fraction(target.split(" ")[1])
    units = abs(value - bound) / Fraction(terms["each"])
    if terms["counting"] == "full":
        units = Fraction(units.numerator // units.denominator)
    if terms["counting"] == "started":
        units = Fraction(-(-units.numerator // units.denominator))
    return units * price(terms["pays"], fee)


def floor_to(amount: Fraction, unit: Fraction) -> Fraction:
    return amount // unit * unit


def in_points(terms: Mapping[str, Any]) -> bool:
    return "point" in str(terms.get("pays", "")) or any("point" in pays for pays in terms.get("bands", {}).values())


@dataclass
class Found:
    amounts: list[Fraction]
    counted: list[Fraction]
    total: Fraction


def settle(document: Mapping[str, Any], rows: Sequence[Row]) -> Found:
    fee, unit = Fraction(document["fees"]["monthly"]), Fraction(1, 10 ** DIGITS[document["currency"]])
    settlement = document["settlement"]
    default = settlement.get("rounding", {})
    amounts = [ZERO] * len(rows)
    for level, written in document["service_levels"].items():
        own = [index for index, row in enumerate(rows) if row.level == level]
        terms, of_records = written["credit"], isinstance(written.get("per"), list)
        if of_records:
            own.sort(key=lambda index: (rows[index].began, rows[index].name))
        left: dict[tuple[object, ...], Fraction] = {}
        failed: dict[object, int] = {}
        for index in own:
            row = rows[index]
            amount = credit(terms, written["target"], row.value, fee)
            if terms.get("factors"):
                amount *= row.weight
            repeat = terms.get("repeat")
            if repeat and not holds(written["target"], row.value):
                same = tuple(row.facts[word] for word in repeat["same"])
                failed[same] = failed.get(same, 0) + 1
                times = [
                    Fraction(each) for text, each in repeat["times"].items() if holds(text, Fraction(failed[same]))
                ]
                amount *= max(times, default=Fraction(1))
            if not in_points(terms) and (terms.get("rounding") or default.get("at", "line") == "line"):
                how = terms.get("rounding") or default
                amount = rounded(amount, Fraction(how.get("to", unit)), how.get("mode", "half-up"))
            minimum = terms.get("minimum")
            if minimum and minimum["else"] == "raise" and 0 < amount <= Fraction(minimum["above"]):
                amount = Fraction(minimum["above"])
            keys = []
            for cap in terms.get("cap", []):
                size, _, per = cap.partition(" per ")
                own_keys: dict[str, object] = {"": row.subject if of_records else index, "area": row.facts.get("area")}
                key = own_keys.get(per)
                keys.append((cap, per, index if key is None else key))
                left.setdefault(keys[-1], floor_to(price(size, fee), unit))
            amount = min([amount, *(left[key] for key in keys)]) if amount > 0 else amount
            if minimum and minimum["else"] == "drop" and 0 < amount <= Fraction(minimum["above"]):
                amount = ZERO
            for key in keys:
                left[key] -= max(ZERO, amount)
            amounts[index] = amount
    counted = interplay(document, rows, amounts)
    # Caps by area over all lines.
    left_of: dict[tuple[object, ...], Fraction] = {}
    money = [not in_points(document["service_levels"][row.level]["credit"]) for row in rows]
    for index, row in enumerate(rows):
        groups: list[tuple[object, ...]] = []
        for cap in settlement.get("cap", []):
            size, _, per = cap.partition(" per ")
            value = row.facts.get("area") if per == "area" else row.subject if per == "circuit" else None
            by_subject = document["service_levels"][row.level].get("per")
            if value is not None and money[index] and (per == "area" or by_subject):
                groups.append((cap, value))
                left_of.setdefault(groups[-1], floor_to(price(size, fee), unit))
        if counted[index] > 0:
            counted[index] = min([counted[index], *(left_of[key] for key in groups)])
            for key in groups:
                left_of[key] -= counted[index]
    total = sum((each for each, own in zip(counted, money, strict=True) if own), ZERO)
    points = sum((each for each, own in zip(counted, money, strict=True) if not own), ZERO)
    if "points" in settlement and points > 0:
        worth = credit(settlement["points"], "<= 0", points, fee)
        if default.get("at", "line") == "line":
            worth = rounded(worth, Fraction(default.get("to", unit)), default.get("mode", "half-up"))
        for cap in settlement["points"].get("cap", []):
            worth = min(worth, floor_to(price(cap, fee), unit))
        total += worth
    if default.get("at") == "total":
        total = rounded(total, Fraction(default.get("to", unit)), default.get("mode", "half-up"))
    if "at_risk" in settlement:
        total = min(total, floor_to(price(settlement["at_risk"]["amount"], fee), unit))
    for cap in settlement.get("cap", []):
        if " per " not in cap:
            total = min(total, floor_to(price(cap, fee), unit))
    return Found(amounts, counted, total)


def interplay(document: Mapping[str, Any], rows: Sequence[Row], amounts: Sequence[Fraction]) -> list[Fraction]:
    """What is left when a critical failure, pairs and the dearest alone have been looked at; a bonus stays."""
    settlement = document["settlement"]
    counted = list(amounts)

    def drop(index: int) -> None:
        counted[index] = min(counted[index], ZERO)

    critical = settlement.get("critical", [])
    targets = {name: level["target"] for name, level in document["service_levels"].items()}
    if any(row.level in critical and not holds(targets[row.level], row.value) for row in rows):
        for index, row in enumerate(rows):
            if row.level not in critical:
                drop(index)
    for pair in settlement.get("exclusive", []):
        for subject in {row.subject for row in rows}:
            sides = [
                [index for index, row in enumerate(rows) if row.subject == subject and row.level in pair[key]]
                for key in ("either", "or")
            ]
            worth = [sum((max(ZERO, counted[index]) for index in side), ZERO) for side in sides]
            if all(sides):
                for index in sides[1] if worth[0] >= worth[1] else sides[0]:
                    drop(index)
    combine = settlement.get("combine", "sum")
    if combine != "sum":
        groups: dict[object, list[int]] = {}
        for index, row in enumerate(rows):
            incident = row.facts.get("incident")
            key: object = "all" if combine == "highest" else index if incident is None else incident
            groups.setdefault(key, []).append(index)
        for group in groups.values():
            kept = max(group, key=lambda index: (counted[index], -index))
            for index in group:
                if index != kept:
                    drop(index)
    return counted
