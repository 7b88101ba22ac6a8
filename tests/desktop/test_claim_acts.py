"""Another desk holds the ledger's lock: no key waits for it, nothing is lost, and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from sqlcipher3 import dbapi2

from clerk_app.codes import ClaimState
from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop.main_window import CLAIM, CLAIMS, SEARCH, MainWindow
from clerk_app.desktop.tasks import acts
from clerk_app.ledger import cipher
from tests.counter.desks import KEYS, staffed_desk
from tests.desktop.hands import Hands, open_page, rest, until
from tests.desktop.watched import WatchedApplication
from tests.ledger.office import REVIEWER

#: As long as the other desk holds the lock.
_HELD_SECONDS = 1.0
#: Whatever waits for the lock waits about as long as it is held. The machine's own pauses are shorter.
_NO_LOCK_MS = _HELD_SECONDS * 1000 / 2
FIRST = "360000-2026-000001"


class OtherDesk:
    """Another program with the ledger's write lock, on a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self._connection = dbapi2.connect(folder / LEDGER_NAME, isolation_level=None)
        cipher.unlock(self._connection, KEYS)

    def lock(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def other(desk: Desk, tmp_path: Path) -> Iterator[OtherDesk]:
    assert desk.ledger.user is not None
    opened = OtherDesk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def in_a_hurry(window: MainWindow, hands: Hands, qapp: WatchedApplication) -> Iterator[Hands]:
    """Hands that have a claim ready and wait for nothing."""
    until(window.claim.is_prepared)
    hands.person()
    hands.receipt()
    assert hands.keep()
    hands.is_patient = False
    qapp.forgive()
    qapp.measures_waits, qapp.longest_wait_ms = True, 0.0
    yield hands
    qapp.measures_waits = False
    assert qapp.longest_wait_ms < _NO_LOCK_MS


def held(other: OtherDesk, act: Callable[[], object]) -> None:
    """Do something while the other desk has the lock for a second."""
    other.lock()
    let_go_at = time.monotonic() + _HELD_SECONDS
    act()
    until(lambda: time.monotonic() > let_go_at)
    assert acts().is_busy(), "it waits for the lock"
    other.let_go()


def test_a_settlement_waits_beside_the_window_and_is_made_once(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, other: OtherDesk
) -> None:
    claim, hands = window.claim, in_a_hurry
    amounts = [receipt.total for receipt in claim.draft.receipts]

    def settle_and_type_on() -> None:
        for _repeat in range(5):
            hands.press(Qt.Key.Key_F9)
        hands.qtbot.keyClicks(claim.person.name, "typed")
        hands.qtbot.keyClicks(claim.table, "99")
        hands.qtbot.mouseClick(claim.add_stay, Qt.MouseButton.LeftButton)
        hands.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        hands.press(Qt.Key.Key_F3)
        hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        assert claim.person.name.text() == "张三示例"
        assert [receipt.total for receipt in claim.draft.receipts] == amounts
        assert claim.draft.stays == []
        until(claim.strips.work.isVisible)
        assert "正在结算" in claim.strips.work.label.text()

    held(other, settle_and_type_on)
    rest()

    assert FIRST in claim.done_strip.text()
    assert [line.voucher_number for line in desk.ledger.search("", 10)] == [FIRST]
    assert not claim.strips.work.isVisible()
    assert claim.person.name.text() == "", "the next claim is ready"
    hands.into(claim.person.name, "李四示例")
    assert claim.person.name.text() == "李四示例"


def test_a_settlement_that_fails_says_why_and_loses_nothing(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, tmp_path: Path
) -> None:
    claim, ledger = window.claim, tmp_path / LEDGER_NAME
    ledger.rename(tmp_path / "elsewhere")
    in_a_hurry.press(Qt.Key.Key_F9)
    rest()
    assert "账本" in claim.notice.text()
    assert claim.person.name.text() == "张三示例"
    assert not claim.is_held()
    (tmp_path / "elsewhere").rename(ledger)

    in_a_hurry.press(Qt.Key.Key_F9)
    rest()
    assert FIRST in claim.done_strip.text()
    assert len(desk.ledger.search("", 10)) == 1


def test_the_next_claim_is_typed_while_the_one_before_is_put_down(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, other: OtherDesk
) -> None:
    claim, hands = window.claim, in_a_hurry

    def next_one() -> None:
        hands.press(Qt.Key.Key_F3)
        assert claim.draft.is_blank()
        hands.into(claim.person.name, "李四示例")
        assert claim.person.name.text() == "李四示例"
        assert "正在保存" in claim.aside_strip.text()

    held(other, next_one)
    rest()

    assert "已放下" in claim.aside_strip.text()
    hands.is_patient = True
    hands.click(claim.restore_button)
    assert claim.person.name.text() == "张三示例"
    assert sorted(line.title for line in desk.ledger.claims_in(frozenset(ClaimState))) == ["张三示例", "李四示例"]


def test_what_is_put_down_is_restored_at_once_though_it_is_not_saved_yet(
    window: MainWindow, in_a_hurry: Hands, other: OtherDesk
) -> None:
    claim, hands = window.claim, in_a_hurry
    hands.into(claim.person.phone, "13800000000")

    def there_and_back() -> None:
        hands.press(Qt.Key.Key_F3)
        hands.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)

    held(other, there_and_back)
    rest()

    assert claim.person.name.text() == "张三示例"
    assert claim.person.phone.text() == "13800000000"


