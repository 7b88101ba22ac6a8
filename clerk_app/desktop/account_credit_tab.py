"""个人账户月计入 on the year card: two amounts to type, the formula, and the twelve months."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from clerk_app.counter.account_credit_card import FLEXIBLE_WORDS, AccountCreditSheet, TypedBases
from clerk_app.counter.reading import Place
from clerk_app.desktop.fields import MoneyField
from clerk_app.desktop.pieces import FieldGrid, Form, plain_label
from clerk_app.desktop.style import scaled
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.wording import N_, _

_MONTHS = (
    Column(N_("月份"), 80),
    Column(N_("人员类别"), 100),
    Column(N_("计算"), 240),
    Column(N_("计入额"), 110, is_amount=True),
    Column(N_("依据"), 190),
    Column(N_("说明"), 180),
)
_CONTRIBUTION = Place("account", 0, "contribution_base")
_PENSION = Place("account", 0, "average_pension")


class AccountCreditTab(Form):
    """What is credited to the person's account; it only computes."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: AccountCreditSheet | None = None
        self.contribution, self.pension = MoneyField(), MoneyField()
        self.flexible = QCheckBox(_(FLEXIBLE_WORDS))
        self._grid = FieldGrid()
        self._grid.add_field(0, 0, _("月缴费基数"), self.contribution, _CONTRIBUTION)
        self._grid.add_field(0, 1, _("基本养老金月平均水平"), self.pension, _PENSION)
        self._grid.addWidget(self.flexible, 0, 4)
        self._grid.setColumnStretch(5, 1)
        self.formulas = plain_label("", wraps=True)
        self.total = plain_label("", wraps=True)
        self.model = WordsModel(_MONTHS, self)
        self.table = words_table(self.model, _MONTHS, _("个人账户每月计入"))
        # Twelve months fit without scrolling.
        self.table.verticalHeader().setDefaultSectionSize(scaled(26))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._grid)
        words = _("账本不存缴费基数和养老金水平，请按参保系统和文件填写；这里只计算，不保存，也不影响结算。")
        column.addWidget(plain_label(words, "small", wraps=True))
        column.addWidget(self.formulas)
        column.addWidget(self.table, 1)
        column.addWidget(self.total)
        for field in (self.contribution, self.pension):
            field.textEdited.connect(self._show)
            field.editingFinished.connect(self._show)
        self.flexible.toggled.connect(self._show)
        self.setFocusProxy(self.contribution)

    def use(self, sheet: AccountCreditSheet) -> None:
        """Show another year; the bases that were typed stay."""
        self._sheet = sheet
        self.contribution.setEnabled(sheet.needs_contribution_base)
        self.pension.setEnabled(sheet.needs_average_pension)
        self.flexible.setVisible(sheet.offers_flexible)
        self._show()

    def clear(self) -> None:
        """Show no year; the bases that were typed stay."""
        self._sheet = None
        self.formulas.setText("")
        self.model.show_rows([])
        self.total.setText("")

    def _show(self, *_what: object) -> None:
        if self._sheet is None:
            return
        is_flexible = self._sheet.offers_flexible and self.flexible.isChecked()
        credited = self._sheet.credits(TypedBases(self.contribution.text(), self.pension.text(), is_flexible))
        self._grid.show_problems({Place("account", 0, field): words for field, words in credited.problems.items()})
        self.formulas.setText("\n".join(credited.formulas))
        self.model.show_rows(credited.rows)
        self.total.setText(credited.total)
