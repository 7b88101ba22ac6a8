"""Cells are left and brought back by the keys that every table has."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.receipts_model import COLUMNS
from tests.desktop.hands import Hands


def column(window: MainWindow) -> str:
    return COLUMNS[window.claim.table.currentIndex().column()].key


@pytest.fixture
def in_total(window: MainWindow, hands: Hands) -> Hands:
    """A receipt is typed, and the keyboard is in its total."""
    hands.person()
    hands.receipt("A1", "199.80")
    window.claim.table.go_to(0, "total")
    return hands


def test_escape_brings_back_what_a_cell_held(window: MainWindow, in_total: Hands) -> None:
    claim = window.claim
    fund = claim.panel.fund.text()
    in_total.type("55")
    assert claim.draft.receipts[0].total == "55"
    in_total.press(Qt.Key.Key_Escape)
    assert claim.draft.receipts[0].total == "199.80"
    assert claim.panel.fund.text() == fund
    in_total.enter()
    assert column(window) == "self_funded"
    assert claim.draft.receipts[0].total == "199.80"


def test_left_and_right_leave_an_empty_cell_and_move_the_cursor_in_a_full_one(
    window: MainWindow, in_total: Hands
) -> None:
    in_total.enter()
    assert column(window) == "self_funded"
    in_total.press(Qt.Key.Key_Left)
    assert column(window) == "total"
    in_total.press(Qt.Key.Key_Left)
    assert column(window) == "total"
    in_total.enter()
    in_total.press(Qt.Key.Key_Right)
    assert column(window) == "over_limit"


def test_escape_brings_back_a_choice(window: MainWindow, in_total: Hands) -> None:
    claim = window.claim
    claim.table.go_to(0, "tier")
    before = claim.draft.receipts[0].tier
    in_total.press(Qt.Key.Key_Down)
    assert claim.draft.receipts[0].tier != before
    in_total.press(Qt.Key.Key_Escape)
    assert claim.draft.receipts[0].tier == before
