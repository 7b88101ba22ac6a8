"""支付: four lists in a row, as the money goes: due, with the bank, to be recovered, to be archived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.payment_desk import PaymentDesk
from clerk_app.desktop.others_watch import QuietReading
from clerk_app.desktop.payment_rest import ArchiveTab
from clerk_app.desktop.payment_results import ResultsTab
from clerk_app.desktop.payments_due import DueTab
from clerk_app.desktop.pieces import BannerStrip, plain_label
from clerk_app.desktop.recover_tab import RecoverTab
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PaymentList, Recovery
from clerk_app.wording import _, filled, sentence


class PaymentPage(QWidget):
    """A tab a list. F9 does what the tab in hand is for."""

    #: A list for the bank has been made.
    listed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.payments = PaymentDesk(desk)
        #: Where the keyboard was when work began.
        self._asked: QWidget = self
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.due = DueTab(self.payments)
        self.results = ResultsTab(self.payments)
        self.recover = RecoverTab(desk)
        self.archive = ArchiveTab(self.payments)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("支付"))
        self._tabs: tuple[DueTab | ResultsTab | RecoverTab | ArchiveTab, ...] = (
            self.due,
            self.results,
            self.recover,
            self.archive,
        )
        for tab in self._tabs:
            self.tabs.addTab(tab, tab.title)
            tab.said.connect(self.notice.say)
        head = QHBoxLayout()
        head.addWidget(plain_label(_("支付"), "pageTitle"))
        head.addSpacing(16)
        words = _("复核通过的单据在此报盘，银行的结果在此登记；失败的会回到待支付。Ctrl+Tab 换列表。")
        head.addWidget(plain_label(words, "small", wraps=True), 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.work)
        page.addWidget(self.tabs, 1)
        self.due.make_button.clicked.connect(self.make_list)
        self.due.account.save_button.clicked.connect(self.save_account)
        self.results.record_button.clicked.connect(self.record_results)
        self.recover.record_button.clicked.connect(self.take_money)
        self.recover.take_back_button.clicked.connect(self.take_entry_back)
        self.archive.archive_button.clicked.connect(self.put_on_shelf)
        for field, act in (
            (self.due.password, self.make_list),
            (self.results.password, self.record_results),
            (self.recover.password, self.take_money),
            (self.archive.box, self.put_on_shelf),
        ):
            field.returnPressed.connect(act)
        self.work.failed.connect(self._failed)
        self.work.busy.connect(self.tabs.setDisabled)
        self.tabs.currentChanged.connect(lambda _place: self.setFocusProxy(self._tab().table))
        self.setFocusProxy(self.due.table)
        may_pay = desk.may(Action.PAY)
        for button in (self.due.make_button, self.results.record_button):
            button.setEnabled(may_pay)
            words = _("您的角色不能办理“{action}”。").format(action=_(Action.PAY.term))
            button.setToolTip("" if may_pay else words)
        self.archive.archive_button.setEnabled(desk.may(Action.ARCHIVE))
        self._reading = QuietReading(self._read, self._take, self)
        self.refresh()

    def refresh(self) -> None:
        """Read every list again."""
        try:
            self._show(self._read())
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")

    def others_changed(self) -> None:
        """Somebody has done something: read the lists again beside the window."""
        if not self.work.is_busy():
            self._reading.begin()

    def _read(self) -> list[list[Any]]:
        return [tab.read() for tab in self._tabs]

    def _take(self, found: object) -> None:
        """Show what was read beside the window, where it is another list than the one that is shown."""
        assert isinstance(found, list)
        if not self.work.is_busy():
            self._show(found, only_changed=True)

    def _show(self, found: list[list[Any]], *, only_changed: bool = False) -> None:
        for place, (tab, lines) in enumerate(zip(self._tabs, found, strict=True)):
            if not only_changed or lines != tab.shown():
                tab.show_lines(lines)
            count = tab.waiting()
            self.tabs.setTabText(place, f"{tab.title} {count}" if count else tab.title)

    def voucher_in_hand(self) -> str:
        """The number of the voucher that the keyboard is on, in the list in hand; empty where there is none."""
        return self._tab().voucher_in_hand()

    def perform(self) -> None:
        """Do what the list in hand is for."""
        acts: dict[QWidget, Callable[[], None]] = {
            self.due: self.make_list,
            self.results: self.record_results,
            self.recover: self.take_money,
            self.archive: self.put_on_shelf,
        }
        acts[self._tab()]()

    def make_list(self) -> None:
        """报盘: put what is chosen on the bank's next list."""
        self.tabs.setCurrentWidget(self.due)
        password, choice = self.due.password.text(), self.due.choice()
        if not self._is_offered(Action.PAY) or not self._has(password, self.due.password):
            return
        self.due.password.clear()
        self._begin(_("正在报盘…"), lambda: self.payments.make_list(choice, password), self._listed)

    def record_results(self) -> None:
        """回盘: record what is marked of the list in hand."""
        self.tabs.setCurrentWidget(self.results)
        listed, marks, password = self.results.chosen_list(), self.results.marks(), self.results.password.text()
        if listed is None or not self._is_offered(Action.PAY) or not self._has(password, self.results.password):
            return
        self.results.password.clear()
        number = listed.list_number
        self._begin(_("正在登记回盘…"), lambda: self.payments.record_results(number, marks, password), self._answered)

    def take_money(self) -> None:
        """收回: record what came back of the line in hand."""
        self.tabs.setCurrentWidget(self.recover)
        owed, draft, password = self.recover.table.current(), self.recover.draft(), self.recover.password.text()
        if owed is None or not self._is_offered(Action.RECOVER) or not self._has(password, self.recover.password):
            return
        self.recover.password.clear()
        number, recoveries = owed.line.voucher_number, self.recover.recoveries
        self._begin(_("正在登记收回…"), lambda: recoveries.record(number, draft, password), self._came)

    def take_entry_back(self) -> None:
        """Take the entry in hand back, with the password that is typed beside it."""
        entry, reason, password = (
            self.recover.entries.current(),
            self.recover.reason.text(),
            self.recover.password.text(),
        )
        if entry is None or not self._is_offered(Action.RECOVER) or not self._has(password, self.recover.password):
            return
        self.recover.password.clear()
        recoveries = self.recover.recoveries
        self._begin(_("正在撤销登记…"), lambda: recoveries.take_back(entry, reason, password), self._came)

    def save_account(self) -> None:
        """Record where the money of the line in hand goes; the second person's hash is made beside the window."""
        line = self.due.table.current()
        if line is None:
            return
        account, second = self.due.account.typed(), self.due.account.second()
        self.due.account.second_password.clear()
        self._begin(
            _("正在保存…"), lambda: self.payments.give_account(line, account, second), lambda _given: self._saved()
        )

    def put_on_shelf(self) -> None:
        """归档: write down where the papers of what is chosen lie."""
        self.tabs.setCurrentWidget(self.archive)
        if not self._is_offered(Action.ARCHIVE):
            return
        chosen, box = self.archive.table.chosen(), self.archive.box.text()

        def archived(count: int) -> None:
            self.refresh()
            self.notice.say(filled(_("已归档 {count} 张，盒号 {box}。"), {"count": count, "box": box.strip()}), "good")
            self.archive.table.setFocus()

        self._begin(_("正在归档…"), lambda: self.payments.archive(chosen, box), archived)

    def _tab(self) -> DueTab | ResultsTab | RecoverTab | ArchiveTab:
        return self._tabs[self.tabs.currentIndex()]

    def _is_offered(self, action: Action) -> bool:
        try:
            self.payments.desk.require(action)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return False
        return True

    def _has(self, password: str, field: QWidget) -> bool:
        if not password:
            self.notice.say(_("请输入本人的登录密码，再提交。"), "note")
            field.setFocus()
        return bool(password)

    def _begin(self, words: str, work: Callable[[], object], then: Callable[[Any], None]) -> None:
        self._asked = self.focusWidget() or self._tab().table
        self.notice.say("")
        self.work.act(words, work, then)

    def _listed(self, listed: PaymentList) -> None:
        self.refresh()
        self.results.choose(listed.list_number)
        details = {"number": listed.list_number, "count": len(listed.payments), "total_fen": listed.total_fen}
        self.notice.say(filled(_("已报盘 {number}：{count} 笔，合计 {total_fen} 元。"), details), "good")
        self.due.table.setFocus()
        self.listed.emit(listed)

    def _answered(self, listed: PaymentList) -> None:
        self.results.forget_marks()
        self.refresh()
        failed = sum(payment.result is not None and not payment.result.is_paid for payment in listed.payments)
        words = _("报盘 {number} 的回盘已登记。")
        if failed:
            words = _("报盘 {number} 的回盘已登记；失败的 {failed} 笔已回到待支付，核对账户后再报。")
        self.notice.say(filled(words, {"number": listed.list_number, "failed": failed}), "good")
        self.results.table.setFocus()

    def _came(self, recorded: Recovery) -> None:
        self.recover.forget_draft()
        self.refresh()
        words = _("单据 {voucher} 已登记收回 {amount_fen} 元，编号 {number}。")
        if recorded.cancels:
            words = _("收回登记 {cancels} 已撤销，编号 {number}。")
        details = {"voucher": recorded.voucher_number, "amount_fen": recorded.amount_fen, "number": recorded.number}
        self.notice.say(filled(words, details | {"cancels": recorded.cancels}), "good")
        self.recover.table.setFocus()

    def _saved(self) -> None:
        self.refresh()
        self.notice.say(_("收款账户已保存。"), "good")
        self.due.table.setFocus()

    def _failed(self, error: ClerkError) -> None:
        self.refresh()
        self.notice.say(sentence(error), "refusal")
        # Fields that were locked while it worked have lost the keyboard.
        fields = {"account_needs_second": self.due.account.second_login, "box_missing": self.archive.box}
        field = fields.get(error.code, self._asked)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
