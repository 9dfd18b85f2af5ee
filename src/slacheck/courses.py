"""The course of the gravest lines of a run, put into their statements when all of them are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slacheck.judging import Judged
from slacheck.measures.asking import Answered, Ask
from slacheck.measures.spans import Course, Span
from slacheck.statement import MOST_LINES, Balance, CourseShown, Line, SpanShown, Statement, gravest_first
from slacheck.timeline import zones


@dataclass(frozen=True)
class Drawn:
    """A line that is to have a course: its statement and its position there, and whose time it is."""

    statement: int
    at: int
    ask: Ask
    subject: str


def drawn(number: int, made: Statement, judged: Sequence[Judged]) -> list[Drawn]:
    """The lines of the statement ``number`` of a run that are to have a course; ``judged`` are all its lines."""
    return [
        Drawn(number, at, judged[at].asking.ask, answer.of)
        for at in gravest_first(made.lines, MOST_LINES)
        if made.lines[at].balance is not None and (answer := judged[at].answer) is not None
    ]


def with_courses(
    statements: Sequence[Statement], chosen: Sequence[Drawn], answered: Sequence[Answered]
) -> list[Statement]:
    """The statements of a run with the course of the lines that are ``chosen``, looked up for all of them together."""
    courses = next((each.courses for each in answered if each.courses is not None), None)
    if courses is None or not chosen:
        return list(statements)
    found: dict[int, dict[int, CourseShown]] = {}
    # What is excluded for one line is for most others of its statement.
    shown: dict[Span, SpanShown] = {}
    for each, course in zip(chosen, courses.of([(each.ask, each.subject) for each in chosen]), strict=True):
        made = statements[each.statement]
        balance = made.lines[each.at].balance
        if course is not None and balance is not None and _adds_up(course, balance):
            found.setdefault(each.statement, {})[each.at] = _shown(course, made.lines[each.at], shown)
    return [_with(each, found.get(number, {})) for number, each in enumerate(statements)]


def _adds_up(course: Course, balance: Balance) -> bool:
    """Whether the course tells where the time of the balance went, to the microsecond."""
    told = (balance.down, balance.unknown, balance.excluded) == (course.down, course.unknown, course.excluded)
    others = balance.outside + balance.not_in_force + balance.future
    whole = sum(each.length for each in course.spans) + course.left_out_time
    return told and whole == others + balance.down + balance.unknown + balance.excluded


def _shown(course: Course, line: Line, known: dict[Span, SpanShown]) -> CourseShown:
    for each in course.spans:
        if each not in known:
            known[each] = SpanShown(state=each.state, start=zones.written(each.start), end=zones.written(each.end))
    return CourseShown(
        spans=tuple(known[each] for each in course.spans),
        left_out=course.left_out,
        left_out_time=course.left_out_time,
        start=zones.written(course.start) if line.period else None,
        end=zones.written(course.end) if line.period else None,
    )


def _with(made: Statement, courses: dict[int, CourseShown]) -> Statement:
    if not courses:
        return made
    lines = tuple(
        line.model_copy(update={"course": courses[at]}) if at in courses else line for at, line in enumerate(made.lines)
    )
    return made.model_copy(update={"lines": lines})
