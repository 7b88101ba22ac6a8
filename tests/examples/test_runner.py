"""Worked examples through the engine: several steps of one person's year, and what differs is said."""

from __future__ import annotations

import pytest

from clerk_app.examples.report import as_json, lines, settled_lines
from clerk_app.examples.runner import run_case
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf
from tests.examples.conftest import Officer
from tests.policy import visits_count

JIANGXI = """\
- 名称: 甲
  出处: 江西省实施意见 二(三)
  统筹区: "360000"
  参保人: {险种: 职工, 人员类别: 在职}
"""
JILIN = """\
- 名称: 乙
  出处: 吉医保联〔2022〕22号 二
  统筹区: "220000"
  参数:
    普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
    门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
    住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
           支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
  参保人: {险种: 职工, 人员类别: 在职, 慢特病: [{病种: M01600, 类别: 门诊慢性病, 起: 2023-01-01}]}
"""
NANYANG = JIANGXI.replace("360000", "411300").replace("江西省实施意见 二(三)", "宛政办〔2022〕42号 第十五条")


def paper(number: str, when: str, total: str, tier: str = "三级", more: str = "") -> str:
    return f"{{号码: {number}, 就诊时间: {when}, 医疗机构: 外地示例医院, 等级: {tier}, 总额: {total}{more}}}"


def settle(*papers: str, expected: str = "", more: str = "") -> str:
    text = f"    - 结算: {{票据: [{', '.join(papers)}]{more}}}\n"
    return text + (f"      应得: {{{expected}}}\n" if expected else "")


def case(head: str, *steps: str) -> str:
    return head + "  步骤:\n" + "".join(steps)


def whats(result):
    return [
        (difference.step, difference.what, difference.got, difference.expected) for difference in result.differences
    ]


# -- a year in steps -------------------------------------------------------------------------------------------------


def test_settlements_reversals_and_late_news_share_one_persons_accumulators(officer):
    result = officer.run(
        case(
            JIANGXI,
            settle(paper("A", "2023-03-01", "1000"), expected="统筹支付: 200, 累计: {起付线已付: 600, 统筹已付: 200}"),
            "    - 联网结算: {年度: 2023, 待遇: 普通门诊, 起付线: 0, 统筹支付: 1500.00}\n"
            "      应得: {累计: {起付线已付: 600, 统筹已付: 1700}}\n",
            settle(paper("B", "2023-03-02", "1000"), expected="统筹支付: 100, 累计: {起付线已付: 600, 统筹已付: 1800}"),
            "    - 冲正: {步骤: 1}\n      应得: {统筹支付: -200, 累计: {起付线已付: 0, 统筹已付: 1600}}\n",
            settle(paper("A", "2023-03-01", "1000"), expected="结论: 支付, 统筹支付: 200, 累计: {统筹已付: 1800}"),
            "    - 冲正: {步骤: 3}\n      应得: {统筹支付: -100, 个人负担: -900, 总额: -1000}\n",
        )
    )
    assert whats(result) == []
    assert not result.error


def test_a_bill_of_an_earlier_step_is_refused_until_that_step_is_reversed(officer):
    result = officer.run(
        case(
            JIANGXI,
            settle(paper("A", "2023-03-01", "1000"), expected="结论: 支付"),
            settle(
                paper("Ａ", "2023-03-01", "1000"), expected="结论: 不予支付, 原因: [duplicate_receipt], 统筹支付: 0"
            ),
            "    - 冲正: {步骤: 1}\n",
            settle(paper("A", "2023-03-01", "1000"), expected="结论: 支付, 统筹支付: 200"),
        )
    )
    assert whats(result) == []


def test_a_bill_that_was_refused_keeps_its_number(officer):
    refused = paper("A", "2023-03-01", "1000", more=", 不予支付情形: 工伤")
    result = officer.run(
        case(
            JIANGXI,
            settle(refused, expected="结论: 不予支付"),
            settle(paper("A", "2023-03-01", "1000"), expected="原因: [duplicate_receipt]"),
        )
    )
    assert whats(result) == []


def test_a_reversal_frees_the_year_of_the_visit(officer):
    result = officer.run(
        case(
            JIANGXI,
            settle(paper("A", "2023-12-31", "5000"), paper("B", "2024-01-01", "5000"), expected="统筹支付: 3600"),
            "    - 冲正: {步骤: 1}\n      应得: {累计: {年度: 2023, 待遇: 普通门诊, 起付线已付: 0, 统筹已付: 0}}\n",
            settle(paper("C", "2024-06-01", "700"), expected="统筹支付: 50, 累计: {年度: 2024, 统筹已付: 50}"),
        )
    )
    assert whats(result) == []


