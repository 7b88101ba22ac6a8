"""The grid of receipts: typing in it, and moving through it with Enter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from clerk_app.counter.known_places import KnownPlaces
from clerk_app.counter.typed import plain_amount
from clerk_app.desktop.fields import ChoiceBox, CodeField, DateField, MoneyField, TextField
from clerk_app.desktop.finding import FindField, Offer
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.pieces import ColouredCells
from clerk_app.desktop.receipts_model import COLUMN_OF, COLUMNS, AnyIndex, ReceiptsModel, choices_of
from clerk_app.desktop.style import scaled
from clerk_app.receipts.claim import Institution
from clerk_app.wording import _

_ROW_HEIGHT = 30
_LINE_KEYS = (Qt.Key.Key_D, Qt.Key.Key_Delete)
_CHOICES = ("tier", "benefit", "kind", "exclusion")


class ReceiptsDelegate(ColouredCells):
    """Makes the editors: a field of its kind for every cell."""

    #: Enter or Tab in an editor: whether it goes on, and whether cells copied from above are passed over.
    moved = Signal(bool, bool)
    copy_wanted = Signal()
    removal_wanted = Signal()

    def __init__(self, model: ReceiptsModel, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._today = today
        #: What is offered for institutions and diseases.
        self.places = KnownPlaces()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """The field for a cell; every keystroke goes to the draft at once."""
        column = COLUMNS[index.column()]
        title = _("第 {row} 行 {title}").format(row=index.row() + 1, title=_(column.title))
        editor: QWidget
        if column.kind in _CHOICES:
            editor = self._choice(parent, index)
        else:
            line: QLineEdit
            if column.kind == "money":
                line = MoneyField(parent)
            elif column.kind == "day":
                line = DateField(self._today, parent, is_past=True)
            elif column.kind == "code":
                line = CodeField(parent)
            elif column.kind == "hospital":
                line = self._hospital(parent, index)
            elif column.kind == "disease":
                line = self._disease(parent)
            else:
                line = TextField(parent)
            line.textEdited.connect(partial(self._type, QPersistentModelIndex(index)))
            editor = line
        editor.setAccessibleName(title)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Show what the cell holds."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, ChoiceBox):
            editor.choose(text)
        elif isinstance(editor, MoneyField):
            editor.setText(plain_amount(text))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, _model: object, index: AnyIndex) -> None:
        """Keep what the field holds."""
        if isinstance(editor, ChoiceBox):
            self._model.setData(index, editor.value() or "")
        elif isinstance(editor, QLineEdit):
            self._model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: AnyIndex) -> None:
        """Fill the cell; a choice may be wider than its cell, for its digit stands before the word."""
        place = QRect(option.rect)
        if isinstance(editor, ChoiceBox):
            place.setWidth(max(place.width(), editor.sizeHint().width()))
        editor.setGeometry(place)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter and Tab keep the text and move; the rest is as usual."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            # A line takes these two for itself on X11, where they delete, before any shortcut sees them.
            if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in _LINE_KEYS:
                wanted = self.copy_wanted if event.key() == Qt.Key.Key_D else self.removal_wanted
                wanted.emit()
                return True
            if isinstance(editor, FindField) and editor.takes(event):
                return True
            is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if is_tab or event.key() in ENTER_KEYS:
                is_back = event.key() == Qt.Key.Key_Backtab or bool(
                    event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                )
                self._leave(editor, goes_on=not is_back, passes_copied=not is_tab)
                return True
        return super().eventFilter(editor, event)

    def _leave(self, editor: QWidget, *, goes_on: bool = True, passes_copied: bool = True) -> None:
        """Keep what a field holds, and go on from it."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.moved.emit(goes_on, passes_copied)

    def _hospital(self, parent: QWidget, index: AnyIndex) -> FindField:
        """A field that finds institutions; one that is taken brings its code and tier."""
        field = FindField(lambda text: [_offer(each) for each in self.places.find_institutions(text)], parent)
        place = QPersistentModelIndex(index)

        def take(institution: Institution) -> None:
            if place.isValid():
                self._model.put_institution(place.row(), institution)
                field.setText(institution.name)

        def repeat() -> None:
            if place.isValid() and self.repeat_institution(place.row()):
                field.setText(self._model.receipt(place.row()).hospital)
                self._leave(field)

        field.taken.connect(take)
        field.repeat_wanted.connect(repeat)
        return field

    def _disease(self, parent: QWidget) -> FindField:
        """A field that finds diseases, those first that the person is registered with."""

        def find(text: str) -> list[Offer]:
            own = [condition.disease for condition in self._model.draft.conditions if condition.disease.strip()]
            return [Offer(disease, disease) for disease in self.places.find_diseases(text, own)]

        return FindField(find, parent)

    def repeat_institution(self, row: int) -> bool:
        """Write the institution of the line above into a line, or else the one that was used last.

        Returns:
            Whether there was any.
        """
        above = self._model.receipt(row - 1) if row > 0 else None
        if above is not None and above.hospital.strip():
            self._model.copy_institution(row)
            return True
        last = self.places.find_institutions("", most=1)
        if last:
            self._model.put_institution(row, last[0])
        return bool(last)

    def _choice(self, parent: QWidget, index: AnyIndex) -> ChoiceBox:
        offered = choices_of(COLUMNS[index.column()].kind, self._model.exclusions)
        held = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if held and held not in [value for _words, value in offered]:
            offered.append((held, held))  # What was pasted or read stays until the clerk changes it.
        box = ChoiceBox(offered, parent)
        box.currentIndexChanged.connect(partial(self._choose, QPersistentModelIndex(index), box))
        return box

    def _choose(self, place: QPersistentModelIndex, box: ChoiceBox, _index: int) -> None:
        # Setting the editor up changes it too; only a choice that differs is typed.
        text = str(box.value() or "")
        if place.isValid() and text != str(place.data(Qt.ItemDataRole.EditRole) or "") and box.isVisible():
            self._type(place, text)

    def _type(self, place: QPersistentModelIndex, text: str) -> None:
        if place.isValid():
            self._model.type_text(place.row(), COLUMNS[place.column()].key, text)


