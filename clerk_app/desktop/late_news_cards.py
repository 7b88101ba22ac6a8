"""Late news beside a record: a reversal with what it would change, and the differences that are left to settle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea

from clerk_app.counter.desk import Desk
from clerk_app.counter.late_news import LateNews, Reversal, news_words, open_words
from clerk_app.counter.second_person import Reviewer
from clerk_app.desktop.fields import CodeField, PasswordField, TextField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, plain_label, push_button, takes_enter
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.effects import Effect
from clerk_app.ledger.records import Settlement
from clerk_app.wording import _, sentence

#: Three lines, in pixels at the usual size of type; more of them scroll.
_NEWS_HEIGHT = 60


class _ActCard(Card):
    """A card that is opened for an act: Enter moves through it, Escape puts it away."""

    notice: BannerStrip
    #: It was put away, and the act was not done.
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As in a form, but Enter alone neither does the act nor gives it up: it may be one too many."""
        focus = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() in ENTER_KEYS and isinstance(focus, QPushButton):
            self.notice.say(_("看清影响后，按空格键确认；按 Esc 取消。"), "note")
        elif not takes_enter(self, event):
            super().keyPressEvent(event)

    def put_away(self) -> None:
        """Do nothing."""
        self.hide()
        self.left.emit()


class ReversalCard(_ActCard):
    """冲正: what it would change for later settlements, the reason, and the confirmation."""

    reversed_now = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("冲正"))
        self.of = plain_label("", "muted")
        self.head.insertWidget(1, self.of)
        self.desk = desk
        self._reversal: Reversal | None = None
        self.reading = Reading(self)
        self.notice = BannerStrip("refusal")
        self.work = _work_of(self, self._failed)
        self.body.addWidget(self.notice)
        self.news = _words_area(self)
        grid = FieldGrid()
        self.reason = TextField()
        grid.add_field(0, 0, _("冲正原因"), self.reason)
        self.body.addLayout(grid)
        words = _("冲正后原单据保留，另记一张负数单据，当年起付线和限额随之恢复，票据可以重新受理。")
        self.body.addWidget(plain_label(words, "small", wraps=True))
        self.confirm = push_button(_("确认冲正"), "danger")
        self.cancel = push_button(_("取消 Esc"))
        _add_buttons(self, self.confirm, self.cancel)
        self.confirm.clicked.connect(self._reverse)
        self.cancel.clicked.connect(self.put_away)
        self.hide()

    def open(self, settlement: Settlement) -> None:
        """Show what taking a settlement back would change, and ask for the reason."""
        # The key is made when the act is opened, so that pressing twice reverses once.
        self._reversal = Reversal(self.desk, settlement.voucher_number)
        self.of.setText(settlement.voucher_number)
        self.notice.say("")
        self.reason.clear()
        self.news.setText(_("正在计算对其他单据的影响…"))
        # Nobody confirms what is not on the screen yet.
        self.confirm.setEnabled(False)
        news, number = LateNews(self.desk, settlement.person_id), settlement.voucher_number
        self.reading.ask(lambda: news.of_reversal(number), self._show_effects, self._show_unknown)
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_effects(self, effects: tuple[Effect, ...]) -> None:
        self.news.setText(news_words(effects))
        self.confirm.setEnabled(True)

    def _show_unknown(self, error: ClerkError) -> None:
        self.news.setText(_("对其他单据的影响无法算出：{why}").format(why=sentence(error)))
        self.confirm.setEnabled(True)

    def _reverse(self) -> None:
        reversal, reason = self._reversal, self.reason.text()
        if reversal is not None:
            self.work.act(_("正在冲正…"), lambda: reversal.reverse(reason), self.reversed_now.emit)

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")


