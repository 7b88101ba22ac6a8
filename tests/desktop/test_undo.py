"""Ctrl+Z takes back the keys of a field, then step by step what was typed before; Ctrl+Y brings it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from clerk_app.desktop.main_window import SEARCH, MainWindow
from clerk_app.desktop.receipts_model import COLUMN_OF
from tests.desktop.hands import ZHANG, Hands, open_page

CONTROL = Qt.KeyboardModifier.ControlModifier


def shown(window: MainWindow, row: int, key: str) -> str:
    return str(window.claim.table.receipts.index(row, COLUMN_OF[key]).data())


def undo(hands: Hands) -> None:
    hands.press(Qt.Key.Key_Z, CONTROL)


def redo(hands: Hands) -> None:
    hands.press(Qt.Key.Key_Y, CONTROL)


def test_a_removed_receipt_comes_back_with_all_of_it(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt("A1", "1000", "50")
    window.claim.table.go_to(0, "number")
    hands.press(Qt.Key.Key_Delete, CONTROL)
    assert shown(window, 0, "number") == ""
    undo(hands)

    assert (shown(window, 0, "number"), shown(window, 0, "self_funded")) == ("A1", "50.00")
    assert window.claim.panel.fund.text() == "175.00"
    redo(hands)
    assert shown(window, 0, "number") == ""


def test_a_field_takes_its_own_keys_back_first(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.into(claim.person.phone, "138")
    hands.into(claim.person.name, "张三示例")
    undo(hands)
    assert claim.person.name.text() == ""
    assert claim.draft.person.name == ""
    assert claim.person.phone.text() == "138"
    undo(hands)
    undo(hands)

    assert claim.person.phone.text() == ""
    assert hands.focused() is claim.person.name, "the keyboard stays where it is"


def test_a_person_who_was_chosen_is_taken_back_whole(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    hands.fields(ZHANG)
    assert claim.entry is not None
    assert claim.entry.insured.record is not None
    for _step in range(3):
        undo(hands)

    assert claim.person.name.text() == ""
    assert claim.entry.insured.record is None
    assert claim.draft.filings[0].category is None


def test_nothing_is_taken_back_of_the_claim_before(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    undo(hands)

    assert window.claim.draft.is_blank()
    assert "没有可以撤销" in window.claim.notice.text()


def test_on_another_page_the_claim_is_left_alone(window: MainWindow, hands: Hands) -> None:
    hands.into(window.claim.person.name, "张三示例")
    hands.into(window.claim.person.phone, "138")
    open_page(window, SEARCH)
    undo(hands)

    assert window.pages.currentWidget() is not window.claim
    assert window.claim.person.name.text() == "张三示例"


@pytest.mark.parametrize("steps", [1, 5, 40])
def test_after_any_number_of_steps_the_keyboard_is_somewhere(window: MainWindow, hands: Hands, steps: int) -> None:
    hands.person()
    hands.receipt("A1", "1000")
    hands.receipt("A2", "300")
    for _step in range(steps):
        undo(hands)
        assert window.claim.isAncestorOf(hands.focused())
    for _step in range(steps):
        redo(hands)

    assert shown(window, 1, "number") == "A2"
    assert window.claim.panel.fund.text() == "350.00"
