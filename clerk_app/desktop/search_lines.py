"""The list that a search finds: its lines are read a page at a time, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from clerk_app.counter.claim_search import PAGE_LENGTH, ClaimSearch, Page, kind_words, masked_number
from clerk_app.desktop.colours import colours
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.fields import tip
from clerk_app.desktop.pieces import ColouredCells
from clerk_app.desktop.style import scaled
from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement, SettlementLine
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _

AnyIndex = QModelIndex | QPersistentModelIndex

#: So many screens before its end the list is read on.
_SCREENS_AHEAD = 3
_COLUMNS = (
    (N_("单据号"), 168),
    (N_("类型"), 160),
    (N_("结算时间"), 136),
    (N_("姓名"), 120),
    (N_("证件号码"), 168),
    (N_("票据"), 52),
    (N_("总额"), 104),
    (N_("统筹支付"), 104),
)
_RIGHT = (5, 6, 7)
_ROW_HEIGHT = 30
#: The head of the list counts as one.
_FEWEST_LINES = 8
_TEXTS: tuple[Callable[[SettlementLine], str], ...] = (
    lambda line: line.voucher_number,
    kind_words,
    lambda line: f"{line.settled_at:%Y-%m-%d %H:%M}",
    lambda line: line.name,
    masked_number,
    lambda line: str(line.receipt_count),
    lambda line: format_yuan(line.total_fen, separators=True),
    lambda line: format_yuan(line.fund_fen, separators=True),
)
# A repaint asks two thousand times, with plain numbers: to compare them with the members of an enumeration costs more
# than the answers.
_DISPLAY, _TIP, _ALIGNMENT, _FOREGROUND = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
    )
)


class ClaimsModel(QAbstractTableModel):
    """The lines of a search; the next page is read beside the window before the list is scrolled to its end."""

    #: A page has come.
    read_on = Signal()

    def __init__(self, search: ClaimSearch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._search = search
        #: What the next page is read with, while it is read.
        self._reading: BackgroundTask | None = None
        self._sides = tuple(_side(column) for column in range(len(_COLUMNS)))

    def take(self, found: list[SettlementLine]) -> bool:
        """Show what the same search finds now; True where nothing that was shown has lost its place.

        Vouchers are added at the top, and those below may have been reversed: the chosen line stays chosen.
        """
        shown = self._search.lines
        came = next((row for row, line in enumerate(found) if shown and is_same(line, shown[0])), 0)
        kept = found[came : came + len(shown)]
        if not shown or len(kept) != len(shown) or not all(map(is_same, kept, shown)):
            self.beginResetModel()
            self._search.lines, self._search.has_more = found[:PAGE_LENGTH], len(found) > PAGE_LENGTH
            self.endResetModel()
            return False
        if came:
            self.beginInsertRows(QModelIndex(), 0, came - 1)
            self._search.lines = [*found[:came], *shown]
            self.endInsertRows()
        for row in range(came, came + len(kept)):
            if self._search.lines[row] != found[row]:
                self._search.lines[row] = found[row]
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))
        return True

    def canFetchMore(self, parent: AnyIndex) -> bool:
        """Whether the ledger may have more."""
        return not parent.isValid() and self._search.has_more

    def fetchMore(self, _parent: AnyIndex) -> None:
        """Read the next page beside the window."""
        if self._reading is not None or not self._search.has_more:
            return
        task = BackgroundTask(lambda _progress: self._search.next_page())
        task.finished.connect(self._take_page)
        task.failed.connect(self._not_read)
        self._reading = task
        task.start()

    def _take_page(self, page: Page) -> None:
        self._reading = None
        if not self._search.is_next(page):
            return
        first, count = len(self._search.lines), len(page.lines)
        if count:
            self.beginInsertRows(QModelIndex(), first, first + count - 1)
        self._search.take(page)
        if count:
            self.endInsertRows()
        self.read_on.emit()

    def _not_read(self, _error: ClerkError) -> None:
        """The list stays as it is; the clerk's next act says why."""
        self._reading = None

    def is_reading(self) -> bool:
        """Whether the next page is being read."""
        return self._reading is not None

    def replace(self, page: Page) -> None:
        """Show what another search begins with."""
        self.beginResetModel()
        self._search.use(page)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """The lines read so far."""
        return 0 if parent is not None and parent.isValid() else len(self._search.lines)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """What a line shows."""
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section][0])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell; numbers of certificates are masked."""
        if role == _DISPLAY:
            return _TEXTS[index.column()](self._search.lines[index.row()])
        if role == _TIP:
            return tip(str(self.data(index)))
        if role == _ALIGNMENT:
            return self._sides[index.column()]
        if role == _FOREGROUND:
            line = self._search.lines[index.row()]
            amounts = {6: line.total_fen, 7: line.fund_fen}
            if amounts.get(index.column(), 0) < 0:
                return QColor(colours().bad)
            return QColor(colours().hint) if line.reversed_by else None
        return None


class ClaimsTable(QTableView):
    """The lines on the screen; those below are there before somebody comes to them."""

    def __init__(self, claims: ClaimsModel) -> None:
        super().__init__()
        self._claims = claims
        self.setModel(claims)
        self.setItemDelegate(ColouredCells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAccessibleName(_("单据列表"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_HEIGHT))
        # The working of a long record, which scrolls, would take all but one line.
        self.setMinimumHeight(scaled(_FEWEST_LINES * _ROW_HEIGHT))
        for place, (_title, width) in enumerate(_COLUMNS):
            self.setColumnWidth(place, scaled(width))
        self.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        show_whole_titles(self)
        self.verticalScrollBar().valueChanged.connect(self._read_on)
        claims.read_on.connect(self._read_on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first line and the last one that is there: a line is one thing, not eight."""
        last = self._claims.rowCount() - 1
        rows = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if event.key() in rows and last >= 0:
            self.selectRow(rows[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _read_on(self, _value: int = 0) -> None:
        bar = self.verticalScrollBar()
        if bar.value() + _SCREENS_AHEAD * max(bar.pageStep(), 1) >= bar.maximum():
            self._claims.fetchMore(QModelIndex())


def is_same(line: SettlementLine, other: SettlementLine | Settlement) -> bool:
    """Whether two are about the same voucher."""
    return line.voucher_number == other.voucher_number


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
