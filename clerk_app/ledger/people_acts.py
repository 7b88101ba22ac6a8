"""Who works here: signing in, passwords, second persons, users."""

from __future__ import annotations

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import (
    offices,
    rights,
    users,
)
from clerk_app.ledger.act import Act
from clerk_app.ledger.keys import (
    PRACTICE,
    public_signing_key,
)
from clerk_app.ledger.records import (
    User,
)
from clerk_app.ledger.service import Service


class PeopleActs(Service):
    """The acts of a ledger that concern its users."""

    def found(self, administrator: User, password: str, *, is_practice: bool) -> None:
        """Begin a ledger with its first administrator, who is signed in then.

        Args:
            is_practice: Plain, with invented persons; every screen and paper says so.

        Raises:
            ClerkError: ``ledger_founded``, ``office_not_encrypted``, or as ``add_user``.
        """
        if not is_practice and (self._store.is_plain or self._keys.salt is None):
            raise ClerkError("office_not_encrypted")
        # A file begins with its salt; on a server a table has it.
        kept = self._keys if self._store.is_server else PRACTICE

        def work(act: Act) -> User:
            shown = public_signing_key(self.signing_seed).hex()
            return offices.found(
                act, administrator, password, self._hardness, kept, is_practice=is_practice, signing_key=shown
            )

        self._user = self._transaction(Action.FOUND, None, work)[0]

    def sign_in(self, login: str, password: str) -> User:
        """Let a user work with the ledger from now on.

        Raises:
            ClerkError: ``sign_in_refused``; ``sign_in_locked`` after five wrong passwords in a quarter of an hour;
                ``ledger_moved``, ``move_unfinished``.
        """
        user = self._recognised(login, password)
        self.sign_out()
        # Another desk may have founded the ledger, under another passphrase, since this one opened it.
        self._read_audit_key()
        # A clock that was wrong once must not shut everybody out who could confirm it.
        try:
            self._transaction(Action.SIGN_IN, user, lambda act: _signed_in(act, user), may_stand_still=True)
        except ClerkError as error:
            # Who moved the office comes in without a row, to finish what broke off; no act follows.
            if error.code not in ("ledger_moved", "move_unfinished") or not rights.may(user.role, Action.MIGRATE):
                raise
        self._user = user
        return user

    def confirm_password(self, password: str) -> None:
        """Make sure that the signed-in user still sits here: before an approval or an export, and after a pause.

        Raises:
            ClerkError: ``sign_in_refused``, ``sign_in_locked``.
        """
        self._recognised(self._signed_in().login, password)
        self._is_confirmed = True

    def approve(self, login: str, password: str, action: Action) -> str:
        """Let a second person take part in the next act here; returns the name for that act.

        Raises:
            ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``not_allowed``, ``reviewer_is_clerk``.
        """
        second = self._recognised(login, password)
        rights.require(second.role, action)
        if second.login == self._signed_in().login:
            raise ClerkError("reviewer_is_clerk")
        self._approvals[second.name] = action
        return second.name

    def users(self) -> list[User]:
        """Everybody who may or might sign in, by login."""
        with self._looking(Action.SEE) as connection:
            return users.all_users(connection)

    def add_user(self, user: User, password: str) -> User:
        """Record a new user.

        Raises:
            ClerkError: ``login_form``, ``login_taken``, ``user_name_missing``, ``user_name_taken``,
                ``password_too_short``.
        """
        return self._perform(Action.MANAGE_USERS, lambda act: users.add(act, user, password, self._hardness))

    def change_user(self, user: User, password: str | None = None) -> User:
        """Change name, role or standing of the user with this login, and the password where one is given.

        Raises:
            ClerkError: As ``add_user``, ``user_unknown``, ``last_administrator``, ``own_role``.
        """
        return self._perform(Action.MANAGE_USERS, lambda act: users.change(act, user, password, self._hardness))

    def change_own_password(self, before: str, after: str) -> None:
        """Give the signed-in user another password.

        Raises:
            ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``password_too_short``.
        """
        user = self._recognised(self._signed_in().login, before)
        self._transaction(Action.SIGN_IN, user, lambda act: users.change_own_password(act, after, self._hardness))


def _signed_in(act: Act, user: User) -> None:
    act.tell(user.login)
