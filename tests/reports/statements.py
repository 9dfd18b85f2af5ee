"""Statements made by hand for the tests of the reports: one fair sample, and what makes others of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from slacheck.derivation import StepKind
from slacheck.statement import (
    AgreementShown,
    Amount,
    BadRowShown,
    Balance,
    Counted,
    Credit,
    Exact,
    ExclusionShown,
    GapShown,
    GapsShown,
    Line,
    Note,
    PeriodShown,
    RightState,
    RowsShown,
    SourceShown,
    Statement,
    Statements,
    StepShown,
    StreamShown,
    StretchShown,
    SubjectKnown,
    Total,
    overall,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MONTH = 745 * HOUR


def exact(value: Fraction | int | str | None) -> Exact | None:
    return None if value is None else Exact.of(Fraction(value))


def step(kind: StepKind, text: str, value: str | None = None, clause: str | None = None) -> StepShown:
    """One step; ``value`` is the exact amount after it."""
    return StepShown(kind=kind, text=text, exact=None if value is None else _exact(value), clause=clause)


def amount(text: str, *steps: StepShown) -> Amount:
    return Amount(amount=text, exact=_exact(text), steps=steps)


def _exact(text: str) -> str:
    shown = Fraction(text)
    return f"{shown.numerator}/{shown.denominator}"


def between(least: Amount, most: Amount | None, **other: Any) -> Credit:
    """A credit that nothing else on the statement changes; ``other`` are further fields of the model."""
    given: dict[str, Any] = {
        "least": least,
        "most": most,
        "counted_least": least.amount,
        "counted_most": None if most is None else most.amount,
    }
    return Credit(**(given | other))


def line(title: str, target: str, verdict: str, best: Any, worst: Any, margins: tuple[Any, Any], **other: Any) -> Line:
    """A line of a level; ``other`` are further fields of the model."""
    given: dict[str, Any] = {
        "level": title.lower().replace(" ", "-"),
        "title": title,
        "clause": None,
        "role": "service-level",
        "subject": "",
        "measure": "availability",
        "unit": "share",
        "target": target,
        "verdict": verdict,
        "reason": "",
        "best": exact(best),
        "worst": exact(worst),
        "margin_in": "time",
        "margin_best": exact(margins[0]),
        "margin_worst": exact(margins[1]),
        "coverage": None,
        "missing": "bounds",
    }
    return Line(**(given | other))


def nothing_owed() -> Credit:
    met = amount("0.00", step("measured", "target met"))
    return between(met, met)


def in_band(text: str, share: str, owed: str) -> Amount:
    fee = step("fee", "monthly 12,000.00", "12000")
    return amount(owed, step("band", f"band {text}"), fee, step("rate", f"{share} of monthly", owed))


def band(text: str, share: str, owed: str) -> Credit:
    return between(in_band(text, share, owed), in_band(text, share, owed))


def balance(down: int = 0, unknown: int = 0, excluded: int = 0, future: int = 0) -> Balance:
    up = MONTH - down - unknown - excluded - future
    return Balance(period=MONTH, not_in_force=0, future=future, excluded=excluded, unknown=unknown, up=up, down=down)


def available(subject: str = "", clause: str | None = None) -> Line:
    """742 hours counted, no time down: 44:31.2 are allowed."""
    return line(
        "Availability",
        ">= 99.9%",
        "met",
        1,
        1,
        (Fraction(742 * HOUR, 1000), Fraction(742 * HOUR, 1000)),
        subject=subject,
        clause=clause,
        balance=balance(excluded=3 * HOUR),
        credit=nothing_owed(),
    )


def breached(subject: str = "") -> Line:
    """2:39:00 down of 742 hours: 99.6428 %."""
    down = 159 * MINUTE
    value = Fraction(742 * HOUR - down, 742 * HOUR)
    left = Fraction(742 * HOUR, 1000) - down
    return line(
        "Availability",
        ">= 99.9%",
        "breached",
        value,
        value,
        (left, left),
        subject=subject,
        clause="4.1.2",
        balance=balance(down=down, excluded=3 * HOUR),
        outages=7,
        longest=90 * MINUTE,
        worst_outages=tuple(_outages()),
        credit=band("< 99.9%", "10%", "1200.00"),
    )


def _outages() -> list[StretchShown]:
    found = [
        ("2026-10-13T13:02:00Z", "2026-10-13T14:31:30Z", 5370, "17943", "Database failover failed"),
        ("2026-10-22T20:10:00Z", "2026-10-22T20:52:00Z", 2520, "31331", "Planned work"),
        ("2026-10-25T00:10:00Z", "2026-10-25T00:29:30Z", 1170, "34600", "Expired certificate on lb-2"),
        ("2026-10-25T01:10:00Z", "2026-10-25T01:15:00Z", 300, "34700", ""),
        ("2026-10-30T01:00:00.5Z", "2026-10-30T03:01:30Z", 90, "42000", ""),
        ("2026-10-30T05:00:00Z", "2026-10-30T05:01:00Z", 60, "42100", ""),
    ]
    return [
        StretchShown(start=start, end=end, counted=seconds * SECOND, place=f"probes-10.csv:{row}", cause=cause)
        for start, end, seconds, row, cause in found
    ]


def api_errors() -> Line:
    """Undecided: from 0.682 % to 2.562 % of the requests failed, 1 % are allowed."""
    met = amount("0.00", step("measured", "target met"))
    return line(
        "API errors",
        "<= 1%",
        "indeterminate",
        Fraction(682, 100_000),
        Fraction(2562, 100_000),
        (Fraction(318), Fraction(-31239, 20)),
        measure="error-rate",
        margin_in="requests",
        reason="what is missing could change the answer",
        counted=Counted(total=100_000, good=99_318, rows=8772, intervals_expected=8940, intervals_present=8772),
        credit=between(met, in_band("> 1%", "5%", "600.00")),
    )


def satisfaction() -> Line:
    return line(
        "Satisfaction", ">= 4.2", "missed", "4.05", "4.05", ("-0.15", "-0.15"), role="kpi", unit="number",
        margin_in="value", measure="reported-value",
    )  # fmt: skip


def nothing_measured() -> Line:
    return line(
        "Batch runs", ">= 99%", "not-applicable", None, None, (None, None), reason="no requests in the period",
        measure="success-rate", credit=between(amount("0.00"), amount("0.00")),
    )  # fmt: skip


def total(least: str, most: str | None, lines: int = 1, *more: tuple[StepShown, StepShown], **other: Any) -> Total:
    """A sum, then ``more`` steps, each of the least and of the most; ``other`` are further fields of the model."""
    named = f"sum of {lines} line{'' if lines == 1 else 's'}"
    ends = [step("combined", named, least), step("combined", named, most)]
    steps = [tuple(end) for end in zip(ends, *more, strict=True)]
    given: dict[str, Any] = {
        "currency": "GBP",
        "least": least,
        "most": most,
        "credited_least": least,
        "credited_most": most,
        "steps_least": steps[0],
        "steps_most": steps[1],
    }
    return Total(**(given | other))


def cap(text: str, allows: str, least: str, most: str) -> tuple[StepShown, StepShown]:
    """A cap that is not reached, at least and at most."""
    said = f"cap {text}, {allows}, not reached"
    return step("cap", said, least), step("cap", said, most)


def statement(*lines: Line, **other: Any) -> Statement:
    """October 2026 of a web host in London; ``other`` are further fields of the model."""
    given: dict[str, Any] = {
        "agreement": AgreementShown(
            id="acme-web",
            title="Web hosting for Acme",
            kind="sla",
            provider="Northwind Hosting",
            customer="Acme Ltd",
            file="agreement.yaml",
            sha256="0" * 64,
        ),
        "period": PeriodShown(
            label="2026-10",
            title="October 2026",
            first_day="2026-10-01",
            last_day="2026-10-31",
            start="2026-09-30T23:00:00Z",
            end="2026-11-01T00:00:00Z",
            timezone="Europe/London",
            as_of=None,
            running=False,
        ),
        "verdict": overall(lines),
        "lines": lines,
        "total": total("0.00", "0.00", len(lines)),
        "inputs": (),
    }
    return Statement(**(given | other))


def probes() -> SourceShown:
    """A minute apart, newest first; a probe each of two hosts, of which one was silent for an hour."""
    gap = GapShown(subject="host-2", start="2026-10-13T14:02:00Z", end="2026-10-13T15:02:00Z", length=HOUR)
    stream = StreamShown(
        levels=("availability",),
        start="2026-09-30T23:00:00Z",
        end="2026-11-01T00:00:00Z",
        per=("host",),
        subjects=2,
        rows=89_340,
        matching=89_400,
        duplicates=0,
        conflicts=0,
        cadence=Exact.of(Fraction(MINUTE)),
        distances=89_338,
        beyond_hold=3,
        expected=2 * MONTH,
        coverage=Exact.of(1 - Fraction(HOUR + 2 * MINUTE, 2 * MONTH)),
        gaps=GapsShown(number=3, length=HOUR + 2 * MINUTE, subjects=2, longest=gap),
        least_known=(
            SubjectKnown(
                subject="host-2", coverage=Exact.of(1 - Fraction(HOUR, MONTH)), gaps=1, length=HOUR, longest=HOUR
            ),
            SubjectKnown(
                subject="host-1",
                coverage=Exact.of(1 - Fraction(2 * MINUTE, MONTH)),
                gaps=2,
                length=2 * MINUTE,
                longest=MINUTE,
            ),
        ),
    )
    rows = RowsShown(read=89_412, filtered=12, before=60, within=89_340, used=89_340)
    first, last = "2026-09-30T22:30:00Z", "2026-10-31T23:59:00Z"
    ordered: dict[str, Any] = {"order": "newest-first", "out_of_order": 7}
    return SourceShown(
        source="probes", shape="samples", rows=rows, first=first, last=last, streams=(stream,), **ordered
    )


def requests() -> SourceShown:
    """Of 8,940 intervals of 5 minutes 168 are missing, in one stretch."""
    gap = GapShown(start="2026-10-19T01:00:00Z", end="2026-10-19T15:00:00Z", length=14 * HOUR)
    stream = StreamShown(
        levels=("api-errors",),
        start="2026-09-30T23:00:00Z",
        end="2026-11-01T00:00:00Z",
        subjects=1,
        rows=8_772,
        matching=8_772,
        duplicates=0,
        cadence=Exact.of(Fraction(5 * MINUTE)),
        expected=MONTH,
        coverage=Exact.of(1 - Fraction(14 * HOUR, MONTH)),
        gaps=GapsShown(number=1, length=14 * HOUR, subjects=1, longest=gap),
    )
    rows = RowsShown(read=8_772, within=8_772, used=8_772)
    return SourceShown(
        source="requests",
        shape="counts",
        rows=rows,
        first="2026-09-30T23:00:00Z",
        last="2026-10-31T23:55:00Z",
        order="oldest-first",
        out_of_order=0,
        streams=(stream,),
    )


def tickets() -> SourceShown:
    """Two levels read different ones; two rows cannot be read."""

    def stream(level: str, rows: int) -> StreamShown:
        start, end = "2026-09-30T23:00:00Z", "2026-11-01T00:00:00Z"
        return StreamShown(levels=(level,), start=start, end=end, rows=rows, matching=rows, duplicates=0)

    bad = (
        BadRowShown(file="tickets.csv", row=17, line=19, column="opened", cell="31/02/2026", reason="no such day"),
        BadRowShown(file="tickets.csv", row=44, reason="more cells than columns"),
    )
    return SourceShown(
        source="tickets",
        shape="cases",
        rows=RowsShown(read=912, bad=2, replaced=9, undated=1, before=300, within=600, exempt=1, used=520),
        first="2026-08-01T07:00:00Z",
        last="2026-10-30T17:12:00Z",
        streams=(stream("satisfaction", 511), stream("missing-kpi", 9)),
        bad_rows=bad,
    )


def whole() -> Statement:
    """Every section has something to say."""
    return statement(
        breached(),
        api_errors(),
        satisfaction(),
        nothing_measured(),
        total=total(
            "1200.00",
            "1800.00",
            3,
            cap("20% of monthly", "2400", "1200", "1800"),
            claim_by="2026-11-30",
        ),
        rights=(
            RightState(
                name="termination",
                state="arose",
                reason="3 of 6 periods breached: July 2026, August 2026, October 2026",
                use_by="2026-12-30",
            ),
            RightState(
                name="step-in", state="undecided", reason="1 of 2 periods breached; not decided: September 2026"
            ),
            RightState(name="audit", state="not-arisen", reason="1 of 3 periods breached"),
        ),
        exclusions=(
            ExclusionShown(
                exclusion="planned",
                levels=("availability",),
                start="2026-10-03T21:00:00Z",
                end="2026-10-04T01:00:00Z",
                place="changes.csv:4",
                refused="",
                excused=3 * HOUR,
                excess=HOUR,
            ),
            ExclusionShown(
                exclusion="planned",
                levels=("availability",),
                start="2026-10-22T20:10:00Z",
                end="2026-10-22T20:52:00Z",
                place="changes.csv:7",
                refused="announced too late; 5 days needed",
                excused=0,
                excess=0,
            ),
        ),
        sources=(probes(), requests(), tickets()),
        data=(Note(weight="warning", text="api-errors: 168 of 8,940 intervals missing; leaves the verdict open"),),
        notes=("Credits are the only remedy for a single breach; see clause 9 of the master agreement.",),
    )


def document(*statements: Statement) -> Statements:
    return Statements(statements=statements)
