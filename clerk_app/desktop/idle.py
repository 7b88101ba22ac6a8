"""How long nobody has touched the desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

#: What hands do. A mouse that lies still sends nothing; a window that is drawn anew is no hand.
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Listens to keyboard and mouse of every window of the program, from ``start`` to ``stop``."""

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ended)

    def start(self, milliseconds: int) -> None:
        """Begin to count, anew where it has begun already."""
        self.stop()
        self._timer.start(milliseconds)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin anew whenever the desk is touched; keep nothing from anybody."""
        if event.type() in _TOUCHES:
            self._timer.start()
        return False

    def _ended(self) -> None:
        self.stop()
        self.idle.emit()
