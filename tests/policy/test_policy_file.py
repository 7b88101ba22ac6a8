"""A policy file is wrong in many ways, and all of them are said at once, with line and nearest key."""

from __future__ import annotations

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier

CAP = "年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 二(三)}"
DEDUCTIBLE = "起付标准: {方式: 按年, 值: 600, 依据: 二(三)}"


def test_the_shipped_file_is_read_without_a_problem(office):
    office.shipped("jiangxi")
    assert office.shelf().policy("360000").versions


@pytest.mark.parametrize(
    ("old", "new", "code", "nearest"),
    [
        ("已核实至:", "已核实致:", "key_unknown", "已核实至"),
        (DEDUCTIBLE, "起付标准: {方式: 按年, 值: 600, 依剧: 二(三)}", "key_unknown", "依据"),
        ("  普通门诊:\n", "  普通门珍:\n", "value_unknown", "普通门诊"),
        ("{处理: 待复核,", "{处理: 待复合,", "value_unknown", "待复核"),
        ("方式: 按年", "方式: 按年度", "value_unknown", "按年"),
        ("{值: [职工],", "{值: [职员],", "value_unknown", "职工"),
        ("{值: 就诊日,", "{值: 今天,", "value_unknown", "就诊日"),
        ("在职: {一级: 60,", "在岗: {一级: 60,", "key_unknown", "在职"),
        ("{人员: 在职, 比例: 2,", "{人员: 在职, 比列: 2,", "key_unknown", "比例"),
    ],
)
def test_a_word_that_does_not_exist_is_named_with_the_nearest_that_does(office, old, new, code, nearest):
    path = office.shipped("jiangxi", (old, new))
    line = path.read_text(encoding="utf-8")[: path.read_text(encoding="utf-8").index(new)].count("\n") + 1
    found = [problem for problem in office.problems() if problem.code == code]
    assert (found[0].line - line in {0, 1}, found[0].file) == (True, "jiangxi/2023-01-01.yaml")
    assert found[0].details["nearest"] == nearest


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("已核实至: 2026-11-22\n", "", "key_missing"),
        ("施行: {起: 2023-01-01, 依据: 二(三)}\n", "", "key_missing"),
        ("施行: {起: 2023-01-01, 依据: 二(三)}", "施行: {起: 2023-01-01}", "key_missing"),
        ("  舍入: {值: 逐票四舍五入到分, 依据: 未明文，经办口径}\n", "", "key_missing"),
        ("  参保期外: {依据: 二(三)}\n", "", "key_missing"),
        (DEDUCTIBLE, "起付标准: {方式: 按年, 值: 600}", "key_missing"),
        (DEDUCTIBLE, "起付标准: {值: 600, 依据: 二(三)}", "key_missing"),
        ("  未备案: {处理: 待复核, 依据: 未明文，经办口径}\n", "", "key_missing"),
        ("{处理: 待复核,", "{处理: 降低比例,", "key_missing"),
        ("已核实至: 2026-11-22", "已核实至: 2026-11-22\n已核实至: 2026-11-23", "key_repeated"),
        ("一级: 60, 二级: 55, 三级: 50", "一级: 60, 二级: 55, 三级: 50, 三级: 60", "key_repeated"),
        ("起: 2023-01-01", "起: 2023-02-29", "day_unknown"),
        ("已核实至: 2026-11-22", "已核实至: 今天", "day_unknown"),
        ('代码: "360000"', '代码: "36000"', "area_code_form"),
        ('代码: "360000"', '代码: "３６００００"', "area_code_form"),
        ("值: 600,", "值: 六百,", "amount_not_a_number"),
        ("值: 600,", "值: 600.005,", "amount_three_decimals"),
        ("值: 600,", "值: -600,", "figure_negative"),
        ("在职: 1800", "在职: -1800", "figure_negative"),
        ("值: 600,", "值: [600],", "not_a_single_value"),
        ("在职: {一级: 60, 二级: 55, 三级: 50}", "在职: {一级: 160, 二级: 55, 三级: 50}", "percent_unknown"),
        ("在职: {一级: 60, 二级: 55, 三级: 50}", "在职: {一级: 60, 二级: 55, 职工: 50}", "table_mixed"),
        ("口径:\n", "口径: []\n原口径:\n", "not_a_block"),
    ],
)
def test_a_file_that_is_wrong_in_its_form_is_refused(office, old, new, code):
    office.shipped("jiangxi", (old, new))
    assert code in [problem.code for problem in office.problems()]


