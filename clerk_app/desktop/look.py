"""Light or dark, as the desk has set it or as the system has it; changed while the program runs.

It is part of the first paint, and a light screen asks the system nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from clerk_app.desktop.colours import DARK, LIGHT, show_colours
from clerk_app.desktop.style import apply_style
from clerk_app.settings import DARK_THEME, LIGHT_THEME, SYSTEM_THEME


def system_is_dark() -> bool:
    """Whether the system shows its own windows dark; one that says nothing of it is light."""
    return QApplication.styleHints().colorScheme().name == "Dark"


class Look(QObject):
    """What the application wears.

    Args:
        font_scale: Percent.
        is_dark_outside: Asked when the desk follows the system.
    """

    def __init__(
        self, application: QApplication, font_scale: int, is_dark_outside: Callable[[], bool] = system_is_dark
    ) -> None:
        super().__init__(application)
        self.setObjectName("look")
        self.theme = ""
        self._application = application
        self._font_scale = font_scale
        self._is_dark_outside = is_dark_outside
        self._listens = False

    def wear(self, theme: str) -> None:
        """Show the application in a theme, with everything that is on the screen already.

        Args:
            theme: ``light``, ``dark`` or ``system``.
        """
        if theme == self.theme:
            return
        # A frame that the system draws, round a window or on Windows, is dark only where it has been told.
        if theme == DARK_THEME:
            from PySide6.QtCore import Qt

            self._application.styleHints().setColorScheme(Qt.ColorScheme.Dark)
        elif self.theme == DARK_THEME:
            self._application.styleHints().unsetColorScheme()
        self.theme = theme
        if theme == SYSTEM_THEME and not self._listens:
            self._listens = True
            self._application.styleHints().colorSchemeChanged.connect(self.system_changed)
        self._put_on()

    def system_changed(self) -> None:
        """The system has turned light or dark; follow it where the desk does."""
        if self.theme == SYSTEM_THEME:
            self._put_on()

    def _put_on(self) -> None:
        is_dark = self.theme == DARK_THEME or (self.theme == SYSTEM_THEME and self._is_dark_outside())
        chosen = DARK if is_dark else LIGHT
        show_colours(chosen)
        apply_style(self._application, self._font_scale, chosen)


def look() -> Look | None:
    """What the application wears; None before it is dressed."""
    application = QApplication.instance()
    found = application.findChild(QObject, "look") if application is not None else None
    return found if isinstance(found, Look) else None


__all__ = ["DARK_THEME", "LIGHT_THEME", "SYSTEM_THEME", "Look", "look", "system_is_dark"]
