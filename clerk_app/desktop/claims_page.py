"""我的申请: the claims that wait for whoever is signed in; open one, hand it in, give it back, withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.codes import Action, ClaimState
from clerk_app.counter.claims_desk import ClaimsDesk, ListedClaims
from clerk_app.counter.desk import Desk
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.colours import colours
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine
from clerk_app.wording import N_, _, sentence

if TYPE_CHECKING:
    from clerk_app.counter.claim_papers import CountedPaper


def _state_colour(line: ClaimLine) -> str:
    shown = colours()
    return {ClaimState.RETURNED: shown.careful, ClaimState.SUBMITTED: shown.muted}.get(line.state, "")


def _columns(in_hands: Callable[[ClaimLine], str]) -> tuple[Column[ClaimLine], ...]:
    return (
        Column(N_("受理号"), 190, lambda line: line.acceptance_number),
        Column(N_("姓名"), 256, lambda line: line.title or _("（未填姓名）")),
        Column(N_("状态"), 84, lambda line: _(line.state.term), colour=_state_colour),
        Column(N_("保存时间"), 136, lambda line: f"{line.saved_at:%Y-%m-%d %H:%M}"),
        Column(N_("录入人"), 110, lambda line: line.entered_name),
        Column(N_("正在办理"), 170, in_hands, colour=lambda _line: colours().careful),
        Column(N_("说明"), 0, lambda line: line.note),
    )


class ClaimsPage(QWidget):
    """The list, and below it what can be done to the chosen claim."""

    open_wanted = Signal(str)
    #: A claim, by its key, has been handed in, given back or withdrawn.
    moved = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.claims = ClaimsDesk(desk)
        self._has_read = False
        #: Who has claims open at other desks, by login, as it was read with the lines.
        self._names: Mapping[str, str] = {}
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.table: LinesTable[ClaimLine] = LinesTable(
            _columns(lambda line: self.claims.in_hands(line, self._names)), _("申请列表"), lambda line: line.act_key
        )
        self.model = self.table.model_of_lines
        is_checker = desk.may(Action.REVIEW)
        words = (
            _("已送初审的申请。打开核对后结算，或写明原因退回录入人。")
            if is_checker
            else _("没有结算的申请，录入时自动保存。打开后接着录入；送审后由复核人结算，退回后可以再改。")
        )
        head = QHBoxLayout()
        head.addWidget(plain_label(_("我的申请"), "pageTitle"))
        head.addSpacing(16)
        head.addWidget(plain_label(words, "small", wraps=True), 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.work)
        page.addWidget(self.table, 1)
        self.card = self._card(is_checker=is_checker)
        page.addWidget(self.card)
        self.work.busy.connect(Hold(self.card).set_on)
        self.work.failed.connect(self._failed)
        self.table.selectionModel().currentRowChanged.connect(self._show_chosen)
        self.table.doubleClicked.connect(self._open)
        self.table.near_end.connect(self._read_on)
        self.setFocusProxy(self.table)
        self.reading = Reading(self)
        self._show_chosen()
        self.refresh()

    def _card(self, *, is_checker: bool) -> Card:
        card = Card()
        self.chosen_words = plain_label("", "cardTitle")
        self.open_button = push_button(_("打开 Enter"))
        self.submit_button = push_button(_("送审"))
        self.receipt_button = push_button(_("受理回执"))
        self.missing_button = push_button(_("一次性告知书"))
        self.return_button = push_button(_("退回补正"))
        self.withdraw_button = push_button(_("撤销申请"), "danger")
        self.reason = TextField()
        self.reason.setPlaceholderText(_("写明要补正什么") if is_checker else _("撤销时填写，例如：本人取回票据"))
        grid = FieldGrid()
        grid.add_field(0, 0, _("退回原因") if is_checker else _("撤销原因"), self.reason)
        ending = Beside()
        ending.addLayout(grid, 1)
        ending.addWidget(BreakingRow(self.return_button, self.withdraw_button))
        across = Beside(spacing=40)
        across.addWidget(BreakingRow(self.open_button, self.submit_button, self.receipt_button, self.missing_button))
        across.addLayout(ending, 1)
        card.body.addWidget(self.chosen_words)
        card.body.addLayout(across)
        self.submit_button.setVisible(not is_checker)
        self.withdraw_button.setVisible(not is_checker)
        self.return_button.setVisible(is_checker)
        self.open_button.clicked.connect(self._open)
        self.submit_button.clicked.connect(self.submit)
        self.receipt_button.clicked.connect(self.show_receipt)
        self.missing_button.clicked.connect(self.show_missing)
        self.return_button.clicked.connect(self.give_back)
        self.withdraw_button.clicked.connect(self.withdraw)
        return card

    def refresh(self, act_key: str = "") -> None:
        """Read the claims again, beside the window; the one that was chosen stays so.

        Args:
            act_key: Of the claim that is to be chosen instead.
        """
        self.notice.say("")
        self.reading.ask(self.claims.read, lambda found: self._show_lines(found, act_key), self._failed)

    def _show_lines(self, found: ListedClaims, act_key: str) -> None:
        chosen = self.chosen()
        act_key = act_key or (chosen.act_key if chosen else "")
        self._has_read, self._names = True, found.names
        self.model.show(found.lines)
        row = next((row for row, line in enumerate(found.lines) if line.act_key == act_key), 0)
        self.table.selectRow(row)
        self._show_chosen()

    def others_changed(self) -> None:
        """Read the claims again, beside the window."""
        self.reading.look_again(self.claims.read, self._take_lines)

    def _take_lines(self, found: ListedClaims) -> None:
        """Show what was read; the chosen claim stays so, with the reason that is being typed for it."""
        self._names = found.names
        if self.model.goes_on(found.lines):
            return
        chosen, reason = self.chosen(), self.reason.text()
        self.model.show(found.lines)
        if chosen is None:
            self.table.selectRow(0)
            return
        row = next((row for row, line in enumerate(found.lines) if line.act_key == chosen.act_key), None)
        self.table.selectRow(0 if row is None else row)
        if row is not None and self.reason.isEnabled():
            self.reason.setText(reason)

    def _read_on(self) -> None:
        """The list is scrolled to its end: read what follows, beside the window."""
        if self.claims.lengthen(len(self.model.lines)):
            self.others_changed()

    def chosen(self) -> ClaimLine | None:
        """The selected claim."""
        return self.table.current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a line opens it."""
        if event.key() in ENTER_KEYS and self.table.hasFocus():
            self._open()
            return
        super().keyPressEvent(event)

    def _show_chosen(self) -> None:
        line = self.chosen()
        self.reason.clear()
        words = _("没有待办的申请。") if self._has_read else ""
        if line is not None:
            words = f"{line.acceptance_number}　{line.title}　{_(line.state.term)}"
        self.chosen_words.setText(words)
        for button, may in (
            (self.open_button, self.claims.may_open),
            (self.submit_button, self.claims.may_submit),
            (self.receipt_button, lambda _line: True),
            (self.missing_button, lambda _line: True),
            (self.return_button, self.claims.may_return),
            (self.withdraw_button, self.claims.may_withdraw),
        ):
            button.setEnabled(line is not None and may(line))
        self.reason.setEnabled(self.return_button.isEnabled() or self.withdraw_button.isEnabled())

    def _open(self) -> None:
        line = self.chosen()
        if line is not None and self.claims.may_open(line):
            self.open_wanted.emit(line.act_key)

    def show_receipt(self) -> None:
        """Show the acceptance receipt of the chosen claim."""
        from clerk_app.counter.claim_papers import AcceptancePaper

        self._show_paper(AcceptancePaper)

    def show_missing(self) -> None:
        """Show what is missing of the chosen claim, all at once."""
        from clerk_app.counter.claim_papers import OneTimePaper

        self._show_paper(OneTimePaper)

    def _show_paper(self, make: Callable[[Desk, ClaimLine], CountedPaper]) -> None:
        line = self.chosen()
        if line is None:
            return
        desk = self.claims.desk
        self.work.act(_("正在打开…"), lambda: make(desk, line), self._open_paper)

    def _open_paper(self, paper: CountedPaper) -> None:
        from clerk_app.desktop.paper_window import PaperWindow

        PaperWindow(paper, self).show()

    def submit(self) -> None:
        """Hand the chosen claim in for the first check."""
        self._move(self.claims.submit, _("{number} 已送审，等待复核人初审。"))

    def give_back(self) -> None:
        """Return the chosen claim to who entered it."""
        reason = self.reason.text()
        self._move(lambda line: self.claims.give_back(line, reason), _("{number} 已退回录入人。"))

    def withdraw(self) -> None:
        """Withdraw the chosen claim."""
        words = _("{number} 已撤销，没有结算；受理号保留。")
        reason = self.reason.text()
        self._move(lambda line: self.claims.withdraw(line, reason), words)

    def _move(self, act: Callable[[ClaimLine], ClaimLine], words: str) -> None:
        line = self.chosen()
        if line is None:
            return

        def moved(after: ClaimLine) -> None:
            self.moved.emit(after.act_key)
            self.refresh()
            self.notice.say(words.format(number=after.acceptance_number), "good")

        self.work.act(_("正在办理…"), lambda: act(line), moved)

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")
        if error.code == "reason_missing":
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
