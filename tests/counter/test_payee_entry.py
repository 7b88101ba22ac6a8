from __future__ import annotations

import pytest

from clerk_app.codes import Action
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import PayeeDraft
from clerk_app.counter.review_desk import ReviewDesk
from clerk_app.counter.second_person import SecondPerson
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PayeeAccount
from clerk_app.wording import use_language
from tests.counter import people
from tests.counter.desks import sign_in
from tests.ledger.office import CLERK, PASSWORD, REVIEWER

CARD, ANOTHER, THIRD = "6200000000000000018", "6200000000000000026", "6200000000000000034"
OWN_CARD = PayeeDraft(bank="示例银行城南支行", account="6200 0000 0000 0000 018")


def claim(desk: Desk, number: str, payee: PayeeDraft | None = None) -> ClaimEntry:
    entry = people.filled(ClaimEntry(desk), people.receipt(number))
    entry.insured.identify()
    entry.draft.materials |= people.PAPERS
    if payee is not None:
        entry.draft.payee = payee
    return entry


def sentences(entry: ClaimEntry) -> str:
    return "\n".join(problem.sentence for problem in entry.obstacles() if problem.place.section == "payee")


def test_a_claim_names_the_account_that_was_typed_and_the_next_one_takes_it_over(desk: Desk) -> None:
    first = claim(desk, "A1", OWN_CARD).settle()
    assert first.payee == Payee("张三示例", "本人", "示例银行城南支行", CARD)
    second = claim(desk, "A2")
    assert second.draft.payee.is_blank
    assert second.payees.words(second.reading()) == "示例银行城南支行　620000*********0018"
    assert second.settle().payee == first.payee


def test_without_an_account_a_claim_is_settled_all_the_same(desk: Desk) -> None:
    entry = claim(desk, "A1")
    assert "支付前补填" in entry.payees.words(entry.reading())
    assert entry.settle().payee is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (PayeeDraft(account=CARD), "请填写开户银行"),
        (PayeeDraft(bank="示例银行"), "请填写账号"),
        (PayeeDraft(bank="示例银行", account="6200000000000000019"), "校验位"),
        (PayeeDraft(bank="示例银行", account="62ab"), "只能是 8 至 30 位数字"),
        (PayeeDraft(name="李四示例", bank="示例银行", account=CARD), "户名不是参保人本人"),
        (PayeeDraft("配偶", "", "示例银行", CARD, "委托"), "请填写户名"),
        (PayeeDraft("配偶", "李四示例", "示例银行", CARD), "由他人领取的原因"),
    ],
)
def test_an_account_that_is_not_whole_bars_the_settlement(desk: Desk, typed: PayeeDraft, said: str) -> None:
    entry = claim(desk, "A1", typed)
    assert said in sentences(entry)
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()


def test_somebody_else_collects_with_relation_and_reason_and_the_reviewer_sees_it(desk: Desk) -> None:
    entry = claim(desk, "A1", PayeeDraft("配偶", "李四示例", "示例银行", CARD, "本人卧床，已收委托书"))
    settled = entry.settle()
    assert settled.payee == Payee("李四示例", "配偶", "示例银行", CARD)
    remark = desk.ledger.remark(settled.voucher_number)
    assert "由他人（配偶）领取：本人卧床" in remark
    assert "李四示例" not in remark
    sign_in(desk, REVIEWER)
    said = "\n".join(banner.words for banner in ReviewDesk(desk).flags(settled))
    assert "款项由 李四示例（配偶）领取" in said
    assert "收款账户由录入人随申请填写：示例银行 620000*********0018" in said
    assert CARD not in said
    assert claim(desk, "A2").payees.on_record() is None, "what another collected once is no habit"


def test_another_account_is_confirmed_by_a_second_person_before_the_claim_is_settled(desk: Desk) -> None:
    claim(desk, "A1", OWN_CARD).settle()
    entry = claim(desk, "A2", PayeeDraft(bank="示例银行城北支行", account=ANOTHER))
    assert "第二人" in sentences(entry)
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()
    payee = entry.reading().payee
    assert payee is not None
    for second, code in (
        (SecondPerson("", ""), "account_needs_second"),
        (SecondPerson(REVIEWER.login, "wrong password"), "sign_in_refused"),
        (SecondPerson(CLERK.login, PASSWORD), "not_allowed"),
    ):
        with pytest.raises(ClerkError, match=code):
            entry.payees.change(payee, second)
    entry.payees.use(entry.insured.record, entry.payees.change(payee, SecondPerson(REVIEWER.login, PASSWORD)))
    entry.draft.payee = PayeeDraft()
    settled = entry.settle()
    assert settled.payee == payee
    assert desk.ledger.payee_account(settled.person_id) == PayeeAccount("张三示例", "本人", "示例银行城北支行", ANOTHER)
    assert PASSWORD not in repr(SecondPerson("zhao", PASSWORD))


def test_an_account_that_was_changed_elsewhere_meanwhile_is_shown_before_it_is_settled(desk: Desk) -> None:
    known = claim(desk, "A1", OWN_CARD).settle().person_id
    entry = claim(desk, "A2")
    second = desk.ledger.approve(REVIEWER.login, PASSWORD, Action.REVIEW)
    desk.ledger.give_account(known, PayeeAccount("张三示例", "本人", "示例银行", THIRD), second)
    with pytest.raises(ClerkError, match="account_changed_meanwhile"):
        entry.settle()
    assert "****0034" in entry.payees.words(entry.reading())
    assert entry.settle().payee == Payee("张三示例", "本人", "示例银行", THIRD)


def test_what_is_put_on_record_is_chinese_whatever_the_screen_speaks(desk: Desk) -> None:
    entry = claim(desk, "A1", PayeeDraft("配偶", "李四示例", "示例银行", CARD, "本人卧床，已收委托书"))
    use_language("en")
    try:
        settled = entry.settle()
    finally:
        use_language("zh_CN")
    assert desk.ledger.remark(settled.voucher_number) == "款项由他人（配偶）领取：本人卧床，已收委托书"
