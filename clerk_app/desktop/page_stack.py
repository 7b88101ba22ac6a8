"""The workbench's pages, each made when it is first shown: their modules bring the heavy libraries with them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from clerk_app.desktop import navigation
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.tasks import BackgroundTask

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.desktop.claims_page import ClaimsPage
    from clerk_app.desktop.export_page import ExportPage
    from clerk_app.desktop.payment_page import PaymentPage
    from clerk_app.desktop.review_page import ReviewPage
    from clerk_app.desktop.search_page import SearchPage

#: What the pages and the windows beside them are made of.
_MODULES = (
    "claims_page",
    "search_page",
    "review_page",
    "payment_page",
    "export_page",
    "month_page",
    "areas_page",
    "policy_page",
    "users_page",
    "audit_page",
    "safekeeping_page",
    "voucher_window",
    "year_card_window",
    "settings_dialog",
    "help_window",
    "password_dialog",
)


class PageStack(QStackedWidget):
    """What is left of the navigation: one page at a time. It makes pages and tells what they ask for."""

    preview_wanted = Signal(object)
    print_wanted = Signal(object)
    year_card_wanted = Signal()
    voucher_wanted = Signal(str)
    reversal_wanted = Signal(str)
    claim_wanted = Signal(str)
    #: A claim, by its key, has been handed in, given back or withdrawn.
    claim_moved = Signal(str)
    policies_changed = Signal()
    #: Somebody has checked the whole ledger.
    books_checked = Signal()
    #: Whether a backup is taking the ledger's place just now.
    replacing = Signal(bool)
    #: It has: the ledger is to be opened anew.
    restored = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._is_prepared = False
        self._preparing: BackgroundTask | None = None
        self._made: dict[int, QWidget] = {}
        self._refreshers: dict[int, Callable[[], object]] = {}
        self._makers: dict[int, Callable[[Desk], tuple[QWidget, Callable[[], object] | None]]] = {
            navigation.CLAIMS: self._claims_page,
            navigation.REVIEW: self._review_page,
            navigation.PAYMENT: self._payment_page,
            navigation.SEARCH: self._search_page,
            navigation.EXPORT: self._export_page,
            navigation.AREAS: self._areas_page,
            navigation.POLICIES: self._policy_page,
            navigation.USERS: self._users_page,
            navigation.AUDIT: self._audit_page,
            navigation.SAFEKEEPING: self._safekeeping_page,
            navigation.MONTH: self._month_page,
        }
        self.claims: ClaimsPage | None = None
        self.review: ReviewPage | None = None
        self.payment: PaymentPage | None = None
        self.search: SearchPage | None = None
        self.export: ExportPage | None = None

    def prepare(self) -> None:
        """Load beside the window what the pages are made of, so that the first opening of one is not waited for."""
        if self._is_prepared or self._preparing is not None:
            return
        self._preparing = BackgroundTask(lambda _progress: _load())
        self._preparing.ended.connect(self._prepared)
        self._preparing.start()

    def _prepared(self) -> None:
        # What could not be loaded says so when its page is opened.
        self._is_prepared, self._preparing = True, None

    def is_prepared(self) -> bool:
        """Whether everything is loaded."""
        return self._is_prepared

    def put(self, page: int, widget: QWidget) -> None:
        """Take in a page that was made elsewhere."""
        self._made[page] = widget
        self.addWidget(widget)

    def show_page(self, page: int, desk: Desk) -> QWidget:
        """Show a page, which is made when it is not there yet."""
        if page not in self._made:
            widget, refresher = self._makers[page](desk)
            self.put(page, widget)
            if refresher is not None:
                self._refreshers[page] = refresher
        self.setCurrentWidget(self._made[page])
        return self._made[page]

    def is_made(self, page: int) -> bool:
        """Whether a page has been shown before."""
        return page in self._made

    def is_shown(self, page: int) -> bool:
        """Whether a page is the one in front."""
        return self.is_made(page) and self.currentWidget() is self._made[page]

    def when_read(self, page: int, then: Callable[[QWidget], object]) -> None:
        """Do something to the page in front as soon as it shows what it has read; nothing, where another one is."""
        if not self.is_shown(page):
            return
        shown = self._made[page]
        reading = getattr(shown, "reading", None)
        if isinstance(reading, Reading):
            reading.after(lambda: then(shown) if self.is_shown(page) else None)
        else:
            then(shown)

    def refresh(self, *pages: int) -> None:
        """Let pages read again what they show; one that was never shown will read it anyway."""
        for page in pages:
            if page in self._refreshers:
                self._refreshers[page]()

    def forget(self) -> None:
        """Remove every page: nothing of a person is left in a field, a list or a tip."""
        from clerk_app.desktop.work_strip import WorkStrip

        for work in self.findChildren(WorkStrip):
            work.cancel()
        self._made.clear()
        self._refreshers.clear()
        self.claims = self.review = self.payment = self.search = self.export = None
        while (widget := self.widget(0)) is not None:
            self.removeWidget(widget)
            widget.deleteLater()

    def _claims_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.claims_page import ClaimsPage

        self.claims = ClaimsPage(desk)
        self.claims.open_wanted.connect(self.claim_wanted)
        self.claims.moved.connect(self.claim_moved)
        return self.claims, self.claims.refresh

    def _review_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.review_page import ReviewPage

        self.review = ReviewPage(desk)
        self.review.open_wanted.connect(self.claim_wanted)
        self.review.preview_wanted.connect(self.preview_wanted)
        self.review.reversal_wanted.connect(self.reversal_wanted)
        return self.review, self.review.refresh

    def _payment_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.payment_page import PaymentPage

        self.payment = PaymentPage(desk)
        return self.payment, self.payment.refresh

    def _search_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.search_page import SearchPage

        self.search = SearchPage(desk)
        self.search.preview_wanted.connect(self.preview_wanted)
        self.search.print_wanted.connect(self.print_wanted)
        self.search.panel.year_card_button.clicked.connect(self.year_card_wanted)
        return self.search, self.search.refresh

    def _export_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.export_page import ExportPage

        self.export = ExportPage(desk)
        return self.export, self.export.refresh

    def _areas_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.areas_page import AreasPage

        page = AreasPage(desk)
        page.policies_changed.connect(self.policies_changed)
        return page, page.refresh

    def _policy_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.policy_page import PolicyPage

        page = PolicyPage(desk)
        page.policies_changed.connect(self.policies_changed)
        page.voucher_wanted.connect(self.voucher_wanted)
        return page, page.refresh

    def _users_page(self, desk: Desk) -> tuple[QWidget, None]:
        from clerk_app.desktop.users_page import UsersPage

        return UsersPage(desk), None

    def _audit_page(self, desk: Desk) -> tuple[QWidget, None]:
        from clerk_app.desktop.audit_page import AuditPage

        return AuditPage(desk), None

    def _safekeeping_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.safekeeping_page import SafekeepingPage

        page = SafekeepingPage(desk)
        page.checked.connect(self.books_checked)
        page.replacing.connect(self.replacing)
        page.restored.connect(self.restored)
        return page, page.refresh

    def _month_page(self, desk: Desk) -> tuple[QWidget, Callable[[], object]]:
        from clerk_app.desktop.month_page import MonthPage

        page = MonthPage(desk)
        return page, page.refresh


def _load() -> None:
    is_first = f"clerk_app.desktop.{_MODULES[-1]}" not in sys.modules
    for name in _MODULES:
        import_module(f"clerk_app.desktop.{name}")
    if is_first:
        # What is loaded stays for good; to look through all of it for garbage, now and then, would hold a key for
        # a tenth of a second.
        gc.freeze()
