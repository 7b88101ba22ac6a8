"""Connections that keep what they acknowledge, and transactions that do not run into each other.

SQLite as Python opens it loses acknowledged rows at a power cut and lets two desks read the same balance before
either writes. Here every connection proves its settings, and every act takes the write lock before it reads.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from clerk_app.errors import ClerkError
from clerk_app.jobs import sync_folder

#: What every connection must answer. WAL with synchronous below FULL (2) loses acknowledged rows; without
#: secure_delete names stay readable in freed pages; without recursive_triggers a REPLACE fires no trigger.
_REQUIRED: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "recursive_triggers": 1,
}

_Made = TypeVar("_Made")

_ACT = "clerk_act"

#: Primary result codes of SQLite → our codes.
_CODES = {
    sqlite3.SQLITE_PERM: "ledger_read_only",
    sqlite3.SQLITE_BUSY: "ledger_locked",
    sqlite3.SQLITE_LOCKED: "ledger_locked",
    sqlite3.SQLITE_READONLY: "ledger_read_only",
    sqlite3.SQLITE_IOERR: "ledger_not_written",
    sqlite3.SQLITE_CORRUPT: "ledger_damaged",
    sqlite3.SQLITE_FULL: "ledger_full",
    sqlite3.SQLITE_CANTOPEN: "ledger_read_only",
    sqlite3.SQLITE_NOTADB: "ledger_damaged",
}


class Store:
    """The database of a ledger: its file, and the two kinds of transaction.

    Args:
        wait_seconds: How long to wait for another desk's act before giving up.
    """

    def __init__(self, path: Path, wait_seconds: float) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._make_private_file()
        # hide_parameters keeps names and ID numbers out of the exceptions' texts.
        self.engine: Engine = create_engine(
            "sqlite+pysqlite://", creator=self._connect, poolclass=QueuePool, hide_parameters=True
        )
        event.listen(self.engine, "begin", _begin)

    @property
    def place(self) -> str:
        """The file."""
        return str(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    @contextlib.contextmanager
    def act(self) -> Iterator[Connection]:
        """One transaction that has the write lock before it reads; it is on the disk when the block is left.

        Raises:
            ClerkError: ``ledger_locked``, ``ledger_read_only``, ``ledger_full``, ``ledger_not_written`` or
                ``ledger_damaged``; nothing is saved then.
        """
        with self._failures(), self.engine.connect() as connection:
            connection.execution_options(**{_ACT: True})
            with connection.begin():
                yield connection

    def perform(self, work: Callable[[Connection], _Made]) -> _Made:
        """Do one act; with the write lock taken before it reads, it never has to start again."""
        with self.act() as connection:
            return work(connection)

    def making(self) -> contextlib.AbstractContextManager[Connection]:
        """The transaction in which the tables are made or migrated: an act like others."""
        return self.act()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the ledger as it stood when it began, and changes nothing."""
        with self._failures(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            code = _CODES.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
            if code is None:
                raise
            raise ClerkError(code, file=str(self._path), reason=str(error.orig)) from error

    def _make_private_file(self) -> None:
        """Make the file readable for its owner alone; SQLite gives its side files the same rights."""
        is_new = not self._path.exists()
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR)
            os.close(handle)
            if is_new:
                sync_folder(self._path.parent)
            elif self._path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                self._path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        except OSError as error:
            raise ClerkError("ledger_read_only", file=str(self._path), reason=error.strerror or str(error)) from error

    def _connect(self) -> sqlite3.Connection:
        # isolation_level=None: transactions begin where this module says so, not where the driver guesses.
        connection = sqlite3.connect(
            self._path, timeout=self._wait_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            self._use_wal(connection)
            for name, value in _REQUIRED.items():
                if name != "journal_mode":
                    connection.execute(f"PRAGMA {name}={value}")
            for name, value in _REQUIRED.items():
                found = connection.execute(f"PRAGMA {name}").fetchone()[0]
                if found != value:
                    raise ClerkError("ledger_not_durable", file=str(self._path), setting=name, found=found)
        except BaseException:
            connection.close()
            raise
        return connection

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Switch a new file to WAL; two desks that do it at once are refused without waiting, so we wait."""
        give_up_at = time.monotonic() + self._wait_seconds
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode=wal")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.01)
            else:
                return


def _begin(connection: Connection) -> None:
    is_act = connection.get_execution_options().get(_ACT, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_act else "BEGIN")
