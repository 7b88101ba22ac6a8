"""How an act of the ledger is done: who may, in one transaction, with its row of the audit trail."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import (
    audit,
    offices,
    passphrase,
    rights,
    users,
)
from clerk_app.ledger.act import Act, time_of_act
from clerk_app.ledger.changes import Changes
from clerk_app.ledger.keys import (
    Keys,
    signing_seed,
)
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import (
    Head,
    Review,
    Settlement,
    Standing,
    User,
)
from clerk_app.ledger.statements import Question, Questions, no_questions
from clerk_app.ledger.store import LedgerStore

Result = TypeVar("Result")


class Service:
    """What every act and look of a ledger goes through."""

    def __init__(
        self, store: LedgerStore, keys: Keys, office_code: str, clock: Callable[[], datetime], hardness: Hardness
    ) -> None:
        self._store = store
        self._keys = keys
        self._office_code = office_code
        self._clock = clock
        self._hardness = hardness
        self._audit_key = keys.audit
        self._read_audit_key()
        self._user: User | None = None
        self._acts = 0
        #: Whether the user's password was typed again for the next act that asks for it.
        self._is_confirmed = False
        #: Why nothing that moves money is recorded; None as long as the books may be trusted.
        self._mistrust: ClerkError | None = None
        #: Second persons who gave their password here, by name, and for what.
        self._approvals: dict[str, Action] = {}
        self._changes: list[Changes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        for changes in self._changes:
            changes.close()
        self._changes.clear()
        self._store.close()

    def changes(self) -> Changes:
        """What a thread waits on to learn that somebody has done something here; closed with the ledger."""
        changes = self._store.changes()
        self._changes.append(changes)
        return changes

    @property
    def user(self) -> User | None:
        """Who is signed in."""
        return self._user

    @property
    def acts(self) -> int:
        """How many acts have been recorded here since the ledger was opened: what changed shows in lists then."""
        return self._acts

    def standing(self) -> Standing | None:
        """What kind of ledger this is, None before it is founded; nobody need be signed in."""
        with self._store.reading() as connection:
            return offices.standing(connection)

    @property
    def signing_seed(self) -> bytes:
        """What ``documents.signing`` signs the office's papers and workbooks with; it is shown and written nowhere."""
        return signing_seed(self._audit_key)

    def sign_out(self) -> None:
        """Let nobody work with the ledger until somebody signs in."""
        self._user = None
        self._is_confirmed = False
        self._approvals.clear()

    @contextlib.contextmanager
    def _looking(self, action: Action) -> Iterator[Connection]:
        """One look by the signed-in user, if the role may."""
        rights.require(self._signed_in().role, action)
        with self._store.reading() as connection:
            yield connection

    def _perform(self, action: Action, work: Callable[[Act], Result], *, approves: bool = True) -> Result:
        """One act of the signed-in user, if the role may and, where it is asked, the password was typed again.

        Args:
            approves: False for an act that needs the right but lets nothing pass.
        """
        user = self._signed_in()
        rights.require(user.role, action)
        asks = approves and action in rights.ASK_PASSWORD
        if asks and not self._is_confirmed:
            raise ClerkError("password_needed", action=action.term)
        result, _head = self._transaction(action, user, work)
        if asks:
            self._is_confirmed = False
        return result

    def _recorded(
        self,
        action: Action,
        review: Review | None,
        work: Callable[[Act], Settlement],
        questions: Questions = no_questions,
    ) -> Settlement:
        """An act that makes a numbered record, with a second person where there is a review."""
        user = self._signed_in()
        rights.require(user.role, action)
        self._require_trust()

        def checked(act: Act) -> Settlement:
            settlement = work(act)
            # Looked at last: what is wrong with the request itself is said first, and a second press needs nobody.
            if settlement.head is None and settlement.review is not None:
                self._check_second(user, settlement.review.reviewer)
            return settlement

        settlement, head = self._transaction(action, user, checked, questions=questions)
        if settlement.head is not None:
            return settlement
        if review is not None:
            self._approvals.pop(review.reviewer.strip(), None)
            self._is_confirmed = self._is_confirmed and review.reviewer.strip() != user.name
        return replace(settlement, head=head)

    def _transaction(
        self,
        action: Action,
        user: User | None,
        work: Callable[[Act], Result],
        *,
        is_clock_right: bool = False,
        may_stand_still: bool = False,
        questions: Questions = no_questions,
    ) -> tuple[Result, Head]:
        """Do the work in one transaction that ends with its row of the audit trail.

        Args:
            questions: What the work will ask, where it is known beforehand: a server answers it in one journey.
        """

        def asked_first(connection: Connection) -> list[Question]:
            own = [] if user is None else [users.question(connection, user.login)]
            return [audit.question(connection), *own, *questions(connection)]

        def transaction(connection: Connection) -> tuple[Result, Head]:
            at = self._local_time()
            before, last_at = audit.before_act(connection)
            if not is_clock_right:
                at = time_of_act(at, last_at, may_stand_still=may_stand_still)
            now = None if user is None else users.current(connection, user.login)
            if now is not None and action not in users.OWN_ACTS:
                rights.require(now.role, action)
            act = Act(connection, action, now, at, self._office_code, before)
            result = work(act)
            head = act.close(self._audit_key)
            self._store.tell(connection, head.sequence)
            return result, head

        done = self._store.perform(transaction, asked_first)
        self._acts += 1
        return done

    def _signed_in(self) -> User:
        if self._user is None:
            raise ClerkError("not_signed_in")
        return self._user

    def _recognised(self, login: str, password: str) -> User:
        """The user with this login and password; wrong ones are counted, whatever they are typed for."""
        login = login.strip().lower()
        now = self._local_time()
        with self._store.reading() as connection:
            users.check_attempts(connection, login, now)
            # Outside the write lock: a hash takes as long as a hundred settlements.
            user = users.who_has(connection, login, password, self._hardness)
        if user is None:
            self._store.perform(lambda connection: users.record_failure(connection, login, now))
            raise ClerkError("sign_in_refused")
        self._store.perform(lambda connection: users.record_success(connection, login))
        return user

    def _require_trust(self) -> None:
        """Money moves only by books that hold.

        Raises:
            ClerkError: ``ledger_unchecked``, ``ledger_unsound``.
        """
        if self._mistrust is not None:
            raise ClerkError(self._mistrust.code, **self._mistrust.details)

    def _check_second(self, user: User, reviewer: str) -> None:
        """Let a reviewer take part who gave the password here: as the second at this desk, or signed in."""
        if reviewer != user.name:
            self._take_approval(reviewer, Action.REVIEW)
            return
        rights.require(user.role, Action.REVIEW)
        if not self._is_confirmed:
            raise ClerkError("password_needed", action=Action.REVIEW.term)

    def _take_approval(self, name: str, action: Action) -> None:
        if self._approvals.get(name) is not action:
            raise ClerkError("approval_missing", name=name)

    def _read_audit_key(self) -> None:
        with self._store.reading() as connection:
            self._audit_key = passphrase.audit_key(connection, self._keys)

    def _trail_keys(self) -> Keys:
        """What opens the file, with the key that its trail began with."""
        return replace(self._keys, audit=self._audit_key)

    def _local_time(self) -> datetime:
        """The office's wall clock to the second, as vouchers show it."""
        return self._clock().replace(microsecond=0, tzinfo=None)
