"""What would change the result, a switch each: pressed, the amounts show what would be paid; nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clerk_app.counter.claim_entry import Supposed
from clerk_app.desktop.pieces import push_button
from clerk_app.wording import _

_MOST = 8


class WhatIfSwitches(QWidget):
    """At most one is on. What is typed, and the button that settles, switch it off."""

    #: What is supposed now; None for the claim as it is.
    supposed = Signal(object)
    #: There is one switch more.
    grown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Supposed, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.switches: list[QPushButton] = []
        self.setAccessibleName(_("什么会改变结果"))
        self.hide()

    def show_all(self, found: Sequence[Supposed]) -> None:
        """Show what may be supposed; if that is something new, all are off."""
        shown = tuple(found[:_MOST])
        if shown == self._shown:
            return
        self._shown = shown
        while len(self.switches) < len(shown):
            self._add_switch()
        for place, switch in enumerate(self.switches):
            if place < len(shown):
                switch.setText(shown[place].words)
                switch.setAccessibleName(shown[place].words)
            switch.setVisible(place < len(shown))
        self.setVisible(bool(shown))
        self.switch_off()

    def _add_switch(self) -> None:
        switch = push_button("", "switch")
        switch.setCheckable(True)
        # A click leaves the keyboard where it is.
        switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        switch.setToolTip(_("看一看这样会支付多少；不改变申请，也不保存"))
        switch.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        switch.clicked.connect(partial(self._press, len(self.switches)))
        self.switches.append(switch)
        self._column.addWidget(switch)
        self.grown.emit()

    def switch_off(self) -> None:
        """Back to the claim as it is."""
        was_on = any(switch.isChecked() for switch in self.switches)
        for switch in self.switches:
            switch.setChecked(False)
        if was_on:
            self.supposed.emit(None)

    def next(self) -> None:
        """The next switch on, and after the last one all off: one key goes through them all."""
        on = next((place for place, switch in enumerate(self.switches) if switch.isChecked()), -1)
        if on + 1 < len(self._shown):
            self.switches[on + 1].setChecked(True)
            self._press(on + 1)
        else:
            self.switch_off()

    def text(self) -> str:
        """Everything that may be supposed, a line each."""
        return "\n".join(each.words for each in self._shown)

    def _press(self, place: int) -> None:
        """One is on alone, or none is."""
        is_on = self.switches[place].isChecked()
        for other, switch in enumerate(self.switches):
            if other != place:
                switch.setChecked(False)
        self.supposed.emit(self._shown[place] if is_on else None)
