"""Beside the backups: what putting one in the ledger's place would lose, and the administrator's password for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout

from clerk_app.counter.desk import Desk
from clerk_app.desktop.fields import PasswordField
from clerk_app.desktop.pieces import Card, FieldGrid, WholeLabel, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.errors import ClerkError
from clerk_app.ledger.backups import Backup
from clerk_app.ledger.records import Later
from clerk_app.wording import _, filled, sentence


class RestoreCard(Card):
    """Nothing happens until the loss is known, ticked, and the password is typed."""

    confirmed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("从备份恢复"))
        self.desk = desk
        self.backup: Backup | None = None
        self._is_loss_known = False
        self.words = WholeLabel()
        self.accepts = QCheckBox(_("我知道这些操作会丢失，须凭纸质单据重新办理"))
        self.password = PasswordField()
        self.password.setPlaceholderText(_("本人的登录密码"))
        self.confirm = push_button(_("确认恢复"), "danger")
        self.cancel = push_button(_("取消"))
        grid = FieldGrid()
        grid.add_field(0, 0, _("密码"), self.password)
        grid.setColumnStretch(1, 1)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.confirm)
        below.addWidget(self.cancel)
        self.body.addWidget(self.words)
        self.body.addWidget(self.accepts)
        self.body.addLayout(grid)
        self.body.addLayout(below)
        self.accepts.toggled.connect(self._see_whether_complete)
        self.password.textChanged.connect(self._see_whether_complete)
        self.password.returnPressed.connect(self._confirm)
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self._leave)
        self.reading = Reading(self)
        self.hide()

    def open(self, backup: Backup) -> None:
        """Show what would be lost, and ask; as long as it is being counted nobody can have seen it."""
        self.backup = backup
        self._know_loss(False)
        self.accepts.setChecked(False)
        self.password.clear()
        self.words.say(filled(_("恢复 {at} 的备份：正在统计其后的操作…"), {"at": _made_at(backup)}))
        self.show()
        keyboard = QApplication.focusWidget()

        def say(words: str) -> None:
            self.words.say(words)
            self._know_loss(True)
            if QApplication.focusWidget() is keyboard:
                self.accepts.setFocus(Qt.FocusReason.OtherFocusReason)

        self.reading.ask(
            lambda: self.desk.safekeeping.lost_by(backup),
            lambda lost: say(_loss_words(backup, lost)),
            lambda error: say(_unknown_words(backup, error)),
        )

    def _leave(self) -> None:
        self.reading.forget()
        self.hide()

    def _know_loss(self, is_known: bool) -> None:
        self._is_loss_known = is_known
        self.accepts.setEnabled(is_known)
        self._see_whether_complete()

    def _see_whether_complete(self) -> None:
        is_complete = self.accepts.isChecked() and bool(self.password.text())
        self.confirm.setEnabled(self._is_loss_known and is_complete)

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            self.confirmed.emit()


def _made_at(backup: Backup) -> str:
    return f"{backup.made_at:%Y-%m-%d %H:%M}"


def _loss_words(backup: Backup, lost: Later) -> str:
    return filled(
        _(
            "恢复 {at} 的备份：其后的 {acts} 个操作将丢失，其中单据 {vouchers} 张。"
            "现在的账本另存为文件保留，恢复记入操作记录，然后重新登录。其他窗口和电脑须先退出。"
        ),
        {"at": _made_at(backup), "acts": lost.acts, "vouchers": lost.vouchers},
    )


def _unknown_words(backup: Backup, error: ClerkError) -> str:
    """A ledger that is broken cannot count what it would lose; it is restored all the same."""
    return filled(
        _("恢复 {at} 的备份。其后的操作有多少算不出来：{why}"), {"at": _made_at(backup), "why": sentence(error)}
    )
