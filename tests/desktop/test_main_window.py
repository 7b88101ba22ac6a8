from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clerk_app import logs
from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop import page_stack
from clerk_app.desktop.application import Session, prefer_input_method
from clerk_app.desktop.areas_page import AreasPage
from clerk_app.desktop.claims_page import ClaimsPage
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import (
    AREAS,
    AUDIT,
    CLAIM,
    CLAIMS,
    EXPORT,
    MONTH,
    PAGES,
    PAYMENT,
    POLICIES,
    REVIEW,
    SAFEKEEPING,
    SEARCH,
    USERS,
)
from clerk_app.desktop.policy_page import PolicyPage
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.desktop.voucher_window import VoucherWindow
from clerk_app.ledger.records import User
from clerk_app.settings import load_settings
from tests.counter.desks import SETTINGS
from tests.desktop.hands import ZHANG, Hands, change_user, finished, open_page, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import ADMINISTRATOR, CLERK, FINANCE, PASSWORD, REVIEWER


def settled(hands: Hands, number: str = "A1") -> None:
    hands.person()
    hands.receipt(number)
    hands.press(Qt.Key.Key_F9)


def test_all_that_pages_and_windows_are_made_of_is_loaded_beside_the_window(bare_window: MainWindow) -> None:
    assert bare_window.pages.is_prepared()
    assert [name for name in page_stack._MODULES if f"clerk_app.desktop.{name}" not in sys.modules] == []


def test_an_unexpected_failure_shows_a_code_that_the_log_has(
    session: Session, frame: MainWindow, tmp_path: Path
) -> None:
    logs.start_log(tmp_path)

    sys.excepthook(ValueError, ValueError("张三示例"), None)

    code = frame.failure.text().split("报告编号 ")[1][:8]
    log = (tmp_path / logs.FILE_NAME).read_text(encoding="utf-8")
    assert code in log
    assert "张三" not in log
    session.close()


def test_a_ledger_that_turns_read_only_keeps_the_form(
    window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    hands.person()
    hands.receipt()
    desk.ledger.close()
    (tmp_path / LEDGER_NAME).write_bytes(b"overwritten by another program" * 500)
    for side in ("-wal", "-shm"):
        (tmp_path / f"{LEDGER_NAME}{side}").unlink(missing_ok=True)

    hands.press(Qt.Key.Key_F9)

    assert "损坏" in window.claim.notice.text()
    assert window.claim.person.name.text() == "张三示例"
    assert window.claim.panel.fund.text() == "200.00"


def test_fcitx_desktops_get_chinese_through_ibus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    prefer_input_method()
    assert os.environ["QT_IM_MODULE"] == "ibus"
    monkeypatch.setenv("QT_IM_MODULE", "compose")
    prefer_input_method()
    assert os.environ["QT_IM_MODULE"] == "compose"


def test_pages_are_reached_by_mouse_and_keys(window: MainWindow, hands: Hands) -> None:
    for page, kind in (
        (CLAIMS, ClaimsPage),
        (SEARCH, SearchPage),
        (EXPORT, ExportPage),
        (AREAS, AreasPage),
        (POLICIES, PolicyPage),
    ):
        window.navigation.choose(page)
        assert isinstance(window.pages.currentWidget(), kind)
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentWidget() is window.claim


def test_figures_typed_for_an_area_survive_what_the_policy_page_does(window: MainWindow) -> None:
    open_page(window, AREAS)
    page = window.pages.currentWidget()
    assert isinstance(page, AreasPage)
    page.show_area("500000")
    page.model.setData(page.model.index(0, 4), "200")
    open_page(window, POLICIES)
    policies = window.pages.currentWidget()
    assert isinstance(policies, PolicyPage)
    policies.policies_changed.emit()

    assert page.model.index(0, 4).data() == "200"
    assert page.title.text().endswith("500000")


@pytest.mark.parametrize(
    ("user", "pages"),
    [
        (CLERK, {CLAIM, CLAIMS, PAYMENT, SEARCH, EXPORT, MONTH, AREAS, POLICIES, SAFEKEEPING}),
        (FINANCE, {PAYMENT, SEARCH, EXPORT, MONTH, AREAS, POLICIES, SAFEKEEPING}),
        (ADMINISTRATOR, {SEARCH, MONTH, AREAS, POLICIES, USERS, AUDIT, SAFEKEEPING}),
    ],
)
def test_a_role_is_offered_the_pages_that_it_may_use(
    window: MainWindow, hands: Hands, desk: Desk, user: User, pages: set[int]
) -> None:
    change_user(window, desk, user)

    assert window.navigation.offered() == pages
    assert window.navigation.current() in pages
    for page in PAGES.keys() - pages:
        shown = window.pages.currentWidget()
        open_page(window, page)
        assert window.pages.currentWidget() is shown
    hands.press(Qt.Key.Key_F9)
    assert (window.pages.currentWidget() is window.claim) == (user == CLERK)


def test_what_a_role_may_not_do_says_so(window: MainWindow, hands: Hands, desk: Desk) -> None:
    settled(hands)
    change_user(window, desk, FINANCE)
    open_page(window, SEARCH)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)

    assert not search.panel.reverse_button.isEnabled()
    assert "冲正" in search.panel.reverse_button.toolTip()
    assert search.panel.print_button.isEnabled()


