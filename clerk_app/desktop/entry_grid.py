"""A grid that is typed in like a form: the cell that the keyboard comes to is open, and Enter goes on to the next."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from clerk_app.counter.typed import plain_amount
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.fields import ChoiceBox, CodeField, MoneyField, TextField
from clerk_app.desktop.finding import FindField
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.pieces import ColouredCells
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

AnyIndex = QModelIndex | QPersistentModelIndex

_ROW_HEIGHT = 30
_ARROWS, _KEYPAD = (Qt.Key.Key_Left, Qt.Key.Key_Right), Qt.KeyboardModifier.KeypadModifier
_LINE_KEYS = (Qt.Key.Key_D, Qt.Key.Key_Delete)
#: What a cell held when it was opened, kept at its editor.
_AS_OPENED = "as opened"


class EntryModel(Protocol):
    """What a grid asks of its model beside what Qt does."""

    def type_text(self, row: int, key: str, text: str) -> None:
        """Take over a keystroke."""

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed in a line."""


class GridColumn(Protocol):
    """What a grid asks of a column."""

    @property
    def key(self) -> str:
        """The name of the draft's field."""

    @property
    def title(self) -> str:
        """What the head says."""

    @property
    def kind(self) -> str:
        """``computed`` cells are for reading, ``flag`` cells are ticked; the rest is typed in."""

    @property
    def width(self) -> int:
        """In pixels of the ordinary size of type."""


