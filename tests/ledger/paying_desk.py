"""The chairs of an office through which a settlement goes until its money is there, or has come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clerk_app.codes import RecoveryWay, Stage
from clerk_app.ledger.records import (
    MoneyBack,
    PayeeAccount,
    PaymentList,
    PaymentResult,
    PersonRecord,
    Recovery,
    Settlement,
)
from tests.ledger.office import CLERK, PASSWORD, PEOPLE, REVIEWER, TODAY, Office, receipt, staffed

FINANCE = PEOPLE[2]
EVERY = frozenset(Stage)
ACCOUNT = PayeeAccount("张三", "本人", "示例银行城南支行", "6200000000000000001")
PAID = PaymentResult(is_paid=True)
FAILED = PaymentResult(is_paid=False, reason="户名不符")


@dataclass
class Desk:
    """An office where each takes the chair in turn."""

    office: Office

    def settled(self, number: str = "1", person: PersonRecord | None = None, total_fen: int = 100_000) -> Settlement:
        staffed(self.office.ledger, CLERK)
        person = person or self.office.person()
        if self.office.ledger.payee_account(person.person_id) is None:
            self.office.ledger.give_account(person.person_id, ACCOUNT)
        return self.office.settle(person, receipt(number, total_fen))

    def reviewed(self, *settled: Settlement, note: str = "", has_passed: bool = True) -> None:
        staffed(self.office.ledger, REVIEWER).confirm_password(PASSWORD)
        self.office.ledger.review([each.voucher_number for each in settled], note, has_passed=has_passed)

    def listed(self, *settled: Settlement) -> PaymentList:
        staffed(self.office.ledger, FINANCE).confirm_password(PASSWORD)
        return self.office.ledger.make_payment_list([each.voucher_number for each in settled])

    def answered(self, payment_list: PaymentList, results: Sequence[PaymentResult]) -> PaymentList:
        staffed(self.office.ledger, FINANCE).confirm_password(PASSWORD)
        return self.office.ledger.record_payment_results(payment_list.list_number, dict(enumerate(results)))

    def reversed(self, settled: Settlement) -> None:
        staffed(self.office.ledger, CLERK).reverse(settled.voucher_number, "录错", f"r-{settled.voucher_number}")

    def stage(self, settled: Settlement) -> Stage | None:
        return self.office.ledger.stage(settled.voucher_number)

    def due(self) -> dict[str, int]:
        return {each.voucher_number: each.due_fen for each in self.office.ledger.payables(EVERY)}

    def paid(self, number: str = "1", person: PersonRecord | None = None, total_fen: int = 100_000) -> Settlement:
        """A settlement whose money is there."""
        settled = self.settled(number, person, total_fen)
        self.reviewed(settled)
        self.answered(self.listed(settled), [PAID])
        return settled

    def came_back(self, settled: Settlement, amount_fen: int, key: str, **more: Any) -> Recovery:
        """Finance enters money that came back, in cash today unless something else is said."""
        staffed(self.office.ledger, FINANCE).confirm_password(PASSWORD)
        more.setdefault("received_on", self.office.clock.now.date())
        return self.office.ledger.record_recovery(settled.voucher_number, money_back(amount_fen, **more), key)

    def taken_back(self, recovery: Recovery, reason: str, key: str) -> Recovery:
        """Finance takes an entry back."""
        staffed(self.office.ledger, FINANCE).confirm_password(PASSWORD)
        return self.office.ledger.take_recovery_back(recovery.number, reason, key)

    def open_fen(self) -> dict[str, int]:
        """By voucher, what has still to come back."""
        return {each.voucher_number: each.open_fen for each in self.office.ledger.recoverables()}


def money_back(amount_fen: int, **more: Any) -> MoneyBack:
    way = more.pop("way", RecoveryWay.CASH)
    document = "" if way is RecoveryWay.DEDUCTION else "收据 0001"
    return MoneyBack(
        amount_fen, more.pop("received_on", TODAY.date()), way, more.pop("document_number", document), **more
    )
