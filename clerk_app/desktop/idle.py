"""How long nobody has touched the desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

#: What hands do; a key that is a shortcut comes as an override alone. A mouse that lies still sends nothing, and a
#: window that is drawn anew is no hand.
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Listens to keyboard and mouse of the program's windows, from ``start`` to ``stop``.

    It listens where input comes in, at the windows, and where an input method's words arrive, at the field in hand.
    Listening to every event of the application would make each key a sixth slower.
    """

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ended)
        self._windows: list[QWindow] = []
        self._field: QObject | None = None
        application = QApplication.instance()
        assert isinstance(application, QGuiApplication), "there is a window"
        application.focusWindowChanged.connect(self._window_changed)
        application.focusObjectChanged.connect(self._field_changed)

    def start(self, milliseconds: int) -> None:
        """Begin to count, anew where it has begun already."""
        self.stop()
        self._timer.start(milliseconds)
        self._window_changed(QGuiApplication.focusWindow())
        self._field_changed(QGuiApplication.focusObject())

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        for watched in (*self._windows, self._field):
            if watched is not None and isValid(watched):
                watched.removeEventFilter(self)
        self._windows, self._field = [], None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin anew whenever the desk is touched; keep nothing from anybody."""
        if event.type() in _TOUCHES and self._timer.isActive():
            self._timer.start()
        return False

    def _window_changed(self, window: QWindow | None) -> None:
        if window is not None and self._timer.isActive() and window not in self._windows:
            self._windows = [each for each in self._windows if isValid(each)]
            window.installEventFilter(self)
            self._windows.append(window)

    def _field_changed(self, field: QObject | None) -> None:
        if not self._timer.isActive():
            return
        if self._field is not None and isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = field
        if field is not None:
            field.installEventFilter(self)

    def _ended(self) -> None:
        self.stop()
        self.idle.emit()
