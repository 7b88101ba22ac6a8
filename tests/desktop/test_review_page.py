"""The second person's queue, worked through with the keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clerk_app.codes import Action, ClaimState, Role, Stage
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import CLAIMS, REVIEW
from clerk_app.desktop.others_watch import OthersWatch
from clerk_app.desktop.review_page import ReviewPage
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.voucher_window import VoucherWindow
from tests.counter import people
from tests.counter.desks import sign_in, staffed_desk
from tests.desktop.hands import LI, ZHANG, Hands, change_user, rest
from tests.ledger.office import ADMINISTRATOR, CLERK, FINANCE, PASSWORD, REVIEWER

CTRL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND, THIRD = (f"360000-2026-{number:06d}" for number in (1, 2, 3))


def known_again(hands: Hands) -> None:
    """The person who was here before brings more papers."""
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, CTRL)


@pytest.fixture
def reviewer(window: MainWindow, hands: Hands, desk: Desk) -> ReviewPage:
    """A reviewer at a queue of three settlements and a claim that was handed in."""
    hands.person()
    for number, total in (("A1", "1000"), ("A2", "800"), ("A3", "600")):
        hands.receipt(number, total)
        hands.press(Qt.Key.Key_F9)
        assert window.claim.done_strip.isVisible()
        known_again(hands)
    hands.press(Qt.Key.Key_F3)
    hands.person(LI, "李四示例")
    hands.receipt("B1", "500")
    hands.press(Qt.Key.Key_2, CTRL)
    claims = window.pages.claims
    assert claims is not None
    hands.click(claims.submit_button)
    assert "已送审" in claims.notice.text()
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_3, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ReviewPage)
    assert hands.focused() is page.table
    return page


def cells(page: ReviewPage, column: int) -> list[str]:
    model = page.table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def handed_in(qtbot: QtBot, page: ReviewPage) -> None:
    qtbot.waitUntil(lambda: not page.work.is_busy(), timeout=20_000)


def shown(page: ReviewPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_claims_and_settlements_wait_in_one_queue(reviewer: ReviewPage) -> None:
    assert cells(reviewer, 0) == ["待初审", "待复核", "待复核", "待复核"]
    assert cells(reviewer, 1)[1:] == [FIRST, SECOND, THIRD]
    assert cells(reviewer, 2) == ["李四示例", "张三示例", "张三示例", "张三示例"]
    assert set(cells(reviewer, 3)) == {CLERK.name}
    assert cells(reviewer, 5) == ["", "200.00", "400.00", "300.00"]


def test_three_are_passed_with_three_keys_and_one_password(
    qtbot: QtBot, reviewer: ReviewPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_Down)
    for _time in range(3):
        hands.press(Qt.Key.Key_Space)
    assert cells(reviewer, 6) == ["", "通过", "通过", "通过"]
    hands.press(Qt.Key.Key_F9)
    assert hands.focused() is reviewer.password, "the password is asked for once"
    hands.type(PASSWORD)
    hands.enter()
    handed_in(qtbot, reviewer)

    assert "通过 3 张" in reviewer.notice.text()
    assert cells(reviewer, 0) == ["待初审"]
    assert {each.stage for each in desk.ledger.payables(frozenset(Stage))} == {Stage.PAYABLE}
    reviews = [entry for entry in desk.ledger.audit_trail() if entry.action is Action.REVIEW]
    assert [entry.subject for entry in reviews] == ["3 vouchers"], "one sitting, one act"


def test_a_mark_is_taken_back_with_the_same_key(reviewer: ReviewPage, hands: Hands) -> None:
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Space)
    assert reviewer.table.currentIndex().row() == 2, "the next line is in hand"
    hands.press(Qt.Key.Key_Up)
    hands.press(Qt.Key.Key_Space)
    assert cells(reviewer, 6) == ["", "", "", ""]
    hands.press(Qt.Key.Key_F9)
    assert "还没有标出结论" in reviewer.notice.text()


def test_what_goes_back_has_a_reason_and_is_reversed_from_here(
    qtbot: QtBot, window: MainWindow, reviewer: ReviewPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Delete)
    assert hands.focused() is reviewer.reason
    hands.enter()
    assert "理由" in reviewer.notice.text()
    hands.type("票据日期与病历不符")
    hands.enter()
    assert cells(reviewer, 6)[1] == "退回：票据日期与病历不符"
    hands.into(reviewer.password, PASSWORD)
    hands.enter()
    handed_in(qtbot, reviewer)
    assert "退回 1 张" in reviewer.notice.text()
    assert desk.ledger.stage(FIRST) is Stage.OBJECTED
    assert cells(reviewer, 0)[1] == "复核未通过"
    rest()
    reviewer.table.selectRow(1)
    rest()
    assert "：票据日期与病历不符" in shown(reviewer), "whoever reverses it reads why"

    reviewer.table.selectRow(1)
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_Space)
    assert "不能再改结论" in reviewer.notice.text()
    hands.click(reviewer.reverse_button)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert "影响 1 笔" in search.reversal.news.text(), "what it does to the others is said first"
    hands.type("票据日期与病历不符")
    hands.click(search.reversal.confirm)
    assert desk.ledger.stage(FIRST) is Stage.CLOSED


def test_a_wrong_password_records_nothing_and_keeps_the_marks(
    qtbot: QtBot, reviewer: ReviewPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Space)
    hands.into(reviewer.password, "wrong password")
    hands.enter()
    handed_in(qtbot, reviewer)

    assert "密码" in reviewer.notice.text()
    assert reviewer.password.text() == ""
    assert cells(reviewer, 6)[1] == "通过"
    assert desk.ledger.stage(FIRST) is Stage.UNREVIEWED


def test_who_entered_does_not_review(window: MainWindow, reviewer: ReviewPage, hands: Hands, desk: Desk) -> None:
    sign_in(desk, ADMINISTRATOR)
    desk.ledger.change_user(replace(CLERK, role=Role.REVIEWER))
    change_user(window, desk, CLERK)
    hands.press(Qt.Key.Key_3, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ReviewPage)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Space)
    assert "复核人不能是录入人本人" in page.notice.text()
    hands.press(Qt.Key.Key_Up)
    hands.into(page.reason, "缺处方")
    hands.enter()
    assert "复核人不能是录入人本人" in page.notice.text()
    assert cells(page, 6) == ["", "", "", ""]
    assert reviewer is not page


def test_a_claim_is_opened_or_goes_back(
    qtbot: QtBot, window: MainWindow, reviewer: ReviewPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_Space)
    assert "按 Enter 打开" in reviewer.notice.text()
    hands.enter()
    assert window.pages.currentWidget() is window.claim
    assert window.claim.person.name.text() == "李四示例"
    hands.press(Qt.Key.Key_F3)
    hands.press(Qt.Key.Key_3, CTRL)
    hands.into(reviewer.reason, "缺处方")
    hands.enter()
    hands.into(reviewer.password, PASSWORD)
    hands.enter()
    handed_in(qtbot, reviewer)

    (line,) = desk.ledger.claims_in(frozenset({ClaimState.RETURNED}))
    assert line.note == "缺处方"


def test_what_is_flagged_and_what_has_changed_since_is_said(
    window: MainWindow, reviewer: ReviewPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_Down)
    assert "已收材料" in shown(reviewer)
    assert "新情况" not in shown(reviewer)
    change_user(window, desk, CLERK)
    known_again(hands)
    prior = {place.field: field for place, field in window.claim.priors.fields()}
    hands.into(prior["deductible"], "100")
    hands.into(prior["fund"], "0")
    hands.receipt("A4", "800")
    hands.press(Qt.Key.Key_F9)
    assert "再按一次 F9" in window.claim.notice.text()
    hands.press(Qt.Key.Key_F9)
    change_user(window, desk, REVIEWER)
    hands.press(Qt.Key.Key_3, CTRL)
    page = window.pages.currentWidget()
    assert isinstance(page, ReviewPage)
    page.table.selectRow(1)
    rest()
    assert "平台已享受是人工填写的：起付线 100.00" in shown(page)
    assert "本单应多支付 50.00" in shown(page)
    page.table.selectRow(2)
    rest()
    assert "与单据 360000-2026-000004 的票据医院、日期、金额都相同" in shown(page)


def test_the_papers_of_the_line_in_hand_are_shown(window: MainWindow, reviewer: ReviewPage, hands: Hands) -> None:
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_F8)
    papers = window.findChild(VoucherWindow)
    assert papers is not None
    assert papers.papers.settlement.voucher_number == FIRST
    assert reviewer.isVisible()


def test_only_who_may_review_has_the_page(window: MainWindow, desk: Desk) -> None:
    for user, is_shown in ((CLERK, False), (FINANCE, False), (ADMINISTRATOR, False), (REVIEWER, True)):
        change_user(window, desk, user)
        assert (REVIEW in window.navigation.offered()) is is_shown
    assert CLAIMS in window.navigation.offered()


def test_what_another_desk_settles_joins_the_queue_and_what_is_marked_stays(
    qtbot: QtBot, window: MainWindow, reviewer: ReviewPage, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    others = OthersWatch(window.pages)
    others.follow(desk.ledger)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Space)
    hands.into(reviewer.reason, "票据日期")
    other = staffed_desk(tmp_path)
    entry = people.filled(ClaimEntry(other), people.receipt("C1", "1100"), number=people.LI, name="李四示例")
    entry.settle()
    other.close()

    qtbot.waitUntil(lambda: len(cells(reviewer, 1)) == 5, timeout=10_000)
    assert cells(reviewer, 6)[1] == "通过"
    assert reviewer.reason.text() == "票据日期"
    assert hands.focused() is reviewer.reason


def test_what_a_reviewer_changed_in_a_check_comes_back_after_the_next_person(
    window: MainWindow, hands: Hands, reviewer: ReviewPage
) -> None:
    submitted = next(line for line in reviewer.table.lines() if line.claim is not None)
    assert submitted.claim is not None
    reviewer.open_wanted.emit(submitted.claim.act_key)
    rest()
    claim = window.claim
    claim.table.go_to(0, "total")
    hands.press(Qt.Key.Key_A, CTRL)
    hands.type("777")
    hands.enter()
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    assert "没有保存" in claim.aside_strip.text()
    hands.press(Qt.Key.Key_R, CTRL)
    assert claim.person.name.text() == "李四示例"
    assert claim.draft.receipts[0].total == "777.00"
    assert claim.entry is not None
    assert claim.entry.is_check, "it is still a check of somebody else's claim"
