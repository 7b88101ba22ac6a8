"""What an empty list says in its place: that there is nothing, and what puts something there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QTableView

from clerk_app.desktop.pieces import plain_label
from clerk_app.desktop.style import scaled

_MARGIN = 12


class EmptyWords(QObject):
    """Words in the middle of a table without rows.

    They are shown only after the rows have been read: a list that is still being read is not called empty.

    Args:
        table: With its model; it keeps these words.
    """

    def __init__(self, table: QTableView, words: str = "") -> None:
        super().__init__(table)
        self._table = table
        self._has_read = False
        self._label: QLabel = plain_label(words, "muted", wraps=True)
        self._label.setParent(table.viewport())
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setMargin(scaled(_MARGIN))
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label.hide()
        table.viewport().installEventFilter(self)
        model = table.model()
        model.modelReset.connect(self._read)
        model.rowsInserted.connect(self._see)
        model.rowsRemoved.connect(self._see)

    def say(self, words: str) -> None:
        """Say something else, or nothing."""
        self._label.setText(words)
        self._see()

    def text(self) -> str:
        """What is said; empty as long as there is a row, or nobody knows."""
        return self._label.text() if self._label.isVisibleTo(self._table) else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._label.setGeometry(self._table.viewport().rect())
        return super().eventFilter(watched, event)

    def _read(self) -> None:
        self._has_read = True
        self._see()

    def _see(self) -> None:
        is_empty = self._has_read and self._table.model().rowCount() == 0
        self._label.setGeometry(self._table.viewport().rect())
        words = self._label.text() if is_empty else ""
        self._label.setVisible(bool(words))
        self._table.setAccessibleDescription(words)
