"""The arithmetic of the five documents: deductible, ratio, cap, and what each of them counts."""

from __future__ import annotations

import pytest

from clerk_app.adjudication.engine import pools_used
from clerk_app.codes import Decision
from clerk_app.errors import PolicyGap
from clerk_app.money import format_yuan


def funds(claim):
    return [format_yuan(adjudication.fund_fen) for adjudication in claim.receipts]


def deductibles(claim):
    return [format_yuan(adjudication.deductible_fen) for adjudication in claim.receipts]


# -- the same for all --------------------------------------------------------------------------------------------


def test_the_order_of_two_visits_changes_the_money(desk, receipt):
    high = ("H", "2023-03-01", "1000.00", "三级")
    low = ("L", "2023-03-02", "1000.00", "一级")
    assert funds(desk("jiangxi").decide(receipt(*high), receipt(*low))) == ["200.00", "600.00"]
    earlier_low = receipt("L", "2023-02-28", "1000.00", "一级")
    assert funds(desk("jiangxi").decide(receipt(*high), earlier_low)) == ["500.00", "240.00"]


def test_visits_of_one_moment_are_settled_as_they_were_entered(desk, receipt):
    high, low = receipt("H", "2023-03-01", "1000", "三级"), receipt("L", "2023-03-01", "1000", "一级")
    assert funds(desk("jiangxi").decide(high, low)) == ["200.00", "600.00"]
    assert funds(desk("jiangxi").decide(low, high)) == ["240.00", "500.00"]


def test_between_claims_the_one_settled_first_uses_up_the_deductible(desk, receipt):
    counter = desk("jiangxi")
    assert funds(counter.settle(receipt("H", "2023-03-02", "1000", "三级"))) == ["200.00"]
    assert funds(counter.settle(receipt("L", "2023-03-01", "1000", "一级"))) == ["600.00"]


def test_what_the_person_bears_first_comes_off_before_the_deductible(desk, receipt):
    paper = receipt("A", "2023-03-01", "1000", "三级", self_funded="50", over_limit="20", paid_first="30.50")
    (decided,) = desk("jiangxi").decide(paper).receipts
    assert format_yuan(decided.in_scope_fen) == "899.50"
    assert (format_yuan(decided.fund_fen), format_yuan(decided.person_fen)) == ("149.75", "850.25")


def test_half_a_fen_is_rounded_up_once_a_receipt(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "600", "0")
    papers = [receipt(str(number), "2023-03-01", "0.01", "三级") for number in range(2)]
    assert funds(counter.decide(*papers)) == ["0.01", "0.01"]
    assert funds(counter.decide(receipt("X", "2023-03-01", "0.02", "三级"))) == ["0.01"]


def test_a_receipt_below_the_deductible_pays_nothing_and_uses_it_up(desk, receipt):
    counter = desk("jiangxi")
    first = counter.settle(receipt("A", "2023-03-01", "599.99"))
    assert (funds(first), deductibles(first), first.decision) == (["0.00"], ["599.99"], Decision.PAY)
    second = counter.settle(receipt("B", "2023-03-02", "0.02", "三级"))
    assert (funds(second), deductibles(second)) == (["0.01"], ["0.01"])


def test_a_receipt_of_zero_is_decided(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "0"))
    assert (claim.decision, funds(claim), claim.person_fen) == (Decision.PAY, ["0.00"], 0)


def test_the_cap_cuts_and_what_stays_above_it_is_said(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "600", "1700")
    (decided,) = counter.decide(receipt("A", "2023-03-01", "1000", "三级")).receipts
    assert (format_yuan(decided.share_fen), format_yuan(decided.fund_fen)) == ("500.00", "100.00")
    assert format_yuan(decided.over_cap_fen) == "800.00"


def test_a_payment_that_reaches_the_cap_exactly_is_not_cut(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "600", "1300")
    (decided,) = counter.settle(receipt("A", "2023-03-01", "1000", "三级")).receipts
    assert (format_yuan(decided.fund_fen), decided.over_cap_fen) == ("500.00", 0)
    (after,) = counter.decide(receipt("B", "2023-03-02", "10", "三级")).receipts
    assert (after.fund_fen, format_yuan(after.over_cap_fen), after.decision) == (0, "10.00", Decision.PAY)


def test_prior_benefits_above_the_cap_never_make_a_payment_negative(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "900", "2500")
    (decided,) = counter.decide(receipt("A", "2023-03-01", "100")).receipts
    assert (decided.fund_fen, decided.deductible_fen, decided.cap_left_fen) == (0, 0, 0)


