"""Two persons install a policy: what is refused on the way, and what may never change afterwards."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Action, Role
from clerk_app.counter.policy_desk import PolicyDesk
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.jobs import Progress
from clerk_app.ledger.records import User
from clerk_app.wording import sentence
from tests.counter import officer
from tests.counter.officer import PolicyOffice
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, FINANCE, PASSWORD, REVIEWER, staffed

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
def desk(office: Path) -> Iterator[PolicyOffice]:
    opened = PolicyOffice(office)
    yield opened
    opened.ledger.close()


def proposed(desk: PolicyOffice, folder: Path) -> None:
    desk.propose_by(folder)


def refused(desk: PolicyOffice, folder: Path) -> ClerkError:
    with pytest.raises(ClerkError) as failure:
        proposed(desk, folder)
    assert sentence(failure.value)
    return failure.value


def test_a_follower_is_installed_by_a_second_person_and_ends_its_predecessor(desk, office, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    assert [version.effective_from for version in desk.shelf().policy("360000").versions] == [date(2023, 1, 1)]

    installed = desk.install_by("360000", JULY)

    assert (installed.proposer, installed.installer) == (CLERK.name, REVIEWER.name)
    spans = [(each.effective_from, each.effective_until) for each in desk.shelf().policy("360000").versions]
    assert spans == [(date(2023, 1, 1), date(2024, 6, 30)), (JULY, None)]
    assert desk.proposals() == []
    assert (office / "policies/360000/2024-07-01-examples.yaml").is_file()


def test_what_is_installed_is_what_was_handed_in_to_the_byte_and_is_recorded_with_its_hash(desk, office, tmp_path):
    folder = officer.folder(tmp_path / "new")
    proposed(desk, folder)
    desk.install_by("360000", JULY)

    assert (office / "policies/360000/2024-07-01.yaml").read_bytes() == (folder / "2024-07-01.yaml").read_bytes()
    (line,) = (office / "policies/installed.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = json.loads(line)
    version = desk.shelf().policy("360000").versions[-1]
    assert recorded["policy_hash"] == version.content_hash
    assert (recorded["proposer"], recorded["installer"]) == (CLERK.name, REVIEWER.name)
    assert recorded["installed_at"] == "2024-06-01T12:00:00"


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
    desk.install_by("360000", JULY)

    assert refused(desk, officer.folder(tmp_path / "same")).code == "policy_installed_already"
    changed = officer.folder(tmp_path / "changed", ("在职: 1800", "在职: 1801"))
    assert refused(desk, changed).code == "policy_version_there"
    earlier = officer.folder(tmp_path / "earlier", begins="2024-06-30")
    assert refused(desk, earlier).code == "policy_begins_before"
    proposed(desk, officer.folder(tmp_path / "later", begins="2024-07-02"))


def test_two_proposals_of_one_day_replace_each_other_and_the_last_is_installed(desk, office, tmp_path):
    proposed(desk, officer.folder(tmp_path / "one"))
    proposed(desk, officer.folder(tmp_path / "two", ("在职: 1800", "在职: 1900")))
    desk.install_by("360000", JULY)
    assert "在职: 1900" in (office / "policies/360000/2024-07-01.yaml").read_text(encoding="utf-8")


def test_a_proposal_that_another_one_overtook_is_refused_when_it_is_installed(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "july"))
    proposed(desk, officer.folder(tmp_path / "august", begins="2024-08-01"))
    desk.install_by("360000", date(2024, 8, 1))
    with pytest.raises(ClerkError) as failure:
        desk.install_by("360000", JULY)
    assert failure.value.code == "policy_begins_before"


@pytest.mark.parametrize("name", ["policy.yaml", "examples.yaml"])
def test_a_proposal_changed_after_it_was_tried_is_not_installed(desk, office, tmp_path, name):
    proposed(desk, officer.folder(tmp_path / "new"))
    path = office / "policies-proposed/360000/2024-07-01" / name
    path.write_bytes(path.read_bytes() + b"# one more line\n")
    with pytest.raises(ClerkError) as failure:
        desk.install_by("360000", JULY)
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
        desk.install_by("360000", JULY)
    assert failure.value.code == "proposal_changed"


def test_what_does_not_lie_ready_is_said_with_what_does(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    with pytest.raises(ClerkError) as failure:
        desk.install_by("360000", date(2025, 1, 1))
    assert failure.value.code == "proposal_unknown"
    assert "360000 2024-07-01" in sentence(failure.value)
    with pytest.raises(ClerkError) as failure:
        desk.install_by("../..", JULY)
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
        desk.install_by("500000", JULY)
    assert failure.value.code == "examples_do_not_hold"

    parameters.unlink()
    with pytest.raises(ClerkError):
        desk.install_by("500000", JULY)
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
    desk.install_by("360000", JULY)
    checked = desk.check(officer.folder(tmp_path / "later", begins="2025-02-01"))
    assert checked.uncovered == ((date(2025, 1, 1), date(2025, 1, 31)),)


# -- what is installed -------------------------------------------------------------------------------------------------


@pytest.fixture
def installed(desk, office, tmp_path) -> Path:
    """The folder of policies with one installed document."""
    proposed(desk, officer.folder(tmp_path / "new"))
    desk.install_by("360000", JULY)
    return office / "policies"


def found_wrong(desk: PolicyOffice) -> list[tuple[str, str]]:
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
        (REVIEWER.name, CLERK.name),
        ('"policy_hash"', '"policy_hush"'),
        ("2024-06-01T", "2024-13-01T"),
        ("\n", ""),
        ('"previous": ""', '"previous": "0"'),
    ],
)
def test_a_record_that_was_edited_is_refused_with_its_line(desk, installed, tmp_path, old, new):
    later = officer.folder(tmp_path / "later", begins="2025-01-01")
    proposed(desk, later)
    desk.install_by("360000", date(2025, 1, 1))
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
    desk.install_by("360000", date(2025, 1, 1))
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
        desk.install_by("360000", JULY)
    assert [(each.file, each.code) for each in failure.value.problems] == [
        ("610100/2023-01-01.yaml", "policy_not_installed")
    ]
    assert sorted(path.name for path in (office / "policies").iterdir()) == ["610100"]
    assert desk.shelf().policy("610100").versions


def test_an_installation_cut_off_before_its_record_is_refused_until_it_is_finished(desk, installed, tmp_path):
    desk.propose_by(officer.folder(tmp_path / "later", begins="2025-01-01"), ADMINISTRATOR)
    lying_ready = installed.parent / "policies-proposed/360000/2025-01-01"
    shutil.copy(lying_ready / "policy.yaml", installed / "360000/2025-01-01.yaml")
    assert found_wrong(desk) == [("360000/2025-01-01.yaml", "policy_not_installed")]

    with pytest.raises(ClerkError) as failure:
        desk.install_by("360000", date(2025, 1, 1), ADMINISTRATOR)
    assert failure.value.code == "installer_is_proposer"
    desk.install_by("360000", date(2025, 1, 1))

    assert desk.shelf().policy("360000").versions[-1].effective_from == date(2025, 1, 1)


def test_without_a_ledger_there_is_nothing_to_try(office, tmp_path):
    desk = PolicyDesk(office, None, lambda: officer.noon(2024, 6, 1))
    assert desk.try_out(desk.check(officer.folder(tmp_path / "new")), Progress()) is None


# -- who does it, and what stays of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("user", [FINANCE, AUDITOR])
def test_a_role_without_the_right_does_not_propose(desk, tmp_path, user):
    with pytest.raises(ClerkError, match="not_allowed"):
        desk.propose_by(officer.folder(tmp_path / "new"), user)
    assert desk.proposals() == []


@pytest.mark.parametrize("user", [User("wu", "吴录入", Role.CLERK), FINANCE, AUDITOR])
def test_a_role_without_the_right_does_not_install(desk, office, tmp_path, user):
    proposed(desk, officer.folder(tmp_path / "new"))
    staffed(desk.ledger, ADMINISTRATOR)
    if user.role is Role.CLERK:
        desk.ledger.add_user(user, PASSWORD)
    with pytest.raises(ClerkError, match="not_allowed"):
        desk.install_by("360000", JULY, user)
    assert not (office / "policies").exists()


@pytest.mark.parametrize(("proposer", "installer"), [(REVIEWER, ADMINISTRATOR), (ADMINISTRATOR, REVIEWER)])
def test_reviewer_and_administrator_do_either_but_not_both(desk, tmp_path, proposer, installer):
    desk.propose_by(officer.folder(tmp_path / "new"), proposer)
    with pytest.raises(ClerkError, match="installer_is_proposer"):
        desk.install_by("360000", JULY, proposer)
    assert desk.install_by("360000", JULY, installer).installer == installer.name


def test_a_new_name_makes_no_second_person(desk, office, tmp_path):
    """The administrator may change names, his own too."""
    desk.propose_by(officer.folder(tmp_path / "new"), ADMINISTRATOR)
    desk.ledger.change_user(User(ADMINISTRATOR.login, "另一人", Role.ADMINISTRATOR))
    with pytest.raises(ClerkError, match="installer_is_proposer"):
        desk.install_by("360000", JULY, ADMINISTRATOR)
    assert not (office / "policies").exists()


def test_what_nobody_proposed_with_a_password_is_not_installed(desk, office, tmp_path):
    """Somebody writes all three files of a proposal, with another's name."""
    proposed(desk, officer.folder(tmp_path / "new"))
    ready = office / "policies-proposed/360000"
    forged = (ready / "2024-07-01/policy.yaml").read_bytes().replace("在职: 1800".encode(), "在职: 1900".encode())
    (ready / "2024-07-01/policy.yaml").write_bytes(forged)
    record = json.loads((ready / "2024-07-01/proposal.json").read_text(encoding="utf-8"))
    record["policy_hash"] = hashlib.sha256(forged).hexdigest()
    (ready / "2024-07-01/proposal.json").write_text(json.dumps(record), encoding="utf-8")

    with pytest.raises(ClerkError, match="proposal_not_on_record") as failure:
        desk.install_by("360000", JULY)

    assert sentence(failure.value)
    assert not (office / "policies").exists()


