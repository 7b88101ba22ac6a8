from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.paper_window import PaperWindow
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.year_card_window import YearCardWindow
from tests.desktop.hands import ZHANG, Hands, rest, until
from tests.desktop.slow import slow


def settle(hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)


def card_of(window: MainWindow) -> YearCardWindow:
    card = window.findChild(YearCardWindow)
    assert card is not None
    return card


def test_the_card_of_the_person_in_hand_says_what_is_used_and_left(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.into({place.field: field for place, field in window.claim.priors.fields()}["fund"], "123.45")
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_F11)
    card = card_of(window)

    assert card.title.text().startswith("张三示例　2026 年度待遇使用情况")
    cells = [[card.amounts.index(row, column).data() for column in range(5)] for row in range(2)]
    assert cells == [
        ["普通门诊起付线", "600.00", "600.00", "0.00", "0.00"],
        ["普通门诊限额", "1,800.00", "200.00", "123.45", "1,476.55"],
    ]
    assert "查询日期 2026-11-22" in card.priors.text()
    assert card.uses.index(0, 0).data() == "360000-2026-000001"


def test_another_year_is_chosen_on_the_card(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    settle(hands)
    hands.fields(ZHANG)
    hands.click(window.claim.person.year_card_button)
    card = card_of(window)
    qtbot.waitUntil(card.isActiveWindow)
    card.year.setFocus()
    hands.press(Qt.Key.Key_Down)

    assert "2025 年度" in card.title.text()
    assert card.uses.rowCount() == 0
    assert card.priors.text() == "没有登记平台已享受待遇。"


def test_a_line_of_the_card_leads_to_its_voucher(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    settle(hands)
    hands.press(Qt.Key.Key_F4)
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    hands.click(search.panel.year_card_button)
    card = card_of(window)
    qtbot.waitUntil(card.isActiveWindow)
    card.uses_table.setFocus()
    card.uses_table.selectRow(0)
    hands.press(Qt.Key.Key_Return)

    assert search.text.text() == "360000-2026-000001"


def test_without_a_known_person_it_is_said_how_to_get_a_card(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F11)

    assert window.findChild(YearCardWindow) is None
    assert "F11" in window.claim.notice.text()


def test_monthly_credits_stand_on_a_tab_of_their_own_with_formula_article_and_months(
    qtbot: QtBot, window: MainWindow, hands: Hands
) -> None:
    settle(hands)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_F11)
    card = card_of(window)
    qtbot.waitUntil(card.isActiveWindow)
    assert card.tabs.count() == 2
    card.tabs.setCurrentWidget(card.credits)
    assert "填写基数" in card.credits.formulas.text()
    assert not card.credits.pension.isEnabled()

    hands.into(card.credits.contribution, "5123.45")

    assert (
        card.credits.formulas.text()
        == "在职：每月计入 102.47 = 本人参保缴费基数 5,123.45 × 2%〔江西省实施意见 二(四)〕"
    )
    assert card.credits.model.rowCount() == 12
    assert [card.credits.model.index(0, column).data() for column in (0, 3, 4)] == [
        "2026-01",
        "102.47",
        "江西省实施意见 二(四)",
    ]
    assert "全年合计 1,229.64" in card.credits.total.text()
    hands.click(card.credits.flexible)
    assert card.credits.formulas.text().startswith("灵活就业：")

    hands.into(card.credits.contribution, "51x")
    assert "不是金额" in card.credits.contribution.accessibleDescription()
    assert card.credits.total.text() == ""


def test_a_year_without_credits_has_no_tab_for_them_and_typed_bases_come_back(
    qtbot: QtBot, window: MainWindow, hands: Hands
) -> None:
    settle(hands)
    assert window.desk is not None
    card = YearCardWindow(window.desk, 1, 2022, window)
    card.show()
    qtbot.waitUntil(card.isActiveWindow)
    rest()
    assert card.tabs.count() == 1

    card.year.choose(2026)
    rest()
    assert card.tabs.count() == 2
    card.tabs.setCurrentWidget(card.credits)
    hands.into(card.credits.contribution, "5000")
    card.year.choose(2022)
    rest()
    assert card.tabs.count() == 1
    card.year.choose(2025)
    rest()
    assert "2025 年全年合计 1,200.00" in card.credits.total.text()


def test_a_year_that_was_overtaken_is_not_shown_and_none_stands_below_another(
    qtbot: QtBot, window: MainWindow, hands: Hands
) -> None:
    settle(hands)
    assert window.desk is not None
    shown: list[str] = []
    with slow() as ledger:
        card = YearCardWindow(window.desk, 1, 2026, window)
        card.show()
        qtbot.waitUntil(card.isActiveWindow)
        assert card.priors.text() == "", "what is not read yet is not claimed to be nothing"
        ledger.answer()
        rest()
    assert card.amounts.rowCount() > 0
    card.uses.modelReset.connect(lambda: shown.append(card.title.text()))
    with slow() as ledger:
        card.year.setFocus()
        # Two keys in a row: the year in between has been asked for first.
        for year in (2025, 2024):
            qtbot.keyClick(card.year, Qt.Key.Key_Down)
            assert card.year.value() == year
        until(lambda: ledger.asked_beside > 0)
        assert "2026" in card.title.text(), "a year that comes at once is not blank before"
        card.print_button.click()
        qtbot.waitUntil(lambda: card.title.text() == "正在读取 2024 年度…")
        assert (card.amounts.rowCount(), card.uses.rowCount(), card.priors.text()) == (0, 0, "")
        assert ledger.asked_by_window == []
    rest()

    assert shown == ["", card.title.text()]
    assert "2024 年度" in card.title.text()
    assert QApplication.focusWidget() is not None
    (paper,) = card.findChildren(PaperWindow)
    assert paper.windowTitle() == "年度卡 2024-1", "the paper is that of the year that is chosen"


def test_a_card_that_cannot_be_read_shows_no_amount(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    settle(hands)
    assert window.desk is not None
    card = YearCardWindow(window.desk, 1, 2026, window)
    card.show()
    qtbot.waitUntil(card.isActiveWindow)
    rest()
    window.desk.ledger.sign_out()
    card.year.choose(2025)
    rest()

    assert card.notice.text()
    assert (card.title.text(), card.amounts.rowCount(), card.uses.rowCount()) == ("", 0, 0)
    card.print_button.click()
    assert card.findChildren(PaperWindow) == []
