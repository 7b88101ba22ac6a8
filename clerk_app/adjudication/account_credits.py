"""Monthly credits of a personal account (Chongqing 二(三)1, Jiangxi 二(四), Nanyang art. 8, 11, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clerk_app.codes import Status
from clerk_app.errors import ClerkError
from clerk_app.money import share_half_up
from clerk_app.policy.version import AccountCredit, AccountRule, Source
from clerk_app.receipts.insured import Entitlement

#: 人员, as the documents name who is credited by which share.
_WHO = {Status.EMPLOYED: "在职", Status.RETIRED: "退休"}
FLEXIBLE = "灵活就业"


@dataclass(frozen=True, slots=True)
class CreditBases:
    """The amounts that the shares are taken of, in fen a month.

    Attributes:
        contribution_base_fen: 本人参保缴费基数.
        average_pension_fen: The average basic pension of the year that the document names.
        is_flexible: 灵活就业, where the document credits such a person by a share of its own.
    """

    contribution_base_fen: int
    average_pension_fen: int
    is_flexible: bool = False


@dataclass(frozen=True, slots=True)
class MonthCredit:
    """One month's credit.

    Attributes:
        month: Its first day.
        base: The base in words.
        balance_fen: Carried over from the month before, with this credit.
    """

    month: date
    base: str
    base_fen: int
    share_bp: int
    credit_fen: int
    balance_fen: int
    source: Source


def month_credits(
    rule: AccountRule, entitlement: Entitlement, bases: CreditBases, first: date, last: date, opening_fen: int = 0
) -> Iterator[MonthCredit]:
    """The credits from one month to another, both included; the balance carries over from year to year.

    Retirement changes the credit from the month after its registration (Nanyang art. 11, applied in all areas).

    Raises:
        ClerkError: ``account_credit_unknown``, the document credits no such person.
    """
    balance_fen = opening_fen
    month = first.replace(day=1)
    while month <= last:
        status = entitlement.status_on(month)
        credit = _credit(rule, status, bases)
        is_retired = status is Status.RETIRED
        base_fen = bases.average_pension_fen if is_retired else bases.contribution_base_fen
        credit_fen = share_half_up(base_fen, credit.share_bp)
        balance_fen += credit_fen
        yield MonthCredit(month, credit.base, base_fen, credit.share_bp, credit_fen, balance_fen, credit.source)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _credit(rule: AccountRule, status: Status, bases: CreditBases) -> AccountCredit:
    by_who = {credit.who: credit for credit in rule.credits}
    who = FLEXIBLE if bases.is_flexible and status is Status.EMPLOYED else _WHO.get(status, status.term)
    credit = by_who.get(who)
    if credit is None:
        raise ClerkError("account_credit_unknown", who=who, known=tuple(by_who))
    return credit
