from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from clerk_app.codes import (
    Benefit,
    Decision,
    FilingCategory,
    InstitutionKind,
    Insurance,
    Material,
    Payer,
    Reason,
    Status,
    Tier,
)
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PriorBenefit, Review, SettlementKind
from clerk_app.receipts.claim import AccountOffer, Claim, Fee, Institution
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Person, Stay
from tests.ledger.office import EMPLOYED, JIANGXI, SHELF, Office, id_number, receipt

UNFILED = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=())


def test_a_settlement_read_again_equals_the_one_that_was_returned(office: Office) -> None:
    entitlement = Entitlement(
        Insurance.EMPLOYEE,
        Status.EMPLOYED,
        retirement_registered_on=date(2023, 4, 3),
        coverage=(Period(date(2020, 1, 1), date(2022, 12, 31)), Period(date(2023, 1, 1))),
        filings=(Filing(FilingCategory.REFERRED, Period(date(2023, 1, 1), date(2023, 12, 31))),),
        stays=(Stay(date(2023, 2, 1), date(2023, 2, 9)),),
        conditions=(Condition("M01600", Benefit.CHRONIC, Period(date(2023, 1, 1))),),
    )
    person = Person("欧阳𠮷", id_number(77), "01", "1", date(1980, 1, 1), "13800000000", "南昌某厂")
    record = office.ledger.save_person(person, entitlement, "360000")
    claim = Claim(
        (
            receipt(
                "０１２ ３",
                123_456,
                bill_code="京010203",
                visited_at=time(9, 5),
                diagnosis="感冒",
                self_funded_fen=1_000,
                over_limit_fen=200,
                paid_first_fen=3_000,
                visit_label="第一次",
                fees=(Fee("09", 100_000, 1_000, 0, 2_000), Fee("13", 23_456, 0, 200, 1_000)),
            ),
            receipt("2", 50_000, date(2023, 3, 1), institution=Institution("某诊所", tier=Tier.NONE, designated=False)),
            receipt("3", 70_000, institution=Institution("某药店", kind=InstitutionKind.PHARMACY, area_code="110000")),
            receipt("4", 9_000, date(2022, 3, 1)),
        ),
        materials=frozenset({Material.RECEIPT, Material.CREDENTIAL}),
        account=AccountOffer(20_000, Payer.SPOUSE),
    )
    office.ledger.record_prior_benefit(
        record.person_id, PriorBenefit(2023, Benefit.ORDINARY, 10_000, 4_000, date(2023, 5, 30))
    )
    settled = office.settle(
        record,
        claim=claim,
        payee=Payee("王代办", "配偶", "建行", "6222000011112222"),
        review=Review("赵复核", "材料齐全"),
        manual_reason="05",
    )

    assert settled.account_fen == 20_000
    assert settled.fund_fen > 0
    assert {each.decision for each in settled.receipts} == {Decision.PAY, Decision.REFUSE}
    assert settled.person == person
    assert office.ledger.settlement(settled.voucher_number) == settled


def test_a_record_with_nothing_optional_in_it_is_read_again_as_it_was(office: Office) -> None:
    entitlement = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, coverage=None, filings=None)
    settled = office.settle(office.person(entitlement=entitlement), receipt("1"))

    assert settled.review is None
    assert settled.payee is None
    assert settled.entitlement == entitlement
    assert office.ledger.settlement(settled.voucher_number) == settled


def test_the_amounts_are_those_of_the_policy(office: Office) -> None:
    settled = office.settle(office.person(), receipt("1", 100_000), receipt("2", 10_000))

    assert [each.fund_fen for each in settled.receipts] == [20_000, 5_000]
    assert (settled.total_fen, settled.fund_fen, settled.person_fen) == (110_000, 25_000, 85_000)
    assert settled.receipts[0].policy_hash == JIANGXI.versions[0].content_hash
    assert settled.receipts[0].citations
    assert any("60" in line for line in settled.receipts[0].explanation)


def test_save_pressed_again_gives_the_same_voucher_and_pays_once(office: Office) -> None:
    person = office.person()
    request = office.request(person, receipt("1"))
    first = office.ledger.settle(request)
    office.clock.now += timedelta(minutes=5)
    again = office.ledger.settle(request)

    assert again == first
    assert office.ledger.month_count(2023, 6) == 1
    assert office.ledger.year_to_date(person.person_id, JIANGXI).used(2023, "ordinary").fund_fen == first.fund_fen


def test_a_draft_changed_after_it_was_settled_is_not_taken_for_the_settled_one(office: Office) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1"), key="draft-x")
    for changed in (
        office.request(person, receipt("1", 99_000), key="draft-x"),
        office.request(office.person("李四"), receipt("1"), key="draft-x"),
    ):
        with pytest.raises(ClerkError, match="draft_already_settled") as raised:
            office.ledger.settle(changed)
        assert raised.value.details["voucher"] == settled.voucher_number
    assert office.ledger.month_count(2023, 6) == 1


