"""What the keyboard is in is seen whole on a page that scrolls: the field, its label, and what is wrong with it.

It is part of the first paint, so the namespace ``Qt`` is not touched before ``follow_keyboard``.
"""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QScrollBar, QWidget

#: Above and below what is shown.
_MARGIN = 6
#: Between a field and the sentence under it, at most.
_BETWEEN = 12


class SightArea(QScrollArea):
    """A sheet that scrolls where there is less room than it needs; the area itself is no place for the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)

    def follow_keyboard(self) -> None:
        """Scroll from now on to whatever the keyboard comes to."""
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
        # What came with the field in hand, as a sentence under it, has its place only then; and what comes or goes
        # later moves it.
        self._kept_soon = QTimer(self)
        self._kept_soon.setSingleShot(True)
        self._kept_soon.setInterval(0)
        self._kept_soon.timeout.connect(self.keep_in_sight)
        self.verticalScrollBar().rangeChanged.connect(self._kept_soon.start)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._holds(new):
            self.bring_into_sight(new)

    def keep_in_sight(self) -> None:
        """Show what the keyboard is in, where something on the sheet has come or gone."""
        field = QApplication.focusWidget()
        if field is not None and self._holds(field):
            self.bring_into_sight(field)

    def _holds(self, widget: QWidget) -> bool:
        sheet = self.widget()
        return sheet is not None and sheet.isAncestorOf(widget)

    def bring_into_sight(self, field: QWidget) -> None:
        """Scroll as little as shows a field with its label and the sentence under it.

        What is larger than the area is shown from its beginning, unless the area is full of it.
        """
        sheet = self.widget()
        if sheet is None:
            return
        whole = _with_words(sheet, field)
        _scroll(self.verticalScrollBar(), self.viewport().height(), whole.top(), whole.bottom() + 1)
        _scroll(self.horizontalScrollBar(), self.viewport().width(), whole.left(), whole.right() + 1)


def _with_words(sheet: QWidget, field: QWidget) -> QRect:
    """Where a field and the words about it stand on the sheet."""
    whole = QRect(field.mapTo(sheet, QPoint(0, 0)), field.size())
    around = field.parentWidget()
    for label in around.children() if around is not None else ():
        if isinstance(label, QLabel) and label.isVisible() and (label.buddy() is field or _is_under(label, field)):
            whole = whole.united(QRect(label.mapTo(sheet, QPoint(0, 0)), label.size()))
    return whole


def _is_under(label: QLabel, field: QWidget) -> bool:
    below = label.y() - field.geometry().bottom()
    return label.objectName() == "problem" and label.x() == field.x() and 0 <= below <= _BETWEEN


def _scroll(bar: QScrollBar, room: int, begin: int, end: int) -> None:
    first, last = begin - _MARGIN, end + _MARGIN
    if last - first > room:
        is_full_of_it = first <= bar.value() and bar.value() + room <= last
        bar.setValue(bar.value() if is_full_of_it else first)
    elif first < bar.value():
        bar.setValue(first)
    elif last > bar.value() + room:
        bar.setValue(last - room)
