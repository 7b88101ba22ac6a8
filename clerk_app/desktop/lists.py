"""Tables over plain values: a row a value, its columns named once, some rows chosen and kept chosen when read anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.column_widths import SharedWidths
from clerk_app.desktop.fields import tip
from clerk_app.desktop.pieces import ColouredCells
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

AnyIndex = QModelIndex | QPersistentModelIndex
Line = TypeVar("Line")

#: So many screens before its end a list that goes on is read on.
_SCREENS_AHEAD = 3
#: Of a list, however little room there is.
_FEWEST_LINES = 3
#: Below the lines, in pixels at the usual size of type.
_BAR_AND_FRAME = 12


@dataclass(frozen=True, slots=True)
class Column(Generic[Line]):
    """One column.

    Attributes:
        title: In the source's language; looked up when it is shown.
        width: In pixels at the usual size of type; 0 for the column that takes what is left.
        is_amount: Set to the right.
        colour: Of a cell, empty for that of text.
        shares: Its width is the least; it shares the room that is left with the others of its kind.
    """

    title: str
    width: int
    text: Callable[[Line], str]
    is_amount: bool = False
    colour: Callable[[Line], str] = lambda _line: ""
    shares: bool = False


class LinesModel(QAbstractTableModel, Generic[Line]):
    """The lines as a table; a cell that is cut off can be read as a tip."""

    def __init__(self, columns: Sequence[Column[Line]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def goes_on(self, lines: Sequence[Line]) -> bool:
        """Add what follows the lines that are there, which stay where they are; False where they are others by now."""
        count = len(self.lines)
        if list(lines[:count]) != self.lines or (lines and not count):
            return False
        if len(lines) > count:
            self.beginInsertRows(QModelIndex(), count, len(lines) - 1)
            self.lines = list(lines)
            self.endInsertRows()
        return True

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """A row a line."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """As they were given."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, amounts' at the right."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self._columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        line, column = self.lines[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(column.text(line))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and column.colour(line):
            return QColor(column.colour(line))
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._columns[column].is_amount else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class LinesTable(QTableView, Generic[Line]):
    """A table of lines, each one thing to the keyboard: Home and End go to the first and to the last.

    Args:
        key: By which a line is known again after the list was read anew.
        chooses_many: Whether several lines can be chosen, with Space, Shift and Ctrl+A.
        left_out: Keys that the page has a use of its own for.
    """

    #: It is scrolled to within a few screens of its last line.
    near_end = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Line]],
        name: str,
        key: Callable[[Line], Hashable],
        *,
        chooses_many: bool = False,
        left_out: Sequence[Qt.Key] = (),
    ) -> None:
        super().__init__()
        self._left_out = frozenset(left_out)
        self.model_of_lines: LinesModel[Line] = LinesModel(columns, self)
        self._key = key
        self.setModel(self.model_of_lines)
        self.setItemDelegate(ColouredCells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if chooses_many else modes.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        # What is too long ends in dots where the room does; wrapped, it would lose the whole word that meets the edge.
        self.setWordWrap(False)
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(30))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for place, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(place, scaled(column.width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        show_whole_titles(self)
        floors = {place: scaled(column.width) for place, column in enumerate(columns) if column.shares}
        if floors:
            SharedWidths(self, floors)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def minimumSizeHint(self) -> QSize:
        """The head, a few lines, and the bar below where it scrolls sideways."""
        head, row = self.horizontalHeader().sizeHint().height(), self.verticalHeader().defaultSectionSize()
        lines = head + _FEWEST_LINES * row + scaled(_BAR_AND_FRAME)
        return QSize(super().minimumSizeHint().width(), lines)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if value + _SCREENS_AHEAD * max(bar.pageStep(), 1) >= bar.maximum():
            self.near_end.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave to the page what it wants for itself."""
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.lines()) - 1}
        if event.key() in self._left_out:
            event.ignore()
        elif event.key() in ends and not event.modifiers() and self.lines():
            self.selectRow(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; what was chosen stays so where it is still there, else the same place in the list is.

        The line that the keyboard is on stays in hand too, whatever else is chosen.
        """
        before, row = {self._key(line) for line in self.chosen()}, max(self.currentIndex().row(), 0)
        current = self.current()
        in_hand = None if current is None else self._key(current)
        self.model_of_lines.show(lines)
        rows = [place for place, line in enumerate(lines) if self._key(line) in before]
        if not rows and lines:
            rows = [min(row, len(lines) - 1)]
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            at = next((place for place in rows if self._key(lines[place]) == in_hand), rows[0])
            self.selectionModel().setCurrentIndex(self.model_of_lines.index(at, 0), flags.NoUpdate)
        for place in rows:
            self.selectionModel().select(self.model_of_lines.index(place, 0), flags.Select | flags.Rows)

    def lines(self) -> list[Line]:
        """Everything in the list."""
        return self.model_of_lines.lines

    def chosen(self) -> list[Line]:
        """The chosen lines, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.lines()[row] for row in rows]

    def current(self) -> Line | None:
        """The line that the keyboard is on."""
        row = self.currentIndex().row()
        return self.lines()[row] if 0 <= row < len(self.lines()) else None


class ListTab(QWidget, Generic[Line]):
    """One list of a page with several.

    Args:
        words: What the list is called.
        key: A line's voucher number, by which the table knows it again; ``chooses_many`` as the table's.
    """

    said = Signal(str, str)

    def __init__(
        self, words: str, columns: Sequence[Column[Line]], key: Callable[[Line], str], *, chooses_many: bool = False
    ) -> None:
        super().__init__()
        self._key = key
        self.table: LinesTable[Line] = LinesTable(columns, words, key, chooses_many=chooses_many)

    def voucher_in_hand(self) -> str:
        """The number of the voucher that the keyboard is on; empty where there is none."""
        line = self.table.current()
        return "" if line is None else self._key(line)

    def show_lines(self, lines: list[Line]) -> None:
        """Show what was read."""
        self.table.show_lines(lines)
