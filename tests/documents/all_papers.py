"""Every paper of an office, plain and in its worst case, for what all of them have to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from clerk_app.documents.claim_notices import acceptance_receipt_bytes, one_time_notice_bytes
from clerk_app.documents.lists import month_ledger_bytes, payment_list_bytes
from clerk_app.documents.office import Copy, Office
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.signing import Signer
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.documents.year_card_paper import year_card_bytes
from clerk_app.ledger.records import Head, Settlement
from tests.documents import samples

SIGNER = Signer(bytes(range(32)))
OFFICE = replace(samples.OFFICE, signer=SIGNER)
HEAD = Head(2048, "ab12" * 16)
NOW = datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001 -- the office's own clock


def month_of(count: int) -> list[Settlement]:
    """A month with every kind of record; its amounts add up."""
    kinds = (
        samples.settlement,
        samples.refusal,
        lambda: samples.reversal_of(samples.with_fees()),
        lambda: samples.correction_of(samples.with_fees()),
    )
    return [replace(kinds[at % 4](), voucher_number=f"990100-2026-{at + 1:06d}") for at in range(count)]


def worst_month() -> list[Settlement]:
    long = samples.worst()
    huge = replace(long, account_fen=0)
    return [*month_of(200), huge, samples.reversal_of(huge), huge]


def many_refused() -> Settlement:
    return samples.refusal(
        *(samples.refused(samples.receipt(f"{place:010d}", total_fen=100 * place)) for place in range(40)),
        person=samples.worst().person,
    )


PAPERS: dict[str, Callable[[Office], bytes]] = {
    "voucher-1": lambda office: voucher_bytes(samples.with_fees(), office=office, copy=Copy.AGENCY),
    "voucher-2": lambda office: voucher_bytes(samples.with_fees(), office=office, copy=Copy.FINANCE),
    "voucher-3": lambda office: voucher_bytes(samples.with_fees(), office=office, copy=Copy.INSURED, reprint=2),
    "voucher-many": lambda office: voucher_bytes(
        samples.settlement(*samples.many_receipts(), samples.refused()), office=office, copy=Copy.AGENCY
    ),
    "voucher-worst": lambda office: voucher_bytes(samples.worst(), office=office, copy=Copy.AGENCY, reprint=12),
    "reversal": lambda office: voucher_bytes(
        samples.reversal_of(samples.with_fees()), office=office, copy=Copy.FINANCE
    ),
    "reversal-worst": lambda office: voucher_bytes(
        samples.reversal_of(samples.worst(), reversal_reason="很长的冲正原因" * 20), office=office, copy=Copy.FINANCE
    ),
    "correction": lambda office: voucher_bytes(
        samples.correction_of(samples.with_fees()), office=office, copy=Copy.INSURED
    ),
    "voucher-refused": lambda office: voucher_bytes(samples.refusal(), office=office, copy=Copy.INSURED),
    "refusal": lambda office: refusal_notice_bytes(samples.refusal(), office=office),
    "refusal-worst": lambda office: refusal_notice_bytes(many_refused(), office=office, reprint=1),
    "acceptance": lambda office: acceptance_receipt_bytes(samples.acceptance(), office=office),
    "acceptance-worst": lambda office: acceptance_receipt_bytes(samples.worst_acceptance(), office=office, reprint=3),
    "one-time": lambda office: one_time_notice_bytes(
        samples.acceptance(), samples.MISSING, until=date(2026, 12, 20), office=office
    ),
    "one-time-worst": lambda office: one_time_notice_bytes(
        samples.worst_acceptance(), samples.worst_missing(), until=None, office=office, reprint=1
    ),
    "year-card": lambda office: year_card_bytes(
        samples.year_card(), office=office, made_at=NOW, made_by="李四示例", head=HEAD
    ),
    "year-card-worst": lambda office: year_card_bytes(
        samples.year_card(120, record=replace(samples.year_card().record, person=samples.worst().person)),
        office=office,
        made_at=NOW,
        made_by="李四示例" * 6,
    ),
    "bank-list": lambda office: payment_list_bytes(samples.payment_list(), office=office, head=HEAD),
    "bank-list-worst": lambda office: payment_list_bytes(
        samples.payment_list(120, is_answered=True, name=samples.RARE + samples.MARKUP, bank="示例银行" * 12),
        office=office,
        reprint=1,
    ),
    "month": lambda office: month_ledger_bytes(
        month_of(12), date(2026, 11, 1), office=office, made_by="李四示例", head=HEAD
    ),
    "month-worst": lambda office: month_ledger_bytes(
        worst_month(), date(2026, 11, 1), office=office, made_by="李四示例" * 9
    ),
}