def test_each_calendar_year_has_its_own_deductible_and_cap(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "600", "1800")
    claim = counter.settle(receipt("B", "2024-01-01", "1000", "一级"), receipt("A", "2023-12-31 23:59", "1000", "一级"))
    assert funds(claim) == ["240.00", "0.00"]
    assert counter.pool(2023, "普通门诊").fund_fen == 180000
    assert (counter.pool(2024, "普通门诊").deductible_fen, counter.pool(2024, "普通门诊").fund_fen) == (60000, 24000)


def test_decisions_come_back_in_the_order_of_entry(desk, receipt):
    papers = [receipt(day, f"2023-03-{day}", "100") for day in ("05", "01", "04", "02")]
    assert [decided.receipt.number for decided in desk("jiangxi").decide(*papers).receipts] == ["05", "01", "04", "02"]


def test_deciding_the_same_claim_twice_gives_the_same_and_changes_nothing(desk, receipt):
    counter = desk("jiangxi")
    papers = [receipt("A", "2023-03-01", "1000"), receipt("B", "2023-03-02", "1000")]
    held = {"/C": "V1"}
    assert counter.decide(*papers, taken=held) == counter.decide(*papers, taken=held)
    assert not counter.used.pools
    assert held == {"/C": "V1"}


def test_every_day_is_decided_for_itself_whatever_day_was_asked_before(desk, person, receipt):
    counter = desk("jiangxi", person(filed=[("转诊转院", "2023-03-10/2023-03-20")]))
    days = [15, 1, 9, 10, 21, 20, 31]
    outcomes = [counter.decide(receipt("A", f"2023-03-{day:02}", "1000")).decision for day in [*days, *reversed(days)]]
    expected = [Decision.PAY if 10 <= day <= 20 else Decision.REVIEW for day in days]
    assert outcomes == [*expected, *reversed(expected)]


def test_the_policy_of_the_visit_decides_for_a_person_who_retires_in_the_year(desk, person, receipt):
    counter = desk("jiangxi", person(retired_on="2023-05-15"))
    counter.prior(2023, "普通门诊", "600", "1700")
    claim = counter.decide(receipt("A", "2023-05-31", "1000", "三级"), receipt("B", "2023-06-01", "1000", "三级"))
    # Employed: 50 %, cut at 1800. Retired: 55 %, what was enjoyed counts against 2000.
    assert funds(claim) == ["100.00", "200.00"]


# -- Jiangxi -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "tier", "fund"),
    [
        ("在职", "无等级", "240.00"),
        ("在职", "一级", "240.00"),
        ("在职", "二级", "220.00"),
        ("在职", "三级", "200.00"),
        ("退休", "无等级", "260.00"),
        ("退休", "一级", "260.00"),
        ("退休", "二级", "240.00"),
        ("退休", "三级", "220.00"),
    ],
)
def test_jiangxi_pays_by_status_and_tier(desk, person, receipt, status, tier, fund):
    assert funds(desk("jiangxi", person(status)).decide(receipt("A", "2023-03-01", "1000", tier))) == [fund]


@pytest.mark.parametrize(("status", "cap"), [("在职", "1800.00"), ("退休", "2000.00")])
def test_jiangxi_never_pays_more_than_the_cap(desk, person, receipt, status, cap):
    assert funds(desk("jiangxi", person(status)).decide(receipt("A", "2023-03-01", "100000"))) == [cap]


# -- Chongqing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "tier", "fund"),
    [("在职", "三级", "400.00"), ("在职", "无等级", "480.00"), ("退休", "三级", "540.00"), ("退休", "二级", "630.00")],
)
def test_chongqing_pays_by_the_citys_parameters(desk, person, receipt, status, tier, fund):
    assert funds(desk("chongqing", person(status)).decide(receipt("A", "2023-03-01", "1000", tier))) == [fund]


@pytest.mark.parametrize(("status", "cap"), [("在职", "3000.00"), ("退休", "4000.00")])
def test_chongqing_caps_by_status(desk, person, receipt, status, cap):
    assert funds(desk("chongqing", person(status)).decide(receipt("A", "2023-03-01", "100000"))) == [cap]


