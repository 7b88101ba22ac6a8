"""Which document decides on which day, and which area's parameters fill a framework."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.errors import ClerkError, FileProblems, PolicyGap
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.strict_yaml import Findings, parse_yaml

START = "施行: {起: 2023-01-01,"
CAP = "年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 二(三)}"
ORDINARY = "  普通门诊: {起付标准: 250, 退休加成: 5, 年度限额: 1500}\n"


def cap_on(policy, day: str) -> int:
    version = policy.in_force_on(date.fromisoformat(day))
    return version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.ORDINARY, Tier.THREE).cap_fen // 100


def later_document(office, day: str, cap: str):
    return office.shipped(
        "jiangxi",
        (START, f"施行: {{起: {day},"),
        ("文号: 江西省实施意见", "文号: 示例〔2024〕1号"),
        ("在职: 1800", f"在职: {cap}"),
        name=f"{day}.yaml",
    )


# -- documents -----------------------------------------------------------------------------------------------------


def test_a_later_document_ends_the_earlier_the_day_before_it_begins(office):
    office.shipped("jiangxi")
    later_document(office, "2024-07-01", "3000")
    policy = office.shelf().policy("360000")
    assert [cap_on(policy, day) for day in ("2023-01-01", "2024-06-30", "2024-07-01", "2030-01-01")] == [
        1800,
        1800,
        3000,
        3000,
    ]
    assert str(policy.versions[0].effective_until) == "2024-06-30"
    assert policy.in_force_on(date(2022, 12, 31)) is None


def test_what_an_ended_document_had_planned_for_later_never_comes_back(office):
    office.shipped(
        "jiangxi",
        (CAP, "年度限额:\n      - {值: 1800, 止: 2024-12-31, 依据: 一}\n      - {值: 9000, 起: 2025-01-01, 依据: 二}"),
    )
    later_document(office, "2024-07-01", "3000")
    policy = office.shelf().policy("360000")
    assert [cap_on(policy, day) for day in ("2024-06-30", "2024-07-01", "2025-01-01", "2030-01-01")] == [
        1800,
        3000,
        3000,
        3000,
    ]
    assert [str(version.effective_until) for version in policy.versions] == ["2024-06-30", "None"]


def test_a_value_that_changes_on_the_day_of_the_next_document_is_no_conflict(office):
    office.shipped(
        "jiangxi",
        (CAP, "年度限额:\n      - {值: 1800, 止: 2024-06-30, 依据: 一}\n      - {值: 9000, 起: 2024-07-01, 依据: 二}"),
    )
    later_document(office, "2024-07-01", "3000")
    assert cap_on(office.shelf().policy("360000"), "2024-07-01") == 3000


def test_two_documents_of_one_day_are_a_conflict_that_names_both(office):
    office.shipped("jiangxi")
    office.shipped("jiangxi", ("文号: 江西省实施意见", "文号: 示例〔2024〕1号"), name="again.yaml")
    (problem,) = office.problems("360000")
    assert problem.code == "document_conflict"
    assert {problem.details["one"], problem.details["other"]} == {"江西省实施意见", "示例〔2024〕1号"}


def test_several_folders_are_one_shelf(office, tmp_path):
    office.shipped("jiangxi")
    other = tmp_path / "other"
    other.mkdir()
    (other / "jiangxi").mkdir()
    path = later_document(office, "2024-07-01", "3000")
    path.rename(other / "jiangxi" / "2024.yaml")
    assert cap_on(load_shelf(tmp_path, other).policy("360000"), "2024-07-01") == 3000
    assert cap_on(load_shelf(tmp_path, tmp_path / "missing").policy("360000"), "2024-07-01") == 1800


def test_worked_examples_beside_a_document_are_no_policy(office):
    office.shipped("jiangxi")
    office.write("jiangxi/examples.yaml", "- not a policy\n")
    assert office.shelf().areas() == [("360000", "江西省")]


def test_an_unknown_area_is_said_with_those_that_are_known(shelf):
    with pytest.raises(ClerkError) as failure:
        shelf.policy("999999")
    assert failure.value.code == "area_unknown"
    assert set(failure.value.details["known"]) == {"220000", "360000", "370800", "411300", "500000"}


def test_the_versions_of_a_year_come_latest_first(office):
    office.shipped("jiangxi")
    later_document(office, "2024-07-01", "3000")
    policy = office.shelf().policy("360000")
    assert [version.effective_from.year for version in policy.versions_in(2024)] == [2024, 2023]
    assert [version.effective_from.year for version in policy.versions_in(2023)] == [2023]
    assert policy.versions_in(2022) == ()


# -- areas that fill a framework -----------------------------------------------------------------------------------


def test_an_areas_file_fills_the_framework_for_that_area_alone(office):
    office.shipped("jilin")
    office.parameters(ORDINARY)
    shelf = office.shelf()
    assert shelf.areas() == [("220000", "吉林省"), ("220199", "示例市")]
    policy = shelf.policy("220199")
    assert (policy.area_code, policy.area_name, policy.versions[0].area_code) == ("220199", "示例市", "220199")
    assert cap_on(policy, "2023-06-01") == 1500
    with pytest.raises(PolicyGap):
        cap_on(shelf.policy("220000"), "2023-06-01")


def test_two_areas_fill_one_framework_each_with_its_own(office):
    office.shipped("jilin")
    office.parameters(ORDINARY)
    office.parameters(ORDINARY.replace("1500", "1900"), code="220299", name="y")
    shelf = office.shelf()
    assert [cap_on(shelf.policy(code), "2023-06-01") for code in ("220199", "220299")] == [1500, 1900]


def test_a_framework_may_be_filled_for_its_own_area(office):
    office.shipped("chongqing")
    office.parameters("  普通门诊: {起付标准: 200, 年度限额: 3000, 支付比例: 50}\n", code="500000", framework="500000")
    assert cap_on(office.shelf().policy("500000"), "2023-06-01") == 3000


def test_figures_that_break_a_bound_are_refused_when_they_are_used_with_file_and_line(office):
    office.shipped("jilin")
    office.parameters(ORDINARY.replace("250", "400").replace("1500", "2500"))
    problems = office.problems("220199")
    assert [(problem.file, problem.line, problem.code) for problem in problems] == [
        ("parameters/x.yaml", 4, "parameter_above"),
        ("parameters/x.yaml", 4, "parameter_above"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('统筹区: {代码: "220199", 名称: 甲}\n参数: {}\n', "key_missing"),
        ('统筹区: {代码: "220199", 名称: 甲}\n沿用: "220000"\n', "key_missing"),
        ('沿用: "220000"\n参数: {}\n', "key_missing"),
        ('统筹区: {代码: "2201", 名称: 甲}\n沿用: "220000"\n参数: {}\n', "area_code_form"),
        ('统筹区: {代码: "220199", 名称: 甲}\n沿用: "220000"\n参数: {}\n备注: 乙\n', "key_unknown"),
        ('统筹区: {代码: "220199", 名称: 甲}\n沿用: "999999"\n参数: {}\n', "framework_unknown"),
        ("", "file_empty"),
    ],
)
def test_an_areas_file_that_is_wrong_in_its_form_is_refused_on_loading(office, content, code):
    office.shipped("jilin")
    office.write("parameters/x.yaml", content)
    assert code in [problem.code for problem in office.problems()]


def test_two_files_for_one_area_are_refused_and_neither_wins(office):
    office.shipped("jilin")
    office.parameters(ORDINARY, name="x")
    office.parameters(ORDINARY.replace("1500", "1900"), name="y")
    (problem,) = office.problems()
    assert problem.code == "parameters_twice"
    assert (problem.details["one"], problem.details["other"]) == ("parameters/x.yaml", "parameters/y.yaml")


# -- the hash ------------------------------------------------------------------------------------------------------


def test_the_hash_changes_with_the_content_of_the_document(office):
    office.shipped("jiangxi")
    before = office.shelf().policy("360000").versions[0].content_hash
    office.shipped("jiangxi", ("在职: 1800", "在职: 1801"))
    after = office.shelf().policy("360000").versions[0].content_hash
    assert before != after
    assert all(len(one) == 64 and set(one) <= set("0123456789abcdef") for one in (before, after))


def test_the_hash_changes_with_an_areas_parameters(office):
    office.shipped("jilin")
    hashes = {office.shelf().policy("220000").versions[0].content_hash}
    for cap in ("1500", "1600"):
        office.parameters(ORDINARY.replace("1500", cap))
        hashes.add(office.shelf().policy("220199").versions[0].content_hash)
    assert len(hashes) == 3


def test_the_hash_changes_with_the_parameters_of_a_worked_example(shelf):
    hashes = set()
    for cap in ("1500", "1600"):
        item = parse_yaml(f"普通门诊: {{年度限额: {cap}}}".encode(), Findings("a.yaml"))
        hashes.add(shelf.policy_with("220000", item).versions[0].content_hash)
    hashes.add(shelf.policy("220000").versions[0].content_hash)
    assert len(hashes) == 3


def test_the_same_files_have_the_same_hash(office):
    office.shipped("jilin")
    office.parameters(ORDINARY)
    assert len({office.shelf().policy("220199").versions[0].content_hash for _time in range(2)}) == 1


def test_asking_again_after_a_refusal_lists_each_problem_once(office):
    office.shipped("jilin")
    office.parameters(ORDINARY.replace("250", "400"))
    shelf = office.shelf()
    counts = []
    for _time in range(2):
        with pytest.raises(FileProblems) as failure:
            shelf.policy("220199")
        counts.append(len(failure.value.problems))
    assert counts == [1, 1]
