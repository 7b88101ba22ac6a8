"""A form in an area that is too small for it: what the keyboard is in is seen with all that is said about it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.reading import Place
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.in_sight import SightArea
from clerk_app.desktop.pieces import FieldGrid, page_area
from tests.desktop.tour import settle_down

LAST = 19
WORDS = "请填写原因，至少四个字。"


def is_whole(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.fixture
def grid() -> FieldGrid:
    made = FieldGrid()
    for row in range(LAST + 1):
        made.add_field(row, 0, f"原因 {row}", TextField(), Place("form", row, "reason"))
    return made


@pytest.fixture
def area(qtbot: QtBot, dressed: QApplication, grid: FieldGrid) -> SightArea:
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.addLayout(grid)
    made = page_area(sheet)
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: dressed.activeWindow() is made)
    made.follow_keyboard()
    return made


def field(grid: FieldGrid, row: int) -> QWidget:
    return dict(grid.fields())[Place("form", row, "reason")]


def test_a_field_comes_into_sight_with_its_label_and_what_is_wrong_with_it(area: SightArea, grid: FieldGrid) -> None:
    grid.show_problems({Place("form", LAST - 4, "reason"): WORDS})
    settle_down()
    wrong = field(grid, LAST - 4)
    wrong.setFocus()
    settle_down()
    labels = [label for label in area.findChildren(QLabel) if label.text() in (WORDS, f"原因 {LAST - 4}")]
    assert len(labels) == 2
    assert all(map(is_whole, (wrong, *labels)))
    field(grid, 0).setFocus()
    assert is_whole(field(grid, 0))


def test_a_sentence_that_comes_later_with_the_field_in_hand_is_seen_too(area: SightArea, grid: FieldGrid) -> None:
    # As when the form is handed in: the keyboard goes to what is wrong at once, and the sentence is laid out after.
    grid.show_problems({Place("form", LAST, "reason"): WORDS})
    field(grid, LAST).setFocus()
    settle_down()
    said = next(label for label in area.findChildren(QLabel) if label.text() == WORDS)
    assert is_whole(said)


def test_what_is_in_sight_is_left_where_it_is(area: SightArea, grid: FieldGrid) -> None:
    field(grid, 5).setFocus()
    settle_down()
    before = area.verticalScrollBar().value()
    assert before > 0
    field(grid, 4).setFocus()
    settle_down()
    assert area.verticalScrollBar().value() == before


def test_what_is_larger_than_the_area_is_shown_from_its_beginning(qtbot: QtBot, dressed: QApplication) -> None:
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    above, large = QCheckBox(), QCheckBox()
    above.setFixedHeight(300)
    large.setFixedHeight(400)
    for each in (above, large):
        column.addWidget(each)
    area = page_area(sheet)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(lambda: dressed.activeWindow() is area)
    area.follow_keyboard()
    large.setFocus()
    settle_down()
    assert 0 <= large.y() - area.verticalScrollBar().value() < 20


def test_what_comes_under_the_field_in_hand_later_is_seen_too(area: SightArea, grid: FieldGrid) -> None:
    field(grid, LAST).setFocus()
    settle_down()
    grid.show_problems({Place("form", LAST, "reason"): WORDS})
    settle_down()
    assert is_whole(next(label for label in area.findChildren(QLabel) if label.text() == WORDS))


def test_where_something_else_went_at_the_same_time_it_is_seen_as_well(area: SightArea, grid: FieldGrid) -> None:
    grid.show_problems({Place("form", 0, "reason"): WORDS})
    settle_down()
    before = area.verticalScrollBar().maximum()
    grid.show_problems({Place("form", 12, "reason"): WORDS})
    field(grid, 12).setFocus()
    settle_down()
    assert area.verticalScrollBar().maximum() == before
    said = next(label for label in area.findChildren(QLabel) if label.text() == WORDS and label.isVisible())
    assert is_whole(said)
    assert is_whole(field(grid, 12))
