from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from clerk_app.desktop.column_widths import shares
from clerk_app.desktop.lists import Column, LinesTable

pytestmark = pytest.mark.usefixtures("dressed")

LONG = "𠮷䶮㛃·阿卜杜热西提·买买提示例"


@pytest.mark.parametrize(
    ("needs", "room", "expected"),
    [
        ((100, 200), 300, (100, 200)),
        ((100, 200), 361, (130, 231)),
        ((100, 200), 240, (100, 140)),
        ((200, 200), 240, (120, 120)),
        ((100, 200), 90, (80, 80)),
    ],
)
def test_room_goes_to_what_needs_it_and_no_column_vanishes(
    needs: tuple[int, int], room: int, expected: tuple[int, int]
) -> None:
    found = shares(dict(enumerate(needs)), {0: 80, 1: 80}, room)
    assert (found[0], found[1]) == expected


def test_a_long_name_is_whole_as_long_as_there_is_room_for_it(qtbot: QtBot) -> None:
    short: list[Column[str]] = [Column(title, 60, lambda _line: "短", shares=True) for title in ("收款人", "开户银行")]
    table: LinesTable[str] = LinesTable((Column("姓名", 60, str, shares=True), *short), "单据", str)
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show()
    table.show_lines(["张三"])
    even = table.columnWidth(0)
    table.show_lines([LONG])
    needed = table.sizeHintForColumn(0)
    assert even < needed <= table.columnWidth(0)
    assert sum(map(table.columnWidth, range(3))) == table.viewport().width()

    table.resize(needed, 200)
    assert 60 < table.columnWidth(0) < needed, "a narrow window cuts it, and gives no column nothing"
