"""What a table says in its own room while nothing is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel

from clerk_app.desktop.style import scaled

_MARGIN = 12


class EmptyWords(QLabel):
    """Words over an empty table: that nothing is there, and how something comes there.

    They come up with the first answer that the table shows: before it nobody knows whether it is empty.
    """

    def __init__(self, table: QAbstractItemView, words: str) -> None:
        super().__init__(words, table)
        self._table = table
        self.setObjectName("muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        for changed in (table.model().modelReset, table.model().rowsInserted, table.model().rowsRemoved):
            changed.connect(self._show_or_hide)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay over the table's room for lines."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._take_place()
        return super().eventFilter(watched, event)

    def _show_or_hide(self) -> None:
        is_empty = not self._table.model().rowCount()
        self._table.setAccessibleDescription(self.text() if is_empty else "")
        self._take_place()
        self.setVisible(is_empty)

    def _take_place(self) -> None:
        margin = scaled(_MARGIN)
        self.setGeometry(self._table.viewport().geometry().adjusted(margin, margin, -margin, -margin))
