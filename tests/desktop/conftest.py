from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.application import dress
from clerk_app.desktop.main_window import MainWindow
from tests.counter.desks import SETTINGS, staffed_desk
from tests.desktop.hands import Hands


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in the look that clerks see."""
    dress(qapp, SETTINGS)
    return qapp


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in Jiangxi with a real ledger, on a fixed day."""
    opened = staffed_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def frame(qtbot: QtBot, dressed: QApplication) -> MainWindow:
    """The window as it is first painted."""
    window = MainWindow(SETTINGS)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: dressed.activeWindow() is window)
    return window


@pytest.fixture
def bare_window(frame: MainWindow) -> MainWindow:
    """The window before the ledger is open."""
    frame.furnish()
    return frame


@pytest.fixture
def window(bare_window: MainWindow, desk: Desk) -> MainWindow:
    """The window with its desk."""
    bare_window.use_desk(desk)
    return bare_window


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """Someone who types."""
    return Hands(qtbot, window)
