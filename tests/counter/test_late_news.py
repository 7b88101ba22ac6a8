from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import Benefit, Payer
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.late_news import LateNews, Reversal, effect_words, receipt_words, summary_words, warning_words
from clerk_app.counter.second_person import Reviewer
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PriorBenefit, Settlement, SettlementKind, SettlementRequest
from clerk_app.receipts.claim import AccountOffer, Claim
from tests.counter.desks import sign_in
from tests.counter.people import ZHANG, filled, receipt
from tests.ledger.office import CLERK, PASSWORD, REVIEWER

ZHAO = Reviewer(REVIEWER.login, PASSWORD, "核对无误")


def settled(desk: Desk, number: str, total: str = "1000") -> Settlement:
    entry = ClaimEntry(desk)
    entry.draft.person.id_number = ZHANG
    entry.insured.identify()
    return filled(entry, receipt(number, total)).settle()


def platform(deductible_yuan: int, fund_yuan: int = 0) -> PriorBenefit:
    return PriorBenefit(2026, Benefit.ORDINARY, deductible_yuan * 100, fund_yuan * 100, date(2026, 11, 21))


def test_a_reversal_is_shown_with_what_it_changes_before_it_is_confirmed(desk: Desk) -> None:
    first, second = settled(desk, "A1"), settled(desk, "A2")
    news = LateNews(desk, first.person_id)

    (effect,) = shown = news.of_reversal(first.voucher_number)
    assert summary_words(shown) == (
        "会影响 1 笔已结算的单据，统筹支付合计变化 -300.00。确认后请逐笔办理更正，原单不变。"
    )
    assert effect_words(effect) == (
        f"结算单 {second.voucher_number}（2026-11-22 结算）：统筹支付由 500.00 变为 200.00，应退回 300.00"
    )
    assert receipt_words(effect.receipts[0]) == "票据 A2：起付线 0.00 → 600.00，统筹支付 500.00 → 200.00"
    assert warning_words(effect) == ()
    assert news.open() == (), "nothing was saved"


def test_what_changes_nothing_is_said_to_change_nothing(desk: Desk) -> None:
    only = settled(desk, "A1")
    assert summary_words(LateNews(desk, only.person_id).of_reversal(only.voucher_number)) == "不影响其他已结算的单据。"


def test_a_reversal_and_its_consequences_are_settled_one_after_the_other(desk: Desk) -> None:
    first, second = settled(desk, "A1"), settled(desk, "A2")
    Reversal(desk, first.voucher_number).reverse("票据录错")
    news = LateNews(desk, first.person_id)
    (effect,) = news.open()

    correction = news.correct(effect, "前一笔已冲正", ZHAO)
    assert correction.kind is SettlementKind.CORRECTION
    assert (correction.original_number, correction.fund_fen) == (second.voucher_number, -30_000)
    assert (correction.clerk, correction.correction_reason) == (CLERK.name, "前一笔已冲正")
    assert news.open() == ()
    again = news.correct(effect, "前一笔已冲正", ZHAO)
    assert again == correction, "pressed twice"


def test_a_networked_settlement_that_becomes_known_is_shown_recorded_and_settled(desk: Desk) -> None:
    first = settled(desk, "A1")
    second = settled(desk, "A2", "4000")
    news = LateNews(desk, first.person_id)
    known = platform(200, 100)
    assert news.of_networked_settlement(2026, Benefit.ORDINARY) in (None, platform(0))
    shown = news.of_prior_benefit(known)
    assert [effect.difference_fen for effect in shown] == [10_000, -20_000]

    desk.ledger.record_prior_benefit(first.person_id, known)
    assert news.of_networked_settlement(2026, Benefit.ORDINARY) == known
    assert [effect.voucher_number for effect in news.open()] == [second.voucher_number, first.voucher_number]
    done = list(news.correct_all("补录联网结算", ZHAO))
    assert [(each.original_number, each.fund_fen) for each in done] == [
        (second.voucher_number, -20_000),
        (first.voucher_number, 10_000),
    ]
    assert news.open() == ()


