"""One test for each task of the desk, worked through by the keyboard on a real window over a real ledger.

What a task does in every case is held by the tests of its page; here somebody does it once, as on a usual day, with
keys alone, and reads what the window says. Payee accounts, restoring and the whole way of the money are typed in tests
of their own; ``TASKS`` names them all.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.codes import Role, Stage
from clerk_app.counter.desk import Desk
from clerk_app.counter.desk_counts import Queue
from clerk_app.desktop.areas_page import AreasPage
from clerk_app.desktop.audit_page import AuditPage
from clerk_app.desktop.claims_page import ClaimsPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import AREAS, CLAIM
from clerk_app.desktop.paper_window import PaperWindow
from clerk_app.desktop.payment_page import PaymentPage
from clerk_app.desktop.policy_page import PolicyPage
from clerk_app.desktop.review_page import ReviewPage
from clerk_app.desktop.safekeeping_page import SafekeepingPage
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.desktop.users_page import UsersPage
from clerk_app.desktop.year_card_window import YearCardWindow
from clerk_app.policy.working_days import TimeLimits, time_limits
from clerk_app.settings import load_settings
from tests.desktop.hands import ZHANG, Hands, change_user, finished, open_page, rest, until
from tests.desktop.slow import slow
from tests.documents.reading import run_on
from tests.ledger.office import ADMINISTRATOR, CLERK, FINANCE, PASSWORD, REVIEWER

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BOTH = CTRL | SHIFT
FIRST, ACCEPTED = "360000-2026-000001", "S360000-2026-000001"

#: Where figures are typed in the table of an area: behind what each line is.
FIRST_CELL = 4

#: What the desk is for, and where somebody does it: here, or in the module that is named.
TASKS = {
    "my drafts": "test_a_draft_is_put_down_and_gone_on_with",
    "waiting for review": "test_a_claim_is_handed_in_and_waits_for_the_reviewer",
    "returned": "test_a_claim_comes_back_with_what_is_to_be_put_right",
    "settled today": "test_what_was_settled_today_is_read_in_the_list",
    "to be paid": "test_what_has_passed_is_put_on_the_banks_list",
    "review": "test_a_settlement_is_looked_at_and_passed",
    "one-time notice": "test_what_is_missing_is_told_at_once_on_paper",
    "reversal and correction, effects first": "test_a_voucher_is_taken_back_after_reading_what_that_changes",
    "payee": "test_payee_card.test_another_account_waits_for_a_second_person_and_is_the_account_from_then_on",
    "history and year card": "test_a_persons_vouchers_and_year_are_looked_up",
    "area and parameters": "test_an_areas_figures_are_typed_and_hold_at_once",
    "policies in force": "test_the_document_in_force_and_until_when_it_is_verified_is_always_in_sight",
    "users": "test_somebody_new_gets_a_login",
    "settings": "test_a_setting_is_changed",
    "audit trail": "test_who_did_what_is_looked_up",
    "backup": "test_a_backup_is_made_and_everything_checked",
    "restore": "test_safekeeping_page.test_a_backup_is_put_back_by_the_administrator_and_everybody_signs_in_anew",
    "from the paper to the month": "test_whole_job.test_from_the_paper_to_the_month",
    "the first claim of somebody new": "test_first_claim.test_the_keys_of_the_readme_settle_the_sample_claim",
}


def tab_to(hands: Hands, wanted: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> None:
    """Press Tab till the keyboard is there; whatever cannot be reached so is no place for a clerk."""
    for _press in range(120):
        focused = hands.focused()
        if focused is wanted or wanted.focusProxy() is focused:
            return
        hands.press(key)
    raise AssertionError(f"no way to {wanted.accessibleName() or wanted}")


def fill(hands: Hands, field: QWidget, text: str) -> None:
    """Go to a field with Tab and type in it."""
    tab_to(hands, field)
    hands.press(Qt.Key.Key_A, CTRL)
    hands.type(text)


def push(hands: Hands, button: QWidget) -> None:
    """Go to a button with Tab and press the space bar."""
    tab_to(hands, button)
    hands.press(Qt.Key.Key_Space)


def enter_claim(hands: Hands, number: str = "A1", total: str = "1000") -> None:
    """A person and a receipt, not settled yet."""
    hands.press(Qt.Key.Key_F6)
    hands.person()
    hands.receipt(number, total)


def settle_claim(hands: Hands, number: str = "A1", total: str = "1000") -> None:
    """The same, settled."""
    enter_claim(hands, number, total)
    hands.press(Qt.Key.Key_F9)
    assert hands.window.claim.paper_wanted() is not None


def review_all(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> ReviewPage:
    """The reviewer passes the line in hand."""
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_3, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ReviewPage)
    hands.press(Qt.Key.Key_Space)
    fill(hands, page.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: not page.work.is_busy(), timeout=20_000)
    return page


def test_every_task_of_the_desk_is_typed_somewhere() -> None:
    for task, name in TASKS.items():
        module, _dot, test = name.rpartition(".")
        where = importlib.import_module(f"tests.desktop.{module}") if module else importlib.import_module(__name__)
        assert callable(getattr(where, test or name, None)), f"nobody does “{task}”"


def test_a_draft_is_put_down_and_gone_on_with(window: MainWindow, hands: Hands) -> None:
    enter_claim(hands)
    hands.press(Qt.Key.Key_F3)
    assert "已放下" in window.claim.aside_strip.text()
    assert window.claim.person.name.text() == ""
    hands.press(Qt.Key.Key_2, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    assert [page.model.index(0, column).data() for column in (0, 1, 2)] == [ACCEPTED, "张三示例", "录入"]
    hands.enter()
    assert window.navigation.current() == CLAIM
    assert window.claim.panel.fund.text() == "200.00"
    hands.press(Qt.Key.Key_F9)
    assert FIRST in window.claim.done_strip.text()


def test_a_claim_is_handed_in_and_waits_for_the_reviewer(window: MainWindow, hands: Hands, desk: Desk) -> None:
    enter_claim(hands)
    hands.press(Qt.Key.Key_H, BOTH)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    assert f"{ACCEPTED} 已送审" in page.notice.text()
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_3, CTRL)
    queue = window.pages.currentWidget()
    assert isinstance(queue, ReviewPage)
    (line,) = queue.table.lines()
    assert (line.step, line.number, line.entered_by) == ("待初审", ACCEPTED, CLERK.name)
    hands.enter()
    claim = window.claim
    assert "正在初审" in claim.notice.text()
    hands.press(Qt.Key.Key_F9)
    assert hands.focused() is claim.explanation.password, "what is still to be typed"
    hands.fields(PASSWORD, "与原件一致")
    hands.press(Qt.Key.Key_F9)
    assert FIRST in claim.done_strip.text()


def test_a_claim_comes_back_with_what_is_to_be_put_right(window: MainWindow, hands: Hands, desk: Desk) -> None:
    enter_claim(hands)
    hands.press(Qt.Key.Key_H, BOTH)
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_2, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    hands.press(Qt.Key.Key_T, BOTH)
    assert hands.focused() is page.reason, "a reason is asked for where it is typed"
    hands.type("缺处方")
    hands.press(Qt.Key.Key_T, BOTH)
    assert "已退回" in page.notice.text()
    change_user(window, desk, CLERK)
    hands.press(Qt.Key.Key_2, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    assert [page.model.index(0, column).data() for column in (2, 6)] == ["退回", "缺处方"]
    hands.enter()
    assert "退回原因：缺处方" in window.claim.notice.text()


def test_what_was_settled_today_is_read_in_the_list(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    settle_claim(hands)
    qtbot.waitUntil(lambda: Queue.SETTLED_TODAY in window.counts.buttons)
    button = window.counts.buttons[Queue.SETTLED_TODAY]
    qtbot.waitUntil(lambda: button.isVisible() and button.text() == "今日结算　1")
    push(hands, button)
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    assert [page.claims.index(0, column).data() for column in (0, 3, 7)] == [FIRST, "张三示例", "200.00"]


def test_a_settlement_is_looked_at_and_passed(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    settle_claim(hands)
    page = review_all(qtbot, window, hands, desk)
    assert "通过 1 张" in page.notice.text()
    assert page.table.lines() == []
    assert desk.ledger.stage(FIRST) is Stage.PAYABLE


def test_what_has_passed_is_put_on_the_banks_list(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    enter_claim(hands)
    hands.press(Qt.Key.Key_B, CTRL)
    hands.fields("示例银行城南支行", "6200000000000000018")
    hands.press(Qt.Key.Key_F9)
    review_all(qtbot, window, hands, desk)
    change_user(window, desk, FINANCE)
    hands.press(Qt.Key.Key_4, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, PaymentPage)
    assert page.due.sum.text() == "已选 1 张，合计 200.00 元"
    fill(hands, page.due.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: not page.work.is_busy(), timeout=20_000)
    assert "B360000-2026-00001：1 笔，合计 200.00 元" in page.notice.text()
    assert desk.ledger.stage(FIRST) is Stage.IN_PAYMENT


def test_what_is_missing_is_told_at_once_on_paper(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG, "张三示例")
    hands.receipt()
    hands.press(Qt.Key.Key_G, BOTH)
    paper = window.findChild(PaperWindow)
    assert paper is not None
    finished(paper.work)
    paper.save_to(tmp_path / "notice.pdf")
    finished(paper.work)
    words = run_on((tmp_path / "notice.pdf").read_bytes())
    assert "一次性告知书" in words
    assert all(missing in words for missing in ("医保凭证", "病历", "费用清单"))


def test_a_voucher_is_taken_back_after_reading_what_that_changes(window: MainWindow, hands: Hands, desk: Desk) -> None:
    settle_claim(hands, "A1")
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, CTRL)
    hands.receipt("A2", "1000")
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F4)
    hands.fields(FIRST)
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    hands.press(Qt.Key.Key_X, BOTH)
    assert "会影响 1 笔已结算的单据" in page.reversal.news.text()
    assert hands.focused() is page.reversal.reason
    hands.type("票据录错")
    push(hands, page.reversal.confirm)
    assert f"{FIRST} 已冲正" in page.notice.text()
    assert "应退回 300.00" in page.corrections.news.text()
    fill(hands, page.corrections.reviewer, REVIEWER.login)
    fill(hands, page.corrections.password, PASSWORD)
    fill(hands, page.corrections.review_reason, "核对无误")
    push(hands, page.corrections.confirm)
    assert "360000-2026-000004" in page.notice.text()
    assert desk.ledger.settlement("360000-2026-000004").fund_fen == -30_000


def test_a_persons_vouchers_and_year_are_looked_up(window: MainWindow, hands: Hands) -> None:
    settle_claim(hands)
    hands.press(Qt.Key.Key_F4)
    hands.fields("张三")
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    assert page.claims.index(0, 0).data() == FIRST
    assert "200.00" in page.panel.facts.text()
    hands.press(Qt.Key.Key_F11)
    card = window.findChild(YearCardWindow)
    assert card is not None
    assert card.uses.index(0, 0).data() == FIRST
    hands.qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_an_areas_figures_are_typed_and_hold_at_once(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    change_user(window, desk, ADMINISTRATOR)
    hands.press(Qt.Key.Key_7, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, AreasPage)
    tab_to(hands, page.areas)
    while "500000" not in page.areas.currentItem().text():
        before = page.areas.currentRow()
        hands.press(Qt.Key.Key_Down)
        assert page.areas.currentRow() != before, "the area is in the list"
    assert "尚未设置" in page.notice.text()
    tab_to(hands, page.table)
    while page.table.currentIndex().column() < FIRST_CELL:
        hands.press(Qt.Key.Key_Right)
    for figure in ("200", "60", "3000"):
        hands.type(figure)
        hands.enter()
        qtbot.waitUntil(lambda: hands.focused() is page.table)
        hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_U, BOTH)
    assert "已检查并保存" in page.notice.text()
    assert desk.version_today("500000") is not None


def test_an_administrator_sets_the_offices_time_limits_by_keyboard(
    window: MainWindow, hands: Hands, desk: Desk
) -> None:
    change_user(window, desk, ADMINISTRATOR)
    with slow() as disk:
        window.go_to(AREAS)
        page = window.pages.currentWidget()
        assert isinstance(page, AreasPage)
        card = page.time_limits
        until(lambda: disk.asked_beside > 0)
        card.days.setFocus()
        hands.type("7")
        assert card.days.text() == "", "nothing is typed that is lost when the office's file is read"
        assert disk.asked_by_window == []
    rest()
    page.areas.setFocus()
    tab_to(hands, card.days)
    for figure in ("10", "1000"):
        hands.type(figure)
        hands.press(Qt.Key.Key_Tab)
    tab_to(hands, card.save)
    hands.press(Qt.Key.Key_Space)
    assert "一起填写" in card.notice.text()
    assert time_limits(desk.folder) is None

    tab_to(hands, card.small_days)
    hands.type("5")
    tab_to(hands, card.completing_days)
    hands.type("15")
    tab_to(hands, card.save)
    hands.press(Qt.Key.Key_Space)
    assert "时限已保存" in card.notice.text()
    assert time_limits(desk.folder) == TimeLimits(10, 5, 100_000, 15)
    assert card.small_below.text() == "1000.00"

    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_7, CTRL)
    others = window.pages.currentWidget()
    assert isinstance(others, AreasPage)
    assert others.time_limits.days.text() == "10", "whoever sees the page sees them"
    assert others.time_limits.days.isReadOnly()
    assert not others.time_limits.save.isEnabled()


def test_the_document_in_force_and_until_when_it_is_verified_is_always_in_sight(
    window: MainWindow, hands: Hands, desk: Desk
) -> None:
    version = desk.version_today("360000")
    assert version is not None
    for page in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_5, Qt.Key.Key_8):
        hands.press(page, CTRL)
        assert window.state.isVisible()
        assert f"{version.document.number} 核实至 {version.verified_until}" in window.state.text()
    shown = window.pages.currentWidget()
    assert isinstance(shown, PolicyPage)
    texts = [label.text() for label in shown.findChildren(type(window.state))]
    assert any(version.document.number in text for text in (*texts, *_cells(shown)))


def _cells(page: QWidget) -> list[str]:
    """What the tables of a page show."""
    found = []
    for table in page.findChildren(QTableView):
        model = table.model()
        if model is not None:
            columns = range(model.columnCount())
            found += [str(model.index(row, at).data()) for row in range(model.rowCount()) for at in columns]
    return found


def test_somebody_new_gets_a_login(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    change_user(window, desk, ADMINISTRATOR)
    hands.press(Qt.Key.Key_9, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, UsersPage)
    push(hands, page.card.new)
    fill(hands, page.card.login, "wu")
    fill(hands, page.card.name, "吴新人示例")
    tab_to(hands, page.card.role)
    while page.card.role.value() is not Role.AUDITOR:
        hands.press(Qt.Key.Key_Down)
    fill(hands, page.card.password, "mima-2026-a")
    fill(hands, page.card.password_again, "mima-2026-a")
    push(hands, page.card.save)
    qtbot.waitUntil(lambda: "已加入用户 wu" in page.notice.text(), timeout=20_000)
    assert desk.ledger.sign_in("wu", "mima-2026-a").role is Role.AUDITOR


def test_a_setting_is_changed(qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press(Qt.Key.Key_F10)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or window))
    tab_to(hands, dialog.lock)
    while dialog.lock.value() != 10:
        hands.press(Qt.Key.Key_Down)
    push(hands, dialog.save)
    assert load_settings(tmp_path).lock_minutes == 10


def test_who_did_what_is_looked_up(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    settle_claim(hands)
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_1, BOTH)
    page = window.pages.currentWidget()
    assert isinstance(page, AuditPage)
    hands.type(FIRST)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    assert CLERK.name in page.model.index(0, 2).data()
    assert FIRST in page.model.index(0, 4).data()


def test_a_backup_is_made_and_everything_checked(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    settle_claim(hands)
    change_user(window, desk, ADMINISTRATOR)
    hands.press(Qt.Key.Key_B, BOTH)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    qtbot.waitUntil(lambda: "已备份并核对" in page.notice.text(), timeout=30_000)
    assert "单据 1 张" in page.notice.text()
    hands.press(Qt.Key.Key_V, BOTH)
    qtbot.waitUntil(lambda: "没有发现问题" in page.notice.text(), timeout=30_000)


@pytest.mark.parametrize("user", [CLERK, REVIEWER, FINANCE, ADMINISTRATOR], ids=lambda user: user.login)
def test_the_keyboard_is_never_nowhere(window: MainWindow, hands: Hands, desk: Desk, user: object) -> None:
    change_user(window, desk, user)  # type: ignore[arg-type]
    for page in sorted(window.navigation.offered()):
        open_page(window, page)
        focused = hands.focused()
        assert window.isAncestorOf(focused)
        hands.press(Qt.Key.Key_Tab)
        assert window.isAncestorOf(hands.focused())
