"""What stands beside the numbers: data that is missing, currencies, and what can be recovered at most."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.carrying.carriers import Carried, Stretch
from slacheck.carrying.finding import Told, names
from slacheck.exposure import Exposure, yearly
from slacheck.language.yaml_text import Document
from slacheck.money import decimal_text

MISSING = "missing-not-carried"
CURRENCY = "currency-not-carried"
CREDIT = "credit-not-carried"

# The more of missing data is held against the provider, the higher.
_STRICT = {"up": 0, "exclude": 1, "bounds": 2, "error": 2, "down": 3, "breach": 3}


def missing(carried: Carried) -> Iterator[Told]:
    """Missing data that theirs takes for good, or leaves out, and ours does not."""
    ours = carried.promised.promise
    for leg in carried.by.legs():
        theirs = leg.promised.promise
        if _STRICT[theirs.missing] < _STRICT[ours.missing]:
            message = f"where data is missing '{leg.named}' says {theirs.missing}, ours {ours.missing}"
            document, steps = carried.stretch.ours.document, (*carried.promised.steps, "missing")
            at = steps if document.route(steps)[0] == steps else (*carried.promised.steps, "target")
            help = f"write missing: {theirs.missing}, or agree missing: {ours.missing} below"
            yield Told(at, MISSING, message, help, (leg.link.name,), (leg.place("missing"),))


def currencies(stretch: Stretch) -> Iterator[Told]:
    """Money of another currency below: what is recovered is not what is owed, and is never added to it."""
    ours = stretch.ours.agreement
    for link in stretch.links:
        file = stretch.theirs[link.name]
        theirs = file.agreement
        if _pays(ours) and _pays(theirs) and ours.currency != theirs.currency:
            message = f"'{link.name}' pays in {theirs.currency}, ours in {ours.currency}"
            place = f"{file.label}:{file.document.place(('currency',), 'key').line}"
            help = "agree one currency, or say in a reason who bears the rate"
            yield Told(link.steps, CURRENCY, message, help, (link.name,), (place,), "key")


def recoverable(stretch: Stretch) -> Iterator[Told]:
    """Less can be recovered in a year than may be owed for the same levels.

    Of internal agreements that pay nothing no money is expected: they are left out. Only what is bounded on both sides
    is compared, of suppliers that pay in our currency.
    """
    ours = stretch.ours.agreement
    links = [link for link in stretch.links if stretch.theirs[link.name].agreement.kind != "ola"]
    paying = [link for link in links if stretch.theirs[link.name].agreement.currency in (None, ours.currency)]
    if not _pays(ours) or not links or len(paying) < len(links):
        return
    owed = _most(ours, {level for link in links for level in link.support.carries})
    recovered = Fraction(0)
    for link in links:
        theirs = stretch.theirs[link.name].agreement
        most = _most(theirs, {name for each in link.support.carries.values() for name in each.levels})
        if most.kind not in ("bounded", "nothing"):
            return
        recovered += most.amount
    if owed.kind == "bounded" and owed.amount > recovered:
        currency = ours.currency or ""
        on = [link.name for link in links]
        message = (
            f"a year can cost us {_money(owed.amount)} {currency} at most for the levels that rest on {names(on)}, "
            f"and at most {_money(recovered)} {currency} can be recovered"
        )
        places = tuple(f"{stretch.theirs[name].label}:{_credits_at(stretch.theirs[name].document)}" for name in on)
        help = "agree higher credits below, a lower cap above, or say in a reason that the rest is borne"
        yield Told(("rests_on",), CREDIT, message, help, tuple(on), places, "key")


def _most(agreement: Agreement, levels: Collection[str]) -> Exposure:
    kept = {name: level for name, level in agreement.service_levels.items() if name in levels}
    return yearly(agreement.model_copy(update={"service_levels": kept}))


def _pays(agreement: Agreement) -> bool:
    credits = (promised.promise.credit for promised in agreement.promised())
    return any(credit is not None and not credit.in_points for credit in credits)


def _credits_at(document: Document) -> int:
    return document.place(("settlement",) if "settlement" in document.data else ("service_levels",), "key").line


def _money(amount: Fraction) -> str:
    whole, _, cents = decimal_text(amount, 4).partition(".")
    return f"{int(whole):,}.{cents.ljust(2, '0')}"