class EntryDelegate(ColouredCells):
    """Makes the editors: a field of its kind for every cell."""

    #: Enter or Tab in an editor: whether it goes on, and whether cells copied from above are passed over.
    moved = Signal(bool, bool)
    copy_wanted = Signal()
    removal_wanted = Signal()

    def __init__(self, model: EntryModel, columns: tuple[GridColumn, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._columns = columns

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """The field for a cell; every keystroke goes to the draft at once."""
        column = self._columns[index.column()]
        editor = self.make_field(column, parent, index)
        if isinstance(editor, QLineEdit):
            editor.textEdited.connect(partial(self.type_text, QPersistentModelIndex(index)))
        editor.setAccessibleName(_("第 {row} 行 {title}").format(row=index.row() + 1, title=_(column.title)))
        return editor

    def make_field(self, column: GridColumn, parent: QWidget, _index: AnyIndex) -> QWidget:
        """A field of the column's kind."""
        if column.kind == "money":
            return MoneyField(parent)
        return CodeField(parent) if column.kind == "code" else TextField(parent)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Show what the cell holds."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if editor.property(_AS_OPENED) is None:
            editor.setProperty(_AS_OPENED, text)
        if isinstance(editor, ChoiceBox):
            editor.choose(text)
        elif isinstance(editor, MoneyField):
            editor.setText(plain_amount(text))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: AnyIndex) -> None:
        """Fill the cell; a choice may be wider than its cell, for its digit stands before the word."""
        place = QRect(option.rect)
        if isinstance(editor, ChoiceBox):
            place.setWidth(max(place.width(), editor.sizeHint().width()))
        editor.setGeometry(place)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter and Tab keep the text and move, Escape brings back what the cell held; the rest is as usual."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            # A line takes these two for itself on X11, where they delete, before any shortcut sees them.
            if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in _LINE_KEYS:
                wanted = self.copy_wanted if event.key() == Qt.Key.Key_D else self.removal_wanted
                wanted.emit()
                return True
            if isinstance(editor, FindField) and editor.takes(event):
                return True
            if self.takes_key(editor, event):
                return True
            if event.key() == Qt.Key.Key_Escape and self._bring_back(editor):
                return True
            is_empty = isinstance(editor, QLineEdit) and not editor.text()
            if is_empty and event.key() in _ARROWS and not event.modifiers() & ~_KEYPAD:
                # There is nothing in the cell that the cursor could move through.
                self.leave(editor, goes_on=event.key() == Qt.Key.Key_Right, passes_copied=False)
                return True
            is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if is_tab or event.key() in ENTER_KEYS:
                is_back = event.key() == Qt.Key.Key_Backtab or bool(
                    event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                )
                self.leave(editor, goes_on=not is_back, passes_copied=not is_tab)
                return True
        return super().eventFilter(editor, event)

    def _bring_back(self, editor: QWidget) -> bool:
        """Take back what was typed in a cell since it was opened; whether anything was."""
        grid = self.parent()
        assert isinstance(grid, EntryGrid), "the delegate belongs to its grid"
        place, before = grid.indexAt(editor.pos()), str(editor.property(_AS_OPENED) or "")
        if not place.isValid() or str(place.data(Qt.ItemDataRole.EditRole) or "") == before:
            return False
        self._model.type_text(place.row(), self._columns[place.column()].key, before)
        self.setEditorData(editor, place)
        if isinstance(editor, QLineEdit):
            editor.selectAll()
        return True

    def takes_key(self, _editor: QWidget, _event: QKeyEvent) -> bool:
        """Whether a key in an editor means something of this grid's own."""
        return False

    def leave(self, editor: QWidget, *, goes_on: bool = True, passes_copied: bool = True) -> None:
        """Keep what a field holds, and go on from it."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.moved.emit(goes_on, passes_copied)

    def type_text(self, place: QPersistentModelIndex, text: str) -> None:
        """Hand a keystroke to the draft."""
        if place.isValid():
            self._model.type_text(place.row(), self._columns[place.column()].key, text)


class EntryGrid(QTableView):
    """The grid. A cell that the keyboard comes to is open for typing."""

    #: Enter in the blank last line: the lines are done.
    done = Signal()
    #: Shift+Enter or Shift+Tab before the first cell.
    left_backwards = Signal()
    row_changed = Signal(int)

    def __init__(self, columns: tuple[GridColumn, ...], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._place_of = {column.key: place for place, column in enumerate(columns)}
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(name)
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setFixedWidth(scaled(30))
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(scaled(44))

    def use(self, model: EntryModel, delegate: EntryDelegate, *, stretched: str) -> None:
        """Show a model, typed in through a delegate.

        Args:
            stretched: The column that takes what the others leave.
        """
        self.setModel(model)  # type: ignore[arg-type]  # what a grid asks of it is not all that Qt does
        delegate.moved.connect(self.move_on)
        delegate.removal_wanted.connect(self.remove_current_line)
        self.setItemDelegate(delegate)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, column in enumerate(self._columns):
            self.setColumnWidth(place, scaled(column.width))
        header.setSectionResizeMode(self._place_of[stretched], QHeaderView.ResizeMode.Stretch)
        show_whole_titles(self)

    def begin(self) -> None:
        """Go to the first cell of the line to type in."""
        raise NotImplementedError

    def stops_at(self, row: int, column: GridColumn, *, passes_copied: bool) -> bool:
        """Whether the keyboard stops at a cell that can be typed in, or passes it by."""
        raise NotImplementedError

    def remove_current_line(self) -> None:
        """Take the current line out."""
        raise NotImplementedError

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed in a line."""
        raise NotImplementedError

    def go_to(self, row: int, key: str) -> None:
        """Open a cell for typing."""
        index = self.model().index(row, self._place_of[key])
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self._open(index)

    def move_on(self, goes_on: bool = True, passes_copied: bool = True) -> None:
        """Go to the next cell to type in, right and then down; at the end of the paper, leave."""
        current = self.currentIndex()
        row, place = current.row(), current.column()
        last = self.model().rowCount() - 1
        if goes_on and passes_copied and row == last and self.is_blank(row):
            self.done.emit()
            return
        for _step in range(2 * len(self._columns)):
            place += 1 if goes_on else -1
            if place >= len(self._columns):
                row, place = row + 1, 0
            elif place < 0:
                row, place = row - 1, len(self._columns) - 1
            if row < 0:
                self.left_backwards.emit()
                return
            if row > last:
                self.done.emit()
                return
            column = self._columns[place]
            if self.isColumnHidden(place) or column.kind == "computed":
                continue
            if self.stops_at(row, column, passes_copied=passes_copied and goes_on):
                self.go_to(row, column.key)
                return

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        """Tell which line is being looked at."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.row_changed.emit(current.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open the current cell when the keyboard comes here from another field."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            current = self.currentIndex()
            if current.isValid() and self.model().flags(current) & Qt.ItemFlag.ItemIsEditable:
                self._open(current)
            else:
                self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Tab move on from cells without an editor too."""
        is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if (is_tab or event.key() in ENTER_KEYS) and self.currentIndex().isValid():
            is_back = event.key() == Qt.Key.Key_Backtab or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.move_on(not is_back, not is_tab)
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        """Open a cell for typing, unless becoming the current one has opened it already."""
        can_be_typed_in = self.model().flags(index) & Qt.ItemFlag.ItemIsEditable
        if can_be_typed_in and self.state() != QAbstractItemView.State.EditingState:
            self.edit(index)
