from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.bar_chart import Bar, BarChart, Part, scale
from clerk_app.desktop.colours import DARK, LIGHT
from clerk_app.desktop.look import look
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.month_page import MonthPage
from clerk_app.settings import DARK_THEME, LIGHT_THEME
from tests.desktop.hands import ZHANG, Hands

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (0, 0, (1, 0, 1)),
        (0, 4, (1, 0, 4)),
        (0, 5, (2, 0, 6)),
        (0, 12_345_678, (5_000_000, 0, 15_000_000)),
        (-5_328, 100_000, (50_000, -50_000, 100_000)),
        (-900, 0, (500, -1_000, 500)),
    ],
)
def test_a_scale_has_round_steps_and_holds_every_value(
    lowest: int, highest: int, expected: tuple[int, int, int]
) -> None:
    step, low, high = scale(lowest, highest)
    assert (step, low, high) == expected
    assert low <= lowest <= highest <= high
    assert low % step == high % step == 0


def test_an_empty_scale_of_money_goes_by_yuan() -> None:
    assert scale(0, 0, 100) == (100, 0, 100)
    assert scale(0, 12, 100) == (100, 0, 100)
    assert scale(0, 100_000, 100) == (50_000, 0, 100_000)


@pytest.fixture
def chart(qtbot: QtBot, dressed: QApplication) -> BarChart:
    made = BarChart("每日金额", (Part("统筹支付", "accent"), Part("个人现金", "bad")), str)
    qtbot.addWidget(made)
    made.resize(600, 200)
    days = (("第一天", (600, 200)), ("第二天", (400, -400)), ("第三天", (0, 0)))
    made.show_bars([Bar(str(number), parts, words) for number, (words, parts) in enumerate(days, 1)], 0)
    made.show()
    assert dressed.activeWindow is not None
    return made


def test_a_bar_is_as_high_as_its_parts_and_hangs_where_there_is_less_than_nothing(chart: BarChart) -> None:
    fund, cash = chart.parts_of(0)
    paid, taken_back = chart.parts_of(1)
    assert fund.height() == pytest.approx(3 * cash.height())
    assert cash.bottom() == pytest.approx(fund.top()), "one stands on the other"
    assert paid.bottom() == pytest.approx(fund.bottom()), "it stands on the line"
    assert taken_back.top() == pytest.approx(fund.bottom()), "it hangs below the line"
    assert taken_back.height() == pytest.approx(2 * cash.height())
    assert [part.height() for part in chart.parts_of(2)] == [0, 0]


@pytest.mark.parametrize(("theme", "colours"), [(LIGHT_THEME, LIGHT), (DARK_THEME, DARK)])
def test_the_bars_are_drawn_in_the_colours_of_the_theme(chart: BarChart, theme: str, colours: object) -> None:
    worn = look()
    assert worn is not None
    try:
        worn.wear(theme)
        picture = chart.grab().toImage()
    finally:
        worn.wear(LIGHT_THEME)
    of = asdict(colours)  # type: ignore[call-overload]
    for part, name in zip(chart.parts_of(0), ("accent", "bad"), strict=True):
        assert picture.pixelColor(part.center().toPoint()).name().upper() == of[name]
    middle = chart.parts_of(0)[0]
    around = {picture.pixelColor(int(middle.center().x()), int(middle.top()) + by).name().upper() for by in (-1, 0, 1)}
    assert of["card"] in around, "a seam parts what stands on one another"


def test_where_the_days_would_touch_some_are_left_out_but_never_the_one_in_hand(chart: BarChart) -> None:
    chart.show_bars([Bar(str(day), (100, 0), f"{day} 日") for day in range(1, 32)], 9)
    chart.resize(1200, 200)
    assert chart.labelled() == set(range(31))
    chart.resize(420, 200)
    shown = sorted(chart.labelled())
    assert 9 in shown
    apart = [chart.slot_of(other).left() - chart.slot_of(one).left() for one, other in pairwise(shown)]
    assert min(apart) > chart.fontMetrics().horizontalAdvance("30")


def test_the_keyboard_goes_along_the_bars_and_a_screen_reader_hears_them(chart: BarChart, qtbot: QtBot) -> None:
    told = QAccessible.queryAccessibleInterface(chart)
    assert told.text(QAccessible.Text.Name) == "每日金额"
    heard = [told.text(QAccessible.Text.Description)]
    with qtbot.waitSignal(chart.marked):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    heard.append(told.text(QAccessible.Text.Description))
    for key in (Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home):
        qtbot.keyClick(chart, key)
        heard.append(told.text(QAccessible.Text.Description))
    assert heard == ["第一天", "第二天", "第三天", "第三天", "第一天"]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.slot_of(1).center().toPoint())
    assert chart.place == 1


@pytest.fixture
def page(window: MainWindow, hands: Hands, desk: Desk) -> MonthPage:
    """The month in which one claim has just been settled."""
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_3, CTRL_SHIFT)
    shown = window.pages.currentWidget()
    assert isinstance(shown, MonthPage)
    assert desk.today().day == 22
    return shown


def test_the_month_is_shown_with_its_last_busy_day_in_hand(page: MonthPage) -> None:
    assert page.words.text() == "2026-11：结算 1 笔；统筹支付 200.00，个人账户 0.00，个人现金 800.00。"
    assert page.day.text() == "11 月 22 日：结算 1 笔；统筹支付 200.00，个人账户 0.00，个人现金 800.00。"
    assert page.amounts.place == page.counts.place == 21
    assert page.amounts.slot_of(21).left() == page.counts.slot_of(21).left(), "one day stands below the other"
    cells = [page.model.index(0, column).data() for column in range(page.model.columnCount())]
    assert cells == ["11-22", "1", "", "", "", "1,000.00", "200.00", "0.00", "800.00"]
    assert page.model.index(1, 0).data() == "合计"


def test_both_charts_and_the_words_go_to_another_day_together(page: MonthPage, hands: Hands) -> None:
    page.counts.setFocus()
    hands.press(Qt.Key.Key_Left)
    assert page.amounts.place == page.counts.place == 20
    assert page.day.text() == "11 月 21 日：没有记录。"


def test_another_month_is_chosen_and_what_was_settled_meanwhile_is_there_on_the_way_back(
    page: MonthPage, window: MainWindow, hands: Hands
) -> None:
    hands.press(Qt.Key.Key_Down)
    assert page.words.text() == "2026-10 还没有结算。"
    hands.press(Qt.Key.Key_Up)
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    hands.receipt("A2", "500")
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_3, CTRL_SHIFT)
    assert page.words.text().startswith("2026-11：结算 2 笔；")
    assert window.pages.currentWidget() is page
