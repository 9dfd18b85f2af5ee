"""Plain decimal numbers moved along by powers of ten, exactly, as SQL and as Python."""

from __future__ import annotations

import re

NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"

NUMBER_PARTS = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)


def scaled_sql(text: str, places: int, *, floor: bool, kind: str = "BIGINT") -> str:
    """SQL for ``text * 10**places`` as an integer of ``kind``, exact; digits left over are floored or make it NULL.

    Common texts take a short way. The others (exponents, many digits) are moved along as strings, because a cast to
    DECIMAL rounds.
    """
    digits = f"(regexp_extract({text}, '^[+-]?([0-9]+)', 1) || regexp_extract({text}, '[.]([0-9]+)', 1))"
    exponent = f"coalesce(TRY_CAST(nullif(regexp_extract({text}, '[eE]([+-]?[0-9]+)$', 1), '') AS INTEGER), 0)"
    point = f"(length(regexp_extract({text}, '^[+-]?([0-9]+)', 1)) + {exponent} + ({places}))"
    sign = f"CASE WHEN starts_with({text}, '-') THEN '-' ELSE '' END"
    moved = f"CASE WHEN {point} > 0 THEN rpad({digits}, ({point})::INTEGER, '0') ELSE '0' END"
    whole = f"TRY_CAST({sign} || {moved} AS {'DECIMAL(37, 0)' if kind == 'HUGEINT' else kind})"
    rest = f"ltrim(CASE WHEN {point} > 0 THEN substr({digits}, {point} + 1) ELSE {digits} END, '0')"
    slow = f"CASE WHEN {rest} = '' THEN {whole} END"
    if floor:
        down = f"CASE WHEN starts_with({text}, '-') AND {rest} <> '' THEN 1 ELSE 0 END"
        slow = f"TRY_CAST(({whole})::HUGEINT - {down} AS BIGINT)"
    cases = f"WHEN regexp_full_match({text}, '{NUMBER}') THEN {slow}"
    if places == 0:
        cases = f"WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') THEN TRY_CAST({text} AS BIGINT) {cases}"
    elif places > 0:
        # Plain integers: a product of DECIMALs overflows at the width of its factor; a wide one is three times as slow.
        most = min(places, 6)
        shape = f"[+-]?[0-9]{{1,12}}([.][0-9]{{1,{most}}})?"
        steps = " ".join(f"WHEN {given} THEN {10 ** (most - given)}" for given in range(1, most + 1))
        length = f"CASE strpos({text}, '.') WHEN 0 THEN 0 ELSE length({text}) - strpos({text}, '.') END"
        fast = f"TRY_CAST(replace({text}, '.', '') AS BIGINT) * CASE {length} {steps} ELSE {10**most} END"
        if places > most:
            fast = f"TRY_CAST(({fast})::HUGEINT * {10 ** (places - most)} AS {kind})"
        cases = f"WHEN regexp_full_match({text}, '{shape}') THEN {fast} {cases}"
    return f"CASE {cases} END"


def scaled(text: str, places: int, *, floor: bool, bits: int = 63) -> int | None:
    """``scaled_sql`` in Python; ``bits`` is 63 for BIGINT and 127 for HUGEINT, of which 37 digits are used."""
    parts = NUMBER_PARTS.fullmatch(text)
    if parts is None:
        return None
    sign, whole, fraction, exponent = parts.groups()
    # Cut as text: a cell may hold a million digits, and only those before the point that is wanted are read.
    digits, point = whole + (fraction or ""), max(0, len(whole) + int(exponent or 0) + places)
    kept, rest = digits[:point].ljust(point, "0").lstrip("0"), digits[point:].strip("0")
    if len(kept) > 38:
        return None
    scaled = int(kept or "0")
    scaled = -scaled - (rest != "") if sign == "-" else scaled
    if (rest and not floor) or not -(2**bits) <= scaled < 2**bits or abs(scaled) >= 10**37:
        return None
    return scaled
