"""查询: earlier claims, their working, their papers, and taking one back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from clerk_app.counter.claim_search import ClaimSearch, Found, is_reversible
from clerk_app.counter.desk import Desk
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.late_news_cards import CorrectionsCard, ReversalCard
from clerk_app.desktop.pieces import BannerStrip, plain_label
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.search_lines import ClaimsModel, ClaimsTable, is_same
from clerk_app.desktop.settlement_panel import SettlementPanel
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement, SettlementLine
from clerk_app.wording import _, listed, sentence

_TYPING_PAUSE_MS = 200
#: While the keyboard runs through the list, the record of a line is read when it rests on it.
_SCROLL_REST_MS = 80

#: Of a block below the list, in pixels at the usual size of type; else they stand one below the other.
_LEAST_WIDTH = 400


class SearchPage(QWidget):
    """A line to type in, the list, and what the selected line is."""

    preview_wanted = Signal(object)
    print_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.search = ClaimSearch(desk)
        self.claims = ClaimsModel(self.search, self)
        self._chosen: Settlement | None = None
        #: Whether another line is chosen than the one whose record is shown.
        self._has_turned = False
        self.text = TextField()
        self.text.setPlaceholderText(_("姓名或首字母、证件号码、单据号、票据号码；留空显示全部"))
        self.text.setAccessibleName(_("查询内容"))
        self.text.setClearButtonEnabled(True)
        for button in self.text.findChildren(QToolButton):
            button.setAccessibleName(_("清空"))
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.table = ClaimsTable(self.claims)
        self.table.selectionModel().currentRowChanged.connect(self._turn_to)
        self.panel = SettlementPanel()
        self.panel.use_rights(desk.may)
        self.reversal = ReversalCard(desk)
        self.corrections = CorrectionsCard(desk)
        head = Beside(spacing=22)
        head.addWidget(plain_label(_("查询"), "pageTitle"))
        head.addWidget(self.text, 1)
        below = Beside()
        below.add_block(self.panel, 6, least=scaled(_LEAST_WIDTH))
        for card in (self.reversal, self.corrections):
            below.add_block(card, 5, least=scaled(_LEAST_WIDTH))
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.work)
        page.addWidget(self.table, 5)
        page.addLayout(below, 6)
        self._connect()
        self.setFocusProxy(self.text)
        self.reading, self._record = Reading(self), Reading(self)
        self.refresh()

    def _connect(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self._scroll_rest = QTimer(self)
        self._scroll_rest.setSingleShot(True)
        self._scroll_rest.setInterval(_SCROLL_REST_MS)
        self._scroll_rest.timeout.connect(self._read_chosen)
        self.text.textEdited.connect(self._pause.start)
        self.text.textChanged.connect(lambda text: None if text else self._pause.start())
        self.text.returnPressed.connect(self.refresh)
        self.panel.preview_button.clicked.connect(self._preview)
        self.panel.print_button.clicked.connect(self._print)
        self.panel.reverse_button.clicked.connect(self.open_reversal)
        self.panel.correct_button.clicked.connect(self.open_corrections)
        self.panel.numbers_button.clicked.connect(self._show_numbers)
        self.reversal.reversed_now.connect(self._reversed)
        for card in (self.reversal, self.corrections):
            card.left.connect(self.table.setFocus)
        self.corrections.corrected.connect(self._corrected)
        self.work.failed.connect(self._failed)

    def begin(self) -> None:
        """Ready for another search."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text.selectAll()

    def look_for(self, text: str, then: Callable[[], object] | None = None) -> None:
        """Search for a text and choose the first line.

        Args:
            then: Called when it is shown, with its record.
        """
        self.text.setText(text)
        self.refresh(then)

    def look_for_one(self, find: Callable[[], str]) -> None:
        """Find out beside the window what is to be looked for, and search for it, unless something else is typed.

        Args:
            find: Returns the text; may ask the ledger.
        """
        self._pause.stop()
        self.notice.say("")
        self.reading.ask(find, self.look_for, self._failed)

    def refresh(self, then: Callable[[], object] | None = None) -> None:
        """Search again for what is typed, beside the window.

        Args:
            then: Called when it is shown, with the record of the first line.
        """
        self._pause.stop()
        self.notice.say("")
        text = self.text.text()
        self.reading.ask(lambda: self.search.found(text), self._show_found, self._failed, then)

    def _show_found(self, found: Found) -> None:
        """Show what was found, unless something else has been typed by now."""
        if found.page.text != self.text.text() or self._pause.isActive():
            return
        self.claims.replace(found.page)
        if found.first is not None:
            self.table.selectRow(0)
        self._record.forget()
        self._show(found.first)

    def others_changed(self) -> None:
        """Search again beside the window."""
        self.reading.look_again(self.search.again, self._take)

    def _take(self, found: tuple[str, list[SettlementLine]]) -> None:
        """Show what was found, unless something else is typed by now; the chosen record stays chosen."""
        text, lines = found
        if text != self.search.text or self._pause.isActive():
            return
        chosen, before = self._chosen, self._chosen_line()
        if self.claims.take(lines):
            if before is None and lines:
                self.table.selectRow(0)
            elif before != self._chosen_line() and not (self.reversal.isVisible() or self.corrections.isVisible()):
                self._has_turned = True
                self._read_chosen()
            return
        rows = [row for row, line in enumerate(self.search.lines) if chosen and is_same(line, chosen)]
        self.table.selectRow(rows[0] if rows else 0)

    def _chosen_line(self) -> SettlementLine | None:
        row = self.table.currentIndex().row()
        return self.search.lines[row] if 0 <= row < len(self.search.lines) else None

    def chosen(self) -> Settlement | None:
        """The selected record, whole; None while it is being read."""
        return None if self._has_turned else self._chosen

    def with_chosen(
        self,
        act: Callable[[Settlement], object],
        otherwise: Callable[[], object] = lambda: None,
        voucher_number: str = "",
    ) -> None:
        """Do something to the selected record, as soon as it is read.

        Args:
            otherwise: Called where there is none.
            voucher_number: The record that is meant; by default whichever is selected.
        """

        def do() -> None:
            chosen = self.chosen()
            if chosen is None:
                otherwise()
            elif voucher_number in ("", chosen.voucher_number):
                act(chosen)

        self.reading.after(lambda: self._read_chosen(do))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows in the line move through the list; Enter on a line shows its paper."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.text.hasFocus():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = max(0, min(self.claims.rowCount() - 1, self.table.currentIndex().row() + step))
            self.table.selectRow(row)
            return
        if event.key() in ENTER_KEYS and self.table.hasFocus():
            self._preview()
            return
        super().keyPressEvent(event)

    def _turn_to(self) -> None:
        """Another line is chosen: its record is read when the keyboard rests on it."""
        self._has_turned = True
        self._scroll_rest.start()

    def _read_chosen(self, then: Callable[[], object] | None = None) -> None:
        """Read the record of the chosen line beside the window.

        Args:
            then: Called when it is shown.
        """
        self._scroll_rest.stop()
        line = self._chosen_line()
        if line is None:
            self._show(None)
        if line is not None and self._has_turned:
            number = line.voucher_number
            self._record.ask(lambda: self.desk.ledger.settlement(number), self._show_read, self._failed, then)
        elif then is not None:
            then()

    def _show_read(self, settlement: Settlement) -> None:
        """Show a record that was read, unless the keyboard has gone on."""
        line = self._chosen_line()
        if self._has_turned and line is not None and is_same(line, settlement):
            self._show(settlement)

    def _show(self, settlement: Settlement | None) -> None:
        self._chosen, self._has_turned = settlement, False
        self._scroll_rest.stop()
        self.reversal.hide()
        self.corrections.hide()
        self.panel.show_settlement(settlement)

    def _preview(self) -> None:
        self.with_chosen(self.preview_wanted.emit)

    def _print(self) -> None:
        self.with_chosen(self.print_wanted.emit)

    def _show_numbers(self) -> None:
        """The record of it comes first: what cannot be recorded is not shown."""
        self.with_chosen(self._record_numbers_shown)

    def _record_numbers_shown(self, chosen: Settlement) -> None:
        def recorded(_what: object) -> None:
            if self._chosen is chosen:
                self.panel.show_numbers()

        self.work.act(_("正在登记…"), lambda: self.search.record_numbers_shown(chosen), recorded)

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def open_reversal(self) -> None:
        """Show what taking the selected record back would change, and ask for the reason."""
        self.with_chosen(self._open_reversal)

    def open_reversal_of(self, voucher_number: str) -> None:
        """The same where somebody came from elsewhere for one record; nothing, where another one is selected."""
        self.with_chosen(self._open_reversal, voucher_number=voucher_number)

    def _open_reversal(self, chosen: Settlement) -> None:
        if is_reversible(chosen):
            self.corrections.hide()
            self.reversal.open(chosen)

    def open_corrections(self) -> None:
        """Show the differences that are open for the person of the selected record."""
        self.with_chosen(self._open_corrections)

    def open_corrections_of(self, voucher_number: str) -> None:
        """The same where somebody came from elsewhere for one record; nothing, where another one is selected."""
        self.with_chosen(self._open_corrections, voucher_number=voucher_number)

    def _open_corrections(self, chosen: Settlement) -> None:
        self.reversal.hide()
        self.corrections.open(chosen.person_id, self._failed)

    def _reversed(self, mirror: Settlement) -> None:
        """Say that it is done, and offer to settle what it changed for others."""
        # It goes on record and on the paper, which are Chinese whatever the screen speaks.
        reason = f"{mirror.original_number} 已冲正"
        self.refresh(lambda: self.corrections.open(mirror.person_id, self._failed, reason, is_only_for_some=True))
        done = {"original": mirror.original_number, "number": mirror.voucher_number}
        self.notice.say(_("{original} 已冲正，冲正单号 {number}。").format(**done), "good")

    def _corrected(self, corrections: list[Settlement]) -> None:
        self.refresh(self.corrections.go_on)
        numbers = listed(correction.voucher_number for correction in corrections)
        self.notice.say(_("差额已更正，更正单号 {numbers}。").format(numbers=numbers), "good")
