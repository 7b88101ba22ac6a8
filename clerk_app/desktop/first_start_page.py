"""The first start: to practise at once, or to set up the real office with its passphrase and its people."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton

from clerk_app.codes import Role
from clerk_app.counter.founding import NewOffice
from clerk_app.counter.reading import Place, Problem
from clerk_app.desktop.fields import CodeField, PasswordField, TextField
from clerk_app.desktop.folding_grid import FoldingGrid
from clerk_app.desktop.front import FrontPage
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, plain_label, push_button, shown_problems
from clerk_app.desktop.server_page import PlaceFields
from clerk_app.ledger.records import User
from clerk_app.settings import NO_OFFICE_CODE, Settings
from clerk_app.wording import _


class ChoicePage(FrontPage):
    """Two ways: the practice office and the real one, each made or opened."""

    practice_wanted = Signal()
    real_wanted = Signal()
    #: The real office's ledger is on a server, where another counter has made it.
    server_wanted = Signal()

    def __init__(self, *, has_practice: bool, has_real: bool) -> None:
        super().__init__(_("医保异地门诊零星报销"), _("请选择要使用的机构，以后可以随时切换。"), width=820)
        self.practice = push_button(_("打开练习机构") if has_practice else _("开始练习"), "primary")
        self.real = push_button(_("打开正式机构") if has_real else _("建立正式机构"), "primary")
        self.practice.clicked.connect(self.practice_wanted)
        self.real.clicked.connect(self.real_wanted)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(
            _way(
                _("练习机构"),
                (
                    _("马上可用：已有虚构的参保人、已结算的申请，和写明密码的用户。"),
                    _("不加密，只放虚构数据；每个界面和每张单据都标明“练习”。"),
                    _("与正式机构完全分开，练习什么都不会影响正式账本。"),
                ),
                self.practice,
            )
        )
        across.addWidget(
            _way(
                _("正式机构"),
                (
                    _("账本加密保存，每次打开要输入机构口令。"),
                    _("需要准备：机构名称和 6 位代码、管理员、机构口令。"),
                    _("随后加入经办和复核人员，即可受理申请。"),
                ),
                self.real,
            )
        )
        for place in range(across.count()):
            across.setStretch(place, 1)
        self.card.body.addLayout(across)
        self.server = push_button(_("账本已在服务器上，连接它…"), "quiet")
        self.server.clicked.connect(self.server_wanted)
        self.add_ways_out(self.server)
        self.setFocusProxy(self.real if has_real else self.practice)


class NewOfficePage(FrontPage):
    """建立正式机构: name and code, the administrator, the passphrase."""

    back_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(_("建立正式机构"), width=760)
        self.office_name, self.office_code = TextField(), CodeField()
        if settings.office_code != NO_OFFICE_CODE:
            self.office_name.setText(settings.office_name)
            self.office_code.setText(settings.office_code)
        self.name, self.login = TextField(), CodeField()
        self.password, self.password_again = PasswordField(), PasswordField()
        self.passphrase, self.passphrase_again = PasswordField(), PasswordField()
        self.office_code.setPlaceholderText(_("6 位数字，每张单据号的开头"))
        self.login.setPlaceholderText(_("小写字母或数字，登录用"))
        self.password.setPlaceholderText(_("至少 8 位"))
        self.passphrase.setPlaceholderText(_("至少 12 个字符，或 4 个词语"))
        self.place = PlaceFields()
        self.grid = FoldingGrid()
        rows = (
            ((_("机构名称"), self.office_name, "office_name"), (_("机构代码"), self.office_code, "office_code")),
            ((_("管理员姓名"), self.name, "name"), (_("用户名"), self.login, "login")),
            ((_("密码"), self.password, "password"), (_("再输一次"), self.password_again, "password_again")),
            (
                (_("机构口令"), self.passphrase, "passphrase"),
                (_("再输一次"), self.passphrase_again, "passphrase_again"),
            ),
        )
        self.place.add_to(self.grid, 0)
        for row, pair in enumerate(rows, 2):
            for column, (label, field, key) in enumerate(pair):
                self.grid.add_field(row, column, label, field, Place("office", 0, key))
        # On the screen each stands beside what it repeats; a screen reader says what that is.
        for again, words in ((self.password_again, _("密码")), (self.passphrase_again, _("机构口令"))):
            again.setAccessibleName(f"{words} {again.accessibleName()}")
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(3, 1)
        self.grid.setVerticalSpacing(5)
        self.card.body.addLayout(self.grid)
        warning = BannerStrip("warning")
        self.card.body.addWidget(warning)
        warning.say(
            _(
                "机构口令是打开账本的唯一钥匙。程序不保存它，忘记了谁也找不回来，账本里的全部单据就再也打不开。"
                "请写在纸上封存，放进保险柜，由两人知道所在。"
            )
        )
        self.found = self.add_answer(_("建立"), self.passphrase_again)
        self.back = push_button(_("返回"), "quiet")
        self.back.clicked.connect(self.back_wanted)
        self.add_ways_out(self.back)
        self.watch_caps(
            *(self.password, self.password_again, self.passphrase, self.passphrase_again, self.place.password)
        )
        self.setFocusProxy(self.office_name)

    def typed(self) -> NewOffice:
        """What was typed."""
        return NewOffice(
            self.office_name.text(),
            self.office_code.text(),
            self.name.text(),
            self.login.text(),
            self.password.text(),
            self.password_again.text(),
            self.passphrase.text(),
            self.passphrase_again.text(),
            self.place.typed_address(),
            self.place.password.text(),
        )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what cannot stand, and go to the first of it."""
        shown = shown_problems(problems, None)
        self.grid.show_problems(shown)
        for place, field in self.grid.fields():
            if place in shown:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return


