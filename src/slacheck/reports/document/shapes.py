"""What a reader sees of one statement, in the order of reading: worded and formatted, without any markup.

Formats that people read dress it. Text of it comes from files and is harmless to a terminal, but it may hold whatever
is markup elsewhere: every format escapes it. Pictures are values (``reports/charts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from slacheck.reports.charts.values import CreditHistory, History, Range, Squares, Strip

# How something stands: red, green, amber, nothing to judge, and what is tracked only.
State = Literal["bad", "good", "open", "idle", "kpi"]


@dataclass(frozen=True)
class Badge:
    """A state, and the word that says the same without colour."""

    state: State
    word: str


@dataclass(frozen=True)
class Fact:
    """A name and a value, such as ``Claim by`` and ``30 Nov 2026``."""

    name: str
    value: str
    state: State = "idle"


@dataclass(frozen=True)
class Block:
    """Something told as the terminal tells it: a heading, a paragraph, text with a value at the right, an entry.

    ``indent`` is how deep it stands, 0 or more.
    """

    kind: Literal["heading", "text", "pair", "entry"]
    text: str
    value: str = ""
    lead: str = ""
    indent: int = 0
    strong: bool = False
    state: State = "idle"


@dataclass(frozen=True)
class Table:
    """Values under heads; the first cell of a row names it. ``notes`` are what stands under a row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Heading:
    """Who, what, when: ``bounds`` are the instants on the clock of the agreement's zone."""

    title: str
    period: str
    part: str
    provider: str
    customer: str
    bounds: str
    length: str
    reference: str


@dataclass(frozen=True)
class VerdictBox:
    """The answer: a badge, one sentence, what follows from it, the amounts and days, and how many of what verdict."""

    badge: Badge
    headline: str
    sentence: str
    amount: Fact | None
    still_open: str
    facts: tuple[Fact, ...]
    tally: tuple[tuple[Badge, str], ...]


@dataclass(frozen=True)
class Action:
    """Something to do: ``when`` it must be done by or what it is about, why, and the clause that says so."""

    title: str
    when: str
    why: str
    clause: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class LevelRow:
    """A line in the table of levels; ``section`` is the anchor of its section, empty where it has none."""

    name: str
    clause: str
    target: str
    measured: str
    margin: str
    badge: Badge
    credit: str
    notes: tuple[str, ...] = ()
    history: Squares | None = None
    section: str = ""


@dataclass(frozen=True)
class Levels:
    """The lines that are shown, and how many more there are."""

    rows: tuple[LevelRow, ...]
    left_out: str = ""
    with_credit: bool = True
    with_history: bool = False


@dataclass(frozen=True)
class StepRow:
    """A step of an amount and the amount after it, empty where there is none."""

    text: str
    value: str = ""


@dataclass(frozen=True)
class CreditCase:
    """How an amount comes about; ``name`` is ``at best`` or ``at worst`` with its value, or what was measured."""

    name: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True)
class CreditLine:
    """A line of the invoice: what it costs for certain, and what may be added to it or stays open (else empty)."""

    name: str
    clause: str
    settled: str
    still_open: str
    cases: tuple[CreditCase, ...]
    counted: str = ""
    section: str = ""


@dataclass(frozen=True)
class Account:
    """How the credit comes about: lines, what crosses them, and the total for certain and at most (else empty)."""

    lines: tuple[CreditLine, ...]
    others: tuple[Block, ...]
    crossing: tuple[Block, ...]
    owed_name: str
    settled: str
    still_open: str
    after: tuple[Block, ...]
    claim: tuple[Block, ...]
    worked_out: tuple[Block | Table, ...]


@dataclass(frozen=True)
class Right:
    """A right, whether it stands, and what that rests on."""

    name: str
    badge: Badge
    reason: str
    clause: str
    use_by: str


@dataclass(frozen=True)
class Occurrence:
    """An outage, an unknown stretch or a case; ``share`` is its length beside the longest shown, None without one."""

    start: str
    end: str
    what: str
    length: str
    place: str
    share: Fraction | None = None


@dataclass(frozen=True)
class Occurrences:
    """Some of a kind, the worst first, under a title, and what is left out; ``unknown`` where it is time unknown."""

    title: str
    heads: tuple[str, str, str, str, str]
    rows: tuple[Occurrence, ...]
    left_out: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class BalanceRow:
    """Where time or records went: ``state`` is that of the strip, empty for a sum or records."""

    name: str
    value: str
    note: str = ""
    state: str = ""
    total: bool = False


@dataclass(frozen=True)
class BalanceSheet:
    """The rows of a balance: a sum, then what it is the sum of."""

    title: str
    rows: tuple[BalanceRow, ...]


@dataclass(frozen=True)
class ExclusionRow:
    """A record of an exclusion's log: what, when, how it was ruled and why, what of it was excused, and its place."""

    name: str
    reason: str
    when: str
    lasted: str
    badge: Badge
    excused: str
    why: str
    place: str


@dataclass(frozen=True)
class Section:
    """One line of the statement in full: pictures, what they show as tables, and how its numbers were worked out.

    ``exclusions`` are the records that were ruled on for its level, applied or refused.
    """

    anchor: str
    name: str
    clause: str
    badge: Badge
    sentence: str
    notes: tuple[str, ...]
    strip: Strip | None
    range: Range | None
    history: History | None
    balances: tuple[BalanceSheet, ...]
    occurrences: tuple[Occurrences, ...]
    exclusions: tuple[ExclusionRow, ...]
    worked_out: tuple[Block | Table, ...]


@dataclass(frozen=True)
class Meter:
    """How much of an allowance is used, as a share and in words."""

    text: str
    used: Fraction


@dataclass(frozen=True)
class Exclusions:
    """What was excused of each exclusion, allowances, and records, those that were not excused first."""

    sums: tuple[str, ...]
    meters: tuple[Meter, ...]
    rows: tuple[ExclusionRow, ...]
    left_out: str = ""


@dataclass(frozen=True)
class SourceRow:
    """A source: its rows in words, what is known of it, the files with their digests, and rows that were skipped."""

    name: str
    rows: str
    known: tuple[str, ...]
    files: tuple[tuple[str, str, str], ...]
    skipped: tuple[str, ...] = ()
    skipped_more: str = ""


@dataclass(frozen=True)
class Quality:
    """The data behind a statement, and what is odd about it (those that can matter are ``open``)."""

    sources: tuple[SourceRow, ...]
    remarks: tuple[tuple[State, str], ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Footer:
    """What the statement was made from and with; ``command`` gives the same bytes, but for its ``--output``."""

    agreement: str
    sha256: str
    command: str
    history: tuple[tuple[str, str, str], ...]
    version: str


@dataclass(frozen=True)
class Document:
    """One statement for people."""

    anchor: str
    heading: Heading
    verdict: VerdictBox
    actions: tuple[Action, ...]
    levels: Levels
    account: Account | None
    credits: CreditHistory | None
    rights: tuple[Right, ...]
    rights_left_out: str
    sections: tuple[Section, ...]
    sections_left_out: str
    exclusions: Exclusions | None
    corrections: tuple[Block, ...]
    hours: tuple[Block, ...]
    quality: Quality | None
    notes: tuple[str, ...]
    footer: Footer
