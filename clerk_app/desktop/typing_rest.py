"""When to save what is typed: once the keys rest, and now and then while they do not."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

_REST_MS = 1_000
#: Whoever types without a pause loses no more than this.
_LONGEST_MS = 10_000


class TypingRest(QObject):
    """Says when the keys have rested for a second, or ten seconds after the first of them."""

    rested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rest, self._longest = QTimer(self), QTimer(self)
        for timer, milliseconds in ((self._rest, _REST_MS), (self._longest, _LONGEST_MS)):
            timer.setSingleShot(True)
            timer.setInterval(milliseconds)
            timer.timeout.connect(self._say)

    def touch(self) -> None:
        """A key was pressed."""
        self._rest.start()
        if not self._longest.isActive():
            self._longest.start()

    def stop(self) -> None:
        """There is nothing to wait for any more."""
        self._rest.stop()
        self._longest.stop()

    def _say(self) -> None:
        self.stop()
        self.rested.emit()
