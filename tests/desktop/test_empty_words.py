from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.desktop.empty_words import EmptyWords
from clerk_app.desktop.lists import Column, LinesTable


def test_a_table_says_that_it_is_empty_once_it_has_been_read(qtbot: QtBot, dressed: QApplication) -> None:
    assert dressed is not None
    table: LinesTable[str] = LinesTable([Column("姓名", 0, str)], "列表", str)
    words = EmptyWords(table, "这里还没有备份。")
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    assert not words.isVisible(), "nobody knows yet"

    table.show_lines([])
    assert words.isVisible()
    assert table.accessibleDescription() == "这里还没有备份。"
    table.resize(200, 200)
    assert table.viewport().geometry().contains(words.geometry())

    table.show_lines(["张三示例"])
    assert not words.isVisible()
    assert table.accessibleDescription() == ""
