"""A sixth area is added by files alone; a kind of rule that the files cannot state is refused, never approximated."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.errors import FileProblem, FileProblems
from clerk_app.policy.grid import grid, uncovered_spans
from clerk_app.policy.policy_file import read_policy_file
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.skeleton import write_skeleton
from clerk_app.settings import PRACTICE_OFFICE, Settings, save_settings
from clerk_app.wording import sentence
from tests.ledger.office import CLERK, PASSWORD, REVIEWER, Office
from tests.policy import sixth_area
from tests.policy.sixth_area import BEGINS, CODE, NAME

RATIO_OF_RESIDENTS = "居民: {一级: 60, 二级: 55, 三级: 50}\n        止"


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """The folder as the officer has filled it in."""
    folder = tmp_path / "policies" / CODE
    write_skeleton(folder, CODE, NAME, date(2025, 1, 1), date(2026, 11, 22))
    sixth_area.fill_in(folder)
    return folder


@pytest.fixture
def clerk_app(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program in a process of its own, with an office's folder of its own."""

    def run(*arguments: object, keyed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "clerk_app", *map(str, arguments)],
            env={**os.environ, "CLERK_DATA": str(tmp_path / "data"), "PYTHONUTF8": "1"},
            input=keyed,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


def test_from_skeleton_to_settlement_without_a_line_of_code(clerk_app, tmp_path):
    new = clerk_app("policy", "new", CODE, NAME, "--from", BEGINS, "--out", tmp_path)
    assert new.returncode == 0, new.stderr
    document = sixth_area.fill_in(tmp_path / CODE)

    (tmp_path / "data/practice").mkdir(parents=True)
    save_settings(Settings(office=PRACTICE_OFFICE), tmp_path / "data")
    Office(tmp_path / "data/practice/practice.db").ledger.close()
    proposed = clerk_app("policy", "propose", tmp_path / CODE, keyed=f"{CLERK.login}\n{PASSWORD}\n")
    assert proposed.returncode == 0, proposed.stderr
    installed = clerk_app("policy", "install", CODE, BEGINS, keyed=f"{REVIEWER.login}\n{PASSWORD}\n{PASSWORD}\n")
    assert installed.returncode == 0, installed.stderr

    checked = clerk_app("policy", "check", CODE)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "没有规定\n" not in checked.stdout
    ran = clerk_app("examples", tmp_path / CODE / "examples.yaml")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1] == "5 个通过，0 个不符"
    settled = clerk_app("settle", tmp_path / CODE / "examples.yaml", "--json")
    assert '"fund_paid": "750.00"' in settled.stdout
    assert (tmp_path / "data/practice/policies" / CODE / f"{BEGINS}.yaml").read_bytes() == document.read_bytes()


def test_laying_the_folder_among_the_offices_policies_is_enough_for_a_trial(clerk_app, area, tmp_path):
    (tmp_path / "data").mkdir()
    area.parent.rename(tmp_path / "data/policies")
    ran = clerk_app("examples", tmp_path / "data/policies" / CODE / "examples.yaml")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_example_that_is_one_fen_off_is_noticed(clerk_app, area, tmp_path):
    examples = area / "examples.yaml"
    examples.write_text(sixth_area.EXAMPLES.replace("192.50", "192.51"), encoding="utf-8")
    (tmp_path / "data").mkdir()
    area.parent.rename(tmp_path / "data/policies")
    ran = clerk_app("examples", tmp_path / "data/policies" / CODE / "examples.yaml")
    assert ran.returncode == 1
    assert "统筹支付 得 192.50，应得 192.51" in ran.stdout


def test_dated_values_in_one_file_give_a_version_for_each_span(area):
    versions = load_shelf(area.parent).policy(CODE).versions
    assert [(version.effective_from, version.effective_until) for version in versions] == [
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), None),
    ]
    third_tier = [
        version.terms(Insurance.EMPLOYEE, Status.EMPLOYED, Benefit.ORDINARY, Tier.THREE) for version in versions
    ]
    assert [(terms.deductible_fen, terms.ratio_bp, terms.cap_fen) for terms in third_tier] == [
        (50_000, 6_500, 250_000),
        (50_000, 6_500, 300_000),
        (50_000, 7_000, 300_000),
    ]
    assert [terms.cap_source.holds_until for terms in third_tier] == [date(2025, 12, 31), None, None]


def test_its_grid_has_no_hole_and_no_day_without_a_document(area):
    policy = load_shelf(area.parent).policy(CODE)
    covered = [row for row in grid(policy) if row.is_covered]
    assert len(covered) == 3 * 3  # versions × employed, retired, resident
    assert not any(row.has_hole or row.open_parameters for row in covered)
    assert not list(uncovered_spans(policy))


# -- what the schema lacks ---------------------------------------------------------------------------------------------


def problems(document: Path) -> list[FileProblem]:
    with pytest.raises(FileProblems) as failure:
        read_policy_file(document)
    return list(failure.value.problems)


def line_of(document: Path, words: str) -> int:
    (number,) = [
        number for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1) if words in line
    ]
    return number


