"""A ledger's file as a backup is: opened to look at it alone, whoever made it and whatever it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, StaticPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from clerk_app.errors import ClerkError
from clerk_app.ledger import cipher, passphrase, schema
from clerk_app.ledger.keys import Keys

#: What the driver raises.
DRIVER_ERROR = dbapi2.Error


def connect(
    path: Path, keys: Keys, *, mode: str, wait_seconds: float = 0.0, is_immutable: bool = False
) -> dbapi2.Connection:
    """A connection of the driver, with no transaction begun.

    Args:
        mode: ``ro``, ``rw`` or ``rwc``, as SQLite names them.
        is_immutable: Nobody writes to the file, not even its side files.
    """
    flags = "&immutable=1" if is_immutable else ""
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}{flags}"
    connection = dbapi2.connect(uri, uri=True, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        cipher.unlock(connection, keys)
        # What is sorted on the way lies in no file that nobody encrypts.
        connection.execute("PRAGMA temp_store=2")
    except BaseException:
        connection.close()
        raise
    return connection


def is_busy(error: dbapi2.Error) -> bool:
    """Whether another desk has the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED)


@contextlib.contextmanager
def looking_at(path: Path, keys: Keys) -> Iterator[Connection]:
    """One reading transaction on a file, which is not changed: not migrated, not switched, not cleaned up.

    Raises:
        ClerkError: ``ledger_missing``, ``ledger_foreign``, ``ledger_newer``, ``ledger_damaged``,
            ``passphrase_wrong``, ``ledger_encrypted``, ``ledger_not_encrypted``.
    """
    if not path.is_file():
        raise ClerkError("ledger_missing", file=str(path))
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: _readable(path, keys),
        poolclass=StaticPool,
        hide_parameters=True,
    )
    try:
        with engine.connect() as connection:
            check_revision(connection, path)
            connection.rollback()
            connection.exec_driver_sql("BEGIN")
            yield connection
    except UnicodeDecodeError as error:
        raise ClerkError("ledger_damaged", file=str(path), reason="UTF-8") from error
    except (DBAPIError, dbapi2.DatabaseError) as error:
        cause = getattr(error, "orig", error)
        is_database = getattr(cause, "sqlite_errorcode", 0) & 0xFF != dbapi2.SQLITE_NOTADB
        code = "ledger_damaged" if is_database else cipher.why_unreadable(path, keys)
        raise ClerkError(code, file=str(path), reason=str(cause)) from error
    finally:
        engine.dispose()


def with_trail_key(path: Path, keys: Keys) -> Keys:
    """The keys of a passphrase with the audit key that a file's trail was begun with.

    Raises:
        ClerkError: ``audit_key_unreadable``, or as ``looking_at``.
    """
    with looking_at(path, keys) as connection:
        return replace(keys, audit=passphrase.audit_key(connection, keys))


def check_revision(connection: Connection, path: Path) -> str:
    """The schema's version, which this program knows.

    Raises:
        ClerkError: ``ledger_foreign``, ``ledger_newer``.
    """
    tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    if not {"alembic_version", "audit"} <= tables:
        raise ClerkError("ledger_foreign", file=str(path))
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    if not schema.is_known(revision):
        raise ClerkError("ledger_newer", file=str(path), revision=revision)
    return revision


def _readable(path: Path, keys: Keys) -> dbapi2.Connection:
    """Where a folder cannot be written to, a file that was left in WAL mode is read as it lies there."""
    connection = connect(path, keys, mode="ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except dbapi2.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF != dbapi2.SQLITE_CANTOPEN:
            raise
        return connect(path, keys, mode="ro", is_immutable=True)
    return connection
