"""A claim that is kept while it is typed: after a crash, at another desk, in the check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from clerk_app.codes import ClaimState
from clerk_app.counter.claims_desk import PAGE_LENGTH
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft
from clerk_app.counter.draft_text import draft_of
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop.claims_page import ClaimsPage
from clerk_app.desktop.main_window import CLAIM, CLAIMS, MainWindow
from clerk_app.ledger.records import ClaimLine
from tests.counter.desks import SETTINGS, sign_in, staffed_desk
from tests.desktop.hands import ZHANG, Hands, change_user, open_page, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import ADMINISTRATOR, CLERK, PASSWORD, REVIEWER

EVERY = frozenset(ClaimState)
NUMBER = "S360000-2026-000001"


def claims(desk: Desk) -> list[ClaimLine]:
    return desk.ledger.claims_in(EVERY)


def saved(qtbot: QtBot, window: MainWindow, desk: Desk) -> ClaimDraft:
    """What the ledger has, once the keys have rested."""
    qtbot.waitUntil(lambda: NUMBER in window.claim.person.accepted.text(), timeout=5_000)
    (line,) = claims(desk)
    return draft_of(desk.ledger.open_claim(line.act_key).content)


def page_of(window: MainWindow) -> ClaimsPage:
    open_page(window, CLAIMS)
    rest()
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    return page


def opened(qtbot: QtBot, desk: Desk) -> Hands:
    """Somebody who signs in at a window of its own."""
    window = MainWindow(SETTINGS)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.furnish()
    window.use_desk(desk)
    return Hands(qtbot, window)


@pytest.mark.usefixtures("dressed")
def test_what_was_typed_outlives_a_crash(qtbot: QtBot, tmp_path: Path) -> None:
    desk = staffed_desk(tmp_path)
    hands = opened(qtbot, desk)
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F7)
    hands.fields("A2")
    hands.into(hands.window.claim.person.phone, "13800000000")
    typed = saved(qtbot, hands.window, desk)
    assert typed == hands.window.claim.draft
    # Nobody closes the window, signs out or lets the claim go: it is gone.
    delete(hands.window)
    desk.ledger.close()

    desk = staffed_desk(tmp_path)
    hands = opened(qtbot, desk)
    claim = hands.window.claim
    assert claim.draft.is_blank()
    hands.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    assert page.model.index(0, 1).data() == "张三示例"
    hands.enter()

    assert hands.window.pages.currentWidget() is claim
    assert claim.draft == typed
    assert (claim.person.name.text(), claim.person.phone.text()) == ("张三示例", "13800000000")
    assert claim.panel.fund.text() == "200.00"
    assert NUMBER in claim.person.accepted.text()
    delete(hands.window)
    desk.close()


def test_f2_saves_at_once_and_says_the_number(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.press(Qt.Key.Key_F2)
    assert "没有可保存的草稿" in window.claim.notice.text()
    assert claims(desk) == []
    hands.person()
    hands.press(Qt.Key.Key_F7)
    hands.type("A1")
    # No moment to rest: what is typed in the cell in hand is in it too.
    hands.press(Qt.Key.Key_F2)

    assert NUMBER in window.claim.notice.text()
    (line,) = claims(desk)
    assert draft_of(desk.ledger.open_claim(line.act_key).content).receipts[0].number == "A1"
    hands.fields("")
    assert window.claim.draft.receipts[0].number == "A1", "the cell is still in hand"


def test_a_ledger_that_does_not_save_says_so_and_typing_goes_on(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    desk.ledger.close()
    (tmp_path / LEDGER_NAME).write_bytes(b"overwritten by another program" * 500)
    for side in ("-wal", "-shm"):
        (tmp_path / f"{LEDGER_NAME}{side}").unlink(missing_ok=True)

    hands.into(window.claim.person.name, "张三示例")
    qtbot.waitUntil(lambda: "草稿没有保存" in window.claim.strips.unsaved.text(), timeout=5_000)
    hands.into(window.claim.person.phone, "138")

    assert window.claim.person.name.text() == "张三示例"
    assert window.claim.draft.person.phone == "138"
    assert window.claim.person.accepted.text() == ""


def test_f3_puts_a_claim_among_ones_own_and_lets_it_go(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F3)

    assert NUMBER in window.claim.aside_strip.text()
    (line,) = claims(desk)
    assert (line.title, line.lease_login) == ("张三示例", None)
    hands.into(window.claim.person.name, "李四示例")
    page = page_of(window)
    assert {page.model.index(row, 1).data() for row in range(page.model.rowCount())} == {"李四示例", "张三示例"}
    page.refresh(line.act_key)
    rest()
    page.table.setFocus()
    hands.enter()
    assert window.claim.person.name.text() == "张三示例"
    leases = {each.title: each.lease_login for each in claims(desk)}
    assert leases == {"张三示例": CLERK.login, "李四示例": None}


def test_a_claim_in_somebody_elses_hands_says_whose_and_until_when(
    window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    hands.person()
    hands.receipt()
    page = page_of(window)
    hands.click(page.submit_button)
    other = staffed_desk(tmp_path, user=ADMINISTRATOR)
    second = other.ledger.add_user(replace(REVIEWER, login="zhou", name="周复核"), PASSWORD)
    sign_in(other, REVIEWER)
    (line,) = claims(other)
    other.ledger.open_claim(line.act_key)
    change_user(window, desk, second)
    page = page_of(window)

    with slow() as ledger:
        page.grab()
        assert page.model.index(0, 5).data() == "赵复核 办理至 09:40"
        assert ledger.asked_by_window == [], "a cell shows what was read with its line"
    hands.click(page.open_button)

    assert window.pages.currentWidget() is page
    assert "赵复核" in page.notice.text()
    assert "09:40" in page.notice.text()
    other.close()


def test_signing_out_lets_the_claim_go_and_signing_in_goes_on_with_what_the_ledger_has(
    window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    hands.person()
    change_user(window, desk, REVIEWER)
    assert window.claim.draft.is_blank()
    other = staffed_desk(tmp_path)
    (line,) = claims(other)
    assert line.lease_login is None
    content = other.ledger.open_claim(line.act_key).content
    draft = draft_of(content)
    other.ledger.save_claim(line.act_key, "张三示例", content.replace(draft.handed_in_on, "2026-11-20"))
    other.ledger.let_claim_go(line.act_key)
    other.close()

    change_user(window, desk, CLERK)

    assert window.claim.person.name.text() == "张三示例"
    assert window.claim.person.handed_in_on.text() == "2026-11-20"
    assert NUMBER in window.claim.person.accepted.text()


def test_a_claim_is_handed_in_returned_checked_and_settled(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.person()
    hands.receipt()
    page = page_of(window)
    hands.click(page.submit_button)
    assert "已送审" in page.notice.text()
    assert window.claim.draft.is_blank(), "what is handed in is not typed in any more"
    assert not page.open_button.isEnabled()

    change_user(window, desk, REVIEWER)
    page = page_of(window)
    hands.click(page.return_button)
    assert "理由" in page.notice.text()
    hands.into(page.reason, "缺处方")
    hands.click(page.return_button)
    assert page.model.rowCount() == 0

    change_user(window, desk, CLERK)
    page = page_of(window)
    assert [page.model.index(0, column).data() for column in (2, 6)] == ["退回", "缺处方"]
    hands.click(page.open_button)
    assert "缺处方" in window.claim.notice.text()
    page = page_of(window)
    hands.click(page.submit_button)

    change_user(window, desk, REVIEWER)
    page = page_of(window)
    page.table.setFocus()
    hands.enter()
    claim = window.claim
    assert claim.explanation.review.isVisible()
    assert not claim.explanation.reviewer.isEnabled()
    hands.press(Qt.Key.Key_F9)
    assert "密码" in claim.notice.text()
    hands.into(claim.explanation.password, PASSWORD)
    hands.into(claim.explanation.reason, "与原件一致")
    hands.press(Qt.Key.Key_F9)
    assert "360000-2026-000001" in claim.done_strip.text()
    settlement = claim.paper_wanted()
    assert settlement is not None
    assert (settlement.clerk, settlement.acceptance_number) == (CLERK.name, NUMBER)
    assert claims(desk)[0].state is ClaimState.SETTLED


def test_a_claim_is_withdrawn_with_a_reason(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.person()
    page = page_of(window)
    hands.into(page.reason, "本人取回票据")
    hands.click(page.withdraw_button)

    assert NUMBER in page.notice.text()
    assert page.model.rowCount() == 0
    assert window.claim.draft.is_blank()
    assert claims(desk)[0].state is ClaimState.WITHDRAWN


def test_who_only_checks_saves_nothing_as_he_types(window: MainWindow, hands: Hands, desk: Desk) -> None:
    change_user(window, desk, REVIEWER)
    hands.person()
    assert not hands.keep()
    change_user(window, desk, ADMINISTRATOR)

    assert claims(desk) == []
    change_user(window, desk, REVIEWER)
    assert window.claim.person.name.text() == "张三示例"
    assert window.pages.currentIndex() == window.pages.indexOf(window.claim)
    assert window.navigation.current() == CLAIM
    assert window.claim.person.id_number.text().replace(" ", "") == ZHANG


def test_closing_the_window_saves_and_lets_go(window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.into(window.claim.person.name, "张三示例")
    assert claims(desk) == [], "the keys have not rested for a second"

    window.close()
    until(lambda: not window.isVisible())

    (line,) = claims(desk)
    assert (line.title, line.lease_login) == ("张三示例", None)


def many_claims(desk: Desk) -> None:
    """More than are read at once."""
    for number in range(PAGE_LENGTH + 50):
        desk.ledger.save_claim(f"many-{number:03d}", "张三示例", "{}")


def test_a_list_that_goes_on_is_read_on_before_its_end_is_reached(window: MainWindow, hands: Hands, desk: Desk) -> None:
    many_claims(desk)
    page = page_of(window)
    table, bar = page.table, page.table.verticalScrollBar()
    until(lambda: bool(table.lines()))
    assert hands.focused() is table
    chosen = page.chosen()
    # The wheel leaves the chosen line behind; what is read on moves neither.
    bar.setValue(bar.maximum())
    there = bar.value()
    until(lambda: len(table.lines()) == PAGE_LENGTH + 50)
    assert (bar.value(), page.chosen()) == (there, chosen)

    hands.press(Qt.Key.Key_End)
    last = page.chosen()
    assert last is not None
    assert last.act_key == "many-000"
    assert len({line.act_key for line in table.lines()}) == PAGE_LENGTH + 50
    # What another desk does leaves the list as long as it is, and the keyboard where it is.
    desk.ledger.save_claim("many-new", "李四示例", "{}")
    page.others_changed()
    until(lambda: table.lines()[0].act_key == "many-new")
    assert len(table.lines()) == PAGE_LENGTH + 51
    assert page.chosen() == last
    hands.press(Qt.Key.Key_Home)
    assert page.chosen() == table.lines()[0]
