from __future__ import annotations

import contextlib
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.codes import Action, Stage
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PayeeAccount, PaymentResult, Review, Settlement
from tests.ledger.news import correct_all, prior
from tests.ledger.office import CLERK, PASSWORD, REVIEWER, Office, receipt, staffed
from tests.ledger.paying_desk import ACCOUNT, FAILED, FINANCE, PAID, Desk


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_settlement_goes_from_review_to_the_bank_and_the_shelf(desk: Desk) -> None:
    settled = desk.settled()
    assert desk.stage(settled) is Stage.UNREVIEWED
    desk.reviewed(settled)
    assert desk.stage(settled) is Stage.PAYABLE
    listed = desk.listed(settled)
    assert desk.stage(settled) is Stage.IN_PAYMENT
    assert (listed.list_number, listed.made_by) == ("B360100-2023-00001", "孙财务")
    (payment,) = listed.payments
    assert (payment.voucher_number, payment.amount_fen) == (settled.voucher_number, settled.fund_fen)
    assert payment.account == PayeeAccount(ACCOUNT.name, "", ACCOUNT.bank, ACCOUNT.account)
    desk.answered(listed, [PAID])
    assert desk.stage(settled) is Stage.PAID
    staffed(desk.office.ledger, FINANCE).archive([settled.voucher_number], "2023-06-01")
    with pytest.raises(ClerkError, match="archived_already"):
        desk.office.ledger.archive([settled.voucher_number], "2023-06-02")


def test_nothing_is_paid_before_a_second_person_has_passed_it(desk: Desk) -> None:
    settled = desk.settled()
    with pytest.raises(ClerkError, match="not_payable"):
        desk.listed(settled)
    desk.reviewed(settled, note="票据日期与病历不符", has_passed=False)
    assert desk.stage(settled) is Stage.OBJECTED
    with pytest.raises(ClerkError, match="not_payable"):
        desk.listed(settled)
    desk.reversed(settled)
    assert desk.stage(settled) is Stage.CLOSED


def test_who_settled_does_not_review(desk: Desk) -> None:
    settled = desk.settled()
    desk.office.ledger.sign_in("guan", PASSWORD)
    desk.office.ledger.change_user(replace(CLERK, role=REVIEWER.role))
    desk.office.ledger.sign_in("li", PASSWORD)
    desk.office.ledger.confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="reviewer_is_clerk"):
        desk.office.ledger.review([settled.voucher_number])


def test_a_review_wants_the_password_each_time_and_happens_once(desk: Desk) -> None:
    settled, other = desk.settled("1"), desk.settled("2")
    staffed(desk.office.ledger, REVIEWER)
    with pytest.raises(ClerkError, match="password_needed"):
        desk.office.ledger.review([settled.voucher_number])
    desk.reviewed(settled)
    with pytest.raises(ClerkError, match="password_needed"):
        desk.office.ledger.review([other.voucher_number])
    with pytest.raises(ClerkError, match="reviewed_already"):
        desk.reviewed(settled)
    with pytest.raises(ClerkError, match="reason_missing"):
        desk.reviewed(other, has_passed=False)


def test_what_was_accepted_before_it_was_settled_needs_no_second_look(desk: Desk) -> None:
    person = desk.office.person()
    desk.office.ledger.give_account(person.person_id, ACCOUNT)
    settled = desk.office.settle(person, receipt("1"), review=Review("赵复核", "已核"))
    assert desk.stage(settled) is Stage.PAYABLE
    assert desk.listed(settled).total_fen == settled.fund_fen


