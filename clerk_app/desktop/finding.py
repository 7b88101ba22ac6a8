"""A list under a field: what the typed letters may mean, chosen with the arrows and Enter; the keyboard never leaves.

It is no window of its own: a popup takes the keyboard away from the field, and on some desktops the input method too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from clerk_app.desktop.fields import ScanField, TextField
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.style import scaled

_ROW_HEIGHT = 26
_LEAST_WIDTH = 380
_PICKING_KEYS = (*ENTER_KEYS, Qt.Key.Key_Tab)


class Offer(NamedTuple):
    """One line of the list: what it says and what it stands for."""

    words: str
    value: object


class OfferList(QListWidget):
    """The list itself. It lies over the page, below its field, and takes neither keyboard nor focus."""

    #: An offer was taken.
    taken = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self._offers: Sequence[Offer] = ()
        self.setObjectName("offers")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(field.accessibleName())
        self.hide()
        self.itemClicked.connect(lambda item: self._take(self.row(item)))
        field.destroyed.connect(self.deleteLater)

    def offer(self, offers: Sequence[Offer], *, chooses_first: bool) -> None:
        """Show what there is, the first of it chosen or none; for nothing the list goes away.

        Args:
            chooses_first: Enter takes the first. Words that may stand for themselves are not replaced unasked.
        """
        self._offers = offers
        self.clear()
        for words, _value in offers:
            QListWidgetItem(words, self)
        if not offers:
            self.hide()
            return
        self.setCurrentRow(0 if chooses_first else -1)
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        width = max(self._field.width(), scaled(_LEAST_WIDTH))
        height = scaled(_ROW_HEIGHT) * len(offers) + 4
        below = self._field.mapTo(window, QPoint(0, self._field.height() + 2))
        if below.y() + height > window.height():
            below.setY(max(0, below.y() - self._field.height() - 4 - height))
        below.setX(max(0, min(below.x(), window.width() - width)))
        self.setGeometry(below.x(), below.y(), width, height)
        self.raise_()
        self.show()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key was for the list: arrows choose, Escape sends it away.

        Enter and Tab take what is chosen, and then go their way: they also move on.
        """
        if not self.isVisible() or not self._offers:
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + step)))
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        if event.key() in _PICKING_KEYS and self.currentRow() >= 0:
            self._take(self.currentRow())
        return False

    def chosen(self) -> bool:
        """Whether Enter would take something."""
        return self.isVisible() and self.currentRow() >= 0

    def _take(self, row: int) -> None:
        value = self._offers[row].value
        self.hide()
        self.taken.emit(value)


class FindField(TextField):
    """Words that are found rather than typed: an institution, a disease.

    Args:
        find: What a text may mean.
    """

    taken = Signal(object)
    #: A plus in the empty field: the same as last time.
    repeat_wanted = Signal()

    def __init__(self, find: Callable[[str], Sequence[Offer]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._list: OfferList | None = None
        self.textEdited.connect(self._ask)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list has the first look at a key."""
        if not self.takes(event):
            super().keyPressEvent(event)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is done with: for the list, or a plus that repeats; who moves on by Enter asks this first."""
        if event.text() == "+" and (not self.text() or self.selectedText() == self.text()):
            self.repeat_wanted.emit()
            return True
        if event.key() == Qt.Key.Key_Down and not (self._list and self._list.isVisible()):
            self._offer(self._find(""), chooses_first=True)
            return True
        return self._list is not None and self._list.takes(event)

    def offers(self) -> list[str]:
        """What is offered now."""
        if self._list is None or not self._list.isVisible():
            return []
        return [self._list.item(row).text() for row in range(self._list.count())]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is offered to a field that is left."""
        self._withdraw()
        super().focusOutEvent(event)

    def _withdraw(self) -> None:
        if self._list is not None:
            self._list.hide()

    def _ask(self, text: str) -> None:
        self._offer(self._find(text) if text.strip() else (), chooses_first=text.isascii())

    def _offer(self, offers: Sequence[Offer], *, chooses_first: bool) -> None:
        if self._list is None:
            self._list = OfferList(self)
            self._list.taken.connect(self._take)
        self._list.offer(offers, chooses_first=chooses_first)

    def _take(self, value: object) -> None:
        """A word takes the place of the letters; what is more than a word is its owner's to fill in."""
        if isinstance(value, str):
            self.setText(value)
            self.textEdited.emit(value)
            self._withdraw()
        self.taken.emit(value)


class LookUpField(ScanField):
    """The scan field, which also finds persons by first letters and by parts of numbers, for whoever has no scanner."""

    taken = Signal(object)
    #: The typed text rests: somebody types, for a scanner sends its Enter at once.
    looked_up = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list: OfferList | None = None
        self.textEdited.connect(self._withdraw)

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show whom the text may mean; the field is still the one in hand."""
        if not self.hasFocus():
            return
        if self._list is None:
            self._list = OfferList(self)
            self._list.taken.connect(self._take)
        self._list.offer(offers, chooses_first=True)

    def offers(self) -> list[str]:
        """What is offered now."""
        if self._list is None or not self._list.isVisible():
            return []
        return [self._list.item(row).text() for row in range(self._list.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A chosen person is taken; else Enter hands the text over as a scan."""
        if self._list is not None:
            will_take = event.key() in ENTER_KEYS and self._list.chosen()
            if self._list.takes(event) or will_take:
                return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is offered to a field that is left."""
        self._withdraw()
        super().focusOutEvent(event)

    def _withdraw(self, _text: str = "") -> None:
        if self._list is not None:
            self._list.hide()

    def _take(self, value: object) -> None:
        self.clear()
        self.taken.emit(value)
