"""Below the navigation: how much waits, each count a way to its page."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from clerk_app.counter.desk import Desk
from clerk_app.counter.desk_counts import Count, Queue, desk_counts
from clerk_app.desktop.pieces import push_button, set_mark
from clerk_app.desktop.reading import Reading

#: How soon an act of this desk shows: this only looks at a number in memory.
_LOOK_EVERY_MS = 300


class CountsStrip(QFrame):
    """A button a queue; it reads again, beside the window, when this desk or another has done something."""

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
        self._reading = Reading(self)

    def use_desk(self, desk: Desk) -> None:
        """Somebody has signed in."""
        self._desk = desk
        self.refresh()
        self._look.start()

    def leave_desk(self) -> None:
        """Nobody is signed in."""
        self._desk = None
        self._look.stop()
        self._show(())

    def refresh(self) -> None:
        """Read the counts again soon; what cannot be read stays as it is, and says so where somebody works."""
        if self._desk is not None:
            self._acts = self._desk.ledger.acts
            self._reading.look_again(self._read, self._take)

    def _read(self) -> object:
        desk = self._desk
        if desk is None:
            return None
        return desk.user, desk_counts(desk)

    def _take(self, found: object) -> None:
        """Show what was read, unless somebody else sits here by now."""
        if self._desk is None or not isinstance(found, tuple):
            return
        user, counts = found
        if user == self._desk.ledger.user:
            self._show(counts)

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