@pytest.mark.parametrize("area", ["chongqing", "jilin"])
def test_a_framework_without_parameters_computes_nothing_and_names_what_is_missing(desk, receipt, area):
    with pytest.raises(PolicyGap) as gap:
        desk(area, parameters="").decide(receipt("A", "2023-03-01", "1000"))
    assert gap.value.code == "parameter_not_set"
    assert "普通门诊.起付标准" in gap.value.details["parameters"]
    assert "普通门诊.年度限额" in gap.value.details["parameters"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("普通门诊: {起付标准: 200, 年度限额: 3000}", ("普通门诊.支付比例",)),
        ("普通门诊: {支付比例: 50, 年度限额: 3000}", ("普通门诊.起付标准",)),
        ("普通门诊: {支付比例: 50, 起付标准: 200}", ("普通门诊.年度限额",)),
    ],
)
def test_one_missing_parameter_is_enough_to_compute_nothing(desk, receipt, given, missing):
    with pytest.raises(PolicyGap) as gap:
        desk("chongqing", parameters=given).decide(receipt("A", "2023-03-01", "1000"))
    assert gap.value.details["parameters"] == missing


def test_a_refused_receipt_needs_no_parameters(desk, person, receipt):
    counter = desk("chongqing", person(cover=[]), parameters="")
    assert counter.decide(receipt("A", "2023-03-01", "1000")).decision is Decision.REFUSE


def test_care_that_a_document_does_not_know_is_a_gap_and_never_zero(desk, receipt):
    with pytest.raises(PolicyGap) as gap:
        desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", "二级", "门诊慢性病"))
    assert gap.value.code == "policy_gap"
    assert (gap.value.details["benefit"], gap.value.details["document"]) == ("门诊慢性病", "江西省实施意见")


# -- Nanyang, as the network settles it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "tier", "fund"),
    [
        ("在职", "无等级", "600.00"),
        ("在职", "一级", "600.00"),
        ("在职", "二级", "533.50"),
        ("在职", "三级", "475.00"),
        ("退休", "一级", "700.00"),
        ("退休", "二级", "630.50"),
        ("退休", "三级", "570.00"),
    ],
)
def test_nanyang_pays_above_a_deductible_per_visit(desk, person, receipt, status, tier, fund):
    paper = receipt("A", "2023-03-01", "1000", tier, settled_by_network=True)
    assert funds(desk("nanyang", person(status)).decide(paper)) == [fund]


@pytest.mark.parametrize(("status", "cap"), [("在职", "1500.00"), ("退休", "2000.00")])
def test_nanyang_caps_by_status(desk, person, receipt, status, cap):
    paper = receipt("A", "2023-03-01", "100000", settled_by_network=True)
    assert funds(desk("nanyang", person(status)).decide(paper)) == [cap]


# -- Jining ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "tier", "fund"),
    [
        ("在职", "三级", "35.00"),
        ("退休", "一级", "35.00"),
        ("居民", "三级", "50.00"),
        ("居民", "无等级", "50.00"),
        ("居民", None, "50.00"),
        ("在职", None, "35.00"),
    ],
)
def test_jining_pays_half_whatever_the_tier(desk, person, receipt, status, tier, fund):
    claim = desk("jining", person(status)).decide(receipt("A", "2023-03-01", "100", tier, networked=True))
    assert (claim.decision, funds(claim)) == (Decision.PAY, [fund])


@pytest.mark.parametrize(("status", "cap"), [("在职", "600.00"), ("退休", "600.00"), ("居民", "200.00")])
def test_jining_caps_by_insurance(desk, person, receipt, status, cap):
    assert funds(desk("jining", person(status)).decide(receipt("A", "2023-03-01", "9999", networked=True))) == [cap]


def test_emergency_in_jining_is_settled_as_ordinary_care_and_shares_its_cap(desk, receipt):
    counter = desk("jining")
    counter.prior(2023, "普通门诊", "0", "590")
    assert funds(counter.decide(receipt("A", "2023-03-01", "100", benefit="急诊抢救", networked=True))) == ["10.00"]


# -- Jilin -------------------------------------------------------------------------------------------------------

CHRONIC = [("M01600", "门诊慢性病", "2023-01-01/2023-12-31"), ("M00500", "门诊慢性病", "2023-01-01/2023-12-31")]
SPECIAL = [("M00501", "门诊特殊疾病", "2023-01-01/2023-12-31")]


@pytest.mark.parametrize(
    ("status", "tier", "fund"),
    [
        ("在职", "无等级", "420.00"),
        ("在职", "一级", "420.00"),
        ("在职", "二级", "385.00"),
        ("在职", "三级", "350.00"),
        ("退休", "一级", "455.00"),
        ("退休", "二级", "420.00"),
        ("退休", "三级", "385.00"),
    ],
)
def test_jilin_ordinary_ratios_are_fixed_and_the_retired_get_the_areas_points(
    desk, person, receipt, status, tier, fund
):
    assert funds(desk("jilin", person(status)).decide(receipt("A", "2023-03-01", "1000", tier))) == [fund]


