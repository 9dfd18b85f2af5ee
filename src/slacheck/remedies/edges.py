"""Checks on a band table: every edge of the table and of the target is walked, on it and to either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from slacheck.language.payments import Pay
from slacheck.language.quantities import HOUR, MINUTE, SECOND, Comparison, Kind
from slacheck.money import decimal_text
from slacheck.remedies.remedy import Fault

# What no value of a unit lies above.
CEILING: Mapping[Kind, Fraction] = {"share": Fraction(1)}


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    compared: Comparison
    paid: Pay

    @property
    def cost(self) -> Fraction:
        """What orders the rows of one table: below zero for a bonus."""
        return self.paid.size


@dataclass(frozen=True)
class Spot:
    """One edge, or the open stretch between two: ``at`` is a value inside it."""

    at: Fraction
    text: str


def written(value: Fraction, unit: Kind) -> str:
    """A value as an agreement would write it."""
    if unit == "share":
        return f"{decimal_text(value * 100)}%"
    if unit == "length":
        for size, letter in ((HOUR, "h"), (MINUTE, "m"), (SECOND, "s")):
            if value % size == 0:
                return f"{value // size}{letter}"
        return f"{decimal_text(value / SECOND)}s"
    return decimal_text(value)


def spots_between(edges: Sequence[Fraction], unit: Kind, ceiling: Fraction | None = None) -> list[Spot]:
    """Every edge and every stretch between edges inside the values the unit can take, lowest first."""
    floor = None if unit == "number" else Fraction(0)
    marks = sorted(
        {edge for edge in edges if (floor is None or edge >= floor) and (ceiling is None or edge <= ceiling)}
    )
    shown = [written(mark, unit) for mark in marks]
    spots: list[Spot] = []
    if marks and (floor is None or marks[0] > floor):
        below = marks[0] - 1 if floor is None else (floor + marks[0]) / 2
        spots.append(Spot(below, f"everything below {shown[0]}"))
    for index, mark in enumerate(marks):
        spots.append(Spot(mark, f"exactly {shown[index]}"))
        if index + 1 < len(marks):
            spots.append(
                Spot((mark + marks[index + 1]) / 2, f"what lies between {shown[index]} and {shown[index + 1]}")
            )
        elif ceiling is None or mark < ceiling:
            above = mark + 1 if ceiling is None else (mark + ceiling) / 2
            spots.append(Spot(above, f"everything above {shown[index]}"))
    return spots


def table_faults(
    rows: Sequence[Row],
    otherwise: Pay | None,
    target: Comparison,
    unit: Kind,
    ceiling: Fraction | None = None,
    ordered: bool = True,
) -> Iterator[Fault]:
    """What cannot be meant in a band table; ``otherwise`` is what 'else' pays, where it stands.

    ``inside`` of a fault is the row's own text. No value lies above ``ceiling``. Where rows are not ``ordered`` a
    worse value may be paid less.
    """
    spots = spots_between([*target.edges, *(edge for row in rows for edge in row.compared.edges)], unit, ceiling)
    paid = [each for each in (*(row.paid for row in rows), otherwise) if each is not None and each.size != 0]
    if len({each.form for each in paid}) > 1:
        help = "write all rows as a share of one fee, or all as amounts, as days of one fee or as points"
        yield Fault("band-mixture", "the rows pay in different units", help)
        return
    breaches = [spot for spot in spots if not target.holds(spot.at)]
    met = [spot for spot in spots if target.holds(spot.at)]
    yield from _contradictions(rows, spots)
    yield from _paid_when_met(rows, met, target)
    yield from _bonuses(rows, breaches, met, target)
    yield from _holes(rows, breaches, otherwise is not None)
    yield from _unreached(rows, breaches)
    if ordered:
        yield from _order(rows, otherwise, breaches, target)


def _contradictions(rows: Sequence[Row], spots: Sequence[Spot]) -> Iterator[Fault]:
    covered = [{spot.at for spot in spots if row.compared.holds(spot.at)} for row in rows]
    for later in range(len(rows)):
        for earlier in range(later):
            mine, theirs = covered[later], covered[earlier]
            if not mine & theirs:
                continue
            other = rows[earlier].compared.text
            text = rows[later].compared.text
            if mine == theirs:
                yield Fault("band-contradiction", f"'{text}' and '{other}' are the same band", "write it once", (text,))
            elif not (mine < theirs or theirs < mine):
                yield Fault(
                    "band-overlap",
                    f"'{text}' and '{other}' overlap without one lying inside the other",
                    "let one end where the other begins",
                    (text,),
                )


def _bonuses(rows: Sequence[Row], breaches: Sequence[Spot], met: Sequence[Spot], target: Comparison) -> Iterator[Fault]:
    """A bonus is owed only where the target is met, and one at a time."""
    bonuses = [row for row in rows if row.cost < 0]
    for index, row in enumerate(bonuses):
        text = row.compared.text
        missed = next((spot for spot in breaches if row.compared.holds(spot.at)), None)
        if missed is not None:
            yield Fault(
                "band-target",
                f"'{text}' is a bonus at {missed.text.removeprefix('exactly ')}, where '{target.text}' is missed",
                "a bonus is owed only when the target is met: change the row, or the target",
                (text,),
            )
        elif not any(row.compared.holds(spot.at) for spot in met):
            yield Fault("band-unreachable", f"nothing can reach '{text}'", "leave the row out", (text,))
        for other in bonuses[:index]:
            if any(row.compared.holds(spot.at) and other.compared.holds(spot.at) for spot in met):
                message = f"the bonuses '{text}' and '{other.compared.text}' overlap"
                yield Fault("band-overlap", message, "let one end where the other begins", (text,))


def _paid_when_met(rows: Sequence[Row], met: Sequence[Spot], target: Comparison) -> Iterator[Fault]:
    for row in rows:
        paid = next((spot for spot in met if row.cost > 0 and row.compared.holds(spot.at)), None)
        if paid is not None:
            spot = paid.text.removeprefix("exactly ")
            yield Fault(
                "band-target",
                f"'{row.compared.text}' pays at {spot}, where the target '{target.text}' is met",
                "a credit is paid only on a breach: change the row, or the target, and keep the reading in a note",
                (row.compared.text,),
            )


def _holes(rows: Sequence[Row], breaches: Sequence[Spot], has_else: bool) -> Iterator[Fault]:
    holes = [spot for spot in breaches if not any(row.compared.holds(spot.at) for row in rows)]
    if holes and not has_else:
        yield Fault(
            "band-hole",
            f"the bands leave {', and '.join(spot.text for spot in holes)} uncovered",
            "extend a row to the next, or write else: 0 if nothing is owed there",
            (),
        )
    if has_else and not holes:
        yield Fault("band-unreachable", "nothing can reach 'else'", "leave it out", ("else",))


def _unreached(rows: Sequence[Row], breaches: Sequence[Spot]) -> Iterator[Fault]:
    for row in rows:
        if row.cost < 0:
            continue
        reached = [spot for spot in breaches if row.compared.holds(spot.at)]
        wins = any(all(other.cost <= row.cost for other in rows if other.compared.holds(spot.at)) for spot in reached)
        if not reached and row.cost != 0:
            yield Fault(
                "band-unreachable",
                f"no breach can reach '{row.compared.text}'",
                "leave the row out",
                (row.compared.text,),
            )
        elif reached and not wins:
            yield Fault(
                "band-unreachable",
                f"'{row.compared.text}' is never paid: a row that costs more matches wherever it does",
                "a worse value should cost more: are the credits in reversed order?",
                (row.compared.text,),
            )


def _order(rows: Sequence[Row], otherwise: Pay | None, breaches: Sequence[Spot], target: Comparison) -> Iterator[Fault]:
    """On either side of the target a value farther from it must not earn less. ``else: 0`` is a gap that is meant."""
    below = [spot for spot in reversed(breaches) if spot.at <= min(target.edges) and target.lower_is_worse is not False]
    above = [spot for spot in breaches if spot.at >= max(target.edges) and target.lower_is_worse is not True]
    for worst_last in (below, above):
        dearest: tuple[str, Pay] | None = None
        for spot in worst_last:
            here = _paid_at(rows, otherwise, spot)
            if here is None:
                continue
            if dearest is not None and here[1].size < dearest[1].size:
                yield Fault(
                    "band-order",
                    f"a worse value earns less: '{here[0]}' pays {here[1].text}, '{dearest[0]}' pays {dearest[1].text}",
                    "write the credits so that they grow with the breach",
                    (here[0],),
                )
                return
            dearest = here


def _paid_at(rows: Sequence[Row], otherwise: Pay | None, spot: Spot) -> tuple[str, Pay] | None:
    """The text of the row that wins at ``spot``, and what it pays."""
    matching = [row for row in rows if row.cost >= 0 and row.compared.holds(spot.at)]
    if matching:
        dearest = max(matching, key=lambda row: row.cost)
        return dearest.compared.text, dearest.paid
    return ("else", otherwise) if otherwise is not None and otherwise.size != 0 else None