class CorrectionsCard(_ActCard):
    """更正差额: what is open for a person, who accepts it, and the corrections."""

    corrected = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("更正差额"))
        self.desk = desk
        self._news: LateNews | None = None
        #: What an act did that the page is to show first.
        self._outcome: _Corrected | None = None
        self.reading = Reading(self)
        self.notice = BannerStrip("refusal")
        self.work = _work_of(self, self._failed)
        self.body.addWidget(self.notice)
        self.news = _words_area(self)
        grid = FieldGrid()
        self.reason, self.review_reason = TextField(), TextField()
        self.reviewer, self.password = CodeField(), PasswordField()
        self.reviewer.setPlaceholderText(_("另一名人员的用户名"))
        grid.add_field(0, 0, _("更正原因"), self.reason)
        grid.add_field(1, 0, _("复核人"), self.reviewer)
        grid.add_field(2, 0, _("密码"), self.password)
        grid.add_field(3, 0, _("复核理由"), self.review_reason)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        self.confirm = push_button(_("办理更正"), "danger")
        self.later = push_button(_("以后再办 Esc"))
        _add_buttons(self, self.confirm, self.later)
        self.confirm.clicked.connect(self._correct)
        self.later.clicked.connect(self.put_away)
        self.hide()

    def open(
        self,
        person_id: int,
        failed: Callable[[ClerkError], object],
        reason: str = "",
        *,
        is_only_for_some: bool = False,
    ) -> None:
        """Show what is open for a person; it is worked out beside the window.

        Args:
            failed: Is told what the policy or the engine objects to; the card is not shown then.
            is_only_for_some: Whether the card is shown only where there is a difference.
        """
        self._news = news = LateNews(self.desk, person_id)
        self.notice.say("")
        for field, text in (
            (self.reason, reason),
            (self.reviewer, ""),
            (self.password, ""),
            (self.review_reason, ""),
        ):
            field.setText(text)
        self.news.setText(_("正在计算差额…"))
        self.confirm.setEnabled(False)
        self.setVisible(not is_only_for_some)

        def show(effects: tuple[Effect, ...]) -> None:
            if effects or not is_only_for_some:
                self._show(effects)

        def not_known(error: ClerkError) -> None:
            self.hide()
            failed(error)

        self.reading.ask(news.open, show, not_known)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves it does not want it back with what is still being worked out."""
        super().hideEvent(event)
        self.reading.forget()

    def _show(self, effects: tuple[Effect, ...]) -> None:
        self.news.setText(open_words(effects))
        self.confirm.setEnabled(any(effect.has_same_figures for effect in effects))
        self.show()
        if self.confirm.isEnabled():
            target = self.reviewer if self.reason.text() else self.reason
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _correct(self) -> None:
        """Settle every difference that can be; what fails leaves those before it done, and the form as it was typed."""
        if self._news is None:
            return
        news, reason = self._news, self.reason.text().strip()
        reviewer = Reviewer(self.reviewer.text(), self.password.text(), self.review_reason.text())
        self.password.clear()
        self.work.act(_("正在更正…"), lambda: _corrected(news, reason, reviewer), self._show_corrected)

    def _show_corrected(self, found: _Corrected) -> None:
        self._outcome = found
        if found.done:
            self.corrected.emit(found.done)
        else:
            self.go_on()

    def go_on(self) -> None:
        """Show what is left, or why there is no more, behind what the page has to show of what was done."""
        found, self._outcome = self._outcome, None
        if found is None:
            return
        if found.failure is not None:
            self._failed(found.failure)
            self.show()
            return
        self.notice.say("")
        if found.left:
            self._show(found.left)
        else:
            self.hide()

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")


@dataclass(frozen=True, slots=True)
class _Corrected:
    """The corrections that were made, why there are no more, and what is left to correct."""

    done: list[Settlement]
    failure: ClerkError | None
    left: tuple[Effect, ...]


def _corrected(news: LateNews, reason: str, reviewer: Reviewer) -> _Corrected:
    done: list[Settlement] = []
    try:
        for correction in news.correct_all(reason, reviewer):
            done.append(correction)  # noqa: PERF402 -- what is done before a failure counts
        return _Corrected(done, None, news.open())
    except ClerkError as error:
        return _Corrected(done, error, ())


def _work_of(card: Card, failed: Callable[[ClerkError], None]) -> WorkStrip:
    """What is under way on a card; nothing is typed there meanwhile."""
    work = WorkStrip()
    work.busy.connect(Hold(card).set_on)
    work.failed.connect(failed)
    card.body.addWidget(work)
    return work


def _words_area(card: Card) -> QLabel:
    """Words that may be long, in an area that scrolls."""
    words = plain_label("", wraps=True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    area = QScrollArea()
    area.setWidget(words)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.viewport().setAutoFillBackground(False)
    area.setMinimumHeight(scaled(_NEWS_HEIGHT))
    area.setAccessibleName(_("对其他单据的影响"))
    card.body.addWidget(area, 1)
    return words


def _add_buttons(card: Card, *buttons: QPushButton) -> None:
    row = QHBoxLayout()
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    card.body.addLayout(row)
