"""个人账户月计入 of one person and year: the amount a month, its formula and article, and the twelve months.

The ledger holds neither contribution bases nor average pensions, so they are typed beside the card. Nothing is saved,
and no settlement changes by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from clerk_app.adjudication.account_credits import FLEXIBLE, MonthTerms, year_terms
from clerk_app.adjudication.explanation import percent
from clerk_app.counter.typed import parse_amount
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan
from clerk_app.policy.version import Policy
from clerk_app.receipts.insured import Entitlement
from clerk_app.wording import N_, _, clauses, filled, sentence

_A_MONTH = N_("{who}：每月计入 {credit} = {base} {amount} × {share}%〔{source}〕")
_FORMULA = N_("{who}：每月计入 = {base} × {share}%〔{source}〕，填写基数后算出金额。")
_IN_MONTH = N_("{amount} × {share}%")
_NOT_CREDITED = N_("文件没有规定计入")
_NOT_COVERED = N_("当月没有参保，不计入")
_PARTLY_COVERED = N_("当月参保 {covered} 天，请核对是否足额缴费")
_TO_COME = N_("预计")
_TOTALS = N_(
    "{year} 年到 {month} 月合计 {so_far_fen}，全年合计 {whole_fen}（尚未到的月份按现在的人员类别和文件预计）。"
)
_WHOLE_YEAR = N_("{year} 年全年合计 {whole_fen}。")
#: As the documents name them; the other names are those of ``Status``.
FLEXIBLE_WORDS = N_("灵活就业")


class CreditRow(NamedTuple):
    """One month: who the person is then, how the credit comes about, how much, where it is written, what to note."""

    month: str
    status: str
    working: str
    credit: str
    article: str
    note: str


@dataclass(frozen=True, slots=True)
class TypedBases:
    """What the clerk types: amounts in yuan as they stand in the fields, empty where not known.

    Attributes:
        contribution_base: 本人参保缴费基数, a month.
        average_pension: The average basic pension that the document names, a month.
    """

    contribution_base: str = ""
    average_pension: str = ""
    is_flexible: bool = False


@dataclass(frozen=True, slots=True)
class CreditYear:
    """What a year's credits look like with what is typed.

    Attributes:
        formulas: The amount a month with its formula and article, one for each way in which the year is credited.
        total: The year's sum in words, empty while a base is missing.
        problems: By field, ``contribution_base`` or ``average_pension``.
    """

    formulas: tuple[str, ...]
    rows: tuple[CreditRow, ...]
    total: str
    problems: dict[str, str]


class AccountCreditSheet:
    """One person's credits of a year.

    Args:
        policy: Of the person's own area.
        today: The office's day: later months are shown as expected.
    """

    def __init__(self, policy: Policy, entitlement: Entitlement, year: int, today: date) -> None:
        self._policy = policy
        self._entitlement = entitlement
        self._year = year
        self._today = today

    @property
    def is_offered(self) -> bool:
        """Whether any document of the year credits this person; residents have no account."""
        return any(terms.credit is not None for terms in self._terms(is_flexible=False))

    @property
    def offers_flexible(self) -> bool:
        """Whether a document of the year credits the flexibly employed by a share of their own."""
        named = (terms.credit for terms in self._terms(is_flexible=True))
        return any(credit is not None and credit.who == FLEXIBLE for credit in named)

    @property
    def needs_contribution_base(self) -> bool:
        """Whether some month is credited by the person's own base."""
        return any(terms.credit and not terms.is_of_pension for terms in self._terms(is_flexible=False))

    @property
    def needs_average_pension(self) -> bool:
        """Whether some month is credited by an average pension."""
        return any(terms.credit and terms.is_of_pension for terms in self._terms(is_flexible=False))

    def credits(self, typed: TypedBases) -> CreditYear:
        """The year as it is credited with what is typed; what cannot be read is said and not used."""
        problems: dict[str, str] = {}
        bases = {
            False: _base_fen(typed.contribution_base, "contribution_base", problems),
            True: _base_fen(typed.average_pension, "average_pension", problems),
        }
        terms = self._terms(is_flexible=typed.is_flexible)
        rows = tuple(self._row(each, bases[each.is_of_pension]) for each in terms)
        credited = (each for each in terms if each.is_credited)
        formulas = tuple(dict.fromkeys(_formula(each, bases[each.is_of_pension]) for each in credited))
        return CreditYear(formulas, rows, self._total(terms, bases), problems)

    def _terms(self, *, is_flexible: bool) -> tuple[MonthTerms, ...]:
        return year_terms(self._policy, self._entitlement, self._year, is_flexible=is_flexible)

    def _row(self, terms: MonthTerms, base_fen: int | None) -> CreditRow:
        month = f"{terms.month:%Y-%m}"
        if terms.credit is None or not terms.covered_days:
            note = _(_NOT_CREDITED) if terms.credit is None else _(_NOT_COVERED)
            return CreditRow(month, _(terms.status.term), "—", "—", "", note)
        amount = terms.credit.base if base_fen is None else format_yuan(base_fen, separators=True)
        working = filled(_(_IN_MONTH), {"amount": amount, "share": percent(terms.credit.share_bp)})
        credit = "—" if base_fen is None else format_yuan(terms.credit_fen(base_fen), separators=True)
        notes = []
        if terms.month > self._today:
            notes.append(_(_TO_COME))
        if terms.covered_days < terms.days:
            notes.append(filled(_(_PARTLY_COVERED), {"covered": terms.covered_days}))
        return CreditRow(month, _(terms.status.term), working, credit, str(terms.credit.source), clauses(notes))

    def _total(self, terms: tuple[MonthTerms, ...], bases: dict[bool, int | None]) -> str:
        """The sum, only when it is one: with a base missing there is none."""
        whole_fen = so_far_fen = 0
        for each in terms:
            if not each.is_credited:
                continue
            base_fen = bases[each.is_of_pension]
            if base_fen is None:
                return ""
            whole_fen += each.credit_fen(base_fen)
            if each.month <= self._today:
                so_far_fen += each.credit_fen(base_fen)
        details = {"year": self._year, "month": self._today.month, "so_far_fen": so_far_fen, "whole_fen": whole_fen}
        return filled(_(_TOTALS if self._year == self._today.year else _WHOLE_YEAR), details)


def _formula(terms: MonthTerms, base_fen: int | None) -> str:
    assert terms.credit is not None, "only months that are credited have a formula"
    details: dict[str, object] = {
        "who": _(terms.credit.who),
        "base": terms.credit.base,
        "share": percent(terms.credit.share_bp),
        "source": terms.credit.source,
    }
    if base_fen is None:
        return filled(_(_FORMULA), details)
    details["amount"] = format_yuan(base_fen, separators=True)
    details["credit"] = format_yuan(terms.credit_fen(base_fen), separators=True)
    return filled(_(_A_MONTH), details)


def _base_fen(text: str, field: str, problems: dict[str, str]) -> int | None:
    """The amount of a field in fen, None while it is empty or wrong."""
    if not text.strip():
        return None
    try:
        base_fen = parse_amount(text)
        if base_fen < 0:
            raise ClerkError("credit_base_negative")
    except ClerkError as error:
        problems[field] = sentence(error)
        return None
    return base_fen
