"""Two persons install a policy: what is refused on the way, and what may never change afterwards."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from clerk_app.counter.policy_desk import PolicyDesk
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.jobs import Progress
from clerk_app.wording import sentence
from tests.counter import officer

JULY = date(2024, 7, 1)
PARAMETERS = """\
统筹区: {{代码: "{code}", 名称: 示例市}}
沿用: "{framework}"
参数: {{普通门诊: {{起付标准: 300, 退休加成: 5, 年度限额: 1900}}}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(office: Path) -> PolicyDesk:
    return PolicyDesk(office, None, lambda: officer.noon(2024, 6, 1))


def proposed(desk: PolicyDesk, folder: Path, by: str = "王政策") -> None:
    desk.propose(desk.check(folder), by)


def refused(desk: PolicyDesk, folder: Path) -> ClerkError:
    with pytest.raises(ClerkError) as failure:
        proposed(desk, folder)
    assert sentence(failure.value)
    return failure.value


def test_a_follower_is_installed_by_a_second_person_and_ends_its_predecessor(desk, office, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    assert [version.effective_from for version in desk.shelf().policy("360000").versions] == [date(2023, 1, 1)]

    installed = desk.install("360000", JULY, "李主任")

    assert (installed.proposer, installed.installer) == ("王政策", "李主任")
    spans = [(each.effective_from, each.effective_until) for each in desk.shelf().policy("360000").versions]
    assert spans == [(date(2023, 1, 1), date(2024, 6, 30)), (JULY, None)]
    assert desk.proposals() == []
    assert (office / "policies/360000/2024-07-01-examples.yaml").is_file()


def test_what_is_installed_is_what_was_handed_in_to_the_byte_and_is_recorded_with_its_hash(desk, office, tmp_path):
    folder = officer.folder(tmp_path / "new")
    proposed(desk, folder)
    desk.install("360000", JULY, "李主任")

    assert (office / "policies/360000/2024-07-01.yaml").read_bytes() == (folder / "2024-07-01.yaml").read_bytes()
    (line,) = (office / "policies/installed.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = json.loads(line)
    version = desk.shelf().policy("360000").versions[-1]
    assert recorded["policy_hash"] == version.content_hash
    assert (recorded["proposer"], recorded["installer"]) == ("王政策", "李主任")
    assert recorded["installed_at"] == "2024-06-01T12:00:00"


@pytest.mark.parametrize("name", ["王政策", " 王 政策", "王政策　"])
def test_the_person_who_proposed_never_installs_whatever_the_spaces(desk, office, tmp_path, name):
    proposed(desk, officer.folder(tmp_path / "new"))
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, name)
    assert failure.value.code == "installer_is_proposer"
    assert not (office / "policies").exists()


def test_capitals_and_widths_make_no_second_person(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"), by="Wang Li")
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, "ＷＡＮＧ ＬＩ")
    assert failure.value.code == "installer_is_proposer"


@pytest.mark.parametrize("name", ["", " 　"])
def test_nobody_proposes_or_installs_without_a_name(desk, tmp_path, name):
    checked = desk.check(officer.folder(tmp_path / "new"))
    with pytest.raises(ClerkError) as failure:
        desk.propose(checked, name)
    assert failure.value.code == "name_missing"
    assert desk.proposals() == []
    desk.propose(checked, "王政策")
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, name)
    assert failure.value.code == "name_missing"


@pytest.mark.parametrize(
    ("begins", "code"),
    [("2023-01-01", "policy_version_there"), ("2022-12-31", "policy_begins_before")],
)
def test_a_document_that_does_not_follow_the_installed_ones_is_refused(desk, tmp_path, begins, code):
    failure = refused(desk, officer.folder(tmp_path / "new", begins=begins))
    assert failure.code == code
    assert failure.details["document"] == "江西省实施意见"


def test_an_installed_version_is_never_edited_only_followed(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    desk.install("360000", JULY, "李主任")

    assert refused(desk, officer.folder(tmp_path / "same")).code == "policy_installed_already"
    changed = officer.folder(tmp_path / "changed", ("在职: 1800", "在职: 1801"))
    assert refused(desk, changed).code == "policy_version_there"
    earlier = officer.folder(tmp_path / "earlier", begins="2024-06-30")
    assert refused(desk, earlier).code == "policy_begins_before"
    proposed(desk, officer.folder(tmp_path / "later", begins="2024-07-02"))


def test_two_proposals_of_one_day_replace_each_other_and_the_last_is_installed(desk, office, tmp_path):
    proposed(desk, officer.folder(tmp_path / "one"))
    proposed(desk, officer.folder(tmp_path / "two", ("在职: 1800", "在职: 1900")))
    desk.install("360000", JULY, "李主任")
    assert "在职: 1900" in (office / "policies/360000/2024-07-01.yaml").read_text(encoding="utf-8")


def test_a_proposal_that_another_one_overtook_is_refused_when_it_is_installed(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "july"))
    proposed(desk, officer.folder(tmp_path / "august", begins="2024-08-01"))
    desk.install("360000", date(2024, 8, 1), "李主任")
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, "李主任")
    assert failure.value.code == "policy_begins_before"


