"""One act: who does it and when, and everything it writes, sealed in one row of the audit trail."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import audit
from clerk_app.ledger.records import Head, User
from clerk_app.ledger.seals import row_key, seal_of_row, seal_of_stored
from clerk_app.ledger.statements import Insertion, Question

#: A clock that is this far before the last act is wrong; less is what two desks' clocks differ by.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(slots=True)
class Act:
    """What the functions of an act work with; made by the ledger for one transaction.

    Attributes:
        user: Who is signed in. None founds the ledger or signs in.
        at: The office's local time, to the second.
        before: The head of the chain when the act began.
    """

    connection: Connection
    action: Action
    user: User | None
    at: datetime
    office_code: str
    before: Head
    _seals: dict[str, dict[str, str | None]] = field(default_factory=dict)
    _said: tuple[str, str, Mapping[str, object]] | None = None

    @property
    def name(self) -> str:
        """The name of who does it, as papers show it."""
        assert self.user is not None, "somebody does it"
        return self.user.name

    @property
    def sequence(self) -> int:
        """The place that the act's row will have in the chain."""
        return self.before.sequence + 1

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows, whose keys are known, and seal each."""
        if not rows:
            return
        insertion = _insertion(table)
        seals = self._seals.setdefault(table.name, {})
        for stored in insertion.write(self.connection, rows):
            seals[insertion.key(stored)] = seal_of_stored(stored)

    def insert_numbered(self, table: Table, row: Mapping[str, Any], numbered: str) -> int:
        """Write a row that the database numbers, and seal it with its number, which is returned."""
        insertion = _insertion(table, numbered)
        stored = insertion.write_numbered(self.connection, row)
        number: int = stored[insertion.names.index(numbered)]
        self._seals.setdefault(table.name, {})[insertion.key(stored)] = seal_of_stored(stored)
        return number

    def seal(self, table: Table, row: Mapping[str, Any]) -> None:
        """Seal a row as it stands from now on: all columns, in the types that the database gives back."""
        self._seals.setdefault(table.name, {})[row_key(table, row)] = seal_of_row(table, row)

    def seal_as(self, kind: str, key: str, seal: str | None) -> None:
        """Seal what consists of several rows; None says that it is gone from now on."""
        self._seals.setdefault(kind, {})[key] = seal

    def tell(self, subject: str, reason: str = "", **facts: object) -> None:
        """Say what the act's row tells beside who and when. An act that tells nothing leaves no row.

        Args:
            facts: No names and no numbers of persons: the trail outlives what it tells of.
        """
        self._said = (subject, reason, facts)

    def close(self, key: bytes) -> Head:
        """Write the act's row of the audit trail; the last statement before the commit."""
        if self._said is None:
            assert not self._seals, "an act that writes tells what it did"
            return self.before
        subject, reason, facts = self._said
        content = {**facts, "seals": self._seals} if self._seals else dict(facts)
        login = self.user.login if self.user else ""
        return audit.append(
            self.connection,
            key,
            self.before,
            at=self.at,
            login=login,
            action=self.action,
            subject=subject,
            reason=reason,
            content=content,
        )


@functools.cache
def _insertion(table: Table, numbered: str = "") -> Insertion:
    return Insertion(table, numbered)


def number_question(table: Table, numbered: str) -> Question:
    """What ``Act.insert_numbered`` asks a server, to be asked together with others."""
    return _insertion(table, numbered).number_question()


def time_of_act(at: datetime, last_at: datetime | None, *, may_stand_still: bool = False) -> datetime:
    """The time that an act is written under: the clock's, and never before the act before it.

    Without the second rule a clock could be put back five minutes with every act.

    Args:
        may_stand_still: However far the clock is behind. Somebody has to sign in to say that the clock is right.

    Raises:
        ClerkError: ``clock_behind``; a second person confirms that the time is right, or the clock is set.
    """
    if last_at is None or at >= last_at:
        return at
    if at < last_at - CLOCK_TOLERANCE and not may_stand_still:
        raise ClerkError("clock_behind", now=f"{at:%Y-%m-%d %H:%M}", last=f"{last_at:%Y-%m-%d %H:%M}")
    return last_at
