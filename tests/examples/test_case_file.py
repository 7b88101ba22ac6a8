"""The format of worked examples: every key of it is read, and nothing else."""

from __future__ import annotations

from datetime import date, time

import pytest

from clerk_app.codes import Benefit, FilingCategory, InstitutionKind, Material, Payer, Reason, Status, Tier
from clerk_app.errors import FileProblems
from clerk_app.examples.case import NetworkStep, Prior, ReverseStep
from clerk_app.examples.case_file import read_cases
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf

EVERY_KEY = """\
- 名称: 每一项都有
  出处: 吉医保联〔2022〕22号 二
  统筹区: "220000"
  参数:
    普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
    门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
    住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
           支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
  参保人:
    险种: 职工
    人员类别: 退休
    退休办理日期: 2022-12-15
    参保: [{起: 2020-01-01, 止: 2023-12-31}, {起: 2024-02-01}]
    住院: [{入院: 2023-02-01, 出院: 2023-02-10}, {入院: 2025-01-01}]
    慢特病: [{病种: M01600, 类别: 门诊慢性病, 起: 2022-01-01, 止: 2023-12-31},
             {病种: M00501, 类别: 门诊特殊疾病, 起: 2022-01-01}]
  备案:
    - {类别: 异地安置退休, 起: 2023-01-01, 止: 2023-12-31}
    - {类别: 异地急诊, 起: 2024-01-01}
  已享受:
    - {年度: 2023, 待遇: 门诊慢性病, 起付线已付: 10.10, 统筹已付: 20.20}
  步骤:
    - 结算:
        日期: 2023-06-01
        材料: [医保凭证, 收据, 病历, 费用清单, 处方, 急诊诊断证明, 委托书, 意外伤害材料]
        个人账户: {余额: 500.00, 付款人: 配偶}
        票据:
          - 号码: "00012345"
            代码: "22060123"
            就诊时间: 2023-05-20 09:00
            医疗机构: 北京某医院
            机构编码: H11010100001
            等级: 二级
            机构类别: 专科
            联网机构: true
            待遇: 门诊慢性病
            病种: M01600
            总额: 1000.10
            全自费: 50.01
            超限价: 2.02
            先行自付: 30.03
            就诊: 上午
            就医地: "110101"
            定点: true
            票面统筹支付: 0
            已联网结算: false
            双通道: false
          - {号码: B, 就诊时间: 2023-05-21, 医疗机构: 某诊所, 等级: 无等级, 总额: 10, 不予支付情形: 工伤}
      应得:
        结论: 支付
        原因: [excluded]
        统筹支付: 376.88
        个人账户支付: 0.00
        个人现金: 633.22
        引用: [二(三), 第三十条]
        票据:
          - {结论: 支付, 原因: [], 政策范围内: 918.04, 起付线: 289.90, 比例: 60, 统筹支付: 376.88, 个人负担: 623.22,
             超限额: 0}
          - {结论: 不予支付, 原因: [excluded], 统筹支付: 0, 引用: [第三十条]}
        累计: {起付线已付: 300.00, 统筹已付: 0.00}
    - 联网结算: {年度: 2023, 待遇: 普通门诊, 起付线: 5.00, 统筹支付: 100.00}
      应得: {累计: {起付线已付: 305.00, 统筹已付: 100.00}}
    - 冲正: {步骤: 1}
      应得: {结论: 支付, 统筹支付: -376.88, 个人负担: -633.22}
"""


def outlined(problems):
    return [(problem.line, problem.code) for problem in problems]


def test_the_sample_of_the_format_is_read_and_holds(officer, sample):
    assert officer.run(sample()).holds


