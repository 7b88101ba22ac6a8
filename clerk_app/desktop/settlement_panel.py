"""What one recorded settlement is: who, how much, why, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.claim_search import is_reversible, kind_words
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.packed_label import PackedLabel
from clerk_app.desktop.pieces import Card, plain_label, push_button, role_may_not
from clerk_app.desktop.style import scaled
from clerk_app.ledger.records import SettledReceipt, Settlement, SettlementKind
from clerk_app.money import format_yuan
from clerk_app.receipts.id_card import masked
from clerk_app.wording import _, listed

#: A voucher's number in one line, in pixels at the usual size of type.
_NUMBER_WIDTH = 136
#: Four lines of the working.
_WORKING_HEIGHT = 76


class SettlementPanel(Card):
    """A record in words: head, amounts, and for every receipt its working with the articles."""

    def __init__(self) -> None:
        super().__init__()
        self.title = plain_label("", "cardTitle", wraps=True)
        self.preview_button = push_button(_("预览 F8"))
        self.print_button = push_button(_("打印/补打 Ctrl+P"))
        self.year_card_button = push_button(_("年度卡 F11"))
        self.correct_button = push_button(_("差额…"))
        self.correct_button.setToolTip(_("查看并更正此人已结算单据的差额"))
        self.reverse_button = push_button(_("冲正…"), "danger")
        self.numbers_button = push_button(_("显示号码"), "quiet")
        self.numbers_button.setToolTip(_("显示完整的证件号码和银行账号，并记入操作记录"))
        self._settlement: Settlement | None = None
        self._needs: dict[QPushButton, Action] = {
            self.print_button: Action.PRINT,
            self.correct_button: Action.CORRECT,
            self.reverse_button: Action.REVERSE,
            self.numbers_button: Action.SHOW_NUMBERS,
        }
        self._may: Callable[[Action], bool] = lambda _action: True
        self.title.setMinimumWidth(scaled(_NUMBER_WIDTH))
        head = Beside(spacing=6, below=6)
        head.addWidget(self.title, 1)
        head.addWidget(
            BreakingRow(
                self.numbers_button,
                self.preview_button,
                self.print_button,
                self.year_card_button,
                self.correct_button,
                self.reverse_button,
                spacing=6,
            )
        )
        self.body.addLayout(head)
        self.facts = PackedLabel("muted")
        self.body.addWidget(self.facts)
        self.words = PackedLabel()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.viewport().setAutoFillBackground(False)
        area.setAccessibleName(_("计算过程"))
        inner.setAutoFillBackground(False)
        area.setMinimumHeight(scaled(_WORKING_HEIGHT))
        #: Where the working is, which the keyboard may scroll through.
        self.working = area
        self.body.addWidget(area, 1)
        self._show(None, "")

    def use_rights(self, may: Callable[[Action], bool]) -> None:
        """Offer only what the user's role may do; the ledger would refuse the rest."""
        self._may = may
        for button, action in self._needs.items():
            if not may(action):
                button.setToolTip(role_may_not(action))
        self._show(self._settlement, self.title.text())

    def show_numbers(self) -> None:
        """Show the record's numbers whole, until another record is shown; it is on record who saw them."""
        if self._settlement is not None:
            self.facts.say_rows([_facts(self._settlement, whole_numbers=True)])
            self.numbers_button.setEnabled(False)

    def show_settlement(self, settlement: Settlement | None) -> None:
        """Show a record, or that there is none."""
        self._show(settlement, _("没有找到单据"))

    def _show(self, settlement: Settlement | None, none_words: str) -> None:
        self._settlement = settlement
        for button in (
            self.preview_button,
            self.print_button,
            self.year_card_button,
            self.correct_button,
            self.reverse_button,
            self.numbers_button,
        ):
            action = self._needs.get(button)
            button.setEnabled(settlement is not None and (action is None or self._may(action)))
        if settlement is not None and not is_reversible(settlement):
            self.reverse_button.setEnabled(False)
        if settlement is None:
            self.title.setText(none_words)
            self.facts.say_rows(())
            self.words.say_rows(())
            return
        self.title.setText(f"{settlement.voucher_number}　{kind_words(settlement)}")
        self.facts.say_rows([_facts(settlement)])
        rows = [row for settled in settlement.receipts for row in ((), *_receipt_rows(settled))]
        self.words.say_rows(rows[1:])


def _facts(settlement: Settlement, *, whole_numbers: bool = False) -> list[str]:
    id_number = settlement.person.id_number
    parts = [
        settlement.person.name,
        id_number if whole_numbers else masked(id_number),
        settlement.area_name,
        _("受理 {number}").format(number=settlement.acceptance_number),
        _("总额 {yuan}").format(yuan=format_yuan(settlement.total_fen, separators=True)),
        _("统筹支付 {yuan}").format(yuan=format_yuan(settlement.fund_fen, separators=True)),
        _("个人负担 {yuan}").format(yuan=format_yuan(settlement.person_fen, separators=True)),
        _("经办 {clerk}").format(clerk=settlement.clerk),
    ]
    if settlement.review is not None:
        parts.append(
            _("复核 {reviewer}（{reason}）").format(
                reviewer=settlement.review.reviewer, reason=settlement.review.reason
            )
        )
    payee = settlement.payee
    if payee is not None:
        account = payee.account if whole_numbers else masked(payee.account)
        parts.append(_("收款人 {name}").format(name=" ".join(filter(None, (payee.name, payee.bank, account)))))
    if settlement.kind is SettlementKind.CORRECTION:
        parts.append(
            _("更正 {number}：{reason}").format(number=settlement.original_number, reason=settlement.correction_reason)
        )
    elif settlement.original_number:
        parts.append(
            _("冲正 {number}：{reason}").format(number=settlement.original_number, reason=settlement.reversal_reason)
        )
    if settlement.corrected_by:
        parts.append(_("已由 {numbers} 更正差额").format(numbers=listed(settlement.corrected_by)))
    if settlement.reversed_by:
        parts.append(_("已由 {number} 冲正").format(number=settlement.reversed_by))
    return parts


def _receipt_rows(settled: SettledReceipt) -> list[tuple[str, ...]]:
    receipt = settled.receipt
    head = (
        _("票据 {number}").format(number=receipt.number),
        receipt.visited_on.isoformat(),
        receipt.institution.name,
        _(settled.decision.term),
        _("统筹支付 {yuan}").format(yuan=format_yuan(settled.fund_fen, separators=True)),
    )
    return [head, *((f"　　{line}",) for line in settled.explanation)]