def test_a_whole_number_is_shown_to_who_may_see_it_and_that_is_on_record(
    window: MainWindow, hands: Hands, desk: Desk
) -> None:
    settled(hands)
    hands.press(Qt.Key.Key_F4)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert ZHANG not in search.panel.facts.text()
    hands.click(search.panel.numbers_button)
    assert ZHANG in search.panel.facts.text()
    hands.into(search.text, "360000-2026-000001")
    hands.enter()
    assert ZHANG not in search.panel.facts.text(), "shown until something else is"

    change_user(window, desk, ADMINISTRATOR)
    acts = desk.ledger.audit_trail(subject="360000-2026-000001")
    assert (acts[0].action, acts[0].login) == (Action.SHOW_NUMBERS, CLERK.login)
    open_page(window, SEARCH)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert not search.panel.numbers_button.isEnabled()


def test_every_control_has_a_name_for_those_who_cannot_see_it(window: MainWindow, desk: Desk) -> None:
    for page in (CLAIMS, SEARCH, EXPORT, AREAS, POLICIES):
        open_page(window, page)
    assert_everything_is_named(window)
    for user, pages in ((ADMINISTRATOR, (USERS, AUDIT, SAFEKEEPING)), (REVIEWER, (REVIEW,)), (FINANCE, (PAYMENT,))):
        change_user(window, desk, user)
        for page in pages:
            open_page(window, page)
        assert_everything_is_named(window)


def assert_everything_is_named(window: MainWindow) -> None:
    controls: list[QWidget] = [
        *window.findChildren(QLineEdit),
        *window.findChildren(QComboBox),
    ]
    unnamed = [control for control in controls if not control.accessibleName()]
    silent = [button for button in window.findChildren(QPushButton) if not button.text()]

    assert unnamed == []
    assert silent == []


def test_settings_are_kept(window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path) -> None:
    change_user(window, desk, ADMINISTRATOR)
    hands.press(Qt.Key.Key_F10)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.office_code.setText("12")
    hands.click(dialog.save)
    assert "6 位" in dialog.notice.text()
    dialog.office_code.setText("360100")
    dialog.lock.choose(5)
    assert "下次打开程序" in "".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.language.choose("en")
    hands.click(dialog.save)

    assert load_settings(tmp_path) == replace(SETTINGS, office_code="360100", lock_minutes=5, language="en")
    change_user(window, desk, CLERK)
    settled(hands)
    assert "360100-2026-000001" in window.claim.done_strip.text()


def test_what_is_in_force_is_told_of_the_claims_area_or_of_all(window: MainWindow, hands: Hands, desk: Desk) -> None:
    desk.change_settings(replace(desk.settings, area_code=""))
    change_user(window, desk, CLERK)
    assert "政策文件 5 份 核实至 2026-11-22" in window.state.text()
    window.claim.person.area.setFocus()
    while window.claim.person.area.value() != "411300":
        hands.press(Qt.Key.Key_Down)
    nanyang = desk.version_today("411300")
    assert nanyang is not None
    assert f"{nanyang.document.number} 核实至 {nanyang.verified_until}" in window.state.text()
    hands.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert "政策文件 5 份" in window.state.text()
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert nanyang.document.number in window.state.text()
    hands.press(Qt.Key.Key_F3)
    assert "政策文件 5 份" in window.state.text()


