"""Forms that fold where the room is narrow: fewer fields in a line, in the same order; else they are ordinary forms."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from clerk_app.counter.reading import Place
from clerk_app.desktop.pieces import FieldGrid


@dataclass(frozen=True, slots=True)
class _Piece:
    """A field with its label and the sentence under it, and where it stands in the whole form."""

    row: int
    column: int
    span: int
    caption: QWidget
    field: QWidget
    problem: QWidget | None


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a piece stands, counted in lines and in pairs of label and field."""

    piece: _Piece
    row: int
    column: int
    span: int


class FoldingGrid(FieldGrid):
    """Labels and fields in columns, as many pairs in a line as the room is wide enough for."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[_Piece] = []
        #: Pairs in a line, when all that belong there stand there and as it is now.
        self._whole = self._across = 0
        #: How the columns of the whole form share what is left.
        self._stretches: dict[int, int] = {}

    def add_field(
        self, row: int, column: int, label: str, field: QWidget, place: Place | None = None, span: int = 1
    ) -> None:
        """Put a labelled field in, where it stands as long as the room is wide enough."""
        super().add_field(row, column, label, field, place, span)
        caption, below = self.itemAtPosition(2 * row, 2 * column), self.itemAtPosition(2 * row + 1, 2 * column + 1)
        widget = caption.widget() if caption is not None else None
        assert widget is not None, "a field has its label before it"
        problem = below.widget() if below is not None else None
        self._pieces.append(_Piece(row, column, span, widget, field, problem))
        self._whole = self._across = max(self._whole, column + span)

    def sizeHint(self) -> QSize:
        """As wide as the whole form, which is unfolded where there is room for it."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), self._least_width(self._whole)), hint.height())

    def minimumSize(self) -> QSize:
        """As narrow as one pair in each line."""
        return QSize(self._least_width(1), super().minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        """Fold or unfold for the room there is."""
        fitting = (across for across in range(self._whole, 1, -1) if self._least_width(across) <= rect.width())
        across = next(fitting, 1)
        if across != self._across:
            self._fold(across)
        super().setGeometry(rect)

    def _spots(self, across: int) -> list[_Spot]:
        if across == self._whole:
            return [_Spot(piece, piece.row, piece.column, piece.span) for piece in self._pieces]
        spots: list[_Spot] = []
        row = column = 0
        for piece in sorted(self._pieces, key=lambda each: (each.row, each.column)):
            span = min(piece.span, across)
            if column + span > across:
                row, column = row + 1, 0
            spots.append(_Spot(piece, row, column, span))
            column += span
        return spots

    def _least_width(self, across: int) -> int:
        captions, fields = [0] * across, [0] * across
        spacing = self.horizontalSpacing()
        spots = self._spots(across)
        for spot in spots:
            captions[spot.column] = max(captions[spot.column], spot.piece.caption.sizeHint().width())
            if spot.span == 1:
                fields[spot.column] = max(fields[spot.column], _least(spot.piece.field))
        for spot in spots:
            last = spot.column + spot.span - 1
            beside = sum(captions[spot.column + 1 : last + 1]) + sum(fields[spot.column : last])
            rest = _least(spot.piece.field) - beside - 2 * (spot.span - 1) * spacing
            fields[last] = max(fields[last], rest)
        around = self.contentsMargins()
        return sum(captions) + sum(fields) + spacing * (2 * across - 1) + around.left() + around.right()

    def _fold(self, across: int) -> None:
        if self._across == self._whole:
            self._stretches = {column: self.columnStretch(column) for column in range(2 * self._whole)}
        self._across = across
        for column, stretch in self._stretches.items():
            folded = int(column % 2 == 1 and column < 2 * across)
            self.setColumnStretch(column, stretch if across == self._whole else folded)
        sides = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for spot in self._spots(across):
            piece, row, column = spot.piece, 2 * spot.row, 2 * spot.column
            for widget in (piece.caption, piece.field, piece.problem):
                if widget is not None:
                    self.removeWidget(widget)
            self.addWidget(piece.caption, row, column, sides)
            self.addWidget(piece.field, row, column + 1, 1, 2 * spot.span - 1)
            if piece.problem is not None:
                self.addWidget(piece.problem, row + 1, column + 1, 1, 2 * spot.span - 1)


class EvenGrid(QGridLayout):
    """Small pieces in even columns, as many in a line as the room is wide enough for.

    Args:
        in_a_line: How many stand in a line where there is room for them.
    """

    def __init__(self, in_a_line: int) -> None:
        super().__init__()
        self._pieces: list[QWidget] = []
        self._whole = self._across = in_a_line

    def add_piece(self, piece: QWidget) -> None:
        """Put a piece at the end."""
        self.addWidget(piece, len(self._pieces) // self._across, len(self._pieces) % self._across)
        self._pieces.append(piece)

    def sizeHint(self) -> QSize:
        """As wide as all that belong in a line."""
        return QSize(self._least_width(self._whole), super().sizeHint().height())

    def minimumSize(self) -> QSize:
        """As narrow as the widest piece."""
        return QSize(self._least_width(1), super().minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        """Put as many in a line as there is room for."""
        fitting = (across for across in range(self._whole, 1, -1) if self._least_width(across) <= rect.width())
        across = next(fitting, 1)
        if across != self._across:
            self._across = across
            for place, piece in enumerate(self._pieces):
                self.removeWidget(piece)
                self.addWidget(piece, place // across, place % across)
        super().setGeometry(rect)

    def _least_width(self, across: int) -> int:
        columns = (self._pieces[place::across] for place in range(across))
        widths = [max(map(_least, column), default=0) for column in columns]
        around = self.contentsMargins()
        return sum(widths) + self.horizontalSpacing() * (across - 1) + around.left() + around.right()


def _least(widget: QWidget) -> int:
    """The least width of a widget, in pixels."""
    return widget.minimumSizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize()).width()
