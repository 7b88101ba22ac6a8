"""Buttons of pages that the menus press too, each with a key: what is rarely done needs no mouse either.

What a page does all day has a key on its button, or is one of the page's acts in ``menus``.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget

from clerk_app.codes import Action
from clerk_app.desktop.navigation import AREAS, AUDIT, EXPORT, PAYMENT, POLICIES, REVIEW, SAFEKEEPING, SEARCH, USERS
from clerk_app.wording import N_

if TYPE_CHECKING:
    from clerk_app.desktop.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class PageButton:
    """One entry of a menu that presses a button.

    Attributes:
        words: Of the entry; the button's own, with what it is about where they do not say so.
        place: Where the button is in its page, as a path of attributes.
    """

    words: str
    keys: str
    page: int
    place: str
    right: Action


OF_PAPERS = (
    PageButton(N_("显示号码"), "Ctrl+Alt+M", SEARCH, "panel.numbers_button", Action.SHOW_NUMBERS),
    PageButton(N_("导出月报"), "Ctrl+Alt+X", EXPORT, "start", Action.EXPORT),
    PageButton(N_("月台账…"), "Ctrl+Alt+L", EXPORT, "paper_button", Action.EXPORT),
    PageButton(N_("写出导入模板…"), "Ctrl+Alt+T", EXPORT, "importing.template", Action.ENTER),
    PageButton(N_("导入填好的模板…"), "Ctrl+Alt+O", EXPORT, "importing.begin", Action.ENTER),
)
OF_REVIEW = (PageButton(N_("去冲正…"), "Ctrl+Alt+G", REVIEW, "reverse_button", Action.REVIEW),)
OF_PAYMENT = (
    PageButton(N_("写报盘文件…"), "Ctrl+Alt+W", PAYMENT, "results.bank.write_button", Action.PAY),
    PageButton(N_("读回盘文件…"), "Ctrl+Alt+R", PAYMENT, "results.bank.read_button", Action.PAY),
    PageButton(N_("打印清单…"), "Ctrl+Alt+P", PAYMENT, "results.bank.paper_button", Action.PAY),
    PageButton(N_("其余全部已支付"), "Ctrl+Alt+A", PAYMENT, "results.all_paid_button", Action.PAY),
    PageButton(N_("登记收回"), "Ctrl+Alt+K", PAYMENT, "recover.record_button", Action.RECOVER),
    PageButton(N_("撤销收回登记"), "Ctrl+Alt+Z", PAYMENT, "recover.take_back_button", Action.RECOVER),
)
OF_BOOKS = (
    PageButton(N_("保存备份设置"), "Ctrl+Alt+B", SAFEKEEPING, "save_settings", Action.CHANGE_OFFICE),
    PageButton(N_("刷新操作记录"), "Ctrl+Alt+F", AUDIT, "reread", Action.SEE_AUDIT),
    PageButton(N_("更早的记录"), "Ctrl+Alt+Y", AUDIT, "older", Action.SEE_AUDIT),
)
OF_SETTINGS = (
    PageButton(N_("检查并试算新文件"), "Ctrl+Alt+E", POLICIES, "folder.check", Action.PROPOSE_POLICY),
    PageButton(N_("核对并试算待装入的文件"), "Ctrl+Alt+N", POLICIES, "waiting.look", Action.INSTALL_POLICY),
    PageButton(N_("保存时限"), "Ctrl+Alt+H", AREAS, "time_limits.save", Action.CHANGE_OFFICE),
)
OF_USERS = (
    PageButton(N_("新用户"), "Ctrl+Alt+U", USERS, "card.new", Action.MANAGE_USERS),
    PageButton(N_("保存用户"), "Ctrl+Alt+S", USERS, "card.save", Action.MANAGE_USERS),
)
ALL = (*OF_PAPERS, *OF_REVIEW, *OF_PAYMENT, *OF_BOOKS, *OF_SETTINGS, *OF_USERS)


def press(window: MainWindow, entry: PageButton) -> None:
    """Go to the page, show the tab that the button is on, and press it, if there is anything to press it for."""
    if not window.pages.is_shown(entry.page):
        window.go_to(entry.page)
    window.pages.when_read(entry.page, lambda page: _press(button(page, entry), page))


def _press(pressed: QAbstractButton, page: QWidget) -> None:
    _bring_to_front(pressed, page)
    pressed.click()


def button(page: QWidget, entry: PageButton) -> QAbstractButton:
    """The button of an entry, on its page."""
    found = attrgetter(entry.place)(page)
    assert isinstance(found, QAbstractButton), entry.place
    return found


def _bring_to_front(widget: QWidget, page: QWidget) -> None:
    for tabs in page.findChildren(QTabWidget):
        for place in range(tabs.count()):
            tab = tabs.widget(place)
            if tab is not None and tab.isAncestorOf(widget):
                tabs.setCurrentIndex(place)
