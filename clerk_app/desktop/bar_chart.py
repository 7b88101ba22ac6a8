"""A chart of bars drawn with the program's own colours; the keyboard goes along it, and a screen reader hears it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clerk_app.desktop.colours import colours
from clerk_app.desktop.fields import tip
from clerk_app.desktop.style import scaled

_TICKS = 4
_STEPS = (1, 2, 5)
#: Between two parts of a bar, in pixels.
_SEAM = 1
#: At the usual size of type.
_BETWEEN_LABELS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of every bar: what it is called, and the name of its colour in the table of colours."""

    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        parts: From the line upwards, in the order of the chart's parts; what is less than nothing hangs below it.
        words: What it says to whoever cannot see it.
    """

    label: str
    parts: tuple[int, ...]
    words: str


def scale(lowest: int, highest: int, least_step: int = 1) -> tuple[int, int, int]:
    """A round step for the lines of a scale, and the scale's ends, whole steps that hold all values and zero."""
    lowest, highest = min(lowest, 0), max(highest, 0)
    least = max(least_step, -(-(highest - lowest) // _TICKS))
    step, power = 0, 1
    while step < least:
        step = next((each * power for each in _STEPS if each * power >= least), 0)
        power *= 10
    return step, lowest // step * step, max(-(-highest // step), 1) * step


class BarChart(QWidget):
    """Bars side by side, each of several parts.

    Args:
        title: What is charted; also its name for a screen reader.
        figure: Writes a value of the scale.
        least_step: From one line of the scale to the next.
    """

    #: Another bar is in hand.
    marked = Signal(int)

    def __init__(self, title: str, parts: Sequence[Part], figure: Callable[[int], str], least_step: int = 1) -> None:
        super().__init__()
        self._title, self._parts, self._figure = title, tuple(parts), figure
        self._least_step = least_step
        self._bars: tuple[Bar, ...] = ()
        self._place = 0
        self._margin = 0
        #: As ``scale`` gives them: drawing asks for each end of each part of each bar.
        self._step, self._lowest, self._highest = scale(0, 0, least_step)
        self._figures_width: int | None = None
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(scaled(110))

    def sizeHint(self) -> QSize:
        """Wide rather than high."""
        return QSize(scaled(600), scaled(150))

    def show_bars(self, bars: Sequence[Bar], place: int) -> None:
        """Show other bars, one of them in hand."""
        self._bars = tuple(bars)
        ups = [sum(part for part in bar.parts if part > 0) for bar in self._bars]
        downs = [sum(part for part in bar.parts if part < 0) for bar in self._bars]
        self._step, self._lowest, self._highest = scale(min(downs, default=0), max(ups, default=0), self._least_step)
        self._figures_width = None
        self.mark(place)

    @property
    def place(self) -> int:
        """Which bar is in hand."""
        return self._place

    def mark(self, place: int) -> None:
        """Take another bar in hand."""
        self._place = max(0, min(place, len(self._bars) - 1))
        self.setAccessibleDescription(self._bars[self._place].words if self._bars else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go along the bars, Home and End to the first and the last."""
        steps = {
            Qt.Key.Key_Left: self._place - 1,
            Qt.Key.Key_Right: self._place + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._bars) - 1,
        }
        place = steps.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self._go_to(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes the bar in hand."""
        place = self._place_at(event.position())
        if place is not None:
            self._go_to(place)

    def event(self, event: QEvent) -> bool:
        """Tell what the bar under the mouse is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip(self._bars[place].words) if place is not None else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it has gone."""
        super().focusOutEvent(event)
        self.update()

    def _go_to(self, place: int) -> None:
        before = self._place
        self.mark(place)
        if self._place != before:
            self.marked.emit(self._place)

    # --- Where things are ---------------------------------------------------------------------------------------

    def _marks(self) -> range:
        """The values at which the scale has a line."""
        return range(self._lowest, self._highest + 1, self._step)

    def least_margin(self) -> int:
        """What the figures of the scale take at the left."""
        if self._figures_width is None:
            self._figures_width = max(map(self.fontMetrics().horizontalAdvance, map(self._figure, self._marks())))
        return self._figures_width + scaled(8)

    def changeEvent(self, event: QEvent) -> None:
        """Other type takes other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._figures_width = None

    def set_margin(self, margin: int) -> None:
        """Begin further right, as a chart above or below does, so that the same bars stand in line."""
        self._margin = margin
        self.update()

    def _field(self) -> QRectF:
        """The part of the chart that bars stand in: below the legend, above the labels, right of the figures."""
        line = self.fontMetrics().height()
        left = max(self._margin, self.least_margin())
        return QRectF(left, line * 1.6, self.width() - left - 2, self.height() - line * 2.9)

    def _height_of(self, value: int) -> float:
        field = self._field()
        return field.bottom() - field.height() * (value - self._lowest) / (self._highest - self._lowest)

    def slot_of(self, place: int) -> QRectF:
        """The strip that belongs to a bar."""
        field = self._field()
        width = field.width() / max(1, len(self._bars))
        return QRectF(field.left() + place * width, field.top(), width, field.height())

    def parts_of(self, place: int) -> list[QRectF]:
        """Where the parts of a bar are drawn; what is nothing is flat."""
        slot = self.slot_of(place)
        gap = slot.width() * 0.18
        drawn: list[QRectF] = []
        above = below = 0
        for part in self._bars[place].parts:
            start = above if part >= 0 else below
            above, below = above + max(part, 0), below + min(part, 0)
            ends = sorted((self._height_of(start), self._height_of(start + part)))
            drawn.append(QRectF(slot.left() + gap, ends[0], slot.width() - 2 * gap, ends[1] - ends[0]))
        return drawn

    def labelled(self) -> set[int]:
        """Which bars have their label below: all, or where those would touch, some, and always the one in hand."""
        metrics, slot = self.fontMetrics(), self.slot_of(0).width()
        widest = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0)
        step = max(1, ceil((widest + scaled(_BETWEEN_LABELS)) / max(slot, 1.0)))
        even = {place for place in range(0, len(self._bars), step) if abs(place - self._place) >= step}
        return even | {self._place}

    def _place_at(self, position: QPointF) -> int | None:
        return next((place for place in range(len(self._bars)) if self.slot_of(place).contains(position)), None)

    # --- Drawing ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the scale, the bars, their labels and the legend."""
        painter = QPainter(self)
        self._draw_scale(painter)
        labelled = self.labelled()
        for place, bar in enumerate(self._bars):
            self._draw_bar(painter, place, bar, labelled)
        self._draw_legend(painter)

    def _draw_scale(self, painter: QPainter) -> None:
        shown, field = colours(), self._field()
        line = self.fontMetrics().height()
        for value in self._marks():
            height = self._height_of(value)
            painter.setPen(QColor(shown.field_line if value == 0 else shown.faint_line))
            painter.drawLine(QPointF(field.left(), height), QPointF(field.right(), height))
            painter.setPen(QColor(shown.muted))
            place = QRectF(0, height - line / 2, field.left() - scaled(6), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._figure(value))

    def _draw_bar(self, painter: QPainter, place: int, bar: Bar, labelled: Collection[int]) -> None:
        shown, slot = colours(), self.slot_of(place)
        is_marked = place == self._place
        if is_marked:
            painter.fillRect(slot, QColor(shown.accent_pale))
            if self.hasFocus():
                painter.setPen(QColor(shown.accent))
                painter.drawRect(slot)
        for part, rect in zip(self._parts, self.parts_of(place), strict=True):
            if rect.height() > 0:
                painter.fillRect(rect, QColor(getattr(shown, part.colour)))
            if rect.height() > 2 * _SEAM:
                # Two quiet colours that touch are hard to tell apart, above all on a dark ground.
                painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), _SEAM), QColor(shown.card))
        if place not in labelled:
            return
        painter.setPen(QColor(shown.accent_strong if is_marked else shown.muted))
        below = QRectF(
            slot.left() - slot.width(), self._field().bottom() + 2, 3 * slot.width(), self.fontMetrics().height()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, bar.label)

    def _draw_legend(self, painter: QPainter) -> None:
        shown, metrics = colours(), self.fontMetrics()
        painter.setPen(QColor(shown.text))
        painter.drawText(QPointF(0, metrics.ascent()), self._title)
        right, side = self.width() - 2.0, metrics.height() * 0.6
        for part in reversed(self._parts):
            right -= metrics.horizontalAdvance(part.words)
            painter.setPen(QColor(shown.muted))
            painter.drawText(QPointF(right, metrics.ascent()), part.words)
            right -= side + scaled(5)
            square = QRectF(right, (metrics.height() - side) / 2, side, side)
            painter.fillRect(square, QColor(getattr(shown, part.colour)))
            right -= scaled(16)