def test_a_settlement_that_came_in_between_stops_the_next_and_saves_nothing(office: Office) -> None:
    person = office.person()
    late = office.request(person, receipt("late"))
    office.settle(person, receipt("first"))

    with pytest.raises(ClerkError, match="amount_changed"):
        office.ledger.settle(late)
    assert office.ledger.month_count(2023, 6) == 1
    assert office.ledger.taken_bills([late.claim.receipts[0].bill_key]) == {}

    settled = office.settle(person, *late.claim.receipts, key=late.key)
    assert settled.voucher_number == "360100-2023-000002", "the failed act used no number"
    assert settled.fund_fen == 50_000


def test_a_person_corrected_in_between_stops_the_settlement(office: Office) -> None:
    person = office.person()
    request = office.request(person, receipt("1"))
    retired = replace(EMPLOYED, status=Status.RETIRED)
    office.ledger.save_person(person.person, retired, "360000", person.person_id)

    with pytest.raises(ClerkError, match="amount_changed"):
        office.ledger.settle(request)


def test_the_deductible_alone_can_be_what_has_changed(office: Office) -> None:
    person = office.person()
    cap_is_used_up = PriorBenefit(2023, Benefit.ORDINARY, 0, 180_000, date(2023, 5, 31))
    person = office.ledger.record_prior_benefit(person.person_id, cap_is_used_up)
    request = office.request(person, receipt("1", 10_000))
    office.settle(person, receipt("2", 60_000))

    with pytest.raises(ClerkError, match="amount_changed"):
        office.ledger.settle(request)


def test_a_claim_for_review_waits_for_another_person_with_a_reason(office: Office) -> None:
    person = office.person(entitlement=UNFILED)
    for review, code in (
        (None, "review_needed"),
        (Review("  ", "看过"), "review_needed"),
        (Review("李录入 ", "看过"), "reviewer_is_clerk"),
        (Review("赵复核", " "), "reason_missing"),
    ):
        with pytest.raises(ClerkError, match=code):
            office.settle(person, receipt("1"), review=review)
    assert office.ledger.month_count(2023, 6) == 0


def test_what_a_reviewer_accepts_is_paid_and_keeps_its_reasons(office: Office) -> None:
    settled = office.settle(office.person(entitlement=UNFILED), receipt("1"), review=Review("赵复核", "备案已补办"))

    assert settled.kind is SettlementKind.SETTLEMENT
    assert settled.review == Review("赵复核", "备案已补办")
    assert settled.receipts[0].decision is Decision.PAY
    assert settled.receipts[0].reasons == (Reason.NOT_FILED,)
    assert settled.fund_fen == 20_000


def test_a_claim_refused_in_every_receipt_is_a_numbered_refusal_that_uses_nothing(office: Office) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1", visited_on=date(2022, 12, 31)))

    assert settled.kind is SettlementKind.REFUSAL
    assert settled.voucher_number == "360100-2023-000001"
    assert (settled.fund_fen, settled.person_fen) == (0, 100_000)
    assert settled.year_totals == ()
    assert office.ledger.year_to_date(person.person_id, JIANGXI).pools == {}
    assert office.ledger.settlement(settled.voucher_number) == settled


def test_a_refusal_keeps_what_the_network_would_have_paid(tmp_path: Path) -> None:
    nanyang = Office(tmp_path / "nanyang.db", policy=SHELF.policy("411300"))
    settled = nanyang.settle(nanyang.person(), receipt("1", 20_000))

    assert settled.receipts[0].reasons == (Reason.NOT_DIRECTLY_SETTLED,)
    assert (settled.fund_fen, settled.receipts[0].if_networked_fen) == (0, 7_500)
    assert nanyang.ledger.settlement(settled.voucher_number) == settled
    nanyang.ledger.close()


@pytest.mark.parametrize(
    ("visited_on", "handed_in_on"),
    [(date(2023, 6, 2), date(2023, 6, 5)), (date(2023, 5, 31), date(2023, 5, 30))],
    ids=["after today", "after acceptance"],
)
def test_a_visit_in_the_future_is_not_settled(office: Office, visited_on: date, handed_in_on: date) -> None:
    with pytest.raises(ClerkError, match="visit_in_future"):
        office.settle(office.person(), receipt("1", visited_on=visited_on), handed_in_on=handed_in_on)


def test_a_visit_of_today_is_settled(office: Office) -> None:
    assert office.settle(office.person(), receipt("1", visited_on=date(2023, 6, 1))).fund_fen == 20_000


