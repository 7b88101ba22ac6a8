"""What is said across the top of a claim: what is in the way, what was settled, what was put aside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from clerk_app.counter.reading import Problem
from clerk_app.desktop.pieces import BannerStrip
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.ledger.records import Settlement, SettlementKind
from clerk_app.money import format_yuan
from clerk_app.wording import _


class ClaimStrips(QWidget):
    """Strips; each takes room only while it says something."""

    preview_wanted = Signal(object)
    print_wanted = Signal(object)
    save_wanted = Signal(object)
    restore_wanted = Signal()
    corrections_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.last_settlement: Settlement | None = None
        self.notice = BannerStrip("refusal")
        self.done = BannerStrip("good")
        self.aside = BannerStrip("note")
        self.restore_button = self.aside.add_button(_("恢复 Ctrl+R"))
        self.restore_button.clicked.connect(self.restore_wanted)
        self.news = BannerStrip("warning")
        self.unsaved = BannerStrip("warning")
        self.correct_button = self.done.add_button(_("办理更正"))
        self.correct_button.clicked.connect(partial(self._ask_for_paper, self.corrections_wanted))
        self._papers: list[tuple[QPushButton, str, str]] = []
        for words, keys, signal in (
            (_("预览"), "F8", self.preview_wanted),
            (_("打印"), "Ctrl+P", self.print_wanted),
            (_("保存 PDF"), "Ctrl+S", self.save_wanted),
        ):
            button = self.done.add_button(f"{words} {keys}")
            button.clicked.connect(partial(self._ask_for_paper, signal))
            self._papers.append((button, words, keys))
        #: What was settled last, in words; and whether the claim in hand is the next one.
        self._done_words, self._is_former = "", False
        #: What is under way; it shows itself after half a second.
        self.work = WorkStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._all = (self.notice, self.unsaved, self.news, self.done, self.aside)
        for strip in self._all:
            column.addWidget(strip)
            strip.shown_or_hidden.connect(self._fit)
        column.addWidget(self.work)
        self.work.shown_or_hidden.connect(self._fit)
        self._fit()

    def show_settled(self, settlement: Settlement, differences: str = "") -> None:
        """Say what was settled, and offer its papers; say what it leaves to correct, and offer that."""
        self.last_settlement = settlement
        self.aside.say("")
        what = _("已登记不予支付") if settlement.kind is SettlementKind.REFUSAL else _("已结算")
        words = _("{what}　单据号 {number}　{name}　统筹支付 {fund} 元　个人负担 {person} 元")
        said = words.format(
            what=what,
            number=settlement.voucher_number,
            name=settlement.person.name,
            fund=format_yuan(settlement.fund_fen, separators=True),
            person=format_yuan(settlement.person_fen, separators=True),
        )
        self.correct_button.setVisible(bool(differences))
        self._done_words, self._is_former = "\n".join(filter(None, (said, differences))), False
        self._say_done()

    def show_as_former(self, is_former: bool) -> None:
        """Say of what was settled that it is the claim before, as soon as the next one is in hand.

        The keys of its papers mean the claim in hand then; the buttons still have them.
        """
        if is_former != self._is_former and self.done.text():
            self._is_former = is_former
            self._say_done()

    def _say_done(self) -> None:
        former = _("上一份：{words}").format(words=self._done_words)
        self.done.say(former if self._is_former else self._done_words, "note" if self._is_former else "good")
        for button, words, keys in self._papers:
            button.setText(words if self._is_former else f"{words} {keys}")

    def show_news(self, words: str) -> None:
        """Say which vouchers would change; what was settled before makes room."""
        if self.news.text() != words:
            if words:
                self.done.say("")
            self.news.say(words)

    def show_obstacles(self, problems: Sequence[Problem]) -> None:
        """Say the first thing that bars the settlement, and how many there are; nothing when nothing does."""
        words = problems[0].sentence if problems else ""
        if len(problems) > 1:
            words = _("{first}（共 {count} 处需要补充或更正）").format(first=words, count=len(problems))
        if words:
            # What is said under the fields needs the room; the papers of what was settled before are in the search.
            self.done.say("")
        self.notice.say(words, "refusal")

    def _fit(self) -> None:
        self.setVisible(any(strip.text() for strip in self._all) or not self.work.isHidden())

    def _ask_for_paper(self, signal: SignalInstance) -> None:
        if self.last_settlement is not None:
            signal.emit(self.last_settlement)
