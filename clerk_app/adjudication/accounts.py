"""The personal account's part: what is left for the insured person may be paid from an own or a relative's account."""

from __future__ import annotations

from collections.abc import Sequence

from clerk_app.adjudication.adjudication import AccountPayment, Adjudication
from clerk_app.codes import Decision
from clerk_app.policy.version import Source
from clerk_app.receipts.claim import AccountOffer


def pay_from_account(offer: AccountOffer, decided: Sequence[Adjudication]) -> AccountPayment:
    """The smaller of the balance and what the person bears for care that an account may pay.

    An account never pays a receipt that was refused, nor care at an institution that is not designated, nor where
    the area's document does not offer it (Chongqing 二(三)2, Jiangxi 二(五), Nanyang art. 9 and 10).
    """
    payable_fen = 0
    source: Source | None = None
    for adjudication in decided:
        rule = adjudication.version.account if adjudication.version else None
        if rule is None or offer.payer not in rule.payers or adjudication.decision is Decision.REFUSE:
            continue
        if adjudication.receipt.institution.designated:
            payable_fen += adjudication.person_fen
            source = rule.source
    paid_fen = max(0, min(offer.balance_fen, payable_fen))  # an overdrawn account pays nothing, never less
    return AccountPayment(offer.payer, offer.balance_fen, payable_fen, paid_fen, source)
