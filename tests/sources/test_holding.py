"""Where a word comes from: the records, or a register that they lead to."""

from __future__ import annotations

from typing import Any

import pytest

from slacheck.sources.holding import OWN, Held, divided, holders
from slacheck.sources.opening import Exports
from slacheck.sources.source import Source
from slacheck.timeline.zones import zone
from tests.sources.opener import Opener, words


def source(**terms: Any) -> Source:
    return Source.model_validate({"path": "a.csv", **terms})


CASES = source(shape="cases", columns={"id": "ticket", "circuit": "circuit_id", "opened": "opened_at"})
CIRCUITS = source(shape="register", key="circuit", columns={"circuit": "ref", "tier": "access", "mrc": "charge"})
PRICES = source(shape="register", key=["circuit", "region"], columns={"valid_from": "since", "price": "eur"})
INVOICES = source(shape="register", key="circuit", columns={"at": "month", "bill": "amount"})
TOTALS = source(shape="register", columns={"seats": "licensed"})
REGISTERS = {
    "circuits": Held(CIRCUITS),
    "prices": Held(PRICES),
    "invoices": Held(INVOICES),
    "totals": Held(TOTALS),
}


@pytest.mark.parametrize(
    ("word", "headers", "names"),
    [
        ("opened", (), (OWN,)),
        ("opened_at", (), (OWN,)),
        ("tier", (), ("circuits",)),
        # A header of the records comes before a register.
        ("tier", ("tier",), (OWN,)),
        # The key has two words, and the records have one of them.
        ("price", (), (OWN,)),
        ("price", ("region",), ("prices",)),
        # Summed facts, facts without a key, keys and dates join no record.
        ("bill", (), (OWN,)),
        ("seats", (), (OWN,)),
        ("region", (), (OWN,)),
        ("valid_from", ("region",), (OWN,)),
        ("nowhere", (), (OWN,)),
    ],
)
def test_a_word_is_held_by(word: str, headers: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert holders(word, Held(CASES, frozenset(headers)), REGISTERS) == names


def test_a_header_of_a_register_is_a_word_where_its_file_was_looked_at() -> None:
    assert holders("floor", Held(CASES), {"circuits": Held(CIRCUITS, frozenset({"floor"}))}) == ("circuits",)


def test_words_are_divided_among_those_who_hold_them() -> None:
    asked = words(["circuit", "tier", "kind"], ["mrc", "price"], ["opened", "tier"])
    found = divided(asked, Held(CASES, frozenset({"region"})), REGISTERS)
    # The keys of every register that is asked are read of the records too.
    assert found.own == words(["circuit", "kind", "region"], [], ["opened"])
    assert found.registers == {"circuits": words(["tier"], ["mrc"], ["tier"]), "prices": words([], ["price"])}
    assert found.unclear == {}


def test_a_word_of_two_registers_is_unclear() -> None:
    other = source(shape="register", key="circuit", columns={"tier": "class"})
    found = divided(words(["tier"]), Held(CASES), {"b": Held(other), "a": Held(CIRCUITS)})
    assert found.unclear == {"tier": ("a", "b")}
    assert found.registers == {}


def test_headers_are_those_that_all_files_have(opener: Opener) -> None:
    opener.write("a", "ticket;circuit_id;opened_at;kind;only_here\n1;c;2026-10-01;x;y")
    opener.write("b", "ticket,circuit_id,opened_at,kind")
    cases = CASES.model_copy(update={"path": ("a.csv", "b.csv")})
    exports = Exports(opener.scratch)
    assert exports.headers("cases", cases, opener.folder, None) == {"ticket", "circuit_id", "opened_at", "kind"}
    # The files that were looked at are the files that are read.
    assert exports.open("cases", cases, words(["kind"]), opener.folder, None, zone("UTC")).reading.rows == 1
