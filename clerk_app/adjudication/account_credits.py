"""Monthly credits of a personal account (Chongqing 二(三)1, Jiangxi 二(四), Nanyang art. 8, 11, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from clerk_app.codes import Status
from clerk_app.errors import ClerkError
from clerk_app.money import share_half_up
from clerk_app.policy.version import AccountCredit, AccountRule, Policy, Source
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


@dataclass(frozen=True, slots=True)
class MonthTerms:
    """What the document in force on a month's first day credits to a person in that month.

    Attributes:
        month: Its first day.
        status: On that day.
        credit: None where no document credits such a person then.
        covered_days: How many days of the month the person was insured.
        days: How many days the month has.
    """

    month: date
    status: Status
    credit: AccountCredit | None
    covered_days: int
    days: int

    @property
    def is_of_pension(self) -> bool:
        """Whether the base is the average pension, not the person's own contribution base."""
        return self.status is Status.RETIRED

    @property
    def is_credited(self) -> bool:
        """Whether there is a credit: the document names such a person, who was insured in the month."""
        return self.credit is not None and self.covered_days > 0

    def credit_fen(self, base_fen: int) -> int:
        """The month's credit of a base, in fen, rounded half up; nothing in a month that is not credited."""
        return share_half_up(base_fen, self.credit.share_bp) if self.credit and self.is_credited else 0


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
        who = _who(status, is_flexible=bases.is_flexible)
        credit = _credit(rule, who)
        if credit is None:
            raise ClerkError("account_credit_unknown", who=who, known=tuple(each.who for each in rule.credits))
        is_retired = status is Status.RETIRED
        base_fen = bases.average_pension_fen if is_retired else bases.contribution_base_fen
        credit_fen = share_half_up(base_fen, credit.share_bp)
        balance_fen += credit_fen
        yield MonthCredit(month, credit.base, base_fen, credit.share_bp, credit_fen, balance_fen, credit.source)
        month = _following(month)


def year_terms(
    policy: Policy, entitlement: Entitlement, year: int, *, is_flexible: bool = False
) -> tuple[MonthTerms, ...]:
    """What is credited in each month of a year, as far as documents say: the amounts need a base.

    Document and status are those of the month's first day. Retirement changes the credit from the month after its
    registration (Nanyang art. 11, applied in all areas).
    """
    return tuple(_terms_of(policy, entitlement, date(year, month, 1), is_flexible) for month in range(1, 13))


def _terms_of(policy: Policy, entitlement: Entitlement, month: date, is_flexible: bool) -> MonthTerms:
    status = entitlement.status_on(month)
    version = policy.in_force_on(month)
    rule = version.account if version is not None else None
    credit = _credit(rule, _who(status, is_flexible=is_flexible)) if rule is not None else None
    days = (_following(month) - month).days
    covered = sum(entitlement.is_covered_on(month + timedelta(days=day)) for day in range(days))
    return MonthTerms(month, status, credit, covered, days)


def _who(status: Status, *, is_flexible: bool) -> str:
    """The person as the documents name those whom they credit."""
    return FLEXIBLE if is_flexible and status is Status.EMPLOYED else _WHO.get(status, status.term)


def _credit(rule: AccountRule, who: str) -> AccountCredit | None:
    return {credit.who: credit for credit in rule.credits}.get(who)


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
