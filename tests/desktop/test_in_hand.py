"""F8, F11 and the keys of printing mean the record in hand, whatever was settled at this window before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.voucher_window import VoucherWindow
from clerk_app.desktop.year_card_window import YearCardWindow
from tests.desktop.hands import LI, Hands, change_user, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER

CTRL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND = (f"360000-2026-{number:06d}" for number in (1, 2))


def papers() -> list[str]:
    """The vouchers that are open on the screen."""
    windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, VoucherWindow) and each.isVisible()]
    return [each.papers.settlement.voucher_number for each in windows]


@pytest.fixture
def two_persons(window: MainWindow, hands: Hands) -> Hands:
    """One claim is settled, another person's is typed."""
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    assert FIRST in window.claim.done_strip.text()
    hands.person(LI, "李四示例")
    hands.receipt("B1", "900")
    assert hands.keep()
    return hands


def test_f8_in_the_same_moment_as_f9_shows_the_paper_that_f9_makes(window: MainWindow, two_persons: Hands) -> None:
    hands = two_persons
    hands.is_patient = False
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F8)
    assert papers() == [], "not the paper of the person before"
    rest()
    until(lambda: bool(papers()))

    assert papers() == [SECOND]
    window.beside.close_all()
    until(lambda: not papers())
    hands.press(Qt.Key.Key_F8)
    assert papers() == [SECOND]
    window.beside.close_all()


def test_f8_behind_an_f9_that_settles_nothing_shows_nothing(window: MainWindow, two_persons: Hands) -> None:
    hands = two_persons
    hands.receipt("B2", "12.345")
    hands.is_patient = False
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F8)
    rest()

    assert "12.345" in window.claim.notice.text()
    assert papers() == []
    # What is settled in the end is not shown unasked either.
    hands.is_patient = True
    window.claim.table.go_to(1, "total")
    hands.fields("12.34")
    hands.press(Qt.Key.Key_F9)
    assert SECOND in window.claim.done_strip.text()
    assert papers() == []


def test_in_the_lists_of_payment_the_paper_is_that_of_the_line_in_hand(
    window: MainWindow, two_persons: Hands, desk: Desk
) -> None:
    hands = two_persons
    hands.press(Qt.Key.Key_F9)
    change_user(window, desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([FIRST, SECOND])
    change_user(window, desk, FINANCE)
    hands.press(Qt.Key.Key_4, CTRL)
    payment = window.pages.payment
    assert payment is not None
    assert payment.due.table.current() is not None

    hands.press(Qt.Key.Key_F8)
    until(lambda: bool(papers()))
    assert papers() == [FIRST]
    window.beside.close_all()
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_F11)
    until(lambda: any(isinstance(each, YearCardWindow) for each in QApplication.topLevelWidgets()))
    (card,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, YearCardWindow))
    rest()
    assert "李四示例" in card.title.text()
    window.beside.close_all()


def test_on_a_page_without_a_record_it_is_said_there_what_to_do(window: MainWindow, hands: Hands, desk: Desk) -> None:
    change_user(window, desk, CLERK)
    hands.press(Qt.Key.Key_4, CTRL)
    hands.press(Qt.Key.Key_F8)

    payment = window.pages.payment
    assert payment is not None
    assert "选定一张已结算的单据" in payment.notice.text()
    assert payment.notice.isVisible()


def test_while_the_next_person_is_in_hand_the_keys_do_not_mean_the_paper_of_the_one_before(
    window: MainWindow, two_persons: Hands
) -> None:
    hands, claim = two_persons, window.claim
    assert claim.done_strip.text().startswith("上一份：")
    for key, modifiers in ((Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_P, CTRL), (Qt.Key.Key_S, CTRL)):
        hands.press(key, modifiers)
        assert papers() == []
        assert "还没有结算" in claim.notice.text()
    before = claim.strips.last_settlement
    assert before is not None
    first = claim.done_strip.findChildren(QPushButton)[1]
    assert first.text() == "预览", "the button still has it, and names no key"
    hands.click(first)
    assert papers() == [before.voucher_number]
    window.beside.close_all()


def test_no_paper_comes_up_for_whoever_has_left(window: MainWindow, two_persons: Hands) -> None:
    hands = two_persons
    hands.is_patient = False
    with slow() as ledger:
        hands.press(Qt.Key.Key_F9)
        hands.press(Qt.Key.Key_F8)
        window.leaving.leave_desk()
        ledger.answer()
        until(lambda: window.desk is None)
        rest()
    assert papers() == []
