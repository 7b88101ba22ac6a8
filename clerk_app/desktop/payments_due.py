"""待支付: settlements that may be paid, where their money goes, and what the chosen ones come to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clerk_app.codes import Payer
from clerk_app.counter.payment_desk import Choice, PaymentDesk, account_words
from clerk_app.counter.second_person import SecondPerson
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.colours import colours
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import CodeField, PasswordField, TextField
from clerk_app.desktop.lists import Column, ListTab
from clerk_app.desktop.pieces import Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.ledger.records import Payable, PayeeAccount
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, filled

#: Of the account's fields, in pixels at the usual size of type; else they stand above what is done with them.
_ACCOUNT_WIDTH = 460


def _columns(refused: Mapping[str, str]) -> tuple[Column[Payable], ...]:
    """What the list shows.

    Args:
        refused: What the bank said of a line's account, by voucher number.
    """

    def account(line: Payable) -> str:
        words = account_words(line.account)
        return filled(_("{account}　银行退回"), {"account": words}) if line.voucher_number in refused else words

    def colour(line: Payable) -> str:
        return colours().careful if line.account is None or line.voucher_number in refused else ""

    return (
        Column(N_("单据号"), 160, lambda line: line.voucher_number),
        Column(N_("姓名"), 96, lambda line: line.name, shares=True),
        Column(N_("结算时间"), 136, lambda line: f"{line.settled_at:%Y-%m-%d %H:%M}"),
        Column(N_("收款人"), 96, lambda line: line.account.name if line.account else "", shares=True),
        Column(N_("开户银行"), 110, lambda line: line.account.bank if line.account else "", shares=True),
        Column(N_("账号"), 164, account, colour=colour, shares=True),
        Column(
            N_("应付"),
            110,
            lambda line: format_yuan(line.due_fen, separators=True),
            is_amount=True,
            colour=lambda line: colours().bad if line.due_fen < 0 else "",
        ),
    )


def number_of(line: Payable) -> str:
    """By which a line is known again."""
    return line.voucher_number


class AccountCard(Card):
    """收款账户 of the line in hand; a change asks for a second person."""

    def __init__(self, payments: PaymentDesk) -> None:
        super().__init__(_("收款账户"))
        self._payments = payments
        self.name, self.relation, self.bank = TextField(), TextField(), TextField()
        self.number, self.second_login = CodeField(), CodeField()
        self.second_password = PasswordField()
        self.second_login.setPlaceholderText(_("另一名复核人员的用户名"))
        self.save_button = push_button(_("保存账户"))
        self.words = plain_label("", "small", wraps=True)
        grid = FieldGrid()
        grid.add_field(0, 0, _("收款人"), self.name)
        grid.add_field(0, 1, _("与参保人关系"), self.relation)
        grid.add_field(1, 0, _("开户银行"), self.bank)
        grid.add_field(1, 1, _("账号"), self.number)
        grid.add_field(2, 0, _("第二人"), self.second_login)
        grid.add_field(2, 1, _("密码"), self.second_password)
        self.second_password.setAccessibleName(_("第二人的密码"))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        below = QHBoxLayout()
        below.addWidget(self.words, 1)
        below.addWidget(self.save_button)
        self.body.addLayout(below)
        self._fields = (self.name, self.relation, self.bank, self.number)
        # Nobody knows yet whether anything is due.
        self.show_line(None, "")

    def show_line(self, line: Payable | None, none_words: str, *, is_change: bool = False, refusal: str = "") -> None:
        """Show where the money of a line goes; the number stays masked, and a new one is typed whole.

        Args:
            none_words: What is said where there is no line.
            is_change: Whether another account would be a change, as the page has read it with the line.
            refusal: What the bank said of the account.
        """
        account = line.account if line is not None else None
        self.name.setText(account.name if account else line.name if line else "")
        self.relation.setText(account.relation if account else Payer.SELF.term if line else "")
        self.bank.setText(account.bank if account else "")
        self.number.clear()
        self.number.setPlaceholderText(account_words(account) if line is not None else "")
        self.second_login.clear()
        self.second_password.clear()
        why_not = self._payments.why_not_changed(line) if line is not None else none_words
        may_change = line is not None and not why_not
        for field in self._fields:
            field.setEnabled(may_change)
        for second in (self.second_login, self.second_password):
            second.setEnabled(may_change and is_change)
        self.save_button.setEnabled(may_change)
        first = _("第一次登记账户不需要第二人。账号须录入完整。")
        change = _("变更账户须由第二人（复核人员）输入本人密码确认，并记入操作记录。")
        words = (change if is_change else first) if may_change else why_not
        if refusal:
            words = filled(_("银行退回：{reason}。"), {"reason": refusal.rstrip("。.")}) + words
        self.words.setText(words)

    def typed(self) -> PayeeAccount:
        """What the fields say."""
        name, relation, bank, number = (field.text().strip() for field in self._fields)
        return PayeeAccount(name, relation, bank, number)

    def second(self) -> SecondPerson:
        """Who confirms a change."""
        return SecondPerson(self.second_login.text(), self.second_password.text())


class DueTab(ListTab[Payable]):
    """The list above; below it the account of the line in hand, and what is chosen."""

    def __init__(self, payments: PaymentDesk) -> None:
        #: What the bank said of a line's account, by voucher number.
        refused: dict[str, str] = {}
        super().__init__(_("待支付列表"), _columns(refused), number_of, chooses_many=True)
        self._refused = refused
        EmptyWords(self.table, _("没有待支付的单据。复核通过的单据会列在这里。"))
        self._payments = payments
        self._changes: frozenset[str] = frozenset()
        #: What the account card shows; what is typed in it stays as long as nothing new is known.
        self._shown: tuple[Payable | None, bool, str] | None = None
        self.account = AccountCard(payments)
        self.sum = plain_label("", "cardTitle", wraps=True)
        self.password = PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.choose_all = push_button(_("全选  Ctrl+A"))
        self.make_button = push_button(_("制作报盘  F9"), "primary")
        card = Card(_("报盘"))
        card.head.addWidget(self.choose_all)
        grid = FieldGrid()
        grid.add_field(0, 0, _("密码"), self.password)
        grid.setColumnStretch(1, 1)
        card.body.addWidget(self.sum)
        card.body.addLayout(grid)
        card.body.addStretch(1)
        card.body.addWidget(self.make_button)
        below = Beside()
        below.add_block(self.account, 6, least=scaled(_ACCOUNT_WIDTH))
        below.addWidget(card, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        self.choose_all.clicked.connect(self.table.selectAll)
        self.table.selectionModel().selectionChanged.connect(self._show_sum)
        self.table.selectionModel().currentRowChanged.connect(self._show_account)

    def use_refusals(self, refused: Mapping[str, str]) -> None:
        """Take over what the bank said of the accounts that are to be paid."""
        self._refused.clear()
        self._refused.update(refused)

    def use_changes(self, changes: frozenset[str]) -> None:
        """Take over of which vouchers another account is a change."""
        line, before = self.table.current(), self._changes
        self._changes = changes
        # What is typed for the line in hand stays where this says nothing new of it.
        if line is not None and (line.voucher_number in changes) != (line.voucher_number in before):
            self._show_account()

    def show_lines(self, lines: list[Payable]) -> None:
        """Show what was read."""
        super().show_lines(lines)
        self._show_sum()
        self._show_account()

    def forget_typed(self) -> None:
        """The account that was typed is on record."""
        self._shown = None

    def choice(self) -> Choice:
        """What is chosen, as far as it can be paid."""
        return self._payments.choice(self.table.chosen())

    def _show_sum(self) -> None:
        self.sum.setText(self.choice().words)

    def _show_account(self) -> None:
        line = self.table.current()
        is_change = line is not None and line.voucher_number in self._changes
        refusal = self._refused.get(line.voucher_number, "") if line is not None else ""
        if self._shown == (line, is_change, refusal):
            return
        self._shown = (line, is_change, refusal)
        self.account.show_line(line, _("没有待支付的单据。"), is_change=is_change, refusal=refusal)
