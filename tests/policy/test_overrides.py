"""An exception says what it replaces; one that does not, or names what is not there, is refused with line and name."""

from __future__ import annotations

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.errors import FileProblems
from clerk_app.wording import sentence

CAP = "年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 二(三)}"
BONUS = "退休加成: {值: 5, 依据: 二(三), 取代: {项目: 普通门诊.支付比例, 依据: 二(三)}}"
UNFILED = "未备案: {处理: 待复核, 依据: 未明文，经办口径}"
JIANGXI = "360000"


def raised(*exceptions: str) -> tuple[str, str]:
    """Jiangxi's cap as a general value with exceptions to it."""
    general = "{值: 1800, 依据: 二(三)}"
    return CAP, "\n      - ".join(["年度限额:", general, *exceptions])


def replacing(slot: str, article: str = "二(三)") -> str:
    """取代 as an officer writes it."""
    return f"取代: {{项目: {slot}, 依据: {article}}}"


@pytest.fixture
def line_with():
    """The number of the only line of a file that has the words."""

    def find(path, words: str) -> int:
        (number,) = [
            number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words in line
        ]
        return number

    return find


def terms(office, status: Status = Status.EMPLOYED, tier: Tier = Tier.THREE, day: str = ""):
    policy = office.shelf().policy(JIANGXI)
    version = next(each for each in reversed(policy.versions) if not day or str(each.effective_from) <= day)
    return version.terms(Insurance.EMPLOYEE, status, Benefit.ORDINARY, tier)


# -- an exception decides the cases and days that it names ----------------------------------------------------------


def test_an_exception_decides_the_cases_that_it_names_and_the_general_value_the_others(office):
    exception = f"{{值: {{退休: {{三级: 2000}}}}, 依据: 第八条, {replacing('普通门诊.年度限额')}}}"
    office.shipped("jiangxi", raised(exception))
    retired, lower, employed = terms(office, Status.RETIRED), terms(office, Status.RETIRED, Tier.TWO), terms(office)
    assert [each.cap_fen for each in (retired, lower, employed)] == [200_000, 180_000, 180_000]
    assert [str(each) for each in retired.cap_source.replaces] == ["普通门诊.年度限额（江西省实施意见 二(三)）"]
    assert str(retired.cap_source) == "江西省实施意见 第八条"
    assert employed.cap_source.replaces == ()
    assert retired.cap_pool == employed.cap_pool


def test_an_exception_decides_its_days_alone(office):
    exception = f"{{值: 2500, 起: 2024-03-01, 止: 2024-05-31, 依据: 第八条, {replacing('普通门诊.年度限额')}}}"
    office.shipped("jiangxi", raised(exception))
    days = ("2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01")
    assert [terms(office, day=day).cap_fen for day in days] == [180_000, 250_000, 250_000, 180_000]
    assert [len(version.exceptions) for version in office.shelf().policy(JIANGXI).versions] == [1, 2, 1]


def test_an_exception_of_another_document_replaces_a_single_article(office):
    exception = f"{{值: 0, 起: 2024-01-01, 文号: 示例〔2023〕9号, 依据: 第一条, {replacing('普通门诊.起付标准')}}}"
    general = "{方式: 按年, 值: 600, 依据: 二(三)}"
    office.shipped("jiangxi", (f"起付标准: {general}", f"起付标准:\n      - {general}\n      - {exception}"))
    assert terms(office, day="2023-01-01").deductible_fen == 60_000
    later = terms(office)
    assert (later.deductible_fen, str(later.deductible_source)) == (0, "示例〔2023〕9号 第一条")
    assert later.deductible_basis is terms(office, day="2023-01-01").deductible_basis


def test_an_exception_may_replace_a_value_of_another_document(office):
    replaced = "取代: {项目: 普通门诊.年度限额, 文号: 示例〔2023〕9号, 依据: 第一条}"
    general = "{值: 1800, 文号: 示例〔2023〕9号, 依据: 第一条}"
    office.shipped("jiangxi", (CAP, f"年度限额:\n      - {general}\n      - {{值: 1900, 依据: 二, {replaced}}}"))
    assert terms(office).cap_fen == 190_000
    assert [each.citation for each in terms(office).cap_source.replaces] == ["示例〔2023〕9号 第一条"]


