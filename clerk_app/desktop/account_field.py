"""A field for an account's number, which is shown masked as soon as it is left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from clerk_app.desktop.fields import NoInputMethodLineEdit
from clerk_app.errors import ClerkError
from clerk_app.receipts.bank_account import parse_account
from clerk_app.receipts.id_card import masked


class AccountField(NoInputMethodLineEdit):
    """Shows what is typed while it is typed. A number that holds is never shown whole again; it is typed anew."""

    #: The number as it is now.
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(48)
        self._number = ""
        self.textEdited.connect(self._take)

    def number(self) -> str:
        """What was typed or shown, whole."""
        return self._number

    def show_number(self, number: str) -> None:
        """Show another number."""
        self._number = number
        self._show(has_focus=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Make room for another number; one that does not hold can be put right."""
        self._show(has_focus=True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Mask it."""
        super().focusOutEvent(event)
        self._show(has_focus=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Backspace and Delete take the masked number away."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not self.text() and self._number:
            self.setPlaceholderText("")
            self._take("")
            return
        super().keyPressEvent(event)

    def _take(self, text: str) -> None:
        self._number = text
        self.typed.emit(text)

    def _show(self, *, has_focus: bool) -> None:
        try:
            hidden = masked(parse_account(self._number))
        except ClerkError:
            hidden = ""
        text = "" if hidden and has_focus else hidden or self._number
        self.setPlaceholderText(hidden if has_focus else "")
        if self.text() != text:
            self.setText(text)
