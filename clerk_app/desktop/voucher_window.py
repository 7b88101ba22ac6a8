"""A settlement's papers on screen, on the printer and in a file. Made when the first paper is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.voucher_desk import Sheet, VoucherDesk
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import push_button, resize_within, role_may_not
from clerk_app.desktop.printing import ask_printer, page_count
from clerk_app.desktop.printing_window import PrintingWindow
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from clerk_app.wording import _, sentence


class VoucherWindow(PrintingWindow):
    """The papers of one settlement, beside the form and not in its way."""

    def __init__(self, desk: Desk, settlement: Settlement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.papers = VoucherDesk(desk, settlement)
        self._reading = Reading(self)
        self.setWindowTitle(_("单据 {number}").format(number=settlement.voucher_number))
        self.sheet = ChoiceBox([(sheet.words, sheet) for sheet in self.papers.sheets()])
        self.sheet.setAccessibleName(_("联次"))
        self.sheet.setToolTip(_("换联次：Ctrl+PageDown、Ctrl+PageUp"))
        self.print_button = push_button(_("打印全部  Ctrl+P"))
        self.print_one_button = push_button(_("打印本联  Ctrl+Shift+P"))
        self.numbers_button = push_button(_("显示完整号码"))
        self.save_button = push_button(_("保存本联 PDF  Ctrl+S"))
        self.close_button = push_button(_("关闭  Esc"))
        bar = Beside(spacing=6, below=6)
        bar.addWidget(BreakingRow(self.sheet, self.numbers_button, spacing=6), 1)
        buttons = (self.print_button, self.print_one_button, self.save_button, self.close_button)
        bar.addWidget(BreakingRow(*buttons, spacing=6))
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.notice)
        column.addWidget(self.work)
        column.addWidget(self.view, 1)
        if not desk.may(Action.PRINT):
            for button in (self.print_button, self.print_one_button, self.save_button):
                button.setEnabled(False)
                button.setToolTip(role_may_not(Action.PRINT))
        self.sheet.currentIndexChanged.connect(self.show_sheet)
        self.print_button.clicked.connect(self.print_papers)
        self.print_one_button.clicked.connect(self.print_chosen)
        self.save_button.clicked.connect(self._ask_where_to_save)
        self.numbers_button.clicked.connect(self._show_numbers)
        self.numbers_button.setEnabled(desk.may(Action.SHOW_NUMBERS))
        self.close_button.clicked.connect(self.close)
        keyed = (
            ("Ctrl+P", self.print_papers),
            ("Ctrl+Shift+P", self.print_chosen),
            ("Ctrl+S", self._ask_where_to_save),
        )
        for keys, act in keyed:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
            shortcut.setEnabled(desk.may(Action.PRINT))
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._turn, step))
        # The keys that scroll are for the paper.
        self.view.setFocus()
        resize_within(self, max(scaled(920), self.sizeHint().width()), 700)
        self.show_sheet()

    @property
    def pages(self) -> list[QLabel]:
        """The pages on screen."""
        return self.view.pages

    def show_sheet(self) -> None:
        """Show the chosen paper, which is made beside the window: one with many receipts takes its time."""
        sheet = self._chosen()
        self._reading.ask(lambda: self.papers.preview(sheet), self.view.show_pdf, self._not_made)

    def _turn(self, step: int) -> None:
        self.sheet.setCurrentIndex(max(0, min(self.sheet.count() - 1, self.sheet.currentIndex() + step)))

    def _not_made(self, error: ClerkError) -> None:
        self.view.show_pdf(b"")
        self.notice.say(sentence(error), "refusal")

    def print_papers(self) -> None:
        """Ask for a printer, copies and pages, count the print, and print all papers with its number."""
        self._ask_printer(())

    def print_chosen(self) -> None:
        """The same for the paper on screen alone."""
        self._ask_printer((self._chosen(),))

    def _ask_printer(self, sheets: Sequence[Sheet]) -> None:
        """Ask as soon as it is known how many pages there are."""

        def count() -> int:
            return page_count([self.papers.preview(sheet) for sheet in sheets or self.papers.sheets()])

        def ask(pages: int) -> None:
            printer, dialog = ask_printer(self, self.papers.desk.settings.paper_format, pages)
            dialog.accepted.connect(lambda: self.print_on(printer, sheets))

        def begin() -> None:
            self.work.begin(_("正在生成…"), lambda _progress: count(), ask, stops=False)

        self._reading.after(begin)

    def print_on(self, printer: QPrinter, sheets: Sequence[Sheet] = ()) -> None:
        """Count the print and print; a reprint says so on the paper, and the office's folder keeps what was printed."""
        self.print_counted(
            printer,
            lambda: self.papers.counted_for_print(sheets),
            lambda papers, reprint: self.papers.keep(papers, reprint, sheets),
        )

    def _show_numbers(self) -> None:
        self.work.act(_("正在登记…"), self.papers.show_numbers, self._numbers_recorded)

    def _numbers_recorded(self, _what: object) -> None:
        self.numbers_button.setEnabled(False)
        self.show_sheet()

    def save_to(self, target: Path) -> None:
        """Write the paper on screen to a file."""
        sheet = self._chosen()

        def saved(_what: object) -> None:
            self.notice.say(_("已保存：{file}").format(file=target), "good")

        self.work.act(_("正在保存…"), lambda: self.papers.save(sheet, target), saved)

    def _chosen(self) -> Sheet:
        sheet = self.sheet.value()
        assert isinstance(sheet, Sheet)
        return sheet

    def _ask_where_to_save(self) -> None:
        dialog = QFileDialog(self, _("保存 PDF"), str(Path.home()), "PDF (*.pdf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.papers.file_name(self._chosen()))
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()
