"""Rows that break where the room is narrow, as with large type on a small display: nothing is squeezed or cut.

Where the room is wide enough they are ordinary rows.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayoutItem, QSizePolicy, QWidget

_SPACING = 8


class Beside(QBoxLayout):
    """Blocks side by side, or one below the other where they do not all fit; each is never narrower than its least.

    Args:
        spacing: Between two side by side, in pixels.
        below: Between two of which one stands below the other.
    """

    def __init__(self, spacing: int = _SPACING, below: int = _SPACING) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._spacings = {QBoxLayout.Direction.LeftToRight: spacing, QBoxLayout.Direction.TopToBottom: below}
        self.setSpacing(spacing)

    def minimumSize(self) -> QSize:
        """As narrow as the widest block."""
        around = self.contentsMargins()
        widest = max((item.minimumSize().width() for item in self._blocks()), default=0)
        return QSize(widest + around.left() + around.right(), super().minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        """Choose the direction for the room there is."""
        directions = QBoxLayout.Direction
        direction = directions.LeftToRight if self._width_beside() <= rect.width() else directions.TopToBottom
        if direction != self.direction():
            self.setDirection(direction)
            self.setSpacing(self._spacings[direction])
        super().setGeometry(rect)

    def _blocks(self) -> list[QLayoutItem]:
        items = (self.itemAt(place) for place in range(self.count()))
        return [item for item in items if item is not None and not item.isEmpty()]

    def _width_beside(self) -> int:
        blocks = self._blocks()
        return sum(map(_least_width, blocks)) + self._spacings[QBoxLayout.Direction.LeftToRight] * (len(blocks) - 1)


def _least_width(block: QLayoutItem) -> int:
    """A row is not broken for something that can as well stand below it."""
    widget = block.widget()
    return widget.whole_width() if isinstance(widget, BreakingRow) else block.minimumSize().width()


class BreakingRow(QWidget):
    """Small pieces in a row, such as buttons, and in further rows where one is too short for all of them.

    Args:
        pieces: From the left; what belongs together is given as one widget.
        spacing: Between two of them, in pixels.
    """

    def __init__(self, *pieces: QWidget, spacing: int = _SPACING) -> None:
        super().__init__()
        self._pieces = pieces
        self._spacing = spacing
        for piece in pieces:
            piece.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row, where the room is wide enough for it."""
        return QSize(self.whole_width(), self._arranged(self.width(), moves=False))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest piece."""
        widths = [self._size(piece).width() for piece in self._shown()]
        return QSize(max(widths, default=0), self._arranged(self.width(), moves=False))

    def whole_width(self) -> int:
        """What one row takes, in pixels."""
        shown = self._shown()
        return sum(self._size(piece).width() for piece in shown) + self._spacing * max(0, len(shown) - 1)

    def event(self, event: QEvent) -> bool:
        """Something in the row has come, gone or grown."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arranged(self.width(), moves=True)
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may take more rows, or fewer."""
        self._arranged(self.width(), moves=True)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _shown(self) -> list[QWidget]:
        return [piece for piece in self._pieces if not piece.isHidden()]

    def _size(self, piece: QWidget) -> QSize:
        return piece.sizeHint().expandedTo(piece.minimumSize())

    def _arranged(self, width: int, *, moves: bool) -> int:
        """The height that the pieces take at a width; in a row, each stands in the middle of its height."""
        rows: list[list[QWidget]] = []
        left = 0
        for piece in self._shown():
            size = self._size(piece)
            if not rows or (left and left + size.width() > width):
                rows.append([])
                left = 0
            rows[-1].append(piece)
            left += size.width() + self._spacing
        top = 0
        for row in rows:
            height = max(self._size(piece).height() for piece in row)
            if moves:
                self._place(row, top, height, width)
            top += height + self._spacing
        return max(0, top - self._spacing)

    def _place(self, row: list[QWidget], top: int, height: int, width: int) -> None:
        left = 0
        for piece in row:
            size = self._size(piece)
            middle = top + (height - size.height()) // 2
            piece.setGeometry(QRect(left, middle, min(size.width(), max(width, 1)), size.height()))
            left += size.width() + self._spacing


def together(*pieces: QWidget) -> QWidget:
    """Pieces that are not parted, such as a label and what it is of."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_SPACING)
    for piece in pieces:
        row.addWidget(piece)
    return whole
