"""Two exceptions never decide one case, and what a slot refers to is in the file."""

from __future__ import annotations

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier

CAP = "年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 二(三)}"
JIANGXI, JILIN = "360000", "220000"
REPLACES_CAP = "取代: {项目: 普通门诊.年度限额, 依据: 二(三)}"
REPLACES_RATIO = "取代: {项目: 普通门诊.支付比例, 依据: 二(三)}"
RATIOS = """      值:
        在职: {一级: 60, 二级: 55, 三级: 50}
      # 文件写的是退休人员“提高5个百分点”。
      退休加成: {值: 5, 依据: 二(三), 取代: {项目: 普通门诊.支付比例, 依据: 二(三)}}
      依据: 二(三)
"""
RATIO_LIST = """      - 值: {在职: {一级: 60, 二级: 55, 三级: 50}}
        退休加成: {值: 5, 依据: 二(三), 取代: {项目: 普通门诊.支付比例, 依据: 二(三)}}
        依据: 二(三)
"""


def caps(*exceptions: str) -> tuple[str, str]:
    lines = ["年度限额:", "{值: 1800, 依据: 二(三)}", *(f"{{{each}, {REPLACES_CAP}}}" for each in exceptions)]
    return CAP, "\n      - ".join(lines)


@pytest.mark.parametrize(
    ("one", "other", "rivals"),
    [
        ("值: {退休: 2000}, 依据: 甲", "值: {退休: 2100}, 依据: 乙", True),
        ("值: {退休: 2000}, 依据: 甲", "值: {三级: 2100}, 依据: 乙", True),
        ("值: 2000, 依据: 甲", "值: {退休: {一级: 2100}}, 依据: 乙", True),
        ("值: 2000, 止: 2024-03-01, 依据: 甲", "值: 2100, 起: 2024-03-01, 依据: 乙", True),
        ("值: 2000, 止: 2024-02-29, 依据: 甲", "值: 2100, 起: 2024-03-01, 依据: 乙", False),
        ("值: {退休: 2000}, 依据: 甲", "值: {在职: 2100}, 依据: 乙", False),
        ("值: {二级: 2000}, 依据: 甲", "值: {退休: {三级: 2100}}, 依据: 乙", False),
        # Residents are not insured under this document, so there is no such case.
        ("值: {居民: 2000}, 依据: 甲", "值: {居民: 2100}, 依据: 乙", False),
    ],
)
def test_two_exceptions_for_one_case_on_one_day_are_refused_with_both_articles(office, one, other, rivals):
    path = office.shipped("jiangxi", caps(one, other))
    if not rivals:
        assert office.shelf().policy(JIANGXI).versions
        return
    (problem,) = office.problems()
    assert (problem.code, problem.details) == (
        "override_conflict",
        {"slot": "普通门诊.年度限额", "one": "江西省实施意见 甲", "other": "江西省实施意见 乙"},
    )
    assert "依据: 乙" in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_three_exceptions_for_one_case_are_listed_pair_by_pair(office):
    office.shipped("jiangxi", caps(*(f"值: {value}, 依据: {value}" for value in (2000, 2100, 2200))))
    pairs = [(problem.details["one"][-4:], problem.details["other"][-4:]) for problem in office.problems()]
    assert pairs == [("2000", "2100"), ("2000", "2200"), ("2100", "2200")]


@pytest.mark.parametrize(
    ("exception", "rivals"),
    [
        (f"{{值: {{退休: 70}}, 起: 2024-01-01, 依据: 第八条, {REPLACES_RATIO}}}", True),
        (f"{{值: 70, 起: 2024-01-01, 依据: 第八条, {REPLACES_RATIO}}}", True),
        (f"{{值: {{在职: 70}}, 起: 2024-01-01, 依据: 第八条, {REPLACES_RATIO}}}", False),
    ],
)
def test_points_for_the_retired_and_a_ratio_for_them_are_two_exceptions(office, exception, rivals):
    office.shipped("jiangxi", (RATIOS, f"{RATIO_LIST}      - {exception}\n"))
    if rivals:
        assert [problem.code for problem in office.problems()] == ["override_conflict"]
        return
    version = office.shelf().policy(JIANGXI).versions[-1]
    ratios = [
        version.terms(Insurance.EMPLOYEE, status, Benefit.ORDINARY, Tier.THREE).ratio_bp
        for status in (Status.EMPLOYED, Status.RETIRED)
    ]
    assert ratios == [7_000, 5_500]


