"""The ledger: statements go in, and come out as they were given."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from slacheck.ledger.entry import Entry, Key, Origin, digest_of, substance, text_of
from slacheck.ledger.store import LedgerError, connect, told, transaction, writable
from slacheck.past_statements import Earlier, File
from slacheck.statement import Statement
from slacheck.statement.changes import Comparison, compared
from slacheck.timeline import zones

_COLUMNS = (
    "id, agreement, period, part, running, number, first_day, last_day, verdict, currency, least, most, origin, reason,"
    " kept_at, digest"
)
_LATEST = (
    "number = (SELECT max(number) FROM statements AS other WHERE other.agreement = statements.agreement"
    " AND other.period = statements.period AND other.part = statements.part AND other.running = statements.running)"
)
_ORDER = "ORDER BY agreement, first_day, last_day, part, running DESC, number"


@dataclass(frozen=True)
class Kept:
    """What became of one statement: its entry, whether it is ``new``, and how it differs from the one before it.

    ``against`` is None of a first statement, and of one that was there already.
    """

    entry: Entry
    new: bool
    against: Comparison | None = None


class Ledger:
    """The ledger in a file. Use as a context manager; with ``write`` the file is made when something is kept.

    Everything here raises LedgerError where the file cannot be read or written.
    """

    def __init__(self, path: str | Path, *, write: bool = False) -> None:
        self.path = Path(path)
        self._write = write
        self._opened: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        if self._write:
            # Known before an hour of work is done, not after it.
            writable(self.path)
        # Of a run that fails no empty file is left.
        if not self._write or self.path.exists():
            self._opened = connect(self.path, write=self._write)
        return self

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = connect(self.path, write=True)
        return self._opened

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()

    def keep(self, statements: Sequence[Statement], version: str, at: int, reason: str = "") -> list[Kept]:
        """Keep every statement, or none where it raises; ``at`` is the instant, in microseconds UTC.

        When it returns they are on the disk. A statement that says what the last one of its agreement and period says,
        and was made from the same terms and exports, is there already. Any other is a restatement beside it: ``reason``
        and what it was made from otherwise say why.
        """
        kept_at = zones.written(at - at % 1_000_000)
        with told(self.path), transaction(self._connection):
            return [self._keep(each, version, kept_at, reason) for each in statements]

    def _keep(self, statement: Statement, version: str, kept_at: str, reason: str) -> Kept:
        key, origin, text = Key.of(statement), Origin.of(statement, version), text_of(statement)
        last = self._last(key)
        against = None
        why = ""
        if last is not None:
            before = self.statement(last)
            against = compared(before, statement)
            # Another version may say more of the same, and periods of one run rest on one another without a file.
            same = substance(before) == substance(statement) or (against.same and last.origin.version != version)
            if same and last.origin.material == origin.material:
                return Kept(last, new=False)
            differs = last.origin.differs(origin) or ("another result from the same",)
            why = "; ".join((reason, *differs) if reason else differs)
        period, total = statement.period, statement.total
        shown = period.part or period
        values = (
            *(key.agreement, key.period, key.part, int(key.running), last.number + 1 if last else 1),
            *(shown.first_day, shown.last_day, statement.verdict),
            *((total.currency, total.least, total.most or "") if total else ("", "", "")),
            *(origin.written(), why, kept_at, digest_of(text), text),
        )
        marks = ", ".join("?" * len(values))
        columns = _COLUMNS.removeprefix("id, ")
        made = self._connection.execute(
            f"INSERT INTO statements ({columns}, statement) VALUES ({marks}) RETURNING {_COLUMNS}", values
        ).fetchone()
        return Kept(self._entry(made), new=True, against=against)

    def _last(self, key: Key) -> Entry | None:
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM statements WHERE agreement = ? AND period = ? AND part = ? AND running = ?"
            " ORDER BY number DESC LIMIT 1",
            (key.agreement, key.period, key.part, int(key.running)),
        ).fetchone()
        return self._entry(found) if found else None

    def statement(self, entry: Entry) -> Statement:
        """The statement of an entry. Raises LedgerError where it is not what was kept."""
        of = f"the statement of '{entry.key.agreement}' for {entry.key.period}"
        with told(self.path):
            (text,) = self._connection.execute("SELECT statement FROM statements WHERE id = ?", (entry.id,)).fetchone()
        if digest_of(text) != entry.digest:
            raise LedgerError.of(self.path, f"{of} is not what was kept", "restore the ledger from a copy")
        try:
            return Statement.model_validate_json(text)
        except ValidationError as error:
            message = f"{of} was kept by slacheck {entry.origin.version}, and this version does not read it"
            raise LedgerError.of(self.path, message, "use the version that kept it, or a newer one") from error

    def entries(self, agreement: str | None = None, period: str | None = None, *, every: bool = False) -> list[Entry]:
        """The statements, the last of each; with ``every`` also those that were restated. In the order of time."""
        wanted = {"agreement": agreement, "period": period}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = [f"{column} = ?" for column in given] + ([] if every else [_LATEST])
        return self._select(" AND ".join(where) or "1", list(given.values()))

    def earlier(self, agreement: str, period: str) -> list[Earlier]:
        """What settles a period of an agreement, for later statements to rest on: the last of each of its parts."""
        if self._opened is None:
            return []
        entries = self._select(f"agreement = ? AND period = ? AND running = 0 AND {_LATEST}", [agreement, period])
        return [Earlier(self.statement(each), File(self._label(each), each.digest), aside=True) for each in entries]

    def _label(self, entry: Entry) -> str:
        """What a statement that rests on it says of it: the ledger, and which one where it was made again."""
        return str(self.path) if entry.number == 1 else f"{self.path} #{entry.number}"

    def agreements(self) -> list[str]:
        """The ids of all agreements, in their order."""
        with told(self.path):
            return [
                name for (name,) in self._connection.execute("SELECT DISTINCT agreement FROM statements ORDER BY 1")
            ]

    def _select(self, where: str, values: Sequence[str]) -> list[Entry]:
        with told(self.path):
            query = f"SELECT {_COLUMNS} FROM statements WHERE {where} {_ORDER}"
            return [self._entry(row) for row in self._connection.execute(query, values)]

    def _entry(self, row: tuple[Any, ...] | sqlite3.Row) -> Entry:
        id, agreement, period, part, running, number, first, last, verdict, currency, least, most, origin, *rest = row
        reason, kept_at, digest = rest
        try:
            made_from = Origin.read(origin)
        except (ValueError, TypeError) as error:
            message = f"what the statement of '{agreement}' for {period} was made from is not what was kept"
            raise LedgerError.of(self.path, message, "restore the ledger from a copy") from error
        return Entry(
            *(id, Key(agreement, period, part, bool(running)), number, first, last, verdict, currency, least, most),
            *(made_from, reason, kept_at, digest),
        )
