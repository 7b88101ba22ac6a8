"""A claim that comes late, in an area that has visits count: a strip says what it changes before it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.search_page import SearchPage
from tests.counter.desks import SETTINGS, staffed_desk
from tests.desktop.hands import ZHANG, Hands
from tests.ledger.office import PASSWORD, REVIEWER
from tests.policy import visits_count

FIRST, LATE = "360000-2026-000001", "360000-2026-000002"
NEWS = "该统筹区按就诊先后扣减：会影响 1 笔已结算的单据"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in an area that states 就诊先后."""
    visits_count.lay(tmp_path / "policies")
    settings = replace(SETTINGS, area_code=visits_count.CODE)
    opened = staffed_desk(tmp_path, settings)
    yield opened
    opened.close()


def again(hands: Hands, number: str, day: str, total: str) -> None:
    """The person who is known comes with another receipt."""
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_F7)
    hands.fields(number, day, "北京某医院", "3", total, "", "", "")


@pytest.fixture
def settled_in_may(hands: Hands) -> None:
    """The year's deductible is charged, and 1600 of 1800 are paid, for a visit in May."""
    hands.press(Qt.Key.Key_F6)
    hands.person()
    hands.receipt("B1", "3800")
    hands.press(Qt.Key.Key_F9)


def test_what_a_late_visit_changes_is_said_before_it_is_settled_and_led_to_its_correction(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, settled_in_may: None
) -> None:
    assert settled_in_may is None
    claim = window.claim
    again(hands, "A1", "105", "3000")
    qtbot.waitUntil(lambda: NEWS in claim.strips.news.text())
    words = claim.strips.news.text()
    assert f"{FIRST}（2026-11-22 结算）：统筹支付由 1,600.00 变为 600.00，应退回 1,000.00" in words
    assert "本申请现支付 200.00；差额更正后应为 1,200.00" in words
    assert claim.panel.fund.text() == "200.00", "the preview is what will be settled"
    hands.press(Qt.Key.Key_F9)

    assert desk.ledger.settlement(LATE).fund_fen == 20_000
    assert claim.strips.news.text() == ""
    assert "有 2 笔单据的差额待更正" in claim.done_strip.text()
    hands.click(claim.strips.correct_button)
    page = window.pages.currentWidget()
    assert isinstance(page, SearchPage)
    assert f"{FIRST}（2026-11-22 结算）" in page.corrections.news.text()
    assert f"{LATE}（2026-11-22 结算）" in page.corrections.news.text()
    hands.into(page.corrections.reason, "补办较早的就诊")
    hands.into(page.corrections.reviewer, REVIEWER.login)
    hands.into(page.corrections.password, PASSWORD)
    hands.into(page.corrections.review_reason, "核对无误")
    hands.click(page.corrections.confirm)
    assert not page.corrections.isVisible()
    paid = [desk.ledger.settlement(f"360000-2026-{number:06d}").fund_fen for number in range(1, 5)]
    assert paid == [160_000, 20_000, -100_000, 100_000]


def test_who_is_quicker_than_the_pause_sees_what_a_late_visit_changes_before_it_counts(
    window: MainWindow, hands: Hands, desk: Desk, settled_in_may: None
) -> None:
    assert settled_in_may is None
    again(hands, "A1", "105", "3000")
    hands.press(Qt.Key.Key_F9)

    assert NEWS in window.claim.strips.news.text()
    assert "再按一次 F9" in window.claim.notice.text()
    assert desk.ledger.month_count(2026, 11) == 1
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.month_count(2026, 11) == 2


def test_a_visit_in_its_order_is_settled_at_once_and_leaves_nothing_to_correct(
    window: MainWindow, hands: Hands, desk: Desk, settled_in_may: None
) -> None:
    assert settled_in_may is None
    again(hands, "C1", "601", "1000")
    hands.press(Qt.Key.Key_F9)

    assert desk.ledger.settlement(LATE).fund_fen == 20_000
    assert not window.claim.strips.correct_button.isVisible()
