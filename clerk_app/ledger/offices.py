"""What kind of ledger a database holds: a practice office's, or an office's with money in it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from clerk_app.codes import Role
from clerk_app.errors import ClerkError
from clerk_app.ledger import users
from clerk_app.ledger.act import Act
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import Standing, User
from clerk_app.ledger.tables import office


def standing(connection: Connection) -> Standing | None:
    """What the ledger was founded as, None before that."""
    row = connection.execute(select(office)).one_or_none()
    return None if row is None else Standing(row.is_practice, row.founded_at)


def found(
    act: Act, administrator: User, password: str, hardness: Hardness, *, is_practice: bool, is_plain: bool
) -> User:
    """Write what the ledger is, and its first user.

    Raises:
        ClerkError: ``ledger_founded``; ``office_not_encrypted``, real persons do not go into a plain file.
    """
    if standing(act.connection) is not None:
        raise ClerkError("ledger_founded")
    if is_plain and not is_practice:
        raise ClerkError("office_not_encrypted")
    assert administrator.role is Role.ADMINISTRATOR, "the first user manages the others"
    act.insert(office, [{"row": 1, "is_practice": is_practice, "founded_at": act.at, "salt": ""}])
    user = users.add(act, administrator, password, hardness)
    act.tell(user.login, practice=is_practice)
    return user
