"""支付: what is due to whom, the lists for the bank and its answers, and the papers that go on the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clerk_app.codes import Action, Stage
from clerk_app.counter.desk import Desk
from clerk_app.counter.payee_entry import confirmed_change
from clerk_app.counter.second_person import SecondPerson
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payable, PayeeAccount, Payment, PaymentList, PaymentResult
from clerk_app.money import format_yuan
from clerk_app.receipts.bank_account import parse_account
from clerk_app.receipts.id_card import masked
from clerk_app.wording import N_, _, filled

#: How many lists are shown; each comes with all of its transfers.
_MOST_LISTS = 30
_NO_ACCOUNT = N_("未登记")


@dataclass(frozen=True, slots=True)
class Choice:
    """What chosen settlements come to.

    Attributes:
        vouchers: Those that can be put on a list.
        without_account: How many cannot, for nobody knows where their money goes.
    """

    vouchers: tuple[str, ...]
    total_fen: int
    without_account: int

    @property
    def words(self) -> str:
        """How many, how much, and what is left out."""
        words = _("已选 {count} 张，合计 {total} 元").format(
            count=len(self.vouchers), total=format_yuan(self.total_fen, separators=True)
        )
        if self.without_account:
            words += _("；另有 {count} 张没有收款账户，不会列入").format(count=self.without_account)
        return words


class PaymentDesk:
    """The way from a reviewed settlement to the money and the shelf.

    What a bank's file looks like is no matter here: ``make_list`` gives the list with its transfers, and
    ``record_results`` takes what the bank said of each by its place in the list, whoever read it.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def due(self) -> list[Payable]:
        """Settlements that are reviewed and not paid, the oldest first; what the bank could not pay is there again."""
        return self.desk.ledger.payables(frozenset({Stage.PAYABLE}))

    def to_archive(self) -> list[Payable]:
        """Settlements whose papers can go on the shelf."""
        return self.desk.ledger.to_archive()

    def lists(self) -> list[PaymentList]:
        """The bank's latest lists, the newest first."""
        return self.desk.ledger.payment_lists(_MOST_LISTS)

    def choice(self, lines: Iterable[Payable]) -> Choice:
        """What some settlements come to on a list."""
        chosen = list(lines)
        payable = [line for line in chosen if line.account is not None]
        total_fen = sum(line.due_fen for line in payable)
        return Choice(tuple(line.voucher_number for line in payable), total_fen, len(chosen) - len(payable))

    # --- Acts ---------------------------------------------------------------------------------------------------

    def make_list(self, choice: Choice, password: str) -> PaymentList:
        """Put settlements on the bank's next list.

        Args:
            password: Of who does it, typed for this.

        Raises:
            ClerkError: ``nothing_to_pay``, ``sign_in_refused``, or as ``Ledger.make_payment_list``.
        """
        self.desk.require(Action.PAY)
        if not choice.vouchers:
            raise ClerkError("nothing_to_pay")
        self.desk.ledger.confirm_password(password)
        return self.desk.ledger.make_payment_list(choice.vouchers)

    def record_results(self, list_number: str, results: Mapping[int, PaymentResult], password: str) -> PaymentList:
        """Write down what the bank said.

        Args:
            results: By place in the list, from 0.
            password: Of who does it, typed for this.

        Raises:
            ClerkError: ``nothing_answered``, ``sign_in_refused``, or as ``Ledger.record_payment_results``.
        """
        self.desk.require(Action.PAY)
        if not results:
            raise ClerkError("nothing_answered")
        self.desk.ledger.confirm_password(password)
        return self.desk.ledger.record_payment_results(list_number, results)

    def archive(self, lines: Iterable[Payable], box: str) -> int:
        """Write down in which box the papers of settlements lie; returns how many.

        Raises:
            ClerkError: As ``Ledger.archive``.
        """
        numbers = [line.voucher_number for line in lines]
        if numbers:
            self.desk.ledger.archive(numbers, box)
        return len(numbers)

    def changes(self, lines: Iterable[Payable]) -> frozenset[str]:
        """The vouchers of some settlements where another account is a change, which a second person confirms.

        The ledger is asked, so that a page knows it with its lines; for whoever may not change an account it is not.
        """
        if not self.desk.may(Action.CHANGE_PAYEE):
            return frozenset()
        listed = list(lines)
        without = {line.person_id for line in listed if line.account is None}
        # Where money of a person goes already is on the line; else another voucher may have named an account.
        known = {person_id for person_id in without if self.desk.ledger.known_accounts(person_id)}
        return frozenset(line.voucher_number for line in listed if line.account or line.person_id in known)

    def why_not_changed(self, line: Payable) -> str:
        """Why the account of a settlement is not to be changed here; empty where it may be."""
        if line.is_of_voucher and not line.has_failed:
            return _("收款账户随申请填写，印在结算单上。银行退回后才能变更；现在要换账户，请冲正后重新结算。")
        if not self.desk.may(Action.CHANGE_PAYEE):
            return _("收款账户由经办人员登记或变更，变更须第二人确认。")
        return ""

    def give_account(self, line: Payable, account: PayeeAccount, second: SecondPerson) -> PayeeAccount:
        """Record where money goes; a change takes a second person who may review.

        It is for all that the person is to get; where the bank refused the account of a voucher, for that voucher.

        Raises:
            ClerkError: ``account_of_voucher``, ``account_needs_second``, ``sign_in_refused``, ``sign_in_locked``,
                ``reviewer_is_clerk``, ``account_form``, ``account_digits``, ``account_check_digit``, ``bank_missing``,
                ``not_allowed``.
        """
        if line.is_of_voucher and not line.has_failed:
            raise ClerkError("account_of_voucher", voucher=line.voucher_number)
        self.desk.require(Action.CHANGE_PAYEE)
        account = replace(account, account=parse_account(account.account))
        if not account.bank.strip():
            raise ClerkError("bank_missing")
        if line.voucher_number not in self.changes([line]):
            return self.desk.ledger.give_account(line.person_id, account)
        of_voucher = line.voucher_number if line.is_of_voucher else ""
        return confirmed_change(self.desk, line.person_id, account, second, of_voucher)


