"""The room that the window has for its pages: where a page needs more, it scrolls, and nothing on it is squeezed.

That is so with large type on a usual display, and on displays below the smallest that the pages are laid out for. It
is part of the first paint, so the namespace ``Qt`` is not touched before ``furnish``.
"""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QWidget


class PageRoom(QScrollArea):
    """Shows the page in front, as large as the room is and no smaller than the page can be."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._sheet = _Sheet(pages)
        self.setWidget(self._sheet)

    def furnish(self) -> None:
        """Follow the keyboard from now on; the room itself is no place for it."""
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._sheet.isAncestorOf(new):
            self.ensureWidgetVisible(new)


class _Sheet(QWidget):
    """The pages, and how small the one in front can be: those behind it do not count."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        pages.setParent(self)
        pages.currentChanged.connect(self._measure)

    def event(self, event: QEvent) -> bool:
        """Something on the page needs more room than before, or less."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return super().event(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """All of the room is the page's."""
        self._pages.setGeometry(self.rect())

    def _measure(self) -> None:
        page = self._pages.currentWidget()
        self.setMinimumSize(QSize(0, 0) if page is None else page.minimumSizeHint())
