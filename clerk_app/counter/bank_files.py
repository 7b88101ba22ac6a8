"""支付: the bank's list out, its answer back, and what failed paid again. Imported after the first paint."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

from clerk_app.codes import Action, Stage
from clerk_app.counter.desk import Desk
from clerk_app.documents.bank_file import LARGEST_FILE, Answer, bank_file_bytes, list_number_in, read_answer
from clerk_app.documents.bank_format import BankFormat, bank_formats
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.ledger.records import PaymentList


class BankFiles:
    """What finance exchanges with the bank.

    Every act asks for the password of who is signed in once more; it is not kept.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @functools.cached_property
    def banks(self) -> tuple[BankFormat, ...]:
        """The formats to choose from: those that ship, and the office's own in ``banks`` of its folder.

        Raises:
            FileProblems: Everything that is wrong in a format.
        """
        return bank_formats(self.desk.folder)

    def lists(self, limit: int = 100) -> list[PaymentList]:
        """The lists, the newest first."""
        return self.desk.ledger.payment_lists(limit)

    def make_list(self, voucher_numbers: Sequence[str], password: str) -> PaymentList:
        """Put what these settlements have still to get on the next list.

        Raises:
            ClerkError: ``sign_in_refused``, ``not_allowed``, ``nothing_to_pay``, ``not_payable``, ``account_missing``.
        """
        self.desk.require(Action.PAY)
        self.desk.ledger.confirm_password(password)
        return self.desk.ledger.make_payment_list(voucher_numbers)

    def file_name(self, given: PaymentList, bank: BankFormat) -> str:
        """What the bank's file is called; it holds no name of a person."""
        mark = "练习-" if self.desk.is_practice else ""
        return f"{mark}报盘-{given.list_number}{bank.out.suffix}"

    def write(self, given: PaymentList, bank: BankFormat, target: Path, password: str) -> None:
        """Write the bank's file whole or not at all; that it leaves the office is on record before it has its name.

        Raises:
            ClerkError: ``sign_in_refused``, ``not_allowed``, ``file_not_written``.
            FileProblems: Every transfer that the file cannot say exactly.
        """
        self.desk.require(Action.EXPORT)
        content = bank_file_bytes(given, bank)
        self.desk.ledger.confirm_password(password)
        with whole_file(target) as draft:
            draft.write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            self.desk.ledger.record_export(given.list_number, digest, len(given.payments))

    def read(self, source: Path, bank: BankFormat, list_number: str = "") -> Answer:
        """What the bank's file says; nothing is recorded yet, so that it can be shown first.

        Args:
            list_number: Which list it answers, where the bank's form does not say so.

        Raises:
            ClerkError: ``file_unreadable``, ``payment_list_unknown``, ``bank_list_not_chosen``.
            FileProblems: Every line that is not an answer to the list.
        """
        try:
            # One byte more than may be tells that it is too large, without reading all of it.
            with source.open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
        except OSError as error:
            raise ClerkError("file_unreadable", reason=error.strerror or str(error)) from error
        number = list_number or list_number_in(content, source.name, bank)
        if not number:
            raise ClerkError("bank_list_not_chosen")
        return read_answer(content, source.name, bank, self.desk.ledger.payment_list(number))

    def record(self, answer: Answer, password: str) -> PaymentList:
        """Write down the whole answer, or nothing of it.

        Raises:
            ClerkError: ``sign_in_refused``, ``not_allowed``, ``payment_answered`` when another desk was first.
        """
        self.desk.require(Action.PAY)
        self.desk.ledger.confirm_password(password)
        return self.desk.ledger.record_payment_results(answer.list_number, answer.results)

    def failed(self, given: PaymentList) -> tuple[str, ...]:
        """The vouchers of a list whose transfer failed and that can be paid again now."""
        refused = [each.voucher_number for each in given.payments if each.result and not each.result.is_paid]
        return tuple(number for number in refused if self.desk.ledger.stage(number) is Stage.PAYABLE)

    def pay_again(self, given: PaymentList, password: str) -> PaymentList:
        """Put what failed on a new list; no settlement is made anew.

        Raises:
            ClerkError: As ``make_list``; ``nothing_to_pay`` when nothing of it can be paid again.
        """
        return self.make_list(self.failed(given), password)
