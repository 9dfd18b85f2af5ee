"""Whether what an agreement rests on carries it: terms beside terms, without any data."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.chain import Chain
from slacheck.carrying.carriers import Carried, Leg, Part, Stretch, Together, carried, stretches
from slacheck.carrying.finding import Finding, placed
from slacheck.carrying.hours import exclusions, hours
from slacheck.carrying.pages import PAGES
from slacheck.carrying.periods import dates, judged
from slacheck.carrying.promises import numbers
from slacheck.carrying.terms import currencies, missing, recoverable

_OF_PROMISES = (hours, numbers, exclusions, judged, missing, dates)
_OF_AGREEMENTS = (currencies, recoverable)


def findings(chain: Chain) -> tuple[Finding, ...]:
    """What the agreements directly below do not carry, each thing once, in the order of our lines.

    KPIs of ours promise nothing and need nothing. Where agreements are amended every stretch of time is looked at by
    the terms that hold in it.
    """
    found: dict[Finding, None] = {}
    for stretch in stretches(chain):
        for each in carried(stretch):
            if each.binding:
                found |= dict.fromkeys(_of_promise(each))
        for of in _OF_AGREEMENTS:
            found |= dict.fromkeys(placed(stretch.ours, told) for told in of(stretch))
    # The same is said once, whatever level it was seen at.
    once = {each.problem: each for each in reversed(found)}
    return tuple(sorted(once.values(), key=_order))


def _of_promise(each: Carried) -> Iterator[Finding]:
    for of in _OF_PROMISES:
        for told in of(each):
            yield placed(each.stretch.ours, told, each.promised.level_name, each.promised.of_class)


def _order(finding: Finding) -> tuple[object, ...]:
    problem = finding.problem
    return problem.line, problem.column, problem.code, problem.message


__all__ = ["PAGES", "Carried", "Finding", "Leg", "Part", "Stretch", "Together", "carried", "findings", "stretches"]
