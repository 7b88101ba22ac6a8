"""Unlock the real office's ledger, sign in, and come back after a pause."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from clerk_app.desktop.fields import CodeField, PasswordField
from clerk_app.desktop.front import FrontPage
from clerk_app.desktop.pieces import FieldGrid, plain_label, push_button
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import User
from clerk_app.wording import _

_WIDTH, _PRACTICE_WIDTH = 420, 580


class UnlockPage(FrontPage):
    """The passphrase of the real office, before anything of its ledger can be read."""

    other_office_wanted = Signal()

    def __init__(self, office_name: str, server: str = "", *, has_password: bool = False) -> None:
        """Ask for it.

        Args:
            server: Where the ledger is, without a password; empty for the file on this machine.
            has_password: Whether this desk knows its password on the server, which need not be typed then.
        """
        words = _("账本已加密。请输入机构口令打开账本，然后登录。")
        if server:
            words = _("账本在服务器 {server} 上。请输入机构口令打开账本，然后登录。").format(server=server)
        super().__init__(office_name, words)
        self.passphrase, self.server_password = PasswordField(), PasswordField()
        grid = FieldGrid()
        grid.add_field(0, 0, _("机构口令"), self.passphrase)
        if server:
            self.server_password.setPlaceholderText(
                _("已保存，改过才需输入") if has_password else _("数据库用户的密码；用证书时留空")
            )
            grid.add_field(1, 0, _("服务器密码"), self.server_password)
            grid.setVerticalSpacing(5)
        self.card.body.addLayout(grid)
        self.unlock = self.add_answer(_("打开账本"), self.passphrase, self.server_password)
        self.other_office = push_button(_("切换机构…"), "quiet")
        self.other_office.clicked.connect(self.other_office_wanted)
        self.add_ways_out(self.other_office)
        self.watch_caps(self.passphrase, self.server_password)
        self.setFocusProxy(self.passphrase)

    def show_failure(self, error: ClerkError) -> None:
        """Let the passphrase be typed again."""
        super().show_failure(error)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        self.passphrase.selectAll()


class SignInPage(FrontPage):
    """Login and password. The practice office tells both."""

    other_office_wanted = Signal()

    def __init__(self, office_name: str, known: Sequence[tuple[User, str]] = ()) -> None:
        """Ask who works here.

        Args:
            known: Invented users with their passwords, which a click fills in.
        """
        super().__init__(office_name, _("请登录。"), width=_PRACTICE_WIDTH if known else _WIDTH)
        self.login, self.password = CodeField(), PasswordField()
        grid = FieldGrid()
        grid.add_field(0, 0, _("用户名"), self.login)
        grid.add_field(1, 0, _("密码"), self.password)
        grid.setVerticalSpacing(5)
        self.card.body.addLayout(grid)
        self.known = [push_button(f"{_(user.role.term)} {user.login}") for user, _password in known]
        if known:
            row = QHBoxLayout()
            for button, (user, password) in zip(self.known, known, strict=True):
                button.setToolTip(user.name)
                button.clicked.connect(partial(self.fill, user.login, password))
                row.addWidget(button)
            words = _("练习用户，点一下即填入（密码都是 {password}）：")
            self.card.body.addWidget(plain_label(words.format(password=known[0][1]), "small", wraps=True))
            self.card.body.addLayout(row)
        self.sign_in = self.add_answer(_("登录"), self.password)
        self.other_office = push_button(_("切换机构…"), "quiet")
        self.other_office.clicked.connect(self.other_office_wanted)
        self.add_ways_out(self.other_office)
        self.watch_caps(self.password)
        self.setFocusProxy(self.login)

    def fill(self, login: str, password: str) -> None:
        """Fill both fields, ready for Enter."""
        self.login.setText(login)
        self.password.setText(password)
        self.sign_in.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Nothing of the user before stays in the fields."""
        self.login.clear()
        self.password.clear()
        self.show_ready()

    def show_failure(self, error: ClerkError) -> None:
        """Let the password be typed again."""
        super().show_failure(error)
        self.password.clear()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)


class LockPage(FrontPage):
    """Covers everything after a pause; what was in work waits behind it."""

    other_user_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("已锁屏"))
        self.explanation.show()
        self.password = PasswordField()
        grid = FieldGrid()
        grid.add_field(0, 0, _("密码"), self.password)
        self.card.body.addLayout(grid)
        self.unlock = self.add_answer(_("继续工作"), self.password)
        self.other_user = push_button(_("换人登录"), "quiet")
        self.other_user.clicked.connect(self.other_user_wanted)
        self.add_ways_out(self.other_user)
        self.watch_caps(self.password)
        self.setFocusProxy(self.password)

    def cover(self, user: User) -> None:
        """Say whose password is wanted."""
        words = _("{name}（{login}），请输入密码继续。正在办理的申请已保留。")
        self.explanation.setText(words.format(name=user.name, login=user.login))
        self.password.clear()
        self.show_ready()

    def show_failure(self, error: ClerkError) -> None:
        """Let the password be typed again."""
        super().show_failure(error)
        self.password.clear()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
