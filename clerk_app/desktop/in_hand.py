"""Which record the keys of a paper and of a year card mean: the one that is in hand on the page in front.

Each page has its own: the line chosen in a search, in the review, in the lists of payment. Everywhere else it is what
was settled last at this window. While a settlement is being made, the key means that one and waits for it: the paper
of the person before must not come up for the one who stands at the counter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.errors import ClerkError
from clerk_app.wording import N_, _, sentence

if TYPE_CHECKING:
    from clerk_app.desktop.main_window import MainWindow
    from clerk_app.desktop.review_page import ReviewPage
    from clerk_app.desktop.search_page import SearchPage
    from clerk_app.ledger.records import Settlement

_Act = Callable[["Settlement"], object]

_NOTHING_CHOSEN = N_("请先在列表中选定一张已结算的单据。")


class InHand(QObject):
    """The record in hand, of whichever page is in front.

    Args:
        window: It is furnished.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        #: What is done with the settlement that is being made, once it is made.
        self._waiting: _Act | None = None
        #: The voucher that is being read, and what is done with it.
        self._asked: tuple[str, _Act] = ("", lambda _settlement: None)

    def with_record(self, act: _Act) -> None:
        """Do something with the record in hand: at once, or as soon as it is there; say so where there is none.

        Args:
            act: Called in the window's thread.
        """
        window = self._window
        payment = window.pages.payment
        if payment is not None and self._shows_payment():
            payment.reading.after(lambda: self._read(payment.voucher_in_hand(), act))
        elif (page := self._list_in_front()) is not None:
            page.with_chosen(act, lambda: window.say(_(_NOTHING_CHOSEN), "note"))
        elif window.claim.is_settling():
            self._waiting = act
        elif not window.claim.draft.is_blank():
            # The paper of the person before must not come up for the one who stands at the counter now.
            window.say(_("正在录入的申请还没有结算，没有单据。以前的单据按 F4 查询。"), "note")
        else:
            settlement = window.claim.paper_wanted()
            if settlement is not None:
                act(settlement)
            else:
                window.say(_("还没有可预览的单据。结算后按 F8 预览，或按 F4 查询以前的单据。"), "note")

    def settled(self, settlement: Settlement) -> None:
        """The settlement has been made; whoever asked for its paper meanwhile gets it."""
        act, self._waiting = self._waiting, None
        if act is not None:
            act(settlement)

    def forget(self) -> None:
        """It has not been made, or nobody sees it any more: there is no paper to show."""
        self._waiting = None
        self._asked = ("", lambda _settlement: None)

    def with_person(self, act: Callable[[int, int], object]) -> None:
        """Do something with the person in hand and the year that is meant; say so where the register knows nobody.

        Args:
            act: Takes the person's number in the register and the year.
        """
        window = self._window
        if window.desk is None:
            return
        if self._shows_payment() or self._list_in_front() is not None:
            self.with_record(lambda settlement: act(settlement.person_id, _last_year(settlement)))
            return
        entry = window.claim.entry
        if entry is None or entry.insured.record is None:
            window.say(_("还没有登记过的参保人。读出参保人或在查询页选中单据后，按 F11 看年度卡。"), "note")
        else:
            act(entry.insured.record.person_id, window.desk.today().year)

    def _shows_payment(self) -> bool:
        payment = self._window.pages.payment
        return payment is not None and self._window.pages.currentWidget() is payment

    def _list_in_front(self) -> SearchPage | ReviewPage | None:
        """The page in front, where it is a search or the review, which choose a record themselves."""
        pages = self._window.pages
        shown = pages.currentWidget()
        return next((page for page in (pages.search, pages.review) if page is not None and page is shown), None)

    def _read(self, voucher_number: str, act: _Act) -> None:
        """Read the record of a line that shows a part of it only, beside the window."""
        desk = self._window.desk
        if desk is None or not voucher_number:
            self._window.say(_(_NOTHING_CHOSEN), "note")
            return
        self._asked = (voucher_number, act)
        task = BackgroundTask(lambda _progress: desk.ledger.settlement(voucher_number))
        task.finished.connect(self._take)
        task.failed.connect(self._say)
        task.start()

    def _take(self, settlement: Settlement) -> None:
        """Do with a record that was read what was asked of it last."""
        voucher_number, act = self._asked
        if settlement.voucher_number == voucher_number and self._window.desk is not None:
            self._asked = ("", act)
            act(settlement)

    def _say(self, error: ClerkError) -> None:
        self._window.say(sentence(error), "refusal")


def _last_year(settlement: Settlement) -> int:
    return max(settled.receipt.visited_on.year for settled in settlement.receipts)
