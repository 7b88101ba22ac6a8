"""What the ledger could not be asked is neither guessed nor settled, and is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop.main_window import MainWindow
from tests.desktop.hands import LI, ZHANG, Hands, rest

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
    rest()
    assert len(desk.ledger.search("", 10)) == 2


def test_a_bill_that_is_held_is_seen_before_its_refusal_is_recorded(
    window: MainWindow, hands: Hands, desk: Desk, settled: str
) -> None:
    """A table is pasted and F9 follows at once: nobody has asked yet what became of its bills."""
    claim = window.claim
    hands.person(LI, "李四示例")
    hands.press(Qt.Key.Key_F7)
    hands.is_patient = False
    QGuiApplication.clipboard().setText("A1\t520\t北京某医院\t3\t\t1000\n")
    hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_F9)
    rest()

    assert "再按一次 F9" in claim.notice.text()
    assert settled in "".join(label.text() for label in claim.explanation.findChildren(QLabel))
    assert len(desk.ledger.search("", 10)) == 1
    hands.press(Qt.Key.Key_F9)
    rest()
    assert len(desk.ledger.search("", 10)) == 2