def test_prior_benefits_count_in_their_year_benefit_and_disease(officer):
    head = JILIN + "  已享受: [{年度: 2023, 待遇: 门诊慢性病, 起付线已付: 200, 统筹已付: 6000}]\n"
    chronic = ", 待遇: 门诊慢性病, 病种: M01600"
    result = officer.run(
        case(
            head,
            settle(
                paper("A", "2023-03-01", "1100", "二级", chronic),
                expected="统筹支付: 500, 累计: {起付线已付: 300, 统筹已付: 6500}",
            ),
            settle(paper("B", "2023-03-02", "1000", "二级"), expected="统筹支付: 550"),
            settle(paper("C", "2024-03-02", "1300", "二级", chronic), expected="统筹支付: 600"),
        )
    )
    assert whats(result) == []


def test_a_reversal_frees_a_diseases_own_cap_too(officer):
    chronic = ", 待遇: 门诊慢性病, 病种: M01600"
    result = officer.run(
        case(
            JILIN,
            settle(paper("A", "2023-03-01", "9000", "二级", chronic), expected="统筹支付: 3000"),
            settle(paper("B", "2023-03-02", "100", "二级", chronic), expected="统筹支付: 0"),
            "    - 冲正: {步骤: 1}\n",
            settle(paper("C", "2023-03-03", "9000", "二级", chronic), expected="统筹支付: 3000"),
        )
    )
    assert whats(result) == []


def test_a_networked_visit_in_nanyang_uses_up_what_a_refused_one_does_not(officer):
    networked = ", 已联网结算: true"
    result = officer.run(
        case(
            NANYANG,
            settle(
                paper("A", "2023-03-01 09:00", "1000"),
                expected="结论: 不予支付, 原因: [not_directly_settled], 统筹支付: 0, 引用: [第十五条],"
                " 票据: [{参考支付: 475, 统筹支付: 0, 个人负担: 1000}], 累计: {起付线已付: 0, 统筹已付: 0}",
            ),
            settle(
                paper("B", "2023-03-01 10:00", "1000", more=networked),
                paper("C", "2023-03-02 09:59", "1000", more=networked),
                expected="结论: 支付, 统筹支付: 975, 累计: {起付线已付: 50, 统筹已付: 975}",
            ),
            settle(paper("D", "2023-03-02 09:59:30", "2000", more=networked), expected="统筹支付: 525"),
        )
    )
    assert whats(result) == []


def test_a_reversed_visit_gives_its_deductible_back_to_its_window(officer):
    networked = ", 已联网结算: true"
    result = officer.run(
        case(
            NANYANG,
            settle(paper("A", "2023-03-01 09:00", "1000", more=networked), expected="统筹支付: 475"),
            "    - 冲正: {步骤: 1}\n",
            settle(paper("B", "2023-03-01 10:00", "1000", more=networked), expected="统筹支付: 475"),
        )
    )
    assert whats(result) == []


def test_a_personal_account_pays_in_a_step(officer):
    expected = "统筹支付: 200, 个人负担: 800, 个人账户支付: 500.50, 个人现金: 299.50"
    more = ", 个人账户: {余额: 500.50, 付款人: 子女}"
    result = officer.run(case(JIANGXI, settle(paper("A", "2023-03-01", "1000"), expected=expected, more=more)))
    assert whats(result) == []


# -- what differs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "what", "got", "wanted"),
    [
        ("        结论: 支付", "        结论: 待复核", "结论", "支付", "待复核"),
        ("        统筹支付: 210.00", "        统筹支付: 210.01", "统筹支付", "210.00", "210.01"),
        ("{结论: 支付, ", "{结论: 不予支付, ", "结论", "支付", "不予支付"),
        ("政策范围内: 920.00", "政策范围内: 920.01", "政策范围内", "920.00", "920.01"),
        ("起付线: 500.00", "起付线: 600.00", "起付线", "500.00", "600.00"),
        ("比例: 50", "比例: 50.5", "比例", "50", "50.5"),
        ("统筹支付: 210.00, ", "统筹支付: 210.01, ", "统筹支付", "210.00", "210.01"),
        ("个人负担: 790.00", "个人负担: 790", None, "", ""),
        ("个人负担: 790.00", "个人负担: 789.99", "个人负担", "790.00", "789.99"),
        ("超限额: 0.00", "超限额: 0.01", "超限额", "0.00", "0.01"),
        ("统筹支付: -210.00", "统筹支付: 210.00", "统筹支付", "-210.00", "210.00"),
        ("统筹支付: -210.00", "统筹支付: -210.00, 累计: {起付线已付: 600}", "累计起付线已付", "100.00", "600.00"),
        ("        结论: 支付", "        结论: 支付\n        原因: [excluded]", "原因", "—", "excluded"),
        ("        结论: 支付", "        结论: 支付\n        个人现金: 1", "个人现金", "790.00", "1.00"),
        ("        结论: 支付", "        结论: 支付\n        引用: [二(四)]", "引用", "江西省实施意见 二(三)", "二(四)"),
    ],
)
def test_each_expected_value_is_compared_exactly(officer, sample, old, new, what, got, wanted):
    result = officer.run(sample((old, new)))
    assert [one[1:] for one in whats(result)] == ([(what, got, wanted)] if what else [])
    assert result.holds == (what is None)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_receipts_has_as_many_entries_as_the_claim(officer, count):
    expected = f"票据: [{', '.join(['{结论: 支付}'] * count)}]"
    papers = [paper("A", "2023-03-01", "1"), paper("B", "2023-03-01", "1")]
    assert whats(officer.run(case(JIANGXI, settle(*papers, expected=expected)))) == [(1, "票据", "2", str(count))]


