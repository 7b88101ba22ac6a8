"""Somebody with the file and an SQL prompt: one change at a time, at random, past triggers, checks and references."""

# ruff: noqa: S608 -- the statements are made of the names of our own tables

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite3

#: Not the books: SQLite's own numbering, tries of passwords (no acts), and what a draft's typing changes by itself.
NOT_BOOKS = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4", "sign_in_attempts"}
NOT_SEALED = {"claims": {"person_id", "title", "content", "saved_at", "lease_login", "lease_until"}}
PARTS_OF_PERSONS = {"coverage", "filings", "stays", "conditions", "prior_benefits", "name_grams", "name_initials"}


@dataclass(frozen=True)
class Tampered:
    """What was done.

    Attributes:
        keys: The keys of the rows, before and after, that a finding has to name.
    """

    what: str
    table: str
    keys: frozenset[str]


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without its guards; the triggers are put back, as somebody would who does not want to be seen."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        try:
            yield connection
        finally:
            for _name, sql in triggers:
                connection.execute(sql)
            connection.execute("COMMIT")


class Tamperer:
    """Changes a copy of a sound ledger.

    Args:
        older: The same ledger as it stood some acts before.
    """

    def __init__(self, sound: Path, older: Path, choose: random.Random) -> None:
        self._sound = sound
        self._older = older
        self._choose = choose

    def tamper(self, target: Path) -> Tampered:
        """Copy the sound ledger and do one thing to it."""
        shutil.copyfile(self._sound, target)
        ways: list[Callable[[sqlite3.Connection], Tampered | None]]
        ways = [self._change, self._change, self._change, self._delete, self._insert, self._swap, self._replay]
        with unguarded(target) as connection:
            while True:
                done = self._choose.choice(ways)(connection)
                if done is not None:
                    return done

    def cut_tail(self, target: Path, rows: int) -> None:
        """Take the last rows of the trail away, whatever they sealed."""
        shutil.copyfile(self._sound, target)
        with unguarded(target) as connection:
            connection.execute("DELETE FROM audit WHERE sequence > (SELECT max(sequence) FROM audit) - ?", (rows,))

    # --- Ways ---------------------------------------------------------------------------------------------------

    def _change(self, connection: sqlite3.Connection) -> Tampered | None:
        table = self._table(connection)
        row = self._row(connection, table)
        if row is None:
            return None
        column = self._choose.choice([name for name in row if name not in NOT_SEALED.get(table, ())])
        return self._put(connection, table, row, column, _other(row[column], self._choose), "change")

    def _swap(self, connection: sqlite3.Connection) -> Tampered | None:
        """Give two rows each other's value of a column that is no key."""
        table = self._table(connection)
        keys = self._keys(connection, table)
        one, two = self._row(connection, table), self._row(connection, table)
        if one is None or two is None:
            return None
        columns = [name for name in one if name not in keys and name not in NOT_SEALED.get(table, ())]
        columns = [name for name in columns if one[name] != two[name]]
        if not columns:
            return None
        column = self._choose.choice(columns)
        try:
            connection.execute("SAVEPOINT swap")
            for row in (one, two):
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {_where(keys)}",
                    ((two if row is one else one)[column], *(row[key] for key in keys)),
                )
            connection.execute("RELEASE swap")
        except sqlite3.IntegrityError:
            connection.execute("ROLLBACK TO swap")
            return None
        names = {_key(table, row, keys) for row in (one, two)}
        return Tampered(f"swap {column}", table, frozenset(names))

    def _delete(self, connection: sqlite3.Connection) -> Tampered | None:
        table = self._table(connection)
        row = self._row(connection, table)
        if row is None:
            return None
        keys = self._keys(connection, table)
        connection.execute(f"DELETE FROM {table} WHERE {_where(keys)}", [row[key] for key in keys])
        return Tampered("delete", table, frozenset({_key(table, row, keys)}))

    def _insert(self, connection: sqlite3.Connection) -> Tampered | None:
        """A row like one that is there, under another key and whatever else is unique."""
        table = self._table(connection)
        row = self._row(connection, table)
        if row is None:
            return None
        keys = self._keys(connection, table)
        new = dict(row)
        changed = {self._choose.choice(keys)} | self._unique(connection, table)
        for name in changed:
            new[name] = _other(row[name], self._choose, far=True)
        places = ", ".join("?" * len(new))
        try:
            connection.execute(f"INSERT INTO {table} VALUES ({places})", list(new.values()))
        except sqlite3.IntegrityError:
            return None
        return Tampered("insert", table, frozenset({_key(table, new, keys)}))

    def _replay(self, connection: sqlite3.Connection) -> Tampered | None:
        """Put a row back as it stood some acts before."""
        table = self._table(connection)
        keys = self._keys(connection, table)
        with closing(sqlite3.connect(self._older)) as older:
            before = self._row(older, table)
        if before is None:
            return None
        now = _fetch(connection, f"SELECT * FROM {table} WHERE {_where(keys)}", [before[key] for key in keys])
        unsealed = NOT_SEALED.get(table, ())
        if now and all(now[0][name] == before[name] for name in before if name not in unsealed):
            return None
        places = ", ".join("?" * len(before))
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({places})", list(before.values()))
        return Tampered("replay", table, frozenset({_key(table, before, keys)}))

    # --- What there is ------------------------------------------------------------------------------------------

    def _table(self, connection: sqlite3.Connection) -> str:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return self._choose.choice([name for (name,) in names if name not in NOT_BOOKS])

    def _row(self, connection: sqlite3.Connection, table: str) -> dict[str, Any] | None:
        rows = _fetch(connection, f"SELECT * FROM {table}", [])
        return self._choose.choice(rows) if rows else None

    def _keys(self, connection: sqlite3.Connection, table: str) -> list[str]:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        return [name for _place, name, *_rest, key in sorted(columns, key=lambda column: column[5]) if key]

    def _unique(self, connection: sqlite3.Connection, table: str) -> set[str]:
        found: set[str] = set()
        for _place, index, is_unique, origin, _partial in connection.execute(f"PRAGMA index_list({table})").fetchall():
            if is_unique and origin == "u":
                found |= {name for _rank, _cid, name in connection.execute(f"PRAGMA index_info({index})")}
        return found

    def _put(
        self, connection: sqlite3.Connection, table: str, row: dict[str, Any], column: str, value: object, what: str
    ) -> Tampered | None:
        keys = self._keys(connection, table)
        try:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {_where(keys)}", (value, *(row[key] for key in keys))
            )
        except sqlite3.IntegrityError:
            return None
        names = {_key(table, row, keys), _key(table, row | {column: value}, keys)}
        return Tampered(f"{what} {column} {row[column]!r} to {value!r}", table, frozenset(names))


