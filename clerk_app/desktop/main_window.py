"""The window: navigation, menus with a shortcut for every action, pages, and what the desk stands on below.

Before the first paint it makes the frame alone. Even the namespace ``Qt`` is not touched till then: its hundreds of
names take PySide as long as half an empty window, so here it is ``QtCore.Qt``, looked up when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from clerk_app.codes import Action
from clerk_app.desktop.key_hints import KeyHints
from clerk_app.desktop.leaving import Leaving
from clerk_app.desktop.menus import Menus
from clerk_app.desktop.navigation import (
    AREAS,
    AUDIT,
    CLAIM,
    CLAIMS,
    EXPORT,
    MONTH,
    PAGES,
    PAYMENT,
    POLICIES,
    REVIEW,
    SAFEKEEPING,
    SEARCH,
    USERS,
    Navigation,
)
from clerk_app.desktop.page_room import PageRoom
from clerk_app.desktop.page_stack import PageStack
from clerk_app.desktop.tasks import acts
from clerk_app.desktop.windows_beside import WindowsBeside
from clerk_app.errors import ClerkError
from clerk_app.settings import Settings
from clerk_app.wording import N_, _, sentence

if TYPE_CHECKING:
    # What these bring, from the engine to the PDF writer, is loaded after the first paint or when first shown.
    from clerk_app.counter.desk import Desk
    from clerk_app.counter.desk_counts import Queue
    from clerk_app.desktop.books_watch import BooksWatch
    from clerk_app.desktop.claim_page import ClaimPage
    from clerk_app.desktop.pieces import BannerStrip
    from clerk_app.desktop.search_page import SearchPage
    from clerk_app.ledger.records import Settlement

__all__ = [
    "AREAS",
    "AUDIT",
    "CLAIM",
    "CLAIMS",
    "EXPORT",
    "POLICIES",
    "REVIEW",
    "SAFEKEEPING",
    "SEARCH",
    "USERS",
    "MainWindow",
]

#: Lists of what waits; others may have moved it on since the page was last shown.
_READ_AGAIN = (CLAIMS, REVIEW, PAYMENT, SAFEKEEPING, MONTH)
_KEYS = N_(
    "F1 帮助　F2 存草稿　F3 新建　F4 查询　F5 更多列　F6 扫描　"
    "F7 票据　F8 预览　F9 结算　F10 设置　F11 年度卡　F12 锁屏"
)


class MainWindow(QMainWindow):
    """The program's one window."""

    #: It has been drawn for the first time; what is heavy may be loaded now.
    painted = Signal()
    retry_wanted = Signal()
    #: Whoever works here leaves; somebody else may sign in.
    sign_out_wanted = Signal()
    #: The same, and for another office perhaps.
    other_office_wanted = Signal()
    #: Nobody has touched the desk for a while, or somebody leaves it for a moment.
    lock_wanted = Signal()
    #: A backup has taken the ledger's place; it is to be opened anew.
    ledger_replaced = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self.beside, self.leaving = WindowsBeside(self), Leaving(self)
        self._has_painted = False
        self._claim: ClaimPage | None = None
        #: Whether the claim that is being taken up is to be shown then.
        self._opens_claim = False
        #: Where the keyboard was when the workbench was covered.
        self._typed_in: QWidget | None = None
        self._books: BooksWatch | None = None
        self._failure: BannerStrip | None = None
        self.navigation = Navigation(settings.font_scale)
        self.navigation.currentRowChanged.connect(lambda row: self.go_to(self.navigation.page_at(row)))
        self.pages = self._page_stack()
        self.pages.currentChanged.connect(self._show_state)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.page_room = PageRoom(self.pages)
        column.addWidget(self.page_room, 1)
        self.workbench = QWidget()
        across = QHBoxLayout(self.workbench)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        #: The navigation, and below it what waits, made after the first paint.
        self._left = QVBoxLayout()
        self._left.setSpacing(0)
        self._left.addWidget(self.navigation, 1)
        across.addLayout(self._left)
        across.addLayout(column, 1)
        #: The blank page that is painted first, the pages of the way in, and the workbench behind them.
        self.front = QStackedWidget()
        self.front.addWidget(QWidget())
        self.front.addWidget(self.workbench)
        self.practice_band = QLabel(_("练习 — 人员和单据都是虚构的，不能用于实际支付"))
        self.practice_band.setObjectName("practiceBand")
        self.practice_band.hide()
        whole = QWidget()
        self._whole = QVBoxLayout(whole)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.practice_band)
        self._whole.addWidget(self.front, 1)
        self.setCentralWidget(whole)
        self.show_title(is_practice=False)
        self._build_status()
        self.menus = Menus(self)
        self.setMinimumSize(1024, 640)
        self.resize(1366, 740)

    @property
    def is_furnished(self) -> bool:
        """Whether there is a page to act on."""
        return self._claim is not None

    @property
    def claim(self) -> ClaimPage:
        """The first page; ``furnish`` makes it."""
        assert self._claim is not None, "the window is not furnished yet"
        return self._claim

    @property
    def failure(self) -> BannerStrip:
        """The strip across all pages; made when it is first needed, which may be before there is any page."""
        if self._failure is None:
            from clerk_app.desktop.pieces import BannerStrip

            self._failure = BannerStrip("refusal")
            self.retry = self._failure.add_button(_("重试"))
            self.retry.clicked.connect(self.retry_wanted)
            self._whole.insertWidget(1, self._failure)
        return self._failure

    @property
    def books(self) -> BooksWatch:
        """The check of the ledger that is open, and what it found; made with the first ledger."""
        if self._books is None:
            from clerk_app.desktop.books_watch import BooksWatch

            self._books = BooksWatch()
            self._books.checked.connect(lambda: self.pages.refresh(SAFEKEEPING))
            self._books.details_wanted.connect(lambda: self.go_to(SAFEKEEPING))
            self._whole.insertWidget(1, self._books)
        return self._books

    def furnish(self) -> None:
        """Make the first page. The frame has been painted by then, and does not wait for the engine and the form."""
        from clerk_app.desktop.claim_page import ClaimPage
        from clerk_app.desktop.counts_strip import CountsStrip
        from clerk_app.desktop.guide_strip import GuideStrip
        from clerk_app.desktop.idle import IdleWatch
        from clerk_app.desktop.in_hand import InHand

        self.in_hand = InHand(self)
        self.page_room.furnish()
        self.counts = CountsStrip()
        self.counts.wanted.connect(self.go_to_queue)
        self._left.addWidget(self.counts)
        self.guide = GuideStrip(self)
        self._whole.insertWidget(1, self.guide)
        acts().rested.connect(self.leaving.go_on)
        acts().left_behind.connect(self.show_notice)
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock_wanted)
        self.navigation.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        for label in (self.keys, self.state, self.practice_band):
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._use_claim_page(ClaimPage())
        self.pages.prepare()

    def _use_claim_page(self, claim: ClaimPage) -> None:
        self._claim = claim
        self.pages.put(CLAIM, claim)
        claim.strips.preview_wanted.connect(self.beside.show_voucher)
        claim.strips.print_wanted.connect(self.beside.print_voucher)
        claim.strips.save_wanted.connect(self.beside.save_voucher)
        claim.strips.corrections_wanted.connect(self.correct_differences)
        claim.voucher_wanted.connect(self.find_voucher)
        claim.person.year_card_button.clicked.connect(self.beside.show_year_card)
        claim.settled.connect(self._forget_lists)
        claim.settled.connect(self.guide.settled)
        claim.settled.connect(self.in_hand.settled)
        claim.keeping.saved.connect(self._show_saved)
        claim.taken_up.connect(self._show_taken_up)
        claim.area_in_hand.connect(self._show_state)
        claim.not_done.connect(self.leaving.stay)
        claim.not_done.connect(self.in_hand.forget)

    def use_desk(self, desk: Desk) -> None:
        """Somebody has signed in: show what that role may do, with the claim that this user left unfinished."""
        self.desk = desk
        self.settings = desk.settings
        self.failure.say("")
        self.navigation.offer(desk.may)
        self.claim.use_desk(desk)
        has_unfinished = self.leaving.come_back(desk.user.login)
        self.counts.use_desk(desk)
        self.show_title(is_practice=desk.is_practice)
        self.guide.use_desk(desk)
        self.uncover()
        # Whoever reviews sees first what waits for it, but a claim that was left unfinished comes before.
        first = (CLAIM,) if has_unfinished else (REVIEW, CLAIM)
        self.go_to(next(page for page in (*first, USERS, PAYMENT, SEARCH) if PAGES[page].is_for(desk.may)))
        if self.pages.is_shown(CLAIM):
            self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def clear(self, claim: ClaimPage) -> None:
        """Nobody works here any more: nothing of a person is left in a field, a list or a tip.

        Args:
            claim: The blank form of whoever comes next.
        """
        desk, self.desk = self.desk, None
        if desk is not None:
            self.counts.leave_desk()
            self.guide.leave_desk()
            desk.ledger.sign_out()
            self.pages.forget()
            self._use_claim_page(claim)
            self.state.setText("")

    def cover(self, page: QWidget) -> None:
        """Show a page of the way in, over everything; the menus wait."""
        if self.front.currentWidget() is self.workbench:
            self._typed_in = _place_of(self.focusWidget())
        self.beside.close_all()
        if self._claim is not None:
            self.idle.stop()
            self.in_hand.forget()
        if self.front.indexOf(page) < 0:
            self.front.addWidget(page)
        self.front.setCurrentWidget(page)
        self.keys.hide()
        self.state.setText("")
        if self._books is not None:
            # Whoever has not signed in sees that something is wrong, and no more.
            self._books.details.hide()
        self.menus.wait()
        page.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    @property
    def is_covered(self) -> bool:
        """Whether a page of the way in is in front: nothing of anybody may be shown beside it."""
        return self.front.currentWidget() is not self.workbench

    def uncover(self) -> None:
        """Show the workbench to whoever is signed in; the idle watch begins."""
        assert self.desk is not None, "somebody has signed in"
        self.front.setCurrentWidget(self.workbench)
        self._offer_details()
        self.keys.show()
        self._show_state()
        self.menus.offer(self.desk.may)
        self.watch()
        self._go_back()

    def _go_back(self) -> None:
        """Put the keyboard where it was before the workbench was covered."""
        typed_in, self._typed_in = self._typed_in, None
        if typed_in is not None and isValid(typed_in) and typed_in.isVisibleTo(self):
            typed_in.setFocus(QtCore.Qt.FocusReason.TabFocusReason)
        elif (page := self.pages.currentWidget()) is not None:
            page.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _offer_details(self) -> None:
        """What the check of the books found is shown whole to whoever has its page."""
        if self._books is not None and self.desk is not None:
            self._books.details.setVisible(PAGES[SAFEKEEPING].is_for(self.desk.may))

    def watch(self) -> None:
        """Lock the desk when nobody touches it for the minutes that are set."""
        self.idle.start(self.settings.lock_minutes * 60_000)

    def show_title(self, *, is_practice: bool) -> None:
        """Name the window, and mark the practice office."""
        title = _("医保异地门诊零星报销")
        self.setWindowTitle(_("【练习】{title}").format(title=title) if is_practice else title)
        self.practice_band.setVisible(is_practice)

    def show_failure(self, error: ClerkError) -> None:
        """Say why there is no ledger or no policies; what is typed stays."""
        self.failure.say(sentence(error), "refusal")
        self.retry.show()
        self.state.setText(_("账本未打开"))

    def show_notice(self, error: ClerkError) -> None:
        """Say something that does not keep the clerk from working."""
        self.claim.notice.say(sentence(error), "warning")

    def show_report(self, code: str) -> None:
        """Say that the program has broken somewhere, with the code under which the log has it."""
        words = _(
            "程序出现意外错误，报告编号 {code}。已录入的内容仍在屏幕上，已保存的单据不受影响；请把编号告诉管理员。"
        )
        self.failure.say(words.format(code=code), "refusal")

    def go_to(self, page: int) -> None:
        """Show a page; the heavy ones are made when they are first shown."""
        if self._claim is None or self.desk is None or not PAGES[page].is_for(self.desk.may):
            return
        if self.navigation.current() != page:
            self.navigation.choose(page)
            if self.pages.is_shown(page):
                return  # The navigation has told of its change, and the page is shown.
        if page in _READ_AGAIN:
            self.pages.refresh(page)
        widget = self.pages.show_page(page, self.desk)
        if widget is not self.claim:
            widget.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        if page == CLAIMS:
            # What is typed is shown and chosen as soon as it is saved, so that it may be handed in from there.
            self.claim.keep(self._choose_in_hand)

    def count(self) -> None:
        """Somebody has done something: count again what waits."""
        if self.desk is not None:
            self.counts.refresh()

    def go_to_queue(self, queue: Queue) -> None:
        """Show what a count counts."""
        from clerk_app.counter.desk_counts import Queue, oldest_objected

        if self.desk is None:
            return
        if queue is Queue.OBJECTED and not self.desk.may(Action.REVIEW):
            desk = self.desk
            self.go_to(SEARCH)
            if self.pages.search is not None:
                self.pages.search.look_for_one(lambda: oldest_objected(desk))
            return
        if queue is Queue.SETTLED_TODAY:
            # The list begins with the newest.
            self.find_voucher("")
            return
        reviewing = (Queue.SUBMITTED, Queue.UNREVIEWED, Queue.OBJECTED)
        own = (Queue.DRAFTS, Queue.RETURNED)
        self.go_to(CLAIMS if queue in own else REVIEW if queue in reviewing else PAYMENT)
        if self.pages.payment is not None and self.navigation.current() == PAYMENT:
            self.pages.payment.go_to(queue)

    def act_on(self, page: int, act: str) -> None:
        """Do something that a page offers, from wherever the window is.

        Args:
            act: The name of the page's public method.
        """
        # A page that is there already is not read again: what is typed on it is what the act is for.
        if not self.pages.is_shown(page):
            self.go_to(page)
            if page == CLAIMS:
                # The claim in hand is chosen there once it is saved; until then another one is.
                self.claim.keep(lambda has_all: self._act_on_claim_in_hand(act) if has_all else None)
                return
        self.pages.when_read(page, lambda shown: getattr(shown, act)())

    def _act_on_claim_in_hand(self, act: str) -> None:
        self.pages.when_read(CLAIMS, lambda claims: getattr(claims, act)() if self._has_chosen_in_hand() else None)

    def _has_chosen_in_hand(self) -> bool:
        """Whether the list of claims is shown, with the claim in hand chosen in it."""
        claims = self.pages.claims
        chosen = claims.chosen() if claims is not None and self.pages.is_shown(CLAIMS) else None
        return chosen is not None and chosen.act_key == self.claim.draft.key

    def find_voucher(self, number: str, then: Callable[[SearchPage], object] = lambda _page: None) -> None:
        """Look a voucher up.

        Args:
            then: Called when it is shown.
        """
        self.go_to(SEARCH)
        search = self.pages.search
        if search is not None:
            search.look_for(number, lambda: then(search))

    def correct_differences(self, settlement: Settlement) -> None:
        """Show the differences that are open for the person of a settlement."""
        self.find_voucher(
            settlement.voucher_number, lambda search: search.open_corrections_of(settlement.voucher_number)
        )

    def reverse(self, voucher_number: str) -> None:
        """Ask for the reason of a reversal, with what it would change."""
        self.find_voucher(voucher_number, lambda search: search.open_reversal_of(voucher_number))

    def toggle_guide(self) -> None:
        """Close the first-run guide for good, or let it lead again."""
        self.guide.toggle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first drawing."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the papers too, and put down the claim in hand; the day's backup has it then."""
        if self.leaving.may_close():
            self.beside.close_all()
            super().closeEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """What a small desk's screen has room for."""
        return QSize(1366, 740)

    def _page_stack(self) -> PageStack:
        pages = PageStack()
        pages.preview_wanted.connect(self.beside.show_voucher)
        pages.print_wanted.connect(self.beside.print_voucher)
        pages.year_card_wanted.connect(self.beside.show_year_card)
        pages.voucher_wanted.connect(self.find_voucher)
        pages.reversal_wanted.connect(self.reverse)
        pages.claim_wanted.connect(self._open_claim)
        pages.claim_moved.connect(self._claim_moved)
        pages.policies_changed.connect(self._use_policies)
        pages.books_checked.connect(self._show_findings)
        pages.replacing.connect(self._wait_for_ledger)
        pages.restored.connect(self.ledger_replaced)
        return pages

    def _show_findings(self) -> None:
        self.books.show_findings()

    def _wait_for_ledger(self, is_replaced: bool) -> None:
        """Leave everything as it is while a backup takes the ledger's place."""
        self.navigation.setDisabled(is_replaced)
        if is_replaced or self.desk is None:
            self.menus.wait()
        else:
            self.menus.offer(self.desk.may)

    def _build_status(self) -> None:
        self.keys = KeyHints(_(_KEYS))
        self.state = QLabel(_("正在打开账本…"))
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.keys, 1)
        bar.addPermanentWidget(self.state)

    def say(self, words: str, weight: str) -> None:
        """Say something across the page in hand."""
        page = self.pages.currentWidget()
        notice = getattr(page, "notice", None) or self.claim.notice
        notice.say(words, weight)

    def _open_claim(self, act_key: str) -> None:
        """Go on with a claim that the ledger keeps, if it is in nobody else's hands."""
        self._opens_claim = True
        self.claim.take_up(act_key, self._not_opened)

    def _not_opened(self, error: ClerkError) -> None:
        self._opens_claim = False
        if self.pages.claims is not None:
            self.pages.claims.refresh()
        self.say(sentence(error), "refusal")

    def _show_taken_up(self) -> None:
        """Show the claim that somebody opened from a list."""
        if self._opens_claim:
            self._opens_claim = False
            self.go_to(CLAIM)
            self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _choose_in_hand(self, has_all: bool) -> None:
        claims = self.pages.claims
        if has_all and claims is not None and self.pages.is_shown(CLAIMS) and not self._has_chosen_in_hand():
            claims.refresh(self.claim.draft.key)

    def _show_saved(self) -> None:
        """The list of claims shows what is saved."""
        self.leaving.claim_saved()
        if self.pages.claims is not None and self.pages.is_shown(CLAIMS):
            self.pages.claims.others_changed()

    def _claim_moved(self, act_key: str) -> None:
        """What has been handed in, given back or ended is not typed in any more."""
        if self.claim.draft.key == act_key:
            self.claim.start_blank()

    def new_claim(self) -> None:
        """Put the claim in hand aside and begin another."""
        self.go_to(CLAIM)
        self.claim.new_claim()

    def settle(self) -> None:
        """Do what the page in hand is for: settle the claim, hand in verdicts, make a bank's list, write the month.

        Elsewhere the claim in hand comes up first: nothing is settled that nobody sees.
        """
        if self.navigation.current() == REVIEW and self.pages.review is not None:
            self.pages.review.hand_in()
            return
        if self.navigation.current() == PAYMENT and self.pages.payment is not None:
            self.pages.payment.perform()
            return
        if self.navigation.current() == EXPORT and self.pages.export is not None:
            self.pages.export.begin()
            return
        if self.pages.is_shown(CLAIM):
            self.claim.settle()
            return
        self.go_to(CLAIM)
        if self.pages.is_shown(CLAIM) and not self.claim.draft.is_blank():
            self.claim.ask_again(_("请看清这份申请，再按 F9 结算。"))

    def scan(self) -> None:
        """Put the keyboard where a scanner types."""
        self.go_to(CLAIM)
        self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)

    def to_receipts(self) -> None:
        """Put the keyboard on the first blank line of the receipts."""
        self.go_to(CLAIM)
        self.claim.table.begin()

    def tick_usual(self) -> None:
        """Mark the papers that are usually handed in."""
        if not self.claim.is_held():
            self.claim.materials.tick_usual()

    def with_claim(self, act: Callable[[ClaimPage], object]) -> None:
        """Go to the claim in hand and do something to it."""
        self.go_to(CLAIM)
        if not self.claim.is_held():
            act(self.claim)

    def if_claim(self, act: Callable[[ClaimPage], object]) -> None:
        """Do something to the claim in hand while its page is the one that is shown."""
        if self.pages.currentWidget() is self.claim and not self.claim.is_held():
            act(self.claim)

    def save_draft(self) -> None:
        """Save what is typed at once, and say so."""
        self.with_claim(lambda page: page.save_draft())

    def toggle_extras(self) -> None:
        """Show or hide the further columns of the receipts."""
        self.claim.extras.toggle()

    def search_anew(self) -> None:
        """Look for another record."""
        self.go_to(SEARCH)
        if self.pages.search is not None:
            self.pages.search.begin()

    def _forget_lists(self, _settlement: Settlement) -> None:
        """What a list showed before is no longer all."""
        self.pages.refresh(SEARCH, EXPORT)

    def _use_policies(self) -> None:
        """Other policies or parameters hold from now on: every page that shows something of them asks again."""
        self.claim.use_areas()
        self.pages.refresh(AREAS, POLICIES)
        self._show_state()

    def use_settings(self) -> None:
        """The desk's settings have changed."""
        if self.desk is not None:
            # The language that is shown is the one of the start.
            self.settings = replace(self.desk.settings, language=self.settings.language)
            self.claim.refresh()
            self._show_state()
            self.watch()

    def _show_state(self) -> None:
        if self.desk is None:
            return
        from clerk_app.counter.policies_in_force import verified_words

        user, area_code = self.desk.user, self.desk.settings.area_code
        if self.pages.is_shown(CLAIM):
            # The area of the claim in hand, where it has one.
            area_code = self.claim.draft.person.area_code or area_code
        parts = (
            _("{role} {name}").format(role=_(user.role.term), name=user.name),
            verified_words(self.desk, area_code),
        )
        self.state.setText("　".join(filter(None, parts)))


def _place_of(field: QWidget | None) -> QWidget | None:
    """What the keyboard can be given back to: the cell of a table is open as long as it has the keyboard."""
    around = field
    while around is not None and not isinstance(around, QAbstractItemView):
        around = around.parentWidget()
    return around or field