def test_jilin_chronic_and_ordinary_share_one_deductible_and_have_two_caps(desk, person, receipt):
    counter = desk("jilin", person(conditions=CHRONIC))
    counter.prior(2023, "普通门诊", "100", "2000")
    claim = counter.settle(
        receipt("A", "2023-03-01", "1000", "二级", "门诊慢性病", disease="M00500"),
        receipt("B", "2023-03-02", "1000", "二级"),
    )
    assert (deductibles(claim), funds(claim)) == (["200.00", "0.00"], ["480.00", "0.00"])
    assert counter.pool(2023, "门诊慢性病").deductible_fen == counter.pool(2023, "普通门诊").deductible_fen == 30000
    assert counter.pool(2023, "门诊慢性病").fund_fen == 48000


@pytest.mark.parametrize("status", ["在职", "退休"])
@pytest.mark.parametrize("tier", ["一级", "二级", "无等级"])
def test_jilin_chronic_has_one_ratio_for_all(desk, person, receipt, status, tier):
    counter = desk("jilin", person(status, conditions=CHRONIC))
    assert funds(counter.decide(receipt("A", "2023-03-01", "1300", tier, "门诊慢性病", disease="M00500"))) == ["600.00"]


def test_a_disease_has_its_own_lower_cap_inside_the_chronic_cap(desk, person, receipt):
    counter = desk("jilin", person(conditions=CHRONIC))
    counter.prior(2023, "门诊慢性病", "300", "2900", disease="M01600")
    claim = counter.settle(
        receipt("A", "2023-03-01", "1000", "二级", "门诊慢性病", disease="M01600"),
        receipt("B", "2023-03-02", "1000", "二级", "门诊慢性病", disease="M00500"),
    )
    assert funds(claim) == ["100.00", "600.00"]
    assert funds(counter.decide(receipt("C", "2023-03-03", "10", "二级", "门诊慢性病", disease="M01600"))) == ["0.00"]
    assert counter.pool(2023, "门诊慢性病").fund_fen == 360000


def test_a_diseases_own_cap_is_used_up_from_receipt_to_receipt(desk, person, receipt):
    counter = desk("jilin", person(conditions=CHRONIC))
    papers = [receipt(day, f"2023-03-0{day}", "4000", "二级", "门诊慢性病", disease="M01600") for day in "123"]
    assert funds(counter.decide(*papers)) == ["2220.00", "780.00", "0.00"]


def test_the_chronic_cap_holds_over_all_diseases(desk, person, receipt):
    counter = desk("jilin", person(conditions=CHRONIC))
    counter.prior(2023, "门诊慢性病", "300", "6450")
    assert funds(counter.decide(receipt("A", "2023-03-01", "1000", "二级", "门诊慢性病", disease="M01600"))) == [
        "50.00"
    ]


def test_jilin_special_is_charged_the_difference_on_going_to_a_higher_tier(desk, person, receipt):
    counter = desk("jilin", person(conditions=SPECIAL))
    papers = [
        receipt("A", "2023-03-01", "1000", "二级", "门诊特殊疾病", disease="M00501"),
        receipt("B", "2023-03-02", "1000", "三级", "门诊特殊疾病", disease="M00501"),
        receipt("C", "2023-03-03", "1000", "二级", "门诊特殊疾病", disease="M00501"),
        receipt("D", "2023-03-04", "1000", "三级", "门诊特殊疾病", disease="M00501"),
    ]
    claim = counter.decide(*papers)
    assert deductibles(claim) == ["400.00", "400.00", "0.00", "0.00"]
    assert funds(claim) == ["510.00", "480.00", "850.00", "800.00"]


def test_jilin_special_has_the_inpatient_ratio_of_status_and_tier(desk, person, receipt):
    counter = desk("jilin", person("退休", conditions=SPECIAL))
    assert funds(counter.decide(receipt("A", "2023-03-01", "1800", "三级", "门诊特殊疾病", disease="M00501"))) == [
        "820.00"
    ]


@pytest.mark.parametrize("benefit", ["门诊特殊疾病", "急诊抢救", "日间手术"])
def test_jilin_special_emergency_and_day_surgery_share_the_inpatient_cap(desk, person, receipt, benefit):
    counter = desk("jilin", person(conditions=SPECIAL))
    counter.prior(2023, "住院", "800", "99950")
    assert funds(counter.settle(receipt("A", "2023-03-01", "5000", "三级", benefit))) == ["50.00"]
    assert funds(counter.decide(receipt("B", "2023-03-02", "5000", "三级", "急诊抢救"))) == ["0.00"]
    assert funds(counter.decide(receipt("C", "2023-03-02", "1000", "三级"))) == ["350.00"]


