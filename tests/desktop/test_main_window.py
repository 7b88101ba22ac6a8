from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clerk_app import logs
from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.counter.opening import open_desk
from clerk_app.desktop.application import Session, prefer_input_method
from clerk_app.desktop.areas_page import AreasPage
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.help_dialog import HelpDialog
from clerk_app.desktop.main_window import AREAS, EXPORT, SEARCH, MainWindow
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.desktop.voucher_window import VoucherWindow
from clerk_app.settings import Settings, load_settings
from tests.counter.desks import SETTINGS
from tests.desktop.hands import Hands
from tests.ledger.office import PASSWORD


@pytest.fixture
def session(qapp: QApplication, frame: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The window as the program starts it, in an office's folder of its own."""
    monkeypatch.setenv("CLERK_DATA", str(tmp_path))
    return Session(qapp, frame, SETTINGS, lambda settings: open_desk(settings, tmp_path))


def settled(hands: Hands, number: str = "A1") -> None:
    hands.person()
    hands.receipt(number)
    hands.press(Qt.Key.Key_F9)


def test_the_ledger_opens_after_the_first_paint(
    qtbot: QtBot, session: Session, frame: MainWindow, tmp_path: Path
) -> None:
    assert frame.desk is None
    frame.painted.emit()

    qtbot.waitUntil(lambda: frame.desk is not None, timeout=10_000)

    assert (tmp_path / LEDGER_NAME).exists()
    assert "核实至" in frame.state.text()
    session.close()


def test_a_damaged_ledger_is_said_and_the_form_stays(
    qtbot: QtBot, session: Session, frame: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / LEDGER_NAME).write_bytes(b"no ledger at all" * 1000)
    frame.painted.emit()
    hands = Hands(qtbot, frame)
    hands.into(frame.claim.person.name, "张三示例")

    qtbot.waitUntil(lambda: "损坏" in frame.failure.text(), timeout=10_000)
    assert frame.claim.person.name.text() == "张三示例"
    (tmp_path / LEDGER_NAME).unlink()
    hands.click(frame.retry)
    qtbot.waitUntil(lambda: frame.desk is not None, timeout=10_000)

    assert frame.failure.text() == ""
    assert frame.claim.person.name.text() == "张三示例"
    session.close()


def test_a_damaged_policy_file_is_named_with_its_line(
    qtbot: QtBot, session: Session, frame: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "policies" / "parameters").mkdir(parents=True)
    (tmp_path / "policies" / "parameters" / "500000.yaml").write_text("参数: {普通门诊: [", encoding="utf-8")
    frame.painted.emit()

    qtbot.waitUntil(lambda: "parameters/500000.yaml" in frame.failure.text(), timeout=10_000)
    session.close()


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
    for page, kind in ((SEARCH, SearchPage), (EXPORT, ExportPage), (AREAS, AreasPage)):
        window.navigation.setCurrentRow(page)
        assert isinstance(window.pages.currentWidget(), kind)
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentWidget() is window.claim


def test_every_control_has_a_name_for_those_who_cannot_see_it(window: MainWindow) -> None:
    for page in (SEARCH, EXPORT, AREAS):
        window.go_to(page)
    controls: list[QWidget] = [
        *window.findChildren(QLineEdit),
        *window.findChildren(QComboBox),
    ]
    unnamed = [control for control in controls if not control.accessibleName()]
    silent = [button for button in window.findChildren(QPushButton) if not button.text()]

    assert unnamed == []
    assert silent == []


def test_help_lists_the_keys(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F1)
    dialog = window.findChild(HelpDialog)
    assert dialog is not None
    dialog.close()


def test_settings_are_kept(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press(Qt.Key.Key_F10)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.office_code.setText("12")
    hands.click(dialog.save)
    assert "6 位" in dialog.notice.text()
    dialog.office_code.setText("360100")
    dialog.clerk.setText("赵经办示例")
    hands.click(dialog.save)

    assert load_settings(tmp_path) == Settings(
        office_name=SETTINGS.office_name, office_code="360100", clerk="赵经办示例", area_code="360000"
    )
    assert "赵经办示例" in window.state.text()
    settled(hands)
    assert "360100-2026-000001" in window.claim.done_strip.text()


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
    for expected in ("已送打印机。", "补打第 1 次"):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFileName(str(target))
        papers.print_on(printer)
        assert expected in papers.notice.text()
    assert target.read_bytes().startswith(b"%PDF")


def test_an_export_that_cannot_be_written_is_said(
    qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    window.go_to(EXPORT)
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
    window.go_to(AREAS)
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
    hands.click(page.save)

    assert "已检查并保存" in page.notice.text()
    assert desk.version_today("500000") is not None
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.claim.panel.fund.text() == "480.00"


def test_a_complete_document_shows_its_figures_and_nothing_to_fill(window: MainWindow) -> None:
    window.go_to(AREAS)
    page = window.pages.currentWidget()
    assert isinstance(page, AreasPage)
    page.show_area("411300")

    assert "不予支付" in page.facts.text()
    assert not page.open_card.isVisible()
    assert date.fromisoformat(page.facts.text().split("施行 ")[1][:10]) == date(2022, 7, 1)
