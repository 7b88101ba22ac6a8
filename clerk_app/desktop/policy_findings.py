"""The right of 政策文件: what is wrong in a folder, or what its examples and the try-out gave, and who signs for it."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from clerk_app.counter.policy_installing import Examined, PolicyInstalling
from clerk_app.counter.policy_tryout import Comparison
from clerk_app.counter.policy_words import (
    ProblemRow,
    change_rows,
    comparison_words,
    document_words,
    example_rows,
    examples_words,
    listed_words,
    readings,
    try_out_words,
)
from clerk_app.desktop.fields import ChoiceBox, PasswordField
from clerk_app.desktop.pieces import Card, WholeLabel, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.wording import N_, _, filled

_CHANGES = (
    Column(N_("单据号"), 160),
    Column(N_("现行文件支付"), 120, is_amount=True, shares=True),
    Column(N_("新文件支付"), 120, is_amount=True, shares=True),
    Column(N_("差额"), 110, is_amount=True, shares=True),
)
_PROBLEMS = (Column(N_("文件"), 190), Column(N_("行"), 44), Column(N_("问题"), 300))


class SignatureLine(QWidget):
    """Who is signed in and the act that this name stands under; where it is asked for, the password once more."""

    #: With the password, empty where none is asked for.
    signed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.label = plain_label("", "fieldLabel")
        self.password = PasswordField()
        self.password.setAccessibleName(_("本人密码"))
        self.password.setPlaceholderText(_("本人密码"))
        self.password.setFixedWidth(scaled(150))
        self.note = plain_label("", "small", wraps=True)
        self.act = push_button(_("装入"), "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.note, 1)
        row.addWidget(self.label)
        row.addWidget(self.password)
        row.addWidget(self.act)
        self.act.clicked.connect(self._sign)
        self.password.returnPressed.connect(self.act.click)

    def ask(self, who: str, act: str, note: str, objection: str, *, asks_password: bool) -> None:
        """Offer an act.

        Args:
            objection: Why this user does not do it; the act is disabled then.
        """
        self.label.setText(who)
        self.act.setText(act)
        self.note.setText(objection or note)
        self.act.setEnabled(not objection)
        self.act.setToolTip(objection)
        self.password.clear()
        self.password.setVisible(asks_password and not objection)

    def _sign(self) -> None:
        password = self.password.text()
        self.password.clear()
        self.signed.emit(password)


class FindingsCard(Card):
    """One document as it was examined."""

    voucher_wanted = Signal(str)
    signed = Signal(str)

    def __init__(self, installing: PolicyInstalling) -> None:
        super().__init__(_("核对结果"))
        self._installing = installing
        self._comparisons: list[Comparison] = []
        self.facts, self.counts = WholeLabel(), WholeLabel()
        self.reading = ChoiceBox()
        self.reading.setAccessibleName(_("试算方式"))
        self.changes, self.problems = WordsModel(_CHANGES, self), WordsModel(_PROBLEMS, self)
        self.signature = SignatureLine()
        self.head.addWidget(self.reading)
        for label in (self.facts, self.counts):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.counts)
        #: The tables take what is left, so that the page does not jump with what they hold.
        self._tables = QVBoxLayout()
        self.body.addLayout(self._tables, 1)
        self.body.addStretch(0)
        self.body.addWidget(self.signature)
        self.reading.currentIndexChanged.connect(self._show_reading)
        self.signature.signed.connect(self.signed)
        self.forget()

    @cached_property
    def changes_table(self) -> QTableView:
        """What would change; made when there is something for the first time."""
        table = words_table(self.changes, _CHANGES, _("变化最大的单据"), least_rows=3)
        table.activated.connect(self._look_up)
        self._tables.insertWidget(0, table, 1)
        return table

    @cached_property
    def problems_table(self) -> QTableView:
        """What is wrong; made when there is something for the first time."""
        table = _problems_table(self.problems)
        self._tables.addWidget(table, 1)
        return table

    def forget(self) -> None:
        """Nothing is looked at."""
        self._show(_("选择放有新文件的文件夹并“检查并试算”，或在“待装入”中选一份核对。"))

    def show_problems(self, rows: list[ProblemRow]) -> None:
        """Show everything that is wrong in a folder."""
        self._show(_("发现 {count} 个问题，全部改正后再检查。").format(count=len(rows)))
        self._show_problem_rows(rows)

    def show_examined(self, examined: Examined) -> None:
        """Show a document: its examples, and when it was tried, what would change."""
        examples, *more = examples_words(examined.checked)
        if examined.is_tried:
            examples = f"{examples}　{try_out_words(examined.tried)}"
        self._show("\n".join((*document_words(examined), examples, *more)))
        self._show_problem_rows(example_rows(examined.checked))
        found = readings(examined.tried)
        self._comparisons = [reading.comparison for reading in found]
        self.reading.offer([(reading.title, place) for place, reading in enumerate(found)])
        self.reading.setVisible(bool(found))
        self._show_reading()
        if examined.may_be_signed:
            self._ask_for_signature(examined)

    def _ask_for_signature(self, examined: Examined) -> None:
        objection = self._installing.objection(examined)
        name = self._installing.desk.user.name
        if examined.proposal is None:
            who, note = _("提交人：{name}"), _("提交后由另一名人员登录，核对并装入。")
            act, asks_password = _("提交，待另一人装入"), False
        else:
            who, note = _("装入人：{name}"), _("装入后不能修改，只能由以后施行的新文件接续。请再输入一次本人的密码。")
            act, asks_password = _("装入"), True
        self.signature.ask(filled(who, {"name": name}), act, note, objection, asks_password=asks_password)
        self.signature.show()

    def _show(self, words: str) -> None:
        """Words, and nothing else yet."""
        self.signature.password.clear()
        self.facts.say(words)
        self._comparisons = []
        for widget in (self.reading, self.counts, self.signature):
            widget.hide()
        for name in {"changes_table", "problems_table"} & self.__dict__.keys():
            getattr(self, name).hide()

    def _show_problem_rows(self, rows: list[ProblemRow]) -> None:
        self.problems.show_rows(rows)
        if rows or "problems_table" in self.__dict__:
            self.problems_table.setVisible(bool(rows))

    def _show_reading(self, _index: int = 0) -> None:
        place = self.reading.value()
        if not isinstance(place, int) or place >= len(self._comparisons):
            return
        found = self._comparisons[place]
        words = [*comparison_words(found), listed_words(found)]
        self.counts.say("\n".join(line for line in words if line))
        self.counts.show()
        self.changes.show_rows(change_rows(found))
        self.changes_table.setVisible(bool(found.largest))

    def _look_up(self, index: QModelIndex) -> None:
        self.voucher_wanted.emit(self.changes.index(index.row(), 0).data())


def _problems_table(model: WordsModel) -> QTableView:
    """Problems are sentences: they wrap, and a row is as high as its sentence."""
    table = words_table(model, _PROBLEMS, _("问题"), least_rows=3)
    table.setWordWrap(True)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    return table
