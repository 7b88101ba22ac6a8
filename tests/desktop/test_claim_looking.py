"""What the ledger could not be asked is neither guessed nor settled, and is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop.main_window import MainWindow
from tests.desktop.hands import ZHANG, Hands

AWAY = "away.db"


@pytest.fixture
def settled(window: MainWindow, hands: Hands) -> str:
    """The number of a voucher of somebody whom the register knows now."""
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    settlement = window.claim.paper_wanted()
    assert settlement is not None
    return settlement.voucher_number


@pytest.fixture
def take_away(tmp_path: Path) -> Callable[[], None]:
    """The ledger cannot be read until it is put back."""

    def away() -> None:
        (tmp_path / LEDGER_NAME).rename(tmp_path / AWAY)

    return away


def test_whose_claim_it_is_is_asked_again_before_it_is_settled(
    window: MainWindow, hands: Hands, desk: Desk, settled: str, take_away: Callable[[], None], tmp_path: Path
) -> None:
    claim = window.claim
    hands.receipt("B1", "500")
    take_away()
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)

    assert "账本" in claim.notice.text()
    assert claim.panel.fund.text() == "0.00"
    hands.press(Qt.Key.Key_F9)
    assert claim.person.name.text() == ""
    (tmp_path / AWAY).rename(tmp_path / LEDGER_NAME)
    assert [line.voucher_number for line in desk.ledger.search("", 10)] == [settled]
    hands.press(Qt.Key.Key_F9)
    assert claim.person.name.text() == "张三示例"
    assert "核对" in claim.notice.text(), "nobody has seen yet what is to be settled"
    assert len(desk.ledger.search("", 10)) == 1
    hands.press(Qt.Key.Key_F9)
    assert len(desk.ledger.search("", 10)) == 2
