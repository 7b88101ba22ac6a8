"""Keeping the books: trail, checks, backups, moves, the passphrase, the clock, months, exports and policies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger import (
    anchors,
    audit,
    backups,
    months,
    moving,
    passphrase,
    policies,
    reading,
    restoring,
    rights,
    verification,
)
from clerk_app.ledger.act import Act
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.audit import AuditEntry
from clerk_app.ledger.backups import Written
from clerk_app.ledger.keys import (
    OFFICE_COST,
    Cost,
    check_passphrase,
    office_keys,
)
from clerk_app.ledger.moving import Moved, Mover
from clerk_app.ledger.records import (
    ClosedMonth,
    Head,
    Later,
)
from clerk_app.ledger.restoring import Restored
from clerk_app.ledger.service import Service
from clerk_app.ledger.soundness import Depth, Verification
from clerk_app.ledger.store import open_store

if TYPE_CHECKING:
    from clerk_app.policy.installation import Proposal


#: How long a move waits for whoever looks at the tables that it would take away.
_MOVING_WAIT_SECONDS = 10.0


class KeepingActs(Service):
    """The acts of a ledger that concern it as a whole."""

    def audit_trail(self, limit: int = 200, before: int | None = None, subject: str = "") -> list[AuditEntry]:
        """Acts, the newest first.

        Args:
            before: The sequence of the last entry of the page before.
            subject: A voucher's number, ``person 12``, a month, a login, who did it included; empty for all.
        """
        with self._looking(Action.SEE_AUDIT) as connection:
            return list(audit.entries(connection, before=before, limit=limit, subject=subject))

    def head(self) -> Head:
        """The end of the audit trail now, to be carried outside."""
        with self._looking(Action.SEE) as connection:
            return audit.last(connection)[0]

    def verify(self, depth: Depth, anchors: Iterable[Anchor] = (), progress: Progress | None = None) -> Verification:
        """Find out whether the ledger is what was written.

        Nobody need be signed in for the check of the books at the start; the full one is for who may see the trail.

        Args:
            anchors: Heads that were carried outside.

        Raises:
            Cancelled: As asked.
        """
        if depth is Depth.FULL:
            rights.require(self._signed_in().role, Action.SEE_AUDIT)
        with self._store.reading() as connection:
            return verification.verify(connection, self._trail_keys(), depth, anchors, progress)

    def mistrust(self, why: ClerkError | None) -> None:
        """Record nothing that moves money: the books have not been checked, or do not hold; None trusts them again.

        Looking, printing, typing of drafts, backups and restoring stay possible.
        """
        self._mistrust = why

    @property
    def is_server(self) -> bool:
        """Whether the ledger is on a database server, which its own administrators back up."""
        return self._store.is_server

    def acts_after(self, head: Anchor) -> Later:
        """How much has been recorded since a head: what is lost when a backup with that head is restored.

        Raises:
            ClerkError: ``head_not_here``, the ledger has no such head.
        """
        with self._looking(Action.SEE_AUDIT) as connection:
            return audit.later(connection, head)

    def keep_anchor(self, folder: Path) -> Head:
        """Write the end of the trail into the office's folder, where a cut tail or an older file shows against it.

        Nobody need be signed in: it is done when the program has checked the books, and when it ends.

        Raises:
            ClerkError: ``file_not_written``, ``anchor_unreadable``.
        """
        with self._store.reading() as connection:
            head, founding = audit.last(connection)[0], audit.founding_code(connection)
        if head.sequence:
            anchors.write(folder, head, founding, self._local_time())
        return head

    def back_up(
        self,
        folder: Path,
        progress: Progress | None = None,
        *,
        by_program: bool = False,
        keep: int = backups.MOST_KEPT,
    ) -> Written:
        """Write a checked backup while others work, and remove the oldest.

        Args:
            by_program: Made when the program ends, in nobody's name; else the signed-in user's act.
            keep: How many of the office's backups stay in the folder.

        Raises:
            Cancelled: As asked.
            ClerkError: ``folder_not_made``, ``file_not_written``, ``backup_unsound``, ``server_backs_up``.
        """
        user = None if by_program else self._signed_in()
        if user is not None:
            rights.require(user.role, Action.BACK_UP)
        with self._store.reading() as connection:
            written = backups.write(
                connection, self._trail_keys(), folder, self._office_code, self._local_time(), progress or Progress()
            )
        head = written.verification.head

        def work(act: Act) -> None:
            act.tell(head.printed, file=written.backup.path.name, sha256=written.digest)

        self._transaction(Action.BACK_UP, user, work)
        backups.prune(folder, self._office_code, keep)
        return written

    def restore(self, backup: Path, progress: Progress | None = None) -> Restored:
        """Put a backup in the ledger's place; the ledger is to be opened anew then, also when it fails.

        Raises:
            Cancelled: As asked.
            ClerkError: ``password_needed``, or as ``restoring.restore``.
        """
        user = self._signed_in()
        rights.require(user.role, Action.RESTORE)
        if not self._is_confirmed:
            raise ClerkError("password_needed", action=Action.RESTORE.term)
        if self._store.is_server:
            raise ClerkError("server_backs_up")
        with self._store.reading() as connection:
            audit.before_act(connection)  # An office that has moved does not come to life again here.
        at, path = self._local_time(), Path(self._store.place)
        self.close()
        restored = restoring.restore(
            backup, path, self._trail_keys(), user, self._office_code, at, progress or Progress()
        )
        self.sign_out()
        return restored

    def move_to(self, address: str, progress: Progress | None = None) -> Moved:
        """Move the office to an empty database on a server, where it goes on; this file refuses every act then.

        Args:
            address: As ``open_ledger`` takes it, of the user who owns the tables.

        Raises:
            Cancelled: As asked.
            ClerkError: ``password_needed``, ``server_stays``, or as ``moving.move`` and ``open_ledger``.
        """
        user = self._signed_in()
        rights.require(user.role, Action.MIGRATE)
        if not self._is_confirmed:
            raise ClerkError("password_needed", action=Action.MIGRATE.term)
        if self._store.is_server:
            raise ClerkError("server_stays", file=self._store.place)
        mover = Mover(user, self._office_code, self._local_time(), self._audit_key, self._keys)
        target = open_store(address, _MOVING_WAIT_SECONDS)
        try:
            moved = moving.move(self._store, target, mover, progress or Progress())
        finally:
            target.close()
        self._is_confirmed = False
        return moved

    def change_passphrase(self, before: str, after: str, cost: Cost = OFFICE_COST) -> None:
        """Encrypt the ledger's file anew under another passphrase; it is to be opened anew then, also when it fails.

        The act is told first: whoever finds its row and a ledger under the old passphrase sees that it was broken off.
        Backups that were made before keep the passphrase of their time.

        Raises:
            ClerkError: ``passphrase_wrong``, ``passphrase_too_short``, ``password_needed``, ``server_passphrase``,
                ``ledger_not_encrypted``; ``ledger_locked``, another window has the file open;
                ``ledger_not_written``.
        """
        rights.require(self._signed_in().role, Action.CHANGE_PASSPHRASE)
        if self._store.is_server:
            raise ClerkError("server_passphrase")
        if self._keys.salt is None:
            raise ClerkError("ledger_not_encrypted", file=self._store.place)
        check_passphrase(after)
        if office_keys(before, self._keys.salt, cost) != self._keys:
            raise ClerkError("passphrase_wrong", file=self._store.place)
        self._perform(Action.CHANGE_PASSPHRASE, lambda act: act.tell("office"))
        self.sign_out()
        self.close()
        passphrase.change_passphrase(Path(self._store.place), before, after, cost=cost)

    def confirm_clock(self, second: str, reason: str) -> None:
        """Go on under a clock that stands before the last act, because two persons say that the time is right.

        Args:
            second: As ``approve`` returned it.

        Raises:
            ClerkError: ``approval_missing``, ``reason_missing``.
        """
        self._take_approval(second, Action.CONFIRM_CLOCK)
        if not reason.strip():
            raise ClerkError("reason_missing")

        def work(act: Act) -> None:
            act.tell("clock", reason.strip(), confirmed_by=second)

        self._transaction(Action.CONFIRM_CLOCK, self._signed_in(), work, is_clock_right=True)
        del self._approvals[second]

    def closed_months(self) -> list[ClosedMonth]:
        """The months in which nothing is recorded any more, oldest first."""
        with self._looking(Action.SEE) as connection:
            return months.closed(connection)

    def close_month(self, year: int, month: int) -> ClosedMonth:
        """Close a month that is over, for good.

        Raises:
            ClerkError: ``month_not_over``, ``month_closed``.
        """
        self._require_trust()
        return self._perform(Action.CLOSE_MONTH, lambda act: months.close(act, year, month))

    def use_office_code(self, code: str) -> None:
        """Begin the numbers of later vouchers with another code; the numbers given so far stay."""
        self._perform(Action.CHANGE_OFFICE, lambda act: act.tell("office", office_code=code))
        self._office_code = code

    def record_export(self, subject: str, digest: str, rows: int) -> None:
        """Put on record that rows leave the office in a file, and which file it was.

        Args:
            subject: What the file is about, e.g. a month.
            digest: SHA-256 of the file, in hexadecimal digits.

        Raises:
            ClerkError: ``password_needed``; ``confirm_password`` comes first, each time.
        """
        self._perform(Action.EXPORT, lambda act: act.tell(subject, rows=rows, sha256=digest))

    def exports(self) -> tuple[str, ...]:
        """What left the office in files so far, by its subject, the oldest first."""
        with self._looking(Action.EXPORT) as connection:
            return audit.subjects_of(connection, Action.EXPORT)

    def record_numbers_shown(self, voucher_number: str) -> None:
        """Put on record that somebody is about to see a voucher's certificate and account numbers whole.

        Raises:
            ClerkError: ``voucher_unknown``.
        """

        def work(act: Act) -> None:
            reading.settlement_row(act.connection, voucher_number)
            act.tell(voucher_number)

        self._perform(Action.SHOW_NUMBERS, work)

    def record_policy_proposal(self, proposal: Proposal) -> None:
        """Put on record that a document is about to lie ready for a second person."""
        self._perform(Action.PROPOSE_POLICY, lambda act: policies.tell_proposal(act, proposal))

    def record_policy_installation(self, proposal: Proposal) -> None:
        """Put on record that a document is about to be installed.

        Raises:
            ClerkError: ``password_needed``; ``proposal_not_on_record``; ``installer_is_proposer``.
        """
        self._perform(Action.INSTALL_POLICY, lambda act: policies.tell_installation(act, proposal))

    def record_catalogue_import(self, area_code: str, document: str, digest: str, taken: int, refused: int) -> None:
        """Put on record that an area's list of items is about to come into use at a desk.

        Args:
            document: The workbook's name.
            digest: SHA-256 of the workbook, in hexadecimal digits.
            taken: How many of its rows are used; ``refused`` are not.
        """

        def work(act: Act) -> None:
            act.tell(area_code, document=document, sha256=digest, taken=taken, refused=refused)

        self._perform(Action.IMPORT_CATALOGUE, work)
