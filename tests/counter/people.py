"""Invented persons and the papers they hand in."""

from __future__ import annotations

from clerk_app.codes import FilingCategory, Material
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.draft import FilingDraft, ReceiptDraft
from clerk_app.receipts.id_card import check_digit

PAPERS = {Material.CREDENTIAL, Material.RECEIPT, Material.MEDICAL_RECORD, Material.FEE_LIST}


def id_number(first_17: str) -> str:
    """An ID number whose check digit holds."""
    return first_17 + check_digit(first_17)


ZHANG = id_number("36010219800101123")
LI = id_number("36010219551212456")


def receipt(number: str = "A1", total: str = "1000", **changes: object) -> ReceiptDraft:
    """A line of the form; where it looks like another, it says why it is none."""
    given = {"number": number, "visited_on": "520", "hospital": "北京某医院", "tier": "3", "total": total}
    given |= {"not_duplicate": "同日两次检查"} | changes  # type: ignore[arg-type]
    return ReceiptDraft(**given)  # type: ignore[arg-type]


def filled(entry: ClaimEntry, *receipts: ReceiptDraft, number: str = ZHANG, name: str = "张三示例") -> ClaimEntry:
    """Type a filed person and receipts."""
    draft = entry.draft
    draft.person.id_number, draft.person.name = number, name
    draft.filings[0] = FilingDraft(FilingCategory.STATIONED_WORKER, "2026-01-01", "")
    draft.materials |= PAPERS
    draft.receipts = list(receipts) or [receipt()]
    return entry
