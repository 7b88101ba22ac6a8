"""Holds a form while an act of it is under way: keys, clicks and drops change nothing, and it looks as it did.

To disable the form would take the keyboard from its field and draw it grey for the few milliseconds that an act takes.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

_TYPES = QEvent.Type
_INPUT = frozenset(
    {
        _TYPES.KeyPress,
        _TYPES.KeyRelease,
        _TYPES.InputMethod,
        _TYPES.Shortcut,
        _TYPES.MouseButtonPress,
        _TYPES.MouseButtonRelease,
        _TYPES.MouseButtonDblClick,
        _TYPES.Wheel,
        _TYPES.ContextMenu,
        _TYPES.DragEnter,
        _TYPES.DragMove,
        _TYPES.Drop,
        _TYPES.TouchBegin,
        _TYPES.TouchUpdate,
        _TYPES.TouchEnd,
    }
)


class Hold(QObject):
    """Swallows what is typed into a form and clicked in it.

    Args:
        form: With everything inside of it.
        spared: What may be pressed all the same, as the button that stops the act.
    """

    def __init__(self, form: QWidget, spared: QWidget | None = None) -> None:
        super().__init__(form)
        self._form = form
        self._spared = spared
        self._is_on = False

    def is_on(self) -> bool:
        """Whether it swallows now."""
        return self._is_on

    def set_on(self, is_on: bool) -> None:
        """Begin or end."""
        application = QCoreApplication.instance()
        if is_on == self._is_on or application is None:
            return
        self._is_on = is_on
        # The application's filter comes before every widget's, also those that are made meanwhile.
        if is_on:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether nobody else may see an event."""
        if event.type() not in _INPUT or not isinstance(watched, QWidget):
            return False
        if self._spared is not None and (watched is self._spared or self._spared.isAncestorOf(watched)):
            return False
        return watched is self._form or self._form.isAncestorOf(watched)
