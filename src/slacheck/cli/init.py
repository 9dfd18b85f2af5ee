"""``slacheck init``: a new agreement, and small exports to run it on. What is there is never written over."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from slacheck.cli import exits, screen
from slacheck.cli.output import OutputError, write_all
from slacheck.cli.usage import UsageError, reported

if TYPE_CHECKING:
    from slacheck.starting.beginning import Beginning

_UNDONE = "nothing was written"
_STDOUT = Path("-")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What stands on the command line. ``names`` is what stands without an option."""

    names: Sequence[str] = ()
    exports: Sequence[str] = ()
    openslo: Sequence[Path] = ()
    provider: str | None = None
    customer: str | None = None
    timezone: str | None = None
    target: str | None = None
    limit: str | None = None
    output: Path | None = None

    @property
    def parties(self) -> dict[str, str]:
        """The names that are given, by their keys."""
        named = {"provider": self.provider, "customer": self.customer}
        return {party: name for party, name in named.items() if name is not None}

    def refuse(self, options: Sequence[str], where: str) -> None:
        """Raises UsageError where one of ``options`` is given."""
        for option in options:
            if getattr(self, option) is not None:
                raise UsageError(f"--{option} goes with {where}")


@reported(_UNDONE)
def list_all(asked: Asked, format: str | None) -> int:
    """Print the templates."""
    if format not in (None, "terminal", "json"):
        raise UsageError(f"--format takes terminal, json; not '{format}'")
    if asked.names or asked.exports or asked.openslo:
        raise UsageError("--list is asked alone")
    from slacheck.starting import catalogue

    found, view = catalogue.templates(), screen.view(sys.stdout)
    if format == "json":
        from slacheck.reports.json import document

        exits.show(document(found, view))
    else:
        from slacheck.reports.init import listed

        exits.show(listed(found, view))
    return exits.MET


@reported(_UNDONE)
def run(asked: Asked, format: str | None = None) -> int:
    """Write the agreement and say what to do with it. Raises SlacheckError, with nothing written."""
    if format is not None:
        raise UsageError("--format goes with --list")
    for party, name in asked.parties.items():
        if not name.strip():
            raise UsageError(f"--{party} takes a name")
    if asked.exports and asked.openslo:
        raise UsageError("an agreement begins with exports or with OpenSLO documents, not with both")
    if asked.exports:
        return _from_exports(asked)
    if asked.openslo:
        return _from_openslo(asked)
    return _from_template(asked)


def _from_template(asked: Asked) -> int:
    asked.refuse(("target", "limit", "timezone"), "--from: a template has its own")
    asked.refuse(("output",), "--from and --from-openslo; a template takes a FOLDER")
    if len(asked.names) > 2:
        raise UsageError(f"a template and a folder are taken, not {len(asked.names)} names")
    from slacheck.starting import catalogue

    name = asked.names[0] if asked.names else catalogue.FIRST
    try:
        beginning = catalogue.begun(name, asked.parties)
    except KeyError:
        close = difflib.get_close_matches(name, catalogue.names(), n=1)
        hint = f"did you mean '{close[0]}'?" if close else "slacheck init --list shows all"
        raise UsageError(f"no template is called '{name}'; {hint}") from None
    folder = Path(asked.names[1] if len(asked.names) > 1 else name)
    _write({folder / file: text for file, text in beginning.files.items()}, folder)
    written = [folder / file for file in beginning.files]
    exits.show(_told(beginning, written[0], written, sys.stdout))
    return exits.MET


def _from_exports(asked: Asked) -> int:
    from slacheck.starting.exports import Chosen, begun

    output = asked.output or Path("agreement.yaml")
    exports = [*asked.exports, *asked.names]
    if "-" in exports:
        raise UsageError("an agreement names its exports: '-' has no name")
    chosen = Chosen(
        parties=asked.parties,
        timezone=asked.timezone,
        target=asked.target,
        limit=asked.limit,
        folder=os.getcwd() if output == _STDOUT else str(output.parent),
    )
    try:
        beginning = begun(exports, chosen)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return _agreement(beginning, output)


def _from_openslo(asked: Asked) -> int:
    from slacheck.starting.openslo import begun

    asked.refuse(("target", "limit"), "--from: an OpenSLO document has its own")
    output = asked.output or Path("agreement.yaml")
    try:
        beginning = begun([*asked.openslo, *map(Path, asked.names)], asked.parties, asked.timezone)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return _agreement(beginning, output)


def _agreement(beginning: Beginning, output: Path) -> int:
    (text,) = beginning.files.values()
    if output == _STDOUT:
        exits.show(text)
    else:
        _write({output: text}, None)
    exits.remark(beginning.left)
    if output == _STDOUT:
        exits.tell(_told(beginning, Path("agreement.yaml"), [], sys.stderr).rstrip("\n"))
    else:
        exits.show(_told(beginning, output, [output], sys.stdout))
    return exits.MET


def _told(beginning: Beginning, agreement: Path, written: Sequence[Path], stream: TextIO) -> str:
    from slacheck.reports.init import told

    return told(beginning, str(agreement), [str(path) for path in written], screen.view(stream))


def _write(contents: Mapping[Path, str], folder: Path | None) -> None:
    """Write what is not there yet, all of it or nothing; a ``folder`` is made where it is wanted."""
    there = [str(path) for path in contents if os.path.lexists(path)]
    if there:
        raise UsageError(f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already; nothing was written")
    made: list[Path] = []
    try:
        if folder is not None:
            made = _made(folder)
        write_all([(path, text.encode()) for path, text in contents.items()])
    except BaseException:
        for each in reversed(made):
            each.rmdir()
        raise


def _made(folder: Path) -> list[Path]:
    """Make the folder and those above it that are missing; returns those that were made, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)][::-1]
    made: list[Path] = []
    for each in missing:
        try:
            each.mkdir()
        except OSError as error:
            for other in reversed(made):
                other.rmdir()
            raise OutputError.of(each, error) from error
        made.append(each)
    return made
