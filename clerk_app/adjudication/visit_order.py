"""就诊先后: where an area has deductible and cap used up by visit, a receipt that comes late is decided at its place.

Two accumulators, two readings. The deductible is what the visits before the receipt have left of it, whenever they
were settled; those after it then show as differences that are to be corrected. The cap is what everything paid by now
has left, later visits included: what was paid for them stays paid until it is given back, and the year's cap is passed
at no time. What the receipt gets beyond that comes with a correction, once the others have been corrected.
"""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter

from clerk_app.adjudication.book import Book
from clerk_app.adjudication.year_to_date import ChargedVisit, PlacedUse, PoolUse, YearToDate
from clerk_app.policy.version import Policy, ReceiptOrder
from clerk_app.receipts.claim import Claim

_moment = attrgetter("moment")


def states_by_visit(policy: Policy) -> bool:
    """Whether any version of an area states 就诊先后."""
    return any(version.receipt_order.value == ReceiptOrder.BY_VISIT.value for version in policy.versions)


def is_by_visit(policy: Policy, day: date) -> bool:
    """Whether the version in force on a day states 就诊先后."""
    version = policy.in_force_on(day)
    return version is not None and version.receipt_order.value == ReceiptOrder.BY_VISIT.value


def years_by_visit(claim: Claim, policy: Policy, used: YearToDate) -> frozenset[int]:
    """The claim's calendar years in which visits count; the version of a year's last visit states it for the year."""
    by_year: dict[int, datetime] = {}
    in_claim = {receipt.visited_on.year for receipt in claim.receipts}
    for moment in [*map(_moment, claim.receipts), *map(_moment, used.placed)]:
        if moment.year in in_claim:
            by_year[moment.year] = max(moment, by_year.get(moment.year, moment))
    return frozenset(year for year, latest in by_year.items() if is_by_visit(policy, latest.date()))


def moves_settled(claim: Claim, policy: Policy, used: YearToDate) -> bool:
    """Whether a claim may change what is settled: one of its visits comes before, or it changes the year's order."""
    years = years_by_visit(claim, policy, used) if used.placed else frozenset()
    for year in {receipt.visited_on.year for receipt in claim.receipts}:
        settled = [use.moment for use in used.placed if use.moment.year == year]
        if not settled:
            continue
        first = min(receipt.moment for receipt in claim.receipts if receipt.visited_on.year == year)
        if is_by_visit(policy, max(settled).date()) != (year in years) or (year in years and first < max(settled)):
            return True
    return False


class PlacedBook(Book):
    """The accumulators of a claim whose receipts are decided each at its place among those settled before."""

    __slots__ = ("_coming",)

    def __init__(self, used: YearToDate, years: frozenset[int]) -> None:
        """Begin before the first visit of the years in which visits count.

        Args:
            years: In the others everything settled before counts from the start.
        """
        placed = [use for use in used.placed if use.moment.year in years]
        visits = [visit for visit in used.visits if visit.moment.year in years]
        others = tuple(visit for visit in used.visits if visit.moment.year not in years)
        taken_out = [(use.moment.year, use.pool, PoolUse(-use.deductible_fen, 0)) for use in placed if use.pool]
        super().__init__(YearToDate(used.pools, others).with_entries(taken_out))
        coming: list[PlacedUse | ChargedVisit] = [*placed, *visits]
        self._coming = sorted(coming, key=_moment, reverse=True)

    def move_to(self, moment: datetime) -> None:
        """Count what visits up to a moment have used; of two at one moment, the one settled before comes first."""
        while self._coming and self._coming[-1].moment <= moment:
            passed = self._coming.pop()
            for book in (self, self._supposed):
                if book is not None:
                    _count(book, passed)


def _count(book: Book, passed: PlacedUse | ChargedVisit) -> None:
    if isinstance(passed, ChargedVisit):
        book.remember_visit(passed)
    elif passed.pool:
        book.account(passed.moment.year, passed.pool).deductible_fen += passed.deductible_fen
