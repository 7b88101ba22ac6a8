"""A settled voucher becomes a worked example that holds and names nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Payer, Status, Tier
from clerk_app.counter.worked_example import worked_example, write_worked_example
from clerk_app.errors import ClerkError
from clerk_app.examples.case import Case
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import run_case
from clerk_app.ledger.records import Payee, PriorBenefit, Review, Settlement
from clerk_app.paths import resources
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.receipts.claim import AccountOffer, Claim, Institution
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Stay
from tests.counter import officer
from tests.ledger.office import EMPLOYED, SHELF, Office, receipt

PARAMETERS = """\
统筹区: {代码: "220100", 名称: 示例市}
沿用: "220000"
参数:
  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
  门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
  住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
         支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
"""
SINCE_2022 = Period(date(2022, 1, 1))
DISTRICT = Institution("北京某区医院", "H11010100077", Tier.TWO)
CLINIC = Institution("北京某社区诊所", "", Tier.ONE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path / "ledger.db")
    yield opened
    opened.ledger.close()


@pytest.fixture
def jilin(tmp_path: Path) -> Shelf:
    """Jilin's framework, filled by a pooling area."""
    (tmp_path / "policies/parameters").mkdir(parents=True)
    (tmp_path / "policies/parameters/x.yaml").write_text(PARAMETERS, encoding="utf-8")
    return load_shelf(resources() / "policies", tmp_path / "policies")


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Case]:
    """The one case that a voucher gives, after it was found to hold and to name nobody."""

    def write(settlement: Settlement, shelf: Shelf = SHELF) -> Case:
        target = tmp_path / f"{settlement.voucher_number}.yaml"
        write_worked_example(settlement, shelf, target)
        text = target.read_text(encoding="utf-8")
        for personal in personal_words(settlement):
            assert personal not in text
        # The case holds under the documents as they are shipped: what fills a framework stands in it.
        (case,) = read_cases(target, SHELF)
        result = run_case(case)
        assert result.holds, [result.error, *result.differences]
        assert result.steps[-1].fund_fen == settlement.fund_fen
        return case

    return write


def personal_words(settlement: Settlement) -> Iterator[str]:
    person = settlement.person
    yield from (person.name, person.id_number, person.id_number[6:14], settlement.voucher_number)
    yield settlement.acceptance_number
    yield from (settlement.clerk, settlement.payee.name if settlement.payee else "—", "6200000000000000018")
    for settled in settlement.receipts:
        paper = settled.receipt
        yield from (paper.number, paper.institution.name)
        yield from (
            text for text in (paper.bill_code, paper.institution.code, paper.diagnosis, paper.visit_label) if text
        )


def expected_decisions(case: Case) -> list[str]:
    expected = case.steps[-1].expected
    assert expected is not None
    assert expected.receipts is not None
    return [each.decision.term for each in expected.receipts if each.decision]


def test_a_paid_voucher(office, written):
    paper = receipt(
        "00123456", 92_000, bill_code="01010122", diagnosis="某病", self_funded_fen=2_000, visited_at=time(9, 5)
    )
    settled = office.settle(
        office.person("张三示例"), paper, payee=Payee("李四示例", "配偶", "某银行", "6200000000000000018")
    )
    case = written(settled)
    assert expected_decisions(case) == ["支付"]
    assert case.entitlement.filings == EMPLOYED.filings
    assert case.prior == ()


def test_what_was_used_before_becomes_already_enjoyed(office, written):
    person = office.person()
    office.settle(person, receipt("B0000001", 150_000))
    office.ledger.record_prior_benefit(
        person.person_id, PriorBenefit(2023, Benefit.ORDINARY, 10_000, 5_000, date(2023, 5, 1))
    )
    settled = office.settle(office.ledger.person(person.person_id), receipt("B0000002", 100_000))
    (prior,) = written(settled).prior
    assert (prior.year, prior.benefit) == (2023, Benefit.ORDINARY)
    assert (prior.deductible_fen, prior.fund_fen) == (70_000, 50_000)


def test_a_voucher_cut_by_the_cap(office, written):
    person = office.person()
    office.settle(person, receipt("C0000001", 400_000))
    settled = office.settle(person, receipt("C0000002", 100_000))
    assert settled.fund_fen == 10_000
    expected = written(settled).steps[-1].expected
    assert expected is not None
    assert expected.receipts is not None
    assert expected.receipts[0].over_cap_fen == 80_000


def test_what_the_claim_itself_had_used_is_not_already_enjoyed(office, written):
    settled = office.settle(office.person(), receipt("C0000001", 300_000), receipt("C0000002", 200_000))
    assert [each.fund_fen for each in settled.receipts] == [120_000, 60_000]
    assert written(settled).prior == ()


