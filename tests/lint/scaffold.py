"""Agreements around a few lines: what a page or a test shows, in a whole that loads."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from slacheck.agreement.loading import AgreementFile, load

_WHOLE = """\
slacheck: 1
id: acme-web
provider: Northwind Hosting
customer: Acme Ltd
timezone: Europe/London
currency: GBP
fees:
  monthly: 400.00
  backup-fee: 100.00
  circuit-charge: {from: circuits, column: mrc}
sources:
  probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}
  requests: {path: requests.csv, shape: counts, columns: {at: minute, total: all, bad: errors}, interval: 1m}
  tickets: {path: tickets.csv, shape: cases, columns: {id: number, opened: opened_at, resolved: resolved_at}}
  maintenance: {path: maintenance.csv, shape: events, columns: {start: from, end: to, announced: announced_at}}
  log: {path: log.csv, shape: events, columns: {start: from, end: to}}
  latency: {path: latency.csv, shape: samples, columns: {at: time, value: ms}, units: {value: ms}}
  circuits: {path: circuits.csv, shape: register, key: circuit, columns: {circuit: id, mrc: monthly_charge}}
calendars:
  desk: {hours: {mon-fri: "09:00-17:00"}}
exclusions:
  planned: {from: maintenance, notice: 5 days, allowance: 4h per month}
service_levels:
  availability:
    measure: {kind: availability, from: probes}
    target: ">= 99.9%"
"""
# What a part may rest on, beside it in its folder.
_NETWORK = """\
slacheck: 1
id: network-ola
kind: ola
provider: Network team
customer: Northwind Hosting
timezone: Europe/London
sources:
  lines: {path: lines.csv, shape: samples, columns: {at: time, state: state}, hold: 2m}
  tickets: {path: tickets.csv, shape: cases, columns: {id: n, assigned: a, accepted: b, restored: c, priority: p}}
calendars:
  office: {hours: {mon-fri: "08:00-18:00"}}
  nights: {hours: {mon-sun: "02:00-03:00"}}
exclusions:
  patching: {during: nights}
service_levels:
  core: {measure: {kind: availability, from: lines}, target: ">= 99.95%"}
  power: {measure: {kind: availability, from: lines}, target: ">= 99.9%"}
  office-line: {measure: {kind: availability, from: lines, hours: office}, target: ">= 99.95%"}
  patched-line: {measure: {kind: availability, from: lines, excluding: [patching]}, target: ">= 99.95%"}
  unwatched: {measure: {kind: availability, from: lines}, target: ">= 99.95%", missing: up}
  by-quarter: {measure: {kind: availability, from: lines}, target: ">= 99.95%", period: quarter}
  accept:
    measure: {kind: share-within, from: tickets, between: [assigned, accepted], limit: 30m}
    target: ">= 98%"
  restore:
    measure: {kind: share-within, from: tickets, between: [assigned, restored], limit: 3h}
    target: ">= 98%"
  urgent:
    measure: {kind: share-within, from: tickets, between: [assigned, restored]}
    by: priority
    classes: {P1: {limit: 3h}}
    target: ">= 98%"
"""
_CARRIER = """\
slacheck: 1
id: carrier
kind: contract
provider: Carrier
customer: Northwind Hosting
timezone: Europe/London
currency: GBP
fees: {monthly: 100.00}
sources:
  lines: {path: lines.csv, shape: samples, columns: {at: time, state: state}, hold: 2m}
service_levels:
  uptime:
    measure: {kind: availability, from: lines}
    target: ">= 99.95%"
    credit: {kind: bands, of: monthly, bands: {"< 99.95%": 25%}}
"""
_BELOW = {
    "network.yaml": _NETWORK,
    "carrier.yaml": _CARRIER,
    "carrier-in-euros.yaml": _CARRIER.replace("GBP", "EUR"),
    "carrier-until-2027.yaml": _CARRIER + "until: 2027-12-31\n",
}
_ROOMS = ("sources", "calendars", "exclusions", "fees")


def around(part: str) -> str:
    """A whole agreement with the keys of ``part`` in it, as they stand there, and of the rest what it names.

    What the part does not say itself stands above it, so that comments and lines of the part stay as they are.
    """
    part = textwrap.dedent(part).strip() + "\n"
    said: dict[str, Any] = yaml.safe_load(part)
    whole: dict[str, Any] = yaml.safe_load(_WHOLE)
    if "service_levels" in said:
        del whole["service_levels"]
    named = set(re.findall(r"[A-Za-z][A-Za-z0-9_-]*", part + yaml.safe_dump(whole.get("service_levels", {}))))
    for _ in range(3):
        for room in _ROOMS:
            for name, each in whole.get(room, {}).items():
                if name in named:
                    named |= set(re.findall(r"[A-Za-z][A-Za-z0-9_-]*", yaml.safe_dump(each)))
    for room in _ROOMS:
        own = said.get(room, {})
        whole[room] = {name: each for name, each in whole[room].items() if name in named and name not in own}
    for key in said:
        if key not in _ROOMS:
            whole.pop(key, None)
    # A room that the part opens takes the rest as further lines of its own.
    for room in _ROOMS:
        rest = whole.pop(room)
        if rest and room in said:
            lines = textwrap.indent(yaml.safe_dump(rest, sort_keys=False), "  ")
            head = f"{room}:\n"
            at = part.index(head) + len(head)
            part = part[:at] + lines + part[at:]
        elif rest:
            whole[room] = rest
    return yaml.safe_dump(whole, sort_keys=False) + part


def loaded(folder: Path, part: str) -> AgreementFile:
    """The agreement around ``part``, loaded."""
    path = folder / "agreement.yaml"
    path.write_text(around(part), encoding="utf-8")
    for name, text in _BELOW.items():
        if name in part:
            (folder / name).write_text(text, encoding="utf-8")
    return load(path)
