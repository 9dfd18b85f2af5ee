"""What stands in files stays data: it is no SQL, no code, no path and no command of a terminal, however much of it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import duckdb
import pytest

from slacheck.engine.duck import DuckScratch
from slacheck.reports import FORMATS, View
from slacheck.statement import Statements
from tests.binary import AGREEMENT, BINARY, DAY, Ran, Slacheck, minutes
from tests.fuzz.invariants import unprintable
from tests.reports.statements import whole

EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY)
HOSTILE = (
    "'; DROP TABLE reading_1; --",
    "\"; ATTACH 'x.db' AS x; --",
    "`id`$(id)${HOME}%s{0}{timestamp}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "\u202eexe.txt\u2066\u200b\ufeff",
    "</script><script>alert(1)</script>",
    "../../etc/passwd",
    "[red]markup[/red]",
    "%d\u2028next line\x85",
)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _harmless(ran: Ran) -> Ran:
    assert unprintable(ran.out) == ""
    assert unprintable(ran.err) == ""
    return ran


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_cell_a_header_and_a_file_name_stay_data(slacheck: Slacheck, folder: Path, hostile: str) -> None:
    """As the name of a column, of a subject, and of a file, in the statement, in JSON, and in a complaint."""
    name = hostile.replace("/", "").replace("\x00", "")
    head, *rows = minutes(down=range(600, 700)).splitlines()
    text = "\n".join([f"{head},{_quoted(hostile)}", *(f"{row},{_quoted(hostile)}" for row in rows), ""])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    agreement = AGREEMENT.replace("state: status}", f"state: status, of: {json.dumps(hostile)}}}")
    # YAML reads these escapes as JSON writes them.
    (folder / "agreement.yaml").write_text(agreement.replace("    target:", "    per: of\n    target:"))
    data = ("--data", f"probes={name}.csv")
    shown = _harmless(slacheck(*EVALUATE, *data))
    assert (shown.code, shown.err) == (1, "")
    written = _harmless(slacheck(*EVALUATE, *data, "--format", "json"))
    (statement,) = json.loads(written.out)["statements"]
    subject = statement["lines"][0]["subject"]
    assert (subject if isinstance(subject, str) else json.dumps(subject, ensure_ascii=False)).strip() in (
        hostile,
        hostile.strip(),
    )
    assert statement["inputs"][0]["file"] == f"{name}.csv"
    (folder / f"{name}.csv").write_text(text.replace(",up,", f",{_quoted(hostile)},", 1), encoding="utf-8", newline="")
    refused = _harmless(slacheck(*EVALUATE, *data))
    assert (refused.code, refused.out) == (3, "")
    assert "error[bad-state]" in refused.err


def test_every_character_that_a_terminal_obeys_is_escaped_in_json() -> None:
    """And JSON says the same as before."""
    hidden = "".join(
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp") and chr(code) not in "\u200c\u200d"
    )
    statement = whole()
    named = statement.model_copy(
        update={"agreement": statement.agreement.model_copy(update={"title": f"a{hidden}é≥b"})}
    )
    statements = Statements(slacheck_statements=1, statements=(named,))
    for view in (View(), View(ascii=True)):
        text = FORMATS["json"].render(statements, view)
        assert unprintable(text) == ""
        assert json.loads(text)["statements"][0]["agreement"]["title"] == f"a{hidden}é≥b"
    assert text.isascii()
    assert "é≥" in FORMATS["json"].render(statements, View())


ROWS = minutes().splitlines()
RECORDS = json.dumps([dict(zip(("timestamp", "status"), row.split(","), strict=True)) for row in ROWS[1:]])
DEEP = "[" * 100_000 + "]" * 100_000
LARGE: dict[str, tuple[str, str | None]] = {
    "cell.csv": (
        ROWS[0] + ",x\n" + ROWS[1] + "," + "a" * 1_000_000 + "\n" + "\n".join(f"{r}," for r in ROWS[2:]),
        None,
    ),
    "columns.csv": (
        ROWS[0] + "".join(f",c{i}" for i in range(10_000)) + "\n" + ROWS[1] + "," * 10_000,
        "no-row-of-period",
    ),
    "line.csv": (minutes() + f"{DAY}T10:00:00+01:00," + "b" * 3_000_000 + "\n" + ROWS[1] + "\n", "broken-row"),
    "last.csv": (minutes() + f"{DAY}T10:00:00+01:00," + "b" * 40_000_000, "broken-row"),
    "digits.csv": (minutes() + "9" * 1_000_000 + ",up\n", "bad-time"),
    "nul.csv": (minutes() * 3 + f"{DAY}T10:00:00+01:00,u\0p\n", "bad-time"),
    "deep.json": (RECORDS[:-2] + f', "x": {DEEP}}}]', None),
    "deep.ndjson": ("\n".join(json.dumps(r) for r in json.loads(RECORDS))[:-1] + f', "x": {DEEP}}}\n', None),
    "only.json": ("[" * 100_000, "broken-json"),
    "digits.json": (RECORDS[:-2] + ', "x": ' + "9" * 1_000_000 + "}]", "broken-json"),
    "twice.json": (RECORDS[:-2] + ', "status": "down"}]', "duplicate-key"),
    "twice.ndjson": (RECORDS[1:-2].replace("}, {", "}\n{") + ', "status": "down"}\n', "duplicate-key"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_larger_or_deeper_than_anybody_exports_is_read_or_refused(
    slacheck: Slacheck, folder: Path, name: str
) -> None:
    text, code = LARGE[name]
    (folder / name).write_text(text, newline="")
    ran = _harmless(slacheck(*EVALUATE, "--data", f"probes={name}"))
    assert len(ran.err) < 20_000
    if code is None:
        assert (ran.code, ran.err) == (0, "")
    else:
        assert (ran.code, ran.out) == (3, "")
        assert f"error[{code}]" in ran.err


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_last_line_longer_than_the_buffers_of_the_engine_is_not_dropped(
    slacheck: Slacheck, folder: Path, packing: str
) -> None:
    """It says that the service was down, and the engine's parallel reader would never tell of it."""
    text = minutes() + f"{DAY}T10:00:00+01:00,{'b' * 40_000_000}"
    if packing == "gzip":
        (folder / "probes.csv.gz").write_bytes(gzip.compress(text.encode(), 1))
    else:
        (folder / "plain").write_text(text)
        with duckdb.connect() as connection:
            rows = (
                f"read_csv('{folder}/plain', columns = {{'timestamp': 'VARCHAR', 'status': 'VARCHAR'}}, header = true"
            )
            connection.execute(
                f"COPY (SELECT * FROM {rows}, auto_detect = false, parallel = false))"
                f" TO '{folder}/probes.csv.gz' (FORMAT csv, COMPRESSION zstd)"
            )
    ran = _harmless(slacheck(*EVALUATE, "--data", "probes=probes.csv.gz"))
    assert (ran.code, ran.out) == (3, "")
    assert "error[" in ran.err