@pytest.mark.parametrize(
    ("entitlement", "more"),
    [
        (EMPLOYED, {"exclusion": "养生保健"}),
        (EMPLOYED, {"printed_fund_fen": 100}),
        (EMPLOYED, {"visited_on": date(2022, 12, 31)}),
        (EMPLOYED, {"institution": Institution("南昌某医院", "H36010100001", Tier.THREE)}),
        (EMPLOYED, {"institution": Institution("北京某医院", "", Tier.THREE, designated=False)}),
        (Entitlement(Insurance.RESIDENT, Status.RESIDENT), {}),
        (Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, coverage=(Period(date(2023, 6, 1)),)), {}),
        (Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, stays=(Stay(date(2023, 5, 19), date(2023, 5, 21)),)), {}),
    ],
)
def test_a_refused_voucher(office, written, entitlement, more):
    settled = office.settle(office.person(entitlement=entitlement), receipt("D0000001", **more))
    assert settled.fund_fen == 0
    assert expected_decisions(written(settled)) == ["不予支付"]


def test_nanyangs_refusal(office, written):
    office.policy = SHELF.policy("411300")
    settled = office.settle(office.person(), receipt("D0000001"))
    assert expected_decisions(written(settled)) == ["不予支付"]


def test_a_bill_that_another_voucher_held_is_held_by_an_earlier_step(office, written):
    person = office.person()
    office.settle(person, receipt("E0000001"))
    settled = office.settle(office.person(), receipt("E0000001"), receipt("E0000002"))
    case = written(settled)
    assert len(case.steps) == 2
    assert expected_decisions(case) == ["不予支付", "支付"]


def test_a_bill_handed_in_twice_with_one_claim(office, written):
    settled = office.settle(office.person(), receipt("E0000001"), receipt("E0000001"))
    case = written(settled)
    assert len(case.steps) == 1
    assert expected_decisions(case) == ["支付", "不予支付"]


def test_a_reviewed_voucher_says_what_was_up_for_review(office, written):
    person = office.person(entitlement=Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED))
    settled = office.settle(person, receipt("F0000001"), review=Review("赵复核", "已补办备案"))
    assert expected_decisions(written(settled)) == ["待复核"]


def test_several_receipts_years_hospitals_and_tiers_in_another_order(office, written):
    office.clock.now = officer.noon(2024, 2, 1)
    person = office.person()
    settled = office.settle(
        person,
        receipt("G0000003", 80_000, date(2024, 1, 3), institution=CLINIC),
        receipt("G0000001", 100_000, date(2023, 5, 20)),
        receipt("G0000002", 55_555, date(2023, 12, 31), institution=DISTRICT, visited_at=time(23, 59, 30)),
        receipt("G0000004", 3_333, date(2024, 1, 4)),
        handed_in_on=date(2024, 1, 31),
    )
    case = written(settled)
    assert len(expected_decisions(case)) == 4
    assert len({each.receipt.visited_on for each in settled.receipts}) == 4


def test_a_person_who_retires_within_the_claim(office, written):
    insured = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, date(2023, 4, 10), filings=EMPLOYED.filings)
    settled = office.settle(
        office.person(entitlement=insured),
        receipt("H1234501", visited_on=date(2023, 4, 30)),
        receipt("H1234502", visited_on=date(2023, 5, 1)),
    )
    assert [each.status_term for each in settled.receipts] == ["在职", "退休"]
    written(settled)


def test_an_account_and_the_papers(office, written):
    claim = Claim(
        (receipt("J0000001"),),
        materials=frozenset({Material.RECEIPT, Material.CREDENTIAL}),
        handed_in_on=date(2023, 6, 1),
        account=AccountOffer(33_333, Payer.SPOUSE),
    )
    settled = office.settle(office.person(), claim=claim)
    assert settled.account_fen == 33_333
    (step,) = written(settled).steps
    assert step.expected is not None
    assert step.expected.account_fen == 33_333


def test_receipts_of_one_visit_with_a_deductible_by_visit(office, written):
    office.policy = SHELF.policy("370800")
    settled = office.settle(
        office.person(),
        receipt("K0000001", 2_000, visit_label="张三示例上午"),
        receipt("K0000002", 10_000, visit_label="张三示例上午"),
        receipt("K0000003", 10_000),
    )
    assert [each.deductible_fen for each in settled.receipts] == [2_000, 1_000, 3_000]
    assert len(written(settled).steps) == 1


def test_a_deductible_that_an_earlier_vouchers_visit_had_borne_is_borne_by_an_earlier_step(office, written):
    office.policy = SHELF.policy("370800")
    person = office.person()
    office.settle(person, receipt("K0000001", 2_000, visit_label="张三示例上午"))
    settled = office.settle(
        person,
        receipt("K0000002", 500, visit_label="张三示例上午"),
        receipt("K0000003", 10_000, visit_label="张三示例上午"),
    )
    assert [each.deductible_fen for each in settled.receipts] == [500, 500]
    case = written(settled)
    assert len(case.steps) == 2


# -- a filled framework ------------------------------------------------------------------------------------------------


def test_a_filled_frameworks_example_carries_the_parameters(office, written, jilin):
    office.policy = jilin.policy("220100")
    retired = Entitlement(
        Insurance.EMPLOYEE, Status.RETIRED, filings=(Filing(FilingCategory.RETIRED_RESETTLED, SINCE_2022),)
    )
    settled = office.settle(office.person(entitlement=retired), receipt("L0000001"))
    assert settled.fund_fen == 38_500
    case = written(settled, jilin)
    assert case.policy.area_code == "220000"


