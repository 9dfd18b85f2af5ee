"""Checks on meaning: what an agreement says that its models alone cannot see to be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import fees, measuring, names, promises, records, remedies, rights, settlement, support
from slacheck.agreement.checks.finding import Finding


def findings(agreement: Agreement) -> Iterator[Finding]:
    """Everything wrong with the meaning of ``agreement``, in no particular order."""
    yield from names.findings(agreement)
    yield from records.findings(agreement)
    yield from measuring.findings(agreement)
    yield from promises.findings(agreement)
    yield from remedies.findings(agreement)
    yield from settlement.findings(agreement)
    yield from fees.findings(agreement)
    yield from rights.findings(agreement)
    yield from support.findings(agreement)


__all__ = ["Finding", "findings"]