@pytest.mark.parametrize(
    ("cited", "holds"),
    [
        ("第十五条", True),
        ("十五", True),
        ("宛政办〔2022〕42号", True),
        ("宛政办〔2022〕42号 第十五条", True),
        ("宛政办〔2022〕42号第十五条", True),
        ("第十条", False),
        ("第十五条(一)", False),
        ("第五条", False),
        ("江西省实施意见", False),
    ],
)
def test_an_article_is_cited_or_it_is_not(officer, cited, holds):
    expected = f"结论: 不予支付, 引用: [{cited}]"
    assert officer.run(case(NANYANG, settle(paper("A", "2023-03-01", "1"), expected=expected))).holds is holds


@pytest.mark.parametrize(
    ("cited", "holds"),
    [("第五条", True), ("第五条（一）", True), ("第五条(三)", True), ("第五条(四)", False), ("第五", True)],
)
def test_a_paragraph_stands_for_its_article_and_widths_do_not_matter(officer, cited, holds):
    expected = f"结论: 支付, 引用: [{cited}]"
    step = settle(paper("A", "2023-03-01", "100", more=", 已联网结算: true"), expected=expected)
    assert officer.run(case(NANYANG, step)).holds is holds


def test_a_networked_settlement_has_no_conclusion_to_compare(officer):
    step = "    - 联网结算: {年度: 2023, 待遇: 普通门诊, 统筹支付: 5}\n      应得: {结论: 支付}\n"
    assert not officer.run(case(JIANGXI, step)).holds


def test_what_cannot_be_computed_fails_the_case_and_says_why(officer):
    head = JIANGXI.replace("360000", "500000")
    result = officer.run(case(head, settle(paper("A", "2023-03-01", "1"), expected="统筹支付: 0")))
    assert (result.holds, result.error_code) == (False, "parameter_not_set")
    assert "普通门诊.起付标准" in result.error


# -- words and json --------------------------------------------------------------------------------------------------


def test_a_case_that_holds_is_one_line(officer, sample):
    assert list(lines(officer.run(sample()))) == ["通过  在职三级，首笔跨过起付线"]


def test_a_case_that_fails_says_step_receipt_got_expected_and_the_working(officer, sample):
    said = list(lines(officer.run(sample(("起付线: 500.00", "起付线: 600.00")))))
    assert said[0] == "不符  在职三级，首笔跨过起付线"
    assert said[1].strip() == "步骤 1，票据 A1：起付线 得 500.00，应得 600.00"
    assert said[3].strip() == "年度起付标准 600.00，本年已付 100.00，本次扣 500.00〔江西省实施意见 二(三)〕"


def test_machines_get_amounts_as_text(officer, sample):
    (read,) = officer.read(sample())
    told = as_json(run_case(read))
    settled, reversed_step = told["steps"]
    assert (told["name"], settled["decision"], settled["fund_paid"]) == ("在职三级，首笔跨过起付线", "支付", "210.00")
    (receipt,) = settled["receipts"]
    assert {key: receipt[key] for key in ("number", "decision", "in_scope", "deductible", "ratio")} == {
        "number": "A1",
        "decision": "支付",
        "in_scope": "920.00",
        "deductible": "500.00",
        "ratio": "50",
    }
    assert (receipt["fund_paid"], receipt["person_paid"], receipt["over_cap"]) == ("210.00", "790.00", "0.00")
    assert (reversed_step["fund_paid"], reversed_step["receipts"][0]["person_paid"]) == ("-210.00", "-790.00")


def test_a_settled_case_is_told_step_by_step(officer, sample):
    (read,) = officer.read(sample())
    said = list(settled_lines(run_case(read)))
    assert said[0] == "在职三级，首笔跨过起付线"
    assert said[1].strip() == "步骤 1：支付，统筹支付 210.00"
    assert any("步骤 2" in line and "-210.00" in line for line in said)


def test_where_visits_count_a_late_visit_is_decided_at_its_place_as_at_the_counter(officer, tmp_path):
    visits_count.lay(tmp_path / "policies")
    officer = Officer(tmp_path, load_shelf(resources() / "policies", tmp_path / "policies"))
    steps = (
        settle(paper("B", "2025-05-20", "3800"), expected="统筹支付: 1600"),
        settle(
            paper("A", "2025-01-05", "3000"),
            expected="统筹支付: 200, 票据: [{起付线: 600, 统筹支付: 200}], 累计: {起付线已付: 1200, 统筹已付: 1800}",
        ),
    )
    head = JIANGXI.replace("360000", visits_count.CODE)
    assert officer.run(case(head, *steps)).holds
    by_settlement = officer.run(case(JIANGXI, *steps))
    assert (2, "累计起付线已付", "600.00", "1200.00") in whats(by_settlement)