def test_a_wrong_password_installs_nothing_and_leaves_nothing_on_record(desk, office, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    staffed(desk.ledger, REVIEWER)
    before = desk.ledger.head()
    with pytest.raises(ClerkError, match="sign_in_refused"):
        desk.install("360000", JULY, "not this one")
    assert not (office / "policies").exists()
    assert desk.ledger.head() == before


def test_both_acts_stay_in_the_audit_trail_with_the_hashes_of_both_files(desk, tmp_path):
    proposed(desk, officer.folder(tmp_path / "new"))
    installed = desk.install_by("360000", JULY)
    facts = {
        "document": "示例〔2024〕1号",
        "sha256": installed.policy_hash,
        "examples_sha256": installed.examples_hash,
    }
    trail = desk.ledger.audit_trail(subject="360000 2024-07-01")
    assert [(entry.action, entry.login, entry.facts) for entry in trail] == [
        (Action.INSTALL_POLICY, REVIEWER.login, facts),
        (Action.PROPOSE_POLICY, CLERK.login, facts),
    ]


def test_an_act_whose_row_is_not_written_does_not_happen(desk, office, tmp_path):
    """The clock stands before the last act, and the ledger refuses to write."""
    proposed(desk, officer.folder(tmp_path / "new"))
    (lying_ready,) = desk.proposals()
    later = desk.check(officer.folder(tmp_path / "later", begins="2024-08-01"))
    staffed(desk.ledger, REVIEWER)
    desk.clock.now = officer.noon(2024, 5, 1)
    with pytest.raises(ClerkError, match="clock_behind"):
        desk.propose(later)
    with pytest.raises(ClerkError, match="clock_behind"):
        desk.install("360000", JULY, PASSWORD)
    assert desk.proposals() == [lying_ready]
    assert not (office / "policies").exists()


def test_without_an_office_a_document_is_looked_at_and_neither_proposed_nor_installed(tmp_path):
    desk = PolicyDesk(tmp_path / "data", None, lambda: officer.noon(2024, 6, 1))
    checked = desk.check(officer.folder(tmp_path / "new"))
    for act in (lambda: desk.propose(checked), lambda: desk.install("360000", JULY, PASSWORD)):
        with pytest.raises(ClerkError, match="nobody_to_sign_in") as failure:
            act()
        assert sentence(failure.value)
