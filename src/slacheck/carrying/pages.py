"""The page of every code: what it means, why it matters, what to do, when it is silent, and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slacheck.carrying.hours import EXCLUSION, HOURS
from slacheck.carrying.periods import DATES, PERIOD
from slacheck.carrying.promises import CLASS, LIMIT, TARGET, UNLIKE
from slacheck.carrying.terms import CREDIT, CURRENCY, MISSING

PAGES: Final[Mapping[str, str]] = {
    HOURS: """\
A promise counts in hours in which nobody below works.

Why: a round-the-clock promise on the back of a team that works Monday to Friday is the classic fault of a chain: the
outage of a Saturday counts above from the first minute, and below from Monday on. Both calendars are laid out over a
year, each in its own time zone, with their holidays and changes of the clock; the first hour that is not covered is
named.

Fix: give the promise above the hours that are served below, or agree longer ones there.

Silent: where the agreement below serves more; on time that ours excludes by a calendar; where one of several suffices
and they serve all hours together; on KPIs.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: office-line}}

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes, hours: desk}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: office-line}}
""",
    LIMIT: """\
What the agreements below may take adds up to more than is promised above.

Why: a case passes from hand to hand, and each may use its limit up. Thirty minutes to accept and three hours to
restore are three hours and a half, before the own desk has done anything. Down time and numbers of records add up in
the same way; of a promise for each month three may fall into one quarter.

Fix: promise longer above, or agree shorter limits below.

Silent: where the limits fit, however little is left for the own part; where one of several suffices and one of them
fits; on KPIs.

Before:

    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 3h}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: [accept, restore]}}

After:

    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: [accept, restore]}}
""",
    TARGET: """\
What is kept below is less than what is promised above.

Why: parts that are all needed multiply: 99.95 % of the lines and 99.9 % of the power leave 99.85 %. Nobody below has
failed, and the promise above is broken every month. Of parts that stand in for each other only what they all miss is
missed; that they fail independently of each other is taken for granted. An operator counts: ``>= 99.9%`` below does
not carry ``> 99.9%``. So do a KPI, which promises nothing, a target for all subjects together below one for each,
and a milder rule for few cases.

Fix: promise no more than the product, or agree more below.

Silent: where the numbers fit; on KPIs of ours.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: [core, power]}}

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.8%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: [core, power]}}
""",
    CLASS: """\
A class of ours has no counterpart below.

Why: a P3 that the agreement below does not know is handled by nobody there, or by the rules of another priority, which
somebody has to say.

Fix: give the level below such a class, or an ``else``.

Silent: where classes have the same name, where theirs has an ``else`` or no classes at all; on KPIs.

Before:

    sources:
      tickets:
        path: tickets.csv
        shape: cases
        columns: {id: number, opened: opened_at, resolved: resolved_at, priority: priority}
    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved]}
        by: priority
        classes: {P1: {limit: 4h}, P2: {limit: 8h}}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: urgent}}

After:

    sources:
      tickets:
        path: tickets.csv
        shape: cases
        columns: {id: number, opened: opened_at, resolved: resolved_at, priority: priority}
    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved]}
        by: priority
        classes: {P1: {limit: 4h}, P2: {limit: 8h}}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: restore}}
""",
    UNLIKE: """\
Two promises that cannot be compared, so that nobody knows whether one carries the other.

Why: three working days beside eight hours, a mean beside a limit for each case, requests beside minutes: whether the
one is enough for the other depends on what will happen, and each side will read it in its own favour.

Fix: write both in the same measure and the same unit.

Silent: where both are of one kind; where theirs holds for each single case, which bounds every mean; on KPIs.

Before:

    calendars:
      desk: {hours: {mon-fri: "09:00-17:00"}}
    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 3 working days}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: restore}}

After:

    calendars:
      desk: {hours: {mon-fri: "09:00-17:00"}}
    service_levels:
      repair:
        measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 20h}
        target: ">= 95%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {repair: restore}}
""",
    EXCLUSION: """\
Time is excused below that counts above.

Why: the supplier patches every night between two and three and keeps its promise; the customer was promised nights
too, and is owed a credit for each of them. The same goes for an allowance that is larger below, and for notice that
comes too late to be passed on.

Fix: exclude it above as well, under the same name, or no more below.

Silent: where ours excludes the same hours by its calendar, or records under the same name with no smaller allowance
and no longer notice; on KPIs.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: patched-line}}

After:

    calendars:
      nights: {hours: {mon-sun: "02:00-03:00"}}
    exclusions:
      patching: {during: nights}
    service_levels:
      availability:
        measure: {kind: availability, from: probes, excluding: [patching]}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: patched-line}}
""",
    MISSING: """\
Missing data is good below, or left out, and not above.

Why: a probe that was silent for a day is a day up for the supplier, and an open verdict or a breach towards the
customer. The gap is paid for by whoever stands in between.

Fix: let both say the same.

Silent: where theirs is as strict as ours or stricter, in the order up, exclude, bounds and error, down and breach; on
KPIs.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: unwatched}}

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: core}}
""",
    PERIOD: """\
Theirs is judged over periods that do not make up ours.

Why: a quarter with one bad month is a good quarter: the supplier owes nothing for the month that costs us a credit.
Periods that begin on other days, or at midnight of another time zone, cut an outage in another place.

Fix: let theirs be judged over the same periods, or over shorter ones of which ours are made.

Silent: where each period of ours is made of whole ones of theirs, as a quarter of months is; on levels that are judged
case by case; on KPIs.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: by-quarter}}

After:

    period: quarter
    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
    rests_on:
      network-team: {agreement: network.yaml, carries: {availability: by-quarter}}
""",
    DATES: """\
Ours is in force on days on which theirs is not.

Why: a promise that outlives the contract under it is kept by nobody; prolonging a contract takes longer than finding
out that it has ended.

Fix: prolong what is below in time, or end ours with it.

Silent: where theirs has no dates, or dates around ours.

Before:

    rests_on:
      carrier: {agreement: carrier-until-2027.yaml, carries: {availability: uptime}}

After:

    until: 2027-12-31
    rests_on:
      carrier: {agreement: carrier-until-2027.yaml, carries: {availability: uptime}}
""",
    CURRENCY: """\
Credits are owed in one currency and recovered in another.

Why: whoever stands in between bears the rate of the day on which each is paid. slacheck never adds the two.

Fix: agree one currency, or say who bears the rate.

Silent: where one of the two pays no money.

Before:

    fees: {monthly: 400.00}
    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 5%}}
    rests_on:
      carrier: {agreement: carrier-in-euros.yaml, carries: {availability: uptime}}

After:

    fees: {monthly: 400.00}
    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 5%}}
    rests_on:
      carrier: {agreement: carrier.yaml, carries: {availability: uptime}}
""",
    CREDIT: """\
Suppliers owe less at most than we do for the same levels.

Why: for an outage of theirs we pay our customer, and get back a part of it. The difference is a risk that somebody
should have priced.

Fix: agree higher credits below, a lower cap above, or say in a reason that the rest is borne.

Silent: on internal agreements (``kind: ola``), from which no money is expected; where one of the two sides is not
bounded, or depends on fees that stand in exports; in two currencies.

Before:

    fees: {monthly: 400.00}
    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
    rests_on:
      carrier: {agreement: carrier.yaml, carries: {availability: uptime}}

After:

    fees: {monthly: 400.00}
    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: bands, of: monthly, bands: {"< 99.9%": 5%}}
    rests_on:
      carrier: {agreement: carrier.yaml, carries: {availability: uptime}}
""",
}
