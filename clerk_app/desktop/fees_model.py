"""The fees of one receipt as a table: categories and items, with what follows from price, quantity and catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor

from clerk_app.counter.catalogue_desk import fill_in
from clerk_app.counter.draft import FeeDraft, ReceiptDraft
from clerk_app.counter.fee_lines import (
    CATEGORIES,
    CLASSES,
    PARTS,
    carry_over,
    choose_category,
    remainder,
    sums_of,
    work_out,
)
from clerk_app.counter.typed import tidy_amount
from clerk_app.desktop.colours import colours
from clerk_app.desktop.entry_grid import AnyIndex
from clerk_app.desktop.fields import tip
from clerk_app.policy.catalogue import CatalogueItem
from clerk_app.wording import N_, _


@dataclass(frozen=True, slots=True)
class FeeColumn:
    """A column; its key is the field of the line's draft."""

    key: str
    title: str
    kind: str
    width: int


COLUMNS = (
    FeeColumn("name", N_("类别或项目"), "item", 240),
    FeeColumn("category", N_("费用类别"), "category", 144),
    FeeColumn("item_class", N_("目录"), "computed", 68),
    FeeColumn("price", N_("单价"), "code", 88),
    FeeColumn("quantity", N_("数量"), "code", 70),
    FeeColumn("amount", N_("金额"), "money", 104),
    FeeColumn("self_funded", N_("全自费"), "money", 96),
    FeeColumn("over_limit", N_("超限价"), "money", 96),
    FeeColumn("paid_first", N_("先行自付"), "money", 96),
)
COLUMN_OF = {column.key: place for place, column in enumerate(COLUMNS)}
#: What nobody types but the computation writes, unless somebody does.
_WORKED_OUT = ("amount", *PARTS)
_NUMBERS = ("price", "quantity", *_WORKED_OUT)


class FeesModel(QAbstractTableModel):
    """Lines over the fees of a receipt's draft; the last one is blank."""

    #: A cell was typed in, and the receipt's own parts have followed.
    typed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.receipt = ReceiptDraft()
        self._problems: dict[tuple[int, str], str] = {}

    def use(self, receipt: ReceiptDraft) -> None:
        """Show another receipt's fees."""
        self.beginResetModel()
        self.receipt = receipt
        if not receipt.fees or not receipt.fees[-1].is_blank:
            receipt.fees.append(FeeDraft())
        self._check()
        self.endResetModel()

    def fee(self, row: int) -> FeeDraft:
        """The line's draft."""
        return self.receipt.fees[row]

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed in a line."""
        return self.fee(row).is_blank

    def is_category(self, row: int) -> bool:
        """Whether a line is a whole category, which has no price of its own."""
        return _is_category(self.fee(row))

    def type_text(self, row: int, key: str, text: str) -> None:
        """Take over a keystroke."""
        fee = self.fee(row)
        setattr(fee, key, text)
        if key in _WORKED_OUT:
            # What is rubbed out is worked out again.
            (fee.typed.add if text.strip() else fee.typed.discard)(key)
        self._follow(row, but=key)

    def put_item(self, row: int, item: CatalogueItem) -> None:
        """Write an item of the catalogue into a line."""
        fill_in(self.fee(row), item)
        self._follow(row)

    def fill_remainder(self, row: int) -> str:
        """Write what is left of the total into a line's amount; returns it."""
        left = remainder(self.receipt, row)
        if left:
            self.type_text(row, "amount", left)
        return left

    def remove_line(self, row: int) -> None:
        """Take a line out."""
        if not 0 <= row < len(self.receipt.fees):
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.receipt.fees[row]
        self.endRemoveRows()
        self._follow(max(0, row - 1))

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """One line a fee, and a blank one to type in."""
        return 0 if parent is not None and parent.isValid() else len(self.receipt.fees)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """What a line says."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles above, numbers at the side."""
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].title) if orientation == Qt.Orientation.Horizontal else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _side(COLUMNS[section])
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """The catalogue's own cell is for reading."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if COLUMNS[index.column()].kind == "computed" else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, holds and means."""
        column, row = COLUMNS[index.column()], index.row()
        fee = self.fee(row)
        problem = self._problems.get((row, column.key), "")
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(column, fee)
        if role == Qt.ItemDataRole.EditRole:
            return getattr(fee, column.key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(problem or ("" if column.key in _NUMBERS else _shown(column, fee))) or None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return problem or None
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(colours().bad_pale) if problem else None
        if role == Qt.ItemDataRole.ForegroundRole and not problem:
            is_worked_out = column.key in _WORKED_OUT and column.key not in fee.typed
            return QColor(colours().muted) if is_worked_out or column.kind == "computed" else None
        return QColor(colours().bad) if role == Qt.ItemDataRole.ForegroundRole else None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take over what an editor was left with."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        column, row = COLUMNS[index.column()], index.row()
        fee, text = self.fee(row), str(value).strip()
        if column.key == "name" and not fee.what:
            choose_category(fee, text)
        elif column.kind == "money":
            setattr(fee, column.key, tidy_amount(text))
        else:
            setattr(fee, column.key, text)
        self._follow(row)
        return True

    def _follow(self, row: int, but: str = "") -> None:
        """Work out what follows, add up, and keep one blank line at the end.

        Args:
            but: The cell that is being typed in, which must not be set back.
        """
        if row < len(self.receipt.fees):
            work_out(self.fee(row))
        if not self.receipt.fees or not self.receipt.fees[-1].is_blank:
            last = len(self.receipt.fees)
            self.beginInsertRows(QModelIndex(), last, last)
            self.receipt.fees.append(FeeDraft())
            self.endInsertRows()
        carry_over(self.receipt)
        self._check(in_hand=row)
        for each in range(self.rowCount()):
            for place, column in enumerate(COLUMNS):
                if each != row or column.key != but:
                    self.dataChanged.emit(self.index(each, place), self.index(each, place))
        self.typed.emit()

    def _check(self, in_hand: int = -1) -> None:
        """Mark what is wrong, but for the line that is being typed: it lacks what comes next."""
        found = reversed(sums_of(self.receipt.fees).problems)
        self._problems = {(row, key): words for row, key, words in found if row != in_hand}


def _shown(column: FeeColumn, fee: FeeDraft) -> str:
    if column.key == "category":
        return f"{fee.category} {_(CATEGORIES[fee.category].term)}" if fee.category else ""
    if column.key == "item_class":
        return _(CLASSES[fee.item_class].term) if fee.item_class else ""
    text: str = getattr(fee, column.key)
    if column.key == "name" and _is_category(fee):
        return _(text)
    return tidy_amount(text) if column.kind == "money" else text


def _is_category(fee: FeeDraft) -> bool:
    return bool(fee.category) and not fee.what and fee.name == CATEGORIES[fee.category].term


def _side(column: FeeColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.key in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
