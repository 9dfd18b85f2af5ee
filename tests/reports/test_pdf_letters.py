"""Which letters the fonts inside typst have, measured by drawing each: the lists that the PDF goes by are true."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest

from slacheck.reports.pdf import written_out

typst: Any = pytest.importorskip("typst", reason="the extra 'pdf' is not installed")

FAMILIES = ("Libertinus Serif", "New Computer Modern", "New Computer Modern Math", "DejaVu Sans Mono")
NO_LETTER = "\U0010fffd"
# Controls, surrogates, what anybody may define, and the letters of East Asia, which are too many to be drawn.
SKIPPED = ((0x7F, 0x9F), (0x3400, 0x9FFF), (0xAC00, 0xF8FF))
LETTERS = [chr(code) for code in range(0x20, 0x20000) if not any(first <= code <= last for first, last in SKIPPED)]


def drawn(letters: list[str], style: str) -> dict[str, set[str]]:
    """The shapes that each letter is drawn with; none for what is blank."""
    source = (
        f"#set page(width: 60pt, height: auto, margin: 0pt)\n#set text({style})\n#set block(spacing: 0pt)\n"
        "#for letter in json(bytes(sys.inputs.letters)) [#block(width: 20pt, height: 20pt, letter)]"
    )
    # The block at the very top has no place of its own in the picture.
    inputs = {"letters": json.dumps(["A", *letters])}
    svg = typst.compile(source.encode(), format="svg", ignore_system_fonts=True, sys_inputs=inputs).decode()
    shapes: dict[str, set[str]] = {letter: set() for letter in letters}
    at = 0
    for place, shape in re.findall(r'translate\(0 (\d+)\)|href="#(g\w+)"', svg.partition("<defs>")[0]):
        if place:
            at = int(place) // 20
        elif at:
            shapes[letters[at - 1]].add(shape)
    return shapes


def empty_boxes() -> set[str]:
    """What the fonts draw for a letter that they do not have."""
    styles = (
        f'font: "{family}", weight: "{weight}"' for family in FAMILIES for weight in ("regular", "semibold", "bold")
    )
    return {shape for style in styles for shape in drawn([NO_LETTER], f"{style}, fallback: false")[NO_LETTER]}


def ranges(letters: list[str]) -> list[str]:
    codes = [ord(letter) for letter in letters]
    starts = [codes[0], *(after for before, after in pairwise(codes) if after != before + 1)]
    ends = [*(before for before, after in pairwise(codes) if after != before + 1), codes[-1]]
    return [
        f"{first:04x}" if first == last else f"{first:04x}-{last:04x}" for first, last in zip(starts, ends, strict=True)
    ]


@pytest.mark.parametrize(("name", "more"), [("letters.txt", ""), ("letters-of-pictures.txt", ", fallback: false")])
def test_the_letters_that_are_not_written_out_are_those_that_are_no_box(name: str, more: str) -> None:
    boxes = empty_boxes()
    shapes = drawn(LETTERS, f'font: "Libertinus Serif"{more}')
    # Some fonts draw nothing for what they do not have: blank may be what is so by its nature.
    found = [
        letter
        for letter in LETTERS
        if not shapes[letter] & boxes and (shapes[letter] or category(letter) in ("Zs", "Cf", "Mn"))
    ]
    path = files("slacheck.reports") / "templates" / name
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        Path(str(path)).write_text("\n".join(ranges(found)) + "\n", encoding="ascii")
    assert path.read_text(encoding="ascii").split() == ranges(found)


@pytest.mark.parametrize(
    "style",
    ['font: "Libertinus Serif", weight: "bold"', 'font: "Libertinus Serif", weight: 600', 'font: "DejaVu Sans Mono"'],
)
def test_what_one_style_has_every_style_of_the_page_has(style: str) -> None:
    boxes = empty_boxes()
    shown = [letter for letter in LETTERS if written_out(letter) == letter]
    assert len(shown) > 5000
    assert [letter for letter, shapes in drawn(shown, style).items() if shapes & boxes] == []


def test_letters_without_a_font_are_told_by_their_numbers() -> None:
    assert written_out("Łódź ₹ ✓ א 日本") == "Łódź ₹ ✓ א U+65E5U+672C"
    assert written_out("Łódź ₹ ✓ א 日本", in_picture=True) == "Łódź ₹ U+2713 א U+65E5U+672C"
    assert written_out("\ue000") == "U+E000"
