"""A value as people write it in one line of an agreement."""

from __future__ import annotations

import json
from typing import Any

import yaml


class _Flow(yaml.SafeDumper):
    """Scalars are text in an agreement, so that only those are quoted that would be read as something else."""

    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def choose_scalar_style(self) -> str:
        chosen = super().choose_scalar_style()
        return '"' if chosen == "'" else str(chosen)


def flow(value: object) -> str:
    """``{from: probes, lasting: ">= 5m"}``: in double quotes what needs any, and comparisons."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if str(value)[:1] in ("<", ">", "=") or str(value).lower() in ("null", "~"):
        return json.dumps(str(value), ensure_ascii=False)
    written = yaml.dump([str(value)], Dumper=_Flow, default_flow_style=True, width=10**6, allow_unicode=True)
    return written.strip().removeprefix("[").removesuffix("]")
