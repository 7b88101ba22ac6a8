from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.search_page import SearchPage
from clerk_app.wording import use_language
from tests.desktop.hands import ZHANG, Hands
from tests.ledger.office import CLERK, PASSWORD, REVIEWER

FIRST, SECOND = "360000-2026-000001", "360000-2026-000002"


def settle(hands: Hands, number: str, total: str = "1000") -> None:
    """Settle a receipt of the one person, whom the office may know already."""
    if hands.window.claim.person.id_number.text() == "":
        hands.press(Qt.Key.Key_F6)
        hands.person()
    hands.receipt(number, total)
    hands.press(Qt.Key.Key_F9)


@pytest.fixture
def two_settled(hands: Hands) -> None:
    """Two settlements of one person: the first used up the deductible."""
    settle(hands, "A1")
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    settle(hands, "A2")


@pytest.fixture
def search(window: MainWindow, hands: Hands, two_settled: None) -> SearchPage:
    """The search page with the first settlement selected."""
    assert two_settled is None
    hands.press(Qt.Key.Key_F4)
    hands.fields(FIRST)
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    return page


def test_a_reversal_shows_beforehand_what_it_changes_for_later_settlements(hands: Hands, search: SearchPage) -> None:
    hands.click(search.panel.reverse_button)

    words = search.reversal.news.text()
    assert "会影响 1 笔已结算的单据" in words
    assert f"{SECOND}（2026-11-22 结算）：统筹支付由 500.00 变为 200.00，应退回 300.00" in words
    hands.click(search.reversal.cancel)
    assert search.panel.reverse_button.isEnabled(), "nothing was saved"


def test_a_reversal_is_typed_with_enter_and_put_away_with_escape(hands: Hands, search: SearchPage) -> None:
    hands.press(Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    card = search.reversal
    assert hands.focused() is card.reason
    hands.press(Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert hands.focused() is search.table

    hands.press(Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.type("票据录错")
    hands.enter()
    assert hands.focused() is card.confirm
    assert card.of.text() == FIRST
    hands.enter()
    assert "空格" in card.notice.text(), "one Enter too many takes nothing back"
    assert not search.desk.ledger.settlement(FIRST).reversed_by
    hands.press(Qt.Key.Key_Space)
    assert not card.isVisible()
    assert search.desk.ledger.settlement(FIRST).reversed_by


def test_the_reason_of_a_correction_is_on_record_in_chinese_whatever_the_screen_speaks(
    hands: Hands, search: SearchPage
) -> None:
    use_language("en")
    try:
        hands.click(search.panel.reverse_button)
        hands.type("票据录错")
        hands.click(search.reversal.confirm)
        assert search.corrections.reason.text() == f"{FIRST} 已冲正"
    finally:
        use_language("zh_CN")


def test_a_reversal_that_changes_nothing_else_says_so(hands: Hands, search: SearchPage) -> None:
    hands.into(search.text, SECOND)
    hands.enter()
    hands.click(search.panel.reverse_button)

    assert search.reversal.news.text() == "不影响其他已结算的单据。"
    hands.into(search.reversal.reason, "票据录错")
    hands.click(search.reversal.confirm)
    assert not search.corrections.isVisible()


def test_after_a_reversal_the_difference_is_settled_by_a_correction(hands: Hands, search: SearchPage) -> None:
    hands.click(search.panel.reverse_button)
    hands.into(search.reversal.reason, "票据录错")
    hands.click(search.reversal.confirm)
    corrections = search.corrections
    assert corrections.isVisible()
    assert "应退回 300.00" in corrections.news.text()
    assert corrections.reason.text() == f"{FIRST} 已冲正"

    hands.into(corrections.reviewer, CLERK.login)
    hands.into(corrections.password, PASSWORD)
    hands.into(corrections.review_reason, "核对无误")
    hands.click(corrections.confirm)
    assert "复核" in corrections.notice.text()
    assert corrections.review_reason.text() == "核对无误"
    assert corrections.password.text() == ""
    hands.into(corrections.reviewer, REVIEWER.login)
    hands.into(corrections.password, PASSWORD)
    hands.click(corrections.confirm)

    assert not corrections.isVisible()
    assert "360000-2026-000004" in search.notice.text()
    hands.into(search.text, "360000-2026-000004")
    hands.enter()
    assert f"更正 {SECOND}" in search.panel.facts.text()
    assert search.claims.index(0, 7).data() == "-300.00"


def test_a_difference_put_off_is_found_again_at_the_record(hands: Hands, search: SearchPage) -> None:
    hands.click(search.panel.correct_button)
    assert search.corrections.news.text() == "没有待更正的差额。"
    assert not search.corrections.confirm.isEnabled()
    hands.click(search.panel.reverse_button)
    hands.into(search.reversal.reason, "票据录错")
    hands.click(search.reversal.confirm)
    hands.click(search.corrections.later)
    hands.into(search.text, SECOND)
    hands.enter()
    hands.click(search.panel.correct_button)

    assert "应退回 300.00" in search.corrections.news.text()


@pytest.fixture
def returning(window: MainWindow, hands: Hands, two_settled: None) -> dict[str, QWidget]:
    """The person of two settlements again, with a third receipt; gives the fields of the platform's figures."""
    assert two_settled is None
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    hands.receipt("A3", "100")
    return {place.field: field for place, field in window.claim.priors.fields()}


def test_platform_figures_name_the_vouchers_they_change_before_the_claim_is_settled(
    qtbot: QtBot, window: MainWindow, hands: Hands, returning: dict[str, QWidget]
) -> None:
    claim = window.claim
    hands.into(returning["deductible"], "200")
    qtbot.waitUntil(lambda: "会影响 1 笔" in claim.strips.news.text())
    assert f"{FIRST}（2026-11-22 结算）：统筹支付由 200.00 变为 300.00，应补付 100.00" in claim.strips.news.text()
    hands.into(returning["deductible"], "0")
    qtbot.waitUntil(lambda: claim.strips.news.text() == "")
    hands.into(returning["deductible"], "200")
    qtbot.waitUntil(lambda: "会影响 1 笔" in claim.strips.news.text())
    hands.press(Qt.Key.Key_F9)

    assert "已结算" in claim.done_strip.text()
    assert claim.strips.news.text() == ""
    assert "有 1 笔单据的差额待更正" in claim.done_strip.text()
    hands.click(claim.strips.correct_button)
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    assert "应补付 100.00" in page.corrections.news.text()


def test_who_is_quicker_than_the_pause_is_shown_the_change_before_it_counts(
    window: MainWindow, hands: Hands, desk: Desk, returning: dict[str, QWidget]
) -> None:
    hands.into(returning["deductible"], "200")
    hands.press(Qt.Key.Key_F9)

    assert "会影响 1 笔" in window.claim.strips.news.text()
    assert "再按一次 F9" in window.claim.notice.text()
    assert desk.ledger.month_count(2026, 11) == 2
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.month_count(2026, 11) == 3


def test_what_would_change_a_decision_is_said_and_saved_nowhere(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG, "张三示例")
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    hands.receipt()
    words = window.claim.explanation.alternatives

    qtbot.waitUntil(words.isVisible)
    assert "若补办异地就医备案：支付，统筹支付 200.00，金额不变" in words.text()
    assert "若医疗机构" not in words.text(), "no cure for what is flagged"
    assert desk.ledger.find_persons("张三") == []
    hands.person()
    qtbot.waitUntil(lambda: "若医疗机构为一级：支付，统筹支付 240.00，+40.00" in words.text())
    hands.press(Qt.Key.Key_F3)
    assert not words.isVisible()
