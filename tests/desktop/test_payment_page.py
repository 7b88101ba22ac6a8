"""The way of the money, worked through with the keyboard: due, listed, answered, paid again, archived."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from clerk_app.codes import RecoveryWay, Stage
from clerk_app.counter.desk import Desk
from clerk_app.counter.practice import settle_samples
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.navigation import PAYMENT
from clerk_app.desktop.paper_window import PaperWindow
from clerk_app.desktop.payment_page import PaymentPage
from clerk_app.ledger.records import PayeeAccount, PaymentList, PaymentResult, User
from clerk_app.money import format_yuan
from tests.counter.desks import sign_in
from tests.desktop.hands import LI, ZHANG, Hands, change_user, finished, leave, open_page, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER

CTRL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND, THIRD = (f"360000-2026-{number:06d}" for number in (1, 2, 3))
ACCOUNT = PayeeAccount("张三示例", "本人", "示例银行城南支行", "6200000000000000018")


@pytest.fixture
def reviewed(window: MainWindow, hands: Hands, desk: Desk) -> None:
    """Two settlements of somebody with an account and one of somebody without, all passed."""
    hands.person()
    for number, total in (("A1", "1000"), ("A2", "800")):
        hands.receipt(number, total)
        hands.press(Qt.Key.Key_F9)
        hands.press(Qt.Key.Key_F6)
        hands.fields(ZHANG)
        hands.press(Qt.Key.Key_M, CTRL)
    hands.press(Qt.Key.Key_F3)
    hands.person(LI, "李四示例")
    hands.receipt("B1", "900")
    hands.press(Qt.Key.Key_F9)
    known = desk.ledger.person_by_id_number(ZHANG)
    assert known is not None
    desk.ledger.give_account(known.person_id, ACCOUNT)
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([FIRST, SECOND, THIRD])
    assert window.isVisible()


@pytest.fixture
def page(reviewed: None, window: MainWindow, hands: Hands, desk: Desk) -> PaymentPage:
    """Finance at the page."""
    assert reviewed is None
    return page_of(window, hands, desk, FINANCE)


def page_of(window: MainWindow, hands: Hands, desk: Desk, user: User) -> PaymentPage:
    change_user(window, desk, user)
    hands.press(Qt.Key.Key_4, CTRL)
    shown = window.pages.currentWidget()
    assert isinstance(shown, PaymentPage)
    assert hands.focused() is shown.due.table
    return shown


def done(qtbot: QtBot, page: PaymentPage) -> None:
    qtbot.waitUntil(lambda: not page.work.is_busy(), timeout=20_000)


def numbers(page: PaymentPage) -> list[str]:
    return [line.voucher_number for line in page.due.table.lines()]


def listed(qtbot: QtBot, page: PaymentPage, hands: Hands) -> PaymentList:
    """Everything that can be paid on one list."""
    hands.click(page.due.choose_all)
    hands.into(page.due.password, PASSWORD)
    with qtbot.waitSignal(page.listed, timeout=20_000) as said:
        hands.enter()
    made = said.args[0] if said.args else None
    assert isinstance(made, PaymentList)
    return made


def test_what_is_due_is_listed_with_masked_accounts_and_its_sum(page: PaymentPage, hands: Hands) -> None:
    assert numbers(page) == [FIRST, SECOND, THIRD]
    model = page.due.table.model()
    assert [model.index(0, column).data() for column in (1, 3, 4)] == ["张三示例", "张三示例", "示例银行城南支行"]
    shown = [model.index(row, 5).data() for row in range(3)]
    assert ACCOUNT.account not in shown
    assert shown[0].endswith("0018")
    assert shown[2] == "未登记"
    assert page.due.sum.text() == "已选 1 张，合计 200.00 元"
    hands.press(Qt.Key.Key_A, CTRL)
    assert page.due.sum.text() == "已选 2 张，合计 600.00 元；另有 1 张没有收款账户，不会列入"


def test_a_list_is_made_with_the_password_and_what_it_holds_is_not_due_any_more(
    qtbot: QtBot, page: PaymentPage, hands: Hands, desk: Desk
) -> None:
    hands.press(Qt.Key.Key_F9)
    assert "密码" in page.notice.text()
    assert hands.focused() is page.due.password
    hands.type("wrong password")
    hands.press(Qt.Key.Key_F9)
    done(qtbot, page)
    assert desk.ledger.payment_lists() == []

    made = listed(qtbot, page, hands)
    assert (made.list_number, made.total_fen) == ("B360000-2026-00001", 60_000)
    assert [payment.account.account for payment in made.payments] == [ACCOUNT.account, ACCOUNT.account]
    assert numbers(page) == [THIRD]
    assert "B360000-2026-00001：2 笔，合计 600.00 元" in page.notice.text()


def test_what_the_bank_could_not_pay_is_paid_again_and_what_it_paid_goes_on_the_shelf(
    qtbot: QtBot, page: PaymentPage, hands: Hands, desk: Desk
) -> None:
    listed(qtbot, page, hands)
    hands.press(Qt.Key.Key_Tab, CTRL)
    results = page.results
    assert page.tabs.currentWidget() is results
    hands.click(results.table.viewport())
    results.table.selectRow(0)
    hands.press(Qt.Key.Key_Space)
    assert results.table.currentIndex().row() == 1
    hands.press(Qt.Key.Key_Delete)
    assert hands.focused() is results.reason
    hands.type("账户已销户")
    hands.enter()
    model = results.table.model()
    assert [model.index(row, 5).data() for row in range(2)] == ["已支付（未登记）", "失败：账户已销户（未登记）"]
    assert results.in_hand.text() == f"{SECOND}　张三示例　失败：账户已销户（未登记）", (
        "it is whole where the list cuts it"
    )
    results.table.selectRow(0)
    assert results.in_hand.text().endswith("已支付（未登记）")
    hands.into(results.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    done(qtbot, page)

    assert "失败的 1 笔已回到待支付" in page.notice.text()
    assert [model.index(row, 5).data() for row in range(2)] == ["已支付", "失败：账户已销户"]
    assert not results.paid_button.isEnabled(), "the bank answers once"
    assert numbers(page) == [SECOND, THIRD]
    assert [desk.ledger.stage(number) for number in (FIRST, SECOND)] == [Stage.PAID, Stage.PAYABLE]

    page.tabs.setCurrentWidget(page.due)
    page.due.table.selectRow(0)
    hands.into(page.due.password, PASSWORD)
    hands.enter()
    done(qtbot, page)
    assert desk.ledger.stage(SECOND) is Stage.IN_PAYMENT
    page.tabs.setCurrentWidget(results)
    hands.click(results.all_paid_button)
    hands.into(results.password, PASSWORD)
    hands.enter()
    done(qtbot, page)
    assert desk.ledger.stage(SECOND) is Stage.PAID

    page.tabs.setCurrentWidget(page.archive)
    assert page.tabs.tabText(3) == "待归档 2"
    hands.click(page.archive.choose_all)
    hands.press(Qt.Key.Key_F9)
    assert "档案盒号" in page.notice.text()
    assert hands.focused() is page.archive.box
    hands.type("2026-11")
    hands.enter()
    assert "已归档 2 张" in page.notice.text()
    assert page.archive.table.lines() == []


def test_a_first_account_is_given_by_the_clerk_and_a_changed_one_with_a_second_person(
    qtbot: QtBot, reviewed: None, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    assert reviewed is None
    page = page_of(window, hands, desk, CLERK)
    assert not page.due.make_button.isEnabled()
    assert "支付" in page.due.make_button.toolTip()
    card = page.due.account
    page.due.table.selectRow(2)
    assert not card.second_login.isEnabled(), "a first account needs nobody else"
    hands.into(card.bank, "示例银行城北支行")
    hands.into(card.number, "62 0000 0000 0000 00034")
    hands.click(card.save_button)
    done(qtbot, page)
    assert page.due.table.model().index(2, 5).data().endswith("0034")

    page.due.table.selectRow(0)
    hands.into(card.number, "6200000000000000026")
    hands.click(card.save_button)
    done(qtbot, page)
    assert "另一名人员" in page.notice.text()
    hands.into(card.number, "6200000000000000026")
    hands.into(card.second_login, CLERK.login)
    hands.into(card.second_password, PASSWORD)
    hands.click(card.save_button)
    done(qtbot, page)
    known = desk.ledger.person_by_id_number(ZHANG)
    assert known is not None
    assert desk.ledger.payee_account(known.person_id) == ACCOUNT, "nobody is one's own second person"
    hands.into(card.number, "6200000000000000026")
    hands.into(card.second_login, REVIEWER.login)
    hands.into(card.second_password, PASSWORD)
    hands.click(card.save_button)
    done(qtbot, page)

    assert "收款账户已保存" in page.notice.text()
    assert [page.due.table.model().index(row, 5).data()[-4:] for row in (0, 1)] == ["0026", "0026"]


def test_whether_an_account_needs_a_second_person_is_read_with_the_lines_and_no_line_waits_for_it(
    reviewed: None, qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    assert reviewed is None
    leave(window)
    sign_in(desk, CLERK)
    window.use_desk(desk)
    rest()
    with slow() as ledger:
        window.go_to(PAYMENT)
        page = window.pages.currentWidget()
        assert isinstance(page, PaymentPage)
        until(lambda: ledger.asked_beside > 0)
        card = page.due.account
        assert card.words.text() == "", "nobody says that nothing is due before it is read"
        assert not card.save_button.isEnabled()
        ledger.answer()
        rest()
        assert ledger.asked_by_window == []
    with slow() as ledger:
        seconds = []
        for _line in page.due.table.lines():
            seconds.append(card.second_login.isEnabled())
            qtbot.keyClick(page.due.table, Qt.Key.Key_Down)
        assert seconds == [True, True, False], "the person of the third has no account yet"
        assert ledger.asked_by_window == []

    # Elsewhere the person of the line in hand gets a first account; on the screen nothing else has changed.
    card.bank.setText("示例银行城北支行")
    page.others_changed()
    rest()
    assert card.bank.text() == "示例银行城北支行", "what is typed stays where nothing new is known"


def test_an_account_that_cannot_stand_is_said_and_what_was_typed_stays(
    qtbot: QtBot, reviewed: None, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    assert reviewed is None
    page = page_of(window, hands, desk, CLERK)
    card = page.due.account
    page.due.table.selectRow(2)
    hands.into(card.bank, "示例银行城北支行")
    hands.into(card.number, "6200000000000000019")
    hands.click(card.save_button)
    done(qtbot, page)
    rest()

    assert "校验位" in page.notice.text()
    assert (card.bank.text(), card.number.text()) == ("示例银行城北支行", "6200000000000000019")
    hands.into(card.number, "6200000000000000034")
    hands.click(card.save_button)
    done(qtbot, page)
    rest()
    assert "收款账户已保存" in page.notice.text()
    assert card.number.text() == "", "what is on record is shown masked"
    hands.into(card.number, "6200000000000000034")
    hands.into(card.second_login, REVIEWER.login)
    hands.into(card.second_password, PASSWORD)
    hands.click(card.save_button)
    done(qtbot, page)
    rest()
    assert card.number.text() == "", "the same number again is no other"


def test_what_the_bank_refused_says_so_until_it_has_another_account(
    qtbot: QtBot, page: PaymentPage, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    made = listed(qtbot, page, hands)
    paid, failed = PaymentResult(is_paid=True), PaymentResult(is_paid=False, reason="账户已销户")
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.record_payment_results(made.list_number, {0: paid, 1: failed})
    page = page_of(window, hands, desk, CLERK)
    page.due.table.selectRow(0)

    assert numbers(page) == [SECOND, THIRD]
    assert page.due.table.model().index(0, 5).data().endswith("0018　银行退回")
    card = page.due.account
    assert card.words.text().startswith("银行退回：账户已销户。")
    hands.into(card.number, "6200000000000000026")
    hands.into(card.second_login, REVIEWER.login)
    hands.into(card.second_password, PASSWORD)
    hands.click(card.save_button)
    done(qtbot, page)
    rest()
    assert page.due.table.model().index(0, 5).data().endswith("0026")
    assert "银行退回" not in card.words.text()


def test_finance_may_not_say_where_money_goes(page: PaymentPage) -> None:
    assert not page.due.account.save_button.isEnabled()
    assert not page.due.account.number.isEnabled()
    assert "由经办人员登记或变更" in page.due.account.words.text()


def test_an_account_that_stands_on_the_voucher_stays(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    _first, second = itertools.islice(settle_samples(desk.ledger, 2026), 2)
    assert second.payee is not None
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([second.voucher_number])
    page = page_of(window, hands, desk, CLERK)

    assert "印在结算单上" in page.due.account.words.text()
    assert not page.due.password.isEnabled(), "a clerk is asked for no password that pays nothing"
    assert "不能办理" in page.due.password.placeholderText()
    assert not page.due.account.save_button.isEnabled()
    page.save_account()
    done(qtbot, page)
    assert "银行退回后才能变更" in page.notice.text()


def test_an_account_that_came_with_the_claim_is_changed_with_a_second_person_once_the_bank_refused_it(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk
) -> None:
    _first, second = itertools.islice(settle_samples(desk.ledger, 2026), 2)
    number = second.voucher_number
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([number])
    page = page_of(window, hands, desk, FINANCE)
    listed(qtbot, page, hands)
    page.tabs.setCurrentWidget(page.results)
    page.results.table.selectRow(0)
    page.results.table.setFocus()
    hands.press(Qt.Key.Key_Delete)
    hands.fields("户名不符")
    hands.into(page.results.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    done(qtbot, page)

    page = page_of(window, hands, desk, CLERK)
    card = page.due.account
    page.due.table.selectRow(0)
    assert card.second_login.isEnabled()
    hands.into(card.bank, "示例银行城北支行")
    hands.into(card.number, "6200000000000000027")
    hands.into(card.second_login, REVIEWER.login)
    hands.into(card.second_password, PASSWORD)
    hands.click(card.save_button)
    done(qtbot, page)
    assert "校验位" in page.notice.text()
    hands.into(card.bank, "示例银行城北支行")
    hands.into(card.number, "6200000000000000026")
    hands.into(card.second_login, REVIEWER.login)
    hands.into(card.second_password, PASSWORD)
    hands.press(Qt.Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)
    done(qtbot, page)
    assert "收款账户已保存" in page.notice.text()

    page = page_of(window, hands, desk, FINANCE)
    made = listed(qtbot, page, hands)
    assert [payment.account.account for payment in made.payments] == ["6200000000000000026"]
    assert desk.ledger.settlement(number).payee == second.payee, "the voucher stays as it was printed"


@pytest.fixture
def owing(qtbot: QtBot, window: MainWindow, page: PaymentPage, hands: Hands, desk: Desk) -> PaymentPage:
    """The second settlement was paid and is reversed; finance looks at the third tab."""
    listed(qtbot, page, hands)
    page.tabs.setCurrentWidget(page.results)
    hands.click(page.results.all_paid_button)
    hands.into(page.results.password, PASSWORD)
    hands.enter()
    done(qtbot, page)
    sign_in(desk, CLERK)
    desk.ledger.reverse(SECOND, "票据作废", "r2")
    change_user(window, desk, FINANCE)
    open_page(window, PAYMENT)
    shown = window.pages.currentWidget()
    assert isinstance(shown, PaymentPage)
    shown.tabs.setCurrentWidget(shown.recover)
    return shown


def cells(page: PaymentPage, *columns: int) -> list[str]:
    model = page.recover.table.model()
    return [model.index(0, column).data() for column in columns]


def test_money_that_is_to_come_back_is_shown_with_why_and_how_much(owing: PaymentPage) -> None:
    assert owing.tabs.tabText(2) == "待追回 1"
    assert cells(owing, 0, 1, 4, 5, 6) == [SECOND, "张三示例", "400.00", "0.00", "400.00"]
    assert cells(owing, 3)[0].endswith("：票据作废")
    assert owing.recover.amount.text() == "400.00"


def test_money_that_came_back_is_recorded_by_the_keyboard_and_a_wrong_entry_taken_back(
    qtbot: QtBot, owing: PaymentPage, hands: Hands, desk: Desk
) -> None:
    tab = owing.recover
    hands.into(tab.amount, "150")
    hands.press(Qt.Key.Key_F9)
    assert "密码" in owing.notice.text()
    hands.into(tab.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    done(qtbot, owing)
    assert "凭证号" in owing.notice.text()
    assert desk.ledger.recoveries(SECOND) == ()

    assert tab.amount.text() == "150.00", "what was typed stays"
    hands.into(tab.document, "HD-77")
    hands.into(tab.password, PASSWORD)
    hands.enter()
    done(qtbot, owing)
    assert owing.notice.text() == f"单据 {SECOND} 已登记收回 150.00 元，编号 R360000-2026-00001。"
    assert cells(owing, 5, 6) == ["150.00", "250.00"]
    assert (tab.amount.text(), tab.document.text()) == ("250.00", "")
    assert tab.came.text() == "已收回 150.00 元"

    hands.into(tab.reason, "金额录错")
    hands.into(tab.password, PASSWORD)
    hands.click(tab.take_back_button)
    done(qtbot, owing)
    assert cells(owing, 5, 6) == ["0.00", "400.00"]
    assert [entry.amount_fen for entry in tab.entries.lines()] == [15_000, -15_000]
    assert not tab.take_back_button.isEnabled()


def test_money_is_deducted_from_what_the_same_person_waits_for(
    qtbot: QtBot, window: MainWindow, owing: PaymentPage, hands: Hands, desk: Desk
) -> None:
    assert owing.recover.other.count() == 0
    change_user(window, desk, CLERK)
    window.new_claim()
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)
    hands.press(Qt.Key.Key_M, CTRL)
    hands.receipt("A3", "500")
    hands.press(Qt.Key.Key_F9)
    (new,) = desk.ledger.payables(frozenset({Stage.UNREVIEWED}))
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([new.voucher_number])
    page = page_of(window, hands, desk, FINANCE)
    page.tabs.setCurrentWidget(page.recover)
    tab = page.recover
    tab.way.choose(RecoveryWay.DEDUCTION)
    assert not tab.document.isEnabled()
    assert tab.other.value() == new.voucher_number
    hands.into(tab.amount, "100")
    hands.into(tab.password, PASSWORD)
    hands.press(Qt.Key.Key_F9)
    done(qtbot, page)
    assert cells(page, 6) == ["300.00"]
    due = {line.voucher_number: line.due_fen for line in page.due.table.lines()}
    assert due[new.voucher_number] == new.comes_to_fen - 10_000


def test_ctrl_tab_takes_the_keyboard_into_the_next_list(window: MainWindow, hands: Hands, desk: Desk) -> None:
    page = page_of(window, hands, desk, FINANCE)
    assert hands.focused() is page.due.table
    for following in ("results", "recover", "archive"):
        hands.press(Qt.Key.Key_Tab, CTRL)
        tab = getattr(page, following)
        assert page.tabs.currentWidget() is tab
        assert hands.focused() is tab.table or tab.isAncestorOf(hands.focused())


def test_who_may_not_take_money_back_only_looks(
    window: MainWindow, owing: PaymentPage, hands: Hands, desk: Desk
) -> None:
    assert owing.recover.record_button.isEnabled()
    page = page_of(window, hands, desk, CLERK)
    page.tabs.setCurrentWidget(page.recover)
    assert cells(page, 0) == [SECOND]
    assert not page.recover.record_button.isEnabled()
    hands.press(Qt.Key.Key_F9)
    assert "财务" in page.notice.text()


def bank_says(made: PaymentList, *results: str) -> bytes:
    rows = ["清单号,序号,户名,账号,金额,结果,原因"]
    for payment, result in zip(made.payments, results, strict=True):
        account, amount = payment.account, format_yuan(payment.amount_fen)
        rows.append(f"{made.list_number},{payment.position + 1},{account.name},{account.account},{amount},{result}")
    return "\r\n".join(rows).encode("gb18030")


def test_a_list_goes_to_the_bank_as_a_file_and_its_answer_is_read_looked_at_and_recorded(
    qtbot: QtBot, page: PaymentPage, hands: Hands, tmp_path: Path
) -> None:
    made = listed(qtbot, page, hands)
    strip = page.results.bank
    with slow() as disk:
        page.tabs.setCurrentWidget(page.results)
        page.results.choose(made.list_number)
        until(lambda: disk.asked_beside > 0)
        qtbot.mouseClick(strip.write_button, Qt.MouseButton.LeftButton)
        assert strip.bank.count() == 0
        assert disk.asked_by_window == []
    rest()
    (asked,) = strip.findChildren(QFileDialog)
    assert made.list_number in asked.selectedFiles()[0], "where to write is asked as soon as the formats are read"
    asked.reject()
    strip.write_to(tmp_path / "报盘.csv")
    finished(strip.work)
    assert "请输入本人的登录密码" in page.notice.text()
    assert not (tmp_path / "报盘.csv").exists()
    hands.into(page.results.password, PASSWORD)
    strip.bank.setCurrentIndex(strip.bank.findText("通用（逗号分隔文本）"))
    strip.write_to(tmp_path / "报盘.csv")
    finished(strip.work)
    assert "报盘文件已写成" in page.notice.text()
    assert page.results.password.text() == ""
    assert len((tmp_path / "报盘.csv").read_bytes().decode("gb18030").splitlines()) == 3

    (tmp_path / "错.csv").write_bytes(bank_says(made, "成功,", "不知道,"))
    strip.read_from(tmp_path / "错.csv")
    finished(strip.work)
    assert "不是约定的说法" in page.notice.text()
    assert page.results.marks() == {}

    (tmp_path / "回.csv").write_bytes(bank_says(made, "成功,", "失败,户名不符"))
    strip.read_from(tmp_path / "回.csv")
    finished(strip.work)
    assert page.results.marks() == {0: PaymentResult(True), 1: PaymentResult(False, "户名不符")}
    assert "已标已支付 1 笔，失败 1 笔" in page.results.marked.text()
    hands.into(page.results.password, PASSWORD)
    hands.click(page.results.record_button)
    done(qtbot, page)
    assert numbers(page) == [SECOND, THIRD], "what failed is due again, beside who has no account"


def test_the_list_on_paper_is_shown_from_its_tab(qtbot: QtBot, page: PaymentPage, hands: Hands) -> None:
    made = listed(qtbot, page, hands)
    page.tabs.setCurrentWidget(page.results)
    page.results.choose(made.list_number)
    hands.click(page.results.bank.paper_button)
    paper = page.results.bank.findChild(PaperWindow)
    assert paper is not None
    finished(paper.work)
    assert len(paper.view.pages) == 1
    assert made.list_number in paper.windowTitle()


def test_a_list_that_is_not_in_front_does_not_make_the_page_higher(page: PaymentPage) -> None:
    heights = []
    for place in (3, 2, 3):
        page.tabs.setCurrentIndex(place)
        rest()
        heights.append(page.minimumSizeHint().height())
    assert heights[0] == heights[2] < heights[1]
