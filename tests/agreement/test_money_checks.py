"""What credits and the settlement say that cannot be meant is refused at its line and column, with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agreement.test_checks import CALLS, loaded, one

HEAD = """\
slacheck: 1
id: acme
provider: P
customer: C
timezone: UTC
currency: EUR
"""
FEES = "fees: {monthly: 1000.00}\n"
SOURCES = """\
sources:
  probes: {path: p.csv, shape: samples, columns: {at: t, state: s, host: h}, hold: 2m}
  tickets: {path: t.csv, shape: cases, columns: {id: n, opened: o, resolved: r, host: h, weight: w}}
"""
RECORDS = "measure: {kind: elapsed, from: tickets, between: [opened, resolved]}, target: '<= 4h'"
UPTIME = "measure: {kind: availability, from: probes}, target: '>= 99.9%'"
FIXED = "credit: {kind: fixed, pays: 10.00}"
POINT = "credit: {kind: fixed, pays: 1 point}"
TABLE = 'points: {kind: bands, bands: {"> 0": 5.00}}'


def agreement(levels: dict[str, str], settlement: str = "") -> str:
    """Levels as flow mappings: ``up`` is an availability of probes, ``each`` one of every host, ``case`` of tickets."""
    rows: list[str] = []
    for name, credit in levels.items():
        kind, _, key = name.partition("-")
        per = {"up": "", "each": "per: host, ", "case": "per: case, "}[kind]
        measured = RECORDS if kind == "case" else UPTIME
        rows.append(f"  {key or kind}: {{{per}{measured}, {credit}}}\n")
    text = "".join(rows)
    used = [line for line in SOURCES.splitlines() if line == "sources:" or f"from: {line.split()[0][:-1]}" in text]
    fees = FEES if "monthly" in text + settlement else ""
    sources = "\n".join(used) + "\n"
    settled = f"settlement: {{{settlement}}}\n" if settlement else ""
    for column, used_by in ((", host: h", "host"), (", weight: w", "weight")):
        sources = sources if used_by in text else sources.replace(column, "")
    return f"{HEAD}{fees}{sources}service_levels:\n{text}{settled}"


def bands(rows: str, more: str = "") -> str:
    return f"credit: {{kind: bands, of: monthly, bands: {{{rows}}}{more}}}"


TEN = '"< 99.9%": 10%'

CREDITS: list[tuple[dict[str, str], str, str, str]] = [
    # tables
    ({"up": bands(f'{TEN}, @@"< 99.9%, >= 99%": 5%')}, "band-unreachable", "never paid", "costs more|reversed"),
    ({"up": bands(f'{TEN}, @@"< 99%": bonus 5%')}, "band-target", "is a bonus", "when the target is met"),
    (
        {"up": bands(f'{TEN}, ">= 99.95%": bonus 1%, @@">= 99.99%": bonus 2%')},
        "band-overlap",
        "the bonuses '>= 99.99%' and '>= 99.95%' overlap",
        "let one end",
    ),
    ({"up": bands('"< 99.9%": @@0%')}, "never", "'0%' is no credit", "or no credit"),
    ({"up": bands(TEN.replace("10%", "@@100.5%"))}, "unit", "more than the whole fee", "write 0% to 100%"),
    ({"up": bands(TEN.replace("10%", "@@-1%"))}, "not-a-credit", "the share -1% is negative", "without a sign"),
    ({"up": bands('"< 99.9%": 1 point').replace("of: monthly", "@@of: monthly")}, "unused", "of 'monthly'", ""),
    ({"up": "credit: {kind: fixed, @@of: monthly, pays: 5.00}"}, "unused", "of 'monthly'", "leave 'of' out"),
    ({"up": "credit: {kind: fixed, pays: @@bonus 5.00}"}, "bonus", "a breach earns no bonus", ""),
    ({"up": "@@credit: {kind: lost-time, times: 10}"}, "no-base", "times which fee?", "write of: FEE"),
    # units
    (
        {"up": "credit: {kind: per-unit, each: 1%, counting: full, @@scale: slab, pays: 1.00}"},
        "per-unit",
        "'scale' reads a table",
        "leave it out",
    ),
    (
        {"up": 'credit: {kind: per-unit, each: 1%, counting: full, @@pays: {"> 0": 1.00}}'},
        "per-unit",
        "nothing says how the table of rates is read",
        "write scale: slab",
    ),
    (
        {"up": 'credit: {kind: per-unit, each: 1%, counting: full, scale: slab, @@pays: {"<= 3": 1.00, "> 4": 2.00}}'},
        "band-hole",
        "the bands leave",
        "extend a row",
    ),
    (
        {
            "up": "credit: {kind: per-unit, each: 1%, counting: full, scale: marginal, "
            'pays: {"<= 3": 1.00, @@">= 3": 2.00}}'
        },
        "band-overlap",
        "'>= 3' and '<= 3' overlap|one unit lies in both",
        "let one end",
    ),
    (
        {"up": 'credit: {kind: per-unit, each: 1%, counting: full, scale: slab, pays: {"<= 3": 2.00, @@"> 3": 1.00}}'},
        "band-order",
        "a worse value earns less: '> 3' pays 1.00, '<= 3' pays 2.00",
        "grow with the breach",
    ),
    (
        {"up": 'credit: {kind: per-unit, each: 1%, counting: full, scale: slab, pays: {"<= 3": 2.00, @@"> 3%": 3.00}}'},
        "unit",
        "'> 3%' is no number of units",
        "",
    ),
    (
        {"up": "credit: {kind: per-unit, each: @@1 day, counting: full, pays: 1.00}"},
        "unit",
        "'1 day' is not in the unit",
        "",
    ),
    (
        {"up": "credit: {kind: per-unit, each: 1%, counting: full, first: {each: @@2, pays: 1.00}, pays: 1.00}"},
        "unit",
        "'2' is not in the unit",
        "write 2%",
    ),
    (
        {"up": "credit: {kind: per-unit, each: 1%, counting: linear, @@first: {each: 2%, pays: 1.00}, pays: 1.00}"},
        "per-unit",
        "never linear",
        "full or started",
    ),
    (
        {"up": "credit: {kind: per-unit, each: 1%, counting: full, first: {each: 2%, pays: @@1 point}, pays: 1.00}"},
        "points",
        "'1 point' stands beside '1.00'",
        "same unit",
    ),
    (
        {"up": "credit: {kind: per-unit, each: 1%, counting: full, at_most: @@0 per day, pays: 1.00}"},
        "never",
        "no unit is ever paid",
        "",
    ),
    (
        {"up": "credit: {kind: per-unit, each: @@200%, counting: full, pays: 1.00}"},
        "never",
        "no value misses by a whole '200%'",
        "",
    ),
    ({"up": "credit: {kind: per-unit, each: 1%, counting: full, pays: @@1 day}"}, "no-base", "'1 day' of what?", ""),
    # caps
    ({"up": bands(TEN, ", cap: @@5%")}, "cap", "the cap '5%' is below the least credit, '10%'", ""),
    ({"up": f"{FIXED[:-1]}, cap: @@9.99}}"}, "cap", "the cap '9.99' is below the least credit, '10.00'", ""),
    ({"up": bands(TEN, ", cap: [20%, @@0]")}, "cap", "'0' allows no credit at all", ""),
    ({"up": bands(TEN, ", cap: [20%, @@30% of monthly]")}, "cap", "is never reached beside '20%'", "leave it out"),
    ({"up": bands(TEN, ", cap: @@20% per term")}, "dates", "the beginning of the term is not said", "write effective"),
    ({"up": bands(TEN, ", cap: @@20% per 2 weeks")}, "cap", "bounds less than the period, which is a month", ""),
    ({"up": bands(TEN, ", cap: @@20% per 5 working days")}, "cap", "nothing is bounded over 5 working days", ""),
    ({"up": bands(TEN, ", cap: @@20% per case")}, "cap", "the level has no line for each case", "write per: case"),
    ({"case": bands('"> 4h": 10%', ", cap: @@20% per outage")}, "cap", "no line for each outage", "write per: outage"),
    ({"each": bands(TEN, ", cap: @@20% per site")}, "unknown-name", "no register says 'site' of each host", "map it"),
    ({"up": bands(TEN, ", cap: @@2 points")}, "not-a-cap", "not a cap: '2 points'", "an amount, a share"),
    # A table that is called like its kind is not the place of what stands beside it.
    ({"up": bands(TEN, ", @@capp: 5%")}, "unknown-key", "unknown key 'capp'", "did you mean 'cap'?"),
    ({"up": bands(TEN, ", paid_as: @@cash")}, "not-one-of", "'cash' is not one of", ""),
    # modifiers
    ({"up": bands(TEN, ", factors: [@@weight]")}, "unknown-name", "no register says 'weight' of the level", "map it"),
    (
        {"case": f"{FIXED[:-1]}, factors: [@@{{weight: {{high: 0, else: 0}}}}]}}"},
        "factor",
        "whatever 'weight' says, nothing is paid",
        "",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: @@period, times: {'> 1': 2}}")},
        "never",
        "is breached once in the period, never more often",
        "previous-period",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: @@1 period, times: {'> 1': 2}}")},
        "never",
        "is breached once in 1 period",
        "",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: previous-period, times: {'>= 1': 2, @@'>= 2': 3}}")},
        "band-unreachable",
        "'>= 2' is never reached: 0 to 1 breaches can be counted in the previous period",
        "",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: 3 months, times: {'>= 2': 2, @@'> 3': 3}}")},
        "band-unreachable",
        "'> 3' is never reached: 1 to 3 breaches can be counted in 3 months",
        "",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: 3 months, only_every: @@10}")},
        "never",
        "no breach is ever number 10: 1 to 3 can be counted in 3 months",
        "longer stretch",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: @@previous-period, only_every: 2}")},
        "repeat",
        "say nothing of which breach this one is",
        "12 months",
    ),
    (
        {"up": bands(TEN, ", repeat: @@{breaches_in: 12 months}")},
        "repeat",
        "nothing says what repeated failure costs",
        "only_every: 10",
    ),
    (
        {"up": bands(TEN, ", repeat: {breaches_in: 12 months, @@same: [site], times: {'> 1': 2}}")},
        "unused",
        "'same' reads the words of a record",
        "",
    ),
    (
        {"case": f"{FIXED[:-1]}, repeat: {{breaches_in: period, times: {{'> 1': @@0.5}}}}}}"},
        "repeat",
        "repeated failure would cost less: times 0.5",
        "1 or more",
    ),
    (
        {"case": f"{FIXED[:-1]}, repeat: {{breaches_in: period, @@times: {{'= 2': 3, '> 2': 2}}}}}}"},
        "band-order",
        "more breaches cost less: 2 times 3, 3 times 2",
        "grow",
    ),
    (
        {"case": f"{FIXED[:-1]}, repeat: {{breaches_in: period, times: {{'> 1': 3, @@'> 5': 2}}}}}}"},
        "band-unreachable",
        "'> 5' never counts",
        "",
    ),
    (
        {"case": f"{FIXED[:-1]}, repeat: {{breaches_in: period, times: {{'> 1': 2, @@'< 1': 3}}}}}}"},
        "band-unreachable",
        "'< 1' is never reached: 1 or more",
        "",
    ),
    (
        {"up": bands(TEN, ", cap: 150.00, minimum: {above: @@150.00, else: drop}")},
        "minimum",
        "no credit is above 150.00, since the cap is '150.00'",
        "below the cap",
    ),
    (
        {"up": bands(TEN, ", cap: 150.00, minimum: {above: @@150.01, else: raise}")},
        "minimum",
        "raised to 150.01, above its cap '150.00'",
        "",
    ),
    (
        {"up": f"{FIXED[:-1]}, minimum: {{above: @@10.00, else: drop}}}}"},
        "minimum",
        "every credit is dropped: none is above 10.00, the greatest is 10",
        "",
    ),
    ({"up": bands(TEN, ", rounding: {to: @@0}")}, "rounding", "nothing can be rounded to 0", ""),
    ({"up": bands(TEN, ", rounding: {to: @@0.001}")}, "rounding", "amounts in EUR are multiples of 0.01", "write 0.01"),
    # amounts
    ({"up": "credit: {kind: fixed, pays: @@100 EUR}"}, "not-a-credit", "plain numbers in the agreement's currency", ""),
    ({"up": "credit: {kind: fixed, pays: @@$100}"}, "not-a-credit", "plain numbers in the agreement's currency", ""),
    ({"up": "credit: {kind: fixed, pays: @@GBP 100.00}"}, "not-a-credit", "plain numbers", "the number alone"),
    ({"up": "credit: {kind: fixed, pays: @@100€}"}, "not-a-credit", "plain numbers", "the number alone"),
    ({"up": "credit: {kind: fixed, pays: @@-100}"}, "not-a-credit", "the amount -100 is negative", "without a sign"),
    ({"up": "credit: {kind: fixed, pays: @@'1,000'}"}, "not-a-credit", "not a credit: '1,000'", "1500.00"),
    ({"up": "credit: {kind: fixed, @@pays: }"}, "empty", "nothing stands behind 'pays'", ""),
    ({"up": f"{FIXED[:-1]}, minimum: {{above: @@1 EUR, else: drop}}}}"}, "not-an-amount", "plain numbers", ""),
]


@pytest.mark.parametrize(("levels", "code", "message", "help"), CREDITS, ids=range(len(CREDITS)))
def test_a_credit_that_cannot_be_meant_is_named_at_its_place(
    tmp_path: Path, levels: dict[str, str], code: str, message: str, help: str
) -> None:
    points = TABLE if "point" in str(levels) and code != "not-a-cap" else ""
    found = one(tmp_path, agreement(levels, points))
    assert found[0] == code
    assert any(each in found[1] for each in message.split("|")), found[1]
    assert any(each in found[2] for each in help.split("|")), found[2]


POOLS = "at_risk: {amount: 10% of monthly, pools: {a: 60%, b: 40%}}"


def pool(name: str, allocation: str) -> str:
    return f"credit: {{kind: pool, pool: {name}, allocation: {allocation}}}"


BOTH = {"up-x": pool("a", "100%"), "up-y": pool("b", "100%")}
PAID = {"up-x": FIXED, "up-y": FIXED}

SETTLEMENTS: list[tuple[dict[str, str], str, str, str, str]] = [
    # caps
    (PAID, "cap: @@9.99", "cap", "the cap '9.99' is below the least credit, '10.00'", ""),
    (PAID, "cap: @@0", "cap", "'0' allows no credit at all", ""),
    (PAID, "cap: @@20%", "no-base", "'20%' of what?", "20% of FEE"),
    (PAID, "cap: @@-20% of monthly", "not-a-cap", "the share -20% is negative", ""),
    (PAID, "cap: @@50.00 per case", "cap", "bounds no single case", "in the credit of the level"),
    (
        PAID,
        "cap: @@50.00 per site",
        "unknown-name",
        "no level that earns a credit has lines with a 'site'",
        "per: site",
    ),
    (PAID, "cap: @@50.00 per term", "dates", "the beginning of the term is not said", ""),
    (PAID, "cap: [50.00, @@60.00]", "cap", "'60.00' is never reached beside '50.00'", ""),
    (PAID, "cap: @@100 EUR", "not-a-cap", "plain numbers in the agreement's currency", "the number alone"),
    (PAID, "cap: @@5.00 points", "not-a-cap", "not a cap", ""),
    (PAID, "cap: @@-5", "not-a-cap", "the amount -5 is negative", ""),
    # pools
    ({"up-z": pool("@@c", "0%"), **BOTH}, POOLS, "unknown-name", "no pool 'c'", "there is: a, b"),
    ({"up-x": pool("@@a", "100%")}, "", "pool", "there is no amount at risk", "write at_risk"),
    (BOTH, POOLS.replace("pools:", "@@pools:").replace("40%", "50%"), "pool", "the pools are 110%", "100% or less"),
    (BOTH, POOLS.replace("40%", "@@-40%"), "unit", "a pool is a share of the amount at risk, not -40%", ""),
    (BOTH, POOLS.replace("10% of monthly", "@@2 points"), "points", "an amount at risk is money", ""),
    (BOTH, POOLS.replace("10% of monthly", "@@0"), "pool", "'0' puts nothing at risk", ""),
    (BOTH, POOLS.replace("10% of monthly", "@@10%"), "no-base", "'10%' of what?", ""),
    (BOTH, POOLS.replace("10% of", "@@110% of"), "unit", "more than the whole fee", ""),
    (BOTH, POOLS.replace("}}", ", @@c: 0.5%}}").replace("40%", "39%"), "unused", "takes anything of the pool 'c'", ""),
    (
        {"up-x": pool("a", "60%"), "up-y": pool("a", "@@41%"), "up-z": pool("b", "0%")},
        POOLS,
        "pool",
        "with this allocation 101% of the pool 'a' are taken",
        "100% or less",
    ),
    ({"up-x": pool("a", "@@101%"), "up-y": pool("b", "1%")}, POOLS, "unit", "an allocation is a share of its pool", ""),
    (
        {"each-x": pool("a", "@@50%"), "up-y": pool("b", "1%")},
        POOLS,
        "pool",
        "each host would take the allocation",
        "roll_up: pooled",
    ),
    (
        {"case-x": pool("a", "@@50%"), "up-y": pool("b", "1%")},
        POOLS,
        "pool",
        "each case would take the allocation",
        "leave 'per' out",
    ),
    # points
    ({"up": POINT.replace("1 point", "@@1 point")}, "", "points", "nothing says what a point costs", "write points:"),
    (PAID, f"@@{TABLE}", "unused", "no level pays points", "write pays: 1 point"),
    ({"up": POINT}, TABLE.replace("5.00", "@@5 points"), "points", "not into '5 points'", ""),
    (
        {"up": POINT},
        'points: {kind: bands, bands: {"> 0": 5.00, @@"<= 0": bonus 1.00}}'.replace('@@"<= 0": ', '"<= 0": @@'),
        "bonus",
        "points earn no bonus",
        "",
    ),
    ({"up": POINT}, 'points: {kind: bands, bands: {@@"> 1%": 5.00}}', "unit", "is not in the unit", ""),
    ({"up": POINT}, 'points: {kind: bands, @@bands: {">= 4": 5.00}}', "band-hole", "the bands leave", "else: 0"),
    ({"up": POINT}, 'points: {kind: bands, bands: {@@"< 4": 5.00, ">= 4": 6.00}}', "band-target", "pays at", ">= 4"),
    ({"up": POINT}, TABLE.replace("5.00", "@@5%"), "no-base", "'5%' of what?", ""),
    ({"up": POINT}, TABLE.replace("}}", "}, cap: @@9.00 per year}"), "cap", "bounds more or less", "beside 'points'"),
    ({"up": POINT}, TABLE.replace("}}", "}, rounding: {to: @@0}}"), "rounding", "rounded to 0", ""),
    (
        {"up": POINT},
        TABLE.replace("}}", "}, @@minimum: {above: 1.00, else: drop}}"),
        "unused",
        "nothing reads 'minimum' in the table of points",
        "",
    ),
    (
        {"up": f"{POINT[:-1]}, @@minimum: {{above: 1.00, else: drop}}}}"},
        TABLE,
        "points",
        "'minimum' is about money",
        "in the settlement",
    ),
    ({"up": f"{POINT[:-1]}, @@rounding: {{to: 1}}}}"}, TABLE, "points", "'rounding' is about money", ""),
    ({"up": f"{POINT[:-1]}, @@cap: 5.00}}"}, TABLE, "points", "'cap' is about money", ""),
    ({"up": f"{POINT[:-1]}, @@paid_as: service-units}}"}, TABLE, "points", "'paid_as' is about money", ""),
    ({"up": f"{FIXED[:-1]}, cap: 20.00}}", "up-y": POINT}, f"{TABLE}, combine: @@highest", "points", "compared", "sum"),
    (
        {"up-x": FIXED, "up-y": POINT},
        f"{TABLE}, exclusive: [@@{{either: x, or: y}}]",
        "points",
        "points and money are compared",
        "in one unit",
    ),
    # combine, exclusive, critical
    (PAID, "combine: {one_per: @@site}", "unknown-name", "has lines with a 'site'", "per: site"),
    (PAID, "exclusive: [{either: x, or: @@z}]", "unknown-name", "no service level 'z'", "there is: x, y"),
    (PAID, "exclusive: [{either: x, or: @@x}]", "exclusive", "'x' excludes itself", "on one side"),
    (PAID, "exclusive: [{either: @@[], or: x}]", "exclusive", "no level is named", ""),
    (PAID, "exclusive: [{either: [x, @@x], or: y}]", "two-meanings", "'x' is named twice", ""),
    (
        {**PAID, "up-k": "missing: bounds"},
        "exclusive: [{either: [x, @@k], or: y}]",
        "exclusive",
        "'k' earns no credit that could exclude another",
        "",
    ),
    (PAID, "critical: [@@z]", "unknown-name", "no service level 'z'", ""),
    ({**PAID, "up-k": "role: kpi"}, "critical: [@@k]", "kpi-critical", "'k' is a KPI", "leave it out"),
    (BOTH, f"{POOLS}, critical: @@x", "critical", "the allocation of 'x' would replace", "kind: fixed"),
    # earn-back, rounding, pay
    (PAID, "earn_back: {met: 3, of_last: 3, returns: 50%, within: 6 months, not_for: @@z}", "unknown-name", "'z'", ""),
    (PAID, "@@earn_back: {met: 3, of_last: 3, returns: 50%}", "dates", "how far back", "write within: 12 periods"),
    (PAID, "earn_back: {met: 3, of_last: 3, returns: 50%, within: @@3 periods}", "never", "of 3 periods", ""),
    (PAID, "earn_back: {met: 3, of_last: 3, returns: 50%, within: @@3 months}", "never", "of 3 months", ""),
    (
        PAID,
        "earn_back: {met: 3, of_last: 3, returns: 50%, within: @@9 working days}",
        "earn-back",
        "need a calendar",
        "",
    ),
    (
        PAID,
        "earn_back: {met: 3, of_last: 3, returns: 50%, within: 9 months, used: against-credits, expires: @@term-end}",
        "dates",
        "the end of the term is not said",
        "write until",
    ),
    (
        PAID,
        "@@earn_back: {met: 3, of_last: 3, returns: 50%, within: 6 months, not_for: [x, y]}",
        "unused",
        "no level earns money that could be returned",
        "",
    ),
    (
        {"up": POINT},
        f"{TABLE}, @@earn_back: {{met: 3, of_last: 3, returns: 50%, within: 6 months}}",
        "unused",
        "no level earns money that could be returned",
        "",
    ),
    (PAID, "rounding: {to: @@0}", "rounding", "nothing can be rounded to 0", ""),
    (PAID, "rounding: {to: @@0.005}", "rounding", "multiples of 0.01", ""),
    (PAID, "pay: {how: automatic, within: @@10 working days}", "pay", "need a calendar", "write hours"),
    (PAID, "pay: {how: automatic, within: 10 days, @@hours: desk}", "pay", "there are none", ""),
    (PAID, "pay: {how: automatic, within: 9 working days, hours: @@desk}", "unknown-name", "no calendar 'desk'", ""),
    # nothing to settle
    ({"up": "missing: bounds"}, "@@cap: 5.00", "unused", "no level earns a credit, so that 'cap' does nothing", ""),
    ({"up": "missing: bounds"}, "@@combine: highest", "unused", "'combine' does nothing", ""),
    ({"up": "missing: bounds"}, f"@@{TABLE}", "unused", "'points' does nothing", ""),
    ({"up": "missing: bounds"}, "@@claim: {within: 30 days, after: period-end}", "unused", "'claim'", ""),
]


@pytest.mark.parametrize(("levels", "settlement", "code", "message", "help"), SETTLEMENTS, ids=range(len(SETTLEMENTS)))
def test_a_settlement_that_cannot_be_meant_is_named_at_its_place(
    tmp_path: Path, levels: dict[str, str], settlement: str, code: str, message: str, help: str
) -> None:
    found = one(tmp_path, agreement(levels, settlement))
    assert found[0] == code
    assert message in found[1]
    assert help in found[2]


FALLING = '{"<= 3": 2.00, "> 3": 1.00}'
SOUND: list[tuple[dict[str, str], str]] = [
    ({"up": bands(TEN, ", cap: [20%, 250.00 per year], minimum: {above: 99.99, else: drop}")}, ""),
    ({"up": bands(TEN, ", minimum: {above: 150.00, else: raise}, rounding: {to: 0.05}")}, ""),
    ({"up": bands(TEN, ", cap: 150%")}, ""),
    # Of another customer the fee is another.
    ({"up": bands(TEN, ", cap: [20%, 5.00], minimum: {above: 1.00, else: drop}")}, ""),
    ({"up": bands(TEN, ", repeat: {breaches_in: previous-period, times: {'>= 1': 2}}")}, ""),
    ({"up": bands(TEN, ", repeat: {breaches_in: 12 months, only_every: 10}")}, ""),
    ({"case": f"{FIXED[:-1]}, repeat: {{breaches_in: period, only_every: 3, times: {{'> 5': 2}}}}}}"}, ""),
    ({"case": f"{FIXED[:-1]}, cap: 50.00 per case, factors: [weight], "
      "repeat: {breaches_in: period, same: host, times: {'> 4': 1.5, '> 8': 2}}}"}, ""),
    ({"each": bands(TEN, ", cap: 20% per host")}, "cap: 50% of monthly per host, combine: {one_per: host}"),
    (PAID, "exclusive: [{either: x, or: y}], critical: x, rounding: {at: total, to: 0.05}"),
    (BOTH, f"{POOLS}, cap: 10% of monthly"),
    ({"up-x": pool("a", "60%"), "up-y": pool("a", "40%"), "up-z": pool("b", "0%")}, POOLS),
    ({"up-x": POINT, "up-y": FIXED}, TABLE),
    (PAID, "earn_back: {met: 3, of_last: 3, returns: 50%, within: 4 months, not_for: x}"),
    ({"up": "missing: bounds"}, "combine: sum"),
    ({"up": f"credit: {{kind: per-unit, each: 1%, counting: full, scale: marginal, pays: {FALLING}}}"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("levels", "settlement"), SOUND, ids=range(len(SOUND)))
def test_what_can_be_meant_is_accepted_without_a_remark(
    tmp_path: Path, levels: dict[str, str], settlement: str
) -> None:
    assert loaded(tmp_path, agreement(levels, settlement)).warnings == ()


UNBOUNDED = [
    {"up": "credit: {kind: per-unit, of: monthly, each: 1%, counting: full, pays: 2%}"},
    {"up": "credit: {kind: per-unit, of: monthly, each: 1h, counting: started, pays: 5%}"},
    {"up": "credit: {kind: per-unit, of: monthly, each: 1%, counting: full, at_most: 21 per period, pays: 5%}"},
    {"case": "credit: {kind: per-unit, of: monthly, each: 1h, counting: full, pays: 1%}"},
    {"up": "credit: {kind: lost-time, of: monthly, times: 10}"},
]
BOUNDED = [
    ({"up": "credit: {kind: per-unit, of: monthly, each: 1%, counting: linear, beyond: 100%, pays: 1%}"}, ""),
    ({"up": "credit: {kind: per-unit, of: monthly, each: 1%, counting: full, at_most: 20 per period, pays: 5%}"}, ""),
    ({"case": "credit: {kind: per-unit, of: monthly, each: 1h, counting: full, pays: 1%, cap: 50%}"}, ""),
    ({"case": "credit: {kind: per-unit, of: monthly, each: 1h, counting: full, pays: 1%}"}, "cap: 50% of monthly"),
    ({"up": "credit: {kind: lost-time, of: monthly}"}, ""),
    ({"case": "credit: {kind: per-unit, each: 1h, counting: full, pays: 10.00}"}, ""),
]


@pytest.mark.parametrize("levels", UNBOUNDED, ids=range(len(UNBOUNDED)))
def test_a_share_for_every_unit_without_any_cap_is_remarked_on(tmp_path: Path, levels: dict[str, str]) -> None:
    text = agreement(levels)
    (warning,) = loaded(tmp_path, text).warnings
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if "credit:" in each)
    assert (warning.line, warning.column) == (line, text.splitlines()[line - 1].index("credit:") + 1)
    assert (warning.weight, warning.code) == ("warning", "no-cap")
    assert warning.message == "nothing bounds this credit, which can be more than the whole fee"


@pytest.mark.parametrize(("levels", "settlement"), BOUNDED, ids=range(len(BOUNDED)))
def test_what_a_cap_bounds_or_cannot_exceed_the_fee_needs_no_remark(
    tmp_path: Path, levels: dict[str, str], settlement: str
) -> None:
    assert loaded(tmp_path, agreement(levels, settlement)).warnings == ()


def test_a_cap_of_the_term_needs_its_beginning_alone(tmp_path: Path) -> None:
    text = agreement(PAID, "cap: 50.00 per term").replace("currency", "effective: 2026-01-01\ncurrency")
    assert loaded(tmp_path, text).agreement.settlement.cap


def test_a_cap_of_a_month_bounds_less_than_a_quarter(tmp_path: Path) -> None:
    text = agreement(PAID, "cap: @@50.00 per month").replace("currency", "period: quarter\ncurrency")
    assert one(tmp_path, text)[1] == "'50.00 per month' bounds less than the period, which is a quarter"


def test_no_time_is_lost_where_requests_are_counted(tmp_path: Path) -> None:
    text = agreement({"up": "credit: {kind: @@lost-time, of: monthly, cap: 100%}"})
    probes = SOURCES.splitlines()[1].replace(", host: h", "") + "\n"
    text = text.replace("kind: availability, from: probes", "kind: success-rate, from: calls").replace(probes, CALLS)
    assert one(tmp_path, text)[:2] == ("target-shape", "success-rate counts no time that could be lost")


def register(*columns: str, key: str = "host") -> str:
    said = ", ".join(f"{each}: {each}" for each in (key, *columns))
    return f"{{path: r.csv, shape: register, key: {key}, columns: {{{said}}}}}"


def test_a_factor_of_a_subject_stands_in_exactly_one_register(tmp_path: Path) -> None:
    text = agreement({"each": bands(TEN, ", factors: [@@weight]")})
    text = text.replace("service_levels", f"  hosts: {register('weight')}\nservice_levels")
    assert loaded(tmp_path, text).agreement.sources.keys() == {"probes", "hosts"}
    two = text.replace("  hosts", f"  racks: {register('weight')}\n  hosts")
    assert one(tmp_path, two)[1] == "the registers racks and hosts have a column 'weight'"


def test_rows_beside_a_target_of_each_subject_cover_whatever_may_be_a_breach(tmp_path: Path) -> None:
    """A subject that is promised 99.99 % breaches at 99.95 %, of which "< 99.9%" says nothing."""
    text = agreement({"each": bands(TEN).replace("bands: {", "@@bands: {")})
    text = text.replace("target: '>= 99.9%'", "target: '>= promised'")
    units = register("promised").replace("}}", "}, units: {promised: '%'}}")
    text = text.replace("service_levels", f"  hosts: {units}\nservice_levels")
    code, message, _ = one(tmp_path, text)
    assert code == "band-hole"
    assert "what lies between 99.9% and 100%" in message
    assert loaded(tmp_path, text.replace(TEN, f"{TEN}, else: 5%")).agreement.id == "acme"


def test_allocations_of_listed_hosts_count_for_each(tmp_path: Path) -> None:
    levels = {"each-x": pool("a", "@@34%"), "up-y": pool("b", "100%")}
    text = agreement(levels, POOLS).replace("per: host", "per: {host: [p, q, r]}")
    assert "102% of the pool 'a' are taken, since each of 3 subjects takes it" in one(tmp_path, text)[1]
    assert loaded(tmp_path, text.replace("34%", "33%")).agreement.id == "acme"
    assert loaded(tmp_path, text.replace("per: {", "roll_up: pooled, per: {")).agreement.id == "acme"


def test_allocations_of_classes_count_each(tmp_path: Path) -> None:
    levels = {"each-x": pool("a", "@@60%"), "up-y": pool("b", "100%")}
    text = agreement(levels, POOLS).replace("per: host", "by: host, classes: {p: {clause: 1}, q: {clause: 2}}")
    assert "120% of the pool 'a'" in one(tmp_path, text)[1]


def test_what_only_an_amendment_settles_is_not_unused(tmp_path: Path) -> None:
    text = agreement({"up": "missing: bounds"}, "cap: 50.00")
    text += "amendments:\n  - {effective: 2026-04-01, service_levels: {up: {credit: {kind: fixed, pays: 5.00}}}}\n"
    assert len(loaded(tmp_path, text).versions) == 2