class StaffPage(FrontPage):
    """The first clerk and the first reviewer: without both there is no settlement that needs a review."""

    later_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("加入经办和复核人员"),
            _("机构已经建立。管理员管理用户和设置，不办理结算：请加入经办人员和复核人员，也可以以后在“用户”页加入。"),
            width=760,
        )
        self.rows = {role: PersonRow(role) for role in (Role.CLERK, Role.REVIEWER)}
        for row in self.rows.values():
            self.card.body.addLayout(row)
        self.add = self.add_answer(_("加入"), self.rows[Role.REVIEWER].password_again)
        self.later = push_button(_("以后再加"), "quiet")
        self.later.clicked.connect(self.later_wanted)
        self.add_ways_out(self.later)
        for row in self.rows.values():
            self.watch_caps(row.password, row.password_again)
        self.setFocusProxy(self.rows[Role.CLERK].name)


class PersonRow(FieldGrid):
    """Name, login and password of somebody new."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.role = role
        self.name, self.login = TextField(), CodeField()
        self.password, self.password_again = PasswordField(), PasswordField()
        self.password.setPlaceholderText(_("至少 8 位，由本人输入"))
        title = plain_label(_(role.term), "cardTitle")
        self.addWidget(title, 0, 0, 1, 4)
        self.add_field(1, 0, _("姓名"), self.name)
        self.add_field(1, 1, _("用户名"), self.login)
        self.add_field(2, 0, _("密码"), self.password)
        self.add_field(2, 1, _("再输一次"), self.password_again)
        for field in (self.name, self.login, self.password, self.password_again):
            field.setAccessibleName(f"{_(role.term)} {field.accessibleName()}")
        self.setColumnStretch(1, 1)
        self.setColumnStretch(3, 1)

    def is_blank(self) -> bool:
        """Whether nobody was named."""
        return not (self.name.text().strip() or self.login.text().strip())

    def user(self) -> User:
        """Who was named."""
        return User(self.login.text(), self.name.text(), self.role)

    def lock(self) -> None:
        """This one is in; a second press adds nobody twice."""
        for field in (self.name, self.login, self.password, self.password_again):
            field.setEnabled(False)
        self.password.clear()
        self.password_again.clear()

    def is_locked(self) -> bool:
        """Whether this one is in."""
        return not self.name.isEnabled()


def _way(title: str, lines: Sequence[str], button: QPushButton) -> Card:
    card = Card(title)
    card.body.setContentsMargins(18, 16, 18, 18)
    points = QGridLayout()
    points.setHorizontalSpacing(6)
    points.setVerticalSpacing(6)
    points.setColumnStretch(1, 1)
    for row, line in enumerate(lines):
        points.addWidget(plain_label("·", "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        points.addWidget(plain_label(line, "muted", wraps=True), row, 1)
    card.body.addLayout(points)
    card.body.addStretch(1)
    card.body.addSpacing(8)
    card.body.addWidget(button)
    return card
