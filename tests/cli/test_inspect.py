"""``slacheck inspect`` through the real binary: what it prints, as it is on an 80-column screen, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.binary import Slacheck, minutes

GOLDEN = Path(__file__).parent / "golden"


def probes(folder: Path) -> list[str]:
    """Two hosts each minute of an hour, newest first; db stands still for ten minutes, one row of web stands twice."""
    rows = []
    for minute in range(60):
        at = f"2026-10-05T08:{minute:02d}:00+02:00"
        rows.append(f"{at},web,{'Down' if minute == 30 else 'up'},{100 + minute * 7 % 40}")
        if not 20 <= minute < 30:
            rows.append(f"{at},db,{'UP' if minute == 3 else 'up'},{-1 if minute == 12 else 5}")
    rows.append(rows[-2])
    (folder / "probes.csv").write_text("time,host,status,latency_ms\n" + "\n".join(reversed(rows)) + "\n")
    return ["probes.csv"]


def tickets(folder: Path) -> list[str]:
    """A spreadsheet of the office: separator, decimal commas, dates that read both ways, and what it has eaten."""
    (folder / "Tickets März.csv").write_text(
        "Ticket ID;Opened;Resolved;Priority;First reply;Effort h;\n"
        "T-1;02.01.2026 08:15;03.01.2026 09:00;P1;03:17.4;1,5;\n"
        "T-2;02.01.2026 09:30;NA;P2;27:43.2;0,25;\n"
        "T-3;04.01.2026 10:00;01.01.2026 10:00;p2;;12;\n"
        "T-1;02.01.2026 08:15;05.01.2026 17:45;P1;03:17.4;2,75;\n",
        encoding="utf-8-sig",
    )
    return ["Tickets März.csv"]


def months(folder: Path) -> list[str]:
    """Counts of September and October, of which two hours lie between, and another export beside them."""
    for month, hours in (("2026-09-30", range(22)), ("2026-10-01", range(24))):
        rows = [f'{{"hour": "{month}T{hour:02d}:00:00Z", "requests": 1200, "errors": {hour % 3}}}' for hour in hours]
        (folder / f"requests-{month}.ndjson").write_text("\n".join(rows) + "\n")
    (folder / "circuits.tsv").write_text("circuit\ttier\nC1\tgold\nC2\tsilver\n")
    return ["requests-*.ndjson", "circuits.tsv"]


@pytest.mark.parametrize("export", [probes, tickets, months])
def test_what_is_seen_is_printed(slacheck: Slacheck, tmp_path: Path, export: Callable[[Path], list[str]]) -> None:
    ran = slacheck("inspect", *export(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (GOLDEN / f"inspect-{export.__name__}.txt").read_text(encoding="utf-8")


def test_what_is_seen_is_said_as_json(slacheck: Slacheck, tmp_path: Path) -> None:
    ran = slacheck("inspect", *probes(tmp_path), "--format", "json", "--timezone", "Europe/Berlin")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (GOLDEN / "inspect-probes.json").read_text(encoding="utf-8")


def test_the_schema_says_what_the_json_holds(slacheck: Slacheck, tmp_path: Path) -> None:
    schema = json.loads(slacheck("schema", "inspection").out)
    shown = json.loads(slacheck("inspect", *probes(tmp_path), "--format", "json").out)
    assert set(shown) == set(schema["properties"])
    (file,) = shown["files"]
    assert set(file) == set(schema["$defs"]["FileSeen"]["properties"])
    assert set(file["columns"][0]) == set(schema["$defs"]["ColumnSeen"]["properties"])


def test_a_source_that_was_written_to_a_file_is_evaluated(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "probes.csv").write_text(minutes())
    ran = slacheck("inspect", "probes.csv", "--output", "seen.json")
    assert (ran.code, ran.out, ran.err) == (0, "", "wrote seen.json\n")
    (block,) = json.loads((tmp_path / "seen.json").read_text())["sources"]
    (tmp_path / "agreement.yaml").write_text(
        "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\nperiod: day\n"
        + block["text"].replace("# hold: 2m", "hold: 2m")
        + "service_levels: {up: {measure: {kind: availability, from: probes}, target: '>= 99%'}}\n"
    )
    assert slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05").code == 4
    assert slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05", "--fail-on", "never").code == 0


def test_standard_input(slacheck: Slacheck) -> None:
    ran = slacheck("inspect", "-", stdin=minutes().encode())
    assert ran.code == 0
    assert ran.out.startswith("standard input")
    assert '    path: "-"\n' in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere.csv",), 3, "error[missing-file]"),
        (("no*.csv",), 3, "no file matches 'no*.csv'"),
        (("probes.csv", "probes.csv"), 3, "error[file-twice]"),
        (("empty.csv",), 3, "error[empty-file]"),
        (("document.json",), 3, "name the list with `records`; there are: a.b"),
        (("document.json", "--records", "a.c"), 3, "no list of records at 'a.c'"),
        (("document.json", "--records", "a["), 2, "'[' does not belong here"),
        (("document.json", "--records", "a.b"), 0, ""),
        (("probes.csv", "--timezone", "Europe/Berlln"), 2, "did you mean 'Europe/Berlin'?"),
        (("probes.csv", "--encoding", "latin-9"), 2, "no encoding 'latin-9'"),
        (("probes.csv", "--format", "yaml"), 2, "--format takes terminal, json; not 'yaml'"),
        (("probes.csv", "--output", "seen.pdf"), 2, "no format is known for 'seen.pdf'"),
        (("probes.csv", "--output", "probes.csv"), 2, "no format is known"),
        (("probes.csv", "--output", "seen.md"), 2, "no format is known for 'seen.md'"),
        (("-", "-"), 2, "standard input can be read once"),
        (("probes.csv", "--output", "no/folder.json"), 3, "error[not-written]"),
    ],
)
def test_how_it_ends(slacheck: Slacheck, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    probes(tmp_path)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "document.json").write_text('{"a": {"b": [{"at": "2026-10-01T00:00:00Z", "n": 1}], "c": 3}}')
    ran = slacheck("inspect", *arguments)
    assert ran.code == code
    assert said in ran.err
    assert bool(ran.out) == (code == 0)


def test_a_folder_of_hostile_names_stays_text(slacheck: Slacheck, tmp_path: Path) -> None:
    """Headers and cells that are SQL, formulas and escape sequences are shown, never obeyed."""
    header = 'at,"x\'); DROP TABLE cells; --","a""b",\x1b[2J,=1+1'
    row = '2026-10-01T00:00:00Z,\'; SELECT 1; --,"""q""",\x1b[31m,@SUM(A1)'
    (tmp_path / "it's; --.csv").write_text(f"{header}\n{row}\n{row}\n")
    ran = slacheck("inspect", "it's; --.csv")
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert "DROP TABLE" in ran.out
    assert "'@SUM(A1)' 2" in ran.out
