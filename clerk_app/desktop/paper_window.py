"""One paper about no voucher, on screen, on the printer and in a file. Made when the first is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.claim_papers import CountedPaper
from clerk_app.desktop.pieces import push_button, resize_within, role_may_not
from clerk_app.desktop.printing import ask_printer, page_count
from clerk_app.desktop.printing_window import PrintingWindow
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.wording import _


class PaperWindow(PrintingWindow):
    """A paper as it will be printed; printing it is counted."""

    def __init__(self, paper: CountedPaper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paper = paper
        self.setWindowTitle(f"{paper.words} {paper.number}")
        self.print_button = push_button(_("打印  Ctrl+P"))
        self.save_button = push_button(_("保存 PDF  Ctrl+S"))
        close = push_button(_("关闭  Esc"))
        bar = QHBoxLayout()
        bar.addStretch(1)
        for button in (self.print_button, self.save_button, close):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.notice)
        column.addWidget(self.work)
        column.addWidget(self.view, 1)
        may_print = paper.desk.may(Action.PRINT)
        for button, keys, act in (
            (self.print_button, "Ctrl+P", self.print_paper),
            (self.save_button, "Ctrl+S", self._ask_where_to_save),
        ):
            button.clicked.connect(act)
            button.setEnabled(may_print)
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
            shortcut.setEnabled(may_print)
            if not may_print:
                button.setToolTip(role_may_not(Action.PRINT))
        close.clicked.connect(self.close)
        resize_within(self, scaled(920), 700)
        self._pdf = b""
        self.work.begin(_("正在生成…"), paper.drawn, self._show)

    def _show(self, pdf: bytes) -> None:
        self._pdf = pdf
        self.view.show_pdf(pdf)

    def print_paper(self) -> None:
        """Ask for a printer, copies and pages, count the print, and print the paper with its number."""
        if not self._pdf:
            return
        printer, dialog = ask_printer(self, self.paper.desk.settings.paper_format, page_count([self._pdf]))
        dialog.accepted.connect(lambda: self.print_on(printer))

    def print_on(self, printer: QPrinter) -> None:
        """Count the print and print; a reprint says so, and the office's folder keeps what was printed."""

        def count() -> tuple[list[bytes], int]:
            pdf, reprint = self.paper.counted_for_print()
            return [pdf], reprint

        self.print_counted(printer, count, lambda papers, reprint: self.paper.keep(papers[0], reprint))

    def _cancelled(self) -> None:
        if self._pdf:
            super()._cancelled()
        else:
            self.close()

    def _failed(self, error: ClerkError) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(button.isEnabled() and bool(self._pdf))
        super()._failed(error)

    def save_to(self, target: Path) -> None:
        """Write the paper to a file."""
        words = _("已保存：{file}").format(file=target)
        self.work.begin(
            _("正在保存…"),
            lambda _progress: self.paper.save(target),
            lambda _what: self.notice.say(words, "good"),
            stops=False,
        )

    def _ask_where_to_save(self) -> None:
        dialog = QFileDialog(self, _("保存 PDF"), str(Path.home()), "PDF (*.pdf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.paper.file_name)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()
