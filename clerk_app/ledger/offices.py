"""What kind of ledger a database holds: a practice office's, or an office's with money in it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from clerk_app.codes import Role
from clerk_app.errors import ClerkError
from clerk_app.ledger import passphrase, users
from clerk_app.ledger.act import Act
from clerk_app.ledger.keys import Keys
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import Standing, User
from clerk_app.ledger.tables import office


def standing(connection: Connection) -> Standing | None:
    """What the ledger was founded as, None before that."""
    row = connection.execute(select(office)).one_or_none()
    return None if row is None else Standing(row.is_practice, row.founded_at)


def found(
    act: Act,
    administrator: User,
    password: str,
    hardness: Hardness,
    kept: Keys,
    *,
    is_practice: bool,
    signing_key: str,
) -> User:
    """Write what the ledger is, and its first user.

    Args:
        kept: Whose salt the database keeps, and by whose passphrase it tells a right one from a wrong one: a
            server's. Without a salt nothing is kept.
        signing_key: The public key of the office's signature in hexadecimal digits, for the trail's first row.

    Raises:
        ClerkError: ``ledger_founded``, or as ``users.add``.
    """
    if standing(act.connection) is not None:
        raise ClerkError("ledger_founded")
    assert administrator.role is Role.ADMINISTRATOR, "the first user manages the others"
    salt = "" if kept.salt is None else kept.salt.hex()
    act.insert(office, [{"row": 1, "is_practice": is_practice, "founded_at": act.at, "salt": salt}])
    if kept.salt is not None:
        passphrase.seal_audit_key(act.connection, kept.audit, [kept])
    user = users.add(act, administrator, password, hardness)
    act.tell(user.login, practice=is_practice, signing_key=signing_key)
    return user
