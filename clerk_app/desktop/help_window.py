"""F1: help in a window of its own, beside the work and never in its way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from clerk_app.counter.help_pages import HelpPage, found_pages, help_folder, help_pages
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.pieces import plain_label, push_button, resize_within
from clerk_app.desktop.style import scaled
from clerk_app.settings import Settings
from clerk_app.wording import _

_WIDTH, _HEIGHT, _LIST_WIDTH, _MARGIN = 1190, 680, 210, 14
_SCROLLING = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class HelpWindow(QWidget):
    """The pages at the left, found by what is typed above them; the page at the right. Escape closes."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("帮助"))
        self._pages = help_pages(settings)
        self._shown: list[HelpPage] = list(self._pages)
        self.search = TextField()
        self.search.setPlaceholderText(_("在帮助中查找"))
        self.search.setAccessibleName(_("在帮助中查找"))
        self.list = QListWidget()
        self.list.setObjectName("offers")
        self.list.setAccessibleName(_("帮助页"))
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("帮助内容"))
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(scaled(_MARGIN))
        self.none = plain_label(_("没有找到，换一个词试试。"), "small", wraps=True)
        self.close_button = push_button(_("关闭  Esc"))
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.list.currentRowChanged.connect(self._show)
        self.close_button.clicked.connect(self.close)
        self.search.installEventFilter(self)
        self._find("")

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(scaled(_LIST_WIDTH))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.search, self.none, self.list, self.close_button):
            column.addWidget(widget)
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 12, 12, 12)
        across.addWidget(left)
        across.addWidget(self.text, 1)
        resize_within(self, scaled(_WIDTH), scaled(_HEIGHT))

    def open(self, topic: str) -> None:
        """Show a page, the keyboard where another one may be looked for."""
        self.search.clear()
        topics = [page.topic for page in self._shown]
        self.list.setCurrentRow(topics.index(topic))
        self.show()
        self.activateWindow()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def page(self) -> HelpPage | None:
        """The page that is shown."""
        row = self.list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While something is looked for, the arrows choose a page and the page keys scroll it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in _SCROLLING:
                bar = self.text.verticalScrollBar()
                direction = 1 if event.key() == Qt.Key.Key_PageDown else -1
                bar.setValue(bar.value() + direction * bar.pageStep())
                return True
        return super().eventFilter(watched, event)

    def _find(self, text: str) -> None:
        former = self.page()
        self._shown = found_pages(self._pages, text)
        topics = [page.topic for page in self._shown]
        was_blocked = self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([page.title for page in self._shown])
        self.list.blockSignals(was_blocked)
        self.none.setVisible(not self._shown)
        keeps = former is not None and not text.strip() and former.topic in topics
        self.list.setCurrentRow(topics.index(former.topic) if keeps and former is not None else 0)

    def _show(self, _row: int) -> None:
        page = self.page()
        if page is None:
            return
        # The picture stands behind what the screen is for, before the first of the headings below.
        for_what, mark, rest = page.text.partition("\n## ")
        picture = f"\n![{page.title}]({page.picture.name})\n" if page.picture else ""
        folder = page.picture.parent if page.picture else help_folder()
        self.text.setSearchPaths([str(folder), str(help_folder())])
        self.text.document().setBaseUrl(QUrl.fromLocalFile(f"{folder}/"))
        self.text.setMarkdown(for_what + picture + mark + rest)
        self.text.verticalScrollBar().setValue(0)
        word = self.search.text().strip()
        if word:
            self.text.find(word)