def test_everything_that_is_wrong_in_all_files_is_said_at_once(office, outlined):
    office.shipped("jiangxi", ("起: 2023-01-01", "起: 2023-02-29"), ("值: 600,", "值: 六百,"), ("口径:\n", "口经:\n"))
    office.shipped("nanyang", ("二级: 30,", "二级: 30.001,"))
    office.write("jining/empty.yaml", "")
    office.write("jining/binary.yaml", b"\xff\xfe")
    office.write("jining/bomb.yaml", "a: &a [1, 1]\nb: [*a, *a]\n")
    problems = office.problems()
    assert {problem.file for problem in problems} == {
        "jiangxi/2023-01-01.yaml",
        "nanyang/2022-07-01.yaml",
        "jining/empty.yaml",
        "jining/binary.yaml",
        "jining/bomb.yaml",
    }
    found = outlined(problem for problem in problems if problem.file.startswith("jiangxi"))
    assert found == sorted(found)
    assert [code for _line, code in found] == [
        "key_missing",
        "day_unknown",
        "key_unknown",
        "amount_not_a_number",
    ]


# -- holes and conflicts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("在职: {一级: 60, 二级: 55, 三级: 50}", "在职: {一级: 60, 二级: 55}", "职工·在职·三级"),
        ("在职: {一级: 60, 二级: 55, 三级: 50}", "在职: {二级: 55, 三级: 50}", "职工·在职·无等级"),
        ("{在职: 1800, 退休: 2000}", "{在职: 1800}", "职工·退休·三级"),
        ("值: 600,", "值: {居民: 600},", "职工·在职·一级"),
    ],
)
def test_a_cell_without_a_figure_is_a_hole_that_is_named(office, old, new, cell):
    office.shipped("jiangxi", (old, new))
    problems = office.problems("360000")
    assert {problem.code for problem in problems} == {"slot_hole"}
    assert cell in [problem.details["cell"] for problem in problems]


def test_days_without_a_value_are_a_hole_that_is_named(office):
    office.shipped(
        "jiangxi",
        (
            CAP,
            "年度限额:\n      - {值: 1800, 止: 2023-12-31, 依据: 一}\n      - {值: 1900, 起: 2024-02-01, 依据: 二}",
        ),
    )
    holes = {
        (problem.code, problem.details["slot"], str(problem.details["day"])) for problem in office.problems("360000")
    }
    assert ("slot_hole", "普通门诊.年度限额", "2024-01-01") in holes
    assert {day for _code, _slot, day in holes} == {"2024-01-01"}


def test_days_with_two_values_are_a_conflict_that_is_named(office):
    office.shipped(
        "jiangxi",
        (
            CAP,
            "年度限额:\n      - {值: 1800, 止: 2023-12-31, 依据: 一}\n      - {值: 1900, 起: 2023-12-31, 依据: 二}",
        ),
    )
    found = {
        (problem.code, problem.details["slot"], str(problem.details["day"])) for problem in office.problems("360000")
    }
    assert found == {("slot_conflict", "普通门诊.年度限额", "2023-12-31")}


def test_a_reference_to_a_parameter_that_is_not_declared_is_refused(office):
    office.shipped("chongqing", ("{参数: 普通门诊.起付标准}", "{参数: 普通门诊.起付线}"))
    assert "parameter_undeclared" in [problem.code for problem in office.problems("500000")]


# -- dated values --------------------------------------------------------------------------------------------------

RISING = """年度限额:
      - {值: {在职: 1800, 退休: 2000}, 止: 2023-12-31, 依据: 二(三)}
      - {值: {在职: 2500, 退休: 3000}, 起: 2024-01-01, 文号: 示例〔2023〕1号, 依据: 一}"""


def ordinary(version, status=Status.EMPLOYED):
    return version.terms(Insurance.EMPLOYEE, status, Benefit.ORDINARY, Tier.THREE)


def test_dated_values_cut_a_document_into_versions(office):
    office.shipped("jiangxi", (CAP, RISING))
    earlier, later = office.shelf().policy("360000").versions
    assert [str(version.effective_from) for version in (earlier, later)] == ["2023-01-01", "2024-01-01"]
    assert [str(version.effective_until) for version in (earlier, later)] == ["2023-12-31", "None"]
    assert [ordinary(version).cap_fen for version in (earlier, later)] == [180000, 250000]
    assert str(ordinary(later).cap_source) == "示例〔2023〕1号 一"
    assert str(ordinary(later).ratio_source) == "江西省实施意见 二(三)"
    assert earlier.content_hash == later.content_hash


def test_a_value_until_the_end_of_time_is_no_crash(office):
    office.shipped("jiangxi", (CAP, "年度限额: [{值: 1800, 止: 9999-12-31, 依据: 一}]"))
    (version,) = office.shelf().policy("360000").versions
    assert ordinary(version).cap_fen == 180000


def test_a_document_that_has_an_end_decides_nothing_after_it(office):
    office.shipped("jiangxi", ("施行: {起: 2023-01-01,", "施行: {起: 2023-01-01, 止: 2023-12-31,"))
    policy = office.shelf().policy("360000")
    day = policy.versions[0].effective_until
    assert str(day) == "2023-12-31"
    assert policy.in_force_on(day)
    assert policy.in_force_on(day.replace(year=2024)) is None
