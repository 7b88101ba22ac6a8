"""The keys along the bottom of the window: as many as there is room for, each of them whole."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

_BETWEEN = "　"


class KeyHints(QLabel):
    """Keys with what they do; in larger type or a smaller window the last ones are left out.

    Args:
        words: All of them, with a wide space between two.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._hints = words.split(_BETWEEN)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """Room for what is shown; the bar gives it all that nobody else takes, and more is shown there."""
        return QSize(self._width_of(self.text()), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """No room is needed: the keys are in the menus too."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        count = len(self._hints)
        while count and self._width_of(_BETWEEN.join(self._hints[:count])) > self.width():
            count -= 1
        self.setText(_BETWEEN.join(self._hints[:count]))

    def _width_of(self, words: str) -> int:
        """In pixels, with the padding of the look around them."""
        around = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
        return around + self.fontMetrics().horizontalAdvance(words)