def account_words(account: PayeeAccount | None) -> str:
    """An account's number as lists show it."""
    return _(_NO_ACCOUNT) if account is None else masked(account.account)


def refusals(due: Iterable[Payable], lists: Iterable[PaymentList]) -> dict[str, str]:
    """What the bank said last of a transfer to the very account that is to be paid again, by voucher number.

    Args:
        lists: The newest first, as ``lists`` gives them.
    """
    last: dict[str, Payment] = {}
    for listed in lists:
        for payment in listed.payments:
            if payment.result is not None:
                last.setdefault(payment.voucher_number, payment)
    found: dict[str, str] = {}
    for line in due:
        latest = last.get(line.voucher_number)
        if latest is None or latest.result is None or latest.result.is_paid or line.account is None:
            continue
        # A list for the bank does not say how the payee is related.
        if replace(latest.account, relation="") == replace(line.account, relation=""):
            found[line.voucher_number] = latest.result.reason
    return found


def list_words(listed: PaymentList) -> str:
    """How far the bank's answer is recorded."""
    waiting = sum(payment.result is None for payment in listed.payments)
    failed = sum(payment.result is not None and not payment.result.is_paid for payment in listed.payments)
    if waiting and failed:
        return filled(_("待回盘 {waiting} 笔，失败 {failed} 笔"), {"waiting": waiting, "failed": failed})
    if waiting:
        return filled(_("待回盘 {count} 笔"), {"count": waiting})
    return filled(_("失败 {count} 笔"), {"count": failed}) if failed else _("全部已支付")