def test_one_settlement_is_never_paid_twice(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    listed = desk.listed(settled)
    with pytest.raises(ClerkError, match="not_payable"):
        desk.listed(settled)
    desk.answered(listed, [PAID])
    with pytest.raises(ClerkError, match="not_payable"):
        desk.listed(settled)
    with pytest.raises(ClerkError, match="payment_answered"):
        desk.answered(listed, [FAILED])


def test_a_failed_transfer_is_paid_again_without_a_new_settlement(desk: Desk) -> None:
    settled, other = desk.settled("1"), desk.settled("2")
    desk.reviewed(settled, other)
    listed = desk.listed(settled, other)
    answered = desk.answered(listed, [FAILED, PAID])
    assert [payment.result for payment in answered.payments] == [FAILED, PAID]
    assert (desk.stage(settled), desk.stage(other)) == (Stage.PAYABLE, Stage.PAID)

    staffed(desk.office.ledger, CLERK)
    changed = PayeeAccount("张三", "本人", "示例银行城北支行", "6200 0000 0000 0000 009")
    person_id = settled.person_id
    with pytest.raises(ClerkError, match="account_needs_second"):
        desk.office.ledger.give_account(person_id, changed)
    with pytest.raises(ClerkError, match="approval_missing"):
        desk.office.ledger.give_account(person_id, changed, "赵复核")
    second = desk.office.ledger.approve("zhao", PASSWORD, Action.REVIEW)
    desk.office.ledger.give_account(person_id, changed, second)
    again = desk.listed(settled)
    assert [(payment.amount_fen, payment.account.account) for payment in again.payments] == [
        (settled.fund_fen, "6200000000000000009")
    ]
    assert desk.office.ledger.payment_lists() == [again, answered]


def test_no_account_is_taken_for_a_voucher_alone_that_names_none_and_goes_by_the_persons(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    desk.answered(desk.listed(settled), [FAILED])
    ledger = staffed(desk.office.ledger, CLERK)
    another = PayeeAccount("张三", "本人", "示例银行城北支行", "6200000000000000034")
    with pytest.raises(ClerkError, match="account_of_voucher"):
        ledger.give_account(
            settled.person_id, another, ledger.approve("zhao", PASSWORD, Action.REVIEW), settled.voucher_number
        )


def test_an_account_that_came_with_a_claim_gives_way_once_the_bank_refused_it_and_two_persons_say_so(
    desk: Desk,
) -> None:
    staffed(desk.office.ledger, CLERK)
    person = desk.office.person()
    payee = Payee("李四", "配偶", "示例银行", "6200000000000000026")
    settled, other = (desk.office.settle(person, receipt(number), payee=payee) for number in ("1", "2"))
    another = PayeeAccount("李四", "配偶", "示例银行城北支行", "6200000000000000034")
    number, ledger = settled.voucher_number, desk.office.ledger
    desk.reviewed(settled, other)
    staffed(ledger, CLERK)
    second = ledger.approve("zhao", PASSWORD, Action.REVIEW)
    with pytest.raises(ClerkError, match="account_of_voucher"):
        ledger.give_account(person.person_id, another, second, number)

    desk.answered(desk.listed(settled, other), [FAILED, PAID])
    staffed(ledger, CLERK)
    with pytest.raises(ClerkError, match="account_needs_second"):
        ledger.give_account(person.person_id, another, None, number)
    second = ledger.approve("zhao", PASSWORD, Action.REVIEW)
    with pytest.raises(ClerkError, match="account_of_voucher"):
        ledger.give_account(person.person_id, another, second, other.voucher_number)
    ledger.give_account(person.person_id, another, second, number)

    assert ledger.payee_account(person.person_id) is None, "it is for this voucher alone"
    assert ledger.settlement(number).payee == payee, "the voucher never changes"
    again = desk.listed(settled)
    assert [payment.account.account for payment in again.payments] == [another.account]
    with pytest.raises(ClerkError, match="account_of_voucher"):
        staffed(ledger, CLERK).give_account(
            person.person_id, ACCOUNT, ledger.approve("zhao", PASSWORD, Action.REVIEW), number
        )


def test_an_account_that_is_new_does_not_come_in_with_a_claim_once_there_is_another(desk: Desk) -> None:
    ledger = staffed(desk.office.ledger, CLERK)
    person = desk.office.person()
    first = Payee("张三", "本人", "示例银行", "6200000000000000026")
    others = replace(first, name="李四", relation="配偶", account="6200000000000000034")
    desk.office.settle(person, receipt("1"), payee=first)
    desk.office.settle(person, receipt("2"), payee=first)
    for changed in (others, replace(first, name="李四")):
        with pytest.raises(ClerkError, match="account_changed_with_claim"):
            desk.office.settle(person, receipt("3"), payee=changed)

    given = PayeeAccount(others.name, others.relation, others.bank, others.account)
    with pytest.raises(ClerkError, match="account_needs_second"):
        ledger.give_account(person.person_id, given)
    second = ledger.approve("zhao", PASSWORD, Action.REVIEW)
    ledger.give_account(person.person_id, given, second)
    settled = desk.office.settle(person, receipt("3"), payee=others)
    assert settled.payee == others
    second = ledger.approve("zhao", PASSWORD, Action.REVIEW)
    ledger.give_account(person.person_id, ACCOUNT, second)
    with pytest.raises(ClerkError, match="account_changed_with_claim"):
        desk.office.settle(person, receipt("4"), payee=others)
    assert [each.account.account for each in ledger.known_accounts(person.person_id)] == [
        ACCOUNT.account,
        first.account,
    ], "what was replaced is not offered again"


def test_the_account_of_a_voucher_that_was_taken_back_is_forgotten(desk: Desk) -> None:
    ledger = staffed(desk.office.ledger, CLERK)
    person = desk.office.person()
    wrong = Payee("张三", "本人", "示例银行", "6200000000000000026")
    settled = desk.office.settle(person, receipt("1"), payee=wrong)
    assert [each.account.account for each in ledger.known_accounts(person.person_id)] == [wrong.account]
    desk.reversed(settled)
    right = replace(wrong, account="6200000000000000034")
    assert desk.office.settle(person, receipt("1"), payee=right).payee == right


def test_what_the_bank_said_of_an_account_last_is_told_with_it(desk: Desk) -> None:
    settled, other = desk.settled("1"), desk.settled("2")
    desk.reviewed(settled, other)
    desk.answered(desk.listed(settled), [FAILED])
    (known,) = desk.office.ledger.known_accounts(settled.person_id)
    assert (known.account, known.is_registered, known.refused) == (ACCOUNT, True, "户名不符")
    desk.answered(desk.listed(settled), [PAID])
    assert desk.office.ledger.known_accounts(settled.person_id)[0].refused == ""


def test_what_was_paid_and_no_longer_stands_is_to_be_recovered(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    desk.answered(desk.listed(settled), [PAID])
    desk.reversed(settled)
    assert desk.stage(settled) is Stage.RECOVER
    assert desk.due() == {settled.voucher_number: -settled.fund_fen}


def test_a_correction_before_the_payment_changes_what_is_paid(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    staffed(desk.office.ledger, CLERK).record_prior_benefit(settled.person_id, prior(300, 0))
    (correction,) = correct_all(desk.office, desk.office.ledger.person(settled.person_id))
    assert correction.fund_fen != 0
    assert desk.listed(settled).total_fen == settled.fund_fen + correction.fund_fen
    assert desk.stage(correction) is None, "its difference is paid with what it corrects"


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (PayeeAccount("", "", "示例银行", "62"), "account_form"),
        (PayeeAccount("张三", "", "示例银行", ""), "account_form"),
        (PayeeAccount("张三", "", "示例银行", "=1+1"), "account_form"),
        (PayeeAccount("张三", "", "示例银行", "六二"), "account_form"),
    ],
)
def test_money_goes_to_a_named_person_and_a_plain_number(desk: Desk, account: PayeeAccount, code: str) -> None:
    person = desk.office.person()
    with pytest.raises(ClerkError, match=code):
        desk.office.ledger.give_account(person.person_id, account)
    assert desk.office.ledger.payee_account(person.person_id) is None


def test_without_an_account_nothing_goes_to_the_bank(desk: Desk) -> None:
    settled = desk.office.settle(desk.office.person(), receipt("1"))
    desk.reviewed(settled)
    with pytest.raises(ClerkError, match="account_missing"):
        desk.listed(settled)
    with pytest.raises(ClerkError, match="nothing_to_pay"):
        desk.listed()


def test_papers_are_shelved_when_the_money_is_through(desk: Desk) -> None:
    settled = desk.settled()
    staffed(desk.office.ledger, FINANCE)
    with pytest.raises(ClerkError, match="not_archivable"):
        desk.office.ledger.archive([settled.voucher_number], "2023-06-01")
    with pytest.raises(ClerkError, match="box_missing"):
        desk.office.ledger.archive([settled.voucher_number], " ")


def test_an_answer_to_what_was_never_asked_is_refused_whole(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    listed = desk.listed(settled)
    with pytest.raises(ClerkError, match="payment_unknown"):
        desk.answered(listed, [PAID, PAID])
    with pytest.raises(ClerkError, match="reason_missing"):
        desk.answered(listed, [PaymentResult(is_paid=False)])
    assert desk.stage(settled) is Stage.IN_PAYMENT
    desk.office.ledger.confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="payment_list_unknown"):
        desk.office.ledger.record_payment_results("B360100-2023-00099", {0: PAID})


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_database_itself_refuses_a_double_payment(desk: Desk) -> None:
    settled, other = desk.settled("1"), desk.settled("2")
    desk.reviewed(settled)
    desk.listed(settled)
    payment = "INSERT INTO payments VALUES ('B360100-2023-00001', ?, ?, ?, '张三', '', '62')"
    with contextlib.closing(sqlite3.connect(desk.office.path)) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="no more is paid than what stands"):
            raw.execute(payment, (1, 1, 1))
        with pytest.raises(sqlite3.IntegrityError, match="only what a second person has passed"):
            raw.execute(payment, (1, 2, other.fund_fen))
        answer = "INSERT INTO payment_results VALUES ('B360100-2023-00001', 0, 0, '户名不符', '2023-06-01', '孙')"
        raw.execute(answer)
        with pytest.raises(sqlite3.IntegrityError, match="no more is paid than what stands"):
            raw.execute(payment, (1, 1, settled.fund_fen + 1))
        raw.execute(payment, (1, 1, settled.fund_fen))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_nobody_gets_more_than_stands_and_in_the_end_all_of_it(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a walk that can be walked again
    person = desk.office.person()
    standing: list[Settlement] = []
    for step in range(40):
        match chance.randrange(5):
            case 0 | 1:
                standing.append(desk.settled(f"s{step}", person))
            case 2 if standing:
                desk.reversed(standing.pop(chance.randrange(len(standing))))
            case 3:
                waiting = [each for each in standing if desk.stage(each) is Stage.UNREVIEWED]
                if waiting:
                    desk.reviewed(*waiting)
            case 4:
                payable = [each for each in standing if desk.stage(each) is Stage.PAYABLE]
                if payable:
                    listed = desk.listed(*payable)
                    desk.answered(listed, [chance.choice((PAID, FAILED)) for _payment in listed.payments])
        got = paid_fen(desk)
        owed = {each.voucher_number: each.fund_fen for each in standing}
        back = {number: -due for number, due in desk.due().items() if due < 0}
        for number, fen in got.items():
            assert fen == owed.get(number, 0) + back.get(number, 0) or fen == 0, f"seed {seed} step {step}"
    left = [each for each in standing if desk.stage(each) is Stage.UNREVIEWED]
    if left:
        desk.reviewed(*left)
    while payable := [each for each in standing if desk.stage(each) is Stage.PAYABLE]:
        desk.answered(desk.listed(*payable), [PAID] * len(payable))
    assert {number: fen for number, fen in paid_fen(desk).items() if number in owed_numbers(standing)} == {
        each.voucher_number: each.fund_fen for each in standing if each.fund_fen
    }


def owed_numbers(standing: Sequence[Settlement]) -> set[str]:
    return {each.voucher_number for each in standing}


def paid_fen(desk: Desk) -> dict[str, int]:
    """By voucher, what the bank says that it has paid."""
    got: dict[str, int] = {}
    for payment_list in desk.office.ledger.payment_lists():
        for payment in payment_list.payments:
            if payment.result is not None and payment.result.is_paid:
                got[payment.voucher_number] = got.get(payment.voucher_number, 0) + payment.amount_fen
    return got
