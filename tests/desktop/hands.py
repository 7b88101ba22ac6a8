"""Hands at the counter: they type where the keyboard is, press keys, and click."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.reading import looks_under_way
from clerk_app.desktop.tasks import acts
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.ledger.records import User
from clerk_app.receipts.id_card import check_digit
from tests.counter.desks import sign_in


def id_number(first_17: str) -> str:
    """An ID number whose check digit holds."""
    return first_17 + check_digit(first_17)


ZHANG = id_number("36010219800101123")
LI = id_number("36010219551212456")


def commit(widget: QWidget, text: str) -> None:
    """Send words as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Let the window work until something is so."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, "it never comes"
        QTest.qWait(1)


def rest() -> None:
    """Wait until what is being written or read is written, read and shown, as whoever looks at the screen does."""
    until(lambda: not acts().is_busy() and not looks_under_way())


def open_page(window: MainWindow, page: int) -> None:
    """Go to a page, and wait until it shows what it has read."""
    window.go_to(page)
    rest()


def finished(work: WorkStrip) -> None:
    """Wait for the work of a page or a window, all of its steps, and for what is read because of it."""
    until(lambda: not work.is_busy())
    rest()


def leave(window: MainWindow) -> None:
    """Go home: the claim in hand is laid down."""
    window.leaving.leave_desk()
    until(lambda: window.desk is None)


def change_user(window: MainWindow, desk: Desk, user: User) -> None:
    """Let another user sit down at the window, who finds there what was left."""
    leave(window)
    sign_in(desk, user)
    window.use_desk(desk)
    rest()


class Hands:
    """Types, presses and clicks in the window, and knows nothing of what is behind it.

    Attributes:
        is_patient: After a key or a click the act that it began is waited for, as a clerk does who reads the screen.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        self.is_patient = True

    def focused(self) -> QWidget:
        """Where the keyboard is; the platform takes a moment to give it back from a window that has closed."""
        if QApplication.focusWidget() is None:
            self.window.activateWindow()
            until(lambda: QApplication.focusWidget() is not None, seconds=5)
        widget = QApplication.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        return widget

    def type(self, text: str) -> None:
        """Type where the keyboard is; words come from an input method."""
        if text.isascii():
            self.qtbot.keyClicks(self.focused(), text)
        else:
            commit(self.focused(), text)

    def enter(self, times: int = 1) -> None:
        """Press Enter."""
        for _time in range(times):
            self.press(Qt.Key.Key_Return)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        self.qtbot.keyClick(self.focused(), key, modifiers)
        self.rest()

    def click(self, widget: QWidget) -> None:
        """Click with the mouse."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rest()

    def rest(self) -> None:
        """Wait for what was begun."""
        if self.is_patient:
            rest()
            # Who is asked to press a key once more reads why.
            until(lambda: not (self.window.is_furnished and self.window.claim.is_being_read()))

    def keep(self) -> bool:
        """Let the claim in hand be saved at once; whether the ledger has it then."""
        told: list[bool] = []
        self.window.claim.keep(told.append)
        until(lambda: bool(told))
        return told[0]

    def new_claim(self) -> None:
        """Put the claim in hand down."""
        self.window.new_claim()
        self.rest()

    def take_up(self, act_key: str) -> None:
        """Take a kept claim in hand."""
        self.window.claim.take_up(act_key)
        self.rest()

    def into(self, widget: QWidget, text: str) -> None:
        """Click a field and type in it, over what was there."""
        self.click(widget)
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)

    def fields(self, *texts: str) -> None:
        """Type one field after the other, Enter behind each; an empty text only moves on."""
        for text in texts:
            if text:
                self.type(text)
            self.enter()

    def person(self, number: str = ZHANG, name: str = "张三示例") -> None:
        """Enter a person by the scan field, filed as a stationed worker since January."""
        claim = self.window.claim
        self.press(Qt.Key.Key_F6)
        self.fields(number)
        if claim.person.name.text() != name:
            self.fields(name)
        fields = dict(claim.filings.fields())
        places = {place.field: widget for place, widget in fields.items()}
        places["category"].setFocus()
        for _time in range(3):
            self.press(Qt.Key.Key_Down)
        self.into(places["starts_on"], "20260101")
        self.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)

    def receipt(
        self, number: str = "A1", total: str = "1000", self_funded: str = "", *, answer: str = "同日两次检查"
    ) -> None:
        """Enter a receipt in the first blank line, all of it by the keyboard; a question about it is answered.

        Args:
            answer: Why it is not the bill that it looks like, where it does; empty leaves that open.
        """
        self.press(Qt.Key.Key_F7)
        self.fields(number, "520")
        if self.window.claim.table.receipts.receipt(self.window.claim.table.currentIndex().row()).hospital:
            self.fields(total, self_funded, "", "")
        else:
            self.fields("北京某医院", "3", total, self_funded, "", "")
        look_alike = self.window.claim.look_alike
        if answer and look_alike.is_open():
            self.into(look_alike.answer, answer)
            self.press(Qt.Key.Key_F7)
