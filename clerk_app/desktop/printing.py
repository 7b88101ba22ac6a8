"""PDF pages as pictures, on screen and on the printer's own paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock

import pypdfium2
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from clerk_app.desktop.pieces import plain_label
from clerk_app.documents.page_format import PageFormat, page_format
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _

_SCREEN_SCALE = 1.4
_POINTS_PER_INCH = 72
#: Finer than eyes and stamps; at a printer's own 1200 a page would take 400 MB.
_PRINT_DOTS_PER_INCH = 300
#: Rows of a page that are drawn at once: a whole page holds Python's lock, and with it the window, for 0.2 s.
_BAND_ROWS = 200
#: PDFium is for one thread at a time; papers are printed beside the window that shows them.
_PDFIUM = Lock()
#: A page on screen takes 3 MB; nobody looks at more of them before printing.
MOST_PAGES_SHOWN = 30


def page_images(pdf: bytes, scale: float) -> Iterator[QImage]:
    """Every page of a PDF as an image, one in memory at a time; ``scale`` 1 is 72 dots an inch."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for place in range(count):
            with _PDFIUM:
                page = document[place]
                bitmap = page.render(scale=scale, rev_byteorder=True)
                image = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB888
                ).copy()
                page.close()
            yield image
    finally:
        with _PDFIUM:
            document.close()


def page_count(papers: Sequence[bytes]) -> int:
    """How many pages papers have together."""
    count = 0
    for pdf in papers:
        with _PDFIUM:
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


def print_pages(printer: QPrinter, papers: Sequence[bytes], progress: Progress | None = None) -> int:
    """Print papers one after the other, each page on a sheet of its own; how many sheets were sent.

    The printer's own page range counts through all papers; copies that it cannot make itself are made here. Any
    thread may print.

    Raises:
        Cancelled: As asked; nothing is printed of what the printer has not taken yet.
        ClerkError: ``print_not_taken``, the printer took nothing or stopped.
    """
    asked = progress or Progress()
    scale = min(printer.resolution(), _PRINT_DOTS_PER_INCH) / _POINTS_PER_INCH
    has_range = printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage() > 0
    wanted = range(printer.fromPage(), max(printer.toPage(), printer.fromPage()) + 1) if has_range else None
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    sent, total = 0, page_count(papers) * copies
    painter = QPainter()
    if not painter.begin(printer):
        raise ClerkError("print_not_taken")
    try:
        for _copy in range(copies):
            number = 0
            for pdf in papers:
                for image in page_images(pdf, scale):
                    asked.step(sent, total)
                    number += 1
                    if wanted is not None and number not in wanted:
                        continue
                    if sent and not printer.newPage():
                        raise ClerkError("print_not_taken")
                    sent += 1
                    _draw(painter, image)
    except BaseException:
        printer.abort()
        painter.end()
        raise
    if not painter.end():
        raise ClerkError("print_not_taken")
    return sent


def _draw(painter: QPainter, image: QImage) -> None:
    """Draw a page band by band; each shares a row with the next, so that no printer leaves a line between them."""
    whole = _fitted(image, painter.viewport())
    row_height = whole.height() / image.height()
    for first in range(0, image.height(), _BAND_ROWS):
        rows = min(_BAND_ROWS + 1, image.height() - first)
        place = QRectF(whole.left(), whole.top() + first * row_height, whole.width(), rows * row_height)
        painter.drawImage(place, image.copy(0, first, image.width(), rows))


def _fitted(image: QImage, paper: QRect) -> QRectF:
    """As large as the paper allows without changing the shape, for the printer may hold other paper."""
    size = QSizeF(image.size()).scaled(QSizeF(paper.size()), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(QPointF(paper.topLeft()), size)


class PageView(QScrollArea):
    """The pages of a paper below each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.pages: list[QLabel] = []
        #: The pages that are still to come; one at a time, so that the window answers between them.
        self._images: Iterator[QImage] = iter(())
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._show_next)
        whole, sheets = QWidget(), QWidget()
        self._column = QVBoxLayout(sheets)
        self._column.setSpacing(12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._rest = plain_label("", "muted")
        self._rest.setVisible(False)
        below = QVBoxLayout(whole)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(sheets)
        below.addWidget(self._rest, 0, Qt.AlignmentFlag.AlignHCenter)
        below.addStretch(1)
        self.setWidget(whole)
        self.setWidgetResizable(True)
        self.setAccessibleName(_("单据内容"))

    def show_pdf(self, pdf: bytes) -> None:
        """Show another paper, its first page at once; nothing for none."""
        for label in self.pages:
            self._column.removeWidget(label)
            label.deleteLater()
        self.pages = []
        self._images = page_images(pdf, _SCREEN_SCALE * self.devicePixelRatioF()) if pdf else iter(())
        left = page_count([pdf]) - MOST_PAGES_SHOWN if pdf else 0
        self._rest.setText(_("还有 {count} 页没有显示，打印和保存时是全部。").format(count=left))
        self._rest.setVisible(left > 0)
        self._show_next()

    def is_whole(self) -> bool:
        """Whether every page that is to be shown is shown."""
        return not self._next.isActive()

    def _show_next(self) -> None:
        image = next(self._images, None) if len(self.pages) < MOST_PAGES_SHOWN else None
        if image is None:
            self._images = iter(())
            return
        image.setDevicePixelRatio(self.devicePixelRatioF())
        label = plain_label()
        label.setPixmap(QPixmap.fromImage(image))
        label.setAccessibleName(_("第 {number} 页").format(number=len(self.pages) + 1))
        self.pages.append(label)
        self._column.addWidget(label)
        self._next.start()


def ask_printer(parent: QWidget, paper_format: str, pages: int) -> tuple[QPrinter, QPrintDialog]:
    """A printer with the office's paper, and the dialog, open, that lets somebody choose it, pages and copies."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    fit_printer(printer, page_format(paper_format))
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    dialog.setFromTo(1, pages)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    QDialog.open(dialog)
    return printer, dialog
