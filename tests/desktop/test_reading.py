"""An answer that comes at once is there before the next key; one that does not keeps nobody waiting."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from clerk_app.desktop.reading import Reading
from clerk_app.errors import ClerkError
from tests.desktop.hands import until

LONG_MS = 60_000


def fail(error: ClerkError) -> None:
    raise AssertionError(error)


def test_what_is_waited_for_is_shown_before_the_next_key(qapp: QApplication) -> None:
    parent = QObject(qapp)
    reading, shown = Reading(parent), list[str]()
    reading.ask(lambda: "first", shown.append, fail)
    reading.ask(lambda: "last", shown.append, fail)
    reading.wait_a_moment(LONG_MS)
    assert shown == ["last"]
    parent.deleteLater()


def test_what_takes_longer_comes_by_itself(qapp: QApplication) -> None:
    parent = QObject(qapp)
    reading, shown, answers = Reading(parent), list[str](), Event()

    def read() -> str:
        answers.wait()
        return "late"

    reading.ask(read, shown.append, fail)
    reading.wait_a_moment(1)
    assert shown == []
    answers.set()
    until(lambda: shown == ["late"])
    parent.deleteLater()


def test_whoever_waits_longer_sees_that_something_is_under_way(qapp: QApplication) -> None:
    parent = QObject(qapp)
    reading, shown, answers = Reading(parent), list[str](), Event()
    cursors: list[bool] = []

    def read() -> str:
        answers.wait()
        return "late"

    def look() -> None:
        if QApplication.overrideCursor() is not None:
            cursors.append(True)
            answers.set()

    clock = QTimer(parent)
    clock.timeout.connect(look)
    clock.start(5)
    reading.ask(read, shown.append, fail)
    reading.wait_a_moment(LONG_MS)
    assert shown == ["late"]
    assert cursors
    assert QApplication.overrideCursor() is None
    parent.deleteLater()
