"""A query that answers less, as the floor: how long each service was down, with no hours, works, gaps or outages."""

from __future__ import annotations

import json
import sys

import duckdb

folder, name = sys.argv[1:]
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET enable_progress_bar = false")
found = con.execute(
    "SELECT service, list_sum(list_transform(list_zip(v[:-2], v[2:]),"
    " lambda x: CASE WHEN x[1] % 2 = 1 THEN x[2] // 2 - x[1] // 2 ELSE 0 END))::BIGINT FROM ("
    "   SELECT service, list_sort(list(epoch_us(moment) * 2 + (state = 'down')::BIGINT)) AS v"
    f"  FROM read_csv('{folder}/{name}.csv', auto_detect = false, header = true,"
    "   columns = {'moment': 'TIMESTAMPTZ', 'service': 'VARCHAR', 'state': 'VARCHAR'}) GROUP BY service)"
    " ORDER BY service"
).fetchall()
json.dump(found, sys.stdout)