def test_the_window_closes_when_the_settlement_is_made(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, other: OtherDesk
) -> None:
    def settle_and_close() -> None:
        in_a_hurry.press(Qt.Key.Key_F9)
        window.close()
        assert window.isVisible()

    held(other, settle_and_close)
    until(lambda: not window.isVisible())

    assert [line.voucher_number for line in desk.ledger.search("", 10)] == [FIRST]


def test_the_window_stays_open_when_the_settlement_fails(window: MainWindow, in_a_hurry: Hands, tmp_path: Path) -> None:
    (tmp_path / LEDGER_NAME).rename(tmp_path / "elsewhere")
    in_a_hurry.press(Qt.Key.Key_F9)
    window.close()
    rest()
    assert window.isVisible()
    assert window.claim.person.name.text() == "张三示例"
    (tmp_path / "elsewhere").rename(tmp_path / LEDGER_NAME)
    window.close()
    until(lambda: not window.isVisible())


def test_what_cannot_be_saved_keeps_the_window_open_once(window: MainWindow, in_a_hurry: Hands, tmp_path: Path) -> None:
    in_a_hurry.into(window.claim.person.phone, "13800000000")
    (tmp_path / LEDGER_NAME).rename(tmp_path / "elsewhere")
    window.close()
    until(lambda: "没有保存，窗口没有关闭" in window.claim.notice.text())
    assert window.isVisible()
    in_a_hurry.into(window.claim.person.name, "张三示例改")
    assert window.claim.person.name.text() == "张三示例改", "typing goes on"
    window.close()
    until(lambda: not window.isVisible())
    (tmp_path / "elsewhere").rename(tmp_path / LEDGER_NAME)


def test_a_claim_is_opened_and_handed_in_behind_its_own_save(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, other: OtherDesk, tmp_path: Path
) -> None:
    claim, hands = window.claim, in_a_hurry
    hands.into(claim.person.phone, "13800000000")

    def hand_in() -> None:
        window.go_to(CLAIMS)
        claims = window.pages.claims
        assert claims is not None
        until(claims.submit_button.isEnabled)
        hands.click(claims.submit_button)

    held(other, hand_in)
    rest()

    assert window.pages.claims is not None
    assert "已送审" in window.pages.claims.notice.text()
    (line,) = desk.ledger.claims_in(frozenset({ClaimState.SUBMITTED}))
    checker = staffed_desk(tmp_path, user=REVIEWER)
    assert "13800000000" in checker.ledger.open_claim(line.act_key).content, "what was typed last is handed in too"
    checker.close()


def test_another_page_is_used_while_a_settlement_waits(window: MainWindow, in_a_hurry: Hands, other: OtherDesk) -> None:
    def settle_and_look_elsewhere() -> None:
        in_a_hurry.press(Qt.Key.Key_F9)
        in_a_hurry.press(Qt.Key.Key_F4)
        assert window.navigation.current() == SEARCH

    held(other, settle_and_look_elsewhere)
    rest()

    open_page(window, CLAIM)
    assert FIRST in window.claim.done_strip.text()


def test_a_reversal_waits_beside_the_window_and_is_made_once(
    window: MainWindow, in_a_hurry: Hands, desk: Desk, other: OtherDesk
) -> None:
    hands = in_a_hurry
    hands.press(Qt.Key.Key_F9)
    rest()
    open_page(window, SEARCH)
    page = window.pages.search
    assert page is not None
    hands.click(page.panel.reverse_button)
    rest()
    hands.into(page.reversal.reason, "票据有误")

    def confirm_twice() -> None:
        hands.click(page.reversal.confirm)
        hands.click(page.reversal.confirm)
        hands.qtbot.keyClicks(page.reversal.reason, "typed")
        assert page.reversal.reason.text() == "票据有误"

    held(other, confirm_twice)
    rest()

    assert "已冲正" in page.notice.text()
    assert len(desk.ledger.search("", 10)) == 2
