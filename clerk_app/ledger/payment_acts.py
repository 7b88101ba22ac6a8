"""From settlement to money and shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clerk_app.codes import Action, Stage
from clerk_app.ledger import (
    payees,
    paying,
    recovering,
    waiting,
)
from clerk_app.ledger.records import (
    DeskCounts,
    KnownAccount,
    MoneyBack,
    Payable,
    PayeeAccount,
    PaymentList,
    PaymentResult,
    Recoverable,
    Recovery,
)
from clerk_app.ledger.service import Service


class PaymentActs(Service):
    """The acts of a ledger that concern reviews, payments and the archive."""

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
