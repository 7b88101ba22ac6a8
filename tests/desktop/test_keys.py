"""Everything is done with the keyboard: every action has a key, and Tab goes through the page as the paper does."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop import page_buttons
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.page_buttons import button
from clerk_app.desktop.users_page import UsersPage
from tests.desktop.hands import Hands, change_user, rest
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, FINANCE, REVIEWER, User

#: Pressed behind what is typed above them: the last field's Enter, or Tab, leads there.
PART_OF_A_FORM = {
    "选择…",
    "取消",
    "保存账户",
    "确认变更",
    "确认冲正",
    "确认恢复",
    "办理更正",
    "以后再办",
    "装入",
    "恢复",
}
#: What the menus, where the page is not before one's eyes, say in more words.
IN_MORE_WORDS = {
    "保存结果…": "保存核对结果…",
    "常用齐全": "常用材料齐全",
    "＋ 慢特病": "添加慢特病",
    "＋ 住院": "添加住院",
}
KEY_AT_THE_END = re.compile(r"(F\d+|Ctrl\+\w+|Enter|Esc|空格|Del)$")


def actions(window: MainWindow) -> list[QAction]:
    """Everything in the menus."""
    found = [menu.menu().actions() for menu in window.menuBar().actions() if menu.menu() is not None]
    return [action for each in found for action in each if not action.isSeparator()]


@pytest.mark.parametrize("user", [CLERK, REVIEWER, FINANCE, ADMINISTRATOR, AUDITOR])
def test_every_action_has_a_key_and_no_two_the_same(window: MainWindow, desk: Desk, user: User) -> None:
    change_user(window, desk, user)
    keys = Counter(keys.toString() for action in actions(window) if action.isEnabled() for keys in action.shortcuts())

    assert [action.text() for action in actions(window) if not action.shortcuts()] == []
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("user", [CLERK, REVIEWER, FINANCE, ADMINISTRATOR])
def test_every_button_of_a_page_is_in_the_menus_or_names_its_key(window: MainWindow, desk: Desk, user: User) -> None:
    change_user(window, desk, user)
    entries = {action.text() for action in actions(window)}
    unreached = set()
    for page in window.navigation.offered():
        window.go_to(page)
        rest()
        shown = window.pages.currentWidget()
        pressed = [button(shown, entry) for entry in page_buttons.ALL if entry.page == page and entry.words in entries]
        unreached |= {
            each.text()
            for each in shown.findChildren(QPushButton)
            if each not in pressed
            and IN_MORE_WORDS.get(each.text(), each.text()) not in entries | PART_OF_A_FORM
            and not KEY_AT_THE_END.search(each.text())
        }

    assert unreached == set()


def test_a_button_is_pressed_from_the_menu_wherever_the_window_is(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    change_user(window, desk, ADMINISTRATOR)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    hands.press(Qt.Key.Key_U, both)
    users = window.pages.currentWidget()
    assert isinstance(users, UsersPage)
    qtbot.waitUntil(lambda: hands.focused() is users.card.login)
    change_user(window, desk, FINANCE)
    hands.press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_A, both)
    payment = window.pages.payment
    assert payment is not None
    assert payment.tabs.currentWidget() is payment.results


def test_a_condition_a_stay_and_what_was_put_down_have_keys(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    hands.into(claim.person.name, "张三示例")
    hands.press(Qt.Key.Key_D, both)
    assert len(claim.draft.conditions) == 1
    hands.press(Qt.Key.Key_H, both)
    assert len(claim.draft.stays) == 1
    hands.press(Qt.Key.Key_F3)
    assert claim.person.name.text() == ""
    hands.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)

    assert claim.person.name.text() == "张三示例"
    assert len(claim.draft.stays) == 1


def walk(hands: Hands, key: Qt.Key, most: int = 250) -> list[QWidget]:
    """Where the keyboard comes to, from the scan field on until it is there again; in a cell it is in the viewport."""
    claim = hands.window.claim
    claim.person.scan.setFocus()
    cell = claim.table.viewport()
    visited: list[QWidget] = []
    for _step in range(most):
        focused = hands.focused()
        visited.append(cell if claim.table.isAncestorOf(focused) else focused)
        hands.press(key)
        if hands.focused() is claim.person.scan:
            return visited
    raise AssertionError("the keyboard never comes back")


def test_tab_goes_through_the_page_in_the_order_of_the_paper(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    claim.table.go_to(0, "bill_code")
    visited = walk(hands, Qt.Key.Key_Tab)
    grid = visited.index(claim.table.viewport())
    order = [
        visited.index(widget)
        for widget in (
            claim.person.scan,
            claim.person.id_number,
            claim.person.name,
            claim.person.area,
            claim.person.handed_in_on,
            *(field for _place, field in claim.filings.fields()),
            *(field for _place, field in claim.priors.fields()),
            next(iter(claim.materials.boxes.values())),
        )
    ] + [grid, visited.index(claim.panel.settle)]

    assert order == sorted(order)
    fields = [each for kind in (QLineEdit, QComboBox) for each in claim.findChildren(kind)]
    left_out = [
        each.accessibleName()
        for each in fields
        if each.isVisible() and each.isEnabled() and each not in visited and not claim.table.isAncestorOf(each)
    ]
    assert left_out == []
    # Every cell of both lines that can be typed in was open once.
    assert visited.count(claim.table.viewport()) == 2 * 10


def test_the_keyboard_comes_back_the_other_way_round(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt("A1", "1000")

    visited = walk(hands, Qt.Key.Key_Backtab)

    assert window.claim.panel.settle in visited
    assert window.claim.table.viewport() in visited


def test_enter_alone_goes_from_the_scan_to_the_settlement(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")
    claim.person.id_number.setFocus()
    for _step in range(60):
        if hands.focused() is claim.panel.settle:
            break
        hands.enter()
    assert hands.focused() is claim.panel.settle
    hands.press(Qt.Key.Key_Space)

    assert "360000-2026-000001" in claim.done_strip.text()


def test_enter_presses_the_button_that_tab_has_reached_and_passes_over_those_beside_a_field(
    window: MainWindow, hands: Hands
) -> None:
    claim = window.claim
    hands.person()
    claim.add_stay.setFocus()
    hands.enter()
    assert len(claim.draft.stays) == 1
    fields = dict(claim.filings.fields())
    ends_on = next(field for place, field in fields.items() if place.field == "ends_on")
    ends_on.setFocus()
    hands.enter(2)
    assert len(claim.draft.filings) == 1
    assert claim.draft.conditions == []


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_alone_settles_nothing(window: MainWindow, hands: Hands, desk: Desk, enter: Qt.Key) -> None:
    claim = window.claim
    keypad = Qt.KeyboardModifier.KeypadModifier if enter is Qt.Key.Key_Enter else Qt.KeyboardModifier.NoModifier
    hands.person()
    hands.receipt()
    hands.enter(2)
    assert hands.focused() is claim.panel.settle
    for _time in range(2):
        hands.press(enter, keypad)
    assert hands.focused() is claim.panel.settle
    assert "按 F9 结算" in claim.notice.text()
    assert desk.ledger.search("", 10) == []


def test_a_key_that_is_held_down_acts_once(window: MainWindow, hands: Hands, desk: Desk) -> None:
    """What the first press asks, its repeats must not confirm."""
    repeating = {action.text() for action in window.findChildren(QAction) if action.autoRepeat() and action.shortcuts()}
    assert repeating == {"撤销录入", "重做录入"}
    claim = window.claim
    hands.person()
    claim.add_stay.setFocus()
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    QApplication.sendEvent(claim.add_stay, held)
    assert claim.draft.stays == []
    assert desk.ledger.search("", 10) == []
