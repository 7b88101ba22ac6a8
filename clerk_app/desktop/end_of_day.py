"""When the program is closed: the day's backup is made and checked, and the head of the trail is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from clerk_app import logs
from clerk_app.counter.desk import Desk
from clerk_app.counter.safekeeping import Safekeeping
from clerk_app.desktop.pieces import BannerStrip, fit_height, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _, sentence


class EndOfDayDialog(QDialog):
    """How far the backup is, a way to leave without it, and what to do when it fails."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("正在退出"))
        self.work = WorkStrip()
        self.notice = BannerStrip("refusal")
        self.again = push_button(_("重试"))
        self.leave = push_button(_("不备份，退出"))
        self.stay = push_button(_("返回程序"))
        self._buttons = (self.again, self.leave, self.stay)
        below = QHBoxLayout()
        below.addStretch(1)
        for button in self._buttons:
            button.hide()
            below.addWidget(button)
        words = _("退出前备份账本，并逐行核对备份。取消后直接退出，下次退出时再备份。")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(plain_label(words, wraps=True))
        column.addWidget(self.work)
        column.addWidget(self.notice)
        column.addLayout(below)
        self.setMinimumWidth(scaled(460))

    def show_failure(self, error: ClerkError) -> None:
        """Say why there is no backup, and ask what to do."""
        self.notice.say(sentence(error), "refusal")
        for button in self._buttons:
            button.show()
        self.show()
        fit_height(self)


class EndOfDay(QObject):
    """Stands between the wish to close the window and its end."""

    #: Nothing keeps the window open any more.
    done = Signal()

    def __init__(self, window: QWidget, desk: Callable[[], Desk | None]) -> None:
        super().__init__(window)
        self._desk = desk
        self._is_done = False
        self.dialog = EndOfDayDialog(window)
        self.dialog.work.failed.connect(self._failed)
        self.dialog.work.cancelled.connect(self._end)
        self.dialog.again.clicked.connect(self._end_day)
        self.dialog.leave.clicked.connect(self._end)
        self.dialog.stay.clicked.connect(self.dialog.close)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(500)
        self._patience.timeout.connect(self.dialog.open)

    def may_close(self) -> bool:
        """Whether the window may close at once; else the day is ended first, and ``done`` tells when it may."""
        desk = self._desk()
        if self._is_done or desk is None:
            return True
        if self.dialog.work.is_busy():
            return False
        self._end_day()
        return False

    def _end_day(self) -> None:
        desk = self._desk()
        if desk is None:
            self._end()
            return
        for button in (self.dialog.again, self.dialog.leave, self.dialog.stay):
            button.hide()
        self.dialog.notice.say("")
        self._patience.start()
        keeping = desk.safekeeping
        self.dialog.work.begin(
            _("正在备份…"), lambda progress: _ended_day(keeping, progress), lambda _nothing: self._end()
        )

    def _failed(self, error: ClerkError) -> None:
        self._patience.stop()
        self.dialog.show_failure(error)

    def _end(self) -> None:
        self._patience.stop()
        self._is_done = True
        self.dialog.close()
        self.done.emit()


def _ended_day(keeping: Safekeeping, progress: Progress) -> None:
    is_backup_due = keeping.is_backup_due()
    try:
        keeping.end_day(progress)
    except ClerkError as error:
        if is_backup_due:
            raise
        # There is nobody left to tell; the next start finds what is wrong, and says it.
        logs.report(error)
