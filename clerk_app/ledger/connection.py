"""Connections that keep what they acknowledge, and transactions that do not run into each other.

SQLite as Python opens it loses acknowledged rows at a power cut and lets two desks read the same balance before
either writes. Here every connection proves its settings, and every act takes the write lock before it reads.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from clerk_app.errors import ClerkError
from clerk_app.jobs import sync_folder
from clerk_app.ledger import cipher
from clerk_app.ledger.changes import FileChanges
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.pools import Connections
from clerk_app.ledger.statements import Questions, no_questions

#: What every connection must answer. WAL with synchronous below FULL (2) loses acknowledged rows; without
#: secure_delete names stay readable in freed pages; without recursive_triggers a REPLACE fires no trigger; a
#: temp_store other than memory (2) sorts names in files that nobody encrypts.
_REQUIRED: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "recursive_triggers": 1,
    "temp_store": 2,
}

_ACT = "clerk_act"

_Made = TypeVar("_Made")

#: Primary result codes of SQLite → our codes.
_CODES = {
    dbapi2.SQLITE_PERM: "ledger_read_only",
    dbapi2.SQLITE_BUSY: "ledger_locked",
    dbapi2.SQLITE_LOCKED: "ledger_locked",
    dbapi2.SQLITE_READONLY: "ledger_read_only",
    dbapi2.SQLITE_IOERR: "ledger_not_written",
    dbapi2.SQLITE_CORRUPT: "ledger_damaged",
    dbapi2.SQLITE_FULL: "ledger_full",
    dbapi2.SQLITE_CANTOPEN: "ledger_read_only",
    dbapi2.SQLITE_NOTADB: "ledger_damaged",
}


class _Cursor(dbapi2.Cursor):  # type: ignore[misc]  # the driver has no types
    """A cursor that refuses the NUL, as a server does: what is in the file can be moved to one."""

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        """As the driver's."""
        _refuse_nul(parameters)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Any]) -> Any:
        """As the driver's."""
        rows = list(rows)
        for parameters in rows:
            _refuse_nul(parameters)
        return super().executemany(sql, rows)


class _Driver(dbapi2.Connection):  # type: ignore[misc]  # as above
    """A connection that gives such cursors."""

    def cursor(self, factory: type[dbapi2.Cursor] = _Cursor) -> dbapi2.Cursor:
        """As the driver's."""
        return super().cursor(factory)


def _refuse_nul(parameters: Iterable[object]) -> None:
    for value in parameters:
        if type(value) is str and "\0" in value:
            raise ClerkError("text_not_storable")


