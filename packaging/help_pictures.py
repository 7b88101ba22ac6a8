#!/usr/bin/env python3
"""Makes the pictures of the help pages: every screen of the practice office, in each language.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/help_pictures.py [TOPIC…]

Nothing of a real office is in them: the practice office is made anew in a folder of its own, on a fixed day. Ends with
1 when a picture is larger than a help page should be.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from clerk_app.counter.help_pages import help_folder  # noqa: E402 -- found through the path above
from clerk_app.counter.offices import ledger_path  # noqa: E402
from clerk_app.counter.opening import open_desk  # noqa: E402
from clerk_app.counter.practice import PASSWORD, USERS, found_practice_office  # noqa: E402
from clerk_app.counter.sample_papers import ENTER, sample_case, steps  # noqa: E402
from clerk_app.desktop.application import add_rare_font, dress  # noqa: E402
from clerk_app.desktop.main_window import MainWindow  # noqa: E402
from clerk_app.desktop.sign_in_page import SignInPage  # noqa: E402
from clerk_app.settings import PRACTICE_OFFICE, Settings  # noqa: E402
from clerk_app.wording import use_language  # noqa: E402

LARGEST = 60_000
LANGUAGES = ("zh_CN", "en")
#: What the README shows of the window, whole and in all its colours.
OF_README = ("zh_CN", "claim")
SIZE, SHOWN_WIDTH = (1366, 740), 900
_PALETTE = 64
#: Papers and cards, which have more on them than a page of the window.
_BESIDE_WIDTH = 780
#: The guide would stand on every picture.
SETTINGS = Settings(office=PRACTICE_OFFICE, area_code="360000", guide=False)
CLERK, REVIEWER, FINANCE, ADMINISTRATOR = (user.login for user in USERS)


def morning() -> datetime:
    """The practice day."""
    return datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 -- the office's local time


class Scene:
    """A window of the practice office, and hands that press keys in it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def press(self, *keys: str) -> None:
        """Keys by their names, or texts, wherever the keyboard is."""
        for key in keys:
            target = QApplication.focusWidget() or self.window
            if key == ENTER or "+" in key[:-1] or (key[0] == "F" and key[1:].isdigit()):
                chord = QKeySequence("Return" if key == ENTER else key)[0]
                QTest.keyClick(target, chord.key(), chord.keyboardModifiers())
            else:
                QTest.keyClicks(target, key)
            QTest.qWait(20)

    def type_sample(self) -> None:
        """The sample claim, all but its settlement."""
        for step in steps(sample_case()):
            if step.keys not in (("F9",), ("F8",)):
                self.press(*step.keys)

    def beside(self) -> QWidget:
        """The window that stands beside the main one."""
        QTest.qWait(400)
        others = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not self.window]
        return max(others, key=lambda each: each.width() * each.height())


def claim(scene: Scene) -> QWidget:
    """The sample, typed."""
    scene.type_sample()
    return scene.window


def payee(scene: Scene) -> QWidget:
    """The account of the sample's person."""
    scene.type_sample()
    scene.press("Ctrl+B")
    return scene.window


def claims(scene: Scene) -> QWidget:
    """A claim that is not settled."""
    scene.type_sample()
    scene.press("Ctrl+2")
    return scene.window


def found(scene: Scene) -> QWidget:
    """All vouchers."""
    scene.press("F4", ENTER)
    return scene.window


def year_card(scene: Scene) -> QWidget:
    """The year of the sample's person."""
    scene.press(sample_case().letters, ENTER, "F11")
    return scene.beside()


def papers(scene: Scene) -> QWidget:
    """A voucher."""
    scene.press("F4", ENTER)
    QTest.qWait(200)
    scene.press("F8")
    return scene.beside()


def settings(scene: Scene) -> QWidget:
    """The settings."""
    scene.press("F10")
    return scene.beside()


def sign_in(scene: Scene) -> QWidget:
    """The way in."""
    scene.window.cover(
        SignInPage(scene.window.desk.office_name if scene.window.desk else "", [(u, PASSWORD) for u in USERS])
    )
    return scene.window


