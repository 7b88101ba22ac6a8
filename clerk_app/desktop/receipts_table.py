"""The grid of receipts: typing in it, and moving through it with Enter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from clerk_app.counter.fee_lines import total_of_fees
from clerk_app.counter.known_places import KnownPlaces
from clerk_app.counter.pasted import is_table, read_table
from clerk_app.desktop.entry_grid import AnyIndex, EntryDelegate, EntryGrid, GridColumn
from clerk_app.desktop.fields import ChoiceBox, DateField
from clerk_app.desktop.finding import FindField, Offer
from clerk_app.desktop.receipts_model import COLUMN_OF, COLUMNS, ReceiptsModel, choices_of
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.receipts.claim import Institution
from clerk_app.wording import _, sentence

_CHOICES = ("tier", "benefit", "kind", "exclusion")


class ReceiptsDelegate(EntryDelegate):
    """The fields of the receipts."""

    paste_wanted = Signal()

    def __init__(self, model: ReceiptsModel, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(model, COLUMNS, parent)
        self._receipts = model
        self._today = today
        #: What is offered for institutions and diseases.
        self.places = KnownPlaces()

    def make_field(self, column: GridColumn, parent: QWidget, index: AnyIndex) -> QWidget:
        """A field of the column's kind."""
        if column.kind in _CHOICES:
            return self._choice(parent, index)
        if column.kind == "day":
            return DateField(self._today, parent, is_past=True)
        if column.kind == "hospital":
            return self._hospital(parent, index)
        if column.kind == "disease":
            return self._disease(parent)
        return super().make_field(column, parent, index)

    def takes_key(self, editor: QWidget, event: QKeyEvent) -> bool:
        """A table is pasted as a table; an equals sign in an empty total takes the sum of the fees."""
        if event.matches(QKeySequence.StandardKey.Paste) and is_table(QGuiApplication.clipboard().text()):
            self.paste_wanted.emit()
            return True
        row, key = self.place_of(editor)
        if event.text() != "=" or key != "total" or not isinstance(editor, QLineEdit) or editor.text().strip():
            return False
        total = total_of_fees(self._receipts.receipt(row))
        if total:
            editor.setText(total)
            editor.textEdited.emit(total)
        return bool(total)

    def place_of(self, editor: QWidget) -> tuple[int, str]:
        """The line and the column that an editor is for."""
        grid = self.parent()
        assert isinstance(grid, EntryGrid), "the delegate belongs to its grid"
        index = grid.indexAt(editor.pos())
        return index.row(), COLUMNS[index.column()].key

    def setModelData(self, editor: QWidget, _model: object, index: AnyIndex) -> None:
        """Keep what the field holds."""
        if isinstance(editor, ChoiceBox):
            self._receipts.setData(index, editor.value() or "")
        elif isinstance(editor, QLineEdit):
            self._receipts.setData(index, editor.text())

    def repeat_institution(self, row: int) -> bool:
        """Write the institution of the line above into a line, or else the one that was used last.

        Returns:
            Whether there was any.
        """
        above = self._receipts.receipt(row - 1) if row > 0 else None
        if above is not None and above.hospital.strip():
            self._receipts.copy_institution(row)
            return True
        last = self.places.find_institutions("", most=1)
        if last:
            self._receipts.put_institution(row, last[0])
        return bool(last)

    def _hospital(self, parent: QWidget, index: AnyIndex) -> FindField:
        """A field that finds institutions; one that is taken brings its code and tier."""
        field = FindField(lambda text: [_offer(each) for each in self.places.find_institutions(text)], parent)
        place = QPersistentModelIndex(index)

        def take(institution: Institution) -> None:
            if place.isValid():
                self._receipts.put_institution(place.row(), institution)
                field.setText(institution.name)

        def repeat() -> None:
            if place.isValid() and self.repeat_institution(place.row()):
                field.setText(self._receipts.receipt(place.row()).hospital)
                self.leave(field)

        field.taken.connect(take)
        field.repeat_wanted.connect(repeat)
        return field

    def _disease(self, parent: QWidget) -> FindField:
        """A field that finds diseases, those first that the person is registered with."""

        def find(text: str) -> list[Offer]:
            own = [condition.disease for condition in self._receipts.draft.conditions if condition.disease.strip()]
            return [Offer(disease, disease) for disease in self.places.find_diseases(text, own)]

        return FindField(find, parent)

    def _choice(self, parent: QWidget, index: AnyIndex) -> ChoiceBox:
        offered = choices_of(COLUMNS[index.column()].kind, self._receipts.exclusions)
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
            self.type_text(place, text)


