"""Where the statements of a portfolio come from, and what one bad agreement among many does: nothing to the others."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from slacheck.ledger import Ledger
from slacheck.portfolio import Gathered, kept, made, scorecard
from slacheck.problems import DataError, PeriodError
from slacheck.reports import FORMATS, View
from slacheck.statement import Statement, Statements
from tests.binary import AGREEMENT, minutes
from tests.portfolio.cards import statement, total

NOW = 1_790_000_000_000_000  # September 2026
LATER = 1_800_000_000_000_000
DAY = "2026-10-05"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Good ones with an hour down and without, one without its export, one invalid, one not in force, a week's."""
    (tmp_path / "up.csv").write_text(minutes())
    (tmp_path / "down.csv").write_text(minutes(range(60, 120)))
    texts = {
        "good": AGREEMENT.replace("probes.csv", "up.csv"),
        "bad": AGREEMENT.replace("probes.csv", "down.csv"),
        "absent": AGREEMENT.replace("probes.csv", "nowhere.csv"),
        "invalid": AGREEMENT.replace("Europe/London", "Europe/Londn"),
        "old": AGREEMENT.replace("timezone:", "until: 2026-01-31\ntimezone:"),
        "monthly": AGREEMENT.replace("period: day", "period: month"),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text.replace("acme-web", name))
    return [tmp_path / f"{name}.yaml" for name in texts]


def verdicts(gathered: Gathered) -> dict[str, str]:
    return {Path(row.file).stem: row.verdict for row in scorecard(gathered).rows}


def test_one_bad_agreement_leaves_the_others_as_they_are(files: list[Path]) -> None:
    found = made(files, DAY, LATER)
    assert verdicts(found) == {
        "bad": "breached",
        "absent": "not-settled",
        "invalid": "not-settled",
        "monthly": "not-settled",
        "good": "met",
        "old": "not-in-force",
    }
    alone = made(files[:1], DAY, LATER).statements
    assert [each for each in found.statements if each.agreement.id == "good"] == list(alone)
    assert [
        problem.code for each in found.unsettled if each.label.endswith("absent.yaml") for problem in each.problems
    ] == ["missing-file"]


def test_the_order_of_files_changes_nothing(files: list[Path]) -> None:
    first = scorecard(made(files, DAY, LATER))
    for order in list(permutations(files))[1:720:240]:
        assert scorecard(made([*order, order[0]], DAY, LATER)) == first


def test_two_files_of_one_id_are_both_not_settled(files: list[Path]) -> None:
    twin = files[0].with_name("twin.yaml")
    twin.write_text(files[0].read_text())
    found = made([files[0], twin, files[1]], DAY, LATER)
    assert verdicts(found) == {"good": "not-settled", "twin": "not-settled", "bad": "breached"}


@pytest.mark.parametrize("period", ["octobre", "2026-10-05..2026-10", "2026-13"])
def test_a_period_that_nobody_can_mean_is_refused_before_anything_is_read(files: list[Path], period: str) -> None:
    with pytest.raises(PeriodError):
        made(files, period, LATER)
    with pytest.raises(PeriodError):
        kept(None, [_written(files[0].parent, statement("a", "met"))], period, LATER)


def _written(folder: Path, *statements: Statement, name: str = "kept.json") -> Path:
    path = folder / name
    path.write_bytes(FORMATS["json"].written(Statements(statements=statements), View()))
    return path


def test_a_ledger_and_files_say_what_the_agreements_say(files: list[Path], tmp_path: Path) -> None:
    found = made(files[:2], DAY, LATER)
    card = scorecard(found)
    with Ledger(tmp_path / "ledger.db", write=True) as ledger:
        ledger.keep(found.statements, "1", LATER)
        assert scorecard(kept(ledger, [], None, LATER)) == card
        # The same statements from two places count once.
        assert scorecard(kept(ledger, [_written(tmp_path, *found.statements)], DAY, LATER)) == card
        assert kept(ledger, [], "2026-11", LATER) == Gathered(())


def test_what_settles_a_period_goes_before_what_was_made_while_it_ran(tmp_path: Path) -> None:
    so_far = statement("a", "met", total("GBP", "0.00", "0.00"), running=True)
    settled = statement("a", "breached", total("GBP", "5.00", "5.00"))
    alone = statement("b", "met", running=True)
    path = _written(tmp_path, so_far, settled, alone)
    found = kept(None, [path], None, LATER).statements
    assert [(each.agreement.id, each.period.running) for each in found] == [("a", False), ("b", True)]


def test_two_statements_that_differ_are_refused(tmp_path: Path) -> None:
    one = _written(tmp_path, statement("a", "met"), name="one.json")
    two = _written(tmp_path, statement("a", "breached"), name="two.json")
    with pytest.raises(DataError, match="two different statements of 2026-10"):
        kept(None, [one, two], None, LATER)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (None, ["a 8", "a 9", "b 8"]),
        ("2026-09", ["a 9"]),
        ("2026-Q3", ["a 8", "a 9", "b 8"]),
        ("last-period", ["a 9", "b 8"]),
        ("last-month", ["a 8", "b 8"]),
    ],
)
def test_periods_of_kept_statements_are_chosen_by_their_first_day(
    tmp_path: Path, period: str | None, months: list[str]
) -> None:
    path = _written(tmp_path, *(statement(id, "met", month=month) for id, month in (("a", 8), ("a", 9), ("b", 8))))
    found = kept(None, [path], period, NOW).statements
    assert [f"{each.agreement.id} {int(each.period.label[-2:])}" for each in found] == months
