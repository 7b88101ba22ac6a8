"""The column that takes what the others leave, in a table that is too narrow for all of them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.desktop.lists import Column, LinesTable
from tests.desktop.fitting import misfits
from tests.desktop.tour import settle_down

COLUMNS = (Column("单据号", 170, str), Column("开户银行和支行的名称", 0, str), Column("账号", 190, str))


def test_its_title_is_read_whole_and_the_table_scrolls_until_there_is_room_again(
    qtbot: QtBot, dressed: QApplication
) -> None:
    table: LinesTable[str] = LinesTable(COLUMNS, "待支付列表", str)
    qtbot.addWidget(table)
    assert dressed.topLevelAt is not None
    bar = table.horizontalScrollBar()
    for width, scrolls in ((700, False), (380, True), (700, False), (300, True)):
        table.resize(width, 300)
        table.show()
        settle_down()
        assert misfits(table) == [], width
        assert (bar.maximum() > 0) is scrolls, width
