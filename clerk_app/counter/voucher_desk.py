"""Papers of a settlement: shown, saved, printed, counted. Imported after the first paint."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from clerk_app.codes import Action, Decision
from clerk_app.counter.desk import Desk
from clerk_app.counter.paper_folder import keep_papers
from clerk_app.counter.paper_office import paper_office
from clerk_app.documents.office import Copy
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.jobs import whole_file
from clerk_app.ledger.records import Settlement, SettlementKind
from clerk_app.wording import N_, _


class Sheet(StrEnum):
    """One of a settlement's papers."""

    AGENCY = "agency"
    FINANCE = "finance"
    INSURED = "insured"
    REFUSAL = "refusal"

    @property
    def words(self) -> str:
        """What the choice is called."""
        return _(_WORDS[self])


_WORDS = {
    Sheet.AGENCY: N_("结算单 第一联（存档）"),
    Sheet.FINANCE: N_("结算单 第二联（财务）"),
    Sheet.INSURED: N_("结算单 第三联（参保人）"),
    Sheet.REFUSAL: N_("不予支付告知书"),
}
_COPIES = {Sheet.AGENCY: Copy.AGENCY, Sheet.FINANCE: Copy.FINANCE, Sheet.INSURED: Copy.INSURED}


class VoucherDesk:
    """The papers of one settlement.

    Attributes:
        shows_numbers: Whether the screen has the certificate's and the account's numbers in full.
    """

    def __init__(self, desk: Desk, settlement: Settlement) -> None:
        self.desk = desk
        self.settlement = settlement
        self.shows_numbers = False

    def sheets(self) -> tuple[Sheet, ...]:
        """What is issued: three copies of the voucher, and a notice where anything was refused."""
        copies = (Sheet.AGENCY, Sheet.FINANCE, Sheet.INSURED)
        if self.settlement.kind is SettlementKind.REFUSAL:
            return (Sheet.REFUSAL, *copies)
        is_refused = any(settled.decision is Decision.REFUSE for settled in self.settlement.receipts)
        is_first = self.settlement.kind is SettlementKind.SETTLEMENT
        return (*copies, Sheet.REFUSAL) if is_refused and is_first else copies

    @property
    def paper_to_keep(self) -> Sheet:
        """What the insured person takes home: numbers are masked on no other copy."""
        return Sheet.REFUSAL if self.settlement.kind is SettlementKind.REFUSAL else Sheet.INSURED

    def preview(self, sheet: Sheet) -> bytes:
        """A paper as PDF for the screen, where certificate and account numbers are hidden until somebody asks.

        Raises:
            ClerkError: ``glyph_missing``, ``template_not_read``.
        """
        return self._made(sheet, 0, is_masked=None if self.shows_numbers else True)

    def show_numbers(self) -> None:
        """Show the numbers on screen from now on; that somebody did is on record.

        Raises:
            ClerkError: ``not_allowed``.
        """
        self.desk.ledger.record_numbers_shown(self.settlement.voucher_number)
        self.shows_numbers = True

    def pdf(self, sheet: Sheet, reprint: int = 0) -> bytes:
        """A paper as PDF, as it is issued.

        Raises:
            ClerkError: ``glyph_missing``, ``template_not_read``.
        """
        return self._made(sheet, reprint, is_masked=None)

    def _made(self, sheet: Sheet, reprint: int, *, is_masked: bool | None) -> bytes:
        office = paper_office(self.desk)
        if sheet is Sheet.REFUSAL:
            return refusal_notice_bytes(self.settlement, office=office, reprint=reprint)
        copy = _COPIES[sheet]
        return voucher_bytes(self.settlement, office=office, copy=copy, reprint=reprint, is_masked=is_masked)

    def save(self, sheet: Sheet, target: Path) -> None:
        """Write a paper to a file, whole or not at all; a file is no print and is not counted.

        One that has the numbers in full is on record as showing them.

        Raises:
            ClerkError: ``not_allowed``, ``file_not_written``.
        """
        self.desk.require(Action.PRINT)
        content = self.pdf(sheet)
        if sheet in _COPIES and not _COPIES[sheet].is_masked:
            self.desk.ledger.record_numbers_shown(self.settlement.voucher_number)
        with whole_file(target) as draft:
            draft.write_bytes(content)

    def file_name(self, sheet: Sheet, reprint: int = 0) -> str:
        """A name that holds no name of a person."""
        again = f"-补打{reprint}" if reprint else ""
        return f"{self.settlement.voucher_number}-{sheet.words.split(' ')[-1]}{again}.pdf"

    def counted_for_print(self, sheets: Sequence[Sheet] = ()) -> tuple[list[bytes], int]:
        """Papers for the printer, and which print it is: 0 the first, n the n-th reprint, which they show.

        Args:
            sheets: Which papers; all without any.

        Raises:
            ClerkError: ``not_allowed``, and as ``pdf``: what cannot be made is not counted.
        """
        for sheet in sheets or self.sheets():
            self.pdf(sheet)
        reprint = self.desk.ledger.record_print(self.settlement.voucher_number)
        return [self.pdf(sheet, reprint) for sheet in sheets or self.sheets()], reprint

    def keep(self, papers: Sequence[bytes], reprint: int, sheets: Sequence[Sheet] = ()) -> Path | None:
        """Put what was printed into the office's folder for papers, by month; None where there is none.

        Args:
            sheets: Which papers they are; all without any.

        Raises:
            ClerkError: ``folder_not_made``, ``file_not_written``.
        """
        names = [self.file_name(sheet, reprint) for sheet in sheets or self.sheets()]
        return keep_papers(self.desk, self.settlement.settled_at.date(), dict(zip(names, papers, strict=True)))
