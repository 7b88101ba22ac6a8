"""政策文件 in the window: a folder is checked and tried, one person proposes it, another one installs it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.areas_page import AreasPage
from clerk_app.desktop.main_window import AREAS, POLICIES, MainWindow
from clerk_app.desktop.policy_page import PolicyPage
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.words_table import WordsModel
from clerk_app.ledger.records import User
from tests.counter import officer
from tests.desktop.hands import Hands, change_user, open_page
from tests.ledger.office import AUDITOR, CLERK, FINANCE, PASSWORD, REVIEWER

JANUARY = date(2027, 1, 1)


@pytest.fixture
def page(window: MainWindow, hands: Hands) -> PolicyPage:
    """The page, reached by its key."""
    hands.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    shown = window.pages.currentWidget()
    assert isinstance(shown, PolicyPage)
    return shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return officer.folder(tmp_path / "new", begins="2027-01-01")


def settle(hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)


def idle(qtbot: QtBot, page: PolicyPage) -> None:
    qtbot.waitUntil(lambda: not page.is_busy(), timeout=20_000)


def check(qtbot: QtBot, hands: Hands, page: PolicyPage, folder: Path) -> None:
    hands.into(page.folder.folder, str(folder))
    hands.enter()
    idle(qtbot, page)


def review(qtbot: QtBot, hands: Hands, page: PolicyPage) -> None:
    hands.click(page.waiting.look)
    idle(qtbot, page)


def sign(qtbot: QtBot, hands: Hands, page: PolicyPage, password: str = "") -> None:
    if password:
        hands.into(page.findings.signature.password, password)
    hands.click(page.findings.signature.act)
    idle(qtbot, page)


def seated(window: MainWindow, desk: Desk, user: User) -> PolicyPage:
    """Another user signs in and opens the page."""
    change_user(window, desk, user)
    open_page(window, POLICIES)
    shown = window.pages.currentWidget()
    assert isinstance(shown, PolicyPage)
    return shown


def in_january(desk: Desk) -> str:
    version = desk.policy("360000").in_force_on(JANUARY)
    assert version is not None
    return version.document.number


def lines(model: WordsModel) -> list[tuple[str, ...]]:
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_two_persons_bring_a_document_into_force_and_the_desk_computes_with_it(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, folder: Path
) -> None:
    settle(hands)
    open_page(window, AREAS)
    areas = window.pages.currentWidget()
    assert isinstance(areas, AreasPage)
    areas.show_area("360000")
    hands.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, PolicyPage)

    check(qtbot, hands, page, folder)
    assert "案例 1 个，全部通过" in page.findings.facts.text()
    assert "金额变化 1 笔，统筹支付合计 200.00 → 250.00，差额 50.00" in page.findings.counts.text()
    assert lines(page.findings.changes)[0][:4] == ("360000-2026-000001", "200.00", "250.00", "+50.00")
    assert page.findings.signature.label.text() == "提交人：李录入"
    assert not page.findings.signature.password.isVisible()
    sign(qtbot, hands, page)
    assert "李录入 已提交" in page.notice.text()
    assert lines(page.waiting.model) == [("江西省 360000", "2027-01-01", "李录入", "示例〔2024〕1号")]
    assert not page.findings.signature.isVisible()

    page = seated(window, desk, REVIEWER)
    review(qtbot, hands, page)
    assert "李录入 于 2026-11-22 09:30 提交" in page.findings.facts.text()
    assert page.findings.signature.label.text() == "装入人：赵复核"
    sign(qtbot, hands, page, PASSWORD)

    assert "提交人 李录入，装入人 赵复核" in page.notice.text()
    assert page.findings.signature.password.text() == ""
    assert lines(page.waiting.model) == []
    listed = [line for line in lines(page.documents.model) if line[0].endswith("360000")]
    assert [(line[1], line[3], line[5]) for line in listed] == [
        ("江西省实施意见", "2026-12-31", "施行中"),
        ("示例〔2024〕1号", "现行", "尚未施行"),
    ]
    assert in_january(desk) == "示例〔2024〕1号"
    open_page(window, AREAS)
    areas = window.pages.currentWidget()
    assert isinstance(areas, AreasPage)
    areas.show_area("360000")
    assert "示例〔2024〕1号" in areas.facts.text()


def test_a_wrong_password_installs_nothing_and_may_be_typed_again(
    qtbot: QtBot, window: MainWindow, hands: Hands, page: PolicyPage, folder: Path, desk: Desk
) -> None:
    check(qtbot, hands, page, folder)
    sign(qtbot, hands, page)
    page = seated(window, desk, REVIEWER)
    review(qtbot, hands, page)
    sign(qtbot, hands, page, "not this one")

    assert "密码不对" in page.notice.text()
    assert page.findings.signature.password.text() == ""
    assert page.findings.signature.act.isEnabled()
    assert in_january(desk) == "江西省实施意见"
    sign(qtbot, hands, page, PASSWORD)
    assert in_january(desk) == "示例〔2024〕1号"


@pytest.mark.parametrize(
    ("proposer", "installer", "words"),
    [
        (CLERK, CLERK, "经办人员不能“装入政策”"),
        (CLERK, AUDITOR, "稽核人员不能“装入政策”"),
        (REVIEWER, REVIEWER, "不能自己装入"),
    ],
)
def test_who_may_not_install_reads_why_and_has_nothing_to_press(
    qtbot: QtBot,
    window: MainWindow,
    hands: Hands,
    folder: Path,
    desk: Desk,
    proposer: User,
    installer: User,
    words: str,
) -> None:
    page = seated(window, desk, proposer)
    check(qtbot, hands, page, folder)
    sign(qtbot, hands, page)
    page = seated(window, desk, installer)
    review(qtbot, hands, page)

    signature = page.findings.signature
    assert words in signature.note.text()
    assert words in signature.act.toolTip()
    assert not signature.act.isEnabled()
    assert not signature.password.isVisible()


def test_who_may_not_propose_looks_and_reads_why(
    qtbot: QtBot, window: MainWindow, hands: Hands, folder: Path, desk: Desk
) -> None:
    page = seated(window, desk, FINANCE)
    check(qtbot, hands, page, folder)
    assert "案例 1 个，全部通过" in page.findings.facts.text()
    assert "财务人员不能“提交政策”" in page.findings.signature.act.toolTip()
    assert not page.findings.signature.act.isEnabled()


def test_everything_wrong_in_a_folder_is_listed_at_once_with_file_and_line(
    qtbot: QtBot, hands: Hands, page: PolicyPage, tmp_path: Path
) -> None:
    faulty = officer.folder(
        tmp_path / "bad",
        ("已核实至: 2026-11-22", "已核实到: 2026-11-22"),
        ("在职: 1800", "在职: 18x0"),
        begins="2027-01-01",
        examples="- 名称: [\n",
    )
    check(qtbot, hands, page, faulty)

    found = lines(page.findings.problems)
    assert [(file, int(line) > 0) for file, line, _words in found] == [
        ("bad/2027-01-01.yaml", True),
        ("bad/2027-01-01.yaml", True),
        ("bad/2027-01-01.yaml", True),
        ("bad/examples.yaml", True),
    ]
    assert "18x0" in found[2][2]
    assert "没有保存" in page.notice.text()
    assert not page.findings.signature.isVisible()


def test_an_example_that_fails_is_shown_with_its_working_and_nothing_can_be_signed(
    qtbot: QtBot, hands: Hands, page: PolicyPage, tmp_path: Path
) -> None:
    wrong = officer.EXAMPLES.replace("250.00", "250.01")
    check(qtbot, hands, page, officer.folder(tmp_path / "wrong", begins="2027-01-01", examples=wrong))

    ((file, line, words),) = lines(page.findings.problems)
    assert (file, line) == ("wrong/examples.yaml", "7")
    assert "应得 250.01" in words
    assert "× 50%" in words
    assert not page.findings.signature.isVisible()
    assert "不能提交或装入" in page.notice.text()


def test_a_document_that_is_installed_already_is_refused_in_a_sentence(
    qtbot: QtBot, hands: Hands, page: PolicyPage, tmp_path: Path
) -> None:
    check(qtbot, hands, page, officer.folder(tmp_path / "old", begins="2023-01-01"))
    assert "已装入的版本不能修改" in page.notice.text()
    assert not page.findings.signature.isVisible()


@pytest.mark.parametrize("work_at", [1, 2])
def test_work_that_is_cancelled_leaves_nothing_to_sign(
    qtbot: QtBot, window: MainWindow, hands: Hands, folder: Path, work_at: int
) -> None:
    """Running the examples is the first piece of work, trying the settlements the second."""
    settle(hands)
    hands.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, PolicyPage)
    begun: list[bool] = []

    def stop_it(is_busy: bool) -> None:
        if is_busy:
            begun.append(page.findings.signature.isEnabled() or page.folder.check.isEnabled())
            if len(begun) == work_at:
                page.work.stop.click()

    page.work.busy.connect(stop_it)
    check(qtbot, hands, page, folder)

    assert "已取消" in page.notice.text()
    assert not page.findings.signature.isVisible()
    assert begun == [False] * work_at
    assert page.folder.check.isEnabled()


def test_a_line_of_the_changes_leads_to_its_voucher(
    qtbot: QtBot, window: MainWindow, hands: Hands, folder: Path
) -> None:
    settle(hands)
    hands.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, PolicyPage)
    check(qtbot, hands, page, folder)
    page.findings.changes_table.setFocus()
    page.findings.changes_table.selectRow(0)
    hands.enter()

    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert search.text.text() == "360000-2026-000001"


def test_a_document_to_come_changes_nothing_now_and_last_years_claims_as_if(
    qtbot: QtBot, window: MainWindow, hands: Hands, folder: Path
) -> None:
    settle(hands)
    hands.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, PolicyPage)
    check(qtbot, hands, page, folder)
    assert page.findings.reading.currentText() == "假如新文件从 2025-01-01 起已经施行"
    page.findings.reading.setFocus()
    hands.press(Qt.Key.Key_Down)

    assert page.findings.reading.currentText() == "按施行日期（2027-01-01 起就诊）"
    assert "金额变化 0 笔" in page.findings.counts.text()
    assert not page.findings.changes_table.isVisible()
