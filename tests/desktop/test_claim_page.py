from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.counter.reading import Place
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.receipts_model import COLUMN_OF
from tests.desktop.hands import LI, ZHANG, Hands, change_user, commit
from tests.ledger.office import CLERK, PASSWORD, REVIEWER


def shown(window: MainWindow, row: int, key: str) -> str:
    return str(window.claim.table.receipts.index(row, COLUMN_OF[key]).data())


def test_the_amount_follows_each_key(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.press(Qt.Key.Key_F7)
    hands.fields("A1", "520", "北京某医院", "3")

    for keys, fund in (("1", "0.00"), ("000", "200.00"), ("0", "1,800.00")):
        hands.type(keys)
        assert window.claim.panel.fund.text() == fund
        assert hands.focused().property("text").startswith("1")


def test_what_is_typed_wrongly_is_said_beside_it_once_it_is_left(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.into(claim.person.id_number, "36010219800101")
    assert claim.person.id_number.property("wrong") is not True
    hands.enter()

    assert claim.person.id_number.property("wrong") is True
    assert "18 位" in claim.person.id_number.accessibleDescription()
    assert claim.person.id_number.text() == "36010219800101"


@pytest.mark.parametrize(
    ("total", "self_funded", "words"),
    [("12.345", "", "两位小数"), ("1000", "1200", "比总额多 200.00"), ("12a", "", "不是金额")],
)
def test_a_wrong_line_stays_on_screen_and_is_not_settled(
    window: MainWindow, hands: Hands, desk: Desk, total: str, self_funded: str, words: str
) -> None:
    hands.person()
    hands.receipt("A1", total, self_funded)

    hands.press(Qt.Key.Key_F9)

    assert words in window.claim.receipts_card.problem.text()
    assert words in window.claim.notice.text()
    assert shown(window, 0, "number") == "A1"
    assert desk.ledger.find_persons("张三") == []


def test_a_bill_paid_before_is_refused_naming_its_voucher(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt("R1", "1100")
    hands.press(Qt.Key.Key_F9)

    hands.person(LI, "李四示例")
    hands.receipt("R1", "1100")

    assert window.claim.panel.badge.text() == "不予支付"
    assert "360000-2026-000001" in window.claim.explanation.banners.text()
    assert shown(window, 0, "number") == "R1"


def test_a_returning_person_is_there_after_the_scan(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt("R1", "1100")
    hands.press(Qt.Key.Key_F9)

    hands.fields(ZHANG)

    assert window.claim.person.name.text() == "张三示例"
    assert "46 岁" in window.claim.person.derived.text()
    assert window.claim.table.currentIndex().column() == COLUMN_OF["number"]
    hands.receipt("R2", "100")
    assert window.claim.panel.fund.text() == "50.00"


def test_the_next_line_takes_the_hospital_over_and_enter_passes_over_it(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F7)
    hands.fields("A1", "520", "北京某医院", "3", "1000", "", "", "")
    hands.fields("A2", "521")

    assert shown(window, 1, "hospital") == "北京某医院"
    assert shown(window, 1, "tier") == "三级"
    assert window.claim.table.currentIndex().column() == COLUMN_OF["total"]


def test_enter_in_the_blank_line_goes_to_the_button(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F7)
    hands.enter()

    assert hands.focused() is window.claim.panel.settle


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_with_control_settles_from_any_field(window: MainWindow, hands: Hands, key: Qt.Key) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F7)
    hands.press(key, Qt.KeyboardModifier.ControlModifier)

    assert "360000-2026-000001" in window.claim.done_strip.text()


def test_a_visit_of_last_december_is_typed_without_its_year(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F7)
    hands.fields("A1", "1220")

    assert shown(window, 0, "visited_on") == "2025-12-20"


def test_shift_enter_goes_back(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    claim.person.name.setFocus()
    hands.press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert hands.focused() is claim.person.certificate
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert hands.focused() is claim.person.name


def test_a_cell_is_copied_from_above_and_a_line_taken_out(window: MainWindow, hands: Hands) -> None:
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F7)
    hands.fields("A2", "521")
    hands.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert shown(window, 1, "total") == "1,000.00"

    hands.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert window.claim.table.receipts.rowCount() == 2
    assert shown(window, 1, "number") == ""


def test_an_unfiled_visit_asks_for_a_reviewer(window: MainWindow, hands: Hands, desk: Desk) -> None:
    claim = window.claim
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG, "张三示例")
    hands.receipt()

    assert claim.panel.badge.text() == "待复核"
    assert "备案" in claim.explanation.banners.text()
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.month_count(2026, 11) == 0
    assert hands.focused() is claim.explanation.reviewer
    hands.fields(CLERK.login, PASSWORD, "急诊后补备案")
    hands.press(Qt.Key.Key_F9)
    assert "录入人本人" in claim.notice.text()
    hands.into(claim.explanation.reviewer, REVIEWER.login)
    hands.into(claim.explanation.password, "not this one")
    hands.press(Qt.Key.Key_F9)
    assert "密码不对" in claim.notice.text()
    assert claim.explanation.password.text() == ""
    assert claim.explanation.reason.text() == "急诊后补备案"
    assert desk.ledger.month_count(2026, 11) == 0
    hands.into(claim.explanation.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)

    assert desk.ledger.month_count(2026, 11) == 1
    assert "200.00" in claim.done_strip.text()


def test_nanyang_refuses_and_the_button_says_so(window: MainWindow, hands: Hands) -> None:
    hands.person()
    window.claim.person.area.choose("411300")
    hands.receipt()

    assert window.claim.panel.badge.text() == "不予支付"
    assert "仅供参考" in window.claim.explanation.text()
    assert "不予支付" in window.claim.panel.settle.text()
    hands.press(Qt.Key.Key_F9)
    assert "已登记不予支付" in window.claim.done_strip.text()


def test_a_framework_without_parameters_says_what_is_missing(window: MainWindow, hands: Hands) -> None:
    hands.person()
    window.claim.person.area.choose("220000")
    hands.receipt()

    assert window.claim.panel.fund.text() == "0.00"
    assert "普通门诊.起付标准" in window.claim.explanation.text()
    assert shown(window, 0, "decision") == "待填"


def test_jining_shows_the_column_that_its_document_asks_for(window: MainWindow) -> None:
    table = window.claim.table
    assert table.isColumnHidden(COLUMN_OF["networked"])

    window.claim.person.area.choose("370800")

    assert not table.isColumnHidden(COLUMN_OF["networked"])
    assert table.isColumnHidden(COLUMN_OF["disease"])


def test_residents_choose_no_status(window: MainWindow) -> None:
    person = window.claim.person
    person.insurance.setCurrentIndex(1)
    assert not person.status.isEnabled()
    person.insurance.setCurrentIndex(0)
    person.status.setCurrentIndex(1)
    assert person.retirement.isEnabled()


def test_what_f3_clears_away_can_be_taken_back(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt("A1", "1000")

    hands.press(Qt.Key.Key_F3)
    assert claim.person.name.text() == ""
    hands.click(claim.restore_button)

    assert claim.person.name.text() == "张三示例"
    assert claim.panel.fund.text() == "200.00"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_person_is_found_by_name(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    hands.click(claim.person.name)
    commit(claim.person.name, "张")
    popup = claim.person.name.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    assert "****" in str(popup.model().index(0, 0).data())
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert claim.person.id_number.text() == ZHANG
    assert claim.person.name.text() == "张三示例"


def test_a_claim_is_not_called_paid_while_a_receipt_is_not_whole(window: MainWindow, hands: Hands) -> None:
    badge = window.claim.panel.badge
    hands.person()
    assert badge.text() == "未录入"
    hands.receipt("A1", "1100")
    assert badge.text() == "支付"
    hands.press(Qt.Key.Key_F7)
    hands.fields("A2")
    assert badge.text() == "未录完"


def test_further_filings_and_stays_are_lines_of_their_own(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    hands.receipt()
    claim.stays.add_line()
    places = {place.field: field for place, field in claim.stays.fields()}
    hands.into(places["admitted_on"], "518")
    hands.into(places["discharged_on"], "522")
    hands.enter()
    assert claim.panel.badge.text() == "不予支付"

    claim.stays.remove_line(0)
    claim.filings.add_line()
    assert claim.panel.badge.text() == "支付"
    assert Place("filing", 1, "category") in dict(claim.filings.fields())


def test_an_electronic_bill_is_scanned_into_the_blank_line(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F6)
    hands.fields("01,10,61060120,0000012345,abc123,20260520")

    assert (shown(window, 0, "bill_code"), shown(window, 0, "number")) == ("61060120", "0000012345")
    assert window.claim.table.currentIndex().column() == COLUMN_OF["visited_on"]
    hands.press(Qt.Key.Key_F6)
    hands.fields("garbage")
    assert "没有认出" in window.claim.notice.text()


def test_a_claim_left_unfinished_waits_for_its_clerk_and_nobody_else_sees_it(
    window: MainWindow, hands: Hands, desk: Desk
) -> None:
    hands.person()
    hands.receipt()
    change_user(window, desk, REVIEWER)
    assert window.claim.person.name.text() == ""
    assert window.claim.panel.fund.text() == "0.00"

    change_user(window, desk, CLERK)

    assert window.claim.person.name.text() == "张三示例"
    assert window.claim.panel.fund.text() == "200.00"


def test_user_text_is_never_markup(window: MainWindow, hands: Hands) -> None:
    hands.person(ZHANG, "<b>张三</b>示例")
    hands.receipt()
    hands.press(Qt.Key.Key_F9)

    assert "<b>张三</b>示例" in window.claim.done_strip.text()
    hands.into(window.claim.person.name, "<img src=x>示例")
    hands.enter()
    assert "&lt;img" in window.claim.person.name.toolTip()


def test_a_whole_table_is_pasted_into_the_cell_in_hand(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.press(Qt.Key.Key_F7)
    QGuiApplication.clipboard().setText("A1\t520\t北京某医院\t3\t\t1000\nA2\t521\t北京某医院\t3\t\t12.345\n")
    hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert [shown(window, row, "number") for row in range(3)] == ["A1", "A2", ""]
    assert shown(window, 0, "visited_on") == "2026-05-20"
    assert shown(window, 0, "fund") == "200.00"
    assert "第 2 行 总额：" in window.claim.notice.text()
    assert "第 1 行" not in window.claim.notice.text()
    assert window.claim.table.currentIndex().row() == 2


def test_one_copied_cell_is_pasted_as_text(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_F7)
    QGuiApplication.clipboard().setText("A1")
    hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert window.claim.draft.receipts[0].number == "A1"


def test_a_table_is_pasted_from_the_menu_behind_what_is_there(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt("A0", "1000")
    window.claim.person.phone.setFocus()
    QGuiApplication.clipboard().setText("发票号\t日期\t金额\nA1\t521\t100\n")
    hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)

    assert [shown(window, row, "number") for row in range(3)] == ["A0", "A1", ""]
    assert shown(window, 1, "fund") == "50.00"


def test_an_article_tells_for_which_days_its_value_holds(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt()

    tips = [label.toolTip() for label in window.claim.explanation.findChildren(QLabel) if "二(三)" in label.text()]
    assert tips
    assert all(" 起〕" in words for words in tips)


def test_what_is_in_the_way_takes_the_room_of_what_was_settled_before(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    assert "已结算" in window.claim.done_strip.text()
    hands.into(window.claim.person.name, "李四示例")
    hands.press(Qt.Key.Key_F9)

    assert "证件号码" in window.claim.notice.text()
    assert window.claim.done_strip.text() == ""


def test_what_is_wrong_stays_said_in_the_field_that_is_mended_and_of_many_the_line_in_hand_comes_first(
    window: MainWindow, hands: Hands
) -> None:
    claim = window.claim
    hands.person()
    for number in ("A1", "A2", "A3"):
        hands.receipt(number, "12.345", "", answer="")
    said = claim.receipts_card.problem
    assert said.text().split("\n")[2].startswith("另有 1 处"), "three are wrong, two are named"

    claim.table.go_to(2, "total")
    assert said.text().startswith("第 3 行"), "the field in hand: what was said of it still helps"
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type("12.3456")
    assert not said.text().startswith("第 3 行"), "nothing new is said of it until it is left"
    hands.enter()
    assert "12.3456" in said.text() or "另有" in said.text()
    claim.table.go_to(2, "total")
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type("12.34")
    hands.enter()
    assert "第 3 行" not in said.text()
    assert "另有" not in said.text()


def test_of_several_receipts_the_one_that_bars_the_settlement_is_named(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    assert not claim.explanation.none.isHidden(), "a blank claim says what comes there"
    hands.person()
    hands.receipt("A1", "100")
    assert claim.explanation.none.isHidden()
    hands.receipt("A2", "12.345", answer="")
    hands.press(Qt.Key.Key_F9)
    assert claim.notice.text().startswith("第 2 张票据：金额")
