"""Fields for numbers, codes, dates and scans, which no input method may touch, and fields for words.

A Chinese input method turns ``12a3.45`` into ``12阿尔。45``, and neither hints nor attributes keep it out: only a
field that answers False when it is asked whether input methods are enabled does.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from clerk_app.counter.typed import parse_moment, plain_amount, tidy_amount, tidy_day
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError


def tip(text: str) -> str:
    """Typed text as a tip: Qt guesses markup in tips, so what could be markup is written as itself."""
    return f"<p>{html.escape(text)}</p>" if text else ""


class Line(QLineEdit):
    """A line that takes back its own typing first, and leaves Ctrl+Z to the form once there is none."""

    def setPlaceholderText(self, words: str) -> None:
        """Show another hint as long as nothing is typed."""
        super().setPlaceholderText(words)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Room for the hint that stands in it as long as nothing is typed."""
        least = super().minimumSizeHint()
        words = self.placeholderText()
        if not words:
            return least
        # Qt counts one wide letter, and around it the padding of the look.
        metrics = self.fontMetrics()
        return least.grownBy(QMargins(0, 0, max(0, metrics.horizontalAdvance(words) - metrics.maxWidth() + 1), 0))

    def event(self, event: QEvent) -> bool:
        """Claim the keys of undo and redo only where the line has something of its own to do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_idle_undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            is_idle_redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if is_idle_undo or is_idle_redo:
                event.ignore()
                return False
        return super().event(event)


class NoInputMethodLineEdit(Line):
    """A line that takes what the keyboard types, whatever input method is on."""

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        """Say that input methods are off here; everything else as usual."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query) if argument is None else super().inputMethodQuery(query, argument)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything when the keyboard comes here, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()


class CodeField(NoInputMethodLineEdit):
    """A code or a number that is a name: bills, institutions, phones."""


class PasswordField(NoInputMethodLineEdit):
    """A password: dots instead of letters, and a word when Caps Lock seems to be on."""

    #: Whether the last letter came in capitals without Shift.
    caps_noticed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def hideEvent(self, event: QHideEvent) -> None:
        """It does not stay in its field for whoever comes to it later; one that is minimised comes back as it was."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Notice capitals that nobody holds Shift for, and the other way round."""
        letter = event.text()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_noticed.emit(letter.isupper() is not is_shifted)
        super().keyPressEvent(event)


class IdField(NoInputMethodLineEdit):
    """A certificate's number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(32)


class MoneyField(NoInputMethodLineEdit):
    """An amount: at the right, with separators while nobody types in it; sums are worked out when it is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the amount as it is typed."""
        self.setText(plain_amount(self.text()))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the amount as it is read."""
        self.setText(tidy_amount(self.text()))
        super().focusOutEvent(event)


class DateField(NoInputMethodLineEdit):
    """A day: ``520``, ``5.20``, ``20230520``; ``+`` and ``-`` step a day, ``t`` is today.

    Args:
        today: The office's day.
        is_past: A day without a year that is still to come was last year's.
    """

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None, *, is_past: bool = False) -> None:
        super().__init__(parent)
        self._today = today
        self._is_past = is_past

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step or jump, else type."""
        stepped = self._stepped(event.text())
        if stepped is None:
            super().keyPressEvent(event)
            return
        self.setText(stepped)
        self.textEdited.emit(stepped)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write the day out."""
        tidy = tidy_day(self.text(), self._today(), is_past=self._is_past)
        if tidy != self.text():
            self.setText(tidy)
            self.textEdited.emit(tidy)
        super().focusOutEvent(event)

    def _stepped(self, key: str) -> str | None:
        if key in ("t", "T"):
            return self._today().isoformat()
        if key not in ("+", "-"):
            return None
        text = self.text()
        try:
            day = parse_moment(text, self._today(), is_past=self._is_past)[0] if text.strip() else self._today()
        except ClerkError:
            return None  # A minus inside a day that is still being typed.
        return (day + timedelta(days=1 if key == "+" else -1)).isoformat()


class ScanField(NoInputMethodLineEdit):
    """Where a scanner or a card reader types; Enter, which they send, hands the text over."""

    scanned = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the text over on Enter; an empty field lets Enter move on."""
        if event.key() in ENTER_KEYS and self.text().strip():
            text = self.text().strip()
            self.setText("")  # Unlike clear(), this leaves nothing that Ctrl+Z would bring back.
            self.scanned.emit(text)
            return
        super().keyPressEvent(event)


class TextField(Line):
    """Words: names, hospitals, reasons. Input methods are welcome."""

    def setText(self, text: str | None) -> None:
        """Show the beginning of what is longer than the field, as where the keyboard has left it."""
        super().setText(text)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything when the keyboard comes here, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning of what is longer than the field, and all of it as a tip."""
        super().focusOutEvent(event)
        self.setToolTip(tip(self.text()))
        self.setCursorPosition(0)


class ChoiceBox(QComboBox):
    """A choice of words, each with the value it stands for; the wheel does not change it in passing."""

    def __init__(self, choices: Sequence[tuple[str, object]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._values: list[object] = []
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[str, object]]) -> None:
        """Offer other choices; the value stays chosen when it is among them."""
        chosen = self.value()
        was_blocked = self.blockSignals(True)
        self.clear()
        self._values = [value for _words, value in choices]
        self.addItems([words for words, _value in choices])
        self.choose(chosen)
        self.blockSignals(was_blocked)

    def value(self) -> object:
        """What is chosen; None when there is nothing."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def choose(self, value: object) -> None:
        """Choose a value; one that is not offered leaves the first chosen."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def sizeHint(self) -> QSize:
        """Room for the longest words: Qt does not count all of the stylesheet's padding."""
        return super().sizeHint().grownBy(QMargins(0, 0, scaled(10), 0))

    def minimumSizeHint(self) -> QSize:
        """The same: half of a word is none."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
