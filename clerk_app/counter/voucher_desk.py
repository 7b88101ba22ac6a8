"""Papers of a settlement: shown, saved, printed, counted; and its reversal. Imported after the first paint."""

from __future__ import annotations

import secrets
from enum import StrEnum
from pathlib import Path

from clerk_app.codes import Action, Decision
from clerk_app.counter.desk import Desk
from clerk_app.documents.office import Copy, Office
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
    """The papers of one settlement."""

    def __init__(self, desk: Desk, settlement: Settlement) -> None:
        self.desk = desk
        self.settlement = settlement

    def sheets(self) -> tuple[Sheet, ...]:
        """What is issued: three copies of the voucher, and a notice where anything was refused."""
        copies = (Sheet.AGENCY, Sheet.FINANCE, Sheet.INSURED)
        if self.settlement.kind is SettlementKind.REFUSAL:
            return (Sheet.REFUSAL, *copies)
        is_refused = any(settled.decision is Decision.REFUSE for settled in self.settlement.receipts)
        is_first = self.settlement.kind is SettlementKind.SETTLEMENT
        return (*copies, Sheet.REFUSAL) if is_refused and is_first else copies

    def pdf(self, sheet: Sheet, reprint: int = 0) -> bytes:
        """A paper as PDF.

        Raises:
            ClerkError: ``glyph_missing``, ``template_not_read``.
        """
        office = Office(self.desk.office_name, practice=self.desk.is_practice)
        if sheet is Sheet.REFUSAL:
            return refusal_notice_bytes(self.settlement, office=office, reprint=reprint)
        return voucher_bytes(self.settlement, office=office, copy=_COPIES[sheet], reprint=reprint)

    def save(self, sheet: Sheet, target: Path) -> None:
        """Write a paper to a file, whole or not at all; a file is no print and is not counted.

        Raises:
            ClerkError: ``not_allowed``, ``file_not_written``.
        """
        self.desk.require(Action.PRINT)
        content = self.pdf(sheet)
        with whole_file(target) as draft:
            draft.write_bytes(content)

    def file_name(self, sheet: Sheet) -> str:
        """A name that holds no name of a person."""
        return f"{self.settlement.voucher_number}-{sheet.words.split(' ')[-1]}.pdf"

    def counted_for_print(self) -> tuple[list[bytes], int]:
        """All papers for the printer, and which print it is: 0 the first, n the n-th reprint, which they show."""
        reprint = self.desk.ledger.record_print(self.settlement.voucher_number)
        return [self.pdf(sheet, reprint) for sheet in self.sheets()], reprint


class Reversal:
    """Take a settlement back: a negative mirror record, with a reason."""

    def __init__(self, desk: Desk, voucher_number: str) -> None:
        self.desk = desk
        self.voucher_number = voucher_number
        self._key = secrets.token_hex(16)

    def reverse(self, reason: str) -> Settlement:
        """Record the reversal; pressing again gives the same one.

        Raises:
            ClerkError: ``reason_missing``, ``already_reversed``, ``not_reversible``, ``not_allowed``.
        """
        return self.desk.ledger.reverse(self.voucher_number, reason, self._key)
