"""The menus: an entry and a shortcut for every action, enabled for whoever has the right to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from clerk_app.codes import Action
from clerk_app.desktop import page_buttons
from clerk_app.desktop.navigation import AREAS, CLAIMS, EXPORT, PAGES, PAYMENT, REVIEW, SAFEKEEPING, SEARCH
from clerk_app.wording import _

if TYPE_CHECKING:
    from clerk_app.desktop.main_window import MainWindow

_May = Callable[[Action], bool]


class Menus:
    """The window's menu bar."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        #: Every action that somebody has to be signed in for, with who it is for.
        self._actions: list[tuple[QAction, Callable[[_May], bool]]] = []
        self._build_claim()
        self._build_claims()
        self._build_papers()
        self._build_review()
        self._build_payment()
        self._build_books()
        self._build_pages()
        self._build_settings()
        self._build_user()
        help_menu = window.menuBar().addMenu(_("帮助(&H)"))
        help_menu.addAction(self._action(_("帮助"), "F1", window.beside.show_help))
        help_menu.addAction(self._action(_("按键说明"), "Ctrl+F1", window.beside.show_keys))
        self._add(help_menu, _("入门引导"), "Shift+F1", window.toggle_guide)

    def wait(self) -> None:
        """Nobody is signed in: there is nothing to choose but help and the way out."""
        for action, _is_for in self._actions:
            action.setEnabled(False)

    def offer(self, may: _May) -> None:
        """Let somebody with these rights choose."""
        for action, is_for in self._actions:
            action.setEnabled(is_for(may))

    def _build_claim(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("受理(&C)"))
        for words, keys, act in (
            (_("存草稿"), "F2", window.save_draft),
            (_("新建申请"), "F3", window.new_claim),
            (_("扫描"), "F6", window.scan),
            (_("录入票据"), "F7", window.to_receipts),
            (_("常用材料齐全"), "Ctrl+M", window.tick_usual),
            (_("显示或隐藏更多列"), "F5", window.toggle_extras),
        ):
            self._add(menu, words, keys, act, Action.SETTLE)
        # On the pages of review and payment the same key does what they are for.
        performing = (Action.SETTLE, Action.REVIEW, Action.PAY)
        self._take(
            menu,
            self._action(_("结算"), "F9; Ctrl+Return; Ctrl+Enter", window.settle),
            lambda may: any(map(may, performing)),
        )
        menu.addSeparator()
        for words, keys, do in (
            (_("费用明细"), "Ctrl+E", lambda page: page.toggle_fees()),
            (_("收款账户"), "Ctrl+B", lambda page: page.toggle_payee()),
            (_("粘贴整张表"), "Ctrl+Alt+V", lambda page: page.paste_table()),
            (_("假设"), "Ctrl+I", lambda page: page.explanation.alternatives.next()),
            (_("同上家医疗机构"), "Ctrl+H", lambda page: page.table.repeat_institution()),
        ):
            self._add(menu, words, keys, partial(window.with_claim, do), Action.SETTLE)
        for words, keys, do in (
            (_("同上一行"), "Ctrl+D", lambda page: page.table.copy_cell_from_above()),
            (_("删除这一行"), "Ctrl+Del", lambda page: page.remove_line()),
            (_("添加慢特病"), "Ctrl+Alt+D", lambda page: page.conditions.add_line()),
            (_("添加住院"), "Ctrl+Alt+H", lambda page: page.stays.add_line()),
            (_("导入目录…"), "Ctrl+Alt+I", lambda page: page.import_catalogue()),
            (_("恢复放下的申请"), "Ctrl+R", lambda page: page.restore()),
        ):
            self._add(menu, words, keys, partial(window.if_claim, do), Action.SETTLE)
        for words, keys, do in (
            (_("撤销录入"), "Ctrl+Z", lambda page: page.undo()),
            (_("重做录入"), "Ctrl+Y; Ctrl+Shift+Z", lambda page: page.redo()),
        ):
            self._add(menu, words, keys, partial(window.if_claim, do), Action.SETTLE).setAutoRepeat(True)
        menu.addSeparator()
        menu.addAction(self._action(_("退出"), "Ctrl+Q", window.close))

    def _build_claims(self) -> None:
        menu = self._window.menuBar().addMenu(_("申请(&A)"))
        self._add_acts(
            menu,
            CLAIMS,
            (_("送审"), "Ctrl+Shift+H", "submit", Action.ENTER),
            (_("受理回执"), "Ctrl+Shift+E", "show_receipt", Action.SETTLE),
            (_("一次性告知书"), "Ctrl+Shift+G", "show_missing", Action.SETTLE),
            (_("退回补正"), "Ctrl+Shift+T", "give_back", Action.REVIEW),
            (_("撤销申请"), "Ctrl+Shift+W", "withdraw", Action.ENTER),
        )

    def _build_papers(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("单据(&P)"))
        self._add(menu, _("查询"), "F4", window.search_anew)
        self._add(menu, _("预览单据"), "F8", window.beside.preview_papers)
        self._add(menu, _("打印单据"), "Ctrl+P", window.beside.print_papers, Action.PRINT)
        self._add(menu, _("保存 PDF"), "Ctrl+S", window.beside.save_papers, Action.PRINT)
        self._add(menu, _("年度卡"), "F11", window.beside.show_year_card)
        self._add_acts(
            menu,
            SEARCH,
            (_("冲正…"), "Ctrl+Shift+X", "open_reversal", Action.REVERSE),
            (_("差额…"), "Ctrl+Shift+J", "open_corrections", Action.CORRECT),
        )
        self._add(menu, _("从 Excel 导入"), "Ctrl+Shift+I", partial(window.go_to, EXPORT), Action.ENTER)
        self._add_buttons(menu, page_buttons.OF_PAPERS)

    def _build_review(self) -> None:
        menu = self._window.menuBar().addMenu(_("复核(&R)"))
        self._add_acts(
            menu,
            REVIEW,
            (_("标为通过"), "Ctrl+Shift+Y", "mark_passed", Action.REVIEW),
            (_("退回"), "Ctrl+Shift+N", "mark_returned", Action.REVIEW),
            (_("提交复核"), "Ctrl+Shift+F9", "hand_in", Action.REVIEW),
        )
        self._add_buttons(menu, page_buttons.OF_REVIEW)

    def _build_payment(self) -> None:
        menu = self._window.menuBar().addMenu(_("支付(&B)"))
        self._add_acts(
            menu,
            PAYMENT,
            (_("制作报盘"), "Ctrl+Shift+M", "make_list", Action.PAY),
            (_("登记回盘"), "Ctrl+Shift+K", "record_results", Action.PAY),
            (_("保存收款账户"), "Ctrl+Shift+A", "save_account", Action.CHANGE_PAYEE),
            (_("归档"), "Ctrl+Shift+D", "put_on_shelf", Action.ARCHIVE),
        )
        self._add_buttons(menu, page_buttons.OF_PAYMENT)

    def _build_books(self) -> None:
        menu = self._window.menuBar().addMenu(_("账本(&L)"))
        self._add_acts(
            menu,
            SAFEKEEPING,
            (_("立即备份"), "Ctrl+Shift+B", "back_up", Action.BACK_UP),
            (_("从备份恢复…"), "Ctrl+Shift+R", "ask_restore", Action.RESTORE),
            (_("全面校验"), "Ctrl+Shift+V", "check_all", Action.SEE_AUDIT),
            (_("保存核对结果…"), "Ctrl+Shift+S", "ask_where_to_save", Action.BACK_UP),
        )
        self._add_buttons(menu, page_buttons.OF_BOOKS)

    def _build_pages(self) -> None:
        menu = self._window.menuBar().addMenu(_("前往(&G)"))
        for number, page in PAGES.items():
            action = self._action(_(page.words).replace("&", "&&"), page.keys, partial(self._window.go_to, number))
            self._take(menu, action, page.is_for)

    def _build_settings(self) -> None:
        menu = self._window.menuBar().addMenu(_("设置(&S)"))
        self._add(menu, _("设置"), "F10", self._window.beside.change_settings)
        self._add_acts(menu, AREAS, (_("检查并保存参数"), "Ctrl+Shift+U", "check_and_save", Action.CHANGE_OFFICE))
        self._add_buttons(menu, page_buttons.OF_SETTINGS)

    def _build_user(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("用户(&U)"))
        self._add(menu, _("锁屏"), "F12", window.lock_wanted.emit)
        self._add(menu, _("退出登录，换人"), "Ctrl+L", window.sign_out_wanted.emit)
        self._add(menu, _("修改密码"), "Ctrl+Shift+P", window.beside.change_password)
        self._add(menu, _("切换机构"), "Ctrl+Shift+O", window.other_office_wanted.emit)
        self._add_buttons(menu, page_buttons.OF_USERS)

    def _add_acts(self, menu: QMenu, page: int, *acts: tuple[str, str, str, Action]) -> None:
        """What a page offers, from wherever the window is: words, keys, the page's method and the right to it."""
        for words, keys, act, right in acts:
            self._add(menu, words, keys, partial(self._window.act_on, page, act), right)

    def _add_buttons(self, menu: QMenu, entries: tuple[page_buttons.PageButton, ...]) -> None:
        """What is behind a button of a page, from wherever the window is."""
        for entry in entries:
            self._add(menu, _(entry.words), entry.keys, partial(page_buttons.press, self._window, entry), entry.right)

    def _add(self, menu: QMenu, words: str, keys: str, act: Callable[[], object], *rights: Action) -> QAction:
        """An action for whoever is signed in and has all of the rights to it."""
        action = self._action(words, keys, act)
        self._take(menu, action, lambda may: all(may(right) for right in rights))
        return action

    def _take(self, menu: QMenu, action: QAction, is_for: Callable[[_May], bool]) -> None:
        action.setEnabled(False)
        self._actions.append((action, is_for))
        menu.addAction(action)

    def _action(self, words: str, keys: str, act: Callable[[], object]) -> QAction:
        window = self._window
        action = QAction(words, window)
        action.setShortcuts(QKeySequence.listFromString(keys))
        # A key that is held down acts once: its repeats must not confirm what the first has asked.
        action.setAutoRepeat(False)
        # The signal's flag is of no use to what is called, and until the page is there, there is nothing to act on.
        action.triggered.connect(lambda _checked=False: act() if window.is_furnished else None)
        return action
