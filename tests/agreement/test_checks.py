"""What an agreement says that cannot be meant is refused at its line and column, all of it at once, with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.loading import AgreementFile, load, load_all
from slacheck.problems import AgreementError, Problem

MARK = "@@"
"""Stands in a text where a problem is expected; it is taken out before the text is written."""

HEAD = """\
slacheck: 1
id: acme
provider: P
customer: C
timezone: UTC
"""
CURRENCY = "currency: EUR\n"
MONEY = f"{CURRENCY}fees: {{monthly: 100.00}}\n"
PROBES = "  probes: {path: p.csv, shape: samples, columns: {at: t, state: s}, hold: 2m}\n"
LOG = "  log: {path: l.csv, shape: events, columns: {start: from, end: to}}\n"
CALLS = "  calls: {path: c.csv, shape: counts, columns: {at: t, total: n, bad: b}, interval: 5m}\n"
SURVEY = "  survey: {path: s.csv, shape: samples, columns: {at: t, value: score}}\n"
UPTIME = '  uptime: {measure: {kind: availability, from: probes}, target: ">= 99.9%"}\n'
SCORE = '  score: {measure: {kind: reported-value, from: survey}, target: ">= 4.2"}\n'
BANDS = 'credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}'
FIXED = '  fixed: {measure: {kind: availability, from: probes}, target: ">= 99%", credit: {kind: fixed, pays: 1.00}}\n'
OTHER = '  other: {measure: {kind: availability, from: probes}, target: ">= 99%"}\n'
PLAIN = f"{HEAD}sources:\n{PROBES}service_levels:\n{UPTIME}"


def saved(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "agreement.yaml"
    path.write_text(text.replace(MARK, ""), encoding="utf-8")
    return path


def loaded(tmp_path: Path, text: str) -> AgreementFile:
    return load(saved(tmp_path, text))


def refused(tmp_path: Path, text: str) -> list[Problem]:
    """The problems of a text, checked to stand where it is marked, in order."""
    with pytest.raises(AgreementError) as error:
        loaded(tmp_path, text)
    places: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split(MARK)
        column = 1
        for part in parts[:-1]:
            column += len(part)
            places.append((number, column))
    problems = list(error.value.problems)
    assert [(each.line, each.column) for each in problems] == places, [each.message for each in problems]
    return problems


def one(tmp_path: Path, text: str) -> tuple[str, str, str]:
    """Code, message and help of the only problem of a text."""
    (problem,) = refused(tmp_path, text)
    return problem.code, problem.message, problem.help


def level(rest: str, sources: str = PROBES, head: str = "") -> str:
    head = head or HEAD + (MONEY if "month" in rest or "montly" in rest else CURRENCY)
    return f"{head}sources:\n{sources}service_levels:\n  uptime:\n{rest}"


def test_a_plain_agreement_has_no_problem(tmp_path: Path) -> None:
    found = loaded(tmp_path, PLAIN)
    assert (found.agreement.id, found.label, found.directory) == ("acme", str(found.label), tmp_path.resolve())
    assert len(found.digest) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PLAIN.replace("timezone", "effective: 2026-02-01\nuntil: @@2026-01-31\ntimezone"),
            ("dates", "the agreement ends before it begins", "'until' is its last day"),
        ),
        (
            PLAIN.replace("from: probes", "from: @@prob") + OTHER,
            ("unknown-name", "no source or outage 'prob'", "did you mean 'probes'?"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}outages:\n  @@probes: {{from: probes}}\nservice_levels:\n{UPTIME}",
            ("two-meanings", "'probes' is a source and an outage", "rename one"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}{LOG}service_levels:\n{UPTIME}".replace("  log:", "  @@log:"),
            ("unused", "nothing uses the source 'log'", "use it in a level, or leave it out"),
        ),
        (
            f"{PLAIN}outages:\n  @@idle: {{from: probes}}\n",
            ("unused", "nothing uses the outage 'idle'", "use it in a level, or leave it out"),
        ),
        (
            PLAIN.replace("hold: 2m", "hold: 2m, timezone: @@Europe/Berln"),
            ("timezone", "unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?", "zones are named like"),
        ),
        (
            PLAIN.replace("state: s", "state: s, @@valeu: v"),
            ("unused-column", "nothing uses the column 'valeu'", "did you mean 'value'?"),
        ),
        (
            PLAIN.replace("hold: 2m", "hold: 2m, units: {@@latency: ms}"),
            ("unused-column", "nothing uses the column 'latency'", ""),
        ),
        (
            PLAIN.replace(", hold: 2m", "").replace("  probes", "  @@probes"),
            ("hold", "the samples 'probes' do not say how long a state holds", "write hold: 2m for probes"),
        ),
        (
            PLAIN.replace(", state: s", "").replace("from: probes", "from: @@probes"),
            ("shape", "the samples 'probes' have no column for 'state'", "map one, or say 'when' time is down"),
        ),
        (
            PLAIN.replace('">= 99.9%"', '@@">= 99.9"'),
            ("unit", "'>= 99.9' is not what availability measures", 'write ">= 99.9%"'),
        ),
        (
            PLAIN.replace('">= 99.9%"', '@@">= 98, < 99"'),
            ("unit", "'>= 98, < 99' is not what availability measures", 'write ">= 98%, < 99%"'),
        ),
        (PLAIN.replace('">= 99.9%"', '@@"<= 5m"'), ("unit", "'<= 5m' is not what availability measures", "")),
        (
            PLAIN.replace('">= 99.9%"', '@@">= 999%"'),
            ("unit", "no share can be '>= 999%'", "shares lie between 0% and 100%"),
        ),
        (
            PLAIN.replace('">= 99.9%"', '@@"> 100%"'),
            ("never", "no share is '> 100%'", "write >= 100% or <= 0%"),
        ),
        (
            PLAIN.replace('">= 99.9%"', '">= 99.9%", coverage: @@">= 95"'),
            ("unit", "coverage is a share", 'write coverage: ">= 95%"'),
        ),
        (
            PLAIN.replace('">= 99.9%"', '">= 99.9%", coverage: @@"<= 95%"'),
            ("coverage", "'<= 95%' is no least coverage", "coverage is the known share that is needed"),
        ),
        (
            f"{HEAD}sources:\n{SURVEY}service_levels:\n{SCORE}".replace('4.2"', '4.2", missing: @@down'),
            ("missing", "reported-value cannot count missing data as 'down'", "one of bounds, error, exclude"),
        ),
        (
            f"{HEAD}sources:\n{CALLS}service_levels:\n{UPTIME}".replace("from: probes", "from: @@calls"),
            ("shape", "down time cannot be read from the counts 'calls'", "name samples or events"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}service_levels:\n{UPTIME}".replace(
                "availability, from: probes", "success-rate, from: @@probes"
            ),
            ("shape", "success-rate reads counts; 'probes' holds samples", "say which records are bad"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}service_levels:\n{SCORE}".replace("from: survey", "from: @@probes"),
            ("shape", "reported-value reads samples with a 'value' column; 'probes' has none", ""),
        ),
        (
            f"{HEAD}sources:\n{CALLS}{PROBES}outages:\n  down: {{from: probes}}\nservice_levels:\n{UPTIME}".replace(
                "availability, from: probes", "success-rate, from: @@down"
            )
            + '  calls: {measure: {kind: success-rate, from: calls}, target: ">= 99%"}\n',
            ("shape", "success-rate reads records, not the outage 'down'", "name a source"),
        ),
        (
            f"{HEAD}sources:\n{LOG}outages:\n  down: {{from: log, @@when: {{load: '> 5'}}}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("shape", "'when' reads samples; for events write 'where'", ""),
        ),
        (
            f"{HEAD}sources:\n{LOG}{PROBES}outages:\n  down: {{from: @@[log, probes]}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("shape", "only logs of events and cases can be united", "name one source of samples"),
        ),
        (
            f"{HEAD}sources:\n{LOG}outages:\n  down: {{from: [log, @@lgo]}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("unknown-name", "no source 'lgo'", "did you mean 'log'?"),
        ),
        (
            f"{HEAD}sources:\n{LOG}outages:\n  down: {{from: log, where: {{load: @@'> 5%'}}}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("unit", "'> 5%' compares a cell with a share", "write a plain number"),
        ),
        (
            f"{HEAD}sources:\n{LOG}outages:\n  down: {{from: log, where: {{load: @@'> 5s'}}}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("unit", "the unit of 'load' is not said", "write units: {load: ms} on the source"),
        ),
        (
            f"{HEAD}sources:\n{LOG}outages:\n".replace("to}}", "to}, units: {load: ms}}")
            + "  down: {from: log, where: {any_of: [{load: @@'> 5'}, {load: '> 9s'}]}}\nservice_levels:\n"
            + UPTIME.replace("probes", "down"),
            ("unit", "'> 5' has no unit, 'load' has", "write > 5ms"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}exclusions:\n  planned: {{from: @@gone}}\nservice_levels:\n"
            + UPTIME.replace("from: probes", "from: probes, excluding: [planned]"),
            ("unknown-name", "no source 'gone'", "there is: probes"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}exclusions:\n  planned: {{from: @@probes}}\nservice_levels:\n"
            + UPTIME.replace("from: probes", "from: probes, excluding: [planned]"),
            ("shape", "an exclusion reads events; 'probes' holds samples", ""),
        ),
        (
            f"{HEAD}sources:\n{PROBES}{LOG}".replace("events, columns", "events, @@columns")
            + "exclusions:\n  planned: {from: log, notice: 24h}\nservice_levels:\n"
            + UPTIME.replace("from: probes", "from: probes, excluding: [planned]"),
            ("missing-role", "the notice of 'planned' needs a column for 'announced'", ""),
        ),
        (
            PLAIN.replace("from: probes", "from: probes, excluding: [@@planned]"),
            ("unknown-name", "no exclusion 'planned'", "there is: nothing"),
        ),
        (
            f"{HEAD}sources:\n{PROBES}{LOG}exclusions:\n  planned: {{from: log}}\nservice_levels:\n".replace(
                "end: to", "end: to, host: server"
            )
            + UPTIME.replace("from: probes}", "from: probes, excluding: [@@planned]}, per: host"),
            (
                "matching",
                "the log of 'planned' carries 'host', and 'planned' does not say for whom it holds",
                "write matching: none on 'planned' when a record holds for every host",
            ),
        ),
        (
            PLAIN + "rights:\n  leave: {when: {level: @@uptme, breached: 3}}\n",
            ("unknown-name", "no service level 'uptme'", "did you mean 'uptime'?"),
        ),
        (
            PLAIN.replace("  uptime: {", "  uptime: {role: kpi, ")
            + "rights:\n  leave: {when: {level: @@uptime, breached: 3}}\n",
            ("kpi-right", "'uptime' is a KPI: it is never breached", "name a service level, or write average"),
        ),
        (
            PLAIN + "rights:\n  leave: {when: {level: uptime, breached: @@3, of_last: 2}}\n",
            ("never", "3 of 2 periods can never be breached", "write breached no greater than of_last"),
        ),
        (
            PLAIN + "rights:\n  leave: {when: {level: uptime, breached: 3}, exercise_within: @@10 working days}\n",
            ("right", "working days need a calendar", "write hours: CALENDAR beside it, or calendar days"),
        ),
    ],
)
def test_each_thing_that_cannot_be_meant_is_named_at_its_place(
    tmp_path: Path, text: str, expected: tuple[str, str, str]
) -> None:
    code, message, help = one(tmp_path, text)
    assert (code, message) == expected[:2]
    assert help.startswith(expected[2])
    assert bool(help) is bool(expected[2])


def test_an_exclusion_that_no_level_uses_is_named_with_its_log(tmp_path: Path) -> None:
    text = f"{PLAIN}exclusions:\n  @@planned: {{from: log}}\n".replace(PROBES, PROBES + LOG.replace("log:", "@@log:"))
    assert [each.message for each in refused(tmp_path, text)] == [
        "nothing uses the source 'log'",
        "nothing uses the exclusion 'planned'",
    ]


def test_an_exclusion_for_every_subject_says_so_and_its_log_may_carry_the_subject(tmp_path: Path) -> None:
    text = (
        f"{HEAD}sources:\n{PROBES}{LOG}exclusions:\n  planned: {{from: log, matching: none}}\nservice_levels:\n"
    ).replace("end: to", "end: to, host: server")
    level = UPTIME.replace("from: probes}", "from: probes, excluding: [planned]}, per: host")
    assert loaded(tmp_path, text + level).agreement.exclusions["planned"].matching == "none"


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        (
            f"    role: kpi\n    @@{BANDS}\n",
            ("kpi-credit", "a KPI never earns a credit", "leave the credit out, or the role"),
        ),
        (
            '    credit: {kind: bands, of: @@montly, bands: {"< 99.9%": 10%}}\n',
            ("unknown-name", "no fee 'montly'", "did you mean 'monthly'?"),
        ),
        (
            '    credit: {kind: bands, bands: {"< 99.9%": @@10% of montly}}\n',
            ("unknown-name", "no fee 'montly'", "did you mean 'monthly'?"),
        ),
        (
            '    credit: {kind: bands, bands: {"< 99.9%": @@10%}}\n',
            ("no-base", "'10%' of what?", "write of: FEE beside it, or 10% of FEE"),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {"< 99.9%": @@110%}}\n',
            ("unit", "'110%' is more than the whole fee", "write 0% to 100%"),
        ),
        (
            '    credit: {kind: bands, of: monthly, cap: @@-5%, bands: {"< 99.9%": 10%}}\n',
            ("not-a-cap", "the share -5% is negative", "a share is what is paid; write it without a sign"),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {@@"< 99.9": 10%}}\n',
            ("unit", "'< 99.9' is not in the unit of the target", "write < 99.9%"),
        ),
        (
            '    credit: {kind: bands, of: monthly, @@bands: {"< 99.0%": 10%}}\n',
            (
                "band-hole",
                "the bands leave exactly 99%, and what lies between 99% and 99.9% uncovered",
                "extend a row to the next, or write else: 0 if nothing is owed there",
            ),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {@@"<= 99.9%": 10%}}\n',
            (
                "band-target",
                "'<= 99.9%' pays at 99.9%, where the target '>= 99.9%' is met",
                "a credit is paid only on a breach: change the row, or the target, and keep the reading in a note",
            ),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, @@"< 99.90%": 10%}}\n',
            ("band-contradiction", "'< 99.90%' and '< 99.9%' are the same band", "write it once"),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, @@else: 0}}\n',
            ("band-unreachable", "nothing can reach 'else'", "leave it out"),
        ),
        (
            '    credit: {kind: bands, of: monthly, bands: {"< 99.0%": 10%, @@else: 20%}}\n',
            (
                "band-order",
                "a worse value earns less: '< 99.0%' pays 10%, 'else' pays 20%",
                "write the credits so that they grow with the breach",
            ),
        ),
        (
            '    credit: {kind: bands, of: monthly, @@bands: {"< 99.9%": 10%, "< 99%": 50.00}}\n',
            (
                "band-mixture",
                "the rows pay in different units",
                "write all rows as a share of one fee, or all as amounts, as days of one fee or as points",
            ),
        ),
        (
            "    credit: {kind: per-unit, each: @@0.1, counting: full, pays: 10.00}\n",
            ("unit", "'0.1' is not in the unit of the measure", "write 0.1%"),
        ),
    ],
)
def test_each_thing_that_a_credit_cannot_mean_is_named_at_its_place(
    tmp_path: Path, credit: str, expected: tuple[str, str, str]
) -> None:
    text = level(f'    measure: {{kind: availability, from: probes}}\n    target: ">= 99.9%"\n{credit}')
    if expected[0] == "band-order":
        # The fault lies with the row that pays too little.
        text = text.replace('{"< 99.0%": 10%, @@else', '{@@"< 99.0%": 10%, else')
    assert one(tmp_path, text) == expected


def test_per_unit_needs_a_target_with_one_bound(tmp_path: Path) -> None:
    text = level(
        '    measure: {kind: availability, from: probes}\n    target: ">= 98%, < 99%"\n'
        "    credit: {@@kind: per-unit, each: 1%, counting: full, pays: 10.00}\n"
    )
    assert one(tmp_path, text)[0] == "target-shape"


def test_time_cannot_be_counted_where_requests_are_measured(tmp_path: Path) -> None:
    text = level(
        '    measure: {kind: success-rate, from: calls}\n    target: ">= 99%"\n'
        "    credit: {kind: per-unit, each: @@5m, counting: full, pays: 10.00}\n",
        CALLS,
    )
    assert one(tmp_path, text) == (
        "unit",
        "success-rate counts no time, so that no '5m' can be missed",
        "write points of shortfall, such as 0.1%",
    )


@pytest.mark.parametrize(
    ("head", "from_", "measure", "target"),
    [
        ("per: outage", "log", "kind: downtime", "<= 2h"),
        ("", "log", "kind: downtime, statistic: mean", "<= 2h"),
        ("", "probes", "kind: count", "<= 2"),
    ],
)
def test_a_credit_needs_no_bound_although_an_open_outage_may_cost_any_amount(
    tmp_path: Path, head: str, from_: str, measure: str, target: str
) -> None:
    each = "1" if measure == "kind: count" else "1h"
    credit = f"credit: {{kind: per-unit, each: {each}, counting: full, pays: 10.00"
    lead = f"    {head}\n    measure: {{{measure}, from: any}}\n    target: '{target}'\n"
    sources = f"outages:\n  any: {{from: {from_}}}\n"
    log = "  log: {path: log.csv, shape: events, columns: {start: start, end: end}}\n"
    more = log if from_ == "log" else PROBES
    found = loaded(tmp_path, level(f"{lead}    {credit}}}\n", more) + sources)
    assert (found.agreement.id, found.warnings) == ("acme", ())


@pytest.mark.parametrize(
    ("money", "cap"),
    [("@@fees: {monthly: 100.00}\n", "5% of monthly"), ("", "10.00")],
)
def test_money_needs_a_currency(tmp_path: Path, money: str, cap: str) -> None:
    fixed = FIXED if money else FIXED.replace("pays", "@@pays")
    text = PLAIN.replace("sources", f"{money}sources") + f"{fixed}settlement: {{cap: {cap}}}\n"
    assert one(tmp_path, text) == ("currency", "there is money and no currency", "write currency: EUR")


def test_a_cap_of_the_agreement_names_its_fee(tmp_path: Path) -> None:
    text = (
        PLAIN.replace("sources", f"{MONEY}sources")
        + FIXED
        + "settlement: {cap: [20% of monthly, @@20%, @@5% of yearly]}\n"
    )
    assert [each.code for each in refused(tmp_path, text)] == ["no-base", "unknown-name"]


MODEL_REFUSALS = [
    (PLAIN.replace("slacheck: 1", "slacheck: @@2"), "language", "write slacheck: 1"),
    (PLAIN.replace("id: acme", "id: @@1acme"), "not-a-name", "names are letters"),
    (PLAIN.replace("timezone: UTC", "timezone: @@CEST+1"), "timezone", "zones are named like Europe/London or UTC"),
    (PLAIN.replace("sources", "currency: @@Euro\nsources"), "currency", "write a code such as EUR, GBP or USD"),
    (PLAIN.replace("sources", "until: @@31.12.2026\nsources"), "not-a-date", "dates look like 2026-01-31"),
    (PLAIN.replace("sources", "period: @@fortnight\nsources"), "not-one-of", ""),
    (PLAIN.replace("sources", "@@curency: EUR\nsources"), "unknown-key", "did you mean 'currency'?"),
    (PLAIN.replace("target", "@@taget"), "unknown-key", "did you mean 'target'?"),
    (PLAIN.replace(', target: ">= 99.9%"', "").replace("  uptime", "  @@uptime"), "missing-key", ""),
    (PLAIN.replace("kind: availability", "kind: @@avialability"), "unknown-kind", "did you mean 'availability'?"),
    (PLAIN.replace('">= 99.9%"', "@@99.9%"), "not-a-comparison", "comparisons look like"),
    (PLAIN.replace('">= 99.9%"', '@@">= 99%, >= 98%"'), "not-a-comparison", "write one of them"),
    (PLAIN.replace("hold: 2m", "hold: @@2 minutes"), "not-a-length", "lengths look like"),
    (PLAIN.replace("hold: 2m", "hold: @@0s"), "not-a-length", "write a length above zero"),
    (PLAIN.replace("hold: 2m", "hold: @@999999999999d"), "not-a-length", "write a shorter length"),
    (PLAIN.replace("shape: samples", "shape: @@sample"), "not-one-of", "did you mean 'samples'?"),
    (PLAIN.replace("columns: {at: t, ", "@@columns: {"), "missing-role", "write columns: {at: HEADER}"),
    (PLAIN.replace("hold: 2m", "hold: 2m, states: @@{up: [ok], down: [ok]}"), "states", "list each word once"),
    (PLAIN.replace("hold: 2m", "hold: 2m, @@interval: 5m"), "shape", ""),
    (PLAIN.replace("hold: 2m", "hold: 2m, time_format: @@DD.MM.YYYY"), "time-format", "write epoch-seconds"),
    (
        PLAIN.replace("hold: 2m", "hold: 2m, where: {host: [a, @@'> 5']}"),
        "condition",
        "write it alone, or as a condition of its own under any_of",
    ),
    (
        PLAIN.replace("hold: 2m", "hold: 2m, where: {any_of: [{host: a}, {load: @@'> five'}]}"),
        "not-a-comparison",
        "values look like",
    ),
    (PLAIN.replace("sources", "fees: {monthly: @@'1,000'}\nsources"), "not-an-amount", "amounts are plain decimals"),
    (
        PLAIN + "settlement: {claim: {within: @@10 working days, after: period-end}}\n",
        "claim",
        "write hours: CALENDAR beside it",
    ),
    (PLAIN + "settlement: {claim: {within: @@30d, after: period-end}}\n", "not-a-length", "civil lengths look like"),
    (PLAIN + "settlement: {cap: @@20 of monthly}\n", "not-a-cap", "write 20% of monthly"),
    (
        PLAIN + "rights: {leave: {when: {level: uptime, breached: @@three}}}\n",
        "count",
        "write a whole number such as 3",
    ),
    (
        PLAIN + "outages: {down: {from: probes, lasting: @@5m}}\n",
        "not-a-comparison",
        "comparisons look like",
    ),
    (PLAIN + "outages: {down: {from: probes, lasting: @@'<= 5m'}}\n", "lasting", 'write ">= 5m" or "> 5m"'),
    (PLAIN + "outages: {down: {from: probes, @@overlapping: first}}\n", "overlapping", ""),
    (PLAIN + "exclusions: {a: {from: probes, allowance: @@4h per sprint}}\n", "not-an-allowance", "allowances look"),
    (PLAIN + "exclusions: {a: {from: probes, notice: @@2 months}}\n", "not-a-notice", "write hours (24h) or days"),
]


@pytest.mark.parametrize(("text", "code", "help"), MODEL_REFUSALS, ids=range(len(MODEL_REFUSALS)))
def test_what_a_key_cannot_hold_is_refused_at_its_place(tmp_path: Path, text: str, code: str, help: str) -> None:
    found = one(tmp_path, text)
    assert found[0] == code
    assert help in found[2]


def test_every_problem_of_meaning_is_reported_at_once_in_the_order_of_the_text(tmp_path: Path) -> None:
    text = (
        f"{HEAD}@@fees: {{monthly: 100.00}}\nsources:\n{PROBES}{LOG}".replace("  log", "  @@log")
        + "service_levels:\n"
        + UPTIME.replace('">= 99.9%"', '@@">= 99.9"')
        + '  other: {measure: {kind: availability, from: @@prob}, target: ">= 99%"}\n'
        + FIXED
        + "settlement: {cap: 5% of monthly}\n"
        + "rights:\n  leave: {when: {level: @@none, breached: 3}}\n"
    )
    assert [each.code for each in refused(tmp_path, text)] == [
        "currency",
        "unused",
        "unit",
        "unknown-name",
        "unknown-name",
    ]


def test_every_problem_of_form_is_reported_at_once(tmp_path: Path) -> None:
    text = (
        PLAIN.replace("id: acme", "id: @@1")
        .replace("timezone: UTC", "timezone: @@Nowhere")
        .replace("hold: 2m", "hold: @@soon")
        .replace('">= 99.9%"', '@@"99.9%"')
    )
    assert [each.code for each in refused(tmp_path, text)] == [
        "not-a-name",
        "timezone",
        "not-a-length",
        "not-a-comparison",
    ]


def test_the_problems_of_several_files_are_reported_together(tmp_path: Path) -> None:
    good, bad, worse = (tmp_path / f"{name}.yaml" for name in ("good", "bad", "worse"))
    good.write_text(PLAIN, encoding="utf-8")
    bad.write_text(PLAIN.replace("probes}", "prob}"), encoding="utf-8")
    worse.write_text(PLAIN.replace("id: acme", "id: 1"), encoding="utf-8")
    with pytest.raises(AgreementError) as error:
        load_all([good, bad, worse])
    assert [(Path(each.path).name, each.code) for each in error.value.problems] == [
        ("bad.yaml", "unused"),
        ("bad.yaml", "unknown-name"),
        ("worse.yaml", "not-a-name"),
    ]
    assert [each.agreement.id for each in load_all([good, good])] == ["acme", "acme"]


def test_every_key_that_stands_empty_is_told_at_once(tmp_path: Path) -> None:
    text = PLAIN.replace("provider: P", "@@provider:").replace("customer: C", "@@customer:")
    text = text.replace('target: ">= 99.9%"', "@@target: ").replace("path: p.csv", "@@path: ")
    assert {each.code for each in refused(tmp_path, text)} == {"empty"}
