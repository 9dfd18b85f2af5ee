"""A statement is of one file, and its digest of the bytes that were read: an export that changes is refused."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import findings
from slacheck.agreement.checks.finding import Finding
from slacheck.agreement.loading import load
from slacheck.engine.duck import DuckScratch
from slacheck.engine.watched import Watched
from slacheck.evaluation import evaluate
from slacheck.problems import DataError
from tests.binary import DAY, Slacheck, minutes

_NEVER = 7_258_118_400_000_000
_LATER = 4_000_000_000_000_000_000


def _append(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{DAY}T23:59:30+01:00,down\n")


def _replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def _rewrite(path: Path) -> None:
    """As long as before, other bytes."""
    path.write_text(minutes().replace("T10:00:00+01:00,up", "T10:00:00+01:00,UP"))
    os.utime(path, ns=(_LATER, _LATER))


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "removed": (Path.unlink, "was removed"),
    "replaced by a file of the same bytes, size and time": (_replace, "was replaced"),
    "appended to": (_append, "bytes"),
    "cut": (lambda path: os.truncate(path, 100), "changed from 43,517 to 100 bytes"),
    "written to": (_rewrite, "was written to"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("moment", ["headers", "read", "answers", "statement"])
def test_an_export_that_changes_while_it_is_read_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str, moment: str
) -> None:
    """Whenever it happens: before its header is read, before its rows, before the answers, and before the places."""
    happen, said = CHANGES[change]
    place = {
        "headers": ("slacheck.sources.opening", "header"),
        "read": ("slacheck.sources.opening", "read"),
        "answers": ("slacheck.evaluation", "answers"),
        "statement": ("slacheck.evaluation", "check_cases"),
    }[moment]
    module = __import__(place[0], fromlist=[place[1]])
    real = getattr(module, place[1])
    done: list[object] = []

    def changing(*arguments: object, **named: object) -> object:
        if not done:
            done.append(happen(folder / "probes.csv"))
        return real(*arguments, **named)

    monkeypatch.setattr(module, place[1], changing)
    with pytest.raises(DataError) as caught:
        evaluate([load(folder / "agreement.yaml")], DAY, _NEVER, {})
    assert done
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("probes.csv", "changed-file")
    assert said in problem.message
    assert problem.help == "evaluate again when nothing writes to it any more, or evaluate a copy of it"


def test_a_file_that_stays_as_it_is_passes_and_its_digest_is_of_its_bytes(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json")
    (statement,) = json.loads(ran.out)["statements"]
    digest = hashlib.sha256((folder / "probes.csv").read_bytes()).hexdigest()
    assert [each["sha256"] for each in statement["inputs"]] == [digest]
    assert statement["agreement"]["sha256"] == hashlib.sha256((folder / "agreement.yaml").read_bytes()).hexdigest()


def test_the_digest_of_an_agreement_is_of_the_bytes_that_were_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is replaced while it is checked: what the statement vouches for is what was checked."""
    path = folder / "agreement.yaml"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    def replacing(agreement: Agreement) -> Iterator[Finding]:
        path.write_text("slacheck: 1\n")
        return findings(agreement)

    monkeypatch.setattr("slacheck.agreement.loading.findings", replacing)
    assert load(path).digest == digest


def test_what_was_changed_explains_whatever_else_is_wrong(tmp_path: Path) -> None:
    """A row cut in half is no fault of the export; an interruption is no matter of files."""
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")

    def run(error: BaseException) -> None:
        with DuckScratch(), Watched() as watched:
            watched.look(path, "a.csv")
            path.write_text(path.read_text() + "2\n")
            raise error

    with pytest.raises(DataError, match="changed from 4 to 6 bytes"):
        run(ValueError("half a row"))
    with pytest.raises(KeyboardInterrupt):
        run(KeyboardInterrupt())
