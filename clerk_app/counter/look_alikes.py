"""Bills that may be one and the same: another number, but the same institution, day and amount.

One expense may come twice, on paper and as a file, and two bills of one day may be alike in earnest. A clerk has to
look, and what the clerk answers is kept with the claim and in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.receipts.claim import Receipt, normalised
from clerk_app.wording import N_, filled

_ANSWER = N_("票据 {number} 与 {others} 不是同一笔费用：{reason}")


@dataclass(frozen=True, slots=True)
class Bill:
    """What one of the two says.

    Attributes:
        voucher_number: Where it was settled; empty for a line of the claim in hand.
        row: The line of the claim in hand, -1 for a bill that was settled.
        name: The person's whose bill it is; empty for the claim in hand.
    """

    number: str
    visited_on: date
    institution_name: str
    total_fen: int
    voucher_number: str = ""
    row: int = -1
    name: str = ""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A line of the claim and the bills that it looks like."""

    row: int
    own: Bill
    others: tuple[Bill, ...]


#: Everything of a bill that what looks like it depends on.
BillIdentity = tuple[str, date, int, str, str]


def identity_of(receipt: Receipt) -> BillIdentity:
    """By what a bill and those that it looks like are remembered."""
    place = receipt.institution
    return receipt.bill_key, receipt.visited_on, receipt.total_fen, place.code, normalised(place.name)


def bills_like(desk: Desk, receipt: Receipt) -> tuple[Bill, ...]:
    """Look up the settled bills that a bill looks like; one over nothing looks like none.

    Raises:
        ClerkError: What the ledger says when it cannot be read.
    """
    return tuple(_bills_like(desk, receipt)) if receipt.total_fen else ()


def look_alikes(
    receipts: Sequence[Receipt | None], taken: Mapping[str, str], alike: Mapping[BillIdentity, tuple[Bill, ...]]
) -> tuple[LookAlike, ...]:
    """The lines that look like another bill, as far as was looked up; a bill that is held is refused anyway.

    Args:
        taken: By its key the voucher that holds a bill.
        alike: By identity the settled bills that one looks like.
    """
    found: list[LookAlike] = []
    for row, receipt in enumerate(receipts):
        if receipt is None or not receipt.total_fen or receipt.bill_key in taken:
            continue
        others = (*_earlier_twins(receipts, row), *alike.get(identity_of(receipt), ()))
        if others:
            found.append(LookAlike(row, _bill(receipt, row=row), others))
    return tuple(found)


def _bills_like(desk: Desk, receipt: Receipt) -> Iterator[Bill]:
    for voucher_number in desk.ledger.similar_receipts(receipt):
        settlement = desk.ledger.settlement(voucher_number)
        for settled in settlement.receipts:
            if _is_alike(settled.receipt, receipt):
                yield _bill(settled.receipt, voucher_number=voucher_number, name=settlement.person.name)


def answers(look_alikes: Sequence[LookAlike], receipts: Sequence[ReceiptDraft]) -> str:
    """What was answered to each of them, for the audit trail; vouchers are named, persons are not."""
    said = [
        filled(
            _ANSWER,
            {
                "number": each.own.number,
                "others": "、".join(bill.voucher_number or bill.number for bill in each.others),
                "reason": receipts[each.row].not_duplicate.strip(),
            },
        )
        for each in look_alikes
    ]
    return "；".join(said)


def _earlier_twins(receipts: Sequence[Receipt | None], row: int) -> Iterator[Bill]:
    receipt = receipts[row]
    assert receipt is not None, "only what is complete is compared"
    for place, other in enumerate(receipts[:row]):
        if other is not None and other.bill_key != receipt.bill_key and _is_alike(other, receipt):
            yield _bill(other, row=place)


def _is_alike(one: Receipt, other: Receipt) -> bool:
    places = one.institution, other.institution
    is_same_place = (places[0].code and places[0].code == places[1].code) or (
        normalised(places[0].name) == normalised(places[1].name) != ""
    )
    return bool(is_same_place) and (one.visited_on, one.total_fen) == (other.visited_on, other.total_fen)


def _bill(receipt: Receipt, *, voucher_number: str = "", row: int = -1, name: str = "") -> Bill:
    place = receipt.institution.name
    return Bill(receipt.number, receipt.visited_on, place, receipt.total_fen, voucher_number, row, name)
