"""Who promises whom: blanks that were never filled in, one party on both sides, nothing promised at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slacheck.agreement.loading import AgreementFile
from slacheck.lint.doubt import Doubt, Steps

_BLANK = re.compile(
    r"""(?ix) \s* (?:
        [\[<{(].*[\]>})]                                          # [Customer], <name>
        | [x_.?\-\s]+                                             # xxx, ___, ...
        | (?:the\s|your\s|our\s|my\s)? (?:customer|client|provider|supplier|vendor|company|organi[sz]ation|name)
          (?:'?s?\s(?:name|inc\.?|ltd\.?))? (?:\s here)?
        | tb[acd] | t\.b\.[acd]\.? | to\sbe\s(?:agreed|announced|confirmed|decided|defined|determined)
        | to-?do | fixme | n/?a | none | unknown | placeholder | example | test | foo | bar | lorem\sipsum
    ) \s*"""
)

_BLANK_FILE = re.compile(
    r"(?i)(.*/)?(<.*>|tb[acd]|todo|fixme|placeholder|x{3,}|to-be-(announced|confirmed|defined))(\.\w+)*|path/to/.*"
)


def left_blank(file: AgreementFile) -> Iterator[Doubt]:
    """A party, a clause, the title or the file of a source is a blank of the template: "Customer", "TBD", "[name]".

    Why: an SLA without a customer is a brochure. The statement that settles it is addressed to nobody, and nobody can
    claim by it: what no customer agreed to is a target of the provider, not a service level. A level whose export is
    "tbd.csv" is measured by nobody.

    Fix: write who it is. Where all customers have the same terms say so: "Every residential customer".

    Silent: on any name that is not one of the words of templates.

    Before:

        customer: "[Customer name]"

    After:

        customer: Acme Ltd
    """
    agreement = file.agreement
    for key, text in (("provider", agreement.provider), ("customer", agreement.customer), ("title", agreement.title)):
        if text is not None and _BLANK.fullmatch(text):
            yield _blank((key,), text)
    for name, source in agreement.sources.items():
        for index, path in enumerate(source.path):
            if _BLANK_FILE.fullmatch(path):
                yield _blank(("sources", name, "path", index), path)
    for promised in agreement.promised():
        clause = promised.promise.clause
        if clause is not None and _BLANK.fullmatch(clause):
            yield _blank((*promised.steps, "clause"), clause)


def one_party(file: AgreementFile) -> Iterator[Doubt]:
    """Provider and customer are one and the same.

    Why: nobody can owe himself a credit. Mostly one of the two was copied. Between groups of one organisation the
    agreement is an OLA, and names the groups.

    Fix: name the other party, or the groups and ``kind: ola``.

    Silent: where the names differ by more than capitals and blanks.

    Before:

        provider: Northwind Hosting
        customer: Northwind  hosting

    After:

        provider: Northwind Hosting, network team
        customer: Northwind Hosting, help line
        kind: ola
    """
    agreement = file.agreement
    one, other = (" ".join(each.casefold().split()) for each in (agreement.provider, agreement.customer))
    if one == other:
        yield Doubt(("customer",), f"'{agreement.customer}' is the provider too", "name the other party")


def nothing_promised(file: AgreementFile) -> Iterator[Doubt]:
    """An SLA whose levels are all KPIs: it tracks, and promises nothing.

    Why: a KPI was not agreed as binding, is never breached and earns no credit (a KPI with a credit is refused as an
    error). An agreement of KPIs alone reads like a promise and settles to "not applicable" for ever.

    Fix: agree on a level that binds (leave ``role`` out), or call the document a report.

    Silent: on OLAs and supplier contracts, on agreements without any level, and where one level binds.

    Before:

        service_levels:
          availability:
            role: kpi
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
    """
    levels = file.agreement.service_levels.values()
    if file.agreement.kind == "sla" and levels and all(level.role == "kpi" for level in levels):
        message = "every level is a KPI: nothing is promised, and nothing can be breached"
        yield Doubt(("service_levels",), message, "leave 'role' out of a level that was agreed as binding", "key")


def _blank(steps: Steps, text: str) -> Doubt:
    return Doubt(steps, f"'{text}' is a blank that nobody filled in", "write who or what it is")
