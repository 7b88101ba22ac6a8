"""``clerk-app policy propose``, ``try``, ``install`` and ``example``, each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.settings import PRACTICE_OFFICE, Settings, save_settings
from tests.counter import officer
from tests.ledger.office import CLERK, PASSWORD, REVIEWER, Clock, Office, receipt

DONE, FAILED, UNUSABLE = 0, 1, 2
#: What a clerk types when the command asks who it is.
SIGN_IN = f"{CLERK.login}\n{PASSWORD}\n"
#: What the second person types: the password once more for the act itself.
INSTALL = f"{REVIEWER.login}\n{PASSWORD}\n{PASSWORD}\n"
#: The commands ask the machine's clock, so the claims are of the year before whatever year that is.
LAST_YEAR = datetime.now().astimezone().year - 1


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The ledger of the office in use, where the commands look for it."""
    (tmp_path / "data/practice").mkdir(parents=True)
    save_settings(Settings(office=PRACTICE_OFFICE), tmp_path / "data")
    opened = Office(tmp_path / "data/practice/practice.db", Clock(officer.noon(LAST_YEAR, 6, 1)))
    yield opened
    opened.ledger.close()


def visited(number: str, total_fen: int = 100_000):
    return receipt(number, total_fen, date(LAST_YEAR, 5, 20))


def settle(office: Office, *numbers: str) -> list[str]:
    return [
        office.settle(office.person(), visited(number), handed_in_on=date(LAST_YEAR, 6, 1)).voucher_number
        for number in numbers
    ]


def test_one_person_proposes_and_another_installs_what_was_tried(typed, office, tmp_path):
    first, second = settle(office, "A1", "A2")
    begins = f"{LAST_YEAR}-05-01"
    folder = officer.folder(tmp_path / "new", begins=begins)

    stranger = typed("policy", "propose", folder, keyed=f"{CLERK.login}\nnot this one\n")
    assert (stranger.returncode, stranger.stdout) == (UNUSABLE, "")
    assert "用户名或密码不对" in stranger.stderr

    proposed = typed("policy", "propose", folder, keyed=SIGN_IN)
    assert (proposed.returncode, proposed.stderr) == (DONE, "")
    said = proposed.stdout
    assert "通过  在职三级" in said
    assert "结算的 2 笔" in said
    assert "涉及 2 笔，金额变化 2 笔，统筹支付合计 400.00 → 500.00，差额 100.00" in said
    assert f"{first}  200.00 → 250.00  +50.00" in said
    assert f"{second}  200.00 → 250.00  +50.00" in said
    assert "张三" not in said

    again = typed("policy", "try", "360000", begins, keyed=SIGN_IN)
    assert again.returncode == DONE
    assert "差额 100.00" in again.stdout

    alone = typed("policy", "install", "360000", begins, keyed=SIGN_IN + f"{PASSWORD}\n")
    assert alone.returncode == UNUSABLE
    assert "经办人员不能“装入政策”" in alone.stderr
    once = typed("policy", "install", "360000", begins, keyed=f"{REVIEWER.login}\n{PASSWORD}\n")
    assert once.returncode == UNUSABLE
    assert not (tmp_path / "data/practice/policies").exists()

    installed = typed("policy", "install", "360000", begins, keyed=INSTALL)
    assert (installed.returncode, installed.stderr) == (DONE, "")
    assert "提交人 李录入，装入人 赵复核" in installed.stdout
    assert f"示例〔2024〕1号，{begins} 至 今" in typed("policy", "check", "360000").stdout


def test_a_document_that_is_not_in_force_yet_is_tried_on_last_year(typed, office, tmp_path):
    (voucher,) = settle(office, "A1")
    begins = (datetime.now().astimezone().date() + timedelta(days=400)).isoformat()
    done = typed("policy", "propose", officer.folder(tmp_path / "new", begins=begins), keyed=SIGN_IN)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "涉及 0 笔，金额变化 0 笔" in done.stdout
    assert f"假如新文件从 {LAST_YEAR}-01-01 起已经施行" in done.stdout
    assert f"{voucher}  200.00 → 250.00  +50.00" in done.stdout


@pytest.mark.usefixtures("office")
def test_an_office_that_has_settled_nothing_proposes_untried(typed, tmp_path):
    done = typed("policy", "propose", officer.folder(tmp_path / "new"), keyed=SIGN_IN)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "没有这个统筹区去年以来的结算" in done.stdout


def test_where_there_are_no_users_nobody_proposes_and_no_ledger_is_made(typed, tmp_path):
    done = typed("policy", "propose", officer.folder(tmp_path / "new"))
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert "还没有建立机构和用户" in done.stderr
    assert not list((tmp_path / "data").rglob("*.db"))


@pytest.mark.usefixtures("office")
def test_an_example_that_fails_is_shown_and_nothing_lies_ready(typed, tmp_path):
    folder = officer.folder(tmp_path / "new", examples=officer.EXAMPLES.replace("250.00", "251.00"))
    done = typed("policy", "propose", folder, keyed=SIGN_IN)
    assert done.returncode == FAILED
    assert "统筹支付 得 250.00，应得 251.00" in done.stdout
    assert "有 1 个案例不符" in done.stderr
    assert not (tmp_path / "data/practice/policies-proposed").exists()
    missing = typed("policy", "install", "360000", "2024-07-01", keyed=INSTALL)
    assert missing.returncode == UNUSABLE
    assert "没有 2024-07-01 起施行的待装入文件" in missing.stderr


@pytest.mark.usefixtures("office")
def test_an_installed_file_that_was_edited_is_refused_by_every_command(typed, tmp_path):
    typed("policy", "propose", officer.folder(tmp_path / "new"), keyed=SIGN_IN)
    typed("policy", "install", "360000", "2024-07-01", keyed=INSTALL)
    installed = tmp_path / "data/practice/policies/360000/2024-07-01.yaml"
    installed.write_text(installed.read_text(encoding="utf-8").replace("值: 500", "值: 5"), encoding="utf-8")
    for arguments in (("policy", "check"), ("examples", tmp_path / "new/examples.yaml")):
        done = typed(*arguments)
        assert done.returncode == UNUSABLE
        assert "360000/2024-07-01.yaml: 这份政策文件在装入以后被改动，不能使用。" in done.stderr


def test_a_voucher_becomes_an_example_that_the_program_runs(typed, office, tmp_path):
    (voucher,) = settle(office, "A1")
    target = tmp_path / "example.yaml"
    done = typed("policy", "example", voucher, "--out", target, keyed=SIGN_IN)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert done.stdout.strip() == str(target)
    text = target.read_text(encoding="utf-8")
    assert "张三" not in text
    assert voucher not in text
    ran = typed("examples", target)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (DONE, "1 个通过，0 个不符")
    assert typed("policy", "example", voucher, "--out", target, keyed=SIGN_IN).returncode == UNUSABLE


@pytest.mark.usefixtures("office")
def test_a_voucher_that_does_not_exist_gives_no_example(typed, tmp_path):
    for arguments in (("360100-2000-000001",), ("x",)):
        done = typed("policy", "example", *arguments, "--out", tmp_path / "example.yaml", keyed=SIGN_IN)
        assert done.returncode == UNUSABLE
        assert "没有找到单据" in done.stderr
    assert not (tmp_path / "example.yaml").exists()
