"""Tables of credits beyond what cannot be meant: edges that nobody owns, rows that a cap makes equal, roundings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slacheck.agreement.checks.payable import size_of
from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.language.payments import Cap, Pay
from slacheck.language.quantities import Comparison
from slacheck.lint.doubt import Doubt, Steps
from slacheck.measures.count import Count
from slacheck.remedies.bands import Bands
from slacheck.remedies.edges import Spot, spots_between


def unclear_edge(file: AgreementFile) -> Iterator[Doubt]:
    """A value exactly on an edge pays nothing, while the values on both sides of it pay.

    Why: "10 % if at most 99.9 % and more than 99.0 %, 25 % if less than 99.0 %" (a developer platform, before 2021):
    exactly 99.0 % is in no row. A container platform leaves exactly 95.00 % out, a hosting contract leaves every edge
    open. A 99.0 % that comes from counts, 990 of 1,000, is an ordinary month.

    Fix: close one of the two rows at the edge, ``<=`` or ``>=``.

    Silent: without ``else``, since slacheck then refuses the table; where only one side pays.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit:
              kind: bands
              of: monthly
              bands: {"< 99.9%, > 99.0%": 10%, "< 99.0%": 25%, else: 0}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit:
              kind: bands
              of: monthly
              bands: {"< 99.9%, >= 99.0%": 10%, "< 99.0%": 25%}
    """
    for steps, spot in _unpaid(file):
        if spot.text.startswith("exactly"):
            message = f"{spot.text} pays nothing, and what lies on both sides of it pays"
            yield Doubt(steps, message, "let one of the two rows reach the edge: <= or >=")


def unpaid_gap(file: AgreementFile) -> Iterator[Doubt]:
    """A stretch of values pays nothing, while milder breaches pay.

    Why: tables printed to one decimal have holes. A hosting provider pays for 90 to 94.9 % and for 95 to 97.9 %, and
    94.95 % is in no row; another leaves 69.9 to 70 % open, up to 99.8 to 99.9 %; an ambulance contract prints 89 to
    89.99 and 88 to 88.99. A table that ends above zero pays nothing for the worst month of all.

    Fix: extend each row to the next, or round the value to the printed precision first (``rounded``).

    Silent: without ``else``, since slacheck then refuses the hole; between the target and the first row, where a breach
    that costs nothing is often meant.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 98%"
            credit:
              kind: bands
              of: monthly
              bands: {">= 95%, < 98%": 10%, "<= 94.9%": 25%, else: 0}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 98%"
            credit:
              kind: bands
              of: monthly
              bands: {">= 95%, < 98%": 10%, "< 95%": 25%}
    """
    for steps, spot in _unpaid(file):
        if not spot.text.startswith("exactly"):
            message = f"{spot.text} pays nothing, although milder breaches pay"
            yield Doubt(
                steps, message, "extend a row to it, or round the value first (rounded: {to: 0.1%, mode: half-up})"
            )


def cap_levels_rows(file: AgreementFile) -> Iterator[Doubt]:
    """A cap makes several rows of a table pay the same, so that the worse ones are dead letters.

    Why: a table of 10, 25 and 100 % under a cap of 20 % reads as if a lost month were free; it costs what a bad one
    costs. Customers compare tables when they buy and meet the cap when they claim.

    Fix: raise the cap to the last row, or end the table where the cap is reached.

    Silent: where at most one row lies beyond the cap (a last row cut to it is common), where cap and rows are of
    different fees or units, where a cap bounds more than a period, and for a cap of the settlement that several levels
    or subjects share.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit:
              kind: bands
              of: monthly
              bands: {"< 99.9%": 10%, "< 99.0%": 25%, "< 95.0%": 100%}
              cap: 20%

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit:
              kind: bands
              of: monthly
              bands: {"< 99.9%": 10%, "< 99.0%": 25%, "< 95.0%": 100%}
              cap: 100%
    """
    credits = [each for each in file.agreement.promised() if each.promise.credit is not None]
    for promised in credits:
        credit = promised.promise.credit
        if not isinstance(credit, Bands) or credit.factors:
            continue
        caps = [((*promised.steps, "credit", "cap", index), cap, credit.of) for index, cap in enumerate(credit.cap)]
        if len(credits) == 1 and promised.level.per is None:
            steps: Steps = ("settlement", "cap")
            caps += [((*steps, index), cap, None) for index, cap in enumerate(file.agreement.settlement.cap)]
        for place, cap, of in caps:
            yield from _made_equal(place, cap, of, credit)


def _made_equal(steps: Steps, cap: Cap, of: str | None, credit: Bands) -> Iterator[Doubt]:
    if cap.of_stretch:
        return
    most = size_of(cap.pay, of)
    beyond = []
    for row, paid in credit.bands:
        size = size_of(paid, credit.of)
        if row is not None and size.kind == most.kind and size.number > most.number:
            beyond.append(f"'{row.text}'")
    if len(beyond) > 1:
        message = f"with the cap {cap.text} the rows {' and '.join(beyond)} all pay the same"
        yield Doubt(steps, message, "raise the cap to the last row, or end the table where the cap is reached")


def edge_between_roundings(file: AgreementFile) -> Iterator[Doubt]:
    """A target or a row has more digits than the value is rounded to, so that nothing can lie on it.

    Why: a value that is rounded to 0.1 % is never 99.95 %. Against that target 99.95 % measured becomes 100.0 % and
    passes, 99.94 % becomes 99.9 % and fails: the promise is 99.95 % by luck of the rounding, and another mode moves it
    by a tenth of a point.

    Fix: round as finely as the targets and the rows are written.

    Silent: without ``rounded``.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.95%"
            rounded: {to: 0.1%, mode: down}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.95%"
            rounded: {to: 0.01%, mode: down}
    """
    for promised in file.agreement.promised():
        rounded, target = promised.promise.rounded, promised.promise.target.binding
        if rounded is None or target is None:
            continue
        to = rounded.to
        for steps, compared in _edges(promised, target):
            if any(edge % to.value for edge in compared.edges):
                message = f"a value that is rounded to {to.text} never lies on '{compared.text}'"
                yield Doubt(steps, message, "round as finely as the targets and the rows are written", "value")


def rounding_gives_away(file: AgreementFile) -> Iterator[Doubt]:
    """The rounding is as coarse as what the target allows to be missed, and so moves the promise.

    Why: rounded half up to 0.1 %, a month of 99.85 % is 99.9 % and meets a target of 99.9 %: half as much again may be
    lost as the number says. Tools that round before they compare print OK for a missed target; here it is in the
    contract.

    Fix: round to a tenth of what may be missed (0.01 % beside 99.9 %), or not at all.

    Silent: without ``rounded``, where the rounding is down on a floor, or finer than what may be missed.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            rounded: {to: 0.1%, mode: half-up}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            rounded: {to: 0.01%, mode: half-up}
    """
    for promised in file.agreement.promised():
        rounded, target = promised.promise.rounded, promised.promise.target.binding
        if rounded is None or target is None or target.kind != "share" or target.lower_is_worse is None:
            continue
        edge = target.edges[0]
        missed = 1 - edge if target.lower_is_worse else edge
        harmless = rounded.mode == ("down" if target.lower_is_worse else "up")
        if not harmless and 0 < missed <= rounded.to.value:
            message = f"rounding to {rounded.to.text} is as coarse as all that '{target.text}' lets be missed"
            yield Doubt((*promised.steps, "rounded"), message, "round to a tenth of that, or not at all")


def _edges(promised: Promised, target: Comparison) -> Iterator[tuple[Steps, Comparison]]:
    yield (*promised.steps, "target"), target
    credit = promised.promise.credit
    if isinstance(credit, Bands) and credit.reads == "value":
        for row, _ in credit.bands:
            if row is not None:
                yield (*promised.steps, "credit", "bands", row.text), row


def _unpaid(file: AgreementFile) -> Iterator[tuple[Steps, Spot]]:
    """Breaches that fall to ``else`` and pay nothing, beyond a milder breach that pays; of an edge both sides pay."""
    for promised in file.agreement.promised():
        credit, target = promised.promise.credit, promised.promise.target.binding
        if not isinstance(credit, Bands) or credit.reads != "value" or target is None:
            continue
        if target.lower_is_worse is None or target.kind not in promised.promise.measure.units:
            continue
        paid = dict(credit.bands)
        otherwise = paid.pop(None, None)
        if otherwise is None or otherwise.size != 0:
            continue
        rows = [(row, pay) for row, pay in paid.items() if row is not None]
        whole = isinstance(promised.promise.measure, Count)
        for spot in _holes(rows, target):
            # Nothing is counted in halves.
            if not whole or spot.at.denominator == 1:
                yield (*promised.steps, "credit", "bands", "else"), spot


def _holes(rows: Sequence[tuple[Comparison, Pay]], target: Comparison) -> Iterator[Spot]:
    spots = spots_between([*target.edges, *(edge for row, _ in rows for edge in row.edges)], target.kind)
    breaches = [spot for spot in spots if not target.holds(spot.at)]
    worst_last = list(reversed(breaches)) if target.lower_is_worse else breaches
    pays = [any(row.holds(spot.at) and pay.size > 0 for row, pay in rows) for spot in worst_last]
    for index, spot in enumerate(worst_last):
        edge = spot.text.startswith("exactly")
        beyond = pays[index + 1 : index + 2] if edge else [True]
        if not pays[index] and any(pays[:index]) and all(beyond) and (not edge or pays[index - 1]):
            yield spot
