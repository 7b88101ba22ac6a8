from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.audit_trail import AuditTrail, fact_words, subject_words
from clerk_app.counter.desk import Desk
from clerk_app.counter.practice import PASSWORD as PRACTICE_PASSWORD
from clerk_app.desktop.audit_page import AuditPage
from clerk_app.desktop.main_window import AUDIT, MainWindow
from tests.counter.desks import sign_in
from tests.desktop.hands import ZHANG, Hands, change_user, open_page, rest, until
from tests.desktop.slow import slow
from tests.desktop.tour import busy_office
from tests.ledger.office import AUDITOR, CLERK


@pytest.fixture
def page(window: MainWindow, hands: Hands, desk: Desk) -> AuditPage:
    """What an auditor sees after a claim has been settled."""
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    change_user(window, desk, AUDITOR)
    open_page(window, AUDIT)
    shown = window.pages.currentWidget()
    assert isinstance(shown, AuditPage)
    return shown


def column(page: AuditPage, place: int) -> list[str]:
    return [page.model.index(row, place).data() for row in range(page.model.rowCount())]


def test_the_newest_act_stands_first_and_says_who_did_what(page: AuditPage) -> None:
    sequences = [int(text) for text in column(page, 0)]
    assert sequences == sorted(sequences, reverse=True)
    settled = column(page, 3).index("结算")
    assert column(page, 2)[settled] == "li 李录入"
    assert column(page, 4)[settled] == "360000-2026-000001"
    assert column(page, 5)[settled] == "结算；总额 1,000.00；统筹支付 200.00"
    assert not page.older.isEnabled()


@pytest.mark.parametrize(
    ("text", "subjects", "logins"),
    [
        ("360000-2026-000001", {"360000-2026-000001"}, {"li 李录入"}),
        (ZHANG, {"参保人 1"}, {"li 李录入"}),
        (AUDITOR.login, {AUDITOR.login}, {"qian 钱稽核", "guan 关管理"}),
        ("没有这个", set(), set()),
    ],
)
def test_the_trail_is_filtered_by_voucher_person_and_login(
    hands: Hands, page: AuditPage, text: str, subjects: set[str], logins: set[str]
) -> None:
    hands.into(page.text, text)
    hands.enter()

    assert set(column(page, 4)) == subjects
    assert set(column(page, 2)) == logins


def test_a_users_name_finds_what_that_user_did(hands: Hands, page: AuditPage) -> None:
    hands.into(page.text, CLERK.name)
    hands.enter()

    assert "结算" in column(page, 3)
    assert ZHANG not in "".join(column(page, 5))


def test_an_older_page_follows_the_newer_one(
    hands: Hands, page: AuditPage, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clerk_app.counter.audit_trail.PAGE_LENGTH", 3)
    hands.click(page.reread)
    assert page.model.rowCount() == 3
    while page.older.isEnabled():
        hands.click(page.older)

    sequences = [int(text) for text in column(page, 0)]
    assert sequences == list(range(desk.ledger.head().sequence, 0, -1))


def test_everything_that_a_busy_office_has_done_is_told_in_words(tmp_path: Path) -> None:
    """The trail keeps facts under names of its own; nobody is shown ``state entered`` or ``changed False``."""
    desk = busy_office(tmp_path)
    desk.ledger.sign_in("feng", PRACTICE_PASSWORD)
    entries = AuditTrail(desk).newest("").entries
    told = {fact_words(entry) for entry in entries} | {subject_words(entry) for entry in entries}
    desk.close()

    logins = {entry.login for entry in entries}
    raw = {words for words in told - logins if re.search(r"[a-z_]{3,}|True|False|[\[\]{}]", words)}
    assert raw == set()
    assert {"录入", "报盘 1 笔；总额 300.00", "首次登记账户", "2 张单据"} <= told
    assert "单据 990100-2026-000001、990100-2026-000002；通过" in told


def test_a_slow_ledger_holds_neither_page_nor_keyboard_and_what_is_overtaken_is_not_shown(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    change_user(window, desk, AUDITOR)
    shown: list[list[str]] = []
    with slow() as ledger:
        window.go_to(AUDIT)
        page = window.pages.currentWidget()
        assert isinstance(page, AuditPage)
        page.model.modelReset.connect(lambda: shown.append(column(page, 2)))
        until(lambda: ledger.asked_beside > 0)
        assert page.count.text() == "", "what is not read yet is not counted"
        assert not page.older.isEnabled()
        assert QApplication.focusWidget() is page.text
        qtbot.keyClicks(page.text, AUDITOR.login)
        qtbot.keyClick(page.text, Qt.Key.Key_Return)
    rest()

    assert ledger.asked_by_window == []
    assert [set(logins) for logins in shown] == [{"qian 钱稽核", "guan 关管理"}], (
        "the whole trail was not wanted by then"
    )


def test_what_the_ledger_refuses_is_said_and_what_was_read_stays(page: AuditPage, hands: Hands, desk: Desk) -> None:
    before = column(page, 0)
    sign_in(desk, CLERK)
    hands.click(page.reread)

    assert page.notice.text()
    assert column(page, 0) == before


def test_the_last_older_page_gives_the_keyboard_to_the_list(
    hands: Hands, page: AuditPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clerk_app.counter.audit_trail.PAGE_LENGTH", 3)
    hands.click(page.reread)
    page.older.setFocus()
    while page.older.isEnabled():
        hands.press(Qt.Key.Key_Space)
    assert hands.focused() is page.table
