"""The page of the month's export, as it stands on the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import EXPORT, SEARCH, MainWindow
from tests.desktop.hands import LI, Hands, finished, open_page, rest
from tests.desktop.slow import slow
from tests.ledger.office import PASSWORD


def test_the_button_that_chooses_a_file_stands_beside_the_file_and_not_beside_the_password(
    window: MainWindow, hands: Hands
) -> None:
    hands.press(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, ExportPage)

    def middle(widget: QWidget) -> int:
        return widget.mapTo(page, QPoint(0, widget.height() // 2)).y()

    assert abs(middle(page.browse) - middle(page.target)) <= 2
    assert middle(page.browse) < middle(page.password) - 10


def test_no_count_of_one_month_stands_beside_another(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    open_page(window, EXPORT)
    page = window.pages.currentWidget()
    assert isinstance(page, ExportPage)
    assert page.count.text() == "共 1 条记录"
    with slow() as ledger:
        page.month.setCurrentIndex(page.month.currentIndex() + 1)
        assert page.count.text() == "共 1 条记录", "what comes at once is not blank before"
        qtbot.waitUntil(lambda: page.count.text() == "")
        assert ledger.asked_by_window == []
    rest()
    assert page.count.text() == "共 0 条记录"

    desk.ledger.sign_out()
    page.month.setCurrentIndex(page.month.currentIndex() - 1)
    rest()
    assert (page.count.text(), bool(page.notice.text())) == ("", True)


def test_f9_writes_the_month_and_settles_nothing_that_nobody_sees(
    window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    hands.person()
    hands.receipt("A1")
    hands.press(Qt.Key.Key_F9)
    hands.person(LI, "李四示例")
    hands.receipt("B1")
    open_page(window, EXPORT)
    page = window.pages.export
    assert page is not None
    hands.into(page.target, str(tmp_path / "month.xlsx"))
    hands.press(Qt.Key.Key_F9)
    assert "密码" in page.notice.text()
    assert hands.focused() is page.password
    hands.type(PASSWORD)
    hands.enter()
    assert hands.focused() is page.start, "Enter goes from the password to what it is for"
    hands.enter()
    finished(page.work)
    assert (tmp_path / "month.xlsx").exists()
    assert len(desk.ledger.search("", 10)) == 1

    hands.into(page.password, "left behind")
    open_page(window, SEARCH)
    assert page.password.text() == ""
    hands.press(Qt.Key.Key_F9)
    assert "再按 F9" in window.claim.notice.text()
    assert len(desk.ledger.search("", 10)) == 1, "the claim in hand is shown first"
    hands.press(Qt.Key.Key_F9)
    assert len(desk.ledger.search("", 10)) == 2
