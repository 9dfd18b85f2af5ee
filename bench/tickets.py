"""A year of tickets with pauses that overlap, on the service hours of two zones. Numbers are spread by primes."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

START = 1_735_689_600  # 2025-01-01T00:00:00Z
ZONES = {"berlin": "Europe/Berlin", "new-york": "America/New_York"}
LIMIT = 16

_FORM = "'%Y-%m-%dT%H:%M:%SZ'"
_TICKETS = f"""
SELECT i, opened, opened + length AS resolved, length, CASE i % 2 WHEN 0 THEN 'berlin' ELSE 'new-york' END AS desk
FROM (SELECT i, {START} + (i * 15485863) % 28512000 AS opened, 60 + (i * 32452843) % 432000 AS length
      FROM range({{tickets}}) AS numbers(i))
"""
# None, one or two pauses each; of two, the second begins before the first ends.
_PAUSES = """
SELECT i, opened + length // 4 AS s, opened + length // 2 AS e FROM tickets WHERE i % 3 > 0
UNION ALL SELECT i, opened + length // 8 * 3, opened + length // 4 * 3 FROM tickets WHERE i % 3 = 2
"""


def write(folder: Path, tickets: int) -> int:
    """Write the tickets, their pauses and the agreement; how many pauses there are."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(f"CREATE TABLE tickets AS {_TICKETS.format(tickets=tickets)}")

    def at(column: str) -> str:
        return f"strftime(make_timestamp({column} * 1000000), {_FORM})"

    con.execute(
        f"COPY (SELECT 'T' || i AS id, {at('opened')} AS opened, {at('resolved')} AS resolved, desk FROM tickets"
        f" ORDER BY i) TO '{folder / 'tickets.csv'}' (HEADER, DELIMITER ',')"
    )
    ((pauses,),) = con.execute(
        f"COPY (SELECT 'T' || i AS id, {at('s')} AS start, {at('e')} AS end FROM ({_PAUSES}) ORDER BY i)"
        f" TO '{folder / 'pauses.csv'}' (HEADER, DELIMITER ',')"
    ).fetchall()
    con.close()
    (folder / "tickets.yaml").write_text(_agreement(), encoding="utf-8")
    return int(pauses)


def counts(output: bytes) -> dict[str, dict[str, list[int]]]:
    """All and late tickets by desk and month."""
    found: dict[str, dict[str, list[int]]] = {desk: {} for desk in ZONES}
    for statement in json.loads(output)["statements"]:
        for line in statement["lines"]:
            if line["cases"]["total"]:
                month = statement["period"]["label"]
                found[line["level"]][month] = [line["cases"]["total"], line["cases"]["late"]]
    return found


def _agreement() -> str:
    calendars = "".join(
        f'  {desk}: {{hours: {{mon-fri: "09:00-17:00"}}, timezone: {zone}}}\n' for desk, zone in ZONES.items()
    )
    levels = "".join(
        f"  {desk}:\n"
        f"    measure: {{kind: share-within, from: tickets, where: {{desk: {desk}}}, between: [opened, resolved],"
        f" hours: {desk}, limit: {LIMIT}h, excluding: [on-hold]}}\n"
        '    target: ">= 50%"\n'
        for desk in ZONES
    )
    return f"""\
slacheck: 1
id: tickets
provider: Provider
customer: Customer
timezone: UTC
calendars:
{calendars}sources:
  tickets: {{path: tickets.csv, shape: cases, columns: {{id: id, opened: opened, resolved: resolved, desk: desk}}}}
  waiting: {{path: pauses.csv, shape: events, columns: {{start: start, end: end, id: id}}}}
exclusions:
  on-hold: {{from: waiting, matching: id}}
service_levels:
{levels}"""
