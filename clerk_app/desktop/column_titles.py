"""The titles of a table's columns are read whole, in every language and size of type; else the table scrolls."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QHeaderView, QTableView

from clerk_app.desktop.style import scaled

#: What a column that has no room of its own is given in a table that scrolls, in pixels at the usual size of type.
_READABLE = 140


def show_whole_titles(table: QTableView) -> None:
    """Widen the columns whose titles would be cut: another language says the same in more letters.

    The one that takes what the others leave does so as long as that is enough for it; else the table scrolls.
    """
    header = table.horizontalHeader()
    header.ensurePolished()
    modes = QHeaderView.ResizeMode
    for place in range(header.count()):
        if header.sectionResizeMode(place) == modes.Interactive:
            header.resizeSection(place, max(header.sectionSize(place), header.sectionSizeHint(place)))
        elif header.sectionResizeMode(place) == modes.Stretch:
            _StretchedColumn(table, place)


class _StretchedColumn(QObject):
    """The column that takes what the others leave: it is never narrower than its title."""

    def __init__(self, table: QTableView, place: int) -> None:
        super().__init__(table)
        self._header, self._bar, self._place = table.horizontalHeader(), table.horizontalScrollBar(), place
        self._is_widened = False
        # The header is in the middle of its work when it tells of it.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._fit)
        self._header.sectionResized.connect(self._see)
        self._bar.rangeChanged.connect(self._soon.start)

    def _see(self, place: int) -> None:
        if place == self._place and not self._is_widened:
            self._soon.start()

    def _fit(self) -> None:
        header, place, modes = self._header, self._place, QHeaderView.ResizeMode
        is_stretched = header.sectionResizeMode(place) == modes.Stretch
        if is_stretched and header.sectionSize(place) < header.sectionSizeHint(place):
            self._is_widened = True
            header.setSectionResizeMode(place, modes.Interactive)
            header.resizeSection(place, max(header.sectionSizeHint(place), scaled(_READABLE)))
        elif self._is_widened and not self._bar.maximum():
            self._is_widened = False
            header.setSectionResizeMode(place, modes.Stretch)
