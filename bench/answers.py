"""The numbers of a statement in the form in which the rivals give theirs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from bench.rivals.clock import EPOCH


class Different(Exception):
    """A rival found something else."""


def _instant(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def of_statement(output: bytes) -> dict[str, Any]:
    """Service time, per service (down, unknown, outages, longest), and the twenty longest outages with their rows."""
    lines = json.loads(output)["statements"][0]["lines"]
    sums, worst = [], []
    service: set[int] = set()
    for line in lines:
        balance = line["balance"]
        service.add(balance["up"] + balance["down"] + balance["unknown"])
        sums.append([line["subject"], balance["down"], balance["unknown"], line["outages"], line["longest"]])
        worst += [
            [
                line["subject"],
                _instant(each["start"]),
                _instant(each["end"]),
                each["counted"],
                int(each["place"].rpartition(":")[2]),
            ]
            for each in line["worst_outages"]
        ]
    (every,) = service
    worst.sort(key=lambda each: (-each[3], each[1], each[0]))
    return {"service": every, "sums": sums, "worst": worst}


def same(ours: bytes, theirs: bytes, who: str) -> None:
    """Raises Different where a rival's answer is not that of the statement."""
    found, given = of_statement(ours), json.loads(theirs)
    for part, value in found.items():
        if value != given[part]:
            raise Different(f"{who} finds another '{part}' than slacheck: {_first(value, given[part])}")


def _first(ours: Any, theirs: Any) -> str:
    if not isinstance(ours, list) or len(ours) != len(theirs):
        return f"{str(ours)[:200]} against {str(theirs)[:200]}"
    return next(f"{one} against {other}" for one, other in zip(ours, theirs, strict=True) if one != other)
