"""用户: who may sign in, as what, and what each role may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from clerk_app.codes import Action, Role
from clerk_app.counter.desk import Desk
from clerk_app.counter.users_desk import UsersDesk, rights_table
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.colours import colours
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.fields import ChoiceBox, CodeField, PasswordField, TextField, tip
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.pieces import (
    BannerStrip,
    Card,
    ColouredCells,
    FieldGrid,
    Form,
    plain_label,
    push_button,
)
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import User
from clerk_app.wording import N_, _, sentence

AnyIndex = QModelIndex | QPersistentModelIndex

_COLUMNS = (N_("用户名"), N_("姓名"), N_("角色"), N_("状态"))
#: The head, three lines and a bar below, in pixels at the usual size of type.
_TABLE_HEIGHT = 136
#: Of the table of rights; else it stands below the users.
_RIGHTS_WIDTH = 460


class UsersModel(QAbstractTableModel):
    """Everybody, those who left in grey."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.users: list[User] = []

    def show(self, users: list[User]) -> None:
        """Show other users."""
        self.beginResetModel()
        self.users = users
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """A row a user."""
        return 0 if parent is not None and parent.isValid() else len(self.users)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """What a row shows."""
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section])
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        user = self.users[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            state = _("在用") if user.is_active else _("已停用")
            words = (user.login, user.name, _(user.role.term), state)[index.column()]
            return tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        if role == Qt.ItemDataRole.ForegroundRole and not user.is_active:
            return QColor(colours().hint)
        return None


class RightsModel(QAbstractTableModel):
    """The table of rights, as the ledger asks it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rights_table()
        self._roles = tuple(Role)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """A row an action."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """The action, then each role."""
        return 0 if parent is not None and parent.isValid() else len(self._roles) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The roles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self._roles[section - 1].term) if section else _("可以办理")
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A tick where the role may."""
        action, granted = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return ("✓" if granted[index.column() - 1] else "") if index.column() else _(action.term)
        if role == Qt.ItemDataRole.ToolTipRole and not index.column():
            return tip(_(action.term))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole and index.column():
            return QColor(colours().good)
        return None


class UsersPage(QWidget):
    """The list at the left with what is done to a user below, the table of rights at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.users = UsersDesk(desk)
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.model = UsersModel(self)
        self.table = _table(self.model, _("用户列表"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        show_whole_titles(self.table)
        self.card = UserCard()
        self.rights = _table(RightsModel(self), _("权限表"))
        self.rights.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.rights.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rights.verticalHeader().setDefaultSectionSize(scaled(24))
        header = self.rights.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        show_whole_titles(self.rights)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addWidget(self.card)
        right = Card(_("各角色的权限"))
        right.body.addWidget(self.rights, 1)
        words = _("权限由账本逐项核对，不能在这里修改。录入人不能复核自己的单据；稽核只看，不改。")
        right.body.addWidget(plain_label(words, "small", wraps=True))
        across = Beside()
        across.addLayout(left, 1)
        across.add_block(right, 1, least=scaled(_RIGHTS_WIDTH))
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addWidget(plain_label(_("用户"), "pageTitle"))
        page.addWidget(self.notice)
        page.addWidget(self.work)
        page.addLayout(across, 1)
        self.table.selectionModel().currentRowChanged.connect(self._show_chosen)
        self.card.new.clicked.connect(self.begin_new)
        self.card.save.clicked.connect(self.save)
        self.card.setEnabled(desk.may(Action.MANAGE_USERS))
        self._hold = Hold(self.card)
        self.work.busy.connect(self._hold.set_on)
        self.work.failed.connect(self._say)
        self.setFocusProxy(self.table)
        self.reading = Reading(self)
        self.refresh()

    def refresh(self, login: str = "") -> None:
        """Read the users again beside the window, and choose one; nothing is typed that the answer would overwrite."""
        self._hold.set_on(True)
        self.reading.ask(
            self.users.users,
            lambda found: self._show_users(found, login),
            self._say,
            lambda: self._hold.set_on(False),
        )

    def _show_users(self, found: list[User], login: str) -> None:
        self.model.show(found)
        self.table.selectRow(next((row for row, user in enumerate(found) if user.login == login), 0))
        self._show_chosen()

    def begin_new(self) -> None:
        """Ask for somebody new."""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.card.show_user(None)
        self.card.login.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Add or change, as an act of the ledger's; a password's hash is made beside the window."""
        card, known = self.card, self.card.user
        typed = card.typed()
        password, again = card.password.text(), card.password_again.text()
        if known is None:
            self._act(lambda: self.users.add(typed, password, again), _("已加入用户 {login}。"))
        elif password or again:
            self._act(lambda: self.users.reset_password(typed, password, again), _("已修改 {login}，密码已重设。"))
        elif typed != known:
            self._act(lambda: self.users.change(typed), _("已修改 {login}。"))
        else:
            self.notice.say(_("没有改动。"), "note")

    def _act(self, work: Callable[[], User], words: str) -> None:
        def done(user: User) -> None:
            self.refresh(user.login)
            self.notice.say(words.format(login=user.login), "good")

        self.work.act(_("正在保存…"), work, done)

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _show_chosen(self) -> None:
        row = self.table.currentIndex().row()
        self.card.show_user(self.model.users[row] if 0 <= row < len(self.model.users) else None)


class UserCard(Card):
    """One user's fields, for somebody new or somebody known."""

    def __init__(self) -> None:
        super().__init__(_("用户资料"))
        self.user: User | None = None
        self.new = push_button(_("＋ 新用户"), "quiet")
        self.head.addWidget(self.new)
        self.login, self.name = CodeField(), TextField()
        self.role = ChoiceBox([(_(role.term), role) for role in Role])
        self.standing = ChoiceBox([(_("在用"), True), (_("已停用"), False)])
        self.password, self.password_again = PasswordField(), PasswordField()
        form = Form()
        grid = FieldGrid()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.add_field(0, 0, _("用户名"), self.login)
        grid.add_field(0, 1, _("姓名"), self.name)
        grid.add_field(1, 0, _("角色"), self.role)
        grid.add_field(1, 1, _("状态"), self.standing)
        grid.add_field(2, 0, _("新密码"), self.password)
        grid.add_field(2, 1, _("再输一次"), self.password_again)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.setVerticalSpacing(5)
        form.setLayout(grid)
        self.body.addWidget(form)
        self.hint = plain_label("", "small", wraps=True)
        self.save = push_button(_("保存"))
        below = QHBoxLayout()
        below.addWidget(self.hint, 1)
        below.addWidget(self.save)
        self.body.addLayout(below)
        self.show_user(None)

    def show_user(self, user: User | None) -> None:
        """Show somebody's fields, or empty ones for somebody new."""
        self.user = user
        self.login.setText(user.login if user else "")
        self.login.setEnabled(user is None)
        self.name.setText(user.name if user else "")
        self.role.choose(user.role if user else Role.CLERK)
        self.standing.choose(user.is_active if user else True)
        self.standing.setEnabled(user is not None)
        self.password.clear()
        self.password_again.clear()
        new = _("用户名登录用，以后不能改；姓名印在单据上。密码至少 8 位，由本人输入。")
        known = _("不改密码的，密码留空。重设密码同时解除输错密码的锁定。停用的用户不能登录，以前的单据不变。")
        self.hint.setText(known if user else new)

    def typed(self) -> User:
        """What the fields say."""
        role = self.role.value()
        assert isinstance(role, Role)
        name, is_active = self.name.text().strip(), bool(self.standing.value())
        if self.user is not None:
            return replace(self.user, name=name, role=role, is_active=is_active)
        return User(self.login.text(), name, role, is_active)


def _table(model: QAbstractTableModel, name: str) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(ColouredCells(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(scaled(30))
    table.setMinimumHeight(scaled(_TABLE_HEIGHT))
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
