"""待归档: the last list on the way of the money, papers for the shelf."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.lists import Column, ListTab
from clerk_app.desktop.payments_due import number_of
from clerk_app.desktop.pieces import Card, FieldGrid, push_button
from clerk_app.ledger.records import Payable
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _

_ON_THE_SHELF: tuple[Column[Payable], ...] = (
    Column(N_("单据号"), 190, lambda line: line.voucher_number),
    Column(N_("姓名"), 0, lambda line: line.name),
    Column(N_("结算时间"), 150, lambda line: f"{line.settled_at:%Y-%m-%d %H:%M}"),
    Column(N_("经办"), 130, lambda line: line.clerk),
    Column(N_("状态"), 120, lambda line: _(line.stage.term)),
    Column(N_("支付"), 130, lambda line: format_yuan(line.comes_to_fen, separators=True), is_amount=True),
)


class ArchiveTab(ListTab[Payable]):
    """What can go on the shelf, and the box that it goes into."""

    def __init__(self) -> None:
        super().__init__(_("待归档列表"), _ON_THE_SHELF, number_of, chooses_many=True)
        EmptyWords(self.table, _("没有待归档的单据。已支付和无须支付的单据会列在这里。"))
        self.box = TextField()
        self.box.setPlaceholderText(_("例如：2026-11 第 3 盒"))
        self.archive_button = push_button(_("归档  F9"))
        self.choose_all = push_button(_("全选  Ctrl+A"))
        card = Card()
        grid = FieldGrid()
        grid.add_field(0, 0, _("档案盒号"), self.box)
        grid.setColumnStretch(1, 1)
        across = Beside()
        across.addWidget(self.choose_all)
        across.addLayout(grid, 1)
        across.addWidget(self.archive_button)
        card.body.addLayout(across)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(card)
        self.choose_all.clicked.connect(self.table.selectAll)
