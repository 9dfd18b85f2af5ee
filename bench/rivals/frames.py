"""pandas giving the same answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from bench.rivals.clock import BEGIN, END, HOLD, readings, service


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    counted = service(folder)
    table = pd.read_csv(folder / f"{name}.csv", dtype={"service": "category", "state": "category"})
    t = pd.to_datetime(table["at"], format="%Y-%m-%dT%H:%M:%SZ").astype("datetime64[us]").astype("int64")
    names = sorted(table["service"].cat.categories)
    k = table["service"].cat.set_categories(names).cat.codes
    rows = pd.DataFrame({"k": k, "t": t, "s": (table["state"] == "down").astype("int8")})
    del table
    rows = rows.sort_values(["k", "t"], kind="stable")
    begun = rows["k"] != rows["k"].shift()
    since = rows["t"] - rows["t"].shift(fill_value=0)
    changed = begun | (rows["s"] != rows["s"].shift()) | (since > HOLD)
    change = rows[changed].assign(row=lambda each: each.index + 2)
    after = rows[(since > HOLD) & ~begun]
    ends = rows.groupby("k")["t"].agg(["min", "max"])
    unknown = [
        pd.DataFrame({"k": after["k"], "t": (after["t"] - since[after.index]) + HOLD}),
        ends.loc[ends["max"] + HOLD < END, "max"].add(HOLD).rename("t").reset_index(),
        ends.loc[ends["min"] > BEGIN, "min"].mul(0).add(BEGIN).rename("t").reset_index(),
    ]
    points = pd.concat([change, *(each.assign(s=2, row=0) for each in unknown)]).sort_values(["k", "t"], kind="stable")
    runs = points[(points["k"] != points["k"].shift()) | (points["s"] != points["s"].shift())]
    following = runs["t"].shift(-1).where(runs["k"] == runs["k"].shift(-1), END).astype("int64")
    runs = runs.assign(e=following)
    runs = runs[(runs["e"] > BEGIN) & (runs["t"] < END)]
    marks = np.array(readings(counted))

    def reading(moments: np.ndarray) -> np.ndarray:
        at = marks[np.searchsorted(marks[:, 0], moments, side="right") - 1]
        read: np.ndarray = at[:, 1] + (moments - at[:, 0]) * at[:, 2]
        return read

    lo, hi = runs["t"].clip(lower=BEGIN).to_numpy(), runs["e"].clip(upper=END).to_numpy()
    runs = runs.assign(n=reading(hi) - reading(lo))
    down, gaps = runs[runs["s"] == 1], runs[runs["s"] == 2]
    by = down.groupby("k")["n"]
    sums = pd.DataFrame({"down": by.sum(), "outages": down[down["n"] > 0].groupby("k").size(), "longest": by.max()})
    sums["unknown"] = gaps.groupby("k")["n"].sum()
    sums = sums.reindex(range(len(names))).fillna(0).astype("int64")
    worst = down[down["n"] > 0].assign(less=lambda each: -each["n"]).sort_values(["less", "t", "k"]).head(20)
    json.dump(
        {
            "service": sum(hi - lo for lo, hi in counted),
            "sums": [
                [names[each], *map(int, row)]
                for each, row in zip(
                    sums.index, sums[["down", "unknown", "outages", "longest"]].to_numpy(), strict=True
                )
            ],
            "worst": [
                [names[k], int(t), int(e), int(n), int(row)]
                for k, t, e, n, row in worst[["k", "t", "e", "n", "row"]].to_numpy()
            ],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
