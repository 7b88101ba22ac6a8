from __future__ import annotations

from datetime import date, time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.codes import Benefit, InstitutionKind, Tier
from clerk_app.errors import ClerkError
from clerk_app.receipts.claim import Claim, Fee, Institution, Receipt, normalised

HOSPITAL = Institution("示例医院", tier=Tier.THREE)
DAY = date(2023, 5, 20)

parts = st.integers(0, 10**7)


def receipt(number="A1", on=DAY, at=None, total_fen=10000, institution=HOSPITAL, **others) -> Receipt:
    return Receipt(number, on, institution, total_fen, visited_at=at, **others)


def refusal(make) -> ClerkError:
    with pytest.raises(ClerkError) as failure:
        make()
    return failure.value


@given(parts, parts, parts, parts)
def test_the_total_is_the_sum_of_its_four_parts(in_scope, self_funded, over_limit, paid_first):
    paper = receipt(
        total_fen=in_scope + self_funded + over_limit + paid_first,
        self_funded_fen=self_funded,
        over_limit_fen=over_limit,
        paid_first_fen=paid_first,
    )
    assert paper.in_scope_fen == in_scope


def test_a_breakdown_larger_than_the_total_is_an_error_that_says_by_how_much():
    error = refusal(lambda: receipt(total_fen=10000, self_funded_fen=6000, over_limit_fen=3000, paid_first_fen=1001))
    assert (error.code, error.details) == ("breakdown_exceeds_total", {"number": "A1", "excess_fen": 1})


@pytest.mark.parametrize(
    "field", ["total_fen", "self_funded_fen", "over_limit_fen", "paid_first_fen", "printed_fund_fen"]
)
def test_no_amount_on_a_receipt_is_negative(field):
    assert refusal(lambda: receipt(**{field: -1})).code == "amount_negative"


@pytest.mark.parametrize("number", ["", " ", "　"])
def test_a_receipt_has_a_number(number):
    assert refusal(lambda: receipt(number)).code == "receipt_without_number"


def test_fee_categories_add_up_to_the_total():
    assert receipt(fees=(Fee("03", 4000), Fee("09", 6000))).total_fen == 10000
    assert refusal(lambda: receipt(fees=(Fee("03", 4000), Fee("09", 5999)))).code == "fees_not_total"


@pytest.mark.parametrize("part", ["self_funded_fen", "over_limit_fen", "paid_first_fen"])
def test_fee_categories_add_up_to_each_part_of_the_total(part):
    fees = (Fee("03", 4000, **{part: 700}), Fee("09", 6000, **{part: 300}))
    assert receipt(fees=fees, **{part: 1000}).in_scope_fen == sum(fee.in_scope_fen for fee in fees) == 9000
    assert refusal(lambda: receipt(fees=fees, **{part: 999})).code == "fees_not_total"


@pytest.mark.parametrize("same", ["0012ab", "００１２ＡＢ", " 0012 AB ", "0012Ab"])
def test_widths_spaces_and_capitals_make_no_other_bill(same):
    assert receipt(same, bill_code="11").bill_key == receipt("0012AB", bill_code="１１").bill_key


def test_the_same_number_under_another_bill_code_is_another_bill():
    assert receipt("1", bill_code="11").bill_key != receipt("1", bill_code="12").bill_key
    assert receipt("1", bill_code="11").bill_key != receipt("11", bill_code="1").bill_key


def test_the_area_of_a_visit_is_told_or_read_from_the_institutions_code():
    coded = Institution("甲", "H11010100001", Tier.THREE)
    assert receipt(institution=coded).visited_area == "110101"
    assert receipt(institution=Institution("甲", "H11010100001", area_code="310101")).visited_area == "310101"
    assert receipt().visited_area == ""


def test_receipts_are_settled_by_visit_time_and_then_by_entry():
    morning, noon = time(8), time(12)
    papers = [receipt("first", at=noon), receipt("second", at=morning), receipt("third", at=noon), receipt("fourth")]
    claim = Claim(tuple(papers))
    assert [papers[index].number for index in claim.by_visit] == ["fourth", "second", "first", "third"]
    assert not claim.is_in_visit_order


@given(st.permutations(range(5)))
def test_any_order_of_entry_gives_one_order_of_settlement(order):
    papers = [receipt(str(index), on=date(2023, 5, 1 + index)) for index in order]
    claim = Claim(tuple(papers))
    assert [papers[index].number for index in claim.by_visit] == ["0", "1", "2", "3", "4"]
    assert claim.is_in_visit_order == (list(order) == [0, 1, 2, 3, 4])


def test_a_claim_has_a_receipt():
    assert refusal(lambda: Claim(())).code == "claim_without_receipts"


def test_a_pharmacy_is_known_by_its_kind_or_its_code():
    assert Institution("药房", kind=InstitutionKind.PHARMACY).is_pharmacy
    assert Institution("药房", "P11010100001").is_pharmacy
    assert not HOSPITAL.is_pharmacy


def test_a_hospital_is_told_by_its_code_or_else_by_its_name():
    assert Institution("甲", "H11010100001").key == Institution("乙", "H11010100001").key
    assert Institution("示例 医院").key == HOSPITAL.key


@pytest.mark.parametrize(
    "unusual",
    [
        {"benefit": Benefit.CHRONIC},
        {"institution": Institution("甲")},
        {"institution": Institution("甲", tier=Tier.THREE, kind=InstitutionKind.PHARMACY)},
        {"institution": Institution("甲", "P11010100001", Tier.THREE)},
        {"institution": Institution("甲", tier=Tier.THREE, designated=False)},
        {"disease": "M01600"},
        {"exclusion": "工伤"},
        {"dual_channel": True},
        {"printed_fund_fen": 1},
        {"settled_by_network": True},
    ],
)
def test_whatever_could_be_objected_to_makes_a_receipt_no_routine_one(unusual):
    assert receipt().is_routine
    assert not receipt(**unusual).is_routine


def test_text_is_compared_without_widths_spaces_and_case():
    assert {normalised(text) for text in ("Ａｂ 1", "AB1", "a　b１")} == {"AB1"}
    assert len({normalised("".join(order)) for order in permutations("AB1")}) == 6