def test_points_for_the_retired_replace_the_ratio_of_the_employed(office):
    office.shipped("jiangxi")
    retired, employed = terms(office, Status.RETIRED), terms(office)
    assert (employed.ratio_bp, retired.ratio_bp) == (5_000, 5_500)
    assert [each.slot for each in retired.ratio_source.replaces] == ["普通门诊.支付比例"]
    assert employed.ratio_source.replaces == ()


def test_a_basis_that_is_no_article_may_be_left_out(office):
    office.shipped(
        "jining", ("  依据: 三\n  未备案", "  依据: 未明文，经办口径\n  未备案"), ("{项目: 备案, 依据: 三}", "备案")
    )
    (version,) = office.shelf().policy("370800").versions
    assert [str(each) for each in version.benefits[Benefit.EMERGENCY].filed_source.replaces] == ["备案"]


# -- what it names has to be there ----------------------------------------------------------------------------------

EXCEPTION = "{值: {退休: 2000}, 依据: 第八条, 取代: %s}"
POINTS_OFF = "未备案: {处理: 降低比例, 百分点: 10, 依据: 第九条, 取代: %s}"
PAID_FIRST = "未备案: {处理: 先行自付, 百分点: 10, 依据: 第九条, 取代: %s}"
RATIO = "{项目: 普通门诊.支付比例, 依据: 二(三)}"
POINTS = "{项目: 普通门诊.退休加成, 依据: 二(三)}"


@pytest.mark.parametrize(
    ("named", "code", "nearest"),
    [
        ("{项目: 普通门诊.年限额, 依据: 二(三)}", "override_unknown", "普通门诊.年度限额"),
        ("{项目: 普通门珍.年度限额, 依据: 二(三)}", "override_unknown", "普通门诊.年度限额"),
        ("年度限额", "override_unknown", "普通门诊.年度限额"),
        ("{项目: 普通门诊.支付比例, 依据: 二(三)}", "override_not_applicable", "普通门诊.年度限额"),
        ("备案", "override_not_applicable", "普通门诊.年度限额"),
        ("{项目: 普通门诊.年度限额, 依据: 二(四)}", "override_article", "江西省实施意见 二(三)"),
        ("{项目: 普通门诊.年度限额, 文号: 示例, 依据: 二(三)}", "override_article", "江西省实施意见 二(三)"),
        ("{项目: 普通门诊.年度限额}", "override_article_missing", None),
        ("普通门诊.年度限额", "override_article_missing", None),
        ("{项目: 普通门诊.年度限额, 依剧: 二(三)}", "key_unknown", "依据"),
        ("{依据: 二(三)}", "key_missing", None),
        ("", "override_missing", None),
    ],
)
def test_an_exception_that_names_wrongly_is_refused_with_the_nearest_name(office, line_with, named, code, nearest):
    path = office.shipped("jiangxi", raised(EXCEPTION % named))
    problem = next(problem for problem in office.problems() if problem.code == code)
    assert (problem.file, problem.line) == ("jiangxi/2023-01-01.yaml", line_with(path, "第八条"))
    assert problem.details.get("nearest") == nearest
    assert "{" not in sentence(FileProblems([problem]))


@pytest.mark.parametrize(
    ("area", "old", "new", "slot"),
    [
        ("jiangxi", ", 取代: {项目: 普通门诊.支付比例, 依据: 二(三)}", "", "普通门诊.退休加成"),
        ("jiangxi", UNFILED, "未备案: {处理: 降低比例, 百分点: 10, 依据: 第九条}", "备案.未备案"),
        ("jiangxi", UNFILED, "未备案: {处理: 先行自付, 百分点: 10, 依据: 第九条}", "备案.未备案"),
        ("jining", ", 取代: {项目: 备案, 依据: 三}", "", "急诊抢救.视同备案"),
        ("jilin", ", 取代: {项目: 备案, 依据: 三}", "", "急诊抢救.视同备案"),
        ("jilin", ", 取代: {项目: 门诊慢性病.年度限额, 依据: 二(三)}", "", "门诊慢性病.病种限额"),
        ("jilin", ", 取代: {项目: 普通门诊.支付比例, 依据: 二(二)}", "", "普通门诊.退休加成"),
        ("jilin", ", 取代: {项目: 日间手术.起付标准, 依据: 二(六)}", "", "参数.日间手术.起付标准"),
        ("jilin", ", 取代: 门诊慢性病", "", "门诊慢性病.双通道药品"),
        ("jilin", ", 取代: 普通门诊", "", "慢特病优先"),
        ("jilin", ", 取代: 待遇", "", "另行政策"),
    ],
)
def test_every_kind_of_exception_is_refused_when_it_does_not_say_what_it_replaces(office, area, old, new, slot):
    office.shipped(area, (old, new))
    (problem,) = office.problems()
    assert (problem.code, problem.details["slot"]) == ("override_missing", slot)
    assert "取代" in sentence(FileProblems([problem]))


