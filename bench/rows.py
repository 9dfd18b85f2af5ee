"""The rows of the table: what is run side by side, and the bar that each is held to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import probes, tickets
from bench.answers import Different, same
from bench.probes import FLAPPING, MANY_GAPS, MINUTES, SERVICES, Probes, agreement
from bench.running import Ran, apart, evaluating, in_turn, run, script, slacheck


@dataclass(frozen=True)
class Sizes:
    """How large the work is: minutes of probes, tickets, agreements, and how often each run is repeated."""

    minutes: int = MINUTES
    tickets: int = 1_000_000
    agreements: int = 200
    rounds: int = 3


@dataclass(frozen=True)
class Measured:
    """One line of the table: what ran, its time and memory, and its ratio with the bar it is held to."""

    work: str
    who: str
    ran: Ran
    ratio: str = ""
    bar: str = ""
    kept: bool | None = None


def at_most(measured: float, bar: float, of: str) -> tuple[str, str, bool]:
    return f"{measured:.2f} x {of}", f"at most {bar:g} x", measured <= bar


def at_least(measured: float, bar: float, of: str) -> tuple[str, str, bool]:
    return f"{measured:.1f} x as fast as {of}", f"at least {bar:g} x", measured >= bar


def peak(ran: Ran, bar: float) -> tuple[str, str, bool]:
    return f"{ran.peak:,.0f} MiB", f"under {bar:g} MiB", ran.peak < bar


Row = Callable[[Path, Sizes], Iterator[Measured]]


def one(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """One level over the probes, beside DuckDB and pandas."""
    rows = apart(Probes("calm", minutes=sizes.minutes).write, folder)
    work = f"{rows:,} probe rows of {SERVICES} services, one level"
    commands = {
        "slacheck": evaluating("calm.yaml"),
        "DuckDB by hand, the same answer": script("same", ".", "calm"),
        "DuckDB by hand, less of an answer": script("floor", ".", "calm"),
        "pandas, the same answer": script("frames", ".", "calm"),
    }
    if sizes.minutes != MINUTES:
        # The rivals answer for the whole month alone.
        commands = {"slacheck": commands["slacheck"]}
    ran = in_turn(commands, folder, sizes.rounds)
    ours = ran["slacheck"]
    yield Measured(work, "slacheck", ours, *peak(ours, 600))
    for who in list(ran)[1:]:
        theirs = ran[who]
        if "same" in who:
            same(ours.output, theirs.output, who)
        if "pandas" in who:
            yield Measured(work, who, theirs, *at_least(theirs.wall / ours.wall, 2.5, "pandas"))
        elif "same" in who:
            yield Measured(work, who, theirs, *at_most(ours.wall / theirs.wall, 1.3, "DuckDB"))
        else:
            yield Measured(work, who, theirs, f"{ours.wall / theirs.wall:.2f} x this floor")


def levels(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """Ten levels with hours of their own, and ten thresholds over a noisy signal, against one of each."""
    calm, noisy = Probes("calm", minutes=sizes.minutes), Probes("noisy", minutes=sizes.minutes, value=True)
    for export, bar in ((calm, 2.0), (noisy, 4.0)):
        rows = apart(export.write, folder)
        (folder / f"{export.name}-ten.yaml").write_text(agreement(export, 10), encoding="utf-8")
        ran = in_turn(
            {name: evaluating(f"{name}.yaml") for name in (export.name, f"{export.name}-ten")}, folder, sizes.rounds
        )
        single, ten = ran.values()
        kind = "ten thresholds over noise" if export.value else "ten levels"
        yield Measured(f"{rows:,} rows, {kind}", "one", single)
        yield Measured(f"{rows:,} rows, {kind}", "ten", ten, *at_most(ten.wall / single.wall, bar, "one"))


def large(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """Ten times the services, once, beside the usual size."""
    small = Probes("calm", minutes=sizes.minutes)
    big = Probes("large", services=10 * SERVICES, minutes=sizes.minutes)
    work = f"{apart(big.write, folder):,} probe rows of {10 * SERVICES:,} services, one level"
    apart(small.write, folder)
    usual = in_turn({"calm": evaluating("calm.yaml")}, folder, sizes.rounds)["calm"]
    ours = in_turn({"large": evaluating("large.yaml")}, folder, 1)["large"]
    (folder / "large.csv").unlink()
    yield Measured(work, "slacheck", ours, *peak(ours, 900))
    yield Measured(work, "a tenth of the rows", usual, *at_most(ours.wall / usual.wall, 12, "a tenth of the rows"))


def shapes(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """Data that is not as regular: each with about as many rows as the regular case."""
    minutes = sizes.minutes
    regular = Probes("calm", minutes=minutes)
    rows = minutes * SERVICES
    others = {
        "every other sample changes state": Probes("flapping", minutes=minutes, down=FLAPPING),
        "gaps: a fifth of the rows missing": Probes("gaps", minutes=minutes, gap=MANY_GAPS),
        "duplicates: every row twice": Probes("twice", minutes=minutes // 2, times=2, every=120_000),
        # Four a second and one in seven hours: all of them lie within the month.
        "one service with all rows": Probes("alone", services=1, minutes=rows, every=240),
        "100,000 services": Probes("many", services=100_000, minutes=rows // 100_000, every=24_000_000),
    }
    apart(regular.write, folder)
    counts = {name: apart(each.write, folder) for name, each in others.items()}
    commands = {"regular": evaluating("calm.yaml")}
    commands |= {name: evaluating(f"{each.name}.yaml") for name, each in others.items()}
    ran = in_turn(commands, folder, sizes.rounds)
    usual = ran.pop("regular")
    yield Measured("irregular data", "the regular case", usual)
    for name, found in ran.items():
        yield Measured(
            "irregular data", f"{name} ({counts[name]:,} rows)", found, *at_most(found.wall / usual.wall, 2, "regular")
        )


def cases(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """Tickets against a loop over businesstimedelta, which runs once."""
    pauses = apart(tickets.write, folder, sizes.tickets)
    ours = in_turn({"slacheck": evaluating_year("tickets.yaml")}, folder, sizes.rounds)["slacheck"]
    loop = in_turn({"loop": script("ticket_loop", ".")}, folder, 1)["loop"]
    if tickets.counts(ours.output) != json.loads(loop.output):
        raise Different("businesstimedelta finds other tickets late than slacheck")
    work = f"{sizes.tickets:,} tickets, {pauses:,} pauses, two zones"
    yield Measured(work, "slacheck", ours, *at_least(loop.wall / ours.wall, 100, "the loop"))
    yield Measured(work, "businesstimedelta", loop)


def evaluating_year(name: str) -> list[str]:
    return slacheck("evaluate", name, "--period", "2025", "--as-of", "2026-11-10T00:00:00Z", "--format", "json")


_WORKS = (
    ", excluding: [works]",
    "  works: {path: works.csv, shape: events, columns: {start: start, end: end}}\n",
    "exclusions:\n  works: {from: works}\n",
)


def agreements(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """Many agreements over one export, each with services and a calendar of its own, statements written."""
    export = Probes("calm", minutes=sizes.minutes)
    rows = apart(export.write, folder)
    names = []
    for number in range(sizes.agreements):
        services = ", ".join(f"service-{(number * 5 + each) % SERVICES:03}" for each in range(5))
        hours = f"{6 + number % 4:02}:{number % 60:02}-22:00"
        text = probes.agreement(export).replace("id: probes", f"id: customer-{number:03}").replace("06:00-22:00", hours)
        for works in _WORKS:
            text = text.replace(works, "")
        text = text.replace("per: service\n", f"per: service\n    where: {{service: [{services}]}}\n")
        names.append(f"customer-{number:03}.yaml")
        (folder / names[-1]).write_text(text, encoding="utf-8")
    commands = {
        "one": evaluating(names[0], output="one.json"),
        f"{sizes.agreements}": evaluating(*names, output="all.json"),
    }
    single, every = in_turn(commands, folder, sizes.rounds).values()
    work = f"{sizes.agreements} agreements over one export of {rows:,} rows, statements written"
    yield Measured(work, "one agreement", single)
    yield Measured(work, "all", every, *at_most(every.wall / single.wall, 2, "one agreement"))


def starting(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """What starting takes, beside the imports alone."""
    example = Path(__file__).parents[1] / "examples" / SMALLEST
    modules = ("typer", "pydantic", "yaml", "duckdb", "narwhals", "rich.console")
    commands = {
        "slacheck --version": slacheck("--version"),
        "python -c 'import typer'": python("import typer"),
        "the smallest example": slacheck(
            *("evaluate", str(example / "agreement.yaml"), "--period", "2026-10", "--as-of", "2026-11-10T00:00:00Z")
        ),
        f"python -c 'import {', '.join(modules)}'": python(f"import {', '.join(modules)}"),
    }
    ran = list(in_turn(commands, folder, 3 * sizes.rounds).items())
    for place, bar in ((0, 1.5), (2, 2.0)):
        (who, ours), (bare, theirs) = ran[place : place + 2]
        yield Measured("starting", who, ours, *at_most(ours.wall / theirs.wall, bar, "its imports"))
        yield Measured("starting", bare, theirs)


SMALLEST = "object-storage"


def engine(folder: Path, sizes: Sizes) -> Iterator[Measured]:
    """What the engine alone takes for a million cases, and settling for a hundred thousand circuits."""
    del sizes
    for name in ("cases", "settling"):
        ran = run([sys.executable, "-m", f"bench.{name}"], folder)
        print(ran.output.decode(), flush=True)
        yield Measured("within the process", f"python -m bench.{name}", ran)


def python(code: str) -> Sequence[str]:
    return [sys.executable, "-c", code]


ROWS: dict[str, Row] = {
    "one": one,
    "levels": levels,
    "large": large,
    "shapes": shapes,
    "tickets": cases,
    "agreements": agreements,
    "start": starting,
    "engine": engine,
}
