"""Why a receipt pays what it pays: its steps with their articles, and beside them what to watch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from clerk_app.counter.banners import Banner
from clerk_app.counter.claim_entry import ExplainedStep
from clerk_app.counter.draft import ReviewDraft
from clerk_app.counter.reading import Place
from clerk_app.desktop.fields import CodeField, PasswordField, TextField, tip
from clerk_app.desktop.pieces import Banners, Card, FieldGrid, plain_label
from clerk_app.desktop.what_if_switches import WhatIfSwitches
from clerk_app.wording import _

_MOST_STEPS = 16


class ExplanationPanel(Card):
    """The working of the selected receipt at the left; the review and banners at the right."""

    review_typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = plain_label("", "cardTitle")
        self._lines: list[tuple[QLabel, QLabel]] = []
        steps = QWidget()
        grid = QGridLayout(steps)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        for row in range(_MOST_STEPS):
            words, article = plain_label("", "step", wraps=True), plain_label("", "small")
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(words, row, 0)
            grid.addWidget(article, row, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self._lines.append((words, article))
        grid.setRowStretch(_MOST_STEPS, 1)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self.title)
        self.none = plain_label(_("录入票据后，这里逐步列出金额怎样算出，每一步依据哪一条。"), "muted", wraps=True)
        left.addWidget(self.none)
        left.addWidget(_scrolled(steps), 1)
        self._build_review()
        self.banners = Banners()
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.review)
        self.alternatives = WhatIfSwitches()
        column.addWidget(self.alternatives)
        column.addWidget(self.banners)
        column.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addLayout(left, 3)
        across.addWidget(_scrolled(beside), 2)
        self.body.addLayout(across, 1)
        self.show_steps(_("计算过程"), ())
        self.show_banners(())

    def _build_review(self) -> None:
        """复核: who accepts what was flagged, and why."""
        self.review = QWidget()
        self.review_grid = FieldGrid()
        self.review_grid.setContentsMargins(0, 0, 0, 4)
        self.review.setLayout(self.review_grid)
        self.reviewer, self.password, self.reason = CodeField(), PasswordField(), TextField()
        self.reviewer.setPlaceholderText(_("用户名"))
        self.review_grid.add_field(0, 0, _("复核人"), self.reviewer, Place("review", 0, "login"))
        self.review_grid.add_field(0, 1, _("密码"), self.password, Place("review", 0, "password"))
        self.review_grid.add_field(0, 2, _("复核理由"), self.reason, Place("review", 0, "reason"))
        for column, stretch in ((1, 4), (3, 4), (5, 5)):
            self.review_grid.setColumnStretch(column, stretch)
        for field in (self.reviewer, self.password, self.reason):
            field.textEdited.connect(self.review_typed)
        self.review.hide()

    def ask_checker(self, name: str) -> None:
        """Ask whoever is signed in for reason and password, or again anybody who is named; empty for that."""
        self.reviewer.setEnabled(not name)
        self.reviewer.setPlaceholderText(name or _("用户名"))

    def take_review(self, draft: ReviewDraft) -> None:
        """Copy the review's fields into the draft, all but the password."""
        draft.login, draft.reason = self.reviewer.text(), self.reason.text()

    def show_review(self, draft: ReviewDraft) -> None:
        """Show the review's fields as the draft has them; the password is typed anew."""
        self.password.clear()
        self.reviewer.setText(draft.login)
        self.reason.setText(draft.reason)

    def show_steps(self, title: str, steps: Sequence[ExplainedStep]) -> None:
        """Show the working of one line."""
        self.title.setText(title)
        self.none.setVisible(not steps)
        for place, (words, article) in enumerate(self._lines):
            step = steps[place] if place < len(steps) else None
            for label, text in ((words, step.words if step else ""), (article, step.article if step else "")):
                if label.text() != text:
                    label.setText(text)
                label.setVisible(bool(text))
            article.setToolTip(tip(step.in_full) if step else "")

    def show_banners(self, banners: Sequence[Banner]) -> None:
        """Show what to watch."""
        self.banners.show_all([(banner.weight.value, banner.words) for banner in banners])

    def text(self) -> str:
        """Everything shown, for whoever reads it aloud."""
        lines = [f"{words.text()} {article.text()}".strip() for words, article in self._lines]
        return "\n".join(line for line in lines if line)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    area.setAccessibleName(_("说明"))
    return area