def test_care_in_another_city_of_the_province_stays_off_site(office, written, jilin):
    office.policy = jilin.policy("220100")
    other_city = Institution("吉林某医院", "H22020100001", Tier.THREE)
    own_city = Institution("长春某医院", "H22010100001", Tier.THREE)
    settled = office.settle(
        office.person(), receipt("L0000001", institution=other_city), receipt("L0000002", institution=own_city)
    )
    assert expected_decisions(written(settled, jilin)) == ["支付", "不予支付"]


def chronic(disease: str, benefit: Benefit = Benefit.CHRONIC) -> Entitlement:
    return Entitlement(
        Insurance.EMPLOYEE,
        Status.EMPLOYED,
        filings=EMPLOYED.filings,
        conditions=(Condition(disease, benefit, SINCE_2022),),
    )


def test_a_chronic_receipt_shares_the_ordinary_deductible_and_has_its_own_cap(office, written, jilin):
    office.policy = jilin.policy("220100")
    person = office.person(entitlement=chronic("M03900"))
    office.settle(person, receipt("M0000001", 50_000))
    office.settle(person, receipt("M0000002", 100_000, institution=DISTRICT, benefit=Benefit.CHRONIC, disease="M03900"))
    settled = office.settle(
        person,
        receipt("M0000003", 100_000, institution=DISTRICT, benefit=Benefit.CHRONIC, disease="M03900"),
        receipt("M0000004", 100_000),
    )
    priors = {prior.benefit: (prior.deductible_fen, prior.fund_fen) for prior in written(settled, jilin).prior}
    assert priors == {Benefit.ORDINARY: (30_000, 10_000), Benefit.CHRONIC: (0, 60_000)}


def test_a_receipt_cut_by_its_diseases_own_cap(office, written, jilin):
    office.policy = jilin.policy("220100")
    person = office.person(entitlement=chronic("M01600"))
    one = {"institution": DISTRICT, "benefit": Benefit.CHRONIC, "disease": "M01600"}
    office.settle(person, receipt("M0000001", 430_000, **one))
    settled = office.settle(person, receipt("M0000002", 50_000, **one), receipt("M0000003", 100_000, **one))
    assert [each.fund_fen for each in settled.receipts] == [30_000, 30_000]
    priors = written(settled, jilin).prior
    assert [(prior.disease, prior.fund_fen) for prior in priors if prior.fund_fen] == [("M01600", 240_000)]


def test_a_registered_disease_that_goes_before_ordinary_care(office, written, jilin):
    office.policy = jilin.policy("220100")
    person = office.person(entitlement=chronic("M00500", Benefit.SPECIAL))
    office.settle(person, receipt("N0000001", 50_000, institution=DISTRICT, disease="M00500"))
    settled = office.settle(person, receipt("N0000002", 200_000, disease="M00500"))
    assert settled.receipts[0].deductible_used_before_fen == 40_000
    written(settled, jilin)


def test_emergency_care_by_visit_whose_cap_is_shared_with_inpatient_care(office, written, jilin):
    office.policy = jilin.policy("220100")
    person = office.person(entitlement=Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED))
    office.settle(person, receipt("P0000001", 200_000, benefit=Benefit.EMERGENCY))
    settled = office.settle(person, receipt("P0000002", 200_000, benefit=Benefit.EMERGENCY))
    (prior,) = written(settled, jilin).prior
    assert (prior.benefit, prior.deductible_fen, prior.fund_fen) == (Benefit.INPATIENT, 0, 96_000)


# -- what is not written -----------------------------------------------------------------------------------------------


def test_a_reversal_gives_no_example_and_names_its_original(office):
    settled = office.settle(office.person(), receipt("Q0000001"))
    mirror = office.ledger.reverse(settled.voucher_number, "票据退回", "again")
    with pytest.raises(ClerkError) as failure:
        worked_example(mirror, SHELF)
    assert failure.value.code == "example_from_reversal"
    assert failure.value.details["original"] == settled.voucher_number


def test_an_example_that_no_longer_comes_out_leaves_no_file(office, tmp_path, jilin):
    office.policy = jilin.policy("220100")
    settled = office.settle(office.person(), receipt("Q0000001"))
    path = tmp_path / "policies/parameters/x.yaml"
    path.write_text(PARAMETERS.replace("起付标准: 300", "起付标准: 200"), encoding="utf-8")
    changed = load_shelf(resources() / "policies", tmp_path / "policies")
    target = tmp_path / "example.yaml"
    with pytest.raises(ClerkError) as failure:
        write_worked_example(settled, changed, target)
    assert failure.value.code == "example_not_reproduced"
    assert not target.exists()


def test_a_file_that_is_there_is_not_overwritten(office, tmp_path):
    settled = office.settle(office.person(), receipt("Q0000001"))
    target = tmp_path / "example.yaml"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        write_worked_example(settled, SHELF, target)
    assert failure.value.code == "file_there"
    assert target.read_text(encoding="utf-8") == "mine"
