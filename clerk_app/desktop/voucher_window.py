"""A settlement's papers on screen, on the printer and in a file. Made when the first paper is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QKeySequence, QPageLayout, QPageSize, QPainter, QPixmap, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.voucher_desk import Sheet, VoucherDesk
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import BannerStrip, plain_label, push_button
from clerk_app.documents.page_format import PageFormat, page_format
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from clerk_app.wording import _, sentence

_SCREEN_SCALE = 1.4
_POINTS_PER_INCH = 72
#: Finer than eyes and stamps; at a printer's own 1200 a page would take 400 MB.
_PRINT_DOTS_PER_INCH = 300


def page_images(pdf: bytes, scale: float) -> list[QImage]:
    """Every page of a PDF as an image; ``scale`` 1 is 72 dots an inch."""
    document = pypdfium2.PdfDocument(pdf)
    images: list[QImage] = []
    try:
        for page in document:
            bitmap = page.render(scale=scale, rev_byteorder=True)
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB888
            )
            images.append(image.copy())
    finally:
        document.close()
    return images


def page_count(papers: Sequence[bytes]) -> int:
    """How many pages papers have together."""
    count = 0
    for pdf in papers:
        document = pypdfium2.PdfDocument(pdf)
        count += len(document)
        document.close()
    return count


def fit_printer(printer: QPrinter, sheet: PageFormat) -> None:
    """Give the printer the paper that the pages are made for, whole sheets without margins of its own."""
    if sheet is PageFormat.A4:
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    else:
        # Qt takes a size upright and turns it; a name tells the printer's own menu what it is.
        size = sorted((sheet.sheet_width, sheet.sheet_height))
        printer.setPageSize(QPageSize(QSizeF(*size), QPageSize.Unit.Point, _(sheet.term)))
    is_wide = sheet.sheet_width > sheet.sheet_height
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)


def print_pages(printer: QPrinter, papers: Sequence[bytes]) -> int:
    """Print papers one after the other, each page on a sheet of its own; how many sheets were sent.

    The printer's own page range counts through all papers; copies that it cannot make itself are made here.
    """
    scale = min(printer.resolution(), _PRINT_DOTS_PER_INCH) / _POINTS_PER_INCH
    has_range = printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage() > 0
    wanted = range(printer.fromPage(), max(printer.toPage(), printer.fromPage()) + 1) if has_range else None
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    sent = 0
    painter = QPainter(printer)
    try:
        for _copy in range(copies):
            number = 0
            for pdf in papers:
                for image in page_images(pdf, scale):
                    number += 1
                    if wanted is not None and number not in wanted:
                        continue
                    if sent:
                        printer.newPage()
                    sent += 1
                    painter.drawImage(_fitted(image, painter.viewport()), image)
    finally:
        painter.end()
    return sent


def _fitted(image: QImage, paper: QRect) -> QRectF:
    """As large as the paper allows without changing the shape, for the printer may hold other paper."""
    size = QSizeF(image.size()).scaled(QSizeF(paper.size()), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(QPointF(paper.topLeft()), size)


class VoucherWindow(QDialog):
    """The papers of one settlement, beside the form and not in its way."""

    def __init__(self, desk: Desk, settlement: Settlement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.papers = VoucherDesk(desk, settlement)
        self.setWindowTitle(_("单据 {number}").format(number=settlement.voucher_number))
        self.sheet = ChoiceBox([(sheet.words, sheet) for sheet in self.papers.sheets()])
        self.sheet.setAccessibleName(_("联次"))
        self.print_button = push_button(_("打印全部  Ctrl+P"))
        self.print_one_button = push_button(_("打印本联  Ctrl+Shift+P"))
        self.numbers_button = push_button(_("显示完整号码"))
        self.save_button = push_button(_("保存 PDF  Ctrl+S"))
        self.close_button = push_button(_("关闭  Esc"))
        self.notice = BannerStrip("refusal")
        self.pages: list[QLabel] = []
        self._sheets = QWidget()
        self._column = QVBoxLayout(self._sheets)
        self._column.setSpacing(12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidget(self._sheets)
        area.setWidgetResizable(True)
        area.setAccessibleName(_("单据内容"))
        bar = QHBoxLayout()
        bar.addWidget(self.sheet)
        bar.addStretch(1)
        bar.insertWidget(1, self.numbers_button)
        for button in (self.print_button, self.print_one_button, self.save_button, self.close_button):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.notice)
        column.addWidget(area, 1)
        if not desk.may(Action.PRINT):
            for button in (self.print_button, self.print_one_button, self.save_button):
                button.setEnabled(False)
                button.setToolTip(_("您的角色不能办理“{action}”。").format(action=_(Action.PRINT.term)))
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
        self.resize(920, 700)
        self.show_sheet()

    def show_sheet(self) -> None:
        """Show the chosen paper."""
        for label in self.pages:
            self._column.removeWidget(label)
            label.deleteLater()
        self.pages = []
        try:
            pdf = self.papers.preview(self._chosen())
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        ratio = self.devicePixelRatioF()
        for number, image in enumerate(page_images(pdf, _SCREEN_SCALE * ratio), start=1):
            image.setDevicePixelRatio(ratio)
            label = plain_label()
            label.setPixmap(QPixmap.fromImage(image))
            label.setAccessibleName(_("第 {number} 页").format(number=number))
            self.pages.append(label)
            self._column.addWidget(label)

    def print_papers(self) -> None:
        """Ask for a printer, copies and pages, count the print, and print all papers with its number."""
        self._ask_printer(())

    def print_chosen(self) -> None:
        """The same for the paper on screen alone."""
        self._ask_printer((self._chosen(),))

    def _ask_printer(self, sheets: Sequence[Sheet]) -> None:
        try:
            pages = page_count([self.papers.preview(sheet) for sheet in sheets or self.papers.sheets()])
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        fit_printer(printer, page_format(self.papers.desk.settings.paper_format))
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, pages)
        dialog.setFromTo(1, pages)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer, sheets))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter, sheets: Sequence[Sheet] = ()) -> None:
        """Count the print and print; a reprint says so on the paper, and the office's folder keeps what was printed."""
        try:
            papers, reprint = self.papers.counted_for_print(sheets)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        print_pages(printer, papers)
        words = _("已送打印机（补打第 {count} 次）。").format(count=reprint) if reprint else _("已送打印机。")
        try:
            kept = self.papers.keep(papers, reprint, sheets)
        except ClerkError as error:
            self.notice.say(words + sentence(error), "refusal")
            return
        if kept is not None:
            words += _("文件已存入 {folder}。").format(folder=kept)
        self.notice.say(words, "good")

    def _show_numbers(self) -> None:
        try:
            self.papers.show_numbers()
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self.numbers_button.setEnabled(False)
        self.show_sheet()

    def save_to(self, target: Path) -> None:
        """Write the paper on screen to a file."""
        try:
            self.papers.save(self._chosen(), target)
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self.notice.say(_("已保存：{file}").format(file=target), "good")

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
