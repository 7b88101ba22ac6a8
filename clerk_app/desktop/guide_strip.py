"""The first-run guide across the top of the window: one sentence, what to type next. It takes no key but its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from clerk_app.counter.guide import Guide
from clerk_app.desktop.pieces import BannerStrip
from clerk_app.desktop.reading import Reading
from clerk_app.errors import ClerkError
from clerk_app.wording import _

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.desktop.main_window import MainWindow
    from clerk_app.ledger.records import Settlement

#: How soon the guide sees what was typed.
_LOOK_MS = 150


class GuideStrip(BannerStrip):
    """Looks at the claim in hand while it is shown, and says what comes next."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("note")
        self._window = window
        self._guide: Guide | None = None
        self.close_button = self.add_button(_("不再显示  Shift+F1"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(self.toggle)
        self._reading = Reading(self)
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self.look)

    def use_desk(self, desk: Desk) -> None:
        """Somebody has signed in: lead, where it is wanted."""
        self._guide = Guide(desk)
        if self._guide.is_wanted():
            self._begin()
        else:
            self._end()

    def leave_desk(self) -> None:
        """Nobody works here now."""
        self._guide = None
        self._end()

    def toggle(self) -> None:
        """Close the guide for good, or lead again."""
        if self._guide is None:
            return
        try:
            if self._watch.isActive() or self._reading.is_awaited():
                self._guide.close()
                self._end()
            else:
                self._guide.want()
                self._begin()
        except ClerkError as error:
            self._window.show_notice(error)

    def settled(self, settlement: Settlement) -> None:
        """A claim has been settled."""
        if self._guide is not None:
            self._guide.settled(settlement)

    def papers_shown(self) -> None:
        """A voucher is looked at."""
        if self._guide is not None:
            self._guide.papers_seen()

    def look(self) -> None:
        """Say what comes next for the claim in hand."""
        if self._guide is None or not self._window.is_furnished:
            return
        words = self._guide.words(self._window.claim.draft)
        if words != self.text():
            self.say(words)

    def _begin(self) -> None:
        if self._guide is None or not self._guide.is_for_practice():
            self._window.say(_("入门引导只在练习机构中；按 F1 看帮助。"), "note")
            return
        guide = self._guide
        self._reading.ask(guide.settled_before, lambda voucher: self._lead(guide, voucher), self._window.show_notice)

    def _lead(self, guide: Guide, voucher: str) -> None:
        guide.begin(voucher)
        self._watch.start()
        self.look()

    def _end(self) -> None:
        self._reading.forget()
        self._watch.stop()
        self.say("")
