"""The first-run guide: it leads, takes no key, and once closed stays closed till it is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter import practice
from clerk_app.counter.entrance import Entrance
from clerk_app.desktop.application import Session
from clerk_app.desktop.main_window import MainWindow
from clerk_app.settings import Settings, load_settings
from tests.desktop.hands import Hands, leave

SHIFT = Qt.KeyboardModifier.ShiftModifier


def practise(window: MainWindow, entrance: Entrance, qtbot: QtBot) -> Hands:
    """The practice office's clerk at a furnished window."""
    desk = entrance.open_practice(Settings())
    desk.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    window.use_desk(desk)
    qtbot.waitUntil(window.claim.is_prepared)
    return Hands(qtbot, window)


def test_it_says_what_to_type_next_as_soon_as_that_before_is_there(
    bare_window: MainWindow, entrance: Entrance, qtbot: QtBot
) -> None:
    hands = practise(bare_window, entrance, qtbot)
    guide = bare_window.guide
    qtbot.waitUntil(lambda: "zssl" in guide.text())
    assert hands.focused() is bare_window.claim.person.scan, "the keyboard is where it always is"
    hands.fields("zssl")
    qtbot.waitUntil(lambda: "0061234501" in guide.text())
    hands.fields("0061234501")
    qtbot.waitUntil(lambda: "616" in guide.text())
    hands.fields("617")
    qtbot.waitUntil(lambda: "请改正" in guide.text())
    for widget in guide.findChildren(type(guide.close_button)):
        assert widget.focusPolicy() is Qt.FocusPolicy.NoFocus
    desk = bare_window.desk
    assert desk is not None
    desk.close()


def test_one_key_closes_it_for_good_and_the_help_menu_brings_it_back(
    bare_window: MainWindow, entrance: Entrance, qtbot: QtBot, tmp_path: Path
) -> None:
    hands = practise(bare_window, entrance, qtbot)
    hands.press(Qt.Key.Key_F1, SHIFT)
    assert bare_window.guide.isHidden()
    assert load_settings(tmp_path).guide is False
    desk = bare_window.desk
    assert desk is not None
    leave(bare_window)
    desk.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    bare_window.use_desk(desk)
    assert bare_window.guide.isHidden(), "closed for good"
    hands.press(Qt.Key.Key_F1, SHIFT)
    qtbot.waitUntil(bare_window.guide.isVisible)
    assert load_settings(tmp_path).guide is True
    desk.close()


def test_a_real_office_is_not_led(window: MainWindow, hands: Hands) -> None:
    assert window.guide.isHidden()
    hands.press(Qt.Key.Key_F1, SHIFT)
    assert window.guide.isHidden()
    assert "练习机构" in window.claim.notice.text()
    assert window.desk is not None
    assert window.desk.settings.guide, "nothing was changed by asking"


def test_it_stands_there_when_the_program_is_opened_for_the_first_time(
    session: Session, frame: MainWindow, qtbot: QtBot
) -> None:
    frame.painted.emit()
    qtbot.waitUntil(lambda: session.pages is not None and session.pages.page is not None, timeout=20_000)
    for _press in range(2):
        focused = QApplication.focusWidget()
        assert focused is not None
        if session.pages is not None and session.pages.desk is None:
            QTest.keyClick(focused, Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: session.pages is not None and session.pages.desk is not None, timeout=60_000)
    hands = Hands(qtbot, frame)
    hands.fields(practice.CLERK.login, practice.PASSWORD)
    qtbot.waitUntil(lambda: frame.desk is not None, timeout=60_000)
    qtbot.waitUntil(frame.guide.isVisible, timeout=20_000)
