from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from clerk_app.counter.desk import Desk
from clerk_app.desktop.colours import DARK, LIGHT, colours
from clerk_app.desktop.look import Look, look
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.settings import DARK_THEME, LIGHT_THEME, SYSTEM_THEME, load_settings
from tests.desktop.hands import Hands
from tests.desktop.watched import WatchedApplication


@pytest.fixture
def worn(dressed: QApplication) -> Iterator[Look]:
    found = look()
    assert found is not None
    assert found.parent() is dressed
    yield found
    found.wear(LIGHT_THEME)


def ground(window: MainWindow) -> str:
    """The colour that is seen at the edge of the page, beside its cards."""
    image = window.grab().toImage()
    left = window.pages.mapTo(window, window.pages.rect().topLeft()).x()
    return image.pixelColor(left + 3, image.height() // 2).name().upper()


def test_the_theme_changes_while_the_window_is_open(window: MainWindow, worn: Look) -> None:
    assert colours() is LIGHT
    assert ground(window) == LIGHT.ground

    worn.wear(DARK_THEME)

    assert colours() is DARK
    assert ground(window) == DARK.ground
    title = window.claim.findChild(QLabel, "cardTitle")
    assert title is not None
    assert title.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.text)

    worn.wear(LIGHT_THEME)

    assert ground(window) == LIGHT.ground


def test_a_verdict_in_a_table_is_drawn_in_the_theme_that_is_shown(window: MainWindow, worn: Look, hands: Hands) -> None:
    hands.person()
    hands.receipt()
    receipts = window.claim.table.receipts
    cells = [receipts.index(0, place) for place in range(receipts.columnCount())]
    decision = next(cell for cell in cells if cell.data() == "支付")

    shades = []
    for theme in (LIGHT_THEME, DARK_THEME):
        worn.wear(theme)
        shades.append(decision.data(Qt.ItemDataRole.ForegroundRole).name().upper())

    assert shades == [LIGHT.good, DARK.good]


def test_a_desk_that_follows_the_system_turns_with_it(dressed: QApplication, worn: Look) -> None:
    is_dark = False
    follower = Look(dressed, 100, lambda: is_dark)
    try:
        follower.wear(SYSTEM_THEME)
        assert colours() is LIGHT
        is_dark = True
        follower.system_changed()
        assert colours() is DARK
        follower.wear(LIGHT_THEME)
        follower.system_changed()
        assert colours() is LIGHT
    finally:
        follower.setParent(None)
        follower.deleteLater()
    assert worn.theme == LIGHT_THEME


@pytest.mark.usefixtures("worn")
def test_the_theme_is_chosen_in_the_settings_and_worn_at_once(
    window: MainWindow, desk: Desk, hands: Hands, qapp: WatchedApplication
) -> None:
    hands.press(Qt.Key.Key_F10)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert [dialog.theme.itemText(place) for place in range(3)] == ["浅色", "深色", "随系统"]
    dialog.theme.choose(DARK_THEME)

    # Every control there is is dressed anew, once in a while, by whoever has just asked for it.
    with qapp.excused():
        hands.click(dialog.save)

    assert colours() is DARK
    assert desk.settings.theme == DARK_THEME
    assert load_settings(desk.folder).theme == DARK_THEME
