"""Below the navigation: how much waits, each count a way to its page."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from clerk_app.counter.desk import Desk
from clerk_app.counter.desk_counts import Count, Queue, desk_counts
from clerk_app.desktop.pieces import push_button, set_mark
from clerk_app.errors import ClerkError

#: How soon an act of this desk shows: this only looks at a number in memory.
_LOOK_EVERY_MS = 300
#: How soon other desks' acts show.
_READ_EVERY_MS = 20_000


class CountsStrip(QFrame):
    """A button a queue; it reads again when this desk has done something, and now and then for the others."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("counts")
        self._desk: Desk | None = None
        self._acts = -1
        self.buttons: dict[Queue, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 6, 4, 8)
        self._column.setSpacing(0)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY_MS)
        self._look.timeout.connect(self._see_acts)
        self._read = QTimer(self)
        self._read.setInterval(_READ_EVERY_MS)
        self._read.timeout.connect(self.refresh)

    def use_desk(self, desk: Desk) -> None:
        """Somebody has signed in."""
        self._desk = desk
        self.refresh()
        self._look.start()
        self._read.start()

    def leave_desk(self) -> None:
        """Nobody is signed in."""
        self._desk = None
        self._look.stop()
        self._read.stop()
        self._show(())

    def refresh(self) -> None:
        """Read the counts again; a ledger that cannot be read shows none, and says so where somebody works."""
        desk = self._desk
        if desk is None or desk.ledger.user is None:
            return
        self._acts = desk.ledger.acts
        try:
            self._show(desk_counts(desk))
        except ClerkError:
            self._show(())

    def _see_acts(self) -> None:
        if self._desk is not None and self._desk.ledger.acts != self._acts:
            self.refresh()

    def _show(self, counts: tuple[Count, ...]) -> None:
        shown = {count.queue: count for count in counts}
        for queue in self.buttons.keys() - shown.keys():
            button = self.buttons.pop(queue)
            self._column.removeWidget(button)
            button.deleteLater()
        for queue, count in shown.items():
            if queue not in self.buttons:
                self.buttons[queue] = self._button(queue)
            button = self.buttons[queue]
            words = f"{count.name}　{count.count}"
            if button.text() != words:
                button.setText(words)
                button.setAccessibleName(words)
            set_mark(button, "wrong", count.is_wrong)
            set_mark(button, "none", count.count == 0)
        self.setVisible(bool(counts))

    def _button(self, queue: Queue) -> QPushButton:
        button = push_button("", "count")
        # The names of the pages say how wide the bar is.
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.wanted.emit(queue))
        self._column.addWidget(button)
        return button
