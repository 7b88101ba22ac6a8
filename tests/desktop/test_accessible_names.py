"""Every control of every screen says to a screen reader what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.desktop.fields import MoneyField
from clerk_app.desktop.pieces import FieldGrid
from tests.desktop.naming import controls, unsaid
from tests.desktop.tour import Tour, busy_office, settle_down


@pytest.mark.usefixtures("dressed")
def test_every_control_of_every_screen_has_a_name_of_its_own_and_a_role(tmp_path: Path) -> None:
    desk = busy_office(tmp_path)
    tour = Tour(desk, 1366, 740)
    found: dict[str, str] = {}
    heard = 0
    try:
        for name, screen in tour.screens():
            heard += len(list(controls(screen)))
            for words in unsaid(screen):
                found.setdefault(words, name)
    finally:
        tour.close()
        desk.close()
    assert [f"{name}: {words}" for words, name in found.items()] == []
    assert heard > 800


@pytest.fixture
def window(qtbot: QtBot, dressed: QApplication) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    assert dressed is not None
    return made


@pytest.fixture
def sheet(window: QWidget) -> QLayout:
    found = window.layout()
    assert found is not None
    return found


def heard_on(sheet: QLayout) -> str:
    settle_down()
    return "\n".join(unsaid(sheet.parentWidget()))


def test_a_labelled_field_has_its_label_as_its_name(sheet: QLayout) -> None:
    grid = FieldGrid()
    grid.add_field(0, 0, "总额", MoneyField())
    sheet.addLayout(grid)
    assert heard_on(sheet) == ""


@pytest.mark.parametrize("control", [QLineEdit, QPushButton, QCheckBox])
def test_a_control_without_a_name_is_found(sheet: QLayout, control: type[QWidget]) -> None:
    sheet.addWidget(control())
    assert f"{control.__name__} in QWidget has no name" in heard_on(sheet)


def test_a_sign_alone_is_no_name_and_a_name_is_given_once(sheet: QLayout) -> None:
    sheet.addWidget(QPushButton("＋"))
    assert "has no name" in heard_on(sheet)
    for _time in range(2):
        field = QLineEdit()
        field.setAccessibleName("密码")
        sheet.addWidget(field)
    assert "2 × EditableText are all named '密码'" in heard_on(sheet)