def test_a_ratio_for_the_retired_beside_points_for_them_is_refused(office):
    ratio = "在职: {一级: 60, 二级: 55, 三级: 50}\n"
    office.shipped("jiangxi", (ratio, f"{ratio}        退休: {{一级: 65, 二级: 60, 三级: 55}}\n"))
    assert [problem.code for problem in office.problems()] == ["override_conflict"]


@pytest.mark.parametrize(("disease", "conflicts"), [("E70.1", True), ("E70.10", True), ("E71.0", False)])
def test_a_disease_follows_one_document_of_its_own(office, disease, conflicts):
    other = f"  - {{病种: [{disease}], 适用文件: 示例〔2024〕2号, 依据: 六(三), 取代: 待遇}}\n"
    office.shipped("jilin", ("\n待遇:\n", f"\n{other}\n待遇:\n".replace("\n  -", "  -", 1)))
    if conflicts:
        (problem,) = office.problems()
        assert (problem.code, problem.details["one"], problem.details["other"]) == (
            "override_conflict",
            "吉医保联〔2019〕12号",
            "示例〔2024〕2号",
        )
    else:
        assert len(office.shelf().policy(JILIN).versions[0].separate_policies) == 2


# -- parameters --------------------------------------------------------------------------------------------------------

INPATIENT = "  住院: {起付标准: 800, 支付比例: 85, 年度限额: 100000}\n"


@pytest.mark.parametrize(("values", "yuan"), [("", 0), ("  日间手术: {起付标准: 100}\n", 100)])
def test_an_areas_figure_replaces_the_documents_own_and_says_so(office, values, yuan):
    office.shipped("jilin")
    office.parameters(INPATIENT + values)
    (version,) = office.shelf().policy("220199").versions
    terms = version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.DAY_SURGERY, Tier.THREE)
    assert terms.deductible_fen == yuan * 100
    assert [each.slot for each in terms.deductible_source.replaces] == (["日间手术.起付标准"] if yuan else [])
    assert ("参数.日间手术.起付标准" in [each.slot for each in version.exceptions]) is bool(yuan)


def test_a_figure_that_fills_an_open_slot_replaces_nothing(office):
    old = "普通门诊.起付标准: {类型: 金额, 最低: 0, 最高: 300, 依据: 二(二)}"
    new = old.replace("二(二)}", "二(二), 取代: {项目: 普通门诊.起付标准, 依据: 二(二)}}")
    office.shipped("jilin", (old, new))
    assert [(problem.code, problem.details["name"]) for problem in office.problems()] == [
        ("override_of_nothing", "普通门诊.起付标准")
    ]


def test_a_diseases_cap_says_where_it_is_written_and_what_it_replaces(office):
    office.shipped("jilin")
    chronic = "  门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}\n"
    office.parameters("  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}\n" + chronic)
    (version,) = office.shelf().policy("220199").versions
    terms = version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.CHRONIC, Tier.TWO)
    assert terms.disease_cap_fen("M01600") == 300_000
    assert [each.slot for each in terms.disease_cap_source.replaces] == ["门诊慢性病.年度限额"]


# -- references --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "old", "new", "code", "nearest"),
    [
        ("jining", "按: 普通门诊", "按: 门诊慢性病", "value_unknown", "普通门诊"),
        ("jining", "按: 普通门诊", "按: 急诊抢救", "value_unknown", "普通门诊"),
        ("jilin", "{参数: 门诊慢性病.病种限额,", "{参数: 门诊慢性病.年度限额,", "value_unknown", "门诊慢性病.病种限额"),
        ("jilin", "{参数: 门诊慢性病.病种限额,", "{参数: 病种限额,", "value_unknown", "门诊慢性病.病种限额"),
        ("jilin", "{参数: 普通门诊.退休加成}", "{参数: 普通门诊.退休加点}", "parameter_undeclared", None),
        ("jilin", "{参数: 日间手术.起付标准, 未设", "{参数: 日间手术.起付线, 未设", "parameter_undeclared", None),
    ],
)
def test_what_a_slot_refers_to_is_in_the_file(office, area, old, new, code, nearest):
    office.shipped(area, (old, new))
    problem = next(problem for problem in office.problems() if problem.code == code)
    assert problem.details.get("nearest") == nearest
