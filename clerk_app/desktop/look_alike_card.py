"""Two bills that may be one, the one above the other, and the clerk's answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from clerk_app.counter.draft import ReceiptDraft
from clerk_app.counter.look_alikes import Bill, LookAlike
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.pieces import Card, plain_label, set_mark
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _

_HEAD = ("", N_("票据号码"), N_("就诊日期"), N_("医疗机构"), N_("总额"), N_("单据号"), N_("参保人"))
_ROWS = 2
_STRETCHED = 3


class LookAlikeCard(Card):
    """Shown while a line looks like another bill. It bars the settlement till it is answered, and no key before."""

    #: The answer was typed.
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.row = -1
        self._receipts: Sequence[ReceiptDraft] = ()
        self.title = plain_label("", "cardTitle")
        self.answer = TextField()
        self.answer.setPlaceholderText(_("例如：同日两次检查，各有报告；纸质票据不在本次申请中"))
        self.answer.setAccessibleName(_("不是同一笔费用，因为"))
        answering = QHBoxLayout()
        answering.addWidget(plain_label(_("不是同一笔费用，因为"), "fieldLabel"))
        answering.addWidget(self.answer, 1)
        across = Beside(spacing=6, below=6)
        across.addWidget(self.title, 1)
        across.addLayout(answering, 2)
        self.body.addLayout(across)
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(_STRETCHED, 1)
        for place, words in enumerate(_HEAD):
            grid.addWidget(plain_label(_(words) if words else "", "small"), 0, place)
        self._cells = [[plain_label() for _column in _HEAD] for _row in range(_ROWS)]
        for row, cells in enumerate(self._cells, start=1):
            for place, cell in enumerate(cells):
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(cell, row, place)
        self.body.addLayout(grid)
        self.answer.textEdited.connect(self._take)
        self.hide()

    def show_all(self, found: Sequence[LookAlike], receipts: Sequence[ReceiptDraft], row: int) -> None:
        """Show the one that is being answered, else the first without an answer, else that of the line in hand."""
        self._receipts = receipts
        by_row = {each.row: each for each in found}
        open_rows = [each.row for each in found if not receipts[each.row].not_duplicate.strip()]
        if self.answer.hasFocus() and self.row in by_row:
            shown = by_row[self.row]
        elif open_rows or row in by_row:
            shown = by_row[open_rows[0] if open_rows else row]
        else:
            self.row = -1
            self.hide()
            return
        self.row = shown.row
        words = _("第 {row} 张票据与另一张的机构、日期和金额相同").format(row=shown.row + 1)
        if len(open_rows) > 1:
            words = _("{words}（还有 {count} 张待说明）").format(words=words, count=len(open_rows) - 1)
        self.title.setText(words)
        answer = receipts[shown.row].not_duplicate
        if self.answer.text() != answer:
            self.answer.setText(answer)
        self._show_bill(0, _("本次"), shown.own)
        self._show_bill(1, _("另一张"), shown.others[0])
        set_mark(self.answer, "wrong", False)
        self.show()

    def is_open(self) -> bool:
        """Whether an answer is wanted."""
        return not self.isHidden() and not self.answer.text().strip()

    def bills(self) -> list[str]:
        """What stands in the two lines, for whoever reads them aloud."""
        return ["　".join(cell.text() for cell in cells if cell.text()) for cells in self._cells]

    def _show_bill(self, place: int, words: str, bill: Bill) -> None:
        where = bill.voucher_number or _("第 {row} 行").format(row=bill.row + 1)
        texts = (
            words,
            bill.number,
            bill.visited_on.isoformat(),
            bill.institution_name,
            format_yuan(bill.total_fen, separators=True),
            where,
            bill.name,
        )
        for cell, text in zip(self._cells[place], texts, strict=True):
            if cell.text() != text:
                cell.setText(text)

    def _take(self, text: str) -> None:
        if 0 <= self.row < len(self._receipts):
            self._receipts[self.row].not_duplicate = text
            self.typed.emit()