class ReceiptsTable(EntryGrid):
    """The receipts of a claim."""

    #: What was pasted, or why nothing was, and whether anything is wrong with it.
    pasted = Signal(str, bool)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, _("票据"), parent)
        self.receipts = ReceiptsModel(self)
        self._delegate = ReceiptsDelegate(self.receipts, today, self)
        self._delegate.copy_wanted.connect(self.copy_cell_from_above)
        self._delegate.paste_wanted.connect(self.paste)
        self.use(self.receipts, self._delegate, stretched="hospital")
        self._shows_extras = False
        self._asked_for: set[str] = set()
        self.show_extras(False)

    @property
    def places(self) -> KnownPlaces:
        """What is offered for institutions and diseases."""
        return self._delegate.places

    @property
    def shows_extras(self) -> bool:
        """Whether the rarer columns are shown."""
        return self._shows_extras

    def sizeHint(self) -> QSize:
        """As high as it must be, and no wish for more: a wish below that would let the words under it cover it."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

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
        """Open a cell for typing; a rarer column is shown for it."""
        if self.isColumnHidden(COLUMN_OF[key]):
            self.show_extras(True)
        super().go_to(row, key)

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed in a line."""
        return self.receipts.is_blank(row)

    def stops_at(self, row: int, column: GridColumn, *, passes_copied: bool) -> bool:
        """Enter passes over what is copied and what is usual; Tab stops everywhere."""
        if not passes_copied:
            return True
        receipt = self.receipts.receipt(row)
        # The kind of care is nearly always the ordinary one, and few papers carry a bill code.
        is_usual = column.key in ("benefit", "bill_code") and not getattr(receipt, column.key)
        return not is_usual and column.kind != "flag" and column.key not in receipt.copied

    def copy_cell_from_above(self) -> None:
        """Take over the cell of the line above."""
        index = self.currentIndex()
        column = COLUMNS[index.column()]
        if index.row() > 0 and column.kind not in ("computed", "flag"):
            above = getattr(self.receipts.receipt(index.row() - 1), column.key)
            self.receipts.put(index.row(), column.key, above)

    def repeat_institution(self) -> None:
        """Take the institution over that was used last, into the line in hand, and go on to what is still to type."""
        row = max(0, self.currentIndex().row())
        if self._delegate.repeat_institution(row):
            receipt = self.receipts.receipt(row)
            empty = next((key for key in ("number", "visited_on", "total") if not getattr(receipt, key)), "total")
            self.go_to(row, empty)

    def paste(self) -> None:
        """Paste a table from the clipboard, from the cell in hand on; what is wrong in it is said line by line."""
        current = self.currentIndex()
        row, first = (current.row(), current.column()) if current.isValid() else (self.receipts.rowCount() - 1, 1)
        keys = [
            column.key
            for place, column in enumerate(COLUMNS)
            if place >= first and not self.isColumnHidden(place) and column.kind not in ("computed", "flag")
        ]
        try:
            found = read_table(QGuiApplication.clipboard().text(), keys, self.receipts.today)
        except ClerkError as error:
            self.pasted.emit(sentence(error), True)
            return
        self.receipts.put_table(row, found)
        self.begin()
        self.pasted.emit(found.words(), bool(found.problems))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A table is pasted where no cell is open too."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return
        super().keyPressEvent(event)

    def remove_current_line(self) -> None:
        """Take the current line out."""
        row = self.currentIndex().row()
        self.receipts.remove_line(row)
        self.go_to(min(row, self.receipts.rowCount() - 1), "number")


def _offer(institution: Institution) -> Offer:
    parts = (institution.name, _(institution.tier.term) if institution.tier is not None else "", institution.code)
    return Offer("　".join(filter(None, parts)), institution)
