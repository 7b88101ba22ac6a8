"""Noticing that another desk has done something, so that lists show it with no key pressed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock
from typing import Protocol

from sqlcipher3 import dbapi2

#: How often a file is asked; the answer is a counter in memory that all its desks share.
_ASK_EVERY_SECONDS = 0.25


class Changes(Protocol):
    """What one desk waits on, in a thread of its own; ``close`` may come from another."""

    @property
    def is_closed(self) -> bool:
        """Whether there is nothing to wait for any more."""

    def wait(self, seconds: float) -> bool:
        """Wait until somebody has done something, this desk included, or the time is over.

        The first call answers True as soon as it hears: what came before it was not heard. So does the first one
        after a connection was lost.

        Raises:
            ClerkError: ``ledger_unreachable`` and its like; waiting again connects again.
        """

    def pause(self, seconds: float) -> None:
        """Do nothing for a while, unless it is closed meanwhile."""

    def close(self) -> None:
        """Wake whoever waits, for good."""


class FileChanges:
    """Of a file: SQLite counts the commits of other connections.

    Args:
        connect: Opens a connection, which is let go of before ``close`` returns: a file is only replaced by who is
            alone with it.
    """

    def __init__(self, connect: Callable[[], dbapi2.Connection]) -> None:
        self._connect = connect
        self._connection: dbapi2.Connection | None = None
        self._version = 0
        self._closed = Event()
        self._using = Lock()

    @property
    def is_closed(self) -> bool:
        """As the protocol's."""
        return self._closed.is_set()

    def wait(self, seconds: float) -> bool:
        """As the protocol's."""
        give_up_at = time.monotonic() + seconds
        while not self.is_closed:
            if self._has_changed():
                return True
            left = give_up_at - time.monotonic()
            if left <= 0:
                break
            self.pause(min(_ASK_EVERY_SECONDS, left))
        return False

    def pause(self, seconds: float) -> None:
        """As the protocol's."""
        self._closed.wait(seconds)

    def close(self) -> None:
        """As the protocol's."""
        self._closed.set()
        with self._using:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _has_changed(self) -> bool:
        with self._using:
            if self.is_closed:
                return False
            if self._connection is None:
                self._connection = self._connect()
            before, self._version = self._version, self._connection.execute("PRAGMA data_version").fetchone()[0]
            return before != self._version
