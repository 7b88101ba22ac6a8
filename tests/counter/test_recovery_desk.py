from __future__ import annotations

import pytest

from clerk_app.codes import RecoveryWay
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.recovery_desk import MoneyBackDraft, RecoveryDesk, because_words, entry_words
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PayeeAccount, PaymentResult
from tests.counter.desks import sign_in
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER


@pytest.fixture
def recoveries(desk: Desk, entry: ClaimEntry) -> RecoveryDesk:
    """A settlement of 200.00 that was paid and reversed; finance sits at the desk."""
    settled = entry.settle()
    desk.ledger.give_account(settled.person_id, PayeeAccount("张三示例", "本人", "示例银行", "6200000000000000001"))
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([settled.voucher_number])
    sign_in(desk, FINANCE)
    desk.ledger.confirm_password(PASSWORD)
    listed = desk.ledger.make_payment_list([settled.voucher_number])
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.record_payment_results(listed.list_number, {0: PaymentResult(is_paid=True)})
    sign_in(desk, CLERK)
    desk.ledger.reverse(settled.voucher_number, "票据作废", "r")
    sign_in(desk, FINANCE)
    return RecoveryDesk(desk)


def test_a_new_entry_offers_everything_that_is_open_today(recoveries: RecoveryDesk) -> None:
    (owed,) = recoveries.owed()
    assert recoveries.draft(owed) == MoneyBackDraft(RecoveryWay.TRANSFER, "200.00", "2026-11-22")
    assert because_words(owed.line) == "360000-2026-000002：票据作废"
    assert owed.deductible == ()


def test_what_is_typed_is_read_before_anything_is_asked_of_the_ledger(recoveries: RecoveryDesk) -> None:
    (owed,) = recoveries.owed()
    number = owed.line.voucher_number
    for draft, code in (
        (MoneyBackDraft(amount="许多", day="2026-11-22", document="1"), "amount_not_a_number"),
        (MoneyBackDraft(amount="1.234", day="2026-11-22", document="1"), "amount_three_decimals"),
        (MoneyBackDraft(amount="1", day="2026-13-22", document="1"), "day_unknown"),
        (MoneyBackDraft(amount="1", day="2026-11-22"), "document_missing"),
    ):
        with pytest.raises(ClerkError, match=code):
            recoveries.record(number, draft, PASSWORD)
    with pytest.raises(ClerkError, match="sign_in_refused"):
        recoveries.record(number, MoneyBackDraft(amount="1", day="1122", document="1"), "wrong password")
    recoveries.record(number, MoneyBackDraft(amount="1", day="1122", document="1"), PASSWORD)


def test_an_entry_is_told_with_its_paper_and_whether_it_still_counts(recoveries: RecoveryDesk) -> None:
    (owed,) = recoveries.owed()
    number = owed.line.voucher_number
    draft = MoneyBackDraft(RecoveryWay.CASH, "50", "1122", "收据 8", note="家属送来")
    entry = recoveries.record(number, draft, PASSWORD)
    assert entry_words(entry) == "现金，收据 8，家属送来"
    recoveries.take_back(entry, "金额录错", PASSWORD)
    (owed,) = recoveries.owed()
    assert [entry_words(each) for each in owed.entries] == [
        "已由 R360000-2026-00002 撤销，现金，收据 8，家属送来",
        "撤销 R360000-2026-00001，现金，收据 8，金额录错",
    ]


def test_two_entries_of_the_same_amount_are_two(recoveries: RecoveryDesk) -> None:
    (owed,) = recoveries.owed()
    draft = MoneyBackDraft(RecoveryWay.CASH, "50", "1122", "收据 8")
    for _time in range(2):
        recoveries.record(owed.line.voucher_number, draft, PASSWORD)
    assert recoveries.owed()[0].line.open_fen == 10_000
