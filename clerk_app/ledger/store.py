"""What a ledger's database can do, whichever it is, and how one is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine

from clerk_app.errors import ClerkError
from clerk_app.ledger.changes import Changes
from clerk_app.ledger.keys import PRACTICE, Keys

_Made = TypeVar("_Made")


class LedgerStore(Protocol):
    """The face of ``connection.Store`` (one file) and of ``postgres.PostgresStore`` (a server for many desks)."""

    engine: Engine

    @property
    def place(self) -> str:
        """Where the ledger is, as a sentence names it; never with a password."""

    @property
    def is_server(self) -> bool:
        """Whether other machines reach it; then a table keeps the salt of the passphrase."""

    @property
    def is_plain(self) -> bool:
        """Whether whoever gets hold of the file reads it without a passphrase."""

    def act(self) -> AbstractContextManager[Connection]:
        """One transaction that no other act overlaps; what it wrote is safe when the block is left.

        Raises:
            ClerkError: ``ledger_locked``, ``ledger_read_only``, ``ledger_full``, ``ledger_not_written``,
                ``ledger_damaged`` or ``ledger_unreachable``.
        """

    def perform(self, work: Callable[[Connection], _Made]) -> _Made:
        """Do one act, again from its start where the database could not fit it between others.

        Args:
            work: Everything that the act reads and writes; it may be called more than once, and only what its last
                call wrote is kept.

        Raises:
            ClerkError: As ``act``.
        """

    def reading(self) -> AbstractContextManager[Connection]:
        """One transaction that sees the ledger as it stood when it began, and changes nothing."""

    def making(self) -> AbstractContextManager[Connection]:
        """The transaction in which the tables are made or migrated, by one desk alone."""

    def tell(self, connection: Connection, sequence: int) -> None:
        """Let other desks know of an act, once its transaction is committed.

        Args:
            sequence: The end of the audit trail after it.
        """

    def changes(self) -> Changes:
        """What a desk waits on to learn of others' acts; nothing is opened before it waits."""

    def close(self) -> None:
        """Let go of the file or the server."""


def open_store(place: Path | str, wait_seconds: float, keys: Keys = PRACTICE) -> LedgerStore:
    """Open the database at a place: a file, or a server's address such as ``postgresql://clerk@db.office/ledger``.

    Args:
        keys: What a file is encrypted with; a server's pages are its administrator's to encrypt.

    Raises:
        ClerkError: ``postgres_not_installed``, or what the stores raise.
    """
    if isinstance(place, Path):
        from clerk_app.ledger.connection import Store  # noqa: PLC0415 -- a desk has one of the two

        return Store(place, wait_seconds, keys)
    try:
        from clerk_app.ledger.postgres import PostgresStore  # noqa: PLC0415 -- as above
    except ImportError as error:
        raise ClerkError("postgres_not_installed") from error
    return PostgresStore(place, wait_seconds)
