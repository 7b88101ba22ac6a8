"""待追回: what was paid too much, what has come back of it, and the entry of more that comes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clerk_app.codes import Action, RecoveryWay
from clerk_app.counter.recovery_desk import (
    MoneyBackDraft,
    Owed,
    RecoveryDesk,
    because_words,
    came_words,
    entry_words,
)
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.colours import colours
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import ChoiceBox, CodeField, DateField, MoneyField, PasswordField, TextField
from clerk_app.desktop.lists import Column, LinesTable, ListTab
from clerk_app.desktop.pieces import Card, FieldGrid, plain_label, push_button, role_may_not
from clerk_app.desktop.style import scaled
from clerk_app.ledger.records import Recovery
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _

_OWED: tuple[Column[Owed], ...] = (
    Column(N_("单据号"), 160, lambda owed: owed.line.voucher_number),
    Column(N_("姓名"), 96, lambda owed: owed.line.name, shares=True),
    Column(N_("自何时"), 136, lambda owed: f"{owed.line.since:%Y-%m-%d %H:%M}"),
    Column(N_("原因"), 120, lambda owed: because_words(owed.line), shares=True),
    Column(N_("已支付"), 110, lambda owed: format_yuan(owed.line.paid_fen, separators=True), is_amount=True),
    Column(N_("已收回"), 110, lambda owed: format_yuan(owed.line.recovered_fen, separators=True), is_amount=True),
    Column(
        N_("待追回"),
        120,
        lambda owed: format_yuan(owed.line.open_fen, separators=True),
        is_amount=True,
        colour=lambda _owed: colours().bad,
    ),
)
_ENTRIES: tuple[Column[Recovery], ...] = (
    Column(N_("收回编号"), 158, lambda entry: entry.number),
    Column(N_("日期"), 92, lambda entry: entry.received_on.isoformat()),
    Column(
        N_("金额"),
        100,
        lambda entry: format_yuan(entry.amount_fen, separators=True),
        is_amount=True,
        colour=lambda entry: colours().bad if entry.amount_fen < 0 else "",
    ),
    Column(N_("经手"), 70, lambda entry: entry.recorded_by, shares=True),
    Column(
        N_("方式和凭证"),
        110,
        entry_words,
        colour=lambda entry: colours().muted if entry.cancelled_by else "",
        shares=True,
    ),
)
#: Of what came back, in pixels at the usual size of type; else it stands above the entry of more.
_CAME_WIDTH = 400


class RecoverTab(ListTab[Owed]):
    """The list above; below it what has come back of the line in hand, and the entry of what comes."""

    def __init__(self, recoveries: RecoveryDesk) -> None:
        super().__init__(_("待追回列表"), _OWED, lambda owed: owed.line.voucher_number)
        self.recoveries = recoveries
        desk = recoveries.desk
        self.entries: LinesTable[Recovery] = LinesTable(_ENTRIES, _("收回登记"), lambda entry: entry.number)
        EmptyWords(self.table, _("没有待追回的单据。"))
        EmptyWords(self.entries, _("还没有收回登记。"))
        self._shown = ""
        below = Beside()
        below.add_block(self._came_card(), 6, least=scaled(_CAME_WIDTH))
        below.addWidget(self._entry_card(), 4)
        words = _("支付以后被冲正或更正减少的单据。同一单据以后更正增加时自动抵减；登记错了的收回可以撤销，不能修改。")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(plain_label(words, "small", wraps=True))
        column.addLayout(below, 1)
        self.table.selectionModel().currentRowChanged.connect(self._show_line)
        self.entries.selectionModel().currentRowChanged.connect(self._show_entry)
        self.way.currentIndexChanged.connect(self._show_way)
        may = desk.may(Action.RECOVER)
        tip = "" if may else role_may_not(Action.RECOVER)
        self._may = may
        for button in (self.record_button, self.take_back_button):
            button.setToolTip(tip)
        self._show_line()

    def _came_card(self) -> Card:
        card = Card(_("收回登记"))
        self.came, self.because = plain_label(""), plain_label("", "small", wraps=True)
        self.reason = TextField()
        self.reason.setPlaceholderText(_("例如：金额录错"))
        self.take_back_button = push_button(_("撤销登记"), "danger")
        card.head.addWidget(self.came)
        card.body.addWidget(self.because)
        card.body.addWidget(self.entries, 1)
        grid = FieldGrid()
        grid.add_field(0, 0, _("撤销理由"), self.reason)
        grid.setColumnStretch(1, 1)
        across = QHBoxLayout()
        across.addLayout(grid, 1)
        across.addWidget(self.take_back_button)
        card.body.addLayout(across)
        return card

    def _entry_card(self) -> Card:
        card = Card(_("登记收回"))
        self.way = ChoiceBox([(_(way.term), way) for way in (RecoveryWay.TRANSFER, *_OTHER_WAYS)])
        self.amount, self.day = MoneyField(), DateField(self.recoveries.desk.today, is_past=True)
        self.document, self.other = CodeField(), ChoiceBox()
        self.other.setPlaceholderText(_("此人没有待支付的单据"))
        self.note, self.password = TextField(), PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.record_button = push_button(_("登记收回  F9"), "primary")
        grid = FieldGrid()
        grid.add_field(0, 0, _("方式"), self.way)
        grid.add_field(0, 1, _("金额"), self.amount)
        grid.add_field(1, 0, _("收到日期"), self.day)
        grid.add_field(1, 1, _("凭证号"), self.document)
        grid.add_field(2, 0, _("抵扣单据"), self.other, span=2)
        grid.add_field(3, 0, _("备注"), self.note, span=2)
        grid.add_field(4, 0, _("密码"), self.password, span=2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        card.body.addLayout(grid)
        card.body.addStretch(1)
        card.body.addWidget(self.record_button)
        return card

    # --- What the page asks of every tab ------------------------------------------------------------------------

    def show_lines(self, lines: list[Owed]) -> None:
        """Show what was read."""
        super().show_lines(lines)
        self._show_line()

    # --- The entry ----------------------------------------------------------------------------------------------

    def draft(self) -> MoneyBackDraft:
        """What is typed."""
        way, other = self.way.value(), self.other.value()
        assert isinstance(way, RecoveryWay)
        deducted_from = other if isinstance(other, str) else ""
        return MoneyBackDraft(
            way, self.amount.text(), self.day.text(), self.document.text(), deducted_from, self.note.text()
        )

    def forget_draft(self) -> None:
        """What was typed is on record."""
        self._shown = ""
        self.reason.clear()

    def _show_line(self) -> None:
        owed = self.table.current()
        self.entries.show_lines(owed.entries if owed else ())
        self.came.setText(came_words(owed.entries) if owed else "")
        self.because.setText(because_words(owed.line) if owed else "")
        self.other.offer(
            [
                (f"{each.voucher_number}  {format_yuan(each.due_fen, separators=True)}", each.voucher_number)
                for each in (owed.deductible if owed else ())
            ]
        )
        voucher_number = owed.line.voucher_number if owed else ""
        if voucher_number != self._shown or owed is None:
            self._shown = voucher_number
            draft = self.recoveries.draft(owed) if owed else MoneyBackDraft()
            self.amount.setText(draft.amount)
            self.day.setText(draft.day)
            for field in (self.document, self.note, self.password):
                field.clear()
        self._show_way()
        self._show_entry()

    def _show_way(self) -> None:
        can_enter = self._may and self.table.current() is not None
        is_deducted = self.way.value() is RecoveryWay.DEDUCTION
        for widget in (self.way, self.amount, self.note, self.password, self.record_button):
            widget.setEnabled(can_enter)
        self.day.setEnabled(can_enter and not is_deducted)
        self.document.setEnabled(can_enter and not is_deducted)
        self.other.setEnabled(can_enter and is_deducted)
        cash = self.way.value() is RecoveryWay.CASH
        self.document.setPlaceholderText("" if is_deducted else _("收据号") if cash else _("银行回单号"))

    def _show_entry(self) -> None:
        entry = self.entries.current()
        stands = entry is not None and not entry.cancels and not entry.cancelled_by
        for widget in (self.reason, self.take_back_button):
            widget.setEnabled(self._may and stands)


_OTHER_WAYS = (RecoveryWay.CASH, RecoveryWay.DEDUCTION)