@pytest.mark.parametrize("name", ["policy.yaml", "examples.yaml"])
def test_a_proposal_changed_after_it_was_tried_is_not_installed(desk, office, tmp_path, name):
    proposed(desk, officer.folder(tmp_path / "new"))
    path = office / "policies-proposed/360000/2024-07-01" / name
    path.write_bytes(path.read_bytes() + b"# one more line\n")
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, "李主任")
    assert failure.value.code == "proposal_changed"
    with pytest.raises(ClerkError) as failure:
        desk.proposed("360000", JULY)
    assert failure.value.code == "proposal_changed"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", None])
def test_a_proposal_without_a_sound_record_is_not_installed(desk, office, tmp_path, content):
    proposed(desk, officer.folder(tmp_path / "new"))
    record = office / "policies-proposed/360000/2024-07-01/proposal.json"
    record.unlink()
    if content is not None:
        record.write_bytes(content)
    assert desk.proposals() == []
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", JULY, "李主任")
    assert failure.value.code == "proposal_changed"


def test_what_does_not_lie_ready_is_said_with_what_does(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    with pytest.raises(ClerkError) as failure:
        desk.install("360000", date(2025, 1, 1), "李主任")
    assert failure.value.code == "proposal_unknown"
    assert "360000 2024-07-01" in sentence(failure.value)
    with pytest.raises(ClerkError) as failure:
        desk.install("../..", JULY, "李主任")
    assert failure.value.code == "area_code_form"


# -- the examples ------------------------------------------------------------------------------------------------------


def test_an_example_that_does_not_hold_stops_the_proposal(desk, tmp_path):
    wrong = officer.EXAMPLES.replace("250.00", "250.01")
    failure = refused(desk, officer.folder(tmp_path / "new", examples=wrong))
    assert (failure.code, failure.details["failed"]) == ("examples_do_not_hold", 1)
    assert desk.proposals() == []


def test_each_benefit_of_the_document_needs_an_example_computed_with_its_own_figures(desk, tmp_path):
    chronic = "  门诊慢性病:\n    起付标准: {方式: 按年, 值: 0, 依据: 五}\n    支付比例: {值: 60, 依据: 五}\n"
    chronic += "    年度限额: {值: 5000, 依据: 五}\n\n不予支付情形:"
    folder = officer.folder(tmp_path / "new", ("\n不予支付情形:", "\n" + chronic))
    failure = refused(desk, folder)
    assert (failure.code, failure.details["benefits"]) == ("benefit_without_example", ("门诊慢性病",))

    more = officer.EXAMPLES.replace("- 名称: 在职三级", "- 名称: 慢性病").replace(
        "总额: 1000}", "待遇: 门诊慢性病, 总额: 1000}"
    )
    more = more.replace("250.00", "600.00")
    proposed(
        desk, officer.folder(tmp_path / "both", ("\n不予支付情形:", "\n" + chronic), examples=officer.EXAMPLES + more)
    )


@pytest.mark.parametrize(
    "replaced",
    [
        ("就诊时间: FROM", "就诊时间: 2024-06-30"),  # decided by the predecessor
        ("医疗机构: 示例医院", "不予支付情形: 目录外, 医疗机构: 示例医院"),  # refused, no figure is used
    ],
)
def test_an_example_that_uses_no_figure_of_the_document_proves_nothing(desk, tmp_path, replaced):
    examples = officer.EXAMPLES.replace(*replaced).replace("{结论: 支付, 统筹支付: 250.00}", "{个人现金: 800}")
    if "目录外" in replaced[1]:
        examples = examples.replace("个人现金: 800", "结论: 不予支付")
    failure = refused(desk, officer.folder(tmp_path / "new", examples=examples))
    assert (failure.code, failure.details["benefits"]) == ("benefit_without_example", ("普通门诊",))


def test_examples_are_run_again_when_the_proposal_is_installed(desk, office, tmp_path):
    """A later shelf, here with an area's parameters changed and then taken away, may make them fail."""
    parameters = office / "policies/parameters/x.yaml"
    parameters.parent.mkdir(parents=True)
    filling = PARAMETERS.format(code="500199", framework="500000").replace("退休加成: 5", "支付比例: 50")
    parameters.write_text(filling, encoding="utf-8")
    text = officer.shipped(
        ("起: 2023-01-01", "起: 2024-07-01"), ("〔2022〕16号", "〔2024〕9号"), area="chongqing/2023-01-01.yaml"
    )
    examples = officer.EXAMPLES.replace("360000", "500199").replace("250.00", "350.00")
    proposed(desk, officer.folder(tmp_path / "new", text=text, examples=examples))

    parameters.write_text(filling.replace("起付标准: 300", "起付标准: 200"), encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        desk.install("500000", JULY, "李主任")
    assert failure.value.code == "examples_do_not_hold"

    parameters.unlink()
    with pytest.raises(ClerkError):
        desk.install("500000", JULY, "李主任")
    assert not (office / "policies/installed.jsonl").exists()


# -- what is wrong in the files ----------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_listed_at_once_with_file_and_line(desk, tmp_path):
    folder = officer.folder(
        tmp_path / "new",
        ("已核实至: 2026-11-22", "已核实到: 2026-11-22"),
        ("在职: 1800", "在职: 18x0"),
        examples="- 名称: [\n",
    )
    with pytest.raises(FileProblems) as failure:
        desk.check(folder)
    said = sentence(failure.value)
    assert "已核实到" in said
    assert "已核实至" in said
    assert "18x0" in said
    assert "examples.yaml" in said
    assert all(problem.line for problem in failure.value.problems)


@pytest.mark.parametrize("left", [(), ("2024-07-01.yaml",), ("examples.yaml",)])
def test_a_folder_holds_one_document_and_its_examples(desk, tmp_path, left):
    folder = officer.folder(tmp_path / "new")
    for path in folder.iterdir():
        if path.name not in left:
            path.unlink()
    assert refused(desk, folder).code == "proposal_files"


def test_two_documents_in_one_folder_are_refused(desk, tmp_path):
    folder = officer.folder(tmp_path / "new")
    shutil.copy(folder / "2024-07-01.yaml", folder / "2025-07-01.yaml")
    failure = refused(desk, folder)
    assert (failure.code, failure.details["count"]) == ("proposal_files", 2)


def test_an_area_that_fills_a_framework_takes_no_document_of_its_own(desk, office, tmp_path):
    folder = office / "policies/parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(PARAMETERS.format(code="220199", framework="220000"), encoding="utf-8")
    document = officer.folder(tmp_path / "new", ('代码: "360000"', '代码: "220199"'))
    assert refused(desk, document).code == "area_fills_framework"


def test_a_framework_that_its_areas_parameters_break_is_refused(desk, office, tmp_path):
    folder = office / "policies/parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(PARAMETERS.format(code="220199", framework="220000"), encoding="utf-8")
    text = officer.shipped(
        ("起: 2023-01-01", "起: 2024-07-01"), ("最高: 2000", "最高: 1800"), area="jilin/2023-01-01.yaml"
    )
    with pytest.raises(FileProblems) as failure:
        desk.check(officer.folder(tmp_path / "new", text=text))
    (problem,) = failure.value.problems
    assert (problem.file, problem.code) == ("parameters/x.yaml", "parameter_above")


def test_days_between_two_documents_on_which_none_is_in_force_are_shown(desk, tmp_path):
    text = officer.shipped(("起: 2023-01-01, 依据", "起: 2024-07-01, 止: 2024-12-31, 依据"), *officer.FOLLOWS)
    proposed(desk, officer.folder(tmp_path / "new", text=text))
    desk.install("360000", JULY, "李主任")
    checked = desk.check(officer.folder(tmp_path / "later", begins="2025-02-01"))
    assert checked.uncovered == ((date(2025, 1, 1), date(2025, 1, 31)),)


# -- what is installed -------------------------------------------------------------------------------------------------


@pytest.fixture
def installed(desk, office, tmp_path) -> Path:
    """The folder of policies with one installed document."""
    proposed(desk, officer.folder(tmp_path / "new"))
    desk.install("360000", JULY, "李主任")
    return office / "policies"


def found_wrong(desk: PolicyDesk) -> list[tuple[str, str]]:
    with pytest.raises(FileProblems) as failure:
        desk.shelf()
    assert sentence(failure.value)
    return [(problem.file, problem.code) for problem in failure.value.problems]


@pytest.mark.parametrize("name", ["360000/2024-07-01.yaml", "360000/2024-07-01-examples.yaml"])
def test_an_installed_file_that_was_edited_is_refused_by_name(desk, installed, name):
    path = installed / name
    path.write_bytes(path.read_bytes().replace(b"500", b"501") + b"\n")
    assert found_wrong(desk) == [(name, "policy_edited")]


def test_an_installed_file_that_is_gone_is_refused_by_name(desk, installed):
    (installed / "360000/2024-07-01.yaml").unlink()
    assert found_wrong(desk) == [("360000/2024-07-01.yaml", "policy_missing")]


def test_a_document_that_nobody_installed_is_refused_beside_those_that_were(desk, installed):
    (installed / "360000/2025-01-01.yaml").write_bytes((installed / "360000/2024-07-01.yaml").read_bytes())
    assert found_wrong(desk) == [("360000/2025-01-01.yaml", "policy_not_installed")]


def test_the_offices_parameters_are_not_covered_by_the_record(desk, installed):
    (installed / "parameters").mkdir()
    text = PARAMETERS.format(code="220199", framework="220000")
    (installed / "parameters/x.yaml").write_text(text, encoding="utf-8")
    assert ("220199", "示例市") in desk.shelf().areas()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("李主任", "王政策"),
        ('"policy_hash"', '"policy_hush"'),
        ("2024-06-01T", "2024-13-01T"),
        ("\n", ""),
        ('"previous": ""', '"previous": "0"'),
    ],
)
def test_a_record_that_was_edited_is_refused_with_its_line(desk, installed, tmp_path, old, new):
    later = officer.folder(tmp_path / "later", begins="2025-01-01")
    proposed(desk, later)
    desk.install("360000", date(2025, 1, 1), "赵主任")
    record = installed / "installed.jsonl"
    first, second = record.read_text(encoding="utf-8").splitlines(keepends=True)
    assert json.loads(second)["previous"]

    record.write_text(first.replace(old, new, 1) + second, encoding="utf-8")

    ((file, code),) = found_wrong(desk)
    assert (file, code) == ("installed.jsonl", "installation_record_damaged")