def test_a_clerk_does_not_change_name_and_code_of_the_office(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press(Qt.Key.Key_F10)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert not dialog.office_code.isEnabled()
    assert "管理员" in dialog.office_code.toolTip()
    dialog.area.choose("411300")
    hands.click(dialog.save)

    assert load_settings(tmp_path) == replace(SETTINGS, area_code="411300")


def test_a_settlement_is_reversed_with_a_reason(window: MainWindow, hands: Hands) -> None:
    settled(hands)
    hands.press(Qt.Key.Key_F4)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    hands.click(search.panel.reverse_button)
    hands.click(search.reversal.confirm)
    assert "理由" in search.reversal.notice.text()
    hands.into(search.reversal.reason, "票据录错")
    hands.click(search.reversal.confirm)

    assert "360000-2026-000002" in search.notice.text()
    assert search.claims.index(0, 7).data() == "-200.00"
    assert search.claims.index(1, 1).data() == "结算（已冲正）"
    assert not search.panel.reverse_button.isEnabled()


def test_a_scanned_voucher_is_looked_up(window: MainWindow, hands: Hands) -> None:
    settled(hands)
    hands.fields("360000-2026-000001")

    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    chosen = search.chosen()
    assert chosen is not None
    assert chosen.voucher_number == "360000-2026-000001"


def test_arrows_in_the_line_move_through_the_list(window: MainWindow, hands: Hands) -> None:
    settled(hands, "A1")
    hands.fields("360102198001011235")
    hands.receipt("A2")
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F4)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_F8)

    papers = window.findChild(VoucherWindow)
    assert papers is not None
    assert papers.papers.settlement.voucher_number == "360000-2026-000001"


def test_a_second_print_says_that_it_is_one(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    settled(hands)
    hands.press(Qt.Key.Key_F8)
    papers = window.findChild(VoucherWindow)
    assert papers is not None
    target = tmp_path / "printed.pdf"
    for expected in ("已打印到文件", "补打第 1 次"):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFileName(str(target))
        papers.print_on(printer)
        finished(papers.work)
        assert expected in papers.notice.text()
    assert target.read_bytes().startswith(b"%PDF")


def test_an_export_that_cannot_be_written_is_said(
    qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    open_page(window, EXPORT)
    page = window.pages.currentWidget()
    assert isinstance(page, ExportPage)
    hands.into(page.target, str(tmp_path / "none" / "month.xlsx"))
    hands.into(page.password, PASSWORD)
    hands.click(page.start)
    qtbot.waitUntil(lambda: not page.is_busy(), timeout=20_000)

    assert "没有写成" in page.notice.text()


def test_a_framework_is_filled_on_its_page_and_computes_at_once(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.person()
    window.claim.person.area.choose("500000")
    hands.receipt()
    assert window.claim.panel.fund.text() == "0.00"
    change_user(window, desk, ADMINISTRATOR)
    open_page(window, AREAS)
    page = window.pages.currentWidget()
    assert isinstance(page, AreasPage)
    page.show_area("500000")
    assert "尚未设置" in page.notice.text()
    for row, figures in enumerate((("200",), ("40",), ("3000",))):
        for column, figure in enumerate(figures):
            page.model.setData(page.model.index(row, 4 + column), figure)
    hands.click(page.save)
    assert "低于" in page.problems.text()
    page.model.setData(page.model.index(1, 4), "60")
    with slow() as disk:
        hands.qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
        until(lambda: disk.asked_beside > 0)
        # What is being checked and written does not change meanwhile.
        hands.qtbot.keyClicks(page.area_name, "x")
        assert page.area_name.text() == "重庆市"
        assert disk.asked_by_window == []
    rest()

    assert "已检查并保存" in page.notice.text()
    assert desk.version_today("500000") is not None
    change_user(window, desk, CLERK)
    assert window.claim.panel.fund.text() == "480.00"


def test_a_complete_document_shows_its_figures_and_nothing_to_fill(window: MainWindow) -> None:
    open_page(window, AREAS)
    page = window.pages.currentWidget()
    assert isinstance(page, AreasPage)
    page.show_area("411300")

    assert "不予支付" in page.facts.text()
    assert not page.open_card.isVisible()
    assert date.fromisoformat(page.facts.text().split("施行 ")[1][:10]) == date(2022, 7, 1)
