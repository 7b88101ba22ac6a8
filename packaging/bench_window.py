#!/usr/bin/env python3
"""Drives a real window for packaging/bench.py, each figure in a process of its own.

bench_window.py empty        ends at the first paint of an empty PySide6 window
bench_window.py first-paint  ends at the first paint of the program's window
bench_window.py keystroke    prints the median milliseconds from a key in an amount to the new amount, painted
bench_window.py scroll FILE  scrolls through the settlements of an office; prints what a frame took, kind by kind
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QWidget

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clerk_app.desktop.main_window import MainWindow
    from clerk_app.desktop.search_page import SearchPage


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
        while window.isVisible():
            QTest.qWait(10)
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


#: Frames of each way to scroll.
_FRAMES = 300


def scroll() -> None:
    """All settlements of a large office in the list; each frame is an event, and everything until it is painted.

    The next lines are read beside the window meanwhile. Where a way to scroll has come to the last line that is there,
    the next frame waits for more, as a clerk does.
    """
    from dataclasses import replace
    from datetime import datetime

    from office_of_any_size import PASSWORD
    from PySide6.QtTest import QTest

    from clerk_app.counter.desk import Desk
    from clerk_app.desktop.application import dress
    from clerk_app.desktop.main_window import SEARCH, MainWindow
    from clerk_app.desktop.reading import looks_under_way
    from clerk_app.ledger.ledger import open_ledger
    from clerk_app.policy.shelf import load_shelf
    from clerk_app.settings import Settings

    settings = Settings(area_code="360000")
    application = QApplication(["bench"])
    dress(application, settings)

    def later() -> datetime:
        return datetime(2030, 1, 2, 9).astimezone()

    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(sys.argv[2]), "990100", later)
        ledger.sign_in("li", PASSWORD)
        place = Path(folder)
        desk = Desk(settings, ledger, load_shelf(), later, place, place, load_shelf, is_practice=True)
        window = MainWindow(replace(settings))
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        window.furnish()
        window.use_desk(desk)
        while not window.claim.is_prepared():
            QTest.qWait(10)
        window.go_to(SEARCH)
        page = window.pages.search
        assert page is not None
        page.table.setFocus()
        # What is measured is the scrolling: the list is on the screen by then, with what is beside it.
        while not page.claims.rowCount() or looks_under_way():
            QTest.qWait(10)
        for name, act in _ways_to_scroll(page.table):
            frames = [_frame(application, act) for _round in range(_FRAMES) if _waits_for_lines(page)]
            figures = [figure for clock in zip(*frames, strict=True) for figure in (_middle(clock), _late(clock))]
            print(name, *(f"{figure:.3f}" for figure in figures), page.claims.rowCount(), sep="\t")
        window.close()
        while window.isVisible():
            QTest.qWait(10)
        desk.close()


def _frame(application: QApplication, act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and what the window's thread worked of them."""
    start, worked = time.perf_counter(), time.thread_time()
    act()
    application.processEvents()
    return (time.perf_counter() - start) * 1000, (time.thread_time() - worked) * 1000


def _middle(clock: Sequence[float]) -> float:
    return statistics.median(clock)


def _late(clock: Sequence[float]) -> float:
    """What one frame in a hundred exceeds."""
    return sorted(clock)[len(clock) * 99 // 100]


def _waits_for_lines(page: SearchPage) -> bool:
    """Let the lines come that are being read, where the list is at its end."""
    from PySide6.QtTest import QTest

    bar = page.table.verticalScrollBar()
    while bar.value() == bar.maximum() and page.claims.is_reading():
        QTest.qWait(1)
    return True


def _ways_to_scroll(table: QTableView) -> list[tuple[str, Callable[[], object]]]:
    from PySide6.QtTest import QTest

    def turn() -> None:
        """Turn the wheel by three notches, as a quick finger does between two frames."""
        place = QPointF(table.viewport().rect().center())
        event = QWheelEvent(
            place,
            table.viewport().mapToGlobal(place),
            QPoint(),
            QPoint(0, -360),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(table.viewport(), event)

    keys = (("Down", Qt.Key.Key_Down), ("PageDown", Qt.Key.Key_PageDown), ("End", Qt.Key.Key_End))
    pressed = [(name, partial(QTest.keyClick, table, key)) for name, key in keys]
    ends = cycle((Qt.Key.Key_Home, Qt.Key.Key_End))
    return [("wheel", turn), *pressed, ("Home, End", lambda: QTest.keyClick(table, next(ends)))]


if __name__ == "__main__":
    {"empty": empty, "first-paint": first_paint, "keystroke": keystroke, "scroll": scroll}[sys.argv[1]]()