def test_every_key_of_the_format_is_read(officer):
    (case,) = officer.read(EVERY_KEY)
    person = case.entitlement
    assert (person.status, person.retirement_registered_on) == (Status.RETIRED, date(2022, 12, 15))
    assert [period.ends_on for period in person.coverage] == [date(2023, 12, 31), None]
    assert [stay.discharged_on for stay in person.stays] == [date(2023, 2, 10), None]
    assert [(one.disease, one.benefit) for one in person.conditions] == [
        ("M01600", Benefit.CHRONIC),
        ("M00501", Benefit.SPECIAL),
    ]
    assert [filing.category for filing in person.filings] == [
        FilingCategory.RETIRED_RESETTLED,
        FilingCategory.EMERGENCY_TRAVELLING,
    ]
    assert case.prior == (Prior(2023, Benefit.CHRONIC, 1010, 2020),)
    settle, network, reverse = case.steps
    claim = settle.claim
    assert (claim.handed_in_on, claim.materials) == (date(2023, 6, 1), frozenset(Material))
    assert (claim.account.balance_fen, claim.account.payer) == (50000, Payer.SPOUSE)
    first, second = claim.receipts
    assert (first.number, first.bill_code, first.visited_on, first.visited_at) == (
        "00012345",
        "22060123",
        date(2023, 5, 20),
        time(9),
    )
    assert (first.total_fen, first.self_funded_fen, first.over_limit_fen, first.paid_first_fen) == (
        100010,
        5001,
        202,
        3003,
    )
    hospital = first.institution
    assert (hospital.name, hospital.code, hospital.tier) == ("北京某医院", "H11010100001", Tier.TWO)
    assert (hospital.kind, hospital.networked, hospital.area_code) == (InstitutionKind.SPECIALISED, True, "110101")
    assert (first.benefit, first.disease, first.visit_label) == (Benefit.CHRONIC, "M01600", "上午")
    assert (second.exclusion, second.visited_at, second.institution.tier) == ("工伤", None, Tier.NONE)
    assert isinstance(network, NetworkStep)
    assert network.prior == Prior(2023, Benefit.ORDINARY, 500, 10000)
    assert isinstance(reverse, ReverseStep)
    assert reverse.index == 0


def test_the_case_with_every_key_holds(officer):
    assert [difference.what for difference in officer.run(EVERY_KEY).differences] == []


def test_what_is_left_out_has_the_defaults_of_the_format(officer):
    (case,) = officer.read(
        "- 名称: 甲\n  出处: 乙\n  统筹区: 360000\n  参保人: {险种: 职工, 人员类别: 在职}\n  步骤:\n"
        "    - 结算: {票据: [{号码: A, 就诊时间: 2023-05-20, 医疗机构: 丙, 总额: 1}]}\n      应得: {结论: 待复核}\n"
    )
    person, claim = case.entitlement, case.steps[0].claim
    assert (person.coverage, person.filings, person.stays, person.conditions) == (None, None, (), ())
    assert (claim.materials, claim.account, claim.handed_in_on) == (None, None, None)
    (paper,) = claim.receipts
    assert (paper.institution.designated, paper.institution.networked) == (True, False)
    assert (paper.institution.kind, paper.institution.tier, paper.benefit) == (
        InstitutionKind.GENERAL,
        None,
        Benefit.ORDINARY,
    )
    assert (paper.self_funded_fen, paper.printed_fund_fen, paper.settled_by_network) == (0, 0, False)


def test_an_empty_list_of_filings_is_a_person_without_one(officer, sample):
    (case,) = officer.read(sample(("备案: [{类别: 常驻异地工作, 起: 2023-01-01, 止: 2023-12-31}]", "备案: []")))
    assert case.entitlement.filings == ()


def test_an_empty_list_of_cover_is_a_person_without_any(officer, sample):
    (case,) = officer.read(sample(("人员类别: 在职}", "人员类别: 在职, 参保: []}")))
    assert case.entitlement.coverage == ()


def test_numbers_are_read_exactly_and_never_as_binary_floats(officer, sample):
    (case,) = officer.read(sample(("总额: 1000.00", "总额: 600.10")))
    assert case.steps[0].claim.receipts[0].total_fen == 60010


