"""复核: the queue of whoever checks, what is to be known of the line in hand, and the verdicts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.counter.review_desk import HandedIn, Record, ReviewDesk, Waiting
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.colours import colours
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import PasswordField, TextField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import Banners, BannerStrip, Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.settlement_panel import SettlementPanel
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, filled, sentence

#: The head of the queue and six lines.
_FEWEST_PIXELS = 212
#: Of the record in hand, at the usual size of type; else it stands above the verdict.
_PANEL_WIDTH = 380
#: So long the record of the line before stands there, so that the page does not flicker while one goes down the list.
_PATIENCE_MS = 150


class ReviewPage(QWidget):
    """The list above; below it the line in hand, and beside that what is done with it."""

    open_wanted = Signal(str)
    preview_wanted = Signal(object)
    reversal_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.review = ReviewDesk(desk)
        self._settlement: Settlement | None = None
        self._has_read = self._is_shown_anew = False
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.table: LinesTable[Waiting] = LinesTable(
            self._columns(), _("待复核列表"), lambda line: line.number, left_out=(Qt.Key.Key_Space, Qt.Key.Key_Delete)
        )
        EmptyWords(self.table, _("没有等待复核的单据和申请。"))
        self.flags = Banners(most=4)
        self.panel = SettlementPanel()
        for button in (self.panel.print_button, self.panel.correct_button, self.panel.reverse_button):
            button.hide()
        self.panel.year_card_button.hide()
        self.panel.numbers_button.hide()
        head = QHBoxLayout()
        head.addWidget(plain_label(_("复核"), "pageTitle"))
        head.addSpacing(16)
        words = _("待初审的申请按 Enter 打开核对后结算；待复核的单据用空格标为通过，用 Del 退回，最后一次提交。")
        head.addWidget(plain_label(words, "small", wraps=True), 1)
        detail = QVBoxLayout()
        detail.setSpacing(6)
        detail.addWidget(self.flags)
        detail.addWidget(self.panel, 1)
        below = Beside()
        below.add_block(detail, 7, least=scaled(_PANEL_WIDTH))
        below.addWidget(self._verdict_card(), 4)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.work)
        # The working of a long record, which scrolls, would take all but one line of the queue.
        self.table.setMinimumHeight(scaled(_FEWEST_PIXELS))
        page.addWidget(self.table, 4)
        page.addLayout(below, 5)
        self.table.selectionModel().currentRowChanged.connect(self._turn_to)
        self.table.doubleClicked.connect(self._open)
        self.panel.preview_button.clicked.connect(self.preview)
        self.work.failed.connect(self._failed)
        self.work.busy.connect(self._lock)
        self.work.busy.connect(Hold(self).set_on)
        self.setFocusProxy(self.table)
        self.reading, self._record = Reading(self), Reading(self)
        #: Where the record of a line is long in coming, none is shown: it would be that of another line.
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._show_none(_("正在读取…")))
        self._show_chosen()
        self.refresh()

    def _columns(self) -> tuple[Column[Waiting], ...]:
        return (
            Column(N_("环节"), 150, lambda line: line.step, colour=_colour),
            Column(N_("单号"), 172, lambda line: line.number),
            Column(N_("姓名"), 252, lambda line: line.name or _("（未填姓名）")),
            Column(N_("录入人"), 120, lambda line: line.entered_by),
            Column(N_("送审/结算时间"), 140, lambda line: f"{line.at:%Y-%m-%d %H:%M}"),
            Column(N_("统筹支付"), 104, _amount, is_amount=True),
            Column(N_("结论"), 0, self._verdict_words, colour=self._verdict_colour),
        )

    def _verdict_card(self) -> Card:
        card = Card(_("结论"))
        self.words = plain_label("", "muted", wraps=True)
        self.pass_button = push_button(_("通过  空格"))
        self.return_button = push_button(_("退回  Del"), "danger")
        self.reverse_button = push_button(_("去冲正…"))
        self.reason = TextField()
        self.reason.setPlaceholderText(_("退回时写明原因，例如：票据日期与病历不符"))
        self.password = PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.hand_in_button = push_button(_("提交复核  F9"), "primary")
        grid = FieldGrid()
        grid.add_field(0, 0, _("退回原因"), self.reason)
        grid.add_field(1, 0, _("密码"), self.password)
        grid.setColumnStretch(1, 1)
        self.marked = plain_label("", "cardTitle", wraps=True)
        card.body.addWidget(self.words)
        card.body.addWidget(BreakingRow(self.pass_button, self.return_button, self.reverse_button))
        card.body.addLayout(grid)
        card.body.addStretch(1)
        card.body.addWidget(self.marked)
        card.body.addWidget(self.hand_in_button)
        self.pass_button.clicked.connect(self.mark_passed)
        self.return_button.clicked.connect(self.mark_returned)
        self.reverse_button.clicked.connect(self._reverse)
        self.reason.returnPressed.connect(self.mark_returned)
        self.password.returnPressed.connect(self.hand_in)
        self.hand_in_button.clicked.connect(self.hand_in)
        return card

    def refresh(self) -> None:
        """Read the queue again, beside the window; the line in hand stays in hand."""
        self.reading.ask(self.review.read, self._show_lines, self._say)

    def _show_lines(self, found: list[Waiting]) -> None:
        self._has_read = True
        self.review.forget_gone(found)
        self._is_shown_anew = True
        self.table.show_lines(found)
        self._is_shown_anew = False
        self._show_chosen()

    def others_changed(self) -> None:
        """Somebody has done something: read the queue again beside the window."""
        if not self.work.is_busy():
            self.reading.look_again(self.review.read, self._take)

    def _take(self, found: list[Waiting]) -> None:
        """Show what was read, if it is another queue than the one that is shown; what is typed stays."""
        if found != self.table.lines() and not self.work.is_busy():
            self._show_lines(found)

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    # --- What is done -------------------------------------------------------------------------------------------

    def mark_passed(self) -> None:
        """Mark the line in hand as in order, and go on to the next; or take the mark back."""
        line = self.table.current()
        if line is None or self.work.is_busy():
            return
        try:
            self.review.mark_passed(line)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self._marked(line)

    def mark_returned(self) -> None:
        """Mark the line in hand as not in order, with the reason; without one, ask for it."""
        line = self.table.current()
        if line is None or self.work.is_busy():
            return
        verdict = self.review.verdict(line)
        if verdict is not None and not verdict.passes and not self.reason.text().strip():
            self.review.unmark(line)
            self._marked(line, moves_on=False)
            return
        try:
            self.review.mark_returned(line, self.reason.text())
        except ClerkError as error:
            if error.code == "reason_missing" and not self.reason.hasFocus():
                self.notice.say(_("请写明退回的原因，再按 Enter。"), "note")
            else:
                self.notice.say(sentence(error), "refusal")
            if error.code == "reason_missing":
                self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._marked(line)

    def hand_in(self) -> None:
        """Record the marks; the password's hash is made beside the window."""
        if self.work.is_busy():
            return
        password, lines = self.password.text(), self.table.lines()
        if not (self.review.marked().passed or self.review.marked().returned):
            self.notice.say(sentence(ClerkError("nothing_marked")), "note")
            return
        if not password:
            self.notice.say(_("请输入本人的登录密码，再提交。"), "note")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.password.clear()
        self.notice.say("")
        self.work.act(_("正在提交…"), lambda: self.review.hand_in(lines, password), self._handed_in)

    def preview(self) -> None:
        """Show the papers of the line in hand."""
        self.with_chosen(self.preview_wanted.emit)

    def chosen(self) -> Settlement | None:
        """The record in hand; None for a claim, and while it is being read."""
        return self._settlement

    def with_chosen(self, act: Callable[[Settlement], object], otherwise: Callable[[], object] = lambda: None) -> None:
        """Do something to the record in hand, as soon as it is read.

        Args:
            otherwise: Called where there is none.
        """

        def do() -> None:
            if self._settlement is not None:
                act(self._settlement)
            else:
                otherwise()

        self.reading.after(lambda: self._record.after(do))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space passes, Del gives back, Enter opens; Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.table.hasFocus():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self.mark_passed()
        elif event.key() == Qt.Key.Key_Delete:
            self.mark_returned()
        elif event.key() in ENTER_KEYS:
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        line = self.table.current()
        if line is None:
            return
        if line.claim is not None:
            self.open_wanted.emit(line.claim.act_key)
        else:
            self.panel.working.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reverse(self) -> None:
        line = self.table.current()
        if line is not None and line.settled is not None:
            self.reversal_wanted.emit(line.number)

    def _marked(self, line: Waiting, *, moves_on: bool = True) -> None:
        self.notice.say("")
        self.reason.clear()
        row = self.table.currentIndex().row()
        self.table.viewport().update()
        self._offer()
        if moves_on and self.review.verdict(line) is not None and row + 1 < len(self.table.lines()):
            self.table.selectRow(row + 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _handed_in(self, done: HandedIn) -> None:
        self.refresh()
        words = _("已提交：通过 {passed} 张，退回 {returned} 张。退回的单据请冲正后重新办理。")
        if not done.returned:
            words = _("已提交：通过 {passed} 张，可以支付。")
        self.notice.say(filled(words, {"passed": done.passed, "returned": done.returned}), "good")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: ClerkError) -> None:
        self.refresh()
        self.notice.say(sentence(error), "refusal")
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- What is shown ------------------------------------------------------------------------------------------

    def _turn_to(self) -> None:
        """Another line is in hand: what was said of the former one is over."""
        if not self._is_shown_anew:
            self.notice.say("")
            self._show_chosen()

    def _show_chosen(self) -> None:
        line = self.table.current()
        self._settlement = None
        words = _("没有等待复核的单据和申请。") if self._has_read else ""
        if line is not None:
            words = filled(_("{step}　{number}　{name}"), {"step": line.step, "number": line.number, "name": line.name})
            if line.claim is not None:
                words += "\n" + _("按 Enter 打开，核对无误后由您结算；有问题的写明原因退回录入人。")
            elif line.is_objected:
                words += "\n" + _("复核没有通过。请冲正，票据可以重新受理。")
        self.words.setText(words)
        self._offer()
        if line is None or line.settled is None:
            self._record.forget()
            self._show_none(_("还没有结算") if line is not None else "")
            return
        waiting = line
        self._patience.start()
        self._record.ask(lambda: self.review.record(waiting), self._show_record, self._not_read)

    def _show_record(self, record: Record) -> None:
        """Show what is to be known of the line in hand."""
        line = self.table.current()
        if line is None or line.number != record.settlement.voucher_number:
            return
        self._patience.stop()
        self._settlement = record.settlement
        self.flags.show_all([(str(weight), said) for weight, said in record.flags])
        self.panel.show_settlement(self._settlement)

    def _not_read(self, error: ClerkError) -> None:
        self._show_none("")
        self._say(error)

    def _show_none(self, words: str) -> None:
        """Show no record, and why there is none."""
        self._patience.stop()
        line = self.table.current()
        self.flags.show_all(())
        self.panel.show_settlement(None)
        if line is not None:
            self.panel.title.setText(f"{line.number}　{words}")
        elif not self._has_read:
            self.panel.title.setText("")

    def _offer(self) -> None:
        line = self.table.current()
        is_busy = self.work.is_busy()
        is_open = line is not None and not line.is_objected and not is_busy
        self.pass_button.setEnabled(is_open and line is not None and line.claim is None)
        self.return_button.setEnabled(is_open)
        self.reason.setEnabled(is_open)
        self.reverse_button.setVisible(line is not None and line.is_objected)
        marked = self.review.marked()
        self.hand_in_button.setEnabled(not is_busy)
        words = _("已标通过 {passed} 张，退回 {returned} 张")
        self.marked.setText(filled(words, {"passed": marked.passed, "returned": marked.returned}))

    def _lock(self, _is_busy: bool) -> None:
        self._offer()

    def _verdict_words(self, line: Waiting) -> str:
        verdict = self.review.verdict(line)
        if verdict is None:
            return ""
        return _("通过") if verdict.passes else _("退回：{reason}").format(reason=verdict.reason)

    def _verdict_colour(self, line: Waiting) -> str:
        verdict = self.review.verdict(line)
        return colours().good if verdict is not None and verdict.passes else colours().bad


def _colour(line: Waiting) -> str:
    return colours().bad if line.is_objected else colours().accent if line.claim is not None else ""


def _amount(line: Waiting) -> str:
    return "" if line.amount_fen is None else format_yuan(line.amount_fen, separators=True)
