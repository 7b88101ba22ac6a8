"""Blocks, rows and forms where the room is wide, narrow, and wide again."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.reading import Place
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.folding_grid import EvenGrid, FoldingGrid
from tests.desktop.fitting import misfits
from tests.desktop.tour import settle_down


@pytest.fixture
def sheet(qtbot: QtBot, dressed: QApplication) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.setLayout(QVBoxLayout())
    assert dressed.topLevelAt is not None
    return made


def put(sheet: QWidget, width: int) -> None:
    sheet.resize(width, 400)
    sheet.show()
    settle_down()
    assert sheet.width() == width, "it can be as narrow as that"
    assert misfits(sheet) == []


def column(sheet: QWidget) -> QVBoxLayout:
    layout = sheet.layout()
    assert isinstance(layout, QVBoxLayout)
    return layout


def tops(*widgets: QWidget) -> list[int]:
    return [widget.mapToGlobal(widget.rect().topLeft()).y() for widget in widgets]


def test_blocks_stand_side_by_side_where_they_fit_and_else_one_below_the_other(sheet: QWidget) -> None:
    left, right = QLabel("收款账户" * 6), QLabel("报盘" * 6)
    blocks = Beside()
    blocks.add_block(left, 1)
    blocks.add_block(right, 1, least=300)
    column(sheet).addLayout(blocks)
    for width, is_beside in ((900, True), (500, False), (900, True)):
        put(sheet, width)
        assert (left.y() == right.y()) is is_beside, width


def test_a_hidden_block_takes_no_room(sheet: QWidget) -> None:
    shown, beside, hidden = QLabel("单据"), QLabel("冲正"), QLabel("更正差额" * 20)
    blocks = Beside()
    for block in (shown, beside, hidden):
        blocks.addWidget(block)
    hidden.hide()
    column(sheet).addLayout(blocks)
    put(sheet, 200)
    assert shown.y() == beside.y()


def test_a_row_of_buttons_breaks_whole_and_is_one_row_again(sheet: QWidget) -> None:
    buttons = [QPushButton(words) for words in ("预览 F8", "打印/补打 Ctrl+P", "年度卡 F11", "冲正…")]
    row = BreakingRow(*buttons)
    column(sheet).addWidget(row)
    for width, rows in ((800, 1), (300, 2), (800, 1)):
        put(sheet, width)
        assert len(set(tops(*buttons))) == rows, width
        assert row.height() == row.minimumSizeHint().height()


def test_a_button_that_comes_into_a_full_row_begins_another(sheet: QWidget) -> None:
    first, second = QPushButton("通过  空格"), QPushButton("去冲正…")
    second.hide()
    column(sheet).addWidget(BreakingRow(first, second))
    put(sheet, first.sizeHint().width() + 40)
    before = first.parentWidget().height() if first.parentWidget() else 0
    second.show()
    settle_down()
    assert second.y() >= first.y() + first.height()
    assert second.parentWidget() is not None
    assert first.parentWidget().height() > before > 0


def test_a_row_is_not_broken_for_a_title_that_can_as_well_stand_above_it(sheet: QWidget) -> None:
    title, buttons = QLabel("990100-2026-000008"), [QPushButton(words) for words in ("预览 F8", "打印 Ctrl+P")]
    head = Beside()
    head.addWidget(title, 1)
    head.addWidget(BreakingRow(*buttons))
    column(sheet).addLayout(head)
    put(sheet, 300)
    assert len(set(tops(*buttons))) == 1
    assert tops(buttons[0])[0] > tops(title)[0]


def form() -> tuple[FoldingGrid, list[TextField]]:
    grid = FoldingGrid()
    fields = [TextField() for _place in range(4)]
    for place, (label, field) in enumerate(zip(("姓名", "证件类型", "统筹区", "联系电话"), fields, strict=True)):
        field.setMinimumWidth(160)
        grid.add_field(place // 2, place % 2, label, field, Place("person", place, "field"))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 3)
    return grid, fields


def test_a_form_folds_into_fewer_fields_in_a_line_in_the_same_order_and_unfolds(sheet: QWidget) -> None:
    grid, fields = form()
    column(sheet).addLayout(grid)
    for width, lines in ((600, 2), (300, 4), (600, 2)):
        put(sheet, width)
        found = tops(*fields)
        assert len(set(found)) == lines, width
        assert found == sorted(found)
    assert fields[1].width() > fields[0].width(), "what is left is shared as before"


def test_what_is_wrong_stands_under_its_field_in_a_folded_form_too(sheet: QWidget) -> None:
    grid, fields = form()
    column(sheet).addLayout(grid)
    grid.show_problems({Place("person", 1, "field"): "请选择证件类型。"})
    put(sheet, 300)
    said = next(label for label in sheet.findChildren(QLabel) if label.text() == "请选择证件类型。")
    assert said.x() == fields[1].x()
    assert fields[1].geometry().bottom() < said.y() < fields[2].y()


def test_boxes_take_as_many_even_lines_as_they_need_and_one_again(sheet: QWidget) -> None:
    boxes = [QCheckBox(words) for words in ("医保凭证", "收据", "病历", "费用清单", "处方", "急诊诊断证明")]
    grid = EvenGrid(len(boxes))
    for box in boxes:
        grid.add_piece(box)
    column(sheet).addLayout(grid)
    for width, lines in ((900, 1), (250, 3), (900, 1)):
        put(sheet, width)
        assert len(set(tops(*boxes))) == lines, width


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
