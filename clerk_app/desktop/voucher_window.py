"""A settlement's papers on screen, on the printer and in a file. Made when the first paper is asked for."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QKeySequence, QPageLayout, QPageSize, QPainter, QPixmap, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.voucher_desk import Sheet, VoucherDesk
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import BannerStrip, plain_label, push_button
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


def print_pages(printer: QPrinter, papers: list[bytes]) -> None:
    """Print papers one after the other, each page on a sheet of its own."""
    scale = min(printer.resolution(), _PRINT_DOTS_PER_INCH) / _POINTS_PER_INCH
    painter = QPainter(printer)
    try:
        is_first = True
        for pdf in papers:
            for image in page_images(pdf, scale):
                if not is_first:
                    printer.newPage()
                is_first = False
                painter.drawImage(QRectF(painter.viewport()), image)
    finally:
        painter.end()


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
        for button in (self.print_button, self.save_button, self.close_button):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.notice)
        column.addWidget(area, 1)
        if not desk.may(Action.PRINT):
            for button in (self.print_button, self.save_button):
                button.setEnabled(False)
                button.setToolTip(_("您的角色不能办理“{action}”。").format(action=_(Action.PRINT.term)))
        self.sheet.currentIndexChanged.connect(self.show_sheet)
        self.print_button.clicked.connect(self.print_papers)
        self.save_button.clicked.connect(self._ask_where_to_save)
        self.close_button.clicked.connect(self.close)
        for keys, act in (("Ctrl+P", self.print_papers), ("Ctrl+S", self._ask_where_to_save)):
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
            pdf = self.papers.pdf(self._chosen())
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
        """Ask for a printer, count the print, and print all papers with its number."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setPageOrientation(QPageLayout.Orientation.Portrait)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter) -> None:
        """Count the print and print; a reprint says so on the paper."""
        try:
            papers, reprint = self.papers.counted_for_print()
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        print_pages(printer, papers)
        words = _("已送打印机（补打第 {count} 次）。").format(count=reprint) if reprint else _("已送打印机。")
        self.notice.say(words, "good")

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
