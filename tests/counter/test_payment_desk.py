from __future__ import annotations

import pytest

from clerk_app.codes import Stage
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import PayeeDraft
from clerk_app.counter.payment_desk import Choice, PaymentDesk, account_words, list_words
from clerk_app.counter.second_person import SecondPerson
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PayeeAccount, PaymentResult
from tests.counter import people
from tests.counter.desks import sign_in
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER

ACCOUNT = PayeeAccount("张三示例", "本人", "示例银行", "6200000000000000018")
OTHER = PayeeAccount("张三示例", "本人", "示例银行", "6200000000000000026")
NOBODY = SecondPerson("", "")


@pytest.fixture
def payments(desk: Desk) -> PaymentDesk:
    """Finance, with two reviewed settlements of somebody without an account."""
    numbers = []
    for number in ("A1", "A2"):
        entry = people.filled(ClaimEntry(desk), people.receipt(number))
        entry.insured.identify()
        numbers.append(entry.settle().voucher_number)
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review(numbers)
    sign_in(desk, FINANCE)
    return PaymentDesk(desk)


def give(payments: PaymentDesk, account: PayeeAccount, second: SecondPerson = NOBODY) -> None:
    """As the clerk does."""
    sign_in(payments.desk, CLERK)
    payments.give_account(payments.due()[0], account, second)


def test_what_has_no_account_is_counted_and_left_out(payments: PaymentDesk) -> None:
    choice = payments.choice(payments.due())
    assert choice == Choice((), 0, 2)
    with pytest.raises(ClerkError, match="nothing_to_pay"):
        payments.make_list(choice, PASSWORD)


def test_a_list_goes_out_once_and_comes_back_by_place(payments: PaymentDesk, desk: Desk) -> None:
    give(payments, ACCOUNT)
    sign_in(desk, FINANCE)
    choice = payments.choice(payments.due())
    with pytest.raises(ClerkError, match="sign_in_refused"):
        payments.make_list(choice, "wrong password")
    listed = payments.make_list(choice, PASSWORD)
    assert listed.total_fen == choice.total_fen == 70_000
    with pytest.raises(ClerkError, match="not_payable"):
        payments.make_list(choice, PASSWORD)
    assert list_words(listed) == "待回盘 2 笔"
    with pytest.raises(ClerkError, match="nothing_answered"):
        payments.record_results(listed.list_number, {}, PASSWORD)
    half = payments.record_results(listed.list_number, {1: PaymentResult(is_paid=False, reason="户名不符")}, PASSWORD)
    assert list_words(half) == "待回盘 1 笔，失败 1 笔"
    whole = payments.record_results(listed.list_number, {0: PaymentResult(is_paid=True)}, PASSWORD)
    assert list_words(whole) == "失败 1 笔"
    assert [line.voucher_number for line in payments.due()] == [listed.payments[1].voucher_number]


def test_a_changed_account_takes_a_second_person_who_may_review(payments: PaymentDesk, desk: Desk) -> None:
    give(payments, ACCOUNT)
    line = payments.due()[0]
    for second, code in (
        (NOBODY, "account_needs_second"),
        (SecondPerson(CLERK.login, PASSWORD), "not_allowed"),
        (SecondPerson(FINANCE.login, PASSWORD), "not_allowed"),
        (SecondPerson(REVIEWER.login, "wrong password"), "sign_in_refused"),
    ):
        with pytest.raises(ClerkError, match=code):
            payments.give_account(line, OTHER, second)
    assert desk.ledger.payee_account(line.person_id) == ACCOUNT
    payments.give_account(line, OTHER, SecondPerson(REVIEWER.login, PASSWORD))
    assert payments.due()[0].account == OTHER


def test_another_account_is_a_change_where_the_person_has_one_by_whatever_way(
    payments: PaymentDesk, desk: Desk
) -> None:
    sign_in(desk, CLERK)
    assert payments.changes(payments.due()) == frozenset()
    # The person comes again, with an account on the claim; the earlier vouchers still have none.
    entry = people.filled(ClaimEntry(desk), people.receipt("A3"))
    entry.insured.identify()
    entry.draft.payee = PayeeDraft(bank=ACCOUNT.bank, account=ACCOUNT.account)
    entry.settle()
    without = payments.due()
    assert {line.account for line in without} == {None}
    assert payments.changes(without) == {line.voucher_number for line in without}
    with pytest.raises(ClerkError, match="account_needs_second"):
        payments.give_account(without[0], OTHER, NOBODY)
    sign_in(desk, FINANCE)
    assert payments.changes(without) == frozenset(), "nobody asks for what is not to be done here"


def test_only_a_clerk_says_where_money_goes(payments: PaymentDesk) -> None:
    line = payments.due()[0]
    assert "由经办人员" in payments.why_not_changed(line)
    with pytest.raises(ClerkError, match="not_allowed"):
        payments.give_account(line, ACCOUNT, NOBODY)


def test_papers_go_on_the_shelf_once_the_money_is_there(payments: PaymentDesk, desk: Desk) -> None:
    give(payments, ACCOUNT)
    sign_in(desk, FINANCE)
    with pytest.raises(ClerkError, match="not_archivable"):
        payments.archive(payments.due(), "2026-11")
    listed = payments.make_list(payments.choice(payments.due()), PASSWORD)
    payments.record_results(listed.list_number, dict.fromkeys(range(2), PaymentResult(is_paid=True)), PASSWORD)
    with pytest.raises(ClerkError, match="box_missing"):
        payments.archive(payments.to_archive(), " ")
    assert payments.archive(payments.to_archive(), "2026-11") == 2
    assert payments.to_archive() == []
    assert desk.ledger.stage(listed.payments[0].voucher_number) is Stage.PAID


def test_nothing_that_is_shown_or_logged_has_a_password_or_a_whole_account() -> None:
    assert PASSWORD not in repr(SecondPerson("zhao", PASSWORD))
    assert ACCOUNT.account not in account_words(ACCOUNT)
    assert account_words(None) == "未登记"
