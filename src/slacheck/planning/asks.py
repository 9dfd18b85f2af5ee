"""What each promise asks of its records in one period, with its exclusions taken out of the time that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promised
from slacheck.agreement.usage import record_words, sources_of, subject_registers
from slacheck.corrections import Applied
from slacheck.engine.scratch import Scratch
from slacheck.exclusions import Ruling
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Ask, Cut, PauseLog
from slacheck.measures.measure import OfRecords
from slacheck.planning.excusing import by_key, cut, excusing, exempt, is_register, ruled
from slacheck.planning.settling import Asking, Settling
from slacheck.planning.windows import of_level, sliding
from slacheck.problems import DataError, Problem
from slacheck.remedies.edges import written
from slacheck.sources.exempt import Exempt
from slacheck.sources.registers import facts, figures
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window


def asks(scratch: Scratch, settling: Settling) -> Iterator[Asking]:
    """Everything that the promises of a settling ask, in the order of the levels."""
    for promised in settling.agreement.promised():
        for window, period, idle in of_level(settling, promised.level):
            asking = Asking(settling, promised, _ask(settling, promised, window), period, idle)
            if not idle:
                asking = replace(asking, targets=_targets(scratch, settling, promised, window))
                asking = _told(scratch, asking)
            yield _corrected(asking)


def _ask(settling: Settling, promised: Promised, window: Window) -> Ask:
    agreement, promise, level = settling.agreement, promised.promise, promised.level
    measure, binding = promise.measure, promise.target.binding
    per = level.per.column if level.per else None
    record = level.per.record if level.per else None
    goal = promise.target.binding
    where = [promise.where, level.of_class(promised.of_class)]
    hours = "always"
    if isinstance(measure, OfRecords):
        where.insert(0, measure.where)
        hours = measure.hours or "always"
    if hours != "always":
        window = window.during(settling.calendars.service(hours, window.lo, window.hi))
    rulings = _rulings(settling, promise.excluding, window)
    general = [ruling for ruling in rulings if not agreement.exclusions[ruling.exclusion].columns]
    matched = [name for name in promise.excluding if agreement.exclusions[name].columns]
    own: dict[str, Window] = {}
    cuts: list[Cut] = []
    exempted: list[Exempt] = []
    base = excusing(window, agreement.exclusions, general)
    for name in matched:
        exclusion = agreement.exclusions[name]
        if is_register(agreement, exclusion):
            exempted.append(exempt(exclusion, settling.candidates[name]))
            continue
        of_it = [ruling for ruling in rulings if ruling.exclusion == name]
        if exclusion.columns == (per,) and measure.reads != "cases":
            for (subject,), each in by_key(of_it).items():
                own[subject] = excusing(own.get(subject, base), agreement.exclusions, each)
        else:
            cuts.append(_cut(settling, name, measure.reads == "cases"))
    exports = tuple(settling.exports[name] for name in sources_of(agreement, promised))
    return Ask(
        measure=measure,
        exports=exports,
        rule=agreement.down_rule(measure.from_) if isinstance(measure, OfRecords) else _NO_RULE,
        where=tuple(each for each in where if each is not None),
        per=per,
        window=base,
        zone=agreement.zone,
        calendars=settling.calendars,
        as_of=settling.as_of,
        missing=promise.missing,
        empty=promise.empty_interval,
        record=record,
        own=own,
        cuts=tuple(cuts),
        exempt=tuple(exempted),
        whole_clock=_clock(settling, promised, hours),
        unit=promise.target.kind or "",
        above_zero=goal is not None and goal.lower_is_worse is False and min(goal.edges) > 0,
        sliding=sliding(level, settling.window, agreement.zone),
        facts=record_words(
            agreement, promised, {word for export in exports for word in (*export.words, *export.instants)}
        ),
        lower_is_worse=binding.lower_is_worse if binding else promise.target.operator.startswith(">"),
    )


def to_the_end(asking: Asking) -> Window:
    """The window of an ask that runs as if its period had passed: with the hours and exclusions that stand by now.

    Records of an exclusion's log that begin later are not known yet, and those that hold for some subjects alone are
    left aside.
    """
    settling, ask = asking.settling, asking.ask
    window = ask.window
    whole: Intervals = ((window.lo, window.agreed_end),)
    passed = replace(window, hi=window.agreed_end, service=whole, counted=whole, excused=(), excess=())
    if ask.hours != "always":
        passed = passed.during(settling.calendars.service(ask.hours, window.lo, window.agreed_end))
    exclusions = settling.agreement.exclusions
    rulings = _rulings(settling, asking.promised.promise.excluding, passed)
    return excusing(passed, exclusions, [each for each in rulings if not exclusions[each.exclusion].columns])


_NO_RULE = Agreement.model_construct(outages={}).down_rule("nothing")


def _corrected(asking: Asking) -> Asking:
    """``asking`` with the corrections of its level and period taken into account, where there are any."""
    settling = asking.settling
    label, level = settling.window.period.label, asking.promised.level_name
    entries = tuple(entry for entry in settling.entries if (entry.level, entry.period) == (level, label))
    if not entries or asking.idle or asking.period:
        return asking
    asking = replace(asking, corrections=entries, before=asking.ask)
    ask = asking.ask
    everywhere = _after(ask.window, asking.corrected(""))
    own = {subject: _after(window, asking.corrected(subject)) for subject, window in ask.own.items()}
    for subject in {entry.subject for entry in entries if entry.subject} - set(own):
        own[subject] = _after(ask.window, asking.corrected(subject))
    return replace(asking, ask=replace(ask, window=everywhere, own=own))


def _after(window: Window, found: Applied | None) -> Window:
    if found is None:
        return window
    return window.excusing(found.not_counted, found.added, found.removed)


def _rulings(settling: Settling, names: Sequence[str], window: Window) -> list[Ruling]:
    """The rulings of a level's exclusions in its own window."""
    found: list[Ruling] = []
    same = (window.lo, window.hi) == (settling.window.lo, settling.window.hi)
    for name in names:
        found += (
            settling.rulings[name]
            if same
            else ruled(settling.agreement, name, settling.candidates[name], (window.lo, window.hi), settling.calendars)
        )
    return found


