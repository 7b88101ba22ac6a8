#!/usr/bin/env python3
"""Counts the keys of the usual job: a returning person with three receipts, from the empty form to the settlement.

    xvfb-run -a .venv/bin/python packaging/keystrokes.py        (or with QT_QPA_PLATFORM=offscreen)

A real window over the practice office is typed in, without a mouse and without a scanner. What stands on the papers
alone, the numbers of bills and their amounts, is typed too and not counted; every other key is, Enter included.
Ends with 1 when there are more than the bar.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from clerk_app.counter.offices import ledger_path  # noqa: E402 -- found through the path above
from clerk_app.counter.opening import open_desk  # noqa: E402
from clerk_app.counter.practice import CLERK, PASSWORD, found_practice_office  # noqa: E402
from clerk_app.desktop.application import dress  # noqa: E402
from clerk_app.desktop.main_window import MainWindow  # noqa: E402
from clerk_app.desktop.reading import looks_under_way  # noqa: E402
from clerk_app.desktop.tasks import acts  # noqa: E402
from clerk_app.ledger.pinyin import letters_of  # noqa: E402
from clerk_app.settings import PRACTICE_OFFICE, Settings  # noqa: E402

BAR = 60
AREA = "360000"
#: 张三示例, whom the practice office has settled before.
RETURNING = "zssl"
SETTINGS = Settings(office=PRACTICE_OFFICE, area_code=AREA)
NO_MODIFIER, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def morning() -> datetime:
    """The practice day."""
    return datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 -- the office's local time


class Keyboard:
    """Presses keys in a window, wherever the keyboard is, and counts them step by step."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.counted: dict[str, int] = {}
        self.own = 0

    def step(self, name: str) -> None:
        """What the next keys are for."""
        self.counted[name] = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """One key."""
        QTest.keyClick(self._window.windowHandle(), key, modifiers)
        self._count(1)

    def enter(self, times: int = 1) -> None:
        """Enter."""
        for _time in range(times):
            self.press(Qt.Key.Key_Return)

    def type(self, text: str) -> None:
        """Letters and digits that are no number and no amount: dates, letters of names."""
        self._send(text)
        self._count(len(text))

    def copy(self, text: str) -> None:
        """A bill's number or an amount, as the paper has it."""
        self._send(text)
        self.own += len(text)

    def _send(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self._window.windowHandle(), letter)

    def _count(self, keys: int) -> None:
        self.counted[next(reversed(self.counted))] += keys


def enter_claim(window: MainWindow, keyboard: Keyboard) -> None:
    """What the clerk does, the papers in hand."""
    keyboard.step("the person, by the first letters of the name")
    keyboard.type(RETURNING)
    keyboard.enter()
    # Whoever types looks up whether it is the right person.
    while looks_under_way():
        QTest.qWait(1)
    keyboard.step("first receipt: day, the hospital of the last claim, amounts")
    keyboard.copy("0061234501")
    keyboard.enter()
    keyboard.type("520")
    keyboard.enter()
    keyboard.type("+")
    keyboard.copy("326.50")
    keyboard.enter()
    keyboard.copy("20")
    keyboard.enter(3)
    keyboard.step("second receipt: day, the same hospital, amounts")
    keyboard.copy("0061234502")
    keyboard.enter()
    keyboard.type("521")
    keyboard.enter()
    keyboard.copy("188.00")
    keyboard.enter(4)
    keyboard.step("third receipt: day, another hospital by its letters, amounts")
    keyboard.copy("0061234503")
    keyboard.enter()
    keyboard.type("603")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.type(letters_of_another(window))
    keyboard.enter()
    keyboard.copy("412.30")
    keyboard.enter(4)
    keyboard.step("the papers that an ordinary visit brings, and the settlement")
    keyboard.press(Qt.Key.Key_M, CONTROL)
    keyboard.press(Qt.Key.Key_F9)


def letters_of_another(window: MainWindow) -> str:
    """What a clerk types for a hospital that is not the one before: four letters of what tells it from others."""
    before = window.claim.entry.draft.receipts[0].hospital
    names = (place.name for place in window.claim.table.places.institutions)
    name = next(name for name in names if name != before)
    return "".join(letters[0] for letters in letters_of(name))[3:7]


def main() -> int:
    """Type it, print the count; returns 0 within the bar."""
    application = QApplication(["keystrokes"])
    dress(application, SETTINGS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = ledger_path(PRACTICE_OFFICE, Path(folder))
        path.parent.mkdir(parents=True, exist_ok=True)
        found_practice_office(path, morning)
        desk = open_desk(SETTINGS, Path(folder), morning)
        desk.ledger.sign_in(CLERK.login, PASSWORD)
        window = MainWindow(SETTINGS)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        window.furnish()
        window.use_desk(desk)
        while not window.claim.table.places.institutions:
            QTest.qWait(10)
        keyboard = Keyboard(window)
        enter_claim(window, keyboard)
        while acts().is_busy():
            QTest.qWait(5)
        settlement = window.claim.paper_wanted()
        said = window.claim.done_strip.text() or window.claim.notice.text()
        window.close()
        while window.isVisible():
            QTest.qWait(5)
        desk.close()
    return _report(keyboard, settlement is not None and len(settlement.receipts) == 3, said)


def _report(keyboard: Keyboard, is_settled: bool, said: str) -> int:
    for name, keys in keyboard.counted.items():
        print(f"{keys:4}  {name}")
    total = sum(keyboard.counted.values())
    print(f"{total:4}  keystrokes beyond the {keyboard.own} of numbers and amounts (bar {BAR})")
    print(said)
    if not is_settled:
        print("nothing was settled: the keys went astray")
    return 0 if is_settled and total <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
