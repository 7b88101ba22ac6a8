"""Facts in a row, parted only between one fact and the next: no amount stands on another line than its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtGui import QResizeEvent

from clerk_app.desktop.pieces import WholeLabel

_BETWEEN = "　"


def packed(parts: Sequence[str], width: int, advance: Callable[[str], int]) -> Iterator[str]:
    """As many parts on a line as there is room for; one that is too long for a line has one of its own.

    Args:
        width: Of a line, in pixels.
        advance: How many pixels a text takes.
    """
    line = ""
    for part in parts:
        longer = f"{line}{_BETWEEN}{part}" if line else part
        if line and advance(longer) > width:
            yield line
            line = part
        else:
            line = longer
    if line:
        yield line


class PackedLabel(WholeLabel):
    """Rows of facts; each row begins a line, and goes on in the next one between two facts."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._rows: tuple[tuple[str, ...], ...] = ()

    def say_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other facts; an empty row is an empty line."""
        self._rows = tuple(tuple(filter(None, row)) for row in rows)
        self._pack()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may hold more of them on a line, or fewer."""
        if event.oldSize().width() != event.size().width():
            self._pack()
        super().resizeEvent(event)

    def _pack(self) -> None:
        self.ensurePolished()
        width, advance = self.contentsRect().width(), self.fontMetrics().horizontalAdvance
        lines = [line for row in self._rows for line in (packed(row, width, advance) if row else ("",))]
        words = "\n".join(lines)
        if words != self.text():
            self.say(words)
