"""What one line of a statement is called, what its value was compared with, and how both are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from slacheck.language.quantities import Comparison, Unreadable
from slacheck.reports.figures import instant
from slacheck.reports.layout import Page
from slacheck.statement import BeforeCorrections, CaseShown, Exact, Line, StepShown, gravest_first

# Finer than anything that is written, so that it only decides on which side of a bound a rounded decimal lies.
_NEXT_TO_NOTHING = Fraction(1, 10**40)


def more(page: Page, count: int) -> str:
    """``1 more``, ``1,250 more``."""
    return f"{page.figures.count(count)} more"


def backwards(case: CaseShown) -> bool:
    """Whether a case ends before it starts."""
    return case.end is not None and instant(case.end) < instant(case.start)


def gravest(lines: Sequence[Line], most: int) -> list[Line]:
    """At most so many lines in their order; where they are too many, the gravest of them first."""
    return [lines[at] for at in gravest_first(lines, most)]


def line_name(page: Page, line: Line, longest: int = 120, *, period: bool = True) -> str:
    """The level's title, its class and its subject where it has them, and its own period: ``Response, P1: host-1``."""
    title = page.name(line.title, longest)
    if line.of_class:
        title += f", {page.name(line.of_class, longest)}"
    if line.subject:
        title += f": {page.name(line.subject, longest)}"
    return f"{title} ({page.name(line.period, 60)})" if line.period and period else title


def within_level(page: Page, line: Line, longest: int) -> str:
    """What tells a line from others of its level: class, subject and period; its whole name where it has none."""
    own = [page.name(each, longest) for each in (line.of_class, line.subject, line.period) if each]
    return ", ".join(own) or line_name(page, line, longest)


def names_case(line: Line, case: CaseShown) -> bool:
    """Whether the line is that of one case alone, whose name its subject then ends with."""
    alone = line.cases is not None and line.cases.total == 1 and case.case != ""
    return alone and (line.subject == case.case or line.subject.endswith(f" {case.case}"))


def target_text(line: Line) -> str:
    """The target that binds, without the expected level that stands behind it."""
    return line.target.removesuffix(f", expected {line.expected.target}") if line.expected else line.target


def target(line: Line) -> Comparison | None:
    """The target that binds; None where it compares something else than the value, or is not known."""
    return _read(_sides(line)[0])


def _sides(line: Line) -> list[str]:
    """The target that binds and, where there is one, the expected level."""
    return line.target.split(", expected ")


@lru_cache(maxsize=1000)
def _read(text: str) -> Comparison | None:
    try:
        return Comparison.read(text)
    except Unreadable:
        return None


def steps(line: Line) -> tuple[StepShown, ...]:
    """Every step of the line's credit."""
    if line.credit is None:
        return ()
    return (*line.credit.least.steps, *(line.credit.most.steps if line.credit.most else ()))


def compared(line: Line) -> list[Comparison]:
    """What the value was compared with: the target, the expected level, and the bands that its credit names."""
    return [each for each in _comparisons(line) if each is not None and each.kind == line.unit]


def _comparisons(line: Line) -> Iterator[Comparison | None]:
    yield from (_read(side) for side in _sides(line))
    if line.expected:
        yield _read(line.expected.target)
    # "band else" compares with nothing.
    yield from (_read(step.text.removeprefix("band ")) for step in steps(line) if step.kind == "band")


def measured(page: Page, line: Line) -> str:
    """The value: one, a range, or ``at least`` where nothing bounds it from above."""
    if line.best is None or line.worst is None:
        return "not measured"
    best, worst = value(line, line.best), value(line, line.worst)
    if line.open_above:
        return f"at least {page.figures.span(min(best, worst), min(best, worst), line.unit, compared(line))}"
    return page.figures.span(best, worst, line.unit, compared(line))


def value(line: Line, shown: Exact) -> Fraction:
    """The exact value; of one that is known to 18 places only, a value as close to it that agrees with the verdict."""
    found, against = shown.fraction, target(line)
    sure = line.verdict in ("met", "breached", "missed") and line.best == line.worst
    if shown.exact is not None or not sure or against is None or against.kind != line.unit:
        return found
    if against.holds(found) == (line.verdict == "met"):
        return found
    near = (found - _NEXT_TO_NOTHING, found + _NEXT_TO_NOTHING)
    return next((each for each in near if against.holds(each) == (line.verdict == "met")), found)


def margin(page: Page, line: Line) -> str:
    """How far the value is from the target; ``at most`` and ``at least`` where nothing bounds the value from above."""
    if line.margin_best is None or line.margin_worst is None:
        return "-"
    best, worst = line.margin_best.fraction, line.margin_worst.fraction
    if not line.open_above:
        return page.figures.margin(best, worst, line.margin_in, line.unit)
    against = target(line)
    if against is None or against.lower_is_worse is None:
        return "-"
    bound, words = (min(best, worst), "at least") if against.lower_is_worse else (max(best, worst), "at most")
    return f"{words} {page.figures.margin(bound, bound, line.margin_in, line.unit)}"


def before(page: Page, line: Line, was: BeforeCorrections) -> str:
    """The value and the verdict that a line had without its corrections: ``99.850% breached``."""
    verdict = was.verdict.replace("-", " ")
    if was.best is None or was.worst is None:
        return verdict
    return f"{page.figures.span(was.best.fraction, was.worst.fraction, line.unit, compared(line))} {verdict}"
