"""A person's year in words: what is used and left of deductibles and caps, and which voucher used what.

Imported after the first paint: SQLAlchemy comes in with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from clerk_app.codes import Benefit, Tier
from clerk_app.counter.account_credit_card import AccountCreditSheet
from clerk_app.counter.desk import Desk
from clerk_app.ledger.records import SettlementKind
from clerk_app.ledger.year_card import DeductibleLine, VoucherUse, YearCard
from clerk_app.money import format_yuan
from clerk_app.policy.version import DeductibleBasis
from clerk_app.wording import N_, _, clauses, filled, listed

_TITLE = N_("{name}　{year} 年度待遇使用情况（{area}，截至 {on}）")
_NO_DOCUMENT = N_("{on} 没有施行中的政策文件，没有起付标准和限额可列。")
_NOT_SET = N_("统筹区参数尚未设置：{parameters}。这些待遇的标准和限额无法列出。")
_BASIS = N_("数值依据 {document}，按 {on} 的人员类别。")
_DEDUCTIBLE = N_("{benefits}起付线")
_CAP = N_("{benefits}限额")
_DISEASE_CAP = N_("{benefits}·{disease} 病种限额")
_BY_TIER = N_("{tier} {standard}")
_EACH_VISIT = N_("每次就诊重新计算")
_KINDS = {
    SettlementKind.SETTLEMENT: N_("结算"),
    SettlementKind.REFUSAL: N_("不予支付"),
    SettlementKind.REVERSAL: N_("冲正"),
    SettlementKind.CORRECTION: N_("更正"),
}
_IS_REVERSED = N_("已由 {reversal} 冲正")
_IS_CORRECTED = N_("已由 {corrections} 更正差额")
_OF_ORIGINAL = N_("原单 {original}")
_PRIOR = N_("{benefit}：平台已扣起付线 {deductible_fen}、已支付 {fund_fen}（查询日期 {as_of}）")


class AmountRow(NamedTuple):
    """One deductible or cap: what it is, how much, used by settlements and on the platform, and left."""

    what: str
    standard: str
    settled: str
    on_platform: str
    left: str
    article: str


class UseRow(NamedTuple):
    """One record and what it used of one pool, or gave back."""

    voucher_number: str
    day: str
    kind: str
    pool: str
    deductible: str
    fund: str
    note: str


class YearCardSheet:
    """One person's card, year by year."""

    def __init__(self, desk: Desk, person_id: int) -> None:
        self.desk = desk
        self.person_id = person_id

    def card(self, year: int, area_code: str = "") -> YearCard:
        """The card of a year, under the person's own area unless another is named.

        Raises:
            ClerkError: ``person_unknown``, ``area_unknown``.
        """
        area_code = area_code or self.desk.ledger.person(self.person_id).area_code
        return self.desk.ledger.year_card(self.person_id, year, self.desk.policy(area_code))

    def year(self, year: int) -> tuple[YearCard, AccountCreditSheet | None]:
        """The card of a year under the person's own area, and what is credited to the account in it.

        Raises:
            ClerkError: As ``card``.
        """
        card = self.card(year)
        return card, self.account_credits(card)

    def account_credits(self, card: YearCard) -> AccountCreditSheet | None:
        """What is credited to the person's account in the card's year; None where the documents credit nothing."""
        entitlement = card.record.entitlement
        sheet = AccountCreditSheet(self.desk.policy(card.record.area_code), entitlement, card.year, self.desk.today())
        return sheet if sheet.is_offered else None


def title_words(card: YearCard) -> str:
    """Whose card it is, of which year and day."""
    details = {"name": card.record.person.name, "year": card.year, "area": card.area_name, "on": card.on}
    return filled(_(_TITLE), details)


def note_words(card: YearCard) -> tuple[str, ...]:
    """What the figures rest on, and which are not known."""
    found = []
    if card.document:
        found.append(filled(_(_BASIS), {"document": card.document, "on": card.on}))
    else:
        found.append(filled(_(_NO_DOCUMENT), {"on": card.on}))
    if card.missing_parameters:
        found.append(filled(_(_NOT_SET), {"parameters": card.missing_parameters}))
    return tuple(found)


def amount_rows(card: YearCard) -> list[AmountRow]:
    """Every deductible, then every cap."""
    rows = [
        AmountRow(
            filled(_(_DEDUCTIBLE), {"benefits": _names(line.benefits)}),
            _by_tier((tier, standard_fen) for tier, standard_fen in line.standards_fen),
            _yuan(line.settled_fen),
            _yuan(line.prior_fen),
            _left(line),
            str(line.source),
        )
        for line in card.deductibles
    ]
    for line in card.caps:
        template = _DISEASE_CAP if line.disease else _CAP
        rows.append(
            AmountRow(
                filled(_(template), {"benefits": _names(line.benefits), "disease": line.disease}),
                _yuan(line.cap_fen),
                _yuan(line.settled_fen),
                _yuan(line.prior_fen),
                _yuan(line.left_fen),
                str(line.source),
            )
        )
    return rows


def use_rows(card: YearCard) -> list[UseRow]:
    """Which record used what, the oldest first."""
    return [
        UseRow(
            use.voucher_number,
            use.settled_at.date().isoformat(),
            _(_KINDS[use.kind]),
            _pool_words(use.pool),
            _yuan(use.deductible_fen),
            _yuan(use.fund_fen),
            clauses(_notes(use)),
        )
        for use in card.uses
    ]


def prior_words(card: YearCard) -> tuple[str, ...]:
    """What the platform showed, each with the day on which it was asked."""
    return tuple(
        filled(
            _(_PRIOR),
            {
                "benefit": _(prior.benefit.term),
                "deductible_fen": prior.deductible_fen,
                "fund_fen": prior.fund_fen,
                "as_of": prior.as_of,
            },
        )
        for prior in card.priors
    )


def _notes(use: VoucherUse) -> Iterator[str]:
    if use.original_number:
        yield filled(_(_OF_ORIGINAL), {"original": use.original_number})
    if use.corrected_by:
        yield filled(_(_IS_CORRECTED), {"corrections": use.corrected_by})
    if use.reversed_by:
        yield filled(_(_IS_REVERSED), {"reversal": use.reversed_by})


def _left(line: DeductibleLine) -> str:
    if line.basis is DeductibleBasis.PER_VISIT:
        return _(_EACH_VISIT)
    return _by_tier((tier, line.left_fen(standard_fen)) for tier, standard_fen in line.standards_fen)


def _by_tier(amounts: Iterable[tuple[Tier | None, int]]) -> str:
    return clauses(
        _yuan(fen) if tier is None else filled(_(_BY_TIER), {"tier": _(tier.term), "standard": _yuan(fen)})
        for tier, fen in amounts
    )


def _pool_words(pool: str) -> str:
    """A pool by the name of the benefit that it is called after, and the disease whose own it is."""
    name, slash, disease = pool.partition("/")
    term = next((_(benefit.term) for benefit in Benefit if benefit.value == name), name)
    return f"{term}{'·' if slash else ''}{disease}"


def _names(benefits: Iterable[Benefit]) -> str:
    return listed(_(benefit.term) for benefit in benefits)


def _yuan(fen: int) -> str:
    return format_yuan(fen, separators=True)
