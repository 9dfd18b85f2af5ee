"""What an agreement says of those that it rests on, as far as it can be seen without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.agreement.support import Support


def findings(agreement: Agreement) -> Iterator[Finding]:
    """Levels that are not there, and stand-ins for what is not there or carries something else."""
    for name, support in agreement.rests_on.items():
        steps: Steps = ("rests_on", name)
        for level in support.carries:
            if level not in agreement.service_levels:
                help = meant(level, agreement.service_levels)
                yield Finding((*steps, "carries", level), "unknown-name", f"no service level '{level}'", help, "key")
        if support.backs_up is not None:
            yield from _backing_up(agreement.rests_on, name, support, support.backs_up)


def _backing_up(all_of: Mapping[str, Support], name: str, support: Support, other: str) -> Iterator[Finding]:
    steps: Steps = ("rests_on", name, "backs_up")
    if other == name or other not in all_of:
        others = [each for each in all_of if each != name]
        yield Finding(steps, "unknown-name", f"no other agreement '{other}' stands here", meant(other, others))
        return
    if not set(support.carries) & set(all_of[other].carries):
        message = f"'{name}' and '{other}' carry no level together"
        yield Finding(steps, "backs-up", message, "name the agreement that carries the same level")
    seen = [name]
    while other not in seen and other in all_of:
        seen.append(other)
        following = all_of[other].backs_up
        if following is None:
            return
        other = following
    if other == name:
        message = f"they stand in for each other in a circle: {' -> '.join([*seen, other])}"
        yield Finding(steps, "circle", message, "leave one 'backs_up' out; one of them suffices all the same")
