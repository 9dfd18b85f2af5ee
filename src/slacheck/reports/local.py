"""Numbers, amounts and dates by the conventions of a locale: Babel knows the marks, and no digit goes through it.

Babel rounds half to even and shows a percentage without decimals unless it is kept from it, so it is asked for
patterns and symbols alone.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

_CURRENCY = "\N{CURRENCY SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"


@cache
def known(name: str) -> Locale:
    """The locale of a name such as ``de`` or ``en_GB``. Raises ValueError where there is none."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        found = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError(f"no locale is called '{name}'") from error
    # Babel notes what it looks up for one locale in data that all share: a German month after a Japanese one was
    # Japanese. So each has data of its own.
    setattr(found, "_Locale__data", deepcopy(found._data))  # noqa: B010
    return found


def names() -> list[str]:
    """The names of all locales."""
    from babel.localedata import locale_identifiers

    return sorted(locale_identifiers())


def number(text: str, locale: str) -> str:
    """A number written as ``1,234.5``, with the marks of the locale."""
    from babel.numbers import get_decimal_symbol

    whole, point, rest = text.replace(",", "").partition(".")
    shown = _grouped(whole, known(locale)) if "," in text else whole
    return f"{shown}{get_decimal_symbol(known(locale))}{rest}" if point else shown


def percent(text: str, locale: str) -> str:
    """A percentage, of which ``text`` is the number, with the sign where the locale has it."""
    pattern: NumberPattern = known(locale).percent_formats[None]
    symbols: Any = known(locale).number_symbols
    # Older releases know one kind of digits alone.
    return _placed(pattern, text, locale, "%", str(symbols.get("latn", symbols).get("percentSign", "%")))


def amount(text: str, symbol: str, locale: str, *, below_zero: bool) -> str:
    """An amount, of which ``text`` is the number without a sign, with its symbol where the locale has it."""
    pattern: NumberPattern = known(locale).currency_formats["standard"]
    return _placed(pattern, f"-{text}" if below_zero else text, locale, _CURRENCY, symbol)


def _placed(pattern: NumberPattern, text: str, locale: str, sign: str, symbol: str) -> str:
    from babel.numbers import get_minus_sign_symbol

    minus = text.startswith("-")
    before, after = pattern.prefix[minus], pattern.suffix[minus]
    shown = number(text.removeprefix("-"), locale)
    if symbol[-1:].isalpha() and before.endswith(sign):
        before += _NO_BREAK
    if symbol[:1].isalpha() and after.startswith(sign):
        after = _NO_BREAK + after
    before, after = (each.replace(sign, symbol) for each in (before, after))
    if minus:
        before, after = (each.replace("-", get_minus_sign_symbol(known(locale))) for each in (before, after))
    return f"{before}{shown}{after}"


def _grouped(whole: str, locale: Locale) -> str:
    from babel.numbers import get_group_symbol

    last, others = _grouping(locale)
    if last <= 0:
        return whole
    groups = [whole[-last:]]
    rest = whole[:-last]
    while rest:
        groups.append(rest[-others:])
        rest = rest[:-others]
    return str(get_group_symbol(locale)).join(reversed(groups))


def _grouping(locale: Locale) -> tuple[int, int]:
    pattern: Any = locale.decimal_formats[None]
    last, others = pattern.grouping
    # A pattern without groups says a number beyond any length.
    return (int(last), int(others)) if last < 100 else (0, 0)


def day(civil: date, locale: str, with_year: bool) -> str:
    """``30.11.2026``, ``30 nov. 2026``; without the year as the locale writes a day of this year."""
    from babel.dates import format_date, format_skeleton

    if with_year:
        return str(format_date(civil, "medium", locale=known(locale)))
    return str(format_skeleton("MMMd", civil, locale=known(locale)))


def weekday(civil: date, locale: str, with_year: bool) -> str:
    """A day with its weekday: ``Di., 13. Okt.``."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMEd" if with_year else "MMMEd", civil, locale=known(locale)))


def month(first: date, locale: str) -> str:
    """A month by itself: ``Oktober 2026``, ``říjen 2026``."""
    from babel.dates import format_date

    return str(format_date(first, "LLLL y", locale=known(locale)))


def short_month(civil: date, locale: str) -> str:
    """The month of a date by itself, shortened: ``Okt``."""
    from babel.dates import format_date

    return str(format_date(civil, "LLL", locale=known(locale)))
