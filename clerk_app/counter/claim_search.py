"""Look up earlier claims, a page at a time, the newest first."""

from __future__ import annotations

from typing import NamedTuple

from clerk_app.counter.desk import Desk
from clerk_app.ledger.records import Settlement, SettlementKind, SettlementLine
from clerk_app.receipts.id_card import masked
from clerk_app.wording import N_, _

PAGE_LENGTH = 100

#: What each kind of record is called.
KIND_WORDS = {
    SettlementKind.SETTLEMENT: N_("结算"),
    SettlementKind.REFUSAL: N_("不予支付"),
    SettlementKind.REVERSAL: N_("冲正"),
    SettlementKind.CORRECTION: N_("更正"),
}


class Page(NamedTuple):
    """Lines that were read, and behind which: of a search that may be another one by now.

    Attributes:
        before: The voucher number of the last line that was there; None for a search that begins.
    """

    text: str
    before: str | None
    lines: list[SettlementLine]


class Found(NamedTuple):
    """What a search begins with.

    Attributes:
        first: The whole record of the first line; None where nothing was found.
    """

    page: Page
    first: Settlement | None


class ClaimSearch:
    """The list of settlements that a text finds."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.text = ""
        self.lines: list[SettlementLine] = []
        self.has_more = True

    def next_page(self) -> Page:
        """Read the lines behind those that are there, in any thread; nothing here is changed by it."""
        return self._page(self.text, self._last())

    def found(self, text: str) -> Found:
        """Read what another search begins with, in any thread; nothing here is changed by it.

        Args:
            text: Empty for everything.
        """
        page = self._page(text, None)
        return Found(page, self.desk.ledger.settlement(page.lines[0].voucher_number) if page.lines else None)

    def is_next(self, page: Page) -> bool:
        """Whether a page goes on where the lines end."""
        return (page.text, page.before) == (self.text, self._last())

    def use(self, page: Page) -> None:
        """Begin with a page that was read."""
        self.text, self.lines = page.text, []
        self.take(page)

    def take(self, page: Page) -> None:
        """Add a page that was read; nothing of a search that has changed meanwhile."""
        if self.is_next(page):
            self.has_more = len(page.lines) == PAGE_LENGTH
            self.lines += page.lines

    def _page(self, text: str, before: str | None) -> Page:
        return Page(text, before, self.desk.ledger.search(text, PAGE_LENGTH, before))

    def _last(self) -> str | None:
        return self.lines[-1].voucher_number if self.lines else None

    def again(self) -> tuple[str, list[SettlementLine]]:
        """What the same text finds now, as many lines as are shown and a page more; nothing here is changed by it."""
        text, count = self.text, len(self.lines) + PAGE_LENGTH
        return text, self.desk.ledger.search(text, count)

    def record_numbers_shown(self, settlement: Settlement) -> None:
        """Put on record that the numbers of a voucher are shown whole; only then they are.

        Raises:
            ClerkError: ``not_allowed``.
        """
        self.desk.ledger.record_numbers_shown(settlement.voucher_number)


def kind_words(line: SettlementLine | Settlement) -> str:
    """What a record is, and whether it still stands."""
    words = _(KIND_WORDS[line.kind])
    return _("{kind}（已冲正）").format(kind=words) if line.reversed_by else words


def is_reversible(settlement: Settlement) -> bool:
    """Whether a record stands and is no mirror or correction of another."""
    first_kinds = (SettlementKind.SETTLEMENT, SettlementKind.REFUSAL)
    return settlement.kind in first_kinds and not settlement.reversed_by


def masked_number(line: SettlementLine) -> str:
    """The certificate's number as a list shows it."""
    return masked(line.id_number)
