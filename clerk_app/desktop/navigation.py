"""The pages of the workbench: their names and keys, who is shown which, and the bar at the left that leads to them.

It is part of the first paint, so it stands on little, and looks names of ``Qt`` up late, as the window does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from clerk_app.codes import Action
from clerk_app.desktop.style import pixels
from clerk_app.wording import N_, _

CLAIM, CLAIMS, REVIEW, PAYMENT, SEARCH, EXPORT, AREAS, POLICIES, USERS, AUDIT, SAFEKEEPING, MONTH = range(12)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the workbench.

    Attributes:
        words: What it is called.
        rights: Who has one of them is shown the page; each act on it is asked in the ledger all the same.
        keys: Its shortcut; there are only nine digits, so the last pages are reached with Shift too.
        help: Its page of help.
    """

    words: str
    rights: tuple[Action, ...]
    keys: str
    help: str

    def is_for(self, may: Callable[[Action], bool]) -> bool:
        """Whether somebody with these rights has anything to do there."""
        return any(may(right) for right in self.rights)


#: In the order of the work; a page keeps its keys whoever is signed in.
PAGES = {
    CLAIM: Page(N_("受理结算"), (Action.SETTLE,), "Ctrl+1", "claim"),
    CLAIMS: Page(N_("我的申请"), (Action.SETTLE,), "Ctrl+2", "claims"),
    REVIEW: Page(N_("复核"), (Action.REVIEW,), "Ctrl+3", "review"),
    PAYMENT: Page(N_("支付"), (Action.PAY, Action.CHANGE_PAYEE), "Ctrl+4", "payment"),
    SEARCH: Page(N_("查询"), (Action.SEE,), "Ctrl+5", "search"),
    EXPORT: Page(N_("月度导出"), (Action.EXPORT,), "Ctrl+6", "export"),
    MONTH: Page(N_("月度统计"), (Action.SEE,), "Ctrl+Shift+3", "month"),
    AREAS: Page(N_("统筹区与参数"), (Action.SEE,), "Ctrl+7", "areas"),
    POLICIES: Page(N_("政策文件"), (Action.SEE,), "Ctrl+8", "policies"),
    USERS: Page(N_("用户"), (Action.MANAGE_USERS,), "Ctrl+9", "users"),
    AUDIT: Page(N_("操作记录"), (Action.SEE_AUDIT,), "Ctrl+Shift+1", "audit"),
    SAFEKEEPING: Page(N_("备份与校验"), (Action.BACK_UP, Action.SEE_AUDIT), "Ctrl+Shift+2", "safekeeping"),
}


class Navigation(QListWidget):
    """A row a page; what a role has no use for is not shown."""

    def __init__(self, font_scale: int) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName(_("页面"))
        #: The page of each row.
        self._pages = tuple(PAGES)
        for page in PAGES.values():
            item = QListWidgetItem(_(page.words))
            item.setToolTip(page.keys)
            item.setSizeHint(QSize(0, pixels(40, font_scale)))
            self.addItem(item)
        self.setCurrentRow(0)
        # Chinese fits into the usual width; other languages get what their longest name takes.
        longest = max(self.fontMetrics().horizontalAdvance(_(page.words)) for page in PAGES.values())
        self.setFixedWidth(max(pixels(132, font_scale), longest + pixels(44, font_scale)))

    def offer(self, may: Callable[[Action], bool]) -> None:
        """Show the pages that somebody with these rights may go to."""
        for row, page in enumerate(self._pages):
            self.item(row).setHidden(not PAGES[page].is_for(may))

    def offered(self) -> set[int]:
        """The pages that are shown."""
        return {page for row, page in enumerate(self._pages) if not self.item(row).isHidden()}

    def page_at(self, row: int) -> int:
        """The page of a row."""
        return self._pages[row]

    def current(self) -> int:
        """The page that is marked."""
        return self._pages[self.currentRow()]

    def choose(self, page: int) -> None:
        """Mark a page."""
        self.setCurrentRow(self._pages.index(page))
