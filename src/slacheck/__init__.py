"""slacheck turns a service level agreement and the metric exports people have into a verdict and an amount.

import slacheck

statement = slacheck.evaluate("agreement.yaml", period="2026-10")
print(statement.verdict, statement.total)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slacheck.api import evaluate, evaluate_all, inspect, load
    from slacheck.problems import AgreementError, DataError, EngineError, PeriodError, SlacheckError
    from slacheck.statement import Statement

__all__ = [
    "AgreementError",
    "DataError",
    "EngineError",
    "PeriodError",
    "SlacheckError",
    "Statement",
    "evaluate",
    "evaluate_all",
    "inspect",
    "load",
]

_HOME = {
    "evaluate": "slacheck.api",
    "evaluate_all": "slacheck.api",
    "inspect": "slacheck.api",
    "load": "slacheck.api",
    "Statement": "slacheck.statement",
    "AgreementError": "slacheck.problems",
    "DataError": "slacheck.problems",
    "EngineError": "slacheck.problems",
    "PeriodError": "slacheck.problems",
    "SlacheckError": "slacheck.problems",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: `slacheck --version` and `validate` need neither the engine nor the statement.
    if name in _HOME:
        import importlib

        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'slacheck' has no attribute '{name}'")
