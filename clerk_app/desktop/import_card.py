"""导入: a card on the page of exports, where claims and the platform's figures come in from Excel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.importing import Import
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import Card, plain_label, push_button
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.documents.import_sheets import BENEFITS, CLAIMS, ImportForm, Outcome, write_template
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _, sentence

#: Beside the file that was read, what became of its rows.
_BACK = "-导入结果"


class ImportCard(Card):
    """Write a template, or read a filled one."""

    #: A sentence and its weight, for the page to say.
    said = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("从 Excel 导入"))
        self.desk = desk
        self.form = ChoiceBox([(_("申请（每行一张票据）"), CLAIMS), (_("平台已享受"), BENEFITS)])
        self.form.setAccessibleName(_("导入内容"))
        self.template = push_button(_("写出模板…"))
        self.begin = push_button(_("导入…"))
        self.work = WorkStrip()
        row = Beside()
        row.addWidget(BreakingRow(self.form, self.template, self.begin, spacing=6))
        row.addWidget(self.work, 1)
        row.addStretch(0)
        self.body.addLayout(row)
        words = _(
            "请用程序写出的模板填写。逐行登记：通过的申请进入待办理，未通过的写明原因；结果写在原文件旁边。"
            "同一张票据重复导入不会重复登记，改正后可以再次导入。"
        )
        self.body.addWidget(plain_label(words, "small", wraps=True))
        self.template.clicked.connect(self._ask_where_to_write)
        self.begin.clicked.connect(self._ask_what_to_read)
        self.work.busy.connect(self._lock)
        self.work.failed.connect(self._fail)
        self.work.cancelled.connect(self._cancel)
        # Shown before it has its page, it would be a window of its own for a moment and take the keyboard.
        if not desk.may(Action.ENTER):
            self.hide()

    def write(self, target: Path) -> None:
        """Write an empty form."""
        form, at = self._form(), self.desk.now().replace(tzinfo=None, microsecond=0)
        words = _("已写出模板：{file}").format(file=target)
        self.work.begin(
            _("正在写出模板…"),
            lambda _progress: write_template(form, target, at),
            lambda _what: self.said.emit(words, "good"),
            stops=False,
        )

    def read(self, source: Path) -> None:
        """Record the rows of a file beside the window."""
        form, back = self._form(), source.with_name(f"{source.stem}{_BACK}.xlsx")

        def work(progress: Progress) -> tuple[Outcome, ...]:
            return Import(self.desk, form).run(source, back, progress)

        def say(outcomes: tuple[Outcome, ...]) -> None:
            accepted = sum(outcome.is_accepted for outcome in outcomes)
            new = sum(outcome.is_new for outcome in outcomes)
            words = _("共 {rows} 行：接受 {accepted} 行（其中新增 {new} 行），拒绝 {refused} 行。逐行结果：{file}")
            refused = len(outcomes) - accepted
            told = words.format(rows=len(outcomes), accepted=accepted, new=new, refused=refused, file=back)
            self.said.emit(told, "refusal" if refused else "good")

        self.said.emit("", "note")
        self.work.begin(_("正在导入"), work, say)

    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return self.work.is_busy()

    def _form(self) -> ImportForm:
        form = self.form.value()
        assert isinstance(form, ImportForm)
        return form

    def _lock(self, is_busy: bool) -> None:
        for widget in (self.form, self.template, self.begin):
            widget.setDisabled(is_busy)

    def _fail(self, error: ClerkError) -> None:
        self.said.emit(sentence(error), "refusal")

    def _cancel(self) -> None:
        self.said.emit(_("已取消。已登记的行保留，再次导入会接着登记其余的行。"), "note")

    def _ask_where_to_write(self) -> None:
        dialog = QFileDialog(self, _("写出模板"), str(Path.home()), "Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{self._form().name}导入模板.xlsx")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def _ask_what_to_read(self) -> None:
        dialog = QFileDialog(self, _("导入"), str(Path.home()), "Excel (*.xlsx)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()