@pytest.mark.parametrize(
    ("old", "new", "words", "key", "nearest"),
    [
        # A cap by visit.
        (
            "    年度限额:\n",
            "    单次限额: {值: 200, 依据: 第七条}\n    年度限额:\n",
            "单次限额",
            "单次限额",
            "年度限额",
        ),
        ("    年度限额:\n", "    每次限额: 200\n    年度限额:\n", "每次限额", "每次限额", "年度限额"),
        ("- {值: {职工: {在职: 2500,", "- {方式: 按次, 值: {职工: {在职: 2500,", "2500", "方式", None),
        # A ratio by age.
        (RATIO_OF_RESIDENTS, RATIO_OF_RESIDENTS.replace("一级: 60", "70岁以上: 80"), "70岁以上", "70岁以上", None),
        (RATIO_OF_RESIDENTS, RATIO_OF_RESIDENTS.replace("{一级: 60,", "{年龄: {60-69: 60},"), "年龄", "年龄", None),
        # A ratio by amount, and one by length of contribution.
        (RATIO_OF_RESIDENTS, RATIO_OF_RESIDENTS.replace("一级: 60", "0-1000: 60"), "0-1000", "0-1000", None),
        (
            "        依据: 第六条\n      - 值",
            "        分段: [{至: 1000, 比例: 60}]\n        依据: 第六条\n      - 值",
            "分段",
            "分段",
            None,
        ),
        ("    年度限额:\n", "    缴费满年: {15: 5}\n    年度限额:\n", "缴费满年", "缴费满年", None),
        # Code.
        ("    年度限额:\n", "    公式: 总额 * 0.5\n    年度限额:\n", "公式", "公式", None),
        ("    年度限额:\n", "    如果: {退休: 70}\n    年度限额:\n", "如果", "如果", None),
    ],
)
def test_a_kind_of_rule_that_the_schema_lacks_is_refused_as_such(area, old, new, words, key, nearest):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    document.write_text(text.replace(old, new), encoding="utf-8")

    found = [problem for problem in problems(document) if problem.code == "key_unknown"]

    (problem,) = [problem for problem in found if problem.details["key"] == key]
    assert (problem.file, problem.line) == (f"{CODE}/{BEGINS}.yaml", line_of(document, words))
    if nearest:
        assert problem.details["nearest"] == nearest
    said = sentence(FileProblems([problem]))
    assert said.startswith(f"{CODE}/{BEGINS}.yaml:{problem.line}: 没有“{key}”这一项，最接近的是“")


@pytest.mark.parametrize(
    "expression",
    ["600*2", "=600", "600元", "600+300", "1e3", "0x258", "六百", "600.005", "60%", ".5", "max(1, 2)", "600 700"],
)
def test_an_expression_is_no_amount(area, expression):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8").replace("居民: 50}, 依据", f"居民: {expression!r}}}, 依据")
    document.write_text(text, encoding="utf-8")
    (problem,) = problems(document)
    assert problem.code in ("amount_not_a_number", "amount_three_decimals")
    assert (problem.file, problem.line) == (f"{CODE}/{BEGINS}.yaml", line_of(document, "职工: {一级: 200"))
    assert expression in sentence(FileProblems([problem]))


@pytest.mark.parametrize("expression", ["600*2", "${x}", "{{600}}", "!!python/object/apply:os.getcwd []"])
def test_an_expression_as_it_is_typed_is_refused_too(area, expression):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8").replace("居民: 50}, 依据", f"居民: {expression}}}, 依据")
    document.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblems):
        load_shelf(area.parent)


@pytest.mark.parametrize("percentage", ["60*1.1", "101", "-5", "60.555", "六十", "0.6x"])
def test_an_expression_is_no_percentage(area, percentage):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8")
    changed = text.replace(RATIO_OF_RESIDENTS, RATIO_OF_RESIDENTS.replace("一级: 60", f"一级: {percentage}"))
    assert changed != text
    document.write_text(changed, encoding="utf-8")
    (problem,) = problems(document)
    assert (problem.code, problem.line) == ("percent_unknown", line_of(document, f"一级: {percentage}"))


def test_everything_that_is_refused_is_listed_at_once(area):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8")
    text = text.replace("    年度限额:\n", "    单次限额: {值: 200, 依据: 第七条}\n    年度限额:\n")
    text = text.replace("居民: 50}, 依据", "居民: 600*2}, 依据")
    text = text.replace(RATIO_OF_RESIDENTS, RATIO_OF_RESIDENTS.replace("一级: 60", "70岁以上: 80"))
    document.write_text(text, encoding="utf-8")
    assert {problem.code for problem in problems(document)} >= {"key_unknown", "amount_not_a_number"}
    assert {problem.details.get("key") for problem in problems(document)} >= {"单次限额", "70岁以上"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("止: 2025-12-31, ", "止: 2025-12-30, ", "slot_hole"),
        ("起: 2026-01-01, ", "起: 2025-12-31, ", "slot_conflict"),
        ("居民: 300}", "居民: {一级: 300, 二级: 300}}", "slot_hole"),
        ("居民: 50}", "一级: 50}", "table_mixed"),
    ],
)
def test_a_hole_or_a_conflict_between_dated_values_is_refused(area, old, new, code):
    document = area / f"{BEGINS}.yaml"
    text = document.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    document.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FileProblems) as failure:
        load_shelf(area.parent).policy(CODE)
    assert code in {problem.code for problem in failure.value.problems}