def going_to(keys: str) -> Callable[[Scene], QWidget]:
    """A page as it is when one goes there."""

    def go(scene: Scene) -> QWidget:
        scene.press(keys)
        return scene.window

    return go


#: Topic → who is signed in, and what is shown.
SCENES: dict[str, tuple[str, Callable[[Scene], QWidget]]] = {
    "claim": (CLERK, claim),
    "payee": (CLERK, payee),
    "claims": (CLERK, claims),
    "review": (REVIEWER, going_to("Ctrl+3")),
    "payment": (FINANCE, going_to("Ctrl+4")),
    "search": (CLERK, found),
    "year-card": (CLERK, year_card),
    "papers": (CLERK, papers),
    "export": (CLERK, going_to("Ctrl+6")),
    "month": (CLERK, going_to("Ctrl+Shift+3")),
    "areas": (ADMINISTRATOR, going_to("Ctrl+7")),
    "policies": (ADMINISTRATOR, going_to("Ctrl+8")),
    "users": (ADMINISTRATOR, going_to("Ctrl+9")),
    "audit": (REVIEWER, going_to("Ctrl+Shift+1")),
    "safekeeping": (ADMINISTRATOR, going_to("Ctrl+Shift+2")),
    "settings": (CLERK, settings),
    "sign-in": (CLERK, sign_in),
}


@contextmanager
def practising(login: str, language: str) -> Iterator[Scene]:
    """A practice office made anew, with somebody signed in."""
    settings = replace(SETTINGS, language=language)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        path = ledger_path(PRACTICE_OFFICE, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        found_practice_office(path, morning)
        desk = open_desk(settings, folder, morning)
        desk.ledger.sign_in(login, PASSWORD)
        window = MainWindow(settings)
        window.resize(*SIZE)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        window.furnish()
        window.use_desk(desk)
        while not (window.claim.is_prepared() and window.claim.table.places.institutions):
            QTest.qWait(10)
        yield Scene(window)
        window.beside.close_all()
        window.close()
        # The claim in hand is laid down first; a window that stayed would be taken for one beside the next.
        while window.isVisible():
            QTest.qWait(5)
        desk.close()


def keep(shown: QWidget, target: Path) -> int:
    """Write a picture of a widget, as wide as a help page; returns its bytes."""
    QTest.qWait(600)
    picture = shown.grab().toImage()
    width = SHOWN_WIDTH if shown.parentWidget() is None else _BESIDE_WIDTH
    if picture.width() > width:
        picture = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    few = picture.convertToFormat(
        QImage.Format.Format_Indexed8, colours_of(picture), Qt.ImageConversionFlag.ThresholdDither
    )
    few.save(str(target), "PNG", 0)
    return target.stat().st_size


def colours_of(picture: QImage) -> list[int]:
    """The colours that a picture has most of, at most as many as a palette holds; what is alike counts as one."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    alike: dict[int, Counter[int]] = defaultdict(Counter)
    for colour, count in Counter(memoryview(plain.constBits()).cast("I")).items():
        alike[colour & 0xF0F0F0][colour] += count
    most = sorted(alike.values(), key=lambda each: -each.total())[:_PALETTE]
    return [each.most_common(1)[0][0] | 0xFF000000 for each in most]


def main(topics: list[str]) -> int:
    """Make the pictures, or those that are named; returns 0 when none is too large."""
    application = QApplication(["help_pictures"])
    largest = 0
    for language in LANGUAGES:
        use_language(language)
        dress(application, replace(SETTINGS, language=language))
        add_rare_font()
        for topic in topics or SCENES:
            login, show = SCENES[topic]
            with practising(login, language) as scene:
                target, shown = help_folder() / language / f"{topic}.png", show(scene)
                size = keep(shown, target)
                if (language, topic) == OF_README:
                    shown.grab().save(str(help_folder() / "window.png"), "PNG", 0)
            largest = max(largest, size)
            print(f"{size:7} {target.relative_to(ROOT)}")
    return 0 if largest <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
