"""The accumulators while one claim is being decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from clerk_app.adjudication.year_to_date import Account, ChargedVisit, PoolUse, YearToDate, charged_visit
from clerk_app.policy.version import Terms, VisitWindow
from clerk_app.receipts.claim import Receipt

_WINDOW = timedelta(hours=24)


_NO_ACCOUNT = Account()
_NOTHING_YET: tuple[int, Terms | None, Account, Account] = (0, None, _NO_ACCOUNT, _NO_ACCOUNT)


class Book:
    """The year to date of a claim of several receipts: each finds in the accounts what the ones before it used."""

    __slots__ = ("_accounts", "_last", "_supposed", "_used", "visits")

    def __init__(self, used: YearToDate) -> None:
        self._used = used
        self._last = _NOTHING_YET
        self._accounts: dict[tuple[int, str], Account] = {}
        self._supposed: Book | None = None
        self.visits = used.visits

    def account(self, year: int, pool: str) -> Account:
        """The running account of a pool."""
        key = (year, pool)
        account = self._accounts.get(key)
        if account is None:
            account = self._accounts[key] = self._used.account(year, pool)
        return account

    def accounts(self, year: int, terms: Terms) -> tuple[Account, Account]:
        """The running accounts of a deductible and of a cap; receipts after one another mostly share them."""
        last_year, last_terms, deductible_account, cap_account = self._last
        if last_terms is not terms or last_year != year:
            deductible_account = self.account(year, terms.deductible_pool)
            is_one_pool = terms.cap_pool == terms.deductible_pool
            cap_account = deductible_account if is_one_pool else self.account(year, terms.cap_pool)
            self._last = (year, terms, deductible_account, cap_account)
        return deductible_account, cap_account

    def charge_visit(self, receipt: Receipt, terms: Terms, deductible_fen: int) -> None:
        """Remember what a visit was charged, for later receipts of the same visit."""
        self.remember_visit(charged_visit(receipt, terms.deductible_pool, deductible_fen))

    def remember_visit(self, visit: ChargedVisit) -> None:
        """The same for a visit that was charged before."""
        self.visits += (visit,)

    def move_to(self, moment: datetime) -> None:
        """Come to the moment of the next receipt; everything settled before counts from the start here."""

    def supposed(self) -> Book:
        """A second book that starts where this one stands, for what would have been paid: one for the whole claim."""
        if self._supposed is None:
            pools = {key: PoolUse(account.deductible_fen, account.fund_fen) for key, account in self._accounts.items()}
            self._supposed = Book(YearToDate({**self._used.pools, **pools}, self.visits))
        return self._supposed


def charged_in_visit(visits: tuple[ChargedVisit, ...], receipt: Receipt, terms: Terms) -> int:
    """What was already charged of the per-visit deductible that a receipt shares, in fen."""
    if not visits:
        return 0
    institution_key = receipt.institution.key
    at_hospital = [
        visit for visit in visits if visit.institution_key == institution_key and visit.pool == terms.deductible_pool
    ]
    if terms.visit_window is VisitWindow.SAME_LABEL:
        label = receipt.visit_label
        return sum(visit.deductible_fen for visit in at_hospital if label and visit.visit_label == label)
    return _charged_in_window(at_hospital, charged_visit(receipt, terms.deductible_pool, 0))


def _charged_in_window(visits: list[ChargedVisit], this: ChargedVisit) -> int:
    """What was charged in the 24-hour window that holds a visit (Nanyang art. 5(1)).

    A window opens at the first visit and lasts less than 24 hours; the next visit after it opens a new one. Where a
    time of day is missing, visits of one date share a window and others do not.
    """
    opened: ChargedVisit | None = None
    charged_fen = 0
    holds_this = False
    for visit in sorted([*visits, this], key=lambda visit: visit.moment):
        if opened is None or not _shares_window(opened, visit):
            if holds_this:
                break
            opened, charged_fen = visit, 0
        charged_fen += visit.deductible_fen
        holds_this = holds_this or visit is this
    return charged_fen


def _shares_window(opened: ChargedVisit, visit: ChargedVisit) -> bool:
    if opened.has_time and visit.has_time:
        return visit.moment - opened.moment < _WINDOW
    return visit.moment.date() == opened.moment.date()