# -- strictness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "nearest"),
    [
        ("  统筹区:", "  统酬区:", 3, "统酬区", "统筹区"),
        (
            "险种: 职工, 人员类别: 在职}",
            "险种: 职工, 人员类别: 在职, 退休日期: 2023-01-01}",
            5,
            "退休日期",
            "退休办理日期",
        ),
        ("起: 2023-01-01,", "起: 2023-01-01, 至: 2023-01-01,", 6, "至", None),
        ("起付线已付: 100.00", "起付线以付: 100.00", 7, "起付线以付", "起付线已付"),
        ("        日期:", "        曰期:", 10, "曰期", "日期"),
        ("全自费: 50.00", "全自付: 50.00", 14, "全自付", "全自费"),
        ("        统筹支付: 210.00", "        统筹支负: 210.00", 17, "统筹支负", "统筹支付"),
        ("比例: 50", "比列: 50", 18, "比列", "比例"),
        ("{步骤: 1}", "{步聚: 1}", 20, "步聚", "步骤"),
    ],
)
def test_an_unknown_key_is_said_with_line_and_the_nearest_that_exists(officer, sample, old, new, line, key, nearest):
    found = [problem for problem in officer.problems(sample((old, new))) if problem.code == "key_unknown"]
    assert [(problem.line, problem.details["key"]) for problem in found] == [(line, key)]
    if nearest:
        assert found[0].details["nearest"] == nearest


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("  出处: 江西省实施意见 二(三)          # required\n", "", 1, "key_missing"),
        ("- 名称: 在职三级，首笔跨过起付线\n  出处", "- 出处", 1, "key_missing"),
        ('  统筹区: "360000"\n', "", 1, "key_missing"),
        ("险种: 职工, ", "", 5, "key_missing"),
        ("号码: A1, ", "", 13, "key_missing"),
        ("总额: 1000.00, ", "", 13, "key_missing"),
        ("就诊时间: 2023-05-20 09:00, ", "", 13, "key_missing"),
        ("医疗机构: 北京某医院, ", "", 13, "key_missing"),
        ("类别: 常驻异地工作, ", "", 6, "key_missing"),
        ("年度: 2023, ", "", 7, "key_missing"),
        ("全自费: 50.00,", "全自费: 50.00, 全自费: 0,", 14, "key_repeated"),
        ("总额: 1000.00", "总额: 1000.001", 14, "amount_three_decimals"),
        ("统筹支付: 210.00, 个人负担", "统筹支付: 210.000, 个人负担", 18, "amount_three_decimals"),
        ("总额: 1000.00", "总额: 一千", 14, "amount_not_a_number"),
        ("总额: 1000.00", "总额: 1e3", 14, "amount_not_a_number"),
        ("总额: 1000.00", "总额: -1000.00", 13, "amount_negative"),
        ("总额: 1000.00", "总额: 79.99", 13, "breakdown_exceeds_total"),
        ("2023-05-20 09:00", "2023-02-29 09:00", 13, "day_unknown"),
        ("2023-05-20 09:00", "2023-05-20 25:00", 13, "time_unknown"),
        ("日期: 2023-06-01", "日期: 2023-06-31", 10, "day_unknown"),
        ("止: 2023-12-31", "止: 2022-12-31", 6, "period_backwards"),
        ("年度: 2023,", "年度: 二〇二三,", 7, "day_unknown"),
        ("起付线已付: 100.00", "起付线已付: -100.00", 7, "prior_benefit_negative"),
        ("等级: 三级", "等级: 三甲", 13, "value_unknown"),
        ("待遇: 普通门诊,\n", "待遇: 普通门珍,\n", 13, "value_unknown"),
        ("人员类别: 在职}", "人员类别: 居民}", 5, "status_not_of_insurance"),
        ("人员类别: 在职}", "人员类别: 在岗}", 5, "value_unknown"),
        ("[医保凭证,", "[医保卡,", 11, "value_unknown"),
        ("        结论: 支付\n", "        结论: 通过\n", 16, "value_unknown"),
        ("        结论: 支付\n", "        结论: 支付\n        原因: [unfiled]\n", 17, "value_unknown"),
        ('"360000"', '"999999"', 3, "area_unknown"),
        ("参数: {} ", "参数: {普通门诊: {起付标准: 300}}", 4, "parameters_not_open"),
        ("号码: A1,", "号码: A1, 机构编码: 123,", 13, "institution_code_form"),
        ("号码: A1,", "号码: A1, 不予支付情形: 美容,", 13, "exclusion_unknown"),
        ("号码: A1,", "号码: A1, 联网机构: 有,", 13, "value_unknown"),
        ("{步骤: 1}", "{步骤: 2}", 20, "step_not_reversible"),
        ("{步骤: 1}", "{步骤: 0}", 20, "step_not_reversible"),
        ("{步骤: 1}", "{步骤: 一}", 20, "whole_number_unknown"),
        ("    - 冲正:", "    - 退费:", 20, "step_kind"),
        ("    - 冲正: {步骤: 1}\n", "    - 冲正: {步骤: 1}\n      联网结算: {}\n", 20, "step_kind"),
        (
            "    - 冲正: {步骤: 1}\n      应得: {统筹支付: -210.00}\n",
            "    - 冲正: {步骤: 1}\n    - 冲正: {步骤: 1}\n",
            21,
            "step_not_reversible",
        ),
        ("应得: {统筹支付: -210.00}", "应得: {}", 21, "expects_nothing"),
        ("应得: {统筹支付: -210.00}", "应得: {票据: [{}]}", 21, "expects_nothing"),
        ("应得: {统筹支付: -210.00}", "应得: {累计: {年度: 2023}}", 21, "expects_nothing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(officer, sample, old, new, line, code):
    assert (line, code) in outlined(officer.problems(sample((old, new))))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", (0, "file_empty")),
        (b"# nothing\n", (0, "file_empty")),
        (b"[]\n", (1, "file_empty")),
        (b"--- ~\n", (1, "not_a_list")),
        ("名称: 甲\n".encode(), (1, "not_a_list")),
        (b"- just text\n", (1, "not_a_block")),
        ("- 名称: 甲".encode("gb18030"), (1, "file_not_text")),
        (b"- a: &a 1\n  b: *a\n", (1, "yaml_alias")),
    ],
)
def test_a_file_that_proves_nothing_is_an_error_and_no_pass(officer, content, problem):
    assert problem in outlined(officer.problems(content))


