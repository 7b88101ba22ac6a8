from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from clerk_app.desktop.key_hints import KeyHints
from clerk_app.desktop.main_window import MainWindow
from clerk_app.wording import use_language
from tests.counter.desks import SETTINGS

HINTS = ("F1 帮助", "F2 草稿", "F12 锁屏")


@pytest.fixture
def keys(qtbot: QtBot) -> KeyHints:
    keys = KeyHints("　".join(HINTS))
    qtbot.addWidget(keys)
    keys.show()
    return keys


def test_all_keys_are_shown_where_there_is_room(keys: KeyHints) -> None:
    keys.resize(keys.sizeHint())
    assert keys.text() == "　".join(HINTS)


@pytest.mark.parametrize("shown", [HINTS[:2], HINTS[:1], ()])
def test_a_key_that_would_be_cut_is_left_out(keys: KeyHints, shown: tuple[str, ...]) -> None:
    room = keys.fontMetrics().horizontalAdvance("　".join(shown))
    keys.resize(room + 1, 20)
    assert keys.text() == "　".join(shown)
    assert all(hint in keys.accessibleName() for hint in HINTS), "whoever has it read aloud hears all of them"


def test_in_another_language_they_are_left_out_one_by_one_too(qtbot: QtBot) -> None:
    use_language("en")
    try:
        window = MainWindow(SETTINGS)
        qtbot.addWidget(window)
        assert len(window.keys.accessibleName().split("　")) == 12
        assert window.keys.text().startswith("F1 Help　F2 ")
    finally:
        use_language("zh_CN")


def test_they_come_back_with_the_room(keys: KeyHints) -> None:
    room_for_all = keys.sizeHint()
    keys.resize(10, 20)
    assert keys.text() == ""
    assert keys.sizeHint().width() <= 10, "what is left out takes no room"
    keys.resize(room_for_all)
    assert keys.text() == "　".join(HINTS)


def test_the_padding_of_the_look_is_no_room_for_a_key(keys: KeyHints) -> None:
    room = keys.fontMetrics().horizontalAdvance("　".join(HINTS))
    keys.setStyleSheet("padding: 0 12px")
    keys.ensurePolished()
    keys.resize(room + 4, 20)
    assert keys.text() == "　".join(HINTS[:2])
    keys.resize(room + 40, 20)
    assert keys.text() == "　".join(HINTS)
