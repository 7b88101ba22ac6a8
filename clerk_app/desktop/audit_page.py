"""操作记录: who did what, when and why, the newest first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from clerk_app.counter.audit_trail import AuditTrail, TrailPage, fact_words, subject_words
from clerk_app.counter.desk import Desk
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.column_widths import SharedWidths
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import TextField, tip
from clerk_app.desktop.pieces import BannerStrip, ColouredCells, plain_label, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.ledger.audit import AuditEntry
from clerk_app.wording import N_, _, sentence

AnyIndex = QModelIndex | QPersistentModelIndex

_TYPING_PAUSE_MS = 250
_COLUMNS = (
    (N_("序号"), 64),
    (N_("时间"), 150),
    (N_("人员"), 120),
    (N_("操作"), 90),
    (N_("对象"), 160),
    (N_("说明"), 200),
)
#: The columns from this one on share what the others leave; each has what it holds, as far as there is room.
_FIRST_SHARED = 2


class AuditModel(QAbstractTableModel):
    """The entries read so far."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[AuditEntry] = []
        #: The page that was read last; None before the first.
        self.last: TrailPage | None = None

    def show(self, page: TrailPage) -> None:
        """Show a first page."""
        self.beginResetModel()
        self.last, self._entries = page, list(page.entries)
        self.endResetModel()

    def go_on(self, page: TrailPage) -> None:
        """Show another page behind the last one."""
        self.last = page
        if page.entries:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(page.entries) - 1)
            self._entries += page.entries
            self.endInsertRows()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """A row an entry."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """What a row shows."""
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section][0])
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell; what is longer than its column is a tip too."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or self.last is None:
            return None
        entry = self._entries[index.row()]
        text = (
            str(entry.sequence),
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            self.last.who(entry),
            _(entry.action.term),
            subject_words(entry),
            fact_words(entry),
        )[index.column()]
        return text if role == Qt.ItemDataRole.DisplayRole else tip(text)


class AuditPage(QWidget):
    """A line to filter by, the entries, and the way to older ones."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._trail = AuditTrail(desk)
        self.model = AuditModel(self)
        self.text = TextField()
        self.text.setPlaceholderText(_("单据号、参保人证件号码、人员用户名或姓名、月份；留空显示全部"))
        self.text.setAccessibleName(_("筛选内容"))
        self.text.setClearButtonEnabled(True)
        self.notice = BannerStrip("refusal")
        self.table = self._table()
        EmptyWords(self.table, _("没有找到记录。请输入完整的单据号、证件号码、用户名或月份（如 2026-11）。"))
        self.count = plain_label("", "muted", wraps=True)
        self.older = push_button(_("更早的记录"))
        self.older.setEnabled(False)
        self.reread = push_button(_("刷新"))
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        line.addWidget(self.reread)
        head = Beside(spacing=22)
        head.addWidget(plain_label(_("操作记录"), "pageTitle"))
        head.addLayout(line, 1)
        below = QHBoxLayout()
        below.addWidget(self.count, 1)
        below.addWidget(self.older)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.table, 1)
        page.addLayout(below)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.text.textChanged.connect(lambda _text: self._pause.start())
        self.text.returnPressed.connect(self.refresh)
        self.reread.clicked.connect(self.refresh)
        self.older.clicked.connect(self._more)
        self.setFocusProxy(self.text)
        self.reading = Reading(self)
        self.refresh()

    def refresh(self) -> None:
        """Read again what is filtered for, beside the window."""
        self._pause.stop()
        self.notice.say("")
        text = self.text.text()
        self.reading.ask(lambda: self._trail.newest(text), self._show, self._failed)

    def _show(self, page: TrailPage) -> None:
        """Show what was read, unless something else has been typed by now."""
        if page.text == self.text.text() and not self._pause.isActive():
            self.model.show(page)
            self._show_count()

    def _more(self) -> None:
        """Read on behind what is shown, as soon as that is what was asked for last."""
        self.reading.after(self._read_on)

    def _read_on(self) -> None:
        last = self.model.last
        if last is not None and last.has_more:
            self.reading.ask(lambda: self._trail.older(last), self._go_on, self._failed)

    def _go_on(self, page: TrailPage) -> None:
        self.model.go_on(page)
        self._show_count()

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _show_count(self) -> None:
        has_more = self.model.last is not None and self.model.last.has_more
        if not has_more and self.older.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.older.setEnabled(has_more)
        words = _("已列出 {count} 条。每一条都与前一条连环校验，改动或删除会被发现。")
        self.count.setText(words.format(count=self.model.rowCount()))

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setItemDelegate(ColouredCells(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAccessibleName(_("操作记录"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(scaled(28))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, (_title, width) in enumerate(_COLUMNS):
            table.setColumnWidth(place, scaled(width))
        # What is too long ends in dots where the room does; wrapped, it would lose the whole word that meets the edge.
        table.setWordWrap(False)
        show_whole_titles(table)
        shared = enumerate(_COLUMNS[_FIRST_SHARED:], _FIRST_SHARED)
        SharedWidths(table, {place: scaled(width) for place, (_title, width) in shared})
        return table
