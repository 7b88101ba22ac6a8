#!/usr/bin/env python3
"""Drives a real window for packaging/bench.py, each figure in a process of its own.

bench_window.py empty        ends at the first paint of an empty PySide6 window
bench_window.py first-paint  ends at the first paint of the program's window
bench_window.py keystroke    prints the median milliseconds from a key in an amount to the new amount, painted
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from clerk_app.desktop.main_window import MainWindow


class EndAtFirstPaint(QObject):
    """Ends the process as soon as a window has been painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint of a top-level window, and let it finish."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
            QTimer.singleShot(0, lambda: os._exit(0))
        return False


def empty() -> None:
    """An empty window of the same size."""
    application = QApplication(["bench"])
    ending = EndAtFirstPaint(application)
    application.installEventFilter(ending)
    window = QMainWindow()
    window.resize(1280, 720)
    window.show()
    application.exec()


def first_paint() -> None:
    """The program's window, started as the program starts it."""
    application = QApplication(["bench"])
    ending = EndAtFirstPaint(application)
    application.installEventFilter(ending)
    from clerk_app.desktop.application import run

    run()


def keystroke() -> None:
    """A person with four receipts on the screen; digits come and go in the amount of the fifth."""
    from PySide6.QtTest import QTest

    from clerk_app.counter.entrance import Entrance
    from clerk_app.counter.practice import CLERK, PASSWORD
    from clerk_app.desktop.application import dress
    from clerk_app.desktop.main_window import MainWindow
    from clerk_app.settings import PRACTICE_OFFICE, Settings

    settings = Settings(office=PRACTICE_OFFICE, area_code="360000")
    application = QApplication(["bench"])
    dress(application, settings)
    with tempfile.TemporaryDirectory() as folder:
        desk = Entrance(Path(folder)).open_practice(settings)
        desk.ledger.sign_in(CLERK.login, PASSWORD)
        window = MainWindow(settings)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        window.furnish()
        window.use_desk(desk)
        _hand_in_four_receipts(window)
        application.processEvents()
        times = []
        for _round in range(40):
            for key in (Qt.Key.Key_7, Qt.Key.Key_Backspace):
                field = QApplication.focusWidget()
                before = window.claim.panel.fund.text()
                start = time.perf_counter()
                QTest.keyClick(field, key)
                application.processEvents()
                times.append((time.perf_counter() - start) * 1000)
                if window.claim.panel.fund.text() == before:
                    sys.exit("the amount did not follow the key")
        print(f"{statistics.median(times):.3f}")
        window.close()
        desk.close()


def _hand_in_four_receipts(window: MainWindow) -> None:
    """The tests' hands, moved by Qt's own test keys."""
    from PySide6.QtTest import QTest

    from tests.desktop.hands import Hands

    hands = Hands(QTest, window)
    hands.person()
    for place in range(4):
        hands.receipt(f"B{place}", "300")
    hands.press(Qt.Key.Key_F7)
    hands.fields("B9", "520")
    hands.type("10")


if __name__ == "__main__":
    {"empty": empty, "first-paint": first_paint, "keystroke": keystroke}[sys.argv[1]]()