def _cut(settling: Settling, name: str, of_cases: bool) -> Cut:
    exclusion = settling.agreement.exclusions[name]
    if of_cases and exclusion.plain_log:
        assert exclusion.from_ is not None
        return Cut(exclusion.columns, (), log=PauseLog(settling.exports[exclusion.from_], exclusion.where))
    return cut(exclusion, _everywhere(settling, name))


def _everywhere(settling: Settling, name: str) -> Sequence[Ruling]:
    """The rulings of an exclusion that is tied to records: those that begin before the period and end after it too."""
    candidates = settling.candidates[name]
    if not candidates:
        return ()
    span = min(each.start for each in candidates), max(each.end for each in candidates) + 1
    return ruled(settling.agreement, name, candidates, span, settling.calendars)


def _clock(settling: Settling, promised: Promised, hours: str) -> Callable[[int, int], Intervals]:
    """The counted time of any stretch: within service hours, less what is excused for all."""
    agreement = settling.agreement
    general = [name for name in promised.promise.excluding if not agreement.exclusions[name].columns]

    def counted(lo: int, hi: int) -> Intervals:
        service = settling.calendars.service(hours, lo, hi)
        if not general or not service:
            return service
        taken = [
            ruling.excused
            for name in general
            for ruling in ruled(agreement, name, settling.candidates[name], (lo, hi), settling.calendars)
        ]
        return intervals.difference(service, intervals.union(*taken) if taken else ())

    return counted


def _told(scratch: Scratch, asking: Asking) -> Asking:
    """``asking`` with what registers say of its subjects in the words that its credit reads."""
    promised, settling = asking.promised, asking.settling
    credit = promised.promise.credit
    if credit is None or asking.ask.record is not None:
        return asking
    text: dict[str, dict[str, str | None]] = {}
    numbers: dict[str, dict[str, Fraction | None]] = {}
    instant = max(asking.ask.window.lo, asking.ask.window.hi - 1)
    words, asked = credit.words(), dict[str, set[str]]()
    for word in words.text | words.numbers:
        for name in subject_registers(settling.agreement, promised, word):
            asked.setdefault(name, set()).add(word)
    for name, of_register in sorted(asked.items()):
        register = settling.exports[name]
        at = instant if "valid_from" in register.source.columns else None
        if of_register & words.text:
            for key, told in facts(scratch, register, of_register & words.text, at).items():
                text.setdefault("".join(key), {}).update(told)
        if of_register & words.numbers:
            for key, said in figures(scratch, register, of_register & words.numbers, at).items():
                numbers.setdefault("".join(key), {}).update(said)
    return replace(asking, facts=text, figures=numbers) if text or numbers else asking


def _targets(
    scratch: Scratch, settling: Settling, promised: Promised, window: Window
) -> Mapping[str, Comparison] | None:
    """The comparison of each subject, where a register's column holds the value."""
    target, per = promised.promise.target, promised.level.per
    if not target.column or per is None or per.column is None:
        return None
    agreement = settling.agreement
    (name,) = (
        name
        for name, source in agreement.sources.items()
        if source.shape == "register" and target.column in source.columns
    )
    register = settling.exports[name]
    if per.column not in register.source.key or len(register.source.key) != 1:
        raise DataError(
            [
                Problem(
                    register.files[0].label,
                    code="no-key",
                    message=f"the register '{name}' has no '{target.column}' by '{per.column}'",
                    help=f"write key: {per.column} on the register",
                )
            ]
        )
    kind = register.source.kind(target.column)
    instant = max(window.lo, window.hi - 1) if "valid_from" in register.source.columns else None
    found: dict[str, Comparison] = {}
    for key, cells in figures(scratch, register, [target.column], instant).items():
        value = cells[target.column]
        if value is not None:
            found[key[0]] = target.compared_with(value, kind, written(value, kind))
    return found
