from __future__ import annotations

from datetime import date

import pytest

from clerk_app.codes import Decision, Reason
from clerk_app.ledger.records import SettlementKind
from tests.ledger.office import Office, receipt


def test_a_bill_is_paid_once_over_all_persons_however_it_is_typed(office: Office) -> None:
    first = office.settle(office.person("张三"), receipt("12345", bill_code="AB01"))
    second = office.settle(office.person("李四"), receipt("１２ ３４５", bill_code="ab０１"), receipt("9"))

    assert [each.decision for each in second.receipts] == [Decision.REFUSE, Decision.PAY]
    assert second.receipts[0].reasons == (Reason.DUPLICATE_RECEIPT,)
    assert any(first.voucher_number in line for line in second.receipts[0].explanation)
    assert second.kind is SettlementKind.SETTLEMENT


def test_a_refused_bill_stays_taken(office: Office) -> None:
    refusal = office.settle(office.person(), receipt("1", visited_on=date(2022, 12, 31)))
    again = office.settle(office.person("李四"), receipt("1"))

    assert again.kind is SettlementKind.REFUSAL
    assert again.receipts[0].reasons == (Reason.DUPLICATE_RECEIPT,)
    assert office.ledger.taken_bills(["/1"]) == {"/1": refusal.voucher_number}


def test_a_duplicates_refusal_does_not_take_the_bill_over(office: Office) -> None:
    person = office.person()
    original = office.settle(person, receipt("1"))
    duplicate = office.settle(person, receipt("1"))
    assert office.ledger.taken_bills(["/1", "/2"]) == {"/1": original.voucher_number}

    office.ledger.reverse(duplicate.voucher_number, "误拒", "r1")
    assert office.ledger.taken_bills(["/1"]) == {"/1": original.voucher_number}


def test_the_same_bill_twice_in_one_claim_is_held_once(office: Office) -> None:
    settled = office.settle(office.person(), receipt("1"), receipt("1"))

    assert [each.decision for each in settled.receipts] == [Decision.PAY, Decision.REFUSE]


@pytest.mark.parametrize("prints", [1, 3])
def test_reprints_are_counted_from_the_first_print(office: Office, prints: int) -> None:
    settled = office.settle(office.person(), receipt("1"))
    other = office.settle(office.person("李四"), receipt("2"))

    assert [office.ledger.record_print(settled.voucher_number) for _print in range(prints)] == list(range(prints))
    assert office.ledger.record_print(other.voucher_number) == 0
