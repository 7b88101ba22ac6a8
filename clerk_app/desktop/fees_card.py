"""费用明细 of the receipt in hand: by category or item by item, against its total."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStyledItemDelegate, QWidget

from clerk_app.codes import FeeCategory
from clerk_app.counter.catalogue_desk import CatalogueDesk
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.counter.fee_lines import disagreements, total_of_fees
from clerk_app.counter.known_places import means
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.entry_grid import AnyIndex, EntryDelegate, EntryGrid, GridColumn
from clerk_app.desktop.fees_model import COLUMNS, FeesModel
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.finding import FindField, Offer
from clerk_app.desktop.pieces import Card, plain_label, push_button, set_mark
from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.policy.catalogue import Catalogue, CatalogueItem
from clerk_app.wording import _, sentence

if TYPE_CHECKING:
    from clerk_app.counter.catalogue_import import ImportedCatalogue

_MOST_OFFERED = 8


class FeesDelegate(EntryDelegate):
    """The fields of the fees."""

    escaped = Signal()

    def __init__(self, model: FeesModel, parent: QObject) -> None:
        super().__init__(model, COLUMNS, parent)
        self._fees = model
        self.catalogue = Catalogue("", ())

    def make_field(self, column: GridColumn, parent: QWidget, index: AnyIndex) -> QWidget:
        """A field of the column's kind."""
        if column.kind == "item":
            return self._item(parent, index)
        if column.kind == "category":
            box = ChoiceBox([("", ""), *((f"{each.value} {_(each.term)}", each.value) for each in FeeCategory)], parent)
            box.currentIndexChanged.connect(partial(self._choose, QPersistentModelIndex(index), box))
            return box
        return super().make_field(column, parent, index)

    def takes_key(self, editor: QWidget, event: QKeyEvent) -> bool:
        """Escape goes back to the receipts; an equals sign in an empty amount takes what is left of the total."""
        if event.key() == Qt.Key.Key_Escape:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
            self.escaped.emit()
            return True
        grid = self.parent()
        assert isinstance(grid, EntryGrid), "the delegate belongs to its grid"
        index = grid.indexAt(editor.pos())
        is_amount = COLUMNS[index.column()].key == "amount"
        if event.text() != "=" or not is_amount or not isinstance(editor, QLineEdit):
            return False
        if editor.text().strip() and editor.selectedText() != editor.text():
            return False
        left = self._fees.fill_remainder(index.row())
        if left:
            editor.setText(left)
        return bool(left)

    def setModelData(self, editor: QWidget, _model: object, index: AnyIndex) -> None:
        """Keep what the field holds."""
        if isinstance(editor, ChoiceBox):
            self._fees.setData(index, editor.value() or "")
        elif isinstance(editor, QLineEdit):
            self._fees.setData(index, editor.text())

    def _item(self, parent: QWidget, index: AnyIndex) -> FindField:
        """A field that finds categories and items of the catalogue."""
        field = FindField(self._offers, parent)
        place = QPersistentModelIndex(index)

        def take(value: object) -> None:
            if not place.isValid():
                return
            if isinstance(value, CatalogueItem):
                self._fees.put_item(place.row(), value)
                field.setText(value.name)

        field.taken.connect(take)
        return field

    def _offers(self, text: str) -> list[Offer]:
        categories = [
            Offer(f"{each.value} {_(each.term)}", each.term)
            for each in FeeCategory
            if not text.strip() or each.value.lstrip("0") == text.strip() or means(text, each.term, each.value)
        ]
        items = [
            Offer(_item_words(item), item) for item in self.catalogue.find(text, _MOST_OFFERED - len(categories[:4]))
        ]
        # A whole list of categories is for who asks with the arrow and types nothing.
        return [*categories[: 4 if items else _MOST_OFFERED * 2], *items]

    def _choose(self, place: QPersistentModelIndex, box: ChoiceBox, _index: int) -> None:
        text = str(box.value() or "")
        if place.isValid() and text != str(place.data(Qt.ItemDataRole.EditRole) or "") and box.isVisible():
            self.type_text(place, text)


class FeesTable(EntryGrid):
    """The lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, _("费用明细"), parent)
        self.fees = FeesModel(self)
        self.delegate = FeesDelegate(self.fees, self)
        self.use(self.fees, self.delegate, stretched="name")

    def begin(self) -> None:
        """Go to the blank line."""
        self.go_to(self.fees.rowCount() - 1, "name")

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed in a line."""
        return self.fees.is_blank(row)

    def stops_at(self, row: int, column: GridColumn, *, passes_copied: bool) -> bool:
        """Enter goes from a category to its amount and parts, from an item to its price and quantity, and on."""
        if not passes_copied:
            return True
        if column.key in ("price", "quantity"):
            return not self.fees.is_category(row)
        fee = self.fees.fee(row)
        if column.key == "category":
            return not fee.category
        if column.key == "amount":
            return not fee.amount or "amount" in fee.typed
        # An item's parts are the catalogue's; a category's are on the paper.
        return column.key == "name" or not fee.item_class

    def remove_current_line(self) -> None:
        """Take the current line out."""
        row = self.currentIndex().row()
        self.fees.remove_line(row)
        self.go_to(min(row, self.fees.rowCount() - 1), "name")


