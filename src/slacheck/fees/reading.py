"""The registers that fees are read from, asked once for all periods, and the fees of each period made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from slacheck.engine.scratch import Scratch
from slacheck.fees.fee import Fee, GreaterFee, PreviousFee, RegisterFee
from slacheck.fees.lookup import Table
from slacheck.fees.stretches import Dates
from slacheck.fees.worth import Dating, Fees, Rows, TermsIn, rows_of
from slacheck.sources.amounts import Wanted, amounts
from slacheck.sources.opening import Export
from slacheck.timeline.periods import Period, before


def fees(
    scratch: Scratch,
    terms: Mapping[str, Fee],
    dates: Dates,
    periods: Sequence[Period],
    registers: Mapping[str, Export],
    facts: Mapping[str, Sequence[str]],
    terms_in: TermsIn | None = None,
) -> list[Fees]:
    """The fees of each of ``periods``; one query for each register, whatever the number of periods and fees.

    ``registers`` were opened with the columns of the fees as numbers, and with ``facts`` (by register) as text: the
    columns beside the key by which the rows of a line may be told. Raises DataError for a register that cannot be read
    so. ``terms_in`` tells the fees that were agreed in earlier periods.
    """
    dating = {name: _dating(export) for name, export in registers.items()}
    reads = [
        rows_of(fee, dating[fee.from_], at, dates)
        for period in periods
        for name in terms
        for fee, at in _read(terms, name, period)
    ]
    tables: dict[Rows, Table] = {}
    for source in dict.fromkeys(each.source for each in reads):
        register = registers[source]
        own = {each: Wanted(each.column, each.lo, each.hi) for each in reads if each.source == source}
        told = facts.get(source, ())
        found = amounts(scratch, register, told, list(own.values()))
        _know_places(register)
        tables |= {
            each: Table(register.source.key, told, found[wanted], register.place) for each, wanted in own.items()
        }
    return [Fees(terms, dates, period, dating, tables, terms_in=terms_in) for period in periods]


def _dating(register: Export) -> Dating:
    columns = register.source.columns
    return "at" if "at" in columns else "valid_from" if "valid_from" in columns else ""


def _read(terms: Mapping[str, Fee], name: str, period: Period) -> Iterator[tuple[RegisterFee, Period]]:
    """Every fee of a register that ``name`` comes to in ``period``, with the period in which it is read."""
    fee = terms[name]
    match fee:
        case RegisterFee():
            yield fee, period
        case PreviousFee():
            yield from _read(terms, fee.previous, before(period))
        case GreaterFee():
            for each in fee.greater_of:
                if isinstance(each, str):
                    yield from _read(terms, each, period)


def _know_places(register: Export) -> None:
    """Where rows stand is asked when files may be gone that were read from a pipe: what blank lines say is kept now."""
    for part in register.reading.parts:
        if part.rows:
            register.place(part.first)