def test_numbers_run_without_a_gap_by_year_and_kind_of_paper(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    reversal = office.ledger.reverse(first.voucher_number, "录错", "r1")
    refusal = office.settle(person, receipt("2", visited_on=date(2022, 1, 1)))
    office.clock.now = datetime(2024, 1, 2, 8, 0)  # noqa: DTZ001 -- the office's local time
    next_year = office.settle(person, receipt("3"))

    numbers = [each.voucher_number for each in (first, reversal, refusal, next_year)]
    assert numbers == ["360100-2023-000001", "360100-2023-000002", "360100-2023-000003", "360100-2024-000001"]
    accepted = [each.acceptance_number for each in (first, reversal, refusal, next_year)]
    assert accepted == ["S360100-2023-000001", "S360100-2023-000001", "S360100-2023-000002", "S360100-2024-000001"]


def test_year_totals_count_the_platform_and_say_of_which_day_its_figures_are(office: Office) -> None:
    person = office.person()
    prior = PriorBenefit(2023, Benefit.ORDINARY, 40_000, 7_000, date(2023, 5, 31))
    person = office.ledger.record_prior_benefit(person.person_id, prior)
    settled = office.settle(person, receipt("1", 60_000), receipt("2", 10_000))

    (total,) = settled.year_totals
    assert settled.fund_fen == 25_000, "200 yuan of the deductible were open"
    assert (total.year, total.pool) == (2023, "普通门诊")
    assert (total.deductible_fen, total.fund_fen) == (60_000, 32_000)
    assert total.platform_as_of == date(2023, 5, 31)


def test_the_platforms_figures_entered_again_replace_those_entered_before(office: Office) -> None:
    person = office.person()
    for fund_fen, as_of in ((170_000, date(2023, 5, 1)), (175_000, date(2023, 5, 31))):
        prior = PriorBenefit(2023, Benefit.ORDINARY, 60_000, fund_fen, as_of)
        person = office.ledger.record_prior_benefit(person.person_id, prior)

    assert person.prior_benefits == (prior,)
    assert office.settle(person, receipt("1")).fund_fen == 5_000


def test_late_news_of_the_platform_beyond_the_cap_stops_no_later_settlement(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("1", 400_000))
    prior = PriorBenefit(2023, Benefit.ORDINARY, 60_000, 100_000, date(2023, 5, 31))
    person = office.ledger.record_prior_benefit(person.person_id, prior)
    settled = office.settle(person, receipt("2", 10_000))

    assert settled.fund_fen == 0
    assert settled.year_totals[0].fund_fen == 270_000


def test_the_cap_of_the_year_is_paid_out_to_the_fen_and_no_further(office: Office) -> None:
    person = office.person()
    paid = [office.settle(person, receipt(f"{index}", 200_001)).fund_fen for index in range(3)]

    assert paid == [70_001, 100_001, 9_998]
    assert office.settle(person, receipt("last")).fund_fen == 0


def test_receipts_of_one_visit_share_its_deductible_over_settlements(jining: Office) -> None:
    person = jining.person()
    first = jining.settle(person, receipt("1", 10_000, visit_label="五月"))
    same_visit = jining.settle(person, receipt("2", 10_000, visit_label="五月"))
    other_visit = jining.settle(person, receipt("3", 10_000, visit_label="六月"))

    assert [each.receipts[0].deductible_fen for each in (first, same_visit, other_visit)] == [3_000, 0, 3_000]


def test_a_reversed_visit_no_longer_bears_the_deductible_of_another_receipt(jining: Office) -> None:
    person = jining.person()
    first = jining.settle(person, receipt("1", 10_000, visit_label="五月"))
    jining.ledger.reverse(first.voucher_number, "录错", "r1")

    assert jining.settle(person, receipt("2", 10_000, visit_label="五月")).receipts[0].deductible_fen == 3_000


def test_what_was_settled_keeps_the_person_as_it_was(office: Office) -> None:
    person = office.person("张三")
    settled = office.settle(person, receipt("1"))
    renamed = replace(person.person, name="张珊", phone="1")
    office.ledger.save_person(renamed, replace(EMPLOYED, status=Status.RETIRED), "360000", person.person_id)

    assert office.ledger.settlement(settled.voucher_number) == settled


def test_an_unknown_person_or_voucher_is_said_to_be_unknown(office: Office) -> None:
    person = office.person()
    request = replace(office.request(person, receipt("1")), person_id=99)
    with pytest.raises(ClerkError, match="person_unknown"):
        office.ledger.settle(request)
    with pytest.raises(ClerkError, match="voucher_unknown"):
        office.ledger.settlement("360100-2023-000009")
