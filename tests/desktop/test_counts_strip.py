"""What waits, counted beside the pages, and the way to it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.counter.desk_counts import Queue
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import CLAIMS, PAYMENT, REVIEW, SEARCH
from clerk_app.desktop.others_watch import OthersWatch
from tests.counter.desks import sign_in, staffed_desk
from tests.desktop.hands import Hands, change_user, leave, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, FINANCE, PASSWORD, REVIEWER

CTRL = Qt.KeyboardModifier.ControlModifier


def shown(window: MainWindow) -> dict[str, int]:
    words = [button.text().split("　") for button in window.counts.buttons.values() if button.isVisible()]
    return {name: int(count) for name, count in words}


def settled(hands: Hands, number: str = "A1") -> None:
    hands.person()
    hands.receipt(number)
    hands.press(Qt.Key.Key_F9)


def test_each_role_sees_what_waits_for_it(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    for user, names in (
        (CLERK, ["我的草稿", "退回待补正", "待冲正", "今日结算"]),
        (REVIEWER, ["待初审", "待复核", "待冲正", "今日结算"]),
        (FINANCE, ["今日结算", "待支付", "待回盘", "待追回"]),
        (AUDITOR, ["今日结算"]),
        (ADMINISTRATOR, ["今日结算"]),
    ):
        change_user(window, desk, user)
        qtbot.waitUntil(lambda names=names: list(shown(window)) == names)
    leave(window)
    assert not window.counts.isVisible(), "nobody sees how much waits before signing in"


def test_counts_follow_each_act(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    qtbot.waitUntil(lambda: shown(window) == {"我的草稿": 0, "退回待补正": 0, "待冲正": 0, "今日结算": 0})
    settled(hands)
    qtbot.waitUntil(lambda: shown(window)["今日结算"] == 1)
    hands.person()
    hands.receipt("A2")
    qtbot.waitUntil(lambda: shown(window)["我的草稿"] == 1, timeout=5_000)
    hands.press(Qt.Key.Key_2, CTRL)
    claims = window.pages.claims
    assert claims is not None
    hands.click(claims.submit_button)
    qtbot.waitUntil(lambda: shown(window)["我的草稿"] == 0)

    change_user(window, desk, REVIEWER)
    qtbot.waitUntil(lambda: shown(window) == {"待初审": 1, "待复核": 1, "待冲正": 0, "今日结算": 1})
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review(["360000-2026-000001"])
    qtbot.waitUntil(lambda: shown(window)["待复核"] == 0)
    change_user(window, desk, FINANCE)
    qtbot.waitUntil(lambda: shown(window).get("待支付") == 1)


def test_another_desks_act_is_counted_with_no_key_pressed(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    others = OthersWatch(window.pages)
    others.changed.connect(window.count)
    others.follow(desk.ledger)
    qtbot.waitUntil(lambda: shown(window).get("我的草稿") == 0)
    other = staffed_desk(tmp_path)
    other.ledger.save_claim("k1", "张三示例", "{}")
    other.close()

    qtbot.waitUntil(lambda: shown(window)["我的草稿"] == 1, timeout=10_000)


def test_each_count_leads_to_its_page(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    settled(hands)
    for user, ways in (
        (CLERK, {Queue.DRAFTS: CLAIMS, Queue.RETURNED: CLAIMS, Queue.SETTLED_TODAY: SEARCH}),
        (REVIEWER, {Queue.SUBMITTED: REVIEW, Queue.UNREVIEWED: REVIEW, Queue.OBJECTED: REVIEW}),
        (FINANCE, {Queue.PAYABLE: PAYMENT, Queue.IN_PAYMENT: PAYMENT, Queue.RECOVER: PAYMENT}),
    ):
        change_user(window, desk, user)
        qtbot.waitUntil(lambda ways=ways: ways.keys() <= window.counts.buttons.keys())
        for queue, page in ways.items():
            hands.click(window.counts.buttons[queue])
            assert window.navigation.current() == page
    payment = window.pages.payment
    assert payment is not None
    assert payment.tabs.currentWidget() is payment.recover


def test_a_clerk_is_led_to_what_a_review_refused(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    settled(hands)
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review(["360000-2026-000001"], "票据日期不符", has_passed=False)
    change_user(window, desk, CLERK)
    qtbot.waitUntil(lambda: shown(window).get("待冲正") == 1)
    assert window.counts.buttons[Queue.OBJECTED].property("wrong") is True

    with slow() as ledger:
        qtbot.mouseClick(window.counts.buttons[Queue.OBJECTED], Qt.MouseButton.LeftButton)
        until(lambda: ledger.asked_beside > 0)
        assert ledger.asked_by_window == []
        first = window.pages.search
        assert first is not None
        assert first.panel.title.text() == "", "nobody says that nothing was found before anybody has looked"
    rest()

    search = window.pages.search
    assert search is not None
    chosen = search.chosen()
    assert chosen is not None
    assert chosen.voucher_number == "360000-2026-000001"
    assert search.text.text() == chosen.voucher_number
