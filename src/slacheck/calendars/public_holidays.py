"""Public holidays by country, from the library ``holidays``; the language and the years it covers are never guessed."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from slacheck.language.quantities import Unreadable


class UnknownYear(ValueError):
    """The library does not know the holidays of a year, or knows them in part."""


def release() -> str:
    """The library and its version, for the statement: its data changes between releases."""
    from holidays.version import __version__

    return f"holidays {__version__}"


def check(country: str, subdivision: str | None) -> None:
    """Raises Unreadable for a country or a subdivision that is not known, with the code that was probably meant."""
    names = _country_names()
    if country not in names.values():
        meant = _nearest(country, names)
        raise Unreadable(
            f"no holidays are known of a country '{country}'",
            f"did you mean '{meant}'?" if meant else "countries are named by the two letters of ISO 3166, as GB or DE",
        )
    if subdivision is None:
        return
    kind = _kind(country)
    codes: tuple[str, ...] = kind.subdivisions
    if subdivision in codes:
        return
    if not codes:
        raise Unreadable(f"no subdivisions of {country} are known", "leave 'subdivision' out")
    aliases: dict[str, str] = getattr(kind, "subdivisions_aliases", {})
    meant = _nearest(subdivision, {**aliases, **{code: code for code in codes}})
    known = f"{country} has {', '.join(codes)}"
    raise Unreadable(
        f"{country} has no subdivision '{subdivision}'", f"did you mean '{meant}'? {known}" if meant else known
    )


def has_subdivisions(country: str) -> bool:
    return bool(_kind(country).subdivisions)


@lru_cache(maxsize=2048)
def in_year(country: str, subdivision: str | None, observed: bool, year: int) -> tuple[tuple[date, str], ...]:
    """The holidays of one year, in order, with their English name where there is one.

    ``observed`` adds the day that stands in for a holiday on a weekend; the holiday itself stays one. Raises
    UnknownYear.
    """
    kind = _kind(country)
    if not kind.start_year <= year <= kind.end_year:
        raise UnknownYear(
            f"the holidays of {country} are known from {kind.start_year} to {kind.end_year}, not of {year}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A day may be moved across the turn of the year.
        near = [other for other in (year - 1, year + 1) if kind.start_year <= other <= kind.end_year]
        around = _days(kind, country, subdivision, observed, near)
        warnings.simplefilter("error", UserWarning)
        try:
            own = _days(kind, country, subdivision, observed, [year])
        except UserWarning as incomplete:
            raise UnknownYear(f"the holidays of {country} in {year} are not all known: {incomplete}") from None
    return tuple(sorted((day, name) for day, name in {**around, **own}.items() if day.year == year))


def _days(kind: Any, country: str, subdivision: str | None, observed: bool, years: Iterable[int]) -> dict[date, str]:
    import holidays

    # Without a language the names follow the machine's; without `expand` a look at a day adds no year.
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=years, expand=False, observed=observed, language=_language(kind)
    )
    return dict(found.items())


def _language(kind: Any) -> str | None:
    default: str | None = kind.default_language
    if default is not None and default.startswith("en"):
        return default
    return next((english for english in ("en_GB", "en_US") if english in kind.supported_languages), default)


def _kind(country: str) -> Any:
    import holidays

    return getattr(holidays, country)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Every name of a country, and the code it is written with."""
    from holidays.registry import COUNTRIES

    return {name: names[1] for module, names in COUNTRIES.items() for name in (*names, module.replace("_", " "))}


def _nearest(word: str, names: dict[str, str]) -> str | None:
    plain = {name.casefold(): code for name, code in names.items()}
    # Codes of two or three letters resemble one another too much to be guessed from.
    close = difflib.get_close_matches(word.casefold(), plain, n=1, cutoff=0.65 if len(word) > 2 else 1.0)
    if not close and len(word) == 2:
        close = difflib.get_close_matches(word.casefold(), [name for name in plain if len(name) == 3], n=1)
    return plain[close[0]] if close else None