def test_jilin_emergency_is_charged_the_inpatient_deductible_for_each_visit(desk, receipt):
    claim = desk("jilin").decide(
        receipt("A", "2023-03-01", "1000", "三级", "急诊抢救"),
        receipt("B", "2023-03-02", "1000", "三级", "急诊抢救"),
        receipt("C", "2023-03-03", "1000", "一级", "急诊抢救"),
    )
    assert (deductibles(claim), funds(claim)) == (["800.00", "800.00", "200.00"], ["160.00", "160.00", "720.00"])


def test_receipts_of_one_emergency_share_its_deductible(desk, receipt):
    claim = desk("jilin").decide(
        receipt("A", "2023-03-01", "500", "三级", "急诊抢救", label="夜诊"),
        receipt("B", "2023-03-01", "1000", "三级", "急诊抢救", label="夜诊"),
    )
    assert (deductibles(claim), funds(claim)) == (["500.00", "300.00"], ["0.00", "560.00"])


def test_jilin_day_surgery_has_no_deductible_unless_the_area_sets_one(desk, receipt):
    paper = receipt("A", "2023-03-01", "1000", "三级", "日间手术")
    assert funds(desk("jilin").decide(paper)) == ["800.00"]
    with_one = "住院: {起付标准: 800, 支付比例: 80, 年度限额: 100000}\n日间手术: {起付标准: 100}"
    assert funds(desk("jilin", parameters=with_one).decide(paper)) == ["720.00"]


def test_ordinary_care_for_a_registered_disease_is_settled_as_chronic_or_special(desk, person, receipt):
    counter = desk("jilin", person(conditions=CHRONIC + SPECIAL))
    claim = counter.decide(
        receipt("A", "2023-03-01", "1300", "二级", disease="M00500"),
        receipt("B", "2023-03-02", "1400", "二级", disease="M00501"),
        receipt("C", "2023-03-03", "1000", "二级", disease="J06900"),
    )
    assert [decided.benefit.term for decided in claim.receipts] == ["门诊慢性病", "门诊特殊疾病", "普通门诊"]
    assert funds(claim) == ["600.00", "850.00", "550.00"]


def test_a_retired_bonus_never_lifts_a_ratio_above_the_whole(desk, person, receipt):
    parameters = "普通门诊: {起付标准: 0, 退休加成: 60, 年度限额: 2000}"
    assert funds(desk("jilin", person("退休"), parameters).decide(receipt("A", "2023-03-01", "100", "一级"))) == [
        "100.00"
    ]


def test_jilin_ordinary_computes_with_the_ordinary_parameters_alone(desk, person, receipt):
    counter = desk("jilin", person(conditions=SPECIAL), parameters="普通门诊: {起付标准: 0, 年度限额: 2000}")
    assert funds(counter.decide(receipt("A", "2023-03-01", "100", "三级"))) == ["50.00"]
    with pytest.raises(PolicyGap) as gap:
        counter.decide(receipt("B", "2023-03-01", "100", "三级", "门诊特殊疾病"))
    assert gap.value.details["parameters"] == ("住院.起付标准", "住院.支付比例", "住院.年度限额")


def test_the_retired_points_are_missing_for_the_retired_alone(desk, person, receipt):
    parameters = "普通门诊: {起付标准: 0, 年度限额: 2000}"
    with pytest.raises(PolicyGap) as gap:
        desk("jilin", person("退休"), parameters).decide(receipt("A", "2023-03-01", "100", "三级"))
    assert gap.value.details["parameters"] == ("普通门诊.退休加成",)


# -- an unknown tier ---------------------------------------------------------------------------------------------


def test_an_unknown_tier_is_tried_with_the_least_favourable_figures(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", None))
    assert (claim.decision, funds(claim)) == (Decision.REVIEW, ["200.00"])


# -- reversal ----------------------------------------------------------------------------------------------------


def test_a_reversal_frees_deductible_and_cap_of_the_original_year(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "100", "50")
    before = counter.pool(2023, "普通门诊")
    decided = counter.settle(receipt("A", "2023-03-01", "5000"))
    assert counter.pool(2023, "普通门诊").fund_fen == 180000
    for adjudication in decided.receipts:
        counter.used = counter.used.with_entries((year, pool, -use) for year, pool, use in pools_used(adjudication))
    assert counter.pool(2023, "普通门诊") == before
