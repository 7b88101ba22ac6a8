"""The room that the window has for its pages: where a page needs more, it scrolls, and nothing on it is squeezed.

That is so with large type on a usual display, and on displays below the smallest that the pages are laid out for. It
is part of the first paint, so the namespace ``Qt`` is not touched before ``furnish``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from clerk_app.desktop.in_sight import SightArea

if TYPE_CHECKING:
    from clerk_app.desktop.pieces import BannerStrip


class PageRoom(SightArea):
    """Shows the page in front, as large as the room is and no smaller than the page can be.

    What the page says in its ``notice`` stays in sight: where that has been scrolled away, it is said again above.
    """

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        self._said: BannerStrip | None = None
        self._heard: BannerStrip | None = None
        self._sheet = _Sheet(pages)
        self.setWidget(self._sheet)

    def furnish(self) -> None:
        """Follow the keyboard from now on; the room itself is no place for it."""
        from clerk_app.desktop.pieces import BannerStrip

        self.follow_keyboard()
        self._said = BannerStrip()
        self._said.setParent(self)
        self._pages.currentChanged.connect(self._listen)
        self._said_soon = QTimer(self)
        self._said_soon.setSingleShot(True)
        self._said_soon.setInterval(0)
        self._said_soon.timeout.connect(self._say_again)
        self.verticalScrollBar().valueChanged.connect(self._say_again)
        self._listen()

    def said_again(self) -> str:
        """What is said above the page, because it has been scrolled away there."""
        return "" if self._said is None or self._said.isHidden() else self._said.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room leaves another part of the page in sight."""
        super().resizeEvent(event)
        if self._said is not None:
            self._said_soon.start()

    def _listen(self) -> None:
        """Hear what the page in front says."""
        notice = getattr(self._pages.currentWidget(), "notice", None)
        if self._heard is not None:
            self._heard.shown_or_hidden.disconnect(self._said_soon.start)
        self._heard = notice
        if notice is not None:
            notice.shown_or_hidden.connect(self._said_soon.start)
        self._say_again()

    def _say_again(self) -> None:
        said, notice = self._said, self._heard
        if said is None:
            return
        away = notice is not None and notice.isVisible() and self._is_away(notice)
        said.say(notice.text() if notice is not None and away else "", notice.property("weight") if notice else None)
        height = 0
        if away:
            height = said.heightForWidth(self.width())
            said.setGeometry(0, 0, self.width(), height)
        if height != self.viewportMargins().top():
            self.setViewportMargins(0, height, 0, 0)
            self.keep_in_sight()

    def _is_away(self, notice: QWidget) -> bool:
        top = notice.mapTo(self._sheet, QPoint(0, 0)).y() - self.verticalScrollBar().value()
        return top < 0 or top + notice.height() > self.viewport().height()


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