class FeesCard(Card):
    """The lines of one receipt, their sum against its total, and the catalogue that knows the items."""

    #: Done with the lines: the receipts go on.
    closed = Signal()
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        #: The line of the receipts whose fees these are.
        self.row = 0
        self._desk: CatalogueDesk | None = None
        self._area_code = ""
        self.title = plain_label("", "cardTitle")
        self.sums = plain_label("", "muted")
        self.sums.setAccessibleName(_("明细与总额"))
        self.catalogue_words = plain_label("", "small")
        self.import_button = push_button(_("导入目录…"), "quiet")
        self.import_button.setToolTip(_("从 Excel 导入本统筹区的药品、诊疗项目和耗材目录"))
        self.close_button = push_button(_("返回票据 Esc"), "quiet")
        self.head.addWidget(self.title)
        self.head.addWidget(self.sums, 1)
        above = Beside(spacing=6, below=6)
        above.addLayout(self.head, 1)
        above.addWidget(BreakingRow(self.catalogue_words, self.import_button, self.close_button, spacing=6))
        self.body.addLayout(above)
        self.table = FeesTable()
        self.work = WorkStrip()
        self.said = plain_label("", "problem", wraps=True)
        self.said.hide()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.said)
        self.body.addWidget(self.work)
        self.table.fees.typed.connect(self._typed)
        self.table.done.connect(self.closed)
        self.table.left_backwards.connect(self.closed)
        self.table.delegate.escaped.connect(self.closed)
        self.close_button.clicked.connect(self.closed)
        self.import_button.clicked.connect(self.ask_for_file)
        self.work.failed.connect(self._say_failure)

    def use_desk(self, desk: CatalogueDesk) -> None:
        """Find items in the catalogues of an office."""
        self._desk, self._area_code = desk, ""
        self.import_button.setVisible(desk.may_import())

    def open(self, row: int, receipt: ReceiptDraft, area_code: str) -> None:
        """Show the fees of a line of the receipts, and go to the first to type."""
        self.row = row
        self.table.fees.use(receipt)
        self._use_area(area_code)
        self.show_sums()
        self.table.begin()

    def show_sums(self) -> None:
        """Say how the lines and the total stand to each other."""
        if self.isHidden():
            return
        receipt = self.table.fees.receipt
        self.title.setText(_("第 {row} 张票据 {number} 的费用明细").format(row=self.row + 1, number=receipt.number))
        words = [said for _field, said in disagreements(receipt)]
        if words:
            self.sums.setText(words[0])
        else:
            total = total_of_fees(receipt)
            self.sums.setText(_("合计 {total}，与总额一致").format(total=total) if total and receipt.total else "")
        set_mark(self.sums, "wrong", bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the receipts."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def ask_for_file(self) -> None:
        """Ask for a workbook, and import it."""
        given, _filter = QFileDialog.getOpenFileName(self, _("导入目录"), str(Path.home()), "Excel (*.xlsx)")
        if given:
            self.import_file(Path(given))

    def import_file(self, path: Path) -> None:
        """Read a workbook and use it as the area's catalogue from now on."""
        if self._desk is None:
            return
        # The libraries of workbooks are read for the first import, not with the page.
        from clerk_app.counter.catalogue_import import import_workbook

        desk, area_code = self._desk, self._area_code
        self.work.begin(
            _("正在读取目录…"), lambda progress: import_workbook(desk, area_code, path, progress), self._imported
        )

    def _typed(self) -> None:
        self.show_sums()
        self.typed.emit()

    def _use_area(self, area_code: str) -> None:
        if self._desk is None or area_code == self._area_code:
            return
        self._area_code = area_code
        self.table.delegate.catalogue = Catalogue(area_code, ())
        desk = self._desk
        self.catalogue_words.setText(_("正在读取目录…"))
        task = BackgroundTask(lambda _progress: desk.catalogue(area_code))
        task.finished.connect(self._use_kept)
        task.failed.connect(self._say_unreadable)
        task.start()

    def _use_kept(self, catalogue: Catalogue) -> None:
        """Use what was imported before, unless something was imported meanwhile."""
        if not self.table.delegate.catalogue.items:
            self._use_catalogue(catalogue)

    def _say_unreadable(self, error: ClerkError) -> None:
        self._use_kept(Catalogue(self._area_code, ()))
        self._say_failure(error)

    def _say_failure(self, error: ClerkError) -> None:
        self._say(sentence(error))

    def _use_catalogue(self, catalogue: Catalogue) -> None:
        if catalogue.area_code != self._area_code:
            return
        self.table.delegate.catalogue = catalogue
        words = _("目录 {count} 项，{day} 导入").format(count=f"{len(catalogue.items):,}", day=catalogue.imported_on)
        self.catalogue_words.setText(words if catalogue.items else _("还没有导入目录，可按费用类别录入"))

    def _imported(self, imported: ImportedCatalogue) -> None:
        self._use_catalogue(imported.catalogue)
        self._say(imported.words() if imported.refused else "")
        self.table.begin()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _item_words(item: CatalogueItem) -> str:
    parts = (item.name, _(item.item_class.term), item.specification, item.code)
    return "　".join(filter(None, parts))
