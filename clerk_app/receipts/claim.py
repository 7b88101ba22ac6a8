"""Receipts and the claim that hands them in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from clerk_app.codes import Benefit, InstitutionKind, Material, Payer, Tier
from clerk_app.errors import ClerkError


@dataclass(frozen=True, slots=True)
class Institution:
    """医疗机构, as the receipt names it.

    Attributes:
        code: H or P, six area digits, five digits; a small clinic may have none.
        tier: None where the receipt does not tell and nobody looked it up.
        networked: It takes part in cross-province settlement (联网机构).
        designated: It is a designated institution (定点).
        area_code: Six digits of GB/T 2260, where the visit was; empty when it lies outside the person's area.
    """

    name: str
    code: str = ""
    tier: Tier | None = None
    kind: InstitutionKind = InstitutionKind.GENERAL
    networked: bool = False
    designated: bool = True
    area_code: str = ""

    @property
    def is_specialised(self) -> bool:
        """Whether it treats one field only."""
        return self.kind is InstitutionKind.SPECIALISED

    @property
    def is_pharmacy(self) -> bool:
        """Whether drugs were bought there; a national code of a pharmacy begins with P."""
        return self.kind is InstitutionKind.PHARMACY or self.code.startswith("P")

    @property
    def key(self) -> str:
        """What tells one institution from another: its code, or else its name."""
        return self.code or normalised(self.name)


class Fee(NamedTuple):
    """What a receipt has of one 费用类别; amounts in fen, named as those of the receipt.

    Attributes:
        category: Its code, med_chrgitm_type.
    """

    category: str
    total_fen: int
    self_funded_fen: int = 0
    over_limit_fen: int = 0
    paid_first_fen: int = 0

    @property
    def in_scope_fen(self) -> int:
        """政策范围内: the total less what the person bears first."""
        return self.total_fen - self.self_funded_fen - self.over_limit_fen - self.paid_first_fen


def _sums_fen(fees: Iterable[Fee]) -> tuple[int, ...]:
    amounts_fen = ((fee.total_fen, fee.self_funded_fen, fee.over_limit_fen, fee.paid_first_fen) for fee in fees)
    return tuple(map(sum, zip(*amounts_fen, strict=True)))


@dataclass(frozen=True, slots=True)
class Receipt:
    """票据: one paper receipt of one visit; amounts in fen.

    Attributes:
        visited_at: None when the paper shows the day alone.
        total_fen: 医疗费总额 medfee_sumamt.
        self_funded_fen: 全自费 fulamt_ownpay_amt.
        over_limit_fen: 超限价自费 overlmt_selfpay.
        paid_first_fen: 先行自付 preselfpay_amt.
        visit_label: Receipts of one visit carry the same label; without one each receipt is a visit of its own.
        printed_fund_fen: A payment of the fund that the paper already shows.
        settled_by_network: Worked examples only: compute it as the network would have.
        exclusion: Code of the area's exclusion list, empty for none.
        fees: By 费用类别, when entered by category; they add up to the total and to each part of it.
        in_scope_fen: Worked out: total less the three parts the person bears first.
        moment: Worked out: sorts receipts; a day without time counts from midnight.
        bill_key: Worked out: what makes a duplicate, code and number without widths and spaces.
        visited_area: Worked out: six area digits of the visit, empty when unknown.
        is_routine: Worked out: nothing on the paper itself can be refused or need review, whatever the area.
    """

    number: str
    visited_on: date
    institution: Institution
    total_fen: int
    bill_code: str = ""
    visited_at: time | None = None
    benefit: Benefit = Benefit.ORDINARY
    disease: str = ""
    diagnosis: str = ""
    self_funded_fen: int = 0
    over_limit_fen: int = 0
    paid_first_fen: int = 0
    visit_label: str = ""
    printed_fund_fen: int = 0
    settled_by_network: bool = False
    exclusion: str = ""
    dual_channel: bool = False
    fees: tuple[Fee, ...] = ()
    in_scope_fen: int = field(init=False)
    moment: datetime = field(init=False)
    bill_key: str = field(init=False)
    visited_area: str = field(init=False)
    is_routine: bool = field(init=False)

    def __post_init__(self) -> None:
        if not self.number.strip():
            raise ClerkError("receipt_without_number")
        amounts = (self.total_fen, self.self_funded_fen, self.over_limit_fen, self.paid_first_fen)
        if min(*amounts, self.printed_fund_fen) < 0:
            raise ClerkError("amount_negative", number=self.number)
        in_scope_fen = self.total_fen - self.self_funded_fen - self.over_limit_fen - self.paid_first_fen
        if in_scope_fen < 0:
            raise ClerkError("breakdown_exceeds_total", number=self.number, excess_fen=-in_scope_fen)
        if self.fees and _sums_fen(self.fees) != amounts:
            raise ClerkError("fees_not_total", number=self.number)
        set_once = object.__setattr__
        set_once(self, "in_scope_fen", in_scope_fen)
        set_once(self, "moment", datetime.combine(self.visited_on, self.visited_at or time.min))
        set_once(self, "bill_key", f"{normalised(self.bill_code)}/{normalised(self.number)}")
        set_once(self, "visited_area", self.institution.area_code or self.institution.code[1:7])
        set_once(self, "is_routine", self._is_routine())

    def _is_routine(self) -> bool:
        return (
            self.benefit is Benefit.ORDINARY
            and self.institution.tier is not None
            and not self.institution.is_pharmacy
            and self.institution.designated
            and not self.disease
            and not self.exclusion
            and not self.dual_channel
            and not self.printed_fund_fen
            and not self.settled_by_network
        )


@dataclass(frozen=True, slots=True)
class AccountOffer:
    """A personal account that may pay what the person bears."""

    balance_fen: int
    payer: Payer = Payer.SELF


@dataclass(frozen=True, slots=True)
class Claim:
    """结算申请: receipts handed in together by one person.

    Attributes:
        receipts: In the order of entry.
        materials: What was handed in; None where papers are not in question, as in an example that leaves it out.
        handed_in_on: 日期, the day of acceptance.
        by_visit: Worked out: indexes of the receipts by visit time and then by entry, the order of settlement.
        is_in_visit_order: Worked out: the order of entry is that order.
    """

    receipts: tuple[Receipt, ...]
    handed_in_on: date | None = None
    materials: frozenset[Material] | None = None
    account: AccountOffer | None = None
    by_visit: tuple[int, ...] = field(init=False)
    is_in_visit_order: bool = field(init=False)

    def __post_init__(self) -> None:
        if not self.receipts:
            raise ClerkError("claim_without_receipts")
        order = tuple(sorted(range(len(self.receipts)), key=lambda index: self.receipts[index].moment))
        object.__setattr__(self, "by_visit", order)
        object.__setattr__(self, "is_in_visit_order", order == tuple(range(len(order))))


def normalised(text: str) -> str:
    """Text as it is compared: full-width forms and spaces put right, capital letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