def test_a_case_that_expects_nothing_is_an_error(officer, sample):
    text = sample()
    bare = text[: text.index("      应得:\n")]
    assert outlined(officer.problems(bare)) == [(1, "case_expects_nothing")]
    assert len(officer.read(bare, need_expectations=False)) == 1


def test_a_case_that_lists_articles_alone_proves_nothing(officer, sample):
    text = sample()
    only_cited = text[: text.index("      应得:\n")] + "      应得: {引用: [二(三)]}\n"
    assert outlined(officer.problems(only_cited)) == [(1, "case_expects_nothing")]


def test_a_step_without_expectations_beside_one_that_has_some_is_fine(officer, sample):
    text = sample(("      应得: {统筹支付: -210.00}\n", ""))
    assert officer.run(text).holds


@pytest.mark.parametrize("steps", ["步骤: []", "步骤:"])
def test_a_case_has_steps(officer, sample, steps):
    text = sample()
    head = text[: text.index("  步骤:\n")]
    assert {code for _line, code in outlined(officer.problems(f"{head}  {steps}\n"))} & {
        "case_without_steps",
        "key_missing",
    }


def test_a_claim_has_receipts(officer, sample):
    text = sample()
    start, end = text.index("        票据:\n"), text.index("      应得:\n")
    assert (10, "claim_without_receipts") in outlined(officer.problems(f"{text[:start]}        票据: []\n{text[end:]}"))


def test_everything_that_is_wrong_is_said_at_once_over_all_cases(officer, sample):
    text = sample(("总额: 1000.00", "总额: 1000.001"), ("等级: 三级", "等级: 特级")) + sample(("  出处:", "  出外:"))
    codes = outlined(officer.problems(text))
    assert codes == sorted(codes)
    assert {code for _line, code in codes} == {"amount_three_decimals", "value_unknown", "key_unknown", "key_missing"}


def test_parameters_outside_their_bounds_are_said_with_the_cases_line(officer):
    text = EVERY_KEY.replace("起付标准: 300,", "起付标准: 300.01,")
    assert (5, "parameter_above") in outlined(officer.problems(text))


def test_a_policy_that_is_broken_itself_is_never_a_pass(tmp_path):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "x.yaml").write_text(
        '统筹区: {代码: "220199", 名称: 示例市}\n沿用: "220000"\n参数: {普通门诊: {起付标准: 301}}\n', encoding="utf-8"
    )
    broken = load_shelf(resources() / "policies", tmp_path)
    case = tmp_path / "case.yaml"
    case.write_text(
        '- 名称: 甲\n  出处: 乙\n  统筹区: "220199"\n  参保人: {险种: 职工, 人员类别: 在职}\n  步骤:\n'
        "    - 结算: {票据: [{号码: A, 就诊时间: 2023-05-20, 医疗机构: 丙, 总额: 1}]}\n      应得: {结论: 支付}\n",
        encoding="utf-8",
    )
    with pytest.raises(FileProblems) as failure:
        read_cases(case, broken)
    assert [(problem.file, problem.code) for problem in failure.value.problems] == [
        ("parameters/x.yaml", "parameter_above")
    ]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_the_format_can_be_expected(officer, sample, reason):
    (case,) = officer.read(sample(("        结论: 支付\n", f"        原因: [{reason}]\n")))
    assert case.steps[0].expected.reasons == {reason}
