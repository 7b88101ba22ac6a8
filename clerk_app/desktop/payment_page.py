"""支付: four lists in a row, as the money goes: due, with the bank, to be recovered, to be archived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.desk_counts import Queue
from clerk_app.counter.payment_desk import PaymentDesk, refusals
from clerk_app.counter.recovery_desk import RecoveryDesk
from clerk_app.desktop.fields import PasswordField
from clerk_app.desktop.payment_rest import ArchiveTab
from clerk_app.desktop.payment_results import ResultsTab, is_open
from clerk_app.desktop.payments_due import DueTab
from clerk_app.desktop.pieces import BannerStrip, plain_label, role_may_not
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.recover_tab import RecoverTab
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PaymentList, Recovery
from clerk_app.wording import _, filled, sentence

_Tab = DueTab | ResultsTab | RecoverTab | ArchiveTab
_DUE, _RESULTS, _RECOVER, _ARCHIVE = range(4)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read.

    Attributes:
        lists: What each tab lists.
        changes: The vouchers that are due and of which another account is a change.
        refused: What the bank said of the account of a voucher that is due again.
    """

    lists: tuple[list[Any], ...]
    changes: frozenset[str]
    refused: Mapping[str, str]


class PaymentPage(QWidget):
    """A tab a list, each made when it is first needed. F9 does what the tab in hand is for."""

    #: A list for the bank has been made.
    listed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.payments = PaymentDesk(desk)
        self.recoveries = RecoveryDesk(desk)
        #: Where the keyboard was when work began.
        self._asked: QWidget = self
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("支付"))
        self._titles = (_("待支付"), _("报盘与回盘"), _("待追回"), _("待归档"))
        self._made: dict[int, _Tab] = {}
        #: None as long as nothing has been read.
        self._found: _Found | None = None
        for title in self._titles:
            self.tabs.addTab(QWidget(), title)
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
        self._measure_tab(self.tabs.currentIndex())
        self.work.failed.connect(self._failed)
        self.work.busy.connect(self.tabs.setDisabled)
        self.tabs.currentChanged.connect(self._turn_to)
        self.setFocusProxy(self.due.table)
        self.reading = Reading(self)
        self.refresh()

    # --- The tabs -----------------------------------------------------------------------------------------------

    @property
    def due(self) -> DueTab:
        """待支付."""
        tab = self._tab_at(_DUE)
        assert isinstance(tab, DueTab)
        return tab

    @property
    def results(self) -> ResultsTab:
        """报盘与回盘."""
        tab = self._tab_at(_RESULTS)
        assert isinstance(tab, ResultsTab)
        return tab

    @property
    def recover(self) -> RecoverTab:
        """待追回."""
        tab = self._tab_at(_RECOVER)
        assert isinstance(tab, RecoverTab)
        return tab

    @property
    def archive(self) -> ArchiveTab:
        """待归档."""
        tab = self._tab_at(_ARCHIVE)
        assert isinstance(tab, ArchiveTab)
        return tab

    def _tab_at(self, place: int) -> _Tab:
        if place not in self._made:
            tab = self._made[place] = (self._make_due, self._make_results, self._make_recover, self._make_archive)[
                place
            ]()
            tab.said.connect(self.notice.say)
            if self._found is not None:
                self._show_tab(tab, place, self._found)
            shown, words = self.tabs.currentIndex(), self.tabs.tabText(place)
            was_blocked = self.tabs.blockSignals(True)
            blank = self.tabs.widget(place)
            self.tabs.insertTab(place, tab, words)
            self.tabs.removeTab(place + 1)
            self.tabs.setCurrentIndex(shown)
            self.tabs.blockSignals(was_blocked)
            if blank is not None:
                blank.deleteLater()
            self._measure_tab(shown)
        return self._made[place]

    def _make_due(self) -> DueTab:
        tab = DueTab(self.payments)
        tab.make_button.clicked.connect(self.make_list)
        tab.account.save_button.clicked.connect(self.save_account)
        tab.password.returnPressed.connect(self.make_list)
        self._offer(tab.make_button, tab.password)
        return tab

    def _make_results(self) -> ResultsTab:
        tab = ResultsTab(self.payments)
        tab.record_button.clicked.connect(self.record_results)
        tab.password.returnPressed.connect(self.record_results)
        # The same password stands for a file that is written for the bank.
        self._offer(tab.record_button, tab.password, Action.EXPORT)
        return tab

    def _make_recover(self) -> RecoverTab:
        tab = RecoverTab(self.recoveries)
        tab.record_button.clicked.connect(self.take_money)
        tab.take_back_button.clicked.connect(self.take_entry_back)
        tab.password.returnPressed.connect(self.take_money)
        return tab

    def _make_archive(self) -> ArchiveTab:
        tab = ArchiveTab()
        tab.archive_button.clicked.connect(self.put_on_shelf)
        tab.box.returnPressed.connect(self.put_on_shelf)
        tab.archive_button.setEnabled(self.payments.desk.may(Action.ARCHIVE))
        return tab

    def _offer(self, button: QPushButton, password: PasswordField, *other_uses: Action) -> None:
        """Let a role pay that may; whoever only looks is told so where the password would stand."""
        may = self.payments.desk.may
        if may(Action.PAY):
            return
        button.setEnabled(False)
        button.setToolTip(role_may_not(Action.PAY))
        if not any(may(action) for action in other_uses):
            password.setEnabled(False)
            password.setPlaceholderText(role_may_not(Action.PAY))

    def _measure_tab(self, shown: int) -> None:
        """The page is as high as the list in front needs; the others behind it do not count."""
        policies = QSizePolicy.Policy
        for place in range(self.tabs.count()):
            policy = policies.Preferred if place == shown else policies.Ignored
            tab = self.tabs.widget(place)
            if tab is not None:
                tab.setSizePolicy(policy, policy)
        self.tabs.updateGeometry()

    def _turn_to(self, place: int) -> None:
        is_new, is_by_bar = place not in self._made, self.tabs.tabBar().hasFocus()
        table = self._tab_at(place).table
        self._measure_tab(place)
        self.setFocusProxy(table)
        if is_new and not is_by_bar:
            # Qt has looked in vain for a place for the keyboard, in the blank that was there before.
            table.setFocus(Qt.FocusReason.TabFocusReason)

    def go_to(self, queue: Queue) -> None:
        """Show the list that a count counts."""
        self.tabs.setCurrentIndex({Queue.IN_PAYMENT: _RESULTS, Queue.RECOVER: _RECOVER}.get(queue, _DUE))

    # --- What they list -----------------------------------------------------------------------------------------

    def refresh(self, then: Callable[[], object] | None = None) -> None:
        """Read every list again, beside the window.

        Args:
            then: Called when they are shown.
        """
        self.reading.ask(self._read, self._show, self._say, then)

    def others_changed(self) -> None:
        """Somebody has done something: read the lists again beside the window."""
        if not self.work.is_busy():
            self.reading.look_again(self._read, self._take)

    def _read(self) -> _Found:
        payments = self.payments
        due, listed = payments.due(), payments.lists()
        lists = (due, listed, self.recoveries.owed(), payments.to_archive())
        return _Found(lists, payments.changes(due), refusals(due, listed))

    def _take(self, found: _Found) -> None:
        """Show what was read beside the window, unless an act is under way, which will have it read again."""
        if not self.work.is_busy():
            self._show(found, only_changed=True)

    def _show(self, found: _Found, *, only_changed: bool = False) -> None:
        before, self._found = self._found, found
        for place, lines in enumerate(found.lists):
            if place in self._made:
                is_same = only_changed and before is not None and lines == before.lists[place]
                self._show_tab(self._made[place], place, found, is_same=is_same)
            count = sum(map(is_open, lines)) if place == _RESULTS else len(lines)
            self.tabs.setTabText(place, f"{self._titles[place]} {count}" if count else self._titles[place])

    def _show_tab(self, tab: _Tab, place: int, found: _Found, *, is_same: bool = False) -> None:
        if isinstance(tab, DueTab):
            tab.use_refusals(found.refused)
            tab.use_changes(found.changes)
        if not is_same:
            tab.show_lines(found.lists[place])

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def voucher_in_hand(self) -> str:
        """The number of the voucher that the keyboard is on, in the list in hand; empty where there is none."""
        return self._tab_at(self.tabs.currentIndex()).voucher_in_hand()

    def perform(self) -> None:
        """Do what the list in hand is for."""
        acts = (self.make_list, self.record_results, self.take_money, self.put_on_shelf)
        acts[self.tabs.currentIndex()]()

    def make_list(self) -> None:
        """报盘: put what is chosen on the bank's next list."""
        self.tabs.setCurrentIndex(_DUE)
        password, choice = self.due.password.text(), self.due.choice()
        if not self._is_offered(Action.PAY) or not self._has(password, self.due.password):
            return
        self.due.password.clear()
        self._begin(_("正在报盘…"), lambda: self.payments.make_list(choice, password), self._listed)

    def record_results(self) -> None:
        """回盘: record what is marked of the list in hand."""
        self.tabs.setCurrentIndex(_RESULTS)
        listed, marks, password = self.results.chosen_list(), self.results.marks(), self.results.password.text()
        if listed is None or not self._is_offered(Action.PAY) or not self._has(password, self.results.password):
            return
        self.results.password.clear()
        number = listed.list_number
        self._begin(_("正在登记回盘…"), lambda: self.payments.record_results(number, marks, password), self._answered)

    def take_money(self) -> None:
        """收回: record what came back of the line in hand."""
        self.tabs.setCurrentIndex(_RECOVER)
        owed, draft, password = self.recover.table.current(), self.recover.draft(), self.recover.password.text()
        if owed is None or not self._is_offered(Action.RECOVER) or not self._has(password, self.recover.password):
            return
        self.recover.password.clear()
        number, recoveries = owed.line.voucher_number, self.recoveries
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
        recoveries = self.recoveries
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
        self.tabs.setCurrentIndex(_ARCHIVE)
        if not self._is_offered(Action.ARCHIVE):
            return
        chosen, box = self.archive.table.chosen(), self.archive.box.text()

        def archived(count: int) -> None:
            self.refresh()
            self.notice.say(filled(_("已归档 {count} 张，盒号 {box}。"), {"count": count, "box": box.strip()}), "good")
            self.archive.table.setFocus()

        self._begin(_("正在归档…"), lambda: self.payments.archive(chosen, box), archived)

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
        self._asked = self.focusWidget() or self._tab_at(self.tabs.currentIndex()).table
        self.notice.say("")
        self.work.act(words, work, then)

    def _listed(self, listed: PaymentList) -> None:
        self.refresh(lambda: self.results.choose(listed.list_number))
        details = {"number": listed.list_number, "count": len(listed.payments), "total_fen": listed.total_fen}
        self.notice.say(filled(_("已报盘 {number}：{count} 笔，合计 {total_fen} 元。"), details), "good")
        self.due.table.setFocus()
        self.listed.emit(listed)

    def _answered(self, listed: PaymentList) -> None:
        self.results.forget_marks()
        self.refresh()
        failed = sum(payment.result is not None and not payment.result.is_paid for payment in listed.payments)
        words, weight = _("报盘 {number} 的回盘已登记。"), "good"
        if failed:
            weight = "warning"
            words = _("报盘 {number} 的回盘已登记；失败的 {failed} 笔已回到待支付，核对账户后再报。")
        self.notice.say(filled(words, {"number": listed.list_number, "failed": failed}), weight)
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
        self.due.forget_typed()
        self.refresh()
        self.notice.say(_("收款账户已保存。"), "good")
        self.due.table.setFocus()

    def _failed(self, error: ClerkError) -> None:
        self.refresh()
        self._say(error)
        # Fields that were locked while it worked have lost the keyboard.
        field = self._asked
        if error.code == "account_needs_second":
            field = self.due.account.second_login
        elif error.code == "box_missing":
            field = self.archive.box
        field.setFocus(Qt.FocusReason.OtherFocusReason)