def test_a_small_file_that_unpacks_to_gigabytes_does_not_fill_the_disk(slacheck: Slacheck, folder: Path) -> None:
    piece = gzip.compress(b" " * 50_000_000, 9)
    # Packed pieces behind each other are one file.
    bomb = gzip.compress(b'{"items": [') + piece * 24 + gzip.compress(b"]}")
    (folder / "bomb.json.gz").write_bytes(bomb)
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("probes.csv", "bomb.json.gz, records: items"))
    ran = slacheck(*EVALUATE)
    assert (ran.code, ran.out) == (3, "")
    assert "error[too-large]: unpacks to more than 100 times its size" in ran.err


YAML = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '*a'] * 9)}]\n" for i in range(12)),
    "deep": "a: " + "[" * 100_000,
    "deep mappings": "".join(f"{' ' * i}a:\n" for i in range(2_000)),
    "long": "title: " + "x" * 6_000_000,
    "tag": "title: !!python/object/apply:os.system ['touch owned']\n",
    "newer tag": "title: !!python/object/new:os.system ['touch owned']\n",
    "merge": "a: &a {b: c}\n<<: *a\n",
    "itself": "a: &a [*a]\n",
    "many documents": "---\na: b\n" * 1000,
    "keys": "".join(f"k{i}: v\n" for i in range(200_000)),
    "directive": "%TAG ! tag:evil,2000:\n---\na: !x b\n",
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_is_text_and_bounded(slacheck: Slacheck, folder: Path, name: str) -> None:
    (folder / "agreement.yaml").write_text(YAML[name])
    ran = _harmless(slacheck("validate", "agreement.yaml"))
    assert (ran.code, ran.out) == (3, "")
    assert len(ran.err) < 40_000
    assert not (folder / "owned").exists()


def test_nothing_is_fetched_or_loaded_into_the_engine(tmp_path: Path) -> None:
    """Even SQL of ours could not: no extension, no network, no setting can be changed back."""
    locked, no_access, absent = "has been locked", "Permission Error", "no access to the file|requires the extension"
    with DuckScratch(tmp_path) as scratch:
        for statement, refusal in {
            "INSTALL httpfs": absent,
            "INSTALL httpfs FROM 'http://127.0.0.1:9'": no_access,
            "LOAD httpfs": no_access,
            f"LOAD '{tmp_path}/own.duckdb_extension'": no_access,
            "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')": no_access,
            "SELECT * FROM read_csv('https://example.com/a.csv')": no_access,
            "SELECT * FROM read_parquet('s3://bucket/a.parquet')": no_access,
            "ATTACH 'http://127.0.0.1:9/a.duckdb'": absent,
            "SET enable_external_access = true": locked,
            "SET autoload_known_extensions = true": locked,
            "SET lock_configuration = false": locked,
            "SET allowed_directories = []": locked,
        }.items():
            with pytest.raises(duckdb.Error, match=refusal):
                scratch.fetch(statement)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="namespaces of Linux are needed")
def test_a_machine_without_any_network_settles_the_same(slacheck: Slacheck, folder: Path) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:  # noqa: S603
        pytest.skip("a namespace without a network cannot be made")
    done = subprocess.run(  # noqa: S603
        [*alone, str(BINARY), *EVALUATE, "--format", "json"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == slacheck(*EVALUATE, "--format", "json").out
