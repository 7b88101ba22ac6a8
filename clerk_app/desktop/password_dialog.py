"""Change one's own password."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.counter.users_desk import OwnPassword
from clerk_app.desktop.fields import PasswordField
from clerk_app.desktop.pieces import BannerStrip, FieldGrid, Form, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.desktop.tasks import BackgroundTask, acts
from clerk_app.errors import ClerkError
from clerk_app.wording import _, noted, sentence


class PasswordDialog(QDialog):
    """The password as it is, and twice as it shall be."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own = OwnPassword(desk)
        self.setWindowTitle(_("修改密码"))
        self.before, self.after, self.again = PasswordField(), PasswordField(), PasswordField()
        self.notice = BannerStrip("refusal")
        self.form = Form()
        grid = FieldGrid()
        fields = ((_("现在的密码"), self.before), (_("新密码"), self.after), (_("再输一次"), self.again))
        for row, (label, field) in enumerate(fields):
            grid.add_field(row, 0, label, field)
        grid.setVerticalSpacing(5)
        self.save = push_button(_("修改"))
        self.cancel = push_button(_("取消  Esc"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        inner = QVBoxLayout(self.form)
        inner.setContentsMargins(0, 0, 0, 0)
        user = desk.user
        inner.addWidget(plain_label(noted(user.name, user.login), "muted"))
        inner.addLayout(grid)
        inner.addWidget(plain_label(_("至少 8 位。不要与他人共用密码：单据上印的是您的姓名。"), "small", wraps=True))
        inner.addWidget(self.notice)
        inner.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self.form)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)
        self.resize(scaled(420), self.sizeHint().height())
        self.before.setFocus()

    def _save(self) -> None:
        before, after, again = self.before.text(), self.after.text(), self.again.text()
        self.form.setEnabled(False)
        task = BackgroundTask(lambda _progress: self.own.change(before, after, again))
        task.finished.connect(self.accept)
        task.failed.connect(self._failed)
        acts().start(task)

    def _failed(self, error: ClerkError) -> None:
        self.form.setEnabled(True)
        self.notice.say(sentence(error), "refusal")
        field = self.before if error.code.startswith("sign_in") else self.after
        field.setFocus()
        field.selectAll()
