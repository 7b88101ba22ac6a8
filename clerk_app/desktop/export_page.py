"""月度导出: the month's workbook for head office, with progress and a way to stop."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.counter.calendar_month import Month
from clerk_app.counter.desk import Desk
from clerk_app.counter.month_export import MonthExport
from clerk_app.desktop.breaking_rows import BreakingRow
from clerk_app.desktop.fields import ChoiceBox, PasswordField, TextField
from clerk_app.desktop.import_card import ImportCard
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, Form, plain_label, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _, sentence

_MONTH_WIDTH = 140
#: A count that comes at once takes the place of the one before without a blank in between.
_PATIENCE_MS = 150


class ExportPage(Form):
    """Choose a month and a file, and write it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.export = MonthExport(desk)
        self._named_by_hand = False
        self.month = ChoiceBox([(str(month), month) for month in self.export.months()])
        self.target = TextField()
        self.browse = push_button(_("选择…"))
        self.password = PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.count = plain_label("", "muted")
        self.paper_button = push_button(_("月台账…"))
        self.remarks = plain_label("", "small", wraps=True)
        self.start = push_button(_("导出 F9"), "primary")
        self.start.setFixedWidth(scaled(160))
        self.work = WorkStrip()
        self.notice = BannerStrip("good")
        self.importing = ImportCard(desk)
        self._arrange()
        self.month.currentIndexChanged.connect(self.refresh)
        self.target.textEdited.connect(self._name_by_hand)
        self.browse.clicked.connect(self._ask_where_to_save)
        self.paper_button.clicked.connect(self.show_paper)
        self.start.clicked.connect(self.begin)
        self.work.busy.connect(self.start.setDisabled)
        self.importing.said.connect(self.notice.say)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)
        self.setFocusProxy(self.month)
        self.reading = Reading(self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._forget_month)
        self.refresh()

    def _arrange(self) -> None:
        card = Card()
        grid = FieldGrid()
        self.month.setMinimumWidth(scaled(_MONTH_WIDTH))
        self.month.setAccessibleName(_("月份"))
        grid.add_field(0, 0, _("月份"), BreakingRow(self.month, self.count, self.paper_button))
        grid.add_field(1, 0, _("保存到"), self.target)
        grid.add_field(2, 0, _("密码"), self.password)
        grid.addWidget(self.browse, 2, 2)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        card.body.addWidget(self.remarks)
        card.body.addWidget(
            plain_label(
                _(
                    "工作簿包含明细、汇总、不予支付、核对和签章，冲正以负数列出。证件号码等为文本，金额为数值，合计为公式。"
                    "文件带有本机构的签名，上级用 clerk-app verify 核对。每次导出要再输入一次密码，并记入操作记录。"
                ),
                "small",
                wraps=True,
            )
        )
        running = QHBoxLayout()
        running.addWidget(self.start)
        running.addSpacing(12)
        running.addWidget(self.work, 1)
        running.addStretch(0)
        card.body.addSpacing(6)
        card.body.addLayout(running)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addWidget(plain_label(_("月度导出"), "pageTitle"))
        page.addWidget(self.notice)
        page.addWidget(card)
        page.addWidget(self.importing)
        page.addStretch(1)
        stops = (self.month, self.target, self.password, self.start, self.paper_button, self.browse)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def refresh(self) -> None:
        """Show where the chosen month would go, and, as soon as that is read, how much it holds."""
        month = self._month()
        if not self._named_by_hand:
            self.target.setText(str(Path.home() / self.export.file_name(month)))
        self._patience.start()
        self.reading.ask(
            lambda: (self.export.record_count(month), self.export.remarks(month)), self._show_month, self._not_read
        )

    def _show_month(self, found: tuple[int, tuple[str, ...]]) -> None:
        self._patience.stop()
        count, remarks = found
        self.count.setText(_("共 {count} 条记录").format(count=count))
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))

    def _forget_month(self) -> None:
        """No count of another month stands beside the month that is chosen."""
        self.count.setText("")
        self.remarks.setText("")

    def _not_read(self, error: ClerkError) -> None:
        self._patience.stop()
        self._forget_month()
        self._failed(error)

    def begin(self) -> None:
        """Write the workbook beside the window."""
        if self.work.is_busy():
            return
        month, target = self._month(), Path(self.target.text().strip())
        if not self.target.text().strip():
            self.notice.say(_("请填写保存位置。"), "refusal")
            return
        password = self.password.text()
        if not password:
            self.notice.say(_("请输入本人的登录密码，再导出。"), "refusal")
            self.password.setFocus()
            return
        self.password.clear()

        def write(progress: Progress) -> int:
            return self.export.write(month, target, progress, password)

        def say(count: int) -> None:
            self.notice.say(_("已导出 {count} 条记录：{file}").format(count=count, file=target), "good")
            self.refresh()

        self.notice.say("")
        self.work.begin(_("正在导出"), write, say)

    def show_paper(self) -> None:
        """The month's records on paper, in a window of its own."""
        from clerk_app.counter.claim_papers import MonthPaper
        from clerk_app.desktop.paper_window import PaperWindow

        PaperWindow(MonthPaper(self.export.desk, self._month()), self).show()

    def is_busy(self) -> bool:
        """Whether a workbook is being written or read."""
        return self.work.is_busy() or self.importing.is_busy()

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _cancelled(self) -> None:
        self.notice.say(_("已取消，没有留下文件。"), "note")

    def _month(self) -> Month:
        month = self.month.value()
        assert isinstance(month, Month)
        return month

    def _name_by_hand(self) -> None:
        self._named_by_hand = True

    def _ask_where_to_save(self) -> None:
        dialog = QFileDialog(self, _("保存工作簿"), str(Path(self.target.text()).parent), "Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(Path(self.target.text()).name)
        dialog.fileSelected.connect(self._use_target)
        dialog.open()

    def _use_target(self, name: str) -> None:
        self._named_by_hand = True
        self.target.setText(name)
