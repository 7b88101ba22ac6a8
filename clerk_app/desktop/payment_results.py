"""报盘与回盘: the lists that went to the bank, and what it said of each transfer, marked and then recorded at once."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clerk_app.counter.payment_desk import PaymentDesk, account_words, list_words
from clerk_app.desktop.bank_strip import BankStrip
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.colours import colours
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import PasswordField, TextField
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.ledger.records import Payment, PaymentList, PaymentResult
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, filled

_LISTS: tuple[Column[PaymentList], ...] = (
    Column(N_("报盘号"), 170, lambda listed: listed.list_number),
    Column(N_("时间"), 140, lambda listed: f"{listed.made_at:%Y-%m-%d %H:%M}"),
    Column(N_("制单人"), 110, lambda listed: listed.made_by),
    Column(N_("笔数"), 64, lambda listed: str(len(listed.payments)), is_amount=True),
    Column(N_("金额"), 120, lambda listed: format_yuan(listed.total_fen, separators=True), is_amount=True),
    Column(N_("回盘"), 0, list_words),
)
#: Of the transfers, in pixels at the usual size of type; else they stand above what is done with them.
_TABLE_WIDTH = 420


def is_open(listed: PaymentList) -> bool:
    """Whether a list waits for the bank."""
    return any(payment.result is None for payment in listed.payments)


class ResultsTab(QWidget):
    """Lists above, the transfers of the one in hand below, and beside them the marks."""

    said = Signal(str, str)

    def __init__(self, payments: PaymentDesk) -> None:
        super().__init__()
        #: By place in the list in hand.
        self._marks: dict[int, PaymentResult] = {}
        self._shown = ""
        self.lists: LinesTable[PaymentList] = LinesTable(_LISTS, _("报盘列表"), lambda listed: listed.list_number)
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Delete)
        self.table: LinesTable[Payment] = LinesTable(
            self._columns(), _("报盘明细"), lambda payment: payment.position, chooses_many=True, left_out=keys
        )
        EmptyWords(self.lists, _("还没有报盘。请在“待支付”中选择单据制作。"))
        below = Beside()
        below.add_block(self.table, 7, least=scaled(_TABLE_WIDTH))
        below.addWidget(self._card(), 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        self.bank = BankStrip(payments.desk, self.chosen_list, self.password)
        self.bank.said.connect(self.said)
        self.bank.answered.connect(self.take_answer)
        column.addWidget(self.lists, 3)
        column.addWidget(self.bank)
        column.addLayout(below, 5)
        self.lists.selectionModel().currentRowChanged.connect(self._show_payments)
        self.table.selectionModel().currentRowChanged.connect(self._show_in_hand)

    def _columns(self) -> tuple[Column[Payment], ...]:
        return (
            Column(N_("序号"), 48, lambda payment: str(payment.position + 1), is_amount=True),
            Column(N_("单据号"), 156, lambda payment: payment.voucher_number),
            Column(N_("收款人"), 92, lambda payment: payment.account.name, shares=True),
            Column(N_("账号"), 160, lambda payment: account_words(payment.account)),
            Column(N_("金额"), 100, lambda payment: format_yuan(payment.amount_fen, separators=True), is_amount=True),
            Column(N_("结果"), 92, self._result_words, colour=self._result_colour, shares=True),
        )

    def _card(self) -> Card:
        card = Card(_("登记回盘"))
        self.paid_button = push_button(_("已支付  空格"))
        self.failed_button = push_button(_("失败  Del"), "danger")
        self.all_paid_button = push_button(_("其余全部已支付"))
        self.reason = TextField()
        self.reason.setPlaceholderText(_("失败时写明银行的原因，例如：户名不符"))
        self.password = PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.marked = plain_label("", "cardTitle", wraps=True)
        self.in_hand = plain_label("", "muted", wraps=True)
        self.record_button = push_button(_("登记回盘  F9"), "primary")
        grid = FieldGrid()
        grid.add_field(0, 0, _("失败原因"), self.reason)
        grid.add_field(1, 0, _("密码"), self.password)
        grid.setColumnStretch(1, 1)
        card.head.addWidget(self.all_paid_button)
        card.body.addWidget(BreakingRow(self.paid_button, self.failed_button))
        card.body.addLayout(grid)
        card.body.addWidget(self.in_hand)
        card.body.addStretch(1)
        card.body.addWidget(self.marked)
        card.body.addWidget(self.record_button)
        self.paid_button.clicked.connect(self.mark_paid)
        self.failed_button.clicked.connect(self.mark_failed)
        self.all_paid_button.clicked.connect(self.mark_rest_paid)
        self.reason.returnPressed.connect(self.mark_failed)
        return card

    def show_lines(self, lines: list[PaymentList]) -> None:
        """Show what was read."""
        self.lists.show_lines(lines)
        self._show_payments()

    def choose(self, list_number: str) -> None:
        """Take a list in hand."""
        for row, listed in enumerate(self.lists.lines()):
            if listed.list_number == list_number:
                self.lists.selectRow(row)

    def chosen_list(self) -> PaymentList | None:
        """The list in hand."""
        return self.lists.current()

    def voucher_in_hand(self) -> str:
        """The number of the voucher whose transfer the keyboard is on; empty where there is none."""
        payment = self.table.current()
        return "" if payment is None else payment.voucher_number

    def marks(self) -> dict[int, PaymentResult]:
        """What is marked of the list in hand."""
        return dict(self._marks)

    def forget_marks(self) -> None:
        """What was marked is on record."""
        self._marks.clear()

    def take_answer(self, results: Mapping[int, PaymentResult]) -> None:
        """Mark what the bank's file says, in place of what was marked by hand, to be looked at and recorded."""
        self._marks = dict(results)
        self._marked(moves_on=False)

    def mark_paid(self) -> None:
        """Mark the chosen transfers as paid, or take such marks back."""
        chosen = self._open(self.table.chosen())
        is_marked = all(self._is_paid(payment) for payment in chosen)
        for payment in chosen:
            if is_marked:
                self._marks.pop(payment.position, None)
            else:
                self._marks[payment.position] = PaymentResult(is_paid=True)
        self._marked(len(chosen) == 1 and not is_marked)

    def mark_failed(self) -> None:
        """Mark the chosen transfers as failed, with the bank's reason; without one, ask for it."""
        reason = self.reason.text().strip()
        if not reason:
            self.said.emit(_("请写明失败的原因，再按 Enter。"), "note")
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        chosen = self._open(self.table.chosen())
        for payment in chosen:
            self._marks[payment.position] = PaymentResult(is_paid=False, reason=reason)
        self.reason.clear()
        self._marked(len(chosen) == 1)

    def mark_rest_paid(self) -> None:
        """Mark everything as paid that is neither recorded nor marked."""
        for payment in self._open(self.table.lines()):
            self._marks.setdefault(payment.position, PaymentResult(is_paid=True))
        self._marked(moves_on=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space for paid, Del for failed; Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.table.hasFocus() and event.key() == Qt.Key.Key_Space:
            self.mark_paid()
        elif self.table.hasFocus() and event.key() == Qt.Key.Key_Delete:
            self.mark_failed()
        else:
            super().keyPressEvent(event)

    def _open(self, payments: list[Payment]) -> list[Payment]:
        return [payment for payment in payments if payment.result is None]

    def _is_paid(self, payment: Payment) -> bool:
        mark = self._marks.get(payment.position)
        return mark is not None and mark.is_paid

    def _marked(self, moves_on: bool) -> None:
        self.said.emit("", "note")
        row = self.table.currentIndex().row()
        self._show_payments()
        if moves_on and row + 1 < len(self.table.lines()):
            self.table.selectRow(row + 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_payments(self) -> None:
        listed = self.lists.current()
        number = listed.list_number if listed else ""
        if number != self._shown:
            # Marks are of one list; another one begins without.
            self._marks.clear()
            self._shown = number
        self.table.show_lines(listed.payments if listed else ())
        self._show_in_hand()
        is_open = bool(self._open(self.table.lines()))
        for widget in (self.paid_button, self.failed_button, self.all_paid_button, self.reason):
            widget.setEnabled(is_open)
        paid = sum(mark.is_paid for mark in self._marks.values())
        words = _("已标已支付 {paid} 笔，失败 {failed} 笔")
        self.marked.setText(filled(words, {"paid": paid, "failed": len(self._marks) - paid}))

    def _show_in_hand(self) -> None:
        """The transfer in hand whole: a long name or reason has no room in the list."""
        payment = self.table.current()
        words = (payment.voucher_number, payment.account.name, self._result_words(payment)) if payment else ()
        self.in_hand.setText("　".join(words))

    def _result_words(self, payment: Payment) -> str:
        result = payment.result or self._marks.get(payment.position)
        if result is None:
            return _("待回盘")
        words = _("已支付") if result.is_paid else _("失败：{reason}").format(reason=result.reason)
        return words if payment.result else _("{words}（未登记）").format(words=words)

    def _result_colour(self, payment: Payment) -> str:
        result = payment.result or self._marks.get(payment.position)
        if result is None:
            return colours().muted
        return colours().good if result.is_paid else colours().bad
