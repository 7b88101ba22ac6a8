"""Where the ledger is: a file of this machine, or a database on a server that all counters share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from clerk_app.counter.founding import NewCounter
from clerk_app.counter.reading import Place, Problem
from clerk_app.desktop.fields import ChoiceBox, CodeField, PasswordField, TextField
from clerk_app.desktop.front import FrontPage
from clerk_app.desktop.pieces import FieldGrid, plain_label, push_button, shown_problems
from clerk_app.settings import NO_OFFICE_CODE, Settings
from clerk_app.wording import N_, _

FILE, SERVER = "file", "server"
_FORM = "postgresql://clerk_desk@db.example:5432/clerk"
#: What the wire is like, whoever asks.
WIRE_WORDS = N_("连接其他机器一律加密，并核对服务器的证书（verify-full）。密码不写进设置，用机构口令封存在本机。")


def password_field() -> PasswordField:
    """Of the database's user."""
    field = PasswordField()
    field.setPlaceholderText(_("数据库用户的密码；用证书时留空"))
    return field


class PlaceFields:
    """本机文件 or 服务器, and the server's address and password; they wait until a server is chosen."""

    def __init__(self) -> None:
        self.place = ChoiceBox([(_("本机加密文件（一个柜台）"), FILE), (_("服务器（多个柜台共用）"), SERVER)])
        self.address, self.password = CodeField(), password_field()
        self.address.setPlaceholderText(_FORM)
        self.place.currentIndexChanged.connect(self._offer)
        self._offer()

    def add_to(self, grid: FieldGrid, row: int) -> None:
        """Put the fields into two rows of a form."""
        grid.add_field(row, 0, _("账本位置"), self.place)
        grid.add_field(row, 1, _("服务器密码"), self.password)
        grid.add_field(row + 1, 0, _("服务器地址"), self.address, Place("office", 0, "address"), span=2)

    def typed_address(self) -> str:
        """As it was typed; empty for a file. A server that was chosen and not named is an address that is none."""
        if self.place.value() == FILE:
            return ""
        return self.address.text().strip() or "postgresql://"

    def _offer(self) -> None:
        for field in (self.address, self.password):
            field.setEnabled(self.place.value() == SERVER)


class ServerPage(FrontPage):
    """连接服务器上的账本: what another counter of an office is told."""

    back_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            _("连接服务器上的账本"),
            _("机构已经在另一台电脑上建立。地址、数据库用户和机构口令请向管理员索取；名称和代码须与那里一致。"),
            width=640,
        )
        self.office_name, self.office_code = TextField(), CodeField()
        if settings.office_code != NO_OFFICE_CODE:
            self.office_name.setText(settings.office_name)
            self.office_code.setText(settings.office_code)
        self.address, self.server_password, self.passphrase = CodeField(), password_field(), PasswordField()
        self.address.setText(settings.server)
        self.address.setPlaceholderText(_FORM)
        self.office_code.setPlaceholderText(_("6 位数字，每张单据号的开头"))
        self.grid = FieldGrid()
        rows = (
            (_("机构名称"), self.office_name, "office_name"),
            (_("机构代码"), self.office_code, "office_code"),
            (_("服务器地址"), self.address, "address"),
            (_("服务器密码"), self.server_password, "server_password"),
            (_("机构口令"), self.passphrase, "passphrase"),
        )
        for row, (label, field, key) in enumerate(rows):
            self.grid.add_field(row, 0, label, field, Place("office", 0, key))
        self.grid.setColumnStretch(1, 1)
        self.grid.setVerticalSpacing(5)
        self.card.body.addLayout(self.grid)
        self.card.body.addWidget(plain_label(_(WIRE_WORDS), "small", wraps=True))
        self.connect_button = self.add_answer(_("连接"), self.passphrase)
        self.back = push_button(_("返回"), "quiet")
        self.back.clicked.connect(self.back_wanted)
        self.add_ways_out(self.back)
        self.watch_caps(self.server_password, self.passphrase)
        self.setFocusProxy(self.office_name)

    def typed(self) -> NewCounter:
        """What was typed."""
        return NewCounter(
            self.office_name.text(),
            self.office_code.text(),
            self.address.text(),
            self.server_password.text(),
            self.passphrase.text(),
        )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what cannot stand, and go to the first of it."""
        shown = shown_problems(problems, None)
        self.grid.show_problems(shown)
        for place, field in self.grid.fields():
            if place in shown:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
