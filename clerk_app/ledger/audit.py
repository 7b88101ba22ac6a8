"""The audit trail: a row for every act, each chained to the one before it by a key that the database does not hold.

Whoever changes, adds or removes a row below the program breaks the chain there. A tail cut off and an older copy put
back leave a chain that is whole; they are seen by what was carried outside, the head that is printed on every
voucher and kept with every export and backup.
"""

from __future__ import annotations

import json
import json.encoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.records import Head, Later
from clerk_app.ledger.rows import member
from clerk_app.ledger.statements import Insertion, Statement
from clerk_app.ledger.tables import audit, settlements

#: What the row is about that a ledger ends with when its office has moved elsewhere; no act follows it there.
MOVED = "moved"

#: HMAC-SHA256 over the row as canonical JSON, the code before it included. A later algorithm gets the next number.
ALGORITHM = 1


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row as the trail shows it.

    Attributes:
        at: The office's local time.
        login: Who did it; empty before there were users.
        subject: What it was about: a voucher's number, ``person 12``, a month, a login.
        facts: Amounts in fen, counts and other facts, without names or numbers of persons.
    """

    sequence: int
    at: datetime
    login: str
    action: Action
    subject: str
    reason: str
    facts: Mapping[str, object]


_BLOCK_BYTES = 64

_quoted: Callable[[Any], str] = json.encoder.encode_basestring_ascii
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_FIRST = select(audit.c.code).where(audit.c.sequence == 1)
_LAST = Statement(
    select(audit.c.sequence, audit.c.at, audit.c.action, audit.c.subject, audit.c.code)
    .order_by(audit.c.sequence.desc())
    .limit(1)
)
_INSERT = Insertion(audit)


def last(connection: Connection) -> tuple[Head, datetime | None]:
    """The head of the chain, and when its row was written; None before the first."""
    row = _LAST.first(connection)
    return (Head(), None) if row is None else (Head(row.sequence, row.code), row.at)


def before_act(connection: Connection) -> tuple[Head, datetime | None]:
    """The same for the act that is about to follow.

    Raises:
        ClerkError: ``ledger_moved``, the office goes on elsewhere; ``move_unfinished``, on the server, to which it has
            not come yet.
    """
    row = _LAST.first(connection)
    if row is None:
        return Head(), None
    if row.subject == MOVED and row.action == Action.MIGRATE.value:
        raise _moved(connection)
    return Head(row.sequence, row.code), row.at


def _moved(connection: Connection) -> ClerkError:
    left = last_entry(connection, Action.MIGRATE, MOVED)
    assert left is not None, "it was read just now"
    is_old = connection.dialect.name == "sqlite"
    return ClerkError("ledger_moved" if is_old else "move_unfinished", to=str(left.facts.get("to", "")))


def code_of(
    key: bytes,
    before: Head,
    *,
    at: datetime,
    login: str,
    action: str,
    subject: str,
    reason: str,
    content: str,
    algorithm: int = ALGORITHM,
) -> str:
    """The code of the row that follows ``before``, from what its columns hold."""
    values = (before.sequence + 1, stored(at), login, action, subject, reason, content, algorithm)
    return Chain(key).code(before.code, values)


def stored(at: object) -> object:
    """A time as SQLite keeps it, which is what the codes are made over."""
    return at.isoformat(" ", "microseconds") if isinstance(at, datetime) else at


def founding_code(connection: Connection) -> str:
    """The code of the first row, by which a ledger is told from another office's; empty before it is founded."""
    return connection.execute(_FIRST).scalar() or ""


class Chain:
    """Makes the codes of many rows under one key: HMAC (RFC 2104) with the key's two hashes begun once."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        assert len(key) <= _BLOCK_BYTES, "a longer key would have to be hashed first"
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def code(self, code_before: str, values: Sequence[object]) -> str:
        """The code of a row as it is read back.

        Args:
            values: Its columns in their order, without the code; the time as ``stored`` gives it.
        """
        # As JSON without blanks; by hand, for a start of the program reads every row.
        sequence, at, login, action, subject, reason, content, algorithm = values
        quoted = _quoted
        words = (
            f"[{sequence},{quoted(at)},{quoted(login)},{quoted(action)},{quoted(subject)},{quoted(reason)},"
            f"{quoted(content)},{algorithm},{quoted(code_before)}]"
        )
        inner = self._inner.copy()
        inner.update(words.encode("ascii"))
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()


def append(
    connection: Connection,
    key: bytes,
    before: Head,
    *,
    at: datetime,
    login: str,
    action: Action,
    subject: str,
    reason: str,
    content: Mapping[str, object],
) -> Head:
    """Write the next row, in the transaction of what it tells of."""
    row = next_row(key, before, at=at, login=login, action=action, subject=subject, reason=reason, content=content)
    _INSERT.write(connection, [row])
    return Head(before.sequence + 1, str(row["code"]))


def next_row(
    key: bytes,
    before: Head,
    *,
    at: datetime,
    login: str,
    action: Action,
    subject: str,
    reason: str,
    content: Mapping[str, object],
) -> dict[str, object]:
    """The columns of the row that follows ``before``."""
    text = _encode(content)
    code = code_of(key, before, at=at, login=login, action=action.value, subject=subject, reason=reason, content=text)
    return {
        "sequence": before.sequence + 1,
        "at": at,
        "login": login,
        "action": action.value,
        "subject": subject,
        "reason": reason,
        "content": text,
        "algorithm": ALGORITHM,
        "code": code,
    }


def entries(connection: Connection, *, before: int | None, limit: int, subject: str = "") -> Iterator[AuditEntry]:
    """Rows of the trail, the newest first.

    Args:
        before: Only rows before this sequence; None for the newest.
        subject: Only rows about this, or of this login; empty for all.
    """
    query = select(audit).order_by(audit.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.sequence < before)
    if subject:
        query = query.where(or_(audit.c.subject == subject, audit.c.login == subject))
    for row in connection.execute(query):
        yield _entry(row)


def last_entry(connection: Connection, action: Action, subject: str) -> AuditEntry | None:
    """The latest row of an act about something; None where there is none."""
    query = select(audit).where(audit.c.action == action.value, audit.c.subject == subject)
    row = connection.execute(query.order_by(audit.c.sequence.desc()).limit(1)).one_or_none()
    return None if row is None else _entry(row)


def subjects_of(connection: Connection, action: Action) -> tuple[str, ...]:
    """What the rows of an act are about, the oldest first."""
    query = select(audit.c.subject).where(audit.c.action == action.value).order_by(audit.c.sequence)
    return tuple(connection.execute(query).scalars())


def later(connection: Connection, head: Anchor) -> Later:
    """How much has been recorded since a head.

    Raises:
        ClerkError: ``head_not_here``.
    """
    code = connection.execute(select(audit.c.code).where(audit.c.sequence == head.sequence)).scalar()
    if code is None or not head.fits(code):
        raise ClerkError("head_not_here", head=head.printed)
    since = select(func.count()).select_from(settlements).where(settlements.c.audit_sequence > head.sequence)
    return Later(last(connection)[0].sequence - head.sequence, connection.execute(since).scalar_one())


def _entry(row: Row[Any]) -> AuditEntry:
    facts = {name: value for name, value in json.loads(row.content).items() if name != "seals"}
    return AuditEntry(row.sequence, row.at, row.login, member(Action, row.action), row.subject, row.reason, facts)