class Store:
    """The database of a ledger: its file, and the two kinds of transaction.

    The SQLite is the one that ``sqlcipher3`` brings, with or without encryption. No other SQLite may open the file
    in this process: each would drop the other's locks.

    Args:
        wait_seconds: How long to wait for another desk's act before giving up.
        keys: Of the office's passphrase; plain SQLite without.
    """

    def __init__(self, path: Path, wait_seconds: float, keys: Keys = PRACTICE) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._keys = keys
        self._make_private_file()
        self._identity = _identity(path)
        # hide_parameters keeps names and ID numbers out of the exceptions' texts.
        self.engine: Engine = create_engine(
            "sqlite+pysqlite://", module=dbapi2, creator=self._connect, poolclass=QueuePool, hide_parameters=True
        )
        event.listen(self.engine, "begin", _begin)
        self._acting = self.engine.execution_options(**{_ACT: True})
        self._connections = Connections(self.engine)

    @property
    def place(self) -> str:
        """The file."""
        return str(self._path)

    @property
    def is_server(self) -> bool:
        """A file is none."""
        return False

    @property
    def is_plain(self) -> bool:
        """Whether the file is without encryption."""
        return self._keys.database is None

    def tell(self, connection: Connection, sequence: int) -> None:
        """SQLite counts commits itself."""

    def changes(self) -> FileChanges:
        """What a desk waits on to learn of others' acts."""
        return FileChanges(self._connect)

    def close(self) -> None:
        """Let go of the file; what another thread reads just now it reads to its end."""
        self._connections.close()

    @contextlib.contextmanager
    def act(self) -> Iterator[Connection]:
        """One transaction that has the write lock before it reads; it is on the disk when the block is left.

        Raises:
            ClerkError: ``ledger_locked``, ``ledger_read_only``, ``ledger_full``, ``ledger_not_written``,
                ``ledger_damaged``, ``memory_short`` or ``text_not_storable``; nothing is saved then.
        """
        with self._failures(), self._connections.in_use(), self._acting.begin() as connection:
            self._check_identity()
            yield connection

    def perform(self, work: Callable[[Connection], _Made], _questions: Questions = no_questions) -> _Made:
        """Do one act; with the write lock taken before it reads, it never has to start again."""
        with self.act() as connection:
            return work(connection)

    def making(self) -> contextlib.AbstractContextManager[Connection]:
        """The transaction in which the tables are made or migrated: an act like others."""
        return self.act()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the ledger as it stood when it began, and changes nothing."""
        with self._failures(), self._connections.in_use(), self.engine.connect() as connection:
            self._check_identity()
            yield connection

    def check_pages(self) -> None:
        """Hold every page of an encrypted file against its code, those too that nothing reads; plain ones have none.

        Raises:
            ClerkError: ``ledger_damaged``.
        """
        if self._keys.database is None:
            return
        with self.reading() as connection:
            damaged = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars().all()
        if damaged:
            raise ClerkError("ledger_damaged", file=str(self._path), reason=damaged[0])

    def change_key(self, keys: Keys) -> None:
        """Encrypt every page anew; killed at any instant, the file opens with the keys before or with these.

        It is one transaction of the log: until its last frame is on the disk every page is under the old key, and
        from then on every page is read from the log, under the new one, until the log has been copied whole. The
        salt stands outside of the log, and therefore stays.

        Raises:
            ClerkError: ``ledger_locked``, another window has the file open; ``ledger_not_written``, the disk may
                be full; the keys are those before.
        """
        assert keys.salt == self._keys.salt, "a ledger keeps its salt"
        self.engine.dispose()
        with self._failures(), contextlib.closing(self._connect()) as connection:
            # A desk that had the file open would find every page damaged.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            try:
                connection.reset_key(cipher.raw_key(keys))
                # SQLCipher tells of no failure of the commit itself; whether pages are under the key, reading tells.
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except dbapi2.DatabaseError as error:
                raise ClerkError("ledger_not_written", file=str(self._path), reason=str(error)) from error
            # Closing copies the log over the pages under the old key, or whoever opens the file next does.
            self._keys = keys

    def _check_identity(self) -> None:
        """Refuse to go on with a file that has lost its name: nobody would ever see what is saved in it.

        Raises:
            ClerkError: ``ledger_replaced``: a backup was restored, or something has put another file there.
        """
        if _identity(self._path) != self._identity:
            raise ClerkError("ledger_replaced", file=str(self._path))

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, dbapi2.Error) as error:
            told = error.orig if isinstance(error, DBAPIError) else error
            code = _CODES.get(getattr(told, "sqlite_errorcode", 0) & 0xFF)
            if code is None:
                raise
            raise ClerkError(code, file=str(self._path), reason=str(told)) from error
        except MemoryError as error:
            raise ClerkError("memory_short") from error
        except UnicodeEncodeError:
            # Half a surrogate pair. The error's own text quotes what was typed.
            raise ClerkError("text_not_storable") from None

    def _make_private_file(self) -> None:
        """Make the file readable for its owner alone; SQLite gives its side files the same rights.

        A file that is there is not opened: closing it again would drop the locks that a ledger of this process has
        on it (sqlite.org/howtocorrupt.html, 2.2), and another desk could take itself for the last one to leave.
        """
        try:
            try:
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR))
            except FileExistsError:
                if not os.access(self._path, os.R_OK | os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None
                if self._path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                    self._path.chmod(stat.S_IRUSR | stat.S_IWUSR)
            else:
                sync_folder(self._path.parent)
        except OSError as error:
            raise ClerkError("ledger_read_only", file=str(self._path), reason=error.strerror or str(error)) from error

    def _connect(self) -> dbapi2.Connection:
        # isolation_level=None: transactions begin where this module says so, not where the driver guesses.
        connection = dbapi2.connect(
            self._path, timeout=self._wait_seconds, isolation_level=None, check_same_thread=False, factory=_Driver
        )
        try:
            cipher.unlock(connection, self._keys)
            self._use_wal(connection)
            for name, value in _REQUIRED.items():
                if name != "journal_mode":
                    connection.execute(f"PRAGMA {name}={value}")
            for name, value in _REQUIRED.items():
                found = connection.execute(f"PRAGMA {name}").fetchone()[0]
                if found != value:
                    raise ClerkError("ledger_not_durable", file=str(self._path), setting=name, found=found)
        except BaseException as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", 0) == dbapi2.SQLITE_NOTADB:
                code = cipher.why_unreadable(self._path, self._keys)
                raise ClerkError(code, file=str(self._path), reason=str(error)) from error
            raise
        return connection

    def _use_wal(self, connection: dbapi2.Connection) -> None:
        """Switch a new file to WAL; two desks that do it at once are refused without waiting, so we wait."""
        give_up_at = time.monotonic() + self._wait_seconds
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode=wal")
            except dbapi2.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != dbapi2.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.01)
            else:
                return


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has a name, None for none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    is_act = connection.get_execution_options().get(_ACT, False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if is_act else "BEGIN")
