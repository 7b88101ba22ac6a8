"""No page takes the window's thread for more than 50 ms when it is opened by its key, and no step of a restore does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.counter.opening import open_desk
from clerk_app.counter.practice import ADMINISTRATOR, CLERK, FINANCE, PASSWORD, REVIEWER
from clerk_app.desktop import navigation
from clerk_app.desktop.main_window import MainWindow
from clerk_app.ledger.records import User
from tests.counter.desks import noon_desk
from tests.desktop.hands import leave, rest, until
from tests.desktop.tour import AUDITOR, SETTINGS, busy_office, settle_down
from tests.desktop.watched import WatchedApplication, bar_ms

#: Others share the machine: what an opening takes is the least of as many windows.
TRIES = 3


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, dressed: QApplication) -> Iterator[Desk]:
    """A busy day: every list has something in it."""
    assert dressed.font().pixelSize() == 14
    folder = tmp_path_factory.mktemp("office")
    busy_office(folder).close()
    # A desk of its own begins as in the morning: nothing has been asked of the ledger yet.
    shutil.copytree(folder, folder.with_name("morning"))
    desk = open_desk(SETTINGS, folder.with_name("morning"), noon_desk)
    yield desk
    desk.close()


def opened(qtbot: QtBot, application: WatchedApplication, desk: Desk, user: User) -> dict[str, float]:
    """What each page of a user's takes of the window's thread at its first opening by its key, in milliseconds."""
    desk.ledger.sign_in(user.login, PASSWORD)
    window = MainWindow(SETTINGS)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.furnish()
    until(window.pages.is_prepared)
    window.use_desk(desk)
    until(window.claim.is_prepared)
    settle_down()
    took: dict[str, float] = {}
    for number in sorted(window.navigation.offered()):
        page = navigation.PAGES[number]
        modifiers = Qt.KeyboardModifier.ControlModifier
        if "Shift" in page.keys:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        with application.heard() as slots:
            qtbot.keyClick(window, Qt.Key[f"Key_{page.keys[-1]}"], modifiers)
            rest()
            QApplication.processEvents()
            longest = max(slot.worked_ms for slot in slots)
        assert window.navigation.current() == number
        took[f"{user.role.value} {page.keys}"] = longest
    leave(window)
    window.close()
    return took


@pytest.mark.parametrize("user", [CLERK, REVIEWER, FINANCE, ADMINISTRATOR, AUDITOR], ids=lambda user: user.login)
def test_no_page_holds_the_window_when_it_is_opened(
    qtbot: QtBot, dressed: WatchedApplication, office: Desk, user: User
) -> None:
    rounds = [opened(qtbot, dressed, office, user) for _time in range(TRIES)]
    least = {page: min(each[page] for each in rounds) for page in rounds[0]}
    assert {page: round(ms) for page, ms in least.items() if ms > bar_ms()} == {}
