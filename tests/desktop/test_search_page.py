"""The list of settlements: read on beside the window, a line chosen by keys, and room beside a long record."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from clerk_app.desktop.main_window import SEARCH, MainWindow
from clerk_app.desktop.search_page import SearchPage
from tests.desktop.hands import ZHANG, Hands, open_page, until

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> SearchPage:
    """Seven settlements, read two at a time; the first has eight receipts."""
    monkeypatch.setattr("clerk_app.counter.claim_search.PAGE_LENGTH", 2)
    hands.person()
    for serial in range(7):
        for row in range(8 if serial == 0 else 1):
            hands.receipt(f"{serial}{row}", f"{100 * (serial + 1) + row}")
        hands.press(Qt.Key.Key_F9)
        assert window.claim.done_strip.isVisible()
        hands.press(Qt.Key.Key_F6)
        hands.fields(ZHANG)
        hands.press(Qt.Key.Key_M, CONTROL)
    open_page(window, SEARCH)
    assert window.pages.search is not None
    return window.pages.search


def number(serial: int) -> str:
    return f"360000-2026-{serial:06}"


def test_the_lines_below_come_before_anybody_gets_there(page: SearchPage) -> None:
    until(lambda: page.claims.rowCount() == 7 and not page.claims.is_reading())
    assert [page.claims.index(row, 0).data() for row in range(7)] == [number(serial) for serial in range(7, 0, -1)]


def test_end_and_home_choose_the_last_line_and_the_first(page: SearchPage, hands: Hands) -> None:
    until(lambda: page.claims.rowCount() == 7)
    page.table.setFocus()
    hands.press(Qt.Key.Key_End)
    until(lambda: number(1) in page.panel.title.text())
    hands.press(Qt.Key.Key_Home)
    until(lambda: number(7) in page.panel.title.text())


def test_what_is_done_is_done_to_the_chosen_line_before_its_record_is_shown(page: SearchPage, hands: Hands) -> None:
    until(lambda: page.claims.rowCount() == 7)
    page.table.setFocus()
    done: list[str] = []
    page.preview_wanted.connect(lambda settlement: done.append(settlement.voucher_number))
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Down)
    hands.enter()
    assert done == [number(5)]


def test_a_long_record_leaves_room_for_the_list(window: MainWindow, page: SearchPage) -> None:
    page.look_for(number(1))
    window.resize(1366, 740)
    until(lambda: page.table.viewport().height() >= 6 * page.table.verticalHeader().defaultSectionSize())


def test_what_is_typed_is_looked_for_beside_the_window(page: SearchPage, hands: Hands) -> None:
    page.text.setFocus()
    hands.type(number(3))
    until(lambda: page.claims.rowCount() == 1)
    assert number(3) in page.panel.title.text()
