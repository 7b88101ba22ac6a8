"""A switch shows what would be paid, and changes nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.desktop.main_window import MainWindow
from tests.desktop.hands import Hands

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def claim(qtbot: QtBot, window: MainWindow, hands: Hands) -> Hands:
    """Hands over a claim that pays 200.00 of 1000.00 at a tertiary hospital."""
    hands.person()
    hands.receipt()
    qtbot.waitUntil(window.claim.explanation.alternatives.isVisible)
    return hands


def test_a_click_shows_what_would_be_paid_and_another_the_claim_again(window: MainWindow, claim: Hands) -> None:
    switch = next(each for each in window.claim.explanation.alternatives.switches if "为一级" in each.text())
    field = claim.focused()
    claim.click(switch)
    assert window.claim.panel.fund.text() == "240.00"
    assert window.claim.panel.badge.text() == "假设·支付"
    assert claim.focused() is field, "the keyboard stays where it is"
    claim.click(switch)

    assert window.claim.panel.fund.text() == "200.00"
    assert window.claim.panel.badge.text() == "支付"


def test_a_key_goes_through_them_all_and_back(window: MainWindow, claim: Hands) -> None:
    count = len(window.claim.explanation.alternatives.text().splitlines())
    seen = set()
    for _step in range(count):
        claim.press(Qt.Key.Key_I, CONTROL)
        assert window.claim.panel.badge.text().startswith("假设")
        seen.add(window.claim.panel.fund.text())
    assert "240.00" in seen
    claim.press(Qt.Key.Key_I, CONTROL)

    assert window.claim.panel.badge.text() == "支付"


def test_typing_and_settling_are_of_the_claim_itself(window: MainWindow, claim: Hands) -> None:
    claim.press(Qt.Key.Key_I, CONTROL)
    claim.press(Qt.Key.Key_F7)
    claim.type("A2")
    assert window.claim.panel.badge.text() == "未录完"
    window.claim.table.remove_current_line()
    claim.press(Qt.Key.Key_I, CONTROL)
    claim.press(Qt.Key.Key_F9)

    settlement = window.claim.paper_wanted()
    assert settlement is not None
    assert settlement.fund_fen == 20000
