"""The files of a new area."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.errors import ClerkError
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import run_case
from clerk_app.policy.policy_file import GROUND_SLOTS, STATED_SLOTS
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.skeleton import write_skeleton

TODAY = date(2026, 11, 22)


def written(folder, code="619900", name="示例西部市", begins=date(2025, 1, 1)):
    return write_skeleton(folder / code, code, name, begins, TODAY)


def test_both_files_are_named_and_written_for_the_area(tmp_path):
    paths = written(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "619900/2025-01-01.yaml",
        "619900/examples.yaml",
    ]
    policy = load_shelf(tmp_path).policy("619900")
    (version,) = policy.versions
    assert (policy.area_name, version.effective_from, version.verified_until) == ("示例西部市", date(2025, 1, 1), TODAY)


def test_the_skeletons_own_example_holds(tmp_path):
    _policy, examples = written(tmp_path)
    (case,) = read_cases(examples, load_shelf(tmp_path))
    assert run_case(case).holds


def test_every_slot_of_the_schema_has_a_comment(tmp_path):
    """A slot that every file needs stands there; one that a file may have stands there as a comment."""
    path, _examples = written(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    explained = "\n".join(line for line in lines if line.lstrip().startswith("#"))
    for slot in ("统筹区", "文件", "施行", "已核实至", "险种", "口径", "情形依据", "零星报销", "材料", "联网机构"):
        assert slot in explained, slot
    for slot in (
        "慢特病优先",
        "备案",
        "待遇",
        "不予支付情形",
        "另行政策",
        "个人账户",
        "机构等级",
        "登记病种",
        "双通道药品",
    ):
        assert slot in explained, slot
    stated = "\n".join(lines)
    assert all(slot in stated for slot in (*STATED_SLOTS, *GROUND_SLOTS))


def test_each_optional_slot_may_be_uncommented_as_it_stands(tmp_path):
    path, _examples = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    for commented in ("材料: {", "联网机构: {", "慢特病优先: {"):
        assert f"\n# {commented}" in text
        text = text.replace(f"\n# {commented}", f"\n{commented}")
    for block in ("门诊慢性病:", "另行政策:", "个人账户:"):
        before, mark, after = text.partition(f"# {block}\n" if block != "门诊慢性病:" else f"  # {block}\n")
        assert mark, block
        kept = after.splitlines(keepends=True)
        count = next((i for i, line in enumerate(kept) if not line.lstrip().startswith("#   ")), len(kept))
        indent = "  " if block == "门诊慢性病:" else ""
        body = "".join(indent + line.lstrip().removeprefix("# ") for line in kept[:count])
        text = before + f"{indent}{block}\n" + body + "".join(kept[count:])
    path.write_text(text, encoding="utf-8")
    (version,) = load_shelf(tmp_path).policy("619900").versions
    assert len(version.benefits) == 2
    assert version.account is not None
    assert version.separate_policies
    assert version.networked_institution_source is not None
    assert version.overlap_source is not None


UNFILED = "  未备案: {处理: 待复核, 依据: 未明文，经办口径}\n"
COMMENTED = [
    (UNFILED, "  # 未备案: {处理: 降低比例", ""),
    (UNFILED, "  # 未备案: {处理: 先行自付", ""),
    ("        退休: {一级: 65, 二级: 60, 三级: 55}\n", "      # 退休加成: {", ""),
    ("", "  # 急诊抢救: {", ""),
    ("    年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 第四条}\n", "#   年度限额:", "#     - {值:"),
]


@pytest.mark.parametrize(("replaced", "comment", "more"), COMMENTED)
def test_each_exception_of_the_comments_may_be_uncommented(tmp_path, replaced, comment, more):
    path, _examples = written(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    taken = [line for line in lines if line.startswith(comment) or (more and line.startswith(more))]
    assert taken
    stated = "".join(line.replace("# ", "  " if more else "", 1) for line in taken)
    kept = "".join(line for line in lines if line not in taken)
    place = replaced or "    年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 第四条}\n"
    assert kept.count(place) == 1
    path.write_text(kept.replace(place, stated if replaced else place + stated), encoding="utf-8")
    (version,) = load_shelf(tmp_path).policy("619900").versions
    assert [rule for rule in version.exceptions if rule.source.replaces]


@pytest.mark.parametrize("code", ["61990", "6199000", "61990a", "６１９９００", "", "../../x"])
def test_a_code_that_is_none_writes_nothing(tmp_path, code):
    with pytest.raises(ClerkError) as failure:
        write_skeleton(tmp_path / "area", code, "示例", date(2025, 1, 1), TODAY)
    assert failure.value.code == "area_code_form"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["2025-01-01.yaml", "examples.yaml"])
def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_written_beside_it(tmp_path, name):
    (tmp_path / "619900").mkdir()
    (tmp_path / "619900" / name).write_text("mine", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        written(tmp_path)
    assert failure.value.code == "file_there"
    assert [path.name for path in (tmp_path / "619900").iterdir()] == [name]
    assert (tmp_path / "619900" / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "619900").write_text("a file", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        written(tmp_path)
    assert failure.value.code == "folder_not_made"
