"""The office's users: who they are, how they sign in, and what stops somebody who tries passwords."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from clerk_app.codes import Action, Role
from clerk_app.errors import ClerkError
from clerk_app.ledger import passwords
from clerk_app.ledger.act import Act
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import User
from clerk_app.ledger.rows import member
from clerk_app.ledger.statements import Question, Statement
from clerk_app.ledger.tables import sign_in_attempts, users

MOST_ATTEMPTS = 5
ATTEMPTS_WITHIN = timedelta(minutes=15)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


_NAMED = Statement(select(users).where(users.c.login == bindparam("login")))


def all_users(connection: Connection) -> list[User]:
    """Everybody, those who left included, by login."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.login))]


def current(connection: Connection, login: str) -> User:
    """A user as of now: rights that were taken away end with the next act, not with the next sign-in.

    Raises:
        ClerkError: ``user_left``.
    """
    row = _NAMED.first(connection, login=login)
    if row is None or not row.is_active:
        raise ClerkError("user_left", login=login)
    return _user(row)


def question(connection: Connection, login: str) -> Question:
    """What ``current`` asks, to be asked together with others."""
    return _NAMED.question(connection, login=login)


def add(act: Act, user: User, password: str, hardness: Hardness) -> User:
    """Record a new user.

    Raises:
        ClerkError: ``login_form``, ``login_taken``, ``user_name_missing``, ``user_name_taken``,
            ``password_too_short``.
    """
    new = _checked(act.connection, user, known=None)
    row = {**_row(new), "password_hash": passwords.hashed(password, hardness)}
    act.insert(users, [row])
    act.tell(new.login, role=new.role.value)
    return new


def change(act: Act, user: User, password: str | None, hardness: Hardness) -> User:
    """Change a user's name, role or standing, and the password where one is given.

    Raises:
        ClerkError: As ``add``; ``user_unknown``; ``last_administrator``, nobody could manage users any more;
            ``own_role``, nobody gives himself another one.
    """
    connection = act.connection
    before = connection.execute(select(users).where(users.c.login == user.login)).one_or_none()
    if before is None:
        raise ClerkError("user_unknown", login=user.login)
    changed = _checked(connection, user, known=user.login)
    if act.user is not None and act.user.login == user.login and changed.role.value != before.role:
        raise ClerkError("own_role")
    row = {**_row(changed), "password_hash": before.password_hash}
    if password is not None:
        row["password_hash"] = passwords.hashed(password, hardness)
        _forgive(connection, user.login)
    connection.execute(update(users).where(users.c.login == user.login), row)
    if not _administrators(connection):
        raise ClerkError("last_administrator")
    act.seal(users, row)
    act.tell(user.login, role=changed.role.value, active=changed.is_active, password_changed=password is not None)
    return changed


def change_own_password(act: Act, new: str, hardness: Hardness) -> None:
    """Give the signed-in user another password.

    Raises:
        ClerkError: ``password_too_short``.
    """
    assert act.user is not None, "somebody is signed in"
    change(act, act.user, new, hardness)


def check_attempts(connection: Connection, login: str, now: datetime) -> None:
    """Refuse to look at another password after too many wrong ones; restarting the program does not help.

    Raises:
        ClerkError: ``sign_in_locked``, with the minutes to wait.
    """
    since = now - ATTEMPTS_WITHIN
    attempts = sign_in_attempts
    query = (
        select(func.count(), func.min(attempts.c.at))
        .where(attempts.c.login == login, attempts.c.at > since, attempts.c.at <= now, attempts.c.is_open)
        .select_from(attempts)
    )
    count, first_at = connection.execute(query).one()
    if count >= MOST_ATTEMPTS:
        wait = first_at + ATTEMPTS_WITHIN - now
        raise ClerkError("sign_in_locked", tries=MOST_ATTEMPTS, minutes=-(-wait // timedelta(minutes=1)))


def who_has(connection: Connection, login: str, password: str, hardness: Hardness) -> User | None:
    """The user whose login and password these are, None for anybody else."""
    row = connection.execute(select(users).where(users.c.login == login)).one_or_none()
    kept = row.password_hash if row is not None else passwords.nobody(hardness)
    is_right = passwords.matches(password, kept, hardness)
    return _user(row) if row is not None and row.is_active and is_right else None


def record_failure(connection: Connection, login: str, now: datetime) -> None:
    """Count a wrong password; what was typed is not kept, only a login that exists or looks like one."""
    row = {"login": login if _LOGIN.fullmatch(login) else "?", "at": now, "is_open": True}
    connection.execute(insert(sign_in_attempts), row)


def record_success(connection: Connection, login: str) -> None:
    """Count the tries anew."""
    _forgive(connection, login)


def _forgive(connection: Connection, login: str) -> None:
    attempts = sign_in_attempts
    connection.execute(update(attempts).where(attempts.c.login == login, attempts.c.is_open).values(is_open=False))


def _checked(connection: Connection, user: User, known: str | None) -> User:
    if not _LOGIN.fullmatch(user.login):
        raise ClerkError("login_form", login=user.login)
    cleaned = replace(user, name=user.name.strip())
    if not cleaned.name:
        raise ClerkError("user_name_missing")
    if known is None and connection.execute(select(users.c.login).where(users.c.login == user.login)).first():
        raise ClerkError("login_taken", login=user.login)
    # Papers and CHECKs tell people by their names, so no two users have the same.
    holder = connection.execute(select(users.c.login).where(users.c.name == cleaned.name)).scalar()
    if holder not in (None, known):
        raise ClerkError("user_name_taken", name=cleaned.name)
    return cleaned


def _administrators(connection: Connection) -> int:
    where = (users.c.role == Role.ADMINISTRATOR.value) & users.c.is_active
    return connection.execute(select(func.count()).select_from(users).where(where)).scalar_one()


def _row(user: User) -> dict[str, object]:
    return {"login": user.login, "name": user.name, "role": user.role.value, "is_active": user.is_active}


def _user(row: Row[Any]) -> User:
    return User(row.login, row.name, member(Role, row.role), row.is_active)


#: What everybody does who is signed in; the second person who confirms a clock needs the right, not the first.
OWN_ACTS = frozenset({Action.SIGN_IN, Action.CONFIRM_CLOCK})
