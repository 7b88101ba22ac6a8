from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clerk_app.desktop.fields import (
    ChoiceBox,
    CodeField,
    DateField,
    IdField,
    MoneyField,
    NoInputMethodLineEdit,
    ScanField,
    TextField,
)
from clerk_app.desktop.style import apply_style

TODAY = date(2026, 11, 22)


def dates() -> DateField:
    return DateField(lambda: TODAY)


def takes_input_methods(field: QLineEdit) -> bool:
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(field, query)
    return bool(query.value(Qt.InputMethodQuery.ImEnabled))


@pytest.mark.parametrize("make", [MoneyField, IdField, CodeField, dates, ScanField])
def test_no_input_method_touches_numbers_codes_dates_and_scans(
    qtbot: QtBot, make: Callable[[], NoInputMethodLineEdit]
) -> None:
    field = make()
    qtbot.addWidget(field)

    assert not takes_input_methods(field)
    qtbot.keyClicks(field, "12.5")
    assert field.text() == "12.5"


def test_words_are_typed_with_an_input_method(qtbot: QtBot) -> None:
    field = TextField()
    qtbot.addWidget(field)

    assert takes_input_methods(field)


def test_money_stands_at_the_right_with_separators_once_it_is_left(qtbot: QtBot) -> None:
    field, other = MoneyField(), TextField()
    for each in (field, other):
        qtbot.addWidget(each)
        each.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)

    qtbot.keyClicks(field, "1234.5+20")
    field.clearFocus()
    assert field.text() == "1,254.50"
    assert field.alignment() & Qt.AlignmentFlag.AlignRight
    field.setFocus()
    assert field.text() == "1254.50"
    qtbot.keyClicks(field, "1.234")
    field.clearFocus()
    assert field.text() == "1.234"


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("t", "2026-11-22"),
        ("t-", "2026-11-21"),
        ("+", "2026-11-23"),
        ("520++", "2026-05-22"),
        ("2023-05-20", "2023-05-20"),
        ("5.20", "5.20"),
    ],
)
def test_days_are_stepped_and_jumped_to(qtbot: QtBot, keys: str, shown: str) -> None:
    field = dates()
    qtbot.addWidget(field)

    qtbot.keyClicks(field, keys)

    assert field.text() == shown


def test_a_scan_is_handed_over_by_its_enter(qtbot: QtBot) -> None:
    field = ScanField()
    qtbot.addWidget(field)

    with qtbot.waitSignal(field.scanned) as scan:
        qtbot.keyClicks(field, "0012345678\r")

    assert scan.args == ["0012345678"]
    assert field.text() == ""


def test_a_choice_keeps_its_value_when_others_are_offered(qtbot: QtBot) -> None:
    box = ChoiceBox([("一", 1), ("二", 2)])
    qtbot.addWidget(box)
    box.choose(2)

    box.offer([("零", 0), ("二", 2)])
    assert box.value() == 2
    box.choose(9)
    assert box.value() == 0


def test_the_arrow_of_a_choice_grows_with_the_type(qtbot: QtBot, dressed: QApplication) -> None:
    def arrow_width() -> int:
        box = ChoiceBox([("", "")])
        qtbot.addWidget(box)
        box.resize(box.sizeHint())
        box.show()
        drawn = box.grab().toImage()
        inside = range(4, drawn.width() - 4), range(4, drawn.height() - 4)
        dark = [x for x in inside[0] if any(drawn.pixelColor(x, y).lightness() < 160 for y in inside[1])]
        return dark[-1] - dark[0] + 1

    usual = arrow_width()
    apply_style(dressed, 200)
    try:
        assert arrow_width() >= 2 * usual - 2 > 12
    finally:
        apply_style(dressed)