def test_a_second_value_that_does_not_say_that_it_is_an_exception_is_a_conflict(office):
    office.shipped("jiangxi", raised("{值: {退休: 2000}, 依据: 第八条}"))
    problems = office.problems(JIANGXI)
    assert {(problem.code, problem.details["slot"]) for problem in problems if problem.code == "slot_conflict"} == {
        ("slot_conflict", "普通门诊.年度限额")
    }
    assert "取代" in sentence(FileProblems(problems))


def test_what_is_no_figure_cannot_be_excepted(office):
    exception = f"{{方式: 按次, 值: 0, 依据: 第八条, {replacing('普通门诊.起付标准')}}}"
    general = "{方式: 按年, 值: 600, 依据: 二(三)}"
    office.shipped("jiangxi", (f"起付标准: {general}", f"起付标准:\n      - {general}\n      - {exception}"))
    assert [(problem.code, problem.details["key"]) for problem in office.problems()] == [("key_unknown", "方式")]


def test_a_whole_block_has_no_article_that_could_be_named(office):
    office.shipped("jilin", ("取代: 普通门诊}", "取代: {项目: 普通门诊, 依据: 二(二)}}"))
    assert [(problem.code, problem.details["key"]) for problem in office.problems()] == [("key_unknown", "依据")]


def test_a_block_that_the_file_lacks_cannot_be_replaced(office):
    office.shipped("jiangxi", ("零星报销:", "慢特病优先: {依据: 二(三), 取代: 门诊慢性病}\n零星报销:"))
    (problem,) = office.problems()
    assert (problem.code, problem.details["nearest"]) == ("override_unknown", "普通门诊")


def test_an_exception_outside_the_days_of_what_it_names_replaces_nothing(office):
    general = "{值: 1800, 止: 2023-12-31, 依据: 二(三)}\n      - {值: 1900, 起: 2024-01-01, 依据: 二(四)}"
    exception = f"{{值: 2500, 起: 2024-03-01, 依据: 第八条, {replacing('普通门诊.年度限额')}}}"
    office.shipped("jiangxi", (CAP, f"年度限额:\n      - {general}\n      - {exception}"))
    (problem,) = office.problems()
    assert (problem.code, problem.details["known"]) == ("override_article", ("江西省实施意见 二(四)",))


def test_an_exception_that_outlives_every_general_value_replaces_nothing(office):
    exception = f"{{值: 2500, 起: 2024-03-01, 依据: 第八条, {replacing('普通门诊.年度限额')}}}"
    office.shipped("jiangxi", (CAP, f"年度限额:\n      - {{值: 1, 止: 2023-12-31, 依据: 二(三)}}\n      - {exception}"))
    assert [problem.code for problem in office.problems()] == ["override_idle"]


# -- and all of it ----------------------------------------------------------------------------------------------------


def test_an_exception_that_meets_two_articles_names_both(office):
    general = "{值: 1800, 止: 2023-12-31, 依据: 二(三)}\n      - {值: 1900, 起: 2024-01-01, 依据: 二(四)}"
    one, other = "{项目: 普通门诊.年度限额, 依据: 二(三)}", "{项目: 普通门诊.年度限额, 依据: 二(四)}"
    exception = "{值: 2500, 依据: 第八条, 取代: %s}"
    office.shipped("jiangxi", (CAP, f"年度限额:\n      - {general}\n      - {exception % one}"))
    (problem,) = office.problems()
    assert (problem.code, problem.details["article"]) == ("override_incomplete", "江西省实施意见 二(四)")
    office.shipped("jiangxi", (CAP, f"年度限额:\n      - {general}\n      - {exception % f'[{one}, {other}]'}"))
    assert {terms(office, day=day).cap_fen for day in ("2023-06-01", "2024-06-01")} == {250_000}


