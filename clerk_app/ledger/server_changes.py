"""Hearing of other desks' acts from a server, which tells them to whoever listens once they are committed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock
from typing import Any

import psycopg

from clerk_app.errors import ClerkError

#: Where acts are told; what is told is the place of the act in the audit trail, and nothing of a person.
CHANNEL = "clerk_acts"
#: Run in an act's transaction, so that nobody hears of one that was rolled back.
TELLING = f"SELECT pg_notify('{CHANNEL}', %s)"

#: How soon a wait notices that it was closed.
_LOOK_UP_SECONDS = 0.25
#: Acts that are told within this time of each other are heard as one.
_TOGETHER_SECONDS = 0.02


class ServerChanges:
    """Of a server: one connection that listens.

    Args:
        connect: Opens a connection.
        place: The server, as sentences name it.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], place: str) -> None:
        self._connect = connect
        self._place = place
        self._connection: psycopg.Connection[Any] | None = None
        self._closed = Event()
        self._using = Lock()

    @property
    def is_closed(self) -> bool:
        """As the protocol's."""
        return self._closed.is_set()

    def wait(self, seconds: float) -> bool:
        """As the protocol's."""
        try:
            with self._using:
                return self._heard(time.monotonic() + seconds)
        except psycopg.Error as error:
            self._hang_up_if_free()
            reason = (str(error).splitlines() or [""])[0]
            raise ClerkError("ledger_unreachable", file=self._place, reason=reason) from error
        finally:
            # A connection is not closed under the hands of whoever waits on it, who sees soon that it is over: here,
            # with the lock released, so that of whoever closes and whoever waits one at least finds both.
            if self.is_closed:
                self._hang_up_if_free()

    def pause(self, seconds: float) -> None:
        """As the protocol's."""
        self._closed.wait(seconds)

    def close(self) -> None:
        """As the protocol's."""
        self._closed.set()
        self._hang_up_if_free()

    def _heard(self, give_up_at: float) -> bool:
        if self._connection is None:
            self._connection = self._connect()
            self._connection.execute(f"LISTEN {CHANNEL}".encode())
            return True
        while not self.is_closed:
            left = give_up_at - time.monotonic()
            if list(self._connection.notifies(timeout=max(0.0, min(left, _LOOK_UP_SECONDS)), stop_after=1)):
                # Many acts in a moment are one reason to look.
                list(self._connection.notifies(timeout=_TOGETHER_SECONDS))
                return True
            if left <= 0:
                break
        return False

    def _hang_up_if_free(self) -> None:
        if self._using.acquire(blocking=False):
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._using.release()
