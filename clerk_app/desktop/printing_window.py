"""What all windows with papers share: a print is counted and then finished, whatever becomes of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from clerk_app.desktop.hold import Hold
from clerk_app.desktop.pieces import BannerStrip
from clerk_app.desktop.printing import PageView, print_pages
from clerk_app.desktop.tasks import acts
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _, sentence

#: Counts a print: the papers with its number on them, and the number.
Count = Callable[[], tuple[Sequence[bytes], int]]
#: Puts what was printed where the office keeps it.
Keep = Callable[[Sequence[bytes], int], Path | None]


class PrintingWindow(QDialog):
    """Papers on screen and on the printer.

    Closed during a print, as by the lock of an idle desk, it is out of sight at once and gone when the print has ended:
    what is counted is printed. Where that fails, the main window says so.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._is_printing = False
        self._is_left = False
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.work.busy.connect(Hold(self, self.work).set_on)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)
        self.view = PageView()

    def print_counted(self, printer: QPrinter, count: Count, keep: Keep) -> None:
        """Count a print, print it, and keep what was printed."""
        if self.work.is_busy():
            return

        def work(papers: Sequence[bytes], reprint: int, progress: Progress) -> Path | ClerkError | None:
            print_pages(printer, papers, progress)
            try:
                return keep(papers, reprint)
            except ClerkError as error:
                return error

        def counted(found: tuple[Sequence[bytes], int]) -> None:
            papers, reprint = found
            self.work.begin(
                _("正在打印…"),
                lambda progress: work(papers, reprint, progress),
                lambda kept: self._printed(printer.outputFileName(), reprint, kept),
                is_awaited=True,
            )

        self._is_printing = True
        self.work.act(_("正在打印…"), count, counted)

    def _printed(self, file: str, reprint: int, kept: Path | ClerkError | None) -> None:
        words = _("已送打印机。")
        if file:
            # What a printer's driver writes is a picture of the paper; a file to be verified is saved, not printed.
            words = _("已打印到文件 {file}。").format(file=file)
        if reprint:
            words += _("这是补打第 {count} 次。").format(count=reprint)
        if isinstance(kept, ClerkError):
            self.notice.say(words + sentence(kept), "refusal")
            self._print_ended(kept)
            return
        if kept is not None:
            words += _("文件已存入 {folder}。").format(folder=kept)
        self.notice.say(words, "good")
        self._print_ended()

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")
        self._print_ended(error)

    def _cancelled(self) -> None:
        self.notice.say(_("已取消打印。这一次已计入打印次数。"), "note")
        self._print_ended()

    def _print_ended(self, error: ClerkError | None = None) -> None:
        self._is_printing = False
        if not self._is_left:
            return
        if error is not None:
            acts().left_behind.emit(error)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A print ends first."""
        if self._is_printing:
            self._is_left = True
            event.ignore()
            self.hide()
            return
        super().closeEvent(event)
