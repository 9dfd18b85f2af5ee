"""Every rule, in the order of the pages: one line a rule."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from slacheck import carrying
from slacheck.lint import (
    allowed,
    bounds,
    counting,
    desks,
    excluding,
    limits,
    parties,
    periods,
    settling,
    tables,
    targets,
    unseen,
    watching,
)
from slacheck.lint.doubt import Rule, code_of

_ALL: tuple[Rule, ...] = (
    watching.one_sample_decides,
    watching.one_outage_decides,
    watching.shorter_than_a_sample,
    targets.full_target,
    targets.reversed_target,
    targets.title_beside_target,
    tables.unclear_edge,
    tables.unpaid_gap,
    tables.cap_levels_rows,
    tables.edge_between_roundings,
    tables.rounding_gives_away,
    desks.promise_beyond_desk,
    desks.days_in_desk_hours,
    limits.priorities_out_of_order,
    limits.answer_after_solution,
    limits.provider_starts_clock,
    counting.few_cases_decide,
    counting.no_least_traffic,
    counting.percentile_without_method,
    excluding.boundless_exclusion,
    excluding.exclusion_takes_all,
    excluding.no_service_time,
    excluding.least_length_unsaid,
    unseen.silence_is_up,
    unseen.no_rows_are_good,
    unseen.self_reported,
    periods.nominal_length,
    periods.two_yardsticks,
    periods.part_period_unsaid,
    periods.never_in_force,
    periods.fee_of_other_stretch,
    bounds.unbounded_exposure,
    bounds.exposure_above_fee,
    settling.claim_before_statement,
    settling.paid_twice,
    settling.paid_or_claimed,
    settling.currency_out_of_use,
    settling.zone_without_clock_changes,
    parties.left_blank,
    parties.one_party,
    parties.nothing_promised,
)

RULES: Final[Mapping[str, Rule]] = {code_of(rule): rule for rule in _ALL}

NO_CAP: Final = """\
Nothing bounds a credit that can be more than the whole fee.

Why: Royal Mail dropped an automatic penalty without a bound in 2005, after 18 months of it had cost 280 million
pounds (cited by the authors of iAgree). Most published agreements cap what a month can cost, at 10 % to 100 % of its
fee. Without a cap the credit of a case that still runs has no upper bound either.

Fix: write ``cap: 100%`` beside the credit, or a cap in the settlement.

Silent: where the credit, the settlement or an amount at risk has a bound, and where no value can cost more than the
fee. ``slacheck validate`` says it too.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: per-unit, each: 1h, counting: started, pays: 5%, of: monthly}

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
        credit: {kind: per-unit, each: 1h, counting: started, pays: 5%, of: monthly, cap: 50%}
"""


def pages() -> dict[str, str]:
    """The page of every code that lint finds: rules, the warnings of validation, what is not carried by the agreements
    below, and what is wrong with reasons."""
    found = {code: inspect.getdoc(rule) or "" for code, rule in RULES.items()}
    written = {"no-cap": NO_CAP, **carrying.PAGES, **allowed.PAGES}
    return found | {code: page.strip() for code, page in written.items()}
