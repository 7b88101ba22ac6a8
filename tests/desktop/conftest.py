from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.counter.entrance import Entrance
from clerk_app.desktop.application import Session, dress
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.tasks import acts
from clerk_app.settings import load_settings
from tests.counter.desks import QUICK_COST, SETTINGS, noon_desk, staffed_desk
from tests.desktop.asked import AskedInWindow
from tests.desktop.hands import Hands
from tests.desktop.watched import WatchedApplication, bar_ms
from tests.ledger.office import QUICK


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in the look that clerks see."""
    dress(qapp, SETTINGS)
    return qapp


#: So many times the bar: the job of ``test_watchdog`` and the pages of ``test_openings`` are held to the bar itself, as
#: the least of several tries; here each thing happens once, on a machine that does much else.
ONCE = 4


@pytest.fixture(autouse=True)
def thread_is_free(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test pass in which something held the window's thread for a good while."""
    if "qapp" not in request.fixturenames:
        yield
        return
    application = request.getfixturevalue("qapp")
    assert isinstance(application, WatchedApplication)
    application.forgive()
    yield
    bar = ONCE * bar_ms()
    assert [slot for slot in application.too_long if max(slot.worked_ms, slot.waited_ms) > bar] == []


@pytest.fixture(scope="session")
def asked_in_window(qapp: QApplication) -> AskedInWindow:
    """What the window's thread has asked a ledger itself."""
    assert isinstance(qapp, WatchedApplication)
    return AskedInWindow(qapp)


@pytest.fixture(autouse=True)
def ledger_is_asked_beside_the_window(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test pass in which the window's thread asked the ledger, whose answer may take its time."""
    if "qapp" not in request.fixturenames:
        yield
        return
    asked = request.getfixturevalue("asked_in_window")
    assert isinstance(asked, AskedInWindow)
    asked.forget()
    yield
    assert asked.found == []


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """A desk in Jiangxi with a real ledger, on a fixed day."""
    assert qapp.instance() is not None, "an act is a task of the application's"
    opened = staffed_desk(tmp_path)
    yield opened
    acts().wait()
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
    # Nobody can have touched anything before the first paint.
    assert isinstance(dressed, WatchedApplication)
    dressed.forgive()
    return window


@pytest.fixture
def bare_window(qtbot: QtBot, frame: MainWindow) -> MainWindow:
    """The window before the ledger is open."""
    frame.furnish()
    # What the pages are made of is loaded beside the window, while somebody looks for the first receipt.
    qtbot.waitUntil(frame.pages.is_prepared, timeout=20_000)
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


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    """The offices of a folder of their own, whose passphrases and passwords are in a hurry."""
    return Entrance(tmp_path, noon_desk, cost=QUICK_COST, hardness=QUICK)


@pytest.fixture
def session(
    qapp: QApplication, frame: MainWindow, entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """The window as the program starts it; nothing has been painted yet."""
    monkeypatch.setenv("CLERK_DATA", str(entrance.folder))
    started = Session(qapp, frame, load_settings(entrance.folder), entrance)
    yield started
    started.close()