@pytest.mark.parametrize(
    ("named", "missing"),
    [(RATIO, "普通门诊.退休加成"), (f"[{POINTS}]", "普通门诊.支付比例"), (f"[{RATIO}, {POINTS}]", "")],
)
def test_points_off_for_the_unfiled_name_every_ratio_that_they_lower(office, named, missing):
    office.shipped("jiangxi", (UNFILED, POINTS_OFF % named))
    if missing:
        assert [problem.details["missing"] for problem in office.problems()] == [missing]
    else:
        assert office.shelf().policy(JIANGXI).versions[0].filing.reduction_bp == 1_000


def test_points_off_for_the_unfiled_name_another_exception_too(office):
    exception = f"{{值: {{在职: 70}}, 起: 2024-01-01, 依据: 第十条, {replacing('普通门诊.支付比例')}}}"
    general = "支付比例:\n      值:\n        在职: {一级: 60, 二级: 55, 三级: 50}\n"
    listed = "支付比例:\n      - 值: {在职: {一级: 60, 二级: 55, 三级: 50}, 退休: 60}\n        依据: 二(三)\n"
    text = office.shipped("jiangxi", (UNFILED, POINTS_OFF % RATIO)).read_text(encoding="utf-8")
    before, after = text[: text.index(general)], text[text.index("    年度限额:") :]
    office.write("jiangxi/2023-01-01.yaml", f"{before}{listed}      - {exception}\n{after}")
    (problem,) = office.problems()
    assert (problem.code, problem.details["article"]) == ("override_incomplete", "江西省实施意见 第十条")


def test_points_off_replace_the_ratio_of_each_kind_of_care_that_asks_for_a_filing(office):
    named = [
        *(f"{{项目: 普通门诊.{key}, 依据: 二(二)}}" for key in ("支付比例", "退休加成")),
        "{项目: 门诊慢性病.支付比例, 依据: 二(三)}",
        "{项目: 门诊特殊疾病.支付比例, 依据: 二(四)}",
        "{项目: 日间手术.支付比例, 依据: 二(六)}",
    ]
    office.shipped("jilin", ("未备案: {处理: 待复核, 依据: 三}", POINTS_OFF % f"[{', '.join(named)}]"))
    benefits = office.shelf().policy("220000").versions[0].benefits
    chronic, ordinary = (benefits[benefit].unfiled_source for benefit in (Benefit.CHRONIC, Benefit.ORDINARY))
    assert [each.slot for each in chronic.replaces] == ["门诊慢性病.支付比例"]
    assert [each.slot for each in ordinary.replaces] == ["普通门诊.支付比例", "普通门诊.退休加成"]

    office.shipped("jilin", ("未备案: {处理: 待复核, 依据: 三}", POINTS_OFF % f"[{', '.join(named[:-1])}]"))
    assert [problem.details["missing"] for problem in office.problems()] == ["日间手术.支付比例"]


def test_a_share_paid_first_replaces_the_order_of_the_steps(office):
    office.shipped("jiangxi", (UNFILED, PAID_FIRST % "{项目: 口径.计算步骤, 依据: 二(三)}"))
    source = office.shelf().policy(JIANGXI).versions[0].filing.unfiled_source
    assert [str(each) for each in source.replaces] == ["口径.计算步骤（江西省实施意见 二(三)）"]
    office.shipped("jiangxi", (UNFILED, PAID_FIRST % RATIO))
    assert [problem.code for problem in office.problems()] == ["override_not_applicable"]


def test_a_review_of_the_unfiled_replaces_nothing(office):
    office.shipped("jiangxi", (UNFILED, "未备案: {处理: 待复核, 依据: 未明文，经办口径, 取代: 备案}"))
    assert [(problem.code, problem.details["key"]) for problem in office.problems()] == [("key_unknown", "取代")]


def test_everything_that_is_wrong_with_exceptions_is_listed_at_once(office):
    office.shipped(
        "jiangxi",
        raised(EXCEPTION % "年度限额", EXCEPTION.replace("第八条", "第九条") % ""),
        (BONUS, BONUS.replace("支付比例", "支付比率")),
        (UNFILED, POINTS_OFF % "{项目: 备案}"),
        ("方式: 按年", "方式: 按年度"),
    )
    assert [(problem.code, problem.details.get("slot")) for problem in office.problems()] == [
        ("override_not_applicable", "备案.未备案"),
        ("value_unknown", None),
        ("override_unknown", "普通门诊.退休加成"),
        ("override_unknown", "普通门诊.年度限额"),
        ("override_missing", "普通门诊.年度限额"),
        ("override_conflict", "普通门诊.年度限额"),
    ]
