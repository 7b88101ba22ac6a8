"""What is typed is saved beside the window: nobody waits for it, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2

from clerk_app.codes import ClaimState
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft_text import draft_of
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop.main_window import CLAIMS, MainWindow
from clerk_app.ledger import cipher
from clerk_app.ledger.records import ClaimLine
from tests.counter.desks import KEYS
from tests.desktop.hands import Hands, change_user, open_page
from tests.ledger.office import REVIEWER


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the ledger's write lock."""
    other = dbapi2.connect(folder / LEDGER_NAME, isolation_level=None)
    cipher.unlock(other, KEYS)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def lines(desk: Desk) -> list[ClaimLine]:
    return desk.ledger.claims_in(frozenset(ClaimState))


def test_a_locked_ledger_holds_up_no_key_and_has_everything_in_the_end(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    keeping = window.claim.keeping
    hands.is_patient = False
    with locked(tmp_path):
        hands.into(window.claim.person.name, "张三示例")
        keeping.begin()
        begun = time.perf_counter()
        hands.into(window.claim.person.phone, "13800000000")
        keeping.begin()
        took_ms = (time.perf_counter() - begun) * 1000
        assert lines(desk) == []
    assert took_ms < 5_000, "the lock is waited for ten seconds"
    qtbot.waitUntil(lambda: bool(lines(desk)), timeout=15_000)
    qtbot.waitUntil(
        lambda: draft_of(desk.ledger.open_claim(lines(desk)[0].act_key).content).person.phone == "13800000000",
        timeout=15_000,
    )
    assert window.claim.strips.unsaved.text() == ""


def test_a_save_that_fails_is_tried_again_by_itself(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    ledger = tmp_path / LEDGER_NAME
    hands.into(window.claim.person.name, "张三示例")
    ledger.rename(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: "草稿没有保存" in window.claim.strips.unsaved.text())
    (tmp_path / "elsewhere").rename(ledger)

    qtbot.waitUntil(lambda: window.claim.strips.unsaved.text() == "", timeout=15_000)

    assert [line.title for line in lines(desk)] == ["张三示例"]


def test_a_claim_that_lies_open_stays_in_hand(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, clock: list[datetime]
) -> None:
    hands.person()
    assert hands.keep()
    clock[0] += timedelta(minutes=9)
    window.claim.keeping.renew()

    qtbot.waitUntil(lambda: lines(desk)[0].lease_until == datetime(2026, 11, 22, 9, 49))  # noqa: DTZ001


def test_a_claim_that_is_only_checked_stays_in_hand_too(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, clock: list[datetime]
) -> None:
    hands.person()
    hands.receipt()
    assert hands.keep()
    key = window.claim.draft.key
    hands.new_claim()
    desk.ledger.submit_claim(key)
    change_user(window, desk, REVIEWER)
    open_page(window, CLAIMS)
    hands.take_up(key)
    clock[0] += timedelta(minutes=9)
    window.claim.keeping.renew()

    qtbot.waitUntil(lambda: lines(desk)[0].lease_until == datetime(2026, 11, 22, 9, 49))  # noqa: DTZ001
    assert lines(desk)[0].lease_login == REVIEWER.login


def test_a_save_under_way_tells_nothing_of_another_claim(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.into(window.claim.person.name, "张三示例")
    window.claim.keeping.begin()
    hands.new_claim()
    qtbot.waitUntil(lambda: len(lines(desk)) == 1)
    qtbot.wait(50)

    assert window.claim.person.accepted.text() == ""
    assert window.claim.kept is not None
    assert window.claim.kept.line is None


@pytest.fixture
def clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The office's clock, to be moved on."""
    now = [desk.now()]
    monkeypatch.setattr(desk.ledger, "_clock", lambda: now[0])
    return now
