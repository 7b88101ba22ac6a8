"""What a screen reader would be told of a screen, through Qt's own accessibility interface."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListView,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

#: What each kind of control is to be announced as.
ROLES: tuple[tuple[type[QWidget], QAccessible.Role], ...] = (
    (QCheckBox, QAccessible.Role.CheckBox),
    (QPushButton, QAccessible.Role.Button),
    (QToolButton, QAccessible.Role.Button),
    (QLineEdit, QAccessible.Role.EditableText),
    (QPlainTextEdit, QAccessible.Role.EditableText),
    (QComboBox, QAccessible.Role.ComboBox),
    (QTableView, QAccessible.Role.Table),
    (QListView, QAccessible.Role.List),
    (QTabBar, QAccessible.Role.PageTabList),
)


def unsaid(screen: QWidget) -> list[str]:
    """A sentence for every control that has no name, a wrong role, or the name of another of its kind."""
    return [*_controls(screen), *_menus(screen)]


def _controls(screen: QWidget) -> Iterator[str]:
    named: dict[tuple[QAccessible.Role, str], list[QWidget]] = defaultdict(list)
    for control in controls(screen):
        told = QAccessible.queryAccessibleInterface(control)
        name, role = told.text(QAccessible.Text.Name).strip(), told.role()
        kind = f"{type(control).__name__} in {type(control.parentWidget()).__name__}"
        if not any(letter.isalnum() for letter in name):
            yield f"{kind} has no name: {name!r}"
        wanted = next((wanted for of, wanted in ROLES if isinstance(control, of)), role)
        if isinstance(control, QPushButton) and control.isCheckable():
            wanted = QAccessible.Role.CheckBox
        if role != wanted:
            yield f"{kind} {name!r} is a {role.name}, not a {wanted.name}"
        if not isinstance(control.parentWidget(), QTableView):
            named[role, name].append(control)
    for (role, name), same in named.items():
        if len(same) > 1:
            yield f"{len(same)} × {role.name} are all named {name!r}"


def controls(screen: QWidget) -> Iterator[QWidget]:
    """Everything on a screen that the keyboard or the mouse can act on."""
    for widget in screen.findChildren(QWidget):
        table = widget.parentWidget()
        if isinstance(table, QTableView) and isinstance(widget, QAbstractButton) and not table.isCornerButtonEnabled():
            continue  # The corner of a table that does nothing.
        takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if widget.isVisible() and widget.window() is screen and (takes_keys or isinstance(widget, QAbstractButton)):
            yield widget


def _menus(screen: QWidget) -> Iterator[str]:
    for bar in screen.findChildren(QMenuBar):
        for menu in bar.findChildren(QMenu):
            for action in menu.actions():
                if not action.isSeparator() and not action.text():
                    yield f"an entry of {menu.title()!r} has no words"
