"""查询: earlier claims, their working, their papers, and taking one back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QToolButton, QVBoxLayout, QWidget

from clerk_app.counter.claim_search import PAGE_LENGTH, ClaimSearch, is_reversible, kind_words, masked_number
from clerk_app.counter.desk import Desk
from clerk_app.desktop.colours import colours
from clerk_app.desktop.fields import TextField, tip
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.late_news_cards import CorrectionsCard, ReversalCard
from clerk_app.desktop.others_watch import QuietReading
from clerk_app.desktop.pieces import BannerStrip, ColouredCells, plain_label, show_whole_titles
from clerk_app.desktop.settlement_panel import SettlementPanel
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement, SettlementLine
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, sentence

AnyIndex = QModelIndex | QPersistentModelIndex

_TYPING_PAUSE_MS = 200
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


class ClaimsModel(QAbstractTableModel):
    """The lines of a search; the next page is read when the list is scrolled to its end."""

    def __init__(self, search: ClaimSearch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._search = search

    def begin(self, text: str) -> None:
        """Search anew."""
        self.beginResetModel()
        try:
            self._search.begin(text)
        finally:
            self.endResetModel()

    def take(self, found: list[SettlementLine]) -> bool:
        """Show what the same search finds now; True where nothing that was shown has lost its place.

        Vouchers are added at the top, and those below may have been reversed: the chosen line stays chosen.
        """
        shown = self._search.lines
        came = next((row for row, line in enumerate(found) if shown and _is_same(line, shown[0])), 0)
        kept = found[came : came + len(shown)]
        if not shown or len(kept) != len(shown) or not all(map(_is_same, kept, shown)):
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
        """Read the next page."""
        first = len(self._search.lines)
        came = self._search.more()
        if came:
            self.beginInsertRows(QModelIndex(), first, first + came - 1)
            self.endInsertRows()

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
        line = self._search.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                line.voucher_number,
                kind_words(line),
                f"{line.settled_at:%Y-%m-%d %H:%M}",
                line.name,
                masked_number(line),
                str(line.receipt_count),
                format_yuan(line.total_fen, separators=True),
                format_yuan(line.fund_fen, separators=True),
            )[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(str(self.data(index)))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            amounts = {6: line.total_fen, 7: line.fund_fen}
            if amounts.get(index.column(), 0) < 0:
                return QColor(colours().bad)
            return QColor(colours().hint) if line.reversed_by else None
        return None


class SearchPage(QWidget):
    """A line to type in, the list, and what the selected line is."""

    preview_wanted = Signal(object)
    print_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.search = ClaimSearch(desk)
        self.claims = ClaimsModel(self.search, self)
        self._chosen: Settlement | None = None
        self.text = TextField()
        self.text.setPlaceholderText(_("姓名、证件号码、单据号或票据号码，从头输入；留空显示全部"))
        self.text.setAccessibleName(_("查询内容"))
        self.text.setClearButtonEnabled(True)
        for button in self.text.findChildren(QToolButton):
            button.setAccessibleName(_("清空"))
        self.notice = BannerStrip("refusal")
        self.table = self._table()
        self.panel = SettlementPanel()
        self.panel.use_rights(desk.may)
        self.reversal = ReversalCard(desk)
        self.corrections = CorrectionsCard(desk)
        head = QHBoxLayout()
        head.addWidget(plain_label(_("查询"), "pageTitle"))
        head.addSpacing(16)
        head.addWidget(self.text, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.panel, 6)
        for card in (self.reversal, self.corrections):
            below.addWidget(card, 5)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.table, 5)
        page.addLayout(below, 6)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.text.textEdited.connect(self._pause.start)
        self.text.textChanged.connect(lambda text: None if text else self._pause.start())
        self.text.returnPressed.connect(self.refresh)
        self.panel.preview_button.clicked.connect(self._preview)
        self.panel.print_button.clicked.connect(self._print)
        self.panel.reverse_button.clicked.connect(self.open_reversal)
        self.panel.correct_button.clicked.connect(self.open_corrections)
        self.panel.numbers_button.clicked.connect(self._show_numbers)
        self.reversal.reversed_now.connect(self._reversed)
        self.corrections.corrected.connect(self._corrected)
        self.setFocusProxy(self.text)
        self.reading = QuietReading(self.search.again, self._take, self)
        self.refresh()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.claims)
        table.setItemDelegate(ColouredCells(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAccessibleName(_("单据列表"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(scaled(30))
        for place, (_title, width) in enumerate(_COLUMNS):
            table.setColumnWidth(place, scaled(width))
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        show_whole_titles(table)
        table.selectionModel().currentRowChanged.connect(self._row_changed)
        return table

    def begin(self) -> None:
        """Ready for another search."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text.selectAll()

    def look_for(self, text: str) -> None:
        """Search for a text and choose the first line."""
        self.text.setText(text)
        self.refresh()

    def refresh(self) -> None:
        """Search again for what is typed."""
        self._pause.stop()
        try:
            self.claims.begin(self.text.text())
            self.notice.say("")
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
        if self.search.lines:
            self.table.selectRow(0)
        else:
            self._show(None)

    def others_changed(self) -> None:
        """Search again beside the window."""
        self.reading.begin()

    def _take(self, found: object) -> None:
        """Show what was found, unless something else is typed by now; the chosen record stays chosen."""
        assert isinstance(found, tuple), "a text, and what it finds"
        text, lines = found
        if text != self.search.text or self._pause.isActive():
            return
        chosen, before = self._chosen, self._chosen_line()
        if self.claims.take(lines):
            if before is None and lines:
                self.table.selectRow(0)
            elif before != self._chosen_line() and not (self.reversal.isVisible() or self.corrections.isVisible()):
                self._row_changed(self.table.currentIndex())
            return
        rows = [row for row, line in enumerate(self.search.lines) if chosen and _is_same(line, chosen)]
        self.table.selectRow(rows[0] if rows else 0)

    def _chosen_line(self) -> SettlementLine | None:
        row = self.table.currentIndex().row()
        return self.search.lines[row] if 0 <= row < len(self.search.lines) else None

    def chosen(self) -> Settlement | None:
        """The selected record, whole."""
        return self._chosen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows in the line move through the list; Enter on a line shows its paper."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.text.hasFocus():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = max(0, min(self.claims.rowCount() - 1, self.table.currentIndex().row() + step))
            self.table.selectRow(row)
            return
        if event.key() in ENTER_KEYS and self.table.hasFocus():
            self._preview()
            return
        super().keyPressEvent(event)

    def _row_changed(self, current: QModelIndex) -> None:
        if not current.isValid():
            self._show(None)
            return
        try:
            self._show(self.search.settlement(current.row()))
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")

    def _show(self, settlement: Settlement | None) -> None:
        self._chosen = settlement
        self.reversal.hide()
        self.corrections.hide()
        self.panel.show_settlement(settlement)

    def _preview(self) -> None:
        if self._chosen is not None:
            self.preview_wanted.emit(self._chosen)

    def _print(self) -> None:
        if self._chosen is not None:
            self.print_wanted.emit(self._chosen)

    def _show_numbers(self) -> None:
        """The record of it comes first: what cannot be recorded is not shown."""
        if self._chosen is None:
            return
        try:
            self.search.record_numbers_shown(self._chosen)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self.panel.show_numbers()

    def open_reversal(self) -> None:
        """Show what taking the selected record back would change, and ask for the reason."""
        if self._chosen is None or not is_reversible(self._chosen):
            return
        self.corrections.hide()
        self.reversal.open(self._chosen)

    def open_corrections(self) -> None:
        """Show the differences that are open for the person of the selected record."""
        if self._chosen is None:
            return
        self.reversal.hide()
        try:
            self.corrections.open(self._chosen.person_id)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")

    def _reversed(self, mirror: Settlement) -> None:
        """Say that it is done, and offer to settle what it changed for others."""
        self.refresh()
        done = {"original": mirror.original_number, "number": mirror.voucher_number}
        self.notice.say(_("{original} 已冲正，冲正单号 {number}。").format(**done), "good")
        reason = _("{original} 已冲正").format(original=mirror.original_number)
        try:
            if not self.corrections.open(mirror.person_id, reason):
                self.corrections.hide()
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")

    def _corrected(self, corrections: list[Settlement]) -> None:
        self.refresh()
        numbers = "、".join(correction.voucher_number for correction in corrections)
        self.notice.say(_("差额已更正，更正单号 {numbers}。").format(numbers=numbers), "good")


def _is_same(line: SettlementLine, other: SettlementLine | Settlement) -> bool:
    return line.voucher_number == other.voucher_number


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
