"""Two bills that may be one stand the one above the other, and the keyboard is never taken away."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clerk_app.desktop.main_window import MainWindow
from tests.desktop.hands import LI, Hands


def test_both_bills_are_seen_answered_and_settled(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    hands.person(LI, "李四示例")
    hands.press(Qt.Key.Key_F7)
    hands.fields("E777", "520", "北京某医院", "3", "1000")

    assert claim.look_alike.isVisible()
    own, other = claim.look_alike.bills()
    assert "E777" in own
    assert all(words in other for words in ("A1", "2026-05-20", "北京某医院", "1,000.00", "360000-2026-000001", "张三"))
    assert claim.table.isAncestorOf(hands.focused()), "typing goes on"

    hands.press(Qt.Key.Key_F9)
    assert "同一笔费用" in claim.notice.text()
    assert hands.focused() is claim.look_alike.answer
    hands.type("两次检查，各有报告")
    hands.press(Qt.Key.Key_F9)

    assert "360000-2026-000002" in claim.done_strip.text()
    assert not claim.look_alike.isVisible()


def test_after_the_last_receipt_the_keyboard_comes_to_the_open_answer_and_goes_on(
    window: MainWindow, hands: Hands
) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    hands.receipt("A2", "1000", answer="")
    hands.press(Qt.Key.Key_F7)
    hands.enter()
    assert hands.focused() is claim.look_alike.answer
    hands.type("两次检查")
    hands.enter()

    assert hands.focused() is claim.panel.settle


def test_the_answer_is_kept_with_the_draft(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    hands.receipt("A2", "1000", answer="")
    hands.into(claim.look_alike.answer, "两次检查")
    hands.press(Qt.Key.Key_F3)
    assert not claim.look_alike.isVisible()
    hands.click(claim.restore_button)

    assert claim.look_alike.answer.text() == "两次检查"


def test_a_line_that_is_changed_is_no_twin_any_more(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    hands.receipt("A2", "1000", answer="")
    assert claim.look_alike.isVisible()
    claim.table.go_to(1, "total")
    hands.type("999")

    assert not claim.look_alike.isVisible()