class ReceiptsTable(QTableView):
    """The grid. A cell that the keyboard comes to is open for typing."""

    #: Enter in the blank last line: the receipts are done.
    done = Signal()
    #: Shift+Enter or Shift+Tab before the first cell.
    left_backwards = Signal()
    row_changed = Signal(int)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.receipts = ReceiptsModel(self)
        self.setModel(self.receipts)
        delegate = ReceiptsDelegate(self.receipts, today, self)
        delegate.moved.connect(self.move_on)
        delegate.copy_wanted.connect(self.copy_cell_from_above)
        delegate.removal_wanted.connect(self.remove_current_line)
        self.setItemDelegate(delegate)
        self._delegate = delegate
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(False)
        self.setAccessibleName(_("票据"))
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setFixedWidth(scaled(30))
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, scaled(column.width))
        header.setSectionResizeMode(COLUMN_OF["hospital"], QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(scaled(44))
        self._shows_extras = False
        self._asked_for: set[str] = set()
        self.show_extras(False)
        self._add_shortcut("Ctrl+D", self.copy_cell_from_above)
        self._add_shortcut("Ctrl+Del", self.remove_current_line)

    @property
    def shows_extras(self) -> bool:
        """Whether the rarer columns are shown."""
        return self._shows_extras

    def show_extras(self, shown: bool) -> None:
        """Show or hide the rarer columns; those that the area's document asks for stay."""
        self._shows_extras = shown
        for place, column in enumerate(COLUMNS):
            if column.is_extra:
                self.setColumnHidden(place, not shown and column.key not in self._asked_for)
        is_stretched = not shown
        mode = QHeaderView.ResizeMode.Stretch if is_stretched else QHeaderView.ResizeMode.Interactive
        self.horizontalHeader().setSectionResizeMode(COLUMN_OF["hospital"], mode)
        if shown:
            self.setColumnWidth(COLUMN_OF["hospital"], scaled(COLUMNS[COLUMN_OF["hospital"]].width))

    def ask_for(self, keys: set[str]) -> None:
        """Always show these of the rarer columns."""
        if keys != self._asked_for:
            self._asked_for = keys
            self.show_extras(self._shows_extras)

    def begin(self) -> None:
        """Go to the first cell of the line to type in."""
        row = self.receipts.draft.row_to_type_in()
        self.go_to(row, "number")

    def go_to(self, row: int, key: str) -> None:
        """Open a cell for typing."""
        index = self.receipts.index(row, COLUMN_OF[key])
        if self.isColumnHidden(COLUMN_OF[key]):
            self.show_extras(True)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self._open(index)

    def move_on(self, goes_on: bool = True, passes_copied: bool = True) -> None:
        """Go to the next cell to type in, right and then down; at the end of the paper, leave."""
        current = self.currentIndex()
        row, place = current.row(), current.column()
        receipts = self.receipts
        if goes_on and passes_copied and receipts.receipt(row).is_blank and row == receipts.rowCount() - 1:
            self.done.emit()
            return
        for _step in range(2 * len(COLUMNS)):
            place += 1 if goes_on else -1
            if place >= len(COLUMNS):
                row, place = row + 1, 0
            elif place < 0:
                row, place = row - 1, len(COLUMNS) - 1
            if row < 0:
                self.left_backwards.emit()
                return
            if row >= receipts.rowCount():
                self.done.emit()
                return
            if self._stops_at(row, place, passes_copied and goes_on):
                self.go_to(row, COLUMNS[place].key)
                return

    def copy_cell_from_above(self) -> None:
        """Take over the cell of the line above."""
        index = self.currentIndex()
        column = COLUMNS[index.column()]
        if index.row() > 0 and column.kind not in ("computed", "flag"):
            above = getattr(self.receipts.receipt(index.row() - 1), column.key)
            self.receipts.put(index.row(), column.key, above)

    @property
    def places(self) -> KnownPlaces:
        """What is offered for institutions and diseases."""
        return self._delegate.places

    def repeat_institution(self) -> None:
        """Take the institution over that was used last, into the line in hand, and go on to what is still to type."""
        row = max(0, self.currentIndex().row())
        if self._delegate.repeat_institution(row):
            receipt = self.receipts.receipt(row)
            empty = next((key for key in ("number", "visited_on", "total") if not getattr(receipt, key)), "total")
            self.go_to(row, empty)

    def remove_current_line(self) -> None:
        """Take the current line out."""
        row = self.currentIndex().row()
        self.receipts.remove_line(row)
        self.go_to(min(row, self.receipts.rowCount() - 1), "number")

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
            if current.isValid() and self.receipts.flags(current) & Qt.ItemFlag.ItemIsEditable:
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
        can_be_typed_in = self.receipts.flags(index) & Qt.ItemFlag.ItemIsEditable
        if can_be_typed_in and self.state() != QAbstractItemView.State.EditingState:
            self.edit(index)

    def _stops_at(self, row: int, place: int, passes_copied: bool) -> bool:
        column = COLUMNS[place]
        if self.isColumnHidden(place) or column.kind == "computed":
            return False
        if not passes_copied:
            return True
        receipt = self.receipts.receipt(row)
        # The kind of care is nearly always the ordinary one, and few papers carry a bill code.
        is_usual = column.key in ("benefit", "bill_code") and not getattr(receipt, column.key)
        return not is_usual and column.kind != "flag" and column.key not in receipt.copied

    def _add_shortcut(self, keys: str, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)


def _offer(institution: Institution) -> Offer:
    parts = (institution.name, _(institution.tier.term) if institution.tier is not None else "", institution.code)
    return Offer("　".join(filter(None, parts)), institution)