def _fetch(connection: sqlite3.Connection, statement: str, values: list[object]) -> list[dict[str, Any]]:
    cursor = connection.execute(statement, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _where(keys: list[str]) -> str:
    return " AND ".join(f"{key} = ?" for key in keys)


def _key(table: str, row: dict[str, Any], keys: list[str]) -> str:
    """The key that a finding has to say: of what is sealed with a person, the person's."""
    if table in PARTS_OF_PERSONS:
        return str(row["person_id"])
    if table == "bills":
        return str(row["settlement_id"])
    return ".".join(str(row[key]) for key in keys)


def _other(value: Any, choose: random.Random, *, far: bool = False) -> object:
    if value is None:
        return choose.choice((1, "2023-01-01"))
    if isinstance(value, int):
        return value + (choose.choice((1000, 12_345)) if far else choose.choice((-1, 1, 2, 100)))
    if not value or choose.random() < 0.3:
        return f"{value}{choose.choice('0a·')}"
    place = choose.randrange(len(value))
    return (
        value[:place] + choose.choice([each for each in "0123456789abc李" if each != value[place]]) + value[place + 1 :]
    )


def everything(connection: sqlite3.Connection) -> list[object]:
    """Every row of every table, and what the database is made of."""
    made_of = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    tables = [name for kind, name, _sql in made_of if kind == "table"]
    return [made_of, *(sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables)]
