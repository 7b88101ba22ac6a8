"""Where the window has less room than a page needs, the page scrolls; nothing is squeezed or out of reach."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.desktop.help_window import HelpWindow
from clerk_app.desktop.main_window import CLAIM, MainWindow
from clerk_app.desktop.style import apply_style
from tests.desktop.hands import Hands, change_user, until
from tests.ledger.office import REVIEWER


def squeezed(page: QWidget) -> list[str]:
    """Fields and buttons that are lower than they can be, or lie over one another."""
    shown = [each for kind in (QLineEdit, QPushButton) for each in page.findChildren(kind) if each.isVisible()]
    found = [each.accessibleName() or each.text() for each in shown if each.height() < each.minimumSizeHint().height()]
    for one, other in combinations(shown, 2):
        if one.parentWidget() is other.parentWidget() and one.geometry().intersects(other.geometry()):
            found.append(f"{one.accessibleName() or one.text()} over {other.accessibleName() or other.text()}")
    return found


def is_in_sight(widget: QWidget) -> bool:
    """Whether all of its height is on the screen; a line may be wider than that."""
    return widget.visibleRegion().boundingRect().height() == widget.height()


@pytest.fixture
def reversing(window: MainWindow, hands: Hands) -> Hands:
    """A settlement is to be taken back, and why is asked."""
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F4)
    hands.press(Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    search = window.pages.search
    assert search is not None
    until(search.reversal.isVisible)
    return hands


def test_a_page_that_needs_more_room_scrolls_and_follows_the_keyboard(window: MainWindow, reversing: Hands) -> None:
    search, room = window.pages.search, window.page_room
    assert search is not None
    assert (room.verticalScrollBar().maximum(), room.horizontalScrollBar().maximum()) == (0, 0), "it fits"
    window.resize(1024, 420)
    window.setMinimumSize(1024, 420)
    window.resize(1024, 420)
    until(lambda: room.verticalScrollBar().maximum() > 0)

    assert squeezed(search) == []
    search.text.setFocus()
    while reversing.focused() is not search.reversal.confirm:
        reversing.press(Qt.Key.Key_Tab)
    assert is_in_sight(search.reversal.confirm)
    # A key that goes somewhere else is followed like Tab.
    reversing.press(Qt.Key.Key_F4)
    assert is_in_sight(search.text)
    reversing.press(Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(search.reversal.reason.hasFocus)
    until(lambda: is_in_sight(search.reversal.reason))
    # The claim scrolls by itself; what a page behind it needs is no matter.
    window.go_to(CLAIM)
    until(lambda: room.verticalScrollBar().maximum() == 0)


def test_with_the_largest_type_a_small_display_has_every_field(
    window: MainWindow, reversing: Hands, desk: Desk, dressed: QApplication
) -> None:
    change_user(window, desk, REVIEWER)
    apply_style(dressed, 200)
    try:
        window.resize(1600, 820)
        reversing.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        review = window.pages.review
        assert review is not None
        until(lambda: bool(review.table.lines()))
        QTest.qWait(50)
        assert review.reason.minimumSizeHint().height() > 40
        assert squeezed(review) == []
        reversing.press(Qt.Key.Key_F1)
        help_window = window.findChild(HelpWindow)
        assert help_window is not None
        assert help_window.width() <= window.width()
        assert help_window.height() <= window.height()
        help_window.close()
    finally:
        apply_style(dressed)


def test_what_a_page_says_is_said_above_it_as_long_as_it_is_scrolled_away(window: MainWindow, reversing: Hands) -> None:
    search, room = window.pages.search, window.page_room
    assert search is not None
    window.setMinimumSize(1024, 420)
    window.resize(1024, 420)
    until(lambda: room.verticalScrollBar().maximum() > 0)
    search.reversal.confirm.setFocus()
    search.notice.say("这张单据已经冲正。", "refusal")
    until(lambda: room.said_again() == "这张单据已经冲正。")
    assert is_in_sight(search.reversal.confirm), "what is in hand is not pushed out of sight"

    reversing.press(Qt.Key.Key_F4)
    until(lambda: room.said_again() == "")
    assert is_in_sight(search.notice)

    search.reversal.confirm.setFocus()
    until(lambda: room.said_again() != "")
    window.go_to(CLAIM)
    until(lambda: room.said_again() == "")
