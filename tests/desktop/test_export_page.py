"""The page of the month's export, as it stands on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import MainWindow
from tests.desktop.hands import Hands


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
