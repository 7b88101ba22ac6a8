"""The bank's files beside its list: written for it, read back from it, and the list on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.desktop.breaking_rows import Beside, BreakingRow, together
from clerk_app.desktop.fields import ChoiceBox, PasswordField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.pieces import plain_label, push_button, role_may_not
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PaymentList
from clerk_app.wording import _, sentence

if TYPE_CHECKING:
    from clerk_app.counter.bank_files import BankFiles
    from clerk_app.documents.bank_file import Answer
    from clerk_app.documents.bank_format import BankFormat

#: In pixels at the usual size of type; the names of the formats are read later.
_FORMAT_WIDTH = 200


class BankStrip(QWidget):
    """A bank's format, and what is exchanged in it for the list in hand.

    Args:
        chosen_list: The list in hand; None for none.
        password: Where whoever is signed in types the password; a file that leaves the office asks for it.
    """

    said = Signal(str, str)
    #: What a file says of the list in hand, by place; nothing is recorded yet.
    answered = Signal(object)

    def __init__(self, desk: Desk, chosen_list: Callable[[], PaymentList | None], password: PasswordField) -> None:
        super().__init__()
        self.desk = desk
        self._chosen_list = chosen_list
        self._password = password
        #: With the formats; None as long as they are not read.
        self._files: BankFiles | None = None
        self._reading = Reading(self)
        self.bank = ChoiceBox([])
        self.bank.setAccessibleName(_("银行格式"))
        self.bank.setMinimumWidth(scaled(_FORMAT_WIDTH))
        self.write_button = push_button(_("写报盘文件…"))
        self.read_button = push_button(_("读回盘文件…"))
        self.paper_button = push_button(_("打印清单…"))
        row = Beside()
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        format_ = together(plain_label(_("银行格式"), "muted"), self.bank)
        row.addWidget(BreakingRow(format_, self.write_button, self.read_button, self.paper_button))
        for button, action in (
            (self.write_button, Action.EXPORT),
            (self.read_button, Action.PAY),
            (self.paper_button, Action.PRINT),
        ):
            if not desk.may(action):
                button.setEnabled(False)
                button.setToolTip(role_may_not(action))
        self.work = WorkStrip()
        self.work.busy.connect(Hold(self, self.work).set_on)
        self.work.failed.connect(self._failed)
        row.addStretch(1)
        row.addWidget(self.work, 2)
        self.write_button.clicked.connect(self._ask_where_to_write)
        self.read_button.clicked.connect(self._ask_what_to_read)
        self.paper_button.clicked.connect(self.show_paper)

    def showEvent(self, event: QShowEvent) -> None:
        """The formats are read beside the window when the strip is first seen."""
        super().showEvent(event)
        if self._files is None and not self._reading.is_awaited():
            self._reading.ask(self._read, self._offer, self._failed)

    def _read(self) -> tuple[BankFiles, tuple[BankFormat, ...]]:
        from clerk_app.counter.bank_files import BankFiles

        files = BankFiles(self.desk)
        return files, files.banks

    def _offer(self, found: tuple[BankFiles, tuple[BankFormat, ...]]) -> None:
        self._files, banks = found
        for bank in banks:
            self.bank.addItem(bank.name, bank)

    def write_to(self, target: Path) -> None:
        """Write the list in hand for the bank."""
        listed, bank, files = self._chosen_list(), self._chosen_bank(), self._files
        if listed is None or bank is None or files is None:
            return
        if not self._password.text():
            self.said.emit(_("文件要离开本机构：请输入本人的登录密码。"), "note")
            self._password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        password = self._password.text()

        def written(_what: object) -> None:
            self._password.clear()
            self.said.emit(_("报盘文件已写成：{file}").format(file=target), "good")

        self.work.act(_("正在写文件…"), lambda: files.write(listed, bank, target, password), written)

    def _failed(self, error: ClerkError) -> None:
        self.said.emit(sentence(error), "refusal")

    def read_from(self, source: Path) -> None:
        """Read what the bank says of the list in hand; it is shown as marks, and recorded by whoever looked at them."""
        listed, bank, files = self._chosen_list(), self._chosen_bank(), self._files
        if listed is None or bank is None or files is None:
            return
        number = listed.list_number
        self.work.begin(
            _("正在读文件…"), lambda _progress: files.read(source, bank, number), self._take_answer, stops=False
        )

    def _take_answer(self, answer: Answer) -> None:
        self.answered.emit(dict(answer.results))
        words = _("已读取 {count} 笔结果，核对后登记回盘。").format(count=len(answer.results))
        self.said.emit(words, "good")

    def show_paper(self) -> None:
        """The list in hand on paper, in a window of its own."""
        listed = self._chosen_list()
        if listed is None:
            return
        from clerk_app.counter.claim_papers import PaymentListPaper
        from clerk_app.desktop.paper_window import PaperWindow

        PaperWindow(PaymentListPaper(self.desk, listed), self).show()

    def _chosen_bank(self) -> BankFormat | None:
        chosen = self.bank.currentData()
        return chosen if self.bank.count() else None

    def _ask_where_to_write(self) -> None:
        """As soon as the formats are read."""
        self._reading.after(self._open_where_to_write)

    def _open_where_to_write(self) -> None:
        listed, bank, files = self._chosen_list(), self._chosen_bank(), self._files
        if listed is None or bank is None or files is None:
            return
        dialog = QFileDialog(self, _("写报盘文件…"), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(files.file_name(listed, bank))
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _ask_what_to_read(self) -> None:
        dialog = QFileDialog(self, _("读回盘文件…"), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read_from(Path(name)))
        dialog.open()
