"""Whether a receipt is payable at all: every reason, with its decision and its article."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.adjudication.explanation import REASONS, citations, explain
from clerk_app.codes import Decision, Material, Reason
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf

YEAR = "2023-01-01/2023-12-31"
FILED = [("转诊转院", YEAR)]
PAPERS = [Material.CREDENTIAL, Material.RECEIPT, Material.MEDICAL_RECORD]


def outcome(claim, index=0):
    """Decision, reasons and articles of one receipt."""
    decided = claim.receipts[index]
    return (
        decided.decision.term,
        [finding.reason.value for finding in decided.findings],
        [str(finding.source) for finding in decided.findings],
    )


def fund(claim, index=0):
    return format_yuan(claim.receipts[index].fund_fen)


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "last_day_before", "source"),
    [
        ("jilin", "2022-12-31", "吉医保联〔2022〕22号 六(三)"),
        ("chongqing", "2022-12-31", "渝府办发〔2022〕16号 一(二)"),
        ("jiangxi", "2022-12-31", "江西省实施意见 二(三)"),
        ("nanyang", "2022-06-30", "宛政办〔2022〕42号 第二十五条"),
        ("jining", "2021-03-31", "济医保发〔2021〕4号 六"),
    ],
)
def test_a_visit_before_the_document_is_refused(desk, receipt, area, last_day_before, source):
    claim = desk(area).decide(receipt("A", last_day_before, "1000"))
    assert outcome(claim) == ("不予支付", ["no_policy_in_force"], [source])
    assert (claim.fund_fen, claim.person_fen) == (0, 100000)


@pytest.mark.parametrize(
    ("area", "first_day"),
    [("jilin", "2023-01-01"), ("chongqing", "2023-01-01"), ("jiangxi", "2023-01-01"), ("jining", "2021-04-01")],
)
def test_a_visit_on_the_documents_first_day_is_paid(desk, receipt, area, first_day):
    assert desk(area).decide(receipt("A", first_day, "1000", networked=True)).decision is Decision.PAY


@pytest.mark.parametrize(
    ("area", "source"),
    [
        ("jilin", "吉医保联〔2022〕22号 二"),
        ("chongqing", "渝府办发〔2022〕16号 二(二)1"),
        ("jiangxi", "江西省实施意见 二(三)"),
        ("nanyang", "宛政办〔2022〕42号 第三条"),
    ],
)
def test_residents_are_covered_in_jining_alone(desk, person, receipt, area, source):
    paper = receipt("A", "2023-03-01", "100", networked=True)
    assert outcome(desk(area, person("居民")).decide(paper)) == ("不予支付", ["not_covered_insurance"], [source])
    assert desk("jining", person("居民")).decide(paper).decision is Decision.PAY


def test_a_visit_outside_cover_is_refused_and_on_its_last_day_paid(desk, person, receipt):
    counter = desk("jiangxi", person(cover=["2023-01-01/2023-06-30", "2023-09-01"]))
    claim = counter.decide(
        receipt("A", "2023-06-30", "100"), receipt("B", "2023-07-01", "100"), receipt("C", "2023-09-01", "100")
    )
    assert [decided.decision.term for decided in claim.receipts] == ["支付", "不予支付", "支付"]
    assert outcome(claim, 1)[1:] == (["outside_coverage"], ["江西省实施意见 二(三)"])


def test_a_bill_that_a_voucher_holds_is_refused_and_the_voucher_named(desk, receipt):
    paper = receipt("Ａ 1", "2023-03-01", "1000", bill_code="11")
    claim = desk("jiangxi").decide(paper, taken={"11/A1": "示例-2023-7"})
    assert outcome(claim)[:2] == ("不予支付", ["duplicate_receipt"])
    assert claim.receipts[0].findings[0].subject == "示例-2023-7"


def test_the_same_bill_twice_in_a_claim_is_paid_once(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A1", "2023-03-01", "1000"), receipt("a1", "2023-03-01", "1000"))
    assert [decided.decision.term for decided in claim.receipts] == ["支付", "不予支付"]
    assert (format_yuan(claim.fund_fen), claim.decision) == ("200.00", Decision.PAY)


def test_of_the_same_bill_entered_twice_the_one_visited_first_is_paid(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A1", "2023-03-02", "1000"), receipt("A1", "2023-03-01", "1000"))
    assert [decided.decision.term for decided in claim.receipts] == ["不予支付", "支付"]


def test_a_refused_bill_keeps_its_number(desk, receipt):
    claim = desk("jiangxi").decide(
        receipt("A1", "2023-03-01", "1000", exclusion="工伤"), receipt("A1", "2023-03-02", "1000")
    )
    assert outcome(claim, 1)[:2] == ("不予支付", ["duplicate_receipt"])


def test_three_copies_of_a_bill_are_refused_twice(desk, receipt):
    claim = desk("jiangxi").decide(*(receipt("A1", "2023-03-01", "1000") for _copy in range(3)))
    assert [decided.decision.term for decided in claim.receipts] == ["支付", "不予支付", "不予支付"]


@pytest.mark.parametrize(
    ("area", "given", "source"),
    [
        ("jiangxi", "养生保健", "江西省实施意见 二(五)"),
        ("jiangxi", "工伤", "社会保险法 第三十条"),
        ("jilin", "第三人", "社会保险法 第三十条"),
        ("chongqing", "体育健身", "渝府办发〔2022〕16号 二(三)2"),
        ("jining", "机构违规", "济医保发〔2021〕4号 六"),
        ("nanyang", "19(3)", "宛政办〔2022〕42号 第十九条(三)"),
        ("nanyang", "第十九条（五）", "宛政办〔2022〕42号 第十九条(五)"),
    ],
)
def test_an_excluded_expense_is_refused_with_its_article(desk, receipt, area, given, source):
    paper = receipt("A", "2023-03-01", "100", exclusion=given, networked=True, settled_by_network=area == "nanyang")
    assert outcome(desk(area).decide(paper)) == ("不予支付", ["excluded"], [source])


def test_nanyang_lists_the_five_kinds_of_article_19(policy_of):
    (version,) = policy_of("nanyang").versions
    assert [entry.source.article for entry in version.exclusions] == [f"第十九条({kind})" for kind in "一二三四五"]


def test_an_exclusion_that_the_area_does_not_know_is_an_error(desk, receipt):
    with pytest.raises(ClerkError) as failure:
        desk("nanyang").decide(receipt("A", "2023-03-01", "100", exclusion="19(6)"))
    assert failure.value.code == "exclusion_unknown"
    assert "19(5)" in failure.value.details["known"]


@pytest.mark.parametrize(
    ("day", "decision"),
    [
        ("2023-04-30", "支付"),
        ("2023-05-01", "待复核"),
        ("2023-05-02", "不予支付"),
        ("2023-05-09", "不予支付"),
        ("2023-05-10", "待复核"),
        ("2023-05-11", "支付"),
    ],
)
@pytest.mark.parametrize("area", ["jilin", "chongqing", "jiangxi", "jining"])
def test_a_stay_refuses_its_inside_and_has_its_edges_reviewed(desk, person, receipt, area, day, decision):
    counter = desk(area, person(stays=["2023-05-01/2023-05-10"]))
    claim = counter.decide(receipt("A", day, "1000", networked=True))
    assert claim.receipts[0].decision.term == decision
    assert claim.reasons == (() if decision == "支付" else (Reason.DURING_INPATIENT_STAY,))
    assert (claim.fund_fen == 0) == (decision == "不予支付")


def test_who_is_still_in_hospital_is_refused(desk, person, receipt):
    counter = desk("jiangxi", person(stays=["2023-05-01"]))
    assert counter.decide(receipt("A", "2023-08-01", "1000")).decision is Decision.REFUSE


@pytest.mark.parametrize("benefit", ["门诊慢性病", "门诊特殊疾病"])
@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [("M01600", "门诊慢性病", "2022-01-01/2022-12-31"), ("M01600", "门诊特殊疾病", "2023-03-02/2023-12-31")],
        [("M00500", "门诊慢性病", YEAR), ("M00500", "门诊特殊疾病", YEAR)],
    ],
)
def test_chronic_and_special_need_a_condition_registered_on_the_day(desk, person, receipt, benefit, conditions):
    counter = desk("jilin", person(conditions=conditions))
    claim = counter.decide(receipt("A", "2023-03-01", "1000", "二级", benefit, disease="M01600"))
    assert outcome(claim) == ("不予支付", ["condition_not_registered"], ["吉医保联〔2022〕22号 二(一)"])


def test_a_chronic_registration_does_not_open_special_care(desk, person, receipt):
    counter = desk("jilin", person(conditions=[("M01600", "门诊慢性病", YEAR)]))
    claim = counter.decide(receipt("A", "2023-03-01", "1000", "二级", "门诊特殊疾病", disease="M01600"))
    assert claim.decision is Decision.REFUSE


def test_a_bill_on_which_the_fund_has_paid_is_refused(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", printed_fund="0.01"))
    assert outcome(claim)[:2] == ("不予支付", ["already_networked"])


@pytest.mark.parametrize(
    ("area", "own"), [("jilin", "220102"), ("chongqing", "500112"), ("jiangxi", "360102"), ("jining", "370811")]
)
def test_a_visit_inside_the_own_area_is_not_off_site(desk, receipt, area, own):
    for paper in (
        receipt("A", "2023-03-01", "1000", area=own, networked=True),
        receipt("A", "2023-03-01", "1000", code=f"H{own}00001", networked=True),
    ):
        assert outcome(desk(area).decide(paper))[:2] == ("不予支付", ["not_off_site"])
    assert desk(area).decide(receipt("A", "2023-03-01", "1000", area="110101", networked=True)).decision is Decision.PAY


def test_an_undesignated_institution_is_refused_except_in_an_emergency(desk, receipt):
    paper = receipt("A", "2023-03-01", "1000", designated=False)
    assert outcome(desk("jilin").decide(paper)) == ("不予支付", ["not_designated"], ["吉医保联〔2022〕22号 一"])
    emergency = receipt("A", "2023-03-01", "1000", benefit="急诊抢救", designated=False)
    assert desk("jilin").decide(emergency).decision is Decision.PAY


def test_nanyang_refuses_what_was_not_settled_directly_and_tells_what_that_would_have_paid(desk, person, receipt):
    claim = desk("nanyang", person(filed=FILED)).decide(receipt("A", "2023-03-01", "1000"))
    assert outcome(claim) == ("不予支付", ["not_directly_settled"], ["宛政办〔2022〕42号 第十五条"])
    (decided,) = claim.receipts
    assert (decided.fund_fen, decided.person_fen, claim.fund_fen) == (0, 100000, 0)
    assert decided.if_networked is not None
    assert format_yuan(decided.if_networked.fund_fen) == "475.00"


def test_what_a_direct_settlement_would_have_paid_goes_on_through_the_claim_but_uses_nothing(desk, receipt):
    counter = desk("nanyang")
    claim = counter.settle(
        receipt("A", "2023-03-01 09:00", "1000"),
        receipt("B", "2023-03-01 15:00", "1000"),
        receipt("C", "2023-03-05", "9000"),
        receipt("D", "2023-03-06", "1000", settled_by_network=True),
    )
    would = [format_yuan(decided.if_networked.fund_fen) for decided in claim.receipts[:3]]
    assert would == ["475.00", "500.00", "525.00"]
    assert format_yuan(claim.fund_fen) == "475.00"
    assert counter.pool(2023, "普通门诊").fund_fen == 47500


def test_what_a_direct_settlement_would_have_paid_starts_from_what_the_network_settled(desk, receipt):
    counter = desk("nanyang")
    counter.prior(2023, "普通门诊", "0", "1000")
    counter.settle(receipt("N1", "2023-03-01 08:00", "20", settled_by_network=True))
    claim = counter.decide(
        receipt("N2", "2023-03-01 09:00", "130", settled_by_network=True),
        receipt("A", "2023-03-01 10:00", "100"),
        receipt("B", "2023-03-09", "9000"),
    )
    assert [fund(claim, place) for place in range(3)] == ["50.00", "0.00", "0.00"]
    would = [decided.if_networked for decided in claim.receipts[1:]]
    assert [format_yuan(decided.fund_fen) for decided in would] == ["50.00", "400.00"]
    assert [format_yuan(decided.deductible_fen) for decided in would] == ["0.00", "50.00"]
    claim = counter.decide(receipt("B", "2023-03-09", "9000"), receipt("C", "2023-03-12", "1000"))
    assert [format_yuan(decided.if_networked.fund_fen) for decided in claim.receipts] == ["500.00", "0.00"]


def test_nothing_is_promised_beside_a_refusal_that_a_direct_settlement_would_share(desk, receipt):
    claim = desk("nanyang").decide(receipt("A", "2023-03-01", "1000", exclusion="19(1)"))
    assert claim.receipts[0].if_networked is None


def test_all_refusals_of_a_receipt_are_named(desk, person, receipt):
    counter = desk("jiangxi", person(cover=[], stays=["2023-02-01/2023-04-01"], filed=[]))
    paper = receipt("A", "2023-03-01", "100", exclusion="工伤", printed_fund="1", area="360102", designated=False)
    assert set(outcome(counter.decide(paper, taken={"/A": "示例-1"}))[1]) == {
        "outside_coverage",
        "duplicate_receipt",
        "excluded",
        "during_inpatient_stay",
        "already_networked",
        "not_off_site",
        "not_designated",
    }


def test_a_refused_receipt_consumes_neither_deductible_nor_cap(desk, receipt):
    counter = desk("jiangxi")
    claim = counter.settle(
        receipt("A", "2023-03-01", "1000", exclusion="工伤"), receipt("B", "2023-03-02", "1000", "三级")
    )
    assert [fund(claim, index) for index in range(2)] == ["0.00", "200.00"]
    assert claim.decision is Decision.PAY
    assert (counter.pool(2023, "普通门诊").deductible_fen, counter.pool(2023, "普通门诊").fund_fen) == (60000, 20000)


def test_a_refused_receipt_opens_no_window_of_a_visit(desk, receipt):
    claim = desk("nanyang").decide(
        receipt("A", "2023-03-01 08:00", "20", settled_by_network=True, exclusion="19(2)"),
        receipt("B", "2023-03-01 09:00", "150", settled_by_network=True),
    )
    assert fund(claim, 1) == "50.00"


# -- reviews -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "source", "pays"),
    [
        ("jilin", "吉医保联〔2022〕22号 三", "350.00"),
        ("chongqing", "未明文，经办口径", "400.00"),
        ("jiangxi", "未明文，经办口径", "200.00"),
        ("jining", "济医保发〔2021〕4号 五(一)", "485.00"),
    ],
)
@pytest.mark.parametrize("filed", [[], [("常驻异地工作", "2022-01-01/2022-12-31")], [("异地急诊", "2023-03-02")]])
def test_an_unfiled_visit_needs_review_and_is_computed_as_if_accepted(desk, person, receipt, area, source, pays, filed):
    claim = desk(area, person(filed=filed)).decide(receipt("A", "2023-03-01", "1000", networked=True))
    assert outcome(claim) == ("待复核", ["not_filed"], [source])
    assert fund(claim) == pays


@pytest.mark.parametrize("category", ["异地安置退休", "异地长期居住", "常驻异地工作", "转诊转院", "异地急诊", "其他"])
def test_each_of_the_six_categories_is_a_filing_in_jining(desk, person, receipt, category):
    claim = desk("jining", person(filed=[(category, YEAR)])).decide(receipt("A", "2023-03-01", "100", networked=True))
    assert claim.decision is Decision.PAY


def test_emergency_and_rescue_in_jilin_count_as_filed(desk, person, receipt):
    counter = desk("jilin", person(filed=[]))
    assert counter.decide(receipt("A", "2023-03-01", "1000", benefit="急诊抢救")).decision is Decision.PAY
    assert counter.decide(receipt("A", "2023-03-01", "1000", benefit="日间手术")).decision is Decision.REVIEW


@pytest.mark.parametrize("missing", PAPERS)
def test_jilin_asks_for_three_papers_and_names_the_missing_one(desk, receipt, missing):
    handed_in = [paper for paper in PAPERS if paper is not missing]
    claim = desk("jilin").decide(receipt("A", "2023-03-01", "1000"), materials=handed_in)
    assert outcome(claim) == ("待复核", ["missing_document"], ["吉医保联〔2022〕22号 三"])
    assert claim.receipts[0].findings[0].subject == missing.term
    assert claim.missing_materials == (missing,)


def test_every_missing_paper_is_named_at_once(desk, receipt):
    claim = desk("jilin").decide(
        receipt("A", "2023-03-01", "1000"), receipt("B", "2023-03-02", "1000", benefit="急诊抢救"), materials=[]
    )
    assert claim.missing_materials == tuple(PAPERS)
    assert claim.advised_materials == (Material.FEE_LIST, Material.EMERGENCY_DIAGNOSIS)


@pytest.mark.parametrize("area", ["chongqing", "jiangxi", "jining"])
def test_where_the_document_names_no_papers_a_missing_one_is_only_advised(desk, receipt, area):
    claim = desk(area).decide(receipt("A", "2023-03-01", "1000", networked=True), materials=[])
    assert (claim.decision, claim.missing_materials) == (Decision.PAY, ())
    assert claim.advised_materials == (
        Material.CREDENTIAL,
        Material.RECEIPT,
        Material.MEDICAL_RECORD,
        Material.FEE_LIST,
    )


def test_a_prescription_stands_for_the_record_among_the_usual_papers(desk, receipt):
    handed_in = [Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST, Material.PRESCRIPTION]
    assert desk("jiangxi").decide(receipt("A", "2023-03-01", "1000"), materials=handed_in).advised_materials == ()


def test_papers_that_are_not_in_question_are_not_missed(desk, receipt):
    claim = desk("jilin").decide(receipt("A", "2023-03-01", "1000"))
    assert (claim.decision, claim.missing_materials, claim.advised_materials) == (Decision.PAY, (), ())


def test_an_institution_outside_the_network_needs_review_in_jining_alone(desk, receipt):
    paper = receipt("A", "2023-03-01", "1000")
    assert outcome(desk("jining").decide(paper)) == (
        "待复核",
        ["institution_not_networked"],
        ["济医保发〔2021〕4号 四(二)"],
    )
    assert desk("jiangxi").decide(paper).decision is Decision.PAY


@pytest.mark.parametrize(
    ("benefit", "tier", "kind", "decision"),
    [
        ("门诊慢性病", "三级", "综合", "待复核"),
        ("门诊慢性病", "三级", "专科", "待复核"),
        ("门诊慢性病", "二级", "综合", "支付"),
        ("门诊慢性病", "一级", "综合", "支付"),
        ("门诊慢性病", "无等级", "诊所", "支付"),
        ("门诊特殊疾病", "三级", "综合", "支付"),
        ("门诊特殊疾病", "二级", "综合", "支付"),
        ("门诊特殊疾病", "一级", "综合", "待复核"),
        ("门诊特殊疾病", "无等级", "诊所", "待复核"),
        ("门诊特殊疾病", "一级", "专科", "支付"),
        ("普通门诊", "三级", "综合", "支付"),
    ],
)
def test_an_unusual_tier_needs_review_in_jilin(desk, person, receipt, benefit, tier, kind, decision):
    conditions = [("M1", "门诊慢性病", YEAR), ("M1", "门诊特殊疾病", YEAR)]
    claim = desk("jilin", person(conditions=conditions)).decide(
        receipt("A", "2023-03-01", "9", tier, benefit, kind=kind)
    )
    assert claim.receipts[0].decision.term == decision
    if decision == "待复核":
        assert outcome(claim)[1:] == (["tier_unusual"], ["吉医保联〔2022〕22号 一"])


def test_a_tier_that_nobody_knows_needs_review_where_it_changes_the_money(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", None))
    assert outcome(claim) == ("待复核", ["tier_unknown"], ["江西省实施意见 二(三)"])


@pytest.mark.parametrize("area", ["jilin", "chongqing", "jiangxi", "jining"])
@pytest.mark.parametrize("how", [{"kind": "药店"}, {"code": "P11010100001"}])
def test_a_pharmacy_needs_review_everywhere_and_has_the_figures_of_tier_one(desk, receipt, area, how):
    claim = desk(area).decide(receipt("A", "2023-03-01", "1000", None, networked=True, **how))
    tier_one = desk(area).decide(receipt("A", "2023-03-01", "1000", "一级", networked=True))
    assert outcome(claim)[:2] == ("待复核", ["pharmacy"])
    assert fund(claim) == fund(tier_one)


def test_a_dual_channel_drug_of_a_chronic_disease_follows_its_own_rules(desk, person, receipt):
    counter = desk("jilin", person(conditions=[("M1", "门诊慢性病", YEAR)]))
    claim = counter.decide(receipt("A", "2023-03-01", "1000", "二级", "门诊慢性病", disease="M1", dual_channel=True))
    assert outcome(claim) == ("待复核", ["separate_policy"], ["吉医保联〔2022〕22号 六(三)"])
    ordinary = counter.decide(receipt("A", "2023-03-01", "1000", "二级", dual_channel=True))
    assert ordinary.decision is Decision.PAY


@pytest.mark.parametrize("disease", ["苯丙酮尿症", "E70.0", "E70.1", "E70.000", "e70.101", "Ｅ７０．０"])
def test_phenylketonuria_follows_its_own_document(desk, receipt, disease):
    claim = desk("jilin").decide(receipt("A", "2023-03-01", "1000", disease=disease))
    assert outcome(claim) == ("待复核", ["separate_policy"], ["吉医保联〔2022〕22号 六(三)"])
    assert claim.receipts[0].findings[0].subject == "吉医保联〔2019〕12号"


@pytest.mark.parametrize("disease", ["E70.2", "E7", "J06.900", ""])
def test_another_disease_has_no_document_of_its_own(desk, receipt, disease):
    assert desk("jilin").decide(receipt("A", "2023-03-01", "1000", disease=disease)).decision is Decision.PAY


def test_all_grounds_of_review_are_named(desk, person, receipt):
    counter = desk("jilin", person(filed=[], stays=["2023-03-01/2023-03-05"]))
    claim = counter.decide(receipt("A", "2023-03-01", "1000", None, kind="药店"), materials=[])
    assert set(outcome(claim)[1]) == {"not_filed", "missing_document", "during_inpatient_stay", "pharmacy"}


def test_what_must_be_reviewed_uses_up_deductible_and_cap_as_if_accepted(desk, person, receipt):
    claim = desk("jiangxi", person(stays=["2023-03-01/2023-03-01"])).decide(
        receipt("A", "2023-03-01", "1000", "三级"), receipt("B", "2023-03-02", "1000", "三级")
    )
    assert [fund(claim, index) for index in range(2)] == ["200.00", "500.00"]
    assert [decided.decision.term for decided in claim.receipts] == ["待复核", "支付"]


# -- as the network would have settled it ------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["jilin", "chongqing", "jiangxi", "nanyang", "jining"])
def test_a_visit_that_the_network_settled_is_not_asked_for_filing_papers_or_designation(desk, person, receipt, area):
    paper = receipt("A", "2023-03-01", "1000", settled_by_network=True, printed_fund="5", designated=False)
    assert desk(area, person(filed=[])).decide(paper, materials=[]).decision is Decision.PAY


# -- the claim ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "decision"),
    [
        ([{}], "支付"),
        ([{}, {"exclusion": "工伤"}], "支付"),
        ([{"exclusion": "工伤"}, {"exclusion": "工伤"}], "不予支付"),
        ([{}, {"kind": "药店"}], "待复核"),
        ([{"exclusion": "工伤"}, {"kind": "药店"}], "待复核"),
        ([{}, {"exclusion": "工伤"}, {"kind": "药店"}], "待复核"),
    ],
)
def test_a_claim_is_refused_if_all_is_reviewed_if_any_and_else_paid(desk, receipt, marks, decision):
    papers = [receipt(str(number), "2023-03-01", "100", **mark) for number, mark in enumerate(marks)]
    assert desk("jiangxi").decide(*papers).decision.term == decision


def test_every_reason_has_words_and_an_example_in_these_tests():
    words = (resources().parent / "tests" / "adjudication" / "test_findings.py").read_text(encoding="utf-8")
    for reason in Reason:
        assert REASONS[reason]
        assert f'"{reason.value}"' in words


# -- mechanisms for the unfiled that no shipped area has ---------------------------------------------------------


@pytest.fixture
def jiangxi_with(tmp_path, desk, person):
    """Jiangxi's document with one passage replaced."""

    def make(old: str, new: str, **who):
        text = (resources() / "policies" / "jiangxi" / "2023-01-01.yaml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "jiangxi").mkdir()
        (tmp_path / "jiangxi" / "2023-01-01.yaml").write_text(text.replace(old, new), encoding="utf-8")
        counter = desk("jiangxi", person(**who))
        counter.policy = load_shelf(tmp_path).policy("360000")
        return counter

    return make


SHIPPED_UNFILED = "未备案: {处理: 待复核, 依据: 未明文，经办口径}"
POINTS_OFF = """未备案:
    处理: 降低比例
    百分点: 10
    依据: 示例一
    取代: [{项目: 普通门诊.支付比例, 依据: 二(三)}, {项目: 普通门诊.退休加成, 依据: 二(三)}]"""
PAID_FIRST = "未备案: {处理: 先行自付, 百分点: 10, 依据: 示例一, 取代: {项目: 口径.计算步骤, 依据: 二(三)}}"


def test_points_come_off_the_ratio_of_the_unfiled(jiangxi_with, receipt):
    counter = jiangxi_with(SHIPPED_UNFILED, POINTS_OFF, filed=FILED)
    counter.prior(2024, "普通门诊", "600", "0")
    claim = counter.decide(receipt("A", "2023-03-01", "1000", "三级"), receipt("B", "2024-01-01", "1000", "三级"))
    assert [fund(claim, index) for index in range(2)] == ["200.00", "400.00"]
    assert [decided.ratio_bp for decided in claim.receipts] == [5000, 4000]
    assert claim.decision is Decision.PAY


@pytest.mark.parametrize("status", ["在职", "退休"])
def test_points_off_say_which_ratio_they_take_the_place_of(jiangxi_with, receipt, status):
    counter = jiangxi_with(SHIPPED_UNFILED, POINTS_OFF, filed=[], status=status)
    (decided,) = counter.decide(receipt("A", "2023-03-01", "1000", "三级")).receipts
    (line,) = [line for line in explain(decided) if line.startswith("未备案")]
    assert "〔江西省实施意见 示例一，取代普通门诊.支付比例（江西省实施意见 二(三)）" in line
    assert {"江西省实施意见 示例一", "江西省实施意见 二(三)"} <= set(citations(decided))


def test_a_share_paid_first_says_that_it_comes_before_the_steps(jiangxi_with, receipt):
    counter = jiangxi_with(SHIPPED_UNFILED, PAID_FIRST, filed=[])
    (decided,) = counter.decide(receipt("A", "2023-03-01", "1000", "三级")).receipts
    (line,) = [line for line in explain(decided) if line.startswith("未备案")]
    assert line.endswith("〔江西省实施意见 示例一，取代口径.计算步骤（江西省实施意见 二(三)）〕")


def test_points_never_make_a_ratio_negative(jiangxi_with, receipt):
    counter = jiangxi_with(SHIPPED_UNFILED, POINTS_OFF.replace("10", "70"), filed=[])
    claim = counter.decide(receipt("A", "2023-03-01", "1000", "三级"))
    assert (fund(claim), claim.receipts[0].ratio_bp) == ("0.00", 0)


def test_a_share_is_paid_first_before_the_deductible(jiangxi_with, receipt):
    counter = jiangxi_with(SHIPPED_UNFILED, PAID_FIRST, filed=[])
    (decided,) = counter.decide(receipt("A", "2023-03-01", "1000", "三级")).receipts
    assert (format_yuan(decided.unfiled_first_fen), format_yuan(decided.deductible_fen)) == ("100.00", "600.00")
    assert format_yuan(decided.fund_fen) == "150.00"


@pytest.mark.parametrize(
    ("total", "tier", "exact"),
    [
        # 0.03 × 0.9 × 0.5 = 0.0135; the part paid first rounded on its own would give 0.02.
        ("0.03", "三级", "0.01"),
        # 0.11 × 0.9 × 0.6 = 0.0594; what is left cut to the fen would give 0.05.
        ("0.11", "一级", "0.06"),
        # 0.12 × 0.9 × 0.6 = 0.0648; rounding twice would give 0.07.
        ("0.12", "一级", "0.06"),
    ],
)
def test_a_share_paid_first_is_not_rounded_before_the_ratio(jiangxi_with, receipt, total, tier, exact):
    counter = jiangxi_with(SHIPPED_UNFILED, PAID_FIRST, filed=[])
    counter.prior(2023, "普通门诊", "600", "0")
    assert fund(counter.decide(receipt("A", "2023-03-01", total, tier))) == exact


def test_the_network_takes_nothing_off_and_neither_does_a_filing(jiangxi_with, receipt):
    counter = jiangxi_with(SHIPPED_UNFILED, PAID_FIRST, filed=[])
    counter.prior(2023, "普通门诊", "600", "0")
    assert fund(counter.decide(receipt("A", "2023-03-01", "100", "三级", settled_by_network=True))) == "50.00"


def test_a_document_that_narrows_the_categories_takes_no_other_filing(jiangxi_with, receipt):
    counter = jiangxi_with(
        "类别: 不限", "类别: [转诊转院]", filed=[("其他", YEAR), ("转诊转院", "2023-06-01/2023-06-30")]
    )
    claim = counter.decide(receipt("A", "2023-03-01", "10"), receipt("B", "2023-06-15", "10"))
    assert [decided.decision.term for decided in claim.receipts] == ["待复核", "支付"]


def test_an_expected_tier_or_a_condition_of_ordinary_care_is_never_overlooked(jiangxi_with, receipt):
    counter = jiangxi_with("  普通门诊:\n", "  普通门诊:\n    机构等级: {值: 二级及以下, 依据: 示例二}\n")
    assert outcome(counter.decide(receipt("A", "2023-03-01", "1000", "三级"))) == (
        "待复核",
        ["tier_unusual"],
        ["江西省实施意见 示例二"],
    )
    assert counter.decide(receipt("A", "2023-03-01", "1000", "二级")).decision is Decision.PAY


def test_an_area_that_closes_its_counter_refuses_from_that_day(jiangxi_with, receipt):
    counter = jiangxi_with(
        "零星报销: {值: 受理, 依据: 未明文，经办口径}",
        "零星报销:\n  - {值: 受理, 止: 2023-06-30, 依据: 示例}\n  - {值: 不予受理, 起: 2023-07-01, 依据: 示例三}",
    )
    claim = counter.decide(receipt("A", "2023-06-30", "1000"), receipt("B", "2023-07-01", "1000"))
    assert outcome(claim, 0)[0] == "支付"
    assert outcome(claim, 1) == ("不予支付", ["not_directly_settled"], ["江西省实施意见 示例三"])
    assert claim.receipts[1].version.effective_from == date(2023, 7, 1)
