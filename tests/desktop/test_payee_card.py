"""收款账户 in the form, by the keyboard: none in the usual job, a first one, another one with a second person."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import MainWindow
from clerk_app.ledger.records import Payee, PayeeAccount
from tests.desktop.hands import ZHANG, Hands
from tests.ledger.office import PASSWORD, REVIEWER

CTRL = Qt.KeyboardModifier.ControlModifier
CARD, ANOTHER = "6200000000000000018", "6200000000000000026"
FIRST, SECOND = "360000-2026-000001", "360000-2026-000002"
BANK = "示例银行城南支行"


def begin_claim(hands: Hands, number: str) -> None:
    """A person with a receipt, the papers handed in."""
    hands.press(Qt.Key.Key_F6)
    if number == "A1":
        hands.person()
    else:
        hands.fields(ZHANG)
        hands.press(Qt.Key.Key_M, CTRL)
    hands.receipt(number)


def give_account(hands: Hands, bank: str, number: str) -> None:
    """Type an account from wherever the keyboard is."""
    card = hands.window.claim.payee
    hands.press(Qt.Key.Key_B, CTRL)
    while hands.focused() is not card.bank:
        hands.press(Qt.Key.Key_Tab)
    hands.fields(bank, number)


def test_a_first_account_is_typed_with_keys_masked_and_printed_on_the_voucher(
    window: MainWindow, hands: Hands, desk: Desk
) -> None:
    claim = window.claim
    begin_claim(hands, "A1")
    assert "支付前补填" in claim.person.payee.words()
    give_account(hands, BANK, CARD)
    assert claim.payee.isHidden(), "Enter behind the last field goes back to the receipts"
    assert claim.table.isAncestorOf(hands.focused())
    assert claim.person.payee.words() == f"{BANK}　620000*********0018"
    hands.press(Qt.Key.Key_B, CTRL)
    assert claim.payee.account.text() == "620000*********0018"
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.settlement(FIRST).payee == Payee("张三示例", "本人", BANK, CARD)
    assert claim.person.payee.words() == "未登记，可在支付前补填", "nothing of one person stays for the next"

    begin_claim(hands, "A2")
    assert claim.person.payee.words() == f"{BANK}　620000*********0018"
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.settlement(SECOND).payee == Payee("张三示例", "本人", BANK, CARD)


def test_a_wrong_digit_is_told_at_its_field_and_can_be_put_right(window: MainWindow, hands: Hands, desk: Desk) -> None:
    begin_claim(hands, "A1")
    give_account(hands, BANK, CARD[:-1] + "9")
    hands.press(Qt.Key.Key_F9)
    card = window.claim.payee
    assert card.isVisible()
    assert hands.focused() is card.account
    assert "校验位" in card.account.accessibleDescription()
    assert card.account.text() == CARD[:-1] + "9", "what does not hold is shown whole"
    hands.fields(CARD)
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.settlement(FIRST).payee == Payee("张三示例", "本人", BANK, CARD)


def test_another_account_waits_for_a_second_person_and_is_the_account_from_then_on(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    claim = window.claim
    begin_claim(hands, "A1")
    give_account(hands, BANK, CARD)
    hands.press(Qt.Key.Key_F9)
    begin_claim(hands, "A2")
    give_account(hands, "示例银行城北支行", ANOTHER)
    card = claim.payee
    assert hands.focused() is card.login
    hands.press(Qt.Key.Key_F9)
    assert "第二人" in card.login.accessibleDescription()
    with pytest.raises(Exception, match="voucher_unknown"):
        desk.ledger.settlement(SECOND)
    hands.into(card.login, REVIEWER.login)
    hands.enter()
    hands.fields("wrong password")
    qtbot.waitUntil(lambda: not card.work.is_busy(), timeout=20_000)
    assert card.notice.text()
    hands.into(card.login, REVIEWER.login)
    hands.enter()
    hands.fields(PASSWORD)
    qtbot.waitUntil(card.isHidden, timeout=20_000)
    assert claim.person.payee.words() == "示例银行城北支行　620000*********0026"
    assert card.password.text() == ""
    hands.press(Qt.Key.Key_F9)
    settled = desk.ledger.settlement(SECOND)
    assert settled.payee == Payee("张三示例", "本人", "示例银行城北支行", ANOTHER)
    assert desk.ledger.payee_account(settled.person_id) == PayeeAccount("张三示例", "本人", "示例银行城北支行", ANOTHER)


def test_somebody_else_collects_with_a_reason(window: MainWindow, hands: Hands, desk: Desk) -> None:
    begin_claim(hands, "A1")
    card = window.claim.payee
    hands.press(Qt.Key.Key_B, CTRL)
    card.relation.setFocus()
    hands.press(Qt.Key.Key_Down)
    hands.enter()
    assert hands.focused() is card.name
    hands.fields("李四示例", BANK, CARD)
    hands.press(Qt.Key.Key_F9)
    assert hands.focused() is card.reason
    hands.fields("本人卧床，已收委托书")
    assert window.claim.person.payee.words().startswith("李四示例（配偶）")
    hands.press(Qt.Key.Key_F9)
    assert desk.ledger.settlement(FIRST).payee == Payee("李四示例", "配偶", BANK, CARD)
    assert "本人卧床" in desk.ledger.remark(FIRST)


def test_an_account_is_taken_back_like_anything_else_that_was_typed(window: MainWindow, hands: Hands) -> None:
    begin_claim(hands, "A1")
    give_account(hands, BANK, CARD)
    hands.press(Qt.Key.Key_Z, CTRL)
    hands.press(Qt.Key.Key_Z, CTRL)
    assert "支付前补填" in window.claim.person.payee.words()
    hands.press(Qt.Key.Key_Y, CTRL)
    hands.press(Qt.Key.Key_Y, CTRL)
    assert window.claim.person.payee.words() == f"{BANK}　620000*********0018"


def test_the_payee_costs_no_key_in_the_usual_way_through_the_form(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    hands.person()
    claim.person.handed_in_on.setFocus()
    hands.enter()
    assert hands.focused() is not claim.person.payee
    claim.person.handed_in_on.setFocus()
    hands.press(Qt.Key.Key_Tab)
    assert hands.focused() is claim.person.payee
    hands.press(Qt.Key.Key_Space)
    assert claim.payee.isVisible()
    assert hands.focused() is claim.payee.bank


def test_on_a_low_screen_what_is_wrong_with_an_account_and_the_second_person_are_in_sight(
    window: MainWindow, hands: Hands
) -> None:
    window.resize(1366, 640)
    claim = window.claim
    begin_claim(hands, "A1")
    give_account(hands, BANK, CARD)
    hands.press(Qt.Key.Key_F9)

    begin_claim(hands, "A2")
    claim.conditions.add_line()
    claim.stays.add_line()
    hands.press(Qt.Key.Key_B, CTRL)
    while hands.focused() is not claim.payee.bank:
        hands.press(Qt.Key.Key_Tab)
    hands.fields(BANK)
    hands.type(ANOTHER)
    assert claim.payee.second.isVisible()
    lowest = claim.payee.mapTo(claim.area.viewport(), claim.payee.rect().bottomLeft()).y()
    assert claim.area.verticalScrollBar().maximum() > 0
    assert lowest <= claim.area.viewport().height()
