"""Backups, the check of the ledger and the way back, in the window as it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter import practice
from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import ledger_path
from clerk_app.desktop.application import Session
from clerk_app.desktop.end_of_day import EndOfDayDialog
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import SAFEKEEPING
from clerk_app.desktop.safekeeping_page import SafekeepingPage
from clerk_app.desktop.sign_in_page import SignInPage
from clerk_app.ledger import anchors
from clerk_app.settings import PRACTICE_OFFICE, load_settings
from tests.counter.desks import sign_in
from tests.desktop.hands import Hands, change_user, leave, open_page, rest, until
from tests.desktop.slow import slow
from tests.desktop.test_entrance import NEW, Visitor
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, FINANCE, PASSWORD
from tests.ledger.tampering import unguarded

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def visitor(qtbot: QtBot, session: Session, frame: MainWindow) -> Visitor:
    return Visitor(qtbot, session, frame)


@pytest.fixture
def at_practice(visitor: Visitor) -> Visitor:
    """At the sign-in page of the practice office, its books checked."""
    visitor.pages.open_practice()
    visitor.waits_for(SignInPage)
    visitor.qtbot.waitUntil(lambda: not visitor.window.books.work.is_busy(), timeout=20_000)
    return visitor


def desk_of(visitor: Visitor) -> Desk:
    assert visitor.pages.desk is not None
    return visitor.pages.desk


def page_of(window: MainWindow) -> SafekeepingPage:
    open_page(window, SAFEKEEPING)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    return page


def wait(qtbot: QtBot, page: SafekeepingPage) -> None:
    qtbot.waitUntil(lambda: not page.work.is_busy(), timeout=20_000)
    rest()


def settled(hands: Hands, number: str = "A1") -> None:
    hands.person()
    hands.receipt(number)
    hands.press(Qt.Key.Key_F9)


def test_a_backup_is_made_with_a_key_and_listed_with_its_size(
    qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    settled(hands)
    hands.press(Qt.Key.Key_B, CTRL_SHIFT)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    wait(qtbot, page)

    assert "已备份并核对" in page.notice.text()
    (kept,) = page.table.lines()
    assert kept.backup.path.parent == tmp_path / "backups"
    model = page.table.model()
    size = f"{kept.backup.path.stat().st_size / 1_000_000:.1f} MB"
    assert [model.index(0, column).data() for column in range(3)] == ["2026-11-22 09:30", size, "已核对"]
    assert model.index(0, 3).data() == kept.backup.head.printed


def test_only_an_administrator_restores_and_says_where_backups_go(
    window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    for user, makes, restores, verifies in (
        (CLERK, True, False, False),
        (FINANCE, True, False, False),
        (AUDITOR, False, False, True),
        (ADMINISTRATOR, True, True, True),
    ):
        change_user(window, desk, user)
        page = page_of(window)
        offered = [button.isEnabled() for button in (page.make, page.give_back, page.verify, page.save_settings)]
        assert offered == [makes, restores, verifies, restores]
        assert bool(page.give_back.toolTip()) is not restores, "what is not offered says why"
    assert page.folder.text() == str(tmp_path / "backups")


def test_the_folder_and_the_number_of_backups_are_set_here(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    change_user(window, desk, ADMINISTRATOR)
    page = page_of(window)
    hands.into(page.folder, str(tmp_path / "second disk"))
    page.count.choose(7)
    hands.click(page.save_settings)
    hands.click(page.make)
    wait(qtbot, page)

    assert [kept.backup.path.parent.name for kept in page.table.lines()] == ["second disk"]
    settings = load_settings(tmp_path)
    assert (settings.backup_folder, settings.backups_kept) == (str(tmp_path / "second disk"), 7)


def test_the_full_check_says_what_is_wrong_and_where_and_stops_the_money(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    settled(hands)
    window.books.begin(desk)
    qtbot.waitUntil(lambda: not window.books.work.is_busy(), timeout=20_000)
    assert not window.books.banner.isVisible()
    number = "360000-2026-000001"
    desk.ledger.sign_out()
    change_user(window, desk, AUDITOR)
    page = page_of(window)
    head = desk.ledger.settlement(number).head
    assert head is not None
    hands.into(page.heads, head.printed)
    hands.click(page.verify)
    wait(qtbot, page)
    assert "没有发现问题" in page.notice.text()

    hands.into(page.heads, "1-0000-0000-0000-0000")
    hands.click(page.verify)
    wait(qtbot, page)
    assert "发现 1 个问题" in page.notice.text()
    assert "1-0000-0000-0000-0000" in page.result.toPlainText()
    page.save_result(str(tmp_path / "found.txt"))
    wait(qtbot, page)
    assert "found.txt" in page.notice.text()
    assert "1-0000-0000-0000-0000" in (tmp_path / "found.txt").read_text(encoding="utf-8")

    hands.into(page.heads, "not a head")
    hands.click(page.verify)
    wait(qtbot, page)
    assert "校验码" in page.notice.text()


def test_a_slow_folder_holds_no_key_and_is_not_called_empty(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_B, CTRL_SHIFT)
    until(lambda: bool(desk.safekeeping.backups()))
    leave(window)
    sign_in(desk, ADMINISTRATOR)
    window.use_desk(desk)
    rest()
    with slow() as disk:
        window.go_to(SAFEKEEPING)
        page = window.pages.currentWidget()
        assert isinstance(page, SafekeepingPage)
        until(lambda: disk.asked_beside > 0)
        qtbot.mouseClick(page.give_back, Qt.MouseButton.LeftButton)
        assert page.notice.text() == "", "as long as the folder is not read nobody says that it is empty"
        assert page.table.lines() == []
        assert disk.asked_by_window == []
    rest()

    assert len(page.table.lines()) == 1
    assert page.restore_card.isVisible(), "what was asked for goes on as soon as the list is there"


def test_a_restore_cannot_be_confirmed_before_it_is_known_what_it_would_lose(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_B, CTRL_SHIFT)
    until(lambda: bool(desk.safekeeping.backups()))
    change_user(window, desk, ADMINISTRATOR)
    page = page_of(window)
    card = page.restore_card
    with slow() as ledger:
        page.give_back.setFocus()
        qtbot.keyClick(page.give_back, Qt.Key.Key_Space)
        until(lambda: ledger.asked_beside > 0)
        card.password.setText(PASSWORD)
        qtbot.mouseClick(card.accepts, Qt.MouseButton.LeftButton)
        assert not card.accepts.isChecked(), "nobody accepts a loss that is not known"
        card.accepts.setChecked(True)
        assert not card.confirm.isEnabled()
        qtbot.keyClick(card.password, Qt.Key.Key_Return)
        assert not page.work.is_busy()
        assert "个操作将丢失" not in card.words.text()
        assert QApplication.focusWidget() is page.give_back
        assert ledger.asked_by_window == []
    rest()

    assert "个操作将丢失" in card.words.text()
    assert hands.focused() is card.accepts
    assert card.confirm.isEnabled()

    # Another backup is asked for: what was known of the one before is not its loss.
    with slow() as ledger:
        qtbot.mouseClick(page.give_back, Qt.MouseButton.LeftButton)
        assert not card.confirm.isEnabled()
        assert ledger.asked_by_window == []
        qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    rest()
    assert not card.isVisible()


# --- From start to end, as the program is used ----------------------------------------------------------------------


def test_a_ledger_changed_from_outside_is_said_at_the_start_and_settles_nothing(visitor: Visitor) -> None:
    pages = visitor.pages
    pages.open_practice()
    visitor.waits_for(SignInPage)
    pages.choose_office()
    path = ledger_path(PRACTICE_OFFICE, visitor.pages.entrance.folder)
    with unguarded(path) as connection:
        connection.execute("UPDATE settlements SET fund_fen = fund_fen + 100 WHERE settlement_id = 2")
    pages.open_practice()
    visitor.waits_for(SignInPage)
    window = visitor.window
    visitor.qtbot.waitUntil(window.books.banner.isVisible, timeout=20_000)
    assert "单据 990100-2026-000002 " in window.books.banner.text(), "the voucher is named before anybody signs in"
    assert "已停止结算" in window.books.banner.text()
    assert not window.books.details.isVisible(), "there is no page before somebody signs in"

    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()
    visitor.person(name=NEW)
    window.claim.person.area.choose("360000")
    visitor.receipt("N1")
    visitor.press(Qt.Key.Key_F9)
    assert "已停止结算" in window.claim.notice.text()
    assert window.claim.person.name.text() == NEW, "what is typed stays"
    visitor.click(window.books.details)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    assert "单据 990100-2026-000002 " in page.result.toPlainText()

    window.close()
    dialog = window.findChild(EndOfDayDialog)
    assert dialog is not None
    visitor.qtbot.waitUntil(dialog.leave.isVisible, timeout=20_000)
    assert "不能算作备份" in dialog.notice.text()
    visitor.click(dialog.leave)
    assert not window.isVisible()


def test_until_the_books_are_checked_nothing_is_settled(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.person()
    hands.receipt()
    window.books.begin(desk)
    window.books.work.cancel()
    hands.press(Qt.Key.Key_F9)
    assert "还没有核对完" in window.claim.notice.text()

    hands.qtbot.waitUntil(lambda: not window.books.work.is_busy(), timeout=20_000)
    if window.books.banner.isVisible():
        hands.click(window.books.again)
        hands.qtbot.waitUntil(lambda: not window.books.work.is_busy(), timeout=20_000)
    hands.press(Qt.Key.Key_F9)
    assert "360000-2026-000001" in window.claim.done_strip.text()


def test_closing_the_program_makes_the_days_backup_and_keeps_the_head(at_practice: Visitor) -> None:
    visitor, window = at_practice, at_practice.window
    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()
    window.close()
    visitor.qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)

    desk = desk_of(visitor)
    (backup,) = desk.safekeeping.backups()
    kept = anchors.read(desk.folder)
    assert kept[-1].sequence > backup.head.sequence, "the head of the act of making it is kept"
    assert window.findChild(EndOfDayDialog) is not None
    window.show()
    window.close()
    assert not window.isVisible(), "once a day is enough"


def test_a_backup_that_cannot_be_written_lets_one_stay_or_leave(at_practice: Visitor) -> None:
    visitor, window = at_practice, at_practice.window
    desk = desk_of(visitor)
    (desk.folder / "backups").write_text("a file where the folder ought to be", encoding="utf-8")
    window.close()
    dialog = window.findChild(EndOfDayDialog)
    assert dialog is not None
    visitor.qtbot.waitUntil(dialog.again.isVisible, timeout=20_000)
    assert "backups" in dialog.notice.text()
    assert window.isVisible()
    visitor.click(dialog.stay)
    assert window.isVisible()
    window.close()
    visitor.qtbot.waitUntil(dialog.leave.isVisible, timeout=20_000)
    visitor.click(dialog.leave)
    assert not window.isVisible()


def test_a_backup_is_put_back_by_the_administrator_and_everybody_signs_in_anew(at_practice: Visitor) -> None:
    visitor, window = at_practice, at_practice.window
    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()
    visitor.press(Qt.Key.Key_B, CTRL_SHIFT)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    wait(visitor.qtbot, page)
    visitor.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    visitor.person(name=NEW)
    window.claim.person.area.choose("360000")
    visitor.receipt("N1")
    visitor.press(Qt.Key.Key_F9)
    assert window.claim.done_strip.isVisible()
    count = len(desk_of(visitor).ledger.search("", 200))
    visitor.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    visitor.signs_in(practice.ADMINISTRATOR.login, practice.PASSWORD)
    visitor.works()
    visitor.press(Qt.Key.Key_R, CTRL_SHIFT)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    card = page.restore_card
    assert "其中单据 1 张" in card.words.text()
    assert not card.confirm.isEnabled()
    visitor.press(Qt.Key.Key_Space)
    visitor.into(card.password, "wrong password")
    visitor.enter()
    wait(visitor.qtbot, page)
    assert "密码" in page.notice.text()
    assert len(desk_of(visitor).ledger.search("", 200)) == count
    visitor.into(card.password, practice.PASSWORD)
    visitor.enter()

    visitor.waits_for(SignInPage)
    visitor.qtbot.waitUntil(lambda: not window.books.work.is_busy(), timeout=20_000)
    assert not window.books.banner.isVisible(), "the restored ledger holds, and its head is the one that is kept"
    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()
    assert len(desk_of(visitor).ledger.search("", 200)) == count - 1
    assert list(desk_of(visitor).folder.glob("*-replaced-*")), "the former ledger stays as a file"
