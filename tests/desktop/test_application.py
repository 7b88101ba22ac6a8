from __future__ import annotations

import subprocess
import sys

import PySide6
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from clerk_app.desktop.application import FAMILIES, add_rare_font


def test_pyside_is_none_that_aborts_on_this_python() -> None:
    version = tuple(int(part) for part in PySide6.__version__.split(".")[:2])

    assert sys.version_info >= (3, 12) or version < (6, 12)


def test_both_fonts_are_the_programs_own(dressed: QApplication) -> None:
    add_rare_font()

    assert set(FAMILIES) <= set(QFontDatabase.families())
    assert dressed.font().families() == list(FAMILIES)


@pytest.mark.usefixtures("dressed")
def test_qts_own_words_are_chinese() -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)

    assert buttons.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"


#: What the window does without until it has been painted: the many names of one namespace, and whatever is heavy.
BEFORE_THE_FIRST_PAINT = """
import sys
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication
from clerk_app.desktop.application import dress
from clerk_app.desktop.main_window import MainWindow
from clerk_app.settings import Settings

application = QApplication([])
dress(application, Settings())
window = MainWindow(Settings())

def painted():
    print("Qt" in vars(QtCore), sorted({"sqlalchemy", "reportlab", "openpyxl", "pypinyin"} & set(sys.modules)))
    application.exit()

window.painted.connect(painted)
window.show()
application.exec()
"""


def test_the_first_paint_waits_for_nothing_heavy() -> None:
    command = [sys.executable, "-c", BEFORE_THE_FIRST_PAINT]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() == ["False", "[]"]
