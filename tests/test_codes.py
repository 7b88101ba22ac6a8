from __future__ import annotations

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
    Term,
    Tier,
)


@pytest.mark.parametrize(
    ("codes", "terms"),
    [
        (Insurance, ["职工", "居民"]),
        (Status, ["在职", "退休", "居民"]),
        (FilingCategory, ["异地安置退休", "异地长期居住", "常驻异地工作", "转诊转院", "异地急诊", "其他"]),
        (
            Material,
            ["医保凭证", "收据", "病历", "费用清单", "处方", "急诊诊断证明", "委托书", "意外伤害材料"],
        ),
        (InstitutionKind, ["综合", "专科", "药店", "诊所"]),
        (Decision, ["支付", "待复核", "不予支付"]),
        (Payer, ["本人", "配偶", "父母", "子女"]),
    ],
)
def test_files_use_exactly_the_words_of_the_case_format(codes, terms):
    assert list(codes.terms()) == terms
    assert [codes.from_term(term).term for term in terms] == terms


def test_outpatient_benefits_are_those_of_the_case_format():
    outpatient = [benefit.term for benefit in Benefit if benefit is not Benefit.INPATIENT]
    assert outpatient == ["普通门诊", "门诊慢性病", "门诊特殊疾病", "急诊抢救", "日间手术"]


def test_reasons_are_those_of_the_case_format():
    assert {reason.value for reason in Reason} == {
        "not_filed",
        "missing_document",
        "not_directly_settled",
        "institution_not_networked",
        "no_policy_in_force",
        "not_covered_insurance",
        "outside_coverage",
        "duplicate_receipt",
        "excluded",
        "during_inpatient_stay",
        "condition_not_registered",
        "tier_unusual",
        "tier_unknown",
        "pharmacy",
        "separate_policy",
        "not_designated",
        "already_networked",
        "not_off_site",
    }


@pytest.mark.parametrize(
    ("code", "national"),
    [
        (Insurance.EMPLOYEE, "310"),
        (Insurance.RESIDENT, "390"),
        (Status.EMPLOYED, "11"),
        (Status.RETIRED, "12"),
        (Benefit.ORDINARY, "11"),
        (Benefit.EMERGENCY, "13"),
        (Benefit.CHRONIC, "140104"),
        (Benefit.SPECIAL, "140201"),
        (Benefit.DAY_SURGERY, "28"),
    ],
)
def test_exports_carry_the_national_code(code: Term, national):
    assert code.national_code == national


def test_a_member_is_its_english_value_as_tables_keep_it():
    assert Insurance.EMPLOYEE == "employee"
    assert Insurance("resident") is Insurance.RESIDENT


def test_an_institution_with_no_grade_has_the_figures_of_tier_one():
    assert [tier.counts_as for tier in Tier] == [Tier.ONE, Tier.ONE, Tier.TWO, Tier.THREE]


def test_tiers_are_listed_from_the_highest_and_found_by_word():
    assert Tier.terms() == ("三级", "二级", "一级", "无等级")
    assert [Tier.from_term(word) for word in Tier.terms()] == [3, 2, 1, 0]


def test_a_word_that_is_no_code_is_an_error():
    with pytest.raises(KeyError):
        Insurance.from_term("employee")
    with pytest.raises(KeyError):
        Tier.from_term("三甲")
