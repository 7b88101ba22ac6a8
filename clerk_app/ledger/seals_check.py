"""Hold every sealed row against the seal that the audit trail has of it: changed, added and removed rows are named.

Records and what belongs to them are written once and in the order of the trail, so both are read side by side. What
changes later, a counter or a user, has several seals of which the last counts; those are laid in a scratch database
that SQLite keeps for itself and that holds keys and seals alone.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from sqlalchemy import Connection, Table

from clerk_app.jobs import Progress
from clerk_app.ledger import claims, persons, raw, tables
from clerk_app.ledger.rows import further
from clerk_app.ledger.seals import seal_of
from clerk_app.ledger.soundness import Findings
from clerk_app.ledger.trail_check import AuditRow

_SEQUENCE, _SUBJECT, _CONTENT = 0, 4, 6

#: Tables whose rows are written with their record, in the order of its number; the column that has the number.
_WITH_RECORD = {
    "settlements": "settlement_id",
    "receipts": "settlement_id",
    "pool_entries": "settlement_id",
    "year_totals": "settlement_id",
    "reversals": "reversal_id",
    "corrections": "correction_id",
}
#: Kinds whose seal is over several rows, or over some columns.
_COMPOSED: Mapping[str, Callable[[Connection, int, int], Mapping[int, str]]] = {
    "persons": persons.seals,
    "claims": claims.seals,
}
#: Tables that no seal names: the trail itself; numbers, bills, what waits and what names are found by, which follow
#: from other rows; what is sealed with its person; tries of passwords, which are no acts; and keys, which seal
#: themselves.
UNSEALED = frozenset(
    {"audit", "counters", "bills", "name_grams", "name_initials", "open_settlements", "sign_in_attempts", "audit_keys"}
    | {"coverage", "filings", "stays", "conditions", "prior_benefits"}
)
_LATER = [
    table
    for name, table in tables.metadata.tables.items()
    if name not in _WITH_RECORD and name not in _COMPOSED and name not in UNSEALED
]
_AT_ONCE = 1000
#: 40 bytes in hexadecimal digits, as RFC 3394 wraps 32.
_SEALED_KEY = re.compile("[0-9a-f]{80}")
_LAST_NUMBER = 2**63 - 1


class SealsCheck:
    """One reading of all sealed rows. ``take`` gets the trail piece by piece, then ``finish`` looks at the rest.

    Attributes:
        counted: How many sealed rows were read.
    """

    def __init__(self, connection: Connection, found: Findings) -> None:
        self._connection = connection
        self._found = found
        self._done = 0
        self.counted = 0
        # A file without a name is SQLite's own: it spills to the disk, and is gone with the connection.
        self._scratch = sqlite3.connect("", isolation_level=None)
        self._scratch.execute("PRAGMA journal_mode=OFF")
        self._scratch.execute("PRAGMA cache_size=-32000")
        self._scratch.execute("CREATE TABLE seals (kind, key, seal, PRIMARY KEY (kind, key)) WITHOUT ROWID")

    def close(self) -> None:
        """Let go of the scratch database."""
        self._scratch.close()

    def take(self, piece: Iterable[AuditRow]) -> None:
        """Read the seals of a piece of the trail, and hold the records that it tells of against them."""
        due: dict[str, dict[str, tuple[str | None, str]]] = {kind: {} for kind in _WITH_RECORD}
        later: list[tuple[str, str, str | None]] = []
        for row in piece:
            for kind, seals in _seals(row[_CONTENT]).items():
                if kind in due:
                    due[kind].update((key, (seal, row[_SUBJECT])) for key, seal in seals.items())
                else:
                    later.extend((kind, key, seal) for key, seal in seals.items())
        self._scratch.execute("BEGIN")
        self._scratch.executemany("INSERT OR REPLACE INTO seals VALUES (?, ?, ?)", later)
        self._scratch.execute("COMMIT")
        last = max((int(key) for key in due["settlements"] if key.isdecimal()), default=self._done)
        if last > self._done:
            self._compare_records(due, self._done + 1, last)
            self._done = last
        for kind, left in due.items():
            for key, (seal, subject) in left.items():
                self._check_alone(kind, key, seal, subject)

    def finish(self, progress: Progress) -> None:
        """Look for records that no act tells of, and hold against their last seals what changes.

        Raises:
            Cancelled: As asked.
        """
        beyond: dict[str, dict[str, tuple[str | None, str]]] = {kind: {} for kind in _WITH_RECORD}
        self._compare_records(beyond, self._done + 1, _LAST_NUMBER)
        self._compare_records(beyond, -_LAST_NUMBER, 0)
        kinds = len(_LATER) + len(_COMPOSED)
        for done, table in enumerate(_LATER):
            progress.step(done, kinds)
            self._compare_later(table.name, self._rows_with_seals(table))
        for done, (kind, seals_between) in enumerate(_COMPOSED.items(), len(_LATER)):
            progress.step(done, kinds)
            self._compare_later(kind, self._composed(kind, seals_between, partial(progress.step, done, kinds)))

        self._check_forms()

    def _check_forms(self) -> None:
        """What no act seals has at least the form that the program writes: a lost page shows rows of another table."""
        for number, sealed in raw.rows(self._connection, "SELECT number, sealed FROM audit_keys"):
            if not (isinstance(sealed, str) and _SEALED_KEY.fullmatch(sealed)):
                self._name("verify_row_added", "audit_keys", str(number), "")
        for number, login, is_open in raw.rows(
            self._connection, "SELECT attempt_id, login, is_open FROM sign_in_attempts"
        ):
            if not isinstance(login, str) or is_open not in (0, 1):
                self._name("verify_row_added", "sign_in_attempts", str(number), "")

    # --- What is written with its record ------------------------------------------------------------------------

    def _compare_records(self, due: dict[str, dict[str, tuple[str | None, str]]], first: int, last: int) -> None:
        """Hold the rows of records with numbers from first to last against their seals, which are used up."""
        for kind, column in _WITH_RECORD.items():
            table = tables.metadata.tables[kind]
            seals = due[kind]
            between = f"WHERE {column} BETWEEN {first} AND {last}"
            for key, seal, record in self._keyed_rows(table, between):
                sealed, subject = seals.pop(key, (None, ""))
                if sealed is None:
                    self._name("verify_row_added", kind, key, self._voucher(record))
                elif sealed != seal:
                    self._name("verify_row_changed", kind, key, subject)

    def _check_alone(self, kind: str, key: str, seal: str | None, subject: str) -> None:
        """A sealed row that is not where the order of the trail would have it: removed, or found under its key."""
        table = tables.metadata.tables[kind]
        columns = [column.name for column in table.primary_key.columns]
        values = key.split(".", len(columns) - 1)
        # Pools have names; every other part of these keys is a number.
        parts = [
            f"{column} = {value}" if value.isdecimal() else f"{column} = '{value.replace(chr(39), chr(39) * 2)}'"
            for column, value in zip(columns, values, strict=False)
        ]
        there = [found for _key, found, _record in self._keyed_rows(table, "WHERE " + " AND ".join(parts))]
        if not there:
            self._name("verify_row_missing", kind, key, subject)
        elif there != [seal]:
            self._name("verify_row_changed", kind, key, subject)

    def _keyed_rows(self, table: Table, where: str) -> Iterator[tuple[str, str, object]]:
        """Key, seal and record number of rows."""
        keys = [list(table.columns.keys()).index(column.name) for column in table.primary_key.columns]
        statement = f"SELECT {raw.columns_of(table)} FROM {table.name} {where}"  # noqa: S608 -- ours
        for row in raw.rows(self._connection, statement):
            self.counted += 1
            yield ".".join(str(row[place]) for place in keys), seal_of(row), row[keys[0]]

    # --- What changes later -------------------------------------------------------------------------------------

    def _compare_later(self, kind: str, rows: Iterable[tuple[str, str]]) -> None:
        matched = 0
        find = "SELECT seal FROM seals WHERE kind = ? AND key = ?"
        for key, seal in rows:
            sealed = self._scratch.execute(find, (kind, key)).fetchone()
            if sealed is None or sealed[0] is None:
                self._name("verify_row_added", kind, key, "")
                continue
            matched += 1
            if sealed[0] != seal:
                self._name("verify_row_changed", kind, key, "")
        count = "SELECT count(*) FROM seals WHERE kind = ? AND seal IS NOT NULL"
        if self._scratch.execute(count, (kind,)).fetchone()[0] != matched:
            self._name_missing(kind, {key for key, _seal in self._again(kind)})

    def _again(self, kind: str) -> Iterable[tuple[str, str]]:
        """The rows once more, when some are missing."""
        if kind in _COMPOSED:
            return self._composed(kind, _COMPOSED[kind], lambda: None)
        return self._rows_with_seals(tables.metadata.tables[kind])

    def _name_missing(self, kind: str, there: set[str]) -> None:
        sealed = self._scratch.execute("SELECT key FROM seals WHERE kind = ? AND seal IS NOT NULL", (kind,))
        for (key,) in sealed:
            if key not in there:
                self._name("verify_row_missing", kind, key, "")

    def _rows_with_seals(self, table: Table) -> Iterator[tuple[str, str]]:
        for key, seal, _record in self._keyed_rows(table, ""):
            yield key, seal

    def _composed(
        self,
        kind: str,
        seals_between: Callable[[Connection, int, int], Mapping[int, str]],
        check_wish: Callable[[], None],
    ) -> Iterator[tuple[str, str]]:
        """Pieces that end with a number that is there: a number that was changed may be any."""
        column = next(iter(tables.metadata.tables[kind].primary_key.columns)).name
        after = -_LAST_NUMBER
        while after < _LAST_NUMBER:
            check_wish()
            piece = f"SELECT {column} FROM {kind} WHERE {column} > {after} ORDER BY {column} LIMIT {_AT_ONCE}"  # noqa: S608 -- ours
            numbers = [row[0] for row in raw.rows(self._connection, piece)]
            last = further(after, numbers[-1]) if len(numbers) == _AT_ONCE else _LAST_NUMBER
            for number, seal in seals_between(self._connection, after + 1, last).items():
                self.counted += 1
                yield str(number), seal
            after = last

    # --- Names --------------------------------------------------------------------------------------------------

    def _name(self, code: str, kind: str, key: str, subject: str) -> None:
        voucher = subject
        if not voucher and kind in _OF_RECORDS:
            voucher = self._voucher(key.partition(".")[0])
        if voucher:
            self._found.add(f"{code}_of_voucher", table=kind, row=key, voucher=voucher)
        else:
            self._found.add(code, table=kind, row=key)

    def _voucher(self, record: object) -> str:
        if not str(record).isdecimal():
            return ""
        query = f"SELECT voucher_number FROM settlements WHERE settlement_id = {record}"  # noqa: S608 -- digits
        return str(raw.one(self._connection, query) or "")


#: Kinds whose key begins with a record's number.
_OF_RECORDS = {*_WITH_RECORD, "prints", "reviews", "archives"}


def _seals(content: object) -> dict[str, dict[str, str | None]]:
    """The seals in a row of the trail; none in one that was changed beyond reading, which the chain names."""
    try:
        seals = json.loads(str(content)).get("seals", {})
        return {str(kind): dict(of_kind) for kind, of_kind in seals.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