def test_a_record_whose_last_line_is_cut_is_refused(desk, installed):
    record = installed / "installed.jsonl"
    record.write_bytes(record.read_bytes()[:-1])
    assert found_wrong(desk) == [("installed.jsonl", "installation_record_damaged")]


def test_a_line_taken_out_of_the_record_is_noticed(desk, installed, tmp_path):
    proposed(desk, officer.folder(tmp_path / "later", begins="2025-01-01"))
    desk.install("360000", date(2025, 1, 1), "赵主任")
    record = installed / "installed.jsonl"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.write_text(lines[1], encoding="utf-8")
    assert found_wrong(desk) == [("installed.jsonl", "installation_record_damaged")]
    record.write_text(lines[0], encoding="utf-8")
    assert found_wrong(desk) == [("360000/2025-01-01.yaml", "policy_not_installed")]


def test_a_document_laid_into_the_folder_by_hand_stops_the_first_installation_before_it_writes(desk, office, tmp_path):
    by_hand = office / "policies/610100"
    by_hand.mkdir(parents=True)
    text = officer.shipped(('代码: "360000"', '代码: "610100"'))
    (by_hand / "2023-01-01.yaml").write_text(text, encoding="utf-8")
    proposed(desk, officer.folder(tmp_path / "new"))
    with pytest.raises(FileProblems) as failure:
        desk.install("360000", JULY, "李主任")
    assert [(each.file, each.code) for each in failure.value.problems] == [
        ("610100/2023-01-01.yaml", "policy_not_installed")
    ]
    assert sorted(path.name for path in (office / "policies").iterdir()) == ["610100"]
    assert desk.shelf().policy("610100").versions


def test_an_installation_cut_off_before_its_record_is_refused_until_it_is_finished(desk, installed, tmp_path):
    proposed(desk, officer.folder(tmp_path / "later", begins="2025-01-01"))
    lying_ready = installed.parent / "policies-proposed/360000/2025-01-01"
    shutil.copy(lying_ready / "policy.yaml", installed / "360000/2025-01-01.yaml")
    assert found_wrong(desk) == [("360000/2025-01-01.yaml", "policy_not_installed")]

    with pytest.raises(ClerkError) as failure:
        desk.install("360000", date(2025, 1, 1), "王政策")
    assert failure.value.code == "installer_is_proposer"
    desk.install("360000", date(2025, 1, 1), "李主任")

    assert desk.shelf().policy("360000").versions[-1].effective_from == date(2025, 1, 1)


def test_without_a_ledger_there_is_nothing_to_try(desk, tmp_path):
    assert desk.try_out(desk.check(officer.folder(tmp_path / "new")), Progress()) is None
