from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Review, SettlementKind
from tests.ledger.office import EMPLOYED, JIANGXI, REVIEWER, Office, receipt, staffed


def test_a_reversal_mirrors_the_original_in_every_amount(office: Office) -> None:
    original = office.settle(office.person(), receipt("1", 123_400, self_funded_fen=400), receipt("2", 50_000))
    reversal = office.ledger.reverse(original.voucher_number, " 金额录错 ", "r1")

    assert reversal.kind is SettlementKind.REVERSAL
    assert (reversal.total_fen, reversal.fund_fen, reversal.person_fen) == (
        -original.total_fen,
        -original.fund_fen,
        -original.person_fen,
    )
    assert [each.deductible_fen for each in reversal.receipts] == [-60_000, 0]
    assert [each.receipt for each in reversal.receipts] == [each.receipt for each in original.receipts]
    assert (reversal.original_number, reversal.reversal_reason) == (original.voucher_number, "金额录错")
    assert reversal.year_totals[0].fund_fen == 0
    assert office.ledger.settlement(reversal.voucher_number) == reversal
    assert office.ledger.settlement(original.voucher_number).reversed_by == reversal.voucher_number


def test_a_reversal_frees_deductible_and_cap_of_the_years_of_the_visits(office: Office) -> None:
    person = office.person()
    office.clock.now = datetime(2024, 2, 1, 9, 0)  # noqa: DTZ001 -- the office's local time
    kept = office.settle(person, receipt("0", 70_000, date(2023, 1, 5)), handed_in_on=date(2024, 2, 1))
    both_years = office.settle(
        person,
        receipt("1", 400_000, date(2023, 12, 31)),
        receipt("2", 70_000, date(2024, 1, 1)),
        handed_in_on=date(2024, 2, 1),
    )
    reversal = office.ledger.reverse(both_years.voucher_number, "退票", "r1")

    used = office.ledger.year_to_date(person.person_id, JIANGXI)
    assert (used.used(2023, "ordinary").deductible_fen, used.used(2023, "ordinary").fund_fen) == (60_000, 5_000)
    assert (used.used(2024, "ordinary").deductible_fen, used.used(2024, "ordinary").fund_fen) == (0, 0)
    assert [(total.year, total.fund_fen) for total in reversal.year_totals] == [(2023, kept.fund_fen), (2024, 0)]


def test_a_reversed_bill_is_paid_again(office: Office) -> None:
    person = office.person()
    original = office.settle(person, receipt("1"))
    office.ledger.reverse(original.voucher_number, "录错", "r1")
    again = office.settle(person, receipt("1"))

    assert (again.kind, again.fund_fen) == (SettlementKind.SETTLEMENT, original.fund_fen)


def test_a_voucher_is_reversed_once(office: Office) -> None:
    original = office.settle(office.person(), receipt("1"))
    reversal = office.ledger.reverse(original.voucher_number, "录错", "r1")

    with pytest.raises(ClerkError, match="already_reversed") as raised:
        office.ledger.reverse(original.voucher_number, "录错", "r2")
    assert raised.value.details["reversal"] == reversal.voucher_number
    with pytest.raises(ClerkError, match="not_reversible"):
        office.ledger.reverse(reversal.voucher_number, "录错", "r3")
    assert office.ledger.month_count(2023, 6) == 2


def test_the_reversals_button_pressed_again_reverses_once(office: Office) -> None:
    person = office.person()
    original = office.settle(person, receipt("1"))
    other = office.settle(person, receipt("2"))
    reversal = office.ledger.reverse(original.voucher_number, "录错", "r1")

    assert office.ledger.reverse(original.voucher_number, "录错", "r1") == reversal
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.ledger.reverse(other.voucher_number, "录错", "r1")


def test_a_settlements_key_is_no_reversals_key(office: Office) -> None:
    person = office.person()
    original = office.settle(person, receipt("1"), key="draft")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.ledger.reverse(original.voucher_number, "录错", "draft")
    office.ledger.reverse(original.voucher_number, "录错", "r1")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.settle(person, receipt("1"), key="r1")


def test_a_reversal_wants_a_reason(office: Office) -> None:
    original = office.settle(office.person(), receipt("1"))
    with pytest.raises(ClerkError, match="reason_missing"):
        office.ledger.reverse(original.voucher_number, "  ", "r1")
    assert office.ledger.settlement(original.voucher_number).reversed_by == ""


def test_a_reviewer_may_reverse_what_was_reviewed_and_is_not_named_twice(office: Office) -> None:
    unfiled = replace(EMPLOYED, filings=())
    original = office.settle(office.person(entitlement=unfiled), receipt("1"), review=Review("赵复核", "备案已补办"))
    staffed(office.ledger, REVIEWER)
    reversal = office.ledger.reverse(original.voucher_number, "录错", "r1")

    assert (reversal.clerk, reversal.review) == ("赵复核", None)
    assert office.ledger.settlement(original.voucher_number).review == original.review


def test_a_refusal_may_be_reversed_and_gives_its_bill_free(office: Office) -> None:
    person = office.person()
    refusal = office.settle(person, receipt("1", visited_on=date(2022, 12, 31)))
    reversal = office.ledger.reverse(refusal.voucher_number, "日期录错", "r1")

    assert (reversal.total_fen, reversal.fund_fen) == (-100_000, 0)
    assert office.settle(person, receipt("1")).fund_fen == 20_000