def test_a_deductible_that_moves_without_money_is_said_so(desk: Desk) -> None:
    first = settled(desk, "A1")
    settled(desk, "A2", "5000")
    third = settled(desk, "A3")
    assert third.fund_fen == 0, "the cap is used up"
    news = LateNews(desk, first.person_id)
    Reversal(desk, first.voucher_number).reverse("票据录错")
    desk.ledger.record_prior_benefit(first.person_id, platform(0, 1_800))
    list(news.correct_all("补录", ZHAO))
    desk.ledger.record_prior_benefit(first.person_id, platform(600, 1_800))
    (effect,) = news.open()
    assert effect_words(effect).endswith("统筹支付 0.00 不变，扣除的起付线有变化")


def test_a_late_receipt_changes_nothing_where_settlements_follow_one_another(desk: Desk) -> None:
    first = settled(desk, "A1")
    late = replace(first.receipts[0].receipt, number="A0", visited_on=date(2026, 1, 5))
    assert LateNews(desk, first.person_id).of_claim(Claim((late,)), "360000").effects == ()


def test_an_account_is_told_what_it_gets_back(desk: Desk) -> None:
    first = settled(desk, "A1")
    person, policy = desk.ledger.person(first.person_id), desk.policy("360000")
    offer = AccountOffer(100_000, Payer.SELF)
    paper = replace(first.receipts[0].receipt, number="A2")
    claim = Claim((paper,), materials=first.materials, account=offer)
    shown = adjudicate_claim(claim, person.entitlement, policy, desk.ledger.year_to_date(person.person_id, policy))
    request = SettlementRequest("k", first.person_id, claim, policy, shown, date(2026, 11, 22))
    assert desk.ledger.settle(request).account_fen == 50_000
    desk.ledger.record_prior_benefit(first.person_id, platform(0, 0))
    Reversal(desk, first.voucher_number).reverse("票据录错")
    news = LateNews(desk, first.person_id)
    list(news.correct_all("前一笔已冲正", ZHAO))
    desk.ledger.record_prior_benefit(first.person_id, platform(600))

    (effect,) = news.open()
    assert effect_words(effect).endswith("统筹支付由 200.00 变为 500.00，应补付 300.00")
    assert warning_words(effect) == ()
    assert effect.account_after_fen == 50_000, "the person still bears what the account has paid"


def test_files_that_were_changed_since_are_told(desk: Desk) -> None:
    first = settled(desk, "A1")
    settled(desk, "A2")
    (effect,) = LateNews(desk, first.person_id).of_reversal(first.voucher_number)
    (changed,) = effect.receipts
    same = replace(effect, receipts=(replace(changed, policy_hash_now="f" * 64),))
    other = replace(effect, receipts=(replace(changed, policy_hash_now="f" * 64, has_same_figures=False),))
    assert "重算与原结果一致" in warning_words(same)[0]
    assert "不能按差额更正" in warning_words(other)[0]
    money_back = replace(effect, account_before_fen=50_000, account_after_fen=20_000)
    assert warning_words(money_back) == ("个人账户已支付 500.00，其中 300.00 应退回个人账户。",)


@pytest.mark.parametrize(
    ("reviewer", "code"),
    [
        (Reviewer(CLERK.login, PASSWORD, "属实"), "not_allowed"),
        (Reviewer(REVIEWER.login, "不是这个口令", "属实"), "sign_in_refused"),
        (Reviewer("", PASSWORD, "属实"), "correction_review_needed"),
        (Reviewer(REVIEWER.login, PASSWORD, " "), "correction_review_needed"),
    ],
)
def test_a_correction_needs_a_second_person_who_proves_it(desk: Desk, reviewer: Reviewer, code: str) -> None:
    first = settled(desk, "A1")
    desk.ledger.record_prior_benefit(first.person_id, platform(200))
    news = LateNews(desk, first.person_id)
    (effect,) = news.open()
    with pytest.raises(ClerkError, match=code):
        news.correct(effect, "补录", reviewer)
    with pytest.raises(ClerkError, match="reason_missing"):
        news.correct(effect, " ", ZHAO)
    assert news.open() == (effect,)


def test_a_reviewer_does_not_review_what_he_corrects_himself(desk: Desk) -> None:
    first = settled(desk, "A1")
    desk.ledger.record_prior_benefit(first.person_id, platform(200))
    sign_in(desk, REVIEWER)
    news = LateNews(desk, first.person_id)
    (effect,) = news.open()
    with pytest.raises(ClerkError, match="reviewer_is_clerk"):
        news.correct(effect, "补录", ZHAO)


def test_no_trace_of_a_failure_shows_a_password() -> None:
    assert PASSWORD not in repr(ZHAO)
