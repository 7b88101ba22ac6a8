"""The ledger as the rest of the program sees it: each method is one act or one look."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Connection, func, select

from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Action, ClaimState, Stage
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger import (
    accumulators,
    anchors,
    audit,
    backups,
    claims,
    correcting,
    effects,
    institutions,
    month_figures,
    months,
    moving,
    offices,
    passphrase,
    payees,
    paying,
    persons,
    policies,
    reading,
    recording,
    recovering,
    restoring,
    rights,
    search,
    settling,
    users,
    verification,
    waiting,
    year_card,
)
from clerk_app.ledger.act import Act, time_of_act
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.audit import AuditEntry
from clerk_app.ledger.backups import Written
from clerk_app.ledger.changes import Changes
from clerk_app.ledger.effects import ClaimEffects, Effect, LateClaim, News, PolicyOf
from clerk_app.ledger.keys import (
    OFFICE_COST,
    PRACTICE,
    Cost,
    Keys,
    check_passphrase,
    office_keys,
    public_signing_key,
    signing_seed,
)
from clerk_app.ledger.month_figures import DayFigures
from clerk_app.ledger.moving import Moved, Mover
from clerk_app.ledger.passwords import OFFICE_HARDNESS, Hardness
from clerk_app.ledger.records import (
    ClaimLine,
    ClosedMonth,
    DeskCounts,
    Head,
    KnownAccount,
    Later,
    MoneyBack,
    Payable,
    PayeeAccount,
    PaymentList,
    PaymentResult,
    PersonRecord,
    PriorBenefit,
    Recoverable,
    Recovery,
    Review,
    SavedClaim,
    Settlement,
    SettlementLine,
    SettlementRequest,
    Standing,
    User,
)
from clerk_app.ledger.restoring import Restored
from clerk_app.ledger.schema import bring_to_head
from clerk_app.ledger.soundness import Depth, Verification
from clerk_app.ledger.statements import Question, Questions, no_questions
from clerk_app.ledger.store import LedgerStore, open_store
from clerk_app.ledger.tables import prints
from clerk_app.ledger.year_card import YearCard
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Person

if TYPE_CHECKING:
    from clerk_app.policy.installation import Proposal

Result = TypeVar("Result")


#: How long a move waits for whoever looks at the tables that it would take away.
_MOVING_WAIT_SECONDS = 10.0


def _now() -> datetime:
    return datetime.now().astimezone()


class Ledger:
    """An office's book of settlements. What was settled stays; a correction is a new record.

    Somebody signs in first; each method then asks the table of rights. Every method may raise ``ClerkError`` with
    ``not_signed_in``, ``not_allowed``, ``user_left``, ``ledger_locked``, ``ledger_read_only``, ``ledger_full``,
    ``ledger_not_written``, ``ledger_damaged`` or, on a server, ``ledger_unreachable``; one that writes also with
    ``clock_behind``. An act that raises has saved nothing, except that after ``ledger_unreachable`` only trying again
    with the same key tells; one that returns is on the disk.
    """

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

    # --- Who works here -----------------------------------------------------------------------------------------

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

    def sign_out(self) -> None:
        """Let nobody work with the ledger until somebody signs in."""
        self._user = None
        self._is_confirmed = False
        self._approvals.clear()

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

    # --- Policies: the files are put into place by who calls, right after the row is on the disk --------------------

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

    # --- Persons ------------------------------------------------------------------------------------------------

    def save_person(
        self, person: Person, entitlement: Entitlement, area_code: str, person_id: int | None = None
    ) -> PersonRecord:
        """Record a person, or correct the one with ``person_id``; settlements keep the person as it was then.

        Raises:
            ClerkError: ``person_known``, another record has this certificate's number; ``id_number_missing``;
                ``person_unknown``.
        """
        return self._perform(
            Action.SAVE_PERSON, lambda act: persons.save_person(act, person, entitlement, area_code, person_id)
        )

    def person(self, person_id: int) -> PersonRecord:
        """The person with a number.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return persons.read_person(connection, person_id)

    def find_persons(self, text: str, limit: int = 50) -> list[PersonRecord]:
        """Persons by part of the name or its first letters, or by either end of the certificate's number; by name.

        None for an empty text, and of very many the ones recorded last.
        """
        with self._looking(Action.SEE) as connection:
            return persons.find_persons(connection, text, limit)

    def person_by_id_number(self, id_number: str) -> PersonRecord | None:
        """The person with a certificate's number, None when the office does not know it."""
        with self._looking(Action.SEE) as connection:
            return persons.person_by_id_number(connection, id_number)

    def record_prior_benefit(self, person_id: int, prior: PriorBenefit) -> PersonRecord:
        """Keep what was read from the platform; it replaces what was read before for that year and benefit.

        Raises:
            ClerkError: ``person_unknown``, ``prior_benefit_negative``.
        """
        return self._perform(Action.SAVE_PERSON, lambda act: persons.record_prior_benefit(act, person_id, prior))

    # --- Settlements --------------------------------------------------------------------------------------------

    def year_to_date(self, person_id: int, policy: Policy) -> YearToDate:
        """What the person has used before a claim: the platform's figures and settlements that are not reversed.

        Args:
            policy: The claim's. Where it states 就诊先后, what was used is given by visit as well.
        """
        with self._looking(Action.SEE) as connection:
            person = persons.read_person(connection, person_id)
            counters = accumulators.read_counters(connection, person_id)
            counters = accumulators.with_prior_benefits(counters, person, policy)
            return accumulators.year_to_date(connection, person_id, counters, policy)

    def taken_bills(self, bill_keys: Iterable[str]) -> dict[str, str]:
        """Those of the bills that a voucher of any person and year holds, with its number."""
        with self._looking(Action.SEE) as connection:
            return recording.taken_bills(connection, bill_keys)

    def similar_receipts(self, receipt: Receipt) -> tuple[str, ...]:
        """The vouchers that stand with another number but the same hospital, day and amount, the oldest first."""
        with self._looking(Action.SEE) as connection:
            return recording.similar_receipts(connection, receipt)

    def institutions_met(self) -> list[Institution]:
        """Every institution that a receipt has named, as its last receipt has it, the one met last first."""
        with self._looking(Action.SEE) as connection:
            return institutions.institutions_met(connection)

    def diseases_met(self) -> list[str]:
        """Every disease that a person is registered with."""
        with self._looking(Action.SEE) as connection:
            return institutions.diseases_met(connection)

    def settle(self, request: SettlementRequest) -> Settlement:
        """Record a claim as decided, under the next voucher number; refused receipts are recorded too.

        Everything is worked out again under the write lock. Pressing Save again with the same key gives the
        settlement that the first press made. Where 就诊先后 is the area's order, a visit that comes late takes the
        deductible of its place, and of the cap what is left by now; ``effects`` tells what is then to be corrected,
        with what this claim is still to get.

        Raises:
            ClerkError: ``amount_changed``, another settlement has come in between; ``review_needed``,
                ``reviewer_is_clerk``, ``approval_missing``, ``reason_missing``, ``visit_in_future``,
                ``claim_without_receipts``, ``month_closed``, ``draft_already_settled``, ``person_unknown``, or what
                the engine raises.
        """
        # The words are found before anybody waits; they hold where the amounts are decided again as they were shown.
        worded = settling.worded(request.shown)
        return self._recorded(
            Action.SETTLE,
            request.review,
            lambda act: settling.settle(act, request, worded),
            lambda connection: settling.questions(connection, request, self._local_time()),
        )

    def reverse(self, voucher_number: str, reason: str, key: str) -> Settlement:
        """Mirror a voucher with negative amounts; deductible and cap of its years, and its bills, are free again.

        The corrections of the voucher are taken back with it, in the one mirror.

        Raises:
            ClerkError: ``voucher_unknown``, ``already_reversed``, ``not_reversible``, ``correction_not_reversible``,
                ``reason_missing``, ``month_closed``, ``draft_already_settled``.
        """
        return self._recorded(Action.REVERSE, None, lambda act: settling.reverse(act, voucher_number, reason, key))

    def effects(self, person_id: int, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """The differences that late news has made to a person's settlements and that no correction has settled yet.

        Args:
            policy_of: The policy of an area by its code.

        Raises:
            ClerkError: ``person_unknown``, what ``policy_of`` raises, or what the engine does where the area's files
                have no figures any more.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects(connection, person_id, policy_of)

    def effects_of_reversal(self, voucher_number: str, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """Which other settlements a reversal would change, and by how much; nothing is saved.

        Raises:
            ClerkError: ``voucher_unknown``, and as ``effects``.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects_of_reversal(connection, voucher_number, policy_of)

    def effects_of_prior_benefits(
        self, person_id: int, priors: Iterable[PriorBenefit], policy_of: PolicyOf
    ) -> tuple[Effect, ...]:
        """Which settlements the platform's figures would change, once recorded; nothing is saved.

        The platform's figures come before every settlement of their year, as they do when a claim is settled: the
        query does not tell on which day of the year they were charged.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects_of(connection, person_id, policy_of, News(priors=tuple(priors)))

    def effects_of_claim(
        self,
        person_id: int,
        claim: Claim,
        policy: Policy,
        policy_of: PolicyOf,
        *,
        entitlement: Entitlement | None = None,
        priors: Iterable[PriorBenefit] = (),
    ) -> ClaimEffects:
        """Which settlements a claim that is handed in late would change: none where 结算先后 is the area's order.

        Args:
            entitlement: With what the claim would be settled; the person's recorded one by default.
            priors: What the platform shows, where it would be recorded with the claim.
        """
        with self._looking(Action.SEE) as connection:
            news = News(priors=tuple(priors), late_claim=LateClaim(claim, policy, entitlement))
            return effects.effects_of_claim(connection, person_id, policy_of, news)

    def correct(
        self,
        voucher_number: str,
        shown: Effect,
        *,
        reason: str,
        key: str,
        review: Review,
        policy_of: PolicyOf,
    ) -> Settlement:
        """Settle the difference that news makes to a voucher by a record of its own; the voucher stays as it is.

        Everything is worked out again under the write lock. Pressing Save again with the same key gives the
        correction that the first press made.

        Args:
            shown: What clerk and reviewer saw.
            review: A second person's, always.

        Raises:
            ClerkError: ``amount_changed``, the difference is another one by now, or there is none any more;
                ``policy_figures_changed``; ``decreases_first``; ``voucher_unknown``, ``not_correctable``,
                ``already_reversed``, ``reason_missing``, ``correction_review_needed``, ``reviewer_is_clerk``,
                ``draft_already_settled``; and as ``effects``.
        """
        request = correcting.CorrectionRequest(voucher_number, shown, reason, key, review, policy_of)
        return self._recorded(Action.CORRECT, review, lambda act: correcting.correct(act, request))

    def year_card(self, person_id: int, year: int, policy: Policy) -> YearCard:
        """Deductibles and caps of a calendar year: what is used and left, and which voucher used what.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return year_card.year_card(connection, person_id, year, policy, self._local_time().date())

    def settlement(self, voucher_number: str) -> Settlement:
        """A voucher's record, whole.

        Raises:
            ClerkError: ``voucher_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return reading.whole(connection, [reading.settlement_row(connection, voucher_number)])[0]

    def remark(self, voucher_number: str) -> str:
        """What the clerk stated for good when this was settled, as why a bill is none that it looks like."""
        with self._looking(Action.SEE) as connection:
            entry = audit.last_entry(connection, Action.SETTLE, voucher_number)
        return "" if entry is None else entry.reason

    def search(self, text: str, limit: int = 50, before: str | None = None) -> list[SettlementLine]:
        """Settlements by voucher, acceptance, bill or certificate number or by name, the newest first.

        Args:
            text: The beginning of a number or its last digits, part of a name or its first letters in pinyin; empty
                for all. Of a text that means very many, some are found.
            before: The voucher number of the last line of the page before.

        Raises:
            ClerkError: ``voucher_unknown``, there is none with the number ``before``.
        """
        with self._looking(Action.SEE) as connection:
            return search.search(connection, text, limit, before)

    def month_count(self, year: int, month: int) -> int:
        """How many records were settled in a month, reversals and refusals included."""
        with self._looking(Action.SEE) as connection:
            return reading.month_count(connection, year, month)

    def month_figures(self, year: int, month: int) -> list[DayFigures]:
        """What was recorded in a month, added up by day; days without a record are left out."""
        with self._looking(Action.SEE) as connection:
            return month_figures.of_month(connection, year, month)

    def settlements_of_month(self, year: int, month: int) -> Iterator[Settlement]:
        """A month's records, oldest first, as they stood when the first was asked for."""
        with self._looking(Action.SEE) as connection:
            yield from reading.of_month(connection, year, month)

    def record_print(self, voucher_number: str) -> int:
        """Count a print: 0 for the first, then n for the n-th reprint (补打).

        Raises:
            ClerkError: ``voucher_unknown``.
        """

        def work(act: Act) -> int:
            settlement_id = reading.settlement_row(act.connection, voucher_number).settlement_id
            query = select(func.count()).select_from(prints).where(prints.c.settlement_id == settlement_id)
            reprint: int = act.connection.execute(query).scalar_one()
            act.insert(prints, [{"settlement_id": settlement_id, "reprint": reprint, "printed_at": act.at}])
            act.tell(voucher_number, reprint=reprint)
            return reprint

        return self._perform(Action.PRINT, work)

    def record_paper(self, kind: str, number: str) -> int:
        """Count a print of a paper that is about no voucher: 0 for the first, then n for the n-th reprint.

        Args:
            kind: Which paper, in a word.
            number: What it is about: an acceptance, a list, a month.
        """
        subject = f"{kind} {number}"

        def work(act: Act) -> int:
            reprint = audit.count_of(act.connection, Action.PRINT, subject)
            act.tell(subject, reprint=reprint)
            return reprint

        return self._perform(Action.PRINT, work)

    # --- The life of a claim ------------------------------------------------------------------------------------

    def save_claim(self, act_key: str, title: str, content: str, person_id: int | None = None) -> ClaimLine:
        """Save a draft as it is typed; the first save accepts the claim, each keeps it in hand for ten minutes.

        Args:
            act_key: Made when the draft is opened, and given to ``settle`` for its key.
            content: What was typed, in the counter's own words.

        Raises:
            ClerkError: ``claim_leased``, ``claim_ended``, ``claim_in_check``.
        """
        return self._perform(Action.ENTER, lambda act: claims.save(act, act_key, title, content, person_id))

    def open_claim(self, act_key: str) -> SavedClaim:
        """Take a claim in hand.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``.
        """
        return self._perform(Action.SETTLE, lambda act: claims.open_claim(act, act_key))

    def let_claim_go(self, act_key: str) -> None:
        """Give a claim out of hand, so that somebody else may take it."""
        self._perform(Action.SETTLE, lambda act: claims.let_go(act, act_key))

    def submit_claim(self, act_key: str) -> ClaimLine:
        """送审: hand a claim to a second person for the first check.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``claim_in_check``.
        """
        return self._perform(Action.ENTER, lambda act: claims.submit(act, act_key))

    def return_claim(self, act_key: str, reason: str) -> ClaimLine:
        """退回: give a submitted claim back to who entered it.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_not_in_check``, ``reason_missing``,
                ``reviewer_is_clerk``.
        """
        return self._perform(Action.REVIEW, lambda act: claims.give_back(act, act_key, reason), approves=False)

    def withdraw_claim(self, act_key: str, reason: str) -> ClaimLine:
        """撤销: end a claim without a settlement.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``reason_missing``.
        """
        return self._perform(Action.ENTER, lambda act: claims.withdraw(act, act_key, reason))

    def claims_in(
        self, states: frozenset[ClaimState], *, login: str = "", limit: int = 200, before: str = ""
    ) -> list[ClaimLine]:
        """Claims by where they stand, the latest save first; those that one user entered, or all.

        Args:
            before: The key of the last line of the page before.

        Raises:
            ClerkError: ``claim_unknown``, there is none with the key ``before``.
        """
        with self._looking(Action.SEE) as connection:
            return claims.in_states(connection, states, login, limit, before)

    # --- From settlement to money and shelf ---------------------------------------------------------------------

    def review(self, voucher_numbers: Sequence[str], note: str = "", *, has_passed: bool = True) -> None:
        """复核: check settlements as the second person, before money leaves.

        Raises:
            ClerkError: ``password_needed``, ``voucher_unknown``, ``reviewer_is_clerk``, ``reviewed_already``,
                ``already_reversed``, ``nothing_to_review``, ``reason_missing`` for an objection without one.
        """
        self._require_trust()
        self._perform(Action.REVIEW, lambda act: paying.review(act, voucher_numbers, note, has_passed=has_passed))

    def payables(self, stages: frozenset[Stage], limit: int = 1_000) -> list[Payable]:
        """Settlements by where they stand on their way to the money, the oldest first."""
        with self._looking(Action.SEE) as connection:
            return paying.payables(connection, stages, limit)

    def to_archive(self, limit: int = 1_000) -> list[Payable]:
        """Settlements with which nothing is left to do but to archive their papers, the oldest first."""
        with self._looking(Action.SEE) as connection:
            return paying.to_archive(connection, limit)

    def counts(self) -> DeskCounts:
        """How much waits: what the signed-in user has begun, and what the office has to review and to pay."""
        user = self._signed_in()
        with self._looking(Action.SEE) as connection:
            return waiting.counts(connection, user.login, self._local_time())

    def stage(self, voucher_number: str) -> Stage | None:
        """Where a settlement stands; None for a record that nobody pays.

        Raises:
            ClerkError: ``voucher_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return paying.stage_of(connection, voucher_number)

    def payee_account(self, person_id: int) -> PayeeAccount | None:
        """Where a person's money goes by what was given last."""
        with self._looking(Action.SEE) as connection:
            return payees.account_of(connection, person_id)

    def known_accounts(self, person_id: int) -> tuple[KnownAccount, ...]:
        """The accounts to which a person's money may go with a claim, the one given last first."""
        with self._looking(Action.SEE) as connection:
            return payees.known(connection, person_id)

    def give_account(
        self, person_id: int, account: PayeeAccount, second: str | None = None, voucher_number: str = ""
    ) -> PayeeAccount:
        """Record where a person's money goes; from the second account on, with a second person.

        Args:
            second: As ``approve`` returned it.
            voucher_number: The one settlement that it is for, whose own account the bank has refused.

        Raises:
            ClerkError: ``account_needs_second``, ``approval_missing``, ``account_form``, ``account_of_voucher``.
        """
        self._require_trust()
        if second is not None:
            self._take_approval(second, Action.REVIEW)
        given = self._perform(
            Action.CHANGE_PAYEE, lambda act: paying.give_account(act, person_id, account, second, voucher_number)
        )
        if second is not None:
            del self._approvals[second]
        return given

    def make_payment_list(self, voucher_numbers: Sequence[str]) -> PaymentList:
        """报盘: put what these settlements have still to get on the bank's next list.

        Raises:
            ClerkError: ``password_needed``, ``nothing_to_pay``, ``not_payable``, ``account_missing``.
        """
        self._require_trust()
        return self._perform(Action.PAY, lambda act: paying.make_list(act, voucher_numbers))

    def record_payment_results(self, list_number: str, results: Mapping[int, PaymentResult]) -> PaymentList:
        """回盘: write down what the bank said of transfers, by their position in the list.

        Raises:
            ClerkError: ``password_needed``, ``payment_list_unknown``, ``payment_unknown``, ``payment_answered``,
                ``reason_missing``.
        """
        self._require_trust()
        return self._perform(Action.PAY, lambda act: paying.record_results(act, list_number, results))

    def payment_lists(self, limit: int = 100) -> list[PaymentList]:
        """The lists with their transfers, the newest first."""
        with self._looking(Action.SEE) as connection:
            return paying.lists(connection, limit)

    def payment_list(self, list_number: str) -> PaymentList:
        """One list with its transfers and what the bank said of them.

        Raises:
            ClerkError: ``payment_list_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return paying.payment_list(connection, list_number)

    def recoverables(self, limit: int = 1_000) -> list[Recoverable]:
        """待追回: settlements of which more was paid than they come to now, with what has come back so far."""
        with self._looking(Action.SEE) as connection:
            return recovering.recoverables(connection, limit)

    def recoveries(self, voucher_number: str) -> tuple[Recovery, ...]:
        """What has come back of a settlement, the oldest first.

        Raises:
            ClerkError: ``voucher_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return recovering.recoveries_of(connection, voucher_number)

    def record_recovery(self, voucher_number: str, money: MoneyBack, key: str) -> Recovery:
        """收回: write down money that came back of what was paid and no longer stands.

        Args:
            key: Made when the entry is begun; the same key never writes twice.

        Raises:
            ClerkError: ``password_needed``, or as ``recovering.record``.
        """
        self._require_trust()
        return self._perform(Action.RECOVER, lambda act: recovering.record(act, voucher_number, money, key))

    def take_recovery_back(self, recovery_number: str, reason: str, key: str) -> Recovery:
        """Take back an entry of money that was entered wrongly; it is open again then.

        Raises:
            ClerkError: ``password_needed``, or as ``recovering.take_back``.
        """
        self._require_trust()
        return self._perform(Action.RECOVER, lambda act: recovering.take_back(act, recovery_number, reason, key))

    def archive(self, voucher_numbers: Sequence[str], box: str) -> None:
        """归档: write down in which box the papers of settlements lie.

        Raises:
            ClerkError: ``voucher_unknown``, ``archived_already``, ``not_archivable``, ``box_missing``.
        """
        self._perform(Action.ARCHIVE, lambda act: paying.archive(act, voucher_numbers, box))

    # --- How an act is done -------------------------------------------------------------------------------------

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


def _signed_in(act: Act, user: User) -> None:
    act.tell(user.login)


def open_ledger(
    place: Path | str,
    office_code: str = "000000",
    clock: Callable[[], datetime] = _now,
    *,
    keys: Keys = PRACTICE,
    hardness: Hardness = OFFICE_HARDNESS,
    wait_seconds: float = 10.0,
) -> Ledger:
    """Open a ledger, made or migrated where that is needed.

    Args:
        place: A file, or the address of a PostgreSQL database.
        office_code: Begins every voucher number of this office.
        clock: The office's wall clock.
        keys: Of the office's passphrase; a practice office is plain SQLite.
        hardness: What a new password's hash costs.
        wait_seconds: How long an act waits for another desk's act.

    Raises:
        ClerkError: ``ledger_read_only``, ``ledger_damaged``, ``ledger_newer``, ``ledger_foreign``,
            ``ledger_not_durable``, ``ledger_locked``, ``audit_key_unreadable``; with a file also ``passphrase_wrong``,
            ``ledger_encrypted``, ``ledger_not_encrypted``, ``sqlite_too_old``, ``sqlite_without_cipher``; with an
            address also ``ledger_address``, ``ledger_unreachable``, ``server_too_old``, ``server_encoding``,
            ``postgres_not_installed``.
    """
    store = open_store(place, wait_seconds, keys)
    try:
        bring_to_head(store)
        return Ledger(store, keys, office_code, clock, hardness)
    except BaseException:
        store.close()
        raise
