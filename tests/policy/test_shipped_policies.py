"""The five shipped files say what the five documents say, figure by figure."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Payer, Status, Tier
from clerk_app.errors import PolicyGap
from clerk_app.policy.version import DeductibleBasis, OpenTerms, Terms, UnfiledRule, VisitWindow

CODES = {"jilin": "220000", "chongqing": "500000", "jiangxi": "360000", "nanyang": "411300", "jining": "370800"}
#: area, insurance, status, tier, first day: deductible in yuan, basis, percent, cap in yuan, their articles.
FIGURES = [
    ("jiangxi", "职工", "在职", "无等级", "2023-01-01", 600, "按年", 60, 1800, ["二(三)"] * 3),
    ("jiangxi", "职工", "在职", "一级", "2023-01-01", 600, "按年", 60, 1800, ["二(三)"] * 3),
    ("jiangxi", "职工", "在职", "二级", "2023-01-01", 600, "按年", 55, 1800, ["二(三)"] * 3),
    ("jiangxi", "职工", "在职", "三级", "2023-01-01", 600, "按年", 50, 1800, ["二(三)"] * 3),
    ("jiangxi", "职工", "退休", "无等级", "2023-01-01", 600, "按年", 65, 2000, ["二(三)"] * 3),
    ("jiangxi", "职工", "退休", "一级", "2023-01-01", 600, "按年", 65, 2000, ["二(三)"] * 3),
    ("jiangxi", "职工", "退休", "二级", "2023-01-01", 600, "按年", 60, 2000, ["二(三)"] * 3),
    ("jiangxi", "职工", "退休", "三级", "2023-01-01", 600, "按年", 55, 2000, ["二(三)"] * 3),
    (
        "nanyang",
        "职工",
        "在职",
        "无等级",
        "2022-07-01",
        0,
        "按次",
        60,
        1500,
        ["第五条(一)", "第五条(二)", "第五条(三)"],
    ),
    ("nanyang", "职工", "在职", "一级", "2022-07-01", 0, "按次", 60, 1500, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    ("nanyang", "职工", "在职", "二级", "2022-07-01", 30, "按次", 55, 1500, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    ("nanyang", "职工", "在职", "三级", "2022-07-01", 50, "按次", 50, 1500, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    (
        "nanyang",
        "职工",
        "退休",
        "无等级",
        "2022-07-01",
        0,
        "按次",
        70,
        2000,
        ["第五条(一)", "第五条(二)", "第五条(三)"],
    ),
    ("nanyang", "职工", "退休", "一级", "2022-07-01", 0, "按次", 70, 2000, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    ("nanyang", "职工", "退休", "二级", "2022-07-01", 30, "按次", 65, 2000, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    ("nanyang", "职工", "退休", "三级", "2022-07-01", 50, "按次", 60, 2000, ["第五条(一)", "第五条(二)", "第五条(三)"]),
    *[
        ("jining", insurance, status, tier, "2021-04-01", deductible, "按次", 50, cap, ["四(二)"] * 3)
        for insurance, status, deductible, cap in [
            ("职工", "在职", 30, 600),
            ("职工", "退休", 30, 600),
            ("居民", "居民", 0, 200),
        ]
        for tier in Tier.terms()
    ],
]


@pytest.mark.parametrize(
    ("area", "insurance", "status", "tier", "first", "deductible", "basis", "percent", "cap", "articles"), FIGURES
)
@pytest.mark.parametrize("day", ["first", "2026-11-22"])
def test_a_figure_is_that_of_the_document(
    shelf, area, insurance, status, tier, first, deductible, basis, percent, cap, articles, day
):
    version = shelf.policy(CODES[area]).in_force_on(date.fromisoformat(first if day == "first" else day))
    terms = version.terms(
        Insurance.from_term(insurance), Status.from_term(status), Benefit.ORDINARY, Tier.from_term(tier)
    )
    assert (terms.deductible_fen, terms.deductible_basis.value) == (deductible * 100, basis)
    assert (terms.ratio_bp, terms.cap_fen) == (percent * 100, cap * 100)
    sources = [terms.deductible_source, terms.ratio_source, terms.cap_source]
    assert [source.article for source in sources] == articles
    assert {source.document for source in sources} == {version.document.number}


@pytest.mark.parametrize(
    ("area", "number", "first_day", "article"),
    [
        ("jilin", "吉医保联〔2022〕22号", "2023-01-01", "六(三)"),
        ("chongqing", "渝府办发〔2022〕16号", "2023-01-01", "一(二)"),
        ("jiangxi", "江西省实施意见", "2023-01-01", "二(三)"),
        ("nanyang", "宛政办〔2022〕42号", "2022-07-01", "第二十五条"),
        ("jining", "济医保发〔2021〕4号", "2021-04-01", "六"),
    ],
)
def test_each_document_is_in_force_from_its_day_and_not_before(shelf, area, number, first_day, article):
    (version,) = shelf.policy(CODES[area]).versions
    assert version.document.number == number
    assert (version.effective_from, version.effective_until) == (date.fromisoformat(first_day), None)
    assert version.effect_source.article == article
    assert shelf.policy(CODES[area]).in_force_on(date.fromisoformat(first_day)) is version
    assert shelf.policy(CODES[area]).in_force_on(date(2021, 3, 31)) is None


def test_the_shelf_holds_the_five_areas_and_knows_which_are_frameworks(shelf):
    assert [code for code, _name in shelf.areas()] == sorted(CODES.values())
    assert [code for code in sorted(CODES.values()) if shelf.is_framework(code)] == ["220000", "500000"]


def test_only_jining_covers_residents(shelf):
    covered = {area: shelf.policy(code).versions[0].insurances for area, code in CODES.items()}
    assert [area for area, insurances in covered.items() if Insurance.RESIDENT in insurances] == ["jining"]
    assert all(Insurance.EMPLOYEE in insurances for insurances in covered.values())


@pytest.mark.parametrize(
    ("area", "taken", "basis"),
    [
        ("jilin", True, "吉医保联〔2022〕22号 三"),
        ("chongqing", True, "未明文，经办口径"),
        ("jiangxi", True, "未明文，经办口径"),
        ("nanyang", False, "宛政办〔2022〕42号 第十五条"),
        ("jining", True, "未明文，经办口径"),
    ],
)
def test_whether_paper_receipts_are_taken_has_its_own_basis(shelf, area, taken, basis):
    rule = shelf.policy(CODES[area]).versions[0].manual_claims
    assert (rule.taken, str(rule.source)) == (taken, basis)


@pytest.mark.parametrize("area", CODES)
def test_what_changes_the_money_is_stated_with_its_basis(shelf, area):
    version = shelf.policy(CODES[area]).versions[0]
    stated = [version.version_date, version.receipt_order, version.steps, version.rounding, version.retirement]
    assert [slot.value for slot in stated] == [
        "就诊日",
        "结算先后",
        "起付线、比例、限额",
        "逐票四舍五入到分",
        "办理次月",
    ]
    assert all(slot.source.article for slot in stated)


def test_retirement_is_written_in_nanyang_alone(shelf):
    sources = {area: str(shelf.policy(code).versions[0].retirement.source) for area, code in CODES.items()}
    assert sources.pop("nanyang") == "宛政办〔2022〕42号 第六条"
    assert all(source.startswith("未明文") for source in sources.values())


@pytest.mark.parametrize("area", CODES)
def test_an_unfiled_visit_needs_review_everywhere(shelf, area):
    assert shelf.policy(CODES[area]).versions[0].filing.unfiled is UnfiledRule.REVIEW


def test_jining_names_six_categories_and_wants_networked_institutions(shelf):
    versions = {area: shelf.policy(code).versions[0] for area, code in CODES.items()}
    assert versions["jining"].filing.categories == frozenset(FilingCategory)
    wanting = [area for area, version in versions.items() if version.networked_institution_source]
    assert wanting == ["jining"]


def test_nanyang_counts_24_hours_and_jining_visits(shelf):
    nanyang, jining = (shelf.policy(CODES[area]).versions[0] for area in ("nanyang", "jining"))
    cell = (Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.ORDINARY, Tier.THREE)
    assert nanyang.terms(*cell).visit_window is VisitWindow.SAME_HOSPITAL_24_HOURS
    assert jining.terms(*cell).visit_window is VisitWindow.SAME_LABEL


@pytest.mark.parametrize(("tier", "percent"), [(Tier.NONE, 60), (Tier.ONE, 60), (Tier.TWO, 55), (Tier.THREE, 50)])
def test_jilins_own_ratios_stand_whatever_the_area_sets(office, tier, percent):
    office.shipped("jilin")
    office.parameters("  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}\n")
    terms = (
        office.shelf().policy("220199").versions[0].terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.ORDINARY, tier)
    )
    assert (terms.ratio_bp, terms.ratio_source.article) == (percent * 100, "二(二)")


@pytest.mark.parametrize(
    ("area", "benefit", "missing"),
    [
        ("jilin", Benefit.ORDINARY, ("普通门诊.起付标准", "普通门诊.年度限额")),
        ("jilin", Benefit.CHRONIC, ("普通门诊.起付标准", "门诊慢性病.支付比例", "门诊慢性病.年度限额")),
        ("jilin", Benefit.SPECIAL, ("住院.起付标准", "住院.支付比例", "住院.年度限额")),
        ("jilin", Benefit.EMERGENCY, ("住院.起付标准", "住院.支付比例", "住院.年度限额")),
        ("jilin", Benefit.DAY_SURGERY, ("住院.支付比例", "住院.年度限额")),
        ("chongqing", Benefit.ORDINARY, ("普通门诊.起付标准", "普通门诊.支付比例", "普通门诊.年度限额")),
    ],
)
def test_a_framework_gives_no_figure_before_its_parameters_are_set(shelf, area, benefit, missing):
    version = shelf.policy(CODES[area]).versions[0]
    cells = version.cells[Insurance.EMPLOYEE, Status.EMPLOYED]
    assert not [cell for cell in cells.values() if isinstance(cell, Terms)]
    assert cells[benefit, Tier.TWO] == OpenTerms(missing)
    with pytest.raises(PolicyGap) as gap:
        version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, benefit, Tier.TWO)
    assert (gap.value.code, gap.value.details["parameters"]) == ("parameter_not_set", missing)


def test_jilins_pools_and_bases(shelf):
    rules = shelf.policy(CODES["jilin"]).versions[0].benefits
    assert rules[Benefit.CHRONIC].deductible_pool == rules[Benefit.ORDINARY].deductible_pool
    assert rules[Benefit.CHRONIC].cap_pool != rules[Benefit.ORDINARY].cap_pool
    shared = {rules[benefit].cap_pool for benefit in (Benefit.SPECIAL, Benefit.EMERGENCY, Benefit.DAY_SURGERY)}
    assert shared == {Benefit.INPATIENT.value}
    assert not rules[Benefit.EMERGENCY].needs_filing
    assert [benefit for benefit in rules if rules[benefit].condition_source] == [Benefit.CHRONIC, Benefit.SPECIAL]


def test_jilin_alone_requires_papers(shelf):
    required = {area: shelf.policy(code).versions[0].benefits[Benefit.ORDINARY] for area, code in CODES.items()}
    assert required.pop("jilin").materials == {Material.CREDENTIAL, Material.RECEIPT, Material.MEDICAL_RECORD}
    assert not any(rules.materials for rules in required.values())


@pytest.mark.parametrize(
    ("area", "credited"),
    [
        ("jiangxi", [("在职", 200, "二(四)"), ("灵活就业", 200, "二(四)"), ("退休", 250, "二(四)")]),
        ("chongqing", [("在职", 200, "二(三)1"), ("退休", 200, "二(三)1")]),
        ("nanyang", [("在职", 200, "第八条(一)"), ("退休", 200, "第八条(二)")]),
    ],
)
def test_personal_accounts_are_credited_as_the_document_says(shelf, area, credited):
    account = shelf.policy(CODES[area]).versions[0].account
    assert account.payers == frozenset(Payer)
    assert [(credit.who, credit.share_bp, credit.source.article) for credit in account.credits] == credited


@pytest.mark.parametrize("area", ["jilin", "jining"])
def test_where_the_document_is_silent_no_personal_account_is_offered(shelf, area):
    assert shelf.policy(CODES[area]).versions[0].account is None


@pytest.mark.parametrize("area", CODES)
def test_every_source_names_an_article_or_says_that_none_does(shelf, area):
    version = shelf.policy(CODES[area]).versions[0]
    sources = [
        version.effect_source,
        version.insurances_source,
        version.manual_claims.source,
        version.filing.source,
        version.filing.unfiled_source,
        version.coverage_source,
        version.duplicate_source,
        version.stay_source,
        version.networked_source,
        version.off_site_source,
        version.designated_source,
        version.pharmacy_source,
        *(entry.source for entry in version.exclusions),
    ]
    assert all(bool(source.document) != source.article.startswith("未明文") for source in sources)


def test_annual_deductibles_are_annual(shelf):
    (version,) = shelf.policy(CODES["jiangxi"]).versions
    terms = version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.ORDINARY, Tier.THREE)
    assert terms.deductible_basis is DeductibleBasis.ANNUAL
