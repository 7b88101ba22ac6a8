"""Who may work here: the office's users, and what each role may do."""

from __future__ import annotations

from dataclasses import replace

from clerk_app.codes import Action, Role
from clerk_app.counter.desk import Desk
from clerk_app.documents.fonts import without_glyph
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import User
from clerk_app.ledger.rights import RIGHTS, may


class UsersDesk:
    """The administrator's list of users. Everything it does is an act of the ledger's, which decides."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def users(self) -> list[User]:
        """Everybody, those who left included, by login."""
        return self.desk.ledger.users()

    def add(self, user: User, password: str, password_again: str) -> User:
        """Let somebody new sign in.

        Raises:
            ClerkError: ``passwords_differ``, ``glyph_missing``, or as ``Ledger.add_user``.
        """
        _check_twice(password, password_again)
        _check_printable(user.name)
        cleaned = replace(user, login=user.login.strip().lower(), name=user.name.strip())
        return self.desk.ledger.add_user(cleaned, password)

    def change(self, user: User) -> User:
        """Change name, role or standing.

        Raises:
            ClerkError: ``glyph_missing``, or as ``Ledger.change_user``.
        """
        _check_printable(user.name)
        return self.desk.ledger.change_user(user)

    def reset_password(self, user: User, password: str, password_again: str) -> User:
        """Give somebody another password, and let them try again at once after too many wrong ones.

        Raises:
            ClerkError: ``passwords_differ``, or as ``Ledger.change_user``.
        """
        _check_twice(password, password_again)
        return self.desk.ledger.change_user(user, password)


class OwnPassword:
    """The password of who is signed in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def change(self, before: str, after: str, after_again: str) -> None:
        """Give oneself another password.

        Raises:
            ClerkError: ``passwords_differ``, ``sign_in_refused``, ``sign_in_locked``, ``password_too_short``.
        """
        _check_twice(after, after_again)
        self.desk.ledger.change_own_password(before, after)


def rights_table() -> list[tuple[Action, tuple[bool, ...]]]:
    """For each action that somebody has a right to: whether each role may do it, in the order of ``Role``."""
    granted = frozenset().union(*RIGHTS.values())
    return [(action, tuple(may(role, action) for role in Role)) for action in Action if action in granted]


def _check_twice(password: str, password_again: str) -> None:
    if password != password_again:
        raise ClerkError("passwords_differ")


def _check_printable(name: str) -> None:
    """A user's name stands on papers: a character without a glyph is refused before anything is settled under it."""
    missing = without_glyph(name)
    if missing:
        raise ClerkError("glyph_missing", code_point=tuple(f"U+{ord(character):04X}" for character in missing))
