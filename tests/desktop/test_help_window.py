"""F1: help on the page in hand, found by its words, with keys that exist."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.counter.help_pages import KEYS_TOPIC, TOPICS, help_pages
from clerk_app.desktop.help_window import HelpWindow
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import PAGES
from clerk_app.desktop.sign_in_page import SignInPage
from clerk_app.settings import Settings
from tests.desktop.hands import Hands, change_user, leave, open_page
from tests.ledger.office import ADMINISTRATOR, CLERK, FINANCE, REVIEWER

#: What fields, lists and windows beside the main one understand by themselves.
OF_FIELDS = {
    *("Enter", "Shift+Enter", "Tab", "Esc", "Space", "Del", "+", "-", "t", "520", "5.20", "1234.5+20", "3 2 1 0"),
    *("Ctrl+A", "Ctrl+Tab", "Ctrl+P", "Ctrl+Shift+P", "Ctrl+S", "PageDown", "Ctrl+PageDown"),
}


def shown(window: MainWindow) -> HelpWindow:
    """The help that is open."""
    (there,) = [each for each in window.findChildren(HelpWindow) if each.isVisible()]
    return there


def topic(window: MainWindow) -> str:
    """The page of help that is open."""
    page = shown(window).page()
    assert page is not None
    return page.topic


def test_every_page_of_the_window_has_its_help(window: MainWindow, hands: Hands, desk: Desk) -> None:
    opened = {}
    for user in (CLERK, REVIEWER, FINANCE, ADMINISTRATOR):
        change_user(window, desk, user)
        for number in window.navigation.offered():
            open_page(window, number)
            hands.press(Qt.Key.Key_F1)
            opened[number] = topic(window)
            shown(window).close()
            window.activateWindow()
    assert opened == {number: page.help for number, page in PAGES.items()}
    assert set(opened.values()) <= set(TOPICS)


def test_what_is_open_on_a_page_has_help_of_its_own(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_F1)
    assert topic(window) == "payee"
    shown(window).close()
    window.activateWindow()
    hands.press(Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    assert topic(window) == KEYS_TOPIC


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_key_that_help_names_does_something(window: MainWindow, language: str) -> None:
    shortcuts = {
        each.toString(QKeySequence.SequenceFormat.PortableText)
        for action in window.findChildren(QAction)
        for each in action.shortcuts()
    }
    for page in help_pages(Settings(language=language)):
        named = set(page.text.split("`")[1::2])
        unknown = {key for key in named if key not in shortcuts | OF_FIELDS}
        assert not unknown, f"{page.topic} names {unknown}"


def test_help_stands_beside_the_work_and_is_found_by_its_words(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.press(Qt.Key.Key_F1)
    window_of_help = shown(window)
    assert not window_of_help.isModal()
    qtbot.waitUntil(lambda: hands.focused() is window_of_help.search)
    assert "扫描框" in window_of_help.text.toPlainText()
    hands.type("校验位")
    assert topic(window) == "payee"
    hands.press(Qt.Key.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.findChild(HelpWindow) is None)
    assert window.claim.person.name.text() == "张三示例", "the claim is as it was"
    hands.press(Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: hands.focused() is shown(window).search)
    hands.press(Qt.Key.Key_Down)
    assert topic(window) == "payee"
    hands.press(Qt.Key.Key_Up)
    assert topic(window) == "claim"


def test_a_picture_of_the_screen_is_on_its_page(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F1)
    help_window = shown(window)
    assert help_window.text.document().size().height() > 500
    assert "\ufffc" in help_window.text.toPlainText(), "the place of a picture"


def test_before_anybody_has_signed_in_help_tells_of_signing_in(window: MainWindow, hands: Hands) -> None:
    leave(window)
    window.cover(SignInPage("示例"))
    hands.press(Qt.Key.Key_F1)
    assert topic(window) == "sign-in"
