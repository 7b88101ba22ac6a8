"""Lists and words where there is little room for them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import plain_label
from tests.desktop.tour import settle_down

COLUMNS = (Column("单据号", 170, str), Column("姓名", 170, str), Column("账号", 190, str))


def test_three_lines_of_a_list_are_seen_however_little_room_there_is(qtbot: QtBot, dressed: QApplication) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    assert dressed.topLevelAt is not None
    table: LinesTable[str] = LinesTable(COLUMNS, "待支付列表", str)
    table.show_lines([str(number) for number in range(9)])
    QVBoxLayout(sheet).addWidget(table)
    sheet.resize(300, 10)
    sheet.show()
    settle_down()
    assert table.horizontalScrollBar().maximum() > 0, "the bar takes room too"
    third = table.visualRect(table.model().index(2, 0))
    assert third.bottom() < table.viewport().height()


def test_words_beside_what_is_wide_are_not_a_column_of_single_letters(qtbot: QtBot, dressed: QApplication) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    assert dressed.topLevelAt is not None
    words = plain_label("由另一人核对后装入。", wraps=True)
    row = QHBoxLayout(sheet)
    row.addWidget(words, 1)
    row.addWidget(QPushButton("核对并试算，然后等另一人装入"))
    sheet.resize(sheet.minimumSizeHint())
    sheet.show()
    settle_down()
    assert words.width() >= 90
    assert words.height() >= words.heightForWidth(words.width())
