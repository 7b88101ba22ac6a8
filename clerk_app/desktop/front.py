"""What stands before the work: calm pages with one card in the middle, which ask one thing at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clerk_app.desktop.fields import PasswordField
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.pieces import BannerStrip, Card, Form, page_area, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.wording import _, sentence

#: At the left and the right of the card, with the bar of a page that scrolls, in pixels at the usual size of type.
_AROUND_CARD = 24


class FrontPage(Form):
    """One card with a title, what is asked, and what is wrong with the answer. Enter in the last field answers."""

    submitted = Signal()

    def __init__(self, title: str, explanation: str = "", width: int = 420) -> None:
        super().__init__()
        self.title = plain_label(title, "pageTitle", wraps=True)
        self.explanation = plain_label(explanation, "muted", wraps=True)
        # What has no parent yet would be shown as a window of its own; it is only ever hidden here.
        if not explanation:
            self.explanation.hide()
        self.notice = BannerStrip("refusal")
        # As high as its words need in this narrow card.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.notice.setSizePolicy(policy)
        self.caps = plain_label(_("大写锁定（Caps Lock）好像打开了。"), "problem")
        self.caps.hide()
        self.card = Card()
        self._width = scaled(width)
        self.card.setFixedWidth(self._width)
        self.card.body.setContentsMargins(28, 24, 28, 24)
        self.card.body.setSpacing(12)
        self._last: list[QWidget] = []
        sheet = QWidget()
        middle = QVBoxLayout(sheet)
        middle.setContentsMargins(12, 12, 12, 12)
        # Stretches, not an alignment: an aligned card would forget how high its wrapped words are.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.card)
        across.addStretch(1)
        middle.addStretch(2)
        middle.addLayout(across)
        middle.addStretch(3)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        self._area = page_area(sheet)
        self._area.follow_keyboard()
        around.addWidget(self._area)
        for widget in (self.title, self.explanation, self.notice):
            self.card.body.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In large type a small display has no room for the usual width."""
        super().resizeEvent(event)
        self.card.setFixedWidth(min(self._width, self.width() - scaled(_AROUND_CARD)))

    def add_answer(self, words: str, *last: QWidget) -> QPushButton:
        """The button that answers, which Enter in these fields presses too."""
        button = push_button(words, "primary")
        button.clicked.connect(self.submitted)
        self._last += [*last, button]
        self.card.body.addWidget(self.caps)
        self.card.body.addWidget(button)
        return button

    def add_ways_out(self, *buttons: QPushButton) -> None:
        """Other ways than to answer, quietly below."""
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.card.body.addLayout(row)

    def watch_caps(self, *fields: PasswordField) -> None:
        """Hint at Caps Lock under these fields."""
        for field in fields:
            field.caps_noticed.connect(self.caps.setVisible)

    def show_busy(self, words: str) -> None:
        """Something is being done that the answer set off."""
        self.card.setEnabled(False)
        self.caps.hide()
        self.notice.say(words, "note")

    def show_ready(self) -> None:
        """Wait for an answer."""
        self.card.setEnabled(True)
        self.notice.say("")

    def show_failure(self, error: ClerkError) -> None:
        """Say what was wrong, and wait for another answer."""
        self.card.setEnabled(True)
        self.notice.say(sentence(error), "refusal")
        # The field that is to be put right may be far below.
        QTimer.singleShot(0, self._area, lambda: self._area.ensureWidgetVisible(self.notice))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter answers in the last field, and moves on in the others."""
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        focus = self.window().focusWidget()
        if event.key() in ENTER_KEYS and not is_back:
            if focus in self._last:
                self.submitted.emit()
                return
            if isinstance(focus, QPushButton):
                focus.click()
                return
        super().keyPressEvent(event)
