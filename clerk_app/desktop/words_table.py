"""Tables of words: rows that a screen's counter half has made, under titles, for reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from clerk_app.desktop.colours import colours
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.column_widths import SharedWidths
from clerk_app.desktop.fields import tip
from clerk_app.desktop.pieces import ColouredCells
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

AnyIndex = QModelIndex | QPersistentModelIndex

_HEAD_HEIGHT = 34
_ROW_HEIGHT = 28


class Column(NamedTuple):
    """A title, a width, and whether it holds amounts.

    Attributes:
        shares: Its width is the least; it shares the room that is left with the others of its kind.
    """

    title: str
    width: int
    is_amount: bool = False
    shares: bool = False


class WordsModel(QAbstractTableModel):
    """Rows of words under titles."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[tuple[str, ...]] = []
        self._careful: frozenset[int] = frozenset()

    def show_rows(self, rows: Sequence[tuple[str, ...]], careful: Collection[int] = ()) -> None:
        """Show other rows.

        Args:
            careful: Those that ask for attention, counted from 0.
        """
        self.beginResetModel()
        self._rows = list(rows)
        self._careful = frozenset(careful)
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
            title = self._columns[section].title
            return _(title) if title else ""  # gettext gives its own header for an empty text.
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell; what does not fit is its tip, what was given back is red, what asks for attention brown."""
        words = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(words)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            is_negative = self._columns[index.column()].is_amount and words.startswith("-")
            colour = colours().bad if is_negative else colours().careful if index.row() in self._careful else ""
            return QColor(colour) if colour else None
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        is_amount = self._columns[column].is_amount
        side = Qt.AlignmentFlag.AlignRight if is_amount else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def words_table(model: WordsModel, columns: Sequence[Column], name: str, least_rows: int = 0) -> QTableView:
    """A table for reading: whole rows are selected, and the last column takes the room that is left if none share it.

    Args:
        least_rows: A table that takes whatever height is left shows at least so many; 0 leaves it its own height.
    """
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(ColouredCells(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    # What is too long ends in dots where the room does; wrapped, it would lose the whole word that meets the edge.
    table.setWordWrap(False)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(scaled(_ROW_HEIGHT))
    table.horizontalHeader().setHighlightSections(False)
    for place, column in enumerate(columns):
        table.setColumnWidth(place, scaled(column.width))
    floors = {place: scaled(column.width) for place, column in enumerate(columns) if column.shares}
    if not floors:
        table.horizontalHeader().setSectionResizeMode(len(columns) - 1, QHeaderView.ResizeMode.Stretch)
    show_whole_titles(table)
    if floors:
        SharedWidths(table, floors)
    if least_rows:
        table.setMinimumHeight(scaled(_HEAD_HEIGHT + least_rows * _ROW_HEIGHT))
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    return table
