from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clerk_app.desktop.breaking_rows import BreakingRow


def piece(width: int, height: int) -> QWidget:
    made = QWidget()
    made.setMinimumSize(width, height)
    return made


def test_a_row_too_short_breaks_and_the_pieces_of_each_share_its_middle(qtbot: QtBot) -> None:
    high, low, last = piece(100, 30), piece(100, 20), piece(100, 30)
    row = BreakingRow(high, low, last, spacing=10)
    qtbot.addWidget(row)
    row.resize(320, 30)
    row.show()
    assert [each.geometry().getRect() for each in (high, low, last)] == [
        (0, 0, 100, 30),
        (110, 5, 100, 20),
        (220, 0, 100, 30),
    ]
    assert row.sizeHint().height() == 30

    row.resize(220, 70)
    assert [each.geometry().getRect() for each in (high, low, last)] == [
        (0, 0, 100, 30),
        (110, 5, 100, 20),
        (0, 40, 100, 30),
    ]
    assert row.sizeHint().height() == 70
