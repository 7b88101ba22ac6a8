"""Claims that rows cannot express are left to the engine."""

from __future__ import annotations

from dataclasses import replace

from clerk_app.adjudication.batch import adjudicate_batch
from clerk_app.codes import Insurance, Status
from clerk_app.receipts.claim import Receipt
from clerk_app.receipts.insured import Entitlement
from tests.adjudication.crowd import CONDITIONS, assert_same_fen, one_person


def test_an_amount_beyond_int64_itself_goes_through_the_engine(policy_of, receipt):
    huge = replace(receipt("A", "2023-03-01", "1"), total_fen=10**30)
    result = adjudicate_batch([one_person(huge)], policy_of("jiangxi"))
    assert (result.person_fund_fen.tolist(), result.by_engine.tolist()) == ([180_000], [True])


def test_what_only_the_order_of_settlement_can_tell_goes_through_the_engine(policy_of, receipt):
    def by_network(number: str, when: str) -> Receipt:
        return receipt(number, when, "100", networked=True, settled_by_network=True)

    close = one_person(by_network("A", "2023-03-01 10:00"), by_network("B", "2023-03-02 09:00"))
    apart = one_person(by_network("A", "2023-03-01 10:00"), by_network("B", "2023-03-03 09:00"))
    twice = one_person(by_network("A", "2023-03-01"), by_network("A", "2023-05-01"))
    result = assert_same_fen([close, apart, twice], policy_of("nanyang"))
    assert result.by_engine.tolist() == [True, False, True]
    assert result.person_fund_fen.tolist() == [7_500, 5_000, 2_500]


def test_a_disease_with_a_cap_of_its_own_goes_through_the_engine(policy_of, receipt):
    chronic = {"benefit": "门诊慢性病", "tier": "二级"}
    own, other = (
        replace(
            one_person(receipt("A", "2023-03-01", "9000", disease=disease, **chronic)),
            entitlement=Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=None, conditions=CONDITIONS),
        )
        for disease in ("M01600", "M00500")
    )
    result = assert_same_fen([own, other], policy_of("jilin"))
    assert result.by_engine.tolist() == [True, False]
    assert result.person_fund_fen.tolist() == [300_000, 522_000]
