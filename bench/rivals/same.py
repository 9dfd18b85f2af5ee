"""The best query by hand that gives the same answer: typed reading, numbers for names, change points, a clock by ASOF.

Strings in the window, a hash for a name, and one sorted list per service were tried beside it: the first is slower, the
second wrong where two names meet, the third cannot say in which row of the export an outage begins.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from bench.rivals.clock import BEGIN, END, HOLD, readings, service


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    counted = service(folder)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    con.execute("CREATE TEMP TABLE clock (lo BIGINT, cum BIGINT, inside BIGINT)")
    con.executemany("INSERT INTO clock VALUES (?, ?, ?)", readings(counted))
    con.execute(
        "CREATE TEMP TABLE raw AS SELECT service, epoch_us(moment) AS t, state = 'down' AS b"
        f" FROM read_csv('{folder / name}.csv', auto_detect = false, header = true,"
        " columns = {'moment': 'TIMESTAMPTZ', 'service': 'VARCHAR', 'state': 'VARCHAR'})"
    )
    con.execute(
        "CREATE TEMP TABLE ids AS SELECT service, (row_number() OVER (ORDER BY service))::SMALLINT AS k"
        " FROM (SELECT DISTINCT service FROM raw)"
    )
    con.execute(
        "CREATE TEMP TABLE change AS SELECT k, t, b, p, following IS NULL AS last FROM ("
        "   SELECT k, t, b, lag(t) OVER w AS p, lag(b) OVER w AS q, lead(t) OVER w AS following"
        "   FROM raw JOIN ids USING (service) WINDOW w AS (PARTITION BY k ORDER BY t))"
        f" WHERE p IS NULL OR b <> q OR t - p > {HOLD} OR following IS NULL"
    )
    con.execute(
        "CREATE TEMP TABLE counted AS"
        " WITH points AS ("
        "   SELECT k, t, b::TINYINT AS s FROM change"
        f"  UNION ALL SELECT k, p + {HOLD}, 2 FROM change WHERE t - p > {HOLD}"
        f"  UNION ALL SELECT k, t + {HOLD}, 2 FROM change WHERE last AND t + {HOLD} < {END}"
        f"  UNION ALL SELECT k, {BEGIN}, 2 FROM change GROUP BY k HAVING min(t) > {BEGIN}),"
        " marked AS (SELECT k, t, s, s <> lag(s, 1, -1) OVER (PARTITION BY k ORDER BY t) AS new FROM points),"
        f" runs AS (SELECT k, s, t, lead(t, 1, {END}) OVER (PARTITION BY k ORDER BY t) AS e FROM marked WHERE new),"
        f" clipped AS (SELECT k, s, t, e, greatest(t, {BEGIN}) AS lo, least(e, {END}) AS hi FROM runs"
        f"   WHERE e > {BEGIN} AND t < {END}),"
        " begun AS (SELECT k, s, t, e, hi, c.cum + (clipped.lo - c.lo) * c.inside AS before"
        "   FROM clipped ASOF JOIN clock c ON clipped.lo >= c.lo)"
        " SELECT k, s, t, e, c.cum + (hi - c.lo) * c.inside - before AS n FROM begun ASOF JOIN clock c ON hi >= c.lo"
    )
    sums = con.execute(
        "SELECT service, coalesce(sum(n) FILTER (s = 1), 0)::BIGINT, coalesce(sum(n) FILTER (s = 2), 0)::BIGINT,"
        " count(*) FILTER (s = 1 AND n > 0), coalesce(max(n) FILTER (s = 1), 0)"
        " FROM counted JOIN ids USING (k) GROUP BY service ORDER BY service"
    ).fetchall()
    worst = con.execute(
        "SELECT service, w.t, w.e, w.n, (SELECT min(rowid) + 2 FROM raw r WHERE r.service = ids.service AND r.t = w.t)"
        " FROM (SELECT * FROM counted WHERE s = 1 AND n > 0 ORDER BY n DESC, t, k LIMIT 20) w JOIN ids USING (k)"
        " ORDER BY n DESC, t, k"
    ).fetchall()
    json.dump({"service": sum(hi - lo for lo, hi in counted), "sums": sums, "worst": worst}, sys.stdout)


if __name__ == "__main__":
    main()
