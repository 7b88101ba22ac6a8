"""Rows that break where the room is narrow, as with large type on a small display: nothing is squeezed or cut.

Where the room is wide enough they are ordinary rows.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QWidget

_SPACING = 8


class Beside(QBoxLayout):
    """Blocks side by side, or one below the other where they do not all fit; none is narrower than it can be.

    Args:
        spacing: Between two side by side, in pixels.
        below: Between two of which one stands below the other.
    """

    def __init__(self, spacing: int = _SPACING, below: int = _SPACING) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._spacings = {QBoxLayout.Direction.LeftToRight: spacing, QBoxLayout.Direction.TopToBottom: below}
        self.setSpacing(spacing)
        self._leasts: dict[int, int] = {}

    def add_block(self, block: QWidget | QLayout, stretch: int = 0, *, least: int = 0) -> None:
        """Put a block at the end.

        Args:
            least: The width in pixels below which the blocks rather stand one below the other; 0 for as narrow as
                the block can be.
        """
        self._leasts[self.count()] = least
        if isinstance(block, QWidget):
            self.addWidget(block, stretch)
        else:
            self.addLayout(block, stretch)

    def minimumSize(self) -> QSize:
        """As narrow as the widest block."""
        around = self.contentsMargins()
        widest = max((item.minimumSize().width() for _least, item in self._blocks()), default=0)
        return QSize(widest + around.left() + around.right(), super().minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        """Choose the direction for the room there is."""
        directions = QBoxLayout.Direction
        direction = directions.LeftToRight if self._width_beside() <= rect.width() else directions.TopToBottom
        if direction != self.direction():
            self.setDirection(direction)
            self.setSpacing(self._spacings[direction])
        super().setGeometry(rect)

    def _blocks(self) -> list[tuple[int, QLayoutItem]]:
        items = ((self._leasts.get(place, 0), self.itemAt(place)) for place in range(self.count()))
        return [(least, item) for least, item in items if item is not None and not item.isEmpty()]

    def _width_beside(self) -> int:
        widths = [max(least, _least_width(item)) for least, item in self._blocks()]
        return sum(widths) + self._spacings[QBoxLayout.Direction.LeftToRight] * (len(widths) - 1)


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
        """The height that the pieces take at a width; those of a row share its middle line."""
        bottom = 0
        for row in self._rows(width):
            left, top = 0, bottom + self._spacing if bottom else 0
            bottom = top + max(size.height() for _piece, size in row)
            for piece, size in row:
                if moves:
                    middle = top + (bottom - top - size.height()) // 2
                    piece.setGeometry(QRect(left, middle, min(size.width(), max(width, 1)), size.height()))
                left += size.width() + self._spacing
        return bottom

    def _rows(self, width: int) -> list[list[tuple[QWidget, QSize]]]:
        """Which pieces stand in which row at a width, each with its size."""
        rows: list[list[tuple[QWidget, QSize]]] = []
        left = 0
        for piece in self._shown():
            size = self._size(piece)
            if not rows or left + size.width() > width:
                rows.append([])
                left = 0
            rows[-1].append((piece, size))
            left += size.width() + self._spacing
        return rows


def together(*pieces: QWidget, spacing: int = _SPACING) -> QWidget:
    """Pieces that are not parted, such as a label and what it is of."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for piece in pieces:
        row.addWidget(piece)
    return whole
