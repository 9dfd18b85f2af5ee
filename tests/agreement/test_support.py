"""What an agreement rests on: how it is written, read and refused, each thing at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.chain import chained
from slacheck.agreement.loading import load
from slacheck.problems import AgreementError

LEVELS = "service_levels:\n  a: {measure: {kind: availability, from: s}, target: '>= 99%'}\n"
HEAD = """\
slacheck: 1
id: {name}
provider: P
customer: C
timezone: UTC
sources: {{s: {{path: s.csv, shape: samples, columns: {{at: t, state: u}}, hold: 2m}}}}
"""


def write(folder: Path, name: str, rests_on: str = "", more: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    rests = f"rests_on: {rests_on}\n" if rests_on else ""
    path.write_text(HEAD.format(name=name) + LEVELS + rests + more, encoding="utf-8")
    return path


def refused(path: Path) -> list[tuple[str, str, int]]:
    """Code, file and line of everything that is wrong with an agreement or with one below it."""
    with pytest.raises(AgreementError) as error:
        chained(load(path))
    return [(each.code, Path(each.path).name, each.line) for each in error.value.problems]


@pytest.mark.parametrize(
    ("carries", "levels", "any_of"),
    [("{a: b}", ("b",), False), ("{a: [b, c]}", ("b", "c"), False), ("{a: {any_of: [b, c]}}", ("b", "c"), True)],
)
def test_what_carries_is_one_all_or_any(tmp_path: Path, carries: str, levels: tuple[str, ...], any_of: bool) -> None:
    file = load(write(tmp_path, "top", f"{{x: {{agreement: x.yaml, carries: {carries}}}}}"))
    carriers = file.agreement.rests_on["x"].carries["a"]
    assert (carriers.levels, carriers.any) == (levels, any_of)


@pytest.mark.parametrize(
    ("rests_on", "code", "column"),
    [
        ("{x: {agreement: x.yaml}}", "missing-key", 12),
        ("{x: {agreement: x.yaml, carries: {}}}", "too-short", 44),
        ("{x: {agreement: x.yaml, carries: {a: }}}", "empty", 45),
        ("{x: {agreement: x.yaml, carries: {a: [b, b]}}}", "carries", 52),
        ("{x: {agreement: x.yaml, carries: {a: []}}}", "carries", 48),
        ("{x: {agreement: x.yaml, carries: {a: {any_of: [b]}}}}", "carries", 57),
        ("{x: {agreement: x.yaml, carries: {a: {some_of: [b, c]}}}}", "carries", 49),
        ("{x: {agreement: x.yaml, carries: {a: [[b]]}}}", "carries", 49),
        ("{x: {agreement: x.yaml, carries: {a: 99%}}}", "not-a-name", 48),
        ("{x: {agreement: x.yaml, carries: {aa: b}}}", "unknown-name", 45),
        ("{x: {agreement: x.yaml, carries: {a: b}, backs_up: y}}", "unknown-name", 62),
        ("{x: {agreement: x.yaml, carries: {a: b}, back_up: y}}", "unknown-key", 52),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(tmp_path: Path, rests_on: str, code: str, column: int) -> None:
    with pytest.raises(AgreementError) as error:
        load(write(tmp_path, "top", rests_on))
    assert [(each.code, each.line, each.column) for each in error.value.problems] == [(code, 9, column)]
    assert error.value.problems[0].help or code == "too-short"


def test_stand_ins_for_each_other_in_a_circle_and_for_what_carries_something_else(tmp_path: Path) -> None:
    both = (
        "{x: {agreement: x.yaml, carries: {a: b}, backs_up: y}, y: {agreement: y.yaml, carries: {a: b}, backs_up: x}}"
    )
    with pytest.raises(AgreementError) as error:
        load(write(tmp_path, "top", both))
    assert [each.code for each in error.value.problems] == ["circle", "circle"]
    other = "{x: {agreement: x.yaml, carries: {a: b}}, y: {agreement: y.yaml, carries: {b: b}, backs_up: x}}"
    path = write(tmp_path, "top", other)
    path.write_text(
        path.read_text().replace(
            "service_levels:\n", "service_levels:\n  b: {measure: {kind: availability, from: s}, target: '>= 99%'}\n"
        )
    )
    with pytest.raises(AgreementError) as error:
        load(path)
    assert [each.code for each in error.value.problems] == ["backs-up"]


def test_paths_are_read_from_the_folder_of_their_agreement(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{team: {agreement: teams/team.yaml, carries: {a: a}}}")
    write(tmp_path / "teams", "team", "{supplier: {agreement: ../contract.yaml, carries: {a: a}}}")
    write(tmp_path, "contract")
    chain = chained(load(top))
    assert [each.file.agreement.id for each in chain.all()] == ["top", "team", "contract"]
    assert chain.below()[0].below()[0].file.label == str(tmp_path / "contract.yaml")


def test_an_agreement_that_two_rest_on_is_read_once(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: a}}, y: {agreement: y.yaml, carries: {a: a}}}")
    for name in "xy":
        write(tmp_path, name, "{z: {agreement: ./z.yaml, carries: {a: a}}}")
    write(tmp_path, "z")
    chain = chained(load(top))
    first, second = chain.below()
    assert first.below()[0] is second.below()[0]
    assert len(list(chain.all())) == 4


def test_a_circle_is_named_where_it_closes(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: a}}}")
    write(tmp_path, "x", "{y: {agreement: y.yaml, carries: {a: a}}}")
    write(tmp_path, "y", "{x: {agreement: x.yaml, carries: {a: a}}}")
    with pytest.raises(AgreementError) as error:
        chained(load(top))
    (problem,) = error.value.problems
    assert (problem.code, Path(problem.path).name, problem.line) == ("circle", "y.yaml", 9)
    assert problem.message == "agreements that rest on each other: x -> y -> x"
    write(tmp_path, "y", f"{{y: {{agreement: ../{tmp_path.name}/y.yaml, carries: {{a: a}}}}}}")
    assert refused(top) == [("circle", "y.yaml", 9)]


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: gone.yaml, carries: {a: a}}, y: {agreement: ., carries: {a: a}}}")
    assert refused(top) == [("no-file", "top.yaml", 9), ("no-file", "top.yaml", 9)]


def test_what_is_wrong_below_is_told_in_its_own_file_once(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: a}}, y: {agreement: x.yaml, carries: {a: a}}}")
    write(tmp_path, "x", more="taget: 1\n")
    assert refused(top) == [("unknown-key", "x.yaml", 9)]


def test_levels_that_the_agreement_below_has_not(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: [a, b, c]}}}")
    write(tmp_path, "x")
    assert refused(top) == [("unknown-name", "top.yaml", 9), ("unknown-name", "top.yaml", 9)]
    with pytest.raises(AgreementError) as error:
        chained(load(top))
    assert "x.yaml' has no service level 'b'" in error.value.problems[0].message


def test_two_agreements_of_one_id(tmp_path: Path) -> None:
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: a}}}")
    path = write(tmp_path, "x")
    path.write_text(path.read_text().replace("id: x", "id: top"))
    assert refused(top) == [("duplicate-id", "top.yaml", 9)]


def test_a_chain_without_end_is_not_followed(tmp_path: Path) -> None:
    for number in range(60):
        write(tmp_path, f"n{number}", f"{{x: {{agreement: n{number + 1}.yaml, carries: {{a: a}}}}}}")
    assert refused(tmp_path / "n0.yaml") == [("long-chain", "n49.yaml", 9)]


def test_it_is_amended_key_by_key_and_is_no_part_of_the_terms(tmp_path: Path) -> None:
    more = (
        "amendments:\n"
        "  - {effective: 2026-04-01, rests_on: {x: {agreement: z.yaml}}}\n"
        "  - {effective: 2026-07-01, rests_on: {y: {agreement: y.yaml, carries: {a: a}, backs_up: x}}}\n"
        "  - {effective: 2026-10-01, rests_on: {y: null}}\n"
    )
    top = write(tmp_path, "top", "{x: {agreement: x.yaml, carries: {a: a}}}", more)
    for name in "xyz":
        write(tmp_path, name)
    file = load(top)
    shown = [{key: each.agreement for key, each in version.agreement.rests_on.items()} for version in file.versions]
    assert shown == [{"x": "x.yaml"}, {"x": "z.yaml"}, {"x": "z.yaml", "y": "y.yaml"}, {"x": "z.yaml"}]
    assert len({version.terms for version in file.versions}) == 1
    assert len(list(chained(file).all())) == 4
