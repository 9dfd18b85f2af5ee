"""What repeated failure entitles to: which periods made a right arise and until when, or why that is not decided.

A right arises in a period at whose end its condition holds and which the condition rests on: the third breach of three
makes it arise, and a fourth makes it arise anew. With a time to use it, it stands until that is over, counted from the
last day of the period in which it arose last; without one it stands for as long as its condition holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from slacheck.agreement.right_terms import AverageOf, Right, levels_of, subjects_apart
from slacheck.history import History
from slacheck.planning import Settling
from slacheck.rights.conditions import found
from slacheck.rights.found import Basis, Found
from slacheck.rights.seen import Past
from slacheck.settlement import Settled, civil_after
from slacheck.statement import RightState
from slacheck.timeline.periods import Period, day_in_words, leading_to, title


def states(settling: Settling, settled: Settled, history: History) -> tuple[RightState, ...]:
    """The states of every right at the end of the period of ``settling``.

    A period that neither the run nor its history has is unknown; one before the agreement or the level began does not
    count. Of a right whose levels have subjects there is one state for each subject for which it arose, may have
    arisen or expired, and one for all where there is none.
    """
    return tuple(
        state
        for name, right in settling.agreement.rights.items()
        for state in _One(name, right, Past(settling, settled, history)).states()
    )


@dataclass(frozen=True)
class _One:
    """One right at the end of one period."""

    name: str
    right: Right
    past: Past

    def states(self) -> list[RightState]:
        # What holds for a subject without any line, hence without any failure, holds for all.
        nobody = self._state("")
        levels = self._apart()
        if not levels or nobody.state == "arose":
            return [nobody]
        of_each = [self._state(subject) for subject in self._subjects(levels, nobody)]
        told = [each for each in of_each if each.state != "not-arisen"]
        if told or nobody.state != "not-arisen":
            return told or [nobody]
        columns = dict.fromkeys(
            per.column for level in levels if (per := self.past.agreement.service_levels[level].per)
        )
        return [nobody.model_copy(update={"reason": f"for no {' or '.join(str(each) for each in columns)}"})]

    def _apart(self) -> list[str]:
        """The levels of which each subject is counted by itself."""
        named = (
            level
            for _, condition in self.right.conditions()
            if subjects_apart(condition)
            for level, _ in levels_of(condition)
        )
        return [name for name in dict.fromkeys(named) if self.past.agreement.service_levels[name].by_subject]

    def _subjects(self, levels: Sequence[str], nobody: RightState) -> list[str]:
        """The subjects that may have another state than one without any failure."""
        averaged = {condition.average for _, condition in self.right.conditions() if isinstance(condition, AverageOf)}
        everyone = nobody.state == "undecided"
        names: set[str] = set()
        for level in levels:
            per = self.past.agreement.service_levels[level].per
            names |= set(per.subjects) if everyone and per is not None else set()
            for seen in self.past.looked_at:
                names |= set(seen.measured(level) if everyone or level in averaged else seen.troubled(level))
        return sorted(names - {""})

    def _state(self, subject: str) -> RightState:
        now = found(self.right.when, self.past, self.past.period, subject)
        if self.right.exercise_within is None:
            return self._while_it_holds(subject, now)
        maybe: list[tuple[Period, Found]] = []
        for period in self._usable():
            then = now if period == self.past.period else found(self.right.when, self.past, period, subject)
            arose = then.arises_in(period)
            if arose and then.certain is not None:
                return self._arose(subject, then, then.certain, period, maybe)
            if arose is None:
                maybe.append((period, then))
        if maybe:
            return self._undecided(subject, maybe[0][1])
        if now.certain is not None:
            return self._expired(subject, now, now.certain)
        return self._undecided(subject, now) if now.possible is not None else self._not_arisen(subject, now)

    def _while_it_holds(self, subject: str, now: Found) -> RightState:
        if now.certain is not None:
            return self._arose(subject, now, now.certain, now.certain[-1] if now.certain else self.past.period)
        return self._undecided(subject, now) if now.possible is not None else self._not_arisen(subject, now)

    def _usable(self) -> Iterator[Period]:
        """The period and those before it in which the right may have arisen and can still be used, the latest first."""
        end = last_day(self.past.period)
        for period in leading_to(self.past.period, None, self.past.agreement.effective):
            if self._use_by(period) < end:
                return
            yield period

    def _use_by(self, period: Period) -> date:
        assert self.right.exercise_within is not None
        return civil_after(period, self.right.exercise_within, self.past.settling.calendars, self.right.hours)

    def _arose(
        self, subject: str, then: Found, basis: Basis, period: Period, maybe: Sequence[tuple[Period, Found]] = ()
    ) -> RightState:
        reason = f"{then.counted}: {_named(basis)}"
        if period != self.past.period and self.right.exercise_within is not None:
            reason = f"since {day_in_words(last_day(period))}: {reason}"
        if maybe:
            reason += f"; perhaps anew in {_named([each for each, _ in maybe[::-1]])}, which is not decided"
        use_by = self._use_by(period).isoformat() if self.right.exercise_within else None
        return self._shown(subject, "arose", reason, basis, period, use_by)

    def _expired(self, subject: str, now: Found, basis: Basis) -> RightState:
        use_by = self._use_by(basis[-1])
        reason = f"{now.counted}: {_named(basis)}; it could be used until {day_in_words(use_by)}"
        return self._shown(subject, "expired", reason, basis, basis[-1], use_by.isoformat())

    def _undecided(self, subject: str, told: Found) -> RightState:
        missing = f"; not decided: {', '.join(told.missing)}" if told.missing else ""
        return RightState(
            name=self.name,
            subject=subject,
            state="undecided",
            reason=f"{told.counted}{missing}",
            clause=self.right.clause,
        )

    def _not_arisen(self, subject: str, now: Found) -> RightState:
        return RightState(
            name=self.name, subject=subject, state="not-arisen", reason=now.counted, clause=self.right.clause
        )

    def _shown(
        self,
        subject: str,
        state: Literal["arose", "expired"],
        reason: str,
        basis: Basis,
        period: Period,
        by: str | None,
    ) -> RightState:
        return RightState(
            name=self.name,
            subject=subject,
            state=state,
            reason=reason,
            periods=tuple(each.label for each in basis),
            arose_on=last_day(period).isoformat(),
            use_by=by,
            clause=self.right.clause,
        )


def last_day(period: Period) -> date:
    """The last civil day of a period."""
    return period.end - timedelta(days=1)


def _named(periods: Sequence[Period]) -> str:
    return ", ".join(title(each) for each in periods)
