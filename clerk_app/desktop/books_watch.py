"""The check of the books beside the window, and across all pages what it found."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.desktop.pieces import BannerStrip
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.soundness import Verification
from clerk_app.wording import _, filled, sentence


class BooksWatch(QWidget):
    """Checks a ledger when it is opened. Until it is known to hold, the ledger itself moves no money."""

    #: Something is known now that was not before.
    checked = Signal()
    #: Somebody wants to see all of it.
    details_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._desk: Desk | None = None
        #: Whose books the work that runs is about.
        self._in_work: Desk | None = None
        self.banner = BannerStrip("refusal")
        self.details = self.banner.add_button(_("备份与校验").replace("&", "&&"))
        self.again = self.banner.add_button(_("重新核对"))
        self.work = WorkStrip()
        self.work.setContentsMargins(12, 4, 12, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.work)
        self.details.clicked.connect(self.details_wanted)
        self.again.clicked.connect(self.check)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)

    def begin(self, desk: Desk) -> None:
        """A ledger has been opened, whoever signs in."""
        self._desk = desk
        desk.safekeeping.begin()
        self.check()

    def end(self) -> None:
        """The ledger is closed."""
        self._desk = None
        self.work.cancel()
        self.banner.say("")

    def check(self) -> None:
        """Check the books of the ledger in use; a check of another that still runs is waited for."""
        desk = self._desk
        if desk is None or self.work.is_busy():
            return
        self._in_work = desk
        self.banner.say("")
        self.work.begin(_("正在核对账本…"), desk.safekeeping.check_books, self._checked)

    def show_findings(self) -> None:
        """Say what the last check found, whoever made it."""
        desk = self._desk
        if desk is None or desk.safekeeping.last is None:
            return
        found = desk.safekeeping.last.findings
        words = ""
        if found:
            template = _(
                "账本核对发现 {count} 个问题，已停止结算、冲正、复核、支付和月结；仍可查询、打印和备份。"
                "第一个问题：{finding}请告诉管理员，到“备份与校验”查看全部，并从核对过的备份恢复。"
            )
            words = filled(template, {"count": len(found), "finding": found[0].sentence})
        self.banner.say(words, "refusal")

    def _checked(self, _found: Verification) -> None:
        if not self._is_of_another():
            self.show_findings()
            self.checked.emit()

    def _cancelled(self) -> None:
        if not self._is_of_another():
            words = _("账本没有核对完，暂不能结算、冲正、复核、支付和月结；查询和录入不受影响。")
            self.banner.say(words, "warning")

    def _failed(self, error: ClerkError) -> None:
        if not self._is_of_another():
            self.banner.say(sentence(error), "refusal")

    def _is_of_another(self) -> bool:
        """Whether another ledger has been opened meanwhile; its books are checked then."""
        if self._in_work is self._desk:
            return False
        self.check()
        return True
