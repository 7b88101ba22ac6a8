"""A person's year beside the form: deductibles and caps used and left, and which voucher used what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.counter.year_card import (
    YearCardSheet,
    amount_rows,
    note_words,
    prior_words,
    title_words,
    use_rows,
)
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import BannerStrip, ColouredCells, plain_label, push_button
from clerk_app.desktop.style import LIGHT, scaled
from clerk_app.errors import ClerkError
from clerk_app.wording import N_, _, sentence

AnyIndex = QModelIndex | QPersistentModelIndex

_YEARS_OFFERED = 4


class _Column(NamedTuple):
    """A title, a width, and whether it holds amounts."""

    title: str
    width: int
    is_amount: bool = False


_AMOUNTS = (
    _Column(N_("待遇"), 230),
    _Column(N_("标准"), 150, is_amount=True),
    _Column(N_("结算已用"), 100, is_amount=True),
    _Column(N_("平台已用"), 100, is_amount=True),
    _Column(N_("尚余"), 150, is_amount=True),
    _Column(N_("依据"), 180),
)
_USES = (
    _Column(N_("单据号"), 168),
    _Column(N_("日期"), 100),
    _Column(N_("类型"), 84),
    _Column(N_("待遇"), 150),
    _Column(N_("起付线"), 100, is_amount=True),
    _Column(N_("统筹支付"), 100, is_amount=True),
    _Column(N_("说明"), 208),
)


class WordsModel(QAbstractTableModel):
    """Rows of words under titles."""

    def __init__(self, columns: Sequence[_Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[tuple[str, ...]] = []

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """As many as there are titles."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self._columns[section].title)
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell; what does not fit is its tip, and what was given back is red."""
        words = self._rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        is_negative = self._columns[index.column()].is_amount and words.startswith("-")
        return QColor(LIGHT.bad) if role == Qt.ItemDataRole.ForegroundRole and is_negative else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        is_amount = self._columns[column].is_amount
        side = Qt.AlignmentFlag.AlignRight if is_amount else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class YearCardWindow(QDialog):
    """年度卡 of one person; Enter on a line looks its voucher up."""

    voucher_wanted = Signal(str)

    def __init__(self, desk: Desk, person_id: int, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("年度卡"))
        self.sheet = YearCardSheet(desk, person_id)
        self.title = plain_label("", "cardTitle", wraps=True)
        this_year = desk.today().year
        years = sorted({year, *range(this_year, this_year - _YEARS_OFFERED, -1)}, reverse=True)
        self.year = ChoiceBox([(_("{year} 年").format(year=each), each) for each in years])
        self.year.setAccessibleName(_("年度"))
        self.year.choose(year)
        self.notice = BannerStrip("refusal")
        self.notes = plain_label("", "muted", wraps=True)
        self.priors = plain_label("", wraps=True)
        self.amounts, self.uses = WordsModel(_AMOUNTS, self), WordsModel(_USES, self)
        self.amounts_table = _table(self.amounts, _AMOUNTS, _("起付线和限额"))
        self.uses_table = _table(self.uses, _USES, _("哪笔单据用了多少"))
        close = push_button(_("关闭  Esc"))
        close.clicked.connect(self.close)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.year)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self.notes)
        column.addWidget(plain_label(_("起付线和限额"), "cardTitle"))
        column.addWidget(self.amounts_table, 4)
        column.addWidget(self.priors)
        column.addWidget(plain_label(_("哪笔单据用了多少"), "cardTitle"))
        column.addWidget(self.uses_table, 5)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(scaled(960), scaled(600))
        self.year.currentIndexChanged.connect(self._show_year)
        self.uses_table.activated.connect(self._look_up)
        self._show_year()

    def _show_year(self, _index: int = 0) -> None:
        year = self.year.value()
        assert isinstance(year, int), "the choice holds years"
        try:
            card = self.sheet.card(year)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self.notice.say("")
        self.title.setText(title_words(card))
        self.notes.setText("\n".join(note_words(card)))
        self.priors.setText("\n".join(prior_words(card)) or _("没有登记平台已享受待遇。"))
        self.amounts.show_rows(amount_rows(card))
        self.uses.show_rows(use_rows(card))

    def _look_up(self, index: QModelIndex) -> None:
        self.voucher_wanted.emit(self.uses.index(index.row(), 0).data())


def _table(model: WordsModel, columns: Sequence[_Column], name: str) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(ColouredCells(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(scaled(28))
    table.horizontalHeader().setHighlightSections(False)
    for place, column in enumerate(columns):
        table.setColumnWidth(place, scaled(column.width))
    table.horizontalHeader().setSectionResizeMode(len(columns) - 1, QHeaderView.ResizeMode.Stretch)
    return table
